namespace MaintenanceFunctions.Tests.Limits;

/// <summary>
/// What Azure Blob Storage takes for a name, as Microsoft's documentation says it: "Naming and Referencing Containers, Blobs, and Metadata" (REST API of the Blob service).
/// Written apart from core's own rules, so that one is checked by the other.
/// </summary>
internal static class BlobLimits
{
    private const int MaxName = 1024;
    private const int MaxSegments = 254;

    /// <summary>Why a container may not be called so, or null.</summary>
    public static string? Container(string name) =>
        name.Length is < 3 or > 63 ? $"a container's name has 3 to 63 characters, '{name}' has {name.Length}"
        : !name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? $"'{name}' has something else than lower-case letters, digits and hyphens"
        : name.StartsWith('-') || name.EndsWith('-') || name.Contains("--", StringComparison.Ordinal) ? $"'{name}' has a hyphen without a letter or digit on either side"
        : null;

    /// <summary>Why a blob may not be called so, or null.</summary>
    public static string? Blob(string name)
    {
        if (name.Length is 0 or > MaxName)
        {
            return $"a blob's name has 1 to {MaxName} characters, this one {name.Length}";
        }

        if (name.EndsWith('.') || name.EndsWith('/'))
        {
            return $"'{name}' ends with a dot or a slash";
        }

        var segments = name.Split('/');
        if (segments.Length > MaxSegments)
        {
            return $"a blob's name has at most {MaxSegments} segments, this one {segments.Length}";
        }

        if (segments.FirstOrDefault(static segment => segment.EndsWith('.') || segment.Length == 0) is { } odd)
        {
            // A client or a proxy that normalises the address drops it, and then asks for another blob.
            return $"'{name}' has the segment '{odd}', which is empty or ends with a dot";
        }

        // The documentation names \uE000 as a code point that is no Unicode character, and the last two of the plane are none.
        return (Text.Odd(name) ?? (name.IndexOfAny(['\uE000', '\uFFFE', '\uFFFF']) >= 0 ? "a code point that is no character" : null)) is { } problem ? $"'{name}' has {problem}" : null;
    }
}
