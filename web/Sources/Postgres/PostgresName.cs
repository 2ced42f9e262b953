using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>Names of the database in SQL and in paths.</summary>
internal static class PostgresName
{
    /// <summary>The longest name of a file on the file systems that people restore to, in bytes of UTF-8, less the ending.</summary>
    private const int LongestFileName = 200;

    /// <summary>A quoted identifier, on one line whatever is in it.</summary>
    public static string Quote(string name) => name.Any(char.IsControl)
        ? "U&\"" + string.Concat(name.Select(static c => char.IsControl(c) ? $"\\{(int)c:X4}" : c is '"' or '\\' ? new string(c, 2) : c.ToString())) + "\""
        : "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>A string constant, whatever <c>standard_conforming_strings</c> says.</summary>
    public static string Literal(string text)
    {
        var quoted = "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
        return text.Contains('\\', StringComparison.Ordinal) ? "E" + quoted.Replace("\\", "\\\\", StringComparison.Ordinal) : quoted;
    }

    /// <summary>
    /// <c>schema.table.copy</c>: letters, digits, <c>_</c> and <c>-</c> as they are, all else percent-encoded, so that no two tables share a name. A name too long
    /// for a file system ends in its hash; <c>15-data.sql</c> says which table a file is of.
    /// </summary>
    public static string File(string schema, string table)
    {
        var name = $"{Encode(schema)}.{Encode(table)}";
        if (Encoding.UTF8.GetByteCount(name) > LongestFileName)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
            name = $"{Encode(Beginning(schema))}.{Encode(Beginning(table))}~{hash}";
        }

        return name + ".copy";
    }

    private static string Beginning(string name) => string.Concat(name.EnumerateRunes().Take(10).Select(static rune => rune.ToString()));

    private static string Encode(string name)
    {
        var encoded = new StringBuilder(name.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-')
            {
                encoded.Append(rune.ToString());
                continue;
            }

            foreach (var one in bytes[..rune.EncodeToUtf8(bytes)])
            {
                encoded.Append('%').Append(one.ToString("X2"));
            }
        }

        return encoded.ToString();
    }
}
