using System.Net;
using System.Text.RegularExpressions;
using Maintenance.BrowserTests.Browsing;
using Maintenance.Tests.EndToEnd;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Journeys;

/// <summary>From what somebody of the public sends to what they think of how it was dealt with.</summary>
[Collection(JourneysGroup.Name)]
public sealed class FeedbackJourneyTests(Browsers browsers)
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Feedback_is_sent_answered_tracked_resolved_and_rated(bool hasScript)
    {
        var look = new Look { HasScript = hasScript };
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var server = await here.ServeAsync("--feedback-rate", "0", "--sign-in-rate", "0");

        await using var person = await browsers.OpenAsync(server, look);
        await person.Page.GotoAsync("/feedback");
        var (reference, code) = await person.SendFeedbackAsync("Nothing works", "The register shows a blank page.");

        await using var support = await browsers.SignInAsync(server, "sam", look);
        await support.Page.GotoAsync("/tickets");
        var ticket = support.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { NameRegex = new("T-1001") });
        await support.UntilAsync(ticket);
        await support.FollowAsync(ticket.First);
        await Assertions.Expect(support.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The register shows a blank page.");
        await support.Field("answer the requester").FillAsync("Which browser do you use?");
        await support.FollowAsync(support.Button("send the answer"));
        await Assertions.Expect(support.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Which browser do you use?");

        // The page that thanks leads on; reference and code are what was written down.
        await person.FollowAsync(person.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { NameRegex = new("follow", RegexOptions.IgnoreCase) }));
        await person.TrackAsync(reference, code);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Which browser do you use?");
        await person.Page.Locator("textarea[name=text]").FillAsync("The one of the district office.");
        await person.FollowAsync(person.Button("^(add|send)"));
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The one of the district office.");

        await support.UntilAsync("The one of the district office.");
        await support.UnfoldAsync("^\\s*resolve", support.Field("what was done"));
        await support.Field("what was done").FillAsync("The server was started again.");
        await support.FollowAsync(support.Button("^resolve"));
        await Assertions.Expect(support.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The server was started again.");

        await person.Page.GotoAsync("/feedback/track");
        await person.TrackAsync(reference, code);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The server was started again.");
        await person.Page.GetByRole(AriaRole.Radio, new() { NameRegex = new("^\\s*5") }).CheckAsync();
        await person.FollowAsync(person.Button("^rate"));
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Thank you");

        // Staff reads what the person thinks, and everybody who may the average.
        var report = (await server.Operator.GetAsync("/api/reports/satisfaction")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("5", report, StringComparison.Ordinal);
        await support.Page.GotoAsync("/feedback/satisfaction");
        await Assertions.Expect(support.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("5");
        await person.EndAsync();
        await support.EndAsync();
    }
}
