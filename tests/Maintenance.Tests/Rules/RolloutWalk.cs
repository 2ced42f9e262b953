using Maintenance.Actions;
using Maintenance.Rollouts;
using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Tests.Rules;

/// <summary>
/// A rollout from its approval to its end on a clock of its own: what is to be done is done with random outcomes, people decide at random, the host is down at
/// random, freezes come and windows go. What may never happen is looked for at each step.
/// </summary>
internal sealed class RolloutWalk
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private const int MostTurns = 4000;

    private readonly Random _random;
    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private readonly Dictionary<string, List<string>> _touched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<DateTimeOffset>> _probed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _backups = new(StringComparer.Ordinal);
    private WindowPolicy _policy;
    private bool _isAborted;
    private int _waits;

    public RolloutWalk(int seed)
    {
        _random = new Random(seed);
        _policy = new WindowPolicy(
            TimeSpan.FromDays(_random.Next(1, 20)),
            [
                new("a", "A", new WeeklyDays([IsoDayOfWeek.Tuesday, IsoDayOfWeek.Saturday]), 22 * 60, 4 * 60),
                new("b", "B", new WeeklyDays([IsoDayOfWeek.Sunday]), 0, 1440),
                new("c", "C", new MonthlyDay(MonthWeek.Second, IsoDayOfWeek.Tuesday, 11), 60, 300),
            ],
            []);
        var script = Enumerable.Range(0, _random.Next(1, 4)).Select(Ring).ToList();
        Run = new RolloutRun("P-1", "A change", "register", null, script, RolloutState.Running, Start, [.. script.Select(static ring => new RingRun(ring.Id, RingState.Pending, ring.Targets))], [])
        {
            Implementer = "ben",
        };
    }

    public RolloutRun Run { get; private set; }

    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>What happened, for whoever reads a failure.</summary>
    public List<string> Story { get; } = [];

    public int Applies { get; private set; }

    /// <summary>Walks to the end, and sees that it comes.</summary>
    public void Go()
    {
        try
        {
            for (var turns = 0; Run.IsOpen; turns++)
            {
                Assert.True(turns < MostTurns, "It does not end.");
                Turn();
            }

            Assert.True(Run.EndedAt <= Now);
            Assert.Equal((Run, new RolloutTurn()), RolloutMoves.Next(Run, Fit, Now));
            Assert.Equal(Run.State == RolloutState.Completed, Run.Rings.All(static ring => ring.State == RingState.Done));
            Assert.True(_isAborted || Run.State != RolloutState.Aborted);
            foreach (var (ring, touched) in _touched)
            {
                // What was touched is done, or was taken back.
                Assert.True(Run.Ring(ring).State == RingState.Done ? touched.Count == Run.Ring(ring).Parts.Count : touched.Count == 0, $"{ring} keeps {string.Join(", ", touched)}");
            }

            Assert.DoesNotContain(Run.Rings, static ring => ring.State is RingState.Applying or RingState.Probing or RingState.Soaking or RingState.Undoing);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{error.Message}\n{string.Join('\n', Story.TakeLast(60))}", error);
        }
    }

    private bool Chance(double of) => _random.NextDouble() < of;

    private RolloutRing Ring(int number)
    {
        var windows = _random.Next(4) switch { 0 => Array.Empty<string>(), 1 => ["a"], 2 => ["b"], _ => ["a", "c"] };
        return new RolloutRing(
            "r" + number,
            "Ring " + number,
            windows,
            TimeSpan.FromMinutes(_random.Next(10, 300)),
            [.. Enumerable.Range(0, _random.Next(4)).Select(static i => "t" + i)],
            [.. Enumerable.Range(0, _random.Next(3)).Select(static i => "p" + i)],
            new PlanAction(["apply"], null, null, TimeSpan.FromMinutes(1)),
            [],
            TimeSpan.FromMinutes(Chance(0.4) ? 0 : _random.Next(1, 3000)),
            [])
        {
            Undo = Chance(0.5) ? new PlanAction(["undo"], null, null, TimeSpan.FromMinutes(1)) : null,
        };
    }

    private WindowFit? Fit(IReadOnlyList<string> windows, DateTimeOffset ready, TimeSpan duration) =>
        windows.All(id => _policy.Find(id) is not null) ? WindowCalendar.Fit(_policy, _zone, [.. windows], ready, duration) : null;

    private void Turn()
    {
        var before = Run;
        var turn = new RolloutTurn();
        Move(run =>
        {
            (run, turn) = RolloutMoves.Next(run, Fit, Now);
            return run;
        });
        Assert.True(Run.IsTaken);
        Assert.Equal(turn, RolloutMoves.Next(Run, Fit, Now).Turn);
        Assert.True(Run.Timeline.Count == before.Timeline.Count ? Run.ToTell == before.ToTell : Run.ToTell == Run.Timeline.Count);
        if (before.State is RolloutState.Paused or RolloutState.Stuck)
        {
            Assert.Equal(before with { IsTaken = true }, Run);
            Assert.True(turn is { Work: null, Until: not null });
        }

        Story.Add($"{Now:u} {Run.State} {Run.Current?.Id} {Run.Current?.State} → {turn.Work} {turn.Until:u}");
        if (turn is { Ring: { } ring, Work: { } work })
        {
            Assert.Equal(Run.Current?.Id, ring);
            _waits = 0;
            Work(ring, work);
        }
        else if (turn.Until is { } until)
        {
            Assert.True(until > Now);
            Wait(until);
        }
        else
        {
            Assert.False(Run.IsOpen);
        }
    }

    private void Wait(DateTimeOffset until)
    {
        var span = until - Now;
        var someone = Chance(0.15) || (Run.State is RolloutState.Paused or RolloutState.Stuck && Chance(0.5));
        Now += someone ? TimeSpan.FromTicks((long)(span.Ticks * _random.NextDouble())) : Chance(0.1) ? span + TimeSpan.FromMinutes(_random.Next(1, 3000)) : span;
        if (someone)
        {
            Person();
        }

        // Nobody waits for ever for a window that never comes.
        if (++_waits > 500 && Run.IsOpen && Run.State != RolloutState.Stopping)
        {
            Decide(RolloutDecision.Abort);
        }
    }

    /// <summary>Somebody does something, in the middle of anything.</summary>
    private void Person()
    {
        switch (_random.Next(8))
        {
            case 0 or 1:
                Decide(RolloutDecision.Pause);
                break;
            case 2 or 3:
                Decide(Run.State == RolloutState.Stuck ? RolloutDecision.Retry : RolloutDecision.Resume);
                break;
            case 4:
                if (Chance(0.3))
                {
                    Decide(RolloutDecision.Abort);
                }

                break;
            case 5:
                var from = Instant.FromDateTimeOffset(Now).InZone(_zone).LocalDateTime.PlusMinutes(_random.Next(-60, 1440));
                _policy = _policy with { Freezes = [.. _policy.Freezes, new Freeze("f" + _policy.Freezes.Count, from, from.PlusMinutes(_random.Next(1, 4000)), "Busy")] };
                Story.Add($"{Now:u} frozen from {from}");
                break;
            case 6:
                _policy = _policy with { Maintenance = _policy.Maintenance.Count == 3 ? [.. _policy.Maintenance.Take(2)] : [.. _policy.Maintenance, new("c", "C", new WeeklyDays([IsoDayOfWeek.Friday]), 60, 300)] };
                break;
            default:
                Now += TimeSpan.FromMinutes(_random.Next(1, 500));
                break;
        }
    }

    private void Decide(RolloutDecision decision)
    {
        var was = Run.State;
        try
        {
            Move(run => RolloutMoves.Decide(run, decision, "ben", "Because", Now), isRepeatable: decision != RolloutDecision.Retry);
        }
        catch (RolloutStateException)
        {
            Assert.Equal(was, Run.State);
            return;
        }

        Story.Add($"{Now:u} ben: {decision}");
        _isAborted |= decision == RolloutDecision.Abort;
        if (was == RolloutState.Paused && decision == RolloutDecision.Resume)
        {
            Assert.Equal(RolloutState.Running, Run.State);
        }
    }

    private void Work(string ring, RolloutWork work)
    {
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Now += TimeSpan.FromSeconds(_random.Next(1, 60));
            if (Chance(0.05))
            {
                Person();
            }

            if (!RolloutMoves.IsAt(Run, ring, work))
            {
                return;
            }

            var isGood = work switch
            {
                RolloutWork.Backup => BackUp(ring),
                RolloutWork.Apply => Apply(ring),
                RolloutWork.Probe => Probe(ring),
                _ => Undo(ring),
            };
            if (isGood is null)
            {
                // The process was killed: after the start the attempt begins again, however much later.
                Story.Add($"{Now:u} killed");
                Now += TimeSpan.FromMinutes(_random.Next(0, 600));
                attempt--;
            }
            else if (isGood.Value)
            {
                return;
            }
        }

        var before = Run;
        var wasAt = RolloutMoves.IsAt(Run, ring, work);
        Move(run => RolloutMoves.Fail(run, ring, work, "No.", Now));
        Story.Add($"{Now:u} {ring}: {work} failed");
        if (!wasAt)
        {
            Assert.Equal(before, Run);
        }
        else if (work is RolloutWork.Apply or RolloutWork.Probe)
        {
            Assert.Equal((RingState.Undoing, new RolloutTurn(ring, RolloutWork.Undo)), (Run.Ring(ring).State, RolloutMoves.Next(Run, Fit, Now).Turn));
        }
        else
        {
            Assert.Equal(RolloutState.Stuck, Run.State);
        }
    }

    private bool? BackUp(string ringId)
    {
        var (ring, plan) = (Run.Ring(ringId), Run.Plan(ringId));
        var known = ring.Backups.ToDictionary(static backup => backup.Policy, StringComparer.Ordinal);
        foreach (var policy in plan.Backups)
        {
            if (!known.TryGetValue(policy, out var taken))
            {
                if (Chance(0.8))
                {
                    known[policy] = new RingBackup(policy, $"{policy}-{_backups.Count}", IsProven: false);
                    _backups[known[policy].Run] = Now;
                }
            }
            else if (!taken.IsProven && Chance(0.1))
            {
                return false;
            }
            else if (Chance(0.5))
            {
                known[policy] = taken with { IsProven = true };
            }
        }

        var look = Now + TimeSpan.FromSeconds(_random.Next(2, 1500));
        Move(run => RolloutMoves.IsAt(run, ringId, RolloutWork.Backup) ? RolloutMoves.BackedUp(run, ringId, [.. known.Values], look, Now) : run);
        return true;
    }

    /// <summary>As the activity does it.</summary>
    private bool? Apply(string ringId)
    {
        var attempts = Run.Ring(ringId).Attempts;
        Move(run => RolloutMoves.BeginApply(run, ringId), isRepeatable: false);
        foreach (var target in Run.Ring(ringId).Parts.Except(Run.Ring(ringId).Applied).ToList())
        {
            if (Chance(0.05))
            {
                Person();
            }

            Move(run => RolloutMoves.IsInTime(run, ringId, Fit, Now) ? RolloutMoves.Touch(run, ringId, target) : run);
            if (!RolloutMoves.IsAt(Run, ringId, RolloutWork.Apply) || !Run.Ring(ringId).Touched.Contains(target) || !RolloutMoves.IsInTime(Run, ringId, Fit, Now))
            {
                return true;
            }

            if (Chance(0.02))
            {
                Touched(ringId, target);
                return null;
            }

            CheckApply(ringId, target, attempts);
            Now += TimeSpan.FromMinutes(_random.Next(0, 40));
            if (Chance(0.05))
            {
                Person();
            }

            if (Chance(0.1))
            {
                return false;
            }

            Move(run => RolloutMoves.AppliedTo(run, ringId, target, "", Now));
            if (Chance(0.02))
            {
                return null;
            }
        }

        Move(run => RolloutMoves.Applied(run, ringId, Now));
        return true;
    }

    private void CheckApply(string ringId, string target, int attempts)
    {
        Applies++;
        var (ring, plan) = (Run.Ring(ringId), Run.Plan(ringId));
        Story.Add($"{Now:u} apply {ringId} {target}");
        Assert.Equal(RolloutState.Running, Run.State);
        Assert.False(_isAborted);
        Assert.True(ring.Attempts > attempts);
        Assert.DoesNotContain(target, ring.Applied);
        Assert.All(Run.Rings.TakeWhile(other => other.Id != ringId), static other => Assert.Equal(RingState.Done, other.State));
        foreach (var policy in plan.Backups)
        {
            var backup = Assert.Single(ring.Backups, backup => backup.Policy == policy);
            Assert.True(backup.IsProven && _backups[backup.Run] >= ring.StartedAt, $"{backup} is not fresh.");
        }

        if (plan.Windows.Count > 0)
        {
            Assert.True(ring.SlotStart <= Now && Now < ring.SlotEnd, $"{Now:u} is not within {ring.SlotStart:u}–{ring.SlotEnd:u}.");
            Assert.Equal(Now, Fit(plan.Windows, Now, TimeSpan.FromTicks(1))?.Start);
            Assert.NotEmpty(WindowCalendar.Between(_policy, _zone, [.. plan.Windows], Now, Now.AddTicks(1)));
        }

        Touched(ringId, target);
    }

    private void Touched(string ring, string target)
    {
        _touched.TryAdd(ring, []);
        if (!_touched[ring].Contains(target))
        {
            _touched[ring].Add(target);
        }
    }

    private bool? Probe(string ringId)
    {
        if (Chance(0.15))
        {
            return false;
        }

        var before = Run.Ring(ringId).State;
        Move(run => RolloutMoves.Probed(run, ringId, Now));
        if (before == RingState.Probing && Run.Ring(ringId).State != RingState.Probing)
        {
            _probed.TryAdd(ringId, []);
            _probed[ringId].Add(Now);
            if (Run.Ring(ringId).State == RingState.Done)
            {
                var soak = Run.Plan(ringId).Soak;
                Assert.Equal(soak == TimeSpan.Zero ? 1 : 2, _probed[ringId].Count);
                Assert.True(_probed[ringId][^1] - _probed[ringId][0] >= soak);
            }
        }

        return true;
    }

    private bool? Undo(string ringId)
    {
        var attempts = Run.Ring(ringId).UndoAttempts;
        Move(run => RolloutMoves.BeginUndo(run, ringId), isRepeatable: false);
        Assert.Equal(attempts + 1, Run.Ring(ringId).UndoAttempts);

        // Exactly what was touched, the last of it first.
        var touched = _touched.GetValueOrDefault(ringId, []);
        Assert.Equal(touched, Run.Ring(ringId).Touched);
        foreach (var target in Run.Ring(ringId).Touched.Reverse().ToList())
        {
            if (Chance(0.4))
            {
                return Chance(0.3) ? null : false;
            }

            touched.Remove(target);
            Move(run => RolloutMoves.UndoneAt(run, ringId, target, "", Now));
        }

        foreach (var backup in Run.Ring(ringId).Backups)
        {
            Move(run => RolloutMoves.RestoredFrom(run, ringId, backup.Policy, "Restored.", Now));
        }

        Move(run => RolloutMoves.Undone(run, ringId, Now));
        Assert.False(Run.IsOpen);
        return true;
    }

    /// <summary>Moves; the timeline only grows, what is over stays over, and the same move again changes nothing.</summary>
    private void Move(Func<RolloutRun, RolloutRun> move, bool isRepeatable = true)
    {
        var before = Run;
        var after = move(before);
        Assert.Equal(before.Timeline, after.Timeline.Take(before.Timeline.Count));
        Assert.True(before.IsOpen || before == after);
        Assert.True(after.ToTell <= after.Timeline.Count && after.ToTell >= before.ToTell);
        if (isRepeatable)
        {
            var again = move(after);
            Assert.True(again == after || MaintenanceJson.Write(again) == MaintenanceJson.Write(after), $"The same move again: {string.Join(", ", again.Rings)} instead of {string.Join(", ", after.Rings)}");
        }

        Run = after;
    }
}
