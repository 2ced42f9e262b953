using System.Collections.Concurrent;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;
using Maintenance.Tests.Repository;

namespace Maintenance.Tests.RepositoryFaults;

/// <summary>Wraps a key with next to nothing, since a passphrase costs a fifth of a second.</summary>
internal sealed class OpenProtector(string name = "open") : IKeyProtector
{
    public string Description => name;

    public Task<KeyWrapping> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation) =>
        Task.FromResult(new KeyWrapping("passphrase", Convert.ToBase64String(key.Span), Key: name));

    public Task<byte[]?> UnwrapAsync(KeyWrapping wrapping, CancellationToken cancellation) =>
        Task.FromResult(wrapping.Key == name ? Convert.FromBase64String(wrapping.Wrapped) : null);
}

/// <summary>A repository in memory, the snapshots that were taken of it, and what must hold of both.</summary>
internal sealed class RepositoryBench
{
    private readonly ConcurrentDictionary<string, MemoryTree> _taken = new(StringComparer.Ordinal);

    private RepositoryBench(FakeClock clock, MemoryObjects objects, BackupRepository repository) => (Clock, Objects, Repository) = (clock, objects, repository);

    public FakeClock Clock { get; }

    public MemoryObjects Objects { get; }

    /// <summary>The repository through a store that does as it is told.</summary>
    public BackupRepository Repository { get; }

    /// <summary>Ids of the snapshots whose taking returned, and that nobody dropped.</summary>
    public IReadOnlyList<string> Taken => [.. _taken.Keys.Order(StringComparer.Ordinal)];

    public static async Task<RepositoryBench> NewAsync()
    {
        var (clock, objects) = (new FakeClock(), new MemoryObjects());
        return new RepositoryBench(clock, objects, await BackupRepository.OpenAsync(new MemoryStore(objects), new OpenProtector(), clock, create: true, default));
    }

    public BackupRepository Through(IObjectStore store) => Repository.At(store);

    public HookedStore Hooked() => new(Objects);

    /// <summary>Takes a snapshot in packs of about a segment each: at one go, or in parts and in slices of so many looks at the time.</summary>
    public async Task<Snapshot> TakeAsync(BackupRepository repository, string id, MemoryTree tree, int? looks = null)
    {
        var order = new SnapshotOrder("p_" + id, "p") { Workers = 1, PackSize = 100_000, Compression = BackupCompression.None };
        var snapshot = looks is { } budget ? await InSlices.TakeAsync(repository, order, tree.Source, budget) : await AtOnceAsync();
        Assert.Empty(snapshot.Problems);
        _taken[snapshot.Id] = tree;
        return snapshot;

        async Task<Snapshot> AtOnceAsync()
        {
            await using var source = tree.Source();
            return await repository.TakeAsync(order, source, null, default);
        }
    }

    public Task<Snapshot> TakeAsync(string id, MemoryTree tree) => TakeAsync(Repository, id, tree);

    public async Task DropAsync(BackupRepository repository, string id)
    {
        _ = _taken.TryRemove("p_" + id, out _);
        _ = await repository.DropAsync("p_" + id, default);
    }

    public static Task<PruneReport> PruneAsync(BackupRepository repository) => repository.PruneAsync(new PruneOrder(TimeSpan.Zero), null, default);

    public Task<PruneReport> PruneAsync() => PruneAsync(Repository);

    public static Task<VerifyReport> VerifyAsync(BackupRepository repository) => repository.VerifyAsync(new VerifyOrder(100) { Workers = 1 }, null, default);

    /// <summary>Restores one of the snapshots.</summary>
    public async Task RestoreAsync(BackupRepository repository, string id)
    {
        var tree = _taken[id];
        var snapshot = await repository.FindAsync(id, default);
        Assert.True(snapshot is not null, $"The manifest of {id} is gone.");
        await using var target = new MemoryTarget();
        var report = await repository.RestoreAsync(snapshot, target, [], null, default);
        Assert.True(report.LossCount == 0, $"{id} lost {string.Join("; ", report.Losses)}");
        Assert.True(target.DiffersFrom(tree) is null, $"{id}: {target.DiffersFrom(tree)}");
    }

    /// <summary>Every snapshot restores bit for bit.</summary>
    public async Task CheckRestoresAsync(BackupRepository? repository = null)
    {
        foreach (var id in Taken)
        {
            await RestoreAsync(repository ?? Repository, id);
        }
    }

    /// <summary>Every snapshot restores bit for bit, and nothing is wrong.</summary>
    public async Task CheckAsync(BackupRepository? repository = null)
    {
        await CheckRestoresAsync(repository);
        var report = await VerifyAsync(repository ?? Repository);
        Assert.True(report.IsClean, string.Join('\n', report.Findings.Select(static finding => $"{finding.Name}: {finding.What} (loss: {finding.IsLoss}) {string.Join(' ', finding.Paths)}")));
    }

    /// <summary>Once nobody is at work and whoever died is forgotten, prunes leave nothing that is not needed, and nothing else.</summary>
    public async Task CheckPrunedAsync()
    {
        Clock.Advance(TimeSpan.FromDays(5));
        _ = await PruneAsync();
        _ = await PruneAsync();
        _ = await PruneAsync();
        var report = await PruneAsync();
        Assert.True(report is { MarkedPacks: 0, DeletedPacks: 0, WaitingPacks: 0, HeldPacks: 0 }, report.ToString());
        Assert.Empty(Objects.Names("marks/unneeded/"));
        Assert.Empty(Objects.Names("sessions/"));
        Assert.Empty(Objects.Names("parts/"));
        if (Taken.Count == 0)
        {
            Assert.Empty(Objects.Names("packs/"));
        }

        await CheckAsync();
    }
}
