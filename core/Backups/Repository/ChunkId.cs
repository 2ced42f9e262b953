using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Maintenance.Backups.Repository;

/// <summary>
/// The name of a chunk: the first 20 bytes of its HMAC-SHA256 under a key of the repository. Equal contents have equal names within one repository, and nobody
/// without the key can tell whether a file that he knows is in it. 160 bits put an accidental collision beyond 2^80 chunks.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct ChunkId : IComparable<ChunkId>
{
    /// <summary>How many bytes an id has.</summary>
    public const int Size = 20;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;

    /// <summary>Reads an id.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes; the rest is not looked at.</param>
    public ChunkId(ReadOnlySpan<byte> bytes)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Reads the 40 hexadecimal digits of <see cref="ToString"/>.</summary>
    /// <exception cref="FormatException">It is no id.</exception>
    public static ChunkId Parse(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        return bytes.Length == Size ? new ChunkId(bytes) : throw new FormatException($"'{hex}' is no chunk id: {2 * Size} hexadecimal digits are one.");
    }

    /// <summary>Writes the id.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _first);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _second);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], _third);
    }

    /// <inheritdoc/>
    public int CompareTo(ChunkId other) =>
        _first != other._first ? _first.CompareTo(other._first)
        : _second != other._second ? _second.CompareTo(other._second)
        : _third.CompareTo(other._third);

    /// <summary>An id is as good as random: its beginning is its hash.</summary>
    public override int GetHashCode() => (int)_first;

    /// <summary>40 hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Compares as the bytes do.</summary>
    public static bool operator <(ChunkId left, ChunkId right) => left.CompareTo(right) < 0;

    /// <summary>Compares as the bytes do.</summary>
    public static bool operator >(ChunkId left, ChunkId right) => left.CompareTo(right) > 0;

    /// <summary>Compares as the bytes do.</summary>
    public static bool operator <=(ChunkId left, ChunkId right) => left.CompareTo(right) <= 0;

    /// <summary>Compares as the bytes do.</summary>
    public static bool operator >=(ChunkId left, ChunkId right) => left.CompareTo(right) >= 0;
}
