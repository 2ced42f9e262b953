using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>Writes a restore on Linux. Everything is relative to an open folder that was reached without a symbolic link.</summary>
internal sealed class LinuxFolderWriting(string target) : IFolderWriting
{
    private const int IsAFolder = 21;

    private readonly LinuxOpenFolders _folders = new(target);
    private readonly LinuxAttributes _attributes = new();

    public void CreateFolder(string path) => _folders.Open(path, isMaking: true).Dispose();

    public RestoredFile CreateFile(string path, long length, bool isSparse)
    {
        var folder = _folders.OpenParent(path);
        try
        {
            var name = Name(path);
            var descriptor = LinuxCalls.CreateFile(folder.Descriptor, name);
            return descriptor >= 0
                ? new LinuxRestoredFile(path, length, isSparse, descriptor, name, folder, _attributes)
                : throw LinuxError.Of($"The file '{path}' cannot be made", LinuxError.Last);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public string? CreateSymbolicLink(string path, string target, TreeEntry? entry)
    {
        using var folder = _folders.OpenParent(path);
        var name = Name(path);
        Check(LinuxCalls.CreateSymbolicLink(LinuxPath.Terminated(target), folder.Descriptor, name), $"The symbolic link '{path}' cannot be made");
        return entry is null ? null : _attributes.Give(folder.Descriptor, name, entry);
    }

    public void CreateHardLink(string path, string existingPath)
    {
        using var existingFolder = _folders.OpenParent(existingPath);
        using var folder = _folders.OpenParent(path);
        var existing = Name(existingPath);
        Check(LinuxCalls.Look(existingFolder.Descriptor, existing, out var status), $"The file '{existingPath}' cannot be given the further name '{path}'");
        if (!status.IsFile)
        {
            throw new IOException($"'{existingPath}' is no file: it cannot be given the further name '{path}'.");
        }

        Check(
            LinuxCalls.CreateHardLink(existingFolder.Descriptor, existing, folder.Descriptor, Name(path)),
            $"The file '{existingPath}' cannot be given the further name '{path}'");
    }

    public string? FinishFolder(string path, TreeEntry entry)
    {
        using var folder = _folders.Open(path);
        return _attributes.Give(folder.Descriptor, entry);
    }

    public ExistingKind? Look(string path)
    {
        LinuxOpenFolders.Folder folder;
        try
        {
            folder = _folders.OpenParent(path);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }

        using (folder)
        {
            return Look(path, folder);
        }
    }

    public void Delete(string path)
    {
        using var folder = _folders.OpenParent(path);
        _folders.Forget(path);
        var name = Name(path);
        var failed = LinuxCalls.Remove(folder.Descriptor, name, 0);
        if (failed != 0 && LinuxError.Last == IsAFolder)
        {
            failed = LinuxCalls.Remove(folder.Descriptor, name, LinuxCalls.RemoveFolder);
        }

        Check(failed, $"'{path}' cannot be removed");
    }

    public void Rename(string path, string newPath, bool isReplacing)
    {
        using var folder = _folders.OpenParent(path);
        using var newFolder = _folders.OpenParent(newPath);
        _folders.Forget(path);
        _folders.Forget(newPath);
        var (name, newName, what) = (Name(path), Name(newPath), $"'{path}' cannot be renamed to '{newPath}'");
        if (!isReplacing)
        {
            var failed = LinuxCalls.MoveUnlessTaken(folder.Descriptor, name, newFolder.Descriptor, newName);
            if (failed == 0 || LinuxError.Last is not (LinuxError.Invalid or LinuxError.NotImplemented))
            {
                Check(failed, what);
                return;
            }

            // The file system cannot do it in one step.
            if (Look(newPath, newFolder) is not null)
            {
                throw LinuxError.Of(what, LinuxError.Exists);
            }
        }

        Check(LinuxCalls.Move(folder.Descriptor, name, newFolder.Descriptor, newName), what);
    }

    public void Flush()
    {
        using var root = _folders.Open("");
        Check(LinuxCalls.FlushFileSystem(root.Descriptor), $"The file system of '{target}' cannot be flushed to its disk");
    }

    public void Dispose() => _folders.Dispose();

    private static ExistingKind? Look(string path, LinuxOpenFolders.Folder folder)
    {
        if (LinuxCalls.Look(folder.Descriptor, Name(path), out var status) != 0)
        {
            var error = LinuxError.Last;
            return error == LinuxError.NotThere ? null : throw LinuxError.Of($"'{path}' cannot be looked at", error);
        }

        return status.IsFolder ? ExistingKind.Folder
            : status.IsFile ? ExistingKind.File
            : status.IsSymbolicLink ? ExistingKind.SymbolicLink
            : ExistingKind.Special;
    }

    private static byte[] Name(string path) => LinuxPath.Terminated(path.AsSpan(path.LastIndexOf('/') + 1));

    private static void Check(int failed, string what)
    {
        if (failed != 0)
        {
            throw LinuxError.Of(what, LinuxError.Last);
        }
    }
}
