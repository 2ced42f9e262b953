using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using Maintenance.Plan.Document;
using NodaTime;

namespace Maintenance.Handover;

/// <summary>The document that is signed: what was shown, what changed hands, what remains, and who accepts it. Pure.</summary>
public static class HandoverDocument
{
    private const string Heading = "## Signatures";

    /// <summary>The document. It bears no date, and nothing that changes while it is read: when it was signed is below it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="handover">Its handover.</param>
    /// <param name="assessment">What was shown.</param>
    public static PlanDocument Of(OperationsPlan plan, HandoverPlan handover, HandoverAssessment assessment)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(handover);
        ArgumentNullException.ThrowIfNull(assessment);
        string Name(string id) => plan.FindPerson(id)?.Name ?? id;
        var remaining = assessment.Outstanding.Where(static one => !one.IsDone).ToList();
        var team = plan.FindTeam(handover.Team);
        return new PlanDocument(
            $"Handover: {handover.Name}",
            $"{plan.System.Name}, {plan.System.Organisation}",
            [
                new("acceptance", "Acceptance",
                [
                    new DocumentText($"Whoever signs this accepts that {handover.Name} passes to the team {team?.Name ?? handover.Team} with the last signature. It is planned for {Text(handover.Planned)}. What was shown is below; {(remaining.Count == 0 ? "nothing is outstanding" : $"{remaining.Count} {(remaining.Count == 1 ? "issue remains" : "issues remain")}, each with its owner and date")}."),
                    new DocumentFacts(
                    [
                        new("Seen to by", Name(handover.Manager)),
                        new("Team", string.Join(", ", team?.Members.Select(Name) ?? [])),
                        new("To be signed by", string.Join(" and ", handover.Signatories.Select(Name))),
                    ]),
                ]),
                new("checklist", "What was shown",
                    assessment.Checks.Count == 0 ? [new DocumentText("The plan asks for nothing.")] :
                    [new DocumentTable("What was shown", ["What", "Answers for it", "Shown by"], [.. assessment.Checks.Select(one => Row(one.Check.Name, Name(one.Check.Owner), one.InDocument ?? one.Evidence))])]),
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

    /// <summary>The Markdown that is signed. It ends with an empty line, so that all lines before the heading of the signatures have its hash.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static string Write(OperationsPlan plan, HandoverPlan handover, HandoverAssessment assessment) => MarkdownDocument.Write(Of(plan, handover, assessment)) + "\n";

    /// <summary>The document as it stands: what is signed, and below it who has signed that, and when.</summary>
    public static string Whole(OperationsPlan plan, HandoverStanding standing)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(standing);
        var paper = standing.State?.Paper;
        var text = new StringBuilder(standing.Document).Append(Heading).Append("\n\n");
        if (standing.State?.AcceptedAt is { } accepted)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"Accepted on {Text(Instant.FromDateTimeOffset(accepted).InZone(plan.System.TimeZone).Date)} ({At(accepted)}).\n\n");
        }
        else
        {
            _ = text.Append(paper is null ? "Draft, not signed.\n\n" : "Not accepted yet: a signature is missing.\n\n");
        }

        IEnumerable<string> people = standing.State?.AcceptedAt is null ? standing.Plan.Signatories : paper!.Signatures.Select(static one => one.Person);
        foreach (var person in people)
        {
            var name = MarkdownDocument.Escape(plan.FindPerson(person)?.Name ?? person);
            var signature = paper?.Signatures.FirstOrDefault(one => one.Person == person);
            _ = text.Append(signature is null ? $"- **{name}:** has not signed\n" : $"- **{name}:** signed {At(signature.At)}, SHA-256 {paper!.Hash}\n");
        }

        return text.Append("\nThe hash is that of all lines above the heading of this section.\n").ToString();
    }

    /// <summary>SHA-256 of the plan's section, in lower-case hex.</summary>
    public static string Section(HandoverPlan handover) => Hash(MaintenanceJson.Write(handover));

    /// <summary>SHA-256 of a document's Markdown in UTF-8, in lower-case hex.</summary>
    public static string Hash(string markdown) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(markdown)));

    private static string[] Row(params string[] cells) => cells;

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
