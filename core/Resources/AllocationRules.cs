using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Resources;

/// <summary>An allocation as one person has it.</summary>
/// <param name="Allocation">What the plan says.</param>
/// <param name="Index">Which of the plan's it is, from 0.</param>
public sealed record HeldAllocation(Allocation Allocation, int Index)
{
    /// <summary>True where a booking of this service and kind is work that it meant.</summary>
    public bool Means(string? service, WorkKind kind) => (Allocation.Service is null || Allocation.Service == service) && (Allocation.Kind is null || Allocation.Kind == kind);

    /// <summary>An allocation that names more means less, and comes first: service and kind, then service, then kind.</summary>
    public int Rank => (Allocation.Service is null ? 2 : 0) + (Allocation.Kind is null ? 1 : 0);
}

/// <summary>How many hours are allocated, and which of them was booked. Pure.</summary>
public static class AllocationRules
{
    /// <summary>The weeks of a month, on average over the calendar's cycle of 400 years: 146,097 days in 4,800 months of seven days.</summary>
    public const decimal WeeksOfMonth = 146_097m / 4800 / 7;

    /// <summary>The allocations of a person: their own and those of their teams, in the plan's order.</summary>
    public static IReadOnlyList<HeldAllocation> Of(OperationsPlan plan, string person)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return
        [
            .. plan.Resources.Allocations.Select(static (allocation, index) => new HeldAllocation(allocation, index))
                .Where(held => held.Allocation.Person == person || (held.Allocation.Team is { } team && plan.FindTeam(team)?.Members.Contains(person) == true)),
        ];
    }

    /// <summary>
    /// The hours that an allocation comes to on local dates: those of a week by sevenths, those of a month by the days of that month, on the dates on which it holds; less the
    /// share of the person's working time of those dates that absences take. Holidays take none: what is promised for a week is promised for one with a holiday too.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="person">The person.</param>
    /// <param name="allocation">An allocation of theirs.</param>
    /// <param name="from">The first date.</param>
    /// <param name="to">The first date after the last.</param>
    public static decimal Hours(OperationsPlan plan, Person person, Allocation allocation, LocalDate from, LocalDate to)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(allocation);
        var first = allocation.From is { } begins && begins > from ? begins : from;
        var end = allocation.To is { } last && last < to ? last.PlusDays(1) : to;
        end = end > to ? to : end;
        if (end <= first)
        {
            return 0;
        }

        var hours = allocation.Per == AllocationPeriod.Week ? allocation.Hours * Days(first, end) / 7 : Months(first, end).Sum(part => allocation.Hours * part.Days / part.Of);
        return hours * Share(plan, person, first, end);
    }

    /// <summary>The hours that allocations of a person come to in a week on which none of them begins or ends, a month's by its average of weeks.</summary>
    public static decimal Weekly(IEnumerable<Allocation> allocations, LocalDate date) =>
        allocations.Where(allocation => allocation.IsOn(date)).Sum(static allocation => allocation.Per == AllocationPeriod.Week ? allocation.Hours : allocation.Hours / WeeksOfMonth);

    /// <summary>Which of a person's allocations an hour of work was meant by: the one that names most, of two alike the first; null where nothing was planned for it.</summary>
    /// <param name="held">The person's allocations.</param>
    /// <param name="date">The local date of the work.</param>
    /// <param name="service">The service, or null.</param>
    /// <param name="kind">The kind of work.</param>
    public static HeldAllocation? Match(IEnumerable<HeldAllocation> held, LocalDate date, string? service, WorkKind kind) =>
        held.Where(one => one.Allocation.IsOn(date) && one.Means(service, kind)).OrderBy(static one => one.Rank).ThenBy(static one => one.Index).FirstOrDefault();

    /// <summary>The share of the working time of these dates in which the person is there: 1 for somebody who never would work on them.</summary>
    private static decimal Share(OperationsPlan plan, Person person, LocalDate from, LocalDate to)
    {
        if (Capacity.WithoutAbsences(plan, person, from, to) is { } usual)
        {
            return usual == 0 ? 1 : Capacity.Of(plan, person, from, to)!.Value / usual;
        }

        var days = Days(from, to);
        return (days - Capacity.AbsenceDays(plan, person, from, to)) / days;
    }

    private static IEnumerable<(int Days, int Of)> Months(LocalDate from, LocalDate to)
    {
        for (var at = from; at < to;)
        {
            var next = new LocalDate(at.Year, at.Month, 1).PlusMonths(1);
            var end = next < to ? next : to;
            yield return (Days(at, end), CalendarSystem.Iso.GetDaysInMonth(at.Year, at.Month));
            at = end;
        }
    }

    private static int Days(LocalDate from, LocalDate to) => Period.DaysBetween(from, to);
}
