using Maintenance.Knowledge;
using Maintenance.Plan;

namespace Maintenance.Tests.Knowledge;

/// <summary>Plans with documents, and folders to read them from.</summary>
internal static class Documents
{
    public const string Section = """
        documents:
          acknowledgeWithin: 10d
          reviewGrace: 5d
          tickets: { impact: all, urgency: later }
          folders:
            - { path: sops, kind: sop, owner: ada, audience: [approver], review: 30d }
            - { path: articles, kind: article, owner: support }

        """;

    public static string Yaml { get; } = new EndToEnd.QuickPlan { More = Section, MailPort = 25 }.Yaml
        .Replace("name: Kim Kamau,", "name: Kim Kamau, email: kim@registry.example,", StringComparison.Ordinal)
        .Replace("name: Lee Lund,", "name: Lee Lund, email: lee@registry.example,", StringComparison.Ordinal)
        .Replace("name: Max Mbeki,", "name: Max Mbeki, email: max@registry.example,", StringComparison.Ordinal);

    /// <summary>Writes a file of a folder, making its folder.</summary>
    public static void Write(string root, string file, string text)
    {
        var path = Path.Join(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Both folders, with a procedure and an article.</summary>
    public static void Furnish(string root)
    {
        Write(root, "sops/restart.md", "---\ntitle: Restart the register\nreviewed: 2026-11-20\n---\n\n# Restart\n\nStop it. Start it.\n");
        Write(root, "articles/printer.md", "---\ntitle: The printer smears\nkeywords: [ribbon, smear]\nservices: [register]\nreview: 6 months\n---\n\nClean the ribbon.\n");
    }

    public static PlanLoad Load(string root) => PlanFile.Load("plan.yaml", Yaml, root);

    public static KnowledgeDocument Sop(string body = "Do it.", string? editorial = null, string? audience = "approver") =>
        new("restart", "sops/restart.md", DocumentKind.Sop, "Restart", body) { Audience = audience is null ? [] : [audience], Owner = "ada", Editorial = editorial };
}
