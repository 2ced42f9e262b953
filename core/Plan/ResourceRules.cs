using Maintenance.Resources;
using NodaTime;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>resources</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class ResourceRules
{
    private const decimal HoursOfWeek = 168;

    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        var before = reading.Count;
        Allocations(plan, reading);
        Weeks(plan, reading);
        if (reading.Count == before)
        {
            // What is wrong in itself need not be added up.
            Loads(plan, reading);
        }

        NeverAlone(plan, reading);
    }

    private static void Allocations(OperationsPlan plan, PlanReading reading)
    {
        var all = plan.Resources.Allocations;
        for (var i = 0; i < all.Count; i++)
        {
            var (one, path) = (all[i], $"resources.allocations[{i}]");
            if (one.Service is null && one.Kind is null)
            {
                reading.Report(PlanProblemSeverity.Error, path, "it says neither a service nor a kind of work.", "Write service:, kind: or both: what the hours belong to.");
            }

            if (one.To < one.From)
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}.to", $"it is before the first day ({one.From:uuuu-MM-dd}).", "Write the last day on which it holds.");
            }

            if (one.Per == AllocationPeriod.Week && one.Hours > HoursOfWeek)
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}.hours", "a week has 168 hours.", "Write fewer, or per: month.");
            }

            // Two that say the same of the same days contradict one another: nobody can tell whether they add up or one was forgotten.
            if (Enumerable.Range(0, i).Where(at => IsSame(all[at], one)).Select(static at => (int?)at).FirstOrDefault() is { } other)
            {
                reading.Report(
                    PlanProblemSeverity.Error, path, $"allocations[{other}] says how many hours these are already, on some of the same days.", "Join them, or end one before the other begins.");
            }
        }
    }

    private static bool IsSame(Allocation one, Allocation other) =>
        (one.Person, one.Team, one.Service, one.Kind) == (other.Person, other.Team, other.Service, other.Kind) && !(one.To < other.From) && !(other.To < one.From);

    private static void Weeks(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Resources.Weeks.Count; i++)
        {
            var (week, path) = (plan.Resources.Weeks[i], $"resources.weeks[{i}]");
            if (plan.Resources.Weeks.Take(i).Any(other => other.Person == week.Person))
            {
                reading.Report(PlanProblemSeverity.Error, path, $"the week of '{week.Person}' is written already.", "Keep one of them.");
            }
            else if (plan.FindPerson(week.Person) is { } person && person.Hours is null)
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}.person", $"'{person.Id}' has no calendar of which this could be a part.", "Give the person hours: the id of a calendar.");
            }
            else if (plan.FindPerson(week.Person) is { Hours: { } id } && plan.Calendars.FirstOrDefault(one => one.Id == id) is { } calendar)
            {
                WithinCalendar(plan, calendar, week, path, reading);
            }
        }
    }

    /// <summary>
    /// A week that no hours of its calendar can hold is wrong. One that only the hours that come last cannot hold was or is right until then: that is told, and refuses no plan
    /// that was good yesterday.
    /// </summary>
    private static void WithinCalendar(OperationsPlan plan, CalendarDefinition calendar, WorkingWeek week, string path, PlanReading reading)
    {
        var built = calendar.Build(plan.System.TimeZone);
        var from = calendar.Revisions.Select(static revision => revision.From).DefaultIfEmpty(Always).Max();
        var (most, last) = (calendar.Revisions.Select(static revision => revision.From).Append(Always).Max(date => Hours(date)), Hours(from));
        if (week.Hours > most)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.hours", $"the calendar '{calendar.Id}' has {BookingRules.Text(most)} hours in a week.", "Write no more than that, or give the person another calendar.");
        }
        else if (week.Hours > last)
        {
            reading.Report(
                PlanProblemSeverity.Warning, $"{path}.hours", $"the calendar '{calendar.Id}' has {BookingRules.Text(last)} hours in a week from {from:uuuu-MM-dd} on.", "Write no more than that, or give the person another calendar.");
        }

        decimal Hours(LocalDate date) => (decimal)built.WeekOn(date).TotalHours;
    }

    private static void NeverAlone(OperationsPlan plan, PlanReading reading)
    {
        var never = plan.Resources.NeverAlone;
        for (var i = 0; i < never.Skills.Count; i++)
        {
            Few($"resources.neverAlone.skills[{i}]", [.. plan.People.Where(person => person.Skills.Contains(never.Skills[i], StringComparer.OrdinalIgnoreCase))], $"the skill '{never.Skills[i]}'");
        }

        for (var i = 0; i < never.Roles.Count; i++)
        {
            Few($"resources.neverAlone.roles[{i}]", [.. plan.InRole(never.Roles[i])], $"the role '{never.Roles[i]}'");
        }

        void Few(string path, IReadOnlyList<Person> people, string what)
        {
            if (people.Count < 2)
            {
                reading.Report(
                    PlanProblemSeverity.Warning, path, people.Count == 0 ? $"nobody has {what}." : $"only {people[0].Name} has {what}.", "Train or name a second person, or take it out of what must never hang on one.");
            }
        }
    }

    /// <summary>Whose allocations come to more than their week, told once: where it first is so.</summary>
    private static void Loads(OperationsPlan plan, PlanReading reading)
    {
        foreach (var person in plan.People)
        {
            var held = AllocationRules.Of(plan, person.Id);
            if (held.Count == 0)
            {
                continue;
            }

            if (person.Hours is null)
            {
                reading.Report(PlanProblemSeverity.Warning, $"resources.allocations[{held[0].Index}]", $"'{person.Id}' has no calendar, so nobody can tell whether they have these hours.", "Give the person hours: the id of a calendar.");
                continue;
            }

            foreach (var date in Starts(plan, held, person))
            {
                var load = AllocationRules.Weekly(held.Select(static one => one.Allocation), date);
                var week = Week(plan, person, date);
                if (decimal.Round(load, 2) > decimal.Round(week, 2))
                {
                    var last = held.Last(one => one.Allocation.IsOn(date));
                    reading.Report(
                        PlanProblemSeverity.Warning, $"resources.allocations[{last.Index}]",
                        $"'{person.Id}' has {BookingRules.Text(week)} hours in a week, and {BookingRules.Text(load)} are allocated{(date == Always ? "" : $" from {date:uuuu-MM-dd} on")}.", "Allocate less, or somebody else.");
                    break;
                }
            }
        }
    }

    private static LocalDate Always => new(2000, 1, 1);

    /// <summary>The dates on which allocations or hours become others: in between nothing changes.</summary>
    private static IEnumerable<LocalDate> Starts(OperationsPlan plan, IEnumerable<HeldAllocation> held, Person person) =>
        held.Select(static one => one.Allocation.From ?? Always)
            .Concat(plan.Calendars.Where(calendar => calendar.Id == person.Hours).SelectMany(static calendar => calendar.Revisions).Select(static revision => revision.From)).Distinct().Order();

    private static decimal Week(OperationsPlan plan, Person person, LocalDate date) =>
        plan.Resources.Weeks.FirstOrDefault(week => week.Person == person.Id)?.Hours
        ?? (decimal)plan.Calendars.First(calendar => calendar.Id == person.Hours).Build(plan.System.TimeZone).WeekOn(date).TotalHours;
}
