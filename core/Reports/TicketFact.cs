using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using NodaTime;

namespace Maintenance.Reports;

/// <summary>What reports count of a ticket. Instants are UTC; service time is that of its clocks.</summary>
/// <param name="Ticket">Its id.</param>
/// <param name="Month">In which it was opened, in the plan's zone: <c>2026-11</c>.</param>
/// <param name="Type">What it is.</param>
/// <param name="Service">The id of its service.</param>
/// <param name="Priority">The id of its priority.</param>
/// <param name="Team">The id of its team.</param>
/// <param name="Assignee">The id of the person who has it, or had it last.</param>
/// <param name="State">Where it stands.</param>
/// <param name="OpenedAt">When.</param>
/// <param name="RespondedAt">When, or null.</param>
/// <param name="ResolvedAt">When, or null.</param>
/// <param name="Response">The service time until the answer; null until there is one.</param>
/// <param name="Resolution">The service time until the solution; null until there is one.</param>
/// <param name="ResponseMissed">True where missed, false where met; null while it is open and in time, and where the plan has no target for the priority.</param>
/// <param name="ResolutionMissed">The same.</param>
/// <param name="Reopened">How often it was reopened.</param>
/// <param name="IsFirstContact">True where the first answer was the solution, the ticket was never given from one person to another, and never reopened.</param>
public sealed record TicketFact(
    string Ticket, string Month, TicketType Type, string? Service, string Priority, string? Team, string? Assignee, TicketState State, DateTimeOffset OpenedAt, DateTimeOffset? RespondedAt,
    DateTimeOffset? ResolvedAt, TimeSpan? Response, TimeSpan? Resolution, bool? ResponseMissed, bool? ResolutionMissed, int Reopened, bool IsFirstContact)
{
    /// <summary>The fact of a ticket.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ticket">The ticket, with its history.</param>
    /// <param name="now">When (UTC).</param>
    public static TicketFact Of(OperationsPlan plan, Ticket ticket, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ticket);
        var response = ServiceLevelClock.Read(plan, ticket.Clock, ServiceTarget.Response);
        var resolution = ServiceLevelClock.Read(plan, ticket.Clock, ServiceTarget.Resolution);
        var reopened = ticket.Clock.Count(static entry => entry.Kind == ClockEventKind.Reopened);
        var holders = (ticket.History ?? []).Select(static entry => entry.To).OfType<string>().Distinct().Count();
        return new TicketFact(
            ticket.Id, MonthOf(plan, ticket.CreatedAt), ticket.Type, ticket.Service, ticket.Priority, ticket.Team, ticket.Assignee, ticket.State, ticket.CreatedAt, ticket.RespondedAt, ticket.ResolvedAt,
            response.ReachedAt is { } answered ? ServiceLevelClock.Used(plan, response, answered) : null,
            resolution.ReachedAt is { } solved ? ServiceLevelClock.Used(plan, resolution, solved) : null,
            Missed(response, now), Missed(resolution, now), reopened,
            ticket.ResolvedAt is not null && ticket.RespondedAt == ticket.ResolvedAt && reopened == 0 && holders <= 1);
    }

    /// <summary>The month of an instant in the plan's zone: <c>2026-11</c>.</summary>
    public static string MonthOf(OperationsPlan plan, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Instant.FromDateTimeOffset(at).InZone(plan.System.TimeZone).Date.ToString("uuuu-MM", null);
    }

    private static bool? Missed(ClockReading reading, DateTimeOffset now) => reading.IsMissed(now) ? true : reading.ReachedAt is null || reading.Due is null ? null : false;
}
