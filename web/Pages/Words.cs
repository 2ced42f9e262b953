using Maintenance.Backups.Repository;
using Maintenance.Knowledge;
using Maintenance.Recovery;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using Maintenance.Time;

namespace Maintenance.Web.Pages;

/// <summary>States and sizes in words.</summary>
public static class Words
{
    /// <summary>A state.</summary>
    public static string Of(TicketState state) => state switch
    {
        TicketState.InProgress => "in progress",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>What happens at a mark.</summary>
    public static string Of(ClockMark mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        return mark.Kind switch
        {
            ClockMarkKind.Warning => $"{mark.Level} % are used, whoever has it is warned",
            ClockMarkKind.Breach => "due",
            ClockMarkKind.Level => $"level {mark.Level} is told",
            ClockMarkKind.Repeat => $"level {mark.Level} is told again, unless somebody has acknowledged",
            _ => "the chain ends: alarm, unless somebody has acknowledged",
        };
    }

    /// <summary>What a document is.</summary>
    public static string Of(DocumentKind kind) => kind switch
    {
        DocumentKind.Sop => "SOP",
        DocumentKind.Article => "article",
        _ => "document",
    };

    /// <summary>For real, or a drill.</summary>
    public static string Of(RecoveryKind kind) => kind == RecoveryKind.Drill ? "drill" : "recovery";

    /// <summary>A state.</summary>
    public static string Of(RecoveryState state) => state switch
    {
        RecoveryState.Recovered => "recovered, to be confirmed",
        RecoveryState.Failed => "did not pass",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>How far an operation is: <c>restoring: 12 done, 3.0 MiB of 9.0 MiB (33 %), 1.0 MiB/s, 6s to go</c>.</summary>
    public static string Of(BackupProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var total = progress.TotalBytes is > 0 and var bytes ? $" of {Bytes(bytes)} ({Math.Min(100, 100 * progress.Bytes / bytes)} %)" : "";
        var rate = progress.Rate is { } perSecond ? $", {Bytes((long)perSecond)}/s" : "";
        var rest = progress.Remaining is { TotalSeconds: >= 1 } remaining ? $", {Durations.Rough(remaining)} to go" : "";
        return $"{progress.What}: {progress.Files} done, {Bytes(progress.Bytes)}{total}{rate}{rest}";
    }

    /// <summary>The first sentence of a text; the rest is where it can be acted on.</summary>
    public static string First(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }

    /// <summary>A size in bytes, in the largest binary unit that it reaches.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1024 && unit < units.Length - 1)
        {
            (size, unit) = (size / 1024, unit + 1);
        }

        return unit == 0 ? $"{bytes} B" : $"{size:0.0} {units[unit]}";
    }
}
