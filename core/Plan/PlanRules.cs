using Maintenance.Recovery;

namespace Maintenance.Plan;

/// <summary>The rules of a plan that no single field can keep.</summary>
internal static class PlanRules
{
    private static readonly (Action<OperationsPlan, PlanReading> Check, string[] Sections)[] Rules =
    [
        (Administrators, ["people"]),
        (TeamRules.Languages, ["system"]),
        (BrandFiles.Colours, ["system"]),
        (TeamRules.People, ["system", "people"]),
        (TeamRules.Teams, ["people", "services", "teams"]),
        (CalendarRules.Check, ["system", "calendars"]),
        (Services, ["services", "backups"]),
        (BackupRules.Policies, ["system", "services", "backups"]),
        (BackupRules.Repository, ["system", "repository"]),
        (BackupRules.Copies, ["services", "backups", "repository"]),
        (RecoveryRules.Strategies, ["people", "system", "services", "backups", "recovery"]),
        (KnowledgeRules.Check, ["people", "services", "recovery", "documents"]),
        (WindowRules.Check, ["system", "windows"]),
        (TrainingPlanRules.Check, ["people", "training"]),
        (HandoverRules.Check, ["people", "handover"]),
        (SupplyRules.Check, ["system", "calendars", "supplies"]),
        (DutyRules.Check, ["system", "people", "calendars", "duties"]),
        (ServiceLevelRules.Check, ["priorities", "serviceLevels"]),
        (ServiceLevelRules.Audience, ["people", "serviceLevels", "notifications"]),
        (PatchingRules.Policy, ["people", "patching"]),
        (RolloutRules.Rings, ["system", "backups", "windows", "patching"]),
        (NotificationRules.Settings, ["system", "notifications"]),
        (NotificationRules.QuietHours, ["people", "notifications"]),
        (MonitoringRules.Check, ["services", "calendars", "monitoring"]),
        (FeedbackPlanRules.Check, ["system", "support"]),
        (FeedbackPlanRules.Templates, ["system", "support"]),
        (ResourceRules.Check, ["system", "people", "teams", "services", "calendars", "resources"]),
        (AssetRules.Assets, ["assets"]),
        (AssetRules.Lifecycle, ["people", "assets", "lifecycle"]),
    ];

    /// <summary>Checks every rule whose sections could be read: a rule over fillers would report what nobody wrote.</summary>
    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        // Decided beforehand, since what one rule reports is no reason to leave out another.
        foreach (var (check, _) in Rules.Where(rule => reading.IsSound(rule.Sections)).ToList())
        {
            check(plan, reading);
        }
    }

    /// <summary>The first dependency cycle, as the ids along it with the first one again at the end; null where there is none.</summary>
    public static IReadOnlyList<string>? FindCycle(IReadOnlyList<Service> services)
    {
        var needs = services.ToDictionary(static service => service.Id, static service => service.DependsOn, StringComparer.Ordinal);
        return StepGraph.FindCycle(services.Select(static service => service.Id), id => needs.GetValueOrDefault(id, []));
    }

    private static void Administrators(OperationsPlan plan, PlanReading reading)
    {
        if (!plan.InRole(Roles.Administrator).Any())
        {
            reading.Report(PlanProblemSeverity.Error, "people", $"nobody has the role '{Roles.Administrator}'.", "Give it to at least one person, or nobody can sign in to run the system.");
        }
    }

    private static void Services(OperationsPlan plan, PlanReading reading)
    {
        var cycle = FindCycle(plan.Services);
        if (cycle is not null)
        {
            var index = plan.Services.ToList().FindIndex(service => service.Id == cycle[0]);
            reading.Report(
                PlanProblemSeverity.Error, $"services[{index}].dependsOn", $"the services depend on one another in a circle: {string.Join(" → ", cycle)}.", "Remove one of these dependencies: in a circle nothing can be started first.");
        }

        for (var i = 0; i < plan.Services.Count; i++)
        {
            var service = plan.Services[i];
            if (service.RecoveryTime > service.TolerableDowntime)
            {
                reading.Report(PlanProblemSeverity.Error, $"services[{i}].rto", $"the RTO is longer than the tolerable downtime of {Time.Durations.Format(service.TolerableDowntime)}.", "An outage must end before the damage is lasting: lower rto or raise mtd.");
            }

            // In a circle some RTO is always the longer one; breaking the circle settles it.
            foreach (var needed in service.DependsOn.Select(plan.FindService).OfType<Service>().Where(needed => cycle is null && needed.RecoveryTime > service.RecoveryTime))
            {
                reading.Report(PlanProblemSeverity.Warning, $"services[{i}].rto", $"it depends on '{needed.Id}', whose RTO of {Time.Durations.Format(needed.RecoveryTime)} is longer.", "It cannot be back before what it needs.");
            }

            if (service.Criticality >= Criticality.High && plan.Backups.All(policy => policy.Service != service.Id))
            {
                reading.Report(PlanProblemSeverity.Warning, $"services[{i}]", $"no backup covers this service of {service.Criticality.ToString().ToLowerInvariant()} criticality, though it has an RPO.", "Add a policy under backups.");
            }
        }
    }
}
