using System.Globalization;
using System.Text;
using Maintenance.Time;

namespace Maintenance.Recovery;

/// <summary>A report as Markdown, for a file or a terminal. Instants are UTC.</summary>
public static class RecoveryReportText
{
    /// <summary>The report.</summary>
    public static string Markdown(RecoveryReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var (run, text) = (report.Run, new StringBuilder());
        Line($"# {(run.Kind == RecoveryKind.Drill ? "Drill" : "Recovery")} {run.Id} of {report.ServiceName}");
        Line();
        Line($"**{report.Verdict}**");
        Line();
        Line($"- Strategy: {run.Strategy}{(run.Copy is null ? "" : $", from the copy {run.Copy}")}");
        Line($"- Activated: {At(run.StartedAt)} by {report.NameOf(run.StartedBy)}: {run.Reason}");
        Line($"- Over: {(run.ClosedAt is { } closed ? At(closed) : $"not yet, as of {At(report.At)}")}");
        Line();
        Line("## Objectives");
        Line();
        Table(["Objective", "At most", "Achieved", ""], report.Objectives.Select(static one => new[] { one.Name, Durations.Format(one.Objective), one.Achieved is { } achieved ? Durations.Rough(achieved) : "not measured", one.IsMet switch { true => "kept", false => "MISSED", _ => "" } }));
        Line("## Findings");
        Line();
        List(report.Findings.Count == 0 ? ["Nothing went otherwise than planned."] : report.Findings);
        Line("## Steps");
        Line();
        Table(
            ["Step", "Owner", "State", "Planned", "Took", "Came to"],
            report.Steps.Select(step => new[] { step.Name, report.NameOf(step.Owner), step.State.ToString().ToLowerInvariant(), Durations.Format(step.Planned), step.Took is { } took ? Durations.Rough(took) : "–", step.Result ?? "" }));
        Line("## Who decided what");
        Line();
        List([.. report.Decisions.Select(entry => $"{At(entry.At)} {report.NameOf(entry.By)}: {entry.What}")]);
        Line("## Evidence");
        Line();
        List(
        [
            .. report.Snapshots.Select(static one => $"{one.Step}: {one.Snapshot}, as of {At(one.RecoveryPoint)}{(one.ProvenAt is { } proven ? $", proven {At(proven)}" : "")}"),
            .. report.Checks.Select(static one => $"{one.Name}: {one.State.ToString().ToLowerInvariant()}{(one.Result is null ? "" : $". {one.Result}")}"),
        ]);
        Line("## Signatures");
        Line();
        List([.. report.Signatures.Select(one => $"{one.Part}: {(one.Person is null ? "" : report.NameOf(one.Person) + " ")}____________________ Date: ____________")]);
        return text.ToString().TrimEnd() + "\n";

        void Line(string line = "") => text.Append(line).Append('\n');

        void List(IReadOnlyList<string> lines)
        {
            foreach (var line in lines)
            {
                Line("- " + OneLine(line));
            }

            Line();
        }

        void Table(string[] head, IEnumerable<string[]> rows)
        {
            Line($"| {string.Join(" | ", head)} |");
            Line($"|{string.Concat(Enumerable.Repeat(" --- |", head.Length))}");
            foreach (var row in rows)
            {
                Line($"| {string.Join(" | ", row.Select(static cell => OneLine(cell).Replace("|", "\\|", StringComparison.Ordinal)))} |");
            }

            Line();
        }
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
