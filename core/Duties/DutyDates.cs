using System.Globalization;
using Maintenance.Time;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Duties;

/// <summary>A date of a rhythm.</summary>
/// <param name="Nominal">The wall-clock time that the rhythm says: what the occurrence is named by, whatever calendars do to it.</param>
/// <param name="DueAt">When it is due (UTC), moved to an open day where the duty says so.</param>
public sealed record DutyDate(LocalDateTime Nominal, DateTimeOffset DueAt);

/// <summary>Which dates a rhythm has, and when what falls on them is due. Pure.</summary>
public static class DutyDates
{
    /// <summary>A due date is moved so many days at most; where nothing is open for longer it stays.</summary>
    public const int MostShift = 31;

    /// <summary>How far a schedule is walked for its next date.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(4018);

    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss");

    /// <summary>The wall-clock times of a rhythm after one of them, in order; of a schedule those of eleven years.</summary>
    /// <param name="rhythm">The rhythm.</param>
    /// <param name="zone">The zone in which it is read.</param>
    /// <param name="after">The time after which they are.</param>
    public static IEnumerable<LocalDateTime> After(DutyRhythm rhythm, DateTimeZone zone, LocalDateTime after)
    {
        ArgumentNullException.ThrowIfNull(rhythm);
        ArgumentNullException.ThrowIfNull(zone);
        return rhythm.Every is { } every ? After(every, after) : AfterOf(rhythm.Schedule ?? "", zone, after);
    }

    /// <summary>The wall-clock time of the rhythm before one of its own; before the first of an interval the one that would be. Null where a schedule has none in eleven years.</summary>
    public static LocalDateTime? Before(DutyRhythm rhythm, DateTimeZone zone, LocalDateTime nominal)
    {
        ArgumentNullException.ThrowIfNull(rhythm);
        ArgumentNullException.ThrowIfNull(zone);
        if (rhythm.Every is { } every)
        {
            var number = Number(every, nominal);
            return Nominal(every, Nominal(every, number) < nominal ? number : number - 1);
        }

        var at = WallClock.ToInstant(nominal, zone).ToDateTimeOffset();
        return Time.Schedule.Parse(rhythm.Schedule ?? "").Latest(at - Horizon, at.AddTicks(-1), zone) is { } before ? Local(before, zone) : null;
    }

    /// <summary>When what falls on a wall-clock time is due.</summary>
    /// <param name="rule">What happens on a closed day.</param>
    /// <param name="nominal">The wall-clock time.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="calendar">Whose open days count; null where every day will do.</param>
    public static DateTimeOffset Due(BusinessDayRule rule, LocalDateTime nominal, DateTimeZone zone, ServiceCalendar? calendar)
    {
        var date = calendar is null ? nominal.Date : Adjusted(rule, nominal.Date, calendar);
        return WallClock.ToInstant(date + nominal.TimeOfDay, zone).ToDateTimeOffset();
    }

    /// <summary>The date to which a date goes. Modified following never leaves the month, even where all that is left of it is closed.</summary>
    public static LocalDate Adjusted(BusinessDayRule rule, LocalDate date, ServiceCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        return rule switch
        {
            BusinessDayRule.Following => Open(1) ?? date,
            BusinessDayRule.Preceding => Open(-1) ?? date,
            BusinessDayRule.ModifiedFollowing => InMonth(Open(1)) ?? InMonth(Open(-1)) ?? date,
            _ => date,
        };

        LocalDate? Open(int step)
        {
            for (var (days, at) = (0, date); days <= MostShift; days++, at = at.PlusDays(step))
            {
                if (calendar.On(at).Count > 0)
                {
                    return at;
                }
            }

            return null;
        }

        LocalDate? InMonth(LocalDate? found) => found is { } at && at.Year == date.Year && at.Month == date.Month ? at : null;
    }

    /// <summary>The name of an occurrence among those of its duty: its date, and the time where a schedule says when.</summary>
    public static string Key(DutyRhythm rhythm, LocalDateTime nominal)
    {
        ArgumentNullException.ThrowIfNull(rhythm);
        return nominal.ToString(rhythm.Every is not null ? "uuuu-MM-dd" : nominal.Second == 0 ? "uuuu-MM-dd'T'HHmm" : "uuuu-MM-dd'T'HHmmss", CultureInfo.InvariantCulture);
    }

    /// <summary>A wall-clock time as it is stored; its order is that of the times.</summary>
    public static string Write(LocalDateTime time) => Pattern.Format(time);

    /// <summary>A wall-clock time as it was stored.</summary>
    /// <exception cref="UnparsableValueException">It is none.</exception>
    public static LocalDateTime Read(string text) => Pattern.Parse(text).Value;

    /// <summary>The wall-clock time of an instant.</summary>
    public static LocalDateTime Local(DateTimeOffset at, DateTimeZone zone) => Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;

    private static IEnumerable<LocalDateTime> After(DutyInterval every, LocalDateTime after)
    {
        for (var number = Math.Max(0, Number(every, after)); ; number++)
        {
            if (Nominal(every, number) is not { } nominal)
            {
                yield break;
            }

            if (nominal > after)
            {
                yield return nominal;
            }
        }
    }

    private static IEnumerable<LocalDateTime> AfterOf(string schedule, DateTimeZone zone, LocalDateTime after)
    {
        var from = WallClock.ToInstant(after, zone).ToDateTimeOffset();
        foreach (var at in Time.Schedule.Parse(schedule).Between(from, from + Horizon, zone))
        {
            yield return Local(at, zone);
        }
    }

    /// <summary>The number of the last time of an interval that is not later than some time, or of one before it.</summary>
    private static int Number(DutyInterval every, LocalDateTime at)
    {
        var (from, date) = (LocalDate.FromDateOnly(every.From), at.Date);
        var units = every.Unit switch
        {
            DutyUnit.Years => date.Year - from.Year,
            DutyUnit.Months => ((date.Year - from.Year) * 12) + date.Month - from.Month,
            DutyUnit.Weeks => Floor(Period.DaysBetween(from, date), 7),
            _ => Period.DaysBetween(from, date),
        };
        var number = Floor(units, every.Count);
        return Nominal(every, number) is { } found && found > at ? number - 1 : number;
    }

    private static int Floor(int value, int by) => (value / by) - (value % by < 0 ? 1 : 0);

    /// <summary>Counted from the first each time, so that a short month moves nothing that comes after it. Null past the year 9000, where calendars end.</summary>
    private static LocalDateTime? Nominal(DutyInterval every, int number)
    {
        var (from, units) = (LocalDate.FromDateOnly(every.From), (long)every.Count * number);
        var days = units * every.Unit switch { DutyUnit.Years => 366, DutyUnit.Months => 31, DutyUnit.Weeks => 7, _ => 1 };
        if (Math.Abs(days) > 7000L * 366)
        {
            return null;
        }

        var date = every.Unit switch
        {
            DutyUnit.Years => from.PlusYears((int)units),
            DutyUnit.Months => from.PlusMonths((int)units),
            DutyUnit.Weeks => from.PlusWeeks((int)units),
            _ => from.PlusDays((int)units),
        };
        return date.At(LocalTime.FromTimeOnly(every.At));
    }
}
