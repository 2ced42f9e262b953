using System.Globalization;
using Maintenance.Resources;
using Maintenance.Tickets;

namespace Maintenance.Reports;

/// <summary>Reports as lines of CSV (RFC 4180), safe from formulas as <see cref="TicketCsv"/> is. Shares are numbers from 0 to 1, times are minutes, what is not known is empty. Pure.</summary>
public static class ReportCsv
{
    /// <summary>Everything at a glance, a line for each month.</summary>
    public static IEnumerable<string> Of(OperationsReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Months.Select(static month => Line(month.Month, N(month.Response), N(month.Resolution), N(month.Availability), N(month.Backups), N(month.WithinRecoveryPoint), N(month.DrillsPassed), N(month.DrillsFailed), N(month.Opened), N(month.Resolved), N(month.Backlog)))
            .Prepend(Line("month", "responseInTime", "resolutionInTime", "availability", "backupSuccess", "withinRpo", "drillsPassed", "drillsFailed", "opened", "resolved", "backlog"));
    }

    /// <summary>Service levels, a line for each line of the report.</summary>
    public static IEnumerable<string> Of(TicketReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Lines.Select(static line => Line(
                line.Key, N(line.Opened), N(line.Resolved), N(line.Response.Met), N(line.Response.Missed), N(line.Response.Share), N(line.Resolution.Met), N(line.Resolution.Missed), N(line.Resolution.Share),
                N(line.ResponseTime.Median), N(line.ResponseTime.P90), N(line.ResolutionTime.Median), N(line.ResolutionTime.P90), N(line.FirstContact), N(line.Reopened)))
            .Prepend(Line(
                System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(report.By.ToString()), "opened", "resolved", "responseMet", "responseMissed", "responseInTime", "resolutionMet", "resolutionMissed", "resolutionInTime", "responseMedianMinutes",
                "responseP90Minutes", "resolutionMedianMinutes", "resolutionP90Minutes", "firstContact", "reopened"));
    }

    /// <summary>Availability, a line for each service and month; an objective is a share, as the availability is.</summary>
    public static IEnumerable<string> Of(AvailabilityReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Lines.SelectMany(static line => line.Months.Select(month => Line(line.Service, line.Name, month.Month, N(month.Share is null ? null : month.Agreed), N(month.Share is null ? null : month.Down), N(month.Outages), N(month.Share),
                N(line.Objective / 100), N(month.Budget?.Allowed), N(month.Budget?.Left))))
            .Prepend(Line("service", "name", "month", "agreedMinutes", "downMinutes", "outages", "availability", "objective", "budgetMinutes", "budgetLeftMinutes"));
    }

    /// <summary>Backups, a line for each policy and month.</summary>
    public static IEnumerable<string> Of(BackupReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Lines.SelectMany(static line => line.Months.Select(month => Line(line.Policy, line.Service, month.Month, N(month.Proven), N(month.Unproven), N(month.Failed), N(month.Success), N(month.Cover))))
            .Prepend(Line("policy", "service", "month", "proven", "unproven", "failed", "success", "withinRpo"));
    }

    /// <summary>Drills and recoveries, a line for each.</summary>
    public static IEnumerable<string> Of(DrillReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Lines.Select(static line => Line(
                line.Id, line.Kind.ToString().ToLowerInvariant(), line.Strategy, line.Service, line.ClosedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                line.IsPassed is { } passed ? passed ? "passed" : "failed" : "ended", N(line.RecoveryTime?.Achieved), N(line.RecoveryTime?.Objective), N(line.RecoveryPoint?.Achieved), N(line.RecoveryPoint?.Objective)))
            .Prepend(Line("id", "kind", "strategy", "service", "closedAt", "result", "recoveryTimeMinutes", "rtoMinutes", "recoveryPointMinutes", "rpoMinutes"));
    }

    /// <summary>Workload: a line for each month, team, and person whose figures the reader may see.</summary>
    public static IEnumerable<string> Of(WorkloadReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Months.Select(static month => Line("month", month.Month, "", N(month.Opened), N(month.Resolved), N(month.Backlog)))
            .Concat(report.Teams.Select(static team => Line("team", team.Id, team.Name, N(team.Opened), N(team.Resolved), N(team.Open))))
            .Concat(report.People.Select(static person => Line("person", person.Id, person.Name, N(person.Opened), N(person.Resolved), N(person.Open))))
            .Prepend(Line("of", "id", "name", "opened", "resolved", "open"));
    }

    /// <summary>What staff did in a month: a line for each team and person with their sums, then one for each of their services and kinds of work. Hours are numbers.</summary>
    public static IEnumerable<string> Of(StaffReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Teams.SelectMany(team => Lines(
                "team", team.Team, team.Name, [N(team.Capacity), N(team.Allocated), N(team.Booked), N(team.AbsenceDays), "", "", "", .. Duties(team.Duties), N(team.Training.Asked), N(team.Training.Valid)], team.Services, team.Kinds))
            .Concat(report.People.SelectMany(person => Lines(
                "person", person.Person, person.Name,
                [
                    person.Capacity is { } capacity ? N(capacity) : "", N(person.Allocated), N(person.Booked), N(person.AbsenceDays), N(person.Tickets?.Opened ?? 0), N(person.Tickets?.Resolved ?? 0), N(person.Tickets?.Resolution.Share),
                    .. Duties(person.Duties), N(person.Training.Asked), N(person.Training.Valid),
                ],
                person.Services, person.Kinds)))
            .Prepend(Line(
                "month", "of", "id", "name", "by", "key", "capacityHours", "plannedHours", "bookedHours", "absenceDays", "ticketsOpened", "ticketsResolved", "resolutionInTime", "dutiesInTime", "dutiesLate", "dutiesMissed", "trainingAsked",
                "trainingValid"));

        IEnumerable<string> Lines(string of, string id, string name, IEnumerable<string> sums, IEnumerable<HoursLine> services, IEnumerable<HoursLine> kinds) =>
            services.Select(line => Part("service", line)).Concat(kinds.Select(line => Part("kind", line))).Select(part => Line([report.Month, of, id, name, .. part])).Prepend(Line([report.Month, of, id, name, "all", "", .. sums]));

        static IEnumerable<string> Part(string by, HoursLine line) => [by, line.Name, "", N(line.Planned), N(line.Booked), .. Enumerable.Repeat("", 9)];

        static string[] Duties(DutiesDone done) => [N(done.InTime), N(done.Late), N(done.Missed)];
    }

    private static string Line(params IEnumerable<string> cells) => string.Join(',', cells.Select(TicketCsv.Cell)) + "\r\n";

    private static string N(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string N(decimal hours) => hours.ToString("0.##", CultureInfo.InvariantCulture);

    private static string N(double? share) => share?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";

    private static string N(TimeSpan? time) => time?.TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture) ?? "";
}
