using System.Text.Json.Serialization;
using Maintenance.Resources;

namespace Maintenance.Assets.Debt;

/// <summary>Where a piece of debt stands.</summary>
public enum DebtState
{
    /// <summary>It is known.</summary>
    Open,

    /// <summary>Somebody works on it.</summary>
    InProgress,

    /// <summary>It is paid back.</summary>
    Paid,

    /// <summary>It is lived with, for a reason.</summary>
    Accepted,
}

/// <summary>What is said of a piece of debt.</summary>
/// <param name="Title">One line.</param>
/// <param name="Service">The id of the service that has it.</param>
/// <param name="Cost">The hours that paying it back takes.</param>
/// <param name="Interest">The hours that it costs each month until then.</param>
public sealed record DebtFields(string Title, string Service, double Cost, double Interest)
{
    /// <summary>The id of the component that it lies in, or null.</summary>
    public string? Component { get; init; }

    /// <summary>What is owed and why; empty where the title says it.</summary>
    public string Description { get; init; } = "";

    /// <summary>How it is to be paid back; empty where nobody has thought of it.</summary>
    public string Approach { get; init; } = "";

    /// <summary>The local date by which it is to be, as <c>2027-03-31</c>; or null.</summary>
    public string? Target { get; init; }
}

/// <summary>Hours that were worked on a piece of debt.</summary>
/// <param name="On">The local date, as <c>2026-11-22</c>.</param>
/// <param name="Hours">So many.</param>
/// <param name="By">The id of whoever booked them.</param>
/// <param name="Note">What was done; empty where nothing was said.</param>
public sealed record DebtBooking(string On, double Hours, string By, string Note)
{
    /// <summary>That it does not hold; null while it counts.</summary>
    public Correction? Reversed { get; init; }

    /// <summary>True while it counts.</summary>
    [JsonIgnore]
    public bool Counts => Reversed is null;
}

/// <summary>Something that happened to a piece of debt.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="By">The id of whoever did it.</param>
/// <param name="What">In a sentence.</param>
public sealed record DebtEvent(DateTimeOffset At, string By, string What);

/// <summary>A piece of technical debt in the register.</summary>
/// <param name="Id">Such as <c>D-1001</c>.</param>
/// <param name="Fields">What is said of it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="AddedAt">Since when it is in the register (UTC).</param>
/// <param name="AddedBy">The id of whoever added it.</param>
public sealed record DebtItem(string Id, DebtFields Fields, DebtState State, DateTimeOffset AddedAt, string AddedBy)
{
    /// <summary>The hours that were booked on it, reversed bookings too: by its place a booking is named.</summary>
    public IReadOnlyList<DebtBooking> Bookings { get; init; } = [];

    /// <summary>What happened to it, the oldest first.</summary>
    public IReadOnlyList<DebtEvent> History { get; init; } = [];

    /// <summary>When it was paid back or accepted (UTC); null while it is owed.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>True while it is owed.</summary>
    [JsonIgnore]
    public bool IsOpen => State is DebtState.Open or DebtState.InProgress;

    /// <summary>The months after which paying it back has paid for itself; null where it costs nothing to leave it.</summary>
    [JsonIgnore]
    public double? Payback => Fields.Interest > 0 ? Fields.Cost / Fields.Interest : null;

    /// <summary>The hours that were worked on it.</summary>
    [JsonIgnore]
    public double Worked => Bookings.Where(static booking => booking.Counts).Sum(static booking => booking.Hours);
}
