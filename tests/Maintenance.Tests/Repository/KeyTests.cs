using Maintenance.Backups.Repository;
using Maintenance.Tests.Contracts;

namespace Maintenance.Tests.Repository;

/// <summary>The wrapped keys of a repository: who opens it, and who does not.</summary>
public sealed class KeyTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Several_wrappings_open_the_same_repository_and_a_removed_one_no_longer_does()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(100_000));
        var snapshot = await bench.TakeAsync(source);
        var first = Assert.Single(await bench.Repository.KeysAsync(None));

        var second = await bench.Repository.AddKeyAsync(new FixedKeyProtector("second"), "the other one", None);

        Assert.Equal(new[] { first.Id, second.Id }.Order(), (await bench.Repository.KeysAsync(None)).Select(static key => key.Id));
        Assert.Equal("the other one", second.Label);
        var opened = await BackupRepository.OpenAsync(bench.Store, new FixedKeyProtector("second"), bench.Clock, create: false, None);
        Assert.Equal(bench.Repository.Config, opened.Config);
        Assert.True(await opened.RemoveKeyAsync(first.Id, None));
        await Assert.ThrowsAsync<RepositoryLockedException>(() => RepositoryBench.OpenAsync(bench.Store));
        var again = await BackupRepository.OpenAsync(bench.Store, new FixedKeyProtector("second"), bench.Clock, create: false, None);
        Assert.Equal(snapshot.Tree, (await again.FindAsync(snapshot.Id, None))!.Tree);
        Assert.True((await again.VerifyAsync(new VerifyOrder(100), null, None)).IsClean);
    }

    [Fact]
    public async Task The_last_key_cannot_be_removed()
    {
        var bench = await RepositoryBench.CreateAsync();
        var key = Assert.Single(await bench.Repository.KeysAsync(None));

        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Repository.RemoveKeyAsync(key.Id, None));

        Assert.False(await bench.Repository.RemoveKeyAsync("0123456789abcdef0123456789abcdef", None));
        Assert.False(await bench.Repository.RemoveKeyAsync("../config", None));
        _ = await RepositoryBench.OpenAsync(bench.Store);
    }

    [Fact]
    public async Task A_key_whose_objects_are_damaged_does_not_count_as_the_one_that_is_left()
    {
        var bench = await RepositoryBench.CreateAsync();
        var first = Assert.Single(await bench.Repository.KeysAsync(None));
        var second = await bench.Repository.AddKeyAsync(new FixedKeyProtector("second"), "second", None);
        bench.Memory["keys/" + second.Id][3] ^= 1;
        bench.Memory["keys-spare/" + second.Id] = [];

        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Repository.RemoveKeyAsync(first.Id, None));
        Assert.True(await bench.Repository.RemoveKeyAsync(second.Id, None));

        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task A_change_of_keys_touches_nothing_but_keys()
    {
        var bench = await RepositoryBench.CreateAsync();
        await bench.TakeAsync(new MemorySource().File("a", RepositoryBench.Noise(3_000_000)));
        var before = bench.Memory.Names.Where(static name => !name.StartsWith("keys", StringComparison.Ordinal)).ToDictionary(static name => name, name => bench.Memory[name].ToArray(), StringComparer.Ordinal);
        var old = Assert.Single(await bench.Repository.KeysAsync(None));

        _ = await bench.Repository.AddKeyAsync(new FixedKeyProtector("new"), "new", None);
        Assert.True(await bench.Repository.RemoveKeyAsync(old.Id, None));

        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), bench.Memory.Names.Where(static name => !name.StartsWith("keys", StringComparison.Ordinal)));
        Assert.All(before, item => Assert.Equal(item.Value, bench.Memory[item.Key]));
    }

    [Fact]
    public async Task A_repository_that_does_not_open_says_why()
    {
        var bench = await RepositoryBench.CreateAsync();

        var locked = await Assert.ThrowsAsync<RepositoryLockedException>(() => BackupRepository.OpenAsync(bench.Store, new FixedKeyProtector("wrong"), bench.Clock, create: true, None));
        Assert.Contains("key of wrong", locked.Message, StringComparison.Ordinal);

        var none = await Assert.ThrowsAsync<RepositoryLockedException>(() => RepositoryBench.OpenAsync(new MemoryObjectStore()));
        Assert.Contains("no repository", none.Message, StringComparison.Ordinal);

        await bench.TakeAsync(new MemorySource().File("a", [1]));
        foreach (var name in bench.Memory.Names.Where(static name => name == "config" || name.StartsWith("keys", StringComparison.Ordinal)))
        {
            bench.Memory.Remove(name);
        }

        var lost = await Assert.ThrowsAsync<InvalidDataException>(() => BackupRepository.OpenAsync(bench.Store, new FixedKeyProtector(), bench.Clock, create: true, None));
        Assert.Contains("they were deleted", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_format_is_refused_and_a_damaged_digit_is_not_taken_for_one()
    {
        var bench = await RepositoryBench.CreateAsync();
        var snapshot = await bench.TakeAsync(new MemorySource().File("a", [1]));
        var at = bench.Memory["config"].AsSpan().IndexOf("\"format\":1"u8) + 9;
        bench.Memory["config"][at] = (byte)'2';

        var opened = await RepositoryBench.OpenAsync(bench.Store);
        Assert.NotNull(await opened.FindAsync(snapshot.Id, None));

        var stranger = await Assert.ThrowsAsync<InvalidDataException>(() => BackupRepository.OpenAsync(bench.Store, new FixedKeyProtector("wrong"), bench.Clock, create: false, None));
        Assert.Contains("newer program", stranger.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_make_the_repository_at_once_end_with_one_that_all_open()
    {
        for (var round = 0; round < 25; round++)
        {
            var store = new MemoryObjectStore { Yields = true };
            var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
            {
                // One that finds nobody's key left in between asks again, as a process that starts anew does.
                try
                {
                    return await OpenAsync(store);
                }
                catch (RepositoryLockedException)
                {
                    return await OpenAsync(store);
                }
            })));

            _ = Assert.Single(opened.Select(static repository => repository.Config.Repository).Distinct());
            await AssertSharedAsync(store, opened);
        }
    }

    [Fact]
    public async Task Whoever_finishes_what_another_has_begun_shares_it_with_him()
    {
        // The first has stored his key and not yet the configuration when the second comes, with the same protector, and finishes it.
        var store = new MemoryObjectStore();
        BackupRepository? second = null;
        var isSecond = false;
        store.Writing = name =>
        {
            if (name == "config" && !isSecond)
            {
                isSecond = true;
                second = OpenAsync(store).GetAwaiter().GetResult();
            }
        };

        var first = await OpenAsync(store);

        Assert.NotNull(second);
        await AssertSharedAsync(store, [first, second]);
    }

    [Fact]
    public async Task A_key_that_lost_the_race_is_not_taken_for_the_repositorys_when_the_configuration_is_lost()
    {
        var bench = await RepositoryBench.CreateAsync();
        var snapshot = await bench.TakeAsync(new MemorySource().File("a", [1]));
        for (var i = 0; i < 8; i++)
        {
            var other = await RepositoryBench.CreateAsync();
            foreach (var name in other.Memory.Names.Where(static name => name.StartsWith("keys", StringComparison.Ordinal)))
            {
                bench.Memory[name] = other.Memory[name];
            }
        }

        bench.Memory.Remove("config");

        var opened = await RepositoryBench.OpenAsync(bench.Store);
        Assert.NotNull(await opened.FindAsync(snapshot.Id, None));
    }

    private static Task<BackupRepository> OpenAsync(MemoryObjectStore store) => BackupRepository.OpenAsync(store, new FixedKeyProtector(), new FakeClock(), create: true, None);

    /// <summary>What each stores every other one reads, and so does whoever opens it anew.</summary>
    private static async Task AssertSharedAsync(MemoryObjectStore store, IReadOnlyList<BackupRepository> opened)
    {
        for (var i = 0; i < opened.Count; i++)
        {
            _ = await opened[i].TakeAsync(new SnapshotOrder($"p_{i}", "p"), new MemorySource().File("a", [(byte)i]), null, None);
        }

        foreach (var repository in opened.Append(await BackupRepository.OpenAsync(store, new FixedKeyProtector(), new FakeClock(), create: false, None)))
        {
            var report = await repository.VerifyAsync(new VerifyOrder(100), null, None);
            Assert.True(report.IsClean, string.Join('\n', report.Findings));
            Assert.Equal(opened.Count, report.Snapshots);
        }
    }
}
