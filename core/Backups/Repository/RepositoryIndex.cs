namespace Maintenance.Backups.Repository;

/// <summary>Where a chunk lies.</summary>
/// <param name="Segment">The number of its segment in the <see cref="RepositoryIndex"/>.</param>
/// <param name="Offset">Where it begins in the segment's contents.</param>
/// <param name="Length">How many bytes it has.</param>
internal readonly record struct ChunkPlace(int Segment, int Offset, int Length);

/// <summary>A segment of the index.</summary>
internal readonly record struct IndexedSegment(int Pack, int Stored, int Plain, SegmentEncoding Encoding, long Offset);

/// <summary>
/// Where every chunk of the packs that are there lies: about 80 bytes a chunk. Filled while a repository is opened; while a backup is taken it only grows.
/// Reading is safe beside reading; adding is not.
/// </summary>
internal sealed class RepositoryIndex
{
    private readonly List<PackContents> _packs = [];
    private readonly Dictionary<PackId, int> _numbers = [];
    private readonly List<IndexedSegment> _segments = [];
    private readonly List<int> _firstSegments = [];
    private readonly Dictionary<ChunkId, ChunkPlace> _chunks = [];
    private readonly Dictionary<ChunkId, List<ChunkPlace>> _others = [];
    private readonly HashSet<int> _avoided = [];

    /// <summary>The packs, in the order in which they were added.</summary>
    public IReadOnlyList<PackContents> Packs => _packs;

    public int ChunkCount => _chunks.Count;

    public bool HasPack(PackId id) => _numbers.ContainsKey(id);

    public PackContents? FindPack(PackId id) => _numbers.TryGetValue(id, out var number) ? _packs[number] : null;

    public IndexedSegment Segment(int number) => _segments[number];

    public PackId PackOf(int segment) => _packs[_segments[segment].Pack].Id;

    /// <summary>The chunks of a segment.</summary>
    public IReadOnlyList<PackedChunk> ChunksOf(int segment)
    {
        var pack = _segments[segment].Pack;
        return _packs[pack].Segments[segment - _firstSegments[pack]].Chunks;
    }

    /// <summary>The number of a pack's first segment; its others follow.</summary>
    public int FirstSegment(PackId id) => _firstSegments[_numbers[id]];

    /// <summary>
    /// Adds a pack, once. A chunk that lies in several packs is read from the first that is not avoided.
    /// </summary>
    /// <param name="pack">The pack.</param>
    /// <param name="isAvoided">True for segments (by their offset) that are damaged or about to go: what lies there is read from there if need be, and stored again.</param>
    public void Add(PackContents pack, Func<PackSegment, bool>? isAvoided = null)
    {
        if (!_numbers.TryAdd(pack.Id, _packs.Count))
        {
            return;
        }

        _packs.Add(pack);
        _firstSegments.Add(_segments.Count);
        foreach (var segment in pack.Segments)
        {
            var number = _segments.Count;
            _segments.Add(new IndexedSegment(_packs.Count - 1, segment.Stored, segment.Plain, segment.Encoding, segment.Offset));
            if (isAvoided is not null && isAvoided(segment))
            {
                _ = _avoided.Add(number);
            }

            var offset = 0;
            foreach (var chunk in segment.Chunks)
            {
                Add(chunk.Id, new ChunkPlace(number, offset, chunk.Length));
                offset += chunk.Length;
            }
        }
    }

    public bool TryFind(ChunkId id, out ChunkPlace place) => _chunks.TryGetValue(id, out place);

    /// <summary>True where a new snapshot may rely on the chunk: it is there, and not where it is damaged or about to go.</summary>
    public bool IsUsable(ChunkId id) => _chunks.TryGetValue(id, out var place) && !_avoided.Contains(place.Segment);

    /// <summary>Every place where a chunk lies, the best first.</summary>
    public IEnumerable<ChunkPlace> Places(ChunkId id)
    {
        if (_chunks.TryGetValue(id, out var place))
        {
            yield return place;
            if (_others.TryGetValue(id, out var others))
            {
                foreach (var other in others)
                {
                    yield return other;
                }
            }
        }
    }

    private void Add(ChunkId id, ChunkPlace place)
    {
        if (_chunks.TryAdd(id, place))
        {
            return;
        }

        var other = place;
        if (_chunks[id] is var first && _avoided.Contains(first.Segment) && !_avoided.Contains(place.Segment))
        {
            _chunks[id] = place;
            other = first;
        }

        if (!_others.TryGetValue(id, out var others))
        {
            _others.Add(id, others = []);
        }

        others.Add(other);
    }
}

/// <summary>The objects that say what is in which pack: a list of packs, each with its id, its length and its segments as its own directory has them.</summary>
internal static class IndexFormat
{
    /// <summary>An index object is closed once it has this many bytes in plain.</summary>
    private const int FullSize = 4 * 1024 * 1024;

    /// <summary>The packs as the contents of as many index objects as they need.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Write(IReadOnlyList<PackContents> packs)
    {
        var fields = new FieldWriter();
        foreach (var pack in packs)
        {
            fields.Pack(pack.Id);
            fields.Number((ulong)pack.Length);
            PackFormat.Write(fields, pack.Segments);
            if (fields.Length >= FullSize)
            {
                yield return fields.Written;
                fields.Clear();
            }
        }

        if (fields.Length > 0)
        {
            yield return fields.Written;
        }
    }

    /// <exception cref="InvalidDataException">It is no index.</exception>
    public static IReadOnlyList<PackContents> Read(ReadOnlySpan<byte> bytes)
    {
        var fields = new FieldReader(bytes);
        var packs = new List<PackContents>();
        while (!fields.IsAtEnd)
        {
            var id = fields.Pack();
            var length = (long)fields.Number();
            packs.Add(new PackContents(id, length, PackFormat.Read(ref fields)));
        }

        return packs;
    }
}
