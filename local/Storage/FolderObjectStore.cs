using System.Runtime.CompilerServices;
using Maintenance.Storage;
using Microsoft.Win32.SafeHandles;

namespace Maintenance.Local.Storage;

/// <summary>
/// Objects as files of one folder; the paths are <see cref="FolderPaths"/>. An object is written beside its place, flushed, and only then given its name, in
/// one step that fails where the name is taken. A name cannot be an object and another's folder at once (<c>a</c> and <c>a/b</c>). A delete may come back after
/// a power cut; a put does not get lost.
/// </summary>
public sealed class FolderObjectStore : IObjectStore
{
    private readonly FolderPaths _paths;
    private readonly FirstWriter _first;

    private FolderObjectStore(FolderPaths paths)
    {
        _paths = paths;
        _first = new FirstWriter(paths.Unfinished);
    }

    /// <summary>Opens the folder, makes it where there is none, and removes what puts left behind that never finished.</summary>
    /// <exception cref="IOException">The folder cannot be made or read.</exception>
    public static FolderObjectStore Open(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var paths = new FolderPaths(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        DurableFolders.Create(paths.Unfinished);
        foreach (var leftover in Directory.EnumerateFiles(paths.Unfinished))
        {
            FirstWriter.RemoveAbandoned(leftover);
        }

        return new FolderObjectStore(paths);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full or failed, a folder of the name is a symbolic link or an object, or the name is a folder.</exception>
    public Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        var path = _paths.Locate(name);

        // Flushing blocks until the disk has it, and the caller may have other things to start meanwhile.
        return Task.Run(() => _first.Write(path, _paths.Root, content, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(string name, CancellationToken cancellation)
    {
        using var file = OpenForReading(name);
        return file is null ? null : await ReadAsync(file, 0, RandomAccess.GetLength(file), cancellation);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        using var file = OpenForReading(name);
        return file is null
            ? null
            : await ReadAsync(file, offset, Math.Clamp(RandomAccess.GetLength(file) - offset, 0, length), cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return Task.FromResult(File.Exists(_paths.Locate(name)));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ObjectNames.CheckPrefix(prefix);
        var yielded = 0;
        foreach (var found in _paths.List(prefix))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return found;

            // Reading a folder never waits, so a long listing lets others run now and then.
            if (++yielded % 1000 == 0)
            {
                await Task.Yield();
            }
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return Task.FromResult(_first.Delete(_paths.Locate(name), _paths.Root));
    }

    private static async Task<byte[]> ReadAsync(SafeFileHandle file, long offset, long length, CancellationToken cancellation)
    {
        var content = GC.AllocateUninitializedArray<byte>(checked((int)length));
        var done = 0;
        while (done < content.Length)
        {
            var read = await RandomAccess.ReadAsync(file, content.AsMemory(done), offset + done, cancellation);
            if (read == 0)
            {
                throw new EndOfStreamException("The object became shorter while it was read; objects never change.");
            }

            done += read;
        }

        return content;
    }

    private SafeFileHandle? OpenForReading(string name)
    {
        ObjectNames.Check(name);
        var path = _paths.Locate(name);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted since the look.
            return null;
        }
    }
}
