using Maintenance.Backups;
using Maintenance.Backups.Alarms;
using Maintenance.Time;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>A snapshot that differs from its predecessors by more than it may. Rows are oldest first.</summary>
public sealed class BackupAlarmsJumpTests
{
    private static readonly DateTimeOffset First = Utc("2026-11-01T02:00Z");

    [Theory]
    [InlineData("1000 1000 1000 1500", false)]
    [InlineData("1000 1000 1000 1501", true)]
    [InlineData("1000 1000 1000 500", false)]
    [InlineData("1000 1000 1000 499", true)]
    [InlineData("1000 1000 1000 0", true)]
    [InlineData("1000 1000 9000", false)] // two predecessors say nothing
    [InlineData("1000 9000", false)]
    [InlineData("9000", false)]
    [InlineData("0 0 0 0", false)]
    [InlineData("0 0 0 1", true)]
    [InlineData("1 1000 1000000 1400", false)] // the median is 1000, whatever the mean
    [InlineData("1 1000 1000000 1600", true)]
    [InlineData("100 200 300 400 375", false)] // an even number: the median is 250
    [InlineData("100 200 300 400 376", true)]
    [InlineData("400 100 300 200 376", true)] // their order means nothing
    [InlineData("9 9 9 9 9 9 9 9 9 9 9 9 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000", false)] // the last ten only
    [InlineData("1000 1000 1000 1000 1000 10 10 10 10 10 757", false)] // ten of them: the median is 505
    [InlineData("1000 1000 1000 1000 1000 10 10 10 10 10 758", true)]
    [InlineData("9000 1000 1000 1000 1000 1000 10 10 10 10 10 758", true)] // the eleventh counts no more
    public void Bytes_and_files_may_change_by_their_percentage_against_the_median(string row, bool isJump)
    {
        int[] values = [.. row.Split(' ').Select(int.Parse)];
        Assert.Equal(isJump ? [BackupAlarmKind.Size] : [], Kinds([.. values.Select(static (value, at) => Run(at) with { Bytes = value, Files = 7 })], JumpLimits.Usual));
        Assert.Equal(isJump ? [BackupAlarmKind.Files] : [], Kinds([.. values.Select(static (value, at) => Run(at) with { Files = value, Bytes = 7 })], JumpLimits.Usual));
    }

    [Fact]
    public void Each_limit_is_its_own()
    {
        BackupRun[] runs = [.. new[] { 100, 100, 100, 130 }.Select(static (value, at) => Run(at) with { Bytes = value, Files = value, Entropy = value == 130 ? 5 : 4 })];
        Assert.Empty(Kinds(runs, new JumpLimits(30, 30, 1)));
        Assert.Empty(Kinds(runs, new JumpLimits(29, 29, 0.5) { MayGrow = true }));
        Assert.Equal([BackupAlarmKind.Size], Kinds(runs, new JumpLimits(29, 30, 1)));
        Assert.Equal([BackupAlarmKind.Files], Kinds(runs, new JumpLimits(30, 29, 1)));
        Assert.Equal([BackupAlarmKind.Entropy], Kinds(runs, new JumpLimits(30, 30, 0.5)));
    }

    [Theory]
    [InlineData("4 4 4 5", false)]
    [InlineData("4 4 4 5.25", true)]
    [InlineData("7.5 7.5 7.5 2", false)] // down is no sign of anything
    [InlineData("4 4 - 7.9", false)] // two that were measured
    [InlineData("4 4 - 4 7.9", true)]
    [InlineData("4 4 4 7.9 -", false)] // the newest brought nothing new
    public void Entropy_may_rise_by_its_bits(string row, bool isJump)
    {
        BackupRun[] runs = [.. row.Split(' ').Select(static (value, at) => Run(at) with { Entropy = value == "-" ? null : double.Parse(value) })];
        Assert.Equal(isJump ? [BackupAlarmKind.Entropy] : [], Kinds(runs, JumpLimits.Usual));
    }

    [Fact]
    public void Runs_that_took_nothing_are_no_predecessors()
    {
        BackupRun[] runs =
        [
            Run(0) with { Bytes = 1000 }, Run(1) with { State = BackupRunState.Failed, RecoveryPoint = null }, Run(2) with { Bytes = 1000, State = BackupRunState.Unproven },
            Run(3) with { State = BackupRunState.Running, RecoveryPoint = null }, Run(4) with { Bytes = 5000 },
        ];
        Assert.Empty(Kinds(runs, JumpLimits.Usual));
        Assert.Equal([BackupAlarmKind.Size], Kinds([Run(-1) with { Bytes = 1000 }, .. runs], JumpLimits.Usual));
        Assert.Equal([BackupAlarmKind.Size], Kinds([Run(-1) with { Bytes = 1000 }, .. runs[..4], runs[4] with { State = BackupRunState.Unproven }], JumpLimits.Usual));
    }

    [Fact]
    public void A_jump_that_stays_is_heard_once_until_the_median_has_followed()
    {
        BackupRun[] runs = [.. Enumerable.Range(0, 30).Select(static at => Run(at) with { Bytes = at < 12 ? 1000 : 3000 })];
        var heard = Enumerable.Range(1, 30).Select(count => Find(runs[..count], JumpLimits.Usual).SingleOrDefault()).ToList();

        // The sixth has as many predecessors of the new size as of the old: their median is in the middle, and half as much again is within the limit.
        Assert.Equal(Enumerable.Range(12, 5), heard.Index().Where(static one => one.Item is not null).Select(static one => one.Index));
        Assert.All(heard.OfType<BackupAlarm>(), static alarm => Assert.Equal((First.AddDays(12), "size/nightly/nightly_20261113T020000Z"), (alarm.Since, alarm.Key)));
    }

    [Fact]
    public void Up_and_then_down_are_two_situations()
    {
        BackupRun[] runs = [.. new[] { 1000, 1000, 1000, 1000, 3000, 100 }.Select(static (value, at) => Run(at) with { Bytes = value })];
        Assert.Equal("size/nightly/nightly_20261105T020000Z", Assert.Single(Find(runs[..5], JumpLimits.Usual)).Key);
        Assert.Equal("size/nightly/nightly_20261106T020000Z", Assert.Single(Find(runs, JumpLimits.Usual)).Key);
    }

    [Fact]
    public void The_text_says_what_jumped_from_what_and_which_snapshot_to_hold()
    {
        BackupRun[] runs = [.. Enumerable.Range(0, 6).Select(static at => Run(at) with { Bytes = at < 4 ? 1000 : 250, Files = at < 4 ? 10 : 40, Entropy = at < 4 ? 4.5 : 7.96 })];
        var told = Find(runs, JumpLimits.Usual).Select(static alarm => alarm.Text).ToList();
        const string Rest =
            " It began with nightly_20261105T020000Z. That is what ransomware or a lost source looks like: look at folder /srv/records before it is backed up again, "
            + "and hold nightly_20261104T020000Z, the last one before the jump, until you know. If the change is meant, there is nothing to do.";
        Assert.Equal(
            [
                "The newest snapshot of the backup 'nightly' of Records, nightly_20261106T020000Z, has 250 bytes; the median of the 5 before it is 1000 (-75 %)." + Rest,
                "The newest snapshot of the backup 'nightly' of Records, nightly_20261106T020000Z, has 40 files; the median of the 5 before it is 10 (+300 %)." + Rest,
                "The newest snapshot of the backup 'nightly' of Records, nightly_20261106T020000Z, has new contents of 8.0 bits a byte; the median of the 5 before it is 4.5, and encrypted data have nearly 8."
                + Rest,
            ],
            told);
    }

    private static IEnumerable<BackupAlarmKind> Kinds(BackupRun[] oldestFirst, JumpLimits limits) =>
        Find(oldestFirst, limits).Select(static alarm => alarm.Kind).Where(static kind => kind is BackupAlarmKind.Size or BackupAlarmKind.Files or BackupAlarmKind.Entropy);

    private static IReadOnlyList<BackupAlarm> Find(BackupRun[] oldestFirst, JumpLimits limits)
    {
        var policy = new BackupPolicy("nightly", "records", new BackupSource(BackupSourceKind.Folder, "/srv/records"), [], Schedule.Parse("0 0 2 * * *"), []) { Jumps = limits };
        var newest = oldestFirst[^1];
        var status = new BackupStatus(newest.ClaimedAt, newest.ClaimedAt, null, null, null, 0);
        return BackupAlarms.Find(SamplePlan.Plan with { Backups = [policy] }, [new BackupHistory("nightly", "records", status, [.. oldestFirst.Reverse()])], newest.ClaimedAt.AddMinutes(1));
    }

    private static BackupRun Run(int day)
    {
        var at = First.AddDays(day);
        return new BackupRun(BackupPlanning.RunId("nightly", at), "nightly", at, BackupTrigger.Schedule, BackupRunState.Proven, at, at, at.AddMinutes(1));
    }
}
