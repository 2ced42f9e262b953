using System.Text.Json.Serialization;

namespace Maintenance.Windows;

/// <summary>What freezes leave of one occurrence of a window, in one piece: half-open, <c>[Start, End)</c>, never empty.</summary>
/// <param name="Window">The window's id.</param>
/// <param name="Start">UTC.</param>
/// <param name="End">UTC.</param>
/// <param name="OccurrenceStart">When the whole occurrence starts (UTC).</param>
/// <param name="OccurrenceEnd">When the whole occurrence ends (UTC).</param>
public sealed record WindowSpan(string Window, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset OccurrenceStart, DateTimeOffset OccurrenceEnd)
{
    /// <summary>How long it truly is: 22:00 to 04:00 is five hours in the night in which clocks are put forward.</summary>
    [JsonIgnore]
    public TimeSpan Length => End - Start;

    /// <summary>The same in minutes.</summary>
    public int Minutes => (int)Length.TotalMinutes;
}

/// <summary>An occurrence of a window, and what becomes of it.</summary>
/// <param name="Window">The window's id.</param>
/// <param name="Start">UTC.</param>
/// <param name="End">UTC.</param>
/// <param name="Pieces">What freezes leave of it, in order; none where it is frozen as a whole.</param>
/// <param name="Freezes">The ids of the freezes that cut it, in the plan's order.</param>
public sealed record WindowOccurrence(string Window, DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<WindowSpan> Pieces, IReadOnlyList<string> Freezes);

/// <summary>A place for a change: half-open, <c>[Start, End)</c>, as long as was asked for.</summary>
/// <param name="Start">UTC.</param>
/// <param name="End">UTC.</param>
/// <param name="Windows">The ids of the windows that it lies in, in order of their start; more than one where windows overlap or touch.</param>
public sealed record WindowFit(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<string> Windows);
