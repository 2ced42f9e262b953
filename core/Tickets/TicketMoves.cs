using Maintenance.ServiceLevels;

namespace Maintenance.Tickets;

/// <summary>What takes a ticket from one state to another.</summary>
internal static class TicketMoves
{
    /// <summary>The name of nobody, as whom a ticket is given to its team's queue.</summary>
    public const string Queue = "queue";

    public static void Assign(TicketDraft draft, TicketAct.Assign act)
    {
        MustBeOpen(draft, "to give to anybody");
        var to = act.To ?? throw new ArgumentException("Whom the rules choose is decided before.", nameof(act));
        var reason = TicketDraft.May(act.Reason, "reason");
        var ticket = draft.Ticket;
        if (to == Queue)
        {
            if (ticket.Assignee is { } before)
            {
                draft.Ticket = ticket with { Assignee = null, State = ticket.State == TicketState.Waiting ? TicketState.Waiting : TicketState.Triaged };
                draft.Note(TicketEventKind.Assigned, $"Taken from {draft.Plan.FindPerson(before)?.Name ?? before} to {QueueOf(draft)}.", note: reason);
            }
            else if (reason is not null)
            {
                draft.Note(TicketEventKind.Assigned, $"Waits in {QueueOf(draft)}.", note: reason);
            }

            return;
        }

        var person = draft.Plan.FindPerson(to) ?? throw new TicketActException("to", $"The plan has nobody with the id '{(to.Length > 40 ? to[..40] : to)}'.");
        if (!person.Roles.Contains(Roles.Support) && !person.Roles.Contains(Roles.Administrator))
        {
            throw new TicketActException("to", $"{person.Name} has neither the role {Roles.Support} nor {Roles.Administrator}, and could not work on it.");
        }

        if (ticket.Assignee != to)
        {
            draft.Ticket = ticket with { Assignee = to, State = ticket.State == TicketState.Waiting ? TicketState.Waiting : TicketState.Assigned };
            draft.Note(TicketEventKind.Assigned, $"Given to {person.Name}.", note: reason, to: to);
        }
    }

    public static void Start(TicketDraft draft)
    {
        MustBeOpen(draft, "to begin");
        var ticket = draft.Ticket;
        if (ticket.State == TicketState.InProgress && ticket.Assignee == draft.Actor.Id)
        {
            return;
        }

        if (ticket.State == TicketState.Waiting)
        {
            throw new TicketStateException($"{ticket.Id} waits for the {Name(ticket.WaitingFor)}; let it go on first.");
        }

        // The system begins nothing; whoever of the plan does, has it.
        var isPerson = draft.Plan.FindPerson(draft.Actor.Id) is not null;
        draft.Ticket = ticket with { State = TicketState.InProgress, Assignee = isPerson ? draft.Actor.Id : ticket.Assignee };
        draft.Note(TicketEventKind.Started, "Work has begun.", to: draft.Ticket.Assignee == ticket.Assignee ? null : draft.Ticket.Assignee);
    }

    public static void Wait(TicketDraft draft, TicketAct.Wait act)
    {
        MustBeOpen(draft, "to wait for");
        var reason = TicketDraft.Need(act.Reason, "reason", "Say what it waits for.");
        var ticket = draft.Ticket;
        if (ticket.State == TicketState.Waiting && ticket.WaitingFor == act.For)
        {
            throw new TicketStateException($"{ticket.Id} waits for the {Name(act.For)} already.");
        }

        draft.Ticket = ticket with { State = TicketState.Waiting, WaitingFor = act.For };
        draft.Tick(ClockEventKind.WaitingBegan, waiting: act.For);
        draft.Note(TicketEventKind.Waiting, $"Waits for the {Name(act.For)}.", note: reason);
    }

    public static void Resume(TicketDraft draft, TicketAct.Resume act)
    {
        if (draft.Ticket.State != TicketState.Waiting)
        {
            throw new TicketStateException($"{draft.Ticket.Id} does not wait for anybody.");
        }

        GoOn(draft, TicketDraft.May(act.Reason, "reason"));
    }

    public static void Respond(TicketDraft draft, string? text)
    {
        if (!draft.Ticket.IsOpen)
        {
            throw new TicketStateException($"{draft.Ticket.Id} is resolved since {draft.Ticket.ResolvedAt:u}; there is nothing to answer. Reopen it first, or add a comment.");
        }

        Answer(draft, TicketDraft.Need(text, "text", $"Write 1 to {TicketRules.MaxText} characters."));
    }

    public static void Comment(TicketDraft draft, TicketAct.Comment act)
    {
        var text = TicketDraft.Need(act.Text, "text", $"Write 1 to {TicketRules.MaxText} characters.");
        if (act.IsPublic && draft.Actor.IsStaff && draft.Ticket.IsOpen)
        {
            Answer(draft, text);
            return;
        }

        draft.Note(TicketEventKind.Commented, act.IsPublic ? "Said:" : "Noted:", act.IsPublic ? text : null, act.IsPublic ? null : text);

        // Their answer has come.
        if (act.IsPublic && !draft.Actor.IsStaff && draft.Ticket is { State: TicketState.Waiting, WaitingFor: WaitingFor.Requester })
        {
            GoOn(draft, null);
        }
    }

    public static void Resolve(TicketDraft draft, TicketAct.Resolve act)
    {
        var text = TicketDraft.Need(act.Text, "text", $"Write 1 to {TicketRules.MaxText} characters.");
        var ticket = draft.Ticket;
        if (!ticket.IsOpen)
        {
            throw new TicketStateException($"{ticket.Id} is resolved already, since {ticket.ResolvedAt:u}.");
        }

        draft.Ticket = ticket with { State = TicketState.Resolved, WaitingFor = null, Resolution = act.As, RespondedAt = ticket.RespondedAt ?? draft.At, ResolvedAt = draft.At };
        draft.Tick(ClockEventKind.Resolved);
        draft.Note(TicketEventKind.Resolved, act.As == TicketResolution.Solved ? "Resolved." : $"Resolved ({Name(act.As)}).", text);
    }

    public static void Close(TicketDraft draft, TicketAct.Close act)
    {
        var ticket = draft.Ticket;
        if (ticket.State == TicketState.Closed)
        {
            return;
        }

        if (ticket.State != TicketState.Resolved)
        {
            throw new TicketStateException($"{ticket.Id} is not resolved; resolve it first, and say how.");
        }

        draft.Ticket = ticket with { State = TicketState.Closed, ClosedAt = draft.At };
        draft.Note(TicketEventKind.Closed, "Closed.", note: TicketDraft.May(act.Reason, "reason"));
    }

    public static void Reopen(TicketDraft draft, TicketAct.Reopen act)
    {
        var reason = TicketDraft.Need(act.Reason, "reason", "Say what is still wrong.");
        var ticket = draft.Ticket;
        if (ticket.IsOpen)
        {
            throw new TicketStateException($"{ticket.Id} is open.");
        }

        draft.Ticket = ticket with
        {
            State = ticket.Assignee is null ? TicketState.Triaged : TicketState.Assigned,
            Resolution = null,
            ResolvedAt = null,
            ClosedAt = null,
        };
        draft.Tick(ClockEventKind.Reopened);

        // A requester's words are theirs to read; a colleague's reason is not.
        draft.Note(TicketEventKind.Reopened, "Reopened.", draft.Actor.IsStaff ? null : reason, draft.Actor.IsStaff ? reason : null);
    }

    public static void Acknowledge(TicketDraft draft, TicketAct.Acknowledge act)
    {
        MustBeOpen(draft, "to acknowledge");
        var ticket = draft.Ticket;
        IReadOnlyList<ServiceTarget> targets =
        [
            .. Enum.GetValues<ServiceTarget>().Where(target =>
                (act.Target is null || act.Target == target) && ticket.Reached(target) is null && ticket.Acknowledgements.All(known => known.Target != target)),
        ];
        if (targets.Count > 0)
        {
            draft.Ticket = ticket with { Acknowledgements = [.. ticket.Acknowledgements, .. targets.Select(target => new Acknowledgement(target, draft.Actor.Id, draft.At))] };
            draft.Note(TicketEventKind.Acknowledged, $"Sees to the {string.Join(" and the ", targets.Select(static target => target.ToString().ToLowerInvariant()))}.");
        }
    }

    private static string QueueOf(TicketDraft draft) =>
        draft.Ticket.Team is { } team ? $"the queue of {draft.Plan.FindTeam(team)?.Name ?? team}" : "the queue";

    private static void Answer(TicketDraft draft, string text)
    {
        var ticket = draft.Ticket;
        draft.Ticket = ticket with { RespondedAt = ticket.RespondedAt ?? draft.At, State = ticket.State == TicketState.Waiting ? TicketState.Waiting : TicketState.InProgress };
        if (ticket.RespondedAt is null)
        {
            draft.Tick(ClockEventKind.Responded);
        }

        draft.Note(TicketEventKind.Responded, "Answered.", text);
    }

    private static void GoOn(TicketDraft draft, string? reason)
    {
        var ticket = draft.Ticket;
        draft.Ticket = ticket with
        {
            WaitingFor = null,
            State = ticket.Assignee is null ? TicketState.Triaged : ticket.RespondedAt is null ? TicketState.Assigned : TicketState.InProgress,
        };
        draft.Tick(ClockEventKind.WaitingEnded);
        draft.Note(TicketEventKind.Resumed, "Goes on.", note: reason);
    }

    private static void MustBeOpen(TicketDraft draft, string what)
    {
        if (!draft.Ticket.IsOpen)
        {
            throw new TicketStateException($"{draft.Ticket.Id} is resolved since {draft.Ticket.ResolvedAt:u}; there is nothing {what}. Reopen it first.");
        }
    }

    private static string Name(WaitingFor? waiting) => waiting == WaitingFor.Supplier ? "supplier" : "requester";

    private static string Name(TicketResolution resolution) => resolution switch
    {
        TicketResolution.Workaround => "a way around it",
        TicketResolution.Duplicate => "another ticket has it",
        TicketResolution.NotReproducible => "not reproducible",
        _ => "declined",
    };
}
