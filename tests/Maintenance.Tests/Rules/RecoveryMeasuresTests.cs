using Maintenance.Backups;
using Maintenance.Recovery;
using Maintenance.Time;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;
using static Maintenance.Tests.Rules.RecoveryStory;

namespace Maintenance.Tests.Rules;

public sealed class RecoveryMeasuresTests
{
    /// <summary>RPO 1h, RTO 4h, work recovery 2h, MTD 8h; the recovery point is 30 minutes before the start.</summary>
    [Theory]
    [InlineData(30, 240, 360, true)]
    [InlineData(31, 240, 360, false)]
    [InlineData(0, 241, 361, false)]
    [InlineData(0, 240, 361, false)]
    [InlineData(30, 0, 0, true)]
    public void An_objective_that_is_met_exactly_is_kept(int lostAfterStart, int recoveredAfterLoss, int confirmedAfterLoss, bool isPassed)
    {
        var lost = Start.AddMinutes(lostAfterStart);
        var run = Recovered(Run() with { DisruptedAt = lost }, lost.AddMinutes(recoveredAfterLoss));
        run = run with { Ending = new RecoveryEnding(RecoveryState.Completed, "ann", "", lost.AddMinutes(confirmedAfterLoss)) };
        var measures = RecoveryMeasures.Of(run, lost.AddMinutes(confirmedAfterLoss));
        Assert.Equal(isPassed, measures.IsPassed);
        Assert.Equal(TimeSpan.FromMinutes(30 + lostAfterStart), measures.RecoveryPoint!.Achieved);
        Assert.Equal(TimeSpan.FromMinutes(recoveredAfterLoss), measures.RecoveryTime!.Achieved);
        Assert.Equal(TimeSpan.FromMinutes(confirmedAfterLoss - recoveredAfterLoss), measures.WorkRecovery!.Achieved);
        Assert.Equal(TimeSpan.FromMinutes(confirmedAfterLoss), measures.Downtime!.Achieved);
    }

    [Fact]
    public void A_plan_without_a_work_recovery_time_asks_nothing_of_it()
    {
        var run = Run() with { Ending = new RecoveryEnding(RecoveryState.Completed, "ann", "", Start.AddHours(3)) };
        run = Recovered(run with { Objectives = run.Objectives with { WorkRecovery = TimeSpan.Zero } }, Start.AddHours(1));
        var measures = RecoveryMeasures.Of(run, Start.AddHours(3));
        Assert.Equal((null, TimeSpan.FromHours(3), true), (measures.WorkRecovery, measures.Downtime!.Achieved, measures.IsPassed));
    }

    [Fact]
    public void The_oldest_of_several_recovery_points_counts()
    {
        var steps = new[] { Step("a", RecoveryStepKind.Restore), Step("b", RecoveryStepKind.Restore) };
        var run = Recovered(Run(steps: steps), Start.AddHours(1));
        run = run.With(run.Step("b") with { Source = new RecoverySource("nightly_0", Start.AddHours(-9), null) });
        Assert.Equal(TimeSpan.FromHours(9), RecoveryMeasures.Of(run, Start.AddHours(1)).RecoveryPoint!.Achieved);
    }

    [Fact]
    public void A_drill_measures_no_downtime_and_one_with_a_fault_nothing_but_that_it_was_noticed()
    {
        var drill = Recovered(Run(RecoveryKind.Drill, steps: [Step("a", RecoveryStepKind.Restore)]), Start.AddHours(5)) with { Ending = new RecoveryEnding(RecoveryState.Completed, "system", "", Start.AddHours(5)) };
        var measures = RecoveryMeasures.Of(drill, Start.AddHours(5));
        Assert.Equal((TimeSpan.FromHours(5), false, null, null, false), (measures.RecoveryTime!.Achieved, measures.RecoveryTime.IsMet, measures.WorkRecovery, measures.Downtime, measures.IsPassed));
        var noticed = RecoveryMeasures.Of(drill with { Fault = DrillFault.MissingPack }, Start.AddHours(5));
        Assert.Equal(new RecoveryMeasures(null, null, null, null, true), noticed);
        Assert.False(RecoveryMeasures.Of(drill with { Fault = DrillFault.MissingPack, Ending = drill.Ending! with { State = RecoveryState.Failed } }, Start).IsPassed);
    }

    [Fact]
    public void A_drill_counts_what_it_left_to_people_as_long_as_the_plan_expects()
    {
        var drill = Recovered(Run(RecoveryKind.Drill, steps: [Step("a", RecoveryStepKind.Restore), Step("b", RecoveryStepKind.Manual) with { After = ["a"], Duration = TimeSpan.FromMinutes(45) }]), Start.AddMinutes(3));
        drill = drill.With(drill.Step("b") with { State = RecoveryStepState.Skipped, StartedAt = Start.AddMinutes(3), EndedAt = Start.AddMinutes(3) });
        drill = drill with { Ending = new RecoveryEnding(RecoveryState.Completed, "system", "", Start.AddMinutes(3)) };
        Assert.Equal(TimeSpan.FromMinutes(48), RecoveryMeasures.Of(drill, Start.AddMinutes(3)).RecoveryTime!.Achieved);
        Assert.Null(RecoveryMeasures.Of(drill with { PointInTime = Start.AddDays(-9) }, Start).RecoveryPoint);
    }

    [Fact]
    public void One_that_was_aborted_has_not_passed_and_measures_what_there_is()
    {
        var aborted = RecoveryMoves.Close(RecoveryMoves.Abort(Run().Do("restore", Start), "ann", "No.", Start.AddMinutes(1)), [], Start.AddMinutes(2));
        Assert.Equal((false, TimeSpan.FromMinutes(30), null, null), (aborted.Measures!.IsPassed, aborted.Measures.RecoveryPoint!.Achieved, aborted.Measures.RecoveryTime, aborted.Measures.Downtime));
        Assert.Null(RecoveryMoves.Close(RecoveryMoves.Abort(Run(), "ann", "No.", Start), [], Start).Measures!.RecoveryPoint);
    }

    [Fact]
    public void A_clock_that_was_set_back_shows_no_time_that_is_less_than_none()
    {
        var run = Recovered(Run() with { DisruptedAt = Start.AddHours(-2) }, Start.AddHours(-3)) with { Ending = new RecoveryEnding(RecoveryState.Completed, "ann", "", Start.AddHours(-4)) };
        var measures = RecoveryMeasures.Of(run, Start.AddHours(-4));
        Assert.All(RecoveryText.Lines(measures), static line => Assert.Equal(TimeSpan.Zero, line.Measure.Achieved));
        Assert.Equal(TimeSpan.Zero, RecoveryHistory.Durations("register", [Took("check", Start, -5)])["check"]);
    }

    [Fact]
    public void The_next_recovery_is_expected_to_take_the_median_of_the_newest_ten()
    {
        var runs = Enumerable.Range(0, 14).Select(i => Took("check", Start.AddDays(i), i < 4 ? 1000 : i)).ToList();
        Assert.Equal(TimeSpan.FromMinutes(9), RecoveryHistory.Durations("register", [.. runs.Skip(5), .. runs.Take(5)])["check"]);
        Assert.Equal(TimeSpan.FromMinutes(7), RecoveryHistory.Durations("register", [Took("check", Start, 5), Took("check", Start, 7)])["check"]);
        Assert.Empty(RecoveryHistory.Durations("another", runs));
        Assert.Empty(RecoveryHistory.Durations("register", runs.Select(static run => run with { Fault = DrillFault.FailingCheck })));
    }

    /// <summary>Drills leave out what people do: how long that took in the last real recovery must not be forgotten by ten drills.</summary>
    [Fact]
    public void What_drills_leave_out_is_known_from_the_recoveries_before_them()
    {
        var drills = Enumerable.Range(1, 12).Select(i => Took("check", Start.AddDays(i), 3));
        Assert.Equal(TimeSpan.FromMinutes(44), RecoveryHistory.Durations("register", [Took("look", Start, 44), .. drills])["look"]);
    }

    [Theory]
    [InlineData("2026-11-22T04:59:59Z", null)]
    [InlineData("2026-11-22T05:00:00Z", "2026-11-22T05:00:00Z")]
    [InlineData("2026-12-20T06:00:00Z", "2026-12-20T05:00:00Z")]
    public void A_drill_is_due_once_however_long_nobody_looked(string now, string? due)
    {
        var policy = new DrillPolicy(Schedule.Parse("0 0 5 * * *"), TimeSpan.FromDays(3));
        Assert.Equal(due is null ? null : Utc(due), DrillPlanning.Due(policy, new DrillStatus(Start, Start), DateTimeZone.Utc, Utc(now)));
        if (due is not null)
        {
            Assert.Null(DrillPlanning.Due(policy, new DrillStatus(Start, Utc(due)), DateTimeZone.Utc, Utc(now)));
        }
    }

    [Fact]
    public void A_drill_counts_to_the_very_end_of_its_time()
    {
        var policy = new DrillPolicy(Schedule.Parse("0 0 5 * * *"), TimeSpan.FromDays(3));
        var status = new DrillStatus(Start, Start);
        Assert.Null(DrillPlanning.OverdueSince(policy, status, Start.AddDays(3)));
        Assert.Equal(Start.AddDays(3), DrillPlanning.OverdueSince(policy, status, Start.AddDays(3).AddTicks(1)));
        Assert.Null(DrillPlanning.OverdueSince(policy, status with { PassedAt = Start.AddHours(1) }, Start.AddDays(3).AddHours(1)));
        Assert.Equal(Start.AddDays(3).AddHours(1), DrillPlanning.OverdueSince(policy, status with { PassedAt = Start.AddHours(1) }, Start.AddDays(4)));
    }

    [Theory]
    [InlineData(null, "c")]
    [InlineData("2026-11-22T05:00:00Z", "c")]
    [InlineData("2026-11-22T03:59:59Z", "b")]
    [InlineData("2026-11-22T03:00:00Z", "b")]
    [InlineData("2026-11-22T02:59:59Z", "a")]
    public void The_newest_recovery_point_at_or_before_the_instant_serves_it(string? at, string id) =>
        Assert.Equal(id, RecoveryPoints.Choose("nightly", [("a", Utc("2026-11-22T02:00Z")), ("c", Utc("2026-11-22T04:00Z")), ("b", Utc("2026-11-22T03:00Z"))], at is null ? null : Utc(at)));

    private static RecoveryRun Recovered(RecoveryRun run, DateTimeOffset at) => run with
    {
        State = RecoveryState.Recovered,
        RecoveredAt = at,
        Steps = [.. run.Steps.Select(step => step with { State = RecoveryStepState.Done, StartedAt = run.StartedAt, EndedAt = at })],
    };

    private static RecoveryRun Took(string step, DateTimeOffset at, int minutes)
    {
        var run = Run() with { StartedAt = at };
        return run.With(run.Step(step) with { State = RecoveryStepState.Done, StartedAt = at, EndedAt = at.AddMinutes(minutes) });
    }
}
