using Maintenance.Backups.Repository;

namespace Maintenance.Tests.Repository;

/// <summary>A copy of a repository stands alone.</summary>
public sealed class CopyTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_copy_opens_verifies_and_restores_by_itself_and_takes_what_is_new_only()
    {
        var (bench, source, first) = await CreateAsync();
        var copy = new MemoryObjectStore();

        var report = await bench.Repository.CopyAsync(copy, null, None);

        Assert.Empty(report.Problems);
        Assert.Equal(1, report.Snapshots);
        Assert.Equal(bench.Memory.Names, copy.Names);
        Assert.Equal(report.Bytes, copy.Names.Sum(name => (long)copy[name].Length));
        var again = await bench.Repository.CopyAsync(copy, null, None);
        Assert.Equal((0, 0, 0), (again.Objects, again.Bytes, again.Snapshots));

        var second = await bench.TakeAsync(source.File("new", RepositoryBench.Noise(50_000, 9)));
        var later = await bench.Repository.CopyAsync(copy, null, None);
        Assert.Equal((3, 1), (later.Objects, later.Snapshots));
        var alone = await bench.OverAsync(copy.Copy());
        Assert.True((await alone.VerifyAsync()).IsClean);
        await alone.AssertRestoresAsync((await alone.FindAsync(second.Id))!, source.Contents);
        Assert.Equal(first.Tree, (await bench.Repository.At(copy).FindAsync(first.Id, None))!.Tree);
        Assert.Empty(copy.Below("sessions/"));
        await alone.TakeAsync(source);
    }

    [Fact]
    public async Task Another_repository_in_the_copys_place_is_refused_and_left_alone()
    {
        var (bench, _, _) = await CreateAsync();
        var other = await RepositoryBench.CreateAsync();
        var names = other.Memory.Names;

        await Assert.ThrowsAsync<IOException>(() => bench.Repository.CopyAsync(other.Store, null, None));

        Assert.Equal(names, other.Memory.Names);
    }

    [Fact]
    public async Task Of_a_damaged_repository_whole_snapshots_alone_are_copied()
    {
        var (bench, source, first) = await CreateAsync();
        var more = new MemorySource(description: "other").File("other", RepositoryBench.Noise(400_000, 20));
        var packs = bench.Memory.Below("packs/");
        var second = await bench.TakeAsync(more, "other");
        bench.Memory.Remove(Assert.Single(bench.Memory.Below("packs/").Except(packs)));
        var copy = new MemoryObjectStore();

        var report = await bench.Repository.CopyAsync(copy, null, None);

        Assert.NotEmpty(report.Problems);
        Assert.Contains(report.Problems, problem => problem.Contains(second.Id, StringComparison.Ordinal));
        var alone = await bench.OverAsync(copy);
        Assert.Equal([first.Id], await alone.Repository.ListAsync(null, None));
        await alone.AssertRestoresAsync((await alone.FindAsync(first.Id))!, source.Contents);
    }

    [Fact]
    public async Task A_damaged_manifest_is_not_copied()
    {
        var (bench, source, first) = await CreateAsync();
        var second = await bench.TakeAsync(source);
        bench.Memory[$"snapshots/docs/{second.Id}"][40] ^= 1;
        var copy = new MemoryObjectStore();

        var report = await bench.Repository.CopyAsync(copy, null, None);

        Assert.Contains(second.Id, Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal([first.Id], await bench.Repository.At(copy).ListAsync(null, None));
    }

    [Fact]
    public async Task A_copy_that_cannot_be_written_says_so_and_is_completed_by_the_next_try()
    {
        var (bench, source, first) = await CreateAsync();
        var copy = new MemoryObjectStore { Writing = static name => _ = name.StartsWith("packs/", StringComparison.Ordinal) ? throw new IOException("No space is left.") : 0 };

        var report = await bench.Repository.CopyAsync(copy, null, None);

        Assert.Contains("No space is left.", report.Problems[0], StringComparison.Ordinal);
        Assert.Empty(copy.Below("snapshots/"));
        copy.Writing = static _ => { };
        Assert.Empty((await bench.Repository.CopyAsync(copy, null, None)).Problems);
        var alone = await bench.OverAsync(copy);
        await alone.AssertRestoresAsync((await alone.FindAsync(first.Id))!, source.Contents);
        Assert.True((await alone.VerifyAsync()).IsClean);
    }

    private static async Task<(RepositoryBench Bench, MemorySource Source, Snapshot First)> CreateAsync()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(700_000)).File("b", RepositoryBench.Text(4000));
        return (bench, source, await bench.TakeAsync(source));
    }
}
