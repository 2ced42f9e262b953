using Maintenance.Backups.Sources;

namespace Maintenance.Backups.Repository;

/// <summary>Restores into a place that is no folder: entry by entry, in the snapshot's order.</summary>
internal sealed class PlaceRestore(ChunkReader reader, ISnapshotTarget target, ProgressMeter meter)
{
    private readonly List<string> _losses = [];
    private long _lossCount;

    public async Task<RestoreReport> RestoreAsync(Snapshot snapshot, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var selection = new PathSelection(paths);
        long files = 0;
        long bytes = 0;
        await target.PrepareAsync(cancellation);
        try
        {
            // The entries and the contents that they name are read by two readers, so that each keeps the segment it is in.
            await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
            {
                if (entry.Path.Length == 0 || !selection.Has(entry.Path))
                {
                    continue;
                }

                try
                {
                    await using var content = new ChunkStream(reader.Beside(), entry);
                    await target.WriteAsync(entry, content, cancellation);
                    files += entry.Kind == TreeEntryKind.File ? 1 : 0;
                    bytes += entry.Length;
                    meter.Add(1, entry.Length);
                }
                catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
                {
                    Lose(entry.Path, error.Message);
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            Lose("the list of entries", $"{error.Message}; everything that it names from here on is lost");
        }

        await target.CompleteAsync(cancellation);
        meter.Report();
        return new RestoreReport(snapshot.Id, target.Description, false, files, 0, 0, bytes, 0, 0, 0, _lossCount, _losses, []);
    }

    private void Lose(string path, string why)
    {
        if (++_lossCount <= RestoreReport.SourceLimit)
        {
            _losses.Add($"{path}: {why}");
        }
    }
}

/// <summary>The contents of a stored file. Every read is of authenticated bytes; it throws <see cref="InvalidDataException"/> where they are damaged.</summary>
internal sealed class ChunkStream(ChunkReader reader, TreeEntry entry) : Stream
{
    private int _next;
    private byte[] _chunk = [];
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => entry.Length;

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_at == _chunk.Length)
        {
            if (_next == entry.Chunks.Count)
            {
                return 0;
            }

            _chunk = (await reader.ReadAsync(entry.Chunks[_next++], cancellationToken)).ToArray();
            _at = 0;
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
