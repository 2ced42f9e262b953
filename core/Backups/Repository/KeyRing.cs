using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>No key at hand opens the repository.</summary>
public sealed class RepositoryLockedException(string message) : IOException(message);

/// <summary>A wrapped key of the repository.</summary>
/// <param name="Id">Its name in the repository.</param>
/// <param name="Label">What whoever added it called it.</param>
/// <param name="CreatedAt">When (UTC).</param>
/// <param name="Wrapping">The wrapped key.</param>
public sealed record RepositoryKey(string Id, string Label, DateTimeOffset CreatedAt, KeyWrapping Wrapping);

/// <summary>What a repository is.</summary>
/// <param name="Format">The version of the format: 1.</param>
/// <param name="Repository">32 random hexadecimal digits.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
public sealed record RepositoryConfig(int Format, string Repository, DateTimeOffset CreatedAt);

/// <summary>
/// The configuration and the wrapped keys. Each is a line of JSON and a line with its seal, HMAC-SHA256 in hexadecimal digits, so that a change to either is seen by
/// whoever has the key. Wrapped keys are kept twice; either does.
/// </summary>
internal static class KeyRing
{
    public const int Format = 1;

    /// <summary>Opens a repository; makes it where the store has nothing of one.</summary>
    /// <exception cref="RepositoryLockedException">None of the wrapped keys opens with <paramref name="protector"/>.</exception>
    /// <exception cref="InvalidDataException">It is of a version that this program does not know, or its beginnings are lost.</exception>
    public static async Task<(RepositoryKeys Keys, RepositoryConfig Config)> OpenAsync(
        IObjectStore store, IKeyProtector protector, TimeProvider time, bool create, CancellationToken cancellation)
    {
        if (await TryOpenAsync(store, protector, cancellation) is { } opened)
        {
            return opened;
        }

        foreach (var prefix in new[] { RepositoryLayout.Keys, RepositoryLayout.SpareKeys, RepositoryLayout.Config })
        {
            await foreach (var _ in store.ListAsync(prefix, cancellation))
            {
                // Somebody may have made it between the two looks.
                return await TryOpenAsync(store, protector, cancellation) ?? throw new RepositoryLockedException(
                    $"The repository does not open with the {protector.Description}: none of its wrapped keys is one of it, or they are damaged. Give the passphrase or the vault's key that it was made with, or that was added since.");
            }
        }

        foreach (var prefix in new[] { RepositoryLayout.Packs, RepositoryLayout.Snapshots })
        {
            await foreach (var found in store.ListAsync(prefix, cancellation))
            {
                throw new InvalidDataException(
                    $"The store has '{found.Name}', but neither a configuration nor a wrapped key: they were deleted. Bring back '{RepositoryLayout.Config}' and '{RepositoryLayout.Keys}' from a copy; without a key nothing can be read.");
            }
        }

        return create
            ? await CreateAsync(store, protector, time, cancellation)
            : throw new RepositoryLockedException("The store has no repository.");
    }

    /// <summary>Every wrapped key whose seal fits.</summary>
    public static async Task<IReadOnlyList<RepositoryKey>> ListAsync(IObjectStore store, RepositoryKeys keys, CancellationToken cancellation)
    {
        var found = new SortedDictionary<string, RepositoryKey>(StringComparer.Ordinal);
        foreach (var prefix in new[] { RepositoryLayout.Keys, RepositoryLayout.SpareKeys })
        {
            await foreach (var item in store.ListAsync(prefix, cancellation))
            {
                if (await store.GetAsync(item.Name, cancellation) is { } bytes && Sealed<RepositoryKey>(keys, Id(item.Name), bytes) is { } key)
                {
                    found[key.Id] = key;
                }
            }
        }

        return [.. found.Values];
    }

    /// <summary>Adds a wrapping by a further protector, or by the same one with new random values.</summary>
    public static async Task<RepositoryKey> AddAsync(
        IObjectStore store, RepositoryKeys keys, IKeyProtector protector, string label, TimeProvider time, CancellationToken cancellation)
    {
        var key = new RepositoryKey(RepositoryLayout.NewId(), label, time.GetUtcNow(), await protector.WrapAsync(keys.Root, cancellation));
        var bytes = Seal(keys, key.Id, key);
        _ = await store.PutAsync(RepositoryLayout.Keys + key.Id, bytes, cancellation);
        _ = await store.PutAsync(RepositoryLayout.SpareKeys + key.Id, bytes, cancellation);
        return key;
    }

    /// <summary>Removes a wrapping. Whoever could open the repository with it may have kept its key: only a new repository shuts them out.</summary>
    /// <returns>False where there is no such key.</returns>
    /// <exception cref="InvalidOperationException">It is the last one.</exception>
    public static async Task<bool> RemoveAsync(IObjectStore store, RepositoryKeys keys, string id, CancellationToken cancellation)
    {
        var all = await ListAsync(store, keys, cancellation);
        if (all.Count <= 1 && all.Any(key => key.Id == id))
        {
            throw new InvalidOperationException("It is the only key of the repository: without it nothing could be read any more. Add another one first.");
        }

        if (!ObjectNameOf(id))
        {
            return false;
        }

        var bytes = await store.GetAsync(RepositoryLayout.Keys + id, cancellation) ?? await store.GetAsync(RepositoryLayout.SpareKeys + id, cancellation);
        var removed = await store.DeleteAsync(RepositoryLayout.SpareKeys + id, cancellation);
        removed |= await store.DeleteAsync(RepositoryLayout.Keys + id, cancellation);
        if (bytes is not null && (await ListAsync(store, keys, cancellation)).Count == 0)
        {
            // Somebody removed the other one at the same time: whoever sees that none is left puts his back.
            _ = await store.PutAsync(RepositoryLayout.Keys + id, bytes, CancellationToken.None);
            _ = await store.PutAsync(RepositoryLayout.SpareKeys + id, bytes, CancellationToken.None);
            throw new InvalidOperationException("Somebody else removed the other key at the same time, and this one would have been the last: it was put back.");
        }

        return removed;
    }

    /// <summary>What is wrong with the configuration and the wrapped keys; empty where nothing is.</summary>
    public static async Task<IReadOnlyList<(string Object, string What)>> CheckAsync(IObjectStore store, RepositoryKeys keys, CancellationToken cancellation)
    {
        var wrong = new List<(string, string)>();
        var config = await store.GetAsync(RepositoryLayout.Config, cancellation);
        if (config is null || Sealed<RepositoryConfig>(keys, RepositoryLayout.Config, config) is null)
        {
            wrong.Add((RepositoryLayout.Config, config is null ? "it is missing" : "its contents or its seal are damaged"));
        }

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var prefix in new[] { RepositoryLayout.Keys, RepositoryLayout.SpareKeys })
        {
            await foreach (var item in store.ListAsync(prefix, cancellation))
            {
                var id = Id(item.Name);
                seen[id] = seen.GetValueOrDefault(id) + 1;
                if (await store.GetAsync(item.Name, cancellation) is not { } bytes || Sealed<RepositoryKey>(keys, id, bytes) is null)
                {
                    wrong.Add((item.Name, "it is damaged, or was left by a repository that was never finished"));
                }
            }
        }

        wrong.AddRange(seen.Where(static pair => pair.Value == 1).Select(static pair => (RepositoryLayout.Keys + pair.Key, "one of its two copies is missing")));
        if (seen.Count == 0)
        {
            wrong.Add((RepositoryLayout.Keys, "there is no wrapped key: nobody can open the repository anew"));
        }

        return wrong;
    }

    private static async Task<(RepositoryKeys, RepositoryConfig)?> TryOpenAsync(IObjectStore store, IKeyProtector protector, CancellationToken cancellation)
    {
        var config = await store.GetAsync(RepositoryLayout.Config, cancellation);
        var newer = config is not null && Parse<RepositoryConfig>(config) is { Format: > Format and var format }
            ? new InvalidDataException($"The repository has format {format}; this program knows {Format}. Use a newer program.")
            : null;
        var unconfirmed = new List<(RepositoryKeys Keys, RepositoryKey Key)>();
        await foreach (var (keys, key) in UnwrapAsync(store, protector, cancellation))
        {
            if (config is not null && Sealed<RepositoryConfig>(keys, RepositoryLayout.Config, config) is { } confirmed)
            {
                return newer is null ? (keys, confirmed) : throw newer;
            }

            unconfirmed.Add((keys, key));
        }

        // A version that no seal confirms is a damaged digit, if there is a key; without one it may well be a newer version.
        return unconfirmed.Count > 0 ? await ConfirmAsync(store, unconfirmed, config, cancellation) : newer is null ? null : throw newer;
    }

    /// <summary>What keys open that no configuration confirms.</summary>
    private static async Task<(RepositoryKeys, RepositoryConfig)?> ConfirmAsync(
        IObjectStore store, List<(RepositoryKeys Keys, RepositoryKey Key)> unconfirmed, byte[]? config, CancellationToken cancellation)
    {
        // Data are written once there is a configuration: where there are data and still none is seen, it is lost. One that has come since decides whose keys these are.
        if (await HasDataAsync(store, cancellation))
        {
            // The configuration is lost or damaged, or was made since it was asked for. The data can be read without it, by the key that opens any of them:
            // one that lost the race to make the repository may still lie here. Verification says what is missing.
            var opening = await OpeningAsync(store, unconfirmed, cancellation);
            return (opening.Keys, await store.GetAsync(RepositoryLayout.Config, cancellation) is { } made && Sealed<RepositoryConfig>(opening.Keys, RepositoryLayout.Config, made) is { } late
                ? late
                : new RepositoryConfig(Format, "", opening.Key.CreatedAt));
        }

        var (keys, key) = unconfirmed[0];

        // Whoever made the key was cut off before the configuration: his work is finished for him. Or he lost the race to make it, and it is another's.
        var finished = new RepositoryConfig(Format, RepositoryLayout.NewId(), key.CreatedAt);
        if (config is null && await store.PutAsync(RepositoryLayout.Config, Seal(keys, RepositoryLayout.Config, finished), cancellation))
        {
            return (keys, finished);
        }

        var other = await store.GetAsync(RepositoryLayout.Config, cancellation);
        foreach (var (candidate, _) in unconfirmed)
        {
            if (other is not null && Sealed<RepositoryConfig>(candidate, RepositoryLayout.Config, other) is { } confirmed)
            {
                return (candidate, confirmed);
            }
        }

        return null;
    }

    /// <summary>The first key that opens a snapshot, an index or a pack; the first of all where none does.</summary>
    private static async Task<(RepositoryKeys Keys, RepositoryKey Key)> OpeningAsync(
        IObjectStore store, List<(RepositoryKeys Keys, RepositoryKey Key)> unconfirmed, CancellationToken cancellation)
    {
        if (unconfirmed.TrueForAll(candidate => candidate.Keys.Root.Span.SequenceEqual(unconfirmed[0].Keys.Root.Span)))
        {
            return unconfirmed[0];
        }

        foreach (var prefix in new[] { RepositoryLayout.Snapshots, RepositoryLayout.Indexes, RepositoryLayout.Packs })
        {
            await foreach (var item in store.ListAsync(prefix, cancellation))
            {
                foreach (var candidate in unconfirmed)
                {
                    if (await OpensAsync(store, candidate.Keys, item, cancellation))
                    {
                        return candidate;
                    }
                }
            }
        }

        return unconfirmed[0];
    }

    private static async Task<bool> OpensAsync(IObjectStore store, RepositoryKeys keys, ObjectInfo item, CancellationToken cancellation)
    {
        try
        {
            return PackId.OfObject(item.Name) is { } pack
                ? await SegmentReader.ReadDirectoryAsync(store, keys, pack, item.Length, cancellation) is not null
                : await new SealedObjects(store, keys).FindBytesAsync(item.Name, cancellation) is not null;
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException)
        {
            // Another key's, or damaged, or gone since it was listed: the next object tells.
            return false;
        }
    }

    /// <summary>Each different wrapped key that the protector opens and whose seal fits.</summary>
    private static async IAsyncEnumerable<(RepositoryKeys Keys, RepositoryKey Key)> UnwrapAsync(
        IObjectStore store, IKeyProtector protector, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        foreach (var prefix in new[] { RepositoryLayout.Keys, RepositoryLayout.SpareKeys })
        {
            await foreach (var item in store.ListAsync(prefix, cancellation))
            {
                if (await store.GetAsync(item.Name, cancellation) is { } bytes && tried.Add(Id(item.Name) + Convert.ToHexString(SHA256.HashData(bytes)))
                    && Parse<RepositoryKey>(bytes)?.Wrapping is { } wrapping
                    && await protector.UnwrapAsync(wrapping, cancellation) is { Length: RepositoryKeys.KeySize } root
                    && new RepositoryKeys(root) is var keys && Sealed<RepositoryKey>(keys, Id(item.Name), bytes) is { } key)
                {
                    yield return (keys, key);
                }
            }
        }
    }

    private static async Task<(RepositoryKeys, RepositoryConfig)> CreateAsync(IObjectStore store, IKeyProtector protector, TimeProvider time, CancellationToken cancellation)
    {
        var keys = new RepositoryKeys(RandomNumberGenerator.GetBytes(RepositoryKeys.KeySize));
        var key = await AddAsync(store, keys, protector, "first", time, cancellation);
        var config = new RepositoryConfig(Format, RepositoryLayout.NewId(), time.GetUtcNow());
        if (await store.PutAsync(RepositoryLayout.Config, Seal(keys, RepositoryLayout.Config, config), cancellation))
        {
            return (keys, config);
        }

        // Somebody else made it in the meantime. He may have found this very key, and finished this work: then it is the repository's only one.
        if (await store.GetAsync(RepositoryLayout.Config, cancellation) is { } made && Sealed<RepositoryConfig>(keys, RepositoryLayout.Config, made) is { } finished)
        {
            return (keys, finished);
        }

        // Otherwise his is the repository.
        _ = await store.DeleteAsync(RepositoryLayout.Keys + key.Id, cancellation);
        _ = await store.DeleteAsync(RepositoryLayout.SpareKeys + key.Id, cancellation);
        return await TryOpenAsync(store, protector, cancellation)
            ?? throw new RepositoryLockedException("Somebody else has just made a repository in this store, with another key.");
    }

    private static async Task<bool> HasDataAsync(IObjectStore store, CancellationToken cancellation)
    {
        await foreach (var _ in store.ListAsync(RepositoryLayout.Packs, cancellation))
        {
            return true;
        }

        return false;
    }

    private static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static bool ObjectNameOf(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    private static byte[] Seal<T>(RepositoryKeys keys, string name, T value)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(value, MaintenanceJson.Options);
        return [.. text, (byte)'\n', .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(keys.SealOf(name, text))), (byte)'\n'];
    }

    private static T? Sealed<T>(RepositoryKeys keys, string name, byte[] bytes)
        where T : class
    {
        var line = bytes.AsSpan().IndexOf((byte)'\n');
        if (line < 0)
        {
            return null;
        }

        var text = bytes.AsSpan(0, line);
        byte[] expected = [.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(keys.SealOf(name, text))), (byte)'\n'];
        return CryptographicOperations.FixedTimeEquals(expected, bytes.AsSpan(line + 1)) ? Parse<T>(bytes) : null;
    }

    private static T? Parse<T>(byte[] bytes)
        where T : class
    {
        var line = bytes.AsSpan().IndexOf((byte)'\n');
        try
        {
            return line < 0 ? null : JsonSerializer.Deserialize<T>(bytes.AsSpan(0, line), MaintenanceJson.Options);
        }
        catch (JsonException)
        {
            // Damaged: nothing that could be used.
            return null;
        }
    }
}
