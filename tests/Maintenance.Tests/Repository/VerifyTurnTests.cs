using Maintenance.Backups.Repository;

namespace Maintenance.Tests.Repository;

/// <summary>Verifications that read a part each time, and what differs between snapshots.</summary>
public sealed class VerifyTurnTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(33)]
    [InlineData(50)]
    [InlineData(99)]
    public async Task In_as_many_turns_as_the_percentage_says_every_pack_is_read(int percent)
    {
        var bench = await RepositoryBench.CreateAsync();
        for (var i = 0; i < 60; i++)
        {
            await bench.TakeAsync(new MemorySource(description: $"{i}").File("a", RepositoryBench.Noise(500, i)));
        }

        foreach (var start in new[] { 0L, long.MaxValue / 1000 })
        {
            var read = new HashSet<string>(StringComparer.Ordinal);
            var most = 0;
            for (var turn = start; turn < start + ((100 + percent - 1) / percent); turn++)
            {
                var before = read.Count;
                bench.Memory.Reading = name => _ = name.StartsWith("packs/", StringComparison.Ordinal) && read.Add(name);
                var report = await bench.Repository.VerifyAsync(new VerifyOrder(percent) { Turn = turn, Workers = 1, Snapshot = null }, null, None);
                bench.Memory.Reading = static _ => { };
                most += (int)report.PacksRead;
                Assert.True(report.IsClean);
            }

            Assert.Equal(60, read.Count);
            Assert.InRange(most, 60, 120);
        }
    }

    [Fact]
    public async Task Structure_alone_reads_no_data_and_everything_reads_every_pack()
    {
        var bench = await RepositoryBench.CreateAsync();
        var snapshot = await bench.TakeAsync(new MemorySource().File("a", RepositoryBench.Noise(20_000_000)));
        await bench.TakeAsync(new MemorySource(description: "other").File("b", RepositoryBench.Noise(1000, 2)), "other");

        var structure = await bench.VerifyAsync(0);
        var all = await bench.VerifyAsync();
        var one = await bench.Repository.VerifyAsync(new VerifyOrder(100) { Snapshot = snapshot.Id }, null, None);

        Assert.Equal((2, 3, 0, 0), (structure.Snapshots, structure.Packs, structure.PacksRead, structure.BytesRead));
        Assert.Equal((3, bench.Memory.Below("packs/").Sum(name => bench.Memory[name].Length)), (all.PacksRead, all.BytesRead));
        Assert.Equal(2, one.PacksRead);
        Assert.True(structure.IsClean && all.IsClean && one.IsClean);
    }

    [Fact]
    public async Task Differences_are_what_was_added_removed_changed_and_touched()
    {
        var bench = await RepositoryBench.CreateAsync();
        var older = await bench.TakeAsync(new MemorySource().File("a", [1]).File("b/c", [1, 2]).File("b-d", [3]).File("same", [4]).Link("link", TreeEntryKind.SymbolicLink, "a"));
        var changed = new MemorySource().File("b/c", [1, 3, 3]).File("b-d", [3], mode: 0x124).File("same", [4]).Link("link", TreeEntryKind.SymbolicLink, "b").File("z", [7, 7, 7]);
        var newer = await bench.TakeAsync(changed);
        var found = new List<SnapshotDifference>();

        await foreach (var difference in bench.Repository.DiffAsync(older, newer, None))
        {
            found.Add(difference);
        }

        Assert.Equal(
            [
                new SnapshotDifference("a", DifferenceKind.Removed, 1, 0),
                new SnapshotDifference("b/c", DifferenceKind.Changed, 2, 3),
                new SnapshotDifference("b-d", DifferenceKind.Metadata, 1, 1),
                new SnapshotDifference("link", DifferenceKind.Changed, 0, 0),
                new SnapshotDifference("z", DifferenceKind.Added, 0, 3),
            ],
            found);
        await foreach (var difference in bench.Repository.DiffAsync(newer, newer, None))
        {
            Assert.Fail($"{difference} of a snapshot with itself");
        }
    }

    [Fact]
    public async Task Statistics_say_what_is_there_also_of_a_damaged_repository()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(500_000)).File("b", RepositoryBench.Noise(500_000));
        var first = await bench.TakeAsync(source);
        await bench.TakeAsync(source);

        var statistics = await bench.Repository.StatisticsAsync(None);
        bench.Memory[$"snapshots/docs/{first.Id}"][50] ^= 1;
        var damaged = await bench.Repository.StatisticsAsync(None);

        Assert.Equal((2, 2_000_000, 1), (statistics.Snapshots, statistics.SnapshotBytes, statistics.Packs));
        Assert.InRange(statistics.StoredBytes, 500_000, 510_000);
        Assert.InRange(statistics.ChunkBytes, 500_000, 510_000);
        Assert.Equal((2, 1_000_000), (damaged.Snapshots, damaged.SnapshotBytes));
    }
}
