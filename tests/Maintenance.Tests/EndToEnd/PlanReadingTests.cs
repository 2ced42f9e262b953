using System.Net;
using System.Text.RegularExpressions;
using Maintenance.Calendars;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.EndToEnd;

/// <summary>The plan as people read it, by real processes: commands, pages and the feed.</summary>
[Collection("End to end: surface")]
public sealed partial class PlanReadingTests
{
    [Fact]
    public async Task Plan_render_writes_the_document_without_a_server_and_ends_with_1_where_the_plan_has_errors_and_2_where_it_cannot_be_read()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        var markdown = await here.RunAsync(0, "plan", "render");
        Assert.StartsWith("# Operations and maintenance plan\n", markdown.Output, StringComparison.Ordinal);
        Assert.Contains("| Ada Adler | administrator |", markdown.Output, StringComparison.Ordinal);
        Assert.Equal("", (await here.RunAsync(0, "plan", "render", "--to", here.PathOf("plan.html"))).Output);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(here.PathOf("plan.html")), StringComparison.Ordinal);
        _ = await here.RunAsync(0, "plan", "render", here.PathOf("plan.yaml"), "--to", here.PathOf("plan.md"));
        Assert.Equal(markdown.Output, File.ReadAllText(here.PathOf("plan.md")));
        Assert.Contains("ends with neither", (await here.RunAsync(2, "plan", "render", "--to", here.PathOf("plan.pdf"))).Errors, StringComparison.Ordinal);
        _ = await here.RunAsync(2, "plan", "render", here.PathOf("none.yaml"));
        Assert.False(Directory.Exists(here.Data));

        here.WritePlan(new QuickPlan().Yaml.Replace("criticality: medium", "criticality: dire", StringComparison.Ordinal));
        var broken = await here.RunAsync(1, "plan", "render", "--to", here.PathOf("other.md"));
        Assert.Contains("services[0].criticality", broken.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(here.PathOf("other.md")));
    }

    [Fact]
    public async Task Plan_on_duty_ends_with_1_while_an_urgent_notice_would_find_nobody()
    {
        var yaml = new QuickPlan { MorePeople = ["  - { id: zoe, name: Zoe Zimmer, phone: +44 20 1, roles: [standby], hours: monday }"] }.Yaml
            .Replace("calendars:\n", "calendars:\n  - { id: monday, hours: [{ days: [mon], spans: [08:00-12:00] }] }\n", StringComparison.Ordinal)
            .Replace("{ after: 0m, notify: [sam], channels: [], action: Take it. }", "{ after: 0m, notify: [standby], urgent: true, action: Take it. }", StringComparison.Ordinal);
        await using var here = new Installation(yaml);
        await using var server = await here.ServeAsync();
        var monday = await here.RunAsync(0, "plan", "on-duty", "--at", "2026-11-23T09:00Z");
        Assert.Contains("+44 20 1", monday.Output, StringComparison.Ordinal);
        Assert.Contains("2026-11-23 12:00:00Z", monday.Output, StringComparison.Ordinal);
        var tuesday = (await here.RunAsync(1, "plan", "on-duty", "--at", "2026-11-24T09:00Z", "--json")).As<OnDuty>();
        Assert.Single(tuesday.Exceptions);
        Assert.Equal(Instants.Utc("2026-11-30T08:00Z"), tuesday.Person("zoe").Until);
        _ = await here.RunAsync(2, "plan", "on-duty", "--at", "yesterday");
        var page = (await server.Operator.GetAsync("/plan/on-duty?date=2026-11-24&time=09:00")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("finds nobody on duty", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_calendar_program_reads_the_feed_by_its_address_alone_until_its_person_leaves_the_plan()
    {
        var plan = new QuickPlan
        {
            MorePeople = ["  - { id: zoe, name: Zoe Zimmer, roles: [guest], absences: [{ from: 2026-01-01, to: 2030-12-31, reason: Sabbatical }] }"],
            More = "windows:\n  maintenance: [{ id: night, name: \"Night, every day; long\", days: [mon, tue, wed, thu, fri, sat, sun], start: \"22:00\", end: \"04:00\" }]\n",
        };
        await using var here = new Installation(plan.Yaml);
        await using var server = await here.ServeAsync();
        using var zoe = server.As(await here.TokenAsync("zoe"));
        var made = (await zoe.FormAsync("/plan/calendar/feed", [])).Expect(HttpStatusCode.OK).Body;
        var address = Address().Match(made).Value;
        Assert.StartsWith(server.Address.ToString(), address, StringComparison.Ordinal);
        var path = new Uri(address).PathAndQuery;
        using var program = server.As(null);
        var feed = (await program.GetAsync(path)).Expect(HttpStatusCode.OK);
        Assert.Equal("text/calendar", feed.Type);
        var (_, events) = IcsReader.Read(feed.Body);
        Assert.InRange(events.Count(static one => IcsReader.Text(one["SUMMARY"]) == "Night, every day; long"), 200, 250);
        Assert.Contains(events, static one => one["SUMMARY"] == "One person is away");
        Assert.DoesNotContain("Zimmer", feed.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Sabbatical", feed.Body, StringComparison.Ordinal);

        // The key reads the feed and nothing else.
        using var asToken = server.As(path[(path.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        (await asToken.GetAsync("/api/plan/calendar.ics")).Expect(HttpStatusCode.Unauthorized);
        (await program.GetAsync("/api/plan/calendar.ics")).Expect(HttpStatusCode.Unauthorized);
        Assert.Equal(events.Count, IcsReader.Read((await zoe.GetAsync("/api/plan/calendar.ics")).Expect(HttpStatusCode.OK).Body).Events.Count);
        Assert.Contains("Night, every day; long", (await here.RunAsync(0, "plan", "calendar", "--month", "2026-12")).Output, StringComparison.Ordinal);

        here.WritePlan((plan with { MorePeople = [] }).Yaml);
        await Eventually.HoldsAsync(() => program.GetAsync(path), static answer => answer.Status == HttpStatusCode.Forbidden);
    }

    [GeneratedRegex("http://[^\"]*/plan/calendar\\.ics\\?key=mc_[0-9a-f]+")]
    private static partial Regex Address();
}
