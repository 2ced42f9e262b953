using Maintenance.Backups.Sources;

namespace Maintenance.Backups.Repository;

/// <summary>Where a restore is in the list of entries.</summary>
/// <param name="Entry">How many entries are done.</param>
/// <param name="Offset">How many bytes of the next one are.</param>
public sealed record RestoreCursor(long Entry, long Offset = 0)
{
    /// <summary>The beginning.</summary>
    public static RestoreCursor Start { get; } = new(0);
}

/// <summary>A piece of a restore into a place.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="Until">The number of the entry that it ends before; null for the end.</param>
/// <param name="Operation">The same for all pieces of a restore, and unlike that of any other.</param>
/// <param name="Budget">When to put down where it is.</param>
internal sealed record PlacePiece(RestoreCursor From, long? Until, string Operation, WorkBudget Budget)
{
    /// <summary>All at one go.</summary>
    public static PlacePiece All { get; } = new(RestoreCursor.Start, null, "", WorkBudget.Unlimited);

    /// <summary>A file with more bytes is written in pieces, where the target can: tests have small ones.</summary>
    public long LongFile { get; init; } = 64 * 1024 * 1024;
}

/// <summary>Restores into a place that is no folder: entry by entry, in the snapshot's order.</summary>
internal sealed class PlaceRestore(ChunkReader reader, ISnapshotTarget target, ProgressMeter meter)
{
    private readonly RestoreLosses _losses = new();
    private long _files;
    private long _bytes;

    /// <summary>Restores a piece.</summary>
    /// <returns>What was done, and where to go on; null where the piece, or a target that is not resumable, is done.</returns>
    public async Task<(RestoreReport Report, RestoreCursor? Next)> RestoreAsync(Snapshot snapshot, IReadOnlyList<string> paths, PlacePiece piece, CancellationToken cancellation)
    {
        var selection = new PathSelection(paths);
        RestoreCursor? next = null;
        if (piece.From == RestoreCursor.Start)
        {
            await target.PrepareAsync(cancellation);
        }

        try
        {
            next = await RestoreEntriesAsync(snapshot, selection, piece, cancellation);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            _losses.Add("the list of entries", $"{error.Message}; everything that it names from here on is lost");
        }

        if (next is null && piece.Until is null)
        {
            await target.CompleteAsync(cancellation);
        }

        meter.Report();
        return (new RestoreReport(snapshot.Id, target.Description, false, _files, 0, 0, _bytes, 0, 0, 0, _losses.Count, _losses.Lines, []), next);
    }

    private async Task<RestoreCursor?> RestoreEntriesAsync(Snapshot snapshot, PathSelection selection, PlacePiece piece, CancellationToken cancellation)
    {
        var (number, offset, isFirst) = (-1L, piece.From.Offset, true);
        TreeEntry? prelude = null;

        // The entries and the contents that they name are read by two readers, so that each keeps the segment it is in.
        await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
        {
            number++;
            if (number < piece.From.Entry)
            {
                prelude = offset > 0 && target.IsPrelude(entry) ? entry : null;
                continue;
            }

            if (number == piece.Until)
            {
                break;
            }

            if (!isFirst && target.IsResumable && piece.Budget.IsSpent && prelude is null)
            {
                return new RestoreCursor(number);
            }

            (piece, isFirst) = (isFirst ? piece with { Budget = piece.Budget.Again() } : piece, false);
            if (target.IsPrelude(entry))
            {
                await WritePreludeAsync(prelude, selection, null, piece, cancellation);
                prelude = entry;
                continue;
            }

            if (offset > 0)
            {
                await ReadPreludeAsync(prelude, cancellation);
            }
            else
            {
                await WritePreludeAsync(prelude, selection, entry, piece, cancellation);
            }

            prelude = null;
            if (entry.Path.Length > 0 && selection.Has(entry.Path) && await WriteAsync(entry, offset, piece, cancellation) is { } at && at < entry.Length)
            {
                return new RestoreCursor(number, at);
            }

            offset = 0;
        }

        await WritePreludeAsync(prelude, selection, null, piece, cancellation);
        return null;
    }

    /// <summary>Whoever asks for an entry asks for what says how it is to be written.</summary>
    private async Task WritePreludeAsync(TreeEntry? prelude, PathSelection selection, TreeEntry? next, PlacePiece piece, CancellationToken cancellation)
    {
        if (prelude is not null && (selection.Has(prelude.Path) || (next is not null && selection.Has(next.Path))))
        {
            _ = await WriteAsync(prelude, 0, piece, cancellation);
        }
    }

    /// <summary>The piece begins within a file of which another process has read how it is to be written, and counted it. It costs no more than itself where it is damaged.</summary>
    private async Task ReadPreludeAsync(TreeEntry? prelude, CancellationToken cancellation)
    {
        if (prelude is null)
        {
            return;
        }

        try
        {
            await using var content = new ChunkStream(reader.Beside(), prelude);
            await target.WriteAsync(prelude, content, cancellation);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _losses.Add(prelude.Path, error.Message);
        }
    }

    /// <returns>How much of it is there now; null where nothing more can be done for it.</returns>
    private async Task<long?> WriteAsync(TreeEntry entry, long offset, PlacePiece piece, CancellationToken cancellation)
    {
        try
        {
            await using var content = new ChunkStream(reader.Beside(), entry, offset);
            if (target.IsResumable && entry.Kind == TreeEntryKind.File && entry.Length > piece.LongFile)
            {
                if (await target.WritePieceAsync(entry, content, offset, piece.Operation, piece.Budget, cancellation) is var at && at < entry.Length)
                {
                    return at;
                }
            }
            else
            {
                await target.WriteAsync(entry, content, cancellation);
            }

            Count(entry);
        }
        catch (EntryTakenException error) when (target.IsResumable)
        {
            await LookAsync(entry, error, cancellation);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _losses.Add(entry.Path, error.Message);
        }

        return null;
    }

    /// <summary>Something of its name is there: whoever was cut off after the last note of where he was has written it, or it was there before.</summary>
    private async Task LookAsync(TreeEntry entry, EntryTakenException error, CancellationToken cancellation)
    {
        try
        {
            await using var content = new ChunkStream(reader.Beside(), entry);
            if (await target.IsThereAsync(entry, content, cancellation))
            {
                Count(entry);
            }
            else
            {
                _losses.Add(entry.Path, error.Message);
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _losses.Add(entry.Path, $"{error.Message} Whether it is the same cannot be said: {failure.Message}");
        }
    }

    private void Count(TreeEntry entry)
    {
        _files += entry.Kind == TreeEntryKind.File ? 1 : 0;
        _bytes += entry.Length;
        meter.Add(1, entry.Length);
    }
}

/// <summary>The contents of a stored file. Every read is of authenticated bytes; it throws <see cref="InvalidDataException"/> where they are damaged.</summary>
internal sealed class ChunkStream : Stream
{
    private readonly ChunkReader _reader;
    private readonly TreeEntry _entry;
    private int _next;
    private byte[] _chunk = [];
    private int _at;
    private long _skip;

    /// <param name="reader">Reads the chunks.</param>
    /// <param name="entry">The file.</param>
    /// <param name="offset">Where to begin in it.</param>
    public ChunkStream(ChunkReader reader, TreeEntry entry, long offset = 0)
    {
        (_reader, _entry, _skip) = (reader, entry, offset);
        while (_skip > 0 && _next < entry.Chunks.Count && reader.LengthOf(entry.Chunks[_next]) is { } length && length <= _skip)
        {
            _skip -= length;
            _next++;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _entry.Length;

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_at == _chunk.Length)
        {
            if (_next == _entry.Chunks.Count)
            {
                return 0;
            }

            _chunk = (await _reader.ReadAsync(_entry.Chunks[_next++], cancellationToken)).ToArray();
            _at = (int)Math.Min(_skip, _chunk.Length);
            _skip -= _at;
        }

        var count = Math.Min(buffer.Length, _chunk.Length - _at);
        _chunk.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously only: a store may be far away.");

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
