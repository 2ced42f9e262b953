using Maintenance.Monitoring.Probes;
using Maintenance.Recovery;
using Maintenance.Time;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>monitoring</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class MonitoringRules
{
    private static readonly TimeSpan LeastDeadMan = TimeSpan.FromMinutes(5);

    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        var policy = plan.Monitoring;
        for (var i = 0; i < policy.Probes.Count; i++)
        {
            Times(policy.Probes[i], $"monitoring.probes[{i}]", reading);
            Target(policy.Probes[i], $"monitoring.probes[{i}]", reading);
        }

        Circle(policy, reading);
        Objectives(policy, reading);
        if (policy is { Probes.Count: > 0, Ticket: null })
        {
            reading.Report(PlanProblemSeverity.Error, "monitoring", "it does not say what the ticket of an outage is taken to be.", "Add tickets: { impact: …, urgency: … }.");
        }

        if (policy.JoinsWithin > MonitoringPolicy.LongestJoinsWithin)
        {
            reading.Report(
                PlanProblemSeverity.Error, "monitoring.joinsWithin", $"within {Durations.Format(policy.JoinsWithin)} outages of different days would be one ticket.", $"Write {Durations.Format(MonitoringPolicy.LongestJoinsWithin)} or less.");
        }

        if (policy.DeadMan is { } deadMan && deadMan.Every < LeastDeadMan)
        {
            reading.Report(PlanProblemSeverity.Error, "monitoring.deadMan.every", $"{Durations.Format(deadMan.Every)} is more often than the watchdog looks.", "Write 5m or more.");
        }
    }

    private static void Times(Probe probe, string path, PlanReading reading)
    {
        if (probe.Every < Probe.Shortest)
        {
            reading.Report(PlanProblemSeverity.Error, path + ".every", $"{Durations.Format(probe.Every)} is too often.", "Write 30s or more.");
        }

        var longest = probe.Timeout * (probe.Retries + 1);
        if (probe.Target is not ProbeTarget.Heartbeat && (longest > Probe.LongestLook || longest > probe.Every))
        {
            reading.Report(
                PlanProblemSeverity.Error, path + ".timeout", $"with its tries a look may take {Durations.Format(longest)}.", $"Lower timeout or retries: all tries together take 50s at most, and no longer than every ({Durations.Format(probe.Every)}).");
        }

        if (probe.Damping.Of < probe.Damping.FailAfter)
        {
            reading.Report(PlanProblemSeverity.Error, path + ".of", $"{probe.Damping.FailAfter} of {probe.Damping.Of} samples can never fail.", $"Write {probe.Damping.FailAfter} or more, or leave it out.");
        }
    }

    private static void Target(Probe probe, string path, PlanReading reading)
    {
        switch (probe.Target)
        {
            case ProbeTarget.Disk { FreePercent: null, FreeBytes: null }:
                reading.Report(PlanProblemSeverity.Error, path + ".disk", "it does not say how much must be free.", "Add freePercent: 10, or freeBytes.");
                break;
            case ProbeTarget.Query { Min: null, Max: null }:
                reading.Report(PlanProblemSeverity.Error, path + ".query", "it has no bounds, so no number would be wrong.", "Add min, max or both.");
                break;
            case ProbeTarget.Query { Min: { } least, Max: { } most } when least > most:
                reading.Report(PlanProblemSeverity.Error, path + ".query.max", "it is below min: no number would be right.", "Write min or more.");
                break;
            case ProbeTarget.Http { Contains: not null, IsHead: true }:
                reading.Report(PlanProblemSeverity.Error, path + ".http.contains", "headers alone contain no text.", "Leave method out, or contains.");
                break;
            case ProbeTarget.Heartbeat heartbeat when heartbeat.Within < probe.Every:
                reading.Report(PlanProblemSeverity.Warning, path + ".every", $"a call that is missing for {Durations.Format(heartbeat.Within)} is looked for every {Durations.Format(probe.Every)} only.", "Write within or less.");
                break;
            case ProbeTarget.Dns dns when dns.Expects.FirstOrDefault(static text => !System.Net.IPAddress.TryParse(text, out _)) is { } wrong:
                reading.Report(PlanProblemSeverity.Error, path + ".dns.expects", $"'{wrong}' is not an address.", "Write one such as 203.0.113.10.");
                break;
            default:
                break;
        }
    }

    private static void Circle(MonitoringPolicy policy, PlanReading reading)
    {
        var parents = policy.Probes.DistinctBy(static probe => probe.Id).ToDictionary(
            static probe => probe.Id, probe => (IReadOnlyList<string>)[.. ProbeRules.ParentsOf(policy, probe).Select(static parent => parent.Id), .. probe.Parent == probe.Id ? [probe.Id] : Array.Empty<string>()], StringComparer.Ordinal);
        if (StepGraph.FindCycle(policy.Probes.Select(static probe => probe.Id), id => parents.GetValueOrDefault(id, [])) is { } cycle)
        {
            var at = policy.Probes.ToList().FindIndex(probe => probe.Id == cycle[0]);
            reading.Report(PlanProblemSeverity.Error, $"monitoring.probes[{at}].{(policy.Probes[at].Parent is null ? "parentService" : "parent")}", $"the probes depend on one another in a circle: {string.Join(" → ", cycle)}.", "Remove one of these parents: each would keep the other's outage quiet.");
        }
    }

    private static void Objectives(MonitoringPolicy policy, PlanReading reading)
    {
        for (var i = 0; i < policy.Objectives.Count; i++)
        {
            var (objective, path) = (policy.Objectives[i], $"monitoring.objectives[{i}]");
            if (objective.Percent is <= 0 or >= 100)
            {
                reading.Report(PlanProblemSeverity.Error, path + ".availability", "it is not between 0 and 100.", "Write a share in per cent such as 99.5: with 100 there would be no budget to watch.");
            }

            if (policy.Objectives.Take(i).Any(other => other.Service == objective.Service))
            {
                reading.Report(PlanProblemSeverity.Error, path + ".service", $"'{objective.Service}' has an objective already.", "Keep one of them.");
            }

            if (!policy.Of(objective.Service).Any())
            {
                reading.Report(PlanProblemSeverity.Warning, path, $"no probe measures '{objective.Service}'.", "Add one under monitoring.probes, or nobody knows whether the objective is kept.");
            }
        }
    }
}
