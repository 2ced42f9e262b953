using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Resources;

/// <summary>How many hours people can work. Pure.</summary>
public static class Capacity
{
    private const decimal TicksPerHour = TimeSpan.TicksPerHour;

    /// <summary>
    /// The hours that somebody can work on local dates: what their calendar is open, without its holidays, less their absences, each minute of its real length. Where the
    /// plan says that they work a shorter week than their calendar's, each open hour counts for that share of an hour.
    /// </summary>
    /// <param name="plan">The plan; dates are of its zone.</param>
    /// <param name="person">The person.</param>
    /// <param name="from">The first date.</param>
    /// <param name="to">The first date after the last.</param>
    /// <returns>Hours; null where the plan gives the person no calendar, so that nobody can tell.</returns>
    public static decimal? Of(OperationsPlan plan, Person person, LocalDate from, LocalDate to) => Of(plan, person, from, to, isThere: true);

    /// <summary>The same as if they were never away.</summary>
    public static decimal? WithoutAbsences(OperationsPlan plan, Person person, LocalDate from, LocalDate to) => Of(plan, person, from, to, isThere: false);

    /// <summary>The hours of somebody's usual week on a date; null where the plan gives the person no calendar.</summary>
    public static decimal? Week(OperationsPlan plan, Person person, LocalDate date)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(person);
        return person.Hours is not { } hours ? null : Said(plan, person) ?? Hours(plan.Calendar(hours).WeekOn(date));
    }

    /// <summary>
    /// The days on which somebody is away, of those on which they would work: half a day for half of one. A date that is closed anyway is no day of absence.
    /// </summary>
    public static decimal AbsenceDays(OperationsPlan plan, Person person, LocalDate from, LocalDate to)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(person);
        var days = 0m;
        for (var date = from; date < to; date = date.PlusDays(1))
        {
            if (person.Absences.Any(absence => absence.From <= date && date <= absence.To) && (person.Hours is not { } hours || plan.Calendar(hours).On(date).Count > 0))
            {
                var (morning, afternoon) = (person.IsAway(date.At(new LocalTime(0, 0))), person.IsAway(date.At(new LocalTime(12, 0))));
                days += morning && afternoon ? 1 : 0.5m;
            }
        }

        return days;
    }

    /// <summary>When an absence takes somebody away (UTC).</summary>
    internal static Stretch Time(Absence absence, DateTimeZone zone) => new(At(absence.Begins, zone), At(absence.Ends, zone));

    private static decimal? Of(OperationsPlan plan, Person person, LocalDate from, LocalDate to, bool isThere)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(person);
        if (person.Hours is not { } id)
        {
            return null;
        }

        if (to <= from)
        {
            return 0;
        }

        var (zone, calendar) = (plan.System.TimeZone, plan.Calendar(id));
        var end = At(to.AtMidnight(), zone);
        var open = Stretches.Merge(calendar.Spans(Instant.FromDateTimeOffset(At(from.AtMidnight(), zone)))
            .TakeWhile(span => span.Start.ToDateTimeOffset() < end)
            .Select(span => new Stretch(span.Start.ToDateTimeOffset(), span.End.ToDateTimeOffset() < end ? span.End.ToDateTimeOffset() : end)));
        var worked = isThere ? Stretches.Without(open, Stretches.Merge(person.Absences.Select(absence => Time(absence, zone)))) : open;
        if (Said(plan, person) is not { } week)
        {
            return Hours(Stretches.Length(worked));
        }

        // Day by day, since the calendar may have other hours from one date on.
        var sum = 0m;
        for (var date = from; date < to; date = date.PlusDays(1))
        {
            var usual = Hours(calendar.WeekOn(date));
            sum += usual == 0 ? 0 : Hours(Stretches.Length(Stretches.Both(worked, [new Stretch(At(date.AtMidnight(), zone), At(date.PlusDays(1).AtMidnight(), zone))]))) * week / usual;
        }

        return sum;
    }

    private static decimal? Said(OperationsPlan plan, Person person) => plan.Resources.Weeks.FirstOrDefault(week => week.Person == person.Id)?.Hours;

    private static decimal Hours(TimeSpan time) => time.Ticks / TicksPerHour;

    private static DateTimeOffset At(LocalDateTime local, DateTimeZone zone) => WallClock.ToInstant(local, zone).ToDateTimeOffset();
}
