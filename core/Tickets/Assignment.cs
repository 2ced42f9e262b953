using Maintenance.Plan;
using Maintenance.ServiceLevels;
using NodaTime;

namespace Maintenance.Tickets;

/// <summary>What somebody has to do.</summary>
/// <param name="Open">So many open tickets are theirs.</param>
/// <param name="AssignedAt">When they were given one last (UTC); null for never.</param>
public sealed record AgentLoad(int Open, DateTimeOffset? AssignedAt)
{
    /// <summary>Nothing.</summary>
    public static AgentLoad None { get; } = new(0, null);
}

/// <summary>Who gets a ticket, and why.</summary>
/// <param name="Person">The id of the person; null where nobody fits, so that it waits in the team's queue.</param>
/// <param name="Team">The id of the team; null where the plan has none for it.</param>
/// <param name="Considered">Everybody who was looked at, in the plan's order, with the reason why not.</param>
public sealed record AssignmentChoice(string? Person, string? Team, IReadOnlyList<AssignmentCandidate> Considered);

/// <summary>Somebody who was looked at.</summary>
/// <param name="Person">Their id.</param>
/// <param name="Load">Open tickets over capacity: 0.4 for two of five.</param>
/// <param name="Refusal">Why they do not fit; null where they do.</param>
public sealed record AssignmentCandidate(string Person, double Load, string? Refusal);

/// <summary>Who gets a ticket: by skill, presence and load. Pure.</summary>
public static class Assignment
{
    /// <summary>
    /// The person of the ticket's team who knows what it takes, is on duty, and has the lowest load relative to their capacity; of several the one who was given a ticket
    /// least recently, then the plan's order. Where the plan has no team for it, everybody with the role support.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="loads">What everybody has to do, by the id of the person.</param>
    /// <param name="now">The instant (UTC).</param>
    /// <param name="refusals">Why people may not be given it, for reasons that lie outside of the plan (a training that has run out), by their ids; null for none.</param>
    public static AssignmentChoice Choose(
        OperationsPlan plan, Ticket ticket, IReadOnlyDictionary<string, AgentLoad> loads, DateTimeOffset now, IReadOnlyDictionary<string, string>? refusals = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(loads);
        var considered = new List<(Person Person, AgentLoad Load, AssignmentCandidate Candidate)>();
        foreach (var person in Candidates(plan, ticket))
        {
            var load = loads.GetValueOrDefault(person.Id, AgentLoad.None);
            var relative = person.Capacity == 0 ? 1 : (double)load.Open / person.Capacity;
            considered.Add((person, load, new AssignmentCandidate(person.Id, relative, Refusal(plan, ticket, person, load, now) ?? refusals?.GetValueOrDefault(person.Id))));
        }

        var chosen = considered
            .Where(static one => one.Candidate.Refusal is null)
            .OrderBy(static one => one.Candidate.Load)
            .ThenBy(static one => one.Load.AssignedAt ?? DateTimeOffset.MinValue)
            .Select(static one => one.Person.Id)
            .FirstOrDefault();
        return new AssignmentChoice(chosen, ticket.Team, [.. considered.Select(static one => one.Candidate)]);
    }

    /// <summary>Everybody to whom a ticket could be given at all.</summary>
    public static IEnumerable<Person> Candidates(OperationsPlan plan, Ticket ticket)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ticket);
        var team = ticket.Team is null ? null : plan.FindTeam(ticket.Team);
        return plan.People.Where(person => team is null ? person.Roles.Contains(Roles.Support) : team.Members.Contains(person.Id));
    }

    /// <summary>True where somebody is on duty: within their hours, where the plan has some, and not away.</summary>
    public static bool IsOnDuty(OperationsPlan plan, Person person, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(person);
        return Absence(plan, person, now) is null;
    }

    private static string? Refusal(OperationsPlan plan, Ticket ticket, Person person, AgentLoad load, DateTimeOffset now) =>
        !person.Roles.Contains(Roles.Support) && !person.Roles.Contains(Roles.Administrator) ? $"has not the role {Roles.Support}"
        : person.Capacity == 0 ? "takes none (capacity 0)"
        : ticket.Skills.FirstOrDefault(skill => !person.Skills.Contains(skill, StringComparer.OrdinalIgnoreCase)) is { } missing ? $"does not know {missing}"
        : Absence(plan, person, now) is { } absence ? absence
        : load.Open >= person.Capacity ? $"has {load.Open} of {person.Capacity} already"
        : null;

    private static string? Absence(OperationsPlan plan, Person person, DateTimeOffset now) =>
        person.IsAway(Instant.FromDateTimeOffset(now).InZone(plan.System.TimeZone).LocalDateTime) ? plan.DeputyOf(person, now) is { } deputy ? $"is away; {deputy.Name} stands in" : "is away"
        : person.Hours is { } hours && !ServiceClock.IsOpen(plan.Calendar(hours), now) ? "is off duty"
        : null;
}
