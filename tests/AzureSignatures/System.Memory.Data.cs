using System.Text;
using System.Text.Json;

namespace System;

public class BinaryData
{
    private readonly ReadOnlyMemory<byte> _bytes;

    public BinaryData(byte[] data) => _bytes = data;

    public BinaryData(ReadOnlyMemory<byte> data) => _bytes = data;

    public BinaryData(string data) => _bytes = Encoding.UTF8.GetBytes(data);

    public static BinaryData FromBytes(ReadOnlyMemory<byte> data) => new(data);

    public static BinaryData FromBytes(byte[] data) => new(data);

    public static BinaryData FromString(string data) => new(data);

    public static implicit operator ReadOnlyMemory<byte>(BinaryData? data) => data?._bytes ?? default;

    public byte[] ToArray() => _bytes.ToArray();

    public ReadOnlyMemory<byte> ToMemory() => _bytes;

    public T? ToObjectFromJson<T>(JsonSerializerOptions? options = default) => JsonSerializer.Deserialize<T>(_bytes.Span, options);

    public override string ToString() => Encoding.UTF8.GetString(_bytes.Span);
}
