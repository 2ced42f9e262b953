namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Whether an advisory concerns a version of a package.</summary>
public enum Affectedness
{
    /// <summary>It does not.</summary>
    NotAffected,

    /// <summary>It may; what is known does not tell.</summary>
    Undecided,

    /// <summary>It does.</summary>
    Affected,
}

/// <summary>Whether an advisory concerns a version of a package, and why.</summary>
/// <param name="Outcome">Whether it does.</param>
/// <param name="FixedIn">The versions that lead out, the nearest first: later than the one at hand, named as fixes, and not affected by the same advisory. Only where affected.</param>
/// <param name="Reason">Why, in words for a person.</param>
/// <param name="Package">The advisory's entry that decided; null where none concerns the package.</param>
public sealed record AdvisoryVerdict(Affectedness Outcome, IReadOnlyList<string> FixedIn, string Reason, AffectedPackage? Package = null);
