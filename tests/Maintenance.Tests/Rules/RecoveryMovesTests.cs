using Maintenance.Backups.Repository;
using Maintenance.Recovery;
using static Maintenance.Tests.Rules.RecoveryStory;

namespace Maintenance.Tests.Rules;

public sealed class RecoveryMovesTests
{
    private static readonly DateTimeOffset Later = Start.AddMinutes(10);

    [Theory]
    [InlineData(RecoveryStepKind.Restore, StepTurn.Run, RecoveryStepState.Running)]
    [InlineData(RecoveryStepKind.Action, StepTurn.Run, RecoveryStepState.Running)]
    [InlineData(RecoveryStepKind.Check, StepTurn.Run, RecoveryStepState.Running)]
    [InlineData(RecoveryStepKind.Manual, StepTurn.Wait, RecoveryStepState.Waiting)]
    [InlineData(RecoveryStepKind.Gate, StepTurn.Wait, RecoveryStepState.Waiting)]
    public void A_step_that_is_come_to_is_run_by_a_machine_or_waits_for_a_person(RecoveryStepKind kind, StepTurn turn, RecoveryStepState state)
    {
        var (run, found) = RecoveryMoves.Take(Run(steps: [Step("a", kind)]), "a", Later);
        Assert.Equal((turn, state, Later), (found, run.Step("a").State, run.Step("a").StartedAt));
        Assert.Equal(turn, RecoveryMoves.Take(run, "a", Later.AddHours(1)).Turn);
        Assert.Equal(Later, RecoveryMoves.Take(run, "a", Later.AddHours(1)).Run.Step("a").StartedAt);
    }

    [Theory]
    [InlineData(RecoveryStepKind.Gate, false, RecoveryStepState.Skipped)]
    [InlineData(RecoveryStepKind.Manual, false, RecoveryStepState.Skipped)]
    [InlineData(RecoveryStepKind.Action, false, RecoveryStepState.Skipped)]
    [InlineData(RecoveryStepKind.Manual, true, RecoveryStepState.Waiting)]
    [InlineData(RecoveryStepKind.Action, true, RecoveryStepState.Running)]
    public void A_drill_leaves_out_what_did_not_opt_in(RecoveryStepKind kind, bool optedIn, RecoveryStepState state)
    {
        var (run, turn) = RecoveryMoves.Take(Run(RecoveryKind.Drill, [Step("a", kind) with { RunsInDrill = optedIn }]), "a", Later);
        Assert.Equal(state, run.Step("a").State);
        Assert.Equal(!optedIn, turn == StepTurn.Done);
    }

    [Fact]
    public void The_cut_over_begins_with_the_quorum_of_distinct_people_and_not_before()
    {
        var run = RecoveryMoves.Vote(AtGate(Later), "gate", new GateVote("ann", true, null, Later));
        run = RecoveryMoves.Vote(run, "gate", new GateVote("ann", true, "again", Later));
        Assert.Equal(RecoveryStepState.Waiting, run.Step("gate").State);
        Assert.Single(run.Step("gate").Votes);
        run = RecoveryMoves.Vote(run, "gate", new GateVote("ben", true, null, Later));
        Assert.Equal((RecoveryStepState.Running, false), (run.Step("gate").State, run.Step("gate").IsTaken));
        Assert.Equal(["gate"], RecoveryMoves.ToWake(run));

        // Too late to reject; to approve again changes nothing.
        Assert.Throws<RecoveryStateException>(() => RecoveryMoves.Vote(run, "gate", new GateVote("cat", false, "No", Later)));
        Assert.Same(run, RecoveryMoves.Vote(run, "gate", new GateVote("ben", true, null, Later)));
    }

    [Fact]
    public void One_rejection_stops_the_recovery_whoever_approved_before()
    {
        var run = RecoveryMoves.Vote(AtGate(Later), "gate", new GateVote("ann", true, null, Later));
        run = RecoveryMoves.Vote(run, "gate", new GateVote("ann", false, "The last entries are missing.", Later));
        Assert.Equal((RecoveryState.Stopping, RecoveryState.Rejected, "ann", "The last entries are missing."), (run.State, run.Ending!.State, run.Ending.By, run.Ending.Reason));
        Assert.Equal(["gate"], RecoveryMoves.ToWake(run));
        Assert.Equal(StepTurn.Stop, RecoveryMoves.Take(run, "gate", Later).Turn);
        Assert.Equal(StepTurn.Stop, RecoveryMoves.Take(run, "open", Later).Turn);
        Assert.Equal(RecoveryStepState.Stopped, RecoveryMoves.Take(run, "open", Later).Run.Step("open").State);
    }

    [Fact]
    public void Nothing_is_decided_on_the_steps_of_a_recovery_that_is_being_stopped()
    {
        var waits = RecoveryMoves.Take(Run().Do("restore", Later).Do("check", Later), "look", Later).Run;
        var aborted = RecoveryMoves.Abort(waits, "ann", "Wrong service.", Later);
        Assert.Throws<RecoveryStateException>(() => RecoveryMoves.Confirm(aborted, "look", "ben", null, Later));
        Assert.Throws<RecoveryStateException>(() => RecoveryMoves.Skip(aborted, "look", "ben", "No need", Later));
        Assert.Throws<RecoveryStateException>(() => RecoveryMoves.Retry(aborted, "look", "ben", Later));
        Assert.Throws<RecoveryStateException>(() => RecoveryMoves.Abort(aborted, "ann", "Again.", Later));
    }

    [Theory]
    [InlineData("restore", true)]
    [InlineData("gate", true)]
    [InlineData("check", false)]
    [InlineData("look", false)]
    public void A_restore_and_a_gate_are_never_left_out(string step, bool isRefused)
    {
        var begun = RecoveryMoves.Take(Run(), step, Later).Run;
        var failed = step is "gate" or "look" ? begun : RecoveryMoves.Fail(RecoveryMoves.Begin(begun, step), step, "No.", Later);
        if (isRefused)
        {
            Assert.Throws<RecoveryStateException>(() => RecoveryMoves.Skip(failed, step, "ann", "Why not", Later));
        }
        else
        {
            Assert.Equal(RecoveryStepState.Skipped, RecoveryMoves.Skip(failed, step, "ann", "Why not", Later).Step(step).State);
        }
    }

    [Fact]
    public void A_failed_step_of_a_recovery_waits_for_a_person_who_tries_it_again()
    {
        var run = RecoveryMoves.Fail(RecoveryMoves.Begin(RecoveryMoves.Take(Run().Do("restore", Later), "check", Later).Run, "check"), "check", "It is empty.", Later);
        Assert.Equal((RecoveryState.Running, RecoveryStepState.Failed, StepTurn.Wait), (run.State, run.Step("check").State, RecoveryMoves.Take(run, "check", Later).Turn));
        run = RecoveryMoves.Retry(run, "check", "ben", Later);
        Assert.Equal(["check"], RecoveryMoves.ToWake(run));
        var (taken, turn) = RecoveryMoves.Take(run, "check", Later);
        Assert.Equal((StepTurn.Run, 1), (turn, taken.Step("check").Attempts));
        Assert.Empty(RecoveryMoves.ToWake(taken));
    }

    /// <summary>Whoever was told to empty the place has taken away what the pieces before had restored.</summary>
    [Fact]
    public void A_restore_that_a_person_tries_again_begins_at_the_beginning()
    {
        var run = RecoveryMoves.Begin(RecoveryMoves.Take(Run(), "restore", Later).Run, "restore");
        run = run.With(run.Step("restore") with { Pieces = new RestoredPieces(new RestoreCursor(7), 7, 700) });
        run = RecoveryMoves.Fail(run, "restore", "The container has a blob of this name.", Later);
        Assert.Null(RecoveryMoves.Retry(run, "restore", "ben", Later).Step("restore").Pieces);
    }

    /// <summary>A drill with a fault passes where the fault is what failed it, and by nothing else.</summary>
    [Theory]
    [InlineData(null, "check", RecoveryState.Failed)]
    [InlineData(DrillFault.MissingPack, "restore", RecoveryState.Completed, true)]
    [InlineData(DrillFault.MissingPack, "restore", RecoveryState.Failed)]
    [InlineData(DrillFault.MissingPack, "check", RecoveryState.Failed)]
    [InlineData(DrillFault.FailingCheck, "check", RecoveryState.Completed)]
    [InlineData(DrillFault.FailingCheck, "restore", RecoveryState.Failed)]
    [InlineData(DrillFault.FailingCheck, "other", RecoveryState.Failed)]
    public void A_drill_ends_with_the_first_failure_well_only_where_that_is_the_fault_that_was_put_in(DrillFault? fault, string step, RecoveryState ending, bool isAtThePack = false)
    {
        var run = Run(RecoveryKind.Drill, [.. Usual, Step("other", RecoveryStepKind.Check, "restore")], fault);
        run = RecoveryMoves.Begin(RecoveryMoves.Take(run, step, Later).Run, step);
        run = RecoveryMoves.Fail(run.With(run.Step(step) with { IsFaultNoticed = isAtThePack }), step, "Such a thing.", Later);
        Assert.Equal((RecoveryState.Stopping, ending), (run.State, run.Ending!.State));
        Assert.Contains("Such a thing.", run.Ending.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_drill_whose_fault_nobody_noticed_has_failed()
    {
        var run = RecoveryMoves.EndSteps(Run(RecoveryKind.Drill, fault: DrillFault.FailingCheck), Later);
        Assert.Equal(RecoveryState.Failed, run.Ending!.State);
        Assert.Contains("went unnoticed", run.Ending.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_settles_it_says_the_same_again_and_not_the_opposite()
    {
        var recovered = RecoveryMoves.EndSteps(Run(), Later);
        Assert.Throws<RecoveryStateException>(() => RecoveryMoves.Abort(recovered, "ann", "Late.", Later));
        var well = RecoveryMoves.Settle(recovered, true, "ann", "", Later);
        Assert.Same(well, RecoveryMoves.Settle(well, true, "ben", "", Later));
        Assert.Throws<RecoveryStateException>(() => RecoveryMoves.Settle(well, false, "ben", "No", Later));
        Assert.Throws<RecoveryStateException>(() => RecoveryMoves.Settle(Run(), true, "ann", "", Later));
        var closed = RecoveryMoves.Close(well, ["It was removed."], Later);
        Assert.Equal((RecoveryState.Completed, Later), (closed.State, closed.ClosedAt));
        Assert.Same(closed, RecoveryMoves.Close(closed, ["It was removed."], Later));
        Assert.All(closed.Steps, static step => Assert.Equal((null, null), (step.Isolated, step.Aside)));
    }

    [Theory]
    [InlineData("ben", "support", true)]
    [InlineData("support", "guest", true)]
    [InlineData("ann", "administrator", true)]
    [InlineData("zoe", "guest", false)]
    public void A_steps_owner_and_administrators_act_on_it(string id, string role, bool may) =>
        Assert.Equal(may, RecoveryMoves.MayAct(Run(), "look", Person(id, role)) is null);

    [Fact]
    public void At_a_gate_people_with_the_role_vote_and_the_operator_is_no_person()
    {
        Assert.Null(RecoveryMoves.MayVote(Run(), "gate", Person("kim", "approver")));
        Assert.Contains("approver", RecoveryMoves.MayVote(Run(), "gate", Person("ann", "administrator")), StringComparison.Ordinal);
        Assert.Contains("token", RecoveryMoves.MayVote(Run(), "gate", null), StringComparison.Ordinal);
        Assert.Contains("no gate", RecoveryMoves.MayVote(Run(), "look", Person("kim", "approver")), StringComparison.Ordinal);
    }
}
