using System.Text;
using System.Text.RegularExpressions;
using Maintenance.Access;
using Maintenance.Calendars;
using Maintenance.Plan;
using Maintenance.Tests.Rules;
using Maintenance.Tests.Services;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

/// <summary>The plan's pages, the maintenance calendar and its feed, as requests.</summary>
public sealed partial class PlanRequestTests
{
    [Fact]
    public async Task The_page_has_contents_and_every_section_and_one_section_has_a_page_of_its_own()
    {
        await using var rig = await RigAsync();
        var page = (await rig.SendAsync(Routes.PlanPage)).Body;
        foreach (var (id, title) in new[] { ("contacts", "Contact list"), ("services", "Services and business impact"), ("service-levels", "Service levels and escalation") })
        {
            Assert.Contains($"<a href=\"#{id}\">{title}</a>", page, StringComparison.Ordinal);
            Assert.Contains($"<h2 id=\"{id}\">{title}</h2>", page, StringComparison.Ordinal);
        }

        Assert.Contains("<a href=\"/plan\" aria-current=\"page\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", page, StringComparison.Ordinal);
        rig.Query = "?section=services";
        var section = (await rig.SendAsync(Routes.PlanPage)).Body;
        Assert.Contains("<h1>Services and business impact</h1>", section, StringComparison.Ordinal);
        Assert.DoesNotContain("Contact list</h2>", section, StringComparison.Ordinal);
        Assert.Contains("href=\"/plan?section=calendars\" rel=\"prev\"", section, StringComparison.Ordinal);
        Assert.Contains("href=\"/plan?section=backups\" rel=\"next\"", section, StringComparison.Ordinal);
        rig.Query = "?section=%3Cb%3E";
        var unknown = await rig.SendAsync(Routes.PlanPage);
        Assert.Equal(404, unknown.Status);
        Assert.Contains("&#x27;&lt;b&gt;&#x27;", unknown.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_file_stands_at_the_top_while_the_last_good_plan_goes_on()
    {
        var source = new ChangingPlan(Office.QuickPlan);
        await using var rig = await RigAsync(source);
        source.Text = Office.QuickPlan.Replace("criticality: high", "criticality: <b>dire</b>", StringComparison.Ordinal);
        Assert.True((await rig.Get<ActivePlan>().RefreshAsync(default)).IsStale);
        var page = (await rig.SendAsync(Routes.PlanPage)).Body;
        Assert.Contains("The plan&#x27;s file has errors.", page.Replace("plan's", "plan&#x27;s", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<code>plan.yaml:9:", page, StringComparison.Ordinal);
        Assert.Contains("<code>services[0].criticality</code>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>dire", page, StringComparison.Ordinal);
        Assert.Contains("<td>high</td>", page, StringComparison.Ordinal);

        // Mended, it is quiet again.
        source.Text = Office.QuickPlan;
        _ = await rig.Get<ActivePlan>().RefreshAsync(default);
        Assert.DoesNotContain("role=\"alert\"", (await rig.SendAsync(Routes.PlanPage)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_too_long_for_a_page_leads_to_pages_of_its_sections_and_no_page_is_larger_than_100_KB()
    {
        var people = string.Concat(Enumerable.Range(0, 800).Select(static at => $"  - {{ id: person-{at}, name: Person with a rather long name {at}, email: somebody.{at}@registry.example, roles: [clerk, reader, writer] }}\n"));
        await using var rig = await RigAsync(new ChangingPlan(Office.QuickPlan.Replace("calendars:\n", people + "calendars:\n", StringComparison.Ordinal)));
        var page = (await rig.SendAsync(Routes.PlanPage)).Body;
        Assert.Contains("<a href=\"/plan?section=contacts\">Contact list</a>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Person with", page, StringComparison.Ordinal);
        rig.Query = "?section=contacts";
        var contacts = (await rig.SendAsync(Routes.PlanPage)).Body;
        Assert.Contains("The first 200 of 803 lines.", contacts, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(contacts), 20_000, 100_000);
        rig.Query = "";
        Assert.InRange(Encoding.UTF8.GetByteCount((await rig.SendAsync(Routes.OnDutyPage)).Body), 10_000, 100_000);
    }

    [Fact]
    public async Task The_document_is_Markdown()
    {
        await using var rig = await RigAsync();
        var answer = await rig.SendAsync(Routes.GetPlanDocument);
        Assert.Equal((200, "text/markdown; charset=utf-8"), (answer.Status, answer.Headers.ContentType.ToString()));
        Assert.StartsWith("# Operations and maintenance plan\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("| Register | high | 4h | 1h | 1d | Ann | – |", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_on_duty_is_answered_for_an_instant_and_shown_for_a_local_time()
    {
        await using var rig = await RigAsync(new ChangingPlan(Office.QuickPlan
            .Replace("roles: [approver] }", "roles: [approver], phone: +44 20 1, hours: day, absences: [{ from: 2026-12-01, to: 2026-12-02, reason: Leave }] }", StringComparison.Ordinal)
            .Replace("calendars:\n", "calendars:\n  - { id: day, hours: [{ days: [mon, tue, wed, thu, fri], spans: [\"08:00-16:00\"] }] }\n", StringComparison.Ordinal)));
        rig.Query = "?at=2026-11-30T09:00:00Z";
        var duty = MaintenanceJson.Read<OnDuty>((await rig.SendAsync(Routes.GetOnDuty)).Body);
        Assert.Equal((true, Instants.Utc("2026-11-30T16:00Z")), (duty.Person("cat").IsOnDuty, duty.Person("cat").Until));
        Assert.Equal(["ann", "ben", "cat"], duty.Roles.Single(static role => role.Id == "approver").Now);
        rig.Query = "?date=2026-12-01&time=09:00";
        var page = (await rig.SendAsync(Routes.OnDutyPage)).Body;
        Assert.Contains("<h2 id=\"away\">Away</h2>", page, StringComparison.Ordinal);
        Assert.Contains("same roles: Ann, Ben", page, StringComparison.Ordinal);
        Assert.DoesNotContain("tel:", page, StringComparison.Ordinal);
        rig.Query = "?date=2026-12-03&time=09:00";
        Assert.Contains("<a class=\"call\" href=\"tel:+44201\">", WithPlus((await rig.SendAsync(Routes.OnDutyPage)).Body), StringComparison.Ordinal);
        foreach (var (query, status) in new[] { ("?date=2026-13-01", 422), ("?date=1000-01-01&time=00:00", 422), ("?date=2026-12-01&time=25:00", 422), ("", 200) })
        {
            rig.Query = query;
            Assert.Equal(status, (await rig.SendAsync(Routes.OnDutyPage)).Status);
        }

        rig.Query = "?at=yesterday";
        Assert.Equal(400, (await rig.SendAsync(Routes.GetOnDuty)).Status);
    }

    [Fact]
    public async Task The_calendar_shows_a_month_with_its_neighbours_and_refuses_what_is_none()
    {
        await using var rig = await RigAsync(new ChangingPlan(Office.QuickPlan + "\n" + """
            windows:
              maintenance: [{ id: night, name: "Saturday <night>", days: [sat], start: "20:00", end: "06:00" }]
              freezes: [{ id: year-end, from: 2026-12-18T00:00, to: 2027-01-04T06:00, reason: "Statistics & stock" }]
            """));
        rig.Query = "?month=2026-12";
        var page = (await rig.SendAsync(Routes.CalendarPage)).Body;
        Assert.Contains("<h1>December 2026</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/plan/calendar?month=2026-11\" rel=\"prev\">", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/plan/calendar?month=2027-01\" rel=\"next\">", page, StringComparison.Ordinal);
        Assert.Contains("Saturday &lt;night&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Statistics &amp; stock", page, StringComparison.Ordinal);
        var work = MaintenanceJson.Read<PlannedWork>((await rig.SendAsync(Routes.GetCalendar)).Body);
        Assert.Equal(["window-night-20261205T200000Z", "window-night-20261212T200000Z", "freeze-year-end"], work.Entries.Select(static entry => entry.Key));
        foreach (var month in new[] { "2026-13", "1999-12", "9999-12", "x", "2026-11-01", "%00" })
        {
            rig.Query = "?month=" + month;
            Assert.Equal((422, 422), ((await rig.SendAsync(Routes.CalendarPage)).Status, (await rig.SendAsync(Routes.GetCalendar)).Status));
        }
    }

    [Fact]
    public async Task A_feed_address_works_until_another_is_made_and_for_nobody_who_has_left()
    {
        await using var rig = await RigAsync();
        var access = rig.Get<AccessService>();
        var first = await FeedAsync(rig, "ben");
        var second = await FeedAsync(rig, "ben");
        var cats = await FeedAsync(rig, "cat");
        rig.Caller = null;
        Assert.Equal(403, await ReadAsync(first));
        Assert.Equal(200, await ReadAsync(second));
        Assert.Equal(403, await ReadAsync(await access.RenewAsync(CredentialKind.CalendarFeed, "gone", default)));
        Assert.Equal(403, await ReadAsync(await access.IssueAsync(CredentialKind.Token, "ben", default)));
        Assert.Equal(403, await ReadAsync(""));
        _ = await access.RevokeAllAsync("ben", default);
        Assert.Equal((403, 200), (await ReadAsync(second), await ReadAsync(cats)));
        rig.Clock.Advance(TimeSpan.FromDays(365));
        Assert.Equal(403, await ReadAsync(cats));

        async Task<int> ReadAsync(string key)
        {
            rig.Query = "?key=" + key;
            var answer = await rig.SendAsync(Routes.CalendarFeed);
            if (answer.Status == 200)
            {
                Assert.Equal("text/calendar; charset=utf-8", answer.Headers.ContentType.ToString());
                Assert.Equal("Office: maintenance", IcsReader.Read(answer.Body).Calendar["X-WR-CALNAME"]);
            }

            return answer.Status;
        }
    }

    [Fact]
    public async Task A_feed_is_a_persons_and_its_key_is_stored_nowhere()
    {
        await using var rig = await RigAsync();
        rig.Caller = Caller.Operator;
        Assert.Equal(403, (await rig.SendAsync(Routes.RenewCalendarFeedForm)).Status);
        rig.Caller = Caller.Guest(Guid.Empty, "Somebody", ["administrator"]);
        Assert.Equal(403, (await rig.SendAsync(Routes.RenewCalendarFeedForm)).Status);
        var key = await FeedAsync(rig, "ben");
        rig.Query = "";
        var page = (await rig.SendAsync(Routes.CalendarPage)).Body;
        Assert.Contains("You have one, valid until", page, StringComparison.Ordinal);
        Assert.DoesNotContain("mc_", page, StringComparison.Ordinal);
        await foreach (var row in rig.Get<Maintenance.Storage.IRecordStore>().QueryAsync(Maintenance.Storage.Tables.Access, nameof(CredentialKind.CalendarFeed), Maintenance.Storage.RowRange.All, default))
        {
            Assert.DoesNotContain(key, row.RowKey + row.Json, StringComparison.Ordinal);
        }

        rig.Caller = rig.Person("ben");
        Assert.Equal(200, (await rig.SendAsync(Routes.GetCalendarFeed)).Status);
        rig.Caller = Caller.Operator;
        Assert.Equal(400, (await rig.SendAsync(Routes.IssueCredential, "ben", new { kind = "calendarFeed" })).Status);
    }

    private static async Task<string> FeedAsync(WebRig rig, string person)
    {
        (rig.Caller, rig.Query) = (rig.Person(person), "");
        var answer = await rig.SendAsync(Routes.RenewCalendarFeedForm);
        Assert.Equal(200, answer.Status);
        return Key().Match(answer.Body) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException(answer.Body);
    }

    private static string WithPlus(string page) => page.Replace("&#x2B;", "+", StringComparison.Ordinal);

    private static async Task<WebRig> RigAsync(IPlanSource? source = null)
    {
        var rig = await WebRig.StartAsync((_, services) => services.AddSingleton(source ?? new ChangingPlan(Office.QuickPlan)));
        rig.Caller = rig.Person("ann");
        return rig;
    }

    [GeneratedRegex("value=\"http://127\\.0\\.0\\.1:7071/plan/calendar\\.ics\\?key=(mc_[0-9a-f]{48})\"")]
    private static partial Regex Key();

    private sealed class ChangingPlan(string text) : IPlanSource
    {
        public string Text { get; set; } = text;

        public Task<PlanText> ReadAsync(CancellationToken cancellation) => Task.FromResult(new PlanText("plan.yaml", Path.GetTempPath(), Text));
    }
}
