using System.Globalization;
using System.Security.Cryptography;

namespace Maintenance.Local.Storage;

/// <summary>Gives a file its name durably, once: whoever comes first, in this process or another, wins; nobody sees a part of a file.</summary>
internal sealed class FirstWriter(string unfinished)
{
    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly Lock _folders = new();

    /// <summary>Folders known to be on the disk; the others are flushed before a put into them counts.</summary>
    private readonly HashSet<string> _durable = new(StringComparer.Ordinal);
    private readonly Lock _names = new();
    private long _count;

    /// <summary>Writes a file under its final path unless that is taken; durable when it returns, either way.</summary>
    /// <returns>True when this call wrote it.</returns>
    public bool Write(string path, string root, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            Settle(path, root);
            return false;
        }

        using var file = Begin(content.Length);
        file.Append(content.Span);
        return Complete(file, path, root, cancellation);
    }

    /// <summary>Begins a file that has no name yet.</summary>
    /// <param name="expectedLength">How many bytes it will have, to reserve them; 0 where that is not known.</param>
    public UnnamedFile Begin(long expectedLength) =>
        new(Path.Combine(unfinished, string.Create(CultureInfo.InvariantCulture, $"{_run}-{Interlocked.Increment(ref _count)}")), expectedLength);

    /// <summary>Gives a file that was begun its final path unless that is taken; durable when it returns, either way.</summary>
    /// <returns>True when the path is this file's.</returns>
    public bool Complete(UnnamedFile file, string path, string root, CancellationToken cancellation)
    {
        var first = false;
        if (!File.Exists(path))
        {
            file.Flush();
            cancellation.ThrowIfCancellationRequested();
            first = Name(file.Path, path, root);
            if (!first && Directory.Exists(path))
            {
                throw new IOException($"'{path}' is a folder: the name is the beginning of other objects' names.");
            }
        }

        Settle(path, root);
        return first;
    }

    /// <summary>Deletes a file, and the folders that it leaves empty.</summary>
    /// <returns>True when this call deleted it.</returns>
    public bool Delete(string path, string root)
    {
        lock (_folders)
        {
            if (!File.Exists(path))
            {
                return false;
            }

            File.Delete(path);
            for (var folder = Path.GetDirectoryName(path)!; folder.Length > root.Length; folder = Path.GetDirectoryName(folder)!)
            {
                try
                {
                    if (Directory.EnumerateFileSystemEntries(folder).Any())
                    {
                        break;
                    }

                    _durable.Remove(folder);
                    Directory.Delete(folder);
                }
                catch (IOException)
                {
                    // A put came in between, or another process removed the folder: either way it is not ours to remove.
                    break;
                }
            }

            return true;
        }
    }

    /// <summary>Removes what a put left behind that never finished, unless the put is still at it.</summary>
    public static void RemoveAbandoned(string file)
    {
        try
        {
            File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose).Dispose();
        }
        catch (IOException)
        {
            // Locked: another store is writing it.
        }
    }

    /// <summary>Makes a name durable, also one that another gave: its writer may not have flushed yet, and "taken" must hold after a power cut, too.</summary>
    private void Settle(string path, string root)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            MakeDurable(folder, root);
            DurableFolders.Flush(folder);
        }
        catch (IOException) when (!File.Exists(path))
        {
            // Deleted since, and the folder with it: nothing is left to be durable.
        }
    }

    private bool Name(string temporary, string path, string root)
    {
        for (var attempt = 1; ; attempt++)
        {
            MakeDurable(Path.GetDirectoryName(path)!, root);
            try
            {
                return OperatingSystem.IsWindows() ? Move(temporary, path) : UnixFiles.TryLink(temporary, path) ?? Move(temporary, path);
            }
            catch (DirectoryNotFoundException) when (attempt < 100)
            {
                // A delete emptied the folder and removed it; it is made again.
            }
        }
    }

    /// <summary>Without hard links: atomic on Windows; elsewhere first among the writers of this store.</summary>
    private bool Move(string temporary, string path)
    {
        lock (_names)
        {
            if (File.Exists(path))
            {
                return false;
            }

            try
            {
                File.Move(temporary, path, overwrite: !OperatingSystem.IsWindows());
                return true;
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
        }
    }

    private void MakeDurable(string folder, string root)
    {
        // The lock stays while the disk works: whoever finds the folder in the set may rely on it.
        lock (_folders)
        {
            if (folder.Length <= root.Length || (_durable.Contains(folder) && Directory.Exists(folder)))
            {
                return;
            }

            var parent = Path.GetDirectoryName(folder)!;
            MakeDurable(parent, root);
            Directory.CreateDirectory(folder);
            DurableFolders.Flush(parent);
            _durable.Add(folder);
        }
    }
}
