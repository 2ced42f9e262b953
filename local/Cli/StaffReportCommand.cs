using System.CommandLine;

namespace Maintenance.Local.Cli;

/// <summary><c>report staff</c>: hours planned and booked, absences, tickets, duties and training of a month.</summary>
internal static class StaffReportCommand
{
    private static readonly string[] Parts = ["services", "kinds"];

    public static Command Make(CommonOptions common)
    {
        var month = new Option<string?>("--month") { Description = "Such as 2026-11; this one where left out." };
        var person = new Option<string?>("--person") { Description = "Of this person alone." };
        var team = new Option<string?>("--team") { Description = "Of this team alone." };
        var csv = new Option<string?>("--csv") { Description = "Write it to this file as CSV; - for the output." };
        var command = new Command("staff", "What staff did in a month against what was planned: of yourself and of the teams that you lead (with --token: the operator is nobody's lead).") { month, person, team, csv };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var api = await ApiSession.OpenAsync(parsed, common, cancellation);
            var query = string.Join('&', new[] { month, person, team }.Where(option => parsed.GetValue(option) is not null).Select(option => $"{option.Name[2..]}={Uri.EscapeDataString(parsed.GetValue(option)!)}"));
            if (parsed.GetValue(csv) is { } file)
            {
                await using var target = file == "-" ? Console.OpenStandardOutput() : new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 81920, useAsync: true);
                await api.DownloadAsync("/api/reports/staff.csv?" + query, target, cancellation);
                return ExitCode.Done;
            }

            var report = await api.GetAsync("/api/reports/staff?" + query, cancellation);
            if (parsed.GetValue(common.Json))
            {
                Output.Json(report);
                return ExitCode.Done;
            }

            Console.WriteLine($"{report.Text("month")}{(report.GetProperty("isClosed").GetBoolean() ? ", closed" : report.TryGetProperty("closesAt", out _) ? $", open until {report.Instant("closesAt")}" : "")}");
            Output.Table(
                ["OF", "CAN WORK", "ALLOCATED", "BOOKED", "DAYS AWAY", "DUTIES IN TIME", "TRAININGS VALID"],
                report.Items("teams").Concat(report.Items("people")).Select(static one => (One: one, Duties: one.GetProperty("duties"), Training: one.GetProperty("training"))).Select(static line => (IReadOnlyList<string>)
                [
                    line.One.Text("name"), line.One.Text("capacity"), line.One.Text("allocated"), line.One.Text("booked"), line.One.Text("absenceDays"),
                    $"{line.Duties.Text("inTime")} of {line.Duties.GetProperty("inTime").GetInt32() + line.Duties.GetProperty("late").GetInt32() + line.Duties.GetProperty("missed").GetInt32()}",
                    $"{line.Training.Text("valid")} of {line.Training.Text("asked")}",
                ]));
            foreach (var one in report.Items("teams").Concat(report.Items("people")))
            {
                var lines = Parts.SelectMany(part => one.Items(part).Select(line => (IReadOnlyList<string>)[part, line.Text("name") is { Length: > 0 } name ? name : "-", line.Text("planned"), line.Text("booked")])).ToList();
                if (lines.Count > 0)
                {
                    Console.WriteLine();
                    Console.WriteLine(one.Text("name"));
                    Output.Table(["BY", "", "PLANNED", "BOOKED"], lines);
                }
            }

            foreach (var formula in report.Items("formulas"))
            {
                Console.WriteLine("  " + formula.GetString());
            }

            return ExitCode.Done;
        });
        return command;
    }
}
