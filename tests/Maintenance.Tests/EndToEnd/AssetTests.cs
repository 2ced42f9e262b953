using System.Net;
using System.Text.Json;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Components, vulnerabilities and debt: from files to a waiver and a fix, on the command line, over HTTP and on the pages, through a kill.</summary>
[Collection("End to end: help desk")]
public sealed class AssetTests
{
    private const string Tickets = "  tickets: { impact: all, critical: now, high: now, medium: later, low: later }\n";

    [Fact]
    public async Task A_vulnerability_is_found_asked_to_be_waived_approved_by_two_and_gone_with_the_version()
    {
        await using var here = new Installation((new QuickPlan { More = QuickPlan.Assets.Replace("technicalDebt:", Tickets + "technicalDebt:", StringComparison.Ordinal) }).Yaml);
        QuickPlan.FurnishAssets(here);
        await using (var first = await here.ServeAsync())
        {
            Assert.Contains("app.cdx.json", (await here.RunAsync(0, "assets", "import")).Output, StringComparison.Ordinal);
            await first.KillAsync();
        }

        await using var server = await here.ServeAsync();
        var tokens = await Task.WhenAll(new[] { "sam", "kim", "lee" }.Select(here.TokenAsync));
        using var sam = server.As(tokens[0]);
        using var kim = server.As(tokens[1]);
        using var lee = server.As(tokens[2]);
        Assert.Contains("app.cdx.json", (await here.RunAsync(0, "assets", "import")).Output, StringComparison.Ordinal);
        var listed = (await here.RunAsync(0, "assets", "vulnerabilities")).Output;
        Assert.Contains("CVE-2026-1", listed, StringComparison.Ordinal);
        Assert.Single((await server.Operator.GetAsync("/api/tickets")).Json.EnumerateArray());
        var components = (await sam.GetAsync("/api/components")).Json;
        Assert.Equal(["driver", "Other <b>"], components.GetProperty("components").EnumerateArray().Select(static line => line.GetProperty("isPlanned").GetBoolean() ? line.GetProperty("id").GetString() : line.GetProperty("name").GetString()));

        // What strangers wrote stands there as text.
        var page = (await sam.GetAsync("/vulnerabilities/V-1001")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", page, StringComparison.Ordinal);
        Assert.Contains("Driver", (await sam.GetAsync("/assets?service=register")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("to be gone by", page, StringComparison.Ordinal);

        // A waiver: by the form, the command line and the API.
        var until = DateTime.UtcNow.AddDays(60).ToString("yyyy-MM-dd", null);
        (await kim.FormAsync("/vulnerabilities/V-1001/waiver", [("reason", ""), ("until", until)])).Expect(HttpStatusCode.UnprocessableEntity);
        (await kim.FormAsync("/vulnerabilities/V-1001/waiver", [("reason", "Not <reachable>"), ("until", "2199-01-01")])).Expect(HttpStatusCode.UnprocessableEntity);
        (await kim.FormAsync("/vulnerabilities/V-1001/waiver", [("reason", "Not <reachable>"), ("until", until)])).Expect(HttpStatusCode.Found);
        Assert.Contains("Whoever asks does not approve.", (await kim.PostAsync("/api/vulnerabilities/V-1001/votes", new { decision = "approve" })).Expect(HttpStatusCode.Forbidden).Body, StringComparison.Ordinal);
        (await server.Operator.PostAsync("/api/vulnerabilities/V-1001/votes", new { decision = "approve" })).Expect(HttpStatusCode.Forbidden);
        Assert.Contains("/vulnerabilities/V-1001", (await lee.GetAsync("/")).Body, StringComparison.Ordinal);
        (await lee.FormAsync("/vulnerabilities/V-1001/votes", [("decision", "approve")])).Expect(HttpStatusCode.Found);
        Assert.Contains("waiver granted", (await here.RunAsync(0, "assets", "waive", "approve", "V-1001", "--token", await here.TokenAsync("max"))).Output, StringComparison.Ordinal);
        Assert.Empty((await sam.GetAsync("/api/vulnerabilities")).Json.EnumerateArray());
        Assert.Single((await sam.GetAsync("/api/vulnerabilities?state=waived")).Json.EnumerateArray());

        // Gone once the plan says another version.
        here.WritePlan((new QuickPlan { More = QuickPlan.Assets.Replace("technicalDebt:", Tickets + "technicalDebt:", StringComparison.Ordinal).Replace("version: 1.0.0", "version: 1.0.2", StringComparison.Ordinal) }).Yaml);
        await Eventually.HoldsAsync(
            async () =>
            {
                await here.RunAsync(0, "assets", "import");
                return (await sam.GetAsync("/api/vulnerabilities?state=fixed")).Json.GetArrayLength();
            },
            static count => count == 1);
        Assert.Contains("which is not affected", (await here.RunAsync(0, "assets", "finding", "V-1001")).Output, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/tickets/T-1001")).Json.GetProperty("state").GetString(), static state => state == "resolved");
    }

    [Fact]
    public async Task The_register_of_debt_is_kept_by_form_and_command_line_and_the_pages_reckon()
    {
        await using var here = new Installation((new QuickPlan { More = QuickPlan.Assets }).Yaml);
        QuickPlan.FurnishAssets(here);
        await using var server = await here.ServeAsync();
        using var sam = server.As(await here.TokenAsync("sam"));
        using var kim = server.As(await here.TokenAsync("kim"));
        (string, string)[] fields = [("key", "k1"), ("title", "Old <forms>"), ("service", "register"), ("component", "driver"), ("cost", "40"), ("interest", "8"), ("target", "2020-01-01"), ("approach", "Bit by bit")];
        var path = (await sam.FormAsync("/debt", fields)).Expect(HttpStatusCode.Found).Headers["Location"];
        Assert.Equal(path, (await sam.FormAsync("/debt", fields)).Expect(HttpStatusCode.Found).Headers["Location"]);
        (await kim.FormAsync("/debt", fields)).Expect(HttpStatusCode.Forbidden);
        Assert.Contains("cost: ", (await sam.FormAsync("/debt", [("title", "x"), ("service", "register"), ("cost", "much"), ("interest", "1")])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        await here.RunAsync(0, "debt", "add", "Two libraries", "--service", "register", "--cost", "10", "--interest", "1");
        await here.RunAsync(0, "debt", "book", "D-1001", "2.5", "--text", "Began");
        (await sam.FormAsync(path + "/acts", [("act", "book"), ("hours", "25")])).Expect(HttpStatusCode.UnprocessableEntity);
        (await sam.FormAsync(path + "/acts", [("act", "nonsense")])).Expect(HttpStatusCode.UnprocessableEntity);
        (await sam.FormAsync("/debt/D-9/acts", [("act", "nonsense")])).Expect(HttpStatusCode.NotFound);

        var register = (await here.RunAsync(1, "debt", "list", "--json")).As<JsonElement>();
        var standing = register.GetProperty("standing");
        Assert.Equal((2, 47.5, 9.0, 2.5, 20.0, 1), (standing.GetProperty("open").GetInt32(), standing.GetProperty("principal").GetDouble(), standing.GetProperty("interest").GetDouble(), standing.GetProperty("spent").GetDouble(), standing.GetProperty("reserved").GetDouble(), standing.GetProperty("late").GetInt32()));
        Assert.Equal(["D-1001", "D-1002"], register.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("id").GetString()));
        var page = (await kim.GetAsync("/debt")).Expect(HttpStatusCode.OK).Body;
        Assert.All(new[] { "Old &lt;forms&gt;", "47.5 h", "2.5 h", "5 months" }, said => Assert.Contains(said, page, StringComparison.Ordinal));
        (await sam.FormAsync(path + "/acts", [("act", "accept"), ("text", "")])).Expect(HttpStatusCode.UnprocessableEntity);
        (await sam.FormAsync(path + "/acts", [("act", "pay"), ("text", "Rebuilt")])).Expect(HttpStatusCode.Found);
        await here.RunAsync(1, "debt", "book", "D-1001", "1");
        Assert.Contains("Rebuilt", (await kim.GetAsync(path)).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("D-1001", (await kim.GetAsync("/debt")).Body, StringComparison.Ordinal);
        Assert.Contains("D-1001", (await kim.GetAsync("/debt?show=closed")).Body, StringComparison.Ordinal);

        // What was booked wrongly is reversed, by whose it is or an administrator, with a reason; also on a piece that is closed.
        (await sam.FormAsync("/debt/D-1002/acts", [("act", "book"), ("hours", "3")])).Expect(HttpStatusCode.Found);
        (await sam.PostAsync("/api/debt/D-1001/acts", new { act = "reverse", booking = 1, text = "Not mine" })).Expect(HttpStatusCode.Forbidden);
        foreach (var body in new object[] { new { act = "reverse", text = "Which?" }, new { act = "reverse", booking = 2, text = "None" }, new { act = "reverse", booking = 1 } })
        {
            (await sam.PostAsync("/api/debt/D-1002/acts", body)).Expect(HttpStatusCode.UnprocessableEntity);
        }

        (await sam.FormAsync("/debt/D-1002/acts", [("act", "reverse"), ("booking", "1"), ("text", "Another piece")])).Expect(HttpStatusCode.Found);
        Assert.Contains("reversed: Another piece", (await sam.GetAsync("/debt/D-1002")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("reversed: Wrong day", (await here.RunAsync(0, "debt", "reverse", "D-1001", "1", "--reason", "Wrong day")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await server.Operator.GetAsync("/api/debt")).Json.GetProperty("standing").GetProperty("spent").GetDouble());

        // A day has twenty-four hours over everything that is booked on it; what was reversed is not.
        (await sam.PostAsync("/api/resources/hours", new { hours = 20, kind = "operations" })).Expect(HttpStatusCode.Created);
        Assert.Contains("20 hours are booked", (await sam.PostAsync("/api/debt/D-1002/acts", new { act = "book", hours = 6 })).Expect(HttpStatusCode.UnprocessableEntity).Detail, StringComparison.Ordinal);
        (await sam.PostAsync("/api/debt/D-1002/acts", new { act = "book", hours = 4 })).Expect(HttpStatusCode.OK);
        (await sam.FormAsync("/debt/D-1002/acts", [("act", "book"), ("hours", "0.25")])).Expect(HttpStatusCode.UnprocessableEntity);
    }
}
