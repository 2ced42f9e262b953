using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Maintenance.BrowserTests.Browsing;
using Maintenance.Web.Pages;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Pages;

/// <summary>All by keyboard: Tab reaches everything, one always sees where one is, and a whole task needs no mouse.</summary>
[Collection(PagesGroup.Name)]
public sealed class KeyboardTests(Browsers browsers, FurnishedRegister here)
{
    /// <summary>More stops than any page has.</summary>
    private const int MostStops = 400;

    /// <summary>
    /// What has the focus: its start, whether it shows that it has the focus and is in sight, and whether it had it before (the parts of a date are stops of one field).
    /// Null where the page itself has it, before its first stop and after its last.
    /// </summary>
    private const string Look = """
        () => {
            const element = document.activeElement;
            if (!element || element === document.body || element === document.documentElement) { return null; }
            const style = getComputedStyle(element);
            const box = element.getBoundingClientRect();
            const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
            const inSight = box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
            const comesAgain = element.dataset.seen && !element.dataset.last;
            const stays = element.dataset.last;
            document.querySelectorAll('[data-last]').forEach(last => last.removeAttribute('data-last'));
            element.dataset.seen = element.dataset.last = 'yes';
            return [element.outerHTML.slice(0, 160), outlined ? '' : 'shows no focus', inSight ? '' : 'is out of sight', comesAgain ? 'again' : stays ? 'stays' : ''];
        }
        """;

    public static TheoryData<string> Names { get; } = [.. Sight.All.Keys];

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task Tab_goes_through_a_page_and_out_of_it_and_one_sees_where_one_is(string page)
    {
        var sight = Sight.All[page];
        await using var visit = await here.VisitAsync(browsers, sight.Person, new Look());
        await sight.GoAsync(visit, here);
        var stops = new List<string>();
        var faults = new List<string>();
        while (stops.Count < MostStops)
        {
            await visit.PressAsync("Tab");
            if (await visit.AskAsync<string[]?>(Look) is not [var start, var outline, var place, not "again"])
            {
                break;
            }

            stops.Add(start);
            faults.AddRange(new[] { outline, place }.Where(static word => word.Length > 0).Select(word => $"{start} {word}"));
        }

        Assert.True(faults.Count == 0, $"{page}:\n{string.Join('\n', faults)}");
        Assert.True(stops.Count < MostStops, $"{page}: no end after {MostStops} stops.");
        Assert.True(stops.Count > 0 && stops[0].Contains("href=\"#", StringComparison.Ordinal), $"{page}: the first stop is not the link past the navigation, but {stops.FirstOrDefault()}");
        var reachable = await visit.AskAsync<string[]>(
            """
            () => [...document.querySelectorAll('a[href], button, input:not([type=hidden]):not([type=radio]), select, textarea, summary, [tabindex="0"]')]
                .filter(element => element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true }) && !element.dataset.seen).map(element => element.outerHTML.slice(0, 160))
            """);
        Assert.True(reachable.Length == 0, $"{page}: Tab does not reach\n{string.Join('\n', reachable)}");
        await visit.EndAsync();
    }

    [BrowserFact]
    public async Task The_areas_stand_in_one_line_of_1200_pixels_and_every_page_of_theirs_is_two_steps_away()
    {
        await using var visit = await here.VisitAsync(browsers, "ada", new Look { Width = 1200 });
        await visit.Page.GotoAsync("/");
        var lines = await visit.AskAsync<int[]>("() => [...document.querySelectorAll('header.top nav[aria-label=Main] a, header.top .who a')].map(link => Math.round(link.getBoundingClientRect().top))");
        Assert.Equal(Navigation.Areas.Count + 1, lines.Length);
        Assert.Single(lines.Distinct());

        foreach (var (title, pages) in Navigation.Areas)
        {
            await visit.Page.GotoAsync("/");
            await TabToAsync(visit, visit.Page.Locator($"header.top nav[aria-label=Main] a[href='{pages[0].Path}']"));
            if (pages[0].Path != "/")
            {
                await PressAsync(visit, "Enter");
            }

            var beside = await visit.Page.Locator("nav[aria-label=Here] a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
            Assert.True(pages.Count == 1 || pages.Select(static page => page.Path).SequenceEqual(beside), $"{title} leads to {string.Join(", ", beside)}.");
        }

        await visit.EndAsync();
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_ticket_is_opened_answered_and_resolved_without_a_mouse(bool hasScript)
    {
        await using var visit = await here.VisitAsync(browsers, "sam", new Look { HasScript = hasScript });
        await visit.Page.GotoAsync("/tickets/new");

        // The first stop leads past the navigation.
        await visit.PressAsync("Tab");
        await visit.PressAsync("Enter");
        await TabToAsync(visit, visit.Field("what is it about"));
        await visit.TypeAsync("The printer is out of paper");
        await TabToAsync(visit, visit.Field("what happens"));
        await visit.TypeAsync("Since this morning, in room 4.");
        await TabToAsync(visit, visit.Field("^type"));
        await visit.PressAsync("ArrowDown");
        await TabToAsync(visit, visit.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { NameRegex = new("open", RegexOptions.IgnoreCase) }));
        await PressAsync(visit, "Enter");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "The printer is out of paper" })).ToBeVisibleAsync();

        await TabToAsync(visit, visit.Field("answer the requester"));
        await visit.TypeAsync("Paper is on its way.");
        await TabToAsync(visit, visit.Button("send"));
        await PressAsync(visit, "Space");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Paper is on its way.");

        var solution = visit.Field("what was done");
        if (!await visit.ShowsAsync(solution))
        {
            await TabToAsync(visit, visit.Page.Locator("summary", new() { HasTextRegex = new("^\\s*resolve", RegexOptions.IgnoreCase) }));
            await visit.PressAsync("Enter");
        }

        await TabToAsync(visit, solution);
        await visit.TypeAsync("There is paper again.");
        await TabToAsync(visit, visit.Button("^resolve"));
        await PressAsync(visit, "Enter");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("There is paper again.");
        await visit.EndAsync();
    }

    /// <summary>Presses Tab until something has the focus, and sees the focus at every stop.</summary>
    private static async Task TabToAsync(Visit visit, ILocator wanted, [CallerArgumentExpression(nameof(wanted))] string what = "")
    {
        for (var stop = 0; stop < MostStops; stop++)
        {
            if (await visit.AskAsync<bool>(wanted.First, "element => document.activeElement === element"))
            {
                return;
            }

            await visit.PressAsync("Tab");
            if (await visit.AskAsync<string[]?>(Look) is [var start, var outline, var sight, ..])
            {
                Assert.True(outline.Length + sight.Length == 0, $"{start} {outline} {sight}");
            }
        }

        Assert.Fail($"Tab does not lead to {what} at {visit.Page.Url}.");
    }

    private static Task PressAsync(Visit visit, string key) => visit.FollowAsync(() => visit.PressAsync(key));
}
