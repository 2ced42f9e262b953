using System.Net;
using Maintenance.Feedback;
using Maintenance.Tests.EndToEnd;

namespace Maintenance.Tests.Web;

/// <summary>Links that a real process gives out.</summary>
[Collection("End to end: surface")]
public sealed class ServedLinkTests
{
    [Fact]
    public async Task Links_lead_to_where_the_process_really_serves_although_the_system_chose_the_port()
    {
        await using var webhooks = await WebhookSink.StartAsync();
        await using var here = new Installation(new QuickPlan { Response = "1s", Levels = [("0s", "room")], Channels = [("room", "generic", webhooks.Of("room"))] }.Yaml);
        await using var server = await here.ServeAsync();
        var link = (await here.RunAsync(0, "token", "sign-in", "sam")).Output.Trim();
        Assert.StartsWith(new Uri(server.Address, "sign-in?code=mi_").ToString(), link, StringComparison.Ordinal);

        (await server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("outage", "Nothing works"))).Expect(HttpStatusCode.Accepted);
        await Eventually.HoldsAsync(() => webhooks.Taken("room").Count > 0);
        Assert.Equal(new Uri(server.Address, "tickets/T-1001").ToString(), webhooks.Taken("room")[0].GetProperty("link").GetString());

        // Revoked on the command line, the link opens nothing any more.
        using var browser = server.As(null);
        (await browser.GetAsync(new Uri(link).PathAndQuery)).Expect(HttpStatusCode.OK);
        Assert.Contains("of sam are no longer valid", (await here.RunAsync(0, "token", "revoke", "sam")).Output, StringComparison.Ordinal);
        (await browser.GetAsync(new Uri(link).PathAndQuery)).Expect(HttpStatusCode.Forbidden);
        await here.RunAsync(2, "token", "revoke", "nonsense");
    }

    [Fact]
    public async Task Links_lead_to_the_public_address_where_the_process_was_told_it_and_the_feedback_rate_holds()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var server = await here.ServeAsync("--public-url", "https://maintenance.registry.example/", "--feedback-rate", "4");
        Assert.StartsWith("https://maintenance.registry.example/sign-in?code=mi_", server.SignInLink!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("https://maintenance.registry.example/sign-in?code=mi_", (await here.RunAsync(0, "token", "sign-in", "sam")).Output, StringComparison.Ordinal);

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add((await server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("question", "Hello"))).Status);
        }

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], answers);
        Assert.Equal(2, (await here.RunAsync("serve", "--feedback-rate", "-1")).ExitCode);
    }

    /// <summary>The newest proven snapshot is found by what is known of the policy, however many runs came after it.</summary>
    [Fact]
    public async Task A_policys_id_stands_for_its_newest_proven_snapshot_also_after_hundreds_of_failed_runs()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        File.WriteAllText(Path.Join(here.Folder("files"), "a.txt"), "a");
        await here.RunAsync(0, "backup", "run", "files");
        var copied = here.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
            INSERT INTO records (tbl, pk, rk, version, json)
            SELECT tbl, pk, CAST(CAST(rk AS TEXT) || printf('_%03d', i) AS BLOB), 1, json_remove(json_set(json, '$.state', 'failed', '$.id', json_extract(json, '$.id') || printf('%03d', i)), '$.recoveryPoint')
            FROM records, n WHERE tbl = 'backups' AND json_extract(json, '$.state') = 'proven'
            """);
        Assert.Equal(400, copied);
        await here.RunAsync(0, "backup", "restore", "files", "--to", here.PathOf("restored"));
        Assert.Equal("a", File.ReadAllText(here.PathOf("restored/a.txt")));
        await here.RunAsync(0, "backup", "verify", "files");
        Assert.Contains("Did you mean 'files'", (await here.RunAsync(2, "backup", "verify", "file")).Errors, StringComparison.Ordinal);
    }
}
