namespace Maintenance.Backups.Sources;

/// <summary>
/// Open folders below a target, found by their paths: most of what a restore writes goes where the last thing went. Each was opened from the one above it, never
/// through a symbolic link. Thread-safe.
/// </summary>
internal sealed class LinuxOpenFolders : IDisposable
{
    /// <summary>How many stay open for whoever comes next.</summary>
    private const int MostKept = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Folder> _folders = new(StringComparer.Ordinal);
    private readonly Folder _root;
    private long _uses;
    private bool _isDisposed;

    /// <summary>Opens the target, through symbolic links.</summary>
    /// <exception cref="IOException">It is not there or no folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public LinuxOpenFolders(string target)
    {
        var descriptor = LinuxCalls.OpenRoot(LinuxPath.Terminated(target));
        _root = descriptor >= 0 ? new Folder(descriptor, _lock) : throw LinuxError.Of($"The target '{target}' cannot be opened", LinuxError.Last);
    }

    /// <summary>Opens the folder that a path is in. Dispose of it when done.</summary>
    /// <exception cref="DirectoryNotFoundException">A folder on the way is missing.</exception>
    /// <exception cref="IOException">A name on the way is no folder.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder on the way may not be opened.</exception>
    public Folder OpenParent(string path, bool isMaking = false) => Open(path.AsSpan(0, Math.Max(path.LastIndexOf('/'), 0)), isMaking);

    /// <summary>Opens a folder; the empty path is the target.</summary>
    /// <param name="path">Below the target.</param>
    /// <param name="isMaking">True where missing folders are made, for their owner alone.</param>
    public Folder Open(ReadOnlySpan<char> path, bool isMaking = false)
    {
        var known = Nearest(path, out var done);
        while (done < path.Length)
        {
            var start = done == 0 ? 0 : done + 1;
            var length = path[start..].IndexOf('/');
            done = length < 0 ? path.Length : start + length;
            using var above = known;
            known = Below(above, path[..done].ToString(), path[start..done], isMaking);
        }

        return known;
    }

    /// <summary>Forgets a path and all below it: it is going to be something else.</summary>
    public void Forget(string path)
    {
        lock (_lock)
        {
            foreach (var (key, folder) in _folders.Where(each => each.Key == path || each.Key.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
            {
                _ = _folders.Remove(key);
                Release(folder);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            foreach (var folder in _folders.Values)
            {
                Release(folder);
            }

            _folders.Clear();
            Release(_root);
        }
    }

    /// <summary>The deepest folder on the way that is open, and how much of the path leads to it.</summary>
    private Folder Nearest(ReadOnlySpan<char> path, out int done)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var folders = _folders.GetAlternateLookup<ReadOnlySpan<char>>();
            for (done = path.Length; done > 0; done = Math.Max(path[..done].LastIndexOf('/'), 0))
            {
                if (folders.TryGetValue(path[..done], out var folder))
                {
                    return Take(folder);
                }
            }

            return Take(_root);
        }
    }

    private Folder Below(Folder above, string path, ReadOnlySpan<char> name, bool isMaking)
    {
        var terminated = LinuxPath.Terminated(name);
        var descriptor = LinuxCalls.OpenFolder(above.Descriptor, terminated, keepAccessTime: false);
        if (descriptor < 0 && isMaking && LinuxError.Last == LinuxError.NotThere)
        {
            if (LinuxCalls.CreateFolder(above.Descriptor, terminated) != 0 && LinuxError.Last != LinuxError.Exists)
            {
                throw LinuxError.Of($"The folder '{path}' cannot be made", LinuxError.Last);
            }

            // Where another thread was faster, it is there as well.
            descriptor = LinuxCalls.OpenFolder(above.Descriptor, terminated, keepAccessTime: false);
        }

        if (descriptor < 0)
        {
            throw LinuxError.Last switch
            {
                LinuxError.NotThere => new DirectoryNotFoundException($"The folder '{path}' is not there."),
                LinuxError.NotAFolder or LinuxError.ThroughALink => new IOException($"'{path}' is no folder (a symbolic link is not followed): nothing is written through it."),
                var error => LinuxError.Of($"The folder '{path}' cannot be opened", error),
            };
        }

        return Keep(path, new Folder(descriptor, _lock));
    }

    /// <summary>Keeps a folder for whoever comes next, in place of the one that nobody asked for longest.</summary>
    private Folder Keep(string path, Folder opened)
    {
        lock (_lock)
        {
            if (_isDisposed || !_folders.TryAdd(path, opened))
            {
                // Another thread opened it as well. This one is its caller's alone.
                return opened;
            }

            _ = Take(opened);
            if (_folders.Count > MostKept)
            {
                var (oldest, folder) = _folders.MinBy(static each => each.Value.LastUse);
                _ = _folders.Remove(oldest);
                Release(folder);
            }

            return opened;
        }
    }

    private Folder Take(Folder folder)
    {
        folder.Users++;
        folder.LastUse = ++_uses;
        return folder;
    }

    private static void Release(Folder folder)
    {
        if (--folder.Users == 0)
        {
            _ = LinuxCalls.Close(folder.Descriptor);
        }
    }

    /// <summary>An open folder; closed when its last user has disposed of it. Whoever made it is its first.</summary>
    internal sealed class Folder(int descriptor, Lock folders) : IDisposable
    {
        public int Descriptor { get; } = descriptor;

        public int Users { get; set; } = 1;

        public long LastUse { get; set; }

        public void Dispose()
        {
            lock (folders)
            {
                Release(this);
            }
        }
    }
}
