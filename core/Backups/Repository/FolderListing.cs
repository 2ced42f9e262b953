namespace Maintenance.Backups.Repository;

/// <summary>A thing in a folder of a snapshot.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Entry">What the snapshot says of it; null for a folder that is only in the paths of what lies in it (a container has no others).</param>
/// <param name="Files">Of a folder, how many files lie anywhere in it.</param>
/// <param name="Bytes">A file's size; of a folder, the sizes of those files together.</param>
public sealed record FolderChild(string Name, TreeEntry? Entry, long Files, long Bytes)
{
    /// <summary>True for a folder.</summary>
    public bool IsFolder => Entry is null or { Kind: TreeEntryKind.Folder };

    /// <summary>Its place in the list: folders first, each kind by the ordinals of the names.</summary>
    public string Key => (IsFolder ? "d" : "f") + Name;
}

/// <summary>Some of what is in a folder of a snapshot.</summary>
/// <param name="IsThere">False where the snapshot has no such folder.</param>
/// <param name="Children">Folders first, each kind by name.</param>
/// <param name="Folders">How many folders it has altogether.</param>
/// <param name="Files">How many other things.</param>
/// <param name="Next">After which <see cref="FolderChild.Key"/> the next page begins; null where this is the last.</param>
public sealed record FolderListing(bool IsThere, IReadOnlyList<FolderChild> Children, long Folders, long Files, string? Next);

/// <summary>Collects a page of what is in a folder from the entries of a snapshot as they come. Keeps a page and no more, however much there is.</summary>
/// <param name="folder">The folder; empty for the root.</param>
/// <param name="take">How many at most, from 1.</param>
/// <param name="after">Only what comes after this <see cref="FolderChild.Key"/>; null from the beginning.</param>
internal sealed class FolderCollector(string folder, int take, string? after)
{
    private readonly string _prefix = folder.Length == 0 ? "" : folder + "/";
    private readonly SortedList<string, FolderChild> _page = new(StringComparer.Ordinal);
    private FolderChild? _current;
    private bool _isThere = folder.Length == 0;
    private bool _isInside;
    private long _folders;
    private long _files;

    /// <summary>Looks at the next entry. What is in a folder comes without anything else between, in either order of entries.</summary>
    /// <returns>False once nothing of the folder can come any more.</returns>
    public bool Add(TreeEntry entry)
    {
        var path = entry.Path;
        if (path.Length == 0)
        {
            return true;
        }

        if (path == folder)
        {
            _isThere |= entry.Kind == TreeEntryKind.Folder;
            return true;
        }

        if (!path.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return !_isInside;
        }

        _isThere = _isInside = true;
        var slash = path.IndexOf('/', _prefix.Length);
        var isBelow = slash >= 0;
        var name = isBelow ? path[_prefix.Length..slash] : path[_prefix.Length..];
        var isFolder = isBelow || entry.Kind == TreeEntryKind.Folder;
        if (_current is null || _current.Name != name || _current.IsFolder != isFolder)
        {
            End();
            _current = new FolderChild(name, isBelow ? null : entry, 0, isFolder ? 0 : entry.Length);
        }

        if (isBelow && entry.Kind == TreeEntryKind.File)
        {
            _current = _current with { Files = _current.Files + 1, Bytes = _current.Bytes + entry.Length };
        }

        return true;
    }

    /// <summary>The page, once all has been added.</summary>
    public FolderListing Listing()
    {
        End();
        var children = _page.Values.Take(take).ToList();
        return new FolderListing(_isThere, children, _folders, _files, _page.Count > take ? children[^1].Key : null);
    }

    private void End()
    {
        if (_current is not { } child)
        {
            return;
        }

        _current = null;
        _ = child.IsFolder ? _folders++ : _files++;
        if (after is not null && string.CompareOrdinal(child.Key, after) <= 0)
        {
            return;
        }

        // The page and one more, by which it is known that there are more. Of ten million children each is looked at once.
        if (_page.Count > take && string.CompareOrdinal(child.Key, _page.Keys[^1]) > 0)
        {
            return;
        }

        _page[child.Key] = child;
        if (_page.Count > take + 1)
        {
            _page.RemoveAt(_page.Count - 1);
        }
    }
}
