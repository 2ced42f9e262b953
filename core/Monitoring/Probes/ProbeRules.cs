using Maintenance.Monitoring.Incidents;

namespace Maintenance.Monitoring.Probes;

/// <summary>What the parents of a probe say of its failures.</summary>
public enum Shade
{
    /// <summary>They pass, or there are none: a failure is its own.</summary>
    None,

    /// <summary>One of them fails, or has not been looked at since: whose failure it is shows soon.</summary>
    Waiting,

    /// <summary>One of them is down: a failure is theirs.</summary>
    Down,
}

/// <summary>How samples make a probe go up and down. Pure.</summary>
public static class ProbeRules
{
    /// <summary>True where a sample is due. Samples lie on a grid of instants, so that ticks which come a little early or late make them drift nowhere.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="last">Its last sample (UTC), or null.</param>
    /// <param name="now">The instant (UTC).</param>
    public static bool IsDue(Probe probe, DateTimeOffset? last, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return last is not { } at || now.UtcTicks / probe.Every.Ticks > at.UtcTicks / probe.Every.Ticks;
    }

    /// <summary>What a sample makes of a state. One that is not newer than the last changes nothing.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="state">As it was; null before the first sample.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="shade">What its parents say.</param>
    public static ProbeStep Take(Probe probe, ProbeState? state, ProbeSample sample, Shade shade)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(sample);
        if (state is not null && sample.At <= state.LastAt)
        {
            return new ProbeStep(state, null);
        }

        // What was seen before a silence says nothing of what comes after it.
        var gap = state is not null && sample.At - state.LastAt > probe.Silence ? new ProbeGap(state.LastAt + probe.Every, sample.At) : null;
        var before = state ?? new ProbeState(probe.Id, sample.At, sample.At, ProbePhase.Up, sample.At, [], sample.Said);
        before = gap is null ? before : before with { Recent = [], HeldFrom = null, Held = 0 };
        var after = before.Open is { } open ? Recover(probe, before, open, sample) : Watch(probe, before, sample, shade);
        return new ProbeStep(after with { LastAt = sample.At, Said = sample.Said, Latency = sample.Latency, Since = SinceOf(before, after, sample) }, gap);
    }

    /// <summary>Where a probe stands at an instant: after too long a silence nobody knows.</summary>
    public static ProbePhase PhaseAt(Probe probe, ProbeState? state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return state is null || now - state.LastAt > probe.Silence ? ProbePhase.Unknown : state.Phase;
    }

    /// <summary>The first failed sample of the run that a next failed one would add to (UTC); null where there is none.</summary>
    public static DateTimeOffset? FailingSince(ProbeState? state) =>
        state is null ? null : state.HeldFrom ?? (state.Recent.Where(static one => !one.IsGood).Select(static one => (DateTimeOffset?)one.At).FirstOrDefault());

    /// <summary>What the parents of a probe say of a failure that began at an instant.</summary>
    /// <param name="parents">The parents, with their states.</param>
    /// <param name="since">When it began to fail (UTC).</param>
    /// <param name="now">The instant (UTC).</param>
    public static Shade ShadeOf(IEnumerable<(Probe Probe, ProbeState? State)> parents, DateTimeOffset since, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(parents);
        var shade = Shade.None;
        foreach (var (probe, state) in parents)
        {
            switch (PhaseAt(probe, state, now))
            {
                case ProbePhase.Down or ProbePhase.Recovering or ProbePhase.Suppressed:
                    return Shade.Down;
                case ProbePhase.Failing:
                case ProbePhase.Up when state!.LastAt < since:
                    shade = Shade.Waiting;
                    break;
                default:
                    break;
            }
        }

        return shade;
    }

    /// <summary>
    /// The parents of a probe: the one it names, and those of the service it names by which one sees whether that can be reached. That its disk fills, or a job of it is late, explains nobody
    /// else's failure.
    /// </summary>
    public static IEnumerable<Probe> ParentsOf(MonitoringPolicy policy, Probe probe)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(probe);
        return policy.Probes.Where(other => other.Id != probe.Id && (other.Id == probe.Parent || (probe.ParentService is { } service && other.Service == service && other.Target is (ProbeTarget.Http or ProbeTarget.Tcp or ProbeTarget.Dns))));
    }

    /// <summary>A probe that is down: good samples in a row end its incident with the first of them.</summary>
    private static ProbeState Recover(Probe probe, ProbeState state, ProbeIncident open, ProbeSample sample)
    {
        if (!sample.IsGood)
        {
            return state with { Phase = ProbePhase.Down, Recent = [] };
        }

        IReadOnlyList<SeenSample> run = [.. state.Recent, new SeenSample(sample.At, true)];
        return run.Count < probe.Damping.RecoverAfter
            ? state with { Phase = ProbePhase.Recovering, Recent = run }
            : state with { Phase = ProbePhase.Up, Recent = [.. run.TakeLast(probe.Damping.Of)], Open = null, Unsettled = Settled(state.Unsettled, open with { To = run[0].At }) };
    }

    /// <summary>A probe that is not down: enough failures among the last samples make it so, from the first of them.</summary>
    private static ProbeState Watch(Probe probe, ProbeState state, ProbeSample sample, Shade shade)
    {
        if (!sample.IsGood && shade == Shade.Down)
        {
            return state with { Phase = ProbePhase.Suppressed, Recent = [], HeldFrom = null, Held = 0 };
        }

        IReadOnlyList<SeenSample> recent = [.. state.Recent.Append(new SeenSample(sample.At, sample.IsGood)).TakeLast(probe.Damping.Of)];
        var failures = recent.Count(static one => !one.IsGood);
        if (failures < probe.Damping.FailAfter)
        {
            return state with { Phase = failures > 0 ? ProbePhase.Failing : ProbePhase.Up, Recent = recent, HeldFrom = null, Held = 0 };
        }

        // Waited for no longer than a whole new run of samples: a parent that goes up and down for ever hides nothing.
        var from = state.HeldFrom ?? recent.First(static one => !one.IsGood).At;
        if (shade == Shade.Waiting && state.Held < probe.Damping.Of)
        {
            return state with { Phase = ProbePhase.Failing, Recent = recent, HeldFrom = from, Held = state.Held + 1 };
        }

        var incident = new ProbeIncident(probe.Id, probe.Service, from, sample.At, sample.Said);
        return state with { Phase = ProbePhase.Down, Recent = [], HeldFrom = null, Held = 0, Open = incident, Unsettled = [.. state.Unsettled, incident] };
    }

    private static IReadOnlyList<ProbeIncident> Settled(IReadOnlyList<ProbeIncident> unsettled, ProbeIncident ended) =>
        [.. unsettled.Where(one => one.From != ended.From), unsettled.FirstOrDefault(one => one.From == ended.From) is { } known ? known with { To = ended.To, IsRecorded = false } : ended];

    private static DateTimeOffset SinceOf(ProbeState before, ProbeState after, ProbeSample sample) =>
        after.Open is { } open ? open.From
            : before.Open is not null ? after.Unsettled[^1].To ?? sample.At
            : before.Phase == after.Phase ? before.Since : sample.At;
}
