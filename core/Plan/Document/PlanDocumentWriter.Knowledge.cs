namespace Maintenance.Plan.Document;

/// <summary>The section of SOPs, articles and other documents.</summary>
public static partial class PlanDocumentWriter
{
    private static DocumentSection Documents(OperationsPlan plan) => new("documents", "Documents",
        plan.Knowledge.Documents.Count == 0 ? None("The plan has no documents.") :
        [
            new DocumentFacts(
            [
                new("SOPs are acknowledged within", Time.Durations.Format(plan.Knowledge.AcknowledgeWithin)),
                new("A late review becomes a ticket after", plan.Knowledge.Ticket is null ? "never" : Time.Durations.Format(plan.Knowledge.ReviewGrace)),
            ]),
            new DocumentTable("Documents", ["Title", "Kind", "Owner", "For", "Review", "Services", "File"],
            [
                .. plan.Knowledge.Documents.Select(document => Row(
                    document.Title,
                    document.Kind switch { Maintenance.Knowledge.DocumentKind.Sop => "SOP", Maintenance.Knowledge.DocumentKind.Article => "article", _ => "document" },
                    document.Owner is { } owner ? Who(plan, owner) : null,
                    List(document.Audience),
                    document.Review?.ToString(),
                    List(document.Services.Select(id => ServiceName(plan, id))),
                    document.File)),
            ]),
        ]);
}
