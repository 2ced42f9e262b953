using FsCheck.Fluent;
using Maintenance.Backups;
using Maintenance.Time;
using NodaTime;
using NodaTime.Extensions;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What became of a policy's backups day by day. The schedule is three in the morning in Nairobi unless a test says otherwise: midnight in UTC.</summary>
public sealed class BackupCalendarTests
{
    private static readonly DateTimeZone Nairobi = Zone("Africa/Nairobi");
    private static readonly BackupPolicy Nightly = PolicyOf("0 0 3 * * *");
    private static readonly DateTimeOffset Noon = Utc("2026-11-22T09:00Z");

    [Fact]
    public void A_day_is_the_best_of_what_was_taken_and_says_what_is_amiss_beside_it()
    {
        BackupRun[] runs =
        [
            Run("2026-11-14T00:00Z", BackupRunState.Proven),
            Run("2026-11-15T00:00Z", BackupRunState.Unproven),
            Run("2026-11-16T00:00Z", BackupRunState.Failed),
            Run("2026-11-17T00:00Z", BackupRunState.Failed), Run("2026-11-17T00:05Z", BackupRunState.Proven),
            Run("2026-11-19T00:00Z", BackupRunState.Proven) with { DamagedAt = Noon },
            Run("2026-11-20T00:00Z", BackupRunState.Failed), Run("2026-11-20T00:05Z", BackupRunState.Unproven),
            Run("2026-11-21T00:00Z", BackupRunState.Proven), Run("2026-11-21T14:00Z", BackupRunState.Proven),
            Run("2026-11-22T00:00Z", BackupRunState.Running),
        ];

        var days = Of(Nightly, runs, 10);

        Assert.Equal(
            [
                BackupDayState.Missed, BackupDayState.Proven, BackupDayState.Unproven, BackupDayState.Failed, BackupDayState.Gaps, BackupDayState.Missed,
                BackupDayState.Failed, BackupDayState.Unproven, BackupDayState.Proven, BackupDayState.Running,
            ],
            days.Select(static day => day.State));
        Assert.Equal((1, 1, 0), (days[4].Proven, days[4].Failed, days[4].Missed));
        Assert.Equal((2, 1, 0), (days[8].Proven, days[8].Due, days[8].Missed));
        Assert.Equal((new DateOnly(2026, 11, 13), new DateOnly(2026, 11, 22)), (days[0].Date, days[^1].Date));
    }

    [Fact]
    public void A_run_belongs_to_the_day_of_its_occurrence_in_the_zone_of_the_plan()
    {
        // Twenty past midnight in Nairobi is the evening before in UTC.
        var days = Of(Nightly, [Run("2026-11-20T21:20Z", BackupRunState.Proven)], 3);
        Assert.Equal([BackupDayState.Missed, BackupDayState.Proven, BackupDayState.Missed], days.Select(static day => day.State));
    }

    [Theory]
    [InlineData("2026-11-22T00:14Z", BackupDayState.NothingDue, 0)]
    [InlineData("2026-11-22T00:15Z", BackupDayState.Missed, 1)]
    public void An_occurrence_that_was_only_just_now_is_not_missed_yet(string now, BackupDayState state, int due)
    {
        var day = BackupCalendars.Of(Nightly, Status(), [], null, Nairobi, Utc(now), 1).Days.Single();
        Assert.Equal((state, due), (day.State, day.Due));
    }

    [Fact]
    public void While_one_is_under_way_what_has_come_due_since_is_not_missed()
    {
        var hourly = PolicyOf("0 0 * * * *");
        var running = Run("2026-11-22T02:00Z", BackupRunState.Running);
        var status = Status() with { ConsideredUpTo = running.Occurrence, Running = running };
        var day = BackupCalendars.Of(hourly, status, [running], null, Nairobi, Noon, 1).Days.Single();

        // Midnight to five o'clock in Nairobi.
        Assert.Equal((6, 5), (day.Due, day.Missed));
    }

    [Fact]
    public void Before_the_policy_was_looked_after_and_while_it_rests_nothing_is_due()
    {
        var since = Status() with { Since = Utc("2026-11-20T12:00Z") };
        Assert.Equal([0, 1, 1], BackupCalendars.Of(Nightly, since, [], null, Nairobi, Noon, 3).Days.Select(static day => day.Due));
        Assert.Equal([0, 0, 0], BackupCalendars.Of(Nightly, null, [], null, Nairobi, Noon, 3).Days.Select(static day => day.Due));
        var paused = Nightly with { Paused = new BackupPause(new LocalDate(2026, 11, 21), "The move") };
        Assert.Equal([BackupDayState.Missed, BackupDayState.NothingDue, BackupDayState.NothingDue], Of(paused, [], 3).Select(static day => day.State));
    }

    [Fact]
    public void An_occurrence_at_midnight_is_of_the_day_that_it_begins()
    {
        var midnight = PolicyOf("0 0 0 22 11 *");
        Assert.Equal([0, 1], Of(midnight, [], 2).Select(static day => day.Due));
    }

    [Fact]
    public void A_schedule_of_every_second_is_not_walked_for_weeks()
    {
        var days = Of(PolicyOf("* * * * * *"), [], 366);
        Assert.All(days.Take(365), static day => Assert.Equal(BackupCalendars.MostDue, day.Due));
    }

    [Fact]
    public void Days_before_what_was_read_are_unknown_and_never_missed()
    {
        var days = BackupCalendars.Of(Nightly, Status(), [Run("2026-11-21T00:00Z", BackupRunState.Proven)], Utc("2026-11-20T12:00Z"), Nairobi, Noon, 4).Days;
        Assert.Equal([BackupDayState.Unknown, BackupDayState.Unknown, BackupDayState.Proven, BackupDayState.Missed], days.Select(static day => day.State));
        Assert.Equal(0, days[0].Missed);
    }

    [Fact]
    public void Sizes_are_of_the_last_snapshot_and_what_was_stored_of_all()
    {
        var first = Run("2026-11-22T00:00Z", BackupRunState.Proven) with { Bytes = 1000, NewBytes = 100, StoredBytes = 60 };
        var second = Run("2026-11-22T05:00Z", BackupRunState.Unproven) with { Bytes = 1100, NewBytes = 20, StoredBytes = 10 };
        var failed = Run("2026-11-22T06:00Z", BackupRunState.Failed) with { RecoveryPoint = null };
        var day = Of(Nightly, [second, failed, first], 1).Single();
        Assert.Equal((1100, 2100, 120, 70), (day.Bytes, day.TakenBytes, day.NewBytes, day.StoredBytes));
        Assert.Null(Of(Nightly, [failed], 1).Single().Bytes);
    }

    [Fact]
    public void Every_run_is_counted_on_one_day_and_every_occurrence_at_most_once() => Law.Holds(Cases, 300, static one =>
    {
        var zone = Zone(one.Zone);
        var policy = PolicyOf(one.Schedule);
        var calendar = BackupCalendars.Of(policy, Status() with { Since = one.Since, ConsideredUpTo = one.Since }, one.Runs, null, zone, one.Now, one.Days);
        var start = BackupCalendars.Start(zone, one.Now, one.Days);
        var inside = one.Runs.Where(run => run.Occurrence >= start && run.Occurrence <= one.Now).ToList();

        Assert.Equal(one.Days, calendar.Days.Count);
        Assert.Equal(one.Now.ToInstant().InZone(zone).Date.ToDateOnly(), calendar.Days[^1].Date);
        Assert.Equal(inside.Count, calendar.Days.Sum(static day => day.Proven + day.Unproven + day.Failed + day.Running));
        Assert.Equal(inside.Count(static run => run.State == BackupRunState.Proven), calendar.Days.Sum(static day => day.Proven));
        var (from, upTo) = (start.AddTicks(-1) < one.Since ? one.Since : start.AddTicks(-1), one.Now - BackupCalendars.Patience);
        Assert.Equal(policy.Schedule.Between(from, upTo > one.Since ? upTo : one.Since, zone).Count(), calendar.Days.Sum(static day => day.Due));
        foreach (var day in calendar.Days)
        {
            var taken = day.Proven + day.Unproven + day.Failed + day.Running;
            Assert.Equal(Math.Max(0, day.Due - taken), day.Missed);
            Assert.Equal(day.Proven > 0, day.State is BackupDayState.Proven or BackupDayState.Gaps);
            Assert.Equal(taken == 0 && day.Due > 0, day.State == BackupDayState.Missed);
            Assert.Equal(taken == 0 && day.Due == 0, day.State == BackupDayState.NothingDue);
        }

        // In whatever order they are read.
        var again = BackupCalendars.Of(policy, Status() with { Since = one.Since, ConsideredUpTo = one.Since }, [.. one.Runs.Reverse()], null, zone, one.Now, one.Days);
        Assert.Equal(calendar.Days, again.Days);
    });

    private static readonly FsCheck.Gen<Case> Cases =
        from zone in Gen.Elements("UTC", "Africa/Nairobi", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu")
        from centre in Gen.Elements("2026-10-26T01:00Z", "2026-03-30T01:00Z", "2018-02-19T02:00Z", "2011-12-31T12:00Z", "2026-11-22T09:00Z")
        from schedule in Gen.Elements("0 0 3 * * *", "0 0 0 * * *", "0 */30 * * * *", "0 30 2 * * *", "0 15 6,18 * * *", "0 0 12 * * 1")
        from days in Gen.Choose(1, 12)
        from since in Gen.Choose(0, 20 * 24)
        from runs in Gen.ArrayOf(
            from minutes in Gen.Choose(0, 14 * 24 * 60)
            from state in Gen.Elements(Enum.GetValues<BackupRunState>())
            select (minutes, state))
        select new Case(
            zone, schedule, Utc(centre), days, Utc(centre).AddHours(-since),
            [.. runs.DistinctBy(static run => run.minutes).Select(run => Run(Utc(centre).AddMinutes(-run.minutes), run.state))]);

    private static IReadOnlyList<BackupDay> Of(BackupPolicy policy, IReadOnlyCollection<BackupRun> runs, int days) => BackupCalendars.Of(policy, Status(), runs, null, Nairobi, Noon, days).Days;

    private static BackupPolicy PolicyOf(string schedule) => new("nightly", "records", new BackupSource(BackupSourceKind.Folder, "data"), [], Schedule.Parse(schedule), []);

    private static BackupStatus Status() => new(Utc("2020-01-01T00:00Z"), Utc("2026-11-21T00:00Z"), null, null, null, 0);

    private static BackupRun Run(string at, BackupRunState state) => Run(Utc(at), state);

    private static BackupRun Run(DateTimeOffset at, BackupRunState state) => new(BackupPlanning.RunId("nightly", at), "nightly", at, BackupTrigger.Schedule, state, at, at, at);

    private sealed record Case(string Zone, string Schedule, DateTimeOffset Now, int Days, DateTimeOffset Since, IReadOnlyList<BackupRun> Runs);
}
