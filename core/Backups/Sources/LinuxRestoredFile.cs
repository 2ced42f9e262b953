using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>A new file on Linux, and the open folder that it is in.</summary>
internal sealed class LinuxRestoredFile(
    string path, long length, bool isSparse, int descriptor, byte[] name, LinuxOpenFolders.Folder folder, LinuxAttributes attributes)
    : RestoredFile(path, length, isSparse)
{
    private int _descriptor = descriptor;

    private protected override void WriteBytes(ReadOnlySpan<byte> bytes, long offset)
    {
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        while (!bytes.IsEmpty)
        {
            var written = LinuxCalls.Write(_descriptor, bytes, offset);
            if (written < 0)
            {
                throw LinuxError.Of($"'{Path}' cannot be written", LinuxError.Last);
            }

            bytes = bytes[written..];
            offset += written;
        }
    }

    private protected override string? Complete(TreeEntry entry, long? newLength)
    {
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        if (newLength is { } bytes && LinuxCalls.SetLength(_descriptor, bytes) != 0)
        {
            throw LinuxError.Of($"'{Path}' cannot be given its length of {bytes} bytes", LinuxError.Last);
        }

        var missing = attributes.Give(_descriptor, entry);

        // Some file systems say only now that there was no room.
        if (LinuxCalls.Close(Interlocked.Exchange(ref _descriptor, -1)) != 0 && LinuxError.Last is var error and not LinuxError.Interrupted)
        {
            _ = LinuxCalls.Remove(folder.Descriptor, name, 0);
            folder.Dispose();
            throw LinuxError.Of($"'{Path}' cannot be written", error);
        }

        folder.Dispose();
        return missing;
    }

    protected override void Dispose(bool isDisposing)
    {
        if (Interlocked.Exchange(ref _descriptor, -1) is >= 0 and var open)
        {
            _ = LinuxCalls.Close(open);
            _ = LinuxCalls.Remove(folder.Descriptor, name, 0);
            folder.Dispose();
        }
    }
}
