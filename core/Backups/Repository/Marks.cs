using System.Text.Json;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>Packs that no snapshot needed, or few chunks of which any needed, when somebody looked. They go once the grace is over, if that still holds.</summary>
/// <param name="Id">Its name.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Packs">The packs, each 32 hexadecimal digits.</param>
internal sealed record UnneededMark(string Id, DateTimeOffset At, IReadOnlyList<string> Packs);

/// <summary>Segments that were found damaged: what lies there is stored again by the next backup that has it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Segments">Pack and offset of each; the offset 0 stands for what a pack has besides its segments.</param>
internal sealed record DamageMark(string Id, DateTimeOffset At, IReadOnlyList<DamagedSegment> Segments);

/// <summary>A segment that does not open.</summary>
internal sealed record DamagedSegment(string Pack, long Offset);

/// <summary>
/// Somebody at work in the repository. What was marked as unneeded after he began is not deleted before he has ended, unless it is known that he saw the mark
/// and relies on nothing that it names.
/// </summary>
/// <param name="Id">Its name.</param>
/// <param name="What">What he does.</param>
/// <param name="StartedAt">When he began (UTC).</param>
/// <param name="Seen">The ids of the marks that he knew when he began.</param>
internal sealed record RepositorySession(string Id, string What, DateTimeOffset StartedAt, IReadOnlyList<string> Seen)
{
    /// <summary>A session older than this is of somebody who died: whoever works longer gives up by himself (<see cref="Longest"/>), a day before.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromDays(4);

    /// <summary>How long somebody may work.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    /// <summary>What a prune does: one at a time deletes.</summary>
    public const string Prune = "prune";

    /// <summary>How the sessions of backups begin.</summary>
    public const string Backup = "backup ";

    /// <summary>True for somebody who may still be at work.</summary>
    public bool IsLive(DateTimeOffset now) => now - StartedAt < Stale;
}

/// <summary>Reads and writes the small sealed objects.</summary>
internal sealed class SealedObjects(IObjectStore store, RepositoryKeys keys)
{
    /// <returns>False where the name is taken.</returns>
    public Task<bool> PutAsync<T>(string name, T value, CancellationToken cancellation) =>
        PutBytesAsync(name, JsonSerializer.SerializeToUtf8Bytes(value, MaintenanceJson.Options), cancellation);

    /// <returns>False where the name is taken.</returns>
    public Task<bool> PutBytesAsync(string name, ReadOnlyMemory<byte> plain, CancellationToken cancellation) =>
        store.PutAsync(name, SealedObject.Close(keys, name, plain.Span), cancellation);

    /// <summary>The contents; null where there is no such object.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async Task<byte[]?> FindBytesAsync(string name, CancellationToken cancellation) =>
        await store.GetAsync(name, cancellation) is { } bytes ? SealedObject.Open(keys, name, bytes) : null;

    /// <summary>The value; null where there is no such object.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async Task<T?> FindAsync<T>(string name, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await FindBytesAsync(name, cancellation) is { } plain ? JsonSerializer.Deserialize<T>(plain, MaintenanceJson.Options) : null;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The object '{name}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Every whole value below a prefix, and the names of those that are damaged.</summary>
    public async Task<(IReadOnlyList<T> Whole, IReadOnlyList<string> Damaged)> AllAsync<T>(string prefix, CancellationToken cancellation)
        where T : class
    {
        var whole = new List<T>();
        var damaged = new List<string>();
        await foreach (var item in store.ListAsync(prefix, cancellation))
        {
            try
            {
                if (await FindAsync<T>(item.Name, cancellation) is { } value)
                {
                    whole.Add(value);
                }
            }
            catch (InvalidDataException)
            {
                damaged.Add(item.Name);
            }
        }

        return (whole, damaged);
    }
}
