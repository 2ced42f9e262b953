using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Maintenance.Backups.Repository;

/// <summary>Writes the fields of the binary parts of the format: numbers as LEB128 (seven bits a byte, the lowest first), text as UTF-8 after its length in bytes.</summary>
internal sealed class FieldWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int Length => _bytes.WrittenCount;

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Number(ulong value)
    {
        var span = _bytes.GetSpan(10);
        var count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[count++] = (byte)value;
        _bytes.Advance(count);
    }

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    public void Bytes(ReadOnlySpan<byte> value) => _bytes.Write(value);

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Number((ulong)utf8.Length);
        Bytes(utf8);
    }

    public void Text(string value) => Text(Encoding.UTF8.GetBytes(value));

    public void Chunk(ChunkId id)
    {
        id.CopyTo(_bytes.GetSpan(ChunkId.Size));
        _bytes.Advance(ChunkId.Size);
    }

    public void Pack(PackId id)
    {
        id.CopyTo(_bytes.GetSpan(PackId.Size));
        _bytes.Advance(PackId.Size);
    }
}

/// <summary>Reads what <see cref="FieldWriter"/> wrote.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly int Left => _rest.Length;

    public byte Byte() => Take(1)[0];

    /// <exception cref="InvalidDataException">The bytes are no number, or end too early.</exception>
    public ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number has more than 64 bits.");
    }

    /// <summary>A number that must fit an <see cref="int"/>.</summary>
    public int Count(int most = int.MaxValue)
    {
        var value = Number();
        return value <= (ulong)most ? (int)value : throw new InvalidDataException($"The number {value} is larger than can be ({most}).");
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Text() => Take(Count());

    public ChunkId Chunk() => new(Take(ChunkId.Size));

    public PackId Pack() => new(Take(PackId.Size));

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new InvalidDataException("The data end too early.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
