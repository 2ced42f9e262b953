using Maintenance.Duties;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>duties</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class DutyRules
{
    /// <summary>A procedure is read by people.</summary>
    public const int MaxProcedureBytes = 256 * 1024;

    private const int Looked = 60;
    private static readonly LocalDateTime Start = new(2026, 1, 1, 0, 0);
    private static readonly TimeSpan Shortest = TimeSpan.FromHours(1);

    /// <summary>Reads the procedures that duties name: they belong to the plan, and are stored with it.</summary>
    public static OperationsPlan Include(OperationsPlan plan, PlanIncludes includes, PlanReading reading)
    {
        for (var i = 0; reading.IsSound("duties") && i < plan.Duties.Count; i++)
        {
            if (plan.Duties[i].Procedure is { } path && includes.Read(path, MaxProcedureBytes, out var problem) is null)
            {
                reading.Report(PlanProblemSeverity.Error, $"duties[{i}].procedure", $"{path}: {problem}", "Write the procedure there, or take this line out.");
            }
        }

        return plan;
    }

    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Duties.Count; i++)
        {
            var (duty, path) = (plan.Duties[i], $"duties[{i}]");
            if (CheckFields(duty, path, reading))
            {
                CheckDates(plan, duty, path, reading);
            }

            CheckPeople(plan, duty, path, reading);
        }
    }

    private static bool CheckFields(Duty duty, string path, PlanReading reading)
    {
        if (duty.Rhythm.Every is { } every && every.Count == 0)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.every", "it is never due again.", "Write at least 1.");
            return false;
        }

        if (duty.Rhythm.Every is { From.Year: < 1970 or > 2199 })
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.every.from", "it is far from any date that is planned for.", "Write a date from 1970 to 2199.");
            return false;
        }

        for (var i = 0; i < duty.Evidence.Count; i++)
        {
            if (duty.Evidence.Take(i).Contains(duty.Evidence[i]))
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}.evidence[{i}]", "it is asked for twice.", "Keep one of them.");
            }
        }

        if (duty.Evidence.Count == 0)
        {
            reading.Report(PlanProblemSeverity.Warning, path, "it counts as done without anything to show.", "Add evidence: [text], at least.");
        }

        return true;
    }

    private static void CheckDates(OperationsPlan plan, Duty duty, string path, PlanReading reading)
    {
        var (zone, calendar) = (plan.System.TimeZone, duty.Calendar is { } id && plan.Calendars.Any(one => one.Id == id) ? plan.Calendar(id) : null);
        var field = duty.Rhythm.Every is null ? $"{path}.schedule" : $"{path}.every";
        var first = duty.Rhythm.Every is { } every ? LocalDate.FromDateOnly(every.From).AtMidnight().PlusDays(-1) : Start;
        var dates = DutyDates.After(duty.Rhythm, zone, first).Take(Looked).ToList();
        if (dates.Count == 0)
        {
            reading.Report(PlanProblemSeverity.Error, field, $"'{duty.Rhythm.Text}' never occurs.", "Look at the day and the month: 31 and 2 never meet.");
            return;
        }

        var gap = dates.Zip(dates.Skip(1), (a, b) => WallClock.ToInstant(b, zone) - WallClock.ToInstant(a, zone)).Select(static one => one.ToTimeSpan()).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        if (gap < Shortest)
        {
            reading.Report(PlanProblemSeverity.Error, field, "it is due more than once an hour.", "A duty is done by a person; what runs by itself is no duty.");
            return;
        }

        if (duty.Lead > gap)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.lead", $"it opens {Durations.Format(duty.Lead)} before it is due, and dates are as close as {Durations.Rough(gap)}: the next one would be open before this one is due.", "Make the lead shorter.");
        }

        if (duty.Grace > gap)
        {
            reading.Report(PlanProblemSeverity.Warning, $"{path}.grace", $"it is longer than the {Durations.Rough(gap)} between two dates: the next one is due before this one is overdue.", "Make the grace shorter.");
        }

        if (calendar is not null && duty.Adjust != BusinessDayRule.None)
        {
            var due = dates.Select(date => DutyDates.Due(duty.Adjust, date, zone, calendar)).ToList();
            var twice = due.Index().Skip(1).FirstOrDefault(one => one.Item == due[one.Index - 1]);
            if (twice.Index > 0)
            {
                reading.Report(
                    PlanProblemSeverity.Warning, field, $"those of {dates[twice.Index - 1].Date:uuuu-MM-dd} and {dates[twice.Index].Date:uuuu-MM-dd} are both due {DutyDates.Local(due[twice.Index], zone):uuuu-MM-dd HH:mm}.", "Leave closed days out of the schedule: 1-5 is Monday to Friday.");
            }
        }
    }

    private static void CheckPeople(OperationsPlan plan, Duty duty, string path, PlanReading reading)
    {
        var owners = plan.Resolve([duty.Owner]);
        if (duty.Deputy is { } deputy && owners.Count > 0 && plan.Resolve([deputy]).All(owners.Contains))
        {
            reading.Report(PlanProblemSeverity.Warning, $"{path}.deputy", "nobody is the deputy who is not the owner too.", "Name somebody else, or leave it out.");
        }
        else if (duty.Deputy is null && owners.Count == 1)
        {
            reading.Report(PlanProblemSeverity.Warning, $"{path}.owner", $"{owners[0].Name} alone owes it, and nobody does it in their absence.", "Add a deputy, or give it to a role that two people have.");
        }
    }
}
