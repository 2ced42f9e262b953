using System.Text.Json.Serialization;

namespace Maintenance.Resources;

/// <summary>Hours that somebody worked. Never erased: what was wrong is reversed, and booked anew.</summary>
/// <param name="Id">The month and a hash: <c>2026-11-0a1b2c3d4e5f</c>.</param>
/// <param name="Person">The id of who worked.</param>
/// <param name="On">The local date of the plan's zone.</param>
/// <param name="Hours">How many: quarters, above 0 and at most 24.</param>
/// <param name="Kind">What they were for.</param>
/// <param name="At">When they were booked (UTC).</param>
/// <param name="By">Who booked them.</param>
public sealed record HourBooking(string Id, string Person, DateOnly On, decimal Hours, WorkKind Kind, DateTimeOffset At, string By)
{
    /// <summary>The id of the service that they were for, or null.</summary>
    public string? Service { get; init; }

    /// <summary>The id of the ticket that was worked on, or null.</summary>
    public string? Ticket { get; init; }

    /// <summary>The duty that was done, as <c>{duty}/{occurrence}</c>; or null.</summary>
    public string? Duty { get; init; }

    /// <summary>What was done; empty where nothing was said.</summary>
    public string Note { get; init; } = "";

    /// <summary>That it does not hold; null while it counts.</summary>
    public Correction? Reversed { get; init; }

    /// <summary>True while it counts.</summary>
    [JsonIgnore]
    public bool Counts => Reversed is null;

    /// <summary>The month that it counts in: <c>2026-11</c>.</summary>
    [JsonIgnore]
    public string Month => MonthOf(On);

    /// <summary>The month of a date: <c>2026-11</c>.</summary>
    public static string MonthOf(DateOnly date) => date.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What somebody wants to book.</summary>
/// <param name="Person">The id of who worked.</param>
/// <param name="On">The local date.</param>
/// <param name="Hours">How many.</param>
/// <param name="Kind">What they were for; null where the ticket or duty says it.</param>
/// <param name="Service">The id of the service, or null.</param>
/// <param name="Ticket">The id of the ticket, or null.</param>
/// <param name="Duty">The duty as <c>{duty}/{occurrence}</c>, or null.</param>
/// <param name="Note">What was done.</param>
public sealed record NewBooking(string Person, DateOnly On, decimal Hours, WorkKind? Kind, string? Service, string? Ticket, string? Duty, string Note);
