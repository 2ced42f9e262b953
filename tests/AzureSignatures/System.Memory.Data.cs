using System.Text;

namespace System;

public class BinaryData
{
    private readonly ReadOnlyMemory<byte> _bytes;

    public BinaryData(byte[] data) => _bytes = data;

    public BinaryData(ReadOnlyMemory<byte> data) => _bytes = data;

    public BinaryData(string data) => _bytes = Encoding.UTF8.GetBytes(data);

    public static BinaryData FromBytes(ReadOnlyMemory<byte> data) => new(data);

    public static BinaryData FromBytes(byte[] data) => new(data);

    public byte[] ToArray() => _bytes.ToArray();

    public ReadOnlyMemory<byte> ToMemory() => _bytes;

    public override string ToString() => Encoding.UTF8.GetString(_bytes.Span);
}
