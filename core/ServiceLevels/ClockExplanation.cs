using System.Globalization;
using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Time;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.ServiceLevels;

/// <summary>Why a stretch of time counts, or does not.</summary>
public enum SpanReason
{
    /// <summary>Within the hours of the calendar: it counts.</summary>
    Open,

    /// <summary>Outside of them.</summary>
    Closed,

    /// <summary>On a holiday.</summary>
    Holiday,

    /// <summary>The ticket waits for somebody, and the plan says that this stops the clock; or its agreed date is still to come.</summary>
    Waiting,

    /// <summary>The target is reached.</summary>
    Ended,
}

/// <summary>A stretch of a ticket's time: half-open, <c>[From, To)</c>.</summary>
/// <param name="From">Its begin (UTC).</param>
/// <param name="To">Its end (UTC).</param>
/// <param name="LocalFrom">Its begin in the plan's zone, with the offset: <c>Mon 2026-11-23 08:00 +03:00</c>.</param>
/// <param name="LocalTo">Its end, the same.</param>
/// <param name="Counts">True where it is service time.</param>
/// <param name="Reason">Why, or why not.</param>
/// <param name="Why">The same in words.</param>
/// <param name="Used">So much of the target is used up at its end.</param>
/// <param name="IsForecast">True for what is still to come, as things stand.</param>
public sealed record ExplainedSpan(
    DateTimeOffset From, DateTimeOffset To, string LocalFrom, string LocalTo, bool Counts, SpanReason Reason, string Why, TimeSpan Used, bool IsForecast);

/// <summary>One clock of a ticket, accounted for from its start to now, and on to its due instant where that is still to come.</summary>
/// <param name="Target">Which clock.</param>
/// <param name="Zone">The zone of the local times.</param>
/// <param name="Allowed">The service time of the target; null where the plan no longer has the priority.</param>
/// <param name="Used">The service time used up by now, or by the end.</param>
/// <param name="Due">When the target is, or was, used up (UTC); null where that is not foreseeable.</param>
/// <param name="LocalDue">The same in the plan's zone.</param>
/// <param name="ReachedAt">When it was reached (UTC).</param>
/// <param name="IsMissed">True where it was missed.</param>
/// <param name="Verdict">The outcome in a sentence.</param>
/// <param name="Spans">Every stretch, in order, without a gap.</param>
/// <param name="Marks">What happens when: warnings, the breach, levels.</param>
public sealed record ClockExplanation(
    ServiceTarget Target, string Zone, TimeSpan? Allowed, TimeSpan Used, DateTimeOffset? Due, string? LocalDue, DateTimeOffset? ReachedAt, bool IsMissed, string Verdict,
    IReadOnlyList<ExplainedSpan> Spans, IReadOnlyList<ClockMark> Marks)
{
    /// <summary>Accounts for a clock.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="events">What happened; see <see cref="ServiceLevelClock.Read"/>.</param>
    /// <param name="target">Which clock.</param>
    /// <param name="now">Until when time has passed (UTC).</param>
    /// <exception cref="ArgumentException">The events do not begin with an opening, or are not in order.</exception>
    public static ClockExplanation Of(OperationsPlan plan, IReadOnlyList<ClockEvent> events, ServiceTarget target, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var reading = ServiceLevelClock.Read(plan, events, target);
        var zone = plan.System.TimeZone;
        var spans = new SpanWriter(zone, now);
        foreach (var stretch in reading.Stretches)
        {
            var end = stretch.To ?? Later(stretch.State == ClockState.Running ? reading.Due ?? now : now, now);
            if (stretch.State == ClockState.Ended && stretch.To is null)
            {
                // After the end there is nothing to account for.
                break;
            }

            if (stretch.State != ClockState.Running)
            {
                spans.Add(stretch.From, end, stretch.State == ClockState.Waiting ? SpanReason.Waiting : SpanReason.Ended, stretch.State == ClockState.Waiting ? Waiting(stretch.For) : "resolved, until it was reopened");
            }
            else if (plan.ServiceLevels.For(stretch.Priority) is { } terms)
            {
                Running(spans, plan.Calendar(terms.Calendar), plan.Calendars.FirstOrDefault(calendar => calendar.Id == terms.Calendar)?.Name is { Length: > 0 } name ? name : terms.Calendar, stretch, end);
            }
            else
            {
                spans.Add(stretch.From, end, SpanReason.Closed, $"the plan has no target for the priority {stretch.Priority}");
            }
        }

        var used = ServiceLevelClock.Used(plan, reading, reading.ReachedAt is { } reached && reached < now ? reached : now);
        return new ClockExplanation(
            target, zone.Id, reading.Allowed, used, reading.Due, reading.Due is { } due ? Local(due, zone) : null, reading.ReachedAt, reading.IsMissed(now), InWords(reading, used, now, zone), spans.Spans, reading.Marks);
    }

    /// <summary>An instant in a zone, as explanations write it.</summary>
    public static string Local(DateTimeOffset at, DateTimeZone zone) =>
        at.ToInstant().InZone(zone).ToString("ddd uuuu-MM-dd HH:mm:ss o<+HH:mm>", CultureInfo.InvariantCulture).Replace(":00 ", " ", StringComparison.Ordinal);

    private static string InWords(ClockReading reading, TimeSpan used, DateTimeOffset now, DateTimeZone zone)
    {
        var what = reading.Target == ServiceTarget.Response ? "response" : "resolution";
        if (reading.Allowed is not { } allowed)
        {
            return $"The plan has no target for this priority, so the {what} is never due.";
        }

        var time = $"{Durations.Format(used)} of {Durations.Format(allowed)} used";
        return (reading.ReachedAt, reading.Due) switch
        {
            ({ } reached, { } due) => reached <= due ? $"The {what} was given in time: {time}." : $"The {what} was late: {time}; it was due {Local(due, zone)}.",
            (null, null) => $"The {what} clock stands: {time}.",
            (null, { } due) => due < now ? $"The {what} is late: {time}; it was due {Local(due, zone)}." : $"The {what} is due {Local(due, zone)}: {time}.",
            _ => $"The {what} was given: {time}.",
        };
    }

    private static string Waiting(WaitingFor? whom) => whom switch
    {
        WaitingFor.Supplier => "waits for the supplier",
        WaitingFor.Requester => "waits for the requester",
        _ => "stands until the agreed date",
    };

    private static void Running(SpanWriter spans, ServiceCalendar calendar, string name, ClockStretch stretch, DateTimeOffset end)
    {
        var (at, last) = (stretch.From.ToInstant(), end.ToInstant());
        foreach (var span in calendar.Spans(at).TakeWhile(span => span.Start < last))
        {
            Closed(spans, calendar, name, at, span.Start);
            var to = span.End < last ? span.End : last;
            spans.Add(span.Start.ToDateTimeOffset(), to.ToDateTimeOffset(), SpanReason.Open, calendar.RevisionAt(span.Start) is { } revision ? $"{name}, hours from {revision:uuuu-MM-dd}" : name);
            at = to;
        }

        Closed(spans, calendar, name, at, last);
    }

    /// <summary>What lies between two open spans, date by date: a holiday is named.</summary>
    private static void Closed(SpanWriter spans, ServiceCalendar calendar, string name, Instant from, Instant to)
    {
        while (from < to)
        {
            var date = from.InZone(calendar.Zone).Date;
            var next = WallClock.ToInstant(date.PlusDays(1).AtMidnight(), calendar.Zone);
            next = next > from ? next : from + Duration.FromHours(1);
            var end = next < to ? next : to;
            if (calendar.HolidayOn(date) is { } holiday)
            {
                spans.Add(from.ToDateTimeOffset(), end.ToDateTimeOffset(), SpanReason.Holiday, holiday.Length > 0 ? holiday : "holiday");
            }
            else
            {
                spans.Add(from.ToDateTimeOffset(), end.ToDateTimeOffset(), SpanReason.Closed, $"outside {name}");
            }

            from = end;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>Puts spans one after the other: joins what is alike, parts what has passed from what is to come.</summary>
    private sealed class SpanWriter(DateTimeZone zone, DateTimeOffset now)
    {
        private readonly List<ExplainedSpan> _spans = [];
        private TimeSpan _used;

        public IReadOnlyList<ExplainedSpan> Spans => _spans;

        public void Add(DateTimeOffset from, DateTimeOffset to, SpanReason reason, string why)
        {
            if (from < now && now < to)
            {
                Add(from, now, reason, why);
                Add(now, to, reason, why);
                return;
            }

            if (from >= to)
            {
                return;
            }

            var counts = reason == SpanReason.Open;
            _used += counts ? to - from : TimeSpan.Zero;
            var isForecast = from >= now;
            if (_spans.Count > 0 && _spans[^1] is var last && last.Reason == reason && last.Why == why && last.To == from && last.IsForecast == isForecast && !counts)
            {
                _spans[^1] = last with { To = to, LocalTo = Local(to, zone), Used = _used };
            }
            else
            {
                _spans.Add(new ExplainedSpan(from, to, Local(from, zone), Local(to, zone), counts, reason, why, _used, isForecast));
            }
        }
    }
}
