using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Web.Http;

namespace Maintenance.Web.Pages;

/// <summary>What tickets are and do, in words.</summary>
public static class TicketLabels
{
    /// <summary>A type.</summary>
    public static string Of(TicketType type) => type switch
    {
        TicketType.ServiceRequest => "service request",
        TicketType.ChangeRequest => "change request",
        TicketType.FeatureRequest => "feature request",
        TicketType.DebtItem => "debt item",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>Where it stands, and for whom it waits.</summary>
    public static string State(Ticket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        return ticket switch
        {
            { State: TicketState.Waiting, WaitingFor: { } whom } => $"waiting for the {Of(whom)}",
            { IsOpen: false, Resolution: { } how and not TicketResolution.Solved } => $"{Words.Of(ticket.State)} ({Of(how)})",
            _ => Words.Of(ticket.State),
        };
    }

    /// <summary>For whom.</summary>
    public static string Of(WaitingFor whom) => whom == WaitingFor.Supplier ? "supplier" : "requester";

    /// <summary>How it was solved.</summary>
    public static string Of(TicketResolution resolution) => resolution switch
    {
        TicketResolution.NotReproducible => "not reproducible",
        TicketResolution.Workaround => "a way around it",
        _ => resolution.ToString().ToLowerInvariant(),
    };

    /// <summary>What a link says.</summary>
    public static string Of(TicketLinkKind kind) => kind switch
    {
        TicketLinkKind.DuplicateOf => "duplicate of",
        TicketLinkKind.CausedBy => "caused by",
        _ => "blocked by",
    };

    /// <summary>Who it was, or is.</summary>
    public static string Who(OperationsPlan plan, string id)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.FindPerson(id)?.Name ?? id switch { "requester" => "Requester", "system" => "System", "operator" => "Operator of this machine", _ => id };
    }

    /// <summary>An answer filled in for a ticket.</summary>
    public static string Fill(OperationsPlan plan, AnswerTemplate template, Ticket ticket, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(caller);
        return template.Fill(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["requester"] = ticket.Requester is { } requester && requester != "requester" ? Who(plan, requester) : null,
            ["ticket"] = ticket.Id,
            ["title"] = ticket.Title,
            ["service"] = ticket.Service is { } service ? plan.FindService(service)?.Name ?? service : null,
            ["me"] = caller.Name,
            ["organisation"] = plan.System.Organisation,
        });
    }
}
