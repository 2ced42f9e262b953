using System.Text.RegularExpressions;
using Maintenance.Plan;
using Maintenance.Reports;

namespace Maintenance.Duties;

/// <content>What is shown of duties.</content>
public sealed partial class DutyService
{
    /// <summary>How far ahead what comes is listed.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(90);

    private const int MostListed = 100;
    private const int MostDone = 25;
    private const int MostMonthsBack = 2;

    /// <summary>What is owed, what comes, and what was done lately.</summary>
    /// <param name="isMeant">Which duties; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<DutyOverview> OverviewAsync(Func<DutyFact, bool>? isMeant, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var open = await OpenAsync(cancellation);
        var meant = open.Where(fact => isMeant?.Invoke(fact) != false).ToList();
        var coming = (await ComingAsync(now, cancellation)).Where(fact => isMeant?.Invoke(fact) != false).ToList();
        var done = new List<DutyFact>();
        var month = TicketFact.MonthOf(plan.Current, now);
        for (var back = -1; back <= MostMonthsBack; back++)
        {
            done.AddRange(await _records.MonthAsync(ReportMonths.Later(month, -back), cancellation).Where(fact => fact.State != DutyState.Open && isMeant?.Invoke(fact) != false).ToListAsync(cancellation));
        }

        var (overdue, due) = (meant.Where(fact => fact.At(now) == DutyStanding.Overdue).ToList(), meant.Where(fact => fact.At(now) != DutyStanding.Overdue).ToList());
        return new DutyOverview(now, [.. overdue.Take(MostListed)], [.. due.Take(MostListed)], [.. coming.Take(MostListed)], [.. done.OrderByDescending(static fact => fact.ClosedAt).Take(MostDone)])
        {
            Left = Math.Max(0, overdue.Count - MostListed) + Math.Max(0, due.Count - MostListed) + Math.Max(0, coming.Count - MostListed),
        };
    }

    /// <summary>What is owed, the first due in front.</summary>
    public async Task<IReadOnlyList<DutyFact>> OpenAsync(CancellationToken cancellation) =>
        [.. (await _records.WatchedAsync(cancellation).Where(static fact => fact.State == DutyState.Open).ToListAsync(cancellation)).OrderBy(static fact => fact.DueAt).ThenBy(static fact => fact.Duty, StringComparer.Ordinal)];

    /// <summary>What one person owes, the first due in front.</summary>
    public async Task<IReadOnlyList<DutyFact>> OpenOfAsync(Person person, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        return [.. (await OpenAsync(cancellation)).Where(fact => Is(person, fact.Owner) || (fact.Deputy is { } deputy && Is(person, deputy)))];
    }

    /// <summary>A duty with its occurrences; null where there never was one.</summary>
    /// <param name="id">The duty.</param>
    /// <param name="before">Occurrences before this one; null for the latest.</param>
    /// <param name="take">So many.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<DutyHistory?> HistoryAsync(string id, string? before, int take, CancellationToken cancellation)
    {
        if (!IsId(id))
        {
            return null;
        }

        var progress = (await _records.ProgressAsync(cancellation)).GetValueOrDefault(id)?.Value;
        var duty = plan.Current.Duties.FirstOrDefault(duty => duty.Id == id);
        if ((duty ?? progress?.Duty) is not { } terms)
        {
            return null;
        }

        var found = await _records.ListAsync(id, before is not null && IsKey(before) ? before : null, cancellation).Take(take + 1).ToListAsync(cancellation);
        return new DutyHistory(terms, duty is not null, duty is null ? null : progress?.NextAt, [.. found.Take(take)], found.Count > take ? found[take - 1].Key : null);
    }

    /// <summary>How duties were kept.</summary>
    /// <param name="from">The first month, such as <c>2026-06</c>.</param>
    /// <param name="to">The last one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The months are none, or too many.</exception>
    public async Task<DutyReport> ReportAsync(string from, string to, CancellationToken cancellation)
    {
        var facts = new List<(string Month, IReadOnlyList<DutyFact> Facts)>();
        foreach (var month in ReportMonths.Of(plan.Current, from, to))
        {
            facts.Add((month.Name, await _records.MonthAsync(month.Name, cancellation).ToListAsync(cancellation)));
        }

        return DutyReport.Of(facts[0].Month, facts[^1].Month, facts, time.GetUtcNow());
    }

    /// <summary>True for what can be the id of a duty: others are not looked for.</summary>
    public static bool IsId(string id) => IdText().IsMatch(id);

    /// <summary>True for what can be the key of an occurrence.</summary>
    public static bool IsKey(string key) => KeyText().IsMatch(key);

    private static bool Is(Person person, string named) => person.Id == named || person.Roles.Contains(named);

    /// <summary>What will be opened, as the sweep will find it: nothing is stored.</summary>
    private async Task<IReadOnlyList<DutyFact>> ComingAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var (state, until) = (plan.State, now + Horizon);
        var known = await _records.ProgressAsync(cancellation);
        var coming = new List<DutyFact>();
        foreach (var duty in state.Plan.Duties)
        {
            var step = DutyCourse.Look(known.GetValueOrDefault(duty.Id)?.Value is { } progress ? progress with { Plan = "" } : null, duty, Reckoning(state.Plan), state.Hash, state.Since, until, MostListed + 1);
            coming.AddRange(step.Openings.Where(opening => opening.DueAt <= until && opening.DueAt > now).Select(opening => DutyFact.Of(new DutyOccurrence(opening.Terms, opening.Key, opening.DueAt, opening.PeriodFrom, now), now)));
        }

        return [.. coming.OrderBy(static fact => fact.DueAt).ThenBy(static fact => fact.Duty, StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.NonBacktracking)]
    private static partial Regex IdText();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{4}([0-9]{2})?)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex KeyText();
}
