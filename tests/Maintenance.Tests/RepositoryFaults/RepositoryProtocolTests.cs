using Maintenance.Backups.Repository;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;

namespace Maintenance.Tests.RepositoryFaults;

/// <summary>Schedules made by hand: each holds one actor up at the instant at which another may do it harm.</summary>
public sealed class RepositoryProtocolTests
{
    private static readonly MemoryTree Small = MemoryTree.Of(1, 3);
    private static readonly MemoryTree Other = MemoryTree.Of(2, 7);

    [Fact]
    public async Task Two_who_make_a_repository_at_the_same_time_get_the_same_one_and_it_opens_again()
    {
        var (objects, clock) = (new MemoryObjects(), new FakeClock());
        var store = new HookedStore(objects);
        BackupRepository? second = null;
        store.Before("put", "config", async () => second = await BackupRepository.OpenAsync(new MemoryStore(objects), new OpenProtector(), clock, create: true, default));
        var first = await BackupRepository.OpenAsync(store, new OpenProtector(), clock, create: true, default);
        var third = await BackupRepository.OpenAsync(new MemoryStore(objects), new OpenProtector(), clock, create: false, default);
        Assert.Equal(first.Config, second!.Config);
        Assert.Equal(first.Config, third.Config);
        Assert.Empty((await RepositoryBench.VerifyAsync(third)).Findings);
    }

    [Fact]
    public async Task A_repository_whose_configuration_was_stored_but_the_answer_lost_opens_again()
    {
        var (objects, clock) = (new MemoryObjects(), new FakeClock());
        var first = await BackupRepository.OpenAsync(new RepeatingStore(objects), new OpenProtector(), clock, create: true, default);
        var second = await BackupRepository.OpenAsync(new MemoryStore(objects), new OpenProtector(), clock, create: false, default);
        Assert.Equal(first.Config, second.Config);
    }

    [Fact]
    public async Task Two_who_remove_the_two_keys_at_the_same_time_leave_one()
    {
        var bench = await RepositoryBench.NewAsync();
        var a = Assert.Single(await bench.Repository.KeysAsync(default));
        var b = await bench.Repository.AddKeyAsync(new OpenProtector("second"), "second", default);
        var store = bench.Hooked();
        store.Before("delete", "keys-spare/", async () => await IgnoreRefusalAsync(bench.Repository.RemoveKeyAsync(b.Id, default)));
        await IgnoreRefusalAsync(bench.Through(store).RemoveKeyAsync(a.Id, default));
        Assert.NotEmpty(await bench.Repository.KeysAsync(default));
        Assert.Empty((await RepositoryBench.VerifyAsync(bench.Repository)).Findings);

        static async Task IgnoreRefusalAsync(Task removal)
        {
            try
            {
                await removal;
            }
            catch (InvalidOperationException)
            {
                // One of the two may be refused, or both.
            }
        }
    }

    /// <summary>A mark that one prune takes away, since its pack is needed again, must not be one by which another deletes.</summary>
    [Fact]
    public async Task A_mark_that_one_prune_takes_away_is_not_acted_upon_by_another()
    {
        var bench = await RepositoryBench.NewAsync();
        await MarkNeededAsync(bench);

        var store = bench.Hooked();
        store.Before("put", "sessions/", async () =>
        {
            _ = await bench.PruneAsync();
            await bench.DropAsync(bench.Repository, "2");
        });
        store.Before("list", "sessions/", () => bench.TakeAsync("3", Small), occurrence: 2);
        _ = await RepositoryBench.PruneAsync(bench.Through(store));
        await bench.CheckAsync();
    }

    /// <summary>A backup says that it relies on nothing that the marks name which it knew: also where they are gone a moment later.</summary>
    [Fact]
    public async Task A_backup_keeps_off_packs_whose_mark_goes_while_it_begins()
    {
        var bench = await RepositoryBench.NewAsync();
        await MarkNeededAsync(bench);

        var (announced, proceed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var backup = Task.CompletedTask;
        var writer = bench.Hooked();
        writer.After("put", "sessions/", async () =>
        {
            announced.SetResult();
            await proceed.Task;
        });
        var first = bench.Hooked();
        first.Before("delete", "marks/unneeded/", async () =>
        {
            await bench.DropAsync(bench.Repository, "2");
            backup = bench.TakeAsync(bench.Through(writer), "3", Small);
            await announced.Task;
        });
        var second = bench.Hooked();
        second.Before("put", "sessions/", () => RepositoryBench.PruneAsync(bench.Through(first)));
        second.Before("list", "sessions/", async () =>
        {
            proceed.SetResult();
            await backup;
        }, occurrence: 2);
        _ = await RepositoryBench.PruneAsync(bench.Through(second));
        _ = proceed.TrySetResult();
        await backup;
        await bench.CheckAsync();
    }

    [Fact]
    public async Task No_index_names_a_pack_that_another_prune_deletes()
    {
        var bench = await RepositoryBench.NewAsync();
        _ = await bench.TakeAsync("1", Small);
        _ = await bench.TakeAsync("2", Other);
        await bench.DropAsync(bench.Repository, "1");
        _ = await bench.PruneAsync();

        var (reached, proceed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var second = bench.Hooked();
        second.Before("put", "index/", async () =>
        {
            reached.SetResult();
            await proceed.Task;
        });
        Task? other = null;
        var first = bench.Hooked();
        first.Before("delete", "packs/", async () =>
        {
            other = RepositoryBench.PruneAsync(bench.Through(second));
            await Task.WhenAny(reached.Task, other);
        });
        _ = await RepositoryBench.PruneAsync(bench.Through(first));
        proceed.SetResult();
        await other!;
        await bench.CheckAsync();
    }

    [Fact]
    public async Task A_verification_takes_nothing_that_a_prune_deletes_meanwhile_for_damage()
    {
        var bench = await RepositoryBench.NewAsync();
        _ = await bench.TakeAsync("1", Small);
        _ = await bench.TakeAsync("2", Other);
        await bench.DropAsync(bench.Repository, "1");
        _ = await bench.PruneAsync();

        var (reached, proceed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var reader = bench.Hooked();
        reader.Before("list", "keys/", async () =>
        {
            reached.SetResult();
            await proceed.Task;
        });
        Task<VerifyReport>? verification = null;
        var store = bench.Hooked();
        store.Before("delete", "packs/", async () =>
        {
            verification = RepositoryBench.VerifyAsync(bench.Through(reader));
            await reached.Task;
        });
        Assert.NotEqual(0, (await RepositoryBench.PruneAsync(bench.Through(store))).DeletedPacks);
        proceed.SetResult();
        Assert.Empty((await verification!).Findings);
        Assert.Empty(bench.Objects.Names("marks/damaged/"));
    }

    [Fact]
    public async Task A_snapshot_that_is_completed_while_a_verification_reads_is_not_taken_for_lost()
    {
        var bench = await RepositoryBench.NewAsync();
        _ = await bench.TakeAsync("1", Small);
        var store = bench.Hooked();
        store.Before("list", "keys/", () => bench.TakeAsync("2", Other));
        Assert.Empty((await RepositoryBench.VerifyAsync(bench.Through(store))).Findings);
    }

    [Theory]
    [InlineData("list", "packs/")]
    [InlineData("get", "snapshots/")]
    public async Task A_snapshot_that_is_completed_while_a_prune_looks_is_not_taken_for_damaged(string verb, string name)
    {
        var bench = await RepositoryBench.NewAsync();
        _ = await bench.TakeAsync("1", Small);
        var store = bench.Hooked();
        store.Before(verb, name, () => bench.TakeAsync("2", Other));
        _ = await RepositoryBench.PruneAsync(bench.Through(store));
        await bench.CheckAsync();
    }

    [Fact]
    public async Task A_prune_during_a_backup_does_not_make_the_next_backup_store_everything_again()
    {
        var bench = await RepositoryBench.NewAsync();
        var store = bench.Hooked();
        store.Before("put", "snapshots/", () => bench.PruneAsync());
        _ = await bench.TakeAsync(bench.Through(store), "1", Small);
        Assert.Equal(0, (await bench.TakeAsync("2", Small)).Statistics.NewBytes);
        await bench.CheckPrunedAsync();
    }

    [Fact]
    public async Task A_prune_after_a_backup_that_died_does_not_make_the_next_one_store_everything_again()
    {
        var bench = await RepositoryBench.NewAsync();
        var store = bench.Hooked();
        store.Before("put", "snapshots/", static () => throw new NotSupportedException("It dies."));
        store.Before("delete", "sessions/", static () => throw new IOException("Its session stays."));
        await Assert.ThrowsAsync<NotSupportedException>(() => bench.TakeAsync(bench.Through(store), "1", Small));
        _ = await bench.PruneAsync();
        Assert.InRange((await bench.TakeAsync("2", Small)).Statistics.NewBytes, 0, 1000);
        await bench.CheckPrunedAsync();
    }

    [Fact]
    public async Task A_prune_that_cannot_say_that_it_is_at_work_does_nothing()
    {
        var bench = await RepositoryBench.NewAsync();
        _ = await bench.TakeAsync("1", Small);
        await bench.DropAsync(bench.Repository, "1");
        var store = bench.Hooked();
        store.Before("put", "sessions/", static () => throw new IOException("No."));
        await Assert.ThrowsAsync<IOException>(() => RepositoryBench.PruneAsync(bench.Through(store)));
        Assert.Empty(bench.Objects.Names("marks/"));
    }

    [Fact]
    public async Task A_session_whose_answer_was_lost_ends_with_its_work()
    {
        var bench = await RepositoryBench.NewAsync();
        var repository = bench.Through(new RepeatingStore(bench.Objects));
        _ = await bench.TakeAsync(repository, "1", Small);
        Assert.Empty(bench.Objects.Names("sessions/"));
        await bench.CheckAsync(repository);
        Assert.Empty(bench.Objects.Names("sessions/"));
    }

    [Fact]
    public async Task A_copy_lists_no_snapshot_whose_packs_are_being_pruned_there()
    {
        var bench = await RepositoryBench.NewAsync();
        _ = await bench.TakeAsync("1", Small);
        var there = new MemoryObjects();
        var copy = bench.Through(new MemoryStore(there));
        Assert.Empty((await bench.Repository.CopyAsync(new MemoryStore(there), null, default)).Problems);
        _ = await copy.DropAsync("p_1", default);
        _ = await RepositoryBench.PruneAsync(copy);

        var store = new HookedStore(there);
        store.Before("delete", "packs/", async () =>
        {
            try
            {
                _ = await bench.Repository.CopyAsync(new MemoryStore(there), null, default);
            }
            catch (IOException)
            {
                // It may say that it is not the time.
            }
        });
        Assert.NotEqual(0, (await RepositoryBench.PruneAsync(bench.Through(store))).DeletedPacks);
        Assert.Empty((await RepositoryBench.VerifyAsync(copy)).Findings);
        Assert.Empty((await bench.Repository.CopyAsync(new MemoryStore(there), null, default)).Problems);
        await bench.CheckAsync(copy);
    }

    [Fact]
    public async Task A_pack_is_not_deleted_while_an_index_that_the_store_holds_names_it()
    {
        var bench = await RepositoryBench.NewAsync();
        _ = await bench.TakeAsync("1", Small);
        _ = await bench.TakeAsync("2", Other);
        await bench.DropAsync(bench.Repository, "1");
        _ = await bench.PruneAsync();
        var holding = bench.Through(new HoldingStore(bench.Objects, "index/"));
        Assert.Equal(0, (await RepositoryBench.PruneAsync(holding)).DeletedPacks);
        await bench.CheckAsync();
        await bench.CheckPrunedAsync();
    }

    /// <summary>A pack takes nothing more once a piece of it may be there or not: its places would be wrong, and the next segment would have the nonce of that piece.</summary>
    [Fact]
    public async Task A_pack_of_which_a_piece_failed_takes_no_further_one()
    {
        var store = new HookedStore(new MemoryObjects());
        var keys = new RepositoryKeys(new byte[RepositoryKeys.KeySize]);
        await using var packs = new PackWriter(store, keys);
        store.After("write", "packs/", static () => throw new IOException("No answer."), occurrence: 2);
        await Assert.ThrowsAsync<IOException>(() => packs.AppendAsync(new byte[100], 84, SegmentEncoding.Raw, [], default));
        await Assert.ThrowsAsync<IOException>(() => packs.AppendAsync(new byte[100], 84, SegmentEncoding.Raw, [], default));
        await Assert.ThrowsAsync<IOException>(() => packs.FinishAsync(default));
        Assert.Empty(store.Objects.Names("packs/"));
    }

    [Fact]
    public async Task A_backup_that_took_longer_than_the_repository_waits_gives_up_and_the_next_uses_what_it_stored()
    {
        var bench = await RepositoryBench.NewAsync();
        _ = await bench.TakeAsync("1", Small);
        await bench.DropAsync(bench.Repository, "1");
        _ = await bench.PruneAsync();
        var store = bench.Hooked();
        store.Before("put", "index/", async () =>
        {
            bench.Clock.Advance(TimeSpan.FromDays(5));
            _ = await bench.PruneAsync();
        });
        await Assert.ThrowsAsync<IOException>(() => bench.TakeAsync(bench.Through(store), "2", MemoryTree.Of(1, 2, 3, 4)));
        _ = await bench.TakeAsync("3", MemoryTree.Of(1, 2, 3, 4));
        await bench.CheckPrunedAsync();
    }

    /// <summary>A snapshot 2 that needs packs that are marked, since its backup began before they were, and the snapshot 1 that they were first of is dropped.</summary>
    private static async Task MarkNeededAsync(RepositoryBench bench)
    {
        _ = await bench.TakeAsync("1", Small);
        var store = bench.Hooked();
        store.Before("put", "snapshots/", async () =>
        {
            await bench.DropAsync(bench.Repository, "1");

            // Not by a prune, which marks nothing while a backup is at work that may have stored it.
            await MarkAllAsync(bench);
        });
        _ = await bench.TakeAsync(bench.Through(store), "2", Small);
    }

    private static async Task MarkAllAsync(RepositoryBench bench)
    {
        var store = bench.Hooked();
        var sessions = bench.Objects.Names("sessions/").ToDictionary(static name => name, name => bench.Objects.Get(name)!);
        foreach (var name in sessions.Keys)
        {
            _ = bench.Objects.Delete(name);
        }

        Assert.NotEqual(0, (await RepositoryBench.PruneAsync(bench.Through(store))).MarkedPacks);
        foreach (var (name, bytes) in sessions)
        {
            _ = bench.Objects.Put(name, bytes);
        }
    }

    /// <summary>A store that repeats every put, as an adapter does whose first answer got lost.</summary>
    private sealed class RepeatingStore(MemoryObjects objects) : MemoryStore(objects)
    {
        protected override Task<T> CallAsync<T>(string verb, string name, Func<T> effect, CancellationToken cancellation)
        {
            if (verb is "put" or "complete")
            {
                _ = effect();
            }

            return Task.FromResult(effect());
        }
    }

    /// <summary>A store that does not delete what begins in a certain way.</summary>
    private sealed class HoldingStore(MemoryObjects objects, string prefix) : MemoryStore(objects)
    {
        protected override Task<T> CallAsync<T>(string verb, string name, Func<T> effect, CancellationToken cancellation) =>
            verb == "delete" && name.StartsWith(prefix, StringComparison.Ordinal) ? throw new ObjectHeldException(name) : base.CallAsync(verb, name, effect, cancellation);
    }
}
