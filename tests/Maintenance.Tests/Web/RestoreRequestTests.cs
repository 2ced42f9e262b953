using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Web.Api;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

public sealed class RestoreRequestTests
{
    private const string Snapshot = "nightly_20261122T020000Z";

    [Fact]
    public async Task A_host_with_nowhere_to_restore_to_says_so_and_starts_nothing()
    {
        await using var rig = await WebRig.StartAsync(static (rig, services) => services.AddSingleton(new BackupFolders(rig.PathOf("scratch"), Restored: null)));
        await TakeAsync(rig);
        rig.Caller = rig.Person("ann");
        foreach (var target in new[] { null, "register", rig.PathOf("anywhere") })
        {
            var answer = await rig.SendAsync(Routes.RestoreSnapshot, Snapshot, new RestoreRequest(target));
            Assert.Equal(409, answer.Status);
            Assert.StartsWith("This host has nowhere to restore to", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(rig.Workflows.Started);

        // Who holds the machine knows where.
        rig.Caller = Caller.Operator;
        Assert.Equal(202, (await rig.SendAsync(Routes.RestoreSnapshot, Snapshot, new RestoreRequest(rig.PathOf("anywhere")))).Status);
        Assert.Single(rig.Workflows.Started);
    }

    [Fact]
    public async Task The_same_key_is_the_same_restore_only_to_the_same_target()
    {
        await using var rig = await WebRig.StartAsync();
        await TakeAsync(rig);
        rig.Caller = rig.Person("ann");
        var first = await RestoreAsync(rig, "one");
        Assert.Equal(first, await RestoreAsync(rig, "one"));
        Assert.NotEqual(first, await RestoreAsync(rig, "two"));
        Assert.Equal(2, rig.Workflows.Started.Count);
    }

    private static async Task<string?> RestoreAsync(WebRig rig, string target)
    {
        var answer = await rig.SendAsync(Routes.RestoreSnapshot, Snapshot, new RestoreRequest(target), null, ("Idempotency-Key", "k"));
        Assert.Equal(202, answer.Status);
        return answer.Json.GetProperty("operation").GetString();
    }

    private static async Task TakeAsync(WebRig rig)
    {
        var repository = await rig.Get<BackupRepositories>().OpenAsync(default);
        await using var source = new FolderSource(rig.PathOf("source"), [], oneFileSystem: false);
        _ = await repository.TakeAsync(new SnapshotOrder(Snapshot, "nightly"), source, null, default);
    }
}
