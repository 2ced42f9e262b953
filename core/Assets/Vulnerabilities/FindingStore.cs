using System.Globalization;
using System.Runtime.CompilerServices;
using Maintenance.Storage;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>
/// Findings and the rows by which they are found. A finding and its rows lie in one partition and are written together, so that no row ever says what its finding does not.
/// </summary>
public sealed class FindingStore(IRecordStore records)
{
    /// <summary>The partition.</summary>
    internal const string Partition = "findings";

    private const string Heads = "v_";
    private const string Due = "due_";
    private const string Until = "until_";
    private const string Waits = "wait_";
    private const string Past = "fixed_";

    /// <summary>A finding, or null.</summary>
    public async Task<Versioned<Finding>?> FindAsync(string id, CancellationToken cancellation) =>
        IsId(id) ? await records.FindAsync<Finding>(Tables.Assets, Partition, HeadOf(id), cancellation) : null;

    /// <summary>Every finding that is remembered, the oldest first.</summary>
    public IAsyncEnumerable<Versioned<Finding>> ListAsync(CancellationToken cancellation) => records.ListAsync<Finding>(Tables.Assets, Partition, RowRange.Prefix(Heads), cancellation);

    /// <summary>Those that are open and not waived, the one that is due first in front; those that are never due come last.</summary>
    public IAsyncEnumerable<Finding> ListOwedAsync(CancellationToken cancellation) => ByAsync(RowRange.Prefix(Due), cancellation);

    /// <summary>Those that were to be gone before an instant.</summary>
    public IAsyncEnumerable<Finding> ListOverdueAsync(DateTimeOffset now, CancellationToken cancellation) => ByAsync(RowRange.Prefix(Due) with { To = Due + RecordKeys.Instant(now.AddMilliseconds(1)) }, cancellation);

    /// <summary>Those that are accepted, the one whose waiver expires first in front.</summary>
    public IAsyncEnumerable<Finding> ListWaivedAsync(CancellationToken cancellation) => ByAsync(RowRange.Prefix(Until), cancellation);

    /// <summary>Those whose waiver waits for approvals.</summary>
    public IAsyncEnumerable<Finding> ListWaitingAsync(CancellationToken cancellation) => ByAsync(RowRange.Prefix(Waits), cancellation);

    /// <summary>Those that are gone, the latest first.</summary>
    public IAsyncEnumerable<Finding> ListFixedAsync(CancellationToken cancellation) => ByAsync(RowRange.Prefix(Past), cancellation);

    /// <summary>Stores a new finding.</summary>
    /// <exception cref="RecordConflictException">It is there.</exception>
    public Task AddAsync(Finding finding, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return records.WriteAsync(
            Tables.Assets, Partition, [RecordWrite.Insert(HeadOf(finding.Id), MaintenanceJson.Write(finding)), .. RowsOf(finding).Select(row => RecordWrite.Put(row, Pointer(finding)))], cancellation);
    }

    /// <summary>Replaces a finding that is still as it was read.</summary>
    /// <exception cref="RecordConflictException">It was changed since.</exception>
    public Task ReplaceAsync(Versioned<Finding> before, Finding after, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var rows = RowsOf(after);
        return records.WriteAsync(
            Tables.Assets,
            Partition,
            [
                RecordWrite.Replace(HeadOf(after.Id), MaintenanceJson.Write(after), before.ETag),
                .. RowsOf(before.Value).Where(row => !rows.Contains(row)).Select(static row => RecordWrite.Delete(row)),
                .. rows.Select(row => RecordWrite.Put(row, Pointer(after))),
            ],
            cancellation);
    }

    /// <summary>Changes a finding by a rule, again as long as others write in between.</summary>
    /// <param name="id">The finding.</param>
    /// <param name="change">The rule; null leaves it as it is.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The finding afterwards; null where there is none.</returns>
    public async Task<Finding?> ChangeAsync(string id, Func<Finding, Finding?> change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(id, cancellation) is not { } before || change(before.Value) is not { } after)
            {
                return (await FindAsync(id, cancellation))?.Value;
            }

            try
            {
                await ReplaceAsync(before, after, cancellation);
                return after;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                // Somebody votes while a review writes: the rule is asked again with what there is now.
            }
        }
    }

    /// <summary>True for what an id looks like.</summary>
    public static bool IsId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 2 and <= 12 && id.StartsWith("V-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0 && int.TryParse(id.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private async IAsyncEnumerable<Finding> ByAsync(RowRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.ListAsync<Row>(Tables.Assets, Partition, range, cancellation))
        {
            if (await FindAsync(row.Value.Finding, cancellation) is { } found)
            {
                yield return found.Value;
            }
        }
    }

    private static List<string> RowsOf(Finding finding)
    {
        var rows = new List<string>();
        if (finding.State == FindingState.Fixed)
        {
            rows.Add($"{Past}{(DateTimeOffset.MaxValue.Ticks - (finding.FixedAt ?? finding.KnownAt).UtcTicks).ToString("D19", CultureInfo.InvariantCulture)}_{finding.Id}");
            return rows;
        }

        rows.Add(finding.Waiver is { State: WaiverState.Granted } granted
            ? $"{Until}{RecordKeys.Instant(granted.Until)}_{finding.Id}"
            : $"{Due}{RecordKeys.Instant(finding.DueAt ?? DateTimeOffset.MaxValue)}_{finding.Id}");
        if (finding.Waiver is { State: WaiverState.Asked })
        {
            rows.Add(Waits + finding.Id);
        }

        return rows;
    }

    private static string HeadOf(string id) => $"{Heads}{int.Parse(id.AsSpan(2), CultureInfo.InvariantCulture).ToString("D10", CultureInfo.InvariantCulture)}";

    private static string Pointer(Finding finding) => MaintenanceJson.Write(new Row(finding.Id));

    private sealed record Row(string Finding);
}
