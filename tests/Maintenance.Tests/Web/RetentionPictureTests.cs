using Maintenance.Backups.Retention;
using Maintenance.Web.Pages.Charts;
using NodaTime;

namespace Maintenance.Tests.Web;

/// <summary>Snapshots placed on time by what keeps them.</summary>
public sealed class RetentionPictureTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_survivor_is_in_the_lane_of_each_reason_and_what_goes_in_its_own()
    {
        RetentionCandidate[] candidates =
        [
            Of("a", 1), Of("b", 30), Of("c", 31), Of("d", 24 * 40) with { Health = SnapshotHealth.Corrupt }, Of("e", 24 * 400) with { IsHeld = true },
        ];
        var rules = RetentionRules.KeepEverything with { Last = 1, Daily = 2 };
        var picture = RetentionPicture.Of(Retention.Decide(candidates, rules, DateTimeZone.Utc, Now), Now, DateTimeZone.Utc, 100, 700);

        Assert.Equal(["newest", "daily", "safety", "held", "goes"], picture.Lanes.Select(static lane => lane.Name));
        Assert.Equal([1, 2, 1, 1, 2], picture.Lanes.Select(static lane => lane.Marks.Sum(static mark => mark.Count)));
        Assert.True(picture.Lanes[3].IsHeld);
        Assert.True(picture.Lanes[4].IsDropped);
        Assert.Contains("corrupt", picture.Lanes[4].Marks[^1].Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_older_lies_further_left_and_now_is_at_the_right()
    {
        var picture = RetentionPicture.Of(Decide([.. Enumerable.Range(0, 60).Select(static at => Of($"s{at:D2}", Math.Pow(1.2, at) - 1))]), Now, DateTimeZone.Utc, 100, 700);
        var marks = Assert.Single(picture.Lanes).Marks;
        Assert.Equal(marks.OrderByDescending(static mark => mark.X), marks);
        Assert.Equal(700, marks[0].X, 0.001);
        Assert.InRange(marks[^1].X, 100, 112);
        Assert.Equal(60, marks.Sum(static mark => mark.Count));
        Assert.Equal((700, "now"), (picture.Ticks[0].X, picture.Ticks[0].Text));
        Assert.Equal(picture.Ticks.OrderByDescending(static tick => tick.X), picture.Ticks);
    }

    [Fact]
    public void However_many_there_are_the_picture_stays_small()
    {
        var picture = RetentionPicture.Of(Decide([.. Enumerable.Range(0, 20_000).Select(static at => Of($"s{at:D6}", at))]), Now, DateTimeZone.Utc, 100, 700);
        Assert.InRange(Assert.Single(picture.Lanes).Marks.Count, 10, 70);
        Assert.Equal(20_000, picture.Lanes[0].Marks.Sum(static mark => mark.Count));
    }

    [Fact]
    public void Nothing_at_all_and_a_snapshot_of_a_wrong_clock_are_drawn_too()
    {
        Assert.Empty(RetentionPicture.Of(Decide([]), Now, DateTimeZone.Utc, 100, 700).Lanes);
        Assert.Equal(700, RetentionPicture.Of(Decide([Of("f", -50)]), Now, DateTimeZone.Utc, 100, 700).Lanes.SelectMany(static lane => lane.Marks).First().X, 0.001);
    }

    private static RetentionCandidate Of(string id, double hoursAgo) => new(id, "source", Now.AddHours(-hoursAgo), SnapshotHealth.Proven);

    private static RetentionDecision Decide(IReadOnlyList<RetentionCandidate> candidates) => Retention.Decide(candidates, RetentionRules.KeepEverything, DateTimeZone.Utc, Now);
}
