using System.Globalization;
using System.Text;

namespace Maintenance.Reports;

/// <summary>The report of a year as people read it. The same report is the same text, byte for byte.</summary>
public static class YearReportText
{
    /// <summary>The report, in lines that end with a line feed.</summary>
    public static string Write(YearReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        Line($"{report.System}: {report.From} to {report.To} ({report.Zone})");

        Head("Tickets");
        foreach (var line in report.Tickets)
        {
            Line($"  {line.Priority}: {N(line.Opened, "opened", "opened")}, {line.Open} not resolved; answered in time {Attained(line.Response)}, solved in time {Attained(line.Resolution)}");
            var levels = string.Join(", ", line.Levels.Select(static (times, at) => string.Create(CultureInfo.InvariantCulture, $"level {at + 1}: {times} times")));
            Line($"    warned {line.Warnings} times{(levels.Length == 0 ? "" : $"; told: {levels}")}; unanswered to the end of the chain {line.Alarms} times");
        }

        Head("Availability");
        foreach (var line in report.Services)
        {
            Line($"  {line.Service}: {Percent(line.Share, 3)} of {Hours(line.Agreed)}, {N(line.Outages, "outage", "outages")}, down {Minutes(line.Down)} ({(line.IsMeasured ? "measured" : "by incidents")})");
            if (line.Objective is { } objective)
            {
                Line($"    objective {objective.ToString("0.###", CultureInfo.InvariantCulture)} %: {(line.Spent.Count == 0 ? "kept in every month" : "budget overspent in " + string.Join(", ", line.Spent))}");
            }
        }

        Head("Backups");
        foreach (var line in report.Backups)
        {
            Line($"  {line.Policy}: {line.Proven} proven, {line.Unproven} unproven, {line.Failed} failed; {line.Kept} kept; within the RPO {Percent(line.Cover, 2)} of the time");
        }

        Line($"  drills: {report.Drills.Passed} passed, {report.Drills.Failed} failed");

        Head("Duties");
        foreach (var line in report.Duties)
        {
            Line($"  {line.Name}: {line.InTime} in time, {line.Late} late, {line.Skipped} skipped, {line.Missed} missed, {line.Open} open");
        }

        Head("Supplies");
        foreach (var line in report.Supplies)
        {
            Line($"  {line.Item}: {Q(line.Consumed)} {line.Unit} consumed, {Q(line.Received)} received; lowest {Q(line.Lowest)}, now {Q(line.OnHand)}; asked for {N(line.Requests, "purchase", "purchases")}, ran out {line.StockOuts} times");
        }

        Head("Patches");
        var patches = report.Patches;
        Line($"  {patches.Requested} asked for: {patches.Approved} approved, {patches.Rejected} rejected, {patches.Expired} expired, {patches.Withdrawn} withdrawn, {patches.Open} open");

        Head("People");
        foreach (var line in report.People)
        {
            Line($"  {line.Person}: {N(line.Tickets, "ticket", "tickets")}, at most {line.Most} at once of a load of {line.Capacity}{(line.Over > TimeSpan.Zero ? $"; overloaded for {Hours(line.Over)}" : "")}");
        }

        if (report.Unassigned > 0)
        {
            Line($"  nobody: {N(report.Unassigned, "ticket", "tickets")} that nobody was assigned or began");
        }

        Head("Work (times by an assumed effort each)");
        foreach (var line in report.Work)
        {
            Line($"  {line.Kind}: {line.Times} x {Minutes(line.Each)} = {Hours(line.Whole)}");
        }

        Line($"  altogether {Hours(report.Work.Aggregate(TimeSpan.Zero, static (sum, line) => sum + line.Whole))}");

        Head("Said and done outside (counted, never sent)");
        Line($"  {report.Outside.Mails} mails, {report.Outside.Messages} messages to channels, {report.Outside.Notices} notices to the log alone, {report.Outside.Actions} actions of the plan");

        Head("What failed or was refused");
        foreach (var failure in report.Failures.DefaultIfEmpty("nothing"))
        {
            Line($"  {failure}");
        }

        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        void Head(string head) => text.Append('\n').Append(head).Append('\n');
    }

    private static string N(int number, string one, string more) => string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : more)}");

    private static string Attained(Attainment attained) =>
        attained.Share is { } share ? string.Create(CultureInfo.InvariantCulture, $"{attained.Met} of {attained.Met + attained.Missed} ({Percent(share, 1)})") : "0 of 0";

    private static string Percent(double? share, int digits) => share is { } known ? (known * 100).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + " %" : "-";

    private static string Hours(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h");

    private static string Minutes(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");

    private static string Q(decimal quantity) => quantity.ToString("0.###", CultureInfo.InvariantCulture);
}
