using System.Globalization;
using Maintenance.Duties;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Time;
using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Calendars;

/// <summary>What records add to what the plan says.</summary>
/// <param name="Rollouts">Rollouts under way.</param>
/// <param name="Reviews">Requests whose review is owed.</param>
/// <param name="Drills">What is known of drills, by the id of their strategy.</param>
public sealed record CalendarFacts(IReadOnlyList<RolloutRun> Rollouts, IReadOnlyList<PatchRequest> Reviews, IReadOnlyDictionary<string, DrillStatus> Drills)
{
    /// <summary>Nothing.</summary>
    public static CalendarFacts None { get; } = new([], [], new Dictionary<string, DrillStatus>(StringComparer.Ordinal));
}

/// <summary>The maintenance calendar: what is planned in a range of dates. Pure.</summary>
public static class MaintenanceCalendar
{
    /// <summary>So many entries are listed at most.</summary>
    public const int MostEntries = 1000;

    /// <summary>What happens more often than this in 31 days is said once and not listed.</summary>
    public const int MostAMonth = 10;

    /// <summary>The longest range.</summary>
    public const int MostDays = 400;

    /// <summary>What is planned.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="facts">What records add.</param>
    /// <param name="from">The first local date, in the plan's zone.</param>
    /// <param name="to">The last one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or longer than <see cref="MostDays"/>.</exception>
    public static PlannedWork Of(OperationsPlan plan, CalendarFacts facts, DateOnly from, DateOnly to)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to.DayNumber - from.DayNumber, MostDays - 1);
        var range = new Range(plan.System.TimeZone, from, to);
        var often = new List<string>();
        List<CalendarEntry> all =
        [
            .. Holidays(plan, range), .. Absences(plan, range), .. Hours(plan, range), .. Freezes(plan, range), .. Windows(plan, range), .. Rollouts(facts.Rollouts, range), .. Reviews(facts.Reviews, range),
            .. Drills(plan, facts, range), .. Duties(plan, range, often), .. Care(plan, range, often),
        ];
        var entries = all.Where(entry => entry.From <= to && entry.To >= from)
            .OrderBy(static entry => entry.From).ThenBy(static entry => !entry.IsAllDay).ThenBy(static entry => entry.Start).ThenBy(static entry => entry.Key, StringComparer.Ordinal).ToList();
        return new PlannedWork(from, to, [.. entries.Take(MostEntries)], Math.Max(0, entries.Count - MostEntries), often);
    }

    private static IEnumerable<CalendarEntry> Holidays(OperationsPlan plan, Range range) =>
        from calendar in plan.Calendars
        from holiday in calendar.Holidays
        where range.Has(holiday.Date)
        group (calendar, holiday) by holiday.Date into closed
        let names = closed.Select(static one => one.holiday.Name).Where(static name => name.Length > 0).Distinct().ToList()
        let closing = closed.Select(static one => one.calendar).Distinct().ToList()
        select new CalendarEntry(
            CalendarEntryKind.Holiday, "holiday-" + Text(closed.Key), names.Count == 0 ? "Holiday" : string.Join(", ", names), closed.Key.ToDateOnly(), closed.Key.ToDateOnly())
        {
            Detail = "Closed: " + string.Join(", ", closing.Select(static calendar => calendar.Name)),
        };

    private static IEnumerable<CalendarEntry> Absences(OperationsPlan plan, Range range) =>
        from person in plan.People
        from absence in person.Absences
        where range.Overlaps(absence.From, absence.To)
        select new CalendarEntry(
            CalendarEntryKind.Absence, $"absence-{Plain(person.Id)}-{Text(absence.From)}{Kept(absence)}", $"Away: {person.Name}{(absence.Part == DayPart.Whole ? "" : $" ({absence.Part.ToString().ToLowerInvariant()})")}", absence.From.ToDateOnly(), absence.To.ToDateOnly())
        {
            Detail = absence.Deputy is { } deputy ? $"{absence.Reason} {plan.FindPerson(deputy)?.Name ?? deputy} stands in.".TrimStart() : absence.Reason,
            Person = person.Id,
        };

    /// <summary>One that was recorded may begin on the date of one of the plan, and two halves on the same.</summary>
    private static string Kept(Absence absence) => (absence.Part == DayPart.Whole ? "" : "-" + absence.Part.ToString().ToLowerInvariant()) + (absence.IsRecorded ? "-recorded" : "");

    private static IEnumerable<CalendarEntry> Hours(OperationsPlan plan, Range range) =>
        from calendar in plan.Calendars
        from revision in calendar.Revisions
        where range.Has(revision.From)
        select new CalendarEntry(
            CalendarEntryKind.Hours, $"hours-{Plain(calendar.Id)}-{Text(revision.From)}", $"Other hours: {calendar.Name}", revision.From.ToDateOnly(), revision.From.ToDateOnly())
        {
            Detail = revision.Reason,
        };

    private static IEnumerable<CalendarEntry> Freezes(OperationsPlan plan, Range range) =>
        from freeze in plan.Windows.Freezes
        let span = freeze.In(plan.System.TimeZone)
        where span.From < span.To
        select range.Timed(CalendarEntryKind.Freeze, "freeze-" + Plain(freeze.Id), $"Freeze: {freeze.Id}", span.From, span.To) with { Detail = freeze.Reason, Link = "/windows" };

    private static IEnumerable<CalendarEntry> Windows(OperationsPlan plan, Range range)
    {
        foreach (var occurrence in WindowCalendar.Occurrences(plan.Windows, plan.System.TimeZone, null, range.Start, range.End))
        {
            foreach (var (index, piece) in occurrence.Pieces.Index())
            {
                var part = index == 0 ? "" : "-" + (index + 1).ToString(CultureInfo.InvariantCulture);
                yield return range.Timed(
                    CalendarEntryKind.Window, $"window-{Plain(occurrence.Window)}-{Text(occurrence.Start)}{part}", plan.Windows.Find(occurrence.Window)?.Name ?? occurrence.Window, piece.Start, piece.End) with
                {
                    Detail = occurrence.Freezes.Count > 0 ? "Cut by: " + string.Join(", ", occurrence.Freezes) : null,
                    Link = "/windows",
                };
            }
        }
    }

    private static IEnumerable<CalendarEntry> Rollouts(IEnumerable<RolloutRun> rollouts, Range range) =>
        from run in rollouts
        from ring in run.Rings
        where ring.SlotStart is not null
        let start = ring.SlotStart!.Value
        let plan = run.Plan(ring.Id)
        select range.Timed(CalendarEntryKind.Rollout, $"rollout-{Plain(run.Patch)}-{Plain(ring.Id)}", $"Rollout of {run.Patch}: {plan.Name}", start, ring.SlotEnd ?? start + plan.Duration) with
        {
            Detail = run.Title,
            Link = "/patches/" + Uri.EscapeDataString(run.Patch),
        };

    private static IEnumerable<CalendarEntry> Reviews(IEnumerable<PatchRequest> requests, Range range) =>
        from request in requests
        where request.ReviewDueAt is not null && request.Review is null
        let due = request.ReviewDueAt!.Value
        select range.Timed(CalendarEntryKind.Review, "review-" + Plain(request.Id), $"Review of {request.Id} is due", due, due) with
        {
            Detail = request.Title,
            Link = "/patches/" + Uri.EscapeDataString(request.Id),
        };

    private static IEnumerable<CalendarEntry> Drills(OperationsPlan plan, CalendarFacts facts, Range range)
    {
        foreach (var strategy in plan.Recovery.Strategies.Where(static strategy => strategy.Drills is not null))
        {
            var (key, service) = ("drill-" + Plain(strategy.Id), plan.FindService(strategy.Service)?.Name ?? strategy.Service);
            foreach (var at in strategy.Drills!.Schedule.Between(range.Start.AddTicks(-1), range.End.AddTicks(-1), range.Zone).Take(MostEntries))
            {
                yield return range.Timed(CalendarEntryKind.Drill, $"{key}-{Text(at)}", $"Drill: {strategy.Id}", at, at + Length(strategy)) with { Detail = service, Link = "/recovery" };
            }

            if (facts.Drills.TryGetValue(strategy.Id, out var status))
            {
                var until = (status.PassedAt ?? status.Since) + strategy.Drills.Expires;
                yield return range.Timed(CalendarEntryKind.Drill, key + "-overdue", $"Drill overdue after this: {strategy.Id}", until, until) with { Detail = service, Link = "/recovery" };
            }
        }
    }

    /// <summary>Each date of each duty, as the plan has it: what was done stands there as well.</summary>
    private static IEnumerable<CalendarEntry> Duties(OperationsPlan plan, Range range, List<string> often)
    {
        var most = MostAMonth * ((range.Days + 30) / 31);
        foreach (var duty in plan.Duties)
        {
            var calendar = duty.Calendar is { } id ? plan.Calendar(id) : null;
            var shift = calendar is null ? 0 : DutyDates.MostShift;
            var last = LocalDate.FromDateOnly(range.Last).PlusDays(shift + 1).AtMidnight();
            var dates = DutyDates.After(duty.Rhythm, range.Zone, LocalDate.FromDateOnly(range.First).PlusDays(-shift - 1).AtMidnight()).TakeWhile(date => date < last)
                .Select(date => (Date: date, Due: DutyDates.Due(duty.Adjust, date, range.Zone, calendar))).Where(one => one.Due >= range.Start && one.Due < range.End).Take(most + 1).ToList();
            if (dates.Count > most)
            {
                often.Add($"{duty.Name}: {duty.Rhythm.Text}");
                continue;
            }

            foreach (var (date, due) in dates)
            {
                var key = DutyDates.Key(duty.Rhythm, date);
                yield return range.Timed(CalendarEntryKind.Duty, $"duty-{Plain(duty.Id)}-{Plain(key)}", $"Due: {duty.Name}", due, due) with { Detail = "Owed by: " + string.Join(", ", DutyMoves.Named(duty)), Link = $"/duties/{duty.Id}" };
            }
        }
    }

    private static IEnumerable<CalendarEntry> Care(OperationsPlan plan, Range range, List<string> often)
    {
        var care = plan.Repository;
        var works = new List<(CalendarEntryKind Kind, string Key, string Title, Schedule? Schedule)>
        {
            (CalendarEntryKind.Repository, "prune", "Prune of the repository", care.Prune),
            (CalendarEntryKind.Repository, "verify", "Verification of the repository", care.Verify),
        };
        works.AddRange(care.Copies.Select(static copy => (CalendarEntryKind.Repository, "verify-" + Plain(copy.Id), $"Verification of the copy {copy.Id}", copy.Verify)));
        works.Add((CalendarEntryKind.Survey, "survey", "Survey is sent", plan.Support.Survey?.Schedule));
        var most = MostAMonth * ((range.Days + 30) / 31);
        foreach (var (kind, key, title, schedule) in works)
        {
            // Looking is bounded too: a schedule of every second is seen to be too often after its first minute or so.
            var times = schedule?.Between(range.Start.AddTicks(-1), range.End.AddTicks(-1), range.Zone).Take(most + 1).ToList() ?? [];
            if (times.Count > most)
            {
                often.Add($"{title}: {schedule!.Text}");
                continue;
            }

            foreach (var at in times)
            {
                yield return range.Timed(kind, $"{key}-{Text(at)}", title, at, at) with { Link = kind == CalendarEntryKind.Survey ? "/feedback/satisfaction" : "/repository" };
            }
        }
    }

    /// <summary>How long a drill is expected to take where one step follows the other.</summary>
    private static TimeSpan Length(RecoveryStrategy strategy) =>
        strategy.Steps.Where(static step => step.RunsInDrill).Aggregate(TimeSpan.Zero, static (sum, step) => sum + step.Duration);

    private static string Text(LocalDate date) => date.ToString("uuuuMMdd", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Plain(string id) => string.Concat(id.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    private sealed class Range(DateTimeZone zone, DateOnly from, DateOnly to)
    {
        public DateTimeZone Zone => zone;

        public DateOnly First => from;

        public DateOnly Last => to;

        public int Days => to.DayNumber - from.DayNumber + 1;

        /// <summary>The first midnight.</summary>
        public DateTimeOffset Start { get; } = Midnight(from, zone);

        /// <summary>The midnight after the last date.</summary>
        public DateTimeOffset End { get; } = Midnight(to.AddDays(1), zone);

        public bool Has(LocalDate date) => Overlaps(date, date);

        public bool Overlaps(LocalDate first, LocalDate last) => first <= LocalDate.FromDateOnly(to) && last >= LocalDate.FromDateOnly(from);

        /// <summary>An entry between two instants. Its dates are those on which it lasts: an end at midnight is not on the next date.</summary>
        public CalendarEntry Timed(CalendarEntryKind kind, string key, string title, DateTimeOffset start, DateTimeOffset end) =>
            new(kind, key, title, Date(start), Date(end > start ? end.AddTicks(-1) : start)) { Start = start.ToUniversalTime(), End = end.ToUniversalTime() };

        private DateOnly Date(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(zone).Date.ToDateOnly();

        private static DateTimeOffset Midnight(DateOnly date, DateTimeZone zone) => WallClock.ToInstant(LocalDate.FromDateOnly(date).AtMidnight(), zone).ToDateTimeOffset();
    }
}
