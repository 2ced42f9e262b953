using Maintenance.Knowledge;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>documents</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class KnowledgeRules
{
    /// <summary>What documents and the rest of the plan say of one another.</summary>
    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Knowledge.Folders.Count; i++)
        {
            foreach (var document in plan.Knowledge.Documents.Where(document => document.File.StartsWith(plan.Knowledge.Folders[i].Path + "/", StringComparison.Ordinal)))
            {
                Links(plan, document, $"documents.folders[{i}].path", reading);
            }
        }

        for (var i = 0; i < plan.Recovery.Strategies.Count; i++)
        {
            var steps = plan.Recovery.Strategies[i].Steps;
            for (var j = 0; j < steps.Count; j++)
            {
                if (steps[j].Sop is { } file && IsMissing(plan, file))
                {
                    reading.Report(PlanProblemSeverity.Error, $"recovery.strategies[{i}].steps[{j}].manual.sop", $"there is no document '{file}'.", Hint(plan, file));
                }
            }
        }
    }

    private static void Links(OperationsPlan plan, KnowledgeDocument document, string path, PlanReading reading)
    {
        foreach (var (url, _) in DocumentMarkdown.Links(document.Body).DistinctBy(static link => link.Url))
        {
            if (DocumentLinks.FileOf(document.File, url) is { } file && IsMissing(plan, file))
            {
                reading.Report(PlanProblemSeverity.Warning, path, $"{document.File} leads to '{url}', and there is no such document.", Hint(plan, file));
            }
        }
    }

    /// <summary>True where a file would have to be a document and is none.</summary>
    private static bool IsMissing(OperationsPlan plan, string file) =>
        plan.Knowledge.Folders.Any(folder => file[..Math.Max(0, file.LastIndexOf('/'))] == folder.Path || file == folder.Path) && plan.Knowledge.FindFile(file) is null;

    private static string Hint(OperationsPlan plan, string file) => Nearest.Hint(file, plan.Knowledge.Documents.Select(static one => one.File)) ?? "Write it, or take the link out.";
}
