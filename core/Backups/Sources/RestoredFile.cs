using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>A file that a restore writes. Disposed before it is completed, it is removed: a part of a file would pass for the whole. Pieces may be written by several threads.</summary>
public abstract class RestoredFile : IDisposable
{
    private const int Page = 4096;

    private readonly long _length;
    private readonly bool _isSparse;
    private long _end;
    private long _given;

    /// <summary>Begins a file.</summary>
    /// <param name="path">As people are told.</param>
    /// <param name="length">How long it will be, in bytes.</param>
    /// <param name="isSparse">True where zeros become holes.</param>
    private protected RestoredFile(string path, long length, bool isSparse)
    {
        (Path, _length, _isSparse) = (path, length, isSparse);
    }

    /// <summary>Its path below the target.</summary>
    public string Path { get; }

    /// <summary>Writes a piece.</summary>
    /// <param name="bytes">The piece.</param>
    /// <param name="offset">Where it begins, in bytes.</param>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    /// <exception cref="InvalidDataException">The piece goes beyond the file's length.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset > _length - bytes.Length)
        {
            throw new InvalidDataException($"'{Path}': its contents are longer than the {_length} bytes that its entry says.");
        }

        _ = Interlocked.Add(ref _given, bytes.Length);
        if (_isSparse)
        {
            WriteAroundHoles(bytes, offset);
        }
        else
        {
            WriteAll(bytes, offset);
        }
    }

    /// <summary>
    /// Gives the file its length, owner, mode and time, and closes it. The set-user and set-group bits are given only where the owner was. Without a mode it stays its
    /// owner's alone, without a time it keeps the one of its writing.
    /// </summary>
    /// <param name="entry">What it was; its path does not matter.</param>
    /// <returns>What of it could not be given, in words; null where nothing is missing. The contents are there in any case.</returns>
    /// <exception cref="IOException">The contents cannot be completed; disposed, the file is removed.</exception>
    /// <exception cref="InvalidDataException">Fewer bytes were written than the file's length, and it has no holes that would explain it.</exception>
    public string? Complete(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (_given < _length && !_isSparse)
        {
            throw new InvalidDataException($"'{Path}': its contents are {_given} bytes, and not the {_length} that its entry says.");
        }

        return Complete(entry, _end == _length ? null : _length);
    }

    /// <summary>Closes the file, and removes it unless it is complete.</summary>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file, and removes it unless it is complete.</summary>
    protected abstract void Dispose(bool isDisposing);

    /// <summary>Writes bytes where they belong.</summary>
    private protected abstract void WriteBytes(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Completes the file.</summary>
    /// <param name="entry">What it was.</param>
    /// <param name="newLength">The length to give it; null where it has it.</param>
    private protected abstract string? Complete(TreeEntry entry, long? newLength);

    /// <summary>What is not written reads as zeros, since the file is new.</summary>
    private void WriteAroundHoles(ReadOnlySpan<byte> bytes, long offset)
    {
        var written = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var page = bytes.Slice(at, (int)Math.Min(Page - ((offset + at) % Page), bytes.Length - at));
            if (page.IndexOfAnyExcept((byte)0) < 0)
            {
                WriteAll(bytes[written..at], offset + written);
                written = at + page.Length;
            }

            at += page.Length;
        }

        WriteAll(bytes[written..], offset + written);
    }

    private void WriteAll(ReadOnlySpan<byte> bytes, long offset)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        WriteBytes(bytes, offset);
        var end = offset + bytes.Length;
        for (var seen = Volatile.Read(ref _end); seen < end;)
        {
            seen = Interlocked.CompareExchange(ref _end, end, seen) is var now && now == seen ? end : now;
        }
    }
}
