using System.Text;

namespace Maintenance.Time;

/// <summary>A content line of an iCalendar file (RFC 5545, 3.1): <c>NAME;PARAM=value:value</c>, unfolded. Names are in upper case.</summary>
/// <param name="Number">The number of its first line in the file, from 1.</param>
/// <param name="Name">Such as <c>DTSTART</c>.</param>
/// <param name="Parameters">By name, without quotes.</param>
/// <param name="Value">As written, escapes included.</param>
internal sealed record IcsLine(int Number, string Name, IReadOnlyDictionary<string, string> Parameters, string Value)
{
    private const string Form = "Write NAME:value, and begin a line that goes on with a space.";

    /// <summary>A parameter's value, or null.</summary>
    public string? Parameter(string name) => Parameters.GetValueOrDefault(name);

    /// <summary>The value as text, its escapes resolved (3.3.11); line breaks and other control characters are spaces.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Value.Length; i++)
        {
            var c = Value[i];
            if (c == '\\' && i + 1 < Value.Length)
            {
                c = Value[++i] is 'n' or 'N' ? ' ' : Value[i];
            }

            _ = text.Append(char.IsControl(c) ? ' ' : c);
        }

        return text.ToString().Trim();
    }

    /// <summary>The content lines of a file.</summary>
    /// <exception cref="IcsFault">A line is none.</exception>
    public static IEnumerable<IcsLine> Read(string text)
    {
        foreach (var (number, line) in Unfold(text.TrimStart('\uFEFF')))
        {
            yield return Parse(number, line);
        }
    }

    /// <summary>Lines put together: one that begins with a space or a tab goes on with the one before it, without that character.</summary>
    private static IEnumerable<(int Number, string Line)> Unfold(string text)
    {
        var (first, number) = (0, 0);
        var whole = new StringBuilder();
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n'))
        {
            number++;
            if (line.Length > 0 && line[0] is ' ' or '\t')
            {
                if (first > 0)
                {
                    _ = whole.Append(line, 1, line.Length - 1);
                }
                else if (!string.IsNullOrWhiteSpace(line))
                {
                    throw new IcsFault(number, "the line goes on with one that is not there.", Form);
                }

                continue;
            }

            if (whole.Length > 0)
            {
                yield return (first, whole.ToString());
            }

            _ = whole.Clear().Append(line);
            first = line.Length > 0 ? number : 0;
        }

        if (whole.Length > 0)
        {
            yield return (first, whole.ToString());
        }
    }

    private static IcsLine Parse(int number, string line)
    {
        if (line.Any(static c => char.IsControl(c) && c != '\t'))
        {
            throw new IcsFault(number, "the line has a control character.", "Delete it.");
        }

        var at = 0;
        var name = Token(number, line, ref at);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        while (at < line.Length && line[at] == ';')
        {
            at++;
            var parameter = Token(number, line, ref at);
            if (at >= line.Length || line[at] != '=')
            {
                throw new IcsFault(number, $"the parameter {parameter} has no value.", Form);
            }

            at++;
            var start = at;
            var isQuoted = false;
            while (at < line.Length && (isQuoted || line[at] is not (';' or ':')))
            {
                isQuoted ^= line[at] == '"';
                at++;
            }

            if (isQuoted || !parameters.TryAdd(parameter, line[start..at].Replace("\"", "", StringComparison.Ordinal)))
            {
                throw new IcsFault(number, isQuoted ? "a quote is not closed." : $"the parameter {parameter} is there twice.", Form);
            }
        }

        return at < line.Length && line[at] == ':'
            ? new IcsLine(number, name, parameters, line[(at + 1)..])
            : throw new IcsFault(number, "it is not a line of an iCalendar file.", Form);
    }

    private static string Token(int number, string line, ref int at)
    {
        var start = at;
        while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '-'))
        {
            at++;
        }

        return at > start ? line[start..at].ToUpperInvariant() : throw new IcsFault(number, "it is not a line of an iCalendar file.", Form);
    }
}
