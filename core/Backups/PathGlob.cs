using System.Text;
using System.Text.RegularExpressions;

namespace Maintenance.Backups;

/// <summary>
/// Globs over relative paths with <c>/</c>: <c>*</c> and <c>?</c> stay within a name, <c>**</c> crosses folders. A glob without a slash matches a name at any
/// depth; one that matches a folder leaves out all that is in it.
/// </summary>
public sealed class PathGlob
{
    private readonly Regex[] _patterns;

    /// <summary>Compiles the globs.</summary>
    public PathGlob(IEnumerable<string> globs) => _patterns = [.. globs.Select(Compile)];

    /// <summary>True when one of the globs matches the path itself.</summary>
    public bool Matches(string path) => Array.Exists(_patterns, pattern => pattern.IsMatch(path));

    private static Regex Compile(string glob)
    {
        var text = glob.Trim('/');
        var pattern = new StringBuilder(text.Contains('/', StringComparison.Ordinal) ? "^" : "^(?:.*/)?");
        for (var i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i).StartsWith("**/"))
            {
                _ = pattern.Append("(?:.*/)?");
                i += 2;
            }
            else if (text.AsSpan(i).StartsWith("**"))
            {
                _ = pattern.Append(".*");
                i++;
            }
            else
            {
                _ = pattern.Append(text[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
            }
        }

        return new Regex(pattern.Append("\\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
