using Maintenance.Handover;
using Maintenance.Resources;
using Maintenance.Supplies;
using Maintenance.Time;

namespace Maintenance.Plan.Document;

/// <content>What people need to do their work: training, supplies, the handover.</content>
public static partial class PlanDocumentWriter
{
    private static DocumentSection Handover(OperationsPlan plan)
    {
        if (plan.Handover is not { } handover)
        {
            return new("handover", "Handover", None("The plan has no handover."));
        }

        List<DocumentBlock> blocks =
        [
            new DocumentFacts(
            [
                new("What", handover.Name), new("To", plan.FindTeam(handover.Team)?.Name ?? handover.Team), new("Planned for", Date(handover.Planned)), new("Seen to by", Who(plan, handover.Manager)),
                new("Signed by", List(handover.Signatories.Select(id => Who(plan, id)))),
            ]),
            new DocumentHeading("Checklist"),
            new DocumentTable("Checklist", ["What must be so", "Answers for it", "Shown by"], [.. handover.Checklist.Select(check => Row(check.Name, Who(plan, check.Owner), check.Kind switch
            {
                CheckKind.Backup => $"a proven backup of {check.Of} within the RPO",
                CheckKind.Drill => $"a drill of {check.Of} by the team",
                CheckKind.Training => $"valid training {check.Of} of the team",
                _ => check.Of,
            }))]),
        ];
        if (handover.Control.Count > 0)
        {
            blocks.Add(new DocumentHeading("What changes hands"));
            blocks.Add(new DocumentTable("What changes hands", ["What", "Kind", "From", "To"], [.. handover.Control.Select(item => Row(item.Name, item.Kind.ToString().ToLowerInvariant(), Who(plan, item.From), Who(plan, item.To)))]));
        }

        if (handover.Outstanding.Count > 0)
        {
            blocks.Add(new DocumentHeading("Outstanding issues"));
            blocks.Add(new DocumentTable("Outstanding issues", ["Issue", "Done when", "Owner", "Until"], [.. handover.Outstanding.Select(issue => Row(issue.Title, issue.Criteria, Who(plan, issue.Owner), Date(issue.Due)))]));
        }

        return new("handover", "Handover", blocks);
    }

    private static DocumentSection Training(OperationsPlan plan) => new("training", "Training",
        plan.Training.Programmes.Count == 0 ? None("The plan has no training.") :
        [
            new DocumentTable("Training", ["Programme", "For", "Counts for", "Newcomers within", "Given", "Curriculum", "Given by", "Gates"],
            [
                .. plan.Training.Programmes.Select(programme => Row(
                    programme.Name, List(programme.Audience.Select(id => Who(plan, id))), Durations.Format(programme.Valid), Durations.Format(programme.Within), programme.Delivery.ToString(), Who(plan, programme.Owner), Who(plan, programme.Trainer),
                    List([.. programme.GatedServices.Select(id => ServiceName(plan, id)), .. programme.GatedSkills]))),
            ]),
        ]);

    private static DocumentSection Resources(OperationsPlan plan)
    {
        var policy = plan.Resources;
        List<DocumentBlock> blocks = [];
        if (policy.Allocations.Count > 0)
        {
            blocks.Add(new DocumentTable("Allocated hours", ["Of", "Hours", "Service", "Kind of work", "From", "To, included"],
            [
                .. policy.Allocations.Select(one => Row(
                    one.Team is { } team ? $"each of {plan.FindTeam(team)?.Name ?? team}" : Who(plan, one.Person!), $"{BookingRules.Text(one.Hours)} a {Lower(one.Per)}", one.Service is { } service ? ServiceName(plan, service) : "any",
                    one.Kind is { } kind ? Lower(kind) : "any", one.From is { } from ? Date(from) : null, one.To is { } to ? Date(to) : null)),
            ]));
        }

        if (policy.Weeks.Count > 0)
        {
            blocks.Add(new DocumentTable("Working weeks", ["Name", "Hours a week"], [.. policy.Weeks.Select(week => Row(Who(plan, week.Person), BookingRules.Text(week.Hours)))]));
        }

        List<DocumentFact> facts = [];
        if (policy.ClosesAfter is { } closes)
        {
            facts.Add(new("A month closes", $"{Durations.Format(closes)} after its end"));
        }

        if (policy.NeverAlone.Skills.Count + policy.NeverAlone.Roles.Count > 0)
        {
            facts.Add(new("Never to hang on one person", List(policy.NeverAlone.Skills.Concat(policy.NeverAlone.Roles))));
        }

        if (facts.Count > 0)
        {
            blocks.Add(new DocumentFacts(facts));
        }

        return new("resources", "Hours", blocks.Count > 0 ? blocks : None("The plan allocates no hours."));
    }

    private static DocumentSection Supplies(OperationsPlan plan) => new("supplies", "Supplies",
        plan.Supplies.Items.Count == 0 ? None("The plan has no supplies.") :
        [
            new DocumentTable("Supplies", ["Item", "Unit", "Minimum", "After an order", "An order takes", "Stored", "Answers for it", "Supplier"],
            [
                .. plan.Supplies.Items.Select(item => Row(
                    item.Name, item.Unit, StockRules.Text(item.Minimum), item.Target is { } target ? StockRules.Text(target) : null, Durations.Format(item.LeadTime), item.Place, Who(plan, item.Owner), item.Supplier)),
            ]),
        ]);
}
