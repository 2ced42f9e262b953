using System.Globalization;
using Maintenance.Backups.Retention;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>Retention straight from its definition, one question a snapshot and rule: obvious, and slow (cubic).</summary>
internal static class RetentionByDefinition
{
    /// <summary>What stays, by id, each with what keeps it: the rule, and its bucket where it has one.</summary>
    public static Dictionary<string, HashSet<string>> Kept(
        IReadOnlyList<RetentionCandidate> all, RetentionRules rules, DateTimeZone zone, DateTimeOffset now, TimeSpan immutableFor)
    {
        var kept = new Dictionary<string, HashSet<string>>();
        foreach (var one in all)
        {
            var because = Because(one, [.. all.Where(other => other.Source == one.Source)], rules, zone, now, immutableFor).ToHashSet();
            if (because.Count > 0)
            {
                kept[one.Id] = because;
            }
        }

        return kept;
    }

    private static IEnumerable<string> Because(
        RetentionCandidate one, List<RetentionCandidate> source, RetentionRules rules, DateTimeZone zone, DateTimeOffset now, TimeSpan immutableFor)
    {
        var isBare = rules is { Last: 0, Hourly: 0, Daily: 0, Weekly: 0, Monthly: 0, Yearly: 0, Within: null };
        if (isBare)
        {
            yield return "NoRules";
        }

        if (one.IsHeld || (one.HeldUntil is { } until && now < until))
        {
            yield return "Held";
        }

        if (immutableFor > TimeSpan.Zero && one.At + immutableFor > now)
        {
            yield return "Immutable";
        }

        if (one.At > now)
        {
            yield return "InFuture";
            yield break;
        }

        var proven = source.FindAll(other => other.Health == SnapshotHealth.Proven && other.At <= now);
        if (proven.Count == 0)
        {
            yield return "NothingProven";
            yield break;
        }

        if (one.Health != SnapshotHealth.Proven)
        {
            if (one.Health == SnapshotHealth.Unproven && proven.TrueForAll(other => other.At < one.At))
            {
                yield return "NewerThanProven";
            }

            yield break;
        }

        var newer = proven.FindAll(other => IsNewer(other, one));
        if (newer.Count == 0 && !isBare)
        {
            yield return "NewestProven";
        }

        if (newer.Count < rules.Last)
        {
            yield return "Last";
        }

        if (newer.Count < rules.Minimum)
        {
            yield return "Minimum";
        }

        if (rules.Within is { } within && one.At >= now - within)
        {
            yield return "Within";
        }

        (string Rule, int Count, Func<RetentionCandidate, string> Bucket)[] buckets =
        [
            ("Hourly", rules.Hourly, other => Local(other, zone).ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture) + zone.GetUtcOffset(other.At.ToInstant()).ToString("g", CultureInfo.InvariantCulture)),
            ("Daily", rules.Daily, other => Local(other, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("Weekly", rules.Weekly, other => $"{ISOWeek.GetYear(Local(other, zone))}-W{ISOWeek.GetWeekOfYear(Local(other, zone)):00}"),
            ("Monthly", rules.Monthly, other => Local(other, zone).ToString("yyyy-MM", CultureInfo.InvariantCulture)),
            ("Yearly", rules.Yearly, other => Local(other, zone).ToString("yyyy", CultureInfo.InvariantCulture)),
        ];
        foreach (var (rule, count, bucket) in buckets)
        {
            // Nobody newer shares the bucket, and fewer than so many buckets have somebody newer.
            var taken = newer.Select(bucket).ToHashSet();
            if (!taken.Contains(bucket(one)) && taken.Count < count)
            {
                yield return $"{rule} {bucket(one)}";
            }
        }
    }

    private static bool IsNewer(RetentionCandidate a, RetentionCandidate b) => a.At > b.At || (a.At == b.At && string.CompareOrdinal(a.Id, b.Id) > 0);

    private static DateTime Local(RetentionCandidate one, DateTimeZone zone) => one.At.UtcDateTime + zone.GetUtcOffset(one.At.ToInstant()).ToTimeSpan();
}
