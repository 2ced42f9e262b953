using Maintenance.Backups.Repository;
using Maintenance.Tests.EndToEnd;

namespace Maintenance.Tests.RepositoryFaults;

/// <summary>Backups, prunes, a restore, a copy, a verification and a rotation of keys at the same time, in thousands of orders of their operations.</summary>
public sealed class RepositoryInterleavingTests
{
    private static readonly int Schedules = Thoroughness.IsFull ? 20_000 : 200;

    [Fact]
    public async Task Whatever_the_order_of_operations_every_snapshot_that_was_taken_restores_bit_for_bit_and_nothing_is_wrong()
    {
        for (var i = 0; i < Schedules; i++)
        {
            await RunAsync(unchecked(Thoroughness.Seed + i));
        }
    }

    /// <summary>
    /// A copy had listed a snapshot that was dropped before it came to it, and reported what it lacked as a loss; a pack that no index named any more was pruned between the two
    /// reads of a verification, which reported it.
    /// </summary>
    [Theory]
    [InlineData(599_513_893)]
    [InlineData(927_012_562)]
    public Task An_order_that_was_handled_wrongly_once_is_not_again(int seed) => RunAsync(seed);

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var turns = new Turns();
        try
        {
            var bench = await RepositoryBench.NewAsync();
            await PrepareAsync(bench, random);
            var there = new MemoryObjects();
            AddActors(turns, bench, there, random);
            await turns.RunAsync(Chooser(random));

            await bench.CheckAsync();
            await CheckCopyAsync(bench, there);
            await bench.CheckPrunedAsync();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"MAINTENANCE_SEED={seed}: {error.Message}\n{string.Join('\n', turns.Trace.TakeLast(150))}", error);
        }
    }

    /// <summary>Two or three snapshots, one of them dropped, and marks of what it had.</summary>
    private static async Task PrepareAsync(RepositoryBench bench, Random random)
    {
        var count = random.Next(1, 4);
        for (var i = 0; i < count; i++)
        {
            _ = await bench.TakeAsync($"a{i}", MemoryTree.Any(random));
        }

        if (random.Next(4) > 0)
        {
            await bench.DropAsync(bench.Repository, "a0");
        }

        for (var prunes = random.Next(3); prunes > 0; prunes--)
        {
            _ = await bench.PruneAsync();
            bench.Clock.Advance(TimeSpan.FromHours(random.Next(10)));
        }

        if (count > 1 && random.Next(3) == 0)
        {
            await bench.DropAsync(bench.Repository, "a1");
        }
    }

    private static void AddActors(Turns turns, RepositoryBench bench, MemoryObjects there, Random random)
    {
        var tree = MemoryTree.Any(random);
        var trees = new[] { tree, random.Next(2) == 0 ? tree : MemoryTree.Any(random), MemoryTree.Any(random) };
        for (var i = 0; i < random.Next(1, 4); i++)
        {
            var (id, own) = ($"b{i}", trees[i]);
            turns.Add(id, bench.Objects, store => bench.TakeAsync(bench.Through(store), id, own));
        }

        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var (name, hours, rounds) = ($"prune {i}", random.Next(6), random.Next(1, 3));
            turns.Add(name, bench.Objects, async store =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    _ = await RepositoryBench.PruneAsync(bench.Through(store));
                    bench.Clock.Advance(TimeSpan.FromHours(hours));
                }
            });
        }

        if (random.Next(2) == 0 && bench.Taken.Count > 0)
        {
            var dropped = bench.Taken[^1][2..];
            turns.Add("drop", bench.Objects, store => bench.DropAsync(bench.Through(store), dropped));
        }
        else if (bench.Taken.Count > 0)
        {
            var restored = bench.Taken[^1];
            turns.Add("restore", bench.Objects, store => bench.RestoreAsync(bench.Through(store), restored));
        }

        switch (random.Next(4))
        {
            case 0:
                turns.Add("verify", bench.Objects, async store => Assert.Empty((await RepositoryBench.VerifyAsync(bench.Through(store))).Findings));
                break;
            case 1:
                turns.Add("copy", bench.Objects, async store => Assert.Empty((await bench.Through(store).CopyAsync(new MemoryStore(there), null, default)).Problems));
                break;
            case 2:
                turns.Add("keys", bench.Objects, store => RotateAsync(bench.Through(store)));
                break;
            default:
                break;
        }
    }

    private static async Task RotateAsync(BackupRepository repository)
    {
        var old = await repository.KeysAsync(default);
        _ = await repository.AddKeyAsync(new OpenProtector("new"), "new", default);
        foreach (var key in old)
        {
            Assert.True(await repository.RemoveKeyAsync(key.Id, default));
        }
    }

    /// <summary>What a copy lists is whole there.</summary>
    private static async Task CheckCopyAsync(RepositoryBench bench, MemoryObjects there)
    {
        if (there.Names("").Count > 0)
        {
            var report = await RepositoryBench.VerifyAsync(bench.Through(new MemoryStore(there)));
            Assert.True(report.IsClean, string.Join('\n', report.Findings));
        }
    }

    /// <summary>Some schedules are fair; in others one actor goes on for long while the others stand still, which is what breaks protocols.</summary>
    private static Func<int, int> Chooser(Random random)
    {
        var (last, stickiness) = (0, random.Next(3) switch { 0 => 0, 1 => 80, _ => 97 });
        return count =>
        {
            if (last >= count || random.Next(100) >= stickiness)
            {
                last = random.Next(count);
            }

            return last;
        };
    }
}
