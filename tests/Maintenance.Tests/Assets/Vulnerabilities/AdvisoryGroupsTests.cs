using FsCheck.Fluent;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>Which advisories are of one vulnerability, and under what name that is followed.</summary>
public sealed class AdvisoryGroupsTests
{
    [Fact]
    public void Aliases_are_followed_through_others_and_the_best_known_name_is_taken()
    {
        var groups = AdvisoryGroups.Group([Of("PYSEC-2021-1", "GHSA-aaaa-bbbb-cccc"), Of("GHSA-aaaa-bbbb-cccc", "CVE-2021-2"), Of("SNYK-9", "PYSEC-2021-1"), Of("OSV-1")]);
        Assert.Equal(["CVE-2021-2", "OSV-1"], groups.Select(static g => g.Id));
        Assert.Equal(["CVE-2021-2", "GHSA-aaaa-bbbb-cccc", "PYSEC-2021-1", "SNYK-9"], groups[0].Names);
        Assert.Equal(["GHSA-aaaa-bbbb-cccc", "PYSEC-2021-1", "SNYK-9"], groups[0].Advisories.Select(static a => a.Id));
    }

    [Fact]
    public void Two_that_share_an_alias_nobody_published_are_one() =>
        Assert.Equal(["CVE-2021-2"], AdvisoryGroups.Group([Of("RUSTSEC-1", "CVE-2021-2"), Of("GHSA-1", "cve-2021-2")]).Select(static g => g.Id.ToUpperInvariant()));

    [Fact]
    public void What_is_only_related_or_passed_on_stays_apart() =>
        Assert.Equal(2, AdvisoryGroups.Group([Of("DSA-1") with { Upstream = ["CVE-1"], Related = ["CVE-1"] }, Of("CVE-1")]).Count);

    [Fact]
    public void A_group_that_is_followed_keeps_its_id_when_a_better_name_comes_up()
    {
        var group = Assert.Single(AdvisoryGroups.Group([Of("GHSA-1", "CVE-2021-2")], ["GHSA-1"]));
        Assert.Equal(("GHSA-1", "CVE-2021-2"), (group.Id, group.Title));
        Assert.Empty(group.Absorbed);
    }

    [Fact]
    public void Where_two_that_are_followed_turn_out_to_be_one_the_older_stays_and_the_other_is_absorbed()
    {
        var group = Assert.Single(AdvisoryGroups.Group([Of("GHSA-1", "CVE-1"), Of("PYSEC-1", "CVE-1")], ["PYSEC-1", "ghsa-1", "CVE-99"]));
        Assert.Equal("PYSEC-1", group.Id);
        Assert.Equal(["ghsa-1"], group.Absorbed);
        Assert.Equal("CVE-1", group.Title);
    }

    [Fact]
    public void Of_several_of_one_id_the_one_that_was_modified_last_counts()
    {
        var older = Of("GHSA-1", "CVE-1");
        var newer = Of("ghsa-1") with { Modified = older.Modified.AddDays(1), Withdrawn = older.Modified.AddDays(1) };
        foreach (var advisories in new[] { new[] { older, newer }, [newer, older] })
        {
            var group = Assert.Single(AdvisoryGroups.Group(advisories));
            Assert.NotNull(Assert.Single(group.Advisories).Withdrawn);
            Assert.Single(group.Names);
        }
    }

    [Fact]
    public void The_order_in_which_advisories_come_makes_no_difference_and_groups_are_those_that_walking_finds() => Law.Holds(
        from links in (from a in Gen.Choose(0, 15) from b in Gen.Choose(0, 15) select (a, b)).ListOf()
        from shuffle in Gen.Choose(0, int.MaxValue)
        select (Links: links.Take(14).ToList(), Shuffle: shuffle),
        800,
        static given =>
        {
            static string Name(int i) => i % 3 == 0 ? $"CVE-{i}" : i % 3 == 1 ? $"GHSA-{i}" : $"OSV-{i}";
            var advisories = given.Links.GroupBy(static l => l.a).Select(of => Of(Name(of.Key), [.. of.Select(l => Name(l.b))])).ToList();
            var groups = AdvisoryGroups.Group(advisories);
            var random = new Random(given.Shuffle);
            Assert.Equal(groups.Select(Told), AdvisoryGroups.Group(advisories.OrderBy(_ => random.Next())).Select(Told));

            // By walking: who can be reached from a name, over links in both directions.
            foreach (var start in given.Links.SelectMany(static l => new[] { l.a, l.b }).Distinct())
            {
                var reached = new HashSet<int> { start };
                while (given.Links.Exists(l => reached.Contains(l.a) != reached.Contains(l.b)))
                {
                    reached.UnionWith(given.Links.Where(l => reached.Contains(l.a) || reached.Contains(l.b)).SelectMany(static l => new[] { l.a, l.b }).ToList());
                }

                Assert.Equal(reached.Select(Name).Order(StringComparer.Ordinal), groups.Single(g => g.Names.Contains(Name(start))).Names.Order(StringComparer.Ordinal));
            }
        });

    [Fact]
    public void A_chain_of_many_thousand_aliases_is_walked_without_delay()
    {
        var group = Assert.Single(AdvisoryGroups.Group(Enumerable.Range(0, 20_000).Select(static i => Of($"OSV-{i}", $"OSV-{i + 1}"))));
        Assert.Equal(20_001, group.Names.Count);
    }

    private static string Told(AdvisoryGroup group) => $"{group.Id} {group.Title} {string.Join(',', group.Names)} {string.Join(',', group.Advisories.Select(static a => a.Id))}";

    private static Advisory Of(string id, params string[] aliases) =>
        new(id, aliases, [], [], "", "", null, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), null, [], null, [], []);
}
