using System.Globalization;
using Maintenance.Monitoring.Probes;

namespace Maintenance.Web.Pages;

/// <summary>How pages say what probes measured.</summary>
internal static class MonitoringWords
{
    public static string Of(ProbePhase phase) => phase switch
    {
        ProbePhase.Up => "up",
        ProbePhase.Failing => "failing",
        ProbePhase.Down => "down",
        ProbePhase.Recovering => "recovering",
        ProbePhase.Suppressed => "behind what is down",
        _ => "not measured",
    };

    /// <summary>Only exceptions have a colour.</summary>
    public static string Class(ProbePhase phase) => phase switch
    {
        ProbePhase.Up => "quiet",
        ProbePhase.Down or ProbePhase.Unknown => "bad",
        ProbePhase.Suppressed => "muted",
        _ => "busy",
    };

    /// <summary>A share with as many digits as tell three nines from four.</summary>
    public static string Percent(double? share) => share is not { } value ? "–" : Math.Truncate(value * 100_000) / 1000 is var percent ? percent.ToString("0.###", CultureInfo.InvariantCulture) + " %" : "";

    /// <summary>Since when, after a word: <c> for 3d 4h</c>.</summary>
    public static string For(DateTimeOffset? since, DateTimeOffset now) => since is { } at ? " for " + Time.Durations.Rough(now - at) : "";

    public static string Millis(TimeSpan? latency) => latency is not { } value ? "–" : Millis(value.TotalMilliseconds);

    public static string Millis(double millis) => millis.ToString(millis < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + " ms";

    public static string Pace(double pace) => pace.ToString("0.#", CultureInfo.InvariantCulture) + "×";
}
