using Maintenance.Backups.Repository;
using Maintenance.Plan;

namespace Maintenance.Backups;

/// <summary>Where the secret lies that the host opens the repository with.</summary>
/// <param name="IsBesideData">True where it lies in the same folder as the data: with that gone, nothing at hand opens a copy.</param>
public sealed record RepositoryKeyPlace(bool IsBesideData)
{
    /// <summary>
    /// True where the plan's administrators may add a passphrase, as only the operator may else. On Azure nobody is at the machine, so there the owner of the
    /// resources says so by a setting: nobody who cannot change settings, and no administrator alone, can make what reads every backup.
    /// </summary>
    public bool MayAdministratorsAdd { get; init; }
}

/// <summary>A wrapped key, as people are told of it. Nothing of it is secret.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">What whoever added it called it.</param>
/// <param name="Kind"><c>passphrase</c> or <c>key-vault</c>.</param>
/// <param name="CreatedAt">When it was added (UTC).</param>
/// <param name="VaultKey">The vault's key with its version, a URI; null for a passphrase.</param>
/// <param name="Iterations">Rounds that a passphrase is stretched with; null for a vault's key.</param>
public sealed record RepositoryKeyLine(string Id, string Label, string Kind, DateTimeOffset CreatedAt, string? VaultKey, int? Iterations);

/// <summary>What a change of the keys came to.</summary>
/// <param name="Added">The key that was added, or null.</param>
/// <param name="Removed">The ids of those that were removed.</param>
/// <param name="Notes">What else should be known: a copy that still has a removed key.</param>
public sealed record RepositoryKeyChange(RepositoryKeyLine? Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Notes);

/// <summary>
/// The wrapped keys of the repository: lists, adds, rotates, removes. No data are rewritten. A copy gets a new key with the next copying; a removed one is removed
/// there at once, where the copy can be reached and has another.
/// </summary>
public sealed class RepositoryKeyService(BackupRepositories repositories, IKeyProtector protector, ActivePlan plan)
{
    /// <summary>The longest label.</summary>
    public const int MostLabel = 100;

    /// <summary>The wrapped keys, by id.</summary>
    public async Task<IReadOnlyList<RepositoryKeyLine>> ListAsync(CancellationToken cancellation) =>
        [.. (await (await repositories.OpenAsync(cancellation)).KeysAsync(cancellation)).Select(Line)];

    /// <summary>Adds a wrapping by a further passphrase, which opens the repository too from now on.</summary>
    /// <exception cref="ArgumentException">The passphrase is too short.</exception>
    public async Task<RepositoryKeyChange> AddPassphraseAsync(string passphrase, string label, CancellationToken cancellation)
    {
        var further = new PassphraseProtector(passphrase, label);
        var key = await (await repositories.OpenAsync(cancellation)).AddKeyAsync(further, label, cancellation);
        return new RepositoryKeyChange(Line(key), [], plan.Current.Repository.Copies.Count == 0 ? [] : ["The copies get it with the next copying."]);
    }

    /// <summary>Wraps the repository's key anew with the host's own protector, and removes the wrappings that it made before.</summary>
    public async Task<RepositoryKeyChange> RotateAsync(string label, CancellationToken cancellation)
    {
        var repository = await repositories.OpenAsync(cancellation);
        var own = await OwnAsync(repository, cancellation);

        // The new one first: whoever is cut off in between has one too many, never none.
        var added = await repository.AddKeyAsync(protector, label, cancellation);
        var removed = new List<string>();
        var notes = new List<string>();
        foreach (var id in own)
        {
            if (await repository.RemoveKeyAsync(id, cancellation))
            {
                removed.Add(id);
                notes.AddRange(await RemoveFromCopiesAsync(repository, id, cancellation));
            }
        }

        return new RepositoryKeyChange(Line(added), removed, notes);
    }

    /// <summary>Removes a wrapping. Whoever opened the repository with it may have kept the key itself: only a new repository shuts them out.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    /// <exception cref="InvalidOperationException">It is the last one, or the last that this host opens the repository with.</exception>
    public async Task<RepositoryKeyChange> RemoveAsync(string id, CancellationToken cancellation)
    {
        var repository = await repositories.OpenAsync(cancellation);
        if (!(await repository.KeysAsync(cancellation)).Any(key => key.Id == id))
        {
            throw new KeyNotFoundException($"The repository has no key '{id}'.");
        }

        if (await OwnAsync(repository, cancellation) is [var only] && only == id)
        {
            throw new InvalidOperationException($"This host opens the repository with it ({protector.Description}): after its next start it could not take another backup. Rotate it instead.");
        }

        _ = await repository.RemoveKeyAsync(id, cancellation);
        return new RepositoryKeyChange(null, [id], await RemoveFromCopiesAsync(repository, id, cancellation));
    }

    private async Task<List<string>> OwnAsync(BackupRepository repository, CancellationToken cancellation)
    {
        var own = new List<string>();
        foreach (var key in await repository.KeysAsync(cancellation))
        {
            if (await protector.UnwrapAsync(key.Wrapping, cancellation) is not null)
            {
                own.Add(key.Id);
            }
        }

        return own;
    }

    private async Task<List<string>> RemoveFromCopiesAsync(BackupRepository repository, string id, CancellationToken cancellation)
    {
        var notes = new List<string>();
        foreach (var copy in plan.Current.Repository.Copies)
        {
            try
            {
                _ = await repository.At(repositories.StoreOf(copy.Id)).RemoveKeyAsync(id, cancellation);
            }
            catch (Exception error) when (error is InvalidOperationException or IOException or UnauthorizedAccessException or NotSupportedException)
            {
                notes.Add($"The copy {copy.Id} still has the key {id}: {error.Message}");
            }
        }

        return notes;
    }

    internal static RepositoryKeyLine Line(RepositoryKey key) => new(key.Id, key.Label, key.Wrapping.Kind, key.CreatedAt, key.Wrapping.Key, key.Wrapping.Iterations);
}
