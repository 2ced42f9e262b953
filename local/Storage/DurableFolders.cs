namespace Maintenance.Local.Storage;

/// <summary>Folders whose entries survive a power cut: on Unix a new name is durable only once its folder is flushed, too.</summary>
internal static class DurableFolders
{
    /// <summary>Makes a folder and its parents, and flushes the parent of each that is new.</summary>
    /// <exception cref="IOException">A folder cannot be made.</exception>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder);
        if (parent is not null)
        {
            Create(parent);
        }

        Directory.CreateDirectory(folder);
        if (parent is not null)
        {
            Flush(parent);
        }
    }

    /// <summary>Flushes a folder's entries to the disk. Windows journals them by itself, and has no such call.</summary>
    /// <exception cref="IOException">The disk failed, or the folder is gone.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            UnixFiles.FlushFolder(folder);
        }
    }
}
