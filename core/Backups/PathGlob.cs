using System.Text;
using System.Text.RegularExpressions;

namespace Maintenance.Backups;

/// <summary>
/// Globs over relative paths with <c>/</c>: <c>*</c> and <c>?</c> stay within a name, <c>**</c> crosses folders. A glob without a slash matches a name at any
/// depth; one that matches a folder leaves out all that is in it.
/// </summary>
public sealed class PathGlob
{
    private readonly IReadOnlySet<string> _names;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _namesBySpan;
    private readonly Pattern[] _patterns;

    /// <summary>Compiles the globs.</summary>
    public PathGlob(IEnumerable<string> globs)
    {
        var patterns = globs.Select(static glob => Pattern.Of(glob.Trim('/'))).ToList();
        var names = patterns.Where(static pattern => pattern.IsPlainName).Select(static pattern => pattern.Text).ToHashSet(StringComparer.Ordinal);
        _names = names;
        _namesBySpan = names.GetAlternateLookup<ReadOnlySpan<char>>();
        _patterns = [.. patterns.Where(static pattern => !pattern.IsPlainName)];
    }

    /// <summary>True when one of the globs matches the path itself. A walk asks this of every path: what a look at the name decides is decided by it.</summary>
    public bool Matches(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        if (_names.Count > 0 && _namesBySpan.Contains(name))
        {
            return true;
        }

        foreach (var pattern in _patterns)
        {
            if (pattern.Matches(path, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A glob, with the cheapest way to decide it.</summary>
    /// <param name="Text">What is compared: the glob without the <c>**/</c> that a name at any depth may begin with.</param>
    /// <param name="IsName">True where the name alone decides.</param>
    /// <param name="Prefix">What a match begins with.</param>
    /// <param name="Suffix">What a match ends with.</param>
    /// <param name="Crossing">For globs that cross folders.</param>
    private sealed record Pattern(string Text, bool IsName, string Prefix, string Suffix, Regex? Crossing)
    {
        private static readonly char[] Wild = ['*', '?'];

        public bool IsPlainName => IsName && Text.IndexOfAny(Wild) < 0;

        public static Pattern Of(string glob)
        {
            var text = glob.StartsWith("**/", StringComparison.Ordinal) && !glob.AsSpan(3).Contains('/') ? glob[3..] : glob;
            var crosses = text.Contains("**", StringComparison.Ordinal);
            var isName = !crosses && !text.Contains('/', StringComparison.Ordinal);
            if (crosses && !text.Contains('/', StringComparison.Ordinal))
            {
                text = $"**/{text}";
            }

            var prefix = text.IndexOfAny(Wild) is var first and >= 0 ? text[..first] : text;

            // "**/" also stands for nothing at all, so the slash after it need not be there.
            var suffix = text[(text.LastIndexOfAny(Wild) + 1)..];
            return new Pattern(text, isName, prefix, crosses ? suffix.TrimStart('/') : suffix, crosses ? Compile(text) : null);
        }

        public bool Matches(string path, ReadOnlySpan<char> name)
        {
            var subject = IsName ? name : path;
            return subject.StartsWith(Prefix, StringComparison.Ordinal) && subject.EndsWith(Suffix, StringComparison.Ordinal)
                && (Crossing?.IsMatch(path) ?? MatchesWithinNames(Text, subject));
        }

        /// <summary>
        /// Goes back to the last star only. An earlier one could not do better: what stands between it and the last one was found at the first place possible, and
        /// a slash of the glob is the same slash of the path in any case.
        /// </summary>
        private static bool MatchesWithinNames(ReadOnlySpan<char> glob, ReadOnlySpan<char> subject)
        {
            var (at, seen, star, taken) = (0, 0, -1, 0);
            while (seen < subject.Length)
            {
                if (at < glob.Length && glob[at] == '*')
                {
                    (star, taken) = (at++, seen);
                }
                else if (at < glob.Length && (glob[at] == '?' ? subject[seen] != '/' : glob[at] == subject[seen]))
                {
                    at++;
                    seen++;
                }
                else if (star >= 0 && subject[taken] != '/')
                {
                    (at, seen) = (star + 1, ++taken);
                }
                else
                {
                    return false;
                }
            }

            return glob[at..].Trim('*').IsEmpty;
        }

        private static Regex Compile(string glob)
        {
            var pattern = new StringBuilder("^");
            for (var i = 0; i < glob.Length; i++)
            {
                if (glob.AsSpan(i).StartsWith("**/"))
                {
                    _ = pattern.Append("(?:.*/)?");
                    i += 2;
                }
                else if (glob.AsSpan(i).StartsWith("**"))
                {
                    _ = pattern.Append(".*");
                    i++;
                }
                else
                {
                    _ = pattern.Append(glob[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
                }
            }

            return new Regex(pattern.Append("\\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
    }
}
