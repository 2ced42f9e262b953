using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using Maintenance.Time;

namespace Maintenance.Plan;

/// <summary>The rules of service levels that no single field can keep.</summary>
internal static class ServiceLevelRules
{
    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        foreach (var level in plan.Priorities.Levels.Where(level => plan.ServiceLevels.For(level.Id) is null))
        {
            reading.Report(PlanProblemSeverity.Error, "serviceLevels.targets", $"there is no target for the priority '{level.Id}'.", "Every priority needs one.");
        }

        for (var i = 0; i < plan.ServiceLevels.Targets.Count; i++)
        {
            Target(plan, plan.ServiceLevels.Targets[i], $"serviceLevels.targets[{i}]", reading);
        }

        for (var i = 0; i < plan.ServiceLevels.Escalations.Count; i++)
        {
            Chain(plan.ServiceLevels.Escalations[i], $"serviceLevels.escalations[{i}]", reading);
        }

        foreach (var twice in plan.ServiceLevels.Waiting.GroupBy(static rule => rule.For).Where(static group => group.Count() > 1))
        {
            reading.Report(PlanProblemSeverity.Error, "serviceLevels.waiting", $"waiting for the {Name(twice.Key)} has {twice.Count()} rules.", "Keep one of them.");
        }
    }

    /// <summary>A level that reaches nobody, though mail goes out.</summary>
    public static void Audience(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; plan.Notifications.Mail is not null && i < plan.ServiceLevels.Escalations.Count; i++)
        {
            var levels = plan.ServiceLevels.Escalations[i].Levels;
            for (var j = 0; j < levels.Count; j++)
            {
                if (levels[j].Channels.Count == 0 && plan.Resolve(levels[j].Notify).All(static person => person.Email is null))
                {
                    reading.Report(PlanProblemSeverity.Warning, $"serviceLevels.escalations[{i}].levels[{j}].notify", "none of these people has a mail address, and the level has no channel: nobody is told but the log.", "Add an email, or a channel.");
                }
            }
        }
    }

    private static void Target(OperationsPlan plan, ServiceLevelTarget target, string path, PlanReading reading)
    {
        if (!ReferenceEquals(plan.ServiceLevels.For(target.Priority), target))
        {
            reading.Report(PlanProblemSeverity.Error, path + ".priority", $"the priority '{target.Priority}' has a target already.", "Keep one of them.");
        }

        if (target.Response > target.Resolution)
        {
            reading.Report(PlanProblemSeverity.Error, path + ".response", "the response may take longer than the resolution.", "Lower response or raise resolution.");
        }

        if (target.Warnings.Count != target.Warnings.Distinct().Count())
        {
            reading.Report(PlanProblemSeverity.Error, path + ".warnings", "a part is listed twice.", "Each fires once: keep one of them.");
        }

        // A level before the due instant that asks for more than the whole target would be told when the ticket is opened, whatever it is.
        var earliest = plan.ServiceLevels.Chain(target.Escalation)?.Levels.Min(static level => level.After) ?? TimeSpan.Zero;
        if (earliest < TimeSpan.Zero && -earliest >= target.Response)
        {
            var what = -earliest >= target.Resolution ? "resolution" : "response";
            reading.Report(
                PlanProblemSeverity.Warning, path + ".escalation", $"the chain '{target.Escalation}' has a level {Durations.Format(-earliest)} before the due instant, and the {what} takes {Durations.Format(target.Of(what == "response" ? ServiceTarget.Response : ServiceTarget.Resolution))} only: it is told as soon as a ticket is opened.", "Give this priority a chain of its own, or lower before.");
        }
    }

    private static void Chain(EscalationChain chain, string path, PlanReading reading)
    {
        for (var j = 0; j < chain.Levels.Count; j++)
        {
            var level = chain.Levels[j];
            if (j > 0 && level.After <= chain.Levels[j - 1].After)
            {
                reading.Report(
                    PlanProblemSeverity.Error, $"{path}.levels[{j}].{(level.After < TimeSpan.Zero ? "before" : "after")}", $"it is not later than the level before it ({Offset(chain.Levels[j - 1].After)}).", "List the levels in the order in which they are reached.");
            }
        }

        var last = chain.Levels[^1];
        if (last.After < TimeSpan.Zero)
        {
            reading.Report(PlanProblemSeverity.Warning, $"{path}.levels", "the last level comes before the due instant: nobody is told when the target is missed.", "Add a level with after: 0m or later.");
        }
    }

    private static string Offset(TimeSpan after) => after < TimeSpan.Zero ? $"{Durations.Format(-after)} before" : $"{Durations.Format(after)} after";

    private static string Name(WaitingFor waiting) => waiting == WaitingFor.Supplier ? "supplier" : "requester";
}
