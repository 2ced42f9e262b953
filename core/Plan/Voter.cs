using System.Globalization;
using NodaTime;

namespace Maintenance.Plan;

/// <summary>A person of the plan, as far as one vote goes.</summary>
/// <param name="Person">The person's id.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Standing">Whether they may vote.</param>
/// <param name="Why">Why not, or what is to be known of them; null where they may and nothing is.</param>
public sealed record Voter(string Person, string Name, VoterStanding Standing, string? Why)
{
    /// <summary>True where their vote is still open: they may cast it, and have not.</summary>
    public bool IsAwaited => Standing is VoterStanding.MayVote or VoterStanding.Away;

    /// <summary>Why somebody is away at an instant (UTC); null where they are not.</summary>
    public static string? Absence(OperationsPlan plan, Person person, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(person);
        var local = Instant.FromDateTimeOffset(now).InZone(plan.System.TimeZone).LocalDateTime;
        return person.Absences.FirstOrDefault(absence => absence.Covers(local)) is not { } absence ? null
            : $"is away until {(absence.Part == DayPart.Morning ? "noon of " : "")}{absence.To.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)}{(plan.DeputyOf(person, now) is { } deputy ? $"; {deputy.Name} stands in" : "")}";
    }
}

/// <summary>Whether somebody may vote.</summary>
public enum VoterStanding
{
    /// <summary>May, and has not.</summary>
    MayVote,

    /// <summary>May, has not, and is away today.</summary>
    Away,

    /// <summary>Has voted; may vote otherwise until there is a decision.</summary>
    Voted,

    /// <summary>Asked for it: nobody passes their own work.</summary>
    Requester,

    /// <summary>Does it: nobody passes their own work.</summary>
    Implementer,

    /// <summary>Has none of the roles that vote.</summary>
    WrongRole,

    /// <summary>It is decided: nobody votes any more.</summary>
    Closed,
}
