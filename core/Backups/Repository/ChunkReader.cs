using System.Runtime.CompilerServices;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>Reads chunks one after the other: the entries of a snapshot, the contents of a file. Keeps the segment it is in.</summary>
internal sealed class ChunkReader(IObjectStore store, RepositoryKeys keys, RepositoryIndex index) : IDisposable
{
    private readonly SegmentReader _segments = new(store, keys);
    private ChunkReader? _beside;
    private int _segment = -1;
    private ReadOnlyMemory<byte> _contents;

    /// <summary>A chunk's contents, valid until the next call.</summary>
    /// <exception cref="InvalidDataException">It is missing, or damaged wherever it lies.</exception>
    /// <exception cref="IOException">The store failed wherever it lies.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ChunkId id, CancellationToken cancellation)
    {
        Exception? damage = null;
        foreach (var place in index.Places(id))
        {
            try
            {
                if (_segment != place.Segment)
                {
                    _segment = -1;
                    var segment = index.Segment(place.Segment);
                    _contents = await _segments.ReadAsync(index.PackOf(place.Segment), segment.Offset, segment.Stored, segment.Plain, segment.Encoding, cancellation);
                    _segment = place.Segment;
                }

                return _contents.Slice(place.Offset, place.Length);
            }
            catch (IOException error)
            {
                // A disk that does not give its bytes back: perhaps another place does.
                damage ??= error;
            }
            catch (InvalidDataException error)
            {
                damage ??= new InvalidDataException($"the segment at {index.Segment(place.Segment).Offset} of '{index.PackOf(place.Segment).ObjectName}' cannot be read: {error.Message}", error);
            }
        }

        throw damage ?? new InvalidDataException($"the chunk {id} is missing from the repository");
    }

    /// <summary>How long a chunk is; null where it is missing.</summary>
    public int? LengthOf(ChunkId id) => index.TryFind(id, out var place) ? place.Length : null;

    /// <summary>The entries of a snapshot, in its source's order; the first may be the root, whose path is empty.</summary>
    /// <exception cref="InvalidDataException">A part of the list is damaged or missing.</exception>
    public async IAsyncEnumerable<TreeEntry> EntriesAsync(Snapshot snapshot, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new byte[2 * Chunking.Trees.Most];
        var (start, end) = (0, 0);
        byte[] path = [];
        for (var next = 0; ;)
        {
            var isLast = next == snapshot.Tree.Count;
            while (start < end)
            {
                var used = TryRead(buffer.AsSpan(start, end - start), isLast, ref path, out var entry);
                if (used == 0)
                {
                    break;
                }

                start += used;
                yield return entry!;
            }

            if (isLast)
            {
                yield break;
            }

            var chunk = await ReadAsync(ChunkId.Parse(snapshot.Tree[next++]), cancellation);
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            if (end + chunk.Length > buffer.Length)
            {
                Array.Resize(ref buffer, Math.Max(2 * buffer.Length, end + chunk.Length));
            }

            chunk.CopyTo(buffer.AsMemory(end));
            end += chunk.Length;
        }
    }

    /// <summary>A second reader, for contents that are read while this one goes through the entries; disposed with this one.</summary>
    public ChunkReader Beside() => _beside ??= new ChunkReader(store, keys, index);

    /// <inheritdoc/>
    public void Dispose()
    {
        _beside?.Dispose();
        _segments.Dispose();
    }

    /// <summary>Reads an entry if all of it is there.</summary>
    /// <returns>How many bytes it took; 0 where there is more of it to come.</returns>
    private static int TryRead(ReadOnlySpan<byte> bytes, bool isLast, ref byte[] path, out TreeEntry? entry)
    {
        var fields = new FieldReader(bytes);
        try
        {
            entry = TreeFormat.Read(ref fields, ref path);
            return bytes.Length - fields.Left;
        }
        catch (InvalidDataException) when (!isLast)
        {
            // The rest of it is in the next chunk. What is no entry at all is found at the end.
            entry = null;
            return 0;
        }
    }
}
