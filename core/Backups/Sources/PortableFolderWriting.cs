using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>Writes a restore with what .NET offers everywhere. Each folder on the way is looked at before anything is done below it.</summary>
internal sealed class PortableFolderWriting(string target) : IFolderWriting
{
    private readonly string _target = Path.GetFullPath(target);

    public void CreateFolder(string path)
    {
        for (var end = 0; end < path.Length;)
        {
            end = path.IndexOf('/', end + 1) is var slash and >= 0 ? slash : path.Length;
            var folder = Path.Join(_target, path[..end]);
            if (Kind(folder) is null)
            {
                _ = OperatingSystem.IsWindows()
                    ? Directory.CreateDirectory(folder)
                    : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            ThrowUnlessFolder(folder, path[..end]);
        }
    }

    public RestoredFile CreateFile(string path, long length, bool isSparse) => new PortableRestoredFile(path, length, isSparse, Locate(path));

    public string? CreateSymbolicLink(string path, string target, TreeEntry? entry)
    {
        var link = Locate(path);
        _ = File.CreateSymbolicLink(link, target);
        return entry is null ? null : PortableAttributes.Give(() => File.SetLastWriteTimeUtc(link, PortableAttributes.Time(entry)), "time", entry.Modified is not null);
    }

    public void CreateHardLink(string path, string existingPath) =>
        throw new NotSupportedException($"'{path}' cannot be another name of '{existingPath}': this system offers no hard links here.");

    public string? FinishFolder(string path, TreeEntry entry)
    {
        var folder = _target;
        if (path.Length > 0)
        {
            folder = Locate(path);
            ThrowUnlessFolder(folder, path);
        }

        return PortableAttributes.Together(
            PortableAttributes.GiveMode(mode => PortableAttributes.SetMode(folder, mode), entry),
            PortableAttributes.Give(() => Directory.SetLastWriteTimeUtc(folder, PortableAttributes.Time(entry)), "time", entry.Modified is not null));
    }

    public ExistingKind? Look(string path)
    {
        try
        {
            return Kind(Locate(path));
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Delete(string path)
    {
        var there = Locate(path);
        switch (Kind(there))
        {
            case null:
                throw new FileNotFoundException($"'{path}' cannot be removed: it is not there.");
            case ExistingKind.Folder:
                Directory.Delete(there, recursive: false);
                break;
            case ExistingKind.SymbolicLink when File.GetAttributes(there).HasFlag(FileAttributes.Directory) && OperatingSystem.IsWindows():
                // Windows tells links to folders from links to files.
                Directory.Delete(there, recursive: false);
                break;
            default:
                File.Delete(there);
                break;
        }
    }

    public void Rename(string path, string newPath, bool isReplacing)
    {
        var (from, to) = (Locate(path), Locate(newPath));
        if (!isReplacing && Kind(to) is not null)
        {
            throw new IOException($"'{path}' cannot be renamed to '{newPath}': there is something.");
        }

        if (Kind(from) == ExistingKind.Folder)
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, isReplacing);
        }
    }

    public void Flush()
    {
        // Each file was flushed when it was completed: .NET has no call for all of them.
    }

    public void Dispose()
    {
        // Nothing stays open between two calls.
    }

    /// <summary>What has an absolute path; null where nothing has.</summary>
    private static ExistingKind? Kind(string path)
    {
        var there = new FileInfo(path);
        return there.LinkTarget is not null ? ExistingKind.SymbolicLink
            : Directory.Exists(path) ? ExistingKind.Folder
            : !there.Exists ? null
            : UnixFileType.IsRegular(path) ? ExistingKind.File
            : ExistingKind.Special;
    }

    private static void ThrowUnlessFolder(string folder, string path)
    {
        switch (Kind(folder))
        {
            case ExistingKind.Folder:
                return;
            case null:
                throw new DirectoryNotFoundException($"The folder '{path}' is not there.");
            default:
                throw new IOException($"'{path}' is no folder (a symbolic link is not followed): nothing is written through it.");
        }
    }

    /// <summary>The absolute path, after a look at each folder on the way.</summary>
    private string Locate(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            ThrowUnlessFolder(Path.Join(_target, path[..slash]), path[..slash]);
        }

        return Path.Join(_target, path);
    }
}
