using Maintenance.Rollouts;
using Maintenance.ServiceLevels;
using Maintenance.Time;

namespace Maintenance.Patches;

/// <summary>Who approves what.</summary>
/// <param name="Calendar">The id of the calendar in which expiries and reviews are measured.</param>
/// <param name="Rules">The first one that matches a patch decides it.</param>
public sealed record PatchingPolicy(string Calendar, IReadOnlyList<ApprovalRule> Rules)
{
    /// <summary>The rings that an approved change goes through, in order; empty where it ends with its approval.</summary>
    public IReadOnlyList<RolloutRing> Rings { get; init; } = [];

    /// <summary>The rule for a patch, or null where none matches.</summary>
    public ApprovalRule? For(PatchType type, PatchSeverity severity) =>
        Rules.FirstOrDefault(rule => rule.Types.Contains(type) && rule.Severities.Contains(severity));
}

/// <summary>How patches of some types and severities are approved.</summary>
/// <param name="Types">The types it is for.</param>
/// <param name="Severities">The severities it is for.</param>
/// <param name="Approvers">The roles whose people may vote.</param>
/// <param name="Quorum">How many different people must approve; 0 for a pre-authorised standard change, which is approved at once.</param>
/// <param name="ExpiresAfter">Service time after which an undecided request ends as expired.</param>
public sealed record ApprovalRule(
    IReadOnlyList<PatchType> Types, IReadOnlyList<PatchSeverity> Severities, IReadOnlyList<string> Approvers, int Quorum, TimeSpan ExpiresAfter)
{
    /// <summary>Who never votes, whatever their roles: nobody passes their own work.</summary>
    public IReadOnlyList<ChangeParty> Excluded { get; init; } = [ChangeParty.Requester, ChangeParty.Implementer];

    /// <summary>How many different people must reject to reject it; 1 is a veto of each.</summary>
    public int Rejections { get; init; } = 1;

    /// <summary>When votes are counted.</summary>
    public DecisionMoment Decides { get; init; }

    /// <summary>Service time after the approval by which somebody must have reviewed the change; null where no review is owed.</summary>
    public TimeSpan? Review { get; init; }

    /// <summary>True where an approved change goes through the rings at once: it waits for no window, no freeze and no soak time. Backups and probes stay.</summary>
    public bool IsExpedited { get; init; }

    /// <summary>What the rule means for one request: fixed when it is made, whatever the plan says later.</summary>
    /// <param name="requester">The id of the person who asks.</param>
    /// <param name="implementer">The id of the person who will do it, or null.</param>
    /// <param name="requestedAt">When it is asked (UTC).</param>
    /// <param name="calendar">The calendar of the policy.</param>
    /// <param name="artifact">The hash of what would be applied, or null.</param>
    public ApprovalTerms TermsFor(string requester, string? implementer, DateTimeOffset requestedAt, ServiceCalendar calendar, string? artifact) => new(
        requester, implementer, requestedAt, ServiceClock.Due(calendar, requestedAt, ExpiresAfter), Approvers, Quorum, Rejections, Decides, ExcludedFrom(requester, implementer), artifact);

    /// <summary>The ids of the people who may not vote on a request of these two.</summary>
    public IReadOnlyList<string> ExcludedFrom(string requester, string? implementer) =>
    [
        .. new[] { Excluded.Contains(ChangeParty.Requester) ? requester : null, Excluded.Contains(ChangeParty.Implementer) ? implementer : null }
            .OfType<string>().Distinct(StringComparer.Ordinal),
    ];
}

/// <summary>A part that somebody has in a change.</summary>
public enum ChangeParty
{
    /// <summary>Who asks for it.</summary>
    Requester,

    /// <summary>Who will do it.</summary>
    Implementer,
}

/// <summary>When the votes on a request are counted.</summary>
public enum DecisionMoment
{
    /// <summary>At each vote: the one that reaches the quorum or the number of rejections decides at its instant.</summary>
    FirstToReach,

    /// <summary>Once, at the expiry: who voted before whom does not matter.</summary>
    AtExpiry,
}

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
