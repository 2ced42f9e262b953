using System.CommandLine;
using System.Text.Json;
using Maintenance.Local.Simulation;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Time;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Local.Cli;

/// <summary><c>simulate</c>: tries a plan out over a year before anybody depends on it. Needs no data folder and no server, and touches neither.</summary>
internal static class SimulateCommand
{
    private const int MostDays = 3 * 366;

    public static Command Make(CommonOptions common)
    {
        var days = new Option<int>("--days") { Description = $"For how many days, 1 to {MostDays}.", DefaultValueFactory = static _ => 365 };
        days.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MostDays)
            {
                result.AddError($"--days is a number from 1 to {MostDays}.");
            }
        });
        var from = new Option<string?>("--from") { Description = "The first date, such as 2026-01-01, in the plan's zone; the first of next month where left out." };
        from.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IsDate(text))
            {
                result.AddError($"--from is a date from 2000-01-01 to 2190-12-31, such as 2026-01-01; '{text}' is none.");
            }
        });
        var seed = new Option<int>("--seed") { Description = "Another number is another year; the same is the same to the letter.", DefaultValueFactory = static _ => 1 };
        var reports = new Option<double>("--reports") { Description = "How many reports come in on a working day, on average.", DefaultValueFactory = static _ => new WorldHabits().ReportsPerDay };
        reports.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 100))
            {
                result.AddError("--reports is a number from 0 to 100.");
            }
        });
        var to = new Option<string?>("--out") { Description = "Keep the simulated records in this folder, which must be empty or missing; else they are deleted." };
        var command = new Command("simulate", "Try the plan out over a simulated year: 0 done, 1 something failed or was refused, 2 the plan cannot be read. Nothing is sent, and no real data is touched.") { days, from, seed, reports, to };
        command.SetAction(async (parsed, cancellation) =>
        {
            var file = parsed.GetRequiredValue(common.Plan);
            var text = await new PlanFileSource(file).ReadAsync(cancellation);
            var load = PlanFile.Load(text.File, text.Yaml, text.Folder);
            if (load.Plan is not { } plan)
            {
                foreach (var problem in load.Problems)
                {
                    await Console.Error.WriteLineAsync(problem.ToString());
                }

                return ExitCode.Usage;
            }

            var zone = plan.System.TimeZone;
            var first = parsed.GetValue(from) is { } given ? LocalDatePattern.Iso.Parse(given).Value : NextMonth(zone);
            var last = first.PlusDays(parsed.GetValue(days) - 1);
            if (Period.Between(new LocalDate(first.Year, first.Month, 1), new LocalDate(last.Year, last.Month, 1), PeriodUnits.Months).Months >= ReportMonths.Most)
            {
                await Console.Error.WriteLineAsync($"From {first:uuuu-MM-dd} to {last:uuuu-MM-dd} are more than {ReportMonths.Most} months, the most that a report spans: --days is less.");
                return ExitCode.Usage;
            }

            var terms = new SimulationTerms(Midnight(first, zone), Midnight(first.PlusDays(parsed.GetValue(days)), zone));
            var report = await InFolderAsync(parsed.GetValue(to), folder => RunAsync(folder, text, terms, parsed.GetValue(seed), parsed.GetValue(reports), cancellation));
            if (parsed.GetValue(common.Json))
            {
                Output.Json(JsonSerializer.SerializeToElement(report, MaintenanceJson.Options));
            }
            else
            {
                Console.Write(YearReportText.Write(report));
            }

            return report.Failures.Count == 0 ? ExitCode.Done : ExitCode.Wrong;
        });
        return command;
    }

    private static async Task<YearReport> RunAsync(string folder, PlanText plan, SimulationTerms terms, int seed, double reports, CancellationToken cancellation)
    {
        await using var system = await SimulatedSystem.StartAsync(folder, plan, terms.From, cancellation);
        var simulation = new Simulation.Simulation(system, terms);
        if (!Console.IsErrorRedirected)
        {
            simulation.Day = static day => Console.Error.Write($"\r{day:yyyy-MM-dd} ");
        }

        new SeededWorld(seed, new WorldHabits { ReportsPerDay = reports }).Begin(simulation);
        await simulation.RunAsync(cancellation);
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write("\r            \r");
        }

        return await YearReports.ReadAsync(simulation, cancellation);
    }

    /// <summary>In the folder that was named, or in one of its own that is gone afterwards.</summary>
    private static async Task<T> InFolderAsync<T>(string? named, Func<string, Task<T>> work)
    {
        if (named is not null)
        {
            return Directory.Exists(named) && Directory.EnumerateFileSystemEntries(named).Any() ? throw new IOException($"--out {named}: the folder is not empty.") : await work(Path.GetFullPath(named));
        }

        var own = Directory.CreateTempSubdirectory("maintenance-simulation-");
        try
        {
            return await work(own.FullName);
        }
        finally
        {
            own.Delete(recursive: true);
        }
    }

    private static LocalDate NextMonth(DateTimeZone zone)
    {
        var today = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InZone(zone).Date;
        return new LocalDate(today.Year, today.Month, 1).PlusMonths(1);
    }

    private static DateTimeOffset Midnight(LocalDate date, DateTimeZone zone) => WallClock.ToInstant(date.AtMidnight(), zone).ToDateTimeOffset();

    private static bool IsDate(string text) =>
        LocalDatePattern.Iso.Parse(text) is { Success: true, Value.Year: >= 2000 and <= 2190 };
}
