using System.Globalization;
using System.Text.Json;
using Maintenance.Backups;
using Maintenance.Backups.Alarms;
using Maintenance.Messaging;
using Maintenance.Monitoring;
using Maintenance.Patches;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Status;
using Maintenance.Tests.Plan;
using Maintenance.Workflows;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Monitoring;

public sealed class WatchRulesTests
{
    private static readonly DateTimeOffset Now = Utc("2026-11-22T12:00Z");
    private static readonly string Approval = PatchWorkflows.Approval.Name;
    private static readonly string RollOut = RolloutWorkflows.RollOut.Name;
    private static readonly string Recover = RecoveryWorkflows.Recover.Name;
    private static readonly string Backup = BackupWorkflows.Backup.Name;

    public static TheoryData<WatchKind> Kinds => [.. Enum.GetValues<WatchKind>()];

    public static TheoryData<string> Watched => [.. TimerService.All.Where(static timer => timer != TimerService.WatchOperations)];

    // Alert rules outside of this code search for them.
    [Fact]
    public void The_words_that_alert_rules_search_for_never_change() =>
        Assert.Equal(
            ["Alarm: heartbeat missing", "Alarm: workflow stuck", "Alarm: workflow failed", "Alarm: dead letter", "Alarm: recovery point", "Alarm: probe silent", "Alarm: error budget"],
            Enum.GetValues<WatchKind>().Select(WatchRules.Prefix));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Recovery_points_alone_are_told_by_somebody_else(WatchKind kind) => Assert.Equal(kind == WatchKind.RecoveryPoint, WatchRules.IsToldElsewhere(kind));

    [Theory]
    [MemberData(nameof(Watched))]
    public void A_timer_is_missed_once_it_is_silent_for_longer_than_its_rhythm_allows_and_not_before(string timer)
    {
        var silence = TimerRhythms.Of(timer).Silence;

        Assert.Empty(Timers(timer, Now - silence));
        Assert.Equal((WatchKind.Heartbeat, timer), Only(Timers(timer, Now - silence - TimeSpan.FromTicks(1))));
    }

    [Theory]
    [MemberData(nameof(Watched))]
    public void A_timer_that_never_ran_has_as_long_since_the_plan_began(string timer)
    {
        var silence = TimerRhythms.Of(timer).Silence;

        Assert.Empty(WatchRules.Timers([.. Beats(except: timer)], Now - silence, Now));
        Assert.Equal((WatchKind.Heartbeat, timer), Only(WatchRules.Timers([.. Beats(except: timer)], Now - silence - TimeSpan.FromTicks(1), Now)));
    }

    [Fact]
    public void A_timer_whose_last_tick_failed_is_found_however_lately_it_ran()
    {
        var finding = Assert.Single(WatchRules.Timers([.. Beats(except: "SweepRollouts"), new Heartbeat("SweepRollouts", Now, "IOException: full")], Now.AddDays(-1), Now));

        Assert.Contains("IOException: full", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_watchdog_is_no_finding_of_its_own() =>
        Assert.Empty(WatchRules.Timers([.. Beats(except: TimerService.WatchOperations), new Heartbeat(TimerService.WatchOperations, Now.AddDays(-2), "It failed.")], Now.AddDays(-9), Now));

    public static TheoryData<string, string?, double?> Waits => new()
    {
        { Approval, PatchWorkflows.WaitingForVotes, null },
        { Approval, "announcing", 2 },
        { Approval, null, 0.5 },
        { RollOut, RolloutWorkflows.Waiting, null },
        { RollOut, "pilot: install", 2 },
        { RollOut, PatchWorkflows.WaitingForVotes, 2 },
        { RollOut, null, 0.5 },
        { Recover, "waiting for somebody to confirm that all is well", 25 },
        { Recover, "restore", 25 },
        { Recover, null, 0.5 },
        { Backup, "taking the snapshot", 7 },
        { Backup, RolloutWorkflows.Waiting, 7 },
        { Backup, null, 0.5 },
        { "WorkflowOfTomorrow", "working", 2 },
    };

    [Theory]
    [MemberData(nameof(Waits))]
    public void A_workflow_may_stand_still_as_long_as_what_it_does_may_take(string workflow, string? status, double? hours)
    {
        var patience = hours is { } number ? TimeSpan.FromHours(number) : TimeSpan.FromDays(365);

        Assert.Empty(WatchRules.Workflows([Running(workflow, status, Now - patience)], Now));
        Assert.Equal(
            hours is null ? [] : [(WatchKind.WorkflowStuck, "id-1")],
            WatchRules.Workflows([Running(workflow, status, Now - patience - TimeSpan.FromTicks(1))], Now).Select(static finding => (finding.Kind, finding.Subject)));
    }

    // RetryRule.Patient tries three times; host.json says how long the platform lets a step go on; a recovery wakes each day.
    [Fact]
    public void Patience_covers_the_most_patient_step_and_the_longest_reminder()
    {
        var pauses = Enumerable.Range(1, RetryRule.Patient.MaxAttempts - 1).Sum(static attempt => RetryRule.Patient.WaitAfter(attempt)!.Value.TotalSeconds);
        Assert.True(WorkflowPatience.Step > (RetryRule.Patient.MaxAttempts * TimeSpan.FromMinutes(30)) + TimeSpan.FromSeconds(pauses));
        var host = JsonDocument.Parse(File.ReadAllText(Path.Join(SamplePlan.Folder, "..", "host.json"))).RootElement;
        Assert.True(WorkflowPatience.AtOneGo > TimeSpan.Parse(host.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture));
        Assert.All(
            new[] { "BackupWorkflow", "ProofWorkflow", "RestoreWorkflow", "VerifyWorkflow", "PruneWorkflow", "CopyWorkflow" },
            static workflow => Assert.Equal(WorkflowPatience.AtOneGo, WorkflowPatience.Of(workflow, "reading")));
        Assert.Equal(WorkflowPatience.Step, WorkflowPatience.Of("RetentionWorkflow", "applying"));
        Assert.True(WorkflowPatience.Recovery > TimeSpan.FromDays(1) && WorkflowPatience.Recovery > RecoveryWorkflows.ReminderInterval);
    }

    [Fact]
    public void A_workflow_that_failed_within_a_day_is_found_unless_a_person_ended_it()
    {
        WorkflowStatus Failed(TimeSpan ago, string? error) => Running(Backup, null, Now - ago) with { State = WorkflowState.Failed, Error = error };

        Assert.Equal((WatchKind.WorkflowFailed, "id-1"), Only(WatchRules.Workflows([Failed(WatchRules.Recent, "The disk is full.")], Now)));
        Assert.Equal((WatchKind.WorkflowFailed, "id-1"), Only(WatchRules.Workflows([Failed(TimeSpan.Zero, null)], Now)));
        Assert.Empty(WatchRules.Workflows([Failed(WatchRules.Recent + TimeSpan.FromTicks(1), "The disk is full.")], Now));
        Assert.Empty(WatchRules.Workflows([Failed(TimeSpan.Zero, WorkflowTermination.Error("ann", "It hung."))], Now));
        Assert.Empty(WatchRules.Workflows([Running(Backup, "recording", Now.AddDays(-9)) with { State = WorkflowState.Completed }], Now));
    }

    [Fact]
    public void Dead_letters_are_one_finding_for_each_queue_and_another_one_on_each_day_on_which_more_come()
    {
        DeadLetter Letter(string queue, string id, double daysAgo) => new(queue, id, "{}", $"Reason of {id}.", 5, Now.AddDays(-daysAgo));
        DeadLetter[] old = [Letter(Queues.Feedback, "F-1", 9), Letter(Queues.Feedback, "F-2", 3), Letter(Queues.Notifications, "n", 1)];

        Assert.Equal(["feedback_2026-11-19", "notifications_2026-11-21"], WatchRules.DeadLetters(old).Select(static finding => finding.Subject));
        Assert.Contains("Reason of F-2.", WatchRules.DeadLetters(old).First().Text, StringComparison.Ordinal);
        Assert.Equal("feedback_2026-11-22", WatchRules.DeadLetters([.. old, Letter(Queues.Feedback, "F-3", 0)]).First().Subject);
        Assert.Empty(WatchRules.DeadLetters([]));
    }

    [Fact]
    public void Of_the_alarms_of_backups_the_recovery_points_alone_are_found()
    {
        var alarms = Enum.GetValues<BackupAlarmKind>().Select(static kind => new BackupAlarm(kind, "nightly", "register", $"{kind}.", Now, $"{kind}/nightly"));

        Assert.Equal((WatchKind.RecoveryPoint, "RecoveryPoint/nightly"), Only(WatchRules.RecoveryPoints(alarms)));
    }

    private static IEnumerable<WatchFinding> Timers(string timer, DateTimeOffset at) => WatchRules.Timers([.. Beats(except: timer), new Heartbeat(timer, at, null)], Now.AddDays(-1), Now);

    private static IEnumerable<Heartbeat> Beats(string except) => TimerService.All.Where(timer => timer != except).Select(static timer => new Heartbeat(timer, Now, null));

    private static (WatchKind Kind, string Subject) Only(IEnumerable<WatchFinding> findings)
    {
        var finding = Assert.Single(findings);
        Assert.StartsWith("/", finding.Path, StringComparison.Ordinal);
        return (finding.Kind, finding.Subject);
    }

    private static WorkflowStatus Running(string workflow, string? status, DateTimeOffset moved) => new("id-1", workflow, WorkflowState.Running, moved, moved, status, null, null);
}
