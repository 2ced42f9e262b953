namespace Maintenance.Knowledge;

/// <summary>The lines between two lines of <c>---</c> at the beginning of a Markdown file: YAML about the text that comes after.</summary>
/// <param name="Yaml">The YAML, after an empty line so that its lines have the numbers of the file; null where there is none.</param>
/// <param name="Body">The text that comes after.</param>
/// <param name="BodyLine">The line of the file in which the body begins, from 1.</param>
/// <param name="IsOpenEnded">True where it begins and never ends.</param>
public sealed record FrontMatter(string? Yaml, string Body, int BodyLine, bool IsOpenEnded)
{
    private const string Fence = "---";

    /// <summary>Takes a file's text apart. The body is everything where there is no front matter.</summary>
    public static FrontMatter Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        if (lines[0].TrimEnd() != Fence)
        {
            return new(null, string.Join('\n', lines), 1, IsOpenEnded: false);
        }

        var end = Array.FindIndex(lines, 1, static line => line.TrimEnd() == Fence);
        return end < 0
            ? new(null, "", 1, IsOpenEnded: true)
            : new("\n" + string.Join('\n', lines[1..end]) + "\n", string.Join('\n', lines[(end + 1)..]), end + 2, IsOpenEnded: false);
    }
}
