using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>Reads a folder with what .NET offers everywhere: no owners, no hard links, times of 100 ns, and paths from the top each time.</summary>
internal sealed class PortableFolderWalk(string root, PathGlob exclude, bool oneFileSystem) : IFolderWalk
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, RecurseSubdirectories = false };

    private readonly HashSet<string> _mounted = oneFileSystem ? MountPoints() : [];

    public TreeEntry? Root => new DirectoryInfo(root) is { Exists: true } folder ? Entry("", TreeEntryKind.Folder, folder) : null;

    public IEnumerable<TreeEntry> Scan(SourceFindings findings)
    {
        if (!Directory.Exists(root))
        {
            throw FolderSource.NotThere(root);
        }

        var levels = new Stack<(string Prefix, IEnumerator<FileSystemInfo> Children)>();
        levels.Push(("", List(root)));
        while (levels.TryPeek(out var level))
        {
            if (!level.Children.MoveNext())
            {
                level.Children.Dispose();
                _ = levels.Pop();
                continue;
            }

            var child = level.Children.Current;
            var path = level.Prefix + child.Name;
            if (exclude.Matches(path) || Look(path, child, findings) is not { } entry)
            {
                continue;
            }

            yield return entry;
            if (entry.Kind == TreeEntryKind.Folder && Enter(path, child, findings) is { } children)
            {
                levels.Push((path + "/", children));
            }
        }
    }

    public Stream Open(TreeEntry entry, long offset) => new FileStream(
        Absolute(entry.Path),
        new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan })
    {
        Position = offset,
    };

    public TreeEntry? LookAgain(TreeEntry entry)
    {
        var file = new FileInfo(Absolute(entry.Path));
        return file.Exists && file.LinkTarget is null ? Entry(entry.Path, TreeEntryKind.File, file) : null;
    }

    public void Dispose()
    {
        // Nothing stays open between two calls.
    }

    private static IEnumerator<FileSystemInfo> List(string folder)
    {
        var children = new DirectoryInfo(folder).GetFileSystemInfos("*", Everything);
        Array.Sort(children, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return ((IEnumerable<FileSystemInfo>)children).GetEnumerator();
    }

    private IEnumerator<FileSystemInfo>? Enter(string path, FileSystemInfo folder, SourceFindings findings)
    {
        if (_mounted.Contains(Path.TrimEndingDirectorySeparator(folder.FullName)))
        {
            findings.Note(path, "another file system is mounted here; its contents were left out.");
            return null;
        }

        try
        {
            return List(folder.FullName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Missing(path, "the folder cannot be read", error, findings);
            return null;
        }
    }

    /// <summary>The entry of a thing in a folder; null, with a finding, where it has no place in a backup or cannot be looked at.</summary>
    private static TreeEntry? Look(string path, FileSystemInfo child, SourceFindings findings)
    {
        try
        {
            // What the listing said may be minutes old by now.
            child.Refresh();
            if (child.LinkTarget is { } target)
            {
                return Entry(path, TreeEntryKind.SymbolicLink, child) with { Target = target, Mode = null };
            }

            // A name that is no Unicode comes with replacement characters, and no such name is there.
            if (!child.Exists && child.Name.Contains('\uFFFD', StringComparison.Ordinal))
            {
                findings.Problem(path, "its name is not Unicode, and it was left out with all that is in it; rename it.");
                return null;
            }

            if (!child.Exists)
            {
                throw new FileNotFoundException();
            }

            if (child is DirectoryInfo)
            {
                return Entry(path, TreeEntryKind.Folder, child);
            }

            // Pipes, sockets and devices have no length, so only empty files need the look that .NET has no call for.
            if (child is FileInfo file && (file.Length > 0 || UnixFileType.IsRegular(file.FullName)))
            {
                return Entry(path, TreeEntryKind.File, child);
            }

            findings.Note(path, "it is neither a file, a folder nor a link (a device, socket or pipe) and was left out.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Missing(path, "it cannot be looked at", error, findings);
        }

        return null;
    }

    private static void Missing(string path, string what, Exception error, SourceFindings findings)
    {
        if (error is FileNotFoundException or DirectoryNotFoundException)
        {
            findings.Note(path, "it was removed while its folder was read.");
        }
        else
        {
            findings.Problem(path, $"{what}: {error.Message}");
        }
    }

    private static TreeEntry Entry(string path, TreeEntryKind kind, FileSystemInfo info) => new()
    {
        Path = path,
        Kind = kind,
        Length = kind == TreeEntryKind.File ? ((FileInfo)info).Length : 0,
        Modified = (info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
        Mode = OperatingSystem.IsWindows() ? null : (int)info.UnixFileMode,
        IsSparse = kind == TreeEntryKind.File && info.Attributes.HasFlag(FileAttributes.SparseFile),
    };

    /// <summary>Where the system says that something is mounted. One of them may be the root itself; nobody goes into that from above.</summary>
    private static HashSet<string> MountPoints() =>
        [.. DriveInfo.GetDrives().Select(static drive => Path.TrimEndingDirectorySeparator(drive.RootDirectory.FullName))];

    private string Absolute(string path) => path.Length == 0 ? root : Path.Join(root, path);
}
