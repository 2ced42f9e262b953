using System.Text.RegularExpressions;

namespace Maintenance.Assets.Versions;

/// <summary>
/// A version by PEP 440, now the PyPA's version specifiers (https://packaging.python.org/specifications/version-specifiers): epoch, release, pre-, post- and development release,
/// local version; with all the other spellings that its section "Normalization" allows.
/// </summary>
/// <param name="Epoch">Digits; 0 where left out.</param>
/// <param name="Release">Digits of each number, as many as written.</param>
/// <param name="Pre">a, b or rc and its digits; null where it is none.</param>
/// <param name="Post">Digits; null where it is none.</param>
/// <param name="Dev">Digits; null where it is none.</param>
/// <param name="Local">Lower-case segments; empty where it has none.</param>
internal sealed partial record PythonVersion(
    string Epoch, IReadOnlyList<string> Release, (char Letter, string Number)? Pre, string? Post, string? Dev, IReadOnlyList<string> Local) : VersionReading
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Numbers => Release;

    /// <inheritdoc/>
    public override bool IsPreRelease => Pre is not null || Dev is not null;

    /// <summary>The same version without its local part: what others name who did not build it.</summary>
    public PythonVersion Public => Local.Count == 0 ? this : this with { Local = [] };

    public static (VersionReading?, string?) Read(string text)
    {
        var match = Written().Match(text.Trim());
        if (!match.Success)
        {
            return (null, "Expected is a version by PEP 440, such as 1.4.2, 2.0rc1 or 1.0.post2.");
        }

        string? Part(string name) => match.Groups[name] is { Success: true } group ? group.Value : null;
        string? Counted(string keyword, string number) => Part(keyword) is null ? null : Number(Part(number));
        return (
            new PythonVersion(
                Number(Part("epoch")),
                [.. match.Groups["release"].Value.Split('.').Select(static number => Number(number))],
                Part("pre") is { } pre ? (Letter(pre), Number(Part("preNumber"))) : null,
                Part("postNumberOnly") is { } only ? Number(only) : Counted("post", "postNumber"),
                Counted("dev", "devNumber"),
                Part("local") is { } local ? local.ToLowerInvariant().Split('.', '-', '_') : []),
            null);
    }

    /// <inheritdoc/>
    public override int CompareWith(VersionReading other)
    {
        var others = (PythonVersion)other;
        return Digits.Compare(Epoch, others.Epoch) is not 0 and var byEpoch ? byEpoch
            : CompareReleases(Release, others.Release) is not 0 and var byRelease ? byRelease
            : PreRank.CompareTo(others.PreRank) is not 0 and var byPhase ? byPhase
            : Digits.Compare(Pre?.Number, others.Pre?.Number) is not 0 and var byPre ? byPre
            : (Post is null, others.Post is null) is var (isFinal, isOtherFinal) && isFinal != isOtherFinal ? (isFinal ? -1 : 1)
            : Digits.Compare(Post, others.Post) is not 0 and var byPost ? byPost
            : (Dev is null, others.Dev is null) is var (isDone, isOtherDone) && isDone != isOtherDone ? (isDone ? 1 : -1)
            : Digits.Compare(Dev, others.Dev) is not 0 and var byDev ? byDev
            : CompareLocals(Local, others.Local);
    }

    /// <summary>A development release of the release itself comes before its alphas; what is no pre-release comes after them.</summary>
    private int PreRank => Pre switch
    {
        null when Post is null && Dev is not null => 0,
        ('a', _) => 1,
        ('b', _) => 2,
        ('c', _) => 3,
        _ => 4,
    };

    private static int CompareReleases(IReadOnlyList<string> mine, IReadOnlyList<string> others)
    {
        for (var i = 0; i < Math.Max(mine.Count, others.Count); i++)
        {
            if (Digits.Compare(i < mine.Count ? mine[i] : "", i < others.Count ? others[i] : "") is not 0 and var order)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>Numbers as numbers, after words; words by their characters; the longer list after its own beginning, and none before any.</summary>
    private static int CompareLocals(IReadOnlyList<string> mine, IReadOnlyList<string> others)
    {
        for (var i = 0; i < Math.Min(mine.Count, others.Count); i++)
        {
            var order = (Digits.Are(mine[i]), Digits.Are(others[i])) switch
            {
                (true, true) => Digits.Compare(mine[i], others[i]),
                (true, false) => 1,
                (false, true) => -1,
                _ => string.CompareOrdinal(mine[i], others[i]),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return mine.Count.CompareTo(others.Count);
    }

    private static char Letter(string word) => char.ToLowerInvariant(word[0]) switch
    {
        'a' => 'a',
        'b' => 'b',
        _ => 'c',
    };

    private static string Number(string? digits) => digits?.TrimStart('0') is { Length: > 0 } significant ? significant : "0";

    [GeneratedRegex(
        @"^v?((?<epoch>[0-9]+)!)?(?<release>[0-9]+(\.[0-9]+)*)([._-]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[._-]?(?<preNumber>[0-9]+)?)?(-(?<postNumberOnly>[0-9]+)|[._-]?(?<post>post|rev|r)[._-]?(?<postNumber>[0-9]+)?)?([._-]?(?<dev>dev)[._-]?(?<devNumber>[0-9]+)?)?(\+(?<local>[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Written();
}
