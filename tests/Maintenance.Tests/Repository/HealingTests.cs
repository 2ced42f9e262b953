using Maintenance.Tests.EndToEnd;

namespace Maintenance.Tests.Repository;

/// <summary>Damage that verification has marked is stored again by the next backup, and what is damaged goes with the prunes after it.</summary>
public sealed class HealingTests
{
    [Fact]
    public async Task After_damage_the_next_backup_of_the_same_source_makes_earlier_snapshots_whole_and_prunes_make_the_repository_clean()
    {
        var (whole, source, ids) = await CreateAsync();
        var random = new Random(3);
        var packs = whole.Memory.Below("packs/");
        for (var round = 0; round < (Thoroughness.IsFull ? 500 : 24); round++)
        {
            var name = packs[round % packs.Count];
            var bytes = whole.Memory[name].ToArray();
            var at = round < 2 * packs.Count ? (round < packs.Count ? 0 : bytes.Length - 1 - random.Next(40)) : random.Next(bytes.Length);
            bytes[at] ^= 0x80;
            await HealAsync(whole, source, ids, $"{name} at {at} of {bytes.Length}", store => store[name] = bytes);
        }
    }

    [Fact]
    public async Task A_pack_that_is_missing_cut_short_or_too_long_heals_as_well()
    {
        var (whole, source, ids) = await CreateAsync();
        foreach (var name in whole.Memory.Below("packs/"))
        {
            var bytes = whole.Memory[name];
            await HealAsync(whole, source, ids, $"{name} missing", store => store.Remove(name));
            await HealAsync(whole, source, ids, $"{name} cut", store => store[name] = bytes[..(bytes.Length / 2)]);
            await HealAsync(whole, source, ids, $"{name} cut by one", store => store[name] = bytes[..^1]);
            await HealAsync(whole, source, ids, $"{name} empty", store => store[name] = []);
            await HealAsync(whole, source, ids, $"{name} longer", store => store[name] = [.. bytes, 0]);
        }
    }

    [Fact]
    public async Task Damaged_indexes_and_marks_are_gone_after_prunes()
    {
        var (whole, source, ids) = await CreateAsync();
        foreach (var prefix in new[] { "index/", "marks/unneeded/", "marks/damaged/" })
        {
            await HealAsync(whole, source, ids, prefix, store => store[prefix + "0123456789abcdef0123456789abcdef"] = [1, 2, 3]);
        }
    }

    [Fact]
    public async Task What_no_source_has_any_more_stays_lost_is_said_and_is_not_moved_about()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(400_000)).File("b", RepositoryBench.Noise(400_000, 2)).File("c", RepositoryBench.Noise(400_000, 3));
        var first = await bench.TakeAsync(source);
        source.Remove("b");
        var pack = Assert.Single(bench.Memory.Below("packs/"));
        bench.Memory[pack][500_000] ^= 1;
        Assert.False((await bench.VerifyAsync()).IsClean);
        var second = await bench.TakeAsync(source);
        for (var i = 0; i < 4; i++)
        {
            await bench.PruneAsync();
        }

        var before = bench.Memory.Below("packs/");
        await bench.PruneAsync();
        await bench.PruneAsync();

        Assert.Equal(before, bench.Memory.Below("packs/"));
        var report = await bench.VerifyAsync();
        Assert.Equal([$"{first.Id}:b"], report.Findings.SelectMany(static finding => finding.Paths));
        await bench.AssertRestoresAsync(second, source.Contents);
    }

    [Fact]
    public async Task Damage_that_is_known_is_reported_by_a_verification_that_does_not_read_there()
    {
        var bench = await RepositoryBench.CreateAsync();
        var snapshot = await bench.TakeAsync(new MemorySource().File("a", RepositoryBench.Noise(400_000)));
        var pack = Assert.Single(bench.Memory.Below("packs/"));
        bench.Memory[pack][1000] ^= 1;
        Assert.False((await bench.VerifyAsync()).IsClean);

        var report = await bench.VerifyAsync(0);

        Assert.Equal([$"{snapshot.Id}:a"], report.Findings.SelectMany(static finding => finding.Paths));
        Assert.Equal(1, (await bench.Repository.StatisticsAsync(RepositoryBench.None)).DamagedSegments);
    }

    private static async Task<(RepositoryBench Bench, MemorySource Source, IReadOnlyList<string> Ids)> CreateAsync()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        var ids = new List<string>();
        for (var day = 1; day <= 2; day++)
        {
            for (var i = 0; i < 8; i++)
            {
                source.File($"{day}/text {i}", RepositoryBench.Text(200 * i, (day * 10) + i)).File($"{day}/noise {i}", RepositoryBench.Noise(5000, (day * 10) + i));
            }

            source.File($"{day}/large", RepositoryBench.Noise(700_000, day));
            await bench.TakeAsync(source);
        }

        // Earlier lists of entries are not to be had again; these two are the same.
        ids.Add((await bench.TakeAsync(source)).Id);
        ids.Add((await bench.TakeAsync(source)).Id);
        foreach (var id in (await bench.Repository.ListAsync(null, RepositoryBench.None)).Except(ids).ToList())
        {
            Assert.True(await bench.Repository.DropAsync(id, RepositoryBench.None));
        }

        return (bench, source, ids);
    }

    private static async Task HealAsync(RepositoryBench whole, MemorySource source, IReadOnlyList<string> ids, string what, Action<MemoryObjectStore> damage)
    {
        var store = whole.Memory.Copy();
        damage(store);
        var bench = await whole.OverAsync(store);
        Assert.False((await bench.VerifyAsync()).IsClean, what);

        _ = await bench.TakeAsync(source, how: static order => order with { Id = "docs_9" });

        foreach (var id in ids.Append("docs_9"))
        {
            await bench.AssertRestoresAsync((await bench.FindAsync(id))!, source.Contents);
        }

        for (var i = 0; i < 4; i++)
        {
            await bench.PruneAsync();
        }

        var report = await bench.VerifyAsync();
        Assert.True(report.IsClean, $"{what}: {string.Join('\n', report.Findings)}");
        foreach (var id in ids.Append("docs_9"))
        {
            await bench.AssertRestoresAsync((await bench.FindAsync(id))!, source.Contents);
        }
    }
}
