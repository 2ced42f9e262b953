using System.Text;

namespace Maintenance.Local.Storage;

/// <summary>
/// Text as bytes whose order is C#'s ordinal order, one to one. That is the order of UTF-16 code units; UTF-8's differs from it above U+FFFF, and has no lone
/// surrogates. So each code unit is written as UTF-8 writes a code point of that value, surrogates too (CESU-8); all other text looks like UTF-8.
/// </summary>
internal static class OrdinalKeys
{
    /// <summary>The bytes of a key.</summary>
    public static byte[] ToBytes(string text)
    {
        if (!text.Any(char.IsSurrogate))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var bytes = new List<byte>(text.Length * 3);
        foreach (var c in text)
        {
            if (c < 0x80)
            {
                bytes.Add((byte)c);
            }
            else if (c < 0x800)
            {
                bytes.AddRange((byte)(0xC0 | (c >> 6)), (byte)(0x80 | (c & 0x3F)));
            }
            else
            {
                bytes.AddRange((byte)(0xE0 | (c >> 12)), (byte)(0x80 | ((c >> 6) & 0x3F)), (byte)(0x80 | (c & 0x3F)));
            }
        }

        return [.. bytes];
    }

    /// <summary>The text that <see cref="ToBytes"/> got.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        for (var i = 0; i < bytes.Length;)
        {
            var b = bytes[i];
            if (b < 0x80)
            {
                text.Append((char)b);
                i++;
            }
            else if (b < 0xE0)
            {
                text.Append((char)(((b & 0x1F) << 6) | (bytes[i + 1] & 0x3F)));
                i += 2;
            }
            else
            {
                text.Append((char)(((b & 0x0F) << 12) | ((bytes[i + 1] & 0x3F) << 6) | (bytes[i + 2] & 0x3F)));
                i += 3;
            }
        }

        return text.ToString();
    }
}
