using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Rollouts;
using Maintenance.Time;
using Maintenance.Windows;

namespace Maintenance.Plan;

/// <summary>The rules of the rings of the section <c>patching</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class RolloutRules
{
    /// <summary>Any instant does: whether a window ever holds a duration hardly depends on where one starts. Freezes pass, so they do not count.</summary>
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Each ring.</summary>
    public static void Rings(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Patching.Rings.Count; i++)
        {
            var (ring, path) = (plan.Patching.Rings[i], $"patching.rings[{i}]");
            CheckWindows(ring, path, plan, reading);
            CheckBackups(ring, path, plan, reading);
            for (var j = 0; j < ring.Probes.Count; j++)
            {
                CheckProbe(ring.Probes[j], $"{path}.probes[{j}]", reading);
            }

            if (ring.Probes.Count == 0)
            {
                reading.Report(PlanProblemSeverity.Warning, path, $"the ring '{ring.Id}' has no probes, so a change that broke it would go on to the next.", "Add probes, such as { http: https://…/health }.");
            }

            if (ring.Undo is null && (ring.Backups.Count == 0 || !ring.RestoresBackups))
            {
                reading.Report(PlanProblemSeverity.Warning, path, $"nothing takes a change back in the ring '{ring.Id}': a failed probe would end the rollout and leave it there.", "Add undo:, or backups: that a rollback restores.");
            }
        }

        if (plan.Patching.Rings is [.., { Backups.Count: 0 } last])
        {
            reading.Report(PlanProblemSeverity.Warning, $"patching.rings[{plan.Patching.Rings.Count - 1}]", $"nothing is backed up before the last ring, '{last.Id}', is changed.", "Name its backup policies under backups.");
        }
    }

    private static void CheckWindows(RolloutRing ring, string path, OperationsPlan plan, PlanReading reading)
    {
        var unfrozen = plan.Windows with { Freezes = [], Horizon = TimeSpan.FromDays(400) };
        if (ring.Windows.Count > 0 && ring.Windows.All(id => plan.Windows.Find(id) is not null)
            && WindowCalendar.Fit(unfrozen, plan.System.TimeZone, [.. ring.Windows], Start, ring.Duration) is null)
        {
            reading.Report(
                PlanProblemSeverity.Error, $"{path}.duration", $"no window of {string.Join(", ", ring.Windows)} is ever {Durations.Format(ring.Duration)} long.", "Lower it, or give the ring a longer window.");
        }
    }

    private static void CheckBackups(RolloutRing ring, string path, OperationsPlan plan, PlanReading reading)
    {
        for (var j = 0; j < ring.Backups.Count; j++)
        {
            if (ring is { RestoresBackups: true, Undo: null } && plan.FindBackup(ring.Backups[j]) is { Source.Kind: not BackupSourceKind.Folder } policy)
            {
                reading.Report(
                    PlanProblemSeverity.Error, $"{path}.backups[{j}]", $"'{policy.Id}' backs up no folder, which a rollback cannot put back by itself.", "Add undo: with a command or webhook that does (it gets the snapshot's id), or restoreBackups: false.");
            }
        }
    }

    private static void CheckProbe(Check probe, string path, PlanReading reading)
    {
        if (probe.Kind == CheckKind.File)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.file", "a ring has no restored folder to look into.", "Write http: or query: instead.");
        }

        if (probe is { Kind: CheckKind.Query, Database: null })
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.query", "it does not say which database.", "Add database: with the name of the host's setting that holds the connection string.");
        }
    }
}
