using System.Net;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Maintenance.Recovery;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A recovery by its pages: a point in time is chosen, the gate says what it does, the report is read.</summary>
[Collection("End to end: surface")]
[UnsupportedOSPlatform("windows")]
public sealed partial class RecoveryPageTests
{
    [Fact]
    public async Task A_point_in_time_is_chosen_the_gate_is_passed_and_the_report_says_so()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)], More = QuickPlan.Recovery }.Yaml);
        QuickPlan.Furnish(here);
        var file = Path.Join(here.Folder("files"), "a.txt");
        await File.WriteAllTextAsync(file, "old");
        await using var server = await here.ServeAsync();
        var tokens = await Task.WhenAll(new[] { "ada", "sam", "kim", "lee" }.Select(here.TokenAsync));
        using var ada = server.As(tokens[0]);
        using var sam = server.As(tokens[1]);
        using var kim = server.As(tokens[2]);
        using var lee = server.As(tokens[3]);

        // Only what is proven can be reached. The server's own look takes the first.
        await Eventually.HoldsAsync(() => PointsAsync(ada), static listing => listing.Points.Count == 1);
        await File.WriteAllTextAsync(file, "new");
        await here.RunAsync(0, "backup", "run", "files");
        var listing = await PointsAsync(ada);
        Assert.Equal((2, 0), (listing.Points.Count, listing.Older));
        Assert.True(listing.Points[0].At > listing.Points[1].At);
        Assert.Equal(1, (await PointsAsync(ada, "?take=1")).Older);
        Assert.Equal(listing.Points[1].Sources["restore"].Snapshot, Assert.Single((await PointsAsync(ada, $"?before={listing.Points[0].At:O}".Replace("+", "%2B", StringComparison.Ordinal))).Points).Sources["restore"].Snapshot);
        Assert.Contains(listing.Points[1].Sources["restore"].Snapshot, (await here.RunAsync(0, "recovery", "points", "register")).Output, StringComparison.Ordinal);
        await here.RunAsync(2, "recovery", "points", "nonsense");

        var page = await PageAsync(ada, "/recoveries/new?strategy=register");
        var values = Radio().Matches(page).Select(static match => (Value: match.Groups[1].Value, IsChecked: match.Value.Contains(" checked", StringComparison.Ordinal))).ToList();
        Assert.Equal([("", true), (Text(listing.Points[1].At), false)], values);
        Assert.Contains("Start the recovery", page, StringComparison.Ordinal);
        Assert.Contains("Only administrators begin a recovery", await PageAsync(sam, "/recoveries/new"), StringComparison.Ordinal);
        Assert.DoesNotContain("Start the recovery", await PageAsync(sam, "/recoveries/new"), StringComparison.Ordinal);
        (await ada.GetAsync("/recoveries/new?strategy=nonsense")).Expect(HttpStatusCode.NotFound);
        (await ada.GetAsync("/recoveries/new?strategy=register&copy=nonsense")).Expect(HttpStatusCode.NotFound);
        (await ada.GetAsync("/recoveries/new?strategy=register&before=yesterday")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("none that are older", await PageAsync(ada, "/recoveries/new?strategy=register&before=2020-01-01T00:00:00Z"), StringComparison.Ordinal);

        // What was typed and chosen is still there where something is wrong.
        var wrong = (await ada.FormAsync("/recovery", [("strategy", "register"), ("kind", "recovery"), ("at", values[1].Value), ("reason", "Wrong <entries>"), ("disruptedAt", "yesterday")])).Expect(HttpStatusCode.UnprocessableEntity).Body;
        Assert.Contains("value=\"Wrong &lt;entries&gt;\"", wrong, StringComparison.Ordinal);
        Assert.Contains($"value=\"{values[1].Value}\" checked", wrong, StringComparison.Ordinal);

        var address = (await ada.FormAsync("/recovery", [("strategy", "register"), ("kind", "recovery"), ("at", values[1].Value), ("reason", "Wrong entries")])).Expect(HttpStatusCode.Found).Headers["Location"];
        await Eventually.HoldsAsync(() => PageAsync(sam, address), static body => body.Contains("value=\"confirm\"", StringComparison.Ordinal));
        var waiting = await PageAsync(sam, address);
        Assert.Contains("<svg", waiting, StringComparison.Ordinal);
        foreach (var step in new[] { "restore", "there", "prepare", "look", "gate", "announce", "open" })
        {
            Assert.Contains($"href=\"#step-{step}\"", waiting, StringComparison.Ordinal);
            Assert.Contains($"id=\"step-{step}\"", waiting, StringComparison.Ordinal);
        }

        // Who has something to type is not loaded anew under their hands; who has not, is.
        Assert.DoesNotContain("http-equiv=\"refresh\"", waiting, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", await PageAsync(lee, address), StringComparison.Ordinal);
        (await sam.FormAsync(address + "/steps/look/decisions", [("decision", "confirm")])).Expect(HttpStatusCode.Found);
        var gate = await Eventually.HoldsAsync(() => PageAsync(kim, address), static body => body.Contains("value=\"approve\"", StringComparison.Ordinal));
        foreach (var said in new[] { here.PathOf("files"), here.PathOf("files") + ".before-R-1001", listing.Points[1].Sources["restore"].Snapshot, "Then: Announce it", "0 of 2 approvals", "Kim Kamau", "Lee Lund", "Max Mbeki", "It can be taken back until" })
        {
            Assert.Contains(said, gate, StringComparison.Ordinal);
        }

        var forSam = await PageAsync(sam, address);
        Assert.DoesNotContain("value=\"approve\"", forSam, StringComparison.Ordinal);
        Assert.Contains("Only people with one of these roles approve this cut-over", forSam, StringComparison.Ordinal);
        Assert.Contains("Say why", (await kim.FormAsync(address + "/steps/gate/decisions", [("decision", "reject")])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        (await kim.FormAsync(address + "/steps/gate/decisions", [("decision", "approve"), ("comment", "Looks <right>")])).Expect(HttpStatusCode.Found);
        Assert.Contains("1 of 2 approvals", await PageAsync(lee, address), StringComparison.Ordinal);
        (await lee.FormAsync(address + "/steps/gate/decisions", [("decision", "approve")])).Expect(HttpStatusCode.Found);
        await Eventually.HoldsAsync(() => PageAsync(sam, address), static body => body.Contains("value=\"confirm\"", StringComparison.Ordinal));
        Assert.Equal("old", await File.ReadAllTextAsync(file));
        (await sam.FormAsync(address + "/steps/open/decisions", [("decision", "confirm")])).Expect(HttpStatusCode.Found);
        await Eventually.HoldsAsync(() => PageAsync(ada, address), static body => body.Contains("The service runs again.", StringComparison.Ordinal));
        Assert.Contains("An administrator settles it.", await PageAsync(sam, address), StringComparison.Ordinal);
        (await ada.FormAsync(address + "/decisions", [("decision", "confirm")])).Expect(HttpStatusCode.Found);
        await Eventually.HoldsAsync(async () => (await ada.GetAsync("/api" + address.Replace("recovery", "recoveries", StringComparison.Ordinal) + "/report")).As<RecoveryReport>(), static report => report.IsPassed is not null);

        var report = await PageAsync(lee, address + "/report");
        foreach (var said in new[] { "Passed.", "Data loss (RPO)", "Time to recover (RTO)", "Nothing went otherwise than planned.", listing.Points[1].Sources["restore"].Snapshot, "Kim Kamau", "Looks &lt;right&gt;", "Service owner", "data-print" })
        {
            Assert.Contains(said, report, StringComparison.Ordinal);
        }

        var printed = await here.RunAsync(0, "recovery", "report", "R-1001");
        Assert.StartsWith("# Recovery R-1001 of The register", printed.Output, StringComparison.Ordinal);
        Assert.Contains("Looks <right>", printed.Output, StringComparison.Ordinal);
        Assert.True((await here.RunAsync(0, "recovery", "report", "R-1001", "--json")).As<RecoveryReport>().IsPassed);
        await here.RunAsync(2, "recovery", "report", "R-9");
        (await ada.GetAsync("/recovery/R-9/report")).Expect(HttpStatusCode.NotFound);
        var list = await PageAsync(lee, "/recovery");
        Assert.Contains("/recovery/R-1001/report", list, StringComparison.Ordinal);
        Assert.DoesNotContain("R-1001", await PageAsync(lee, "/recovery?before=1001"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_proven_snapshot_nothing_can_be_begun_and_the_pages_say_why()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)], More = QuickPlan.Recovery }.Yaml);
        QuickPlan.Furnish(here);
        await using var server = await here.ServeAsync();
        var page = await PageAsync(server.Operator, "/recoveries/new?strategy=register");
        Assert.Contains("No point in time can be reached", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"kind\"", page, StringComparison.Ordinal);
        await here.RunAsync(1, "recovery", "points", "register");
        Assert.Contains("no proven snapshot", (await server.Operator.FormAsync("/recovery", [("strategy", "register"), ("kind", "drill")])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
    }

    /// <summary>A page that is sound and small.</summary>
    private static async Task<string> PageAsync(Api api, string path)
    {
        var page = (await api.GetAsync(path)).Expect(HttpStatusCode.OK).Body;
        Assert.True(page.Length < 100_000, $"{path} has {page.Length} characters");
        var markup = Web.Markup.Parse(page);
        Assert.Single(markup.Elements, static element => element.Name == "h1");
        var ids = markup.Elements.Select(static element => element["id"]).OfType<string>().ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.DoesNotContain(markup.Elements, static element => element["style"] is not null || element.Attributes.Keys.Any(static name => name.StartsWith("on", StringComparison.Ordinal)));
        Assert.All(markup.Elements.Where(static element => element.Name is "input" or "textarea" or "select" && element["type"] is not "hidden" and not "radio"), element => Assert.Contains(markup.Elements, label => label.Name == "label" && label["for"] == element["id"]));
        return page;
    }

    private static async Task<PointListing> PointsAsync(Api api, string query = "") => (await api.GetAsync("/api/recovery/strategies/register/points" + query)).Expect(HttpStatusCode.OK).As<PointListing>();

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("<input type=\"radio\" name=\"at\" value=\"([^\"]*)\"[^>]*>")]
    private static partial Regex Radio();
}
