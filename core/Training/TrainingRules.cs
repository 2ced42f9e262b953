using Maintenance.Plan;

namespace Maintenance.Training;

/// <summary>Who is trained, until when, and what that gates. Pure.</summary>
public static class TrainingRules
{
    /// <summary>The most people of one session.</summary>
    public const int MostAttendance = 90;

    /// <summary>The longest name of a trainer or place.</summary>
    public const int MostText = 200;

    /// <summary>The people of whom a programme is asked, in the plan's order of its audience.</summary>
    public static IReadOnlyList<Person> Audience(OperationsPlan plan, TrainingProgramme programme)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(programme);
        return plan.Resolve(programme.Audience);
    }

    /// <summary>Where somebody stands at an instant (UTC). A result counts from its session's beginning, whenever it was recorded.</summary>
    /// <param name="programme">The programme.</param>
    /// <param name="person">The id of the person.</param>
    /// <param name="record">What they have of it; null where they were not seen in its audience yet, so that their time begins now.</param>
    /// <param name="warning">How long before it runs out they are told.</param>
    /// <param name="now">The instant (UTC).</param>
    public static TrainingStanding Standing(TrainingProgramme programme, string person, TrainingRecord? record, TimeSpan warning, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(programme);
        var held = (record?.Results ?? []).Where(result => result.At <= now).ToList();
        var latest = held.MaxBy(static result => result.At);
        if (held.Where(static result => result.IsPassed).MaxBy(static result => result.At) is { } passed)
        {
            var until = passed.At + programme.Valid;
            return new(person, now >= until ? TrainingState.Expired : now >= until - warning ? TrainingState.Expiring : TrainingState.Valid, until, latest);
        }

        var by = (record?.RequiredSince ?? now) + programme.Within;
        return new(person, now >= by ? TrainingState.Overdue : TrainingState.Due, by, latest);
    }

    /// <summary>The record with a result in the place of an earlier one of the same session; without one where nobody says any more that they were there.</summary>
    public static TrainingRecord With(TrainingRecord record, string session, TrainingResult? result)
    {
        ArgumentNullException.ThrowIfNull(record);
        var others = record.Results.Where(one => one.Session != session);
        return record with { Results = [.. (result is null ? others : others.Append(result)).OrderBy(static one => one.At).ThenBy(static one => one.Session, StringComparer.Ordinal).TakeLast(TrainingRecord.MostResults)] };
    }

    /// <summary>What comes of a session for somebody who was there: where they have the same score still, what it came to when it was recorded, whatever the pass mark is by now.</summary>
    public static TrainingResult Result(TrainingProgramme programme, TrainingRecord? record, TrainingSession session, Attendance there, string by)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(there);
        return record?.Results.FirstOrDefault(one => one.Session == session.Id && one.Score == there.Score)
            ?? new TrainingResult(session.Id, session.At, there.Score, IsPassed(programme, there.Score), by);
    }

    /// <summary>Whom a form of a session offers, as many as one may have: who was there, then who needs it, then the others of the audience.</summary>
    public static IReadOnlyList<string> Offered(IReadOnlyList<TrainingStanding> people, TrainingSession session)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(session);
        return
        [
            .. session.Attendance.Select(static one => one.Person).Union(people.OrderBy(static one => one.State == TrainingState.Valid).Select(static one => one.Person), StringComparer.Ordinal).Take(MostAttendance),
        ];
    }

    /// <summary>True where being there with this score counts.</summary>
    public static bool IsPassed(TrainingProgramme programme, int? score)
    {
        ArgumentNullException.ThrowIfNull(programme);
        return programme.PassMark is not { } mark || score >= mark;
    }

    /// <summary>The attendance of a session, as it is kept: each person once, in order of their ids.</summary>
    /// <exception cref="TrainingException">Nobody is named, somebody is named twice or is not in the plan, a score is none or is missing, the session is to come or cancelled.</exception>
    public static IReadOnlyList<Attendance> Attendance(OperationsPlan plan, TrainingProgramme programme, TrainingSession session, IReadOnlyList<Attendance> said, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(programme);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(said);
        if (session.Cancelled is not null)
        {
            throw new TrainingException("session", $"{session.Id} was cancelled. Plan another session, and record it there.");
        }

        if (session.At > now)
        {
            throw new TrainingException("session", $"{session.Id} has not begun yet: who was there is recorded afterwards.");
        }

        if (said.Count == 0)
        {
            throw new TrainingException("attendance", "Name who was there; a session at which nobody was is cancelled.");
        }

        if (said.Count > MostAttendance)
        {
            throw new TrainingException("attendance", $"A session has at most {MostAttendance} people; record the others in a second one.");
        }

        if (said.FirstOrDefault(one => plan.FindPerson(one.Person) is null && session.Attendance.All(there => there.Person != one.Person)) is { } stranger)
        {
            var name = stranger.Person.Length > 40 ? stranger.Person[..40] : stranger.Person;
            throw new TrainingException("attendance", $"The plan has no person '{name}'. {Nearest.Hint(name, plan.People.Select(static person => person.Id))}".TrimEnd());
        }

        if (said.GroupBy(static one => one.Person).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            throw new TrainingException("attendance", $"'{twice.Key}' is named twice.");
        }

        if (said.FirstOrDefault(static one => one.Score is < 0 or > 100) is { } wrong)
        {
            throw new TrainingException("attendance", $"The score of '{wrong.Person}' is {wrong.Score}; a score is a whole number from 0 to 100.");
        }

        // Whoever was recorded while there was no assessment stays without a score.
        return programme.PassMark is { } mark && said.FirstOrDefault(one => one.Score is null && !session.Attendance.Contains(one)) is { } missing
            ? throw new TrainingException("attendance", $"The score of '{missing.Person}' is missing: the programme is passed with {mark} % in its assessment.")
            : [.. said.OrderBy(static one => one.Person, StringComparer.Ordinal)];
    }

    /// <summary>The programmes without which nobody is offered for a ticket.</summary>
    public static IReadOnlyList<TrainingProgramme> Gates(OperationsPlan plan, string? service, IEnumerable<string> skills)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var asked = skills.ToList();
        return
        [
            .. plan.Training.Programmes.Where(programme =>
                (service is not null && programme.GatedServices.Contains(service)) || programme.GatedSkills.Any(skill => asked.Contains(skill, StringComparer.OrdinalIgnoreCase))),
        ];
    }

    /// <summary>What somebody is told of, as a text that changes with each state and date that they should hear of; null where there is nothing to tell.</summary>
    public static string? Tellable(TrainingStanding standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        return standing.State is TrainingState.Valid or TrainingState.Due ? null : $"{standing.State}/{standing.Until.UtcDateTime:yyyy-MM-dd}";
    }
}
