using System.Collections.Concurrent;
using Maintenance.Backups.Sources;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>
/// Restores into a folder. The entries come in batches; the contents of a batch are read segment by segment in the order in which they lie in the packs, each
/// segment once, by several workers. What is damaged is lost by its path and costs nothing else.
/// </summary>
internal sealed class FolderRestore : IDisposable
{
    /// <summary>A batch has at most so many files, so that memory does not follow the snapshot.</summary>
    private const int FilesOfBatch = 50_000;

    /// <summary>A batch has at most so many files of several chunks, since each may be open for a while.</summary>
    private const int LargeFilesOfBatch = 200;

    /// <summary>A batch has at most so many chunks.</summary>
    private const int ChunksOfBatch = 200_000;

    private readonly IObjectStore _store;
    private readonly RepositoryKeys _keys;
    private readonly RepositoryIndex _index;
    private readonly RestoreOrder _order;
    private readonly PathSelection _selection;
    private readonly ProgressMeter _meter;
    private readonly FolderWriter? _target;
    private readonly List<FileOnItsWay> _batch = [];
    private readonly List<Piece> _pieces = [];
    private readonly List<TreeEntry> _folders = [];
    private readonly List<TreeEntry> _hardLinks = [];
    private readonly RestoreLosses _losses = new();
    private readonly ConcurrentQueue<string> _warnings = new();
    private RestoreWay _way;
    private int _large;
    private long _files;
    private long _links;
    private long _bytes;

    public FolderRestore(IObjectStore store, RepositoryKeys keys, RepositoryIndex index, RestoreOrder order, ProgressMeter meter)
    {
        (_store, _keys, _index, _order, _meter) = (store, keys, index, order, meter);
        _selection = new PathSelection(order.Paths);
        if (order.Existing == ExistingFiles.Refuse && Directory.Exists(order.Target) && Directory.EnumerateFileSystemEntries(order.Target).Any())
        {
            throw new TargetNotEmptyException(order.Target);
        }

        _target = order.IsDryRun ? null : new FolderWriter(order.Target);
        _way = new RestoreWay(_target, order, hasFolders: false);
    }

    private bool IsBatchFull => _batch.Count >= FilesOfBatch || _pieces.Count >= ChunksOfBatch || _large >= LargeFilesOfBatch;

    /// <summary>Restores a snapshot, or a part of it.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="part">Some of its entries, in its order; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<RestoreReport> RestoreAsync(Snapshot snapshot, IReadOnlyList<TreeEntry>? part, CancellationToken cancellation)
    {
        _way = new RestoreWay(_target, _order, part is null && _order.Paths.Count == 0 && !snapshot.IsByName);
        using var reader = new ChunkReader(_store, _keys, _index);
        var entries = part?.ToAsyncEnumerable() ?? reader.EntriesAsync(snapshot, cancellation);
        try
        {
            await foreach (var entry in entries.WithCancellation(cancellation))
            {
                if (entry.Path.Length == 0)
                {
                    _folders.AddRange(_order.Paths.Count == 0 ? [entry] : []);
                }
                else if (_selection.Has(entry.Path) || (entry.Kind == TreeEntryKind.Folder && _selection.LeadsTo(entry.Path)))
                {
                    Plan(entry);
                    if (IsBatchFull)
                    {
                        await RestoreBatchAsync(cancellation);
                    }
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            // The list of entries itself is damaged: what came before is restored, and nobody can say what would have come after.
            _losses.Add("the list of entries", $"{error.Message}; everything that it names from here on is lost");
        }

        await RestoreBatchAsync(cancellation);
        await RestoreOtherNamesAsync(entries, cancellation);
        Finish();
        _meter.Report();
        return new RestoreReport(
            snapshot.Id, _order.Target, _order.IsDryRun, _files, _folders.Count(static folder => folder.Path.Length > 0), _links, _bytes, _way.Kept, _way.Replaced, _way.Renamed, _losses.Count, _losses.Lines, [.. _warnings]);
    }

    /// <inheritdoc/>
    public void Dispose() => _target?.Dispose();

    private void Plan(TreeEntry entry)
    {
        try
        {
            switch (entry.Kind)
            {
                case TreeEntryKind.Folder:
                    if (_way.MakeFor(entry) is not null)
                    {
                        _target?.CreateFolder(entry.Path);
                        _folders.Add(entry);
                    }

                    break;
                case TreeEntryKind.HardLink:
                    // Once the file that it is another name of is there.
                    _hardLinks.Add(entry);
                    break;
                case TreeEntryKind.SymbolicLink:
                    if (_way.MakeFor(entry) is { } link)
                    {
                        if (_target?.CreateSymbolicLink(link, entry.Target ?? "", entry) is { } warning)
                        {
                            Warn(entry.Path, warning);
                        }

                        _way.Settle(entry, link);
                        _links++;
                    }

                    break;
                default:
                    PlanFile(entry);
                    break;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _losses.Add(entry.Path, error.Message);
        }
    }

    private void PlanFile(TreeEntry entry)
    {
        if (_way.MakeFor(entry) is not { } path)
        {
            return;
        }

        if (_target is null)
        {
            Interlocked.Increment(ref _files);
            Interlocked.Add(ref _bytes, entry.Length);
            return;
        }

        var file = new FileOnItsWay(entry, path, entry.Chunks.Count);
        if (entry.Chunks.Count == 0)
        {
            Open(file);
            Complete(file);
            return;
        }

        var first = _pieces.Count;
        long offset = 0;
        foreach (var id in entry.Chunks)
        {
            if (!_index.TryFind(id, out var place))
            {
                _pieces.RemoveRange(first, _pieces.Count - first);
                _losses.Add(entry.Path, $"its chunk {id} is missing from the repository");
                return;
            }

            _pieces.Add(new Piece(_batch.Count, place.Segment, place.Offset, place.Length, offset, id));
            offset += place.Length;
        }

        if (offset != entry.Length)
        {
            _pieces.RemoveRange(first, _pieces.Count - first);
            _losses.Add(entry.Path, $"its chunks have {offset} bytes together instead of {entry.Length}");
            return;
        }

        _large += entry.Chunks.Count > 1 ? 1 : 0;
        _batch.Add(file);
    }

    /// <summary>Names of files whose first name was not asked for: the first of them becomes the file, the others names of it.</summary>
    private async Task RestoreOtherNamesAsync(IAsyncEnumerable<TreeEntry> entries, CancellationToken cancellation)
    {
        var wanted = _hardLinks.Where(link => link.Target is { } target && !_selection.Has(target)).ToLookup(static link => link.Target!, StringComparer.Ordinal);
        if (wanted.Count == 0)
        {
            return;
        }

        try
        {
            await foreach (var entry in entries.WithCancellation(cancellation))
            {
                if (entry.Kind == TreeEntryKind.File && wanted.Contains(entry.Path))
                {
                    var names = wanted[entry.Path].ToList();
                    _ = _hardLinks.RemoveAll(names.Contains);
                    Plan(entry with { Path = names[0].Path });
                    _hardLinks.AddRange(names.Skip(1).Select(name => name with { Target = names[0].Path }));
                    if (IsBatchFull)
                    {
                        await RestoreBatchAsync(cancellation);
                    }
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            // Said when the list was read for the first time.
        }

        await RestoreBatchAsync(cancellation);
    }

    private async Task RestoreBatchAsync(CancellationToken cancellation)
    {
        _pieces.Sort(static (a, b) => a.Segment != b.Segment ? a.Segment.CompareTo(b.Segment) : a.Offset.CompareTo(b.Offset));
        var next = 0;
        var turn = new Lock();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Max(1, _order.Workers)).Select(_ => Task.Run(WorkAsync, CancellationToken.None)));
        }
        finally
        {
            foreach (var file in _batch)
            {
                // Given up before all of its pieces were there.
                file.Discard();
            }
        }

        _pieces.Clear();
        _batch.Clear();
        _large = 0;

        async Task WorkAsync()
        {
            using var segments = new SegmentReader(_store, _keys);
            while (Take() is var (from, to))
            {
                cancellation.ThrowIfCancellationRequested();
                await RestoreSegmentAsync(segments, from, to, cancellation);
            }
        }

        (int From, int To)? Take()
        {
            lock (turn)
            {
                if (next == _pieces.Count)
                {
                    return null;
                }

                var from = next++;
                while (next < _pieces.Count && _pieces[next].Segment == _pieces[from].Segment)
                {
                    next++;
                }

                return (from, next);
            }
        }
    }

    private async Task RestoreSegmentAsync(SegmentReader segments, int from, int to, CancellationToken cancellation)
    {
        var segment = _index.Segment(_pieces[from].Segment);
        ReadOnlyMemory<byte>? contents = null;
        try
        {
            contents = await segments.ReadAsync(_index.PackOf(_pieces[from].Segment), segment.Offset, segment.Stored, segment.Plain, segment.Encoding, cancellation);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // Perhaps its chunks lie somewhere else as well: each is asked for by itself below.
        }

        using var others = contents is null ? new ChunkReader(_store, _keys, _index) : null;
        for (var i = from; i < to; i++)
        {
            var piece = _pieces[i];
            var file = _batch[piece.File];
            try
            {
                var chunk = contents?.Slice(piece.Offset, piece.Length) ?? await others!.ReadAsync(piece.Chunk, cancellation);
                if (!file.IsLost)
                {
                    Open(file);
                    file.Write(chunk.Span, piece.FileOffset);
                }
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                if (file.TryLose())
                {
                    _losses.Add(file.Entry.Path, error.Message);
                }
            }

            if (file.IsLastPiece())
            {
                Complete(file);
            }
        }
    }

    private void Open(FileOnItsWay file) => file.Open(() => _target!.CreateFile(file.Path, file.Entry.Length, file.Entry.IsSparse));

    private void Complete(FileOnItsWay file)
    {
        if (file.IsLost)
        {
            file.Discard();
            return;
        }

        try
        {
            if (file.Complete() is { } warning)
            {
                Warn(file.Entry.Path, warning);
            }

            _way.Settle(file.Entry, file.Path);
            Interlocked.Increment(ref _files);
            Interlocked.Add(ref _bytes, file.Entry.Length);
            _meter.Add(1, file.Entry.Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            file.Discard();
            _losses.Add(file.Entry.Path, error.Message);
        }
    }

    private void Finish()
    {
        foreach (var link in _hardLinks)
        {
            try
            {
                if (_way.MakeFor(link) is { } path)
                {
                    _target?.CreateHardLink(path, link.Target ?? "");
                    _way.Settle(link, path);
                    _links++;
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
            {
                _losses.Add(link.Path, $"it was another name of '{link.Target}', which is not there: {error.Message}");
            }
        }

        if (_target is null)
        {
            return;
        }

        // Deepest first: writing into a folder changes its time, and its mode may forbid writing.
        for (var i = _folders.Count - 1; i >= 0; i--)
        {
            try
            {
                if (_target.FinishFolder(_folders[i]) is { } warning)
                {
                    Warn(_folders[i].Path, warning);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Warn(_folders[i].Path, error.Message);
            }
        }

        _target.Flush();
    }

    private void Warn(string path, string what)
    {
        if (_warnings.Count < RestoreReport.SourceLimit)
        {
            _warnings.Enqueue($"{(path.Length == 0 ? "." : path)}: {what}");
        }
    }

    /// <summary>A chunk of a file.</summary>
    private readonly record struct Piece(int File, int Segment, int Offset, int Length, long FileOffset, ChunkId Chunk);
}
