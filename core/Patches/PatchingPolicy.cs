namespace Maintenance.Patches;

/// <summary>Who approves what.</summary>
/// <param name="Calendar">The id of the calendar in which expiry is measured.</param>
/// <param name="Rules">The first one that matches a patch decides it.</param>
public sealed record PatchingPolicy(string Calendar, IReadOnlyList<ApprovalRule> Rules)
{
    /// <summary>The rule for a patch, or null where none matches.</summary>
    public ApprovalRule? For(PatchType type, PatchSeverity severity) =>
        Rules.FirstOrDefault(rule => rule.Types.Contains(type) && rule.Severities.Contains(severity));
}

/// <summary>How patches of some types and severities are approved.</summary>
/// <param name="Types">The types it is for.</param>
/// <param name="Severities">The severities it is for.</param>
/// <param name="Approvers">The roles whose people may vote.</param>
/// <param name="Quorum">How many different people must approve. One rejection rejects.</param>
/// <param name="ExpiresAfter">Service time after which an undecided request ends as expired.</param>
public sealed record ApprovalRule(
    IReadOnlyList<PatchType> Types, IReadOnlyList<PatchSeverity> Severities, IReadOnlyList<string> Approvers, int Quorum, TimeSpan ExpiresAfter);

/// <summary>The kinds of change of ITIL.</summary>
public enum PatchType
{
    /// <summary>Known, low in risk, done often.</summary>
    Standard,

    /// <summary>Goes the whole way.</summary>
    Normal,

    /// <summary>Cannot wait.</summary>
    Emergency,
}

/// <summary>How bad what a patch mends is.</summary>
public enum PatchSeverity
{
    /// <summary>Hardly matters.</summary>
    Low,

    /// <summary>Matters under some conditions.</summary>
    Medium,

    /// <summary>Matters now.</summary>
    High,

    /// <summary>Is being used against systems like this one.</summary>
    Critical,
}
