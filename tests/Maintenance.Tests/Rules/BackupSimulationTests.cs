using FsCheck.Fluent;
using Maintenance.Backups;
using Maintenance.Tests.Rules.Oracles;
using Maintenance.Time;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Thirty days of ticks, some of them hours late, and runs that end as luck has it, against a plain account of what should be due.</summary>
public sealed class BackupSimulationTests
{
    [Fact]
    public void Every_tick_of_thirty_days_takes_what_is_due_and_nothing_else() => Law.Holds(
        from schedule in Gen.Elements("0 0 2 * * *", "0 30 2 * * *", "0 0 */6 * * *", "0 15,45 1-3 * * *", "0 0 3 * * 1", "0 */20 * * * *", "0 0 0 31 * *")
        from zone in Gen.Elements("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
        from start in Gen.Elements("2026-03-01T00:00Z", "2026-10-10T07:13:21Z", "2026-03-20T23:59:59.7Z")
        from recoveryPoint in Gen.Elements(45, 4 * 60, 24 * 60, 8 * 24 * 60)
        from steadiness in Gen.Elements(0, 50, 90)
        from luck in Gen.Choose(0, int.MaxValue)
        select (schedule, zone, start, recoveryPoint, steadiness, luck),
        30,
        static one => Live(one.schedule, one.zone, Utc(one.start), TimeSpan.FromMinutes(one.recoveryPoint), one.steadiness, new Random(one.luck)));

    private static void Live(string schedule, string zoneId, DateTimeOffset start, TimeSpan recoveryPoint, int steadiness, Random luck)
    {
        var zone = Zone(zoneId);
        var policy = new BackupPolicy("p", "s", new BackupSource(BackupSourceKind.Folder, "data"), [], Schedule.Parse(schedule), []);
        var end = start.AddDays(30);
        var occurrences = WallClockWalk.Occurrences(schedule, zone, start.AddDays(-1), end.AddDays(1));
        var ids = new HashSet<string>();
        var ledger = new Ledger(occurrences, recoveryPoint);
        BackupStatus? status = null;
        var endsAt = DateTimeOffset.MaxValue;

        for (var now = start; now < end; now += Gap(luck, steadiness))
        {
            if (status?.Running is { } running && endsAt <= now)
            {
                var state = luck.Next(100) < steadiness ? BackupRunState.Proven : luck.Next(2) == 0 ? BackupRunState.Unproven : BackupRunState.Failed;
                var ended = running with { State = state, EndedAt = endsAt, RecoveryPoint = state == BackupRunState.Failed ? null : running.ClaimedAt.AddSeconds(1) };
                status = BackupPlanning.Ended(status, ended);
                Assert.Equal(status, BackupPlanning.Ended(status, ended));
                ledger.End(ended);
            }

            var due = BackupPlanning.Due(policy, recoveryPoint, status, zone, now);
            Assert.Equal(ledger.Due(now), due is null ? null : (due.Trigger, due.Occurrence));
            if (due is null)
            {
                continue;
            }

            var run = new BackupRun(BackupPlanning.RunId(policy.Id, due.Occurrence), policy.Id, due.Occurrence, due.Trigger, BackupRunState.Running, now);
            Assert.True(ids.Add(run.Id), $"{run.Id} twice");
            status = BackupPlanning.Claimed(status, run);
            ledger.Claim(run);
            endsAt = now.AddSeconds(luck.Next(5) == 0 ? luck.Next(1, 100_000) : luck.Next(1, 600));
        }

        ledger.AllCovered();
    }

    private static TimeSpan Gap(Random luck, int steadiness) =>
        TimeSpan.FromMilliseconds((luck.Next(100) < steadiness + 5 ? 60_000 : luck.Next(1, luck.Next(20) == 0 ? 20_000_000 : 400_000)) + luck.Next(-400, 400) + 400);

    /// <summary>What a careful clerk would write down.</summary>
    private sealed class Ledger(List<DateTimeOffset> occurrences, TimeSpan recoveryPoint)
    {
        private readonly List<BackupRun> _claims = [];
        private readonly List<DateTimeOffset> _idleLooks = [];
        private bool _busy;
        private DateTimeOffset? _proven;
        private DateTimeOffset? _ended;
        private int _failures;

        public (BackupTrigger Trigger, DateTimeOffset Occurrence)? Due(DateTimeOffset now)
        {
            if (_busy)
            {
                return null;
            }

            _idleLooks.Add(now);
            if (_claims.Count > 0 && occurrences.FindLast(at => at > _claims[^1].ClaimedAt && at <= now) is var missed && missed != default)
            {
                return (BackupTrigger.Schedule, missed);
            }

            var wait = TimeSpan.FromMinutes(_failures switch { 0 => 0, 1 => 5, 2 => 10, 3 => 20, 4 => 40, _ => 60 });
            if (_failures > 0 && now < _ended + wait)
            {
                return null;
            }

            // An unscheduled run is for the second in which it was looked for.
            var second = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
            return _proven is null ? (BackupTrigger.NeverProven, second) : now - _proven > recoveryPoint ? (BackupTrigger.RecoveryPoint, second) : null;
        }

        public void Claim(BackupRun run)
        {
            _busy = true;
            _claims.Add(run);
        }

        public void End(BackupRun run)
        {
            _busy = false;
            _ended = run.EndedAt;
            (_failures, _proven) = run.State == BackupRunState.Proven ? (0, run.RecoveryPoint) : (_failures + 1, _proven);
        }

        /// <summary>Each occurrence that somebody could have looked at has a run that began after it, at the first such look at the latest.</summary>
        public void AllCovered()
        {
            foreach (var occurrence in occurrences.Where(at => at > _claims[0].ClaimedAt))
            {
                var look = _idleLooks.Find(at => at >= occurrence);
                if (look != default)
                {
                    Assert.Contains(_claims, run => run.ClaimedAt >= occurrence && run.ClaimedAt <= look);
                }
            }
        }
    }
}
