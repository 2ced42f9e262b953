using System.Runtime.Versioning;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Workflows;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Backups whose process is killed at any instant.</summary>
[Collection("End to end: backups")]
[UnsupportedOSPlatform("windows")]
public sealed class BackupCrashTests
{
    private const int Lanes = 4;

    /// <summary>A step that was cut off is tried again after fifteen seconds, so several installations wait at the same time.</summary>
    [Fact]
    public async Task A_backup_that_is_killed_at_any_instant_ends_proven_after_the_restart_and_costs_no_earlier_snapshot()
    {
        var rounds = (Thoroughness.IsFull ? 200 : 8) / Lanes;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => KillAsync(Thoroughness.Seed + lane, rounds)));
    }

    private static async Task KillAsync(int seed, int rounds)
    {
        var random = new Random(seed);
        var known = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        var folder = here.Folder("files");
        for (var i = 0; i < 60; i++)
        {
            Fill(random, Path.Join(Directory.CreateDirectory(Path.Join(folder, $"f{i % 7}")).FullName, $"{i}.bin"), 20_000);
        }

        Fill(random, Path.Join(folder, "big.bin"), 9_000_000);
        var server = await here.ServeAsync();
        try
        {
            // The first one runs to its end, to know how long one takes.
            var first = (await BackupRestoreTests.ProvenAsync(server, "files")).Latest!;
            known[first.Id] = FolderTree.Read(folder);
            var takes = first.EndedAt!.Value - first.ClaimedAt;
            for (var round = 1; round <= rounds; round++)
            {
                Fill(random, Path.Join(folder, "big.bin"), 9_000_000);
                Fill(random, Path.Join(folder, "f3", $"new {round}.bin"), 20_000);
                var tree = FolderTree.Read(folder);
                var before = (await BackupRestoreTests.RunsAsync(server, "files")).Count;

                // Killed before, during and after the request, the taking and the proof.
                var request = server.Operator.PostAsync("/api/backups/files/runs", new { });
                await Task.Delay(random.Next((int)(takes.TotalMilliseconds * 1.2)));
                await server.KillAsync();
                await IgnoreCutOffAsync(request);
                await server.DisposeAsync();
                server = await here.ServeAsync();

                var runs = await Eventually.HoldsAsync(
                    () => BackupRestoreTests.RunsAsync(server, "files"), static runs => runs.TrueForAll(static run => run.State != BackupRunState.Running), 120);
                Assert.InRange(runs.Count, before, before + 1);
                foreach (var run in runs.Take(runs.Count - before))
                {
                    known[run.Id] = tree;
                }

                await CheckAsync(here, server, runs, known);
            }

            foreach (var (id, tree) in known)
            {
                await RestoreAsync(here, server, id, tree);
            }
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"With MAINTENANCE_SEED={Thoroughness.Seed}, lane seed {seed}: {error.Message}\n{server.Log}", error);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>One proven run and one snapshot for each occurrence, each of which still verifies.</summary>
    private static async Task CheckAsync(Installation here, ServerProcess server, List<BackupRun> runs, Dictionary<string, IReadOnlyList<string>> known)
    {
        Assert.All(runs, static run => Assert.Equal(BackupRunState.Proven, run.State));
        Assert.Equal(known.Keys.Order(), runs.Select(static run => run.Id).Order());
        Assert.Equal(runs.Count, runs.DistinctBy(static run => run.Occurrence).Count());
        var snapshots = Directory.GetFiles(Path.Join(here.Data, "objects", "snapshots"), "*", SearchOption.AllDirectories);
        Assert.Equal(known.Keys.Order(), snapshots.Select(Path.GetFileNameWithoutExtension).Order());
        foreach (var run in runs)
        {
            Assert.Empty((await OperateAsync<VerifyReport>(server, $"/api/snapshots/{run.Id}/verifications", new { })).Findings);
        }

        Assert.Empty(Directory.Exists(Path.Join(here.Data, "scratch")) ? Directory.GetFileSystemEntries(Path.Join(here.Data, "scratch")) : []);
    }

    private static async Task RestoreAsync(Installation here, ServerProcess server, string id, IReadOnlyList<string> tree)
    {
        var target = here.PathOf("restored-" + id);
        Assert.Empty((await OperateAsync<RestoreReport>(server, $"/api/snapshots/{id}/restores", new { target })).Losses);
        Assert.Equal(tree, FolderTree.Read(target));
        FolderTree.Remove(target);
    }

    private static async Task<T> OperateAsync<T>(ServerProcess server, string path, object request)
    {
        var started = (await server.Operator.PostAsync(path, request)).Expect(System.Net.HttpStatusCode.Accepted);
        var ended = await Eventually.HoldsAsync(
            async () => (await server.Operator.GetAsync(started.Headers["Location"])).As<OperationAnswer<T>>(), static operation => operation.State != WorkflowState.Running);
        return ended.Output ?? throw new InvalidOperationException(ended.Error);
    }

    private static async Task IgnoreCutOffAsync(Task request)
    {
        try
        {
            await request;
        }
        catch (HttpRequestException)
        {
            // The process was killed before it answered, which is the point.
        }
    }

    private static void Fill(Random random, string path, int length)
    {
        var content = new byte[length];
        random.NextBytes(content);
        File.WriteAllBytes(path, content);
    }
}
