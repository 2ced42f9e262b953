using Maintenance.Backups.Repository;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Backups;

/// <summary>Opens the stores that copies of the repository are kept in.</summary>
public interface ICopyStores
{
    /// <summary>The store at a location of the plan: an absolute folder, or the URI of a Blob container.</summary>
    /// <exception cref="NotSupportedException">This host does not reach that kind of place.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    IObjectStore Open(string location);
}

/// <summary>
/// What opens the repository where the host's own key does not: after everything but a copy was lost, a passphrase that was put away in time. The host's own key is
/// added then, and opens it from there on.
/// </summary>
/// <param name="Former">What opens it.</param>
public sealed record KeyTakeOver(IKeyProtector Former);

/// <summary>The host's repository and its copies, opened when they are first needed: to stretch a passphrase takes a moment.</summary>
public sealed class BackupRepositories(
    IObjectStore store, IKeyProtector protector, ICopyStores copies, IRecordStore records, ActivePlan plan, TimeProvider time, KeyTakeOver? takeOver = null)
{
    private readonly Lock _turn = new();
    private Task<BackupRepository>? _main;

    /// <summary>The host's own repository; made where there is none.</summary>
    /// <exception cref="RepositoryLockedException">The key at hand does not open it.</exception>
    public async Task<BackupRepository> OpenAsync(CancellationToken cancellation)
    {
        Task<BackupRepository> opening;
        lock (_turn)
        {
            if (_main is null or { IsFaulted: true } or { IsCanceled: true })
            {
                // For everybody who waits, so no single caller's wish to give up ends it.
                _main = OpenOwnAsync();
            }

            opening = _main;
        }

        return await opening.WaitAsync(cancellation);
    }

    /// <summary>A copy, by its id in the plan, or the host's own repository for null.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such copy.</exception>
    /// <exception cref="IOException">It cannot be opened, or it is a copy of another repository.</exception>
    public async Task<BackupRepository> OpenAsync(string? copy, CancellationToken cancellation)
    {
        if (copy is null)
        {
            return await OpenAsync(cancellation);
        }

        // The copy's own wrapped keys open it: it must stand by itself once the first is gone.
        var opened = await BackupRepository.OpenAsync(StoreOf(copy), protector, time, create: false, cancellation);
        await RecognizeAsync(opened, $"The copy '{copy}'", cancellation);
        return opened;
    }

    /// <summary>The repository or a copy, read through something that stands before its store: a drill's fault.</summary>
    /// <inheritdoc cref="OpenAsync(string?, CancellationToken)"/>
    internal async Task<BackupRepository> OpenAsync(string? copy, Func<IObjectStore, IObjectStore> through, CancellationToken cancellation) =>
        (await OpenAsync(copy, cancellation)).At(through(copy is null ? store : StoreOf(copy)));

    /// <summary>The store of a copy.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such copy.</exception>
    public IObjectStore StoreOf(string copy)
    {
        var all = plan.Current.Repository.Copies;
        return plan.Current.Repository.FindCopy(copy) is { } found
            ? copies.Open(found.Location)
            : throw new KeyNotFoundException($"The plan has no copy '{copy}' of the repository. {Nearest.Hint(copy, all.Select(static one => one.Id))}".TrimEnd());
    }

    private async Task<BackupRepository> OpenOwnAsync()
    {
        const string What = "The backup repository";
        try
        {
            var opened = await BackupRepository.OpenAsync(store, protector, time, create: true, CancellationToken.None);
            await RecognizeAsync(opened, What, CancellationToken.None);
            return opened;
        }
        catch (RepositoryLockedException) when (takeOver is not null)
        {
            var opened = await BackupRepository.OpenAsync(store, takeOver.Former, time, create: false, CancellationToken.None);
            await RecognizeAsync(opened, What, CancellationToken.None);
            _ = await opened.AddKeyAsync(protector, $"taken over {time.GetUtcNow():yyyy-MM-dd}", CancellationToken.None);
            return opened;
        }
    }

    /// <summary>
    /// The records remember which repository is this host's. A key that is wrapped for a vault proves nothing of who wrapped it: whoever can write to the store and
    /// knows the vault's public key could put a repository of his own there, to read what is backed up from then on.
    /// </summary>
    private async Task RecognizeAsync(BackupRepository opened, string what, CancellationToken cancellation)
    {
        var identity = new RepositoryIdentity(opened.Fingerprint);
        if (!await records.TryInsertAsync(Tables.Backups, RepositoryIdentity.Partition, RepositoryIdentity.Row, identity, cancellation)
            && (await records.FindAsync<RepositoryIdentity>(Tables.Backups, RepositoryIdentity.Partition, RepositoryIdentity.Row, cancellation))?.Value is { } known && known != identity)
        {
            throw new RepositoryLockedException(
                $"{what} is another one than this installation has used until now. Bring back the right one; if it was replaced on purpose, delete the record {Tables.Backups}/{RepositoryIdentity.Partition}/{RepositoryIdentity.Row}.");
        }
    }
}

/// <summary>Which repository is this host's.</summary>
/// <param name="Fingerprint">Of <see cref="BackupRepository.Fingerprint"/>.</param>
internal sealed record RepositoryIdentity(string Fingerprint)
{
    public const string Partition = "_repository";
    public const string Row = "identity";
}
