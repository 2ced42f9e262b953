using Maintenance.Backups;
using Maintenance.Backups.Alarms;
using Maintenance.Messaging;
using Maintenance.Time;

namespace Maintenance.Status;

/// <summary>What needs a person. Pure: what is known in, a list out, the worst first.</summary>
public static class Attention
{
    /// <summary>A timer that has not run for this long may have stopped; one that ticks slowly has longer, see <see cref="TimerRhythm.Silence"/>.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    /// <summary>A ticket whose clock ends within this much time is about to breach.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(30);

    /// <summary>A backup that runs for longer than this has probably stopped.</summary>
    public static readonly TimeSpan LongRun = TimeSpan.FromHours(2);

    /// <summary>The list.</summary>
    public static IReadOnlyList<AttentionItem> Of(
        DateTimeOffset now,
        PlanStatus plan,
        IReadOnlyList<BackupLine> backups,
        IReadOnlyList<TicketLine> tickets,
        IReadOnlyList<PatchLine> patches,
        IReadOnlyList<DeadLetter> deadLetters,
        IReadOnlyList<Heartbeat> timers,
        RepositoryWatch? repository = null,
        IReadOnlyList<ReviewLine>? reviews = null,
        IEnumerable<AttentionItem>? operations = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return
        [
            .. Plan(plan).Concat(Backups(backups, now)).Concat(Repository(repository ?? RepositoryWatch.Quiet, backups)).Concat(Tickets(tickets, now)).Concat(Patches(patches, now)).Concat(Reviews(reviews ?? [], now)).Concat(operations ?? []).Concat(DeadLetters(deadLetters)).Concat(Timers(timers, plan.Since, now))
                .OrderByDescending(static item => item.Severity),
        ];
    }

    private static IEnumerable<AttentionItem> Plan(PlanStatus plan)
    {
        if (plan.IsStale)
        {
            yield return new(AttentionSeverity.Alarm, $"The plan file has errors; the plan of {plan.Since:u} goes on. First error: {plan.Problems.FirstOrDefault(static p => p.Contains(" error: ", StringComparison.Ordinal))}", "/#plan");
        }
    }

    private static IEnumerable<AttentionItem> Backups(IEnumerable<BackupLine> backups, DateTimeOffset now)
    {
        foreach (var line in backups)
        {
            var path = "/backups/" + line.Policy;
            var running = line.Running is null ? TimeSpan.Zero : now - line.Running.ClaimedAt;
            if (running > LongRun)
            {
                yield return new(AttentionSeverity.Alarm, $"Backup {line.Policy}: a run has been under way for {Durations.Rough(running)}, and no other begins until it ends.", path);
            }

            if (!line.IsWithinObjective && (line.Running is null || running > LongRun))
            {
                yield return new(
                    AttentionSeverity.Alarm,
                    line.Age is { } age
                        ? $"Backup {line.Policy}: the newest proven recovery point is {Durations.Rough(age)} old, the RPO is {Durations.Format(line.RecoveryPointObjective)}."
                        : $"Backup {line.Policy}: there is no proven backup.",
                    path);
            }

            if (line.Latest is { State: BackupRunState.Failed or BackupRunState.Unproven } latest)
            {
                yield return new(AttentionSeverity.Alarm, $"Backup {line.Policy}: the last run {(latest.State == BackupRunState.Failed ? "failed" : "is not proven")}. {latest.Problems?.FirstOrDefault()}", path);
            }
        }
    }

    private static IEnumerable<AttentionItem> Repository(RepositoryWatch watch, IReadOnlyList<BackupLine> backups)
    {
        foreach (var alarm in watch.Alarms)
        {
            // What the policy's own line says already is not said twice.
            var isInPlan = backups.Any(line => line.Policy == alarm.Policy);
            if (alarm.Kind != BackupAlarmKind.RecoveryPoint || !isInPlan)
            {
                yield return new(alarm.Kind == BackupAlarmKind.Paused ? AttentionSeverity.Warning : AttentionSeverity.Alarm, $"Backup {alarm.Policy}: {alarm.Text}", isInPlan ? "/backups/" + alarm.Policy : "/repository");
            }
        }

        foreach (var concern in watch.Concerns)
        {
            yield return new(concern.IsAlarm ? AttentionSeverity.Alarm : AttentionSeverity.Action, concern.Text, "/repository");
        }
    }

    private static IEnumerable<AttentionItem> Tickets(IEnumerable<TicketLine> tickets, DateTimeOffset now)
    {
        foreach (var line in tickets)
        {
            var target = line.Target.ToString().ToLowerInvariant();
            if (line.IsUnheard)
            {
                yield return new(AttentionSeverity.Alarm, $"{line.Id} ({line.Priority}): the escalation of its {target} target has ended, and nobody has acknowledged it: {line.Title}", "/tickets/" + line.Id);
            }
            else if (line.IsOverdue)
            {
                yield return new(
                    AttentionSeverity.Alarm, $"{line.Id} ({line.Priority}) has missed its {target} target{(line.Level > 0 ? $" and is at escalation level {line.Level}" : "")}: {line.Title}", "/tickets/" + line.Id);
            }
            else if (line.DueAt is { } due && due - now <= Soon)
            {
                yield return new(AttentionSeverity.Warning, $"{line.Id} ({line.Priority}) is due in {Durations.Rough(due - now)} ({target}): {line.Title}", "/tickets/" + line.Id);
            }
        }
    }

    private static IEnumerable<AttentionItem> Patches(IEnumerable<PatchLine> patches, DateTimeOffset now) =>
        patches.Select(line => new AttentionItem(
            AttentionSeverity.Action,
            line.Approvals >= line.Quorum
                ? $"{line.Id} has {line.Approvals} of {line.Quorum} approvals and is decided in {Durations.Rough(line.ExpiresAt - now)}: {line.Title}"
                : $"{line.Id} waits for {line.Quorum - line.Approvals} more of {line.Quorum} approvals, for {Durations.Rough(line.ExpiresAt - now)} yet: {line.Title}",
            "/patches/" + line.Id));

    private static IEnumerable<AttentionItem> Reviews(IEnumerable<ReviewLine> reviews, DateTimeOffset now) =>
        reviews.Select(line => now > line.DueAt
            ? new AttentionItem(AttentionSeverity.Alarm, $"{line.Id} should have been reviewed {Durations.Rough(now - line.DueAt)} ago, and has not been: {line.Title}", "/patches/" + line.Id)
            : new AttentionItem(AttentionSeverity.Action, $"{line.Id} owes a review within {Durations.Rough(line.DueAt - now)}: {line.Title}", "/patches/" + line.Id));

    private static IEnumerable<AttentionItem> DeadLetters(IEnumerable<DeadLetter> deadLetters) =>
        deadLetters.GroupBy(static letter => letter.Queue).Select(static group => new AttentionItem(
            AttentionSeverity.Alarm, $"{group.Count()} {(group.Count() == 1 ? "message" : "messages")} of the queue {group.Key} could not be handled. {group.First().Reason}", "/#dead-letters"));

    private static IEnumerable<AttentionItem> Timers(IReadOnlyList<Heartbeat> timers, DateTimeOffset since, DateTimeOffset now)
    {
        foreach (var rhythm in TimerRhythms.All.Where(rhythm => now - since > rhythm.Silence && timers.All(beat => beat.Timer != rhythm.Timer)))
        {
            yield return new(AttentionSeverity.Alarm, $"The timer {rhythm.Timer} has never run.", "/#timers");
        }

        foreach (var beat in timers)
        {
            if (now - beat.At > TimerRhythms.Of(beat.Timer).Silence)
            {
                yield return new(AttentionSeverity.Alarm, $"The timer {beat.Timer} has not run for {Durations.Rough(now - beat.At)}.", "/#timers");
            }
            else if (beat.Error is not null)
            {
                yield return new(AttentionSeverity.Alarm, $"The timer {beat.Timer} fails: {beat.Error}", "/#timers");
            }
        }
    }
}
