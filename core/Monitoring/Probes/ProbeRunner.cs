using System.Collections.Concurrent;
using System.Diagnostics;
using Maintenance.Monitoring.Incidents;
using Maintenance.Plan;
using Maintenance.Time;

namespace Maintenance.Monitoring.Probes;

/// <summary>Takes the probes of the plan that are due, and sees to the outages that they find.</summary>
public sealed class ProbeRunner(ActivePlan plan, ProbeBook book, IProbing probing, IncidentDesk desk, TimeProvider time) : IDisposable
{
    /// <summary>So many looks are under way at once at most.</summary>
    public const int MostAtOnce = 128;

    /// <summary>So many looks are under way at once; one alone makes the order of what they find the plan's own.</summary>
    public int AtOnce { get; init; } = MostAtOnce;

    /// <summary>Outages are seen to one after the other: two of one service that are found in the same tick are one ticket.</summary>
    private readonly SemaphoreSlim _desk = new(1, 1);

    /// <summary>Takes every probe that is due, side by side: one that is slow, or fails, holds up no other. Ticked twice, a sample counts once.</summary>
    /// <exception cref="AggregateException">Something could not be recorded; the rest was.</exception>
    public async Task RunDueAsync(CancellationToken cancellation)
    {
        var current = plan.Current;
        var failures = new ConcurrentQueue<Exception>();
        await Parallel.ForEachAsync(current.Monitoring.Probes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (probe, stop) =>
        {
            try
            {
                if (ProbeRules.IsDue(probe, (await book.StateAsync(probe.Id, stop))?.LastAt, time.GetUtcNow()))
                {
                    await TakeAsync(current, probe, stop);
                }

                await _desk.WaitAsync(stop);
                try
                {
                    await desk.SettleAsync(current, probe.Id, stop);
                }
                finally
                {
                    _ = _desk.Release();
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                failures.Enqueue(error);
            }
        });
        foreach (var orphan in (await book.OpenAsync(cancellation)).Where(incident => current.Monitoring.Find(incident.Probe) is null))
        {
            await RetireAsync(current, orphan, cancellation);
        }

        if (!failures.IsEmpty)
        {
            throw new AggregateException(failures);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _desk.Dispose();

    /// <summary>Looks once, now, with the probe's tries; what is seen is told and counts for nothing.</summary>
    public async Task<ProbeSample> LookAsync(Probe probe, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(probe);
        if (probe.Target is ProbeTarget.Heartbeat heartbeat)
        {
            return await JudgeAsync(probe, heartbeat, cancellation);
        }

        var began = time.GetUtcNow();
        for (var attempt = 0; ; attempt++)
        {
            var sample = await probing.LookAsync(probe, cancellation);
            if (sample.IsGood || attempt == probe.Retries)
            {
                return sample with { At = began };
            }
        }
    }

    private async Task TakeAsync(OperationsPlan current, Probe probe, CancellationToken cancellation)
    {
        using var activity = Telemetry.Source.StartActivity("probe");
        _ = activity?.SetTag("probe", probe.Id);
        var sample = await LookAsync(probe, cancellation);
        _ = activity?.SetStatus(sample.IsGood ? ActivityStatusCode.Ok : ActivityStatusCode.Error, sample.Said);
        var (state, isTaken) = await book.TakeAsync(probe, sample, since => ShadeAsync(current, probe, since, cancellation), cancellation);
        if (isTaken)
        {
            Telemetry.Probed(probe, sample, state.Phase);
        }
    }

    private async Task<Shade> ShadeAsync(OperationsPlan current, Probe probe, DateTimeOffset since, CancellationToken cancellation)
    {
        var parents = new List<(Probe, ProbeState?)>();
        foreach (var parent in ProbeRules.ParentsOf(current.Monitoring, probe))
        {
            parents.Add((parent, await book.StateAsync(parent.Id, cancellation)));
        }

        return ProbeRules.ShadeOf(parents, since, time.GetUtcNow());
    }

    /// <summary>
    /// Before the first call there is as much time as after any other; and so there is once this host is back after it was away, since no call could reach it. A job that was
    /// late before that is no better for it: only its call ends its outage.
    /// </summary>
    private async Task<ProbeSample> JudgeAsync(Probe probe, ProbeTarget.Heartbeat heartbeat, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (beat, state) = (await book.LastBeatAsync(probe, cancellation), await book.StateAsync(probe.Id, cancellation));
        var since = beat?.At ?? state?.FirstAt ?? now;
        var said = beat is null ? $"no call has come yet, in {Durations.Rough(now - since)}" : $"the last call came {Durations.Rough(now - beat.At)} ago";
        var back = state is null || state.Open is not null ? null : ProbeRules.WasAway(probe, state, now) ? now : state.BackAt;
        (since, said) = back > since ? (back.Value, $"{said}; this host was away itself, and is back for {Durations.Rough(now - back.Value)}") : (since, said);
        return new ProbeSample(now, now - since <= heartbeat.Within, null, said);
    }

    /// <summary>A probe that the plan no longer has measures nothing: its outage ends with its last sample.</summary>
    private async Task RetireAsync(OperationsPlan current, ProbeIncident orphan, CancellationToken cancellation)
    {
        _ = await book.ChangeAsync(
            orphan.Probe,
            state => state?.Open is not { } open ? null : state with
            {
                Open = null,
                Phase = ProbePhase.Up,
                Recent = [],
                Since = state.LastAt,
                Unsettled = [.. state.Unsettled.Select(one => one.From == open.From ? one with { To = state.LastAt > open.From ? state.LastAt : open.ConfirmedAt, IsRecorded = false } : one)],
            },
            cancellation);
        await desk.SettleAsync(current, orphan.Probe, cancellation);
    }
}
