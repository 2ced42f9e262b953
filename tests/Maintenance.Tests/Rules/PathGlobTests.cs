using System.Text.RegularExpressions;
using FsCheck.Fluent;
using Maintenance.Backups;

namespace Maintenance.Tests.Rules;

/// <summary>Which paths a glob leaves out.</summary>
public sealed class PathGlobTests
{
    [Theory]
    // Without a slash: a name, at any depth.
    [InlineData("*.tmp", "a.tmp", true)]
    [InlineData("*.tmp", "x/y/a.tmp", true)]
    [InlineData("*.tmp", ".tmp", true)]
    [InlineData("*.tmp", "a.tmpx", false)]
    [InlineData("*.tmp", "a.tmp/b", false)]
    [InlineData("*.tmp", "atmp", false)]
    [InlineData("cache", "cache", true)]
    [InlineData("cache", "x/cache", true)]
    [InlineData("cache", "xcache", false)]
    [InlineData("cache", "x/ycache", false)]
    [InlineData("cache", "cachey", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "x/abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a*c", "a/c", false)]
    [InlineData("*", "a", true)]
    [InlineData("*", "a/b", true)]
    // With a slash: the whole path.
    [InlineData("a/*.txt", "a/b.txt", true)]
    [InlineData("a/*.txt", "a/.txt", true)]
    [InlineData("a/*.txt", "a/b/c.txt", false)]
    [InlineData("a/*.txt", "x/a/b.txt", false)]
    [InlineData("a/*.txt", "ab.txt", false)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "x/a/b", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/?/c", "a/b/c", true)]
    [InlineData("a/?/c", "a/bb/c", false)]
    // Two stars: over folders, none of them included.
    [InlineData("a/**", "a/b", true)]
    [InlineData("a/**", "a/b/c/d", true)]
    [InlineData("a/**", "ab", false)]
    [InlineData("a/**", "x/a/b", false)]
    [InlineData("**/b", "b", true)]
    [InlineData("**/b", "a/b", true)]
    [InlineData("**/b", "a/x/b", true)]
    [InlineData("**/b", "ab", false)]
    [InlineData("**/b", "a/xb", false)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "ab", false)]
    [InlineData("a/**/b", "a/xb", false)]
    [InlineData("a/**/*.log", "a/x/y/z.log", true)]
    [InlineData("**", "a/b/c", true)]
    // Everything else is itself.
    [InlineData("a.b", "a.b", true)]
    [InlineData("a.b", "axb", false)]
    [InlineData("[ab]", "a", false)]
    [InlineData("[ab]", "[ab]", true)]
    [InlineData("{a,b}", "a", false)]
    [InlineData("a+(1)$^|.txt", "a+(1)$^|.txt", true)]
    [InlineData("a|b", "a", false)]
    [InlineData("a\\d", "a1", false)]
    [InlineData("a b", "a b", true)]
    [InlineData("a #b", "a #b", true)]
    [InlineData("*.txt", "a.txt\n", false)]
    [InlineData("*.txt", "a\nb.txt", true)]
    [InlineData("a?b", "a\nb", true)]
    public void A_path_matches_as_in_the_table(string glob, string path, bool matches) => Assert.Equal(matches, new PathGlob([glob]).Matches(path));

    [Fact]
    public void One_glob_of_many_is_enough_and_none_match_nothing()
    {
        var globs = new PathGlob(["*.tmp", "cache"]);
        Assert.True(globs.Matches("a/cache"));
        Assert.True(globs.Matches("a/b.tmp"));
        Assert.False(globs.Matches("a/b.txt"));
        Assert.False(new PathGlob([]).Matches("a"));
    }

    [Fact]
    public void Every_glob_matches_as_its_regular_expression_does()
    {
        var globs = Gen.ArrayOf(Gen.Elements("a", "b", "ab", "/", "*", "?", "**", "**/", "/**", ".", "*a", "😀", "+")).Select(static parts => string.Concat(parts));
        var paths = Gen.ArrayOf(Gen.Elements("a", "b", "ab", "/a", "/b", ".", "😀", "+", "\n")).Select(static parts => string.Concat(parts).Trim('/'));
        Law.Holds(
            Gen.Zip(globs, Gen.ArrayOf(paths, 30)),
            1000,
            static given =>
            {
                var (glob, subjects) = given;
                var (globs, oracle) = (new PathGlob([glob]), AsRegularExpression(glob.Trim('/')));
                foreach (var path in subjects.Where(static path => path.Length > 0))
                {
                    Assert.True(oracle.IsMatch(path) == globs.Matches(path), $"'{glob}' on '{path}'");
                }
            });
    }

    [Fact]
    public void A_glob_of_many_stars_is_answered_in_time()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(new PathGlob([string.Concat(Enumerable.Repeat("*a", 25)) + "b"]).Matches(new string('a', 200)));
        Assert.False(new PathGlob([string.Concat(Enumerable.Repeat("**/a/", 8)) + "b"]).Matches(string.Concat(Enumerable.Repeat("a/", 100)) + "c"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static Regex AsRegularExpression(string glob) =>
        new(
            (glob.Contains('/') ? "^" : "^(?:.*/)?") + Regex.Replace(
                glob,
                @"\*\*/|\*\*|\*|\?|[^*?]+",
                static part => part.Value switch { "**/" => "(?:.*/)?", "**" => ".*", "*" => "[^/]*", "?" => "[^/]", var text => Regex.Escape(text) }) + "\\z",
            RegexOptions.Singleline | RegexOptions.NonBacktracking);
}
