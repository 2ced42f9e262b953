using System.Diagnostics;
using System.Runtime.Versioning;
using Maintenance.Backups;
using Maintenance.Status;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Backups of real folders by a real process, and what a restore gives back.</summary>
[Collection("End to end: backups")]
[UnsupportedOSPlatform("windows")]
public sealed class BackupRestoreTests
{
    [Fact]
    public async Task Every_backup_restores_byte_for_byte_with_modes_and_times_also_after_the_folder_has_changed()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        SampleTree.Make(here.Folder("files"));
        var before = FolderTree.Read(here.PathOf("files"));
        await using var server = await here.ServeAsync();
        var first = (await ProvenAsync(server, "files")).Latest!;
        Assert.Equal(BackupTrigger.NeverProven, first.Trigger);
        Assert.Equal(before, FolderTree.Read(here.PathOf("files")));

        SampleTree.Change(here.PathOf("files"));
        var after = FolderTree.Read(here.PathOf("files"));
        Assert.NotEqual(before, after);
        var second = (await here.RunAsync(0, "backup", "run", "files", "--json")).As<OperationAnswer<BackupRun>>().Output!;
        Assert.Equal(BackupRunState.Proven, second.State);
        Assert.NotEqual(first.Id, second.Id);
        Assert.InRange(second.NewBytes, 1, 5 * 1024 * 1024);

        await here.RunAsync(0, "backup", "restore", first.Id, "--to", here.PathOf("restored/first"));
        await here.RunAsync(0, "backup", "restore", "files", "--to", here.Folder("second"));
        Assert.Equal(before, FolderTree.Read(here.PathOf("restored/first")));
        Assert.Equal(after, FolderTree.Read(here.PathOf("second")));
        await here.RunAsync(0, "backup", "verify", first.Id);

        // A restore never writes over anything, and says so.
        var refused = await here.RunAsync(1, "backup", "restore", second.Id, "--to", here.PathOf("restored/first"));
        Assert.Contains("not empty", refused.Output, StringComparison.Ordinal);
        Assert.Equal(before, FolderTree.Read(here.PathOf("restored/first")));

        // Without a server, and without the source.
        Assert.Equal(0, await server.StopAsync());
        FolderTree.Remove(here.PathOf("files"));
        await here.RunAsync(0, "backup", "restore", second.Id, "--to", here.PathOf("third"));
        Assert.Equal(after, FolderTree.Read(here.PathOf("third")));

        // Damage is found, named, and costs only its own files.
        var pack = new DirectoryInfo(Path.Join(here.Data, "objects", "packs")).EnumerateFiles("*", SearchOption.AllDirectories).MaxBy(static file => file.Length)!;
        using (var file = pack.OpenWrite())
        {
            file.Position = 5000;
            file.Write([1, 2, 3, 4]);
        }

        Assert.Contains("big again.bin", (await here.RunAsync(1, "backup", "verify", first.Id)).Output, StringComparison.Ordinal);
        Assert.Contains("big again.bin", (await here.RunAsync(1, "backup", "restore", first.Id, "--to", here.PathOf("fourth"))).Output, StringComparison.Ordinal);
        Assert.Equal(
            before.Where(static line => !line.Contains("/big", StringComparison.Ordinal)), FolderTree.Read(here.PathOf("fourth")).Where(static line => !line.Contains("/big", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_backup_is_taken_by_the_schedule_and_as_soon_as_the_newest_is_older_than_the_recovery_point_objective()
    {
        await using var here = new Installation(new QuickPlan { RecoveryPoint = "3s", Backups = [("clock", "clock", "*/4 * * * * *"), ("rpo", "rpo", QuickPlan.Yearly)] }.Yaml);
        File.WriteAllText(Path.Join(here.Folder("clock"), "a"), "1");
        File.WriteAllText(Path.Join(here.Folder("rpo"), "a"), "1");
        await using var server = await here.ServeAsync();
        await ProvenAsync(server, "rpo");
        File.WriteAllText(here.PathOf("rpo/a"), "2");
        File.WriteAllText(here.PathOf("rpo/b"), "new");
        var changed = DateTimeOffset.UtcNow;
        var next = await Eventually.HoldsAsync(
            () => RunsAsync(server, "rpo"), runs => runs.Exists(run => run.State == BackupRunState.Proven && run.RecoveryPoint > changed));
        var run = next.Last(run => run.State == BackupRunState.Proven && run.RecoveryPoint > changed);
        Assert.Equal(BackupTrigger.RecoveryPoint, run.Trigger);
        await here.RunAsync(0, "backup", "restore", run.Id, "--to", here.PathOf("restored"));
        Assert.Equal(FolderTree.Read(here.PathOf("rpo")), FolderTree.Read(here.PathOf("restored")));

        var scheduled = await Eventually.HoldsAsync(
            () => RunsAsync(server, "clock"), static runs => runs.Count(static run => run is { Trigger: BackupTrigger.Schedule, State: BackupRunState.Proven }) >= 2);
        Assert.All(scheduled.Where(static run => run.Trigger == BackupTrigger.Schedule), static run => Assert.Equal(0, run.Occurrence.Second % 4));
        Assert.Equal(scheduled.Count, scheduled.DistinctBy(static run => run.Occurrence).Count());
    }

    [Fact]
    public async Task What_cannot_be_read_as_it_is_leaves_a_snapshot_that_is_not_proven_and_the_status_says_why()
    {
        await using var here = new Installation(new QuickPlan
        {
            Backups = [("special", "special", QuickPlan.Yearly), ("unreadable", "unreadable", QuickPlan.Yearly), ("changing", "changing", QuickPlan.Yearly), ("absent", "absent", QuickPlan.Yearly)],
        }.Yaml);
        foreach (var policy in new[] { "special", "unreadable", "changing" })
        {
            File.WriteAllText(Path.Join(here.Folder(policy), "good.txt"), policy);
        }

        using (var pipe = Process.Start("mkfifo", [here.PathOf("special/pipe")]))
        {
            await pipe.EndsAsync();
        }

        File.WriteAllText(here.PathOf("unreadable/secret"), "secret");
        File.SetUnixFileMode(here.PathOf("unreadable/secret"), UnixFileMode.None);
        var canForbid = WithoutPrivilege(here);
        await using (var big = File.Create(here.PathOf("changing/log")))
        {
            big.SetLength(96 * 1024 * 1024);
        }

        using var written = new CancellationTokenSource();
        var writing = Task.Run(() => Write(here.PathOf("changing/log"), written.Token));
        await using var server = await here.ServeAsync();
        List<BackupLine> lines;
        try
        {
            lines = await Eventually.HoldsAsync(() => LinesAsync(server), static lines => lines.Where(static line => line.Policy != "absent").All(static line => line.Latest is not null));
        }
        finally
        {
            await written.CancelAsync();
            await writing;
        }

        // A pipe has no contents: nothing is lost by leaving it out, so it is only told.
        var special = lines.Single(static line => line.Policy == "special").Latest!;
        Assert.Equal((BackupRunState.Proven, "pipe: it is a pipe and was left out."), (special.State, Assert.Single(special.Notes!)));
        foreach (var (policy, name) in new[] { ("unreadable", "secret"), ("changing", "log") }.Where(pair => canForbid || pair.Item1 != "unreadable"))
        {
            var run = lines.Single(line => line.Policy == policy).Latest!;
            Assert.Equal(BackupRunState.Unproven, run.State);
            Assert.StartsWith(name + ":", Assert.Single(run.Problems!), StringComparison.Ordinal);
            await here.RunAsync(0, "backup", "restore", run.Id, "--to", here.PathOf("restored-" + policy));
            Assert.Equal(policy, File.ReadAllText(here.PathOf($"restored-{policy}/good.txt")));
            var status = await here.RunAsync(1, "status");
            Assert.Contains($"Backup {policy}: the last run is not proven. {name}: ", status.Output, StringComparison.Ordinal);
            Assert.Contains($"Backup {policy}: there is no proven backup.", status.Output, StringComparison.Ordinal);
        }

        // Once the reason is gone, the next one is proven.
        await here.RunAsync(0, "backup", "run", "changing");
    }

    [Fact]
    public async Task A_name_that_is_not_Unicode_costs_the_backup_nothing_but_its_proof()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("odd", "odd", QuickPlan.Yearly)] }.Yaml);
        File.WriteAllText(Path.Join(here.Folder("odd"), "good.txt"), "good");
        using (var shell = Process.Start("sh", ["-c", $"printf x > \"$(printf '{here.PathOf("odd")}/caf\\351')\""]))
        {
            await shell.EndsAsync();
        }

        Assert.Equal(2, Directory.GetFiles(here.PathOf("odd")).Length);
        await using var server = await here.ServeAsync();
        var line = Assert.Single(await Eventually.HoldsAsync(() => LinesAsync(server), static lines => lines[0].Latest is not null, 60));
        Assert.Equal(BackupRunState.Unproven, line.Latest!.State);
        Assert.Contains("caf", Assert.Single(line.Latest.Problems!), StringComparison.Ordinal);
        await here.RunAsync(0, "backup", "restore", line.Latest.Id, "--to", here.PathOf("restored"));
        Assert.Equal("good", File.ReadAllText(here.PathOf("restored/good.txt")));
    }

    internal static async Task<BackupLine> ProvenAsync(ServerProcess server, string policy)
    {
        var lines = await Eventually.HoldsAsync(() => LinesAsync(server), lines => lines.Single(line => line.Policy == policy).Latest?.State == BackupRunState.Proven);
        return lines.Single(line => line.Policy == policy);
    }

    internal static async Task<List<BackupRun>> RunsAsync(ServerProcess server, string policy) => (await server.Operator.GetAsync($"/api/backups/{policy}/runs?take=1000")).As<List<BackupRun>>();

    private static async Task<List<BackupLine>> LinesAsync(ServerProcess server) => (await server.Operator.GetAsync("/api/backups")).As<List<BackupLine>>();

    /// <summary>Root reads everything, so the processes run without that power of root's.</summary>
    /// <returns>False where that cannot be had.</returns>
    private static bool WithoutPrivilege(Installation here)
    {
        if (Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"))
        {
            here.Wrapper = ["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"];
        }

        return !Environment.IsPrivilegedProcess || here.Wrapper.Count > 0;
    }

    private static void Write(string path, CancellationToken stop)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        while (!stop.IsCancellationRequested)
        {
            file.Position = 0;
            file.WriteByte((byte)Environment.TickCount);
            Thread.Sleep(1);
        }
    }
}

/// <summary>Long work as the API shows it.</summary>
public sealed record OperationAnswer<T>(string Id, Maintenance.Workflows.WorkflowState State, T? Output, string? Error = null);
