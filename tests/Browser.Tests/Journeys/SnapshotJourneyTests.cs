using System.Text.RegularExpressions;
using Maintenance.BrowserTests.Browsing;
using Maintenance.Tests.EndToEnd;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Journeys;

/// <summary>One file back out of a snapshot.</summary>
[Collection(JourneysGroup.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SnapshotJourneyTests(Browsers browsers)
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_snapshot_is_browsed_and_a_file_of_it_downloaded_by_who_may(bool hasScript)
    {
        const string Content = "Entry 4711, as it was before somebody changed it.\n";
        var look = new Look { HasScript = hasScript };
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        await File.WriteAllTextAsync(Path.Join(here.Folder("files/letters/2026"), "paper.txt"), Content);
        await using var server = await here.ServeAsync("--feedback-rate", "0", "--sign-in-rate", "0");
        _ = await BackupRestoreTests.ProvenAsync(server, "files");
        await File.WriteAllTextAsync(here.PathOf("files/letters/2026/paper.txt"), "changed");

        await using var ada = await browsers.SignInAsync(server, "ada", look);
        var file = await FindAsync(ada);
        var download = await ada.Page.RunAndWaitForDownloadAsync(() => ada.Link("^download").First.ClickAsync());
        Assert.Equal("paper.txt", download.SuggestedFilename);
        Assert.Equal(Content, await File.ReadAllTextAsync(await download.PathAsync()));
        await ada.EndAsync();

        // Everybody sees what there is; what is in it only who may.
        await using var sam = await browsers.SignInAsync(server, "sam", look);
        Assert.Equal(file, await FindAsync(sam));
        await Assertions.Expect(sam.Link("^download")).ToHaveCountAsync(0);
        await Assertions.Expect(sam.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Only administrators");
        await sam.EndAsync();
    }

    /// <summary>From the backups to the file, by what pages lead to.</summary>
    private static async Task<string> FindAsync(Visit visit)
    {
        await visit.Page.GotoAsync("/backups/files");
        foreach (var link in new[] { "^look into it", "^letters", "^2026", "^paper.txt" })
        {
            await visit.FollowAsync(visit.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { NameRegex = new(link, RegexOptions.IgnoreCase) }).First);
        }

        return new Uri(visit.Page.Url).PathAndQuery;
    }
}
