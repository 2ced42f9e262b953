using System.Globalization;

namespace Maintenance.Patches;

/// <summary>A NuGet version as far as updates need it: two to four numbers, perhaps the label of a pre-release; what stands behind a plus does not count.</summary>
/// <param name="Numbers">Major, minor, patch and revision; 0 where left out.</param>
/// <param name="Label">The pre-release's label, or null for a release.</param>
/// <param name="Text">As written, without what stands behind a plus.</param>
public sealed record PackageVersion(IReadOnlyList<int> Numbers, string? Label, string Text) : IComparable<PackageVersion>
{
    private const int Longest = 64;

    /// <summary>The first number.</summary>
    public int Major => Numbers[0];

    /// <summary>Reads a version; null where the text is none, such as NuGet's "Not found at the sources".</summary>
    public static PackageVersion? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var whole = text.Trim().Split('+')[0];
        var (front, label) = whole.IndexOf('-', StringComparison.Ordinal) is var dash && dash < 0 ? (whole, null) : (whole[..dash], whole[(dash + 1)..]);
        var parts = front.Split('.');
        var numbers = new int[4];
        if (whole.Length > Longest || parts.Length is < 1 or > 4 || label is { Length: 0 } || label?.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-')) == true)
        {
            return null;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return new PackageVersion(numbers, label, whole);
    }

    /// <summary>By numbers, then a pre-release before its release, then by the labels' identifiers: numbers as numbers, before words (Semantic Versioning 2.0, 11).</summary>
    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (var i = 0; i < Numbers.Count; i++)
        {
            if (Numbers[i].CompareTo(other.Numbers[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return (Label, other.Label) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            var (mine, others) => CompareLabels(mine.Split('.'), others.Split('.')),
        };
    }

    /// <summary>Versions are the same where neither comes before the other.</summary>
    public bool Equals(PackageVersion? other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numbers[0], Numbers[1], Numbers[2], Numbers[3]);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>True where the first comes before the second.</summary>
    public static bool operator <(PackageVersion left, PackageVersion right) => Order(left, right) < 0;

    /// <summary>True where the first comes after the second.</summary>
    public static bool operator >(PackageVersion left, PackageVersion right) => Order(left, right) > 0;

    /// <summary>True where the first does not come after the second.</summary>
    public static bool operator <=(PackageVersion left, PackageVersion right) => Order(left, right) <= 0;

    /// <summary>True where the first does not come before the second.</summary>
    public static bool operator >=(PackageVersion left, PackageVersion right) => Order(left, right) >= 0;

    private static int Order(PackageVersion left, PackageVersion right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.CompareTo(right);
    }

    private static int CompareLabels(string[] mine, string[] others)
    {
        for (var i = 0; i < Math.Min(mine.Length, others.Length); i++)
        {
            var isMine = long.TryParse(mine[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            var isOther = long.TryParse(others[i], NumberStyles.None, CultureInfo.InvariantCulture, out var otherNumber);
            var order = (isMine, isOther) switch
            {
                (true, true) => number.CompareTo(otherNumber),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.Compare(mine[i], others[i], StringComparison.OrdinalIgnoreCase),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return mine.Length.CompareTo(others.Length);
    }
}
