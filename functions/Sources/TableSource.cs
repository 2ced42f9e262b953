using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Sources;

/// <summary>
/// The rows of an Azure table as one file of lines (see <see cref="TableRow"/>), by partition key and row key. Each row is read as one state of it; the service
/// has no instant at which a whole table could be read, and a note in the snapshot says so.
/// </summary>
/// <param name="table">The table; its client is shared.</param>
public sealed class TableSource(TableClient table) : ISnapshotSource
{
    /// <summary>The path of the one file.</summary>
    public const string Path = "rows.jsonl";

    private const string Role = "Storage Table Data Reader";

    /// <inheritdoc/>
    public string Description => $"table {table.Uri}";

    /// <inheritdoc/>
    public TreeEntry? Root => null;

    /// <inheritdoc/>
    public IComparer<string> Order => SourceOrder.ByName;

    /// <inheritdoc/>
    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(findings);

        // Says at once where there is no such table: later it would be one file that cannot be read.
        await foreach (var _ in Rows(maxPerPage: 1, cancellation))
        {
            break;
        }

        findings.Note(Path, "Azure Tables cannot be read at one instant: of rows that were written meanwhile, some may be as before and some as after.");
        yield return new TreeEntry { Path = Path, Kind = TreeEntryKind.File, Length = -1 };
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return ValueTask.FromResult<Stream>(new TableRowStream(Rows(maxPerPage: null, cancellation), cancellation));
    }

    /// <summary>The entry itself: what there is to say of a table that changes, the note says.</summary>
    public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<TreeEntry?>(entry);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Without a filter the service gives every row, by partition key and row key.
    private IAsyncEnumerable<TableEntity> Rows(int? maxPerPage, CancellationToken cancellation) => ServiceFaults.Telling(
        table.QueryAsync<TableEntity>(filter: (string?)null, maxPerPage, select: null, cancellation), fault => ServiceFaults.ToldOfSource(fault, Description, Role), cancellation);
}
