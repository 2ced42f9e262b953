using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Maintenance.Storage;

namespace Maintenance.Evidence;

/// <summary>
/// Keeps who did what over HTTP. An act is written down before it is done, and with its outcome afterwards: what cannot be written down is not done, and what was cut off
/// in between is there as begun. Nothing is ever deleted; the backups of the records take it along.
/// </summary>
public sealed class AuditLog(IRecordStore records, TimeProvider time)
{
    /// <summary>A longer path or name is cut.</summary>
    public const int MostText = 300;

    private const int MonthsBack = 120;

    /// <summary>Writes down an act that is about to be done.</summary>
    /// <param name="by">The id of the person, or <see cref="AuditEntry.Nobody"/>.</param>
    /// <param name="name">How they are called; null for nobody.</param>
    /// <param name="act">Which act.</param>
    /// <param name="path">On what.</param>
    /// <param name="from">From which network address.</param>
    /// <param name="cancellation">Gives up; then the act must not be done.</param>
    public async Task<AuditEntry> BeginAsync(string by, string? name, string act, string path, string from, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var entry = new AuditEntry(IdOf(now), now, Cut(by), name is null ? null : Cut(name), act, Cut(path), from, AuditOutcome.Begun, null);
        _ = await records.WriteAsync(Tables.Audit, MonthOf(now), RecordWrite.Insert(entry.Id, MaintenanceJson.Write(entry)), cancellation);
        return entry;
    }

    /// <summary>Writes down what came of it.</summary>
    /// <param name="entry">As it was begun, or with who it turned out to be.</param>
    /// <param name="status">The HTTP status.</param>
    public async Task EndAsync(AuditEntry entry, int status)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var ended = entry with { Status = status, Outcome = AuditEntry.OutcomeOf(status) };

        // Not given up with the request: whoever closes the browser has acted all the same.
        _ = await records.WriteAsync(Tables.Audit, MonthOf(entry.At), RecordWrite.Put(entry.Id, MaintenanceJson.Write(ended)), CancellationToken.None);
    }

    /// <summary>An entry by its id; null where there is none.</summary>
    public async Task<AuditEntry?> FindAsync(string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        return InstantOf(id) is { } at ? (await records.FindAsync<AuditEntry>(Tables.Audit, MonthOf(at), id, cancellation))?.Value : null;
    }

    /// <summary>Those that fit, newest first, back to ten years ago. Read as the caller goes on.</summary>
    public async IAsyncEnumerable<AuditEntry> ListAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var now = time.GetUtcNow();
        var newest = query.To is { } to && to < now ? to : now;
        if (query.After is { } last && InstantOf(last) is { } at && at < newest)
        {
            newest = at;
        }

        var floor = now.AddMonths(-MonthsBack);
        var oldest = query.From is { } first && first > floor ? first : floor;

        // What is not older than the end need not be read to be left out.
        var end = query.To is { } before ? Place(before.UtcTicks - 1) : null;
        var after = query.After is null ? null : query.After + '\0';
        var range = new RowRange(string.CompareOrdinal(after, end) > 0 ? after : end);
        for (var month = FirstOf(newest); month >= FirstOf(oldest); month = month.AddMonths(-1))
        {
            await foreach (var entry in records.ListAsync<AuditEntry>(Tables.Audit, MonthOf(month), range, cancellation))
            {
                if (query.Fits(entry.Value))
                {
                    yield return entry.Value;
                }
                else if (entry.Value.At < oldest)
                {
                    // Newest first: what comes after it is older still.
                    yield break;
                }
            }
        }
    }

    private static DateTimeOffset FirstOf(DateTimeOffset instant) => new(instant.UtcDateTime.Year, instant.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private static string MonthOf(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>Counts down with time, so that ordinal order is newest first.</summary>
    private static string IdOf(DateTimeOffset instant) =>
        string.Create(CultureInfo.InvariantCulture, $"{Place(instant.UtcTicks)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}");

    private static string Place(long ticks) => string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - ticks:D19}");

    private static DateTimeOffset? InstantOf(string id) =>
        long.TryParse(id.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var left) && left <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(DateTimeOffset.MaxValue.UtcTicks - left, TimeSpan.Zero)
            : null;

    /// <summary>Of a long text the beginning and the end: a path ends with what it names.</summary>
    private static string Cut(string text) => text.Length <= MostText ? text : $"{text[..(MostText / 2)]}…{text[^((MostText / 2) - 1)..]}";
}
