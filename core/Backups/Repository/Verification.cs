using System.Collections.Concurrent;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>
/// Checks a repository: configuration and keys, indexes against packs, every snapshot's manifest and list of entries, that every chunk is there; and as much of the
/// data as asked for: each pack read whole, every byte authenticated in its place, decompressed, and, where asked for, each chunk compared with its name.
/// </summary>
internal sealed class Verification(IObjectStore store, RepositoryKeys keys, RepositoryView view, VerifyOrder order, ProgressMeter meter)
{
    private const int MostPaths = 20;

    /// <summary>So many packs of each worker are read between two looks at the time.</summary>
    private const int PacksOfRound = 16;

    private readonly ConcurrentDictionary<int, string> _damaged = new();
    private readonly ConcurrentDictionary<PackId, bool> _read = new();
    private readonly ConcurrentQueue<(string Object, string What)> _wrong = new();
    private readonly ConcurrentBag<PackId> _gone = [];
    private readonly Dictionary<string, Victims> _victims = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _lost = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private readonly List<VerifyFinding> _findings = [];
    private HashSet<PackId>? _wanted;
    private long _packsRead;
    private long _bytesRead;
    private long _chunks;
    private long _snapshots;

    /// <summary>The segments that were found damaged, and at offset 0 what packs have besides.</summary>
    public IReadOnlyList<DamagedSegment> DamagedSegments() =>
        [
            .. _damaged.Keys.Select(number => new DamagedSegment(view.Index.PackOf(number).ToString(), view.Index.Segment(number).Offset)),
            .. _read.Where(static pair => !pair.Value).Select(static pair => new DamagedSegment(pair.Key.ToString(), 0)),
        ];

    public async Task<VerifyReport> RunAsync(CancellationToken cancellation)
    {
        if (await ReadPacksAsync(cancellation) is { } next)
        {
            return new VerifyReport(0, view.Index.Packs.Count, _packsRead, _bytesRead, _chunks, [], [], []) { Next = next };
        }

        foreach (var (name, what) in (await KeyRing.CheckAsync(store, keys, cancellation)).Concat(view.Problems))
        {
            _wrong.Enqueue((name, what));
        }

        if (view.Unindexed.Count > 0)
        {
            _notes.Add($"{view.Unindexed.Count} packs are in no index: of a backup that is under way or was cut off, or their index was lost. The next backup uses them.");
        }

        foreach (var name in (await new SealedObjects(store, keys).AllAsync<RepositorySession>(RepositoryLayout.Sessions, cancellation)).Damaged)
        {
            _wrong.Enqueue((name, "it is damaged, so it may be anybody's and keeps everything from being pruned; delete it once nobody is at work"));
        }

        TakeKnownDamage();
        await CheckSnapshotsAsync(cancellation);
        ForgetPruned();
        foreach (var (name, what) in _wrong)
        {
            _findings.Add(Finding(name, what));
        }

        foreach (var (number, what) in _damaged.OrderBy(static pair => pair.Key))
        {
            _findings.Add(Finding(NameOf(number), $"the segment at {view.Index.Segment(number).Offset}: {what}"));
        }

        foreach (var (name, victims) in _victims.Where(pair => !_findings.Exists(finding => finding.Name == pair.Key)))
        {
            _findings.Add(new VerifyFinding(name, victims.What, true, victims.Paths, victims.Count));
        }

        meter.Report();
        return new VerifyReport(_snapshots, view.Index.Packs.Count, _packsRead, _bytesRead, _chunks, _findings, [.. _lost], _notes);

        VerifyFinding Finding(string name, string what) =>
            _victims.TryGetValue(name, out var victims) ? new VerifyFinding(name, what, true, victims.Paths, victims.Count) : new VerifyFinding(name, what, false, [], 0);
    }

    /// <summary>A pack that no index names, nobody needs, and that is gone since it was listed, was pruned: nothing is wrong with it.</summary>
    private void ForgetPruned()
    {
        foreach (var id in _gone.Where(view.Unindexed.Contains))
        {
            var first = view.Index.FirstSegment(id);
            var segments = Enumerable.Range(first, view.Index.FindPack(id)!.Segments.Count).ToList();
            if (!segments.Exists(number => _victims.ContainsKey(NameOf(number))))
            {
                segments.ForEach(number => _damaged.TryRemove(number, out _));
                _notes.Add($"The pack '{id.ObjectName}' was pruned meanwhile.");
            }
            else
            {
                _wrong.Enqueue((id.ObjectName, "it is missing"));
            }
        }

        foreach (var id in _gone.Where(id => !view.Unindexed.Contains(id)))
        {
            _wrong.Enqueue((id.ObjectName, "it is missing"));
        }
    }

    private string NameOf(int segment) => $"{view.Index.PackOf(segment).ObjectName}@{view.Index.Segment(segment).Offset}";

    /// <returns>The id of the last pack that was read, where there are more and the time is over; null where all are read.</returns>
    private async Task<string?> ReadPacksAsync(CancellationToken cancellation)
    {
        var workers = Math.Max(1, order.Workers);
        var wanted = _wanted = await WantedAsync(cancellation);
        var packs = view.Index.Packs
            .Where(pack => IsDue(pack.Id) && (wanted is null || wanted.Contains(pack.Id)) && string.CompareOrdinal(pack.Id.ToString(), order.After) > 0)
            .OrderBy(static pack => pack.Id.ToString(), StringComparer.Ordinal)
            .ToList();
        var budget = order.Budget.Again();
        using var checks = new PackChecks(workers, () => new PackCheck(store, keys, order.IsRehashed));
        for (var first = 0; first < packs.Count; first += PacksOfRound * workers)
        {
            if (first > 0 && budget.IsSpent)
            {
                return packs[first - 1].Id.ToString();
            }

            var end = Math.Min(packs.Count, first + (PacksOfRound * workers));
            var begin = first;
            await Parallel.ForEachAsync(
                Enumerable.Range(0, workers),
                new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation },
                async (worker, token) =>
                {
                    for (var i = begin + worker; i < end; i += workers)
                    {
                        await ReadPackAsync(checks[worker], packs[i], token);
                    }
                });
        }

        return null;
    }

    private async Task ReadPackAsync(PackCheck check, PackContents pack, CancellationToken cancellation)
    {
        var first = view.Index.FirstSegment(pack.Id);
        _read[pack.Id] = true;
        try
        {
            await foreach (var (segment, what) in check.CheckAsync(pack, cancellation))
            {
                if (segment == PackCheck.IsGone)
                {
                    _gone.Add(pack.Id);
                }
                else if (segment < 0)
                {
                    _wrong.Enqueue((pack.Id.ObjectName, what));
                    _read[pack.Id] = false;
                }
                else
                {
                    _damaged[first + segment] = what;
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A disk that does not give its bytes back has lost them as surely as one that gives others.
            for (var i = 0; i < pack.Segments.Count; i++)
            {
                _damaged[first + i] = error.Message;
            }
        }

        _ = Interlocked.Increment(ref _packsRead);
        _ = Interlocked.Add(ref _bytesRead, pack.Length);
        _ = Interlocked.Add(ref _chunks, pack.Segments.Sum(static segment => segment.Chunks.Count));
        meter.Add(1, pack.Length);
    }

    private async Task CheckSnapshotsAsync(CancellationToken cancellation)
    {
        var objects = new SealedObjects(store, keys);
        using var reader = new ChunkReader(store, keys, view.Index);

        // Those that there were before the indexes were read: what a later one needs is not in this view.
        foreach (var name in view.SnapshotObjects)
        {
            Snapshot? snapshot;
            try
            {
                snapshot = await objects.FindAsync<Snapshot>(name, cancellation);
            }
            catch (InvalidDataException error)
            {
                Lose(name, error.Message, name[(name.LastIndexOf('/') + 1)..], "everything");
                continue;
            }

            if (snapshot is null)
            {
                // Dropped since it was listed.
                continue;
            }

            _snapshots++;
            if (RepositoryLayout.Snapshot(snapshot.Policy, snapshot.Id) != name)
            {
                _wrong.Enqueue((name, $"it is the manifest of '{snapshot.Id}'"));
            }

            await CheckEntriesAsync(reader, snapshot, name, cancellation);
        }
    }

    /// <summary>What earlier verifications found stays found until it is healed, also where this one does not read.</summary>
    private void TakeKnownDamage()
    {
        var known = view.Damaged.SelectMany(static mark => mark.Segments.Select(segment => (segment.Pack, segment.Offset, mark.At, mark.Id))).ToLookup(static damage => damage.Pack, StringComparer.Ordinal);
        foreach (var pack in known.Count == 0 ? [] : view.Index.Packs.Where(pack => known.Contains(pack.Id.ToString()) && !_read.ContainsKey(pack.Id)))
        {
            var isReadBefore = string.CompareOrdinal(pack.Id.ToString(), order.After) <= 0 && IsDue(pack.Id) && (_wanted is null || _wanted.Contains(pack.Id));
            foreach (var (_, offset, at, _) in known[pack.Id.ToString()].Where(damage => !isReadBefore || order.Marked.Contains(damage.Id)))
            {
                var segment = pack.Segments.Select(static (segment, i) => (segment.Offset, i)).FirstOrDefault(pair => pair.Offset == offset, (0, -1)).Item2;
                if (segment < 0)
                {
                    _wrong.Enqueue((pack.Id.ObjectName, $"it was found damaged on {at:u}"));
                }
                else
                {
                    _damaged[view.Index.FirstSegment(pack.Id) + segment] = $"it was found damaged on {at:u}";
                }
            }
        }
    }

    private async Task CheckEntriesAsync(ChunkReader reader, Snapshot snapshot, string name, CancellationToken cancellation)
    {
        var lost = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
            {
                long length = 0;
                foreach (var id in entry.Chunks)
                {
                    var found = Check(id, snapshot.Id, entry.Path, out var cause);
                    length += found;
                    if (found < 0)
                    {
                        lost[entry.Path] = cause;
                        length = long.MinValue / 2;
                    }
                }

                if (entry.Kind == TreeEntryKind.File && length >= 0 && length != entry.Length)
                {
                    Lose(name, "the lengths of files are not those of their chunks", snapshot.Id, entry.Path);
                    lost[entry.Path] = name;
                }
                else if (entry.Kind == TreeEntryKind.HardLink && entry.Target is { } target && lost.TryGetValue(target, out var cause))
                {
                    // The file comes before its other names.
                    Lose(cause, "", snapshot.Id, entry.Path);
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Lose(name, $"its list of entries cannot be read: {error.Message}", snapshot.Id, "everything from there on");
        }
    }

    /// <summary>The length of a chunk; -1 where it is lost, which is recorded.</summary>
    private long Check(ChunkId id, string snapshot, string path, out string cause)
    {
        cause = "missing chunks";
        if (!view.Index.TryFind(id, out var place))
        {
            Lose(cause, "they are in no pack", snapshot, path);
            return -1;
        }

        if (_damaged.IsEmpty || view.Index.Places(id).Any(other => !_damaged.ContainsKey(other.Segment)))
        {
            return place.Length;
        }

        cause = NameOf(place.Segment);
        Lose(cause, "", snapshot, path);
        return -1;
    }

    private void Lose(string name, string what, string snapshot, string path)
    {
        if (!_victims.TryGetValue(name, out var victims))
        {
            _victims.Add(name, victims = new Victims(what));
        }

        _ = _lost.Add(snapshot);
        var full = $"{snapshot}:{path}";
        if (victims.Last == full)
        {
            // A file that needs what is lost several times is lost once.
            return;
        }

        victims.Last = full;
        victims.Count++;
        if (victims.Paths.Count < MostPaths)
        {
            victims.Paths.Add(full);
        }
    }

    /// <summary>The packs of one snapshot, or null for all.</summary>
    private async Task<HashSet<PackId>?> WantedAsync(CancellationToken cancellation)
    {
        if (order.Snapshot is not { } id || Snapshot.PolicyOf(id) is not { } policy || order.DataPercent == 0)
        {
            return null;
        }

        var wanted = new HashSet<PackId>();
        using var reader = new ChunkReader(store, keys, view.Index);
        try
        {
            if (await new SealedObjects(store, keys).FindAsync<Snapshot>(RepositoryLayout.Snapshot(policy, id), cancellation) is { } snapshot)
            {
                Add(snapshot.Tree.Select(ChunkId.Parse));
                await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
                {
                    Add(entry.Chunks);
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            // Said where every snapshot's entries are checked; what is known of it is read.
        }

        return wanted;

        void Add(IEnumerable<ChunkId> chunks)
        {
            foreach (var chunk in chunks)
            {
                if (view.Index.TryFind(chunk, out var place))
                {
                    _ = wanted.Add(view.Index.PackOf(place.Segment));
                }
            }
        }
    }

    /// <summary>A pack's place among a hundred is that of its random id; a turn takes the next few of the hundred.</summary>
    private bool IsDue(PackId id)
    {
        if (order.DataPercent is <= 0 or >= 100)
        {
            return order.DataPercent >= 100;
        }

        Span<byte> bytes = stackalloc byte[PackId.Size];
        id.CopyTo(bytes);
        var place = ((bytes[0] << 8) | bytes[1]) % 100;
        var start = order.Turn * order.DataPercent % 100;
        return (place - start + 100) % 100 < order.DataPercent;
    }

    /// <summary>A check for each worker, each with its own buffers.</summary>
    private sealed class PackChecks(int workers, Func<PackCheck> make) : IDisposable
    {
        private readonly PackCheck[] _checks = [.. Enumerable.Range(0, workers).Select(_ => make())];

        public PackCheck this[int worker] => _checks[worker];

        public void Dispose() => Array.ForEach(_checks, static check => check.Dispose());
    }

    private sealed class Victims(string what)
    {
        public string What => what;

        public List<string> Paths { get; } = [];

        public long Count { get; set; }

        public string? Last { get; set; }
    }
}
