using Maintenance.Backups.Repository;
using Maintenance.Tests.EndToEnd;

namespace Maintenance.Tests.RepositoryFaults;

/// <summary>A store that fails at any operation, before or after it took effect.</summary>
public sealed class RepositoryFaultTests
{
    private static readonly int Cases = Thoroughness.IsFull ? 10_000 : 150;

    [Fact]
    public async Task Whatever_the_store_does_a_backup_throws_or_restores_bit_for_bit_and_no_earlier_snapshot_is_harmed()
    {
        var (succeeded, failed) = (0, 0);
        for (var i = 0; i < Cases; i++)
        {
            var (well, badly) = await RunAsync(unchecked(Thoroughness.Seed + i));
            (succeeded, failed) = (succeeded + well, failed + badly);
        }

        // Neither all well nor all failed: the faults are where the work is.
        Assert.True(succeeded > Cases && failed > Cases, $"{succeeded} operations succeeded and {failed} failed.");
    }

    [Fact]
    public async Task What_a_backup_stored_that_was_cut_off_anywhere_is_used_by_the_next_one()
    {
        var tree = MemoryTree.Of(1, 2, 3, 7, 11, 15);
        var reused = 0;
        for (var cut = 1; ; cut++)
        {
            var bench = await RepositoryBench.NewAsync();
            var store = new CutStore(bench.Objects, cut);
            try
            {
                _ = await bench.TakeAsync(bench.Through(store), "1", tree);
                Assert.True(reused > 3, $"Only {reused} cuts left something behind.");
                return;
            }
            catch (Exception error) when (error is IOException or RepositoryWriteException)
            {
                var packs = bench.Objects.Names("packs/").Count;
                reused += packs > 0 ? 1 : 0;
                var next = await bench.TakeAsync("2", tree);
                Assert.InRange(bench.Objects.Names("packs/").Count, packs, 6);
                Assert.True(packs == 0 || next.Statistics.NewBytes < tree.Files.Values.Sum(static content => content.Length), $"After {packs} packs everything was stored again.");
                await bench.CheckPrunedAsync();
            }
        }
    }

    private static async Task<(int Succeeded, int Failed)> RunAsync(int seed)
    {
        var random = new Random(seed);
        var bench = await RepositoryBench.NewAsync();
        var (succeeded, failed) = (0, 0);
        try
        {
            var store = new FaultyStore(bench.Objects, seed) { Faults = random.Next(3, 60) };
            var repository = bench.Through(store);
            var pending = new Dictionary<string, MemoryTree>(StringComparer.Ordinal);
            for (var step = 0; step < 8; step++)
            {
                bench.Clock.Advance(TimeSpan.FromHours(random.Next(40)));
                var id = $"{step}";
                await TryAsync(random.Next(7) switch
                {
                    0 or 1 or 2 => () => bench.TakeAsync(repository, id, pending[id] = MemoryTree.Any(random), random.Next(2) == 0 ? null : random.Next(5)),
                    3 or 4 => () => RepositoryBench.PruneAsync(repository),
                    5 when bench.Taken.Count > 0 => () => bench.DropAsync(repository, bench.Taken[0][2..]),
                    5 => () => RotateAsync(repository),
                    _ => () => RepositoryBench.VerifyAsync(repository),
                });
            }

            await bench.CheckRestoresAsync();
            await CheckListedAsync(bench, pending);

            // What verifications took for damage, since the store did not answer, is stored again; what is there stays sound.
            _ = await bench.TakeAsync("healed", MemoryTree.Any(random));
            await CheckKeysAsync(bench);
            await bench.CheckAsync();
            await bench.CheckPrunedAsync();
            return (succeeded, failed);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"MAINTENANCE_SEED={seed}: {error.Message}", error);
        }

        async Task TryAsync(Func<Task> act)
        {
            try
            {
                await act();
                succeeded++;
            }
            catch (Exception error) when (error is IOException or TimeoutException or RepositoryWriteException)
            {
                failed++;
            }
        }
    }

    /// <summary>A backup that threw after its manifest took effect has given a snapshot as good as any.</summary>
    private static async Task CheckListedAsync(RepositoryBench bench, Dictionary<string, MemoryTree> pending)
    {
        foreach (var id in await bench.Repository.ListAsync(null, default))
        {
            if (!bench.Taken.Contains(id) && pending.TryGetValue(id[2..], out var tree))
            {
                var snapshot = await bench.Repository.FindAsync(id, default);
                await using var target = new MemoryTarget();
                Assert.Empty((await bench.Repository.RestoreAsync(snapshot!, target, [], null, default)).Losses);
                Assert.Null(target.DiffersFrom(tree));
            }
        }
    }

    private static async Task RotateAsync(BackupRepository repository)
    {
        var old = await repository.KeysAsync(default);
        _ = await repository.AddKeyAsync(new OpenProtector("new"), "new", default);
        _ = await repository.RemoveKeyAsync(old[0].Id, default);
    }

    /// <summary>However a rotation was cut off, a key is left; what was half added or half removed is removed by doing so again.</summary>
    private static async Task CheckKeysAsync(RepositoryBench bench)
    {
        var keys = await bench.Repository.KeysAsync(default);
        Assert.NotEmpty(keys);
        var halves = keys.Where(key => bench.Objects.Get("keys/" + key.Id) is null || bench.Objects.Get("keys-spare/" + key.Id) is null).ToList();
        if (halves.Count > 0)
        {
            _ = await bench.Repository.AddKeyAsync(new OpenProtector("whole"), "whole", default);
            foreach (var key in halves)
            {
                Assert.True(await bench.Repository.RemoveKeyAsync(key.Id, default));
            }
        }
    }

    /// <summary>A store that is gone from a certain operation that writes on.</summary>
    private sealed class CutStore(MemoryObjects objects, int after) : MemoryStore(objects)
    {
        private int _left = after;

        protected override Task<T> CallAsync<T>(string verb, string name, Func<T> effect, CancellationToken cancellation) =>
            _left <= 0 || (verb is "put" or "complete" or "write" && Interlocked.Decrement(ref _left) <= 0) ? throw new IOException("It is gone.") : Task.FromResult(effect());
    }
}
