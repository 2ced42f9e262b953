using System.Globalization;
using Maintenance.Knowledge;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Maintenance.Plan;

/// <summary>Takes the documents into the plan: each Markdown file of the folders that it names, with its front matter.</summary>
internal static class DocumentFiles
{
    /// <summary>The most files of all folders.</summary>
    public const int MaxFiles = 300;

    /// <summary>The most bytes of one: nobody reads a longer procedure.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The plan with its documents; what is wrong with a file is reported at the folder that has it, with the file's line.</summary>
    public static OperationsPlan Include(OperationsPlan plan, PlanIncludes includes, PlanReading reading)
    {
        // Owners, audiences and services are read against the rest of the plan.
        if (plan.Knowledge.Folders.Count == 0 || !reading.IsSound("system", "people", "services", "documents"))
        {
            return plan;
        }

        var found = new List<KnowledgeDocument>();
        for (var i = 0; i < plan.Knowledge.Folders.Count; i++)
        {
            var folder = plan.Knowledge.Folders[i];
            var path = $"documents.folders[{i}].path";
            if (plan.Knowledge.Folders.Take(i).Any(earlier => earlier.Path == folder.Path))
            {
                Report(reading, path, $"the folder '{folder.Path}' is named twice.", "Name each once: its files have one kind.");
                continue;
            }

            if (includes.List(folder.Path, out var problem) is not { } names)
            {
                Report(reading, path, $"{folder.Path}: {problem}", "Make the folder, or take this entry out.");
                continue;
            }

            foreach (var name in names)
            {
                if (found.Count == MaxFiles)
                {
                    Report(reading, path, $"there are more than {MaxFiles} documents.", "Take out what nobody keeps up.");
                    return plan;
                }

                if (Read(plan, folder, name, found, includes, reading, path) is { } document)
                {
                    found.Add(document);
                }
            }
        }

        return plan with { Knowledge = plan.Knowledge with { Documents = found } };
    }

    private static KnowledgeDocument? Read(OperationsPlan plan, DocumentFolder folder, string name, List<KnowledgeDocument> before, PlanIncludes includes, PlanReading reading, string path)
    {
        var (file, id) = ($"{folder.Path}/{name}", name[..^".md".Length]);
        if (Scalars.LocalId.Parse(id) is { Problem: not null })
        {
            Report(reading, path, $"{file}: '{id}' is no id, and a document is found by its name.", "Name the file with 1 to 40 lower-case letters, digits and hyphens, such as call-in.md.");
            return null;
        }

        if (before.Find(one => one.Id == id) is { } twin)
        {
            Report(reading, path, $"{file}: {twin.File} has this name too.", "A document keeps its name wherever it lies: give one of them another.");
            return null;
        }

        if (includes.Read(file, MaxBytes, out var problem) is not { } text)
        {
            Report(reading, path, $"{file}: {problem}", "Save it as UTF-8 text of at most 64 KiB, or take it away.");
            return null;
        }

        // A reading of its own, so that what is wrong has the line of this file.
        var inside = new PlanReading(file);
        foreach (var service in plan.Services)
        {
            inside.Define(PlanEntity.Service, service.Id, "", default);
        }

        var document = Read(plan, folder, id, text, inside);
        inside.CheckReferences();
        if (document is not null && !inside.HasErrors)
        {
            DocumentRules.Check(plan, document, inside);
        }

        foreach (var one in inside.Problems)
        {
            if (one.Severity == PlanProblemSeverity.Error)
            {
                reading.Distrust(path);
            }

            reading.Report(one.Severity, path, string.Create(CultureInfo.InvariantCulture, $"{file}, line {one.Line}: {(one.Path.Length > 0 ? one.Path + ": " : "")}{one.Message}"), one.Hint);
        }

        return inside.HasErrors ? null : document;
    }

    private static KnowledgeDocument? Read(OperationsPlan plan, DocumentFolder folder, string id, string text, PlanReading inside)
    {
        var parts = FrontMatter.Split(text);
        if (parts.IsOpenEnded)
        {
            inside.Error("", new Mark(0, 1, 1), "its front matter has no end.", "Write a line that is --- after it.");
            return null;
        }

        var node = new YamlMappingNode();
        if (parts.Yaml is { } yaml && Root(yaml, inside) is { } root)
        {
            node = root;
        }

        return inside.HasErrors ? null : YamlPlanMap.Read(node, "", inside, map => KnowledgeShape.Document(map, folder, id, parts.Body, plan.System.Languages[0]));
    }

    private static YamlMappingNode? Root(string yaml, PlanReading inside)
    {
        var stream = new YamlStream();
        try
        {
            if (YamlLimits.Broken(yaml) is { } limit)
            {
                inside.Error("", limit.At, limit.Problem, limit.Hint);
                return null;
            }

            stream.Load(new StringReader(yaml));
        }
        catch (YamlException error)
        {
            inside.Error("", error.Start, $"the front matter is not YAML: {(error.InnerException?.Message ?? error.Message).TrimEnd('.')}.", "Write key: value lines, with spaces and no tabs.");
            return null;
        }

        if (stream.Documents is [{ RootNode: YamlMappingNode root }])
        {
            return root;
        }

        // Nothing between the two lines says as much as no front matter.
        if (stream.Documents.Count > 0 && stream.Documents[0].RootNode is not YamlScalarNode { Value: null or "" })
        {
            inside.Error("", stream.Documents[0].RootNode.Start, "the front matter is not a mapping (key: value lines).", "Begin with title: and owner:.");
        }

        return null;
    }

    private static void Report(PlanReading reading, string path, string message, string hint)
    {
        reading.Distrust(path);
        reading.Report(PlanProblemSeverity.Error, path, message, hint);
    }
}
