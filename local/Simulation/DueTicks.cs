using System.Globalization;
using Maintenance.Backups;
using Maintenance.Monitoring.Probes;
using Maintenance.Recovery;
using Maintenance.Status;
using Maintenance.Storage;
using NodaTime;

namespace Maintenance.Local.Simulation;

/// <summary>
/// Which ticks of the timers need to be taken. A timer does what follows from the instant and from what is recorded, and what is late it makes up for. A tick is therefore
/// left out only where nothing has been recorded since the timer's last one began, that one included, and no more than time can have made something due: then it would
/// find nothing, unless time alone brought something about. Times of that kind are looked up for those timers that people wait for (<see cref="NextAsync"/>); all others
/// look again with the first tick of each hour of the plan's zone, on which plans let their days, windows and offices begin. A timer that nobody thought of here is among
/// those: it is simulated all the same. <c>everyTick</c> leaves none out, and a test compares the two.
/// </summary>
internal sealed class DueTicks(SimulatedSystem system, CalmProbes calm, bool everyTick)
{
    /// <summary>The watchdog reads what probes have written, and would wake them each hour for nothing.</summary>
    private const int HoursOfWatch = 4;

    private static readonly string[] Exact = [TimerService.TakeDueBackups, TimerService.SweepServiceLevels, TimerService.DeliverNotifications, TimerService.StartDueDrills, TimerService.RunProbes];

    private readonly List<Turn> _turns = [.. TimerRhythms.All.Select(static rhythm => new Turn(new TimerTicks(rhythm)))];

    /// <summary>The instant of the next tick that is taken (UTC).</summary>
    public DateTimeOffset Next(DateTimeOffset now)
    {
        var changes = system.Changes;
        return _turns.Where(IsTaken).Min(turn => turn.Next(now, changes, everyTick));
    }

    /// <summary>The timers whose tick is due at an instant, in the order of the list.</summary>
    public IEnumerable<Turn> Due(DateTimeOffset now)
    {
        foreach (var turn in _turns.Where(IsTaken))
        {
            if (turn.Next(now, system.Changes, everyTick) == now)
            {
                yield return turn;
            }
        }
    }

    /// <summary>The timers that were left out since they last ticked: they have looked, in a manner of speaking, and found nothing.</summary>
    public IEnumerable<string> Quiet() => _turns.Where(static turn => turn.HasTicked).Select(static turn => turn.Timer);

    /// <summary>Notes that a timer has ticked.</summary>
    /// <param name="turn">The timer.</param>
    /// <param name="changesBefore">What had been recorded when it began.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task NoteAsync(Turn turn, long changesBefore, CancellationToken cancellation)
    {
        var now = system.Now;
        DateTimeOffset? next = null;
        if (!everyTick && changesBefore == system.Changes && Exact.Contains(turn.Timer))
        {
            next = await NextAsync(turn.Timer, cancellation);
        }

        var isExact = turn.Timer is TimerService.RunProbes or TimerService.DeliverNotifications or TimerService.SweepServiceLevels;
        var hour = NextHour(now).AddHours(turn.Timer == TimerService.WatchOperations && calm.IsCalm ? HoursOfWatch - 1 : 0);
        turn.Note(now, changesBefore, next is { } due && (isExact || due < hour) ? due : isExact ? DateTimeOffset.MaxValue : hour);
    }

    /// <summary>While every service is there, probes are taken many at a time.</summary>
    private bool IsTaken(Turn turn) => turn.Timer != TimerService.RunProbes || !calm.IsCalm;

    /// <summary>The beginning of the next hour of the plan's zone, whose offset may be half an hour.</summary>
    private DateTimeOffset NextHour(DateTimeOffset now)
    {
        var offset = system.Plan.System.TimeZone.GetUtcOffset(Instant.FromDateTimeOffset(now)).ToTimeSpan().Ticks;
        var local = now.UtcTicks + offset;
        return new DateTimeOffset(local - (local % TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour - offset, TimeSpan.Zero);
    }

    /// <summary>When time alone next makes something due for a timer (UTC); null where it does not.</summary>
    private async Task<DateTimeOffset?> NextAsync(string timer, CancellationToken cancellation) => timer switch
    {
        TimerService.RunProbes => system.Plan.Monitoring.Probes.Count == 0 ? null : system.Plan.Monitoring.Probes.Min(probe => NextSample(probe, system.Now)),
        TimerService.SweepServiceLevels => await FirstAsync(Tables.TicketIndex, "tickets", ["due_", "close_", "told_"], cancellation),
        TimerService.DeliverNotifications => await FirstAsync(Tables.NotificationIndex, "notifications", ["due_"], cancellation),
        TimerService.TakeDueBackups => await NextBackupAsync(cancellation),
        _ => system.Plan.Recovery.Strategies.Select(static strategy => strategy.Drills).OfType<DrillPolicy>().Min(drills => drills.Schedule.Next(system.Now, system.Plan.System.TimeZone)),
    };

    private static DateTimeOffset NextSample(Probe probe, DateTimeOffset now) => new(((now.UtcTicks / probe.Every.Ticks) + 1) * probe.Every.Ticks, TimeSpan.Zero);

    /// <summary>The instant in the first of the rows that begin with a word and an instant.</summary>
    private async Task<DateTimeOffset?> FirstAsync(string table, string partition, IEnumerable<string> words, CancellationToken cancellation)
    {
        DateTimeOffset? first = null;
        foreach (var word in words)
        {
            await foreach (var row in system.Get<IRecordStore>().QueryAsync(table, partition, RowRange.Prefix(word) with { Take = 1 }, cancellation))
            {
                var at = DateTimeOffset.ParseExact(row.RowKey.AsSpan(word.Length, "20261122T020000.000Z".Length), "yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                first = first is null || at < first ? at : first;
            }
        }

        return first;
    }

    private async Task<DateTimeOffset?> NextBackupAsync(CancellationToken cancellation)
    {
        var (plan, now, backups) = (system.Plan, system.Now, system.Get<BackupService>());
        DateTimeOffset? first = null;
        foreach (var policy in plan.Backups)
        {
            var status = await backups.StatusAsync(policy.Id, cancellation);

            // At this instant the point is still young enough; after it, it no longer is.
            var point = (status?.Proven?.RecoveryPoint + plan.FindService(policy.Service)?.RecoveryPoint)?.AddTicks(1);
            var retry = status is { Failures: > 0, Latest.EndedAt: { } ended } ? ended + BackupPlanning.RetryAfter(status.Failures) : point;
            foreach (var at in new[] { policy.Schedule.Next(now, plan.System.TimeZone), point > now ? point : null, retry > now ? retry : null })
            {
                first = first is null || at < first ? at ?? first : first;
            }
        }

        return first;
    }

    /// <summary>A timer and when it is its turn.</summary>
    internal sealed class Turn(TimerTicks ticks)
    {
        private DateTimeOffset? _last;
        private DateTimeOffset _quietUntil;
        private long _seen = -1;
        private (long Changes, DateTimeOffset At) _next = (-2, default);

        public string Timer => ticks.Timer;

        public bool HasTicked => _last is not null;

        /// <summary>The next tick that is taken: the very next one where something was recorded, else the first one once time has made something due.</summary>
        public DateTimeOffset Next(DateTimeOffset now, long changes, bool everyTick)
        {
            if (_next.Changes == changes && _next.At >= now)
            {
                return _next.At;
            }

            // What has not ticked at this instant yet may do so still.
            var from = _last is { } last && last >= now ? last.AddTicks(1) : now;
            var at = everyTick || _seen != changes || _quietUntil <= from ? from : _quietUntil;
            _next = (changes, at == DateTimeOffset.MaxValue ? at : ticks.From(at));
            return _next.At;
        }

        public void Note(DateTimeOffset now, long changesBefore, DateTimeOffset quietUntil)
        {
            (_last, _seen, _quietUntil, _next) = (now, changesBefore, quietUntil, (-2, default));
        }
    }
}
