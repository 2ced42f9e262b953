namespace Maintenance.Assets.Versions;

/// <summary>Semantic Versioning 2.0 (https://semver.org): three numbers, identifiers of a pre-release behind a hyphen, build metadata behind a plus that does not count.</summary>
internal sealed record SemanticVersion(IReadOnlyList<string> Core, IReadOnlyList<string> Labels) : VersionReading
{
    private const string Expected = "Expected is Semantic Versioning 2.0, such as 1.4.2 or 2.0.0-rc.1.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Numbers => Core;

    /// <inheritdoc/>
    public override bool IsPreRelease => Labels.Count > 0;

    /// <summary>
    /// As the specification says, with what Go's tools allow beyond it (https://pkg.go.dev/golang.org/x/mod/semver): a leading v, and fewer than three numbers, with nothing behind
    /// them, for zeros.
    /// </summary>
    public static (VersionReading?, string?) Read(string text) => Read(text.StartsWith('v') ? text.AsSpan(1) : text, mayBeShort: true);

    /// <summary>As node-semver reads it: blanks around it, and equals signs and a v before it, do not count; all three numbers belong there.</summary>
    public static (VersionReading?, string?) ReadNpm(string text) => Read(text.AsSpan().Trim().TrimStart("=v \t"), mayBeShort: false);

    /// <inheritdoc/>
    public override int CompareWith(VersionReading other)
    {
        var others = (SemanticVersion)other;
        return LabelledOrder.Compare((Core, Labels), (others.Core, others.Labels), CompareLabels);
    }

    private static (VersionReading?, string?) Read(ReadOnlySpan<char> text, bool mayBeShort)
    {
        var plus = text.IndexOf('+');
        if (plus >= 0)
        {
            if (!AreIdentifiers(text[(plus + 1)..]))
            {
                return (null, $"What stands behind the plus is not letters, digits and hyphens between dots. {Expected}");
            }

            text = text[..plus];
        }

        var hyphen = text.IndexOf('-');
        string[] labels = [];
        if (hyphen >= 0)
        {
            if (!AreIdentifiers(text[(hyphen + 1)..]))
            {
                return (null, $"What stands behind the hyphen is not letters, digits and hyphens between dots. {Expected}");
            }

            labels = text[(hyphen + 1)..].ToString().Split('.');
            if (labels.Any(static label => label.Length > 1 && label[0] == '0' && Digits.Are(label)))
            {
                return (null, $"A number behind the hyphen begins with a zero. {Expected}");
            }
        }

        var shorthand = mayBeShort && plus < 0 && hyphen < 0;
        var numbers = (hyphen < 0 ? text : text[..hyphen]).ToString().Split('.');
        if (numbers.Length > 3 || (numbers.Length < 3 && !shorthand))
        {
            return (null, $"It has {numbers.Length} numbers where three belong. {Expected}");
        }

        if (numbers.Any(static number => !Digits.Are(number)))
        {
            return (null, $"It does not begin with numbers between dots. {Expected}");
        }

        return numbers.Any(static number => number.Length > 1 && number[0] == '0')
            ? (null, $"A number begins with a zero. {Expected}")
            : (new SemanticVersion([.. numbers, .. Enumerable.Repeat("0", 3 - numbers.Length)], labels), null);
    }

    private static bool AreIdentifiers(ReadOnlySpan<char> text)
    {
        foreach (var part in text.Split('.'))
        {
            var identifier = text[part];
            if (identifier.IsEmpty || identifier.ContainsAnyExcept(Identifier))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What an identifier is made of.</summary>
    internal static readonly System.Buffers.SearchValues<char> Identifier =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");

    /// <summary>Section 11.4: numbers as numbers, words by their characters, numbers before words.</summary>
    private static int CompareLabels(string mine, string others) => (Digits.Are(mine), Digits.Are(others)) switch
    {
        (true, true) => Digits.Compare(mine, others),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(mine, others),
    };
}
