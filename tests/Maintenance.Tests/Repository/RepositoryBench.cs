using System.Security.Cryptography;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;

namespace Maintenance.Tests.Repository;

/// <summary>A repository, its clock, and the few words that every test of it needs.</summary>
internal sealed class RepositoryBench
{
    private int _taken;

    private RepositoryBench(IObjectStore store, BackupRepository repository, FakeClock clock) => (Store, Repository, Clock) = (store, repository, clock);

    public static CancellationToken None => CancellationToken.None;

    public IObjectStore Store { get; }

    public MemoryObjectStore Memory => (MemoryObjectStore)Store;

    public BackupRepository Repository { get; }

    public FakeClock Clock { get; }

    /// <summary>A repository in memory, or in the store that is given.</summary>
    public static async Task<RepositoryBench> CreateAsync(IObjectStore? store = null)
    {
        var clock = new FakeClock();
        store ??= new MemoryObjectStore();
        return new RepositoryBench(store, await BackupRepository.OpenAsync(store, new FixedKeyProtector(), clock, create: true, None), clock);
    }

    public static Task<BackupRepository> OpenAsync(IObjectStore store) => BackupRepository.OpenAsync(store, new FixedKeyProtector(), new FakeClock(), create: false, None);

    /// <summary>The same repository, opened over another store.</summary>
    public async Task<RepositoryBench> OverAsync(IObjectStore store) =>
        new(store, await BackupRepository.OpenAsync(store, new FixedKeyProtector(), Clock, create: false, None), Clock) { _taken = _taken };

    public Task<Snapshot> TakeAsync(ISnapshotSource source, string policy = "docs", Func<SnapshotOrder, SnapshotOrder>? how = null)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        var order = new SnapshotOrder($"{policy}_{++_taken:D6}", policy);
        return Repository.TakeAsync(how?.Invoke(order) ?? order, source, null, None);
    }

    public Task<VerifyReport> VerifyAsync(int percent = 100) => Repository.VerifyAsync(new VerifyOrder(percent), null, None);

    public Task<PruneReport> PruneAsync(TimeSpan? grace = null)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        return Repository.PruneAsync(new PruneOrder(grace ?? TimeSpan.Zero), null, None);
    }

    public Task<Snapshot?> FindAsync(string id) => Repository.FindAsync(id, None);

    public async Task<(MemoryTarget Target, RestoreReport Report)> RestoreAsync(Snapshot snapshot, params string[] paths)
    {
        var target = new MemoryTarget();
        var report = await Repository.RestoreAsync(snapshot, target, paths, null, None);
        return (target, report);
    }

    /// <summary>Asserts that a snapshot restores whole, to what the source had.</summary>
    public async Task AssertRestoresAsync(Snapshot snapshot, IReadOnlyDictionary<string, byte[]> expected)
    {
        var (target, report) = await RestoreAsync(snapshot);
        Assert.Empty(report.Losses);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), target.Contents.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(target.Contents[file.Key]), file.Key));
    }

    /// <summary>Bytes that do not compress, the same for the same seed.</summary>
    public static byte[] Noise(int length, int seed = 1)
    {
        using var cipher = Aes.Create();
        cipher.Key = SHA256.HashData(BitConverter.GetBytes(seed));
        return cipher.EncryptCbc(new byte[length + 16], new byte[16], PaddingMode.Zeros)[..length];
    }

    /// <summary>Bytes that compress well.</summary>
    public static byte[] Text(int length, int seed = 1)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)"the backup that restores "[random.Next(25)];
        }

        return bytes;
    }
}
