using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Maintenance.Monitoring;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Monitoring.Security;
using Maintenance.Time;

namespace Maintenance.Local.Cli;

/// <summary><c>monitor list|show|run|incidents|beat|security</c>.</summary>
internal static class MonitorCommands
{
    public static Command Make(CommonOptions common) =>
        ApiCommand.Group("monitor", "What is watched, and what was measured.", List(common), Show(common), Run(common), Incidents(common), Beat(common), Security(common));

    private static Command List(CommonOptions common) => ApiCommand.Make(
        "list", "List services and probes with where they stand; 1 where something is down or not measured.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/monitoring", cancellation),
        static json =>
        {
            var report = Read<MonitoringReport>(json);
            Output.Table(
                ["SERVICE", "STATE", "MONTH", "OBJECTIVE", "BUDGET LEFT"],
                report.Services.Select(line => (IReadOnlyList<string>)
                    [line.Service, State(line.Phase, line.Since, report.At), Percent(line.Month.Share), Percent(line.Objective / 100), line.Budget is { } budget ? Durations.Rough(budget.Left) : "-"]));
            Console.WriteLine();
            Output.Table(
                ["PROBE", "SERVICE", "KIND", "STATE", "P95", "SAID"],
                report.Probes.Select(line => (IReadOnlyList<string>)[line.Probe, line.Service, line.Kind, State(line.Phase, line.Since, report.At), Millis(line.P95), line.Said]));
        },
        static json => Read<MonitoringReport>(json).Probes.Any(static line => line.Phase is ProbePhase.Down or ProbePhase.Recovering or ProbePhase.Unknown) ? ExitCode.Wrong : ExitCode.Done);

    private static Command Show(CommonOptions common)
    {
        var probe = Probe();
        return ApiCommand.Make(
            "show", "Show a probe with its latencies and outages.", common, [probe],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/probes/{parsed.GetRequiredValue(probe)}"), cancellation),
            static json =>
            {
                var report = Read<ProbeReport>(json);
                Console.WriteLine($"{report.Line.Name} ({report.Line.What}, every {Durations.Format(report.Line.Every)}): {report.Line.Phase.ToString().ToLowerInvariant()}; {report.Line.Said}");
                Output.Table(
                    ["DAY", "PASSED", "FAILED", "P50", "P95", "P99"],
                    report.Days.TakeLast(14).Select(static day => (IReadOnlyList<string>)
                        [day.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), N(day.Good), N(day.Failed), Millis(day.P50), Millis(day.P95), Millis(day.P99)]));
                Print(report.Incidents);
            });
    }

    private static Command Run(CommonOptions common)
    {
        var probe = Probe();
        return ApiCommand.Make(
            "run", "Look once, now, and say what was seen; it counts for nothing. 1 where it does not pass.", common, [probe],
            (api, parsed, cancellation) => api.SendAsync(HttpMethod.Post, ApiCommand.Path($"/api/probes/{parsed.GetRequiredValue(probe)}/runs"), null, [], cancellation),
            static json => Console.WriteLine($"{(Read<ProbeSample>(json).IsGood ? "passes" : "FAILS")}: {Read<ProbeSample>(json).Said} ({Millis(Read<ProbeSample>(json).Latency)})"),
            static json => Read<ProbeSample>(json).IsGood ? ExitCode.Done : ExitCode.Wrong);
    }

    private static Command Incidents(CommonOptions common)
    {
        var days = new Option<int>("--days") { Description = "Of the last so many days.", DefaultValueFactory = static _ => 30 };
        return ApiCommand.Make(
            "incidents", "List outages, the newest first.", common, [days],
            (api, parsed, cancellation) => api.GetAsync($"/api/incidents?days={parsed.GetValue(days)}", cancellation),
            static json => Print(Read<List<ProbeIncident>>(json)));
    }

    private static Command Beat(CommonOptions common)
    {
        var probe = Probe();
        return ApiCommand.Make(
            "beat", "Make the call that a heartbeat probe waits for: the last line of a job.", common, [probe],
            (api, parsed, cancellation) => api.SendAsync(HttpMethod.Post, ApiCommand.Path($"/api/heartbeats/{parsed.GetRequiredValue(probe)}"), null, [], cancellation),
            static json => Console.WriteLine($"Noted at {Read<ProbeBeat>(json).At:u}."));
    }

    private static Command Security(CommonOptions common) => ApiCommand.Make(
        "security", "List signals of security, the newest first.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/security/signals", cancellation),
        static json => Output.Table(
            ["AT", "SIGNAL", "ABOUT", "WHAT"],
            Read<List<SecuritySignal>>(json).Select(static signal => (IReadOnlyList<string>)[signal.At.ToString("u", CultureInfo.InvariantCulture), signal.Kind.ToString(), signal.Subject, signal.Text])));

    private static Argument<string> Probe() => new("probe") { Description = "The id of a probe." };

    private static void Print(IReadOnlyList<ProbeIncident> incidents)
    {
        if (incidents.Count == 0)
        {
            Console.WriteLine("No outage.");
            return;
        }

        Output.Table(
            ["FROM", "TO", "LASTED", "PROBE", "TICKET", "SAID"],
            incidents.Select(static one => (IReadOnlyList<string>)
            [
                one.From.ToString("u", CultureInfo.InvariantCulture), one.To?.ToString("u", CultureInfo.InvariantCulture) ?? "still down", one.To is { } to ? Durations.Format(to - one.From) : "-", one.Probe, one.Ticket ?? "-", one.Said,
            ]));
    }

    private static string State(ProbePhase phase, DateTimeOffset? since, DateTimeOffset now) => phase.ToString().ToLowerInvariant() + (since is { } at ? " for " + Durations.Rough(now - at) : "");

    private static string Percent(double? share) => share is { } value ? (Math.Truncate(value * 100_000) / 1000).ToString("0.###", CultureInfo.InvariantCulture) + " %" : "-";

    private static string Millis(TimeSpan? latency) => latency is { } value ? value.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture) + " ms" : "-";

    private static string N(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static T Read<T>(JsonElement json) => json.Deserialize<T>(MaintenanceJson.Options)!;
}
