using System.Globalization;
using System.Text;

namespace MaintenanceFunctions.Sources;

/// <summary>
/// How the names of blobs become paths of a snapshot, and back. A blob may have any name; a path has no empty segment and none that is <c>.</c> or <c>..</c>, and
/// a snapshot should also restore into a folder. So, one to one:
/// <list type="bullet">
/// <item><c>%</c>, <c>\</c> and control characters are written <c>%XX</c>, byte by byte of their UTF-8; a segment <c>.</c> or <c>..</c> as <c>%2E</c>, <c>%2E%2E</c>;</item>
/// <item>an empty segment (<c>a//b</c>, <c>a/</c>) is a lone <c>%</c>;</item>
/// <item>where another blob has the name of a folder (<c>a</c> beside <c>a/b</c>), the slash after it is written <c>%2F</c>: no folder can have both;</item>
/// <item>what is kept of a blob besides its contents is the file of the same path with <see cref="Properties"/> after it, right before the blob.</item>
/// </list>
/// Most names have nothing of the kind and are their own paths.
/// </summary>
internal static class BlobPaths
{
    /// <summary>What the path of a blob's properties ends with. No path of a blob does: there, two digits follow every <c>%</c>, or a slash, or nothing.</summary>
    public const string Properties = "%properties";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The order of paths: that of the blobs' names, in which Azure lists them; properties come before what they belong to.</summary>
    public static IComparer<string> Order { get; } = Comparer<string>.Create(static (a, b) =>
    {
        if (!a.Contains('%', StringComparison.Ordinal) && !b.Contains('%', StringComparison.Ordinal))
        {
            return string.CompareOrdinal(a, b);
        }

        var (first, second) = (Parse(a), Parse(b));
        var order = string.CompareOrdinal(first.Name, second.Name);
        return order != 0 ? order : second.IsProperties.CompareTo(first.IsProperties);
    });

    /// <summary>The path of a blob.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="joined">Where in the name those slashes are that separate no folders, in order.</param>
    public static string Of(string name, IReadOnlyList<int> joined)
    {
        var path = new StringBuilder(name.Length);
        for (int start = 0, next = 0; start <= name.Length;)
        {
            var end = name.IndexOf('/', start);
            while (next < joined.Count && end >= 0 && joined[next] == end)
            {
                next++;
                end = name.IndexOf('/', end + 1);
            }

            end = end < 0 ? name.Length : end;
            _ = path.Append(path.Length > 0 || start > 0 ? "/" : "").Append(Segment(name[start..end]));
            start = end + 1;
        }

        return path.ToString();
    }

    /// <summary>The name of the blob that a path belongs to. A path that <see cref="Of"/> never writes, as of a file in a folder, is taken as it is.</summary>
    public static (string Name, bool IsProperties) Parse(string path)
    {
        var isProperties = path.EndsWith(Properties, StringComparison.Ordinal);
        var rest = isProperties ? path[..^Properties.Length] : path;
        if (!rest.Contains('%', StringComparison.Ordinal))
        {
            return (rest, isProperties);
        }

        var segments = rest.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (Text(segments[i]) is not { } text || Segment(text) != segments[i])
            {
                return (path, false);
            }

            segments[i] = text;
        }

        return (string.Join('/', segments), isProperties);
    }

    private static string Segment(string text)
    {
        if (text.Length == 0)
        {
            return "%";
        }

        if (text is "." or "..")
        {
            return text.Replace(".", "%2E", StringComparison.Ordinal);
        }

        if (!text.Any(IsEscaped))
        {
            return text;
        }

        var segment = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (!IsEscaped(c))
            {
                _ = segment.Append(c);
                continue;
            }

            foreach (var b in Strict.GetBytes([c]))
            {
                _ = segment.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return segment.ToString();
    }

    private static bool IsEscaped(char c) => c is '%' or '/' or '\\' || char.IsControl(c);

    /// <summary>What a segment stands for, or null where it is malformed.</summary>
    private static string? Text(string segment)
    {
        if (segment == "%")
        {
            return "";
        }

        var bytes = new List<byte>(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%')
            {
                // A pair of surrogates is one character; what stands alone of one is nothing that a name has.
                var count = char.IsHighSurrogate(segment[i]) && i + 1 < segment.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(segment.Substring(i, count)));
                i += count - 1;
            }
            else if (i + 2 < segment.Length && byte.TryParse(segment.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            // Bytes that are no UTF-8: nothing that Of writes.
            return null;
        }
    }
}
