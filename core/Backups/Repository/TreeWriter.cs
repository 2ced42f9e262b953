using System.Text;

namespace Maintenance.Backups.Repository;

/// <summary>Writes the list of entries of a snapshot as it comes, cut into chunks. Holds no more than a few of them.</summary>
internal sealed class TreeWriter(RepositoryKeys keys, ChunkStorer storer)
{
    /// <summary>Chunks are cut once there is this much, so that each cut has as much before it as a chunk may have.</summary>
    private const int EnoughToCut = 1024 * 1024;

    private readonly FieldWriter _fields = new();
    private readonly List<string> _chunks = [];
    private byte[] _former = [];

    /// <summary>Appends an entry.</summary>
    public async ValueTask WriteAsync(TreeEntry entry, CancellationToken cancellation)
    {
        var path = Encoding.UTF8.GetBytes(entry.Path);
        TreeFormat.Write(_fields, entry, path, _former);
        _former = path;
        if (_fields.Length >= EnoughToCut)
        {
            await CutAsync(isLast: false, cancellation);
        }
    }

    /// <summary>Ends the list.</summary>
    /// <returns>Its chunks.</returns>
    public async Task<IReadOnlyList<string>> FinishAsync(CancellationToken cancellation)
    {
        await CutAsync(isLast: true, cancellation);
        return _chunks;
    }

    private async Task CutAsync(bool isLast, CancellationToken cancellation)
    {
        var written = _fields.Written;
        while (written.Length > (isLast ? 0 : Chunking.Trees.Most))
        {
            var length = Chunking.Trees.Cut(keys.Gear, written.Span);
            _chunks.Add((await storer.StoreTreeAsync(written[..length], cancellation)).ToString());
            written = written[length..];
        }

        var rest = written.ToArray();
        _fields.Clear();
        _fields.Bytes(rest);
    }
}
