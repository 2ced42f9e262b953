using Maintenance.Plan;
using Maintenance.Tests.Services;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

/// <summary>What people ask of windows over HTTP. It is Sunday, 22 November 2026, 02:00 UTC, and the plan's zone is New York's, where it is Saturday, 21:00.</summary>
public sealed class WindowRequestTests : IAsyncLifetime
{
    private const string Section = """
        windows:
          horizon: 40d
          maintenance:
            - { id: night, name: Saturday night, days: [sat], start: "22:00", end: "04:00" }
            - { id: patches, name: Patch <weekend>, monthly: { week: second, day: tue, plusDays: 11 }, start: "20:00", end: "24:00" }
          freezes:
            - { id: year-end, from: 2026-12-12T23:00, to: 2027-01-04T06:00, reason: Statistics & stock }

        """;

    private WebRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await RigAsync(Office.QuickPlan.Replace("timeZone: UTC", "timeZone: America/New_York", StringComparison.Ordinal) + "\n" + Section);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_windows_are_those_from_now_to_the_horizon_as_freezes_leave_them()
    {
        var listing = (await AskAsync(Routes.ListWindows, "")).Json;

        Assert.Equal(("2026-11-22T02:00:00Z", "2027-01-01T02:00:00Z", "America/New_York"), (listing.GetProperty("from").GetString(), listing.GetProperty("to").GetString(), listing.GetProperty("timeZone").GetString()));
        Assert.Equal(
            ["patches 2026-11-22T01:00:00Z 240", "night 2026-11-22T03:00:00Z 360", "night 2026-11-29T03:00:00Z 360", "night 2026-12-06T03:00:00Z 360", "night 2026-12-13T03:00:00Z 60"],
            listing.GetProperty("spans").EnumerateArray().Select(static span => $"{span.GetProperty("window").GetString()} {span.GetProperty("start").GetString()} {span.GetProperty("minutes").GetInt32()}"));
        Assert.Equal(
            ["2026-12-13T03:00:00Z 1", "2026-12-20T01:00:00Z 0", "2026-12-20T03:00:00Z 0", "2026-12-27T03:00:00Z 0"],
            listing.GetProperty("cut").EnumerateArray().Select(static one => $"{one.GetProperty("start").GetString()} {one.GetProperty("pieces").GetArrayLength()}"));
        Assert.Equal("2026-12-13T04:00:00Z", Assert.Single(listing.GetProperty("freezes").EnumerateArray()).GetProperty("from").GetString());
        Assert.All(listing.GetProperty("windows").EnumerateArray(), static window => Assert.False(window.TryGetProperty("whyNone", out _)));
    }

    [Fact]
    public async Task A_range_and_windows_can_be_chosen_and_one_that_is_frozen_says_so()
    {
        var listing = (await AskAsync(Routes.ListWindows, "?from=2026-12-14T00:00:00Z&to=2026-12-31T00:00%2B01:00&window=patches")).Json;

        Assert.Empty(listing.GetProperty("spans").EnumerateArray());
        var window = Assert.Single(listing.GetProperty("windows").EnumerateArray());
        Assert.Equal(
            ("patches", "Each of its occurrences from 2026-12-13 19:00 to 2026-12-30 18:00 is frozen: year-end (Statistics & stock), until 2027-01-04 06:00."),
            (window.GetProperty("id").GetString(), window.GetProperty("whyNone").GetString()));

        // From an instant on, the plan's horizon; until one, from now.
        Assert.Equal("2027-02-10T00:00:00Z", (await AskAsync(Routes.ListWindows, "?from=2027-01-01T00:00Z")).Json.GetProperty("to").GetString());
        Assert.Equal("2026-11-22T02:00:00Z", (await AskAsync(Routes.ListWindows, "?to=2026-11-23T00:00Z")).Json.GetProperty("from").GetString());
        Assert.Equal(2, (await AskAsync(Routes.ListWindows, "?window=night,patches&window=night")).Json.GetProperty("windows").GetArrayLength());
    }

    [Theory]
    [InlineData("?duration=1h", "2026-11-22T02:00:00Z", "2026-11-22T03:00:00Z", "patches")]
    [InlineData("?duration=7h", "2026-11-22T02:00:00Z", "2026-11-22T09:00:00Z", "patches,night")]
    [InlineData("?duration=2h+30m&window=night", "2026-11-22T03:00:00Z", "2026-11-22T05:30:00Z", "night")]
    [InlineData("?duration=4h&ready=2026-11-23T00:00Z", "2026-11-29T03:00:00Z", "2026-11-29T07:00:00Z", "night")]
    [InlineData("?duration=1h&ready=2026-12-13T00:00-05:00&window=patches", "", "", "")]
    [InlineData("?duration=1h&ready=2026-12-13T06:00+03:00&window=night", "2026-12-13T03:00:00Z", "2026-12-13T04:00:00Z", "night")]
    public async Task A_change_fits_into_the_first_window_that_holds_it_whole(string query, string start, string end, string windows)
    {
        var answer = (await AskAsync(Routes.FindWindowFit, query)).Json;

        if (start.Length == 0)
        {
            Assert.False(answer.TryGetProperty("fit", out _));
            return;
        }

        var fit = answer.GetProperty("fit");
        Assert.Equal(
            (start, end, windows),
            (fit.GetProperty("start").GetString(), fit.GetProperty("end").GetString(), string.Join(',', fit.GetProperty("windows").EnumerateArray().Select(static id => id.GetString()))));
        Assert.False(answer.TryGetProperty("reason", out _));
        Assert.Empty(answer.GetProperty("freezes").EnumerateArray());
    }

    [Fact]
    public async Task Where_nothing_fits_the_answer_names_the_horizon_and_the_freezes_in_the_way()
    {
        var answer = (await AskAsync(Routes.FindWindowFit, "?duration=6h&ready=2026-12-07T12:00Z&window=night")).Json;
        var tooLong = (await AskAsync(Routes.FindWindowFit, "?duration=11h&ready=2026-12-07T12:00Z")).Json;

        Assert.Equal("2027-01-10T03:00:00Z", answer.GetProperty("fit").GetProperty("start").GetString());
        answer = (await AskAsync(Routes.FindWindowFit, "?duration=4h&ready=2026-11-23T12:00Z&window=patches")).Json;
        Assert.False(answer.TryGetProperty("fit", out _));
        Assert.Equal(["year-end"], answer.GetProperty("freezes").EnumerateArray().Select(static id => id.GetString()));
        Assert.Equal(
            "4h fits into no window of patches that is open before 2027-01-02 07:00, 40d after 2026-11-23 07:00. None is open until then. In the way: year-end (Statistics & stock), until 2027-01-04 06:00.",
            answer.GetProperty("reason").GetString());
        Assert.Equal("2027-01-02T12:00:00Z", answer.GetProperty("before").GetString());
        Assert.Empty(tooLong.GetProperty("freezes").EnumerateArray());
        Assert.Contains("The most room is 6h", tooLong.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ListWindows", "?from=yesterday", 400, "from is 'yesterday'. Write an instant with its offset")]
    [InlineData("ListWindows", "?from=2026-11-22T02:00:00", 400, "with its offset")]
    [InlineData("ListWindows", "?from=", 400, "from is ''")]
    [InlineData("ListWindows", "?to=2026-13-01T00:00Z", 400, "to is '2026-13-01T00:00Z'")]
    [InlineData("ListWindows", "?from=2026-11-22T02:00Z&from=2026-11-23T02:00Z", 400, "from is")]
    [InlineData("ListWindows", "?to=2026-11-22T02:00Z", 422, "not later than from")]
    [InlineData("ListWindows", "?from=2026-11-22T02:00Z&to=2026-11-21T02:00Z", 422, "not later than from")]
    [InlineData("ListWindows", "?from=2026-01-01T00:00Z&to=2027-02-05T00:01Z", 422, "more than 400d after from")]
    [InlineData("ListWindows", "?from=0001-01-01T00:00Z", 422, "not between the years 2000 and 2199")]
    [InlineData("ListWindows", "?to=9999-12-31T23:59:59Z", 422, "not between the years 2000 and 2199")]
    [InlineData("ListWindows", "?window=nigth", 422, "no maintenance window 'nigth'. Did you mean 'night'?")]
    [InlineData("ListWindows", "?window=", 422, "It names none")]
    [InlineData("ListWindows", "?window=,", 422, "It names none")]
    [InlineData("FindWindowFit", "", 400, "duration is missing")]
    [InlineData("FindWindowFit", "?duration=soon", 400, "duration is 'soon'")]
    [InlineData("FindWindowFit", "?duration=-1h", 400, "duration is '-1h'")]
    [InlineData("FindWindowFit", "?duration=0m", 422, "not above zero")]
    [InlineData("FindWindowFit", "?duration=401d", 422, "longer than 400d")]
    [InlineData("FindWindowFit", "?duration=1h&ready=now", 400, "ready is 'now'")]
    [InlineData("FindWindowFit", "?duration=1h&ready=2200-01-01T00:00Z", 422, "not between the years")]
    [InlineData("FindWindowFit", "?duration=1h&window=night,elsewhere", 422, "no maintenance window 'elsewhere'. There are: night, patches.")]
    public async Task What_is_wrong_with_a_question_is_said_in_words(string route, string query, int status, string said)
    {
        _rig.Query = query;
        var answer = await _rig.SendAsync(Routes.All.Single(one => one.Name == route));

        Assert.True(status == answer.Status, answer.Body);
        Assert.Contains(said, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?from=2000-01-01T00:00Z&to=2001-02-04T00:00Z")]
    [InlineData("?from=2199-12-31T23:59:59.9999999Z")]
    public async Task The_ends_of_what_may_be_asked_are_answered(string query) => Assert.Equal(200, (await AskAsync(Routes.ListWindows, query)).Status);

    [Fact]
    public async Task The_longest_change_at_the_end_of_time_is_answered() =>
        Assert.False((await AskAsync(Routes.FindWindowFit, "?duration=400d&ready=2199-12-31T23:59Z")).Json.TryGetProperty("fit", out _));

    [Fact]
    public async Task The_page_shows_the_windows_in_local_time_with_their_true_minutes_and_the_freezes()
    {
        var page = (await AskAsync(Routes.WindowsPage, "")).Body;

        Assert.Contains("Sat 21 Nov 20:00", page, StringComparison.Ordinal);
        Assert.Contains("open now", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\">360</td>", page, StringComparison.Ordinal);
        Assert.Contains("cut by year-end", page, StringComparison.Ordinal);
        Assert.Contains("frozen by year-end", page, StringComparison.Ordinal);
        Assert.Contains("Statistics &amp; stock", page, StringComparison.Ordinal);
        Assert.Contains("Patch &lt;weekend&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Mon 4 Jan 2027 06:00", page, StringComparison.Ordinal);
        Assert.Contains("second Tue of the month &#x2B; 11 days, 20:00", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/windows\" aria-current=\"page\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_answers_where_a_change_fits()
    {
        Assert.Contains("7h fits from", (await AskAsync(Routes.WindowsPage, "?duration=7h&window=")).Body, StringComparison.Ordinal);
        Assert.Contains("7h fits into no window of night", (await AskAsync(Routes.WindowsPage, "?duration=7h&window=night")).Body, StringComparison.Ordinal);
        Assert.Contains("&#x27;&lt;b&gt;&#x27;", (await AskAsync(Routes.WindowsPage, "?duration=%3Cb%3E")).Body, StringComparison.Ordinal);
        Assert.Contains("no maintenance window", (await AskAsync(Routes.WindowsPage, "?duration=7h&window=elsewhere")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_which_window_is_never_open_until_the_horizon()
    {
        _rig.Clock.Advance(TimeSpan.FromDays(2));

        Assert.Contains("Each of its occurrences", (await AskAsync(Routes.WindowsPage, "")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_windows_in_the_plan_the_list_is_empty_nothing_fits_and_the_page_says_why()
    {
        await using var rig = await RigAsync(Office.QuickPlan);

        Assert.Empty((await rig.SendAsync(Routes.ListWindows)).Json.GetProperty("spans").EnumerateArray());
        Assert.Contains("The plan has no windows", (await rig.SendAsync(Routes.WindowsPage)).Body, StringComparison.Ordinal);
        rig.Query = "?duration=1h";
        Assert.Equal("The plan has no maintenance windows.", (await rig.SendAsync(Routes.FindWindowFit)).Json.GetProperty("reason").GetString());
        rig.Query = "?duration=1h&window=night";
        Assert.Equal(422, (await rig.SendAsync(Routes.FindWindowFit)).Status);
    }

    private static async Task<WebRig> RigAsync(string plan)
    {
        var rig = await WebRig.StartAsync((rig, services) => services.AddSingleton<IPlanSource>(new FixedText(rig.PathOf(""), plan)));
        rig.Caller = rig.Person("cat");
        return rig;
    }

    private async Task<RigAnswer> AskAsync(Route route, string query)
    {
        _rig.Query = query;
        var answer = await _rig.SendAsync(route);
        Assert.True(answer.Status == 200, answer.Body);
        return answer;
    }

    private sealed class FixedText(string folder, string yaml) : IPlanSource
    {
        public Task<PlanText> ReadAsync(CancellationToken cancellation) => Task.FromResult(new PlanText("plan.yaml", folder, yaml));
    }
}
