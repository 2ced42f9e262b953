using System.Text.Json.Serialization;
using Maintenance.Assets.Lifecycle;
using Maintenance.Plan;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Where a waiver stands.</summary>
public enum WaiverState
{
    /// <summary>It waits for approvals.</summary>
    Asked,

    /// <summary>It holds until it expires.</summary>
    Granted,

    /// <summary>Somebody rejected it.</summary>
    Rejected,

    /// <summary>Whoever asked took it back.</summary>
    Withdrawn,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>What it was for is no more, or became worse than what was accepted.</summary>
    Void,
}

/// <summary>A vote on a waiver.</summary>
/// <param name="Person">The id of who voted.</param>
/// <param name="IsApproval">True for an approval, false for a rejection.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Comment">Why; empty where nothing was said.</param>
public sealed record WaiverVote(string Person, bool IsApproval, DateTimeOffset At, string Comment);

/// <summary>A vulnerability that is accepted for a time.</summary>
/// <param name="AskedBy">The id of who asked for it.</param>
/// <param name="AskedAt">When (UTC).</param>
/// <param name="Reason">Why it can be borne, and what is done meanwhile.</param>
/// <param name="Until">When it expires (UTC).</param>
/// <param name="State">Where it stands.</param>
/// <param name="Votes">In order.</param>
public sealed record Waiver(string AskedBy, DateTimeOffset AskedAt, string Reason, DateTimeOffset Until, WaiverState State, IReadOnlyList<WaiverVote> Votes)
{
    /// <summary>So many have approved.</summary>
    [JsonIgnore]
    public int Approvals => Votes.Count(static vote => vote.IsApproval);

    /// <summary>True while it keeps the finding from being due.</summary>
    public bool Holds(DateTimeOffset now) => State == WaiverState.Granted && now < Until;
}

/// <summary>Somebody may not do that.</summary>
public sealed class WaiverRefusedException(string message) : Exception(message);

/// <summary>The state of the finding or of its waiver does not allow it.</summary>
public sealed class WaiverStateException(string message) : Exception(message);

/// <summary>How waivers are asked for, approved, and end. Pure.</summary>
public static class WaiverRules
{
    /// <summary>The most characters of a reason or a comment.</summary>
    public const int MostText = 2000;

    /// <summary>A finding with a waiver that waits for approvals.</summary>
    /// <exception cref="WaiverRefusedException">The plan lets nobody waive.</exception>
    /// <exception cref="WaiverStateException">It is fixed, or has a waiver that waits or holds.</exception>
    public static Finding Ask(Finding finding, WaiverPolicy? policy, string by, string reason, DateTimeOffset until, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (policy is null)
        {
            throw new WaiverRefusedException("The plan lets nobody accept a vulnerability: it has no lifecycle.waivers.");
        }

        NeedOpen(finding);
        if (finding.Waiver is { State: WaiverState.Asked } asked)
        {
            throw new WaiverStateException($"{finding.Id} has a waiver that waits, until {asked.Until:u}.");
        }

        if (finding.Waiver?.Holds(now) == true)
        {
            throw new WaiverStateException($"{finding.Id} has a waiver that holds until {finding.Waiver.Until:u}.");
        }

        return finding.Noted(now, by, $"Asked to accept it until {until:u}: {reason}") with { Waiver = new Waiver(by, now, reason, until.ToUniversalTime(), WaiverState.Asked, []) };
    }

    /// <summary>What is wrong with a request, by field; empty where nothing is.</summary>
    public static Dictionary<string, string[]> Check(WaiverPolicy? policy, string reason, DateTimeOffset until, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (reason.Trim().Length is 0 or > MostText)
        {
            errors["reason"] = [$"Say in 1 to {MostText} characters why it can be borne, and what is done meanwhile."];
        }

        if (until <= now)
        {
            errors["until"] = ["Name a day that is to come."];
        }
        else if (policy is not null && until - now > policy.Longest)
        {
            errors["until"] = [$"Name a day within {Time.Durations.Format(policy.Longest)}: no waiver is longer."];
        }

        return errors;
    }

    /// <summary>Why a person may not vote; null where they may.</summary>
    public static string? MayVote(Finding finding, WaiverPolicy? policy, Person person)
    {
        ArgumentNullException.ThrowIfNull(finding);
        ArgumentNullException.ThrowIfNull(person);
        return policy is null ? "The plan lets nobody accept a vulnerability."
            : finding.Waiver is not { } waiver ? "Nobody asked."
            : waiver.AskedBy == person.Id ? "Whoever asks does not approve."
            : !person.Roles.Any(policy.Approvers.Contains) ? $"That needs one of the roles {string.Join(", ", policy.Approvers)}."
            : null;
    }

    /// <summary>The finding after a vote. A second approval grants it, one rejection ends it; who votes again has changed their mind.</summary>
    /// <exception cref="WaiverRefusedException">They may not.</exception>
    /// <param name="finding">The finding.</param>
    /// <param name="policy">Who may.</param>
    /// <param name="person">Who votes.</param>
    /// <param name="isApproval">True for an approval.</param>
    /// <param name="comment">Why; empty where nothing was said.</param>
    /// <param name="askedAt">When the request was made that the person saw (UTC): a vote is for that one, and for none that came after it.</param>
    /// <param name="now">The instant (UTC).</param>
    /// <exception cref="WaiverStateException">It does not wait any more, or it is another one than the person saw.</exception>
    public static Finding Vote(Finding finding, WaiverPolicy? policy, Person person, bool isApproval, string comment, DateTimeOffset askedAt, DateTimeOffset now)
    {
        if (MayVote(finding, policy, person) is { } refusal)
        {
            throw new WaiverRefusedException(refusal);
        }

        NeedOpen(finding);
        var waiver = finding.Waiver!;
        if (waiver.AskedAt != askedAt)
        {
            throw new WaiverStateException($"The request of {askedAt:u} that you saw is gone. {waiver.AskedBy} asked anew at {waiver.AskedAt:u}, to accept it until {waiver.Until:u}: {waiver.Reason}");
        }

        if (waiver.State != WaiverState.Asked || now >= waiver.Until)
        {
            throw new WaiverStateException($"The waiver of {finding.Id} does not wait for votes: it is {(waiver.State == WaiverState.Asked ? "expired" : Word(waiver.State))}.");
        }

        var voted = waiver with { Votes = [.. waiver.Votes.Where(vote => vote.Person != person.Id), new(person.Id, isApproval, now, comment)] };
        var state = !isApproval ? WaiverState.Rejected : voted.Approvals >= WaiverPolicy.Quorum ? WaiverState.Granted : WaiverState.Asked;
        var said = $"{(isApproval ? "Approved" : "Rejected")} its waiver{(comment.Length == 0 ? "." : ": " + comment)}{(state == WaiverState.Granted ? $" It is accepted until {waiver.Until:u}." : "")}";
        return finding.Noted(now, person.Id, said) with { Waiver = voted with { State = state } };
    }

    /// <summary>Takes a request back.</summary>
    /// <exception cref="WaiverRefusedException">Somebody else asked.</exception>
    /// <exception cref="WaiverStateException">It does not wait any more.</exception>
    public static Finding Withdraw(Finding finding, string by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Waiver is not { State: WaiverState.Asked } waiver ? throw new WaiverStateException($"{finding.Id} has no waiver that waits.")
            : waiver.AskedBy != by ? throw new WaiverRefusedException("Only whoever asked takes it back.")
            : finding.Noted(now, by, "Took the request for a waiver back.") with { Waiver = waiver with { State = WaiverState.Withdrawn } };
    }

    /// <summary>The finding once its waiver's time is over; null where nothing has ended.</summary>
    public static Finding? Expire(Finding finding, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Waiver is { State: WaiverState.Granted or WaiverState.Asked } waiver && now >= waiver.Until
            ? finding.Noted(now, Finding.Nobody, waiver.State == WaiverState.Granted ? "Its waiver has expired: it is open again." : "Its waiver was not approved in time.") with { Waiver = waiver with { State = WaiverState.Expired } }
            : null;
    }

    /// <summary>The state in words.</summary>
    public static string Word(WaiverState state) => state switch { WaiverState.Asked => "asked for", WaiverState.Void => "void", _ => state.ToString().ToLowerInvariant() };

    private static void NeedOpen(Finding finding)
    {
        if (finding.State != FindingState.Open)
        {
            throw new WaiverStateException($"{finding.Id} is fixed: there is nothing to accept.");
        }
    }
}
