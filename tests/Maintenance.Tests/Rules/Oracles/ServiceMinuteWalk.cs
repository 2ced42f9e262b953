using NodaTime;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>A calendar as somebody wrote it down: weekly hours, closed dates by name, and other hours from a date on.</summary>
internal sealed record WrittenCalendar(
    DateTimeZone Zone, IReadOnlyList<Hours> Hours, IReadOnlyDictionary<LocalDate, string> Holidays, IReadOnlyList<(LocalDate From, IReadOnlyList<Hours> Hours)> Revisions);

/// <summary>A piece of time, a minute at most, in which nothing changes: whether service time counts in it, and why (not).</summary>
internal readonly record struct WalkedPiece(Instant From, Instant To, bool IsOpen, string Why);

/// <summary>
/// Service time found by walking along the minutes: at each one, which calendar was the plan's then, what does the clock on the wall of its zone show, is that date
/// closed, which hours count on that date, and do they say open? Service hours are half-open; a span that ends at or before its start goes on into the next date; a
/// holiday closes its date and no more. A clock put back shows what it has shown already, and each time counts the first time only: until it passes where it was,
/// things stay as they were. A calendar that was changed counts until the very instant of the change.
/// </summary>
/// <param name="before">The calendars that counted before, each until its instant, in order.</param>
/// <param name="now">The one that counts since.</param>
internal sealed class ServiceMinuteWalk(IReadOnlyList<(Instant Until, WrittenCalendar Calendar)> before, WrittenCalendar now)
{
    public const string Open = "open";
    public const string OutsideHours = "outside the hours";

    /// <summary>No clock is put back by more than this at once.</summary>
    private const int RunUp = 3 * 60;

    public ServiceMinuteWalk(WrittenCalendar always)
        : this([], always)
    {
    }

    /// <summary>True when service time counts at an instant.</summary>
    public bool IsOpen(Instant at) => Why(at) == Open;

    /// <summary>Why service time counts at an instant or does not: open, outside the hours, or the holiday's name.</summary>
    public string Why(Instant at) => Walk(at, at.Plus(Duration.FromTicks(1))).First().Why;

    /// <summary>The pieces of <c>[from, to)</c>, cut at full minutes, where a calendar took the place of another, and at whatever else is given.</summary>
    public IEnumerable<WalkedPiece> Walk(Instant from, Instant to, params Instant[] cuts)
    {
        var edges = cuts.Concat(before.Select(static version => version.Until)).Order().ToList();
        var shown = before.Select(static version => version.Calendar).Append(now).Select(static calendar => calendar.Zone).Distinct().ToDictionary(static zone => zone, static _ => LocalDateTime.MinIsoValue);
        var minute = Instant.FromUtc(1970, 1, 1, 0, 0).PlusTicks(Math.DivRem(from.ToUnixTimeTicks(), NodaConstants.TicksPerMinute).Quotient * NodaConstants.TicksPerMinute);
        for (var at = minute - Duration.FromMinutes(RunUp); at < to; at += Duration.FromMinutes(1))
        {
            foreach (var zone in shown.Keys)
            {
                var wall = at.InZone(zone).LocalDateTime;
                shown[zone] = wall > shown[zone] ? wall : shown[zone];
            }

            if (at < minute)
            {
                continue;
            }

            var end = Instant.Min(at + Duration.FromMinutes(1), to);
            for (var start = Instant.Max(at, from); start < end;)
            {
                var cut = start;
                var next = edges.Where(edge => edge > cut && edge < end).Append(end).Min();
                var calendar = At(start);
                var why = Say(calendar, shown[calendar.Zone]);
                yield return new WalkedPiece(start, next, why == Open, why);
                start = next;
            }
        }
    }

    /// <summary>The service time in <c>[from, to)</c>.</summary>
    public Duration Elapsed(Instant from, Instant to) =>
        Walk(from, to).Where(static piece => piece.IsOpen).Aggregate(Duration.Zero, static (sum, piece) => sum + (piece.To - piece.From));

    /// <summary>When so much service time has passed; null where that is later than <paramref name="horizon"/>.</summary>
    public Instant? Due(Instant start, Duration target, Instant horizon)
    {
        var left = target;
        if (left == Duration.Zero)
        {
            return start;
        }

        foreach (var piece in Walk(start, horizon).Where(static piece => piece.IsOpen))
        {
            if (piece.To - piece.From >= left)
            {
                return piece.From + left;
            }

            left -= piece.To - piece.From;
        }

        return null;
    }

    private WrittenCalendar At(Instant instant)
    {
        foreach (var (until, calendar) in before)
        {
            if (instant < until)
            {
                return calendar;
            }
        }

        return now;
    }

    private static string Say(WrittenCalendar calendar, LocalDateTime wall)
    {
        if (calendar.Holidays.TryGetValue(wall.Date, out var holiday))
        {
            return holiday;
        }

        var hours = calendar.Hours;
        foreach (var revision in calendar.Revisions)
        {
            hours = revision.From <= wall.Date ? revision.Hours : hours;
        }

        var minute = (wall.Hour * 60) + wall.Minute;
        var (today, yesterday) = (wall.DayOfWeek, wall.Date.PlusDays(-1).DayOfWeek);
        foreach (var line in hours)
        {
            var isOverMidnight = line.End <= line.Start;
            if ((line.Day == today && minute >= line.Start && (isOverMidnight || minute < line.End)) || (isOverMidnight && line.Day == yesterday && minute < line.End))
            {
                return Open;
            }
        }

        return OutsideHours;
    }
}
