using Maintenance.Plan;

namespace Maintenance.Handover;

/// <summary>What people do in a handover, and who may. Pure: the state before, the state after.</summary>
public static class HandoverMoves
{
    /// <summary>The longest text.</summary>
    public const int MostText = 1000;

    /// <summary>Confirms a line of the checklist that is confirmed by hand; again with other words in their place.</summary>
    /// <exception cref="HandoverRefusedException">It is not theirs.</exception>
    /// <exception cref="HandoverStateException">It is worked out, or something is signed.</exception>
    /// <exception cref="HandoverFieldException">There are no words, or too many.</exception>
    public static HandoverState Confirm(OperationsPlan plan, HandoverState state, HandoverCheck check, Person person, string text, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(person);
        Unsigned(state);
        if (check.Kind != CheckKind.Manual)
        {
            throw new HandoverStateException($"'{check.Name}' is not confirmed: it is so when the records of this system show it.");
        }

        Own(plan, check.Owner, person, $"'{check.Name}' is confirmed by");
        return state with { Confirmed = With(state.Confirmed, check.Id, new Confirmation(person.Id, now, Text(text))) };
    }

    /// <summary>Says that something was given away, by who gives it; or taken, by who takes it.</summary>
    /// <exception cref="HandoverRefusedException">They are neither.</exception>
    /// <exception cref="HandoverStateException">It was not given away yet, or something is signed.</exception>
    /// <exception cref="HandoverFieldException">There are no words, or too many.</exception>
    public static HandoverState Pass(OperationsPlan plan, HandoverState state, ControlItem item, Person person, bool isTaken, string text, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(person);
        Unsigned(state);
        var known = state.Transfers.GetValueOrDefault(item.Id) ?? new Transfer(null, null);
        if (isTaken && known.Given is null)
        {
            throw new HandoverStateException($"'{item.Name}' was not given away yet.");
        }

        // Not even by an administrator: two different people say it, or it shows nothing.
        Own(plan, isTaken ? item.To : item.From, person, $"That '{item.Name}' was {(isTaken ? "taken" : "given away")} is said by", isByAdministrators: false);
        if (isTaken && known.Given!.By == person.Id)
        {
            throw new HandoverRefusedException("Who gave it away does not take it.");
        }

        var said = new Confirmation(person.Id, now, Text(text));
        return state with { Transfers = With(state.Transfers, item.Id, isTaken ? known with { Taken = said } : new Transfer(said, null)) };
    }

    /// <summary>Signs the document; the last signature accepts it.</summary>
    /// <param name="handover">The handover.</param>
    /// <param name="state">The state before.</param>
    /// <param name="missing">What is in the way; see <see cref="HandoverAssessment.Missing"/>.</param>
    /// <param name="person">Who signs.</param>
    /// <param name="hash">Of the document that they saw.</param>
    /// <param name="paper">The document that there is, or the one that would be written now.</param>
    /// <param name="now">The instant (UTC).</param>
    /// <exception cref="HandoverRefusedException">They are none of the signatories.</exception>
    /// <exception cref="HandoverStateException">Something is missing, the document or the plan's section is another one, or it is signed already.</exception>
    public static HandoverState Sign(HandoverPlan handover, HandoverState state, IReadOnlyList<string> missing, Person person, string hash, HandoverPaper paper, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(handover);
        ArgumentNullException.ThrowIfNull(missing);
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(paper);
        Open(state);
        if (!handover.Signatories.Contains(person.Id))
        {
            throw new HandoverRefusedException($"It is signed by {string.Join(" and ", handover.Signatories)}.");
        }

        if (paper.Section is { } section && section != HandoverDocument.Section(handover))
        {
            throw new HandoverStateException("What the plan says of the handover has changed since the first signature: take the document back, read it again, and sign it as it is now.");
        }

        if (missing.Count > 0)
        {
            throw new HandoverStateException($"It cannot be signed yet. {string.Join(' ', missing)}");
        }

        if (hash != paper.Hash)
        {
            throw new HandoverStateException("That is not the document as it is now: read it again, and sign what you have read.");
        }

        if (paper.Signatures.Any(one => one.Person == person.Id))
        {
            throw new HandoverStateException("You have signed it already.");
        }

        var signed = paper with { Signatures = [.. paper.Signatures, new HandoverSignature(person.Id, now)] };
        var isWhole = handover.Signatories.All(one => signed.Signatures.Any(signature => signature.Person == one));
        return state with { Paper = signed, AcceptedAt = isWhole ? now : null };
    }

    /// <summary>Refuses where something was said, or a ticket opened, since the document was written.</summary>
    /// <exception cref="HandoverStateException">It was.</exception>
    public static void Unchanged(HandoverState seen, HandoverState state)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(state);
        if (!IsSame(seen.Confirmed, state.Confirmed) || !IsSame(seen.Transfers, state.Transfers) || !IsSame(seen.Tickets, state.Tickets))
        {
            throw new HandoverStateException("Something was said in this moment that the document does not have: read it again, and sign what you have read.");
        }
    }

    /// <summary>Takes back a document that not everybody has signed.</summary>
    /// <exception cref="HandoverRefusedException">They neither sign it nor see to it.</exception>
    /// <exception cref="HandoverStateException">There is none, or it is signed.</exception>
    public static HandoverState Withdraw(OperationsPlan plan, HandoverPlan handover, HandoverState state, Person person)
    {
        ArgumentNullException.ThrowIfNull(handover);
        ArgumentNullException.ThrowIfNull(person);
        Open(state);
        if (state.Paper is null)
        {
            throw new HandoverStateException("There is no document that waits for a signature.");
        }

        if (!handover.Signatories.Contains(person.Id))
        {
            Own(plan, handover.Manager, person, "It is taken back by those who sign it,");
        }

        return state with { Paper = null };
    }

    /// <summary>Refuses where somebody is neither a person nor of a role, nor an administrator where those may.</summary>
    /// <exception cref="HandoverRefusedException">They may not.</exception>
    public static void Own(OperationsPlan plan, string owner, Person person, string what, bool isByAdministrators = true)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(person);
        var owners = plan.Resolve([owner]);
        if (!owners.Any(one => one.Id == person.Id) && !(isByAdministrators && person.Roles.Contains(Roles.Administrator)))
        {
            throw new HandoverRefusedException($"{what} {string.Join(", ", owners.Select(static one => one.Name))}{(isByAdministrators ? " and administrators" : "")}.");
        }
    }

    /// <summary>Refuses what would change a document that somebody has signed.</summary>
    private static void Unsigned(HandoverState state)
    {
        Open(state);
        if (state.Paper is not null)
        {
            throw new HandoverStateException("The document is signed in part, and names what was said: take the document back first.");
        }
    }

    /// <summary>Refuses where it is accepted.</summary>
    /// <exception cref="HandoverStateException">It is.</exception>
    public static void Open(HandoverState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.AcceptedAt is not null)
        {
            throw new HandoverStateException("The handover is accepted and signed: nothing of it changes any more.");
        }
    }

    private static bool IsSame<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var value) && EqualityComparer<T>.Default.Equals(pair.Value, value));

    private static string Text(string text) =>
        text.Trim() is { Length: > 0 and <= MostText } said ? said : throw new HandoverFieldException("text", $"Say what shows it, in 1 to {MostText} characters.");

    private static Dictionary<string, T> With<T>(IReadOnlyDictionary<string, T> known, string id, T value) => new(known, StringComparer.Ordinal) { [id] = value };
}
