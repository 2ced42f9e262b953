using System.Globalization;
using Maintenance.Plan;
using Maintenance.Time;
using NodaTime.Extensions;

namespace Maintenance.Backups.Alarms;

/// <summary>What is wrong with the backups of a plan. Pure: the plan, what is known and an instant in, alarms out.</summary>
public static class BackupAlarms
{
    /// <summary>An occurrence may be this late before it counts as missed.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    /// <summary>A schedule may rest for this long before somebody is asked whether it is still meant to.</summary>
    public const int PauseDays = 7;

    /// <summary>How many of a policy's runs the rules look at: a jump stays one while the median follows it, each time against ten predecessors.</summary>
    public const int RunsNeeded = 30;

    /// <summary>The alarms: those of the plan's policies in its order, then those of policies that it no longer has.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="histories">What the records know, one for each policy that they know of.</param>
    /// <param name="now">The instant (UTC).</param>
    public static IReadOnlyList<BackupAlarm> Find(OperationsPlan plan, IReadOnlyCollection<BackupHistory> histories, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(histories);
        var known = histories.ToDictionary(static history => history.Policy, StringComparer.Ordinal);
        var alarms = new List<BackupAlarm>();
        foreach (var policy in plan.Backups)
        {
            var history = known.GetValueOrDefault(policy.Id) ?? new BackupHistory(policy.Id, policy.Service, null, []);
            var one = new Policy(plan, policy, history, now);
            alarms.AddRange(new[] { one.RecoveryPoint(), one.Schedule(), one.Paused() }.OfType<BackupAlarm>().Concat(one.Jumps()));
            if (one.ProofExpired() is { } expired)
            {
                alarms.Add(expired);
            }
        }

        var gone = histories.Where(history => plan.FindBackup(history.Policy) is null).OrderBy(static history => history.Policy, StringComparer.Ordinal);
        return [.. alarms, .. gone.SelectMany(history => Removed(plan, history, now))];
    }

    /// <summary>A policy that the plan no longer has. Where nobody noted its service, each service without any policy may have been it.</summary>
    private static IEnumerable<BackupAlarm> Removed(OperationsPlan plan, BackupHistory history, DateTimeOffset now)
    {
        var bare = plan.Services.Where(service => plan.Backups.All(policy => policy.Service != service.Id));
        foreach (var service in bare.Where(service => history.Service is null || history.Service == service.Id))
        {
            var since = history.Status?.ConsideredUpTo ?? now;
            var last = history.Status?.Proven?.RecoveryPoint is { } point ? $"Its newest proven recovery point is of {Wall(point, plan)}." : "It never had a proven backup.";
            var link = history.Service is null ? "which may have been its service" : "its service";
            yield return new BackupAlarm(
                BackupAlarmKind.Removed, history.Policy, service.Id,
                $"The backup policy '{history.Policy}' is gone from the plan, and no other policy backs up {service.Name} ({service.Id}), {link}, though it has an RPO of {Durations.Format(service.RecoveryPoint)}. {last} "
                + "Put the policy back, add another for the service, or take the service out of the plan.",
                since, $"removed/{history.Policy}/{service.Id}");
        }
    }

    private static string Wall(DateTimeOffset instant, OperationsPlan plan) =>
        $"{instant.ToInstant().InZone(plan.System.TimeZone).ToString("uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture)} ({plan.System.TimeZone.Id})";

    private static string Key(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>One policy of the plan.</summary>
    private sealed class Policy(OperationsPlan plan, BackupPolicy policy, BackupHistory history, DateTimeOffset now)
    {
        private readonly Service? _service = plan.FindService(policy.Service);

        /// <summary>Snapshots that were taken, newest first, however they ended.</summary>
        private readonly BackupRun[] _taken =
        [
            .. history.Newest.Concat(new[] { history.Status?.Latest, history.Status?.Proven }.OfType<BackupRun>())
                .DistinctBy(static run => run.Id)
                .Where(static run => run.State is BackupRunState.Proven or BackupRunState.Unproven && run.RecoveryPoint is not null)
                .OrderByDescending(static run => run.RecoveryPoint).ThenByDescending(static run => run.Id, StringComparer.Ordinal),
        ];

        private string Title => $"the backup '{policy.Id}' of {_service?.Name ?? policy.Service}";

        private IEnumerable<BackupRun> Proven => _taken.Where(static run => run.State == BackupRunState.Proven);

        public BackupAlarm? RecoveryPoint()
        {
            if (_service?.RecoveryPoint is not { } objective || history.Status is not { } status)
            {
                return null;
            }

            // A proof that has expired counts no more; where all have, that is an alarm of its own, and the age of the newest says how bad it is.
            var newest = Proven.FirstOrDefault(run => !IsExpired(run)) ?? Proven.FirstOrDefault();
            var from = newest?.RecoveryPoint ?? status.Since;
            if (now - from <= objective)
            {
                return null;
            }

            var what = newest is null
                ? $"There is no proven snapshot of {Title}, looked after since {Wall(from, plan)}"
                : $"The newest proven recovery point of {Title} is {Durations.Rough(now - from)} old, of {Wall(from, plan)}";
            return Alarm(
                BackupAlarmKind.RecoveryPoint, $"{what}; the RPO is {Durations.Format(objective)}. {Doing(status)}",
                from + objective, newest is null ? $"never/{Key(from)}" : Key(from));
        }

        public BackupAlarm? Schedule()
        {
            if (policy.Paused is not null || history.Status is not { } status || policy.Schedule.Next(status.ConsideredUpTo, plan.System.TimeZone) is not { } first)
            {
                return null;
            }

            // What falls into a run waits for its end. A run that swallows a second occurrence does not let the schedule keep up.
            var judged = status.Running is null ? first : policy.Schedule.Next(first, plan.System.TimeZone);
            return judged is null || now - judged <= Tolerance
                ? null
                : Alarm(
                    BackupAlarmKind.Schedule,
                    status.Running is { } running
                        ? $"{Sentence(Title)} was due at {Wall(first, plan)} and again at {Wall(judged.Value, plan)}, and the run {running.Id}, begun {Durations.Rough(now - running.ClaimedAt)} ago, is still under way. "
                        + $"See what holds it up; if it always takes so long, the schedule '{policy.Schedule}' is too dense."
                        : $"{Sentence(Title)} was due at {Wall(first, plan)} and no run has begun, {Durations.Rough(now - first)} later. "
                        + $"See whether the timer that takes due backups runs and reaches its records; start one by hand with: backup run {policy.Id}",
                    judged.Value, Key(first));
        }

        public BackupAlarm? Paused()
        {
            if (policy.Paused is not { } pause)
            {
                return null;
            }

            var start = plan.System.TimeZone.AtStartOfDay(pause.Since).ToDateTimeOffset().ToUniversalTime();
            if (now <= plan.System.TimeZone.AtStartOfDay(pause.Since.PlusDays(PauseDays)).ToDateTimeOffset())
            {
                return null;
            }

            var point = Proven.FirstOrDefault()?.RecoveryPoint is { } newest ? $"The newest proven recovery point is of {Wall(newest, plan)}." : "There is no proven snapshot.";
            var date = pause.Since.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
            return Alarm(
                BackupAlarmKind.Paused,
                $"The schedule of {Title} rests since {date}, for more than {PauseDays} days: {pause.Reason.TrimEnd('.')}. {point} If the reason is gone, take `paused` out of the plan.",
                start, date);
        }

        public IEnumerable<BackupAlarm> Jumps() => SnapshotJumps.Find(_taken, policy.Jumps).Select(jump =>
        {
            var newest = _taken[0];
            var (kind, told) = jump.Measure switch
            {
                SnapshotMeasure.Size => (BackupAlarmKind.Size, $"has {jump.Value:0} bytes; the median of the {jump.Predecessors} before it is {jump.Median:0}{Percent(jump)}"),
                SnapshotMeasure.Files => (BackupAlarmKind.Files, $"has {jump.Value:0} files; the median of the {jump.Predecessors} before it is {jump.Median:0.#}{Percent(jump)}"),
                _ => (BackupAlarmKind.Entropy, $"has new contents of {jump.Value:0.0} bits a byte; the median of the {jump.Predecessors} before it is {jump.Median:0.0}, and encrypted data have nearly 8"),
            };
            var began = jump.First.Id == newest.Id ? "" : $" It began with {jump.First.Id}.";
            return Alarm(
                kind,
                $"The newest snapshot of {Title}, {newest.Id}, {told}.{began} That is what ransomware or a lost source looks like: look at {policy.Source} before it is backed up again, "
                + $"and hold {jump.Before.Id}, the last one before the jump, until you know. If the change is meant, there is nothing to do.",
                jump.First.RecoveryPoint!.Value, jump.First.Id);
        });

        public BackupAlarm? ProofExpired()
        {
            // The proof that lasts longest; all others ended before it.
            if (policy.Proof.ExpiresAfter is not { } lasts || Proven.MaxBy(ProvenAt) is not { } run || !IsExpired(run))
            {
                return null;
            }

            var proven = ProvenAt(run);
            return Alarm(
                BackupAlarmKind.ProofExpired,
                $"No proof of {Title} counts any more: the last one was of {run.Id}, at {Wall(proven, plan)}, and a proof counts for {Durations.Format(lasts)}. "
                + $"Take and prove a new one with: backup run {policy.Id}",
                proven + lasts, $"{run.Id}/{Key(proven)}");
        }

        private bool IsExpired(BackupRun run) => policy.Proof.ExpiresAfter is { } lasts && now - ProvenAt(run) > lasts;

        /// <summary>Runs from before proofs were dated ended when their proof did.</summary>
        private static DateTimeOffset ProvenAt(BackupRun run) => run.ProvenAt ?? run.EndedAt ?? run.ClaimedAt;

        /// <summary>What is going on, for whoever was woken.</summary>
        private string Doing(BackupStatus status)
        {
            var latest = status.Latest is { State: BackupRunState.Failed or BackupRunState.Unproven } failed
                ? $"The last run, {failed.Id}, {(failed.State == BackupRunState.Failed ? "failed" : "is not proven")}{(failed.Problems is [var problem, ..] ? $": {problem.TrimEnd('.')}" : "")}. "
                : "";
            return latest + (status.Running is { } running ? $"The run {running.Id} is under way since {Wall(running.ClaimedAt, plan)}: wait for it, or see what holds it up."
                : policy.Paused is { } pause ? $"Its schedule rests: {pause.Reason.TrimEnd('.')}."
                : latest.Length > 0 ? $"Mend that, then: backup run {policy.Id}"
                : $"No run is under way: see whether the timer that takes due backups runs, then: backup run {policy.Id}");
        }

        private BackupAlarm Alarm(BackupAlarmKind kind, string text, DateTimeOffset since, string situation) =>
            new(kind, policy.Id, policy.Service, text, since.ToUniversalTime(), $"{Word(kind)}/{policy.Id}/{situation}");

        private static string Word(BackupAlarmKind kind) => kind switch
        {
            BackupAlarmKind.RecoveryPoint => "recovery-point",
            BackupAlarmKind.ProofExpired => "proof-expired",
            _ => kind.ToString().ToLowerInvariant(),
        };

        private static string Percent(SnapshotJump jump) => jump.Median == 0 ? "" : $" ({(jump.Value - jump.Median) / jump.Median:+0 %;-0 %})";

        private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
    }
}
