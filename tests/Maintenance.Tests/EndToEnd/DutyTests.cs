using System.Globalization;
using System.Net;
using System.Text;
using Maintenance.Duties;
using Maintenance.Status;
using Maintenance.Tickets;
using Maintenance.Web.Api;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Duties by real processes: over HTTP, on the pages and by the command line, through a kill and an edited plan.</summary>
[Collection("End to end: surface")]
public sealed class DutyTests
{
    private static readonly string Open = DateTime.UtcNow.AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_procedure_that_is_a_document_is_shown_with_the_way_to_its_page()
    {
        await using var here = new Installation(new QuickPlan { More = QuickPlan.Documents + QuickPlan.Duties(Open).Replace("procedure: sop.md", "procedure: sops/guide.md", StringComparison.Ordinal) }.Yaml);
        QuickPlan.FurnishDocuments(here);
        await using var server = await here.ServeAsync();
        var path = "/duties/check/" + Open;
        await OpenedAsync(server, path);
        using var sam = server.As(await here.TokenAsync("sam"));
        foreach (var page in new[] { path, "/duties/check" })
        {
            var body = (await sam.GetAsync(page)).Expect(HttpStatusCode.OK).Body;
            Assert.Contains("<a href=\"/documents/guide\">The guide</a>", body, StringComparison.Ordinal);
            Assert.Contains("Count the forms.", body, StringComparison.Ordinal);
            Assert.DoesNotContain("title: The guide", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_duty_is_listed_done_with_a_file_and_reported_on_pages_and_by_commands()
    {
        await using var here = Furnished(QuickPlan.Duties(Open).Replace("evidence: [text]", "evidence: [text, file]", StringComparison.Ordinal));
        await using var server = await here.ServeAsync();
        var path = "/duties/check/" + Open;
        await OpenedAsync(server, path);
        using var sam = server.As(await here.TokenAsync("sam"));
        using var kim = server.As(await here.TokenAsync("kim"));

        Assert.Contains($"href=\"{path}\"", (await sam.GetAsync("/duties")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains($"href=\"{path}\"", (await sam.GetAsync("/")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.DoesNotContain($"href=\"{path}\"", (await kim.GetAsync("/")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.DoesNotContain($"href=\"{path}\"", (await sam.GetAsync("/duties?kind=planReview")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await sam.GetAsync("/api/duties?kind=nonsense")).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("Compare the last entry", (await sam.GetAsync("/duties/check")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("What was found", (await sam.GetAsync(path)).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("What was found", (await kim.GetAsync(path)).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("duty-check-", (await sam.GetAsync($"/api/plan/calendar?from={Open}&to={Open}")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:Due: Check of the data", (await sam.GetAsync("/api/plan/calendar.ics")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains(Open, (await here.RunAsync(0, "duties", "list")).Output, StringComparison.Ordinal);

        (await kim.PostAsync($"/api{path}/completion", new { text = "x" })).Expect(HttpStatusCode.Forbidden);
        Assert.True((await sam.PostAsync($"/api{path}/completion", new { text = "x" })).Expect(HttpStatusCode.UnprocessableEntity).Json.GetProperty("errors").TryGetProperty("file", out _));
        Assert.Contains("Add the file first", (await sam.FormAsync(path + "/completion", [("text", "Kept words")])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        using var form = new MultipartFormDataContent { { new StringContent("nonce"), "key" }, { new ByteArrayContent("a,b\n"u8.ToArray()), "file", "count.csv" } };
        (await sam.SendAsync(HttpMethod.Post, path + "/attachments", form)).Expect(HttpStatusCode.Found);
        var view = (await sam.GetAsync("/api" + path)).Expect(HttpStatusCode.OK);
        var file = Assert.Single(view.As<DutyView>().Occurrence.Evidence).File!;
        Assert.Equal("a,b\n", (await kim.GetAsync($"/api{path}/attachments/{file.Id}")).Expect(HttpStatusCode.OK).Body);
        (await sam.PostAsync($"/api{path}/completion", new { text = "Old" }, ("If-Match", "\"other\""))).Expect(HttpStatusCode.PreconditionFailed);
        var done = (await sam.PostAsync($"/api{path}/completion", new { text = "<b>Fine</b>" }, ("If-Match", view.Headers["ETag"]), ("Idempotency-Key", "once"))).Expect(HttpStatusCode.OK).As<DutyView>();
        Assert.Equal((DutyStanding.InTime, "sam"), (done.Standing, done.Occurrence.ClosedBy));
        (await sam.PostAsync($"/api{path}/completion", new { text = "<b>Fine</b>" }, ("Idempotency-Key", "once"))).Expect(HttpStatusCode.OK);
        (await sam.PostAsync($"/api{path}/completion", new { text = "Again" })).Expect(HttpStatusCode.Conflict);

        // Acknowledged work survives what no process can prepare for.
        await server.KillAsync();
        await using var again = await here.ServeAsync();
        var page = (await again.Operator.GetAsync(path)).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("&lt;b&gt;Fine", page, StringComparison.Ordinal);
        Assert.Contains("count.csv", page, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(page), 1000, 100_000);
        var month = Open[..7];
        Assert.Equal(new DutyLine("all", 1, 0, 0, 0, 0), (await again.Operator.GetAsync($"/api/reports/duties?from={month}&to={month}")).Expect(HttpStatusCode.OK).As<DutyReport>().Total);
        Assert.Contains($"month,{month},1,0,0,0,0,1", (await again.Operator.GetAsync($"/api/reports/duties.csv?from={month}&to={month}")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("100.0 %", (await again.Operator.GetAsync($"/reports/duties?from={month}&to={month}")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", (await again.Operator.GetAsync("/reports/duties?from=x")).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        Assert.Equal(1, (await here.RunAsync(0, "duties", "report", "--from", month, "--to", month, "--json")).As<DutyReport>().Total.InTime);
        Assert.Contains("text: <b>Fine</b> (sam", (await here.RunAsync(0, "duties", "show", "check", Open)).Output, StringComparison.Ordinal);
        Assert.Contains("done", (await here.RunAsync(0, "duties", "show", "check")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_overdue_opens_a_ticket_is_shown_everywhere_and_is_done_late_by_the_command_line()
    {
        // Due right after the start, once a day.
        var due = DateTime.UtcNow.AddSeconds(90);
        var (key, cron) = (due.ToString("yyyy-MM-dd'T'HHmmss", CultureInfo.InvariantCulture), $"{due.Second} {due.Minute} {due.Hour} * * *");
        key = due.Second == 0 ? key[..^2] : key;
        var duties = "duties:\n  - { id: count, kind: suppliesCount, name: Count the paper, owner: support, deputy: ada, schedule: \"" + cron + "\", lead: 1h, grace: 1s, evidence: [text], overdue: { ticket: { service: register, impact: all, urgency: later }, notify: [ada] } }\n";
        await using var here = Furnished(duties);
        await using var server = await here.ServeAsync();
        var path = "/duties/count/" + key;
        await OpenedAsync(server, path);
        var late = await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api" + path)).As<DutyView>(), static view => view.Occurrence.Ticket is not null);
        Assert.Equal(DutyStanding.Overdue, late.Standing);
        Assert.Contains("Overdue: Count the paper", (await server.Operator.GetAsync("/api/tickets/" + late.Occurrence.Ticket)).Expect(HttpStatusCode.OK).As<Ticket>().Title, StringComparison.Ordinal);
        var status = (await server.Operator.GetAsync("/api/status")).Expect(HttpStatusCode.OK).As<StatusReport>();
        Assert.Contains(status.Duties, fact => fact.Key == key);
        Assert.Contains(status.Attention, item => item.Path == path && item.Severity == AttentionSeverity.Warning);
        Assert.Contains("overdue", (await here.RunAsync(1, "duties", "list")).Output, StringComparison.Ordinal);

        // Out of the plan it is still owed, and who owes it still does it.
        here.WritePlan(new QuickPlan { More = QuickPlan.Duties(Open) }.Yaml);
        await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api" + path)).As<DutyView>(), static view => !view.IsInPlan);
        Assert.Contains("no longer in the plan", (await server.Operator.GetAsync("/duties")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        here.Settings["MAINTENANCE_TOKEN"] = await here.TokenAsync("sam");
        Assert.NotEqual(0, (await here.RunAsync("duties", "skip", "count", key, "--reason", "No paper")).ExitCode);
        File.WriteAllText(here.PathOf("count.txt"), "12 boxes");
        var done = (await here.RunAsync(0, "duties", "done", "count", key, "--text", "12 boxes", "--file", here.PathOf("count.txt"), "--json")).As<DutyView>();
        Assert.Equal((DutyStanding.Late, 2), (done.Standing, done.Occurrence.Evidence.Count));
        Assert.Contains("Done by sam", (await server.Operator.GetAsync("/api/tickets/" + late.Occurrence.Ticket)).Body, StringComparison.Ordinal);
    }

    private static Installation Furnished(string duties)
    {
        var here = new Installation(new QuickPlan { More = duties }.Yaml);
        QuickPlan.Furnish(here);
        return here;
    }

    private static Task OpenedAsync(ServerProcess server, string path) =>
        Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api" + path)).Status, static status => status == HttpStatusCode.OK);
}
