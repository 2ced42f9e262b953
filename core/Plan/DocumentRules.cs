using Maintenance.Knowledge;
using YamlDotNet.Core;

namespace Maintenance.Plan;

/// <summary>The rules of one document. People come and go, so that nobody is left of an owner or an audience is a warning: the plan goes on, and somebody should look.</summary>
internal static class DocumentRules
{
    /// <summary>Checks a document that could be read.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="document">The document.</param>
    /// <param name="inside">What is wrong in its file; knows the places of its front matter.</param>
    public static void Check(OperationsPlan plan, KnowledgeDocument document, PlanReading inside)
    {
        if (KnowledgeDocument.Normal(document.Body).Length == 0)
        {
            inside.Error("", Start, "it says nothing.", "Write its text after the front matter, or take the file away.");
            return;
        }

        try
        {
            _ = DocumentMarkdown.Plain(document.Body);
        }
        catch (DocumentDepthException error)
        {
            inside.Error("", Start, error.Message, "No reader could follow that.");
            return;
        }

        Owner(plan, document, inside);
        Audience(plan, document, inside);
        Found(document, inside);
        if (document.Editorial is { } named && !document.IsEditorial)
        {
            Warn(inside, "editorial", $"'{named}' is not this version, which is {KnowledgeDocument.Shortened(document.Version)}: it counts no more.", "Take the line out; or name this version, if its change too asks nobody to read it again.");
        }

        if (document.Reviewed is { Year: < 2000 or >= 2200 } reviewed)
        {
            inside.Report(PlanProblemSeverity.Error, "reviewed", $"{reviewed.ToString("uuuu-MM-dd", System.Globalization.CultureInfo.InvariantCulture)} is no date on which anybody reviewed it.", "Write the date of the last review, such as 2026-10-05.");
        }

        if (document.Supersedes == document.Id)
        {
            Warn(inside, "supersedes", "it cannot take its own place.", "Name the document that it replaces.");
        }
    }

    private static Mark Start => new(0, 1, 1);

    private static void Owner(OperationsPlan plan, KnowledgeDocument document, PlanReading inside)
    {
        if (document.Owner is not { } owner)
        {
            Warn(inside, "owner", "nobody keeps it up.", "Name a person or a role as owner:, here or for the folder.");
        }
        else if (DocumentAudience.IsUnknown(plan, owner))
        {
            Warn(inside, "owner", $"there is no person or role '{owner}'.", Nearest.Hint(owner, DocumentAudience.Known(plan)) ?? "Name somebody of the plan.");
        }
    }

    private static void Audience(OperationsPlan plan, KnowledgeDocument document, PlanReading inside)
    {
        for (var i = 0; i < document.Audience.Count; i++)
        {
            var name = document.Audience[i];
            if (name == KnowledgeDocument.Public && document.Kind != DocumentKind.Article)
            {
                inside.Report(PlanProblemSeverity.Error, $"audience[{i}]", "only articles can be for the public.", "Move it to a folder of articles, or take 'public' out.");
            }
            else if (name is not (KnowledgeDocument.Public or KnowledgeDocument.Everyone) && DocumentAudience.IsUnknown(plan, name))
            {
                Warn(inside, $"audience[{i}]", $"there is no person or role '{name}': nobody is asked.", Nearest.Hint(name, DocumentAudience.Known(plan)) ?? "Name roles or people of the plan, everyone or public.");
            }
        }

        if (document.IsAcknowledged && document.Audience.Count == 0)
        {
            Warn(inside, "audience", "nobody is asked to acknowledge it.", "Say who works by it: audience: [support], here or for the folder.");
        }
    }

    private static void Found(KnowledgeDocument document, PlanReading inside)
    {
        if (document is { Kind: DocumentKind.Article, Services.Count: 0, Keywords.Count: 0 })
        {
            Warn(inside, "keywords", "an article without a service and keywords is hardly found.", "Write what people say who need it.");
        }
    }

    private static void Warn(PlanReading inside, string path, string message, string hint) => inside.Report(PlanProblemSeverity.Warning, path, message, hint);
}
