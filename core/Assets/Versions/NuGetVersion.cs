using System.Globalization;

namespace Maintenance.Assets.Versions;

/// <summary>
/// A NuGet version: one to four numbers, missing ones zero, leading zeros allowed; identifiers of a pre-release behind a hyphen, in any case; metadata behind a plus that does not
/// count (https://learn.microsoft.com/nuget/concepts/package-versioning).
/// </summary>
internal sealed record NuGetVersion(IReadOnlyList<string> Parts, IReadOnlyList<string> Labels) : VersionReading
{
    private const string Expected = "Expected is a NuGet version, such as 1.4.2, 4.7.0.1 or 2.0.0-rc.1.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Numbers => Parts;

    /// <inheritdoc/>
    public override bool IsPreRelease => Labels.Count > 0;

    public static (VersionReading?, string?) Read(string text)
    {
        var whole = text.Trim();
        var plus = whole.IndexOf('+', StringComparison.Ordinal);
        if (plus >= 0)
        {
            if (!AreIdentifiers(whole[(plus + 1)..].Split('.')))
            {
                return (null, $"What stands behind the plus is not letters, digits and hyphens between dots. {Expected}");
            }

            whole = whole[..plus];
        }

        var hyphen = whole.IndexOf('-', StringComparison.Ordinal);
        string[] labels = hyphen < 0 ? [] : whole[(hyphen + 1)..].Split('.');
        if (!AreIdentifiers(labels))
        {
            return (null, $"What stands behind the hyphen is not letters, digits and hyphens between dots. {Expected}");
        }

        var numbers = (hyphen < 0 ? whole : whole[..hyphen]).Split('.');
        if (numbers.Length > 4)
        {
            return (null, $"It has {numbers.Length} numbers where four at most belong. {Expected}");
        }

        return numbers.All(static number => Digits.Are(number))
            ? (new NuGetVersion([.. numbers.Select(static n => n.TrimStart('0') is { Length: > 0 } digits ? digits : "0"), .. Enumerable.Repeat("0", 4 - numbers.Length)], labels), null)
            : (null, $"It does not begin with numbers between dots. {Expected}");
    }

    /// <inheritdoc/>
    public override int CompareWith(VersionReading other)
    {
        var others = (NuGetVersion)other;
        return LabelledOrder.Compare((Parts, Labels), (others.Parts, others.Labels), CompareLabels);
    }

    private static bool AreIdentifiers(string[] identifiers) =>
        identifiers.All(static i => i.Length > 0 && !i.AsSpan().ContainsAnyExcept(SemanticVersion.Identifier));

    private static int CompareLabels(string mine, string others) => (AsNumber(mine), AsNumber(others)) switch
    {
        ({ } number, { } otherNumber) => number.CompareTo(otherNumber),
        ({ }, null) => -1,
        (null, { }) => 1,
        _ => string.Compare(mine, others, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>
    /// The number that NuGet's own comparer takes a label for: 32 bits, a hyphen before the digits being a sign. Longer ones, such as 20261122101500, it compares as words,
    /// and so do we: an order that is right in another way would still give another answer than the client that installs the package.
    /// </summary>
    private static int? AsNumber(string label) =>
        int.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
