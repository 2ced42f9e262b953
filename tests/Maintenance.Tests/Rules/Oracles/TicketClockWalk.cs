using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>
/// A clock of a ticket, found by looking at the clock on the wall in every minute of a window (every second of a minute in which something happens): is the clock
/// running, and do the hours that the plan had then say open? All from the plan as written; nothing of the product's own reckoning is used.
/// </summary>
internal sealed class TicketClockWalk
{
    private readonly OperationsPlan _plan;
    private readonly ServiceTarget _target;

    /// <summary>The seconds at which steps begin; the last one is the end of the window.</summary>
    private readonly List<long> _steps = [];

    /// <summary>The seconds that were used up when a step begins.</summary>
    private readonly List<long> _used = [];

    /// <summary>The same, had the clock run on after its end.</summary>
    private readonly List<long> _ranOn = [];

    /// <param name="plan">As written.</param>
    /// <param name="events">At full seconds, in order.</param>
    /// <param name="target">Which clock.</param>
    /// <param name="hours">The hours of the window; its end is how far is looked.</param>
    public TicketClockWalk(OperationsPlan plan, IReadOnlyList<ClockEvent> events, ServiceTarget target, HoursWalk hours)
    {
        (_plan, _target) = (plan, target);
        Last = events.Skip(1).Aggregate(new Moment(events[0].Priority!, Second(events[0].At), null, null, null), After);
        Walk(events, hours);
    }

    /// <summary>How the ticket stands after the last event.</summary>
    public Moment Last { get; }

    /// <summary>The terms of the last priority; null where the plan has no such priority.</summary>
    public ServiceLevelTarget? Terms => TermsOf(Last.Priority);

    /// <summary>The service time that it allows.</summary>
    public TimeSpan? Allowed => Terms is { } terms ? (_target == ServiceTarget.Response ? terms.Response : terms.Resolution) : null;

    /// <summary>True where the last thing that happened has stopped the clock.</summary>
    public bool Stands => !Runs(Last);

    /// <summary>The service time used at an instant; once the clock has ended it stands.</summary>
    public TimeSpan UsedAt(DateTimeOffset at)
    {
        var second = Second(at);
        var step = _steps.FindLastIndex(start => start <= second);
        var rest = step < 0 || step + 1 == _steps.Count || _used[step + 1] == _used[step] ? 0 : second - _steps[step];
        return TimeSpan.FromSeconds(step < 0 ? 0 : _used[step] + rest);
    }

    /// <summary>
    /// When so much is used, not before the last priority was given; null where it is not in the window. A target that was reached counts on, as though it had not been.
    /// </summary>
    public DateTimeOffset? When(TimeSpan threshold)
    {
        var given = DateTimeOffset.FromUnixTimeSeconds(Last.Since);
        if (threshold == TimeSpan.Zero)
        {
            // From the beginning on, which is when it first counts: nobody is told at midnight what the morning is early enough for.
            var first = Enumerable.Range(0, _ranOn.Count - 1).FirstOrDefault(i => _ranOn[i + 1] > _ranOn[i], -1);
            return first < 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Math.Max(_steps[first], Last.Since));
        }

        var step = _ranOn.BinarySearch((long)Math.Ceiling(threshold.TotalSeconds));
        step = step < 0 ? ~step : _ranOn.IndexOf(_ranOn[step]);
        if (step == _ranOn.Count)
        {
            return null;
        }

        var at = step == 0
            ? DateTimeOffset.FromUnixTimeSeconds(_steps[0])
            : DateTimeOffset.FromUnixTimeSeconds(_steps[step - 1]) + (threshold - TimeSpan.FromSeconds(_ranOn[step - 1]));
        return at > given ? at : given;
    }

    /// <summary>What the plan says is to happen, by name, with the service time at which it does. A level is told again until the next one, or the end of the chain.</summary>
    public IEnumerable<(string Key, TimeSpan Threshold)> Marks(int mostRepeats)
    {
        if (Terms is not { } terms || Allowed is not { } allowed)
        {
            yield break;
        }

        foreach (var percent in terms.Warnings)
        {
            yield return ($"warning-{percent}", allowed * percent / 100);
        }

        yield return ("breach", allowed);
        var chain = _plan.ServiceLevels.Escalations.Single(one => one.Id == terms.Escalation);
        for (var i = 0; i < chain.Levels.Count; i++)
        {
            var level = chain.Levels[i];
            yield return ($"level-{i + 1}", FromZero(allowed + level.After));
            var last = i + 1 < chain.Levels.Count ? chain.Levels[i + 1].After : level.After + chain.Alarm.After;
            for (var n = 1; level.Repeat is { } every && n <= mostRepeats && level.After + (n * every) < last; n++)
            {
                yield return ($"level-{i + 1}-repeat-{n}", FromZero(allowed + level.After + (n * every)));
            }
        }

        yield return ("alarm", FromZero(allowed + chain.Levels[^1].After + chain.Alarm.After));
    }

    private static TimeSpan FromZero(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    private static long Second(DateTimeOffset at) => at.ToUnixTimeSeconds();

    private ServiceLevelTarget? TermsOf(string priority) => _plan.ServiceLevels.Targets.FirstOrDefault(one => one.Priority == priority);

    private void Walk(IReadOnlyList<ClockEvent> events, HoursWalk hours)
    {
        var first = Second(events[0].At) / 60;
        var isEdge = new bool[hours.EndMinute - first];
        foreach (var at in events.Select(static one => one.At).Concat(_plan.CalendarHistory.Select(static version => version.Until)))
        {
            if (Second(at) / 60 is var minute && minute >= first && minute < hours.EndMinute)
            {
                isEdge[minute - first] = true;
            }
        }

        var then = new Moment(events[0].Priority!, Second(events[0].At), null, null, null);
        var (next, used, ranOn) = (1, 0L, 0L);
        var isOpen = hours.Of(null, 0);
        for (var second = Second(events[0].At); second < hours.EndMinute * 60;)
        {
            var length = isEdge[(second / 60) - first] ? 1 : 60;
            if (length == 1)
            {
                for (; next < events.Count && Second(events[next].At) <= second; next++)
                {
                    then = After(then, events[next]);
                }

                isOpen = hours.Of(TermsOf(then.Priority)?.Calendar, second);
            }

            _steps.Add(second);
            _used.Add(used);
            _ranOn.Add(ranOn);
            if (isOpen(second))
            {
                used += Runs(then) ? length : 0;
                ranOn += Runs(then) || (Last.Ended is { } ended && second >= ended) ? length : 0;
            }

            second += length;
        }

        _steps.Add(hours.EndMinute * 60);
        _used.Add(used);
        _ranOn.Add(ranOn);
    }

    private bool Runs(Moment then) =>
        then.Ended is null && !_plan.ServiceLevels.Waiting.Any(rule => rule.For == then.Waiting && rule.Stops.Contains(_target));

    private Moment After(Moment before, ClockEvent happened)
    {
        var at = Second(happened.At);
        return happened.Kind switch
        {
            // Once the target is reached, another priority changes nothing about it, unless the ticket is opened again.
            ClockEventKind.PriorityChanged when before.Ended is not null => before with { Later = happened.Priority },
            ClockEventKind.PriorityChanged when before.Priority != happened.Priority => before with { Priority = happened.Priority!, Since = at },
            ClockEventKind.WaitingBegan => before with { Waiting = happened.For },
            ClockEventKind.WaitingEnded => before with { Waiting = null },
            ClockEventKind.Responded when _target == ServiceTarget.Response => before with { Ended = before.Ended ?? at },
            ClockEventKind.Resolved => before with { Ended = before.Ended ?? at, Waiting = null },
            ClockEventKind.Reopened when _target == ServiceTarget.Resolution => before with
            {
                Ended = null,
                Waiting = null,
                Priority = before.Later ?? before.Priority,
                Since = before.Later is { } later && later != before.Priority ? at : before.Since,
                Later = null,
            },
            _ => before,
        };
    }

    /// <summary>How a ticket stands.</summary>
    /// <param name="Priority">The priority that the clock goes by.</param>
    /// <param name="Since">The second since which it does.</param>
    /// <param name="Ended">The second at which the target was reached.</param>
    /// <param name="Waiting">For whom it waits.</param>
    /// <param name="Later">The priority that it gets should it be opened again.</param>
    internal sealed record Moment(string Priority, long Since, long? Ended, WaitingFor? Waiting, string? Later);
}
