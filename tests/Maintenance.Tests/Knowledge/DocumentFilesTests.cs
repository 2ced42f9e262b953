using Maintenance.Knowledge;
using Maintenance.Plan;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Knowledge;

/// <summary>What is read of the files, and what is said of broken ones.</summary>
public sealed class DocumentFilesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public DocumentFilesTests() => Documents.Furnish(_folder.Root);

    public void Dispose() => _folder.Dispose();

    /// <summary>What is said of documents; the plan around them has a warning of its own.</summary>
    private IReadOnlyList<PlanProblem> Problems() => [.. Documents.Load(_folder.Root).Problems.Where(static one => one.Path.StartsWith("documents", StringComparison.Ordinal))];

    [Fact]
    public void Front_matter_says_what_the_folder_does_not()
    {
        var load = Documents.Load(_folder.Root);
        Assert.Empty(Problems());
        var (sop, article) = (load.Plan!.Knowledge.Find("restart")!, load.Plan.Knowledge.Find("printer")!);
        Assert.Equal(("Restart the register", "sops/restart.md", DocumentKind.Sop, "ada"), (sop.Title, sop.File, sop.Kind, sop.Owner));
        Assert.Equal((new ReviewPeriod(0, 30), new NodaTime.LocalDate(2026, 11, 20)), (sop.Review, sop.Reviewed));
        Assert.Equal("# Restart\n\nStop it. Start it.", KnowledgeDocument.Normal(sop.Body));
        Assert.Equal(("support", new ReviewPeriod(6, 0), "register", "ribbon"), (article.Owner, article.Review, article.Services.Single(), article.Keywords[0]));
        Assert.Same(sop, load.Plan.Knowledge.FindFile("sops/restart.md"));
    }

    [Theory]
    [InlineData("title: A\nowner", 2, "the front matter is not YAML|not a mapping|key")]
    [InlineData("title: A\nreview: soon", 3, "review: 'soon' is not a review period.")]
    [InlineData("reviewed: 2026-02-30", 2, "reviewed:")]
    [InlineData("titel: A", 2, "the key 'titel' is not known here.")]
    [InlineData("services: [registre]", 2, "there is no service 'registre'.")]
    [InlineData("editorial: yes", 2, "editorial: 'yes' is not a version.")]
    [InlineData("title: [a", 2, "front matter")]
    [InlineData("- a\n- b", 2, "the front matter is not a mapping")]
    [InlineData("a: &x [*x, *x]", 2, "")]
    [InlineData("audience: [public]", 2, "only articles can be for the public.")]
    public void What_is_wrong_with_front_matter_is_said_with_file_and_line(string front, int line, string message)
    {
        Documents.Write(_folder.Root, "sops/restart.md", $"---\n{front}\n---\nText\n");
        var load = Documents.Load(_folder.Root);
        Assert.Null(load.Plan);
        var problem = load.Problems.First(static one => one.Severity == PlanProblemSeverity.Error);
        Assert.StartsWith("sops/restart.md, line ", problem.Message, StringComparison.Ordinal);
        Assert.InRange(int.Parse(problem.Message["sops/restart.md, line ".Length..].Split(':')[0], null), line, line + 1);
        Assert.Contains(message.Split('|'), part => problem.Message.Contains(part, StringComparison.Ordinal));
        Assert.Equal("documents.folders[0].path", problem.Path);
    }

    [Theory]
    [InlineData("sops/Restart It.md", "Text", "'Restart It' is no id")]
    [InlineData("articles/restart.md", "Text", "sops/restart.md has this name too.")]
    [InlineData("sops/empty.md", "---\ntitle: A\n---\n\n", "it says nothing.")]
    [InlineData("sops/open.md", "---\ntitle: A\n", "its front matter has no end.")]
    public void What_is_wrong_with_a_file_is_said(string file, string text, string message)
    {
        Documents.Write(_folder.Root, file, text);
        var load = Documents.Load(_folder.Root);
        Assert.Null(load.Plan);
        Assert.Contains(message, Assert.Single(Problems()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_large_too_deep_or_no_text_is_refused()
    {
        Documents.Write(_folder.Root, "sops/large.md", new string('a', DocumentFiles.MaxBytes + 1));
        Documents.Write(_folder.Root, "sops/deep.md", new string('>', 500) + " x");
        File.WriteAllBytes(_folder.PathOf("sops/odd.md"), [0x61, 0xff, 0x62]);
        var load = Documents.Load(_folder.Root);
        Assert.Null(load.Plan);
        Assert.Contains(load.Problems, static one => one.Message.StartsWith("sops/large.md: it has 65537 bytes", StringComparison.Ordinal));
        Assert.Contains(load.Problems, static one => one.Message.StartsWith("sops/deep.md, line 1: Its lists", StringComparison.Ordinal));
        Assert.Contains(load.Problems, static one => one.Message.StartsWith("sops/odd.md", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_folder_is_a_problem_and_three_hundred_documents_are_enough()
    {
        Directory.Delete(_folder.PathOf("articles"), recursive: true);
        Assert.Contains("articles: there is no such folder.", Assert.Single(Problems()).Message, StringComparison.Ordinal);
        for (var i = 0; i < DocumentFiles.MaxFiles; i++)
        {
            Documents.Write(_folder.Root, $"articles/a{i}.md", "---\nkeywords: [x]\n---\nText");
        }

        Assert.Contains("there are more than 300 documents.", Assert.Single(Problems()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owner: gone", "there is no person or role 'gone'")]
    [InlineData("audience: [aprover]", "there is no person or role 'aprover'")]
    [InlineData("editorial: 0123456789ab", "is not this version")]
    [InlineData("supersedes: restart", "it cannot take its own place.")]
    public void What_the_plan_can_live_with_is_a_warning(string front, string message)
    {
        Documents.Write(_folder.Root, "sops/restart.md", $"---\n{front}\n---\nText\n");
        var load = Documents.Load(_folder.Root);
        Assert.NotNull(load.Plan);
        var problem = Assert.Single(Problems());
        Assert.Equal(PlanProblemSeverity.Warning, problem.Severity);
        Assert.Contains("sops/restart.md, line 2: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_document_that_there_is_not_is_a_warning()
    {
        Documents.Write(_folder.Root, "sops/restart.md", "See [this](../articles/printr.md), [that](../articles/printer.md) and [the web](https://a.example).");
        var problem = Assert.Single(Problems());
        Assert.Contains("sops/restart.md leads to '../articles/printr.md'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("articles/printer.md", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_the_same_from_its_stored_files_and_another_one_where_a_file_comes_or_changes()
    {
        var load = Documents.Load(_folder.Root);
        var hash = PlanIncludes.Hash(Documents.Yaml, load.Files);
        var stored = PlanFile.Load("plan.yaml", Documents.Yaml, "/nowhere", load.Files);
        Assert.Equal(load.Plan!.Knowledge.Documents.Select(static one => one.Version), stored.Plan!.Knowledge.Documents.Select(static one => one.Version));
        Assert.True(PlanIncludes.AreStill(_folder.Root, load.Files));
        Documents.Write(_folder.Root, "articles/another.md", "---\nkeywords: [x]\n---\nText");
        Assert.False(PlanIncludes.AreStill(_folder.Root, load.Files));
        Assert.NotEqual(hash, PlanIncludes.Hash(Documents.Yaml, Documents.Load(_folder.Root).Files));
        File.Delete(_folder.PathOf("articles/another.md"));
        Assert.True(PlanIncludes.AreStill(_folder.Root, load.Files));
        Documents.Write(_folder.Root, "sops/restart.md", "Stop it.");
        Assert.False(PlanIncludes.AreStill(_folder.Root, load.Files));
    }
}
