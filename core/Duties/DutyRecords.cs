using System.Runtime.CompilerServices;
using Maintenance.Storage;

namespace Maintenance.Duties;

/// <summary>
/// Duties at rest. The index rows of an occurrence are written before it, and the row among the open ones is removed after it is closed and its ticket knows: so a crash
/// in between leaves at worst a row at which there is nothing to do, never an occurrence that nobody watches.
/// </summary>
internal sealed class DutyRecords(IRecordStore records)
{
    private const string Progresses = "_progress";
    private const string Open = "_open";
    private const string Row = "at_";

    /// <summary>How far each duty is, by its id: those of the plan and those that were in it.</summary>
    public async Task<Dictionary<string, Versioned<DutyProgress>>> ProgressAsync(CancellationToken cancellation)
    {
        var all = new Dictionary<string, Versioned<DutyProgress>>(StringComparer.Ordinal);
        await foreach (var one in records.ListAsync<DutyProgress>(Tables.Duties, Progresses, RowRange.All, cancellation))
        {
            all[one.Value.Duty.Id] = one;
        }

        return all;
    }

    /// <summary>Notes how far a duty is.</summary>
    /// <exception cref="RecordConflictException">Another host has noted it meanwhile.</exception>
    public Task NoteAsync(DutyProgress progress, string? eTag, CancellationToken cancellation)
    {
        var json = MaintenanceJson.Write(progress);
        return records.WriteAsync(Tables.Duties, Progresses, eTag is null ? RecordWrite.Insert(progress.Duty.Id, json) : RecordWrite.Replace(progress.Duty.Id, json, eTag), cancellation);
    }

    public Task<Versioned<DutyOccurrence>?> FindAsync(string duty, string key, CancellationToken cancellation) =>
        records.FindAsync<DutyOccurrence>(Tables.Duties, duty, RowOf(key), cancellation);

    /// <summary>Adds an occurrence unless it is there.</summary>
    public async Task AddAsync(DutyOccurrence occurrence, string month, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await FindAsync(occurrence.Terms.Id, occurrence.Key, cancellation) is null)
        {
            var fact = DutyFact.Of(occurrence, now);
            await WatchAsync(fact, cancellation);
            await CountAsync(fact, month, cancellation);
            _ = await records.TryInsertAsync(Tables.Duties, occurrence.Terms.Id, RowOf(occurrence.Key), occurrence, cancellation);
        }
    }

    /// <summary>Replaces an occurrence.</summary>
    /// <exception cref="RecordConflictException">It was changed meanwhile.</exception>
    public async Task<Versioned<DutyOccurrence>> ReplaceAsync(DutyOccurrence occurrence, string eTag, CancellationToken cancellation) =>
        new(occurrence, await records.WriteAsync(Tables.Duties, occurrence.Terms.Id, RecordWrite.Replace(RowOf(occurrence.Key), MaintenanceJson.Write(occurrence), eTag), cancellation));

    /// <summary>Occurrences of a duty, the latest first.</summary>
    /// <param name="duty">The id of the duty.</param>
    /// <param name="before">Those before this one; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<DutyOccurrence> ListAsync(string duty, string? before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A space comes before every character of a key, so this is the first row past the named one.
        var range = before is null ? RowRange.Prefix(Row) : RowRange.Prefix(Row) with { From = RowOf(before) + " " };
        await foreach (var one in records.ListAsync<DutyOccurrence>(Tables.Duties, duty, range, cancellation))
        {
            yield return one.Value;
        }
    }

    /// <summary>What is owed, and what was closed and is not yet put away.</summary>
    public IAsyncEnumerable<DutyFact> WatchedAsync(CancellationToken cancellation) =>
        records.ListAsync<DutyFact>(Tables.Duties, Open, RowRange.All, cancellation).Select(static row => row.Value);

    /// <summary>What was due in a month.</summary>
    public IAsyncEnumerable<DutyFact> MonthAsync(string month, CancellationToken cancellation) =>
        records.ListAsync<DutyFact>(Tables.Duties, Month(month), RowRange.All, cancellation).Select(static row => row.Value);

    public Task WatchAsync(DutyFact fact, CancellationToken cancellation) =>
        records.WriteAsync(Tables.Duties, Open, RecordWrite.Put(IndexRow(fact), MaintenanceJson.Write(fact)), cancellation);

    public Task CountAsync(DutyFact fact, string month, CancellationToken cancellation) =>
        records.WriteAsync(Tables.Duties, Month(month), RecordWrite.Put(IndexRow(fact), MaintenanceJson.Write(fact)), cancellation);

    public Task ForgetAsync(DutyFact fact, CancellationToken cancellation) => records.WriteAsync(Tables.Duties, Open, RecordWrite.Delete(IndexRow(fact)), cancellation);

    private static string IndexRow(DutyFact fact) => $"{fact.Duty}_{fact.Key}";

    private static string Month(string month) => "_month_" + month;

    /// <summary>With each digit counted down from nine the latest comes first.</summary>
    private static string RowOf(string key) => Row + string.Concat(key.Select(static letter => char.IsAsciiDigit(letter) ? (char)('9' - (letter - '0')) : letter));
}
