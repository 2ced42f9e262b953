using System.Runtime.CompilerServices;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>Reads a pack whole and checks every byte of it.</summary>
internal sealed class PackCheck(IObjectStore store, RepositoryKeys keys, bool isRehashed) : IDisposable
{
    /// <summary>Instead of the number of a segment: the pack is not there.</summary>
    public const int IsGone = -2;

    private const string Missing = "it is missing";

    private const int Block = 1024 * 1024;

    private readonly SegmentReader _segments = new(store, keys);
    private byte[] _buffer = [];

    /// <summary>What is wrong: the number of a segment, -1 for the pack itself, or <see cref="IsGone"/>, and what.</summary>
    public async IAsyncEnumerable<(int Segment, string What)> CheckAsync(
        PackContents pack, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var isGone = false;
        if (await CheckDirectoryAsync(pack, cancellation) is { } wrong)
        {
            isGone = wrong.Segment == IsGone;
            yield return wrong;
        }

        for (var first = 0; first < pack.Segments.Count;)
        {
            var (last, length) = (first, 0);
            while (last < pack.Segments.Count && (last == first || length + pack.Segments[last].Stored <= Block))
            {
                length += pack.Segments[last++].Stored;
            }

            if (_buffer.Length < length)
            {
                _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(length, Block));
            }

            var read = await store.ReadAsync(pack.Id.ObjectName, pack.Segments[first].Offset, _buffer.AsMemory(0, length), cancellation) ?? -1;
            if (read < 0 && !isGone)
            {
                // It went while it was read.
                isGone = true;
                yield return (IsGone, Missing);
            }

            var offset = 0;
            for (; first < last; first++)
            {
                var segment = pack.Segments[first];
                var what = read < 0 ? "its pack is missing"
                    : offset + segment.Stored > read ? "its pack ends too early"
                    : Check(pack.Id, segment, _buffer.AsMemory(offset, segment.Stored));
                offset += segment.Stored;
                if (what is not null)
                {
                    yield return (first, what);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _segments.Dispose();

    private string? Check(PackId pack, PackSegment segment, Memory<byte> stored)
    {
        try
        {
            var contents = _segments.Open(pack, segment.Offset, stored, segment.Plain, segment.Encoding).Span;
            foreach (var chunk in isRehashed ? segment.Chunks : [])
            {
                if (keys.ChunkIdOf(contents[..chunk.Length]) != chunk.Id)
                {
                    return $"the chunk {chunk.Id} has other contents than its name says";
                }

                contents = contents[chunk.Length..];
            }

            return null;
        }
        catch (InvalidDataException error)
        {
            return error.Message;
        }
    }

    private async Task<(int Segment, string What)?> CheckDirectoryAsync(PackContents pack, CancellationToken cancellation)
    {
        try
        {
            var own = await SegmentReader.ReadDirectoryAsync(store, keys, pack.Id, pack.Length, cancellation);
            return own.Segments.Count == pack.Segments.Count && own.Segments.Zip(pack.Segments).All(static pair => pair.First.Stored == pair.Second.Stored && pair.First.Chunks.SequenceEqual(pair.Second.Chunks))
                ? null
                : (-1, "the index says something else of it than it does itself");
        }
        catch (InvalidDataException error)
        {
            return (-1, error.Message);
        }
        catch (FileNotFoundException)
        {
            return (IsGone, Missing);
        }
    }
}
