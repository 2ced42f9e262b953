namespace Maintenance.Windows;

/// <summary>A recurring time in which changes may be made.</summary>
/// <param name="Id">Short and stable; what refers to the window says it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Recurrence">The local days on which it starts.</param>
/// <param name="Start">In minutes from midnight of that day, 0 to 1439.</param>
/// <param name="End">In minutes from midnight; at or before <paramref name="Start"/> it is on the next day; 1440 is 24:00.</param>
public sealed record MaintenanceWindow(string Id, string Name, WindowRecurrence Recurrence, int Start, int End)
{
    /// <summary>When it is, in words: <c>Sun 22:00–04:00</c>, <c>second Tue of the month + 11 days, 20:00–02:00</c>.</summary>
    public string When => $"{Recurrence.Text}{(Recurrence is MonthlyDay ? "," : "")} {Clock(Start)}–{Clock(End)}";

    private static string Clock(int minute) => $"{minute / 60:00}:{minute % 60:00}";
}
