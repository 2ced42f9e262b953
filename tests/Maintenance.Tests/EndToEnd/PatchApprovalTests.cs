using System.Net;
using System.Text.Json;
using Maintenance.Patches;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Approval of patches over HTTP, by people with tokens.</summary>
[Collection("End to end: help desk")]
public sealed class PatchApprovalTests
{
    [Fact]
    public async Task A_patch_is_decided_by_the_votes_of_those_who_may_and_by_nothing_else()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var server = await here.ServeAsync();
        var tokens = await Task.WhenAll(new[] { "kim", "lee", "max", "zoe" }.Select(here.TokenAsync));
        using var kim = server.As(tokens[0]);
        using var lee = server.As(tokens[1]);
        using var max = server.As(tokens[2]);
        using var zoe = server.As(tokens[3]);

        // The machine's operator is nobody in particular, so can neither ask nor vote.
        (await server.Operator.PostAsync("/api/patches", Patch("By nobody"))).Expect(HttpStatusCode.Forbidden);
        var id = await RequestAsync(kim, "Quorum", ("Idempotency-Key", "once"));
        Assert.Equal(id, await RequestAsync(kim, "Quorum", ("Idempotency-Key", "once")));
        Assert.NotEqual(id, await RequestAsync(lee, "Quorum", ("Idempotency-Key", "once")));
        Assert.Equal("Nobody votes on their own request.", (await VoteAsync(kim, id, "approve")).Expect(HttpStatusCode.Forbidden).Detail);
        Assert.Contains("approver", (await VoteAsync(zoe, id, "approve")).Expect(HttpStatusCode.Forbidden).Detail, StringComparison.Ordinal);
        (await VoteAsync(server.Operator, id, "approve")).Expect(HttpStatusCode.Forbidden);
        Assert.Contains("comment", (await VoteAsync(lee, id, "reject")).Expect(HttpStatusCode.UnprocessableEntity).Detail, StringComparison.Ordinal);
        (await VoteAsync(lee, id, "reject", "   ")).Expect(HttpStatusCode.UnprocessableEntity);

        // Quorum 2; the same person twice is still one.
        Assert.False(Decided((await VoteAsync(lee, id, "approve")).Expect(HttpStatusCode.OK), out _));
        Assert.False(Decided((await VoteAsync(lee, id, "approve", "Still for it")).Expect(HttpStatusCode.OK), out _));
        Assert.True(Decided((await VoteAsync(max, id, "approve")).Expect(HttpStatusCode.OK), out var decision));
        Assert.Equal((ApprovalOutcome.Approved, "Approved by lee and max (2 of 2 needed)."), (decision.Outcome, decision.Reason));
        Assert.Contains("approved", (await VoteAsync(lee, id, "reject", "Too late")).Expect(HttpStatusCode.Conflict).Detail, StringComparison.Ordinal);
        Assert.Equal(decision, await StoredAsync(server, id));

        // One rejection is enough, at once.
        var rejected = await RequestAsync(kim, "Rejected");
        (await VoteAsync(lee, rejected, "approve")).Expect(HttpStatusCode.OK);
        Assert.True(Decided((await VoteAsync(max, rejected, "reject", "No way back")).Expect(HttpStatusCode.OK), out decision));
        Assert.Equal((ApprovalOutcome.Rejected, "Rejected by max: No way back"), (decision.Outcome, decision.Reason));
        Assert.Equal(decision, await StoredAsync(server, rejected));
        (await VoteAsync(lee, rejected, "approve")).Expect(HttpStatusCode.Conflict);
        Assert.Equal([id, rejected], (await server.Operator.GetAsync("/api/patches?state=all")).Json.EnumerateArray().Where(Closed).Select(Id));
    }

    [Fact]
    public async Task An_artifact_is_named_by_its_votes_revised_withdrawn_explained_and_reviewed()
    {
        await using var here = new Installation(new QuickPlan { EmergencyExpiry = "1h, review: 2h" }.Yaml);
        await using var server = await here.ServeAsync();
        var tokens = await Task.WhenAll(new[] { "kim", "lee", "max", "ada" }.Select(here.TokenAsync));
        using var kim = server.As(tokens[0]);
        using var lee = server.As(tokens[1]);
        using var max = server.As(tokens[2]);
        using var ada = server.As(tokens[3]);
        string first = "sha256:" + new string('1', 64), second = "sha256:" + new string('2', 64);
        object Whole(string type) => new
        {
            title = "OpenSSL 3.5.9",
            description = "Mends a hole.",
            type,
            severity = "critical",
            service = "register",
            components = new[] { "openssl" },
            artifact = first.ToUpperInvariant(),
            targets = new { test = new[] { "app-1" }, production = new[] { "app-2", "app-3" } },
            rollback = "3.5.8",
            window = "sunday",
            implementer = "ada",
        };
        var id = Id((await ada.PostAsync("/api/patches", Whole("emergency"))).Expect(HttpStatusCode.Created).Json);

        Assert.Contains(first, (await VoteAsync(lee, id, "approve")).Expect(HttpStatusCode.UnprocessableEntity).Detail, StringComparison.Ordinal);
        Assert.Contains(first, (await lee.PostAsync($"/api/patches/{id}/votes", new { choice = "approve", artifact = second })).Expect(HttpStatusCode.Conflict).Detail, StringComparison.Ordinal);
        (await lee.PostAsync($"/api/patches/{id}/votes", new { choice = "approve", artifact = first })).Expect(HttpStatusCode.OK);
        (await lee.PostAsync($"/api/patches/{id}/revisions", new { artifact = second })).Expect(HttpStatusCode.Forbidden);
        (await lee.PostAsync($"/api/patches/{id}/withdrawal", new { })).Expect(HttpStatusCode.Forbidden);
        var revised = (await ada.PostAsync($"/api/patches/{id}/revisions", new { artifact = second, comment = "Rebuilt" })).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((second, 0, 2), (revised.GetProperty("artifact").GetString(), revised.GetProperty("votes").GetArrayLength(), revised.GetProperty("events").GetArrayLength()));
        Assert.Equal(["test", "production"], revised.GetProperty("request").GetProperty("targets").EnumerateObject().Select(static ring => ring.Name));

        // The form of a page that was opened before the revision votes on what it showed.
        var page = (await lee.GetAsync("/patches/" + id)).Expect(HttpStatusCode.OK).Body;
        Assert.Contains($"name=\"artifact\" value=\"{second}\"", page, StringComparison.Ordinal);
        Assert.Contains("current artifact", (await lee.FormAsync($"/patches/{id}/votes", [("choice", "approve"), ("artifact", first)])).Expect(HttpStatusCode.UnprocessableEntity).Body.Replace("current one", "current artifact", StringComparison.Ordinal), StringComparison.Ordinal);
        (await lee.FormAsync($"/patches/{id}/votes", [("choice", "approve"), ("artifact", second)])).Expect(HttpStatusCode.Found);
        (await max.PostAsync($"/api/patches/{id}/votes", new { choice = "approve", artifact = second })).Expect(HttpStatusCode.OK);
        Assert.Equal("Approved by lee and max (2 of 2 needed).", (await StoredAsync(server, id)).Reason);

        var explained = (await kim.GetAsync($"/api/patches/{id}/explanation")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(["counted", "revised", "counted", "counted"], explained.GetProperty("events").EnumerateArray().Select(static told => told.GetProperty("effect").GetString()!));
        Assert.Contains("1 vote of the earlier one is void", (await here.RunAsync(0, "patch", "explain", id)).Output, StringComparison.Ordinal);

        // An emergency owes a review, by somebody who had no part in it.
        Assert.Contains($"{id} owes a review", (await server.Operator.GetAsync("/api/status")).Body, StringComparison.Ordinal);
        (await ada.PostAsync($"/api/patches/{id}/review", new { text = "All well." })).Expect(HttpStatusCode.Forbidden);
        (await kim.FormAsync($"/patches/{id}/review", [("text", "Rightly done.")])).Expect(HttpStatusCode.Found);
        Assert.DoesNotContain($"{id} owes a review", (await server.Operator.GetAsync("/api/status")).Body, StringComparison.Ordinal);

        // By the pages alone: asked for, revised, withdrawn.
        var asked = (await kim.FormAsync("/patches", [("title", "By the page"), ("description", "What it changes."), ("type", "Normal"), ("severity", "High"), ("service", "register"), ("artifact", first), ("targets", "test: a, b"), ("components", "one\r\ntwo")])).Expect(HttpStatusCode.Found).Headers["Location"];
        (await kim.FormAsync(asked + "/revisions", [("artifact", second)])).Expect(HttpStatusCode.Found);
        (await kim.FormAsync(asked + "/withdrawal", [("comment", "Not needed")])).Expect(HttpStatusCode.Found);
        Assert.Equal(ApprovalOutcome.Withdrawn, (await StoredAsync(server, asked["/patches/".Length..])).Outcome);
        var list = (await kim.GetAsync("/patches")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("By the page", list, StringComparison.Ordinal);
        Assert.Contains("withdrawn", list, StringComparison.Ordinal);
        Assert.Contains("Say in 1 to 200 characters", (await kim.FormAsync("/patches", [("title", ""), ("description", "x"), ("type", "Normal"), ("severity", "High"), ("service", "register")])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_of_outdated_packages_become_requests_once()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var server = await here.ServeAsync();
        using var kim = server.As(await here.TokenAsync("kim"));
        static object Report(int packages) => new
        {
            version = 1,
            projects = new[] { new { path = "/src/App.csproj", frameworks = new[] { new { framework = "net10.0", topLevelPackages = Enumerable.Range(0, packages).Select(static i => new { id = $"P{i}.{new string('x', 100)}", resolvedVersion = "1.0.0", latestVersion = i == 0 ? "1.0.1" : "1.0.0" }) } } } },
        };

        // Larger than any other body may be.
        var imported = (await kim.PostAsync("/api/patches/imports", new { service = "register", reports = new[] { Report(2000) } })).Expect(HttpStatusCode.OK).Json;
        Assert.True(Assert.Single(imported.EnumerateArray()).GetProperty("isNew").GetBoolean());
        var file = Path.Join(here.Folder("reports"), "outdated.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(Report(1)));
        Assert.Contains("asked before", (await here.RunAsync(0, "patch", "import", file, "--service", "register", "--token", await here.TokenAsync("lee"))).Output, StringComparison.Ordinal);
        Assert.Single((await kim.GetAsync("/api/patches?state=all")).Json.EnumerateArray());
        (await server.Operator.PostAsync("/api/patches/imports", new { service = "register", reports = new[] { Report(1) } })).Expect(HttpStatusCode.Forbidden);
        await File.WriteAllTextAsync(file, "not JSON");
        await here.RunAsync(2, "patch", "import", file, "--service", "register");
    }

    [Fact]
    public async Task Votes_in_the_same_moment_all_count_and_one_decision_stands()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var server = await here.ServeAsync();
        var tokens = await Task.WhenAll(new[] { "ada", "kim", "lee", "max" }.Select(here.TokenAsync));
        using var ada = server.As(tokens[0]);
        var voters = tokens.Skip(1).Select(server.As).ToList();
        for (var round = 0; round < 10; round++)
        {
            var id = await RequestAsync(ada, $"Round {round}");
            var answers = await Task.WhenAll(voters.Select(voter => VoteAsync(voter, id, "approve")));

            // Whoever came after the decision is told so; the two that made it are in it, and no third.
            var taken = answers.Count(static answer => answer.Status == HttpStatusCode.OK);
            Assert.Equal(voters.Count, taken + answers.Count(static answer => answer.Status == HttpStatusCode.Conflict));
            var patch = (await server.Operator.GetAsync("/api/patches/" + id)).Json;
            Assert.Equal(taken, patch.GetProperty("votes").GetArrayLength());
            Assert.Equal(2, taken);
            Assert.Equal(ApprovalOutcome.Approved, (await StoredAsync(server, id)).Outcome);
        }

        voters.ForEach(static voter => voter.Dispose());
    }

    [Fact]
    public async Task A_decision_comes_though_the_process_is_killed_between_the_votes_and_an_undecided_request_expires_though_it_is_killed_before()
    {
        await using var here = new Installation(new QuickPlan { EmergencyExpiry = "12s" }.Yaml);
        var server = await here.ServeAsync();
        var tokens = await Task.WhenAll(new[] { "kim", "lee", "max" }.Select(here.TokenAsync));
        string decided, expiring;
        using (var kim = server.As(tokens[0]))
        using (var lee = server.As(tokens[1]))
        {
            decided = await RequestAsync(kim, "Decided");
            (await VoteAsync(lee, decided, "approve")).Expect(HttpStatusCode.OK);
            expiring = await RequestAsync(kim, "Expiring", "emergency");
            (await VoteAsync(lee, expiring, "approve")).Expect(HttpStatusCode.OK);
        }

        await server.KillAsync();
        server = await here.ServeAsync();
        using var max = server.As(tokens[2]);
        var vote = VoteAsync(max, decided, "approve");
        (await vote).Expect(HttpStatusCode.OK);

        // Killed again, right after the vote that decides: the decision is in the votes.
        await server.KillAsync();
        server = await here.ServeAsync();
        var decision = await StoredAsync(server, decided, 60);
        Assert.Equal((ApprovalOutcome.Approved, "Approved by lee and max (2 of 2 needed)."), (decision.Outcome, decision.Reason));

        var expired = await StoredAsync(server, expiring, 60);
        Assert.Equal((ApprovalOutcome.Expired, "Expired with 1 of 2 approvals (lee)."), (expired.Outcome, expired.Reason));
        using var late = server.As(tokens[2]);
        (await VoteAsync(late, expiring, "approve")).Expect(HttpStatusCode.Conflict);
        Assert.Contains("expired", (await here.RunAsync(0, "patch", "show", expiring)).Output, StringComparison.Ordinal);
    }

    private static object Patch(string title, string type = "normal") => new { title, description = "What it changes.", type, severity = "high", service = "register" };

    private static async Task<string> RequestAsync(Api api, string title, params (string, string)[] headers) =>
        Id((await api.PostAsync("/api/patches", Patch(title), headers)).Expect(HttpStatusCode.Created).Json);

    private static async Task<string> RequestAsync(Api api, string title, string type) =>
        Id((await api.PostAsync("/api/patches", Patch(title, type))).Expect(HttpStatusCode.Created).Json);

    private static Task<Answer> VoteAsync(Api api, string id, string choice, string? comment = null) => api.PostAsync($"/api/patches/{id}/votes", new { choice, comment });

    private static string Id(JsonElement patch) => patch.GetProperty("request").GetProperty("id").GetString()!;

    private static bool Closed(JsonElement patch) => patch.GetProperty("request").TryGetProperty("decision", out _);

    private static bool Decided(Answer answer, out Decision decision)
    {
        var isDecided = answer.Json.TryGetProperty("decision", out var found);
        decision = isDecided ? MaintenanceJson.Read<Decision>(found.GetRawText()) : null!;
        return isDecided;
    }

    /// <summary>The decision as the workflow stored it in the request.</summary>
    private static async Task<Decision> StoredAsync(ServerProcess server, string id, int seconds = 30)
    {
        var patch = await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/patches/" + id)).Json, Closed, seconds);
        return MaintenanceJson.Read<Decision>(patch.GetProperty("request").GetProperty("decision").GetRawText());
    }
}
