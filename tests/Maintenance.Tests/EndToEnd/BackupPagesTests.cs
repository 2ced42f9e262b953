using System.Net;
using System.Runtime.Versioning;
using Maintenance.Backups;

namespace Maintenance.Tests.EndToEnd;

/// <summary>The pages of backups against a real process: look, find a file, save it, restore it; and who may not.</summary>
[Collection("End to end: backups")]
[UnsupportedOSPlatform("windows")]
public sealed class BackupPagesTests
{
    [Fact]
    public async Task A_file_is_found_in_a_snapshot_and_saved_by_an_administrator_and_by_nobody_else()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        string[] names = ["births/2025.csv", "births/new\nline.txt", "births/quo\"te;.txt", "births/gpj.\u202Eexe", "births/back\\slash", "births/%2e%2e%2f", "births/…文件.txt"];
        var large = new byte[9 * 1024 * 1024];
        new Random(7).NextBytes(large);
        here.Folder("files/births");
        File.WriteAllBytes(here.PathOf("files/births/large.bin"), large);
        foreach (var name in names)
        {
            File.WriteAllText(here.PathOf("files/" + name), "contents of " + name);
        }

        await using var server = await here.ServeAsync();
        var id = (await BackupRestoreTests.ProvenAsync(server, "files")).Latest!.Id;
        using var ada = server.As(await here.TokenAsync("ada"));
        using var sam = server.As(await here.TokenAsync("sam"));
        using var nobody = server.As(null);
        foreach (var path in new[] { "/backups", "/backups/files", $"/snapshots/{id}", $"/snapshots/{id}?path=births", $"/snapshots/{id}?file=births%2F2025.csv", $"/snapshots/{id}/differences", "/repository", $"/operations/backup_{id}" })
        {
            var page = (await sam.GetAsync(path)).Expect(HttpStatusCode.OK);
            Assert.Equal("text/html", page.Type);
            Assert.InRange(page.Body.Length, 1, 100 * 1024);
            Assert.DoesNotContain("/content?path", page.Body, StringComparison.Ordinal);
            Assert.Contains("aria-current=\"true\"", (await ada.GetAsync(path)).Expect(HttpStatusCode.OK).Body.Replace("aria-current=\"page\"", "aria-current=\"true\"", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        foreach (var name in names)
        {
            var query = "?path=" + Uri.EscapeDataString(name);
            foreach (var path in new[] { $"/snapshots/{id}/content{query}", $"/api/snapshots/{id}/content{query}" })
            {
                var saved = (await ada.GetAsync(path)).Expect(HttpStatusCode.OK);
                Assert.Equal(("contents of " + name, "application/octet-stream", "nosniff"), (saved.Body, saved.Type, saved.Headers["X-Content-Type-Options"]));
                Assert.Contains("sandbox", saved.Headers["Content-Security-Policy"], StringComparison.Ordinal);
                Assert.StartsWith("attachment;", saved.Headers["Content-Disposition"], StringComparison.Ordinal);
                Assert.DoesNotContain("../", saved.Headers["Content-Disposition"], StringComparison.Ordinal);
                (await sam.GetAsync(path)).Expect(HttpStatusCode.Forbidden);
                var turned = await nobody.GetAsync(path);
                Assert.Equal(path.StartsWith("/api", StringComparison.Ordinal) ? HttpStatusCode.Unauthorized : HttpStatusCode.Found, turned.Status);
            }

            (await ada.GetAsync($"/snapshots/{id}?file={Uri.EscapeDataString(name)}")).Expect(HttpStatusCode.OK);
        }

        foreach (var path in new[] { "..%2F..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "births%2F..%2Fbirths%2F2025.csv", "births%2F2025.csv%00", "%FF%FE", "births%2F" })
        {
            Assert.True((await ada.GetAsync($"/api/snapshots/{id}/content?path={path}")).Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, path);
        }

        (await ada.GetAsync($"/api/snapshots/{id}/content?path=births")).Expect(HttpStatusCode.UnprocessableEntity);
        foreach (var form in new[] { "verifications", "restores" })
        {
            (await sam.FormAsync($"/snapshots/{id}/{form}", [("target", "again")])).Expect(HttpStatusCode.Forbidden);
        }

        // From a shell.
        Assert.Equal("contents of " + names[2], (await here.RunAsync(0, "backup", "cat", "files", names[2])).Output);
        await here.RunAsync(0, "backup", "cat", id, "births/large.bin", "--to", here.PathOf("large"), "--json");
        Assert.Equal(large, File.ReadAllBytes(here.PathOf("large")));
        await here.RunAsync(2, "backup", "cat", id, "births/large.bin", "--to", here.PathOf("large"));
        Assert.Contains("nothing at 'births/none'", (await here.RunAsync(2, "backup", "cat", id, "births/none")).Errors, StringComparison.Ordinal);
        Assert.Contains("P proven", (await here.RunAsync(0, "backup", "calendar", "files")).Output, StringComparison.Ordinal);
        Assert.Equal(BackupDayState.Proven, (await here.RunAsync(0, "backup", "calendar", "files", "--days", "7", "--json")).As<BackupCalendar>().Days[^1].State);
        Assert.Contains(id, (await here.RunAsync(0, "backup", "versions", "files", names[0])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_damaged_is_cut_off_and_never_ends_as_if_it_were_whole()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        var large = new byte[24 * 1024 * 1024];
        new Random(8).NextBytes(large);
        File.WriteAllBytes(Path.Join(here.Folder("files"), "large.bin"), large);
        await using var server = await here.ServeAsync();
        var id = (await BackupRestoreTests.ProvenAsync(server, "files")).Latest!.Id;
        using var ada = server.As(await here.TokenAsync("ada"));
        var packs = new DirectoryInfo(Path.Join(here.Data, "objects", "packs")).EnumerateFiles("*", SearchOption.AllDirectories).Where(static file => file.Length > 2 * 1024 * 1024).OrderBy(static file => file.LastWriteTimeUtc).ToList();
        Assert.NotEmpty(packs);
        foreach (var pack in packs)
        {
            // The end of each: the directory at the very end is not needed while there is an index.
            using var file = pack.OpenWrite();
            file.Position = file.Length - (1024 * 1024);
            file.Write([1, 2, 3, 4]);
        }

        var failure = await Record.ExceptionAsync(() => ada.GetAsync($"/api/snapshots/{id}/content?path=large.bin"));
        Assert.True(failure is HttpRequestException or IOException, failure?.ToString() ?? "It ended as if it were whole.");
        await Eventually.HoldsAsync(() => server.Log.Contains("was cut off after", StringComparison.Ordinal), 30);
        Assert.Contains("did not come whole", (await here.RunAsync(1, "backup", "cat", id, "large.bin", "--to", here.PathOf("half"))).Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(here.PathOf("half")));

        // Damaged from its beginning on, it is an answer of its own.
        foreach (var pack in packs)
        {
            using var file = pack.OpenWrite();
            for (var at = 4096L; at < file.Length; at += 65_536)
            {
                file.Position = at;
                file.Write([5, 6, 7, 8]);
            }
        }

        Assert.Contains("cannot be read", (await ada.GetAsync($"/api/snapshots/{id}/content?path=large.bin")).Expect(HttpStatusCode.Conflict).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_and_a_verification_from_the_page_lead_to_what_they_came_to()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        here.Folder("files/births");
        File.WriteAllText(here.PathOf("files/births/2025.csv"), "born");
        File.WriteAllText(here.PathOf("files/other.txt"), "other");
        await using var server = await here.ServeAsync();
        var id = (await BackupRestoreTests.ProvenAsync(server, "files")).Latest!.Id;
        using var ada = server.As(await here.TokenAsync("ada"));

        var tried = await EndAsync(ada, (await ada.FormAsync($"/snapshots/{id}/restores", [("what", "this"), ("exact", "births"), ("target", "again"), ("existing", "refuse")])).Expect(HttpStatusCode.Found));
        Assert.Contains("It would restore 1 file", tried, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(here.Data, "restored", "again")));
        string Field(string name) => System.Text.RegularExpressions.Regex.Match(tried, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value;
        var fields = new[] { "sure", "target", "existing", "what", "exact" }.Select(name => (name, Field(name))).ToList();

        var done = await EndAsync(ada, (await ada.FormAsync($"/snapshots/{id}/restores", fields)).Expect(HttpStatusCode.Found));
        Assert.Contains("Nothing is lost", done, StringComparison.Ordinal);
        Assert.Equal(["births/2025.csv"], Directory.EnumerateFiles(Path.Join(here.Data, "restored", "again"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Path.Join(here.Data, "restored", "again"), file)));

        var verified = await EndAsync(ada, (await ada.FormAsync($"/snapshots/{id}/verifications", [])).Expect(HttpStatusCode.Found));
        Assert.Contains("Nothing is wrong.", verified, StringComparison.Ordinal);
        Assert.Contains($"href=\"/snapshots/{id}\"", verified, StringComparison.Ordinal);
    }

    /// <summary>The page of an operation once it has ended.</summary>
    private static async Task<string> EndAsync(Api api, Answer started) =>
        (await Eventually.HoldsAsync(async () => await api.GetAsync(started.Headers["Location"]), static page => page.Body.Contains("What it came to", StringComparison.Ordinal))).Body;
}
