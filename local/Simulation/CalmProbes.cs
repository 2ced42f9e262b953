using Maintenance.Monitoring.Probes;
using Maintenance.Status;

namespace Maintenance.Local.Simulation;

/// <summary>
/// Takes samples of probes many at a time while every service is there: a year has half a million of each probe, and nearly all say the same. The records are what they
/// would be had each sample been taken by itself. As soon as a service goes down, and until all are up again for a while, the timer takes them one by one.
/// </summary>
internal sealed class CalmProbes(SimulatedSystem system, bool everyTick)
{
    private readonly TimerTicks _ticks = new(TimerRhythms.Of(TimerService.RunProbes));

    /// <summary>True while the timer need not tick.</summary>
    public bool IsCalm { get; private set; }

    /// <summary>Looks, after a tick of the timer, whether it is calm now.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        if (everyTick || !system.Outside.IsCalm)
        {
            return;
        }

        var book = system.Get<ProbeBook>();
        foreach (var probe in system.Plan.Monitoring.Probes)
        {
            if (await book.StateAsync(probe.Id, cancellation) is not { Phase: ProbePhase.Up, Open: null, HeldFrom: null, Unsettled: [] })
            {
                return;
            }
        }

        IsCalm = true;
    }

    /// <summary>Something goes down: from now on each sample counts by itself.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        IsCalm = false;
    }

    /// <summary>Takes the samples up to now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        if (!IsCalm)
        {
            return;
        }

        await BeatAsync(cancellation);
        var book = system.Get<ProbeBook>();
        foreach (var probe in system.Plan.Monitoring.Probes)
        {
            var last = (await book.StateAsync(probe.Id, cancellation))!.LastAt;
            await book.TakeGoodAsync(probe, Samples(probe, last), cancellation);
        }
    }

    /// <summary>The jobs of services that are there call as they should.</summary>
    public async Task BeatAsync(CancellationToken cancellation)
    {
        foreach (var probe in system.Plan.Monitoring.Probes.Where(probe => probe.Target is ProbeTarget.Heartbeat && !system.Outside.IsDown(probe.Service)))
        {
            _ = await system.Get<ProbeBook>().NoteBeatAsync(probe, "simulation", cancellation);
        }
    }

    /// <summary>At each tick of the timer at which a sample is due.</summary>
    private IEnumerable<ProbeSample> Samples(Probe probe, DateTimeOffset last)
    {
        while (true)
        {
            var due = new DateTimeOffset(((last.UtcTicks / probe.Every.Ticks) + 1) * probe.Every.Ticks, TimeSpan.Zero);
            last = _ticks.From(due);
            if (last > system.Now)
            {
                yield break;
            }

            yield return SimulatedOutside.Good(last);
        }
    }
}
