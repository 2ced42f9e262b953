using Maintenance.Assets.Versions;

namespace Maintenance.Patches;

/// <summary>A NuGet version that a request for a patch can name. What it is and which comes first is for <see cref="NuGetVersion"/> to say, as for the versions of components.</summary>
public sealed class PackageVersion : IComparable<PackageVersion>, IEquatable<PackageVersion>
{
    private const int Longest = 64;

    private readonly NuGetVersion _reading;

    private PackageVersion(NuGetVersion reading, string text) => (_reading, Text) = (reading, text);

    /// <summary>As written, without what stands behind a plus.</summary>
    public string Text { get; }

    /// <summary>Reads a version; null where the text is none, such as NuGet's "Not found at the sources".</summary>
    public static PackageVersion? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var whole = text.Trim().Split('+')[0];
        return whole.Length <= Longest && VersionOrder.Read(Ecosystem.NuGet, whole, out _) is NuGetVersion reading ? new PackageVersion(reading, whole) : null;
    }

    /// <summary>How far it is from this version to another one.</summary>
    public VersionJump JumpTo(PackageVersion other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other == this ? VersionJump.Same
            : other < this ? VersionJump.Back
            : Digits.Compare(_reading.Parts[0], other._reading.Parts[0]) != 0 ? VersionJump.Major
            : Digits.Compare(_reading.Parts[1], other._reading.Parts[1]) != 0 ? VersionJump.Minor
            : VersionJump.Patch;
    }

    /// <summary>In NuGet's order.</summary>
    public int CompareTo(PackageVersion? other) => other is null ? 1 : _reading.CompareWith(other._reading);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PackageVersion);

    /// <summary>True where neither comes before the other.</summary>
    public static bool operator ==(PackageVersion? left, PackageVersion? right) => left is null ? right is null : left.Equals(right);

    /// <summary>True where one comes before the other.</summary>
    public static bool operator !=(PackageVersion? left, PackageVersion? right) => !(left == right);

    /// <summary>Versions are the same where neither comes before the other.</summary>
    public bool Equals(PackageVersion? other) => other is not null && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_reading.Parts[0], _reading.Parts[1], _reading.Parts[2], _reading.Parts[3]);

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
}
