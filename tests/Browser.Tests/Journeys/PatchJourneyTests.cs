using System.Text.RegularExpressions;
using Maintenance.BrowserTests.Browsing;
using Maintenance.Tests.EndToEnd;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Journeys;

/// <summary>A patch from its request to its approval, and the votes that do not count.</summary>
[Collection(JourneysGroup.Name)]
public sealed class PatchJourneyTests(Browsers browsers)
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_approvers_approve_a_patch_and_all_other_votes_are_refused_with_a_reason(bool hasScript)
    {
        var look = new Look { HasScript = hasScript };
        await using var here = new Installation(new QuickPlan { MorePeople = ["  - { id: zoe, name: Zoe Zimmer, roles: [guest] }", "  - { id: ned, name: Ned Nkosi, roles: [approver] }"] }.Yaml);
        await using var server = await here.ServeAsync("--feedback-rate", "0", "--sign-in-rate", "0");

        await using var requester = await browsers.SignInAsync(server, "kim", look);
        await requester.Page.GotoAsync("/patches");
        await requester.UnfoldAsync("^\\s*write a request", requester.Field("what is it\\?"));
        await requester.Field("what is it\\?").FillAsync("OpenSSL 3.5.9");
        await requester.Field("what does it change").FillAsync("Mends a hole. Tried on the test system.");
        await requester.FollowAsync(requester.Button("^ask for it"));
        if (new Uri(requester.Page.Url).AbsolutePath == "/patches")
        {
            await requester.FollowAsync(requester.Link("P-1001").First);
        }

        var address = new Uri(requester.Page.Url).AbsolutePath;

        // Who asked is told why there is nothing to vote with.
        await Assertions.Expect(requester.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Nobody votes on their own request.");
        await Assertions.Expect(requester.Button("^approve")).ToHaveCountAsync(0);

        // So is who has no vote.
        await using var guest = await browsers.SignInAsync(server, "zoe", look);
        await guest.Page.GotoAsync(address);
        await Assertions.Expect(guest.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("approver");
        await Assertions.Expect(guest.Button("^approve")).ToHaveCountAsync(0);

        // A rejection without a reason is none.
        await using var first = await browsers.SignInAsync(server, "lee", look);
        await first.Page.GotoAsync(address);
        first.Expect(422);
        await first.FollowAsync(first.Button("^reject"));
        await Assertions.Expect(first.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(new Regex("comment", RegexOptions.IgnoreCase));
        await first.Field("comment").FillAsync("Tried on the test system.");
        await first.FollowAsync(first.Button("^approve"));
        await Assertions.Expect(first.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Tried on the test system.");

        // A third opens the page while it still waits, and is too late with what they vote.
        await using var second = await browsers.SignInAsync(server, "max", look);
        await second.Page.GotoAsync(address);
        await using var late = await browsers.SignInAsync(server, "ned", look);
        await late.Page.GotoAsync(address);
        await second.FollowAsync(second.Button("^approve"));
        await second.UntilAsync("approved");
        foreach (var status in new[] { 403, 409, 422 })
        {
            late.Expect(status);
        }

        await late.FollowAsync(late.Button("^approve"));
        await Assertions.Expect(late.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("approved");
        await Assertions.Expect(late.Button("^approve")).ToHaveCountAsync(0);
        foreach (var visit in new[] { requester, guest, first, second, late })
        {
            await visit.EndAsync();
        }
    }
}
