using System.Globalization;
using Maintenance.Time;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Backups.Retention;

/// <summary>Which snapshots stay. Pure: the same candidates, in any order, rules and instant give the same decision.</summary>
/// <remarks>
/// Within a source, only proven snapshots take slots. An unproven one stays while it is newer than the newest proven one; a corrupt one goes; neither goes while
/// nothing is proven. What is held or immutable stays, and one from the future stays without a slot. The newest proven one always stays, so that no rules, however
/// short-sighted, drop the last snapshot that is known to restore after backups have stopped.
/// </remarks>
public static class Retention
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Decides about every candidate.</summary>
    /// <param name="candidates">The snapshots, in any order.</param>
    /// <param name="rules">The rules; they add up.</param>
    /// <param name="zone">The plan's zone: where hours, days, weeks, months and years begin.</param>
    /// <param name="now">The instant of the decision (UTC).</param>
    /// <param name="immutableFor">How long after its recovery point nobody may drop a snapshot.</param>
    /// <exception cref="ArgumentException">Two candidates share an id, or a rule is negative: deciding on would drop what somebody means to keep.</exception>
    public static RetentionDecision Decide(
        IReadOnlyList<RetentionCandidate> candidates, RetentionRules rules, DateTimeZone zone, DateTimeOffset now, TimeSpan immutableFor = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentOutOfRangeException.ThrowIfLessThan(immutableFor, TimeSpan.Zero);
        if (rules.Within < TimeSpan.Zero || new[] { rules.Last, rules.Hourly, rules.Daily, rules.Weekly, rules.Monthly, rules.Yearly, rules.Minimum }.Any(int.IsNegative))
        {
            throw new ArgumentException($"A retention rule is negative: {rules}.", nameof(rules));
        }

        if (candidates.GroupBy(static one => one.Id, StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two snapshots have the id '{twice.Key}'.", nameof(candidates));
        }

        var (kept, dropped) = (new List<KeptSnapshot>(), new List<DroppedSnapshot>());
        foreach (var source in candidates.GroupBy(static one => one.Source, StringComparer.Ordinal).OrderBy(static source => source.Key, StringComparer.Ordinal))
        {
            // Of two at one instant the later id counts as the newer: run ids sort by time.
            RetentionCandidate[] newestFirst = [.. source.OrderByDescending(static one => one.At).ThenByDescending(static one => one.Id, StringComparer.Ordinal)];
            var newestProven = newestFirst.FirstOrDefault(one => one.Health == SnapshotHealth.Proven && one.At <= now);
            var slots = new RetentionSlots(rules, zone, now);
            foreach (var one in newestFirst)
            {
                var (keep, drop) = Judge(one, newestProven, slots, rules, now);
                keep.AddRange(Protections(one, rules, now, immutableFor));
                if (keep.Count > 0)
                {
                    kept.Add(new KeptSnapshot(one.Id, one.Source, one.At.ToUniversalTime(), one.Health, keep));
                }
                else
                {
                    dropped.Add(new DroppedSnapshot(one.Id, one.Source, one.At.ToUniversalTime(), one.Health, drop));
                }
            }
        }

        return new RetentionDecision(kept, dropped);
    }

    /// <summary>What the rules say of a snapshot by its age and health. Asked newest first, since the newest take the slots.</summary>
    private static (List<KeepReason> Keep, List<DropReason> Drop) Judge(
        RetentionCandidate one, RetentionCandidate? newestProven, RetentionSlots slots, RetentionRules rules, DateTimeOffset now)
    {
        if (one.At > now)
        {
            return ([new KeepReason(KeepRule.InFuture, null, "from the future: nothing is decided about it")], []);
        }

        if (one.Health == SnapshotHealth.Proven)
        {
            var (keep, drop) = slots.Offer(one);
            if (ReferenceEquals(one, newestProven) && !rules.KeepsEverything)
            {
                keep.Add(new KeepReason(KeepRule.NewestProven, null, "newest proven"));
            }

            return (keep, drop);
        }

        if (newestProven is null)
        {
            return ([new KeepReason(KeepRule.NothingProven, null, "nothing is proven: it may be all there is")], []);
        }

        if (one.Health == SnapshotHealth.Corrupt)
        {
            return ([], [new DropReason(DropCause.Corrupt, null, null, newestProven.Id, $"corrupt, and {newestProven.Id} is proven")]);
        }

        return one.At > newestProven.At
            ? ([new KeepReason(KeepRule.NewerThanProven, null, $"newer than the newest proven one, {newestProven.Id}")], [])
            : ([], [new DropReason(DropCause.Unproven, null, null, newestProven.Id, $"unproven, and {newestProven.Id} is proven and not older")]);
    }

    /// <summary>What keeps a snapshot whatever the rules say.</summary>
    private static IEnumerable<KeepReason> Protections(RetentionCandidate one, RetentionRules rules, DateTimeOffset now, TimeSpan immutableFor)
    {
        if (one.IsHeld)
        {
            yield return new KeepReason(KeepRule.Held, null, "held");
        }

        if (one.HeldUntil > now)
        {
            yield return new KeepReason(KeepRule.Held, null, $"held until {Text(one.HeldUntil.Value)}");
        }

        if (immutableFor > TimeSpan.Zero && now - one.At < immutableFor)
        {
            var until = immutableFor < DateTimeOffset.MaxValue - one.At ? one.At + immutableFor : DateTimeOffset.MaxValue;
            yield return new KeepReason(KeepRule.Immutable, null, $"immutable until {Text(until)}");
        }

        if (rules.KeepsEverything)
        {
            yield return new KeepReason(KeepRule.NoRules, null, "no rules: everything is kept");
        }
    }

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);

    /// <summary>The slots of one source's rules, filled by its proven snapshots, newest first.</summary>
    private sealed class RetentionSlots(RetentionRules rules, DateTimeZone zone, DateTimeOffset now)
    {
        private readonly (KeepRule Rule, int Count, Dictionary<string, string> Taken)[] _buckets =
        [
            (KeepRule.Hourly, rules.Hourly, []),
            (KeepRule.Daily, rules.Daily, []),
            (KeepRule.Weekly, rules.Weekly, []),
            (KeepRule.Monthly, rules.Monthly, []),
            (KeepRule.Yearly, rules.Yearly, []),
        ];

        private int _seen;

        /// <summary>Gives the snapshot every slot that is its own.</summary>
        public (List<KeepReason> Keep, List<DropReason> Drop) Offer(RetentionCandidate one)
        {
            var (keep, drop) = (new List<KeepReason>(), new List<DropReason>());
            _seen++;
            if (_seen <= rules.Last)
            {
                keep.Add(new KeepReason(KeepRule.Last, null, $"last {_seen} of {rules.Last}"));
            }
            else if (rules.Last > 0)
            {
                drop.Add(new DropReason(DropCause.SlotsFull, KeepRule.Last, null, null, $"not among the last {rules.Last}"));
            }

            var at = one.At.ToInstant().InZone(zone);
            foreach (var (rule, count, taken) in _buckets.Where(static bucket => bucket.Count > 0))
            {
                var bucket = RetentionBuckets.Name(rule, at)!;
                var name = $"{rule.ToString().ToLowerInvariant()} {bucket}";
                if (taken.TryGetValue(bucket, out var newer))
                {
                    drop.Add(new DropReason(DropCause.SlotTaken, rule, bucket, newer, $"{name} is {newer}"));
                }
                else if (taken.Count < count)
                {
                    taken.Add(bucket, one.Id);
                    keep.Add(new KeepReason(rule, bucket, name));
                }
                else
                {
                    drop.Add(new DropReason(DropCause.SlotsFull, rule, bucket, null, $"{name} is past the newest {count}"));
                }
            }

            if (rules.Within is { } within)
            {
                if (now - one.At <= within)
                {
                    keep.Add(new KeepReason(KeepRule.Within, null, $"within {Durations.Format(within)}"));
                }
                else
                {
                    drop.Add(new DropReason(DropCause.TooOld, KeepRule.Within, null, null, $"older than {Durations.Format(within)}"));
                }
            }

            if (_seen <= rules.Minimum)
            {
                keep.Add(new KeepReason(KeepRule.Minimum, null, $"minimum {_seen} of {rules.Minimum}"));
            }

            return (keep, drop);
        }
    }
}
