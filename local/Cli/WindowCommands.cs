using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Local.Cli;

/// <summary><c>window list</c> and <c>patch fit</c>: when changes may be made.</summary>
internal static class WindowCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group("window", "Show when changes may be made.", List(common));

    /// <summary><c>patch fit</c>.</summary>
    public static Command Fit(CommonOptions common)
    {
        var ready = new Option<string?>("--ready") { Description = "The earliest start; now where left out." };
        var duration = new Option<string>("--duration") { Description = "How long it takes, such as \"2h 30m\".", Required = true };
        var window = Windows();
        return ApiCommand.Make(
            "fit",
            "Find the first window that holds a change whole; 1 where none does within the plan's horizon.",
            common,
            [ready, duration, window],
            (api, parsed, cancellation) => api.GetAsync(
                Query("/api/windows/fit", [("ready", Instant(parsed.GetValue(ready), "--ready")), ("duration", parsed.GetRequiredValue(duration)), .. Ids(parsed.GetValue(window))]), cancellation),
            static answer =>
            {
                if (answer.TryGetProperty("fit", out var fit))
                {
                    var zone = Zone(answer);
                    Console.WriteLine($"{Wall(fit, "start", zone)} to {Wall(fit, "end", zone)} ({zone.Id}), {fit.Instant("start")}, in {string.Join(", ", fit.Items("windows"))}");
                }
                else
                {
                    Console.WriteLine(answer.Text("reason"));
                }
            },
            static answer => answer.TryGetProperty("fit", out _) ? ExitCode.Done : ExitCode.Wrong);
    }

    private static Command List(CommonOptions common)
    {
        var from = new Option<string?>("--from") { Description = "The first instant, with its offset; now where left out." };
        var to = new Option<string?>("--to") { Description = "The first instant after the range; the plan's horizon later where left out." };
        var window = Windows();
        return ApiCommand.Make(
            "list",
            "List the windows between two instants as freezes leave them, with their true length.",
            common,
            [from, to, window],
            (api, parsed, cancellation) => api.GetAsync(
                Query("/api/windows", [("from", Instant(parsed.GetValue(from), "--from")), ("to", Instant(parsed.GetValue(to), "--to")), .. Ids(parsed.GetValue(window))]), cancellation),
            Show);
    }

    private static void Show(JsonElement listing)
    {
        var zone = Zone(listing);
        var spans = listing.Items("spans").Select(span => (At: span.Text("start"), Row: (IReadOnlyList<string>)
            [span.Text("window"), Wall(span, "start", zone), Wall(span, "end", zone), span.Text("minutes"), span.Instant("start")]));
        var frozen = listing.Items("cut").Where(static one => !one.Items("pieces").Any()).Select(one => (At: one.Text("start"), Row: (IReadOnlyList<string>)
            [one.Text("window"), Wall(one, "start", zone), Wall(one, "end", zone), "-", "frozen by " + string.Join(", ", one.Items("freezes"))]));
        Output.Table(["WINDOW", $"OPENS ({zone.Id})", "CLOSES", "MINUTES", "UTC"], spans.Concat(frozen).OrderBy(static line => line.At, StringComparer.Ordinal).Select(static line => line.Row));
        foreach (var window in listing.Items("windows").Where(static window => window.TryGetProperty("whyNone", out _)))
        {
            Console.WriteLine($"{window.Text("id")} ({window.Text("when")}): {window.Text("whyNone")}");
        }

        foreach (var freeze in listing.Items("freezes"))
        {
            Console.WriteLine($"Freeze {freeze.Text("id")}, {Wall(freeze, "from", zone)} to {Wall(freeze, "to", zone)}: {freeze.Text("reason")}");
        }
    }

    private static Option<string[]> Windows() => new("--window") { Description = "The id of a window, several times for several; all where left out.", AllowMultipleArgumentsPerToken = true };

    /// <summary>Read here too, so that the message names the option.</summary>
    private static string? Instant(string? text, string option) => LongWork.Instant(text, option)?.ToString("O", CultureInfo.InvariantCulture);

    private static IEnumerable<(string Name, string? Value)> Ids(string[]? windows) => (windows ?? []).Select(static id => ("window", (string?)id));

    private static string Query(string path, IEnumerable<(string Name, string? Value)> values)
    {
        var said = values.Where(static value => value.Value is not null).Select(static value => $"{value.Name}={Uri.EscapeDataString(value.Value!)}").ToList();
        return said.Count == 0 ? path : path + "?" + string.Join('&', said);
    }

    private static DateTimeZone Zone(JsonElement answer) => WallClock.FindZone(answer.Text("timeZone")) ?? DateTimeZone.Utc;

    private static string Wall(JsonElement element, string name, DateTimeZone zone) =>
        NodaTime.Instant.FromDateTimeOffset(element.GetProperty(name).GetDateTimeOffset()).InZone(zone).ToString("ddd uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
