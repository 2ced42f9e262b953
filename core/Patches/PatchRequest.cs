namespace Maintenance.Patches;

/// <summary>A request to apply a patch or change. Instants are UTC.</summary>
/// <param name="Id">Such as <c>P-1007</c>.</param>
/// <param name="Title">One line.</param>
/// <param name="Description">What it changes, why, and how it is rolled back.</param>
/// <param name="Type">The kind of change.</param>
/// <param name="Severity">How bad what it mends is.</param>
/// <param name="Service">The id of the service that it changes.</param>
/// <param name="RequestedBy">The id of the person who asks; never one of the voters.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="Approvers">The roles whose people may vote, by the plan of that time.</param>
/// <param name="Quorum">How many different people must approve.</param>
/// <param name="ExpiresAt">From this instant on no vote counts, and an undecided request is expired.</param>
/// <param name="Decision">How it ended; null until the workflow has closed it.</param>
public sealed record PatchRequest(
    string Id,
    string Title,
    string Description,
    PatchType Type,
    PatchSeverity Severity,
    string Service,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    IReadOnlyList<string> Approvers,
    int Quorum,
    DateTimeOffset ExpiresAt,
    Decision? Decision = null)
{
    /// <summary>The id of its workflow instance.</summary>
    public string Workflow => "patch_" + Id;
}

/// <summary>A vote. A person has one; voting again while nothing is decided replaces it.</summary>
/// <param name="Person">The id of the voter.</param>
/// <param name="Roles">The voter's roles when voting.</param>
/// <param name="Choice">For or against.</param>
/// <param name="Comment">Why; a rejection needs one.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Key">The idempotency key of the request that cast it, or null.</param>
public sealed record Vote(string Person, IReadOnlyList<string> Roles, VoteChoice Choice, string? Comment, DateTimeOffset At, string? Key = null);

/// <summary>For or against.</summary>
public enum VoteChoice
{
    /// <summary>For.</summary>
    Approve,

    /// <summary>Against: one is enough.</summary>
    Reject,
}

/// <summary>How a request ended.</summary>
/// <param name="Outcome">Which way.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="At">When it was decided (UTC): at the vote that decided it, or at its expiry.</param>
public sealed record Decision(ApprovalOutcome Outcome, string Reason, DateTimeOffset At);

/// <summary>How a request ends.</summary>
public enum ApprovalOutcome
{
    /// <summary>Enough approved.</summary>
    Approved,

    /// <summary>Somebody rejected it.</summary>
    Rejected,

    /// <summary>Time ran out.</summary>
    Expired,
}

/// <summary>What somebody asks for.</summary>
public sealed record NewPatch(string Title, string Description, PatchType Type, PatchSeverity Severity, string Service);

/// <summary>A request with its votes.</summary>
public sealed record PatchCase(PatchRequest Request, IReadOnlyList<Vote> Votes);
