using System.Runtime.CompilerServices;

namespace Maintenance.Backups.Repository;

/// <summary>A file of a snapshot, to be read piece by piece. While it is open nothing that it needs is deleted.</summary>
public sealed class SnapshotFile : IAsyncDisposable
{
    private readonly RepositoryView _view;
    private readonly ChunkReader _reader;
    private readonly RepositoryKeys _keys;

    internal SnapshotFile(RepositoryView view, ChunkReader reader, RepositoryKeys keys, TreeEntry entry) => (_view, _reader, _keys, Entry) = (view, reader, keys, entry);

    /// <summary>What the snapshot says of it.</summary>
    public TreeEntry Entry { get; }

    /// <summary>Its contents in order. Each piece was authenticated where it lies and compared with its name before it is handed out; it is valid until the next one.</summary>
    /// <exception cref="InvalidDataException">A piece is damaged or missing, or all of them together are not as long as the file.</exception>
    /// <exception cref="IOException">The store failed.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        long length = 0;
        foreach (var id in Entry.Chunks)
        {
            var piece = await _reader.ReadAsync(id, cancellation);
            if (_keys.ChunkIdOf(piece.Span) != id)
            {
                throw new InvalidDataException($"the chunk {id} is not what its name says");
            }

            length += piece.Length;
            if (length > Entry.Length)
            {
                break;
            }

            yield return piece;
        }

        if (length != Entry.Length)
        {
            throw new InvalidDataException($"its contents are {length} bytes and not {Entry.Length}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _view.DisposeAsync();
    }
}
