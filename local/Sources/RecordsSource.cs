using System.Runtime.CompilerServices;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Local.Hosting;
using Microsoft.Data.Sqlite;

namespace Maintenance.Local.Sources;

/// <summary>
/// The system's own records, queues and workflow journal at one instant, while it runs: every write that was acknowledged before the scan began is in it. The
/// files are <c>maintenance.db</c>, which opens as a data folder's database, and <c>tracking.key</c>, without which the public's tracking codes find nothing. The
/// operator's token is not copied (a new one is made), nor is the repository's passphrase, which must not lie in what it protects.
/// </summary>
/// <param name="folder">The data folder. The copy lies in its scratch while it is read, so there must be room for it.</param>
public sealed class RecordsSource(DataFolder folder) : ISnapshotSource
{
    private const string Database = "maintenance.db";
    private const string TrackingKey = "tracking.key";
    private const string CopyPrefix = "records-";

    /// <summary>Read and written by the owner alone.</summary>
    private const int PrivateMode = 0b110_000_000;

    private string? _copy;

    private static string OwnPrefix => $"{CopyPrefix}{Environment.ProcessId}-";

    /// <inheritdoc/>
    public string Description => "records of this system";

    /// <inheritdoc/>
    public TreeEntry? Root => null;

    /// <inheritdoc/>
    public IComparer<string> Order => SourceOrder.ByFolder;

    /// <inheritdoc/>
    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(findings);
        RemoveLeftOver();
        _copy = MakeCopyFolder();
        var copy = Path.Join(_copy, Database);

        // SQLite copies on the thread that asks it to.
        await Task.Run(() => Copy(copy), cancellation);
        cancellation.ThrowIfCancellationRequested();
        yield return new TreeEntry { Path = Database, Kind = TreeEntryKind.File, Length = new FileInfo(copy).Length, Mode = PrivateMode };

        if (new FileInfo(folder.TrackingKeyFile) is { Exists: true } key)
        {
            yield return new TreeEntry { Path = TrackingKey, Kind = TreeEntryKind.File, Length = key.Length, Mode = PrivateMode };
        }
        else
        {
            findings.Note(TrackingKey, "there is none yet: no tracking code was ever given out");
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var path = entry.Path switch
        {
            Database when _copy is not null => Path.Join(_copy, Database),
            TrackingKey => folder.TrackingKeyFile,
            _ => throw new FileNotFoundException($"'{entry.Path}' is no file of this copy."),
        };
        return ValueTask.FromResult<Stream>(new FileStream(path, new FileStreamOptions { BufferSize = 0, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan }));
    }

    /// <inheritdoc/>
    public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<TreeEntry?>(entry);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_copy is not null)
        {
            Directory.Delete(_copy, recursive: true);
            _copy = null;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Copies page by page inside one read transaction, which neither waits for the writer nor holds it up. (<c>VACUUM INTO</c> would move every page: pages that
    /// stay as they are cost the next snapshot nothing.)
    /// </summary>
    private void Copy(string copy)
    {
        try
        {
            // Not read-only: the first to open the file after a crash has to bring its log in order.
            using var from = Connect(folder.Database, SqliteOpenMode.ReadWrite);
            using var to = Connect(copy, SqliteOpenMode.ReadWriteCreate);
            from.BackupDatabase(to);

            // One file, without a log beside it.
            Ask(to, "PRAGMA journal_mode = DELETE");
            if (Ask(to, "PRAGMA integrity_check") is not "ok" and var damage)
            {
                throw new IOException($"The records are damaged, so no copy was made of them: {damage}");
            }
        }
        catch (SqliteException error)
        {
            throw new IOException($"The records cannot be copied: {error.Message}", error);
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }

    private static string Ask(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        return Convert.ToString(command.ExecuteScalar()) ?? "";
    }

    private string MakeCopyFolder()
    {
        var path = Path.Join(folder.Scratch, OwnPrefix + Guid.NewGuid().ToString("N"));
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path).FullName
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    /// <summary>A process that was killed left its copy behind. One process at a time has the data folder, so whatever is not ours is nobody's.</summary>
    private void RemoveLeftOver()
    {
        if (!Directory.Exists(folder.Scratch))
        {
            return;
        }

        foreach (var left in Directory.GetDirectories(folder.Scratch, CopyPrefix + "*").Where(static left => !Path.GetFileName(left).StartsWith(OwnPrefix, StringComparison.Ordinal)))
        {
            Directory.Delete(left, recursive: true);
        }
    }
}
