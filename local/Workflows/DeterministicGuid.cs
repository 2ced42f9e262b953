using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Local.Workflows;

/// <summary>Ids that a replay makes again: UUID version 5 (RFC 9562, section 5.5) over the namespace that Durable Functions uses.</summary>
internal static class DeterministicGuid
{
    private static readonly Guid Namespace = new("9e952958-5e33-4daf-827f-2fa12937b875");

    /// <summary>The id number <paramref name="counter"/> (0 and up) of an instance, asked for at <paramref name="now"/>. The same as on Durable Functions.</summary>
    public static Guid Of(string instanceId, DateTimeOffset now, int counter) =>
        Version5(Namespace, $"{instanceId}_{now.UtcDateTime:o}_{counter}");

    /// <summary>The version 5 UUID of a name in a namespace.</summary>
    public static Guid Version5(Guid nameSpace, string name)
    {
        var bytes = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        nameSpace.TryWriteBytes(bytes, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(16));

#pragma warning disable CA5350 // Version 5 is SHA-1 by definition; nothing is protected by it.
        Span<byte> id = SHA1.HashData(bytes).AsSpan(0, 16);
#pragma warning restore CA5350
        id[6] = (byte)((id[6] & 0x0F) | 0x50);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
