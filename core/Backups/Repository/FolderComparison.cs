using System.Buffers;
using Maintenance.Backups.Sources;

namespace Maintenance.Backups.Repository;

/// <summary>Compares a restored folder with its snapshot: paths, kinds, modes, times, links, and the contents chunk by chunk.</summary>
internal sealed class FolderComparison(RepositoryKeys keys, RepositoryIndex index, ProgressMeter meter)
{
    private const int MostDifferences = 1000;

    private readonly List<string> _differences = [];

    /// <summary>The first differences; empty where there is none.</summary>
    /// <param name="isByName">True where the entries come in the order of their whole paths.</param>
    /// <param name="hasFolders">True where every folder is among the entries.</param>
    /// <param name="entries">What should be there.</param>
    /// <param name="folder">Where it should be.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<string>> CompareAsync(bool isByName, bool hasFolders, IAsyncEnumerable<TreeEntry> entries, string folder, CancellationToken cancellation)
    {
        var findings = new SourceFindings();
        await using var source = new FolderSource(folder, [], oneFileSystem: false);

        // The list of a container comes in the order of names, and a folder is walked folder by folder: that list is sorted in memory.
        var expected = entries.Where(static entry => entry.Path.Length > 0);
        if (isByName)
        {
            expected = expected.OrderBy(static entry => entry.Path, SourceOrder.ByFolder);
        }

        await using var left = expected.GetAsyncEnumerator(cancellation);
        await using var right = source.ScanAsync(findings, cancellation).GetAsyncEnumerator(cancellation);
        var hasLeft = await left.MoveNextAsync();
        var hasRight = await right.MoveNextAsync();
        while ((hasLeft || hasRight) && _differences.Count < MostDifferences)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : SourceOrder.ByFolder.Compare(left.Current.Path, right.Current.Path);
            if (order < 0)
            {
                _differences.Add($"{left.Current.Path}: it is missing.");
            }
            else if (order > 0 && !(!hasFolders && right.Current.Kind == TreeEntryKind.Folder))
            {
                _differences.Add($"{right.Current.Path}: it is not in the snapshot.");
            }
            else if (order == 0)
            {
                await CompareAsync(left.Current, right.Current, source, cancellation);
                meter.Add(1, left.Current.Length);
            }

            hasLeft = order <= 0 ? await left.MoveNextAsync() : hasLeft;
            hasRight = order >= 0 ? await right.MoveNextAsync() : hasRight;
        }

        _differences.AddRange(findings.Problems);
        return _differences;
    }

    private async Task CompareAsync(TreeEntry expected, TreeEntry actual, FolderSource source, CancellationToken cancellation)
    {
        if (expected.Kind != actual.Kind || (expected.Kind != TreeEntryKind.HardLink && expected.Target != actual.Target) || expected.Length != actual.Length)
        {
            _differences.Add($"{expected.Path}: it is a {actual.Kind} of {actual.Length} bytes instead of a {expected.Kind} of {expected.Length}.");
        }
        else if (expected.Kind is TreeEntryKind.File or TreeEntryKind.Folder && expected.Mode is { } mode && actual.Mode is { } found && mode != found)
        {
            _differences.Add($"{expected.Path}: its mode is {Convert.ToString(found, 8)} instead of {Convert.ToString(mode, 8)}.");
        }
        else if (expected.Kind is TreeEntryKind.File or TreeEntryKind.Folder && expected.Modified is { } modified && actual.Modified is { } at && modified != at)
        {
            _differences.Add($"{expected.Path}: its time is {at} instead of {modified} (nanoseconds since 1970).");
        }
        else if (expected.Kind == TreeEntryKind.File && await ContentDiffersAsync(expected, source, cancellation))
        {
            _differences.Add($"{expected.Path}: its contents differ.");
        }
    }

    private async Task<bool> ContentDiffersAsync(TreeEntry expected, FolderSource source, CancellationToken cancellation)
    {
        if (expected.Chunks.Count == 0)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Chunking.Files.Most);
        try
        {
            await using var content = await source.OpenAsync(expected, cancellation);
            foreach (var id in expected.Chunks)
            {
                if (!index.TryFind(id, out var place)
                    || await content.ReadAtLeastAsync(buffer.AsMemory(0, place.Length), place.Length, throwOnEndOfStream: false, cancellation) != place.Length
                    || keys.ChunkIdOf(buffer.AsSpan(0, place.Length)) != id)
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
