using System.Globalization;
using Maintenance.Plan;
using Maintenance.ServiceLevels;

namespace Maintenance.Tickets;

/// <summary>How a ticket begins and moves on. Pure: data and an instant in, data out.</summary>
public static class TicketRules
{
    /// <summary>The most characters of a title.</summary>
    public const int MaxTitle = 200;

    /// <summary>The most characters of a text: a description, an answer, a comment, a reason.</summary>
    public const int MaxText = 20_000;

    /// <summary>So many things may change a ticket's clocks; more than that is a program gone wild. It can still be answered and solved.</summary>
    public const int MaxClockEvents = 2000;

    /// <summary>The most of each list: tags, links, watchers, skills, attachments.</summary>
    public const int MaxListed = 50;

    /// <summary>A new ticket with its priority and due times by the plan.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such impact, urgency or priority.</exception>
    public static TicketChange Open(OperationsPlan plan, string id, NewTicket request)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(request);
        var priority = plan.Priorities.Of(request.Impact, request.Urgency);
        _ = plan.ServiceLevels.For(priority) ?? throw new KeyNotFoundException($"The plan has no target for the priority '{priority}'.");
        var start = request.CreatedAt.ToUniversalTime();
        var ticket = new Ticket(
            id, request.Type, TicketState.New, request.Title, request.Description, request.Service, request.Impact, request.Urgency, priority, request.Requester, start,
            [new ClockEvent(start, ClockEventKind.Opened, priority, Until: request.AgreedUntil > start ? request.AgreedUntil : null)])
        {
            Maintenance = request.Maintenance,
            Skills = request.Skills,
            Tags = TagsOf(request.Tags),
            Links = request.Links,
            Team = TeamOf(plan, request.Service),
            FeedbackReference = request.FeedbackReference,
            Events = 1,
        };
        return new TicketChange(
            Timed(plan, ticket),
            [new TicketEvent(1, start, request.OpenedBy, TicketEventKind.Opened, $"Opened with priority {priority} (impact {request.Impact}, urgency {request.Urgency}).")]);
    }

    /// <summary>Does an act.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ticket">The ticket before.</param>
    /// <param name="act">What is done; <see cref="TicketAct.Assign"/> names a person or the queue here.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="now">When (UTC). A clock that was set back does not take a ticket back: what happens, happens after what happened before.</param>
    /// <exception cref="TicketRefusedException">They may not.</exception>
    /// <exception cref="TicketStateException">The state of the ticket does not allow it.</exception>
    /// <exception cref="TicketActException">The act says something that is not so.</exception>
    public static TicketChange Apply(OperationsPlan plan, Ticket ticket, TicketAct act, TicketActor actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(actor);
        TicketPermissions.Check(plan, ticket, act, actor);
        var at = now > ticket.Clock[^1].At ? now.ToUniversalTime() : ticket.Clock[^1].At;
        var draft = new TicketDraft(plan, ticket, actor, at);
        switch (act)
        {
            case TicketAct.Triage triage: TicketTriage.Do(draft, triage); break;
            case TicketAct.Assign assign: TicketMoves.Assign(draft, assign); break;
            case TicketAct.Start: TicketMoves.Start(draft); break;
            case TicketAct.Wait wait: TicketMoves.Wait(draft, wait); break;
            case TicketAct.Resume resume: TicketMoves.Resume(draft, resume); break;
            case TicketAct.Respond respond: TicketMoves.Respond(draft, respond.Text); break;
            case TicketAct.Comment comment: TicketMoves.Comment(draft, comment); break;
            case TicketAct.Resolve resolve: TicketMoves.Resolve(draft, resolve); break;
            case TicketAct.Close close: TicketMoves.Close(draft, close); break;
            case TicketAct.Reopen reopen: TicketMoves.Reopen(draft, reopen); break;
            case TicketAct.Edit edit: TicketEdits.Edit(draft, edit); break;
            case TicketAct.Link link: TicketEdits.Link(draft, link); break;
            case TicketAct.Unlink unlink: TicketEdits.Unlink(draft, unlink); break;
            case TicketAct.LinkArticle link: TicketEdits.LinkArticle(draft, link.Article); break;
            case TicketAct.UnlinkArticle unlink: TicketEdits.UnlinkArticle(draft, unlink.Article); break;
            case TicketAct.Watch watch: TicketEdits.Watch(draft, watch.Person ?? actor.Id); break;
            case TicketAct.Unwatch unwatch: TicketEdits.Unwatch(draft, unwatch.Person ?? actor.Id); break;
            case TicketAct.Acknowledge acknowledge: TicketMoves.Acknowledge(draft, acknowledge); break;
            default: throw new ArgumentException($"There is no act '{act.GetType().Name}'.", nameof(act));
        }

        return draft.Done();
    }

    /// <summary>A file belongs to it from now on.</summary>
    /// <exception cref="TicketActException">It has too many.</exception>
    public static TicketChange Attach(OperationsPlan plan, Ticket ticket, TicketAttachment attachment, TicketActor actor)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(attachment);
        var draft = new TicketDraft(plan, ticket, actor, attachment.At);
        TicketEdits.Attach(draft, attachment);
        return draft.Done();
    }

    /// <summary>More people have said the same.</summary>
    /// <param name="ticket">The ticket before.</param>
    /// <param name="reports">So many people have said it by now; fewer than it knows change nothing.</param>
    /// <param name="at">When (UTC).</param>
    public static TicketChange Report(Ticket ticket, int reports, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        return reports <= ticket.Reports
            ? TicketChange.None(ticket)
            : new TicketChange(
                ticket with { Reports = reports, Events = ticket.Events + 1 },
                [new TicketEvent(ticket.Events + 1, at, "requester", TicketEventKind.Reported, $"Reported again: {reports} people by now.")]);
    }

    /// <summary>A mark has fired. Firing it again changes nothing.</summary>
    /// <param name="ticket">The ticket before.</param>
    /// <param name="target">Of which target.</param>
    /// <param name="mark">The mark, with its instant.</param>
    /// <param name="what">What is noted, in words.</param>
    /// <param name="now">When (UTC).</param>
    public static TicketChange Fire(Ticket ticket, ServiceTarget target, ClockMark mark, string what, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(mark);
        var fired = DueEntry.Fired(target, mark.Key);
        if (ticket.Fired.Contains(fired))
        {
            return TicketChange.None(ticket);
        }

        // A level may be told before the breach: it can come before the due instant, and messages come in any order.
        IReadOnlyList<string> all = [.. ticket.Fired, fired];
        var known = ticket.Breaches.FirstOrDefault(breach => breach.Target == target) ?? (mark.Kind == ClockMarkKind.Breach ? new Breach(target, mark.At ?? now, now, 0) : null);
        var breach = known is null ? null : known with { Level = HighestLevel(all, target) };
        return new TicketChange(
            ticket with
            {
                Fired = all,
                Breaches = breach is null ? ticket.Breaches : [.. ticket.Breaches.Where(other => other.Target != target), breach],
                Events = ticket.Events + 1,
            },
            [new TicketEvent(ticket.Events + 1, now, "system", TicketEventKind.Escalated, what)]);
    }

    private static int HighestLevel(IEnumerable<string> fired, ServiceTarget target)
    {
        var prefix = DueEntry.Fired(target, "level-");
        return fired.Where(mark => mark.StartsWith(prefix, StringComparison.Ordinal))
            .Select(mark => int.TryParse(mark.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : 0)
            .DefaultIfEmpty()
            .Max();
    }

    /// <summary>The ticket with the due instants that follow from its clock and the plan.</summary>
    public static Ticket Timed(OperationsPlan plan, Ticket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        return ticket with
        {
            ResponseDue = ServiceLevelClock.Read(plan, ticket.Clock, ServiceTarget.Response).Due,
            ResolutionDue = ServiceLevelClock.Read(plan, ticket.Clock, ServiceTarget.Resolution).Due,
        };
    }

    /// <summary>The id of the team to which the tickets of a service come; null where the plan has none for them.</summary>
    public static string? TeamOf(OperationsPlan plan, string? service)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return (plan.Teams.FirstOrDefault(team => service is not null && team.Services.Contains(service)) ?? plan.Teams.FirstOrDefault(static team => team.Services.Count == 0))?.Id;
    }

    /// <summary>Tags as they are kept: in lower case, each once.</summary>
    /// <exception cref="TicketActException">One is longer than 40 characters, or there are too many.</exception>
    internal static IReadOnlyList<string> TagsOf(IReadOnlyList<string> tags)
    {
        IReadOnlyList<string> kept = [.. tags.Select(static tag => tag.Trim().ToLowerInvariant()).Where(static tag => tag.Length > 0).Distinct()];
        return kept.Count > MaxListed || kept.Any(static tag => tag.Length > 40)
            ? throw new TicketActException("tags", $"At most {MaxListed} tags of at most 40 characters, please.")
            : kept;
    }
}
