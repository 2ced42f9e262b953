using System.Text.Json;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>What strangers' JSON holds, read with limits.</summary>
internal static class JsonText
{
    /// <summary>The text of a member: null where it is missing, null or no text; cut with an ellipsis at the limit.</summary>
    /// <param name="parent">An object.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="longest">The most characters that are kept.</param>
    public static string? Text(this JsonElement parent, string member, int longest) =>
        parent.TryGetProperty(member, out var value) ? value.AsText(longest) : null;

    /// <summary>The text of a value: null where it is no text, or one that is not well-formed Unicode.</summary>
    public static string? AsText(this JsonElement value, int longest)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            var text = value.GetString()!;
            if (text.Length <= longest)
            {
                return text;
            }

            // A pair of surrogates is not cut in two.
            return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1), "…");
        }
        catch (InvalidOperationException)
        {
            // Half a pair of surrogates, or bytes that are no UTF-8: System.Text.Json says it in this way, and such a text is none.
            return null;
        }
    }

    /// <summary>The elements of a member that is an array; none where it is missing, null or something else.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
