using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.ServiceLevels;

/// <summary>Who is told.</summary>
/// <param name="People">The ids of people.</param>
/// <param name="Note">Why others than the level names are told; null where those are.</param>
public sealed record EscalationAudience(IReadOnlyList<string> People, string? Note);

/// <summary>Whom a level of a chain reaches. Pure.</summary>
public static class EscalationRules
{
    /// <summary>
    /// Those of the level who are on duty. Where nobody is: those of its fallback, then of each level above, who are. Where nobody at all is on duty, everybody of the level
    /// and its fallback: a mail that waits until somebody comes is better than none.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="level">From 1.</param>
    /// <param name="now">When (UTC).</param>
    public static EscalationAudience Whom(OperationsPlan plan, EscalationChain chain, int level, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(chain);
        var own = chain.Levels[level - 1];
        if (OnDuty(own.Notify) is { Count: > 0 } there)
        {
            return new EscalationAudience(there, null);
        }

        var nobody = $"Nobody of {string.Join(", ", own.Notify)} is on duty";
        if (OnDuty(own.Fallback) is { Count: > 0 } instead)
        {
            return new EscalationAudience(instead, $"{nobody}; told instead: {string.Join(", ", own.Fallback)}.");
        }

        for (var above = level + 1; above <= chain.Levels.Count; above++)
        {
            if (OnDuty(chain.Levels[above - 1].Notify) is { Count: > 0 } higher)
            {
                return new EscalationAudience(higher, $"{nobody}; told instead: level {above}.");
            }
        }

        return new EscalationAudience([.. plan.Resolve(own.Notify.Concat(own.Fallback)).Select(static person => person.Id)], $"{nobody}, nor anybody else whom the chain names; all of them were told.");

        IReadOnlyList<string> OnDuty(IEnumerable<string> recipients) =>
            [.. plan.Resolve(recipients).Where(person => Assignment.IsOnDuty(plan, person, now)).Select(static person => person.Id)];
    }

    /// <summary>Whom a warning reaches: whoever has the ticket; where nobody has it, those on duty to whom it could be given, then its team's lead.</summary>
    public static IReadOnlyList<string> Warned(OperationsPlan plan, Ticket ticket, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ticket);
        return ticket.Assignee is { } assignee && plan.FindPerson(assignee) is not null ? [assignee]
            : Assignment.Candidates(plan, ticket).Where(person => Assignment.IsOnDuty(plan, person, now)).Select(static person => person.Id).ToList() is { Count: > 0 } there ? there
            : ticket.Team is { } team && plan.FindTeam(team) is { } found ? [found.Lead]
            : [.. Assignment.Candidates(plan, ticket).Select(static person => person.Id)];
    }
}
