using FsCheck;
using FsCheck.Fluent;
using Maintenance.Backups.Retention;
using Maintenance.Tests.Rules.Oracles;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What holds of every retention decision, on timelines around the clock changes of many zones.</summary>
public sealed class RetentionLawTests
{
    private static readonly string[] Zones =
        ["UTC", "Africa/Nairobi", "Europe/Berlin", "America/Sao_Paulo", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca"];

    private static readonly string[] Centres =
        ["2026-10-25T01:00Z", "2026-03-29T01:00Z", "2018-02-18T02:00Z", "2018-11-04T03:00Z", "2010-11-07T02:31Z", "2026-04-04T15:00Z", "2011-12-30T10:00Z", "2027-01-03T12:00Z", "2028-02-29T12:00Z"];

    private static readonly Gen<int> Count = Gen.Frequency((3, Gen.Constant(0)), (3, Gen.Choose(1, 3)), (1, Gen.Choose(4, 30)));

    private static readonly Gen<RetentionRules> Rules =
        from last in Count
        from hourly in Count
        from daily in Count
        from weekly in Count
        from monthly in Count
        from yearly in Count
        from within in Gen.Frequency((3, Gen.Constant((TimeSpan?)null)), (1, Gen.Choose(0, 400).Select(static hours => (TimeSpan?)TimeSpan.FromHours(hours))))
        from minimum in Count
        select new RetentionRules(last, hourly, daily, weekly, monthly, yearly, within, minimum);

    private static readonly Gen<Case> Cases =
        from zone in Gen.Elements(Zones)
        from centre in Gen.Elements(Centres)
        from step in Gen.Elements(1, 60, 20 * 60, 3600, 6 * 3600, 86_400, 9 * 86_400, 40 * 86_400)
        from size in Gen.Choose(0, 40)
        from rules in Rules
        from immutable in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 40)))
        from sick in Gen.Elements(0, 0, 20, 100)
        from later in Gen.Choose(0, 30)
        from luck in Gen.Choose(0, int.MaxValue)
        select Make(zone, Utc(centre), step, size, rules, immutable * step, sick, later * step, luck);

    [Fact]
    public void It_is_what_the_definition_says() => Law.Holds(Cases, 1000, static one =>
    {
        var decision = Decide(one);
        var expected = RetentionByDefinition.Kept(one.Candidates, one.Rules, one.Zone, one.Now, one.ImmutableFor);
        Assert.Equal(expected.Keys.Order(), decision.Kept.Select(static kept => kept.Id).Order());
        foreach (var kept in decision.Kept)
        {
            Assert.Equal(expected[kept.Id], [.. kept.Reasons.Select(static reason => reason.Bucket is null ? $"{reason.Rule}" : $"{reason.Rule} {reason.Bucket}")]);
        }
    });

    [Fact]
    public void Everything_is_either_kept_or_dropped_with_reasons_by_source_and_newest_first() => Law.Holds(Cases, 300, static one =>
    {
        var decision = Decide(one);
        Assert.Equal(
            one.Candidates.Select(static candidate => candidate.Id).Order(),
            decision.Kept.Select(static kept => kept.Id).Concat(decision.Dropped.Select(static dropped => dropped.Id)).Order());
        Assert.All(decision.Kept, static kept => Assert.NotEmpty(kept.Reasons));
        Assert.All(decision.Dropped, static dropped => Assert.NotEmpty(dropped.Reasons));
        Assert.All(decision.Kept.SelectMany(static kept => kept.Reasons).Select(static reason => reason.Text), static text => Assert.NotEmpty(text));
        Assert.Equal(decision.Kept.OrderBy(static kept => kept.Source, StringComparer.Ordinal).ThenByDescending(static kept => kept.At).Select(static kept => kept.At), decision.Kept.Select(static kept => kept.At));
        Assert.Equal(decision.Dropped.OrderBy(static one => one.Source, StringComparer.Ordinal).ThenByDescending(static one => one.At).Select(static one => one.At), decision.Dropped.Select(static one => one.At));
    });

    [Fact]
    public void The_order_of_the_input_means_nothing() => Law.Holds(
        from one in Cases from luck in Gen.Choose(0, int.MaxValue) select (one, luck), 300, static both =>
        {
            var shuffled = both.one.Candidates.ToArray();
            new Random(both.luck).Shuffle(shuffled);
            Same(Decide(both.one), Decide(both.one with { Candidates = shuffled }));
        });

    [Fact]
    public void Deciding_again_over_what_was_kept_keeps_all_of_it_for_the_same_reasons() => Law.Holds(Cases, 500, static one =>
    {
        // At the same instant. Later it need not: spans and holds end, and one from the future takes its slot when its time has come (a case of its own in
        // RetentionTests).
        var decision = Decide(one);
        var kept = decision.Kept.Select(static kept => kept.Id).ToHashSet();
        Same(decision with { Dropped = [] }, Decide(one with { Candidates = [.. one.Candidates.Where(candidate => kept.Contains(candidate.Id))] }));
    });

    [Fact]
    public void Dropping_on_the_way_loses_nothing_that_dropping_at_the_end_would_keep() => Law.Holds(
        from one in Cases from early in Gen.Choose(0, 100) select (one, early), 500, static both =>
        {
            var one = both.one with { Candidates = [.. both.one.Candidates.Select(static candidate => candidate with { Health = SnapshotHealth.Proven })] };
            var first = one.Candidates.Select(static candidate => candidate.At).DefaultIfEmpty(one.Now).Min();
            var early = first <= one.Now ? first + ((one.Now - first) * both.early / 100) : one.Now;
            var before = Decide(one with { Now = early, Candidates = [.. one.Candidates.Where(candidate => candidate.At <= early)] });
            var gone = before.Dropped.Select(static dropped => dropped.Id).ToHashSet();
            Same(Decide(one) with { Dropped = [] }, Decide(one with { Candidates = [.. one.Candidates.Where(candidate => !gone.Contains(candidate.Id))] }) with { Dropped = [] });
        });

    [Fact]
    public void What_is_dropped_never_comes_back_by_time_alone() => Law.Holds(
        from one in Cases from hours in Gen.Choose(0, 1000) select (one, hours), 300, static both =>
        {
            var past = both.one with { Candidates = [.. both.one.Candidates.Where(candidate => candidate.At <= both.one.Now)] };
            var later = Decide(past with { Now = past.Now.AddHours(both.hours) }).Kept.Select(static kept => kept.Id);
            Assert.Subset(Decide(past).Kept.Select(static kept => kept.Id).ToHashSet(), later.ToHashSet());
        });

    [Fact]
    public void Removing_snapshots_never_makes_another_one_go() => Law.Holds(
        from one in Cases from luck in Gen.Choose(0, int.MaxValue) select (one, luck), 300, static both =>
        {
            var luck = new Random(both.luck);
            var fewer = both.one.Candidates.Where(_ => luck.Next(3) > 0).ToList();
            var left = fewer.Select(static candidate => candidate.Id).ToHashSet();
            var kept = Decide(both.one with { Candidates = fewer }).Kept.Select(static one => one.Id).ToHashSet();
            Assert.Superset(Decide(both.one).Kept.Select(static one => one.Id).Where(left.Contains).ToHashSet(), kept);
        });

    [Fact]
    public void More_rules_never_keep_fewer() => Law.Holds(
        from one in Cases from more in Rules select (one, more), 500, static both =>
        {
            var (rules, more) = (both.one.Rules, both.more);
            if (rules.KeepsEverything)
            {
                // The exception by design: the first rule ends keeping everything.
                rules = rules with { Last = 1 };
            }

            var sum = new RetentionRules(
                rules.Last + more.Last, rules.Hourly + more.Hourly, rules.Daily + more.Daily, rules.Weekly + more.Weekly, rules.Monthly + more.Monthly, rules.Yearly + more.Yearly,
                rules.Within is null || more.Within is null ? rules.Within ?? more.Within : rules.Within + more.Within, rules.Minimum + more.Minimum);
            Assert.Superset(
                Decide(both.one with { Rules = rules }).Kept.Select(static kept => kept.Id).ToHashSet(),
                Decide(both.one with { Rules = sum }).Kept.Select(static kept => kept.Id).ToHashSet());
        });

    [Fact]
    public void The_minimum_of_proven_ones_and_never_the_last_one_goes() => Law.Holds(Cases, 300, static one =>
    {
        var kept = Decide(one).Kept;
        foreach (var source in one.Candidates.Where(candidate => candidate.Health == SnapshotHealth.Proven && candidate.At <= one.Now).GroupBy(static candidate => candidate.Source))
        {
            var proven = kept.Count(snapshot => snapshot.Source == source.Key && snapshot.Health == SnapshotHealth.Proven && snapshot.At <= one.Now);
            Assert.True(proven >= Math.Min(source.Count(), Math.Max(1, one.Rules.Minimum)), $"{proven} of {source.Count()} are left");
        }
    });

    [Fact]
    public void What_is_held_immutable_or_from_the_future_stays() => Law.Holds(Cases, 300, static one =>
    {
        var dropped = Decide(one).Dropped.Select(static dropped => dropped.Id).ToHashSet();
        Assert.All(
            one.Candidates.Where(candidate => dropped.Contains(candidate.Id)),
            candidate => Assert.False(candidate.IsHeld || candidate.HeldUntil > one.Now || candidate.At > one.Now || candidate.At + one.ImmutableFor > one.Now));
    });

    [Fact]
    public void Sources_do_not_influence_each_other() => Law.Holds(Cases, 300, static one =>
    {
        var apart = one.Candidates.GroupBy(static candidate => candidate.Source, StringComparer.Ordinal).OrderBy(static source => source.Key, StringComparer.Ordinal)
            .Select(source => Decide(one with { Candidates = [.. source] })).ToList();
        Same(new RetentionDecision([.. apart.SelectMany(static part => part.Kept)], [.. apart.SelectMany(static part => part.Dropped)]), Decide(one));
    });

    private static RetentionDecision Decide(Case one) => Retention.Decide(one.Candidates, one.Rules, one.Zone, one.Now, one.ImmutableFor);

    private static void Same(RetentionDecision expected, RetentionDecision actual) => Assert.Equal(MaintenanceJson.Write(expected), MaintenanceJson.Write(actual));

    private static Case Make(string zone, DateTimeOffset centre, int step, int size, RetentionRules rules, int immutableSeconds, int sickPercent, int laterSeconds, int seed)
    {
        var luck = new Random(seed);
        var candidates = new List<RetentionCandidate>();
        for (var i = 0; i < size; i++)
        {
            // Whole steps make equal instants; a few of them and the seconds beside them are what goes wrong.
            var at = centre.AddSeconds(((long)luck.Next(-size, size + 1) * step) + (luck.Next(3) == 0 ? luck.Next(-1, 2) : 0));
            var health = luck.Next(100) >= sickPercent ? SnapshotHealth.Proven : luck.Next(2) == 0 ? SnapshotHealth.Unproven : SnapshotHealth.Corrupt;
            var held = luck.Next(12) == 0;
            DateTimeOffset? until = luck.Next(12) == 0 ? centre.AddSeconds((long)luck.Next(-size, size + 1) * step) : null;
            candidates.Add(new RetentionCandidate($"{luck.Next(1000):000}-{i}", luck.Next(4) == 0 ? "other" : "one", at, health, held, until));
        }

        // Before, among and after the snapshots.
        var now = centre.AddSeconds(((long)(luck.Next(4) == 0 ? luck.Next(-size, size + 1) : size) * step) + (luck.Next(2) * laterSeconds));
        return new Case(candidates, rules, Zone(zone), now, TimeSpan.FromSeconds(immutableSeconds));
    }

    private sealed record Case(IReadOnlyList<RetentionCandidate> Candidates, RetentionRules Rules, DateTimeZone Zone, DateTimeOffset Now, TimeSpan ImmutableFor)
    {
        public override string ToString() =>
            $"{Rules}, {Zone.Id}, now {Now:O}, immutable {ImmutableFor}: " + string.Join("; ", Candidates.Select(static one => $"{one.Id} {one.Source} {one.At:O} {one.Health} {one.IsHeld} {one.HeldUntil:O}"));
    }
}
