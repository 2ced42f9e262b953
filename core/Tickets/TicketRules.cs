using Maintenance.Plan;
using Maintenance.ServiceLevels;

namespace Maintenance.Tickets;

/// <summary>How a ticket begins and moves on. Pure: data and an instant in, data out.</summary>
public static class TicketRules
{
    /// <summary>A new ticket with its priority and due times by the plan.</summary>
    public static Ticket Open(OperationsPlan plan, string id, NewTicket request)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(request);
        var priority = plan.Priorities.Of(request.Impact, request.Urgency);
        var target = plan.ServiceLevels.For(priority) ?? throw new KeyNotFoundException($"The plan has no target for the priority '{priority}'.");
        var calendar = plan.Calendar(target.Calendar);
        var start = request.CreatedAt.ToUniversalTime();
        return new Ticket(
            id,
            request.Type,
            TicketState.New,
            request.Title,
            request.Description,
            request.Service,
            request.Impact,
            request.Urgency,
            priority,
            request.Requester,
            start,
            ServiceClock.Due(calendar, start, target.Response),
            ServiceClock.Due(calendar, start, target.Resolution),
            null,
            null,
            request.FeedbackReference,
            [],
            [new TicketEvent(start, "system", $"Opened with priority {priority} (impact {request.Impact}, urgency {request.Urgency}).")]);
    }

    /// <summary>Somebody answered. The first answer stops the response clock; a later one is only noted; one that was noted by its key changes nothing.</summary>
    /// <exception cref="TicketStateException">The ticket is resolved.</exception>
    public static Ticket Respond(Ticket ticket, string by, string text, DateTimeOffset now, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        return IsDone(ticket, by, key) ? ticket : ticket.IsOpen
            ? ticket with
            {
                State = TicketState.InProgress,
                RespondedAt = ticket.RespondedAt ?? now,
                History = [.. ticket.History, new TicketEvent(now, by, "Answered.", text, key)],
            }
            : throw new TicketStateException($"{ticket.Id} is resolved since {ticket.ResolvedAt:u}; there is nothing to answer.");
    }

    /// <summary>Somebody solved it. That answers it as well, where nobody has; a solution that was noted by its key changes nothing.</summary>
    /// <exception cref="TicketStateException">The ticket is resolved already.</exception>
    public static Ticket Resolve(Ticket ticket, string by, string text, DateTimeOffset now, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        return IsDone(ticket, by, key) ? ticket : ticket.IsOpen
            ? ticket with
            {
                State = TicketState.Resolved,
                RespondedAt = ticket.RespondedAt ?? now,
                ResolvedAt = now,
                History = [.. ticket.History, new TicketEvent(now, by, "Resolved.", text, key)],
            }
            : throw new TicketStateException($"{ticket.Id} is resolved already, since {ticket.ResolvedAt:u}.");
    }

    private static bool IsDone(Ticket ticket, string by, string? key) => key is not null && ticket.History.Any(entry => entry.By == by && entry.Key == key);

    /// <summary>A breach, or a higher level of one, is noted. Noting it again changes nothing.</summary>
    public static Ticket Escalate(Ticket ticket, ServiceTarget target, DateTimeOffset dueAt, int level, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var known = ticket.Breaches.FirstOrDefault(breach => breach.Target == target);
        if (known is not null && known.Level >= level)
        {
            return ticket;
        }

        var name = target == ServiceTarget.Response ? "response" : "resolution";
        var events = new List<TicketEvent>(ticket.History);
        if (known is null)
        {
            events.Add(new TicketEvent(now, "system", $"The {name} target was missed (due {dueAt:u})."));
        }

        if (level > 0)
        {
            events.Add(new TicketEvent(now, "system", $"Escalated to level {level} for the missed {name} target."));
        }

        return ticket with
        {
            Breaches = [.. ticket.Breaches.Where(breach => breach.Target != target), (known ?? new Breach(target, dueAt, now, 0)) with { Level = level }],
            History = events,
        };
    }
}

/// <summary>What a new ticket is made from.</summary>
public sealed record NewTicket(
    TicketType Type, string Title, string Description, string? Service, string Impact, string Urgency, string? Requester, string? FeedbackReference, DateTimeOffset CreatedAt);

/// <summary>The ticket's state does not allow it.</summary>
public sealed class TicketStateException(string message) : Exception(message);
