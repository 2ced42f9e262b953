using System.Runtime.Versioning;
using FsCheck.Fluent;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Local.Storage;
using Maintenance.Tests.Rules;
using Maintenance.Tests.Sources;

namespace Maintenance.Tests.Repository;

/// <summary>Whatever a folder holds comes back as it was, and costs nothing twice.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RestoreLawTests
{
    [LinuxFact]
    public void Any_tree_restores_to_itself_and_a_second_backup_reads_and_stores_nothing() =>
        Law.Holds(Gen.Choose(0, int.MaxValue), 25, static seed => ComesBackAsync(seed).GetAwaiter().GetResult());

    [LinuxFact]
    public async Task A_file_with_holes_comes_back_with_holes()
    {
        using var scratch = new SourceScratch();
        var source = Directory.CreateDirectory(scratch.PathOf("source")).FullName;
        await using (var file = File.Create(Path.Combine(source, "holes")))
        {
            file.SetLength(30 * 1024 * 1024);
            file.Position = 20 * 1024 * 1024;
            await file.WriteAsync(RepositoryBench.Noise(10_000));
        }

        var bench = await RepositoryBench.CreateAsync();
        await using var folder = new FolderSource(source, [], oneFileSystem: false);
        var report = await bench.Repository.RestoreAsync(await bench.TakeAsync(folder), new RestoreOrder(scratch.PathOf("target")), null, RepositoryBench.None);

        Assert.Equal(0, report.LossCount);
        Assert.Equal(WildTree.Read(source), WildTree.Read(scratch.PathOf("target")));
        Assert.InRange(WildTree.Blocks(scratch.PathOf("target"))["holes"], 1, 200);
        Assert.True((await bench.Repository.StatisticsAsync(RepositoryBench.None)).StoredBytes < 1024 * 1024);
    }

    private static async Task ComesBackAsync(int seed)
    {
        using var scratch = new SourceScratch();
        var random = new Random(seed);
        var tree = new WildTree(scratch, scratch.PathOf("source"), seed).Plant();
        var bench = await RepositoryBench.CreateAsync(random.Next(4) == 0 ? FolderObjectStore.Open(scratch.PathOf("objects")) : null);
        var snapshot = await TakeAsync(bench, tree.Root, random);
        Assert.Equal(0, snapshot.Statistics.Problems);

        var target = scratch.PathOf("target");
        var report = await bench.Repository.RestoreAsync(snapshot, new RestoreOrder(target) { Workers = random.Next(1, 5) }, null, RepositoryBench.None);
        Assert.Empty(report.Losses);
        Assert.Empty(report.Warnings);
        var expected = WildTree.Read(tree.Root);
        Assert.Equal(expected, WildTree.Read(target));
        Assert.Equal((snapshot.Statistics.Files, snapshot.Statistics.Folders, snapshot.Statistics.Links, snapshot.Statistics.Bytes), (report.Files, report.Folders, report.Links, report.Bytes));
        Assert.Empty(await bench.Repository.CompareAsync(snapshot, target, null, RepositoryBench.None));

        var before = await NamesAsync(bench);
        var again = await TakeAsync(bench, tree.Root, random);
        Assert.Equal((0, 0, 0, 0), (again.Statistics.ReadFiles, again.Statistics.ReadBytes, again.Statistics.NewBytes, again.Statistics.StoredBytes));
        Assert.Equal(snapshot.Tree, again.Tree);
        Assert.Equal([$"snapshots/docs/{again.Id}"], (await NamesAsync(bench)).Except(before));
        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    private static async Task<Snapshot> TakeAsync(RepositoryBench bench, string root, Random random)
    {
        await using var source = new FolderSource(root, [], oneFileSystem: false);
        var compression = (BackupCompression)random.Next(3);
        return await bench.TakeAsync(source, how: order => order with { Compression = compression, Workers = 1 + (int)compression });
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(RepositoryBench bench)
    {
        var names = new List<string>();
        await foreach (var item in bench.Store.ListAsync("", RepositoryBench.None))
        {
            names.Add(item.Name);
        }

        return names;
    }
}
