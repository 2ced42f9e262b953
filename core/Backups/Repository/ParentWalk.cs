using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>Walks the entries of a backup's predecessor beside those of the source, both in the source's order.</summary>
internal sealed class ParentWalk : IAsyncDisposable
{
    private readonly ChunkReader? _reader;
    private readonly IAsyncEnumerator<TreeEntry>? _entries;
    private readonly IComparer<string> _order;
    private bool _isOver;

    public ParentWalk(IObjectStore store, RepositoryKeys keys, RepositoryIndex index, Snapshot? parent, IComparer<string> order, CancellationToken cancellation)
    {
        _order = order;
        _isOver = parent is null;
        if (parent is not null)
        {
            _reader = new ChunkReader(store, keys, index);
            _entries = _reader.EntriesAsync(parent, cancellation).GetAsyncEnumerator(cancellation);
        }
    }

    /// <summary>The predecessor's entry of a path; null where there was none. Paths come in order.</summary>
    public async ValueTask<TreeEntry?> FindAsync(string path)
    {
        try
        {
            while (!_isOver)
            {
                if (_entries!.Current is { } current)
                {
                    var order = _order.Compare(current.Path, path);
                    if (order >= 0)
                    {
                        return order == 0 ? current : null;
                    }
                }

                _isOver = !await _entries.MoveNextAsync();
            }
        }
        catch (InvalidDataException)
        {
            // The predecessor is damaged from here on: what comes is read again and stored anew, which heals what it can.
            _isOver = true;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_entries is not null)
        {
            await _entries.DisposeAsync();
        }

        _reader?.Dispose();
    }
}
