using System.Net;
using System.Text.Json;
using Maintenance.Feedback;
using Maintenance.Reports;
using Maintenance.ServiceLevels;
using Maintenance.Web.Api;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Clocks accounted for and reports, by real processes: commands, routes and pages.</summary>
[Collection("End to end: help desk")]
public sealed class SlaExplainTests
{
    private const string Opened = """{"at": "2026-10-24T22:30:00Z", "kind": "opened", "priority": "p1"}""";

    /// <summary>Kim leads the desk, and is neither support nor administrator; Ada is administrator, and leads nobody.</summary>
    private const string Desk = "teams: [{ id: desk, name: The desk, lead: kim, members: [sam] }]\n";

    [Fact]
    public async Task Events_in_a_file_are_accounted_for_without_a_server_and_a_missed_target_ends_with_1()
    {
        await using var here = new Installation(new QuickPlan().Yaml.Replace("Etc/UTC", "Europe/Berlin", StringComparison.Ordinal));
        Write($$"""[{{Opened}}, {"at": "2026-10-24T23:00:00Z", "kind": "responded"}, {"at": "2026-10-25T00:30:00Z", "kind": "waitingBegan", "for": "requester"}, {"at": "2026-10-25T01:30:00Z", "kind": "waitingEnded"}]""");
        var clocks = (await here.RunAsync(1, "sla", "explain", "--events", here.PathOf("events.json"), "--json")).As<TicketClocks>();
        Assert.Null(clocks.Ticket);
        Assert.Equal([ServiceTarget.Response, ServiceTarget.Resolution], clocks.Clocks.Select(static clock => clock.Target));
        Assert.Equal((TimeSpan.FromMinutes(30), false, "Europe/Berlin"), (clocks.Clocks[0].Used, clocks.Clocks[0].IsMissed, clocks.Clocks[0].Zone));
        Assert.True(clocks.Clocks[1].IsMissed);

        // Four hours and an hour's wait; the clocks were put back in it, at 03:00.
        Assert.Equal("Sun 2026-10-25 04:30 +01:00", clocks.Clocks[1].LocalDue);
        Assert.Equal(clocks.Clocks[1].Used, clocks.Clocks[1].Spans.Where(static span => span.Counts).Aggregate(TimeSpan.Zero, static (sum, span) => sum + (span.To - span.From)));
        var shown = await here.RunAsync(1, "sla", "explain", "--events", here.PathOf("events.json"));
        Assert.Contains("RESOLUTION: The resolution is late:", shown.Output, StringComparison.Ordinal);
        Assert.Contains("waits for the requester", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Sun 2026-10-25 00:30 +02:00", shown.Output, StringComparison.Ordinal);
        Assert.Equal("", shown.Errors);

        Write($$"""{"events": [{{Opened}}], "now": "2026-10-24T23:00:00Z"}""");
        var kept = (await here.RunAsync(0, "sla", "explain", "--events", here.PathOf("events.json"), "--json")).As<TicketClocks>();
        Assert.Equal(TimeSpan.FromMinutes(30), kept.Clocks[1].Used);
        Assert.True(kept.Clocks[1].Spans[^1].IsForecast);
        Assert.Equal(kept.Clocks[1].Due, kept.Clocks[1].Spans[^1].To);
        Assert.False(Directory.Exists(here.Data));

        void Write(string json) => File.WriteAllText(here.PathOf("events.json"), json);
    }

    [Fact]
    public async Task What_cannot_be_read_ends_with_2_and_says_where()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        var file = here.PathOf("events.json");
        foreach (var (said, json) in new (string, string)[]
        {
            ("events.json: ", "no JSON"),
            ("There is no event", "[]"),
            ("events[0]: it is null", "[null]"),
            ("the first event is the opening", """[{"at": "2026-10-24T22:30:00Z", "kind": "resolved"}]"""),
            ("no target for the priority 'p9'", Opened.Replace("p1", "p9", StringComparison.Ordinal) is var other ? $"[{other}]" : ""),
            ("Put them in order", $$"""[{{Opened}}, {"at": "2026-10-24T22:29:59Z", "kind": "resolved"}]"""),
            ("4 MiB", new string(' ', (4 * 1024 * 1024) + 1)),
        })
        {
            File.WriteAllText(file, json);
            await FailsAsync(said, "--events", file);
        }

        await FailsAsync("Name a ticket, or a file with --events");
        await FailsAsync("Name a ticket, or a file with --events", "T-1", "--events", file);
        await FailsAsync("no-such-file", "--events", here.PathOf("no-such-file"));
        await FailsAsync(here.Root, "--events", here.Root);
        File.WriteAllText(file, $"[{Opened}]");
        here.WritePlan("system: {}\n");
        await FailsAsync("cannot run", "--events", file);

        async Task FailsAsync(string said, params string[] arguments)
        {
            var result = await here.RunAsync(["sla", "explain", .. arguments]);
            Assert.True(result.ExitCode == 2 && result.Errors.Contains(said, StringComparison.Ordinal), $"Expected 2 and '{said}': {result}");
            Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
            Assert.Equal("", result.Output);
        }
    }

    [Fact]
    public async Task A_tickets_clocks_and_the_reports_are_shown_by_route_page_and_command_and_a_persons_figures_to_that_person_and_their_lead_alone()
    {
        await using var here = new Installation(new QuickPlan { Response = "1s", Resolution = "4h", More = Desk }.Yaml);
        await using var server = await here.ServeAsync();
        (await server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("outage", "Nothing <b>works</b>"))).Expect(HttpStatusCode.Accepted);
        (await server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("question", "How does it work?"))).Expect(HttpStatusCode.Accepted);
        var line = await Eventually.HoldsAsync(
            async () => (await server.Operator.GetAsync("/api/reports/service-levels")).Expect(HttpStatusCode.OK).As<TicketReport>().Total, static total => total is { Opened: 2, Response.Missed: 1 });
        Assert.Equal((0, 1, 2), (line.Resolved, line.Response.Pending, line.Resolution.Pending));
        var missed = (await server.Operator.GetAsync("/api/tickets/T-1001/clock")).As<TicketClocks>().Clocks[0].IsMissed ? "T-1001" : "T-1002";
        var other = missed == "T-1001" ? "T-1002" : "T-1001";
        using var sam = server.As(await here.TokenAsync("sam"));
        (await sam.PostAsync($"/api/tickets/{other}/responses", new { text = "So." })).Expect(HttpStatusCode.OK);

        // The ticket.
        var clocks = (await server.Operator.GetAsync($"/api/tickets/{missed}/clock")).Expect(HttpStatusCode.OK).As<TicketClocks>();
        Assert.Equal((missed, ClockEventKind.Opened), (clocks.Ticket, clocks.Events[0].Kind));
        Assert.Contains("\"T-100", (await here.RunAsync(1, "sla", "explain", missed, "--json")).Output, StringComparison.Ordinal);
        Assert.Contains("RESPONSE: The response was given in time", (await here.RunAsync(0, "sla", "explain", other)).Output, StringComparison.Ordinal);
        Assert.Contains("T-9", (await here.RunAsync(2, "sla", "explain", "T-9")).Errors, StringComparison.Ordinal);
        var page = (await server.Operator.GetAsync($"/tickets/{missed}/clock")).Expect(HttpStatusCode.OK);
        Assert.Equal("text/html", page.Type);
        Assert.Contains("The response is late:", page.Body, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"clock-bar\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("Always".ToUpperInvariant(), page.Body.ToUpperInvariant(), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>works</b>", page.Body, StringComparison.Ordinal);
        foreach (var id in new[] { "T-9", "T-", "t-1001", "T-1001x", "..", "T-99999999999999999999999" })
        {
            (await server.Operator.GetAsync($"/api/tickets/{id}/clock")).Expect(HttpStatusCode.NotFound);
        }

        // Reports.
        Assert.Equal(["p1", "p2"], (await server.Operator.GetAsync("/api/reports/service-levels?by=priority")).As<TicketReport>().Lines.Select(static one => one.Key));
        Assert.Equal(1, (await server.Operator.GetAsync("/api/reports/service-levels?priority=p1")).As<TicketReport>().Total.Opened);
        Assert.Equal(["desk"], (await server.Operator.GetAsync("/api/reports/service-levels?by=team")).As<TicketReport>().Lines.Select(static one => one.Key));
        foreach (var query in new[] { "by=nonsense", "from=2026-13", "from=2026-10&to=2026-09", "from=1900-01", "to=x", "from=%00" })
        {
            (await server.Operator.GetAsync("/api/reports/service-levels?" + query)).Expect(HttpStatusCode.UnprocessableEntity);
            Assert.Contains("role=\"alert\"", (await server.Operator.GetAsync("/reports/service-levels?" + query)).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        }

        (await server.Operator.GetAsync("/api/reports/service-levels?from=9999-12&to=9999-12")).Expect(HttpStatusCode.OK);
        var reports = (await server.Operator.GetAsync("/reports/service-levels?by=priority")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("Urgent", reports, StringComparison.Ordinal);
        Assert.Contains("0.0 % (0 of 1)", reports, StringComparison.Ordinal);
        Assert.Contains("p1", (await here.RunAsync(0, "report", "service-levels", "--by", "priority")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await here.RunAsync(0, "report", "service-levels", "--json")).As<JsonElement>().GetProperty("total").GetProperty("opened").GetInt32());
        _ = await here.RunAsync(2, "report", "service-levels", "--by", "nonsense");

        // A person's.
        var (kim, ada) = (await here.TokenAsync("kim"), await here.TokenAsync("ada"));
        using var lead = server.As(kim);
        using var administrator = server.As(ada);
        foreach (var path in new[] { "/api/reports/people/", "/reports/people/" })
        {
            (await sam.GetAsync(path + "sam")).Expect(HttpStatusCode.OK);
            (await lead.GetAsync(path + "sam")).Expect(HttpStatusCode.OK);
            (await administrator.GetAsync(path + "sam")).Expect(HttpStatusCode.Forbidden);
            (await server.Operator.GetAsync(path + "sam")).Expect(HttpStatusCode.Forbidden);
            (await sam.GetAsync(path + "kim")).Expect(HttpStatusCode.Forbidden);

            // Whoever is signed in sees in the plan who there is: no secret is told by saying so.
            (await sam.GetAsync(path + "nobody")).Expect(HttpStatusCode.NotFound);
        }

        var figures = (await lead.GetAsync("/api/reports/people/sam")).As<PersonReport>();
        Assert.Equal(("sam", 2, 5, 2), (figures.Person, figures.Open, figures.Capacity, figures.Line.Opened));
        Assert.DoesNotContain("/reports/people/", (await administrator.GetAsync("/reports/service-levels")).Body, StringComparison.Ordinal);
        Assert.Contains("/reports/people/sam", (await lead.GetAsync("/reports/service-levels")).Body, StringComparison.Ordinal);
        Assert.Contains("2 open of 5", (await here.RunAsync(0, "report", "person", "sam", "--token", kim)).Output, StringComparison.Ordinal);
        _ = await here.RunAsync(2, "report", "person", "sam", "--token", ada);
        _ = await here.RunAsync(2, "report", "person", "sam");
    }
}
