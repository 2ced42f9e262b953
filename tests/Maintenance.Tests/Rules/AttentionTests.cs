using Maintenance.Backups;
using Maintenance.Backups.Alarms;
using Maintenance.Messaging;
using Maintenance.Patches;
using Maintenance.ServiceLevels;
using Maintenance.Status;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What needs a person, the worst first.</summary>
public sealed class AttentionTests
{
    private static readonly DateTimeOffset Now = Utc("2026-11-22T12:00Z");
    private static readonly PlanStatus Plan = new("hash", Now.AddDays(-1), false, []);

    private static readonly BackupLine Backup = new(
        "nightly", "Records", TimeSpan.FromDays(1), "nightly_20261122T020000Z", Now.AddHours(-10), TimeSpan.FromHours(10), true, null, Run(BackupRunState.Proven), Now.AddHours(14));

    private static readonly TicketLine Ticket = new("T-1", "Printer", "p2", TicketState.InProgress, ServiceTarget.Resolution, Now.AddHours(3), false, 0);
    private static readonly Heartbeat[] Timers = [.. TimerService.All.Select(static timer => new Heartbeat(timer, Now.AddSeconds(-30), null))];

    [Fact]
    public void Where_all_is_well_nobody_is_needed() => Assert.Empty(Look());

    [Fact]
    public void Alarms_of_backups_and_concerns_about_the_repository_are_there_and_nothing_is_said_twice()
    {
        BackupAlarm Alarm(BackupAlarmKind kind, string policy) => new(kind, policy, "records", $"{kind} of {policy}.", Now, $"{kind}/{policy}");
        var watch = new RepositoryWatch(
            [Alarm(BackupAlarmKind.RecoveryPoint, "nightly"), Alarm(BackupAlarmKind.Entropy, "nightly"), Alarm(BackupAlarmKind.Paused, "nightly"), Alarm(BackupAlarmKind.RecoveryPoint, "gone")],
            [new(false, "Keep the key elsewhere."), new(true, "The repository is damaged.")]);

        var items = Attention.Of(Now, Plan, [Backup], [Ticket], [], [], Timers, watch);

        Assert.Equal(
            [
                (AttentionSeverity.Alarm, "Backup nightly: Entropy of nightly.", "/backups/nightly"),
                (AttentionSeverity.Alarm, "Backup gone: RecoveryPoint of gone.", "/repository"),
                (AttentionSeverity.Alarm, "The repository is damaged.", "/repository"),
                (AttentionSeverity.Warning, "Backup nightly: Paused of nightly.", "/backups/nightly"),
                (AttentionSeverity.Action, "Keep the key elsewhere.", "/repository"),
            ],
            items.Select(static item => (item.Severity, item.Text, item.Path)));
    }

    [Fact]
    public void A_plan_with_errors_is_an_alarm_that_says_the_first_one()
    {
        var item = Assert.Single(Look(plan: Plan with { IsStale = true, Problems = ["plan.yaml:1:1: warning: odd", "plan.yaml:7:3: error: wrong"] }));
        Assert.Equal(AttentionSeverity.Alarm, item.Severity);
        Assert.Contains("wrong", item.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backup_that_is_not_proven_within_its_rpo_is_an_alarm()
    {
        var old = Assert.Single(Look(backups: [Backup with { ProvenPoint = Now.AddHours(-30), Age = TimeSpan.FromHours(30), IsWithinObjective = false }]));
        var never = Assert.Single(Look(backups: [Backup with { ProvenPoint = null, Age = null, IsWithinObjective = false, Latest = null }]));
        Assert.Equal((AttentionSeverity.Alarm, AttentionSeverity.Alarm), (old.Severity, never.Severity));
        Assert.Contains("nightly", old.Text + old.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BackupRunState.Failed)]
    [InlineData(BackupRunState.Unproven)]
    public void A_backup_that_did_not_end_proven_is_seen_while_an_older_one_still_covers_it(BackupRunState state) =>
        Assert.NotEmpty(Look(backups: [Backup with { Latest = Run(state) }]));

    [Theory]
    [InlineData(-1, AttentionSeverity.Alarm)]
    [InlineData(1, AttentionSeverity.Warning)]
    [InlineData(29, AttentionSeverity.Warning)]
    [InlineData(31, null)]
    public void A_ticket_is_an_alarm_once_overdue_and_a_warning_half_an_hour_before(int minutes, AttentionSeverity? severity)
    {
        var items = Look(tickets: [Ticket with { DueAt = Now.AddMinutes(minutes), IsOverdue = minutes < 0 }]);
        Assert.Equal(severity, items.Count == 0 ? null : Assert.Single(items).Severity);
        Assert.All(items, static item => Assert.Contains("T-1", item.Text + item.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_patch_that_waits_for_votes_is_work_for_somebody()
    {
        var items = Look(patches: [new("P-1", "OpenSSL", PatchType.Normal, PatchSeverity.High, "ann", 1, 2, Now.AddDays(2))]);
        Assert.Contains("P-1", Assert.Single(items).Text + items[0].Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_letters_are_seen() => Assert.NotEmpty(Look(letters: [new(Queues.Feedback, "F-1", "{}", "broken", 5, Now)]));

    [Fact]
    public void A_timer_that_has_been_silent_or_failed_is_seen()
    {
        Assert.NotEmpty(Look(timers: [Timers[0] with { At = Now.AddMinutes(-6) }, .. Timers[1..]]));
        Assert.Empty(Look(timers: [Timers[0] with { At = Now.AddMinutes(-4) }, .. Timers[1..]]));
        Assert.NotEmpty(Look(timers: [Timers[0] with { Error = "IOException: full" }, .. Timers[1..]]));
    }

    [Fact]
    public void The_worst_comes_first()
    {
        var items = Look(
            Plan with { IsStale = true, Problems = ["p:1:1: error: wrong"] },
            [Backup with { Latest = Run(BackupRunState.Failed) }, Backup with { IsWithinObjective = false, Latest = Run(BackupRunState.Failed) }],
            [Ticket with { DueAt = Now.AddMinutes(5) }, Ticket with { DueAt = Now.AddMinutes(-5), IsOverdue = true }],
            [new("P-1", "OpenSSL", PatchType.Normal, PatchSeverity.High, "ann", 1, 2, Now.AddMinutes(10))],
            [new(Queues.Feedback, "F-1", "{}", "broken", 5, Now)],
            [Timers[0] with { At = Now.AddMinutes(-50) }]);
        Assert.True(items.Count >= 7);
        Assert.Equal(items.Select(static item => item.Severity).OrderDescending(), items.Select(static item => item.Severity));
        Assert.All(items, static item => Assert.True(item.Text.Length > 0 && item.Path.StartsWith('/')));
    }

    [Theory]
    [InlineData(1, true, 0)]
    [InlineData(119, false, 0)]
    [InlineData(121, true, 1)]
    [InlineData(121, false, 2)]
    public void A_run_under_way_hides_no_alarm_for_longer_than_two_hours(int minutes, bool isWithinObjective, int alarms)
    {
        var running = Run(BackupRunState.Running) with { ClaimedAt = Now.AddMinutes(-minutes) };
        Assert.Equal(alarms, Look(backups: [Backup with { Running = running, IsWithinObjective = isWithinObjective }]).Count(static item => item.Severity == AttentionSeverity.Alarm));
    }

    [Fact]
    public void A_timer_that_never_ran_is_an_alarm_once_the_plan_runs_for_a_while()
    {
        Assert.Contains("has never run", Assert.Single(Look(timers: Timers[1..])).Text, StringComparison.Ordinal);
        Assert.Empty(Look(plan: Plan with { Since = Now.AddMinutes(-1) }, timers: []));
    }

    private static IReadOnlyList<AttentionItem> Look(
        PlanStatus? plan = null, BackupLine[]? backups = null, TicketLine[]? tickets = null, PatchLine[]? patches = null, DeadLetter[]? letters = null, Heartbeat[]? timers = null) =>
        Attention.Of(Now, plan ?? Plan, backups ?? [Backup], tickets ?? [Ticket], patches ?? [], letters ?? [], timers ?? Timers);

    private static BackupRun Run(BackupRunState state)
    {
        var began = Now.AddHours(-10);
        return new("nightly_1", "nightly", began, BackupTrigger.Schedule, state, began, began, began.AddHours(1), Problems: state == BackupRunState.Proven ? null : ["disk full"]);
    }
}
