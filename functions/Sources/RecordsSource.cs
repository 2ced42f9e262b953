using System.Buffers;
using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Storage;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Sources;

/// <summary>
/// The system's own records: a file of lines for each of its tables, as <see cref="TableRow"/> writes them, so that <see cref="TableTarget"/> restores each.
/// <para>
/// Azure reads no two tables at one instant. Read one after the other while the system works, they could be torn apart as no crash ever leaves them: a ticket
/// whose number the number series, read earlier, has yet to give. So all tables are read into temporary files, and then compared with the service again and
/// again, a table that differs being read anew, until one pass over all of them finds no row added, changed or removed since it was read. Then all that was read
/// was there together, at the moment when that pass began. (What came and went within that time alone would go unseen; it is in no other row either.) The signs of
/// life change every minute and nothing refers to them: they are read once. Where the tables do not come to rest, that is a problem, and the snapshot is not proven.
/// </para>
/// </summary>
/// <param name="service">The account; its client is shared.</param>
/// <param name="scratch">A folder for the temporary files, which are gone when the source is disposed of.</param>
public sealed class RecordsSource(TableServiceClient service, string scratch) : ISnapshotSource
{
    /// <summary>How often the tables are compared before they are taken as restless.</summary>
    public const int MostPasses = 5;

    private const string Role = "Storage Table Data Reader";
    private const string Extension = ".jsonl";

    // Every table that the system has, whoever adds one.
    private static readonly string[] Names =
    [
        .. typeof(Tables).GetFields(BindingFlags.Public | BindingFlags.Static).Where(static field => field.IsLiteral && field.FieldType == typeof(string))
            .Select(static field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
    ];

    private readonly Dictionary<string, Copy> _copies = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Description => $"records of {service.Uri}";

    /// <inheritdoc/>
    public TreeEntry? Root => null;

    /// <inheritdoc/>
    public IComparer<string> Order => SourceOrder.ByName;

    /// <inheritdoc/>
    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(findings);
        foreach (var name in Names)
        {
            await CopyAsync(name, cancellation);
        }

        for (var pass = 1; await DifferingAsync(cancellation) is { Count: > 0 } differing; pass++)
        {
            if (pass == MostPasses)
            {
                foreach (var name in differing)
                {
                    findings.Problem(name + Extension, $"it changed each of {MostPasses} times that it was read; its rows may be of another moment than those of other tables.");
                }

                break;
            }

            foreach (var name in differing)
            {
                await CopyAsync(name, cancellation);
            }
        }

        foreach (var name in Names.Where(_copies.ContainsKey))
        {
            yield return _copies[name].Entry;
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Path.EndsWith(Extension, StringComparison.Ordinal) && _copies.TryGetValue(entry.Path[..^Extension.Length], out var copy)
            ? ValueTask.FromResult<Stream>(new FileStream(copy.File.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true))
            : throw new FileNotFoundException($"{entry.Path}: there is no such table.");
    }

    /// <summary>The entry itself: what is read is a copy that does not change.</summary>
    public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<TreeEntry?>(entry);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var copy in _copies.Values)
        {
            await copy.File.DisposeAsync();
        }

        _copies.Clear();
    }

    /// <summary>Reads a table into a temporary file, in place of an earlier one.</summary>
    private async Task CopyAsync(string name, CancellationToken cancellation)
    {
        if (_copies.Remove(name, out var old))
        {
            await old.File.DisposeAsync();
        }

        var file = TemporaryFile();
        try
        {
            using var state = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var lines = new ArrayBufferWriter<byte>(64 * 1024);
            DateTimeOffset? newest = null;
            await foreach (var row in Rows(name, select: null, cancellation))
            {
                Add(state, row);
                newest = newest is { } known && known > row.Timestamp ? known : row.Timestamp;
                TableRow.Write(lines, row);
                if (lines.WrittenCount >= 64 * 1024)
                {
                    await file.WriteAsync(lines.WrittenMemory, cancellation);
                    lines.ResetWrittenCount();
                }
            }

            await file.WriteAsync(lines.WrittenMemory, cancellation);
            await file.FlushAsync(cancellation);
            var hash = state.GetHashAndReset();
            _copies[name] = new Copy(file, hash, new TreeEntry
            {
                Path = name + Extension,
                Kind = TreeEntryKind.File,
                Length = file.Length,
                Modified = newest is { } at ? (at - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick : null,
                ChangeMark = BinaryPrimitives.ReadUInt64LittleEndian(hash),
            });
        }
        catch (Exception error)
        {
            await file.DisposeAsync();
            if (error is not DirectoryNotFoundException)
            {
                throw;
            }

            // A table is made when it is first written to: there is none yet.
        }
    }

    /// <summary>The tables whose rows are not those of their copies any more.</summary>
    private async Task<List<string>> DifferingAsync(CancellationToken cancellation)
    {
        var differing = new List<string>();
        foreach (var name in Names.Where(static name => name != Tables.Heartbeats))
        {
            byte[]? now = null;
            try
            {
                using var state = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                await foreach (var row in Rows(name, ["PartitionKey", "RowKey", "Timestamp"], cancellation))
                {
                    Add(state, row);
                }

                now = state.GetHashAndReset();
            }
            catch (DirectoryNotFoundException)
            {
                // There is no such table, as when it was copied, or it is gone since.
            }

            if (!(now ?? []).AsSpan().SequenceEqual(_copies.GetValueOrDefault(name)?.State ?? []))
            {
                differing.Add(name);
            }
        }

        return differing;
    }

    // The service gives a row a new time stamp with every write; its ETag is made of it.
    private static void Add(IncrementalHash state, TableEntity row) =>
        state.AppendData(Encoding.UTF8.GetBytes($"{row.PartitionKey}\0{row.RowKey}\0{row.Timestamp?.UtcTicks}\0"));

    private IAsyncEnumerable<TableEntity> Rows(string name, IEnumerable<string>? select, CancellationToken cancellation) => ServiceFaults.Telling(
        service.GetTableClient(name).QueryAsync<TableEntity>(filter: (string?)null, maxPerPage: null, select!, cancellation),
        fault => ServiceFaults.ToldOfSource(fault, $"table {name} of {service.Uri}", Role),
        cancellation);

    private FileStream TemporaryFile()
    {
        Directory.CreateDirectory(scratch);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            // The records are nobody else's on the machine.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Join(scratch, $"records-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.jsonl"), options);
    }

    private sealed record Copy(FileStream File, byte[] State, TreeEntry Entry);
}
