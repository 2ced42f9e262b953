using System.Globalization;
using Maintenance.Backups.Alarms;
using Maintenance.Messaging;
using Maintenance.Status;
using Maintenance.Time;
using Maintenance.Workflows;

namespace Maintenance.Monitoring;

/// <summary>What the watchdog makes of what it sees. Pure.</summary>
public static class WatchRules
{
    /// <summary>A workflow that failed longer ago than this is history.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    /// <summary>The words that a finding's line in the log begins with. Alert rules search for them: they are never changed.</summary>
    public static string Prefix(WatchKind kind) => kind switch
    {
        WatchKind.Heartbeat => "Alarm: heartbeat missing",
        WatchKind.WorkflowStuck => "Alarm: workflow stuck",
        WatchKind.WorkflowFailed => "Alarm: workflow failed",
        WatchKind.DeadLetter => "Alarm: dead letter",
        WatchKind.RecoveryPoint => "Alarm: recovery point",
        WatchKind.ProbeSilent => "Alarm: probe silent",
        WatchKind.BudgetBurning => "Alarm: error budget",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of finding."),
    };

    /// <summary>True where somebody else tells people of it: backups have recipients of their own (<see cref="TimerService.RaiseBackupAlarms"/>).</summary>
    public static bool IsToldElsewhere(WatchKind kind) => kind == WatchKind.RecoveryPoint;

    /// <summary>
    /// Timers that are silent or failed. Not the watchdog's own: it runs, and whether it did lately is for somebody outside to see.
    /// </summary>
    /// <param name="beats">The signs of life.</param>
    /// <param name="since">Since when the plan runs (UTC): a timer that never ran has as long from there.</param>
    /// <param name="now">The instant (UTC).</param>
    public static IEnumerable<WatchFinding> Timers(IReadOnlyList<Heartbeat> beats, DateTimeOffset since, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(beats);
        foreach (var rhythm in TimerRhythms.All.Where(static rhythm => rhythm.Timer != TimerService.WatchOperations))
        {
            var beat = beats.FirstOrDefault(beat => beat.Timer == rhythm.Timer);
            var text = beat is null ? now - since > rhythm.Silence ? $"The timer {rhythm.Timer} has never run." : null
                : now - beat.At > rhythm.Silence ? $"The timer {rhythm.Timer} has not run for {Durations.Rough(now - beat.At)}. See whether the host is up."
                : beat.Error is { } error ? $"The timer {rhythm.Timer} fails: {error}"
                : null;
            if (text is not null)
            {
                yield return new WatchFinding(WatchKind.Heartbeat, rhythm.Timer, text, "/#timers");
            }
        }
    }

    /// <summary>Workflows that have stood still for too long, and those that failed lately. One that a person ended is no news.</summary>
    public static IEnumerable<WatchFinding> Workflows(IEnumerable<WorkflowStatus> workflows, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workflows);
        foreach (var workflow in workflows)
        {
            var path = "/operations/" + Uri.EscapeDataString(workflow.InstanceId);
            if (WorkflowPatience.IsStuck(workflow, now))
            {
                yield return new WatchFinding(
                    WatchKind.WorkflowStuck,
                    workflow.InstanceId,
                    $"{workflow.Workflow} {workflow.InstanceId} has stood still for {Durations.Rough(now - workflow.UpdatedAt)} ({workflow.Status ?? "it was never begun"}). "
                    + $"See the log for what holds it up; end it with: workflow terminate {workflow.InstanceId}",
                    path);
            }
            else if (workflow.State == WorkflowState.Failed && now - workflow.UpdatedAt <= Recent && !WorkflowTermination.IsOne(workflow.Error))
            {
                yield return new WatchFinding(WatchKind.WorkflowFailed, workflow.InstanceId, $"{workflow.Workflow} {workflow.InstanceId} failed: {workflow.Error ?? "nobody knows why"}", path);
            }
        }
    }

    /// <summary>
    /// Queues with messages that were given up: a finding for each, which is another one on each day on which more of them come, so that those of today are not
    /// hidden by one that was left lying.
    /// </summary>
    public static IEnumerable<WatchFinding> DeadLetters(IEnumerable<DeadLetter> letters) =>
        letters.GroupBy(static letter => letter.Queue).Select(static queue =>
        {
            var newest = queue.MaxBy(static letter => letter.DeadAt)!;
            var day = newest.DeadAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return new WatchFinding(
                WatchKind.DeadLetter,
                $"{queue.Key}_{day}",
                $"{queue.Count()} {(queue.Count() == 1 ? "message" : "messages")} of the queue {queue.Key} could not be handled; the last on {day}: {newest.Reason} Mend the cause, then: dead-letters resend",
                "/#dead-letters");
        });

    /// <summary>Recovery points that are too old.</summary>
    public static IEnumerable<WatchFinding> RecoveryPoints(IEnumerable<BackupAlarm> alarms) =>
        alarms.Where(static alarm => alarm.Kind == BackupAlarmKind.RecoveryPoint).Select(static alarm => new WatchFinding(WatchKind.RecoveryPoint, alarm.Key, alarm.Text, "/backups"));
}
