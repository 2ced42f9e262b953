using Maintenance.Backups.Sources;

namespace Maintenance.Backups.Repository;

/// <summary>A file of a restore on its way: opened with its first piece, completed with its last, gone without a trace where a piece is lost.</summary>
internal sealed class FileOnItsWay(TreeEntry entry, string path, int pieces)
{
    private readonly Lock _opening = new();
    private int _pieces = pieces;
    private RestoredFile? _file;
    private bool _isLost;

    public TreeEntry Entry => entry;

    public string Path => path;

    public bool IsLost => Volatile.Read(ref _isLost);

    public void Open(Func<RestoredFile> create)
    {
        lock (_opening)
        {
            _file ??= create();
        }
    }

    public void Write(ReadOnlySpan<byte> chunk, long offset) => _file!.Write(chunk, offset);

    public bool IsLastPiece() => Interlocked.Decrement(ref _pieces) == 0;

    public bool TryLose() => !Interlocked.Exchange(ref _isLost, true);

    public string? Complete()
    {
        var warning = _file!.Complete(entry);
        _file = null;
        return warning;
    }

    /// <summary>Leaves nothing of it: half a file would pass for the whole one.</summary>
    public void Discard()
    {
        _file?.Dispose();
        _file = null;
    }
}
