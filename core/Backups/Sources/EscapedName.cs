using System.Globalization;
using System.Text;

namespace Maintenance.Backups.Sources;

/// <summary>Names that are no text, so that people can find them all the same.</summary>
internal static class EscapedName
{
    /// <summary>The bytes as text: printable ASCII as it is, every other byte and the backslash as <c>\xNN</c>.</summary>
    public static string Of(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder();
        foreach (var b in name)
        {
            _ = b is >= 0x20 and < 0x7F and not (byte)'\\' ? text.Append((char)b) : text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
        }

        return text.ToString();
    }
}
