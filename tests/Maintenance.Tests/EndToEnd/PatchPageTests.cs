using System.Net;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Patches by their pages: what they change, where and when, who may still vote.</summary>
[Collection("End to end: help desk")]
public sealed class PatchPageTests
{
    private const string Rings = """
          rings:
            - { id: test, name: Test <1>, duration: 1h, targets: [t1], apply: { command: ["true"] }, soak: 1d }
            - { id: production, name: Production, windows: [night], duration: 2h, targets: [a, b], apply: { command: ["true"] } }
        support:

        """;

    private const string Windows = """
        windows:
          maintenance:
            - { id: night, name: Night, days: [sat], start: "22:00", end: "06:00" }
          freezes:
            - { id: elections, from: 2020-01-01T00:00, to: 2190-01-01T00:00, reason: Elections }

        """;

    [Fact]
    public async Task A_page_says_what_why_where_when_and_who_may_still_vote_and_takes_votes_on_the_revision_it_shows()
    {
        await using var here = new Installation(Yaml());
        await using var server = await here.ServeAsync();
        var tokens = await Task.WhenAll(new[] { "kim", "lee", "max", "sam" }.Select(here.TokenAsync));
        using var kim = server.As(tokens[0]);
        using var lee = server.As(tokens[1]);
        using var max = server.As(tokens[2]);
        using var sam = server.As(tokens[3]);
        string first = "sha256:" + new string('1', 64), second = "sha256:" + new string('2', 64);
        Assert.Contains("such as openssl", (await kim.FormAsync("/patches", [.. Form(first), ("versions", "openssl 3.5.9")])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        var path = (await kim.FormAsync("/patches", [.. Form(first), ("versions", "openssl 3.5.8 -> 3.5.9\r\npostgresql 17.2 → 18.1")])).Expect(HttpStatusCode.Found).Headers["Location"];
        var id = path["/patches/".Length..];

        var page = await PageAsync(lee, path);
        foreach (var said in new[]
        {
            "<a href=\"https://a.example/adv?x=1&amp;y=2\" rel=\"noopener noreferrer nofollow\">https://a.example/adv?x=1&amp;y=2</a>", "&lt;script&gt;", "postgresql", "<del>17.2</del>", "<ins>18.1</ins>", "major", "Test &lt;1&gt;", "2h fits into no window of night",
            "of service time", "In the way: elections", "Lee Lund, Max Mbeki", "Kim Kamau (asked for it)", "3 without a role that votes", "value=\"approve\"", "waits for 2 more of 2 approvals",
        })
        {
            Assert.Contains(said, page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("javascript:alert(1)\"", page, StringComparison.Ordinal);
        foreach (var (who, why) in new[] { (kim, "Nobody votes on their own request."), (sam, "Only people with one of these roles may vote"), (server.Operator, "The operator of the machine has no vote.") })
        {
            var other = await PageAsync(who, path);
            Assert.Contains(why, other, StringComparison.Ordinal);
            Assert.DoesNotContain("name=\"choice\"", other, StringComparison.Ordinal);
        }

        // The same for programs, and on the command line.
        var explained = (await lee.GetAsync($"/api/patches/{id}/explanation")).Expect(HttpStatusCode.OK).Json;
        var standing = explained.GetProperty("standing");
        Assert.Equal((2, 2, true), (standing.GetProperty("missing").GetInt32(), standing.GetProperty("awaited").GetInt32(), standing.GetProperty("isReachable").GetBoolean()));
        Assert.Equal("requester", standing.GetProperty("voters").EnumerateArray().Single(static voter => voter.GetProperty("person").GetString() == "kim").GetProperty("standing").GetString());
        Assert.Equal([true, false], explained.GetProperty("rings").EnumerateArray().Select(static ring => ring.TryGetProperty("slot", out _)));
        Assert.Equal("3.5.9", explained.GetProperty("revisions").GetArrayLength() == 1 ? (await lee.GetAsync($"/api/patches/{id}")).Json.GetProperty("request").GetProperty("versions")[0].GetProperty("to").GetString() : null);
        Assert.Contains("2 of 2 approvals are missing.", (await here.RunAsync(0, "patch", "explain", id)).Output, StringComparison.Ordinal);

        // A vote is on the revision that was seen.
        Assert.Contains("Say why you reject it", (await lee.FormAsync(path + "/votes", [("choice", "reject"), ("artifact", first)])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        (await lee.FormAsync(path + "/votes", [("choice", "approve"), ("artifact", first), ("comment", "Read <it>")])).Expect(HttpStatusCode.Found);
        Assert.Contains("Waiting for a decision", await PageAsync(kim, "/patches"), StringComparison.Ordinal);
        (await kim.FormAsync(path + "/revisions", [("artifact", second), ("comment", "Rebuilt")])).Expect(HttpStatusCode.Found);
        (await lee.FormAsync(path + "/votes", [("choice", "approve"), ("artifact", first)])).Expect(HttpStatusCode.UnprocessableEntity);
        page = await PageAsync(lee, path);
        foreach (var said in new[] { $"<del>{first}</del>", $"<ins>{second}</ins>", "(its votes are void)", "Read &lt;it&gt;", "Your vote is on revision 2", $"name=\"artifact\" value=\"{second}\"" })
        {
            Assert.Contains(said, page, StringComparison.Ordinal);
        }

        (await lee.FormAsync(path + "/votes", [("choice", "approve"), ("artifact", second)])).Expect(HttpStatusCode.Found);
        Assert.Contains("Change your vote", await PageAsync(lee, path), StringComparison.Ordinal);
        (await max.FormAsync(path + "/votes", [("choice", "approve"), ("artifact", second)])).Expect(HttpStatusCode.Found);
        var rollout = await Eventually.HoldsAsync(() => PageAsync(sam, path), static body => body.Contains("id=\"rollout\"", StringComparison.Ordinal));
        Assert.Contains("Production", rollout, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"decision\"", rollout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_has_first_what_waits_for_its_reader_and_is_read_page_by_page()
    {
        await using var here = new Installation(Yaml());
        await using var server = await here.ServeAsync();
        var tokens = await Task.WhenAll(new[] { "kim", "lee" }.Select(here.TokenAsync));
        using var kim = server.As(tokens[0]);
        using var lee = server.As(tokens[1]);
        for (var i = 0; i < 45; i++)
        {
            var who = i < 43 ? kim : lee;
            (await who.PostAsync("/api/patches", new { title = $"Number <{i}>", description = "x", type = i == 40 ? "emergency" : "normal", severity = "low", service = "register" })).Expect(HttpStatusCode.Created);
        }

        // Lee may vote on Kim's, the emergency first; his own wait for others, and come last.
        var list = await PageAsync(lee, "/patches");
        Assert.Contains("Waits for your vote", list, StringComparison.Ordinal);
        Assert.True(list.IndexOf("Number &lt;40&gt;", StringComparison.Ordinal) < list.IndexOf("Number &lt;0&gt;", StringComparison.Ordinal));
        Assert.DoesNotContain("Number &lt;44&gt;", list, StringComparison.Ordinal);
        var second = await PageAsync(lee, "/patches?waiting=2");
        Assert.Contains("Number &lt;44&gt;", second, StringComparison.Ordinal);
        Assert.DoesNotContain("waiting=3", second, StringComparison.Ordinal);
        Assert.True((await PageAsync(kim, "/patches")).IndexOf("Number &lt;43&gt;", StringComparison.Ordinal) > 0);
        Assert.DoesNotContain("Waits for your vote", await PageAsync(server.Operator, "/patches"), StringComparison.Ordinal);

        foreach (var number in Enumerable.Range(1001, 25))
        {
            (await kim.PostAsync($"/api/patches/P-{number}/withdrawal", new { })).Expect(HttpStatusCode.OK);
        }

        list = await PageAsync(kim, "/patches");
        Assert.Contains("href=\"/patches?before=1006\"", list, StringComparison.Ordinal);
        var older = await PageAsync(kim, "/patches?before=1006");
        Assert.Contains("/patches/P-1005", older, StringComparison.Ordinal);
        Assert.DoesNotContain("Older ones", older, StringComparison.Ordinal);
        (await kim.GetAsync("/patches?before=x")).Expect(HttpStatusCode.BadRequest);
        (await kim.GetAsync("/patches?waiting=x")).Expect(HttpStatusCode.BadRequest);
    }

    private static string Yaml() => new QuickPlan { More = Windows }.Yaml.Replace("support:\n", Rings, StringComparison.Ordinal);

    private static (string, string)[] Form(string artifact) =>
    [
        ("title", "OpenSSL"), ("description", "Mends <script>. See https://a.example/adv?x=1&y=2. javascript:alert(1)"), ("type", "Normal"), ("severity", "High"), ("service", "register"), ("artifact", artifact),
    ];

    private static async Task<string> PageAsync(Api api, string path)
    {
        var page = (await api.GetAsync(path)).Expect(HttpStatusCode.OK).Body;
        Assert.True(page.Length < 100_000, $"{path} has {page.Length} characters");
        var ids = Web.Markup.Parse(page).Elements.Select(static element => element["id"]).OfType<string>().ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        return page;
    }
}
