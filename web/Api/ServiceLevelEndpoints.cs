using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>A ticket's clocks, accounted for.</summary>
/// <param name="Ticket">Its id; null for events that belong to none.</param>
/// <param name="Now">Until when time has passed (UTC).</param>
/// <param name="Events">What the clocks count from.</param>
/// <param name="Clocks">The response, then the resolution.</param>
public sealed record TicketClocks(string? Ticket, DateTimeOffset Now, IReadOnlyList<ClockEvent> Events, IReadOnlyList<ClockExplanation> Clocks)
{
    /// <summary>Accounts for both clocks.</summary>
    public static TicketClocks Of(OperationsPlan plan, string? ticket, IReadOnlyList<ClockEvent> events, DateTimeOffset now) =>
        new(ticket, now, events, [.. Enum.GetValues<ServiceTarget>().Select(target => ClockExplanation.Of(plan, events, target, now))]);
}

/// <summary>Service-level clocks.</summary>
public sealed class ServiceLevelEndpoints(TicketService tickets, ActivePlan plan, TimeProvider time)
{
    /// <summary>Accounts for the clocks of a ticket.</summary>
    public async Task<IResult> ClockAsync(HttpContext http)
    {
        var ticket = await FindAsync(http);
        return Requests.Ok(TicketClocks.Of(plan.Current, ticket.Id, ticket.Clock, time.GetUtcNow()));
    }

    /// <summary>The page of a ticket's clocks.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var ticket = await FindAsync(http);
        return new PageResult<TicketClockPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Ticket"] = ticket,
            ["Clocks"] = TicketClocks.Of(plan.Current, ticket.Id, ticket.Clock, time.GetUtcNow()),
        });
    }

    private async Task<Ticket> FindAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        var isId = id.Length is > 2 and <= 20 && id.StartsWith("T-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;
        return (isId ? await tickets.FindAsync(id, http.RequestAborted) : null)?.Value ?? throw HttpProblemException.NotFound($"There is no ticket '{(id.Length > 40 ? id[..40] : id)}'.");
    }
}
