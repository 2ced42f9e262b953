using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Web.Api;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

/// <summary>What people ask of snapshots over HTTP.</summary>
public sealed class SnapshotRequestTests : IAsyncLifetime
{
    private WebRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await WebRig.StartAsync(static (_, services) => services.AddSingleton<ISnapshotPlaces, KnownPlaces>());
        _rig.Caller = _rig.Person("ann");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_restore_to_a_point_in_time_takes_the_newest_proven_snapshot_at_or_before_it()
    {
        var now = _rig.Clock.GetUtcNow();
        var (old, middle) = (await _rig.TakeAsync(now.AddHours(-9)), await _rig.TakeAsync(now.AddHours(-6)));
        await _rig.TakeAsync(now.AddHours(-5), BackupRunState.Unproven);
        var newest = await _rig.TakeAsync(now.AddHours(-3));

        Assert.Equal(middle, await ChosenAsync(now.AddHours(-4)));
        Assert.Equal(middle, await ChosenAsync(now.AddHours(-6)));
        Assert.Equal(old, await ChosenAsync(now.AddHours(-6).AddSeconds(-1)));
        Assert.Equal(newest, await ChosenAsync(null));
    }

    [Fact]
    public async Task Where_no_proven_snapshot_is_as_old_nothing_stands_in_for_it_and_the_nearest_are_named()
    {
        var now = _rig.Clock.GetUtcNow();
        await _rig.TakeAsync(now.AddHours(-9), BackupRunState.Unproven);
        var nearest = await _rig.TakeAsync(now.AddHours(-6));

        var answer = await _rig.SendAsync(Routes.RestoreBackup, "nightly", new PointRestoreRequest(now.AddHours(-8), "again"));

        Assert.Equal(404, answer.Status);
        Assert.Contains(nearest, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(_rig.Workflows.Started);
        Assert.Equal(404, (await _rig.SendAsync(Routes.RestoreBackup, "nihgtly", new PointRestoreRequest(now, "again"))).Status);
    }

    [Fact]
    public async Task A_restore_is_started_as_it_was_asked_for()
    {
        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());

        Assert.Equal(202, (await _rig.SendAsync(Routes.RestoreSnapshot, id, new RestoreRequest("again", ["entry.txt"], ExistingFiles.Rename, DryRun: true))).Status);

        var request = Assert.IsType<RestoreSnapshotRequest>(_rig.Workflows.Inputs[Assert.Single(_rig.Workflows.Started)]);
        Assert.Equal((id, _rig.PathOf("restored/again"), ExistingFiles.Rename, true, null), (request.Snapshot, request.Target, request.Existing, request.IsDryRun, request.Copy));
        Assert.Equal(["entry.txt"], request.Paths);
    }

    [Fact]
    public async Task The_same_key_is_the_same_restore_only_of_the_same_paths()
    {
        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        foreach (var path in new[] { "a", "a", "b" })
        {
            Assert.Equal(202, (await _rig.SendAsync(Routes.RestoreSnapshot, id, new RestoreRequest("again", [path]), null, ("Idempotency-Key", "k"))).Status);
        }

        Assert.Equal(2, _rig.Workflows.Started.Count);
    }

    [Fact]
    public async Task An_administrator_restores_to_a_place_that_the_host_knows_and_hears_at_once_of_one_that_it_does_not()
    {
        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());

        Assert.Equal(202, (await _rig.SendAsync(Routes.RestoreSnapshot, id, new RestoreRequest("container:https://a.example/restored"))).Status);
        Assert.Equal("container:https://a.example/restored", Assert.IsType<RestoreSnapshotRequest>(_rig.Workflows.Inputs[_rig.Workflows.Started[0]]).Target);
        foreach (var target in new[] { "container:nowhere", "table:https://a.example/t", "postgres:SETTING" })
        {
            Assert.Equal(422, (await _rig.SendAsync(Routes.RestoreSnapshot, id, new RestoreRequest(target))).Status);
        }

        _rig.Caller = _rig.Person("ben");
        Assert.Equal(403, (await _rig.SendAsync(Routes.RestoreSnapshot, id, new RestoreRequest("container:https://a.example/restored"))).Status);
        Assert.Single(_rig.Workflows.Started);
    }

    [Fact]
    public async Task Entries_come_in_pages_that_together_are_all_of_them()
    {
        foreach (var name in new[] { "a/1", "a/2", "a-b", "a.b", "b/deep/er/1", "b/deep.txt", "c" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_rig.PathOf("source/" + name))!);
            await File.WriteAllTextAsync(_rig.PathOf("source/" + name), name);
        }

        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        var whole = await PagesAsync(id, 100, "");

        Assert.Equal(12, whole.Count);
        Assert.Equal(whole, await PagesAsync(id, 1, ""));
        Assert.Equal(whole, await PagesAsync(id, 5, ""));
        Assert.Equal(["a", "a/1", "a/2"], await PagesAsync(id, 2, "a"));
        Assert.Equal(["b/deep/er/1"], await PagesAsync(id, 2, "/b/deep/er/1"));
        Assert.Empty(await PagesAsync(id, 2, "nothing"));
        Assert.Equal(404, (await _rig.SendAsync(Routes.ListSnapshotEntries, "nightly_20200101T000000Z")).Status);
    }

    [Fact]
    public async Task Differences_are_all_counted_and_the_first_named()
    {
        var now = _rig.Clock.GetUtcNow();
        var older = await _rig.TakeAsync(now.AddHours(-2));
        await File.WriteAllTextAsync(_rig.PathOf("source/entry.txt"), "born 1994-03-03, corrected");
        await File.WriteAllTextAsync(_rig.PathOf("source/new.txt"), "new");
        var newer = await _rig.TakeAsync(now.AddHours(-1));
        _rig.Query = $"?from={older}&take=1";

        var report = (await _rig.SendAsync(Routes.ListSnapshotDifferences, newer)).Json;

        Assert.Equal((1, 1, 0), (report.GetProperty("added").GetInt32(), report.GetProperty("changed").GetInt32(), report.GetProperty("removed").GetInt32()));
        Assert.Single(report.GetProperty("differences").EnumerateArray());
        _rig.Query = "";
        Assert.Equal(400, (await _rig.SendAsync(Routes.ListSnapshotDifferences, newer)).Status);
    }

    [Fact]
    public async Task A_hold_keeps_a_snapshot_until_it_is_released_or_ends()
    {
        var now = _rig.Clock.GetUtcNow();
        var id = await _rig.TakeAsync(now.AddHours(-1));

        Assert.Equal(422, (await _rig.SendAsync(Routes.HoldSnapshot, id, new HoldRequest(" "))).Status);
        Assert.Equal(422, (await _rig.SendAsync(Routes.HoldSnapshot, id, new HoldRequest("An audit", now))).Status);
        Assert.Equal(201, (await _rig.SendAsync(Routes.HoldSnapshot, id, new HoldRequest("An audit", now.AddHours(1)))).Status);
        Assert.Equal(409, (await _rig.SendAsync(Routes.HoldSnapshot, id, new HoldRequest("Another"))).Status);
        Assert.Equal("ann", (await _rig.SendAsync(Routes.GetSnapshot, id)).Json.GetProperty("hold").GetProperty("by").GetString());

        _rig.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False((await _rig.SendAsync(Routes.GetSnapshot, id)).Json.TryGetProperty("hold", out _));
        Assert.Equal(201, (await _rig.SendAsync(Routes.HoldSnapshot, id, new HoldRequest("Another"))).Status);
        Assert.Equal(204, (await _rig.SendAsync(Routes.ReleaseSnapshot, id)).Status);
        Assert.Equal(404, (await _rig.SendAsync(Routes.ReleaseSnapshot, id)).Status);
        Assert.Equal(404, (await _rig.SendAsync(Routes.HoldSnapshot, "nightly_20200101T000000Z", new HoldRequest("An audit"))).Status);
    }

    [Fact]
    public async Task An_operation_says_how_far_it_is_while_it_runs()
    {
        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        var operation = (await _rig.SendAsync(Routes.ProveSnapshot, id)).Json.GetProperty("operation").GetString()!;
        var at = _rig.Clock.GetUtcNow();
        var reported = new TaskCompletionSource();
        var end = new TaskCompletionSource<int>();
        var work = _rig.Get<OperationProgress>().RunAsync(operation, meter =>
        {
            meter.Report(new BackupProgress("restoring", 3, 1000, 10, 5000, at, at.AddSeconds(2)));
            reported.SetResult();
            return end.Task;
        });
        await reported.Task;

        var progress = (await _rig.SendAsync(Routes.GetOperation, operation)).Json.GetProperty("progress");
        Assert.Equal((1000, 500, "00:00:08"), (progress.GetProperty("bytes").GetInt32(), progress.GetProperty("rate").GetInt32(), progress.GetProperty("remaining").GetString()));
        var page = await _rig.SendAsync(Routes.OperationPage, operation);
        Assert.Contains("1000 B of 4.9 KiB (20 %), 500 B/s, 8s to go", page.Body, StringComparison.Ordinal);
        Assert.Contains("data-refresh=\"2\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("<noscript><meta http-equiv=\"refresh\" content=\"2\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("<progress max=\"100\" value=\"20\"", page.Body, StringComparison.Ordinal);

        end.SetResult(0);
        await work;
        Assert.False((await _rig.SendAsync(Routes.GetOperation, operation)).Json.TryGetProperty("progress", out _));
    }

    [Fact]
    public async Task The_page_of_a_policy_shows_why_each_snapshot_is_kept_and_offers_acts_to_those_who_may()
    {
        var id = await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        Assert.Equal(302, (await _rig.SendAsync(Routes.HoldSnapshotForm, id, "reason=An+audit+%3Cb%3E")).Status);

        var page = (await _rig.SendAsync(Routes.BackupPage, "nightly")).Body;
        Assert.Contains("An audit &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains($"action=\"/snapshots/{id}/releases\"", page, StringComparison.Ordinal);
        Assert.Contains($"action=\"/snapshots/{id}/proofs\"", page, StringComparison.Ordinal);
        Assert.Contains("held", page, StringComparison.Ordinal);

        _rig.Caller = _rig.Person("ben");
        Assert.DoesNotContain("<form method=\"post\" action=\"/snapshots", (await _rig.SendAsync(Routes.BackupPage, "nightly")).Body, StringComparison.Ordinal);
        _rig.Caller = _rig.Person("ann");
        Assert.Equal(302, (await _rig.SendAsync(Routes.ReleaseSnapshotForm, id)).Status);
        Assert.DoesNotContain("An audit", (await _rig.SendAsync(Routes.BackupPage, "nightly")).Body, StringComparison.Ordinal);
    }

    private async Task<string?> ChosenAsync(DateTimeOffset? at)
    {
        var answer = await _rig.SendAsync(Routes.RestoreBackup, "nightly", new PointRestoreRequest(at, "again"));
        Assert.True(answer.Status == 202, answer.Body);
        return answer.Json.GetProperty("snapshot").GetString();
    }

    private async Task<List<string?>> PagesAsync(string id, int take, string path)
    {
        var paths = new List<string?>();
        for (string? after = ""; after is not null;)
        {
            _rig.Query = $"?take={take}&path={Uri.EscapeDataString(path)}&after={Uri.EscapeDataString(after)}";
            var page = (await _rig.SendAsync(Routes.ListSnapshotEntries, id)).Json;
            Assert.InRange(page.GetProperty("entries").GetArrayLength(), 0, take);
            paths.AddRange(page.GetProperty("entries").EnumerateArray().Select(static entry => entry.GetProperty("path").GetString()));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        _rig.Query = "";
        return paths;
    }

    /// <summary>Knows one kind of place.</summary>
    private sealed class KnownPlaces : ISnapshotPlaces
    {
        public Task<ISnapshotSource> OpenSourceAsync(BackupPolicy policy, CancellationToken cancellation) => throw new NotSupportedException("No test backs anything up from here.");

        public Task<ISnapshotTarget?> OpenTargetAsync(string target, CancellationToken cancellation) =>
            target.StartsWith("container:https://", StringComparison.Ordinal) ? Task.FromResult<ISnapshotTarget?>(new Nowhere())
            : target.StartsWith("container:", StringComparison.Ordinal) ? throw new IOException("It is no address.")
            : target.StartsWith("table:", StringComparison.Ordinal) ? throw new NotSupportedException("This host cannot reach tables.")
            : Task.FromResult<ISnapshotTarget?>(null);
    }

    /// <summary>A place that nobody writes to: requests only open it.</summary>
    private sealed class Nowhere : ISnapshotTarget
    {
        public string Description => "nowhere";

        public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task WriteAsync(TreeEntry entry, Stream content, CancellationToken cancellation) => Task.CompletedTask;

        public Task CompleteAsync(CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
