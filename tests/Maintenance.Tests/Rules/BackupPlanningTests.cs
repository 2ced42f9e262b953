using FsCheck.Fluent;
using Maintenance.Backups;
using Maintenance.Time;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>When a backup is due, case by case. The schedule is two in the morning UTC, the RPO a day.</summary>
public sealed class BackupPlanningTests
{
    private static readonly BackupPolicy Nightly = new("nightly", "records", new BackupSource(BackupSourceKind.Folder, "data"), [], Schedule.Parse("0 0 2 * * *"), []);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly DateTimeOffset Night = Utc("2026-11-22T02:00Z");

    [Fact]
    public void At_the_first_look_a_backup_is_due_because_none_is_proven()
    {
        var due = Due(null, Utc("2026-11-22T12:00Z"));
        Assert.Equal(new DueBackup(Utc("2026-11-22T12:00Z"), BackupTrigger.NeverProven), due);
    }

    [Fact]
    public void At_its_occurrence_a_backup_is_due_and_not_before()
    {
        var status = Proven(Night.AddDays(-1));
        Assert.Null(Due(status, Night.AddTicks(-1)));
        Assert.Equal(new DueBackup(Night, BackupTrigger.Schedule), Due(status, Night));
        Assert.Equal(new DueBackup(Night, BackupTrigger.Schedule), Due(status, Night.AddMinutes(3)));
    }

    [Theory]
    [InlineData("2026-11-22T02:30Z", "2026-11-22T02:00Z")]
    [InlineData("2026-11-29T01:59:59Z", "2026-11-28T02:00Z")]
    [InlineData("2027-11-22T12:00Z", "2027-11-22T02:00Z")]
    [InlineData("2036-01-01T12:00Z", "2036-01-01T02:00Z")]
    public void Downtime_of_any_length_gives_one_scheduled_run_the_last_one(string now, string occurrence)
    {
        var status = Proven(Night.AddDays(-1));
        var due = Due(status, Utc(now));
        Assert.Equal(new DueBackup(Utc(occurrence), BackupTrigger.Schedule), due);
        var proven = End(Claim(status, due!, Utc(now)), BackupRunState.Proven, Utc(now).AddSeconds(0.5));
        Assert.Null(Due(proven, Utc(now).AddSeconds(0.5)));
    }

    [Fact]
    public void While_a_run_is_under_way_nothing_is_due()
    {
        var claimed = Claim(null, new(Night, BackupTrigger.NeverProven), Night);
        Assert.Null(Due(claimed, Night));
        Assert.Null(Due(claimed, Night.AddDays(1)));
        Assert.Null(Due(claimed, Night.AddDays(100)));
    }

    [Fact]
    public void An_occurrence_that_fell_into_a_run_is_due_once_the_run_has_ended()
    {
        var status = End(Claim(Proven(Night.AddDays(-1)), new(Night, BackupTrigger.Schedule), Night), BackupRunState.Proven, Night.AddDays(1).AddHours(1));
        Assert.Equal(new DueBackup(Night.AddDays(1), BackupTrigger.Schedule), Due(status, Night.AddDays(1).AddHours(1)));
    }

    [Fact]
    public void The_recovery_point_may_be_as_old_as_the_rpo_and_no_older()
    {
        // An RPO of six hours with a nightly schedule: the backup comes six hours after the last, between the nights.
        var status = Proven(Night);
        var six = TimeSpan.FromHours(6);
        Assert.Null(BackupPlanning.Due(Nightly, six, status, Zone("UTC"), Night + six));
        Assert.Equal(new DueBackup(Night.Add(six).AddSeconds(1), BackupTrigger.RecoveryPoint), BackupPlanning.Due(Nightly, six, status, Zone("UTC"), Night.Add(six).AddSeconds(1)));
    }

    [Fact]
    public void The_recovery_point_is_when_reading_began_and_not_when_the_run_ended()
    {
        var claimed = Claim(null, new(Night, BackupTrigger.NeverProven), Night);
        var status = BackupPlanning.Ended(claimed, claimed.Running! with { State = BackupRunState.Proven, RecoveryPoint = Night.AddMinutes(1), EndedAt = Night.AddHours(5) });
        Assert.Null(BackupPlanning.Due(Nightly, TimeSpan.FromHours(6), status, Zone("UTC"), Night.AddHours(6).AddMinutes(1)));
        Assert.NotNull(BackupPlanning.Due(Nightly, TimeSpan.FromHours(6), status, Zone("UTC"), Night.AddHours(6).AddMinutes(1).AddSeconds(1)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(4, 40)]
    [InlineData(5, 60)]
    [InlineData(6, 60)]
    [InlineData(40, 60)]
    [InlineData(1000, 60)]
    [InlineData(int.MaxValue, 60)]
    public void An_unscheduled_retry_waits_longer_after_each_failure_up_to_an_hour(int failures, int minutes)
    {
        Assert.Equal(TimeSpan.FromMinutes(minutes), BackupPlanning.RetryAfter(failures));

        var ended = Night.AddMinutes(10);
        var status = End(Claim(null, new(Night, BackupTrigger.NeverProven), Night), BackupRunState.Failed, ended) with { Failures = failures };
        Assert.Null(Due(status, ended.AddMinutes(minutes).AddTicks(-1)));
        Assert.Equal(new DueBackup(ended.AddMinutes(minutes), BackupTrigger.NeverProven), Due(status, ended.AddMinutes(minutes)));
    }

    [Fact]
    public void The_schedule_never_waits_for_a_retry()
    {
        var ended = Night.AddSeconds(-1);
        var status = End(Claim(null, new(Night.AddHours(-1), BackupTrigger.NeverProven), Night.AddHours(-1)), BackupRunState.Failed, ended) with { Failures = 9 };
        Assert.Equal(new DueBackup(Night, BackupTrigger.Schedule), Due(status, Night));
    }

    [Fact]
    public void A_missed_rpo_waits_after_failures_too()
    {
        var status = End(Claim(Proven(Night.AddDays(-3)), new(Night, BackupTrigger.Schedule), Night), BackupRunState.Unproven, Night.AddMinutes(10));
        Assert.Null(Due(status, Night.AddMinutes(14)));
        Assert.Equal(BackupTrigger.RecoveryPoint, Due(status, Night.AddMinutes(15))?.Trigger);
    }

    [Fact]
    public void Ends_count_failures_and_a_proven_backup_starts_the_count_anew()
    {
        var status = Proven(Night);
        var firstProof = status.Proven;
        for (var failures = 1; failures <= 3; failures++)
        {
            var at = Night.AddDays(failures);
            status = End(Claim(status, new(at, BackupTrigger.Schedule), at), failures == 2 ? BackupRunState.Unproven : BackupRunState.Failed, at.AddMinutes(1));
            Assert.Equal(failures, status.Failures);
            Assert.Equal(firstProof, status.Proven);
            Assert.Null(status.Running);
            Assert.Equal(at, status.Latest!.Occurrence);
        }

        var last = Night.AddDays(4);
        status = End(Claim(status, new(last, BackupTrigger.Schedule), last), BackupRunState.Proven, last.AddMinutes(1));
        Assert.Equal(0, status.Failures);
        Assert.Equal(last, status.Proven!.Occurrence);
        Assert.Equal(status.Latest, status.Proven);
    }

    [Fact]
    public void A_claim_keeps_what_is_known()
    {
        var status = Proven(Night) with { Failures = 2 };
        var claimed = Claim(status, new(Night.AddDays(1), BackupTrigger.Schedule), Night.AddDays(1));
        Assert.Equal((status.Since, status.Proven, status.Latest, 2), (claimed.Since, claimed.Proven, claimed.Latest, claimed.Failures));
        Assert.Equal(Night.AddDays(1), claimed.Running!.Occurrence);
        Assert.True(claimed.ConsideredUpTo >= Night.AddDays(1));
    }

    [Fact]
    public void The_end_of_another_run_changes_nothing()
    {
        var claimed = Claim(null, new(Night, BackupTrigger.NeverProven), Night);
        var other = Run(new(Night.AddDays(-1), BackupTrigger.Schedule), Night.AddDays(-1)) with { State = BackupRunState.Proven, EndedAt = Night, RecoveryPoint = Night };
        Assert.Equal(claimed, BackupPlanning.Ended(claimed, other));

        var idle = End(claimed, BackupRunState.Failed, Night.AddMinutes(1));
        Assert.Equal(idle, BackupPlanning.Ended(idle, idle.Latest!));
    }

    [Fact]
    public void Runs_of_one_policy_at_different_instants_have_different_ids_that_sort_by_time()
    {
        DateTimeOffset[] instants = [Night, Night.AddSeconds(1), Night.AddMinutes(1), Night.AddHours(9), Night.AddDays(1), Night.AddYears(1)];
        string[] ids = [.. instants.Select(static at => BackupPlanning.RunId("nightly", at))];
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, static id => Assert.StartsWith("nightly_", id, StringComparison.Ordinal));
        Assert.NotEqual(BackupPlanning.RunId("nightly", Night), BackupPlanning.RunId("weekly", Night));
        Assert.Equal(BackupPlanning.RunId("nightly", Night), BackupPlanning.RunId("nightly", Night.ToOffset(TimeSpan.FromHours(3))));
    }

    [Fact]
    public void A_run_id_is_allowed_wherever_it_is_used() => Law.Holds(
        from minutes in Gen.Choose(0, 100_000_000)
        from millis in Gen.Choose(0, 59_999)
        select Utc("1990-01-01T00:00Z").AddMinutes(minutes).AddMilliseconds(millis),
        100,
        static at =>
        {
            var id = BackupPlanning.RunId("nightly", at);
            Maintenance.Storage.RecordKeys.Check(id);
            Maintenance.Storage.ObjectNames.Check(id);
            Maintenance.Workflows.WorkflowIds.Check("backup_" + id);
        });

    private static DueBackup? Due(BackupStatus? status, DateTimeOffset now) => BackupPlanning.Due(Nightly, Day, status, Zone("UTC"), now);

    private static BackupRun Run(DueBackup due, DateTimeOffset now) =>
        new(BackupPlanning.RunId("nightly", due.Occurrence), "nightly", due.Occurrence, due.Trigger, BackupRunState.Running, now);

    private static BackupStatus Claim(BackupStatus? status, DueBackup due, DateTimeOffset now) => BackupPlanning.Claimed(status, Run(due, now));

    private static BackupStatus End(BackupStatus status, BackupRunState state, DateTimeOffset at) => BackupPlanning.Ended(
        status, status.Running! with { State = state, EndedAt = at, RecoveryPoint = state == BackupRunState.Failed ? null : status.Running!.ClaimedAt });

    /// <summary>A scheduled run at this instant, proven at once.</summary>
    private static BackupStatus Proven(DateTimeOffset at) => End(Claim(null, new(at, BackupTrigger.Schedule), at), BackupRunState.Proven, at);
}
