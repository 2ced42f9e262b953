using Microsoft.Win32.SafeHandles;

namespace Maintenance.Local.Storage;

/// <summary>
/// A file under a temporary path, on its way to its name. It stays open, and thereby locked, until it has it: a second store that opens the folder then does not
/// take it for a leftover. Disposed, the temporary path is gone; what was linked to its name stays.
/// </summary>
internal sealed class UnnamedFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private long _length;

    /// <summary>Makes the file.</summary>
    /// <param name="path">Where it is until it has its name.</param>
    /// <param name="expectedLength">How many bytes it will have; 0 where that is not known.</param>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public UnnamedFile(string path, long expectedLength)
    {
        Path = path;
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, FileOptions.None, expectedLength);
    }

    /// <summary>Where it is until it has its name.</summary>
    public string Path { get; }

    /// <summary>Writes at the end.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public void Append(ReadOnlySpan<byte> piece)
    {
        RandomAccess.Write(_file, piece, _length);
        _length += piece.Length;
    }

    /// <summary>Flushes the contents to the disk.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            // First the name, then the lock that goes with the handle.
            File.Delete(Path);
            _file.Dispose();
        }
    }
}
