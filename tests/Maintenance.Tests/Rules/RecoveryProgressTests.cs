using Maintenance.Plan;
using Maintenance.Recovery;
using NodaTime;

namespace Maintenance.Tests.Rules;

/// <summary>How far a recovery is, what a gate does, and what the report of it says.</summary>
public sealed class RecoveryProgressTests
{
    private static readonly DateTimeOffset Start = RecoveryStory.Start;

    private static readonly OperationsPlan Plan = HelpDeskPlan.Plan with
    {
        Services = [new("register", "The register", "", Criticality.High, "ann", TimeSpan.FromHours(4), TimeSpan.FromHours(1), TimeSpan.FromHours(8), [])],
        People =
        [
            RecoveryStory.Person("ann", "administrator"), RecoveryStory.Person("ben", "support", "approver"), RecoveryStory.Person("cat", "approver"),
            RecoveryStory.Person("dan", "approver") with { Absences = [new Absence(new LocalDate(2026, 11, 20), new LocalDate(2026, 11, 25), "Leave")] },
        ],
    };

    [Fact]
    public void Before_anything_is_done_all_is_left_and_the_chain_is_critical()
    {
        var progress = RecoveryProgress.Of(RecoveryStory.Run(), Start);
        Assert.Equal((0.0, 25.0, 25.0), (progress.Elapsed.TotalMinutes, progress.Remaining.TotalMinutes, progress.Total.TotalMinutes));
        Assert.Equal(["restore", "check", "look", "gate", "open"], progress.CriticalPath);
        Assert.All(progress.Steps, static step => Assert.Equal((null, 0.0, true, false), (step.Elapsed, step.Part, step.IsCritical, step.IsOver)));
    }

    [Fact]
    public void What_is_done_took_what_it_took_and_what_runs_longer_than_expected_has_nothing_left()
    {
        var run = RecoveryMoves.Take(RecoveryStory.Run(), "restore", Start).Run;
        run = run.Do("restore", Start.AddMinutes(3));
        run = RecoveryMoves.Take(run, "check", Start.AddMinutes(3)).Run;
        var soon = RecoveryProgress.Of(run, Start.AddMinutes(5));
        Assert.Equal((3.0, 2.0), (soon.Of("restore").Elapsed!.Value.TotalMinutes, soon.Of("check").Elapsed!.Value.TotalMinutes));
        Assert.Equal((0.6, 0.4), (soon.Of("restore").Part, soon.Of("check").Part));
        Assert.Equal(18, soon.Remaining.TotalMinutes);
        var late = RecoveryProgress.Of(run, Start.AddMinutes(23));
        Assert.True(late.Of("check").IsOver);
        Assert.Equal((15.0, 38.0), (late.Remaining.TotalMinutes, late.Total.TotalMinutes));
        Assert.True(late.IsWithinRecoveryTime);
        Assert.False(late.IsLate);
        Assert.True(RecoveryProgress.Of(run, Start.AddMinutes(240)) is { IsLate: false, IsWithinRecoveryTime: false });
        Assert.True(RecoveryProgress.Of(run, Start.AddMinutes(241)).IsLate);
    }

    [Fact]
    public void The_critical_path_goes_where_time_is_lost()
    {
        RecoveryStep[] steps = [RecoveryStory.Step("long", RecoveryStepKind.Action) with { Duration = TimeSpan.FromMinutes(30) }, RecoveryStory.Step("short", RecoveryStepKind.Action), RecoveryStory.Step("end", RecoveryStepKind.Action, "long", "short")];
        var run = RecoveryStory.Run(steps: steps);
        run = RecoveryMoves.Take(RecoveryMoves.Take(run, "long", Start).Run, "short", Start).Run;
        Assert.Equal(["long", "end"], RecoveryProgress.Of(run, Start.AddMinutes(4)).CriticalPath);

        // The long one was quick, and the short one does not come to its end.
        Assert.Equal(["short", "end"], RecoveryProgress.Of(run.Do("long", Start.AddMinutes(10)), Start.AddMinutes(45)).CriticalPath);
    }

    [Fact]
    public void A_drill_leaves_out_what_is_peoples_and_a_clock_that_was_set_back_shows_no_negative_time()
    {
        var drill = RecoveryProgress.Of(RecoveryStory.Run(RecoveryKind.Drill), Start);
        Assert.Equal(10, drill.Remaining.TotalMinutes);
        Assert.False(drill.Of("gate").IsCritical);
        var back = RecoveryProgress.Of(RecoveryMoves.Take(RecoveryStory.Run(), "restore", Start).Run, Start.AddMinutes(-9));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (back.Elapsed, back.Of("restore").Elapsed));
        var whole = new StepProgress("a", TimeSpan.Zero, TimeSpan.Zero, false);
        Assert.Equal((1.0, false), (whole.Part, whole.IsOver));
    }

    [Fact]
    public void Once_the_service_runs_again_its_time_stands_still()
    {
        var run = RecoveryMoves.EndSteps(RecoveryStory.Run() with { Steps = [.. RecoveryStory.Run().Steps.Select(static step => step with { State = RecoveryStepState.Done, StartedAt = Start, EndedAt = Start.AddMinutes(1) })] }, Start.AddMinutes(30));
        var progress = RecoveryProgress.Of(run, Start.AddHours(9));
        Assert.Equal((30.0, 0.0), (progress.Elapsed.TotalMinutes, progress.Remaining.TotalMinutes));
    }

    [Fact]
    public void A_gate_says_what_takes_whose_place_what_is_kept_and_who_may_still_vote()
    {
        var run = RecoveryStory.AtGate(Start.AddMinutes(20));
        var effect = GateEffect.Of(run, "gate", Plan, Start);
        Assert.Equal(new GateExchange("restore", "/srv/register", "nightly_1", Start.AddMinutes(-30), "/srv/register.before-R-1001"), Assert.Single(effect.Exchanges));
        Assert.Equal(("The step open", 2, 2, false), (Assert.Single(effect.Next), effect.Needed, effect.Missing, effect.IsNextTheLast));
        Assert.Equal(["ben MayVote", "cat MayVote", "dan Away"], effect.Voters.Select(static voter => $"{voter.Person} {voter.Standing}"));
        Assert.Equal("is away until 2026-11-25", effect.Voters[2].Why);

        effect = GateEffect.Of(RecoveryMoves.Vote(run, "gate", new GateVote("cat", true, null, Start)), "gate", Plan, Start);
        Assert.Equal((1, true), (effect.Missing, effect.IsNextTheLast));
        Assert.Equal(["ben MayVote", "dan Away", "cat Voted"], effect.Voters.Select(static voter => $"{voter.Person} {voter.Standing}"));
        Assert.All(GateEffect.Of(RecoveryStory.Run(), "gate", Plan, Start).Voters, static voter => Assert.Equal(VoterStanding.Closed, voter.Standing));
        _ = Assert.Throws<RecoveryStateException>(() => GateEffect.Of(run, "look", Plan, Start));
    }

    [Fact]
    public void A_gate_that_comes_before_a_restore_or_restores_to_a_place_exchanges_no_folder()
    {
        RecoveryStep[] steps =
        [
            RecoveryStory.Step("place", RecoveryStepKind.Restore) with { Restore = new RestoreStep("nightly", null, "postgres:TARGET") }, RecoveryStory.Step("gate", RecoveryStepKind.Gate, "place"),
            RecoveryStory.Step("later", RecoveryStepKind.Restore, "gate"),
        ];
        var effect = GateEffect.Of(RecoveryStory.Run(steps: steps), "gate", Plan, Start);
        Assert.Empty(effect.Exchanges);
        Assert.Equal("postgres:TARGET", Assert.Single(effect.Places));
    }

    [Fact]
    public void The_report_of_a_drill_has_its_objectives_its_findings_its_evidence_and_lines_to_sign_on()
    {
        var run = RecoveryMoves.Take(RecoveryStory.Run(RecoveryKind.Drill), "restore", Start).Run.Do("restore", Start.AddMinutes(30));
        run = RecoveryMoves.Take(run, "check", Start.AddMinutes(30)).Run;
        run = RecoveryMoves.Close(RecoveryMoves.Fail(run, "check", "It is empty.", Start.AddMinutes(31)), [], Start.AddMinutes(32));
        var report = RecoveryReport.Of(run, Plan, Start.AddDays(1));
        Assert.Equal((false, "The register", "Not passed. The step check: It is empty."), (report.IsPassed, report.ServiceName, report.Verdict));
        Assert.Equal(["Data loss (RPO)", "Time to recover (RTO)"], report.Objectives.Select(static one => one.Name));
        Assert.Equal((true, null), (report.Objectives[0].IsMet, report.Objectives[1].Achieved));
        Assert.Equal(["The step check: failed. It is empty.", "The step restore: took 30m, 5m was planned."], report.Findings);
        Assert.Equal("nightly_1", Assert.Single(report.Snapshots).Snapshot);
        Assert.Equal(("check", RecoveryStepState.Failed), (Assert.Single(report.Checks).Id, report.Checks[0].State));
        Assert.Equal(["ann: Recovery activated: Lost."], report.Decisions.Select(static entry => $"{entry.By}: {entry.What}"));
        Assert.Equal([("Drill led by", "ann"), ("Service owner", "ann"), ("Reviewed by", null)], report.Signatures.Select(static one => (one.Part, one.Person)));
        var text = RecoveryReportText.Markdown(MaintenanceJson.Read<RecoveryReport>(MaintenanceJson.Write(report)));
        Assert.StartsWith("# Drill R-1001 of The register\n", text, StringComparison.Ordinal);
        Assert.Contains("| Time to recover (RTO) | 4h | not measured |  |", text, StringComparison.Ordinal);
        Assert.Contains("- The step check: failed. It is empty.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_of_a_recovery_says_who_decided_what_what_was_left_out_and_what_failed_before_it_was_tried_again()
    {
        var run = RecoveryMoves.Take(RecoveryStory.Run().Do("restore", Start.AddMinutes(5)), "check", Start.AddMinutes(5)).Run;
        run = RecoveryMoves.Retry(RecoveryMoves.Fail(run, "check", "Once.", Start.AddMinutes(6)), "check", "ben", Start.AddMinutes(7));
        run = RecoveryMoves.Take(run.Do("check", Start.AddMinutes(8)), "look", Start.AddMinutes(8)).Run;
        run = RecoveryMoves.Skip(run, "look", "ben", "No forms.", Start.AddMinutes(9));
        var report = RecoveryReport.Of(run, Plan, Start.AddMinutes(10));
        Assert.Equal((null, "Not over yet."), (report.IsPassed, report.Verdict));
        Assert.Equal(["Data loss (RPO)", "Time to recover (RTO)", "Work recovery", "Downtime (MTD)"], report.Objectives.Select(static one => one.Name));
        Assert.Equal(["The step check: failed. Once.", "The step look: left out. No forms."], report.Findings);
        Assert.Equal(["ann", "ben", "ben"], report.Decisions.Select(static entry => entry.By));
        Assert.Null(report.Steps.Single(static step => step.Id == "look").Took);
        Assert.Equal("ben", report.NameOf("ben"));
    }
}
