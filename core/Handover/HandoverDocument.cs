using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using Maintenance.Plan.Document;

namespace Maintenance.Handover;

/// <summary>The document that is signed: what was shown, what changed hands, what remains, and who accepts it. Pure.</summary>
public static class HandoverDocument
{
    /// <summary>The document.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="handover">Its handover.</param>
    /// <param name="assessment">What was shown.</param>
    /// <param name="date">The local date that it bears, in the plan's zone.</param>
    public static PlanDocument Of(OperationsPlan plan, HandoverPlan handover, HandoverAssessment assessment, NodaTime.LocalDate date)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(handover);
        ArgumentNullException.ThrowIfNull(assessment);
        string Name(string id) => plan.FindPerson(id)?.Name ?? id;
        var remaining = assessment.Outstanding.Where(static one => !one.IsDone).ToList();
        var team = plan.FindTeam(handover.Team);
        return new PlanDocument(
            $"Handover: {handover.Name}",
            $"{plan.System.Name}, {plan.System.Organisation}; {Text(date)}",
            [
                new("acceptance", "Acceptance",
                [
                    new DocumentText($"The undersigned accept that {handover.Name} passes to the team {team?.Name ?? handover.Team} on {Text(date)}. What was shown is below; {(remaining.Count == 0 ? "nothing is outstanding" : $"{remaining.Count} {(remaining.Count == 1 ? "issue remains" : "issues remain")}, each with its owner and date")}."),
                    new DocumentFacts(
                    [
                        new("Seen to by", Name(handover.Manager)),
                        new("Team", string.Join(", ", team?.Members.Select(Name) ?? [])),
                        new("Signed by", string.Join(" and ", handover.Signatories.Select(Name))),
                    ]),
                ]),
                new("checklist", "What was shown",
                    assessment.Checks.Count == 0 ? [new DocumentText("The plan asks for nothing.")] :
                    [new DocumentTable("What was shown", ["What", "Answers for it", "Shown by"], [.. assessment.Checks.Select(one => Row(one.Check.Name, Name(one.Check.Owner), one.Evidence))])]),
                new("control", "What changed hands",
                    assessment.Control.Count == 0 ? [new DocumentText("Nothing.")] :
                    [
                        new DocumentTable("What changed hands", ["What", "Kind", "Given by", "Taken by"],
                            [.. assessment.Control.Select(one => Row(one.Item.Name, one.Item.Kind.ToString().ToLowerInvariant(), Said(one.Transfer.Given), Said(one.Transfer.Taken)))]),
                    ]),
                new("outstanding", "What remains",
                    remaining.Count == 0 ? [new DocumentText("Nothing.")] :
                    [
                        new DocumentTable("What remains", ["Issue", "Ticket", "Done when", "Owner", "Until"],
                            [.. remaining.Select(one => Row(one.Issue.Title, one.Ticket ?? "–", one.Issue.Criteria, Name(one.Issue.Owner), Text(one.Issue.Due)))]),
                    ]),
            ]);

        string Said(Confirmation? said) => said is null ? "–" : $"{Name(said.By)}, {said.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)}: {said.Text}";
    }

    /// <summary>SHA-256 of a document's Markdown in UTF-8, in lower-case hex.</summary>
    public static string Hash(string markdown) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(markdown)));

    private static string[] Row(params string[] cells) => cells;

    private static string Text(NodaTime.LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
