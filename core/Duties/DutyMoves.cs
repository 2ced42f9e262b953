using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Duties;

/// <summary>Who does something to an occurrence.</summary>
/// <param name="Id">The id of a person of the plan, of a guest, or <c>operator</c>.</param>
/// <param name="Person">The person of the plan; null for the machine's operator.</param>
/// <param name="IsAdministrator">True where they may do what administrators may.</param>
public sealed record DutyActor(string Id, Person? Person, bool IsAdministrator);

/// <summary>What time and people do to an occurrence. Pure.</summary>
public static class DutyMoves
{
    /// <summary>A reminder is sent so long before it is due.</summary>
    public static readonly TimeSpan Reminder = TimeSpan.FromDays(1);

    /// <summary>What is to be said or opened at an instant and was not yet, in order.</summary>
    public static IReadOnlyList<DutyNoticeKind> Due(DutyOccurrence occurrence, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(occurrence);
        if (occurrence.State != DutyState.Open)
        {
            return occurrence.Ticket is not null && !Has(occurrence, DutyNoticeKind.Answered) ? [DutyNoticeKind.Answered] : [];
        }

        return [.. Moments(occurrence).Where(moment => moment.At <= now && now < moment.Until).Select(static moment => moment.Kind)];
    }

    /// <summary>When something is next to be said or opened, seen from an instant (UTC); null where nothing is.</summary>
    public static DateTimeOffset? Next(DutyOccurrence occurrence, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(occurrence);
        return occurrence.State != DutyState.Open ? null : Moments(occurrence).Where(moment => now < moment.Until).Select(static moment => (DateTimeOffset?)moment.At).Min();
    }

    /// <summary>True for whoever owes it: its owner, its deputy, or somebody of a role that is one of them.</summary>
    public static bool Owes(Duty duty, Person person)
    {
        ArgumentNullException.ThrowIfNull(duty);
        ArgumentNullException.ThrowIfNull(person);
        return Is(person, duty.Owner) || (duty.Deputy is { } deputy && Is(person, deputy));
    }

    /// <summary>Why somebody may not do it; null where they may.</summary>
    public static string? WhyNotDo(OperationsPlan plan, DutyOccurrence occurrence, DutyActor actor)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(occurrence);
        ArgumentNullException.ThrowIfNull(actor);

        // Whoever owed it may have left: then it is done by those who owe the duty now, or by the owner of the system, who is told of it in their place.
        var isLeft = plan.Resolve(Named(occurrence.Terms)).Count == 0;
        return actor.IsAdministrator || (actor.Person is { } person && (Owes(occurrence.Terms, person)
                || (isLeft && (person.Id == plan.System.Owner || plan.Duties.Any(duty => duty.Id == occurrence.Terms.Id && Owes(duty, person))))))
            ? null
            : $"It is owed by {Owners(occurrence.Terms)}; they or an administrator say that it is done.";
    }

    /// <summary>Why somebody may not skip it; null where they may. Nobody lets themselves off who alone owes it, unless they answer for everything anyway.</summary>
    public static string? WhyNotSkip(OperationsPlan plan, DutyOccurrence occurrence, DutyActor actor)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(occurrence);
        ArgumentNullException.ThrowIfNull(actor);
        return actor.IsAdministrator ? null
            : plan.Duties.All(duty => duty.Id != occurrence.Terms.Id) ? "The duty is no longer in the plan; an administrator closes what it left."
            : actor.Person?.Id != plan.System.Owner ? "The owner of the system or an administrator may skip it."
            : plan.Resolve(Named(occurrence.Terms)) is { Count: > 0 } owing && owing.All(person => person.Id == actor.Id) ? "Who alone owes a duty does not skip it; an administrator may."
            : null;
    }

    /// <summary>Which kinds of evidence are still missing; empty where it can be done.</summary>
    public static IReadOnlyList<EvidenceKind> Missing(DutyOccurrence occurrence, IEnumerable<DutyEvidence> more)
    {
        ArgumentNullException.ThrowIfNull(occurrence);
        ArgumentNullException.ThrowIfNull(more);
        var given = occurrence.Evidence.Concat(more).Select(static one => one.Kind).ToHashSet();
        return [.. occurrence.Terms.Evidence.Where(kind => !given.Contains(kind))];
    }

    /// <summary>Who is told of it: its owner, and the deputy where nobody of the owner's is there; the owner of the system where the plan knows neither any more.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="duty">The terms.</param>
    /// <param name="date">The local date.</param>
    /// <returns>Ids of people.</returns>
    public static IReadOnlyList<string> Told(OperationsPlan plan, Duty duty, LocalDate date)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(duty);
        var owners = plan.Resolve([duty.Owner]);
        List<Person> told = [.. owners];
        if (duty.Deputy is { } deputy && owners.All(person => person.IsAway(date)))
        {
            told.AddRange(plan.Resolve([deputy]));
        }

        return told.Count > 0 ? [.. told.Select(static person => person.Id).Distinct()] : [plan.System.Owner];
    }

    /// <summary>The owner and the deputy, as the plan names them.</summary>
    public static IReadOnlyList<string> Named(Duty duty)
    {
        ArgumentNullException.ThrowIfNull(duty);
        return duty.Deputy is { } deputy ? [duty.Owner, deputy] : [duty.Owner];
    }

    private static string Owners(Duty duty) => string.Join(" or ", Named(duty));

    private static bool Is(Person person, string named) => person.Id == named || person.Roles.Contains(named);

    private static bool Has(DutyOccurrence occurrence, DutyNoticeKind kind) => occurrence.Notices.Any(notice => notice.Kind == kind);

    /// <summary>What is still to be said, from when on and before when it has a point: after a long downtime nobody is reminded of tomorrow.</summary>
    private static IEnumerable<(DutyNoticeKind Kind, DateTimeOffset At, DateTimeOffset Until)> Moments(DutyOccurrence occurrence)
    {
        var (terms, overdue) = (occurrence.Terms, occurrence.OverdueAfter.AddTicks(1));
        if (!Has(occurrence, DutyNoticeKind.Overdue))
        {
            if (!Has(occurrence, DutyNoticeKind.Opened))
            {
                yield return (DutyNoticeKind.Opened, occurrence.OpenedAt, overdue);
            }

            // Who was told less than a day before it was due has been reminded by that.
            if (terms.Lead > Reminder && occurrence.OpenedAt < occurrence.DueAt - Reminder && !Has(occurrence, DutyNoticeKind.Reminder))
            {
                yield return (DutyNoticeKind.Reminder, occurrence.DueAt - Reminder, occurrence.DueAt);
            }

            yield return (DutyNoticeKind.Overdue, overdue, DateTimeOffset.MaxValue);
        }

        if (terms.Overdue?.Escalate is { } escalate && !Has(occurrence, DutyNoticeKind.Escalated))
        {
            yield return (DutyNoticeKind.Escalated, overdue + escalate.After, DateTimeOffset.MaxValue);
        }
    }
}
