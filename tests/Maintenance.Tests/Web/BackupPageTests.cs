using System.Net;
using System.Text.RegularExpressions;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tests.Services;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

/// <summary>What the pages of backups and of snapshots show, and what their forms start.</summary>
public sealed class BackupPageTests : IAsyncLifetime
{
    private static readonly string Plan = Office.QuickPlan.Replace(
        "notify: [administrator] }", "retention: { last: 2, daily: 3, minimum: 1 }, notify: [administrator] }", StringComparison.Ordinal);

    private WebRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await WebRig.StartAsync(static (rig, services) => services.AddSingleton<IPlanSource>(new WebRig.FixedPlan(rig.PathOf(""), Plan)));
        _rig.Caller = _rig.Person("ann");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_strip_says_of_each_day_what_became_of_it_and_programs_hear_the_same()
    {
        var now = _rig.Clock.GetUtcNow();
        await StatusAsync(now.AddDays(-30));
        await RunAsync(now.AddDays(-3), BackupRunState.Proven);
        await RunAsync(now.AddDays(-2), BackupRunState.Failed);

        var page = await PageAsync(Routes.BackupsPage);
        foreach (var text in new[] { "Thu 19 Nov: 1 proven", "Fri 20 Nov: 1 failed", "Sat 21 Nov: 1 missed", "Sun 22 Nov: none due" })
        {
            Assert.Contains(text, page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(56, page.Elements.Count(static tag => tag.Name == "li" && tag["class"] is "proven" or "failed" or "missed" or "none"));
        _rig.Query = "?days=4";
        var days = (await _rig.SendAsync(Routes.GetBackupCalendar, "nightly")).Json.GetProperty("days").EnumerateArray().Select(static day => $"{day.GetProperty("date")} {day.GetProperty("state")}");
        Assert.Equal(["2026-11-19 proven", "2026-11-20 failed", "2026-11-21 missed", "2026-11-22 nothingDue"], days);
        _rig.Query = "";
        Assert.Equal(404, (await _rig.SendAsync(Routes.GetBackupCalendar, "nihgtly")).Status);
    }

    [Fact]
    public async Task A_calendar_reads_so_many_runs_and_no_more_and_leaves_the_days_before_them_unknown()
    {
        var now = _rig.Clock.GetUtcNow();
        await StatusAsync(now.AddDays(-30));
        for (var hour = 0; hour < 24 * 12; hour++)
        {
            await RunAsync(now.AddHours(-hour), BackupRunState.Proven);
        }

        var calendars = _rig.Get<BackupCalendarService>();
        var policy = _rig.Get<ActivePlan>().Current.Backups[0];
        var some = (await calendars.ReadAsync(policy, 20, 100, default)).Days;
        Assert.Equal(BackupDayState.Proven, some[^1].State);
        Assert.Equal(BackupDayState.Proven, some[^2].State);
        Assert.All(some.Take(17), static day => Assert.Equal(BackupDayState.Unknown, day.State));
        var all = (await calendars.ReadAsync(policy, 20, 1000, default)).Days;
        Assert.Equal(24 * 12, all.Sum(static day => day.Proven));
        Assert.DoesNotContain(all, static day => day.State == BackupDayState.Unknown);
    }

    [Fact]
    public async Task The_page_of_a_policy_draws_why_each_snapshot_stays_and_names_what_goes_next()
    {
        var now = _rig.Clock.GetUtcNow();
        var ids = new List<string>();
        foreach (var hours in new[] { 1, 2, 3, 30, 60, 90, 120 })
        {
            ids.Add(await _rig.TakeAsync(now.AddHours(-hours)));
        }

        var html = (await _rig.SendAsync(Routes.BackupPage, "nightly")).Body;
        var page = Markup.Parse(html);
        Assert.Contains("3 snapshots go when the rules are applied next", page.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"/snapshots/{ids[^1]}\"", html, StringComparison.Ordinal);
        Assert.Equal(3, page.Elements.Count(static tag => tag.Name == "path" && tag["class"] == "goes"));
        Assert.Contains("daily 2026-11-21", page.Text, StringComparison.Ordinal);
        Assert.InRange(html.Length, 1, 100 * 1024);
        foreach (var id in page.Elements.Select(static tag => tag["id"]).OfType<string>().GroupBy(static id => id))
        {
            Assert.Single(id);
        }
    }

    [Fact]
    public async Task Ten_years_of_snapshots_are_a_small_page()
    {
        await using var rig = await WebRig.StartAsync(static (rig, services) => services.AddSingleton<IPlanSource>(new WebRig.FixedPlan(rig.PathOf(""), Plan.Replace(
            "retention: { last: 2, daily: 3, minimum: 1 }", "retention: { hourly: 48, daily: 31, weekly: 13, monthly: 24, yearly: 10, minimum: 3 }, immutableFor: 7d", StringComparison.Ordinal))));
        rig.Caller = rig.Person("ann");
        var now = rig.Clock.GetUtcNow();
        var hours = Enumerable.Range(0, 60).Concat(Enumerable.Range(8, 32).Select(static day => day * 24)).Concat(Enumerable.Range(5, 9).Select(static week => week * 168))
            .Concat(Enumerable.Range(2, 24).Select(static month => month * 730)).Concat(Enumerable.Range(2, 9).Select(static year => year * 8766)).Distinct().ToList();
        foreach (var hour in hours)
        {
            _ = await rig.TakeAsync(now.AddHours(-hour).AddMinutes(-3));
        }

        var html = (await rig.SendAsync(Routes.BackupPage, "nightly")).Body;
        var page = Markup.Parse(html);
        Assert.InRange(html.Length, 1, 100 * 1024);
        foreach (var lane in new[] { "hourly", "daily", "weekly", "monthly", "yearly", "minimum", "immutable" })
        {
            Assert.Contains($">{lane}</text>", html, StringComparison.Ordinal);
        }

        Assert.InRange(page.Elements.Count(static tag => tag.Name == "circle" && tag["class"] == "keep"), 50, 300);
    }

    [Fact]
    public async Task Snapshots_come_in_pages_that_lead_to_each_other()
    {
        var now = _rig.Clock.GetUtcNow();
        var ids = new List<string>();
        for (var at = 0; at < 45; at++)
        {
            ids.Add(await _rig.TakeAsync(now.AddHours(-at - 1)));
        }

        var seen = new List<string>();
        for (string? query = ""; query is not null;)
        {
            _rig.Query = query;
            var page = await PageAsync(Routes.BackupPage, "nightly");
            seen.AddRange(ids.Where(id => page.Elements.Any(tag => tag["action"] == $"/snapshots/{id}/proofs")));
            query = NextOf(page);
        }

        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task A_snapshot_is_browsed_folder_by_folder_and_hostile_names_are_shown_as_they_are()
    {
        foreach (var name in new[] { "births/2025.csv", "births/old/1990.csv", "births/line\nbreak.txt", "births/gpj.\u202Eexe", "births/<script>alert(1)</script>.txt", "births/100 %41+&?#.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_rig.PathOf("source/" + name))!);
            await File.WriteAllTextAsync(_rig.PathOf("source/" + name), name);
        }

        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        var root = await HtmlAsync(Routes.SnapshotPage, id);
        Assert.Equal(["births", "entry.txt"], Names(root));
        var folder = Markup.Parse(root).Elements.First(static tag => tag["href"]?.Contains("?path=", StringComparison.Ordinal) == true)["href"]!;

        _rig.Query = folder[folder.IndexOf('?', StringComparison.Ordinal)..];
        var html = await HtmlAsync(Routes.SnapshotPage, id);
        Assert.Equal(["<script>alert(1)<", "old", "100 %41+&?#.txt", "2025.csv", "gpj.\\u{202E}exe", "line\\u{000A}break.txt"], Names(html));
        var births = Markup.Parse(html);
        Assert.DoesNotContain(births.Elements, static tag => tag.Name == "script" && tag["src"] is null);

        // Each name leads to its own file, whatever is in it.
        foreach (var link in births.Elements.Select(static tag => tag["href"]).OfType<string>().Where(static href => href.Contains("?file=", StringComparison.Ordinal)).ToList())
        {
            _rig.Query = link[link.IndexOf('?', StringComparison.Ordinal)..];
            var file = await PageAsync(Routes.SnapshotPage, id);
            var download = file.Elements.First(IsDownload)["href"]!;
            _rig.Query = download[download.IndexOf('?', StringComparison.Ordinal)..];
            var content = await _rig.SendAsync(Routes.SnapshotContent, id);
            Assert.Equal(Uri.UnescapeDataString(_rig.Query["?path=".Length..]), content.Body);
            var headers = (content.Headers.ContentType.ToString(), content.Headers.XContentTypeOptions.ToString(), content.Headers.ContentSecurityPolicy.ToString(), content.Headers.ContentLength);
            Assert.Equal(("application/octet-stream", "nosniff", "default-src 'none'; sandbox", (long)content.Bytes.Length), headers);
            Assert.StartsWith("attachment; filename=", content.Headers.ContentDisposition.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(content.Headers.ContentDisposition.ToString(), static c => c < ' ' || c > '~');
        }

        foreach (var (query, status) in new[] { ("?path=nothing", 404), ("?path=births%2f..", 404), ("?file=nothing", 404), ("?file=..%2f..%2fetc%2fpasswd", 404), ("?path=births%2f&after=zzz", 200) })
        {
            _rig.Query = query;
            Assert.Equal(status, (await _rig.SendAsync(Routes.SnapshotPage, id)).Status);
        }
    }

    [Fact]
    public async Task A_folder_of_many_files_comes_in_pages()
    {
        Directory.CreateDirectory(_rig.PathOf("source/many"));
        for (var at = 0; at < 450; at++)
        {
            await File.WriteAllTextAsync(_rig.PathOf($"source/many/{at:D4}.csv"), "x");
        }

        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        var names = new List<string>();
        for (string? query = "?path=many"; query is not null;)
        {
            _rig.Query = query;
            var answer = await _rig.SendAsync(Routes.SnapshotPage, id);
            Assert.InRange(answer.Body.Length, 1, 100 * 1024);
            names.AddRange(Names(answer.Body));
            query = NextOf(Markup.Parse(answer.Body));
        }

        Assert.Equal(Enumerable.Range(0, 450).Select(static at => $"{at:D4}.csv"), names);
    }

    [Fact]
    public async Task A_file_shows_its_versions_and_only_administrators_are_led_to_its_contents()
    {
        var now = _rig.Clock.GetUtcNow();
        var first = await _rig.TakeAsync(now.AddHours(-3));
        await _rig.TakeAsync(now.AddHours(-2));
        await File.WriteAllTextAsync(_rig.PathOf("source/entry.txt"), "born 1994-03-02, corrected");
        var newest = await _rig.TakeAsync(now.AddHours(-1));
        _rig.Query = "?file=entry.txt";

        var page = await _rig.SendAsync(Routes.SnapshotPage, newest);
        Assert.Contains("and 1 before", page.Body, StringComparison.Ordinal);
        Assert.Contains($"/snapshots/{first}?file=entry.txt", page.Body, StringComparison.Ordinal);
        Assert.Equal(3, Markup.Parse(page.Body).Elements.Count(IsDownload));
        _rig.Query = "?path=entry.txt";
        Assert.Equal(2, (await _rig.SendAsync(Routes.ListFileVersions, newest)).Json.GetProperty("versions").GetArrayLength());
        Assert.Equal("born 1994-03-02", (await _rig.SendAsync(Routes.GetSnapshotContent, first)).Body);

        _rig.Caller = _rig.Person("ben");
        Assert.Equal(403, (await _rig.SendAsync(Routes.GetSnapshotContent, first)).Status);
        Assert.Equal(403, (await _rig.SendAsync(Routes.SnapshotContent, first)).Status);
        _rig.Query = "?file=entry.txt";
        var bens = Markup.Parse((await _rig.SendAsync(Routes.SnapshotPage, newest)).Body);
        Assert.Contains("Only administrators download files", bens.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(bens.Elements, static tag => IsDownload(tag) || (tag.Name == "form" && tag["action"] != "/sign-out"));
    }

    [Theory]
    [InlineData("?path=folder", 422)]
    [InlineData("?path=link", 422)]
    [InlineData("?path=nothing", 404)]
    [InlineData("?path=folder%2f..%2fentry.txt", 404)]
    [InlineData("?path=%2fetc%2fpasswd", 404)]
    [InlineData("?path=%00", 404)]
    [InlineData("", 400)]
    public async Task What_is_no_file_is_said_to_be_none(string query, int status)
    {
        Directory.CreateDirectory(_rig.PathOf("source/folder"));
        File.CreateSymbolicLink(_rig.PathOf("source/link"), "entry.txt");
        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        _rig.Query = query;
        Assert.Equal(status, (await _rig.SendAsync(Routes.GetSnapshotContent, id)).Status);
        Assert.Equal(404, (await _rig.SendAsync(Routes.GetSnapshotContent, "nightly_20200101T000000Z")).Status);
    }

    [Fact]
    public async Task Differences_are_shown_against_the_snapshot_before_or_the_one_that_is_chosen()
    {
        var now = _rig.Clock.GetUtcNow();
        var first = await _rig.TakeAsync(now.AddHours(-3));
        await File.WriteAllTextAsync(_rig.PathOf("source/entry.txt"), "born 1994-03-02, corrected");
        await _rig.TakeAsync(now.AddHours(-2));
        await File.WriteAllTextAsync(_rig.PathOf("source/new <b>.txt"), "new");
        var newest = await _rig.TakeAsync(now.AddHours(-1));

        var against = await PageAsync(Routes.SnapshotDifferencesPage, newest);
        Assert.Contains("new <b>.txt", against.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("entry.txt", against.Text, StringComparison.Ordinal);
        _rig.Query = $"?from={first}";
        Assert.Contains("entry.txt", (await PageAsync(Routes.SnapshotDifferencesPage, newest)).Text, StringComparison.Ordinal);
        _rig.Query = "";
        Assert.Contains("no older snapshot", (await PageAsync(Routes.SnapshotDifferencesPage, first)).Text, StringComparison.Ordinal);
        _rig.Query = "?from=nightly_20200101T000000Z";
        Assert.Equal(404, (await _rig.SendAsync(Routes.SnapshotDifferencesPage, newest)).Status);
    }

    [Fact]
    public async Task A_restore_from_the_page_is_tried_first_and_takes_exactly_what_was_shown()
    {
        var odd = "a,b\r\nc *.txt";
        await File.WriteAllTextAsync(_rig.PathOf("source/" + odd), "odd");
        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        _rig.Query = "?file=" + Uri.EscapeDataString(odd);
        var form = await PageAsync(Routes.SnapshotPage, id);
        string Field(string name) => form.Elements.First(tag => tag["name"] == name)["value"]!;
        _rig.Query = "";

        var tried = await _rig.SendAsync(Routes.RestoreSnapshotForm, id, $"what=this&exact={Uri.EscapeDataString(Field("exact"))}&target=again&existing=rename");
        Assert.Equal((302, $"/operations/{_rig.Workflows.Started[0]}"), (tried.Status, tried.Headers.Location.ToString()));
        var request = Assert.IsType<RestoreSnapshotRequest>(_rig.Workflows.Inputs[_rig.Workflows.Started[0]]);
        Assert.Equal((true, ExistingFiles.Rename, _rig.PathOf("restored/again")), (request.IsDryRun, request.Existing, request.Target));
        Assert.Equal([odd], request.Paths);

        Assert.Equal(302, (await _rig.SendAsync(Routes.RestoreSnapshotForm, id, "what=paths&paths=births%2F2025%0D%0A%0D%0A**%2F*.csv&target=again&sure=yes")).Status);
        request = Assert.IsType<RestoreSnapshotRequest>(_rig.Workflows.Inputs[_rig.Workflows.Started[1]]);
        Assert.Equal((false, ExistingFiles.Refuse), (request.IsDryRun, request.Existing));
        Assert.Equal(["births/2025", "**/*.csv"], request.Paths);
    }

    [Fact]
    public async Task A_target_that_is_refused_leads_back_to_what_was_typed_and_an_unknown_snapshot_to_404_before_that()
    {
        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        foreach (var target in new[] { "..%2Fx", "", ".", "a%5Cb" })
        {
            var answer = await _rig.SendAsync(Routes.RestoreSnapshotForm, id, $"what=paths&paths=some%2Fpath&target={target}&existing=keep");
            Assert.Equal(422, answer.Status);
            var page = Markup.Parse(answer.Body);
            Assert.Contains("plain name", page.Text, StringComparison.Ordinal);
            Assert.Contains("some/path", page.Text, StringComparison.Ordinal);
            Assert.Contains(page.Elements, static tag => tag["value"] == "keep" && tag["selected"] is not null);
        }

        Assert.Equal(404, (await _rig.SendAsync(Routes.RestoreSnapshotForm, "nightly_20200101T000000Z", "target=..")).Status);
        Assert.Equal(404, (await _rig.SendAsync(Routes.VerifySnapshotForm, "nightly_20200101T000000Z", "")).Status);
        Assert.Empty(_rig.Workflows.Started);
        Assert.Equal(302, (await _rig.SendAsync(Routes.VerifySnapshotForm, id, "")).Status);
        Assert.Equal(id, Assert.IsType<VerifyRepositoryRequest>(_rig.Workflows.Inputs[Assert.Single(_rig.Workflows.Started)]).Snapshot);
        _rig.Caller = _rig.Person("ben");
        Assert.Equal(403, (await _rig.SendAsync(Routes.RestoreSnapshotForm, id, "target=again")).Status);
        Assert.Equal(403, (await _rig.SendAsync(Routes.VerifySnapshotForm, id, "")).Status);
    }

    [Fact]
    public async Task A_snapshot_whose_manifest_is_damaged_still_has_a_page()
    {
        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        var manifest = Directory.GetFiles(_rig.PathOf("objects"), id, SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(manifest, [1, 2, 3]);

        var page = await PageAsync(Routes.SnapshotPage, id);
        Assert.Contains("manifest is damaged", page.Text, StringComparison.Ordinal);
        _rig.Query = "?path=entry.txt";
        Assert.Equal(409, (await _rig.SendAsync(Routes.GetSnapshotContent, id)).Status);
    }

    private async Task<Markup> PageAsync(Route route, string? value = null) => Markup.Parse(await HtmlAsync(route, value));

    private async Task<string> HtmlAsync(Route route, string? value = null)
    {
        var answer = await _rig.SendAsync(route, value);
        Assert.True(answer.Status == 200, $"{route.Pattern} {_rig.Query}: {answer.Status} {answer.Body}");
        return answer.Body;
    }

    /// <summary>The names of the list of a folder, as they are read.</summary>
    private static List<string> Names(string html) =>
        [.. Regex.Matches(html[html.IndexOf("<tbody>", StringComparison.Ordinal)..html.IndexOf("</tbody>", StringComparison.Ordinal)], "<bdi class=\"name\">([^<]*)</bdi>").Select(static match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    private static bool IsDownload(MarkupTag tag) => tag["href"]?.Contains("/content?path=", StringComparison.Ordinal) == true;

    private static string? NextOf(Markup page)
    {
        var next = page.Elements.FirstOrDefault(static tag => tag["rel"] == "next")?["href"];
        return next?[next.IndexOf('?', StringComparison.Ordinal)..next.IndexOf('#', StringComparison.Ordinal)];
    }

    private Task StatusAsync(DateTimeOffset since) =>
        _rig.Get<IRecordStore>().TryInsertAsync(Tables.Backups, "nightly", "status", new BackupStatus(since, _rig.Clock.GetUtcNow(), null, null, null, 0), default);

    private async Task RunAsync(DateTimeOffset at, BackupRunState state)
    {
        var id = BackupPlanning.RunId("nightly", at);
        var run = new BackupRun(id, "nightly", at, BackupTrigger.Schedule, state, at, at, at, 1, 1000) { StoredBytes = 10 };
        Assert.True(await _rig.Get<IRecordStore>().TryInsertAsync(Tables.Backups, "nightly", "run_" + id[(id.LastIndexOf('_') + 1)..], run, default));
    }
}
