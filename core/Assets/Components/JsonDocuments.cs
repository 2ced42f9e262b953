using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Maintenance.Assets.Components;

/// <summary>Opens JSON that somebody else's program wrote, within limits, whatever encoding a shell gave it.</summary>
internal static class JsonDocuments
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The document; null where it cannot be read.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="mostBytes">So many it may have.</param>
    /// <param name="depth">So deep values may lie in one another.</param>
    /// <param name="problem">Why it cannot be read, with the place; or null.</param>
    public static JsonDocument? Open(ReadOnlyMemory<byte> bytes, int mostBytes, int depth, out string? problem)
    {
        problem = null;
        if (bytes.Length > mostBytes)
        {
            problem = $"it has {bytes.Length.ToString(CultureInfo.InvariantCulture)} bytes; at most {mostBytes.ToString(CultureInfo.InvariantCulture)} are read.";
            return null;
        }

        try
        {
            return JsonDocument.Parse(Text(bytes), new JsonDocumentOptions { MaxDepth = depth });
        }
        catch (DecoderFallbackException)
        {
            problem = "it is not text in UTF-8.";
        }
        catch (JsonException error)
        {
            problem = $"it is not JSON: {MaintenanceJson.Describe(error)}";
        }

        return null;
    }

    /// <summary>The text of a file: UTF-8, or UTF-16 with its mark, as Windows PowerShell redirects into files.</summary>
    /// <exception cref="DecoderFallbackException">It is neither.</exception>
    public static string Text(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        return span switch
        {
            [0xEF, 0xBB, 0xBF, ..] => StrictUtf8.GetString(span[3..]),
            [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true).GetString(span[2..]),
            [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true).GetString(span[2..]),
            _ => StrictUtf8.GetString(span),
        };
    }

    /// <summary>A member that is text, cut to what anybody reads; null where there is none.</summary>
    public static string? Word(JsonElement element, string name, int most) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && Clean(value) is { Length: > 0 } text ? Cut(text, most) : null;

    /// <summary>The items of a member that is a list; none where it is not.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    public static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    /// <summary>Text without control characters; half of a surrogate pair, which JSON can spell and no store can keep, makes it none at all.</summary>
    private static string Clean(JsonElement value)
    {
        try
        {
            var text = value.GetString()!;
            return (text.Any(char.IsControl) ? string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c)) : text).Trim();
        }
        catch (InvalidOperationException)
        {
            // A half pair: System.Text.Json refuses to make a string of it.
            return "";
        }
    }
}
