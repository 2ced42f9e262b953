using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary><c>report overview|availability|backups|drills|workload</c>: figures by month.</summary>
internal static class ReportMonthCommands
{
    private static readonly string[] Groups = ["teams", "people"];

    public static IEnumerable<Command> Make(CommonOptions common) =>
    [
        Make("overview", "How things stand, by month: service levels, availability, backups, drills, tickets.", common, static report => Output.Table(
            ["MONTH", "ANSWERED IN TIME", "RESOLVED IN TIME", "AVAILABLE", "BACKUPS PROVEN", "WITHIN RPO", "DRILLS PASSED", "OPENED", "RESOLVED", "BACKLOG"],
            report.Items("months").Append(report.GetProperty("total")).Select(static month => (IReadOnlyList<string>)
            [
                Month(month), Share(month, "response"), Share(month, "resolution"), Share(month, "availability"), Share(month, "backups"), Share(month, "withinRecoveryPoint"),
                $"{month.Text("drillsPassed")} of {month.GetProperty("drillsPassed").GetInt32() + month.GetProperty("drillsFailed").GetInt32()}", month.Text("opened"), month.Text("resolved"), month.Text("backlog"),
            ]))),
        Make("availability", "How available services were, from the incidents that this system knows.", common, static report =>
        {
            Output.Table(
                ["SERVICE", "AVAILABLE", "DOWN", "OUTAGES"],
                report.Items("lines").Append(report.GetProperty("overall")).Select(static line => (IReadOnlyList<string>)
                    [line.Text("name"), Share(line.GetProperty("total"), "share"), line.GetProperty("total").Span("down"), line.GetProperty("total").Text("outages")]));
            Formulas(report);
        }),
        Make("backups", "How backups went, and whether a proven recovery point was within the RPO.", common, static report =>
        {
            Output.Table(
                ["POLICY", "PROVEN", "UNPROVEN", "FAILED", "SUCCESS", "RPO", "WITHIN RPO"],
                report.Items("lines").Append(report.GetProperty("overall")).Select(static line => (line, total: line.GetProperty("total"))).Select(static one => (IReadOnlyList<string>)
                [
                    one.line.Text("policy") is { Length: > 0 } policy ? policy : "all", one.total.Text("proven"), one.total.Text("unproven"), one.total.Text("failed"), Share(one.total, "success"), one.line.Span("recoveryPoint"),
                    Share(one.total, "cover"),
                ]));
            Formulas(report);
        }),
        Make("drills", "How drills and recoveries went, against RTO and RPO.", common, static report => Output.Table(
            ["ID", "KIND", "STRATEGY", "OVER", "RESULT", "RECOVERY TIME", "RTO", "DATA LOSS", "RPO"],
            report.Items("lines").Select(static line => (IReadOnlyList<string>)
            [
                line.Text("id"), line.Text("kind"), line.Text("strategy"), line.Instant("closedAt"), line.TryGetProperty("isPassed", out var passed) ? passed.GetBoolean() ? "passed" : "did not pass" : "ended",
                .. Measure(line, "recoveryTime"), .. Measure(line, "recoveryPoint"),
            ]))),
        Make("workload", "How much there was to do, by month and team; by person for those who may see it (with --token).", common, static report =>
        {
            Output.Table(["MONTH", "OPENED", "RESOLVED", "BACKLOG"], report.Items("months").Select(static month => (IReadOnlyList<string>)[month.Text("month"), month.Text("opened"), month.Text("resolved"), month.Text("backlog")]));
            foreach (var of in Groups)
            {
                if (!report.Items(of).Any())
                {
                    continue;
                }

                Console.WriteLine();
                Output.Table([of.ToUpperInvariant(), "OPENED", "RESOLVED", "OPEN NOW"], report.Items(of).Select(static line => (IReadOnlyList<string>)[line.Text("name"), line.Text("opened"), line.Text("resolved"), line.Text("open")]));
            }

            Formulas(report);
        }),
    ];

    private static Command Make(string name, string help, CommonOptions common, Action<JsonElement> show)
    {
        var from = new Option<string?>("--from") { Description = "The first month, such as 2026-06; five before the last where left out." };
        var to = new Option<string?>("--to") { Description = "The last month; this one where left out." };
        var csv = new Option<string?>("--csv") { Description = "Write it to this file as CSV; - for the output." };
        var command = new Command(name, help) { from, to, csv };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var api = await ApiSession.OpenAsync(parsed, common, cancellation);
            var query = string.Join('&', new[] { ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)) }.Where(static one => one.Item2 is not null).Select(static one => $"{one.Item1}={Uri.EscapeDataString(one.Item2!)}"));
            var path = "/api/reports/" + name;
            if (parsed.GetValue(csv) is { } file)
            {
                await using var target = file == "-" ? Console.OpenStandardOutput() : new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 81920, useAsync: true);
                await api.DownloadAsync($"{path}.csv?{query}", target, cancellation);
                return ExitCode.Done;
            }

            var report = await api.GetAsync($"{path}?{query}", cancellation);
            if (parsed.GetValue(common.Json))
            {
                Output.Json(report);
            }
            else
            {
                show(report);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string Month(JsonElement month) => month.Text("month") is { Length: > 0 } name ? name : "all";

    private static IEnumerable<string> Measure(JsonElement line, string name) =>
        line.TryGetProperty(name, out var measure) ? [measure.Span("achieved"), measure.Span("objective")] : ["-", "-"];

    private static string Share(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? (100 * value.GetDouble()).ToString("0.00", CultureInfo.InvariantCulture) + " %" : "-";

    private static void Formulas(JsonElement report)
    {
        foreach (var formula in report.Items("formulas"))
        {
            Console.WriteLine("  " + formula.GetString());
        }
    }
}
