using System.Net;
using System.Text.Json;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Documents by a real process: read, changed while it runs, acknowledged on page and command line, suggested, linked, and kept over a kill.</summary>
[Collection("End to end: help desk")]
public sealed class DocumentTests
{
    [Fact]
    public async Task A_procedure_that_changes_while_the_host_runs_is_acknowledged_anew_and_what_was_acknowledged_survives_a_kill()
    {
        await using var here = new Installation(new QuickPlan { More = QuickPlan.Documents }.Yaml);
        QuickPlan.FurnishDocuments(here);
        var server = await here.ServeAsync();
        var lee = await here.TokenAsync("lee");
        var first = await SeenAsync(static guide => guide.TryGetProperty("since", out _));
        Assert.Equal(["lee"], Names(first, "missing"));
        await here.RunAsync(1, "documents", "acknowledge", "guide", "--version", "0123456789", "--token", lee);
        await JsonAsync("documents", "acknowledge", "guide", "--version", Version(first), "--token", lee);
        await server.KillAsync();
        server = await here.ServeAsync();
        Assert.Empty(Names(await JsonAsync("documents", "show", "guide"), "missing"));

        // Changed: asked again, on the page and over HTTP too; the old version is no longer taken.
        File.WriteAllText(here.PathOf("sops/guide.md"), "---\ntitle: The guide\n---\n\nCount the forms twice.\n");
        var second = await SeenAsync(guide => guide.TryGetProperty("since", out _) && Version(guide) != Version(first));
        Assert.Equal(["lee"], Names(second, "missing"));
        using var browser = server.As(lee);
        (await browser.PostAsync("/api/documents/guide/acknowledgements", new { version = Version(first) })).Expect(HttpStatusCode.Conflict);
        var page = (await browser.GetAsync("/documents/guide?compare=" + Version(first)[..12])).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("I have read it, and work by it", page, StringComparison.Ordinal);
        Assert.Contains("Count the forms twice.", page, StringComparison.Ordinal);
        Assert.Contains("class=\"removed\"", page, StringComparison.Ordinal);
        Assert.Contains("Read and acknowledge: The guide", (await browser.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Contains("+ Count the forms twice.", (await here.RunAsync(0, "documents", "changes", "guide")).Output, StringComparison.Ordinal);
        (await browser.FormAsync("/documents/guide/acknowledgements", [("version", Version(second))])).Expect(HttpStatusCode.Found);
        Assert.DoesNotContain("Read and acknowledge", (await browser.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Contains("1 of 1", (await here.RunAsync(0, "documents", "list", "--kind", "sop")).Output, StringComparison.Ordinal);

        // A new title alone asks everybody again, and is what changed.
        File.WriteAllText(here.PathOf("sops/guide.md"), "---\ntitle: The new guide\n---\n\nCount the forms twice.\n");
        var third = await SeenAsync(guide => guide.TryGetProperty("since", out _) && Version(guide) != Version(second));
        Assert.Equal("- The guide+ The new guide", string.Concat((await here.RunAsync(0, "documents", "changes", "guide")).Output.ReplaceLineEndings("")));
        Assert.Contains("The new guide</li>", (await browser.GetAsync("/documents/guide?compare=" + Version(second)[..12])).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        foreach (var text in Directory.EnumerateFiles(here.Root, Version(second), SearchOption.AllDirectories))
        {
            File.Delete(text);
        }

        Assert.Contains("The text of that version is not there.", (await browser.GetAsync("/documents/guide?compare=" + Version(second)[..12])).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await browser.GetAsync("/api/documents/guide/differences?from=" + Version(second))).Expect(HttpStatusCode.NotFound);

        // A broken file never replaces what runs.
        File.WriteAllText(here.PathOf("sops/guide.md"), "---\ntitle: The guide\nreview: soon\n---\n\nNothing.\n");
        var checkedPlan = await here.RunAsync(1, "plan", "check");
        Assert.Contains("sops/guide.md, line 3: review: 'soon' is not a review period.", checkedPlan.Output, StringComparison.Ordinal);
        Assert.Equal(Version(third), Version(await JsonAsync("documents", "show", "guide")));
        await server.KillAsync();

        async Task<JsonElement> SeenAsync(Func<JsonElement, bool> isSo) => await Eventually.HoldsAsync(() => JsonAsync("documents", "show", "guide"), isSo);

        async Task<JsonElement> JsonAsync(params string[] command) => JsonDocument.Parse((await here.RunAsync(0, [.. command, "--json"])).Output).RootElement;
    }

    [Fact]
    public async Task An_article_is_suggested_to_staff_and_public_linked_and_counted()
    {
        await using var here = new Installation(new QuickPlan { More = QuickPlan.Documents }.Yaml);
        QuickPlan.FurnishDocuments(here);
        await using var server = await here.ServeAsync();
        var sam = await here.TokenAsync("sam");
        using var nobody = server.As(null);
        Assert.Contains("What people ask", (await nobody.GetAsync("/help")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("From eight to four.", (await nobody.GetAsync("/help/faq")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await nobody.GetAsync("/help/guide")).Expect(HttpStatusCode.NotFound);
        Assert.Equal("/help/faq", Assert.Single((await nobody.GetAsync("/api/help?q=your+opening+hours")).Json.EnumerateArray()).GetProperty("path").GetString());
        Assert.Empty((await nobody.GetAsync("/api/help?q=count+the+forms")).Json.EnumerateArray());
        var thanks = await nobody.FormAsync("/feedback", [("kind", "question"), ("message", "What are your opening hours?")]);
        Assert.Contains("/help/faq", thanks.Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await nobody.FormAsync("/help/faq/votes", [("helpful", "yes")])).Expect(HttpStatusCode.Found);
        (await nobody.PostAsync("/api/help/faq/votes", new { isHelpful = false })).Expect(HttpStatusCode.NoContent);

        await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/tickets")).Json, static tickets => tickets.GetArrayLength() == 1);
        using var desk = server.As(sam);
        Assert.Contains("It helped", (await desk.GetAsync("/tickets/T-1001")).Body, StringComparison.Ordinal);
        await here.RunAsync(2, "ticket", "link-article", "T-1001", "nonsense", "--token", sam);
        await here.RunAsync(0, "ticket", "link-article", "T-1001", "faq", "--token", sam);
        await here.RunAsync(0, "ticket", "resolve", "T-1001", "--text", "From eight to four.", "--token", sam);
        var article = await Eventually.HoldsAsync(async () => (await desk.GetAsync("/api/documents/faq")).Json, static found => found.GetProperty("solved").GetInt32() == 1);
        Assert.Equal((1, 1, 1), (article.GetProperty("linked").GetInt32(), article.GetProperty("helpful").GetInt32(), article.GetProperty("unhelpful").GetInt32()));
        Assert.Contains("Solved 1 ticket", (await desk.GetAsync("/documents/faq")).Body, StringComparison.Ordinal);
        Assert.Contains("What people ask", (await desk.GetAsync("/tickets/T-1001")).Body, StringComparison.Ordinal);
        Assert.Equal("faq", JsonDocument.Parse((await here.RunAsync(0, "documents", "search", "OPENING", "--json")).Output).RootElement[0].GetProperty("id").GetString());
        await here.RunAsync(1, "documents", "search", "zebra");
        await here.RunAsync(0, "documents", "stale");
        Assert.Contains("1 of 1 solved", (await here.RunAsync(0, "documents", "gaps")).Output, StringComparison.Ordinal);
    }

    private static string Version(JsonElement document) => document.GetProperty("version").GetString()!;

    private static IEnumerable<string?> Names(JsonElement document, string list) => document.GetProperty(list).EnumerateArray().Select(static one => one.GetString());
}
