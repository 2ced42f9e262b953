namespace Maintenance.Patches;

/// <summary>A component that goes from one version to another.</summary>
/// <param name="Component">The component.</param>
/// <param name="From">The version that it has; null where it is new.</param>
/// <param name="To">The version that it gets; null where it goes, or where nobody knows yet which.</param>
public sealed record VersionChange(string Component, string? From, string? To)
{
    private const int MostName = 200;
    private const int MostVersion = 64;

    /// <summary>How far it goes.</summary>
    public VersionJump Jump => (Read(From), Read(To)) switch
    {
        (null, null) when From == To => VersionJump.Unclear,
        (_, _) when From is null => VersionJump.New,
        (_, _) when To is null => VersionJump.Away,
        ({ } from, { } to) => from.JumpTo(to),
        _ => VersionJump.Unclear,
    };

    /// <summary>True where names and versions have their bounds and at least one version is there.</summary>
    public bool IsSound => IsText(Component, MostName) && (From is null || IsText(From, MostVersion)) && (To is null || IsText(To, MostVersion)) && (From ?? To) is not null;

    /// <summary>Reads a line such as <c>openssl 3.5.8 -> 3.5.9</c> or <c>openssl -> 3.5.9</c>; null where it is none.</summary>
    public static VersionChange? Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var sides = line.Replace("→", "->", StringComparison.Ordinal).Split("->", StringSplitOptions.TrimEntries);
        if (sides is not [var left, var right])
        {
            return null;
        }

        var words = left.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var change = words.Length > 1 ? new VersionChange(string.Join(' ', words[..^1]), words[^1], Filled(right)) : new VersionChange(left, null, Filled(right));
        return change.IsSound ? change : null;
    }

    /// <summary>The same as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => $"{Component} {(From is null ? "" : From + " ")}-> {To}".TrimEnd();

    private static PackageVersion? Read(string? text) => text is null ? null : PackageVersion.Parse(text.TrimStart('v', 'V'));

    private static string? Filled(string text) => text.Length == 0 ? null : text;

    private static bool IsText(string? text, int most) => !string.IsNullOrWhiteSpace(text) && text.Length <= most;
}

/// <summary>How far a component goes from one version to another (Semantic Versioning 2.0).</summary>
public enum VersionJump
{
    /// <summary>The first number grows: what worked may no longer.</summary>
    Major,

    /// <summary>The second number grows: something is new.</summary>
    Minor,

    /// <summary>Only mended; also from a pre-release to its release.</summary>
    Patch,

    /// <summary>Back to an earlier version.</summary>
    Back,

    /// <summary>The same version.</summary>
    Same,

    /// <summary>It was not there before.</summary>
    New,

    /// <summary>It goes, or nobody knows yet to which version.</summary>
    Away,

    /// <summary>The versions are no numbers that can be compared.</summary>
    Unclear,
}
