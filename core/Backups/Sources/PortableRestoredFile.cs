using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>A new file on any system.</summary>
internal sealed class PortableRestoredFile : RestoredFile
{
    private readonly string _path;
    private readonly FileStream _file;
    private bool _isClosed;

    /// <summary>Makes the file.</summary>
    /// <param name="path">As people are told.</param>
    /// <param name="length">How long it will be, in bytes.</param>
    /// <param name="isSparse">True where zeros become holes.</param>
    /// <param name="absolute">Where it is.</param>
    public PortableRestoredFile(string path, long length, bool isSparse, string absolute)
        : base(path, length, isSparse)
    {
        _path = absolute;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(absolute, options);
    }

    private protected override void WriteBytes(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_file.SafeFileHandle, bytes, offset);

    private protected override string? Complete(TreeEntry entry, long? newLength)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var file = _file.SafeFileHandle;
        if (newLength is { } bytes)
        {
            RandomAccess.SetLength(file, bytes);
        }

        RandomAccess.FlushToDisk(file);
        var missing = PortableAttributes.Together(
            PortableAttributes.GiveMode(mode => SetMode(file, mode), entry),
            PortableAttributes.Give(() => File.SetLastWriteTimeUtc(file, PortableAttributes.Time(entry)), "time", entry.Modified is not null));
        _isClosed = true;
        _file.Dispose();
        return missing;
    }

    protected override void Dispose(bool isDisposing)
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _file.Dispose();
            File.Delete(_path);
        }
    }

    private static void SetMode(Microsoft.Win32.SafeHandles.SafeFileHandle file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }
    }
}
