using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>Reads a folder on Linux. Each folder on the way down stays open, and everything is looked at and opened relative to the one that it is in.</summary>
internal sealed class LinuxFolderWalk(string root, PathGlob exclude, bool oneFileSystem) : IFolderWalk
{
    /// <summary>Of how many folders on the way down the lower ones stay open: a process may not have many more files open.</summary>
    private const int MostOpen = 128;

    /// <summary>From here on it pays to have the system read ahead further.</summary>
    private const long LargeFile = 4 * 1024 * 1024;

    private readonly List<LinuxFolderLevel> _levels = [];
    private readonly uint _user = LinuxCalls.EffectiveUser();

    /// <summary>The first name of each file that has several, until all of them came.</summary>
    private readonly Dictionary<(ulong Device, ulong Inode), (string Path, uint Left)> _linked = [];

    private int _rootFolder = -1;
    private ulong _device;

    /// <summary>What the walk looked at last.</summary>
    private LinuxStatus _status;
    private string? _named;

    public TreeEntry? Root => TryOpenRoot() == 0 && LinuxCalls.Look(_rootFolder, out var status) == 0 ? Entry("", TreeEntryKind.Folder, status) : null;

    public IEnumerable<TreeEntry> Scan(SourceFindings findings)
    {
        EnterRoot();
        while (_levels.Count > 0)
        {
            var level = _levels[^1];
            if (!level.Listing.MoveNext())
            {
                Leave(findings);
            }
            else if (LookAtCurrent(level, findings) is { } entry)
            {
                yield return entry;
                if (entry.Kind == TreeEntryKind.Folder)
                {
                    Enter(level, entry.Path, findings);
                }
            }
        }
    }

    public Stream Open(TreeEntry entry, long offset)
    {
        var folder = Find(entry.Path, out var name, out var isBorrowed);
        try
        {
            var descriptor = LinuxCalls.OpenFile(folder, name, keepAccessTime: entry.Owner?.User == _user || _user == 0);
            if (descriptor < 0)
            {
                throw LinuxError.Of($"'{entry.Path}' cannot be opened", LinuxError.Last);
            }

            // What was a file may be a pipe by now, and reading would wait for somebody to write.
            if (LinuxCalls.Look(descriptor, out var status) != 0 || !status.IsFile)
            {
                _ = LinuxCalls.Close(descriptor);
                throw new IOException($"'{entry.Path}' cannot be opened: it is no longer a file.");
            }

            if (offset > 0 && LinuxCalls.MoveTo(descriptor, offset, whence: 0) != offset)
            {
                var error = LinuxError.Of($"'{entry.Path}' cannot be read from {offset} on", LinuxError.Last);
                _ = LinuxCalls.Close(descriptor);
                throw error;
            }

            if (status.Length >= LargeFile)
            {
                LinuxCalls.ExpectSequentialReading(descriptor);
            }

            return new LinuxFileStream(descriptor, entry.Path);
        }
        finally
        {
            GiveBack(folder, isBorrowed);
        }
    }

    public TreeEntry? LookAgain(TreeEntry entry)
    {
        int folder;
        ReadOnlySpan<byte> name;
        bool isBorrowed;
        try
        {
            folder = Find(entry.Path, out name, out isBorrowed);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        try
        {
            if (LinuxCalls.Look(folder, name, out var status) == 0)
            {
                return status.IsFile ? Entry(entry.Path, TreeEntryKind.File, status) : null;
            }

            var error = LinuxError.Last;
            return error is LinuxError.NotThere or LinuxError.NotAFolder ? null : throw LinuxError.Of($"'{entry.Path}' cannot be looked at again", error);
        }
        finally
        {
            GiveBack(folder, isBorrowed);
        }
    }

    public void Dispose()
    {
        while (_levels.Count > 0)
        {
            Remove(_levels.Count - 1).Dispose();
        }

        if (_rootFolder >= 0)
        {
            _ = LinuxCalls.Close(_rootFolder);
            _rootFolder = -1;
        }
    }

    private static TreeEntry Entry(string path, TreeEntryKind kind, in LinuxStatus status) => new()
    {
        Path = path,
        Kind = kind,
        Length = kind == TreeEntryKind.File ? status.Length : 0,
        Modified = status.Modified,

        // A symbolic link has none that would mean anything.
        Mode = kind == TreeEntryKind.SymbolicLink ? null : status.Mode,
        Owner = new EntryOwner(status.User, status.Group),
        ChangeMark = status.ChangeMark,
        IsSparse = kind == TreeEntryKind.File && status.IsSparse,
    };

    /// <summary>Opens the root unless it is open.</summary>
    /// <returns>0, or why it cannot be opened.</returns>
    private int TryOpenRoot()
    {
        if (_rootFolder < 0)
        {
            _rootFolder = LinuxCalls.OpenRoot(LinuxPath.Terminated(root));
        }

        return _rootFolder >= 0 ? 0 : LinuxError.Last;
    }

    private void EnterRoot()
    {
        var error = TryOpenRoot();
        if (error is LinuxError.NotThere or LinuxError.NotAFolder)
        {
            throw FolderSource.NotThere(root);
        }

        if (error != 0 || LinuxCalls.Look(_rootFolder, out _status) != 0 || LinuxListing.Read(_rootFolder) is not { } listing)
        {
            throw LinuxError.Of($"The source folder '{root}' cannot be read", LinuxError.Last);
        }

        _device = _status.Device;
        _levels.Add(new LinuxFolderLevel("", listing, _status) { Folder = _rootFolder });
    }

    /// <summary>The entry of the current name; null, with a finding where people should know, where it has no place in a backup or cannot be looked at.</summary>
    private TreeEntry? LookAtCurrent(LinuxFolderLevel level, SourceFindings findings)
    {
        var name = level.Listing.Name;
        if (!Utf8.IsValid(name))
        {
            var escaped = level.Prefix + EscapedName.Of(name);
            if (!exclude.Matches(escaped))
            {
                findings.Problem(escaped, "its name is not UTF-8 (the bytes are shown as \\xNN), and it was left out with all that is in it; rename it.");
            }

            return null;
        }

        var path = level.PathOf(name);
        if (exclude.Matches(path))
        {
            return null;
        }

        _named = path;
        if (LinuxCalls.Look(level.Folder, level.Listing.TerminatedName, out _status) != 0)
        {
            return Missing(path, "it cannot be looked at", LinuxError.Last, findings);
        }

        if (_status.IsFile)
        {
            return _status.Links > 1 ? File(path) : Entry(path, TreeEntryKind.File, _status);
        }

        if (_status.IsFolder)
        {
            return Entry(path, TreeEntryKind.Folder, _status);
        }

        if (_status.IsSymbolicLink)
        {
            return SymbolicLink(level, path, findings);
        }

        findings.Note(path, $"it is a {_status.SpecialKind} and was left out.");
        return null;
    }

    /// <summary>A file of several names: the first is the file, the others are links to it.</summary>
    private TreeEntry File(string path)
    {
        var file = (_status.Device, _status.Inode);
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_linked, file, out var isKnown);
        if (!isKnown)
        {
            first = (path, _status.Links - 1);
            return Entry(path, TreeEntryKind.File, _status);
        }

        var link = Entry(path, TreeEntryKind.HardLink, _status) with { Target = first.Path };
        if (--first.Left == 0)
        {
            _ = _linked.Remove(file);
        }

        return link;
    }

    private TreeEntry? SymbolicLink(LinuxFolderLevel level, string path, SourceFindings findings)
    {
        // The system has no longer ones.
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var length = LinuxCalls.ReadLink(level.Folder, level.Listing.TerminatedName, buffer);
            if (length < 0)
            {
                return Missing(path, "the link cannot be read", LinuxError.Last, findings);
            }

            var target = buffer.AsSpan(0, length);
            if (Utf8.IsValid(target))
            {
                return Entry(path, TreeEntryKind.SymbolicLink, _status) with { Target = Encoding.UTF8.GetString(target) };
            }

            findings.Problem(path, $"it is a symbolic link to {EscapedName.Of(target)}, which is not UTF-8, and was left out.");
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static TreeEntry? Missing(string path, string what, int error, SourceFindings findings)
    {
        if (error is LinuxError.NotThere)
        {
            findings.Note(path, "it was removed while its folder was read.");
        }
        else
        {
            findings.Problem(path, $"{what}: {LinuxError.Text(error)}.");
        }

        return null;
    }

    /// <summary>Goes into the folder that was named last.</summary>
    private void Enter(LinuxFolderLevel level, string path, SourceFindings findings)
    {
        if (oneFileSystem && _status.Device != _device)
        {
            // Only folders: on an overlay its files count as another file system's, too.
            findings.Note(path, "another file system is mounted here; its contents were left out.");
            return;
        }

        var folder = LinuxCalls.OpenFolder(level.Folder, level.Listing.TerminatedName, keepAccessTime: _status.User == _user || _user == 0);
        var listing = folder < 0 ? null : LinuxListing.Read(folder);
        if (listing is null)
        {
            var error = LinuxError.Last;
            if (folder >= 0)
            {
                _ = LinuxCalls.Close(folder);
            }

            _ = Missing(path, "the folder cannot be read", error, findings);
            return;
        }

        _levels.Add(new LinuxFolderLevel(path + "/", listing, _status) { Folder = folder });
        if (_levels.Count > MostOpen)
        {
            // Never the root, by which all the others are found again.
            _levels[^MostOpen].Close();
        }
    }

    /// <summary>Goes back to the folder above, and opens it again where it was closed.</summary>
    private void Leave(SourceFindings findings)
    {
        using var left = Remove(_levels.Count - 1);
        while (_levels.Count > 0 && !_levels[^1].Reopen(left.Folder, _rootFolder))
        {
            findings.Problem(_levels[^1].Prefix.TrimEnd('/'), "the folder was moved or removed while it was read: the rest of it is missing.");
            Remove(_levels.Count - 1).Dispose();
        }
    }

    private LinuxFolderLevel Remove(int index)
    {
        var level = _levels[index];
        _levels.RemoveAt(index);
        if (level.Folder == _rootFolder)
        {
            // Files may still be looked for by their path.
            level.Folder = -1;
        }

        return level;
    }

    /// <summary>The folder of a path, and the name in it: the one that was named last is in the walk's current folder.</summary>
    private int Find(string path, out ReadOnlySpan<byte> name, out bool isBorrowed)
    {
        if (path == _named && _levels.Count > 0)
        {
            name = _levels[^1].Listing.TerminatedName;
            isBorrowed = true;
            return _levels[^1].Folder;
        }

        name = LinuxPath.Terminated(path.AsSpan(path.LastIndexOf('/') + 1));
        var folder = TryOpenRoot() == 0 ? LinuxPath.OpenParent(_rootFolder, path) : -1;
        isBorrowed = folder == _rootFolder;
        return folder >= 0 ? folder : throw LinuxError.Of($"The folder of '{path}' cannot be opened", LinuxError.Last);
    }

    private static void GiveBack(int folder, bool isBorrowed)
    {
        if (!isBorrowed)
        {
            _ = LinuxCalls.Close(folder);
        }
    }
}
