using System.Text.RegularExpressions;
using Maintenance.Plan;
using Maintenance.Storage;
using NodaTime;
using NodaTime.Extensions;
using NodaTime.Text;

namespace Maintenance.Resources;

/// <summary>Absences that people record. Whatever asks whether somebody is there has them at once on this host, and within a minute on every other.</summary>
public sealed partial class AbsenceService(IRecordStore records, ActivePlan plan, TimeProvider time)
{
    private const string Upkeep = "upkeep";

    /// <summary>So many days are looked at again.</summary>
    private const int Again = 7;

    /// <summary>Records an absence; the same key records it once.</summary>
    /// <param name="absence">Who is away when.</param>
    /// <param name="by">Who records it.</param>
    /// <param name="key">What makes it the same when it is sent again, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ResourceException">It cannot be.</exception>
    public async Task<RecordedAbsence> RecordAsync(NewAbsence absence, string by, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(absence);
        var (first, last) = (absence.From.ToDateOnly(), absence.To.ToDateOnly());
        var id = $"{BookingRules.Text(last)}-{RecordNames.Hash(by, key)}";
        if (await FindAsync(id, cancellation) is { } earlier)
        {
            return earlier.Value;
        }

        var now = time.GetUtcNow();

        // Two that are recorded in the same moment may overlap: whoever is away twice is away.
        BookingRules.Check(plan.Current, absence, await AbsenceBook.ListAsync(records, absence.From, cancellation).ToListAsync(cancellation), now);
        var recorded = new RecordedAbsence(id, absence.Person, first, last, absence.Kind, now, by) { Part = absence.Part, Deputy = absence.Deputy };
        recorded = absence.To < BookingRules.ReasonsSince(plan.Current, now) ? recorded.WithoutReasons(now) : recorded;
        if (!await records.TryInsertAsync(Tables.Resources, AbsenceBook.Partition, RowOf(id), recorded, cancellation))
        {
            return (await FindAsync(id, cancellation))!.Value;
        }

        await HearAsync(cancellation);
        return recorded;
    }

    /// <summary>Says that an absence does not hold; one that was withdrawn stays as it is.</summary>
    /// <returns>The absence; null where there is none.</returns>
    /// <exception cref="ResourceException">There is no reason, or it counts in a month that is closed.</exception>
    public async Task<RecordedAbsence?> WithdrawAsync(string id, string reason, string by, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } found)
        {
            return null;
        }

        BookingRules.CheckWithdrawal(plan.Current, found.Value, reason, time.GetUtcNow());
        var changed = await records.ChangeAsync<RecordedAbsence>(
            Tables.Resources, AbsenceBook.Partition, RowOf(id), known => known is { Counts: true } ? Kept(known with { Withdrawn = new Correction(time.GetUtcNow(), by, reason.Trim()) }) : null, cancellation);
        await HearAsync(cancellation);
        return changed ?? found.Value;
    }

    /// <summary>Says that somebody came back before an absence was over: the days after the last one are theirs again, those before stay as they are.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="last">The last local date that it took, included.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The absence; null where there is none. One that was withdrawn, or ended on that date already, stays as it is.</returns>
    /// <exception cref="ResourceException">There is no reason, the date is none that it could end on, or days that it gives back lie in a month that is closed.</exception>
    public async Task<RecordedAbsence?> EndAsync(string id, LocalDate last, string reason, string by, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } found)
        {
            return null;
        }

        var changed = await records.ChangeAsync<RecordedAbsence>(
            Tables.Resources, AbsenceBook.Partition, RowOf(id),
            known =>
            {
                if (known is not { Counts: true } || known.EndedOn == last.ToDateOnly())
                {
                    return null;
                }

                BookingRules.CheckEnd(plan.Current, known, last, reason, time.GetUtcNow());
                return Kept(known with { EndedOn = last.ToDateOnly(), Ended = new Correction(time.GetUtcNow(), by, reason.Trim()) });
            },
            cancellation);
        await HearAsync(cancellation);
        return changed ?? found.Value;
    }

    /// <summary>An absence, or null.</summary>
    public async Task<Versioned<RecordedAbsence>?> FindAsync(string id, CancellationToken cancellation) =>
        IdText().IsMatch(id) ? await records.FindAsync<RecordedAbsence>(Tables.Resources, AbsenceBook.Partition, RowOf(id), cancellation) : null;

    /// <summary>Those that overlap local dates, withdrawn ones too, in order of their first dates.</summary>
    /// <param name="from">The first date.</param>
    /// <param name="to">The last one, included.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<RecordedAbsence>> ListAsync(LocalDate from, LocalDate to, CancellationToken cancellation) =>
        [.. (await AbsenceBook.ListAsync(records, from, cancellation).Where(one => one.From.ToLocalDate() <= to).ToListAsync(cancellation)).OrderBy(static one => one.From).ThenBy(static one => one.Person, StringComparer.Ordinal)];

    /// <summary>The plan with everything that was recorded from a date on: that of the running plan forgets what has long been over.</summary>
    public async Task<OperationsPlan> PlanSinceAsync(LocalDate from, CancellationToken cancellation) => AbsenceBook.With(plan.Current, await AbsenceBook.SinceAsync(records, from, cancellation));

    /// <summary>The plan with every absence that counts on a date or later: the running one where that has them, else with what it has forgotten.</summary>
    public async Task<OperationsPlan> PlanOnAsync(LocalDate date, CancellationToken cancellation) =>
        date >= BookingRules.Today(plan.Current, time.GetUtcNow()).PlusDays(-AbsenceBook.Kept) ? plan.Current : await PlanSinceAsync(date, cancellation);

    /// <summary>Erases why people were away where the plan keeps that no longer. What was looked at before is not looked at again.</summary>
    public async Task EraseReasonsAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var since = BookingRules.ReasonsSince(plan.Current, now);
        var until = BookingRules.Text(since.ToDateOnly());
        var done = await records.FindAsync<ErasedUntil>(Tables.Resources, Upkeep, "reasons", cancellation);
        if (done?.Value.Date == until)
        {
            return;
        }

        // Once more over the days before: somebody may just have recorded one of them. Where the mark lies ahead, the clock went back or the plan keeps reasons for longer now: then it goes
        // back as well, so that what is recorded behind it is found when its time comes.
        var from = done is null || string.CompareOrdinal(done.Value.Date, until) > 0 ? null : BookingRules.Text(LocalDatePattern.Iso.Parse(done.Value.Date).GetValueOrThrow().PlusDays(-Again).ToDateOnly());
        await EachAsync.RunAsync(
            records.ListAsync<RecordedAbsence>(Tables.Resources, AbsenceBook.Partition, new RowRange(from, until), cancellation).Where(static row => row.Value.ReasonsErasedAt is null),
            row => records.ChangeAsync<RecordedAbsence>(Tables.Resources, AbsenceBook.Partition, RowOf(row.Value.Id), known => known is { ReasonsErasedAt: null } ? known.WithoutReasons(now) : null, cancellation));
        await records.WriteAsync(Tables.Resources, Upkeep, RecordWrite.Put("reasons", MaintenanceJson.Write(new ErasedUntil(until))), cancellation);
    }

    /// <summary>True for what can be the id of an absence.</summary>
    public static bool IsId(string id) => IdText().IsMatch(id);

    private async Task HearAsync(CancellationToken cancellation)
    {
        try
        {
            _ = await plan.RefreshAsync(cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // It is recorded; this host hears of it with the next tick.
        }
    }

    /// <summary>What is said of an absence whose reasons are erased is not kept either.</summary>
    private RecordedAbsence Kept(RecordedAbsence absence) => absence.ReasonsErasedAt is null ? absence : absence.WithoutReasons(time.GetUtcNow());

    private static string RowOf(string id) => $"{id[..10]}_{id[11..]}";

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}\z", RegexOptions.NonBacktracking)]
    private static partial Regex IdText();

    /// <summary>Reasons of absences that were to end before this date are erased.</summary>
    private sealed record ErasedUntil(string Date);
}
