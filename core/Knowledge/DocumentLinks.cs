namespace Maintenance.Knowledge;

/// <summary>Where the links of documents may lead: to the web, to a mailbox, or to another document.</summary>
public static class DocumentLinks
{
    private static readonly string[] Schemes = ["http://", "https://", "mailto:"];

    /// <summary>The address that a link gets; null where it may lead nowhere, and is shown as its words.</summary>
    /// <param name="file">The file that has the link, relative to the plan's folder.</param>
    /// <param name="url">What the link says.</param>
    /// <param name="pageOf">The page of a file of the plan's folder; null where it has none.</param>
    public static string? Target(string file, string url, Func<string, string?> pageOf)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(pageOf);
        if (Array.Exists(Schemes, scheme => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)))
        {
            // Blanks and controls inside an address are never meant well.
            return Uri.TryCreate(url, UriKind.Absolute, out _) && !url.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)) ? url : null;
        }

        return FileOf(file, url) is { } other ? pageOf(other) : null;
    }

    /// <summary>The file that a relative link means, relative to the plan's folder; null where it is no such link, or leaves the folder.</summary>
    /// <param name="file">The file that has the link.</param>
    /// <param name="url">What the link says; what comes after <c>#</c> or <c>?</c> is left out.</param>
    public static string? FileOf(string file, string url)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(url);
        var path = url.Split('#', '?')[0];
        if (path.Length == 0 || path[0] == '/' || path.AsSpan().IndexOfAny(':', '\\') >= 0 || path.Any(char.IsControl))
        {
            return null;
        }

        var parts = new List<string>(file.Split('/')[..^1]);
        foreach (var part in Uri.UnescapeDataString(path).Split('/'))
        {
            switch (part)
            {
                case "." or "":
                    break;
                case ".." when parts.Count == 0:
                    return null;
                case "..":
                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }

        return string.Join('/', parts);
    }
}
