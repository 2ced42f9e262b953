using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Time;
using NodaTime.Extensions;

namespace Maintenance.ServiceLevels;

/// <summary>
/// The clocks of a ticket. Pure: its events and the plan in, deadlines out; nothing is remembered between two readings.
/// <para>
/// A clock adds up the service time of its running stretches, each in the calendar of the priority that the ticket had in it. So what is used survives a pause, a
/// change of priority and a reopening. Everything that happens is a threshold of used service time (a warning: a part of the target; a level: the target and its
/// offset), so a pause shifts all that has not happened. A new priority has other thresholds; what it has used up already happens when it is given, not before.
/// </para>
/// </summary>
public static class ServiceLevelClock
{
    /// <summary>A level is told again at most so often: after this somebody has read it, or nobody will.</summary>
    private const int MostRepeats = 50;

    /// <summary>Reads a clock.</summary>
    /// <param name="plan">For targets, chains, calendars, and what waiting stops.</param>
    /// <param name="events">What happened, in order of time, <see cref="ClockEventKind.Opened"/> first.</param>
    /// <param name="target">Which clock.</param>
    /// <exception cref="ArgumentException">The events do not begin with an opening, or are not in order.</exception>
    public static ClockReading Read(OperationsPlan plan, IReadOnlyList<ClockEvent> events, ServiceTarget target)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(events);
        var stretches = Stretches(plan, events, target);
        var last = stretches[^1];
        DateTimeOffset? reached = last.State == ClockState.Ended ? last.From : null;
        if (plan.ServiceLevels.For(last.Priority) is not { } terms)
        {
            return new ClockReading(target, last.State, null, null, reached, [], stretches);
        }

        var allowed = terms.Of(target);
        var floor = GivenAt(stretches);
        var counted = new UsedTime(plan, stretches);
        var marks = new List<ClockMark>();
        foreach (var mark in MarksOf(plan, terms, target))
        {
            var at = counted.At(mark.Threshold, isOpenEnded: reached is null);
            at = at < floor ? floor : at;

            // What a late end has left undone is told no more, but that it was late is kept.
            if (reached is null || (at < reached && mark.Kind == ClockMarkKind.Breach))
            {
                marks.Add(mark with { At = at });
            }
        }

        var due = counted.At(allowed, isOpenEnded: true);
        return new ClockReading(target, last.State, allowed, due < floor ? floor : due, reached, [.. marks.OrderBy(static mark => mark.At ?? DateTimeOffset.MaxValue).ThenBy(static mark => mark.Threshold).ThenBy(static mark => mark.Kind)], stretches);
    }

    /// <summary>The service time that a clock has used up at an instant.</summary>
    public static TimeSpan Used(OperationsPlan plan, ClockReading reading, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(reading);
        var calendars = new Calendars(plan);
        return reading.Stretches
            .Where(stretch => stretch.State == ClockState.Running && stretch.From < at)
            .Aggregate(TimeSpan.Zero, (sum, stretch) => calendars.Of(stretch) is { } calendar ? sum + ServiceClock.Elapsed(calendar, stretch.From, stretch.To < at ? stretch.To.Value : at) : sum);
    }

    /// <summary>What a clock is counted from.</summary>
    /// <exception cref="ArgumentException">The events do not begin with an opening, or are not in order.</exception>
    private static IReadOnlyList<ClockStretch> Stretches(OperationsPlan plan, IReadOnlyList<ClockEvent> events, ServiceTarget target)
    {
        if (events is not [{ Kind: ClockEventKind.Opened, Priority: { } priority } first, ..])
        {
            throw new ArgumentException("A ticket's events begin with its opening, which says its priority.", nameof(events));
        }

        var stretches = new List<ClockStretch>();
        var current = new ClockStretch(first.At, null, priority, ClockState.Running, null);
        WaitingFor? waiting = null;
        for (var i = 1; i < events.Count; i++)
        {
            var entry = events[i];
            if (entry.At < events[i - 1].At)
            {
                throw new ArgumentException($"The event of {entry.At:u} comes after one of {events[i - 1].At:u}.", nameof(events));
            }

            var hasEnded = current.State == ClockState.Ended;
            waiting = entry.Kind switch
            {
                ClockEventKind.WaitingBegan => entry.For,
                ClockEventKind.WaitingEnded or ClockEventKind.Resolved or ClockEventKind.Reopened => null,
                _ => waiting,
            };
            priority = entry.Kind == ClockEventKind.PriorityChanged ? entry.Priority ?? priority : priority;
            var isStopped = waiting is { } whom && plan.ServiceLevels.Stops(whom, target);
            var next = entry.Kind switch
            {
                // An end is an end: what comes after it changes nothing but a reopening, and that only for the resolution.
                ClockEventKind.Responded when target == ServiceTarget.Response && !hasEnded => current with { State = ClockState.Ended, For = null },
                ClockEventKind.Resolved when !hasEnded => current with { State = ClockState.Ended, For = null },
                ClockEventKind.Reopened when target == ServiceTarget.Resolution => current with { State = ClockState.Running, For = null, Priority = priority },
                ClockEventKind.PriorityChanged when !hasEnded => current with { Priority = priority },
                ClockEventKind.WaitingBegan or ClockEventKind.WaitingEnded when !hasEnded => current with { State = isStopped ? ClockState.Waiting : ClockState.Running, For = isStopped ? waiting : null },
                _ => current,
            };
            if (next != current)
            {
                stretches.Add(current with { To = entry.At });
                current = next with { From = entry.At };
            }
        }

        return first.Until is { } until ? [.. stretches.Append(current).SelectMany(stretch => Held(stretch, until))] : [.. stretches, current];
    }

    /// <summary>A stretch whose part before the agreed date does not count.</summary>
    private static IEnumerable<ClockStretch> Held(ClockStretch stretch, DateTimeOffset until)
    {
        if (stretch.State != ClockState.Running || stretch.From >= until)
        {
            return [stretch];
        }

        return stretch.To <= until
            ? [stretch with { State = ClockState.Waiting }]
            : [stretch with { To = until, State = ClockState.Waiting }, stretch with { From = until }];
    }

    /// <summary>Since when the last priority is in force: what it asks cannot have been missed before anybody asked it.</summary>
    private static DateTimeOffset GivenAt(IReadOnlyList<ClockStretch> stretches)
    {
        var index = stretches.Count - 1;
        while (index > 0 && stretches[index - 1].Priority == stretches[index].Priority)
        {
            index--;
        }

        return stretches[index].From;
    }

    private static IEnumerable<ClockMark> MarksOf(OperationsPlan plan, ServiceLevelTarget terms, ServiceTarget target)
    {
        var allowed = terms.Of(target);
        foreach (var percent in terms.Warnings)
        {
            yield return new ClockMark($"warning-{percent}", ClockMarkKind.Warning, percent, TimeSpan.FromTicks(allowed.Ticks / 100 * percent), null);
        }

        yield return new ClockMark("breach", ClockMarkKind.Breach, 0, allowed, null);
        if (plan.ServiceLevels.Chain(terms.Escalation) is not { } chain)
        {
            yield break;
        }

        for (var n = 1; n <= chain.Levels.Count; n++)
        {
            var level = chain.Levels[n - 1];
            yield return new ClockMark($"level-{n}", ClockMarkKind.Level, n, From(allowed, level.After), null);
            var end = n < chain.Levels.Count ? chain.Levels[n].After : level.After + chain.Alarm.After;
            for (var (again, after) = (1, level.After + level.Repeat); after < end && again <= MostRepeats; again++, after += level.Repeat)
            {
                yield return new ClockMark($"level-{n}-repeat-{again}", ClockMarkKind.Repeat, n, From(allowed, after.Value), null);
            }
        }

        yield return new ClockMark("alarm", ClockMarkKind.Alarm, 0, From(allowed, chain.Levels[^1].After + chain.Alarm.After), null);
    }

    private static TimeSpan From(TimeSpan allowed, TimeSpan offset) => allowed + offset < TimeSpan.Zero ? TimeSpan.Zero : allowed + offset;

    /// <summary>The calendar of each priority, made once: a clock asks for it with each of its marks and stretches.</summary>
    private sealed class Calendars(OperationsPlan plan)
    {
        private readonly Dictionary<string, ServiceCalendar?> _made = new(StringComparer.Ordinal);

        /// <summary>The one in which a stretch counts; null where the plan no longer has its priority.</summary>
        public ServiceCalendar? Of(ClockStretch stretch)
        {
            if (!_made.TryGetValue(stretch.Priority, out var calendar))
            {
                _made[stretch.Priority] = calendar = plan.ServiceLevels.For(stretch.Priority) is { } terms ? plan.Calendar(terms.Calendar) : null;
            }

            return calendar;
        }
    }

    /// <summary>When so much service time is used.</summary>
    private sealed class UsedTime(OperationsPlan plan, IReadOnlyList<ClockStretch> stretches)
    {
        private readonly Calendars _calendars = new(plan);

        /// <summary>The instant at which <paramref name="threshold"/> is used; null where it never is, or not foreseeably.</summary>
        /// <param name="threshold">Of service time.</param>
        /// <param name="isOpenEnded">True to count on past the end of a clock, as though it ran on.</param>
        public DateTimeOffset? At(TimeSpan threshold, bool isOpenEnded)
        {
            // What is due from the beginning on is due once the hours begin: a level before a short target is told in the morning, not at midnight.
            var left = threshold;
            foreach (var stretch in stretches)
            {
                var counts = stretch.State == ClockState.Running || (isOpenEnded && stretch is { State: ClockState.Ended, To: null });
                if (!counts || _calendars.Of(stretch) is not { } calendar)
                {
                    continue;
                }

                foreach (var span in calendar.Spans(stretch.From.ToInstant()))
                {
                    var end = stretch.To?.ToInstant() is { } to && to < span.End ? to : span.End;
                    if (end <= span.Start)
                    {
                        break;
                    }

                    var length = (end - span.Start).ToTimeSpan();
                    if (length >= left)
                    {
                        return span.Start.ToDateTimeOffset() + left;
                    }

                    left -= length;
                }
            }

            return null;
        }
    }
}
