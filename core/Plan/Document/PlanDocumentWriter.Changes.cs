using System.Globalization;
using Maintenance.Patches;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Plan.Document;

/// <summary>Windows, approvals, priorities and service levels.</summary>
public static partial class PlanDocumentWriter
{
    private static DocumentSection Windows(OperationsPlan plan)
    {
        var windows = plan.Windows;
        List<DocumentBlock> blocks = [.. windows.Maintenance.Count == 0
            ? None("The plan has no maintenance windows.")
            : [new DocumentTable("Maintenance windows", ["Window", "When"], [.. windows.Maintenance.Select(static window => Row(window.Name, window.When))])]];
        if (windows.Freezes.Count > 0)
        {
            blocks.Add(new DocumentHeading("Freezes"));
            blocks.Add(new DocumentText("Nothing is changed in them, whatever the windows say."));
            blocks.Add(new DocumentTable("Freezes", ["Freeze", "From", "To", "Why"],
                [.. windows.Freezes.OrderBy(static freeze => freeze.From).Select(static freeze => Row(freeze.Id, Wall(freeze.From), Wall(freeze.To), freeze.Reason))]));
        }

        return new("windows", "Maintenance windows", blocks);
    }

    private static DocumentSection Patching(OperationsPlan plan)
    {
        var patching = plan.Patching;
        List<DocumentBlock> blocks =
        [
            new DocumentText($"The first rule that matches a request decides it. Times are service time of: {CalendarName(plan, patching.Calendar)}."),
            new DocumentTable("Approval rules", ["Changes", "Severities", "Who may approve", "Needed", "Who may not", "Rejected by", "Expires", "Review"],
            [
                .. patching.Rules.Select(static rule => Row(
                    All<PatchType>(rule.Types), All<PatchSeverity>(rule.Severities), List(rule.Approvers),
                    rule.Quorum == 0 ? "nobody: approved beforehand" : $"{rule.Quorum.ToString(CultureInfo.InvariantCulture)}{(rule.Decides == DecisionMoment.AtExpiry ? ", counted when time is up" : "")}",
                    List(rule.Excluded.Select(static party => Lower(party))), rule.Rejections == 1 ? "one" : rule.Rejections.ToString(CultureInfo.InvariantCulture), Durations.Format(rule.ExpiresAfter),
                    (rule.Review is { } review ? $"within {Durations.Format(review)}" : "none") + (rule.IsExpedited ? "; through the rings at once" : ""))),
            ]),
        ];
        if (patching.Rings.Count > 0)
        {
            blocks.Add(new DocumentHeading("Rollout"));
            blocks.Add(new DocumentText("An approved change goes through these rings in order; a probe that fails takes it back."));
            blocks.Add(new DocumentTable("Rings", ["Ring", "Windows", "Takes", "Targets", "Backups before", "Change", "Taken back by", "Watched for"],
            [
                .. patching.Rings.Select(ring => Row(
                    ring.Name, ring.Windows.Count == 0 ? "at any time" : List(ring.Windows.Select(id => plan.Windows.Find(id)?.Name ?? id)), Durations.Format(ring.Duration), List(ring.Targets), List(ring.Backups),
                    ring.Apply.ToString(), ring.Undo?.ToString() ?? (ring.Backups.Count > 0 && ring.RestoresBackups ? "its backups" : null), Durations.Format(ring.Soak))),
            ]));
        }

        return new("patching", "Patches and approvals", blocks);
    }

    private static DocumentSection Priorities(OperationsPlan plan)
    {
        var matrix = plan.Priorities;
        return new("priorities", "Priorities",
        [
            new DocumentText("Impact (lines) and urgency (columns) give the priority."),
            new DocumentTable("Priority matrix", ["Impact", .. matrix.Urgencies.Select(static urgency => urgency.Name)],
                [.. matrix.Impacts.Select(impact => Row([impact.Name, .. matrix.Urgencies.Select(urgency => matrix.NameOf(matrix.Of(impact.Id, urgency.Id)))]))]),
        ]);
    }

    private static DocumentSection ServiceLevels(OperationsPlan plan)
    {
        var levels = plan.ServiceLevels;
        List<DocumentBlock> blocks =
        [
            new DocumentTable("Targets", ["Priority", "Answered within", "Resolved within", "Measured in", "Warned at", "Escalation"],
            [
                .. levels.Targets.Select(target => Row(
                    plan.Priorities.NameOf(target.Priority), Durations.Format(target.Response), Durations.Format(target.Resolution), CalendarName(plan, target.Calendar),
                    List(target.Warnings.Select(static percent => percent.ToString(CultureInfo.InvariantCulture) + " %")), target.Escalation)),
            ]),
            new DocumentTable("What stops the clocks", ["While a ticket waits for", "Stands still"],
                [.. levels.Waiting.Select(static rule => Row(Spaced(rule.For.ToString()), rule.Stops.Count == 0 ? "nothing" : List(rule.Stops.Select(static target => Lower(target)))))]),
        ];
        foreach (var chain in levels.Escalations)
        {
            blocks.Add(new DocumentHeading($"Escalation: {chain.Id}"));
            blocks.Add(new DocumentTable($"Escalation: {chain.Id}", ["When", "Told", "Where nobody is on duty", "Told again", "Does"],
            [
                .. chain.Levels.Select(level => Row(
                    When(level.After), List([.. level.Notify.Select(id => Who(plan, id)), .. level.Channels]), level.Fallback.Count == 0 ? "the levels that follow" : List(level.Fallback.Select(id => Who(plan, id))),
                    level.Repeat is { } repeat ? $"every {Durations.Format(repeat)}{(level.IsUrgent ? ", urgent" : "")}" : level.IsUrgent ? "once, urgent" : "once", level.Action)),
                Row($"alarm, {Durations.Format(chain.Alarm.After)} later", List([.. chain.Alarm.Notify.Select(id => Who(plan, id)), .. chain.Alarm.Channels]), null, null, "Nobody has said that they see to it."),
            ]));
        }

        return new("service-levels", "Service levels and escalation", blocks);
    }

    private static string When(TimeSpan after) => after == TimeSpan.Zero ? "when due" : after < TimeSpan.Zero ? $"{Durations.Format(-after)} before it is due" : $"{Durations.Format(after)} after it was due";

    private static string All<T>(IReadOnlyList<T> values)
        where T : struct, Enum => values.Distinct().Count() == Enum.GetValues<T>().Length ? "all" : List(values.Select(static value => Lower(value)));

    private static string Wall(LocalDateTime time) => time.ToString("ddd d MMM uuuu HH:mm", CultureInfo.InvariantCulture);
}
