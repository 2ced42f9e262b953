using Maintenance.Backups;
using Maintenance.Backups.Alarms;
using Maintenance.Plan;
using Maintenance.Time;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What is raised, case by case. The schedule is two in the morning in Nairobi (23:00Z), the RPO of the records a day.</summary>
public sealed class BackupAlarmsTests
{
    private static readonly BackupPolicy Nightly = new("nightly", "records", new BackupSource(BackupSourceKind.Folder, "/srv/records"), [], Schedule.Parse("0 0 2 * * *"), []);
    private static readonly DateTimeOffset Night = Utc("2026-11-21T23:00Z");

    [Fact]
    public void All_is_well_after_a_proven_backup() => Assert.Empty(Find(Nightly, Known(Night), Night.AddHours(20)));

    [Fact]
    public void Nothing_is_known_before_the_first_look()
    {
        Assert.Empty(BackupAlarms.Find(With(Nightly), [], Night));
        Assert.Empty(Find(Nightly, new BackupHistory("nightly", "records", null, []), Night));
    }

    [Fact]
    public void A_recovery_point_may_be_as_old_as_the_rpo_and_no_older()
    {
        var known = Known(Night);
        Assert.Empty(Find(Nightly, known, Night.AddDays(1)));
        var alarm = Assert.Single(Find(Nightly, known, Night.AddDays(1).AddTicks(1)));
        Assert.Equal(
            (BackupAlarmKind.RecoveryPoint, "nightly", "records", Night.AddDays(1), "recovery-point/nightly/2026-11-21T23:00:00Z"),
            (alarm.Kind, alarm.Policy, alarm.Service, alarm.Since, alarm.Key));
        Assert.Equal(
            "The newest proven recovery point of the backup 'nightly' of Records is 1d old, of 2026-11-22 02:00 (Africa/Nairobi); the RPO is 1d. "
            + "No run is under way: see whether the timer that takes due backups runs, then: backup run nightly",
            alarm.Text);
    }

    [Fact]
    public void The_recovery_point_is_that_of_the_newest_proven_one_among_failures()
    {
        var failed = Run(Night.AddDays(1), BackupRunState.Failed) with { Problems = ["The folder '/srv/records' is not there."] };
        var unproven = Run(Night.AddDays(2), BackupRunState.Unproven);
        var known = Known(Night, unproven, failed) with { Status = Status(Night) with { ConsideredUpTo = Night.AddDays(2), Latest = failed, Failures = 2 } };
        var alarm = Assert.Single(Find(Nightly, known, Night.AddDays(2).AddHours(3)));
        Assert.Equal("recovery-point/nightly/2026-11-21T23:00:00Z", alarm.Key);
        Assert.EndsWith("The last run, nightly_20261122T230000Z, failed: The folder '/srv/records' is not there. Mend that, then: backup run nightly", alarm.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_proven_one_the_rpo_counts_from_the_first_look()
    {
        var known = new BackupHistory("nightly", "records", new BackupStatus(Night, Night.AddHours(30), null, null, null, 3), []);
        Assert.Empty(Find(Nightly, known, Night.AddDays(1)));
        var alarm = Assert.Single(Find(Nightly, known, Night.AddHours(31)));
        Assert.Equal((BackupAlarmKind.RecoveryPoint, "recovery-point/nightly/never/2026-11-21T23:00:00Z"), (alarm.Kind, alarm.Key));
        Assert.StartsWith("There is no proven snapshot of the backup 'nightly' of Records, looked after since 2026-11-22 02:00 (Africa/Nairobi); the RPO is 1d.", alarm.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_under_way_is_told_with_an_old_recovery_point()
    {
        var known = Known(Night);
        known = known with { Status = BackupPlanning.Claimed(known.Status, Run(Night.AddDays(1), BackupRunState.Running)) };
        var alarm = Assert.Single(Find(Nightly, known, Night.AddDays(1).AddMinutes(10)));
        Assert.EndsWith("The run nightly_20261122T230000Z is under way since 2026-11-23 02:00 (Africa/Nairobi): wait for it, or see what holds it up.", alarm.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_occurrence_may_be_a_quarter_of_an_hour_late()
    {
        var known = Known(Night.AddHours(20)) with { Status = Status(Night.AddHours(20)) };
        var occurrence = Night.AddDays(1);
        Assert.Empty(Find(Nightly, known, occurrence.AddMinutes(15)));
        var alarm = Assert.Single(Find(Nightly, known, occurrence.AddMinutes(15).AddTicks(1)));
        Assert.Equal((BackupAlarmKind.Schedule, occurrence, "schedule/nightly/2026-11-22T23:00:00Z"), (alarm.Kind, alarm.Since, alarm.Key));
        Assert.Equal(
            "The backup 'nightly' of Records was due at 2026-11-23 02:00 (Africa/Nairobi) and no run has begun, 15m later. "
            + "See whether the timer that takes due backups runs and reaches its records; start one by hand with: backup run nightly",
            alarm.Text);
    }

    [Fact]
    public void A_schedule_that_stays_silent_is_one_situation()
    {
        var (known, occurrence) = (Known(Night.AddHours(20)), Night.AddDays(1));
        var keys = new[] { 1, 20, 30, 100, 2000 }.Select(hours => Find(Nightly, known, occurrence.AddHours(hours)).Single(static alarm => alarm.Kind == BackupAlarmKind.Schedule).Key);
        Assert.Equal("schedule/nightly/2026-11-22T23:00:00Z", Assert.Single(keys.Distinct()));
    }

    [Fact]
    public void An_occurrence_that_was_considered_is_not_missed_however_its_run_ended()
    {
        var known = Known(Night.AddHours(20)) with { Status = Status(Night.AddHours(20)) with { ConsideredUpTo = Night.AddDays(1) } };
        Assert.Empty(Find(Nightly, known, Night.AddDays(1).AddHours(8)));
    }

    [Fact]
    public void An_occurrence_that_falls_into_a_run_waits_and_a_second_one_is_missed()
    {
        var hourly = Nightly with { Schedule = Schedule.Parse("0 0 * * * *") };
        var known = Known(Night);
        known = known with { Status = BackupPlanning.Claimed(known.Status, Run(Night.AddHours(1), BackupRunState.Running)) };
        Assert.Empty(Find(hourly, known, Night.AddHours(3).AddMinutes(15)));
        var alarm = Assert.Single(Find(hourly, known, Night.AddHours(3).AddMinutes(16)));
        Assert.Equal((BackupAlarmKind.Schedule, Night.AddHours(3), "schedule/nightly/2026-11-22T01:00:00Z"), (alarm.Kind, alarm.Since, alarm.Key));
        Assert.Contains("the run nightly_20261122T000000Z, begun 2h 16m ago, is still under way", alarm.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_may_last_a_week_by_the_calendar_of_the_zone()
    {
        // In Berlin the week from 21 October 2026 has an hour more.
        var plan = With(Nightly with { Paused = new BackupPause(new LocalDate(2026, 10, 21), "The registry moves house.") });
        plan = plan with { System = plan.System with { TimeZone = Zone("Europe/Berlin") } };
        BackupHistory[] known = [Known(Utc("2026-10-27T22:00Z"))];
        Assert.Empty(BackupAlarms.Find(plan, known, Utc("2026-10-27T23:00Z")));
        var alarm = Assert.Single(BackupAlarms.Find(plan, known, Utc("2026-10-27T23:00:01Z")));
        Assert.Equal((BackupAlarmKind.Paused, Utc("2026-10-20T22:00Z"), "paused/nightly/2026-10-21"), (alarm.Kind, alarm.Since, alarm.Key));
        Assert.Equal(
            "The schedule of the backup 'nightly' of Records rests since 2026-10-21, for more than 7 days: The registry moves house. "
            + "The newest proven recovery point is of 2026-10-27 23:00 (Europe/Berlin). If the reason is gone, take `paused` out of the plan.",
            alarm.Text);
    }

    [Fact]
    public void A_paused_schedule_misses_no_occurrence_but_the_rpo_counts_on()
    {
        var paused = Nightly with { Paused = new BackupPause(new LocalDate(2026, 11, 22), "Moving house.") };
        Assert.Empty(Find(paused, Known(Night), Night.AddDays(1)));
        var alarm = Assert.Single(Find(paused, Known(Night), Night.AddDays(3)));
        Assert.Equal(BackupAlarmKind.RecoveryPoint, alarm.Kind);
        Assert.EndsWith("Its schedule rests: Moving house.", alarm.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_is_gone_is_missed_only_where_no_other_has_its_service()
    {
        var gone = Known(Night) with { Policy = "old" };
        Assert.Empty(BackupAlarms.Find(With(Nightly), [Known(Night), gone], Night.AddHours(1)));

        var alarm = Assert.Single(BackupAlarms.Find(With(), [gone], Night.AddHours(1)));
        Assert.Equal((BackupAlarmKind.Removed, "old", "records", Night, "removed/old/records"), (alarm.Kind, alarm.Policy, alarm.Service, alarm.Since, alarm.Key));
        Assert.Equal(
            "The backup policy 'old' is gone from the plan, and no other policy backs up Records (records), its service, though it has an RPO of 1d. "
            + "Its newest proven recovery point is of 2026-11-22 02:00 (Africa/Nairobi). Put the policy back, add another for the service, or take the service out of the plan.",
            alarm.Text);

        Assert.Empty(BackupAlarms.Find(With() with { Services = [] }, [gone], Night.AddHours(1)));
        Assert.Empty(BackupAlarms.Find(With(), [gone with { Service = "printing" }], Night.AddHours(1)));
    }

    [Fact]
    public void Where_nobody_noted_the_service_of_a_policy_that_is_gone_each_bare_service_may_be_it()
    {
        var plan = With(Nightly);
        plan = plan with { Services = [.. plan.Services, plan.Services[0] with { Id = "printing", Name = "Printing" }] };
        var alarm = Assert.Single(BackupAlarms.Find(plan, [Known(Night), Known(Night) with { Policy = "old", Service = null }], Night.AddHours(1)));
        Assert.Equal(("printing", "removed/old/printing"), (alarm.Service, alarm.Key));
        Assert.Contains("which may have been its service", alarm.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proof_counts_for_as_long_as_the_plan_says()
    {
        var policy = Proofs(TimeSpan.FromDays(30));
        var known = Known(Night) with { Newest = [Run(Night, BackupRunState.Proven) with { ProvenAt = Night.AddMinutes(7) }, Run(Night.AddDays(-1), BackupRunState.Proven)] };
        known = known with { Status = Status(Night) with { Proven = known.Newest[0], Latest = known.Newest[0] } };
        var expiry = Night.AddMinutes(7).AddDays(30);
        Assert.DoesNotContain(Find(policy, known, expiry), static alarm => alarm.Kind == BackupAlarmKind.ProofExpired);
        var alarm = Find(policy, known, expiry.AddTicks(1)).Single(static alarm => alarm.Kind == BackupAlarmKind.ProofExpired);
        Assert.Equal((expiry, "proof-expired/nightly/nightly_20261121T230000Z/2026-11-21T23:07:00Z"), (alarm.Since, alarm.Key));
        Assert.Equal(
            "No proof of the backup 'nightly' of Records counts any more: the last one was of nightly_20261121T230000Z, at 2026-11-22 02:07 (Africa/Nairobi), and a proof counts for 30d. "
            + "Take and prove a new one with: backup run nightly",
            alarm.Text);
        Assert.DoesNotContain(Find(Nightly, known, expiry.AddYears(10)), static alarm => alarm.Kind == BackupAlarmKind.ProofExpired);
    }

    [Fact]
    public void A_snapshot_that_is_proven_again_counts_again()
    {
        var again = Run(Night.AddDays(-3), BackupRunState.Proven) with { ProvenAt = Night.AddDays(9) };
        var known = Known(Night, Run(Night, BackupRunState.Proven), again);
        var policy = Proofs(TimeSpan.FromDays(8));
        Assert.DoesNotContain(Find(policy, known, Night.AddDays(10)), static alarm => alarm.Kind == BackupAlarmKind.ProofExpired);

        // The proof of the newest has expired, so the recovery point is that of the older one.
        Assert.Equal("recovery-point/nightly/2026-11-18T23:00:00Z", Find(policy, known, Night.AddDays(10)).Single(static alarm => alarm.Kind == BackupAlarmKind.RecoveryPoint).Key);
    }

    [Fact]
    public void A_run_from_before_proofs_were_dated_was_proven_when_it_ended()
    {
        var old = Run(Night, BackupRunState.Proven);
        Assert.Null(old.ProvenAt);
        var alarm = Find(Proofs(TimeSpan.FromHours(1)), Known(Night, old), old.EndedAt!.Value.AddHours(1).AddTicks(1)).Single();
        Assert.Equal((BackupAlarmKind.ProofExpired, old.EndedAt.Value.AddHours(1)), (alarm.Kind, alarm.Since));
    }

    [Fact]
    public void Alarms_come_in_the_order_of_the_plan_with_those_that_are_gone_at_the_end()
    {
        var plan = With(Nightly with { Id = "b" }, Nightly with { Id = "a" });
        plan = plan with { Services = [.. plan.Services, plan.Services[0] with { Id = "printing" }] };
        BackupHistory[] known =
        [
            Known(Night) with { Policy = "z", Service = "printing" }, Known(Night) with { Policy = "a" }, Known(Night) with { Policy = "y", Service = "printing" }, Known(Night) with { Policy = "b" },
        ];
        var now = Night.AddDays(2);
        string[] order = ["b RecoveryPoint", "b Schedule", "a RecoveryPoint", "a Schedule", "y Removed", "z Removed"];
        Assert.Equal(order, BackupAlarms.Find(plan, known, now).Select(static alarm => $"{alarm.Policy} {alarm.Kind}"));
        Assert.Equal(BackupAlarms.Find(plan, known, now), BackupAlarms.Find(plan, [.. known.Reverse()], now));
    }

    [Fact]
    public void An_older_programs_run_has_neither_entropy_nor_a_date_of_proof()
    {
        var run = MaintenanceJson.Read<BackupRun>(
            """{"id":"n_20261121T230000Z","policy":"n","occurrence":"2026-11-21T23:00:00Z","trigger":"schedule","state":"proven","claimedAt":"2026-11-21T23:00:00Z","files":1,"bytes":2,"newBytes":3}""");
        Assert.Equal((null, null), (run.Entropy, run.ProvenAt));
        var dated = run with { Entropy = 7.25, ProvenAt = Night };
        Assert.Equal(dated, MaintenanceJson.Read<BackupRun>(MaintenanceJson.Write(dated)));
    }

    private static BackupPolicy Proofs(TimeSpan lasts) => Nightly with { Proof = ProofRules.Plain with { ExpiresAfter = lasts } };

    private static IReadOnlyList<BackupAlarm> Find(BackupPolicy policy, BackupHistory known, DateTimeOffset now) => BackupAlarms.Find(With(policy), [known], now);

    private static OperationsPlan With(params BackupPolicy[] policies) => SamplePlan.Plan with { Backups = policies };

    /// <summary>A status with one proven run, for the occurrence at this instant.</summary>
    private static BackupStatus Status(DateTimeOffset at) => new(at.AddDays(-30), at, null, Run(at, BackupRunState.Proven), Run(at, BackupRunState.Proven), 0);

    private static BackupHistory Known(DateTimeOffset at, params BackupRun[] runs) => new("nightly", "records", Status(at), runs);

    private static BackupRun Run(DateTimeOffset at, BackupRunState state) => new(
        BackupPlanning.RunId("nightly", at), "nightly", at, BackupTrigger.Schedule, state, at,
        state is BackupRunState.Proven or BackupRunState.Unproven ? at : null, state == BackupRunState.Running ? null : at.AddMinutes(5));
}
