using System.Globalization;
using Maintenance.Backups.Retention;
using Maintenance.Tests.Rules.Oracles;
using NodaTime;
using NodaTime.Extensions;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>
/// Retention against <c>restic forget</c>, where the rules coincide: every snapshot proven; now is the newest one, from which restic's <c>within</c> counts; none
/// in a repeated hour, which restic takes for one.
/// </summary>
public sealed class RetentionResticTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Timelines = 24;
    private const int Snapshots = 60;
    private static readonly string[] Zones = ["UTC", "Africa/Nairobi", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York"];

    /// <summary>Ordinary appetites, then each rule alone, then all at once.</summary>
    private static readonly RetentionRules[] Policies =
    [
        new(0, 0, 7, 4, 6, 2, null, 0),
        new(5, 24, 0, 3, 12, 0, null, 0),
        new(3, 0, 0, 0, 0, 0, null, 0),
        new(0, 9, 0, 0, 0, 0, null, 0),
        new(0, 0, 12, 0, 0, 0, null, 0),
        new(0, 0, 0, 10, 0, 0, null, 0),
        new(0, 0, 0, 0, 9, 3, null, 0),
        new(0, 0, 0, 0, 0, 0, TimeSpan.FromHours(49), 0),
        new(2, 3, 3, 3, 3, 3, TimeSpan.FromHours(300), 0),
    ];

    [ResticFact]
    public void Restic_keeps_the_same_for_the_same_reasons()
    {
        using var repository = new ResticRepository();
        var luck = new Random(20261122);
        var timelines = new Dictionary<DateTimeZone, List<List<RetentionCandidate>>>();
        for (var i = 0; i < Timelines; i++)
        {
            var zone = Zone(Zones[i % Zones.Length]);
            var timeline = Instants(zone, luck).Select(at => new RetentionCandidate(
                repository.Add($"host-{i}", at.ToOffset(zone.GetUtcOffset(at.ToInstant()).ToTimeSpan())), $"host-{i}", at, SnapshotHealth.Proven)).ToList();
            timelines.TryAdd(zone, []);
            timelines[zone].Add(timeline);
        }

        var (kept, dropped) = (0, 0);
        foreach (var rules in Policies)
        {
            var restic = repository.Forget([.. Arguments(rules)]).ToDictionary(static verdict => verdict.Id, static verdict => verdict.Reasons);
            Assert.Equal(Timelines * Snapshots, restic.Count);
            foreach (var (zone, timeline) in timelines.SelectMany(static zone => zone.Value.Select(timeline => (zone.Key, timeline))))
            {
                var ours = Retention.Decide(timeline, rules, zone, timeline.Max(static one => one.At)).Kept.ToDictionary(static one => one.Id, one => Words(one, rules));
                foreach (var one in timeline)
                {
                    // Newer versions also keep the oldest of all while a rule has slots left, and say so; we have no such rule.
                    var theirs = restic[one.Id].Where(static reason => !reason.StartsWith("oldest ", StringComparison.Ordinal)).Order().ToList();
                    var mine = ours.GetValueOrDefault(one.Id) ?? [];
                    Assert.True(
                        theirs.SequenceEqual(mine),
                        $"{rules} in {zone.Id}, {one.Source} at {one.At:O}: restic says '{string.Join(", ", theirs)}', we say '{string.Join(", ", mine)}'.");
                    (kept, dropped) = mine.Count > 0 ? (kept + 1, dropped) : (kept, dropped + 1);
                }
            }
        }

        output.WriteLine($"{Policies.Length} policies over {Timelines} timelines: {kept} kept, {dropped} dropped, all as restic does.");
        Assert.True(kept > 1500 && dropped > 1500, $"{kept} kept and {dropped} dropped show little");
    }

    private static IEnumerable<string> Arguments(RetentionRules rules)
    {
        (string Name, int Count)[] counts =
            [("last", rules.Last), ("hourly", rules.Hourly), ("daily", rules.Daily), ("weekly", rules.Weekly), ("monthly", rules.Monthly), ("yearly", rules.Yearly)];
        foreach (var (name, count) in counts.Where(static rule => rule.Count > 0))
        {
            yield return $"--keep-{name}={count}";
        }

        if (rules.Within is { } within)
        {
            yield return $"--keep-within={Hours(within)}";
        }
    }

    /// <summary>Our reasons in restic's words.</summary>
    private static List<string> Words(KeptSnapshot one, RetentionRules rules) =>
    [
        .. one.Reasons.Where(static reason => reason.Rule != KeepRule.NewestProven)
            .Select(reason => reason.Rule == KeepRule.Within ? $"within {Hours(rules.Within!.Value)}" : $"{reason.Rule.ToString().ToLowerInvariant()} snapshot")
            .Order(),
    ];

    private static string Hours(TimeSpan span) => span.TotalHours.ToString("0'h'", CultureInfo.InvariantCulture);

    /// <summary>Instants going back from some day of 2016 to 2024, minutes to months apart, a timeline with its own pace.</summary>
    private static List<DateTimeOffset> Instants(DateTimeZone zone, Random luck)
    {
        int[] paces = [40 * 60, 5 * 3600, 20 * 3600, 3 * 86_400, 20 * 86_400];
        var (slow, fast) = (paces[luck.Next(paces.Length)], paces[luck.Next(paces.Length)]);
        var instants = new List<DateTimeOffset>();
        for (var at = Utc("2016-01-01T00:00Z").AddSeconds(luck.Next(9 * 365 * 86_400)); instants.Count < Snapshots; at = at.AddSeconds(-luck.Next(1, 2 * (luck.Next(2) == 0 ? slow : fast))))
        {
            if (zone.MapLocal(at.ToInstant().InZone(zone).LocalDateTime).Count == 1)
            {
                instants.Add(at);
            }
        }

        return instants;
    }
}
