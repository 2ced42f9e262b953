using Maintenance.BrowserTests.Browsing;
using Maintenance.Web.Http;

namespace Maintenance.BrowserTests.Pages;

/// <summary>Something that people get to see: how they come there, and as whom.</summary>
internal sealed record Sight(string Name, string? Person, Func<Visit, FurnishedRegister, Task> GoAsync)
{
    /// <summary>What is fetched and is no page: a file of the site, a feed that its key opens, a file out of a snapshot.</summary>
    private static readonly string[] Files = [nameof(Routes.Asset), nameof(Routes.CalendarFeed), nameof(Routes.SnapshotContent)];

    /// <summary>Every page that has an address, by its route: a new page is looked at without being listed. An administrator sees the most of each.</summary>
    private static readonly IEnumerable<Sight> Routed = Routes.All
        .Where(static route => route is { IsApi: false, Method: "GET" } && !Files.Contains(route.Name))
        .Select(static route => At(route.Name, route.Access == RouteAccess.Public ? null : "ada", here => here.Register.Fill(route.Pattern)));

    /// <summary>What an address alone does not show: other readers, other states, what forms answer, and errors.</summary>
    private static readonly IEnumerable<Sight> Others =
    [
        At("home, without a role", "zoe", static _ => "/"),
        At("home, support", "sam", static _ => "/"),
        At("feedback form in French", null, static _ => "/feedback?lang=fr"),
        At("tracking form in French", null, static _ => "/feedback/track?lang=fr"),
        At("rating in French", null, static _ => "/feedback/rating?lang=fr"),
        At("survey in French", null, static _ => "/feedback/survey?lang=fr"),
        At("link that signs in", null, static async here => new Uri(await Browsers.LinkAsync(here.Server, "sam")).PathAndQuery),
        At("new ticket", "sam", static _ => "/tickets/new"),
        At("ticket, support", "sam", static _ => "/tickets/T-1001"),
        At("ticket, resolved", "sam", static _ => "/tickets/T-1002"),
        At("ticket, without a role", "zoe", static _ => "/tickets/T-1001"),
        At("tickets of every state", "sam", static _ => "/tickets?state=all"),
        At("tickets, none", "sam", static _ => "/tickets?q=nonsense"),
        At("patch that waits for a vote", "max", static here => "/patches/" + here.Register.Patch),
        At("recovery that waits for the reader", "sam", static here => "/recovery/" + here.Register.Recovery),
        At("components of one service", "sam", static _ => "/assets?service=register"),
        At("vulnerabilities that are gone", "sam", static _ => "/vulnerabilities?show=fixed"),
        At("vulnerability, a waiver may be asked for", "kim", static _ => "/vulnerabilities/V-1001"),
        At("debt, without a role", "zoe", static _ => "/debt"),
        At("debt that is closed", "sam", static _ => "/debt?show=closed"),
        At("operation under way", "ada", static async here => "/operations/" + await here.FindOperationAsync()),
        At("not found", "ada", static _ => "/nonsense", 404),
        At("not found, signed out", null, static _ => "/nonsense", 404),
        At("no such ticket", "ada", static _ => "/tickets/T-9", 404),
        At("not allowed", "zoe", static _ => "/notifications", 403),
        At("filter that is none", "sam", static _ => "/tickets?state=nonsense", 400),
        new("thanks for feedback", null, static async (visit, _) =>
        {
            await visit.Page.GotoAsync("/feedback");
            await visit.SendFeedbackAsync("A question", "Where is the form?");
        }),
        new("thanks for feedback in French", null, static async (visit, _) =>
        {
            await visit.Page.GotoAsync("/feedback?lang=fr");
            await visit.SendFeedbackAsync("A question", "Où est le formulaire ?");
        }),
        new("feedback that cannot be taken in", null, static async (visit, _) =>
        {
            await visit.Page.GotoAsync("/feedback");
            await visit.PostNothingAsync("/feedback");
        }),
        new("feedback, tracked", null, static async (visit, here) =>
        {
            await visit.Page.GotoAsync("/feedback/track");
            await visit.TrackAsync(here.Register.Receipt.Reference, here.Register.Receipt.TrackingCode);
        }),
        new("feedback, tracked in French", null, static async (visit, here) =>
        {
            await visit.Page.GotoAsync("/feedback/track?lang=fr");
            await visit.TrackAsync(here.Register.Receipt.Reference, here.Register.Receipt.TrackingCode);
        }),
        new("feedback, tracked with a wrong code", null, static async (visit, here) =>
        {
            visit.Expect(404);
            await visit.Page.GotoAsync("/feedback/track");
            await visit.TrackAsync(here.Register.Receipt.Reference, "0000-0000-0000");
        }),
        new("ticket form that cannot be taken in", "sam", static async (visit, _) =>
        {
            await visit.Page.GotoAsync("/tickets/new");
            await visit.PostNothingAsync("/tickets");
        }),
        new("patch form that cannot be taken in", "kim", static async (visit, _) =>
        {
            await visit.Page.GotoAsync("/patches");
            await visit.PostNothingAsync("/patches");
        }),
    ];

    /// <summary>All, by their names.</summary>
    public static IReadOnlyDictionary<string, Sight> All { get; } = Routed.Concat(Others).ToDictionary(static sight => sight.Name, StringComparer.Ordinal);

    private static Sight At(string name, string? person, Func<FurnishedRegister, string> address, int status = 200) => At(name, person, here => Task.FromResult(address(here)), status);

    private static Sight At(string name, string? person, Func<FurnishedRegister, Task<string>> address, int status = 200) => new(name, person, async (visit, here) =>
    {
        var path = await address(here);
        Assert.False(path.Contains('{', StringComparison.Ordinal), $"RunningRegister.Fill does not fill {path}.");
        if (status >= 400)
        {
            visit.Expect(status);
        }

        var answer = (await visit.Page.GotoAsync(path))!;
        Assert.True(answer.Status == status, $"{path}: {answer.Status}");
        Assert.True((await answer.HeaderValueAsync("content-type").WithinAsync(Patience.Usual, "the type of " + path))?.StartsWith("text/html", StringComparison.Ordinal) == true, $"{path} is no page: name its route among the files.");
        Assert.Equal(path.Split('?')[0], new Uri(visit.Page.Url).AbsolutePath);
    });
}
