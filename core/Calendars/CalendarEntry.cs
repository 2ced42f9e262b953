using System.Text.Json.Serialization;

namespace Maintenance.Calendars;

/// <summary>What an entry of the maintenance calendar is.</summary>
public enum CalendarEntryKind
{
    /// <summary>A maintenance window is open.</summary>
    Window,

    /// <summary>Nothing is changed.</summary>
    Freeze,

    /// <summary>A ring of a rollout has its time.</summary>
    Rollout,

    /// <summary>A drill is due, or falls overdue.</summary>
    Drill,

    /// <summary>A duty is due.</summary>
    Duty,

    /// <summary>The review of a change is due.</summary>
    Review,

    /// <summary>The repository is verified or pruned.</summary>
    Repository,

    /// <summary>A survey is sent.</summary>
    Survey,

    /// <summary>Calendars are closed.</summary>
    Holiday,

    /// <summary>Somebody is away.</summary>
    Absence,

    /// <summary>A calendar has other hours from this date on.</summary>
    Hours,
}

/// <summary>Something that is planned.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Names it among all entries, and stays the same: ASCII letters, digits and hyphens.</param>
/// <param name="Title">In a few words.</param>
/// <param name="From">Its first local date, in the plan's zone.</param>
/// <param name="To">Its last one.</param>
public sealed record CalendarEntry(CalendarEntryKind Kind, string Key, string Title, DateOnly From, DateOnly To)
{
    /// <summary>When it begins (UTC); null where it takes whole dates.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The first instant after it (UTC), its start where it is a point in time; null where it takes whole dates.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>More about it, or null.</summary>
    public string? Detail { get; init; }

    /// <summary>The path of the page that says more, or null.</summary>
    public string? Link { get; init; }

    /// <summary>The id of the person that it is about, or null.</summary>
    public string? Person { get; init; }

    /// <summary>True where it takes whole dates.</summary>
    [JsonIgnore]
    public bool IsAllDay => Start is null;
}

/// <summary>What is planned in a range of dates.</summary>
/// <param name="From">The first local date, in the plan's zone.</param>
/// <param name="To">The last one.</param>
/// <param name="Entries">In order of their beginning, whole dates before what has a time.</param>
/// <param name="Left">So many more there were than are listed.</param>
/// <param name="Often">What happens too often to be listed, in words.</param>
public sealed record PlannedWork(DateOnly From, DateOnly To, IReadOnlyList<CalendarEntry> Entries, int Left, IReadOnlyList<string> Often);
