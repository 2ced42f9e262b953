using System.Globalization;
using Maintenance.Plan;
using Maintenance.Resources;
using Maintenance.ServiceLevels;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Calendars;

/// <summary>
/// Who is on duty, until when, and who comes next: from people's hours and absences, as tickets and escalations see it (<see cref="Tickets.Assignment.IsOnDuty"/>). Pure.
/// </summary>
public static class DutyRoster
{
    /// <summary>How far is looked ahead.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(92);

    /// <summary>Who is on duty at an instant.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="at">When (UTC).</param>
    public static OnDuty At(OperationsPlan plan, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(plan);
        at = at.ToUniversalTime();
        var end = at + Horizon;
        var shifts = plan.People.ToDictionary(static person => person.Id, person => Shifts(plan, person, at, end), StringComparer.Ordinal);
        var local = Instant.FromDateTimeOffset(at).InZone(plan.System.TimeZone).LocalDateTime;
        return new OnDuty(
            at,
            [.. Exceptions(plan, shifts, at)],
            [
                .. plan.People.Select(person => At(plan, person, shifts[person.Id], at, end, local)),
            ],
            [.. plan.People.SelectMany(static person => person.Roles).Distinct().Select(role => Group(role, role, plan.InRole(role), shifts, at, end))],
            [.. plan.Teams.Select(team => Group(team.Id, team.Name, plan.People.Where(person => team.Members.Contains(person.Id)), shifts, at, end))],
            [.. plan.Support.Channels.Select(channel => Channel(plan, channel, at, end))]);
    }

    /// <summary>When somebody is on duty in <c>[from, to)</c>: in order, none touching the next.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="person">The person.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The first instant after the range.</param>
    public static IReadOnlyList<DutyShift> Shifts(OperationsPlan plan, Person person, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(person);
        var open = person.Hours is { } hours ? Open(plan.Calendar(hours), from, to) : [new DutyShift(from.ToUniversalTime(), to.ToUniversalTime())];

        // An absence takes local dates of the system's zone, or halves of one, whichever zone the person lives in.
        var zone = plan.System.TimeZone;
        foreach (var absence in person.Absences)
        {
            var time = Capacity.Time(absence, zone);
            var away = new DutyShift(time.From, time.To);
            open = [.. open.SelectMany(shift => Without(shift, away))];
        }

        return open;
    }

    private static IReadOnlyList<DutyShift> Open(ServiceCalendar calendar, DateTimeOffset from, DateTimeOffset to)
    {
        var shifts = new List<DutyShift>();
        foreach (var span in calendar.Spans(Instant.FromDateTimeOffset(from)).TakeWhile(span => span.Start < Instant.FromDateTimeOffset(to)))
        {
            var (start, end) = (span.Start.ToDateTimeOffset(), Earlier(span.End, to));
            if (shifts.Count > 0 && shifts[^1].End >= start)
            {
                shifts[^1] = shifts[^1] with { End = end > shifts[^1].End ? end : shifts[^1].End };
            }
            else
            {
                shifts.Add(new DutyShift(start, end));
            }
        }

        return shifts;
    }

    private static IEnumerable<DutyShift> Without(DutyShift shift, DutyShift away)
    {
        if (away.End <= shift.Start || shift.End <= away.Start)
        {
            yield return shift;
            yield break;
        }

        if (shift.Start < away.Start)
        {
            yield return shift with { End = away.Start };
        }

        if (away.End < shift.End)
        {
            yield return shift with { Start = away.End };
        }
    }

    private static DutyGroup Group(string id, string name, IEnumerable<Person> members, Dictionary<string, IReadOnlyList<DutyShift>> shifts, DateTimeOffset at, DateTimeOffset end)
    {
        List<Person> people = [.. members];
        var now = people.Where(person => IsOn(shifts[person.Id], at)).OrderByDescending(person => shifts[person.Id][0].End).Select(static person => person.Id).ToList();
        var next = people.Where(person => !now.Contains(person.Id) && shifts[person.Id].Count > 0).MinBy(person => shifts[person.Id][0].Start);

        // As long as somebody is there whose shift goes on past what is covered so far, it is covered until that shift ends.
        var covered = at;
        foreach (var shift in people.SelectMany(person => shifts[person.Id]).OrderBy(static shift => shift.Start))
        {
            if (shift.Start > covered)
            {
                break;
            }

            covered = shift.End > covered ? shift.End : covered;
        }

        return new DutyGroup(id, name, now, next?.Id, next is null ? null : shifts[next.Id][0].Start, covered < end ? covered : null);
    }

    private static StaffedChannel Channel(OperationsPlan plan, SupportChannel channel, DateTimeOffset at, DateTimeOffset end)
    {
        var calendar = plan.Calendar(channel.Hours);
        var open = Open(calendar, at, end);
        return new StaffedChannel(
            channel.Id, channel.Name, channel.Kind, channel.Address, IsOn(open, at), Change(open, at, end), calendar.HolidayAt(Instant.FromDateTimeOffset(at)));
    }

    /// <summary>Nobody at all; and what is urgent and would reach nobody who is awake for it.</summary>
    private static IEnumerable<string> Exceptions(OperationsPlan plan, Dictionary<string, IReadOnlyList<DutyShift>> shifts, DateTimeOffset at)
    {
        if (!plan.People.Any(person => IsOn(shifts[person.Id], at)))
        {
            yield return "Nobody in the plan is on duty.";
        }

        foreach (var chain in plan.ServiceLevels.Escalations)
        {
            foreach (var (index, level) in chain.Levels.Index().Where(static one => one.Item.IsUrgent))
            {
                var audience = EscalationRules.Whom(plan, chain, index + 1, at);
                if (audience.Note is not null && !audience.People.Any(person => IsOn(shifts[person], at)))
                {
                    yield return $"An urgent notice of level {(index + 1).ToString(CultureInfo.InvariantCulture)} of '{chain.Id}' finds nobody on duty: neither {string.Join(", ", level.Notify)} nor anybody after them.";
                }
            }
        }
    }

    /// <summary>The local time at which somebody is there again; null where they are, or where nobody can tell.</summary>
    private static LocalDateTime? AwayUntil(Person person, LocalDateTime at)
    {
        // Absences that overlap or follow one another are one; a morning and the day after it are not.
        LocalDateTime? until = null;
        for (var time = at; person.Absences.FirstOrDefault(absence => absence.Covers(time)) is { } absence; time = until.Value)
        {
            until = absence.Ends;
            if (absence.To == LocalDate.MaxIsoValue)
            {
                return until;
            }
        }

        return until;
    }

    private static DutyPerson At(OperationsPlan plan, Person person, IReadOnlyList<DutyShift> shifts, DateTimeOffset at, DateTimeOffset end, LocalDateTime local)
    {
        var until = AwayUntil(person, local);
        return new DutyPerson(
            person.Id, person.Name, person.Phone, person.Email, person.Roles, IsOn(shifts, at), Change(shifts, at, end),
            until is { } back ? (back.Hour < 12 ? back.Date == LocalDate.MaxIsoValue ? back.Date : back.Date.PlusDays(-1) : back.Date).ToString("uuuu-MM-dd", CultureInfo.InvariantCulture) : null)
        {
            IsUntilNoon = until?.Hour == 12,
            Deputy = plan.DeputyOf(person, at)?.Name,
        };
    }

    private static bool IsOn(IReadOnlyList<DutyShift> shifts, DateTimeOffset at) => shifts.Count > 0 && shifts[0].Start <= at;

    private static DateTimeOffset? Change(IReadOnlyList<DutyShift> shifts, DateTimeOffset at, DateTimeOffset end) =>
        shifts.Count == 0 ? null : !IsOn(shifts, at) ? shifts[0].Start : shifts[0].End < end ? shifts[0].End : null;

    private static DateTimeOffset Earlier(Instant end, DateTimeOffset limit) => end < Instant.FromDateTimeOffset(limit) ? end.ToDateTimeOffset() : limit.ToUniversalTime();
}

/// <summary>A stretch of duty: half-open, <c>[Start, End)</c> (UTC).</summary>
public sealed record DutyShift(DateTimeOffset Start, DateTimeOffset End);
