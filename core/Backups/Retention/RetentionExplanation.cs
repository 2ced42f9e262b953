using System.Globalization;
using Maintenance.Time;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Backups.Retention;

/// <summary>A retention decision with all that it was made from but the snapshots: what <c>backup retention</c> prints.</summary>
/// <param name="Now">The instant of the decision (UTC).</param>
/// <param name="TimeZone">The IANA id of the zone of the buckets.</param>
/// <param name="Rules">The rules.</param>
/// <param name="ImmutableFor">How long nobody may drop a snapshot; null for not at all.</param>
/// <param name="Kept">What stays, by source, newest first.</param>
/// <param name="Dropped">What goes, by source, newest first.</param>
public sealed record RetentionExplanation(
    DateTimeOffset Now, string TimeZone, RetentionRulesText Rules, string? ImmutableFor, IReadOnlyList<KeptSnapshot> Kept, IReadOnlyList<DroppedSnapshot> Dropped)
{
    /// <summary>Decides, and says what from.</summary>
    /// <inheritdoc cref="Retention.Decide"/>
    public static RetentionExplanation Of(
        IReadOnlyList<RetentionCandidate> candidates, RetentionRules rules, DateTimeZone zone, DateTimeOffset now, TimeSpan immutableFor = default)
    {
        var decision = Retention.Decide(candidates, rules, zone, now, immutableFor);
        return new RetentionExplanation(
            now.ToUniversalTime(), zone.Id, RetentionRulesText.Of(rules), immutableFor == TimeSpan.Zero ? null : Durations.Format(immutableFor), decision.Kept, decision.Dropped);
    }

    /// <summary>The explanation as a table for a terminal: a line a snapshot, newest first, wall-clock times in the zone.</summary>
    public IEnumerable<string> Lines()
    {
        var zone = WallClock.FindZone(TimeZone) ?? DateTimeZone.Utc;
        yield return $"Rules: {Rules}{(ImmutableFor is null ? "" : $"; immutable for {ImmutableFor}")}. Now: {Wall(Now, zone)} ({zone.Id}).";
        var all = Kept.Select(static one => (IsKept: true, one.Id, one.Source, one.At, one.Health, Why: string.Join("; ", one.Reasons.Select(static reason => reason.Text))))
            .Concat(Dropped.Select(static one => (IsKept: false, one.Id, one.Source, one.At, one.Health, Why: string.Join("; ", one.Reasons.Select(static reason => reason.Text)))))
            .ToList();
        var width = all.Select(static one => one.Id.Length).DefaultIfEmpty(0).Max();
        foreach (var source in all.GroupBy(static one => one.Source, StringComparer.Ordinal).OrderBy(static source => source.Key, StringComparer.Ordinal))
        {
            var kept = source.Count(static one => one.IsKept);
            yield return $"{(source.Key.Length == 0 ? "" : source.Key + ": ")}{kept} kept, {source.Count() - kept} dropped";
            foreach (var one in source.OrderByDescending(static one => one.At).ThenByDescending(static one => one.Id, StringComparer.Ordinal))
            {
                var health = one.Health.ToString().ToLowerInvariant();
                yield return $"  {(one.IsKept ? "keep" : "drop")}  {Wall(one.At, zone)}  {one.Id.PadRight(width)}  {health,-8}  {one.Why}";
            }
        }
    }

    private static string Wall(DateTimeOffset instant, DateTimeZone zone) =>
        instant.ToInstant().InZone(zone).ToString("uuuu-MM-dd HH:mm:ss o<+HH:mm>", CultureInfo.InvariantCulture);
}
