namespace Maintenance.Backups;

/// <summary>Reads a folder: its tree in a stable order, and its files.</summary>
public sealed class FolderSource(string root, IReadOnlyList<string> exclude)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, RecurseSubdirectories = false };

    private readonly PathGlob _exclude = new(exclude);

    /// <summary>The tree below the root, each folder before what is in it, ordinal by name.</summary>
    /// <param name="problems">Gets a line for each thing that cannot be read or has no place in a backup.</param>
    /// <exception cref="DirectoryNotFoundException">The root is not a folder.</exception>
    public IEnumerable<SnapshotEntry> Scan(List<string> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"The source folder '{root}' does not exist, or may not be read.");
        }

        return Walk("", problems);
    }

    /// <summary>The folder itself; null where it does not exist.</summary>
    public SnapshotEntry? Root() =>
        new DirectoryInfo(root) is { Exists: true } folder ? new SnapshotEntry("", EntryKind.Folder, 0, Modified(folder), Mode(folder), null, []) : null;

    /// <summary>Opens a file of the tree.</summary>
    public FileStream Open(SnapshotEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new FileStream(
            Absolute(entry.Path),
            new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
    }

    /// <summary>The entry as it is now, or null when it is gone or has become something else.</summary>
    public SnapshotEntry? Look(string path)
    {
        var file = new FileInfo(Absolute(path));
        return file.Exists && file.LinkTarget is null ? File(path, file) : null;
    }

    private IEnumerable<SnapshotEntry> Walk(string folder, List<string> problems)
    {
        FileSystemInfo[] children;
        try
        {
            children = new DirectoryInfo(Absolute(folder)).GetFileSystemInfos("*", Everything);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{(folder.Length == 0 ? "." : folder)}: the folder cannot be read: {error.Message}");
            yield break;
        }

        Array.Sort(children, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var child in children)
        {
            var path = folder.Length == 0 ? child.Name : $"{folder}/{child.Name}";
            if (_exclude.Matches(path) || Read(path, child, problems) is not { } entry)
            {
                continue;
            }

            yield return entry;
            if (entry.Kind == EntryKind.Folder)
            {
                foreach (var inside in Walk(path, problems))
                {
                    yield return inside;
                }
            }
        }
    }

    /// <summary>The entry of a thing in a folder; null, with a problem, where it has no place in a backup or cannot be looked at.</summary>
    private static SnapshotEntry? Read(string path, FileSystemInfo child, List<string> problems)
    {
        try
        {
            if (child.LinkTarget is { } target)
            {
                return new SnapshotEntry(path, EntryKind.Link, 0, Modified(child), null, target, []);
            }

            if (child is DirectoryInfo)
            {
                return new SnapshotEntry(path, EntryKind.Folder, 0, Modified(child), Mode(child), null, []);
            }

            if (IsRegular(child))
            {
                return File(path, (FileInfo)child);
            }

            problems.Add($"{path}: it is neither a file, a folder nor a link (a device, socket or pipe) and was left out.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It was removed since the folder was listed, or its name is not Unicode: that must not cost all the others.
            problems.Add($"{path}: it cannot be looked at: {error.Message}");
        }

        return null;
    }

    private static SnapshotEntry File(string path, FileInfo file) =>
        new(path, EntryKind.File, file.Length, Modified(file), Mode(file), null, []);

    /// <summary>Pipes, sockets and devices have no length, so only empty files need the look that .NET has no call for.</summary>
    private static bool IsRegular(FileSystemInfo info) => info is FileInfo file && (file.Length > 0 || UnixFileType.IsRegular(file.FullName));

    private static DateTimeOffset Modified(FileSystemInfo info) => new(info.LastWriteTimeUtc, TimeSpan.Zero);

    private static int? Mode(FileSystemInfo info) => OperatingSystem.IsWindows() ? null : (int)info.UnixFileMode;

    private string Absolute(string path) => path.Length == 0 ? root : Path.Join(root, path);
}
