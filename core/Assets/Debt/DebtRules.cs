using System.Globalization;
using Maintenance.Plan;
using Maintenance.Resources;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Assets.Debt;

/// <summary>What the register holds at a glance.</summary>
/// <param name="Open">So many pieces are owed.</param>
/// <param name="Principal">The hours that paying all of them back takes.</param>
/// <param name="Interest">The hours that they cost each month.</param>
/// <param name="Spent">The hours of this month that were worked on debt.</param>
/// <param name="Reserved">The hours of a month that the plan keeps for it; null where it keeps none.</param>
/// <param name="Late">So many are owed past their target date.</param>
public sealed record DebtStanding(int Open, double Principal, double Interest, double Spent, double? Reserved, int Late)
{
    /// <summary>The hours that were worked on debt in the month before.</summary>
    public double SpentBefore { get; init; }

    /// <summary>How much of what is kept for it was used this month, from 0 up; null where the plan keeps none.</summary>
    public double? Share => Reserved > 0 ? Spent / Reserved : null;

    /// <summary>How long all of it takes with what is kept for it, in months; null where the plan keeps none, or where the interest grows faster.</summary>
    public double? Months => Reserved > 0 ? Principal / Reserved : null;
}

/// <summary>The debt is not in a state that allows it.</summary>
public sealed class DebtStateException(string message) : Exception(message);

/// <summary>How a piece of debt is written down, worked on and closed. Pure.</summary>
public static class DebtRules
{
    /// <summary>So many hours at most: more is a project, or a slip of the finger.</summary>
    public const double MostHours = 100_000;

    /// <summary>So many hours at most are booked at once: a day has no more.</summary>
    public const double MostBooked = 24;

    /// <summary>So many bookings one piece may have.</summary>
    public const int MostBookings = 1000;

    private const int MostTitle = 200;
    private const int MostText = 4000;
    private const int MostHistory = 2000;

    /// <summary>What is wrong with what somebody wrote, by field; empty where nothing is.</summary>
    public static Dictionary<string, string[]> Check(OperationsPlan plan, DebtFields fields)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(fields);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Need(fields.Title.Trim().Length is > 0 and <= MostTitle, "title", $"Write 1 to {MostTitle} characters.");
        Need(plan.FindService(fields.Service) is not null, "service", "Choose a service of the plan.");
        Need(fields.Component is null || plan.Assets.Find(fields.Component) is not null, "component", "Choose a component of the plan, or none.");
        Need(double.IsFinite(fields.Cost) && fields.Cost is > 0 and <= MostHours, "cost", $"Write the hours that it takes, above 0 and at most {MostHours:0}.");
        Need(double.IsFinite(fields.Interest) && fields.Interest is >= 0 and <= MostHours, "interest", $"Write the hours that it costs each month, from 0 to {MostHours:0}.");
        Need(fields.Description.Length <= MostText, "description", $"Write at most {MostText} characters.");
        Need(fields.Approach.Length <= MostText, "approach", $"Write at most {MostText} characters.");
        Need(fields.Target is null || Date(fields.Target) is not null, "target", "Write a date such as 2027-03-31.");
        return errors;

        void Need(bool holds, string field, string message)
        {
            if (!holds)
            {
                errors[field] = [message];
            }
        }
    }

    /// <summary>A new piece.</summary>
    public static DebtItem Add(string id, DebtFields fields, string by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return new(id, fields, DebtState.Open, now, by) { History = [new(now, by, string.Create(CultureInfo.InvariantCulture, $"Added: {fields.Cost:0.##} h, {fields.Interest:0.##} h a month."))] };
    }

    /// <summary>What is said of it changes.</summary>
    /// <exception cref="DebtStateException">It is closed.</exception>
    public static DebtItem Edit(DebtItem item, DebtFields fields, string by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(fields);
        NeedOpen(item);
        List<string> changes = [];
        Changed("title", item.Fields.Title, fields.Title);
        Changed("service", item.Fields.Service, fields.Service);
        Changed("component", item.Fields.Component, fields.Component);
        Changed("cost", Hours(item.Fields.Cost), Hours(fields.Cost));
        Changed("interest", Hours(item.Fields.Interest), Hours(fields.Interest));
        Changed("target", item.Fields.Target, fields.Target);
        if (item.Fields.Description != fields.Description)
        {
            changes.Add("description");
        }

        if (item.Fields.Approach != fields.Approach)
        {
            changes.Add("approach");
        }

        return changes.Count == 0 ? item : Noted(item with { Fields = fields }, by, now, $"Changed: {string.Join("; ", changes)}.");

        void Changed(string what, string? from, string? to)
        {
            if (from != to)
            {
                changes.Add($"{what} from {from ?? "none"} to {to ?? "none"}");
            }
        }
    }

    /// <summary>Hours are booked on it; what was only known is then in progress.</summary>
    /// <exception cref="DebtStateException">It is closed, or has too many bookings.</exception>
    public static DebtItem Book(DebtItem item, DebtBooking booking, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(booking);
        NeedOpen(item);
        if (item.Bookings.Count >= MostBookings)
        {
            throw new DebtStateException($"{item.Id} has {MostBookings} bookings, as many as one piece may have. Close it, and add what is left as another.");
        }

        return Noted(
            item with { State = DebtState.InProgress, Bookings = [.. item.Bookings, booking] }, booking.By, now,
            $"{Hours(booking.Hours)} worked on {booking.On}{(booking.Note.Length == 0 ? "." : ": " + booking.Note)}");
    }

    /// <summary>A booking does not hold; one that was reversed stays as it is. A piece that is closed has its hours put right as well.</summary>
    /// <param name="item">The piece.</param>
    /// <param name="number">Which of its bookings, from 1.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">The id of whoever says so.</param>
    /// <param name="now">When (UTC).</param>
    /// <exception cref="DebtStateException">It has no such booking.</exception>
    public static DebtItem Reverse(DebtItem item, int number, string reason, string by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (number < 1 || number > item.Bookings.Count)
        {
            throw new DebtStateException($"{item.Id} has no booking {number.ToString(CultureInfo.InvariantCulture)}.");
        }

        var booking = item.Bookings[number - 1];
        return !booking.Counts ? item : Noted(
            item with { Bookings = [.. item.Bookings.Select((one, index) => index == number - 1 ? one with { Reversed = new Correction(now, by, reason) } : one)] }, by, now,
            $"{Hours(booking.Hours)} of {booking.By} on {booking.On} reversed: {reason}");
    }

    /// <summary>It is paid back, lived with, or owed again.</summary>
    /// <exception cref="DebtStateException">It stands so already.</exception>
    public static DebtItem Move(DebtItem item, DebtState to, string reason, string by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.State == to)
        {
            throw new DebtStateException($"{item.Id} is {Word(to)} already.");
        }

        var isOpen = to is DebtState.Open or DebtState.InProgress;
        return Noted(item with { State = to, ClosedAt = isOpen ? null : now }, by, now, $"{char.ToUpperInvariant(Word(to)[0])}{Word(to)[1..]}{(reason.Length == 0 ? "." : ": " + reason)}");
    }

    /// <summary>The register at a glance.</summary>
    /// <param name="items">All of it.</param>
    /// <param name="policy">What the plan keeps for it, or null.</param>
    /// <param name="today">A local date of the plan's zone: its month is this month.</param>
    public static DebtStanding Stand(IReadOnlyCollection<DebtItem> items, DebtPolicy? policy, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(items);
        var open = items.Where(static item => item.IsOpen).ToList();

        // What is owed still takes what it takes, less what was worked on it; never less than nothing, whatever was first thought.
        return new DebtStanding(
            open.Count,
            open.Sum(static item => Math.Max(0, item.Fields.Cost - item.Worked)),
            open.Sum(static item => item.Fields.Interest),
            In(today),
            policy?.Reserved,
            open.Count(item => Date(item.Fields.Target) is { } target && target < today))
        {
            SpentBefore = In(today.PlusMonths(-1)),
        };

        double In(LocalDate month) => items.SelectMany(static item => item.Bookings).Where(booking => booking.Counts && Date(booking.On) is { } on && on.Year == month.Year && on.Month == month.Month).Sum(static booking => booking.Hours);
    }

    /// <summary>In the order in which paying back is worth most: the quickest payback first, what costs nothing to leave last.</summary>
    public static IReadOnlyList<DebtItem> Ranked(IEnumerable<DebtItem> items) =>
        [.. items.OrderByDescending(static item => item.IsOpen).ThenBy(static item => item.Payback ?? double.MaxValue).ThenByDescending(static item => item.Fields.Interest).ThenBy(static item => item.Id, StringComparer.Ordinal)];

    /// <summary>A local date, or null where the text is none.</summary>
    public static LocalDate? Date(string? text) => text is not null && LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } && date.Year is >= 2000 and < 2200 ? date : null;

    /// <summary>The state in words.</summary>
    public static string Word(DebtState state) => state switch { DebtState.Open => "open", DebtState.InProgress => "in progress", DebtState.Paid => "paid back", _ => "accepted" };

    private static string Hours(double hours) => string.Create(CultureInfo.InvariantCulture, $"{hours:0.##} h");

    private static void NeedOpen(DebtItem item)
    {
        if (!item.IsOpen)
        {
            throw new DebtStateException($"{item.Id} is {Word(item.State)}. Open it again first.");
        }
    }

    private static DebtItem Noted(DebtItem item, string by, DateTimeOffset now, string what) => item with { History = [.. item.History.TakeLast(MostHistory - 1), new(now, by, what)] };
}
