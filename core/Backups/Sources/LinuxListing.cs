using System.Buffers;
using System.Buffers.Binary;

namespace Maintenance.Backups.Sources;

/// <summary>
/// The names of a folder, in the order of <see cref="SourceOrder.ByFolder"/>. They stay the bytes that the system gave, each with a zero byte behind it, and
/// become text one by one: a folder may have a million.
/// </summary>
internal sealed class LinuxListing : IDisposable
{
    /// <summary>An entry is 8 bytes of inode, 8 of position, 2 of its own length, 1 of type, and the name.</summary>
    private const int LengthOffset = 16;
    private const int NameOffset = 19;

    private const int FirstSize = 32 * 1024;

    /// <summary>The system gives no entry where there is less room than the longest may need.</summary>
    private const int LeastRoom = 4 * 1024;

    private byte[] _entries;
    private int[] _names = ArrayPool<int>.Shared.Rent(64);
    private int _count;
    private int _at = -1;

    private LinuxListing(byte[] entries) => _entries = entries;

    /// <summary>The current name, without and with its zero byte.</summary>
    public ReadOnlySpan<byte> Name => NameAt(_names[_at]);

    /// <summary>The current name, with its zero byte.</summary>
    public ReadOnlySpan<byte> TerminatedName => _entries.AsSpan(_names[_at], Name.Length + 1);

    /// <summary>Reads an open folder.</summary>
    /// <returns>The listing; null, and <see cref="LinuxError.Last"/>, where it cannot be read.</returns>
    public static LinuxListing? Read(int folder)
    {
        var listing = new LinuxListing(ArrayPool<byte>.Shared.Rent(FirstSize));
        var used = 0;
        while (true)
        {
            if (listing._entries.Length - used < LeastRoom)
            {
                listing.Resize(used, 2 * listing._entries.Length);
            }

            var read = LinuxCalls.List(folder, listing._entries.AsSpan(used));
            if (read < 0)
            {
                listing.Dispose();
                return null;
            }

            if (read == 0)
            {
                break;
            }

            used += read;
        }

        // The walk keeps a listing for each level that it is deep in.
        if (used < listing._entries.Length / 2)
        {
            listing.Resize(used, used);
        }

        listing.Index(used);
        return listing;
    }

    /// <summary>Goes to the next name. One that a folder shows twice, because it is being changed, comes once.</summary>
    public bool MoveNext()
    {
        do
        {
            if (++_at >= _count)
            {
                return false;
            }
        }
        while (_at > 0 && Name.SequenceEqual(NameAt(_names[_at - 1])));
        return true;
    }

    public void Dispose()
    {
        if (_entries.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_entries);
            ArrayPool<int>.Shared.Return(_names);
            (_entries, _names, _count) = ([], [], 0);
        }
    }

    /// <summary>
    /// Compares UTF-8 as its UTF-16 compares by ordinals. Bytes compare as code points do, and so do UTF-16's units, but for one thing: what takes four bytes
    /// (they begin with F0 and more) is written with surrogates, which come before the last characters of three bytes (EE and EF).
    /// </summary>
    internal static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var shared = a.CommonPrefixLength(b);
        if (shared == a.Length || shared == b.Length)
        {
            return a.Length - b.Length;
        }

        var (first, second) = (a[shared], b[shared]);
        return first >= 0xEE && second >= 0xEE && (first >= 0xF0) != (second >= 0xF0) ? second - first : first - second;
    }

    private void Index(int used)
    {
        for (var entry = 0; entry < used; entry += BinaryPrimitives.ReadUInt16LittleEndian(_entries.AsSpan(entry + LengthOffset)))
        {
            if (NameAt(entry + NameOffset) is [(byte)'.'] or [(byte)'.', (byte)'.'])
            {
                continue;
            }

            if (_count == _names.Length)
            {
                var more = ArrayPool<int>.Shared.Rent(2 * _count);
                _names.CopyTo(more, 0);
                ArrayPool<int>.Shared.Return(_names);
                _names = more;
            }

            _names[_count++] = entry + NameOffset;
        }

        _names.AsSpan(0, _count).Sort((a, b) => Compare(NameAt(a), NameAt(b)));
    }

    private void Resize(int used, int size)
    {
        var resized = ArrayPool<byte>.Shared.Rent(size);
        _entries.AsSpan(0, used).CopyTo(resized);
        ArrayPool<byte>.Shared.Return(_entries);
        _entries = resized;
    }

    private ReadOnlySpan<byte> NameAt(int offset)
    {
        var rest = _entries.AsSpan(offset);
        return rest[..rest.IndexOf((byte)0)];
    }
}
