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
    /// <summary>
    /// True where a sample is due. Samples lie on a grid of instants, so that ticks which come a little early or late make them drift nowhere. After a last one that
    /// <see cref="IsAhead"/> one is due at once.
    /// </summary>
    /// <param name="probe">The probe.</param>
    /// <param name="last">Its last sample (UTC), or null.</param>
    /// <param name="now">The instant (UTC).</param>
    public static bool IsDue(Probe probe, DateTimeOffset? last, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return last is not { } at || IsAhead(probe, at, now) || now.UtcTicks / probe.Every.Ticks > at.UtcTicks / probe.Every.Ticks;
    }

    /// <summary>
    /// True for what was written at an instant that has not come: the clock leapt ahead, and was set right. Of less than one turn that is nothing, since two machines never
    /// agree wholly; of more it would keep a probe blind until that instant comes.
    /// </summary>
    /// <param name="probe">The probe.</param>
    /// <param name="at">The instant of the record (UTC).</param>
    /// <param name="now">The instant (UTC).</param>
    public static bool IsAhead(Probe probe, DateTimeOffset at, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return at - now > probe.Every;
    }

    /// <summary>
    /// True where nobody took samples for so long before an instant that a job's call may have found nobody either: this host was away. Of a job that must call more often than
    /// a probe may be silent its own time counts; a tick that comes a little late is no absence.
    /// </summary>
    /// <param name="probe">The probe.</param>
    /// <param name="state">As it was before the instant.</param>
    /// <param name="now">The instant (UTC).</param>
    public static bool WasAway(Probe probe, ProbeState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(state);
        var most = probe.Target is ProbeTarget.Heartbeat { Within: var within } && within < probe.Silence ? within : probe.Silence;
        return now - state.LastAt > (most > probe.Every * 1.5 ? most : probe.Every * 1.5);
    }

    /// <summary>
    /// What a sample makes of a state. One that is not newer than the last changes nothing. Where the last one <see cref="IsAhead"/>, what was seen there counts for nothing:
    /// an outage that began before goes on, one that began there never was.
    /// </summary>
    /// <param name="probe">The probe.</param>
    /// <param name="state">As it was; null before the first sample.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="shade">What its parents say.</param>
    public static ProbeStep Take(Probe probe, ProbeState? state, ProbeSample sample, Shade shade)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(sample);
        state = state is not null && IsAhead(probe, state.LastAt, sample.At) ? SetRight(probe, state, sample.At) : state;
        if (state is not null && sample.At <= state.LastAt)
        {
            return new ProbeStep(state, null);
        }

        var gap = state is not null && sample.At - state.LastAt > probe.Silence ? new ProbeGap(state.LastAt + probe.Every, sample.At) : null;
        var before = state ?? new ProbeState(probe.Id, sample.At, sample.At, ProbePhase.Up, sample.At, [], sample.Said);
        before = gap is null ? before : AfterSilence(before, sample.IsGood);
        before = state is not null && WasAway(probe, state, sample.At) ? before with { BackAt = sample.At } : before;
        var after = before.Open is { } open ? Recover(probe, before, open, sample) : Watch(probe, before, sample, shade);
        return new ProbeStep(after with { LastAt = sample.At, Said = sample.Said, Latency = sample.Latency, Since = SinceOf(before, after, sample) }, gap);
    }

    /// <summary>Where a probe stands at an instant: after too long a silence, or after a sample that <see cref="IsAhead"/>, nobody knows.</summary>
    public static ProbePhase PhaseAt(Probe probe, ProbeState? state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return state is null || now - state.LastAt > probe.Silence || IsAhead(probe, state.LastAt, now) ? ProbePhase.Unknown : state.Phase;
    }

    /// <summary>The first failed sample of the run that a failed one at an instant would add to (UTC); null where there is none.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="state">As it stands; null before the first sample.</param>
    /// <param name="at">When it failed (UTC).</param>
    public static DateTimeOffset? FailingSince(Probe probe, ProbeState? state, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(probe);
        if (state is null || IsAhead(probe, state.LastAt, at))
        {
            return null;
        }

        var known = at - state.LastAt > probe.Silence ? AfterSilence(state, isGood: false) : state;
        return known.HeldFrom ?? (known.Recent.Where(static one => !one.IsGood).Select(static one => (DateTimeOffset?)one.At).FirstOrDefault());
    }

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

    /// <summary>
    /// What was seen before a silence says nothing of what comes after it, but for failures that go on over it: where looks take longer than their turns, as when much fails at
    /// once, each would come after a silence, and no outage would ever be known.
    /// </summary>
    private static ProbeState AfterSilence(ProbeState state, bool isGood) =>
        !isGood && state.Recent is [.., { IsGood: false }] ? state : state with { Recent = [], HeldFrom = null, Held = 0 };

    /// <summary>A state whose last sample lies ahead, as it may be believed at an instant: as if its last sample were one turn ago.</summary>
    private static ProbeState SetRight(Probe probe, ProbeState state, DateTimeOffset now)
    {
        var right = state with
        {
            FirstAt = Earlier(state.FirstAt, now),
            LastAt = now - probe.Every,
            Since = Earlier(state.Since, now),
            BackAt = state.BackAt is { } back ? Earlier(back, now) : null,
            Recent = [],
            HeldFrom = null,
            Held = 0,
        };
        return state.Open is { } open && open.From > now
            ? right with { Phase = ProbePhase.Up, Open = null, Unsettled = Settled(state.Unsettled, open with { To = open.From }) }
            : right;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

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
