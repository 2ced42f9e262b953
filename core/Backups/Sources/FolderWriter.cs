using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>
/// Writes what a restore brings below a folder, and nothing anywhere else: paths are checked (they come from a store), and no symbolic link below the target is
/// followed, whoever put it there and when. On Linux that holds against whoever writes there at the same time, too; elsewhere each folder on the way is looked at before.
/// Several threads may write different paths. What several calls throw alike: <see cref="InvalidDataException"/> for a path that could lead out of the target,
/// <see cref="DirectoryNotFoundException"/> where a folder on the way is missing, <see cref="UnauthorizedAccessException"/> and <see cref="IOException"/> for what the system says.
/// </summary>
public sealed class FolderWriter : IDisposable
{
    private readonly IFolderWriting _writing;

    /// <summary>Opens the target, and makes it where there is none, for its owner alone. A target that is a symbolic link is followed: whoever asks for the restore named it.</summary>
    /// <exception cref="IOException">It cannot be made or opened, or is no folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public FolderWriter(string target)
        : this(target, isPortable: !LinuxCalls.AreAvailable)
    {
    }

    /// <summary>For tests of what other systems get.</summary>
    internal FolderWriter(string target, bool isPortable)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        _ = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(target)
            : Directory.CreateDirectory(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _writing = isPortable ? new PortableFolderWriting(target) : new LinuxFolderWriting(target);
    }

    /// <summary>Makes a folder, and those on the way, for their owner alone: <see cref="FinishFolder(TreeEntry)"/> gives the mode when it is full. One that is there is left as it is.</summary>
    /// <exception cref="IOException">Something else has the name.</exception>
    public void CreateFolder(string path)
    {
        RestoredPath.Check(path);
        _writing.CreateFolder(path);
    }

    /// <summary>Begins a file that is not there yet.</summary>
    /// <param name="path">Below the target.</param>
    /// <param name="length">How long it will be, in bytes.</param>
    /// <param name="sparse">True where pages of zeros become holes.</param>
    /// <exception cref="IOException">The name is taken.</exception>
    public RestoredFile CreateFile(string path, long length, bool sparse)
    {
        RestoredPath.Check(path);
        return length >= 0 ? _writing.CreateFile(path, length, sparse) : throw new InvalidDataException($"'{path}': a file has no {length} bytes.");
    }

    /// <summary>Makes a symbolic link, whose target is text and need not be there.</summary>
    /// <param name="path">Below the target.</param>
    /// <param name="target">What the link says.</param>
    /// <param name="entry">Whose owner and time it gets; null for none.</param>
    /// <returns>What of it could not be given, in words; null where nothing is missing.</returns>
    /// <exception cref="IOException">The name is taken.</exception>
    public string? CreateSymbolicLink(string path, string target, TreeEntry? entry = null)
    {
        RestoredPath.Check(path);
        return string.IsNullOrEmpty(target) || target.Contains('\0', StringComparison.Ordinal)
            ? throw new InvalidDataException($"'{path}': a symbolic link has no such target.")
            : _writing.CreateSymbolicLink(path, target, entry);
    }

    /// <summary>Gives a file a further name.</summary>
    /// <param name="path">The further name, below the target.</param>
    /// <param name="existingPath">The file, below the target.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The name is taken, the other is no file, or the file system has no hard links.</exception>
    /// <exception cref="NotSupportedException">This system offers no hard links here: copy the file.</exception>
    public void CreateHardLink(string path, string existingPath)
    {
        RestoredPath.Check(path);
        RestoredPath.Check(existingPath);
        _writing.CreateHardLink(path, existingPath);
    }

    /// <summary>Gives a folder its owner, mode and time, once it is full: deepest first, since its mode may forbid what is still to come below. The empty path is the target itself.</summary>
    /// <returns>What of it could not be given, in words; null where nothing is missing.</returns>
    public string? FinishFolder(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return FinishFolder(entry.Path, entry);
    }

    /// <summary>As <see cref="FinishFolder(TreeEntry)"/>, for a folder that was restored under another path.</summary>
    public string? FinishFolder(string path, TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(entry);
        if (path.Length > 0)
        {
            RestoredPath.Check(path);
        }

        return _writing.FinishFolder(path, entry);
    }

    /// <summary>What has a path now, a symbolic link itself and not what it leads to; null where nothing has.</summary>
    public ExistingKind? Look(string path)
    {
        RestoredPath.Check(path);
        return _writing.Look(path);
    }

    /// <summary>Removes a file, a link or an empty folder.</summary>
    /// <exception cref="IOException">The folder is not empty, or nothing has the path (<see cref="FileNotFoundException"/>).</exception>
    public void Delete(string path)
    {
        RestoredPath.Check(path);
        _writing.Delete(path);
    }

    /// <summary>Moves what has a path to another.</summary>
    /// <param name="path">Below the target.</param>
    /// <param name="newPath">Below the target; its folder is there.</param>
    /// <param name="replace">True where a file that has the new path gives way, in one step.</param>
    /// <exception cref="IOException">The new path is taken, or nothing has the old one (<see cref="FileNotFoundException"/>).</exception>
    public void Rename(string path, string newPath, bool replace = false)
    {
        RestoredPath.Check(path);
        RestoredPath.Check(newPath);
        _writing.Rename(path, newPath, replace);
    }

    /// <summary>Returns when everything that was written is on the disk. It flushes the target's file system, once for all files.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Flush() => _writing.Flush();

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();
}

/// <summary>What a path of a restore's target may be already.</summary>
public enum ExistingKind
{
    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A symbolic link, wherever it leads.</summary>
    SymbolicLink,

    /// <summary>A socket, pipe or device.</summary>
    Special,
}

/// <summary>How a target is written on one kind of system. Paths are checked.</summary>
internal interface IFolderWriting : IDisposable
{
    void CreateFolder(string path);

    RestoredFile CreateFile(string path, long length, bool isSparse);

    string? CreateSymbolicLink(string path, string target, TreeEntry? entry);

    void CreateHardLink(string path, string existingPath);

    string? FinishFolder(string path, TreeEntry entry);

    ExistingKind? Look(string path);

    void Delete(string path);

    void Rename(string path, string newPath, bool isReplacing);

    void Flush();
}
