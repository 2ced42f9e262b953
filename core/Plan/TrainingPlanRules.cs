using Maintenance.Time;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>training</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class TrainingPlanRules
{
    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        var policy = plan.Training;
        for (var i = 0; i < policy.Programmes.Count; i++)
        {
            var programme = policy.Programmes[i];
            if (policy.Warning >= programme.Valid)
            {
                reading.Report(
                    PlanProblemSeverity.Error, $"training.programmes[{i}].valid", $"it counts no longer than the warning of {Durations.Format(policy.Warning)}, so people would be told on the day of the session.", "Let it count longer, or warn later (training.warning).");
            }

            foreach (var skill in programme.GatedSkills.Where(skill => !plan.People.Any(person => person.Skills.Contains(skill, StringComparer.OrdinalIgnoreCase))))
            {
                reading.Report(
                    PlanProblemSeverity.Warning, $"training.programmes[{i}].gates", $"nobody has the skill '{skill}', so it gates nothing.", Nearest.Hint(skill, plan.People.SelectMany(static person => person.Skills).Distinct()) ?? "Name a skill of the contact list.");
            }
        }
    }
}
