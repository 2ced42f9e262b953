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
        try
        {
            DurableFolders.Create(paths.Unfinished);
            foreach (var leftover in Directory.EnumerateFiles(paths.Unfinished))
            {
                FirstWriter.RemoveAbandoned(leftover);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && Directory.Exists(paths.Root))
        {
            // A copy on a read-only mount can be read all the same; whoever writes hears of it then.
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
        using var file = OpenForReading(name, FileOptions.Asynchronous);
        return file is null ? null
            : RandomAccess.GetLength(file) is var length && length <= Array.MaxLength ? await ReadAsync(file, 0, length, cancellation)
            : throw new IOException($"The object '{name}' has {length} bytes: too many to be read as a whole.");
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        using var file = OpenForReading(name, FileOptions.Asynchronous);
        return file is null
            ? null
            : await ReadAsync(file, offset, Math.Clamp(RandomAccess.GetLength(file) - offset, 0, length), cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>What a folder has is mostly in the system's memory already: reading it does not leave the caller's thread.</remarks>
    public ValueTask<int?> ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellation.ThrowIfCancellationRequested();
        using var file = OpenForReading(name, FileOptions.None);
        if (file is null)
        {
            return ValueTask.FromResult<int?>(null);
        }

        var wanted = destination.Span[..(int)Math.Clamp(RandomAccess.GetLength(file) - offset, 0, destination.Length)];
        for (var done = 0; done < wanted.Length;)
        {
            var read = RandomAccess.Read(file, wanted[done..], offset + done);
            done += read > 0 ? read : throw Shortened();
        }

        return ValueTask.FromResult<int?>(wanted.Length);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">As <see cref="PutAsync"/>, the name's troubles when it is completed.</exception>
    public ValueTask<IObjectWriter> CreateAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IObjectWriter>(new FolderObjectWriter(_first, _paths.Locate(name), _paths.Root));
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
            done += read > 0 ? read : throw Shortened();
        }

        return content;
    }

    private static EndOfStreamException Shortened() => new("The object became shorter while it was read; objects never change.");

    private SafeFileHandle? OpenForReading(string name, FileOptions options)
    {
        ObjectNames.Check(name);
        var path = _paths.Locate(name);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted since the look.
            return null;
        }
    }
}
