using Maintenance.Handover;
using Maintenance.Training;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>handover</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class HandoverRules
{
    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        if (plan.Handover is not { } handover)
        {
            return;
        }

        if (handover.Signatories.Distinct().Count() != 2 || handover.Signatories.Count != 2)
        {
            reading.Report(PlanProblemSeverity.Error, "handover.signatories", "two different people sign.", "Name who hands over and who takes over.");
        }

        Unique(reading, "checklist", [.. handover.Checklist.Select(static one => one.Id)]);
        Unique(reading, "control", [.. handover.Control.Select(static one => one.Id)]);
        Unique(reading, "outstanding", [.. handover.Outstanding.Select(static one => one.Id)]);
        for (var i = 0; i < handover.Checklist.Count; i++)
        {
            // Of nobody asked, everybody is trained: the line would be met and show nothing.
            if (handover.Checklist[i] is { Kind: CheckKind.Training, Of: var of } && plan.Training.Find(of) is { } programme && plan.FindTeam(handover.Team) is { } team
                && !TrainingRules.Audience(plan, programme).Any(person => team.Members.Contains(person.Id)))
            {
                reading.Report(PlanProblemSeverity.Error, $"handover.checklist[{i}].training", $"the training '{of}' is asked of nobody of the team '{team.Id}', so this line would show nothing.", "Add the team's people to the training's audience, or name another training.");
            }
        }

        for (var i = 0; i < handover.Control.Count; i++)
        {
            var (from, to) = (plan.Resolve([handover.Control[i].From]), plan.Resolve([handover.Control[i].To]));
            if (!to.Any(taker => from.Any(giver => giver.Id != taker.Id)))
            {
                reading.Report(PlanProblemSeverity.Error, $"handover.control[{i}].to", "nobody could take it but who gives it away.", "Name another person: two different people say that it changed hands.");
            }
        }
    }

    private static void Unique(PlanReading reading, string list, List<string> ids)
    {
        foreach (var (index, id) in ids.Index().Where(one => ids.IndexOf(one.Item) < one.Index))
        {
            reading.Report(PlanProblemSeverity.Error, $"handover.{list}[{index}].id", $"the id '{id}' is taken by number {ids.IndexOf(id) + 1} of the list.", "Give this one another id.");
        }
    }
}
