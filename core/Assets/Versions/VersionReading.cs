namespace Maintenance.Assets.Versions;

/// <summary>A version that was understood, to be compared with others of its own kind only.</summary>
internal abstract record VersionReading
{
    /// <summary>The numbers that lead, as written without leading zeros: major, minor, patch, … (a Debian version has none that mean so).</summary>
    public abstract IReadOnlyList<string> Numbers { get; }

    /// <summary>True where it comes before the release that it is named for.</summary>
    public abstract bool IsPreRelease { get; }

    /// <summary>Below zero, zero or above zero, as this one comes before, with or after the other.</summary>
    /// <param name="other">A reading of the same kind.</param>
    public abstract int CompareWith(VersionReading other);
}
