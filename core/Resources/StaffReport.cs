using Maintenance.Duties;
using Maintenance.Plan;
using Maintenance.Reports;
using NodaTime;

namespace Maintenance.Resources;

/// <summary>Hours that were planned for something, and that were booked on it.</summary>
/// <param name="Name">The id of the service, or the kind of work; empty for none.</param>
/// <param name="Planned">The hours that allocations come to.</param>
/// <param name="Booked">The hours that were booked.</param>
public sealed record HoursLine(string Name, decimal Planned, decimal Booked);

/// <summary>An allocation in a month.</summary>
/// <param name="Service">The id of the service; null for any.</param>
/// <param name="Kind">The kind of work; null for any.</param>
/// <param name="Planned">The hours that it comes to.</param>
/// <param name="Booked">The hours that were booked on what it means.</param>
public sealed record AllocationLine(string? Service, WorkKind? Kind, decimal Planned, decimal Booked);

/// <summary>Duties of a month, as <see cref="DutyLine"/> counts them.</summary>
/// <param name="InTime">Done in time.</param>
/// <param name="Late">Done late.</param>
/// <param name="Missed">Not done, and overdue.</param>
public sealed record DutiesDone(int InTime, int Late, int Missed);

/// <summary>How trained somebody is for what is asked of them.</summary>
/// <param name="Asked">So many programmes are.</param>
/// <param name="Valid">So many of them are valid at the end of the month; now, while it goes on.</param>
/// <param name="Lacking">The names of the others.</param>
public sealed record TrainingCurrency(int Asked, int Valid, IReadOnlyList<string> Lacking);

/// <summary>A month of a person.</summary>
/// <param name="Person">Their id.</param>
/// <param name="Name">Their name.</param>
/// <param name="Capacity">The hours that they could work; null where the plan gives them no calendar.</param>
/// <param name="Allocated">The hours that belong to something.</param>
/// <param name="Booked">The hours that they booked.</param>
/// <param name="AbsenceDays">The working days on which they were away; never why.</param>
/// <param name="Services">By service, in the plan's order, none at the end.</param>
/// <param name="Kinds">By kind of work.</param>
/// <param name="Lines">By allocation, in the plan's order.</param>
/// <param name="Unplanned">The hours that no allocation meant.</param>
/// <param name="Tickets">What became of the tickets opened in the month that they have, or had last; null for none.</param>
/// <param name="Duties">The duties due in the month that they owe, alone or with others of a role.</param>
/// <param name="Training">How trained they are.</param>
public sealed record PersonMonth(
    string Person, string Name, decimal? Capacity, decimal Allocated, decimal Booked, decimal AbsenceDays, IReadOnlyList<HoursLine> Services, IReadOnlyList<HoursLine> Kinds,
    IReadOnlyList<AllocationLine> Lines, decimal Unplanned, ReportLine? Tickets, DutiesDone Duties, TrainingCurrency Training)
{
    /// <summary>The hours that are allocated and that they do not have; 0 where they have them, or where nobody can tell.</summary>
    public decimal Over => Capacity is { } capacity ? Math.Max(0, Allocated - capacity) : 0;

    /// <summary>The hours that they have and that belong to nothing; 0 where nobody can tell.</summary>
    public decimal Free => Capacity is { } capacity ? Math.Max(0, capacity - Allocated) : 0;
}

/// <summary>A month of a team: the sums of its members'.</summary>
/// <param name="Team">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="People">So many members it has.</param>
/// <param name="Capacity">The hours that they could work, those of whom it is known.</param>
/// <param name="Allocated">The hours that belong to something.</param>
/// <param name="Booked">The hours that were booked.</param>
/// <param name="AbsenceDays">The working days on which they were away.</param>
/// <param name="Services">By service.</param>
/// <param name="Kinds">By kind of work.</param>
/// <param name="Duties">The duties that they owe; one that several owe counts with each.</param>
/// <param name="Training">How trained they are.</param>
public sealed record TeamMonth(
    string Team, string Name, int People, decimal Capacity, decimal Allocated, decimal Booked, decimal AbsenceDays, IReadOnlyList<HoursLine> Services, IReadOnlyList<HoursLine> Kinds, DutiesDone Duties,
    TrainingCurrency Training);

/// <summary>What staff did in a month, against what was planned.</summary>
/// <param name="Month">The month, such as <c>2026-11</c>.</param>
/// <param name="ClosesAt">When its hours can no longer change (UTC); null where they always can.</param>
/// <param name="IsClosed">True where they no longer can.</param>
/// <param name="Teams">The teams that the reader leads, in the plan's order.</param>
/// <param name="People">The people whose figures the reader may see, in the plan's order.</param>
/// <param name="Formulas">What each figure means.</param>
public sealed record StaffReport(string Month, DateTimeOffset? ClosesAt, bool IsClosed, IReadOnlyList<TeamMonth> Teams, IReadOnlyList<PersonMonth> People, IReadOnlyList<string> Formulas);

/// <summary>What a month of staff is counted from.</summary>
/// <param name="Bookings">What was booked in it, reversed bookings too.</param>
/// <param name="Tickets">Tickets by the id of the person.</param>
/// <param name="Duties">Duties by who owes them: the id of a person, or a role.</param>
/// <param name="Training">How trained people are, by their ids.</param>
public sealed record StaffFacts(
    IReadOnlyList<HourBooking> Bookings, IReadOnlyDictionary<string, ReportLine> Tickets, IReadOnlyDictionary<string, DutyLine> Duties, IReadOnlyDictionary<string, TrainingCurrency> Training)
{
    /// <summary>Nothing was done, owed or asked.</summary>
    public static StaffFacts None { get; } =
        new([], new Dictionary<string, ReportLine>(StringComparer.Ordinal), new Dictionary<string, DutyLine>(StringComparer.Ordinal), new Dictionary<string, TrainingCurrency>(StringComparer.Ordinal));
}

/// <summary>Reports on staff. Pure.</summary>
public static class StaffReporting
{
    /// <summary>What each figure means.</summary>
    public static IReadOnlyList<string> Formulas { get; } =
    [
        "Capacity = the open hours of the person's calendar without its holidays, less their absences; where the plan gives them a shorter week, each open hour counts for that share of one.",
        "Allocated = the plan's hours of a week by sevenths, of a month by its days, on the days on which they hold, less the share of the working time of those days that absences take.",
        "Booked = what was booked and not reversed, with what was booked on pieces of technical debt. Of several allocations an hour is counted with the one that names most.",
        "Over = allocated − capacity. Free = capacity − allocated. Unplanned = booked on what no allocation means.",
        "Days of absence are working days, halves counted as such; why somebody was away is in no report.",
        "Duties are those due in the month that the person owes, alone or with others of a role. Tickets are those opened in the month that they have, or had last.",
        "Once the month is closed its hours, allocations and teams stay as they are then; tickets, duties and training go on until each is done. A person's figures are seen by that person and the leads of their teams alone.",
    ];

    /// <summary>A month of a person.</summary>
    /// <param name="plan">The plan, with the absences of the month.</param>
    /// <param name="person">The person.</param>
    /// <param name="month">The month.</param>
    /// <param name="facts">What was done in it, of this person and of others.</param>
    public static PersonMonth Of(OperationsPlan plan, Person person, string month, StaffFacts facts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(facts);
        var from = NodaTime.Text.LocalDatePattern.Iso.Parse(month + "-01").GetValueOrThrow();
        var to = from.PlusMonths(1);
        var held = AllocationRules.Of(plan, person.Id);
        var planned = held.ToDictionary(static one => one.Index, one => AllocationRules.Hours(plan, person, one.Allocation, from, to));
        var bookings = facts.Bookings.Where(booking => booking.Counts && booking.Person == person.Id).ToList();
        var meant = bookings.ToLookup(booking => AllocationRules.Match(held, LocalDate.FromDateOnly(booking.On), booking.Service, booking.Kind)?.Index);
        return new PersonMonth(
            person.Id, person.Name, Round(Capacity.Of(plan, person, from, to)), Round(planned.Values.Sum()), bookings.Sum(static one => one.Hours), Capacity.AbsenceDays(plan, person, from, to),
            Lines(Services(plan, bookings).Append(null), held, planned, bookings, static one => one.Service, static one => one.Service),
            Lines(Enum.GetValues<WorkKind>().Select(static kind => (WorkKind?)kind).Append(null), held, planned, bookings, static one => one.Kind, static one => one.Kind),
            [
                .. held.Select(one => new AllocationLine(one.Allocation.Service, one.Allocation.Kind, Round(planned[one.Index]), meant[one.Index].Sum(static booking => booking.Hours)))
                    .Where(static line => line.Planned + line.Booked > 0),
            ],
            meant[null].Sum(static booking => booking.Hours),
            facts.Tickets.GetValueOrDefault(person.Id),
            Owed(facts.Duties.Where(line => line.Key == person.Id || person.Roles.Contains(line.Key)).Select(static line => new DutiesDone(line.Value.InTime, line.Value.Late, line.Value.Missed))),
            facts.Training.GetValueOrDefault(person.Id) ?? new TrainingCurrency(0, 0, []));
    }

    /// <summary>A month of a person that is closed: its hours as they were kept; what goes on until it is done, as it is now.</summary>
    public static PersonMonth Kept(PersonMonth kept, PersonMonth current)
    {
        ArgumentNullException.ThrowIfNull(kept);
        ArgumentNullException.ThrowIfNull(current);
        return kept with { Tickets = current.Tickets, Duties = current.Duties, Training = current.Training };
    }

    /// <summary>A month of a team, from those of its members.</summary>
    public static TeamMonth Of(Team team, IReadOnlyCollection<PersonMonth> members)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(members);
        return new TeamMonth(
            team.Id, team.Name, members.Count, members.Sum(static one => one.Capacity ?? 0), members.Sum(static one => one.Allocated), members.Sum(static one => one.Booked), members.Sum(static one => one.AbsenceDays),
            Sum(members.SelectMany(static one => one.Services)), Sum(members.SelectMany(static one => one.Kinds)), Owed(members.Select(static one => one.Duties)),
            new TrainingCurrency(
                members.Sum(static one => one.Training.Asked), members.Sum(static one => one.Training.Valid), [.. members.SelectMany(static one => one.Training.Lacking.Select(name => $"{one.Name}: {name}"))]));
    }

    /// <summary>The plan's services, then those that it no longer has and that hours were booked on: every hour is in some line.</summary>
    private static IEnumerable<string?> Services(OperationsPlan plan, IEnumerable<HourBooking> bookings)
    {
        var known = plan.Services.Select(static service => service.Id).ToList();
        return known.Concat(bookings.Select(static booking => booking.Service).OfType<string>().Except(known).Order(StringComparer.Ordinal));
    }

    private static List<HoursLine> Lines<T>(
        IEnumerable<T> names, IReadOnlyList<HeldAllocation> held, Dictionary<int, decimal> planned, List<HourBooking> bookings, Func<Allocation, T> allocated, Func<HourBooking, T> booked) =>
    [
        .. names.Select(name => new HoursLine(
                name is WorkKind kind ? System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()) : name?.ToString() ?? "",
                Round(held.Where(one => Equals(allocated(one.Allocation), name)).Sum(one => planned[one.Index])),
                bookings.Where(one => Equals(booked(one), name)).Sum(static one => one.Hours)))
            .Where(static line => line.Planned + line.Booked > 0),
    ];

    /// <summary>In the order of first mention, none at the end.</summary>
    private static List<HoursLine> Sum(IEnumerable<HoursLine> lines) =>
    [
        .. lines.GroupBy(static line => line.Name, StringComparer.Ordinal).Select(static group => new HoursLine(group.Key, group.Sum(static line => line.Planned), group.Sum(static line => line.Booked)))
            .OrderBy(static line => line.Name.Length == 0),
    ];

    private static DutiesDone Owed(IEnumerable<DutiesDone> all) => all.Aggregate(new DutiesDone(0, 0, 0), static (sum, one) => new(sum.InTime + one.InTime, sum.Late + one.Late, sum.Missed + one.Missed));

    /// <summary>To hundredths: what somebody reads adds up no worse than that.</summary>
    private static decimal Round(decimal hours) => decimal.Round(hours, 2, MidpointRounding.AwayFromZero);

    private static decimal? Round(decimal? hours) => hours is { } known ? Round(known) : null;
}
