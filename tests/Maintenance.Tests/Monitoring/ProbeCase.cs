using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;

namespace Maintenance.Tests.Monitoring;

/// <summary>Probes and sequences of samples for tests.</summary>
internal static class ProbeCase
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    public static Probe Probe(int failAfter = 3, int of = 3, int recoverAfter = 2, string id = "web", string service = "records") =>
        new(id, service, id, TimeSpan.FromMinutes(1), new ProbeTarget.Tcp("127.0.0.1", 80)) { Damping = new Damping(failAfter, of, recoverAfter) };

    public static ProbeSample Sample(DateTimeOffset at, bool isGood) => new(at, isGood, isGood ? TimeSpan.FromMilliseconds(5) : null, isGood ? "fine" : "refused");

    /// <summary>What a probe makes of samples a minute apart: <c>g</c> good, <c>f</c> failed, <c>-</c> none.</summary>
    public static (ProbeState State, List<ProbePhase> Phases, List<ProbeIncident> Incidents, List<ProbeGap> Gaps) Run(Probe probe, string samples, Shade shade = Shade.None)
    {
        ProbeState? state = null;
        var (phases, gaps) = (new List<ProbePhase>(), new List<ProbeGap>());
        for (var at = 0; at < samples.Length; at++)
        {
            if (samples[at] == '-')
            {
                continue;
            }

            var step = ProbeRules.Take(probe, state, Sample(Start.AddMinutes(at), samples[at] == 'g'), shade);
            state = step.State;
            phases.Add(state.Phase);
            if (step.Gap is { } gap)
            {
                gaps.Add(gap);
            }
        }

        return (state!, phases, [.. state!.Unsettled], gaps);
    }

    public static string Letters(IEnumerable<ProbePhase> phases) => string.Concat(phases.Select(static phase => phase switch
    {
        ProbePhase.Up => 'u',
        ProbePhase.Failing => 'f',
        ProbePhase.Down => 'D',
        ProbePhase.Recovering => 'r',
        ProbePhase.Suppressed => 's',
        _ => '?',
    }));
}
