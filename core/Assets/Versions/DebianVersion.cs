namespace Maintenance.Assets.Versions;

/// <summary>A Debian version: <c>[epoch:]upstream[-revision]</c>, ordered as dpkg does (deb-version(7), section Sorting algorithm).</summary>
internal sealed record DebianVersion(string Epoch, string Upstream, string Revision) : VersionReading
{
    private const string Expected = "Expected is [epoch:]upstream[-revision], such as 1:2.36-9+deb12u4.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Numbers => [];

    /// <inheritdoc/>
    public override bool IsPreRelease => Upstream.Contains('~', StringComparison.Ordinal);

    public static (VersionReading?, string?) Read(string text)
    {
        var whole = text.Trim();
        var colon = whole.IndexOf(':', StringComparison.Ordinal);
        var epoch = colon < 0 ? "0" : whole[..colon];
        if (!Digits.Are(epoch))
        {
            return (null, $"The epoch, '{epoch}', is no number. {Expected}");
        }

        if (Digits.Compare(epoch, "2147483647") > 0)
        {
            return (null, $"The epoch is greater than 2147483647. {Expected}");
        }

        var rest = whole[(colon + 1)..];
        var hyphen = rest.LastIndexOf('-');
        var (upstream, revision) = hyphen < 0 ? (rest, "") : (rest[..hyphen], rest[(hyphen + 1)..]);
        if (upstream.Length == 0)
        {
            return (null, $"The upstream version is empty. {Expected}");
        }

        if (upstream.FirstOrDefault(static c => !IsLegal(c) && c is not ('-' or ':')) is not '\0' and var wrong)
        {
            return (null, $"The upstream version has a character, '{wrong}', that does not belong there. {Expected}");
        }

        return revision.FirstOrDefault(static c => !IsLegal(c)) is not '\0' and var alsoWrong
            ? (null, $"The revision has a character, '{alsoWrong}', that does not belong there. {Expected}")
            : (new DebianVersion(epoch, upstream, revision), null);
    }

    /// <inheritdoc/>
    public override int CompareWith(VersionReading other)
    {
        var others = (DebianVersion)other;
        return Digits.Compare(Epoch, others.Epoch) is not 0 and var byEpoch ? byEpoch
            : ComparePart(Upstream, others.Upstream) is not 0 and var byUpstream ? byUpstream
            : ComparePart(Revision, others.Revision);
    }

    private static bool IsLegal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '~';

    /// <summary>A stretch of other characters, then one of digits, and so on: the former by their characters' weights, the latter by what they count.</summary>
    private static int ComparePart(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (left.Length > 0 || right.Length > 0)
        {
            var (leftWord, rightWord) = (Stretch(left, digits: false), Stretch(right, digits: false));
            for (var i = 0; i < Math.Max(leftWord, rightWord); i++)
            {
                var order = Weight(i < leftWord ? left[i] : '\0') - Weight(i < rightWord ? right[i] : '\0');
                if (order != 0)
                {
                    return order;
                }
            }

            left = left[leftWord..];
            right = right[rightWord..];
            var (leftNumber, rightNumber) = (Stretch(left, digits: true), Stretch(right, digits: true));
            if (Digits.Compare(left[..leftNumber], right[..rightNumber]) is not 0 and var byNumber)
            {
                return byNumber;
            }

            left = left[leftNumber..];
            right = right[rightNumber..];
        }

        return 0;
    }

    private static int Stretch(ReadOnlySpan<char> text, bool digits)
    {
        var end = digits ? text.IndexOfAnyExceptInRange('0', '9') : text.IndexOfAnyInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    /// <summary>A tilde before the end, the end before letters, letters before all else.</summary>
    private static int Weight(char c) => c switch
    {
        '~' => -1,
        '\0' => 0,
        _ when char.IsAsciiLetter(c) => c,
        _ => c + 256,
    };
}
