namespace Maintenance.Storage;

/// <summary>
/// Named immutable blobs. What every adapter guarantees, and the contract tests check:
/// <list type="bullet">
/// <item>a put is durable when its task completes, and never visible half-written;</item>
/// <item>a put never replaces: the first writer of a name wins, whatever the contents;</item>
/// <item>a get after a completed put sees it; a list after a completed put names it;</item>
/// <item>names use <c>/</c> as a separator and follow <see cref="ObjectNames"/>.</item>
/// </list>
/// </summary>
public interface IObjectStore
{
    /// <summary>Stores <paramref name="content"/> unless the name is taken.</summary>
    /// <returns>True when this call created the object, false when one with this name exists already (it is left as it is).</returns>
    /// <exception cref="ArgumentException">The name breaks <see cref="ObjectNames"/>.</exception>
    Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>The whole object, or null when there is none.</summary>
    Task<byte[]?> GetAsync(string name, CancellationToken cancellation);

    /// <summary><paramref name="length"/> bytes from <paramref name="offset"/>, fewer when the object ends before; null when there is no such object.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset or the length is negative.</exception>
    Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation);

    /// <summary>True when an object of this name exists.</summary>
    Task<bool> ExistsAsync(string name, CancellationToken cancellation);

    /// <summary>Every object whose name starts with <paramref name="prefix"/>, in no promised order.</summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>
    /// Fills <paramref name="destination"/> from <paramref name="offset"/>: what <see cref="GetRangeAsync"/> returns, into memory that the caller reuses.
    /// </summary>
    /// <returns>How many bytes were read, fewer when the object ends before; null when there is no such object.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    async ValueTask<int?> ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        if (await GetRangeAsync(name, offset, destination.Length, cancellation) is not { } range)
        {
            return null;
        }

        range.CopyTo(destination);
        return range.Length;
    }

    /// <summary>
    /// Begins an object that is written piece by piece. Until it is completed nobody sees it; an adapter that can do without keeps no more than a piece in memory.
    /// </summary>
    /// <exception cref="ArgumentException">The name breaks <see cref="ObjectNames"/>.</exception>
    ValueTask<IObjectWriter> CreateAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return ValueTask.FromResult<IObjectWriter>(new BufferedObjectWriter(this, name));
    }

    /// <summary>Deletes the object.</summary>
    /// <returns>True when there was one.</returns>
    /// <exception cref="ObjectHeldException">The store keeps it: an immutability period or a legal hold.</exception>
    Task<bool> DeleteAsync(string name, CancellationToken cancellation);
}

/// <summary>An object that is being written. Disposed before it is completed, it never was.</summary>
public interface IObjectWriter : IAsyncDisposable
{
    /// <summary>Appends a piece; it may be reused once the task has completed.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation);

    /// <summary>Gives the object its name, durably. Nothing is written after.</summary>
    /// <returns>True when this created the object, false when one with this name exists already (it is left as it is).</returns>
    Task<bool> CompleteAsync(CancellationToken cancellation);
}

/// <summary>The store refuses to delete an object: it is under an immutability period or a legal hold.</summary>
public sealed class ObjectHeldException(string name, Exception? inner = null)
    : IOException($"The store holds '{name}' (an immutability period or a legal hold) and does not delete it.", inner)
{
    /// <summary>The object.</summary>
    public string Name { get; } = name;
}

/// <summary>What a listing says of one object.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Length">The size in bytes.</param>
public sealed record ObjectInfo(string Name, long Length)
{
    /// <summary>When it got its name; null where the store does not say.</summary>
    public DateTimeOffset? WrittenAt { get; init; }
}

/// <summary>
/// Which object names are allowed: 1 to 512 characters of <c>A–Z a–z 0–9 . _ - = /</c>, no empty segment and none that ends with a dot.
/// Narrower than any store asks, so that a name means the same on a folder, on Windows and in a Blob container. For the same reason an object's name is never
/// also the folder of another (<c>a</c> beside <c>a/b</c>), and no two names differ only in case: a folder refuses the former, and may not tell the latter apart.
/// </summary>
public static class ObjectNames
{
    /// <summary>Throws unless <paramref name="name"/> is allowed.</summary>
    /// <exception cref="ArgumentException">Says which rule is broken.</exception>
    public static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > 512)
        {
            throw new ArgumentException($"An object name has 1 to 512 characters, this one {name.Length}.", nameof(name));
        }

        CheckPrefix(name);
        foreach (var segment in name.Split('/'))
        {
            // Windows and clients that normalise addresses drop a dot at the end, and mean another name then; Azure's documentation advises against it.
            if (segment.Length == 0 || segment[^1] == '.')
            {
                throw new ArgumentException($"'{name}' has a segment that is empty or ends with a dot.", nameof(name));
            }
        }
    }

    /// <summary>Throws unless <paramref name="prefix"/> can begin an allowed name; the empty prefix can.</summary>
    /// <exception cref="ArgumentException">A character is not allowed.</exception>
    public static void CheckPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        foreach (var c in prefix)
        {
            if (!(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '=' or '/'))
            {
                throw new ArgumentException($"'{prefix}' has a character that object names may not have: U+{(int)c:X4}.", nameof(prefix));
            }
        }
    }
}
