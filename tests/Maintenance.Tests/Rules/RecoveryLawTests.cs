using FsCheck;
using FsCheck.Fluent;
using Maintenance.Recovery;
using static Maintenance.Tests.Rules.RecoveryStory;

namespace Maintenance.Tests.Rules;

/// <summary>What holds for every sequence of moves on every graph: whatever the workflow, people and crashes do in whatever order.</summary>
public sealed class RecoveryLawTests
{
    private static readonly string[] People = ["ann", "ben", "cat"];

    [Fact]
    public void Whatever_happens_in_whatever_order_a_recovery_stays_one() => Law.Holds(Cases, 3000, static one =>
    {
        var run = Run(one.Kind, one.Steps, one.Kind == RecoveryKind.Drill ? one.Fault : null);
        var now = Start;
        foreach (var move in one.Moves)
        {
            now = now.AddMinutes(1);
            var step = one.Steps[move.Step % one.Steps.Length].Id;
            if (!IsOffered(run, step, move.What))
            {
                continue;
            }

            RecoveryRun next;
            try
            {
                next = Apply(run, step, move, now);
            }
            catch (RecoveryStateException)
            {
                continue;
            }

            AssertGoesOn(run, next, move.What);
            AssertTwiceIsOnce(next, step, move, now);

            // What is stored is read again, and is the same.
            run = MaintenanceJson.Read<RecoveryRun>(MaintenanceJson.Write(next));
            Assert.Equal(MaintenanceJson.Write(next), MaintenanceJson.Write(run));
        }
    });

    private static Gen<(RecoveryKind Kind, DrillFault? Fault, RecoveryStep[] Steps, (int What, int Step, int Person)[] Moves)> Cases =>
        from kind in Gen.Elements(RecoveryKind.Recovery, RecoveryKind.Recovery, RecoveryKind.Drill)
        from fault in Gen.Elements<DrillFault?>(null, DrillFault.FailingCheck, DrillFault.MissingPack)
        from kinds in Gen.Choose(0, 4).NonEmptyListOf()
        from links in Gen.Choose(0, 63).ArrayOf(8)
        from optIns in Gen.Choose(0, 1).ArrayOf(8)
        from moves in (from what in Gen.Frequency((4, Gen.Constant(0)), (2, Gen.Constant(1)), (3, Gen.Constant(2)), (4, Gen.Choose(3, 8)), (1, Gen.Choose(9, 13)))
                       from step in Gen.Choose(0, 7)
                       from person in Gen.Choose(0, 2)
                       select (what, step, person)).ArrayOf(40)
        let steps = kinds.Take(6).Select((k, i) => Make(i, (RecoveryStepKind)k, links[i], optIns[i] == 1)).ToArray()
        select (kind, fault, steps, moves);

    private static RecoveryStep Make(int index, RecoveryStepKind kind, int links, bool optsIn)
    {
        var step = Step("s" + index, kind, [.. Enumerable.Range(0, index).Where(before => (links >> before & 1) == 1).Select(static before => "s" + before)]);
        return step with { RunsInDrill = step.RunsInDrill || (optsIn && kind != RecoveryStepKind.Gate) };
    }

    /// <summary>The workflow comes to a step once what is before it is done, ends only what was begun, and settles and closes once everything has ended.</summary>
    private static bool IsOffered(RecoveryRun run, string step, int what) => what switch
    {
        0 => run.Script.Step(step).After.All(id => run.Step(id).State is RecoveryStepState.Done or RecoveryStepState.Skipped),
        1 => run.State == RecoveryState.Running && run.Step(step).State == RecoveryStepState.Running,
        2 or 3 => run.IsOpen && run.Step(step).Attempts > 0,
        10 => run.State != RecoveryState.Running || run.Steps.All(static one => one.IsEnded),
        _ => true,
    };

    private static RecoveryRun Apply(RecoveryRun run, string step, (int What, int Step, int Person) move, DateTimeOffset now)
    {
        var by = People[move.Person];
        return move.What switch
        {
            0 => RecoveryMoves.Take(run, step, now).Run,
            1 => RecoveryMoves.Begin(run, step),
            2 => RecoveryMoves.Finish(run, step, "done.", now),
            3 => RecoveryMoves.Fail(run, step, "It broke.", now),
            4 => RecoveryMoves.Confirm(run, step, by, null, now),
            5 => RecoveryMoves.Retry(run, step, by, now),
            6 => RecoveryMoves.Skip(run, step, by, "no need", now),
            7 => RecoveryMoves.Vote(run, step, new GateVote(by, true, null, now)),
            8 => RecoveryMoves.Vote(run, step, new GateVote(by, move.Step % 3 > 0, "so", now)),
            9 => RecoveryMoves.Abort(run, by, "enough", now),
            10 => RecoveryMoves.EndSteps(run, now),
            11 => RecoveryMoves.Settle(run, true, by, "", now),
            12 => RecoveryMoves.Settle(run, false, by, "no", now),
            _ => RecoveryMoves.Close(run, ["put away."], now),
        };
    }

    private static void AssertGoesOn(RecoveryRun before, RecoveryRun after, int what)
    {
        Assert.Equal(before.Timeline, after.Timeline.Take(before.Timeline.Count));
        foreach (var (was, now) in before.Steps.Zip(after.Steps))
        {
            Assert.Equal(was.Id, now.Id);
            if (was.IsEnded)
            {
                Assert.Equal((was.State, was.EndedAt, was.Result, was.Attempts, was.Votes.Count), (now.State, now.EndedAt, now.Result, now.Attempts, now.Votes.Count));
            }

            var plan = after.Script.Step(now.Id);
            if (before.State != RecoveryState.Running)
            {
                Assert.False(was.State != now.State && now.State is RecoveryStepState.Running or RecoveryStepState.Waiting, $"{what} began {now.Id} of a stopped run.");
                Assert.Equal(was.StartedAt, now.StartedAt);
            }

            if (plan.Kind == RecoveryStepKind.Gate && now.State is RecoveryStepState.Running or RecoveryStepState.Done)
            {
                Assert.True(plan.Kind != RecoveryStepKind.Gate || now.Votes.Where(static vote => vote.IsApproval).DistinctBy(static vote => vote.Person).Count() >= plan.Gate!.Quorum, $"{now.Id} was cut over without its quorum.");
                Assert.Equal(RecoveryKind.Recovery, after.Kind);
            }

            Assert.False(after.Kind == RecoveryKind.Drill && now.State == RecoveryStepState.Waiting && !plan.RunsInDrill, $"A drill waits at {now.Id}.");
            Assert.True(now.Attempts >= was.Attempts && now.Votes.Count >= was.Votes.Count);
            Assert.Equal(was.Source, now.Source);
        }

        Assert.True(after.Kind == RecoveryKind.Recovery || after.State != RecoveryState.Recovered);
        Assert.Equal(after.ClosedAt is not null, after.State is RecoveryState.Completed or RecoveryState.Failed or RecoveryState.Rejected or RecoveryState.Aborted or RecoveryState.Reverted);
        Assert.True(before.Ending is null || before.Ending == after.Ending, "It ended twice.");
        if (!before.IsOpen)
        {
            Assert.Equal((before.State, before.Timeline.Count, before.Measures), (after.State, after.Timeline.Count, after.Measures));
        }

        // Whoever waits although there is nothing to wait for is woken.
        if (after.State != RecoveryState.Running)
        {
            Assert.Equal(after.Steps.Where(static step => step.State is RecoveryStepState.Waiting or RecoveryStepState.Failed).Select(static step => step.Id), RecoveryMoves.ToWake(after));
        }
        else if (what is 4 or 5 or 6)
        {
            Assert.All(after.Steps.Zip(before.Steps).Where(static pair => pair.First.State != pair.Second.State), pair => Assert.Contains(pair.First.Id, RecoveryMoves.ToWake(after)));
        }
    }

    private static void AssertTwiceIsOnce(RecoveryRun next, string step, (int What, int Step, int Person) move, DateTimeOffset now)
    {
        if (move.What == 1)
        {
            return;
        }

        try
        {
            Assert.Equal(MaintenanceJson.Write(next), MaintenanceJson.Write(Apply(next, step, move, now.AddHours(1))));
        }
        catch (RecoveryStateException)
        {
            // A person is told that it was decided already.
            Assert.InRange(move.What, 4, 13);
        }
    }
}
