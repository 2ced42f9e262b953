using System.Globalization;
using Maintenance.Backups;
using Maintenance.Backups.Retention;
using Maintenance.Recovery;
using Maintenance.Time;

namespace Maintenance.Plan.Document;

/// <summary>Backups and how services are brought back.</summary>
public static partial class PlanDocumentWriter
{
    private static DocumentSection Backups(OperationsPlan plan)
    {
        if (plan.Backups.Count == 0)
        {
            return new("backups", "Backups", None("The plan has no backups."));
        }

        var care = plan.Repository;
        List<DocumentBlock> blocks =
        [
            new DocumentText("Each backup is restored and compared before it counts as proven. One older than its service's RPO is replaced at once."),
            new DocumentTable("Backups", ["Backup", "Service", "What", "Schedule", "Kept", "Nobody drops for", "Told of failures"],
            [
                .. plan.Backups.Select(policy => Row(
                    policy.Id, ServiceName(plan, policy.Service), policy.Source.ToString() + (policy.Exclude.Count > 0 ? $", without {List(policy.Exclude)}" : ""),
                    policy.Paused is { } pause ? $"RESTS since {Date(pause.Since)}: {pause.Reason}" : policy.Schedule.Text,
                    RetentionRulesText.Of(policy.Retention).ToString(), policy.ImmutableFor > TimeSpan.Zero ? Durations.Format(policy.ImmutableFor) : null, List(policy.Notify.Select(id => Who(plan, id))))),
            ]),
            new DocumentTable("What proves a backup", ["Backup", "Besides being equal to what was read", "Counts for", "Copies"],
                [.. plan.Backups.Select(static policy => Row(policy.Id, Proof(policy.Proof), policy.Proof.ExpiresAfter is { } expires ? Durations.Format(expires) : "as long as it is there", List(policy.Copies)))]),
            new DocumentHeading("Repository"),
            new DocumentTable("Where backups lie", ["Store", "Medium", "Off site", "Read again"],
            [
                Row("the host's own", care.Media, care.IsOffSite ? "yes" : "no", ReadAgain(care.Verify, care.VerifyPercent)),
                .. care.Copies.Select(static copy => Row($"{copy.Id}: {copy.Location}", copy.Media, copy.IsOffSite ? "yes" : "no", ReadAgain(copy.Verify, copy.VerifyPercent))),
            ]),
            new DocumentFacts([new("What no snapshot needs is removed", care.Prune is { } prune ? $"{prune.Text}, {Durations.Format(care.Grace)} after it was found" : "on request only")]),
        ];
        return new("backups", "Backups", blocks);
    }

    private static DocumentSection Recovery(OperationsPlan plan)
    {
        if (plan.Recovery.Strategies.Count == 0)
        {
            return new("recovery", "Recovery", None("The plan has no recovery strategies."));
        }

        var blocks = new List<DocumentBlock>();
        foreach (var strategy in plan.Recovery.Strategies)
        {
            blocks.Add(new DocumentHeading($"{ServiceName(plan, strategy.Service)} ({strategy.Id})"));
            blocks.Add(new DocumentText(strategy.Description));
            blocks.Add(new DocumentFacts(
            [
                new("At the same time", strategy.Workers == 1 ? "one step" : $"{strategy.Workers.ToString(CultureInfo.InvariantCulture)} steps"),
                new("Entering again what was lost", strategy.WorkRecovery > TimeSpan.Zero ? Durations.Format(strategy.WorkRecovery) : "no time is planned"),
                new("Drills", strategy.Drills is { } drills ? $"{drills.Schedule.Text}; one that passed counts for {Durations.Format(drills.Expires)}" : "on request only"),
                new("Told", List(strategy.Notify.Select(id => Who(plan, id)))),
            ]));
            blocks.Add(new DocumentTable($"Steps: {strategy.Id}", ["Step", "How", "Who", "Expected", "After", "In drills"],
            [
                .. strategy.Steps.Select(step => Row(
                    step.Name, How(step), Who(plan, step.Owner), Durations.Format(step.Duration), List(step.After.Select(id => strategy.Steps.FirstOrDefault(other => other.Id == id)?.Name ?? id)), step.RunsInDrill ? "yes" : "no")),
            ]));
        }

        return new("recovery", "Recovery", blocks);
    }

    private static string ReadAgain(Schedule? schedule, int percent) => schedule is null ? "on request only" : $"{schedule.Text}, {percent.ToString(CultureInfo.InvariantCulture)} % each time";

    private static string? Proof(ProofRules proof)
    {
        List<string> asked = [];
        if (proof.MinimumFiles > 0)
        {
            asked.Add($"{proof.MinimumFiles.ToString(CultureInfo.InvariantCulture)} files");
        }

        if (proof.MinimumBytes > 0)
        {
            asked.Add($"{proof.MinimumBytes.ToString(CultureInfo.InvariantCulture)} bytes");
        }

        asked.AddRange(proof.Contains);
        if (proof.Command.Count > 0)
        {
            asked.Add($"command {string.Join(' ', proof.Command)} passes");
        }

        return List(asked);
    }

    private static string How(RecoveryStep step) => step.Kind switch
    {
        RecoveryStepKind.Restore => $"restore {step.Restore!.Backup}{(step.Restore.Live is { } live ? $" beside {live}" : step.Restore.Place is { } place ? $" into {place}" : "")}",
        RecoveryStepKind.Action => step.Action!.ToString(),
        RecoveryStepKind.Check => "check: " + step.Check,
        RecoveryStepKind.Gate => $"approval by {step.Gate!.Quorum.ToString(CultureInfo.InvariantCulture)} of {List(step.Gate.Approvers)}",
        _ => "by hand" + (step.Sop is { } sop ? $", procedure {sop}" : ""),
    };
}
