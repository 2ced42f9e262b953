using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary><c>report</c>; see <see cref="ReportMonthCommands"/> for the figures by month.</summary>
internal static class ReportCommands
{
    public static Command Make(CommonOptions common)
    {
        var from = new Option<string?>("--from") { Description = "The first month, such as 2026-01; two months ago where left out." };
        var to = new Option<string?>("--to") { Description = "The last month; this one where left out." };
        var by = new Option<string>("--by") { Description = "What the lines are: month, service, priority or team.", DefaultValueFactory = static _ => "month" };
        var service = new Option<string?>("--service") { Description = "Tickets of this service only." };
        var priority = new Option<string?>("--priority") { Description = "Tickets of this priority only." };
        var team = new Option<string?>("--team") { Description = "Tickets of this team only." };
        var person = new Argument<string>("person") { Description = "The id of a person: yourself, or somebody whose team you lead (with --token: the operator is neither)." };
        return ApiCommand.Group(
            "report",
            "Report how things stand: service levels, availability, backups, drills, workload.",
            [
            .. ReportMonthCommands.Make(common),
            StaffReportCommand.Make(common),
            ApiCommand.Make(
                "service-levels", "Attainment, service times, first contact and backlog of the tickets opened in some months.", common, [from, to, by, service, priority, team],
                (api, parsed, cancellation) => api.GetAsync(
                    Query("/api/reports/service-levels", ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)), ("by", parsed.GetValue(by)), ("service", parsed.GetValue(service)), ("priority", parsed.GetValue(priority)), ("team", parsed.GetValue(team))), cancellation),
                static report =>
                {
                    Lines(report.Text("by").ToUpperInvariant(), [.. report.Items("lines"), report.GetProperty("total")]);
                    Console.WriteLine();
                    Console.WriteLine("Open by age: " + string.Join(", ", report.Items("backlog").Select(static band => $"{(band.TryGetProperty("upTo", out _) ? "under " + band.Span("upTo") : "older")} {band.Text("tickets")}")));
                    foreach (var formula in report.Items("formulas"))
                    {
                        Console.WriteLine("  " + formula);
                    }
                }),
            ApiCommand.Make(
                "person", "A person's work: for that person and their lead only.", common, [person, from, to],
                (api, parsed, cancellation) => api.GetAsync(
                    Query(ApiCommand.Path($"/api/reports/people/{parsed.GetRequiredValue(person)}"), ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to))), cancellation),
                static report =>
                {
                    Console.WriteLine($"{report.Text("person")}: {report.Text("open")} open of {report.Text("capacity")}");
                    Lines("", [report.GetProperty("line")]);
                }),
            ]);
    }

    private static void Lines(string head, IReadOnlyList<JsonElement> lines) => Output.Table(
        [head, "OPENED", "RESOLVED", "RESPONSE IN TIME", "RESOLUTION IN TIME", "RESPONSE (median)", "RESOLUTION (median)", "FIRST CONTACT", "REOPENED"],
        lines.Select((line, i) => (IReadOnlyList<string>)
        [
            line.Text("key") is { Length: > 0 } key && key != "-" ? key : i == lines.Count - 1 ? "all" : "none", line.Text("opened"), line.Text("resolved"), Share(line, "response"), Share(line, "resolution"),
            line.GetProperty("responseTime").Span("median"), line.GetProperty("resolutionTime").Span("median"), Percent(line, "firstContact"), line.Text("reopened"),
        ]));

    private static string Share(JsonElement line, string name)
    {
        var one = line.GetProperty(name);
        return one.TryGetProperty("share", out _) ? $"{Percent(one, "share")} ({one.Text("met")}/{one.GetProperty("met").GetInt32() + one.GetProperty("missed").GetInt32()})" : "-";
    }

    private static string Percent(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? (100 * value.GetDouble()).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "-";

    private static string Query(string path, params IEnumerable<(string Name, string? Value)> values)
    {
        var said = values.Where(static value => value.Value is not null).Select(static value => $"{value.Name}={Uri.EscapeDataString(value.Value!)}").ToList();
        return said.Count == 0 ? path : path + "?" + string.Join('&', said);
    }
}
