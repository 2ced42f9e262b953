using Maintenance.Actions;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Rollouts;
using Maintenance.Windows;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>How a rollout moves on, case by case.</summary>
public sealed class RolloutMovesTests
{
    private static readonly DateTimeOffset Now = Utc("2026-11-22T12:00Z");
    private static readonly PlanAction Apply = new(["apply"], null, null, TimeSpan.FromMinutes(1));

    private static readonly RolloutRing Free = new("test", "Test", [], TimeSpan.FromHours(1), [], [], Apply, [], TimeSpan.Zero, []);
    private static readonly RolloutRing Bound = Free with { Id = "production", Name = "Production", Windows = ["night"], Targets = ["a", "b"], Backups = ["nightly"], Soak = TimeSpan.FromHours(2) };

    public static TheoryData<RolloutState, RingState, RolloutWork, bool> Works
    {
        get
        {
            // What may be worked at, and nothing else.
            (RolloutState, RingState, RolloutWork)[] good =
            [
                (RolloutState.Running, RingState.BackingUp, RolloutWork.Backup), (RolloutState.Running, RingState.Applying, RolloutWork.Apply), (RolloutState.Running, RingState.Probing, RolloutWork.Probe),
                (RolloutState.Running, RingState.Undoing, RolloutWork.Undo), (RolloutState.Stopping, RingState.Undoing, RolloutWork.Undo),
            ];
            var works = new TheoryData<RolloutState, RingState, RolloutWork, bool>();
            foreach (var state in new[] { RolloutState.Running, RolloutState.Paused, RolloutState.Stuck, RolloutState.Stopping })
            {
                foreach (var ring in Enum.GetValues<RingState>().Where(static ring => ring != RingState.Done))
                {
                    foreach (var work in Enum.GetValues<RolloutWork>())
                    {
                        works.Add(state, ring, work, good.Contains((state, ring, work)));
                    }
                }
            }

            return works;
        }
    }

    public static TheoryData<RolloutState, RolloutDecision, RolloutState?> Decisions => new()
    {
        { RolloutState.Running, RolloutDecision.Pause, RolloutState.Paused },
        { RolloutState.Running, RolloutDecision.Resume, RolloutState.Running },
        { RolloutState.Running, RolloutDecision.Retry, null },
        { RolloutState.Running, RolloutDecision.Abort, RolloutState.Stopping },
        { RolloutState.Paused, RolloutDecision.Pause, RolloutState.Paused },
        { RolloutState.Paused, RolloutDecision.Resume, RolloutState.Running },
        { RolloutState.Paused, RolloutDecision.Retry, null },
        { RolloutState.Paused, RolloutDecision.Abort, RolloutState.Stopping },
        { RolloutState.Stuck, RolloutDecision.Pause, null },
        { RolloutState.Stuck, RolloutDecision.Resume, null },
        { RolloutState.Stuck, RolloutDecision.Retry, RolloutState.Running },
        { RolloutState.Stuck, RolloutDecision.Abort, RolloutState.Stopping },
        { RolloutState.Stopping, RolloutDecision.Pause, null },
        { RolloutState.Stopping, RolloutDecision.Resume, null },
        { RolloutState.Stopping, RolloutDecision.Retry, null },
        { RolloutState.Stopping, RolloutDecision.Abort, RolloutState.Stopping },
        { RolloutState.Completed, RolloutDecision.Abort, null },
        { RolloutState.RolledBack, RolloutDecision.Retry, null },
        { RolloutState.Aborted, RolloutDecision.Resume, null },
    };

    /// <summary>Abort where a ring stands; whether what it touched is taken back first.</summary>
    public static TheoryData<RingState, bool, bool> Aborts => new()
    {
        { RingState.Pending, false, false },
        { RingState.Scheduled, false, false },
        { RingState.BackingUp, false, false },
        { RingState.Applying, false, false },
        { RingState.Applying, true, true },
        { RingState.Probing, true, true },
        { RingState.Soaking, true, true },
        { RingState.Undoing, true, true },
        { RingState.Undoing, false, true },
    };

    [Theory]
    [MemberData(nameof(Works))]
    public void Work_is_done_only_where_the_rollout_is_at_it(RolloutState state, RingState ring, RolloutWork work, bool isAt)
    {
        var run = Run(state, At(ring));

        Assert.Equal(isAt, RolloutMoves.IsAt(run, "production", work));
        Assert.False(RolloutMoves.IsAt(run, "test", work));
        Assert.False(RolloutMoves.IsAt(run with { EndedAt = Now }, "production", work));
        if (!isAt)
        {
            Assert.Same(run, RolloutMoves.Fail(run, "production", work, "No.", Now));
        }
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_decision_leads_on_or_says_that_it_does_not_go_now(RolloutState state, RolloutDecision decision, RolloutState? after)
    {
        var run = Run(state, At(RingState.Soaking)) with { IsTaken = true, EndedAt = state >= RolloutState.Completed ? Now : null };
        if (after is null)
        {
            Assert.Contains("P-1", Assert.Throws<RolloutStateException>(() => RolloutMoves.Decide(run, decision, "ben", "", Now)).Message, StringComparison.Ordinal);
            return;
        }

        var decided = RolloutMoves.Decide(run, decision, "ben", "Because.", Now);
        Assert.Equal(after, decided.State);
        if (after == state)
        {
            Assert.Same(run, decided);
        }
        else
        {
            Assert.Equal((false, 1, 1), (decided.IsTaken, decided.ToTell, decided.Timeline.Count));
            Assert.Equal(("ben", true), (decided.Timeline[^1].By, decided.Timeline[^1].What.EndsWith(" Because.", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [MemberData(nameof(Aborts))]
    public void An_abort_takes_back_what_was_touched_and_ends_at_once_where_nothing_was(RingState ring, bool isTouched, bool isTakenBack)
    {
        var run = Run(RolloutState.Stopping, At(ring) with { Attempts = 1, Touched = isTouched ? ["a"] : [] }) with { Problem = "Not now." };
        var (after, turn) = RolloutMoves.Next(run, Always, Now);

        Assert.Equal(isTakenBack ? new RolloutTurn("production", RolloutWork.Undo) : new RolloutTurn(), turn);
        after = isTakenBack ? RolloutMoves.Undone(after, "production", Now) : after;
        Assert.Equal((RolloutState.Aborted, "Not now.", Now), (after.State, after.Problem, after.EndedAt));
    }

    [Fact]
    public void A_probe_that_passes_after_the_abort_does_not_keep_the_change()
    {
        var run = Run(RolloutState.Stopping, At(RingState.Probing) with { IsSoaked = true, Touched = ["a"] });

        Assert.Same(run, RolloutMoves.Probed(run, "production", Now));
    }

    [Fact]
    public void A_pause_or_an_abort_between_two_targets_keeps_the_next_one_untouched()
    {
        var applying = At(RingState.Applying) with { Attempts = 1, Touched = ["a"], Applied = ["a"], SlotEnd = Now.AddHours(1) };
        foreach (var state in new[] { RolloutState.Paused, RolloutState.Stopping })
        {
            var run = Run(state, applying);
            Assert.Same(run, RolloutMoves.Touch(run, "production", "b"));
            Assert.Same(run, RolloutMoves.BeginApply(run, "production"));
            Assert.Same(run, RolloutMoves.Applied(run, "production", Now));
        }

        Assert.Equal(["a", "b"], RolloutMoves.Touch(Run(RolloutState.Running, applying), "production", "b").Ring("production").Touched);
    }

    [Fact]
    public void A_ring_that_was_prepared_before_a_pause_or_a_failed_backup_is_prepared_again()
    {
        foreach (var (held, decision) in new[] { (RolloutState.Paused, RolloutDecision.Resume), (RolloutState.Stuck, RolloutDecision.Retry) })
        {
            foreach (var state in new[] { RingState.BackingUp, RingState.Applying })
            {
                var ring = RolloutMoves.Decide(Run(held, At(state) with { Backups = [new("nightly", "n1", true)], LookAt = Now }), decision, "ben", "", Now).Ring("production");
                Assert.Equal((RingState.Pending, 0, null), (ring.State, ring.Backups.Count, ring.LookAt));
            }

            // What is half done is not: its backups are from before the change.
            var half = RolloutMoves.Decide(Run(held, At(RingState.Applying) with { Touched = ["a"], Backups = [new("nightly", "n1", true)] }), decision, "ben", "", Now).Ring("production");
            Assert.Equal((RingState.Applying, 1), (half.State, half.Backups.Count));
        }
    }

    [Fact]
    public void A_change_that_was_not_begun_in_its_window_gets_another_and_one_that_was_is_taken_back()
    {
        var late = At(RingState.Applying) with { SlotStart = Now.AddHours(-2), SlotEnd = Now, Backups = [new("nightly", "n1", true)] };
        var (put, wait) = RolloutMoves.Next(Run(RolloutState.Running, late), Tomorrow, Now);
        Assert.Equal((RingState.Scheduled, 0, Now.AddDays(1)), (put.Ring("production").State, put.Ring("production").Backups.Count, wait.Until));

        var (back, undo) = RolloutMoves.Next(Run(RolloutState.Running, late with { Touched = ["a"], Applied = ["a"] }), Tomorrow, Now);
        Assert.Equal((RingState.Undoing, RolloutWork.Undo), (back.Ring("production").State, undo.Work));
        Assert.Equal(back.Timeline.Count, back.ToTell);

        // All of it done, and only the record of that missing: nothing is applied any more.
        Assert.Equal(RolloutWork.Apply, RolloutMoves.Next(Run(RolloutState.Running, late with { Touched = ["a", "b"], Applied = ["a", "b"] }), Tomorrow, Now).Turn.Work);
    }

    [Fact]
    public void A_freeze_that_comes_during_a_slot_closes_it()
    {
        var run = Run(RolloutState.Running, At(RingState.Applying) with { SlotStart = Now.AddMinutes(-1), SlotEnd = Now.AddMinutes(59) });
        Assert.True(RolloutMoves.IsInTime(run, "production", Always, Now));
        Assert.False(RolloutMoves.IsInTime(run, "production", Tomorrow, Now));
        Assert.False(RolloutMoves.IsInTime(run, "production", Never, Now));
        Assert.False(RolloutMoves.IsInTime(run, "production", Always, Now.AddMinutes(59)));
        Assert.True(RolloutMoves.IsInTime(run, "production", (_, ready, duration) => duration == TimeSpan.FromMinutes(59) ? new(ready, ready + duration, ["night"]) : null, Now));
        Assert.True(RolloutMoves.IsInTime(Run(RolloutState.Running, new RingRun("test", RingState.Applying, []), Free), "test", Never, Now));
    }

    [Fact]
    public void No_window_is_an_alarm_once_and_it_goes_on_once_there_is_one()
    {
        var run = Run(RolloutState.Running, At(RingState.Pending));
        var (alarmed, turn) = RolloutMoves.Next(run, Never, Now);
        Assert.True(alarmed.Ring("production").IsWithoutWindow);
        Assert.Equal(("Production: no window of night holds 1h as far ahead as the plan looks.", 1), (Assert.Single(alarmed.Timeline).What, alarmed.ToTell));

        var (again, later) = RolloutMoves.Next(alarmed, Never, Now.AddHours(1));
        Assert.Equal((alarmed, turn.Until!.Value.AddHours(1)), (again, later.Until));

        var (found, until) = RolloutMoves.Next(again, Tomorrow, Now.AddHours(2));
        Assert.Equal((RingState.Scheduled, false, Now.AddHours(2).AddDays(1)), (found.Ring("production").State, found.Ring("production").IsWithoutWindow, until.Until));
    }

    [Fact]
    public void A_scheduled_ring_moves_where_its_window_does_and_begins_only_where_it_still_fits()
    {
        var scheduled = Run(RolloutState.Running, At(RingState.Scheduled) with { SlotStart = Now.AddHours(5), SlotEnd = Now.AddHours(6) });
        Assert.Equal(Now.AddHours(5), RolloutMoves.Next(scheduled, (_, _, duration) => new(Now.AddHours(5), Now.AddHours(5) + duration, ["night"]), Now).Turn.Until);
        Assert.Equal(Now.AddHours(7), RolloutMoves.Next(scheduled, (_, _, duration) => new(Now.AddHours(7), Now.AddHours(7) + duration, ["night"]), Now).Turn.Until);

        // The host was down until its time was nearly over.
        var (missed, turn) = RolloutMoves.Next(scheduled, (_, ready, duration) => new(ready.AddDays(7), ready.AddDays(7) + duration, ["night"]), Now.AddHours(5.5));
        Assert.Equal((RingState.Scheduled, Now.AddHours(5.5).AddDays(7)), (missed.Ring("production").State, turn.Until));
        Assert.Contains(missed.Timeline, static entry => entry.What.Contains("passed unused", StringComparison.Ordinal));

        var (begun, work) = RolloutMoves.Next(scheduled, Always, Now.AddHours(5));
        Assert.Equal((RingState.BackingUp, Now.AddHours(5), Now.AddHours(6), RolloutWork.Backup), (begun.Ring("production").State, begun.Ring("production").StartedAt, begun.Ring("production").SlotEnd, work.Work));
    }

    [Fact]
    public void The_change_begins_once_every_backup_is_proven_and_is_put_off_where_they_took_the_whole_window()
    {
        var run = Run(RolloutState.Running, At(RingState.BackingUp) with { StartedAt = Now, SlotEnd = Now.AddHours(1) }, Bound with { Backups = ["nightly", "records"] });
        Assert.Equal(RingState.BackingUp, RolloutMoves.BackedUp(run, "production", [new("nightly", "n1", true)], Now, Now).Ring("production").State);
        Assert.Equal(RingState.BackingUp, RolloutMoves.BackedUp(run, "production", [new("nightly", "n1", true), new("records", "r1", false)], Now, Now).Ring("production").State);
        Assert.Equal(RingState.BackingUp, RolloutMoves.BackedUp(run, "production", [new("nightly", "n1", true), new("nightly", "n2", true)], Now, Now).Ring("production").State);

        RingBackup[] all = [new("nightly", "n1", true), new("records", "r1", true)];
        Assert.Equal(RingState.Applying, RolloutMoves.BackedUp(run, "production", all, Now, Now.AddMinutes(59)).Ring("production").State);
        var late = RolloutMoves.BackedUp(run, "production", all, Now, Now.AddHours(1)).Ring("production");
        Assert.Equal((RingState.Pending, 0), (late.State, late.Backups.Count));

        var waiting = run.With(run.Ring("production") with { LookAt = Now.AddMinutes(1) });
        Assert.Equal(new RolloutTurn(Until: Now.AddMinutes(1)), RolloutMoves.Next(waiting, Always, Now).Turn);
        Assert.Equal(new RolloutTurn("production", RolloutWork.Backup), RolloutMoves.Next(waiting, Always, Now.AddMinutes(1)).Turn);
    }

    [Fact]
    public void A_ring_is_watched_for_its_whole_soak_time_and_probed_again_after_it()
    {
        var run = RolloutMoves.Probed(Run(RolloutState.Running, At(RingState.Probing)), "production", Now);
        Assert.Equal(new RolloutTurn(Until: Now.AddHours(2)), RolloutMoves.Next(run, Always, Now.AddHours(2).AddTicks(-1)).Turn);
        var (again, turn) = RolloutMoves.Next(run, Always, Now.AddHours(2));
        Assert.Equal(new RolloutTurn("production", RolloutWork.Probe), turn);
        var (done, over) = RolloutMoves.Next(RolloutMoves.Probed(again, "production", Now.AddHours(2)), Always, Now.AddHours(2));
        Assert.Equal((RolloutState.Completed, null, new RolloutTurn()), (done.State, done.Problem, over));

        // Without a soak time one round of probes is enough.
        Assert.Equal(RingState.Done, RolloutMoves.Probed(Run(RolloutState.Running, At(RingState.Probing), Bound with { Soak = TimeSpan.Zero }), "production", Now).Ring("production").State);
    }

    [Theory]
    [InlineData("", "Production: applied to a.")]
    [InlineData("Done.", "Production: applied to a. Done.")]
    public void What_a_program_said_is_in_the_timeline_and_of_much_its_end(string said, string line)
    {
        var run = Run(RolloutState.Running, At(RingState.Applying) with { Touched = ["a"] });
        Assert.Equal(line, Assert.Single(RolloutMoves.AppliedTo(run, "production", "a", said, Now).Timeline).What);
        Assert.EndsWith("a. …" + new string('x', 299) + "!", Assert.Single(RolloutMoves.AppliedTo(run, "production", "a", new string('x', 2000) + "!", Now).Timeline).What, StringComparison.Ordinal);
        Assert.EndsWith("a. …" + new string('x', 299) + "!", Assert.Single(RolloutMoves.UndoneAt(run, "production", "a", new string('x', 2000) + "!", Now).Timeline).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ring_without_windows_and_backups_begins_at_once()
    {
        var (run, turn) = RolloutMoves.Next(Run(RolloutState.Running, new RingRun("test", RingState.Pending, []), Free), Never, Now);

        Assert.Equal((new RolloutTurn("test", RolloutWork.Apply), RingState.Applying, Now, null), (turn, run.Ring("test").State, run.Ring("test").StartedAt, run.Ring("test").SlotEnd));
        Assert.Equal([""], run.Ring("test").Parts);
    }

    [Fact]
    public void A_failed_backup_or_rollback_waits_for_a_person_and_a_failed_change_or_probe_goes_back()
    {
        foreach (var (at, work) in new[] { (RingState.Applying, RolloutWork.Apply), (RingState.Probing, RolloutWork.Probe) })
        {
            var failed = RolloutMoves.Fail(Run(RolloutState.Running, At(at)), "production", work, "It broke.", Now);
            Assert.Equal((RolloutState.Running, RingState.Undoing, "It broke.", 1), (failed.State, failed.Ring("production").State, failed.Ring("production").Problem, failed.ToTell));
            var ended = RolloutMoves.Undone(failed, "production", Now);
            Assert.Equal((RolloutState.RolledBack, "Production: It broke."), (ended.State, ended.Problem));
        }

        foreach (var (at, work) in new[] { (RingState.BackingUp, RolloutWork.Backup), (RingState.Undoing, RolloutWork.Undo) })
        {
            var failed = RolloutMoves.Fail(Run(RolloutState.Running, At(at) with { Backups = [new("nightly", "n1", true)] }), "production", work, "It broke.", Now);
            Assert.Equal((RolloutState.Stuck, at, "It broke.", at == RingState.Undoing ? 1 : 0), (failed.State, failed.Ring("production").State, failed.Problem, failed.Ring("production").Backups.Count));
            Assert.Equal(new RolloutTurn(Until: Now.AddDays(1)), RolloutMoves.Next(failed, Always, Now).Turn);
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("ben", true)]
    [InlineData("ann", true)]
    [InlineData("cat", false)]
    public void Who_implements_it_administrators_and_the_machines_operator_decide(string? who, bool may)
    {
        var person = who is null ? null : new Person(who, who, null, null, who == "ann" ? [Roles.Administrator] : ["approver"], [], null);

        Assert.Equal(may, RolloutMoves.MayDecide(Run(RolloutState.Running, At(RingState.Pending)) with { Implementer = "ben" }, person) is null);
        Assert.Equal(who is null or "ann", RolloutMoves.MayDecide(Run(RolloutState.Running, At(RingState.Pending)), person) is null);
    }

    [Fact]
    public void A_request_goes_to_the_rings_that_it_names_targets_in_with_the_window_that_it_asks_for()
    {
        RolloutRing[] rings = [Free, Bound, Bound with { Id = "pilot", Windows = ["weekend"] }];
        Assert.Equal(rings, RolloutScript.Of(rings, Request([])));
        Assert.Empty(RolloutScript.Of([], Request([])));
        Assert.Empty(RolloutScript.Of(rings, Request(new() { ["elsewhere"] = ["x"] })));

        var some = RolloutScript.Of(rings, Request(new() { ["pilot"] = ["x", "y"], ["production"] = [] }));
        Assert.Equal(["production a b", "pilot x y"], some.Select(static ring => $"{ring.Id} {string.Join(' ', ring.Targets)}"));

        var asked = RolloutScript.Of(rings, Request([]) with { Window = "sunday" });
        Assert.Equal(["", "sunday", "sunday"], asked.Select(static ring => string.Join(' ', ring.Windows)));
    }

    private static PatchRequest Request(Dictionary<string, IReadOnlyList<string>> targets) =>
        new("P-1", "Title", "Text", PatchType.Normal, PatchSeverity.Low, "register", "ann", Now, ["approver"], 1, Now.AddHours(1)) { Targets = targets };

    private static RingRun At(RingState state) => new("production", state, ["a", "b"]);

    private static RolloutRun Run(RolloutState state, RingRun ring, RolloutRing? plan = null) =>
        new("P-1", "A change", "register", null, [plan ?? Bound], state, Now.AddDays(-1), [ring], []) { IsTaken = true };

    private static WindowFit? Always(IReadOnlyList<string> windows, DateTimeOffset ready, TimeSpan duration) => new(ready, ready + duration, windows);

    private static WindowFit? Tomorrow(IReadOnlyList<string> windows, DateTimeOffset ready, TimeSpan duration) => new(ready.AddDays(1), ready.AddDays(1) + duration, windows);

    private static WindowFit? Never(IReadOnlyList<string> windows, DateTimeOffset ready, TimeSpan duration) => null;
}
