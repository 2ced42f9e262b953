using System.Globalization;
using Maintenance.Backups;

namespace Maintenance.Web.Pages;

/// <summary>Days of a backup calendar in words.</summary>
public static class BackupDays
{
    /// <summary>What is explained beside calendars, the good first.</summary>
    public static IReadOnlyList<BackupDayState> Key { get; } =
    [
        BackupDayState.Proven, BackupDayState.Gaps, BackupDayState.Unproven, BackupDayState.Failed, BackupDayState.Missed, BackupDayState.Running, BackupDayState.NothingDue,
    ];

    /// <summary>The class of a cell, and the word that programs see.</summary>
    public static string ClassOf(BackupDayState state) => state switch
    {
        BackupDayState.NothingDue => "none",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>A state in words.</summary>
    public static string NameOf(BackupDayState state) => state switch
    {
        BackupDayState.NothingDue => "none due",
        BackupDayState.Proven => "proven",
        BackupDayState.Gaps => "proven, with gaps",
        BackupDayState.Running => "under way",
        BackupDayState.Unproven => "taken, not proven",
        BackupDayState.Failed => "failed or damaged",
        BackupDayState.Missed => "missed",
        _ => "too many to look at",
    };

    /// <summary>A date: <c>16 Nov</c>.</summary>
    public static string Date(DateOnly date) => date.ToString("d MMM", CultureInfo.InvariantCulture);

    /// <summary>A day in words: <c>Mon 16 Nov: 46 proven, 1 failed, 1 missed</c>.</summary>
    public static string Say(BackupDay day)
    {
        ArgumentNullException.ThrowIfNull(day);
        (int Count, string What)[] counts = [(day.Proven, "proven"), (day.Unproven, "not proven"), (day.Failed, "failed"), (day.Running, "under way"), (day.Missed, "missed")];
        var said = day.State is BackupDayState.NothingDue or BackupDayState.Unknown
            ? NameOf(day.State)
            : string.Join(", ", counts.Where(static one => one.Count > 0).Select(static one => $"{one.Count} {one.What}"));
        return $"{day.Date.ToString("ddd", CultureInfo.InvariantCulture)} {Date(day.Date)}: {said}";
    }

    /// <summary>How many times less the runs of some days took than they hold: <c>8.4 times less</c>; null where nothing was stored.</summary>
    public static string? Saved(IEnumerable<BackupDay> days)
    {
        ArgumentNullException.ThrowIfNull(days);
        var (taken, stored) = days.Aggregate((Taken: 0L, Stored: 0L), static (sum, day) => (sum.Taken + day.TakenBytes, sum.Stored + day.StoredBytes));
        return stored > 0 && taken > stored ? ((double)taken / stored).ToString(taken / stored >= 10 ? "#,0" : "0.0", CultureInfo.InvariantCulture) : null;
    }
}
