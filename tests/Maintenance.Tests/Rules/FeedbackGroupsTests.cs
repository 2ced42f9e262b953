using FsCheck.Fluent;
using Maintenance.Feedback;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Which feedback is one group, in whatever order it is handled.</summary>
public sealed class FeedbackGroupsTests
{
    private static readonly DateTimeOffset Start = Utc("2026-11-20T08:00Z");
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public void A_repeat_joins_until_a_day_after_the_first_whoever_came_in_between()
    {
        var groups = Placed([0, 20 * 60, 24 * 60, (24 * 60) + 1]);
        Assert.Equal([("m0", 3), ("m3", 1)], groups.Select(static group => (group.Key, group.Count)));
        Assert.Equal((Start, Start.AddDays(1)), (groups[0].First, groups[0].Last));
    }

    [Fact]
    public void What_was_received_earlier_and_is_handled_later_is_the_first_of_its_group()
    {
        var groups = Placed([10 * 60, 0, 25 * 60]);
        Assert.Equal([("m0", 2), ("m2", 1)], groups.Select(static group => (group.Key, group.Count)));
        Assert.Equal(Start, groups[0].First);
    }

    [Fact]
    public void A_group_that_is_over_is_joined_by_nobody()
    {
        FeedbackGroup[] groups = [new("m0", Start, Start, 1, IsOver: true)];
        Assert.Null(FeedbackGroups.Find(groups, Start.AddMinutes(1), Day));
        Assert.Equal(2, FeedbackGroups.Place(groups, null, "m1", Start.AddMinutes(1)).Groups.Count);
    }

    [Fact]
    public void What_comes_within_a_day_altogether_is_one_group_in_any_order() => Law.Holds(
        from minutes in Gen.Choose(0, 24 * 60).NonEmptyListOf()
        let few = minutes.Take(12).ToArray()
        from shuffled in Gen.Shuffle(few)
        select shuffled,
        2000,
        static minutes =>
        {
            var group = Assert.Single(Placed(minutes));
            Assert.Equal((Start.AddMinutes(minutes.Min()), Start.AddMinutes(minutes.Max()), minutes.Length), (group.First, group.Last, group.Count));
        });

    [Fact]
    public void Clusters_further_than_a_day_apart_are_groups_of_their_own_in_any_order() => Law.Holds(
        from clusters in Gen.Choose(1, 4)
        from minutes in (from cluster in Gen.Choose(0, clusters - 1) from minute in Gen.Choose(0, 24 * 60) select (cluster, minute)).NonEmptyListOf()
        let few = minutes.Take(15).ToArray()
        from shuffled in Gen.Shuffle(few)
        select shuffled,
        2000,
        static given =>
        {
            // Each begins two days and a minute after the one before it.
            var groups = Placed([.. given.Select(static one => (one.cluster * ((48 * 60) + 1)) + one.minute)]);
            Assert.Equal(given.Select(static one => one.cluster).Distinct().Count(), groups.Count);
            Assert.Equal(given.Length, groups.Sum(static group => group.Count));
        });

    [Fact]
    public void Whatever_comes_every_message_is_in_one_group_and_no_group_spans_more_than_a_day() => Law.Holds(
        Gen.Choose(0, 6 * 24 * 60).ListOf(),
        2000,
        static minutes =>
        {
            var few = minutes.Take(FeedbackGroups.Most).ToArray();
            var groups = Placed(few);
            Assert.Equal(few.Length, groups.Sum(static group => group.Count));
            Assert.All(groups, static group => Assert.True(group.Last - group.First <= Day));
            Assert.Equal(groups.Count, groups.DistinctBy(static group => group.Key).Count());
        });

    [Fact]
    public void In_the_order_of_their_instants_it_is_the_first_of_each_group_that_opens_it() => Law.Holds(
        Gen.Choose(0, 6 * 24 * 60).ListOf(),
        2000,
        static minutes =>
        {
            var sorted = minutes.Take(FeedbackGroups.Most).Order().ToArray();
            var expected = new List<(DateTimeOffset First, int Count)>();
            foreach (var at in sorted.Select(static minute => Start.AddMinutes(minute)))
            {
                if (expected.Count > 0 && at - expected[^1].First <= Day)
                {
                    expected[^1] = (expected[^1].First, expected[^1].Count + 1);
                }
                else
                {
                    expected.Add((at, 1));
                }
            }

            Assert.Equal(expected, Placed(sorted).Select(static group => (group.First, group.Count)));
        });

    [Fact]
    public void The_clocks_of_a_ticket_run_since_the_first_of_its_group()
    {
        var opened = TicketRules.Open(SamplePlan.Plan, "T-1", FeedbackRules.ToTicket(SamplePlan.Plan, new("m0", Start.AddHours(2), new("problem", "Blank.", "records")))).Ticket;
        var joined = FeedbackHandler.Joined(SamplePlan.Plan, opened, new FeedbackGroup("m0", Start.AddHours(1), Start.AddHours(2), 2), Start.AddHours(3));
        Assert.Equal((2, Start.AddHours(1), Start.AddHours(1)), (joined.Ticket.Reports, joined.Ticket.CreatedAt, joined.Ticket.Clock[0].At));
        Assert.Equal(opened.ResolutionDue - TimeSpan.FromHours(1), joined.Ticket.ResolutionDue);
        Assert.Equal(TicketEventKind.Reported, Assert.Single(joined.Events).Kind);

        // Heard late, what is known already changes nothing.
        Assert.Empty(FeedbackHandler.Joined(SamplePlan.Plan, joined.Ticket, new FeedbackGroup("m0", Start.AddHours(2), Start.AddHours(2), 1), Start.AddHours(3)).Events);
    }

    private static IReadOnlyList<FeedbackGroup> Placed(IReadOnlyList<int> minutes)
    {
        IReadOnlyList<FeedbackGroup> groups = [];
        for (var i = 0; i < minutes.Count; i++)
        {
            var at = Start.AddMinutes(minutes[i]);
            groups = FeedbackGroups.Place(groups, FeedbackGroups.Find(groups, at, Day), $"m{i}", at).Groups;
        }

        return groups;
    }
}
