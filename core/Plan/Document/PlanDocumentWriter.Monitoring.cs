using System.Globalization;
using Maintenance.Monitoring.Probes;
using Maintenance.Time;

namespace Maintenance.Plan.Document;

/// <summary>What is watched.</summary>
public static partial class PlanDocumentWriter
{
    private static DocumentSection Monitoring(OperationsPlan plan)
    {
        var policy = plan.Monitoring;
        List<DocumentBlock> blocks =
        [
            new DocumentTable("Probes", ["Probe", "Service", "Looks at", "Every", "Down after", "Up after", "Depends on"],
            [
                .. policy.Probes.Select(probe => Row(
                    probe.Name, ServiceName(plan, probe.Service), probe.Target.ToString(), Durations.Format(probe.Every),
                    string.Create(CultureInfo.InvariantCulture, $"{probe.Damping.FailAfter} of {probe.Damping.Of} samples"), string.Create(CultureInfo.InvariantCulture, $"{probe.Damping.RecoverAfter} in a row"),
                    List(ProbeRules.ParentsOf(policy, probe).Select(static parent => parent.Name)))),
            ]),
        ];
        if (policy.Objectives.Count > 0)
        {
            blocks.Add(new DocumentHeading("Availability"));
            blocks.Add(new DocumentText("Measured by the probes, in the agreed time of each service without maintenance windows."));
            blocks.Add(new DocumentTable("Objectives", ["Service", "Objective in a month", "Agreed time"],
                [.. policy.Objectives.Select(objective => Row(ServiceName(plan, objective.Service), objective.Percent is { } percent ? percent.ToString("0.###", CultureInfo.InvariantCulture) + " %" : null, objective.Calendar is { } calendar ? CalendarName(plan, calendar) : "always"))]));
        }

        var facts = new List<DocumentFact>();
        if (policy.Probes.Count > 0)
        {
            facts.Add(new("Outages of a probe that are one ticket", $"those that begin less than {Durations.Format(policy.JoinsWithin)} after the last one"));
        }

        if (policy.Security is { } security)
        {
            facts.Add(new("Told of security signals", List(security.Notify.Select(id => Who(plan, id)))));
        }

        if (policy.DeadMan is { } deadMan)
        {
            facts.Add(new("Called outside by the watchdog", $"every {Durations.Format(deadMan.Every)}"));
        }

        if (facts.Count > 0)
        {
            blocks.Add(new DocumentFacts(facts));
        }

        return new("monitoring", "Monitoring", blocks);
    }
}
