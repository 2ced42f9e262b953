using FsCheck.Fluent;
using Maintenance.Backups.Repository;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Repository;

/// <summary>What nobody needs goes, after its grace and from under nobody.</summary>
public sealed class PruneTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_no_snapshot_needs_is_marked_waits_for_its_grace_and_goes()
    {
        var (bench, kept, source) = await WithDroppedAsync();
        var packs = bench.Memory.Below("packs/");

        var first = await bench.PruneAsync(TimeSpan.FromDays(7));
        Assert.Equal((1, 0, 0), (first.MarkedPacks, first.DeletedPacks, first.WaitingPacks));
        bench.Clock.Advance(TimeSpan.FromDays(6));
        var early = await bench.PruneAsync(TimeSpan.FromDays(7));
        Assert.Equal((0, 0, 1), (early.MarkedPacks, early.DeletedPacks, early.WaitingPacks));
        Assert.Equal(packs, bench.Memory.Below("packs/"));
        bench.Clock.Advance(TimeSpan.FromDays(2));

        var dry = await bench.Repository.PruneAsync(new PruneOrder(TimeSpan.FromDays(7)) { IsDryRun = true }, null, None);
        Assert.Equal((true, 1), (dry.IsDryRun, dry.DeletedPacks));
        Assert.Equal(packs, bench.Memory.Below("packs/"));
        var last = await bench.PruneAsync(TimeSpan.FromDays(7));

        Assert.Equal((1, 0, 0), (last.DeletedPacks, last.RewrittenPacks, last.WaitingPacks));
        Assert.True(last.FreedBytes > 500_000);
        Assert.Single(packs.Except(bench.Memory.Below("packs/")));
        Assert.Empty(bench.Memory.Below("marks/"));
        await bench.AssertRestoresAsync(kept, source.Contents);
        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task A_pack_of_which_little_is_needed_is_rewritten_and_everything_restores()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        for (var i = 0; i < 10; i++)
        {
            source.File($"{i}", RepositoryBench.Noise(300_000, i)).File($"small {i}", RepositoryBench.Text(3000, i));
        }

        var first = await bench.TakeAsync(source);
        for (var i = 0; i < 7; i++)
        {
            source.Remove($"{i}");
            source.Remove($"small {i}");
        }

        var second = await bench.TakeAsync(source);
        Assert.True(await bench.Repository.DropAsync(first.Id, None));
        Assert.Equal(1, (await bench.PruneAsync()).MarkedPacks);

        var report = await bench.PruneAsync();

        Assert.Equal((1, 1), (report.DeletedPacks, report.RewrittenPacks));
        Assert.InRange(report.FreedBytes, 7 * 300_000, 10 * 300_000);
        await bench.AssertRestoresAsync(second, source.Contents);
        Assert.True((await bench.VerifyAsync()).IsClean);
        Assert.InRange((await bench.Repository.StatisticsAsync(None)).StoredBytes, 3 * 300_000, 4 * 300_000);
        var idle = await bench.PruneAsync();
        Assert.Equal((0, 0), (idle.MarkedPacks, idle.DeletedPacks));
    }

    [Fact]
    public async Task Somebody_who_reads_keeps_what_he_may_rely_on()
    {
        var (bench, _, _) = await WithDroppedAsync();
        var dropped = await bench.TakeAsync(new MemorySource(description: "two").File("x", RepositoryBench.Noise(600_000, 50)).File("y", [1]), "two");
        Assert.True(await bench.Repository.DropAsync(dropped.Id, None));
        var reading = bench.Repository.EntriesAsync(dropped, None).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync());
        var packs = bench.Memory.Below("packs/");
        await bench.PruneAsync();

        var report = await bench.PruneAsync();

        Assert.Equal((0, 2), (report.DeletedPacks, report.WaitingPacks));
        Assert.Contains("At work in the repository: list", Assert.Single(report.Notes), StringComparison.Ordinal);
        Assert.Equal(packs, bench.Memory.Below("packs/"));
        await reading.DisposeAsync();
        Assert.Equal(2, (await bench.PruneAsync()).DeletedPacks);
    }

    [Fact]
    public async Task A_backup_under_way_may_rely_on_what_is_marked_meanwhile()
    {
        var (bench, _, _) = await WithDroppedAsync();
        var source = new MemorySource().File("a", [1]).File("gone", RepositoryBench.Noise(600_000, 40)).File("m", [2]).File("z", RepositoryBench.Noise(1000, 8));
        source.Naming = path =>
        {
            if (path is "a" or "z")
            {
                _ = bench.PruneAsync().GetAwaiter().GetResult();
                _ = bench.PruneAsync().GetAwaiter().GetResult();
            }
        };

        var snapshot = await bench.TakeAsync(source);

        Assert.InRange(snapshot.Statistics.NewBytes, 1, 10_000);
        source.Naming = static _ => { };
        for (var i = 0; i < 3; i++)
        {
            await bench.AssertRestoresAsync(snapshot, source.Contents);
            Assert.True((await bench.VerifyAsync()).IsClean);
            await bench.PruneAsync();
        }
    }

    [Fact]
    public async Task A_backup_that_begins_after_a_mark_does_not_rely_on_it_and_does_not_hold_it_up()
    {
        var (bench, _, _) = await WithDroppedAsync();
        Assert.Equal(1, (await bench.PruneAsync()).MarkedPacks);
        var source = new MemorySource().File("gone", RepositoryBench.Noise(600_000, 40)).File("z", [1]);
        var deleted = 0;
        source.Naming = path => deleted += path == "z" ? bench.PruneAsync().GetAwaiter().GetResult().DeletedPacks : 0;

        var snapshot = await bench.TakeAsync(source);

        Assert.Equal(1, deleted);
        Assert.InRange(snapshot.Statistics.NewBytes, 600_000, 610_000);
        await bench.AssertRestoresAsync(snapshot, source.Contents);
        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task A_session_of_somebody_who_died_delays_a_prune_for_four_days()
    {
        var (bench, _, _) = await WithDroppedAsync();
        _ = await bench.PruneAsync();
        var died = bench.Repository.EntriesAsync((await bench.FindAsync("docs_000002"))!, None).GetAsyncEnumerator();
        Assert.True(await died.MoveNextAsync());
        Assert.Single(bench.Memory.Below("sessions/"));

        bench.Clock.Advance(TimeSpan.FromDays(3.9));
        Assert.Equal(0, (await bench.PruneAsync()).DeletedPacks);
        bench.Clock.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal(1, (await bench.PruneAsync()).DeletedPacks);

        Assert.Empty(bench.Memory.Below("sessions/"));
    }

    [Fact]
    public async Task Nothing_is_pruned_while_a_snapshot_cannot_be_read()
    {
        var (bench, kept, _) = await WithDroppedAsync();
        _ = await bench.PruneAsync();
        var packs = bench.Memory.Below("packs/");
        bench.Memory[$"snapshots/docs/{kept.Id}"][30] ^= 1;

        await Assert.ThrowsAsync<InvalidDataException>(() => bench.PruneAsync());

        Assert.Equal(packs, bench.Memory.Below("packs/"));
        Assert.Empty(bench.Memory.Below("sessions/"));
    }

    [Fact]
    public async Task What_the_store_holds_is_reported_and_goes_once_it_may()
    {
        var (bench, kept, source) = await WithDroppedAsync();
        _ = await bench.PruneAsync();
        bench.Memory.IsHeld = static name => name.StartsWith("packs/", StringComparison.Ordinal);

        for (var i = 0; i < 2; i++)
        {
            var held = await bench.PruneAsync();
            Assert.Equal((0, 1), (held.DeletedPacks, held.HeldPacks));
            Assert.NotEmpty(held.Notes);
            await bench.AssertRestoresAsync(kept, source.Contents);
            Assert.True((await bench.VerifyAsync()).IsClean);
        }

        bench.Memory.IsHeld = static _ => false;
        Assert.Equal(1, (await bench.PruneAsync()).DeletedPacks);
        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task A_session_that_has_grown_stale_keeps_nothing_though_the_store_holds_it()
    {
        var (bench, kept, source) = await WithDroppedAsync();
        bench.Memory.IsHeld = static name => name.StartsWith("sessions/", StringComparison.Ordinal);
        _ = await bench.PruneAsync();
        Assert.NotEmpty(bench.Memory.Below("sessions/"));

        Assert.Equal(0, (await bench.PruneAsync()).DeletedPacks);
        bench.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal(1, (await bench.PruneAsync()).DeletedPacks);
        await bench.AssertRestoresAsync(kept, source.Contents);
    }

    [Fact]
    public async Task A_store_that_holds_everything_breaks_nothing()
    {
        var (bench, kept, source) = await WithDroppedAsync();
        bench.Memory.IsHeld = static _ => true;

        for (var i = 0; i < 4; i++)
        {
            _ = await bench.PruneAsync();
            await bench.AssertRestoresAsync(kept, source.Contents);
            var report = await bench.VerifyAsync();
            Assert.True(report.IsClean, string.Join('\n', report.Findings));
            bench.Clock.Advance(TimeSpan.FromDays(5));
        }

        await Assert.ThrowsAsync<Maintenance.Storage.ObjectHeldException>(() => bench.Repository.DropAsync(kept.Id, None));
    }

    [Fact]
    public async Task An_index_that_the_store_holds_longer_than_a_pack_makes_no_false_alarm()
    {
        var (bench, kept, source) = await WithDroppedAsync();
        bench.Memory.IsHeld = static name => name.StartsWith("index/", StringComparison.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            _ = await bench.PruneAsync();
        }

        await bench.AssertRestoresAsync(kept, source.Contents);
        var report = await bench.VerifyAsync();
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
    }

    [Fact]
    public async Task A_snapshot_that_is_taken_while_others_are_verified_or_pruned_is_no_false_alarm()
    {
        var (bench, _, _) = await WithDroppedAsync();
        var next = 0;
        async Task TakeMeanwhileAsync(Func<Task> work)
        {
            // The indexes have been read when the packs are.
            var isTaken = false;
            bench.Memory.Reading = name =>
            {
                if (!isTaken && name.StartsWith("packs/", StringComparison.Ordinal))
                {
                    isTaken = true;
                    _ = bench.TakeAsync(new MemorySource(description: "meanwhile").File("new", RepositoryBench.Noise(5000, 100 + ++next)), "meanwhile").GetAwaiter().GetResult();
                }
            };
            await work();
            Assert.True(isTaken);
            bench.Memory.Reading = static _ => { };
        }

        await TakeMeanwhileAsync(async () => Assert.True((await bench.VerifyAsync()).IsClean));
        await TakeMeanwhileAsync(() => bench.PruneAsync());
        await TakeMeanwhileAsync(() => bench.PruneAsync());

        var report = await bench.VerifyAsync();
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
        Assert.Equal(4, report.Snapshots);
    }

    [Fact]
    public void Whatever_is_taken_dropped_and_pruned_in_whatever_order_every_snapshot_restores() =>
        Law.Holds(Gen.Choose(0, int.MaxValue), 8, static seed => LiveAsync(new Random(seed)).GetAwaiter().GetResult());

    [Fact]
    public async Task Backups_and_prunes_at_the_same_time_lose_nothing()
    {
        var bench = await RepositoryBench.CreateAsync();
        bench.Memory.Yields = true;
        var done = 0;
        var pruning = Task.Run(async () =>
        {
            while (Volatile.Read(ref done) == 0)
            {
                _ = await bench.PruneAsync();
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            var source = new MemorySource(description: $"{worker}");
            for (var round = 0; round < 15; round++)
            {
                for (var i = 0; i < 6; i++)
                {
                    source.File($"{i}", RepositoryBench.Noise(20_000, random.Next(12)));
                }

                var snapshot = await bench.Repository.TakeAsync(new SnapshotOrder($"p{worker}_{round:D3}", $"p{worker}"), source, null, None);
                await bench.AssertRestoresAsync(snapshot, source.Contents);
                foreach (var old in (await bench.Repository.ListAsync($"p{worker}", None)).SkipLast(2))
                {
                    _ = await bench.Repository.DropAsync(old, None);
                }
            }
        })));
        Volatile.Write(ref done, 1);
        await pruning;

        var report = await bench.VerifyAsync();
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
        Assert.Equal(6, report.Snapshots);
    }

    private static async Task LiveAsync(Random random)
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        var there = new Dictionary<string, (Snapshot Snapshot, Dictionary<string, byte[]> Contents)>(StringComparer.Ordinal);
        for (var step = 0; step < 30; step++)
        {
            switch (random.Next(4))
            {
                case 0 when there.Count > 0:
                    var dropped = there.Keys.ElementAt(random.Next(there.Count));
                    Assert.True(await bench.Repository.DropAsync(dropped, None));
                    _ = there.Remove(dropped);
                    break;
                case 1:
                    bench.Clock.Advance(TimeSpan.FromHours(random.Next(30)));
                    _ = await bench.PruneAsync(TimeSpan.FromHours(random.Next(3) * 10));
                    break;
                default:
                    for (var i = random.Next(5); i >= 0; i--)
                    {
                        source.File($"{random.Next(12)}", random.Next(2) == 0 ? RepositoryBench.Noise(random.Next(300_000), random.Next(20)) : RepositoryBench.Text(random.Next(10_000), random.Next(20)));
                    }

                    var snapshot = await bench.TakeAsync(source);
                    there[snapshot.Id] = (snapshot, source.Contents.ToDictionary(StringComparer.Ordinal));
                    break;
            }
        }

        foreach (var (snapshot, contents) in there.Values)
        {
            await bench.AssertRestoresAsync(snapshot, contents);
        }

        var report = await bench.VerifyAsync();
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
    }

    /// <summary>A repository with a snapshot that is kept and a pack of one that was dropped.</summary>
    private static async Task<(RepositoryBench Bench, Snapshot Kept, MemorySource Source)> WithDroppedAsync()
    {
        var bench = await RepositoryBench.CreateAsync();
        var dropped = await bench.TakeAsync(new MemorySource(description: "other").File("gone", RepositoryBench.Noise(600_000, 40)), "docs");
        var source = new MemorySource().File("kept", RepositoryBench.Noise(500_000, 41)).File("text", RepositoryBench.Text(5000));
        var kept = await bench.TakeAsync(source);
        Assert.True(await bench.Repository.DropAsync(dropped.Id, None));
        return (bench, kept, source);
    }
}
