using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>
/// What is in a repository, as somebody sees it who begins to work in it: where every chunk lies, what to avoid, and what is wrong with it at first sight. While it
/// is open a session says so, and nothing that it may rely on is deleted.
/// </summary>
internal sealed class RepositoryView : IAsyncDisposable
{
    private readonly IObjectStore _store;
    private readonly RepositoryKeys _keys;
    private readonly RepositorySession _session;
    private readonly IReadOnlyList<UnneededMark> _known;
    private readonly bool _endsSession;

    private RepositoryView(IObjectStore store, RepositoryKeys keys, RepositorySession session, IReadOnlyList<UnneededMark> known, bool endsSession = true) =>
        (_store, _keys, _session, _known, _endsSession) = (store, keys, session, known, endsSession);

    /// <summary>Where every chunk lies.</summary>
    public RepositoryIndex Index { get; } = new();

    /// <summary>The id of the session.</summary>
    public string SessionId => _session.Id;

    /// <summary>When the session began (UTC).</summary>
    public DateTimeOffset StartedAt => _session.StartedAt;

    /// <summary>The names of the snapshots that were listed before the indexes were read: whatever they need is in the index. A later one's may not be.</summary>
    public List<string> SnapshotObjects { get; } = [];

    /// <summary>The names of the index objects that were read, each with the packs that it names.</summary>
    public Dictionary<string, IReadOnlyList<PackId>> IndexObjects { get; } = new(StringComparer.Ordinal);

    /// <summary>Packs that no index names: of a backup that was cut off, or that is still under way, or whose index was lost.</summary>
    public List<PackId> Unindexed { get; } = [];

    /// <summary>The marks of packs that nobody needed.</summary>
    public IReadOnlyList<UnneededMark> Unneeded { get; private set; } = [];

    /// <summary>The marks of damage.</summary>
    public IReadOnlyList<DamageMark> Damaged { get; private set; } = [];

    /// <summary>What is wrong: an object, and what.</summary>
    public List<(string Object, string What)> Problems { get; } = [];

    /// <summary>Opens a view for somebody who will write a snapshot or new packs.</summary>
    public static Task<RepositoryView> ForWritingAsync(IObjectStore store, RepositoryKeys keys, string what, TimeProvider time, CancellationToken cancellation) =>
        OpenAsync(store, keys, RepositorySession.Backup + what, time, isWriter: true, cancellation);

    /// <summary>
    /// Begins a session of somebody who will write a snapshot in several pieces, each with a view of its own (<see cref="ForSliceAsync"/>), and ends it himself
    /// (<see cref="EndSessionAsync"/>). Nothing is announced yet: that is the first view's.
    /// </summary>
    public static async Task<(RepositorySession Session, IReadOnlyList<UnneededMark> Known)> BeginSessionAsync(
        IObjectStore store, RepositoryKeys keys, string what, TimeProvider time, CancellationToken cancellation)
    {
        var (known, _) = await new SealedObjects(store, keys).AllAsync<UnneededMark>(RepositoryLayout.Unneeded, cancellation);
        return (new RepositorySession(RepositoryLayout.NewId(), RepositorySession.Backup + what, time.GetUtcNow(), [.. known.Select(static mark => mark.Id)]), known);
    }

    /// <summary>
    /// Opens a view for a piece of a longer work. Its session began before the first piece and goes on after this one, so what any of them relies on stays; what its
    /// first look at the marks named is avoided by all of them.
    /// </summary>
    public static async Task<RepositoryView> ForSliceAsync(
        IObjectStore store, RepositoryKeys keys, RepositorySession session, IReadOnlyList<UnneededMark> known, CancellationToken cancellation)
    {
        var view = new RepositoryView(store, keys, session, known, endsSession: false);
        await view.AnnounceAsync(mustBeSeen: true, cancellation);
        await view.LoadAsync(cancellation);
        return view;
    }

    /// <summary>Ends a session that several views shared.</summary>
    public static async Task EndSessionAsync(IObjectStore store, string session)
    {
        try
        {
            _ = await store.DeleteAsync(RepositoryLayout.Sessions + session, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or TimeoutException or UnauthorizedAccessException)
        {
            // A store that keeps everything for a while, or is out of reach: the session grows stale, and until then only delays a prune.
        }
    }

    /// <summary>Opens a view for somebody who reads.</summary>
    public static Task<RepositoryView> ForReadingAsync(IObjectStore store, RepositoryKeys keys, string what, TimeProvider time, CancellationToken cancellation) =>
        OpenAsync(store, keys, what, time, isWriter: false, cancellation);

    /// <summary>Says that somebody is at work; what there is he sees once he has called <see cref="LoadAsync"/>.</summary>
    /// <param name="store">The repository's.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="what">What he does.</param>
    /// <param name="time">The clock.</param>
    /// <param name="mustBeSeen">False where it does not matter to others: then a store that takes nothing will do.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RepositoryView> AnnounceAsync(
        IObjectStore store, RepositoryKeys keys, string what, TimeProvider time, bool mustBeSeen, CancellationToken cancellation)
    {
        var view = new RepositoryView(store, keys, new RepositorySession(RepositoryLayout.NewId(), what, time.GetUtcNow(), []), []);
        await view.AnnounceAsync(mustBeSeen, cancellation);
        return view;
    }

    /// <summary>Ends the session, unless it is of a longer work.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_endsSession)
        {
            await EndSessionAsync(_store, _session.Id);
        }
    }

    private static async Task<RepositoryView> OpenAsync(
        IObjectStore store, RepositoryKeys keys, string what, TimeProvider time, bool isWriter, CancellationToken cancellation)
    {
        // In this order, and no other, nothing that this view will rely on can be deleted under it. The session names the marks that were there before it; the marks
        // are read again after it; the snapshots and the indexes after those; the packs last. A pack that is marked later than the second look is kept by the session;
        // one that was marked at either look is avoided, also where its mark has gone between them: the session says so. A reader relies on marked packs as well, so
        // his session names no mark and keeps them all.
        IReadOnlyList<UnneededMark> known = [];
        if (isWriter)
        {
            (known, _) = await new SealedObjects(store, keys).AllAsync<UnneededMark>(RepositoryLayout.Unneeded, cancellation);
        }

        var session = new RepositorySession(RepositoryLayout.NewId(), what, time.GetUtcNow(), [.. known.Select(static mark => mark.Id)]);
        var view = new RepositoryView(store, keys, session, known);
        await view.AnnounceAsync(mustBeSeen: isWriter, cancellation);
        try
        {
            await view.LoadAsync(cancellation);
            return view;
        }
        catch
        {
            await view.DisposeAsync();
            throw;
        }
    }

    private async Task AnnounceAsync(bool mustBeSeen, CancellationToken cancellation)
    {
        try
        {
            // A name of 128 random bits that is taken was taken by this very request, whose first answer got lost.
            _ = await new SealedObjects(_store, _keys).PutAsync(RepositoryLayout.Sessions + _session.Id, _session, cancellation);
        }
        catch (Exception error) when (!mustBeSeen && error is IOException or UnauthorizedAccessException)
        {
            // A copy on a read-only mount can be read all the same; nobody prunes it either.
        }
        catch
        {
            // It may have been stored all the same.
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads what there is.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var objects = new SealedObjects(_store, _keys);
        (Unneeded, var broken) = await objects.AllAsync<UnneededMark>(RepositoryLayout.Unneeded, cancellation);
        (Damaged, var brokenDamage) = await objects.AllAsync<DamageMark>(RepositoryLayout.Damaged, cancellation);
        Problems.AddRange(broken.Concat(brokenDamage).Select(static name => (name, "it is damaged; what it says is not known")));

        await foreach (var item in _store.ListAsync(RepositoryLayout.Snapshots, cancellation))
        {
            SnapshotObjects.Add(item.Name);
        }

        var indexed = await ReadIndexesAsync(objects, cancellation);
        var lengths = new Dictionary<PackId, long>();
        await foreach (var item in _store.ListAsync(RepositoryLayout.Packs, cancellation))
        {
            if (PackId.OfObject(item.Name) is { } id)
            {
                lengths[id] = item.Length;
            }
        }

        // Of a chunk that lies in several packs, the place that stays is the better one for readers and prunes as well.
        var marked = MarkedPacks();
        var damaged = Damaged.SelectMany(static mark => mark.Segments).ToHashSet();
        foreach (var pack in indexed.Values)
        {
            if (!lengths.Remove(pack.Id, out var length))
            {
                Problems.Add((pack.Id.ObjectName, "the pack is missing"));
                continue;
            }

            if (length != pack.Length)
            {
                Problems.Add((pack.Id.ObjectName, $"the pack has {length} bytes instead of {pack.Length}"));
            }

            Add(pack, length != pack.Length, marked, damaged);
        }

        foreach (var (id, length) in lengths.OrderBy(static pair => pair.Key.ToString(), StringComparer.Ordinal))
        {
            try
            {
                Unindexed.Add(id);
                Add(await SegmentReader.ReadDirectoryAsync(_store, _keys, id, length, cancellation), false, marked, damaged);
            }
            catch (InvalidDataException error)
            {
                Problems.Add((id.ObjectName, $"no index names the pack, and it does not say itself what is in it: {error.Message}"));
            }
            catch (FileNotFoundException)
            {
                // Pruned since it was listed.
                Unindexed.Remove(id);
            }
        }
    }

    /// <summary>The packs that nobody who begins now may rely on.</summary>
    public HashSet<string> MarkedPacks() => _known.Concat(Unneeded).SelectMany(static mark => mark.Packs).ToHashSet(StringComparer.Ordinal);

    private void Add(PackContents pack, bool isTruncated, HashSet<string> marked, HashSet<DamagedSegment> damaged)
    {
        var name = pack.Id.ToString();
        if (isTruncated || marked.Contains(name))
        {
            Index.Add(pack, static _ => true);
        }
        else if (damaged.Count > 0)
        {
            Index.Add(pack, segment => damaged.Contains(new DamagedSegment(name, segment.Offset)));
        }
        else
        {
            Index.Add(pack);
        }
    }

    private async Task<Dictionary<PackId, PackContents>> ReadIndexesAsync(SealedObjects objects, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            IndexObjects.Clear();
            var indexed = new Dictionary<PackId, PackContents>();
            var problems = new List<(string, string)>();
            var isWhole = true;
            await foreach (var item in _store.ListAsync(RepositoryLayout.Indexes, cancellation))
            {
                List<PackId> named = [];
                try
                {
                    if (await objects.FindBytesAsync(item.Name, cancellation) is not { } plain)
                    {
                        // A prune has just put another in its place: once more, to see that one.
                        isWhole = false;
                        break;
                    }

                    var packs = IndexFormat.Read(plain);
                    foreach (var pack in packs)
                    {
                        _ = indexed.TryAdd(pack.Id, pack);
                        named.Add(pack.Id);
                    }
                }
                catch (InvalidDataException error)
                {
                    problems.Add((item.Name, $"{error.Message} What it names is read from the packs themselves."));
                }

                IndexObjects[item.Name] = named;
            }

            if (isWhole)
            {
                Problems.AddRange(problems);
                return indexed;
            }

            if (attempt == 20)
            {
                throw new IOException("The repository's index keeps changing: the store lists objects that it does not have.");
            }
        }
    }
}
