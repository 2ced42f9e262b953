using System.Text.RegularExpressions;
using Maintenance.BrowserTests.Browsing;
using Maintenance.Tests.EndToEnd;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Journeys;

/// <summary>A recovery on the page, from its start over its gate to what it came to.</summary>
[Collection(JourneysGroup.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class RecoveryJourneyTests(Browsers browsers)
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_recovery_is_started_passes_its_gate_and_tells_how_long_it_took(bool hasScript)
    {
        var look = new Look { HasScript = hasScript };
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)], More = QuickPlan.Recovery }.Yaml);
        await File.WriteAllTextAsync(Path.Join(here.Folder("files"), "a.txt"), "a");
        QuickPlan.Furnish(here);
        await using var server = await here.ServeAsync("--feedback-rate", "0", "--sign-in-rate", "0");
        _ = await BackupRestoreTests.ProvenAsync(server, "files");
        File.Delete(Path.Join(here.PathOf("files"), "a.txt"));

        // Who administers starts it, and says why.
        await using var ada = await browsers.SignInAsync(server, "ada", look);
        await ada.Page.GotoAsync("/recovery");
        await ada.FollowAsync(ada.Link("^recover, or try it").First);

        // Only points that can be reached are offered; the newest is chosen.
        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Radio).First).ToBeCheckedAsync();
        await ada.Field("^reason").FillAsync("The file is gone.");
        await ada.FollowAsync(ada.Button("start the recovery"));
        if (new Uri(ada.Page.Url).AbsolutePath == "/recovery")
        {
            await ada.FollowAsync(ada.Link("R-1001").First);
        }

        var address = new Uri(ada.Page.Url).AbsolutePath;
        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The file is gone.");

        // The step's owner looks at what was restored, and says so.
        await using var sam = await browsers.SignInAsync(server, "sam", look);
        await sam.Page.GotoAsync(address);
        await sam.UntilAsync(sam.Button("^done"));
        await sam.FollowAsync(sam.Button("^done"));

        // The gate: nothing live is touched before two approvers have agreed.
        foreach (var person in new[] { "kim", "lee" })
        {
            Assert.False(File.Exists(Path.Join(here.PathOf("files"), "a.txt")));
            await using var approver = await browsers.SignInAsync(server, person, look);
            await approver.Page.GotoAsync(address);
            await approver.UntilAsync(approver.Button("^approve"));
            await approver.FollowAsync(approver.Button("^approve"));
            await approver.EndAsync();
        }

        // After it the last step waits for its owner.
        await sam.UntilAsync(sam.Button("^done"));
        Assert.Equal("a", await File.ReadAllTextAsync(Path.Join(here.PathOf("files"), "a.txt")));
        await sam.FollowAsync(sam.Button("^done"));

        // All is well: the old data may go, and the page says how long it took and what was lost.
        await ada.UntilAsync(ada.Button("all is well"));
        await ada.FollowAsync(ada.Button("all is well"));
        await ada.UntilAsync("completed");
        await ada.FollowAsync(ada.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { NameRegex = new("^report", RegexOptions.IgnoreCase) }).First);
        foreach (var objective in new[] { "RPO", "RTO" })
        {
            await Assertions.Expect(ada.Page.GetByRole(AriaRole.Main)).ToContainTextAsync(objective);
        }

        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("R-1001");
        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The file is gone.");

        await ada.Page.GotoAsync("/recovery");
        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "R-1001" })).ToContainTextAsync("completed");
        await ada.EndAsync();
        await sam.EndAsync();
    }
}
