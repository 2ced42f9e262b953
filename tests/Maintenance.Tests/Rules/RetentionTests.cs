using Maintenance.Backups.Retention;
using Maintenance.Tests.Rules.Oracles;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Which snapshots stay, worked out by hand. Ids are the instants, so that a table reads without a legend.</summary>
public sealed class RetentionTests
{
    private const string Now = "2026-11-22T12:00Z";
    private static readonly RetentionRules None = RetentionRules.KeepEverything;

    [Fact]
    public void Last_keeps_the_newest() => Keeps(None with { Last = 2 }, "UTC", Now, ["2026-11-22T02:00Z", "2026-11-21T02:00Z"], ["2026-11-20T02:00Z", "2026-01-01T02:00Z"]);

    [Fact]
    public void Of_a_day_the_newest_stays() =>
        Keeps(None with { Daily = 2 }, "UTC", Now, ["2026-11-22T02:00Z", "2026-11-21T23:59:59Z"], ["2026-11-22T00:00Z", "2026-11-21T23:59:58Z", "2026-11-21T00:00Z", "2026-11-20T23:59:59Z"]);

    [Fact]
    public void Days_without_a_snapshot_use_up_no_slot() =>
        Keeps(None with { Daily = 3 }, "UTC", Now, ["2026-11-22T02:00Z", "2026-08-01T02:00Z", "2025-12-31T02:00Z"], ["2025-12-30T02:00Z"]);

    [Fact]
    public void Rules_add_up() => Keeps(
        new RetentionRules(1, 2, 2, 2, 2, 2, TimeSpan.FromHours(1), 0), "UTC", Now,
        [
            "2026-11-22T11:30Z", // last, hourly, daily, weekly, monthly, yearly, within
            "2026-11-22T11:10Z", // within
            "2026-11-22T10:40Z", // hourly
            "2026-11-21T20:00Z", // daily
            "2026-11-15T20:00Z", // weekly (Sunday)
            "2026-10-31T20:00Z", // monthly
            "2025-12-31T20:00Z", // yearly
        ],
        ["2026-11-22T10:20Z", "2026-11-22T09:00Z", "2026-11-21T10:00Z", "2026-11-20T20:00Z", "2026-11-14T20:00Z", "2026-10-30T20:00Z", "2026-09-30T20:00Z", "2024-12-31T20:00Z"]);

    [Fact]
    public void Buckets_are_those_of_the_zone()
    {
        // Midnight in Nairobi is nine in the evening UTC.
        Keeps(None with { Daily = 2 }, "Africa/Nairobi", Now, ["2026-11-21T21:00Z", "2026-11-21T20:59:59Z"], ["2026-11-21T20:00Z"]);
        Keeps(None with { Monthly = 2 }, "Africa/Nairobi", Now, ["2026-10-31T21:00Z", "2026-10-31T20:59:59Z"], ["2026-09-30T21:00Z"]);
        Keeps(None with { Yearly = 2 }, "Africa/Nairobi", Now, ["2025-12-31T21:00Z", "2025-12-31T20:59:59Z"], ["2024-12-31T21:00Z"]);
        // Hours begin at a quarter past in Kathmandu (+05:45).
        Keeps(None with { Hourly = 2 }, "Asia/Kathmandu", Now, ["2026-11-22T10:15Z", "2026-11-22T10:14:59Z"], ["2026-11-22T09:15Z"]);
    }

    [Theory]
    // Sunday and Monday, by the calendars of 2026 (53 weeks) and its neighbours.
    [InlineData("2026-11-22T12:00Z", "2026-W47")]
    [InlineData("2026-11-23T12:00Z", "2026-W48")]
    [InlineData("2026-12-27T23:59:59Z", "2026-W52")]
    [InlineData("2026-12-28T00:00Z", "2026-W53")]
    [InlineData("2026-12-31T12:00Z", "2026-W53")]
    [InlineData("2027-01-01T12:00Z", "2026-W53")]
    [InlineData("2027-01-03T23:59:59Z", "2026-W53")]
    [InlineData("2027-01-04T00:00Z", "2027-W01")]
    [InlineData("2024-12-29T12:00Z", "2024-W52")]
    [InlineData("2024-12-30T12:00Z", "2025-W01")]
    [InlineData("2021-01-03T12:00Z", "2020-W53")]
    [InlineData("2022-01-01T12:00Z", "2021-W52")]
    [InlineData("2026-01-01T12:00Z", "2026-W01")]
    public void Weeks_have_the_ISO_number_and_year(string at, string week)
    {
        var reason = Assert.Single(Decide(None with { Weekly = 1 }, "UTC", at, at).Kept).Reasons[0];
        Assert.Equal((KeepRule.Weekly, week, $"weekly {week}"), (reason.Rule, reason.Bucket, reason.Text));
    }

    [Fact]
    public void The_week_of_new_year_is_one_week_and_two_years()
    {
        Keeps(None with { Weekly = 1 }, "UTC", "2027-01-03T12:00Z", ["2027-01-01T12:00Z"], ["2026-12-31T12:00Z"]);
        Keeps(None with { Yearly = 2 }, "UTC", "2027-01-03T12:00Z", ["2027-01-01T12:00Z", "2026-12-31T12:00Z"], []);
    }

    [Fact]
    public void The_leap_day_is_a_day_of_February()
    {
        Keeps(None with { Daily = 3 }, "UTC", "2028-03-01T12:00Z", ["2028-03-01T02:00Z", "2028-02-29T02:00Z", "2028-02-28T02:00Z"], ["2028-02-27T02:00Z"]);
        Keeps(None with { Monthly = 2 }, "UTC", "2028-03-01T12:00Z", ["2028-03-01T02:00Z", "2028-02-29T02:00Z"], ["2028-02-28T02:00Z"]);
    }

    [Fact]
    public void An_hour_that_Berlin_repeats_is_two_hours()
    {
        // At 01:00Z the clock goes from 03:00 +02 back to 02:00 +01.
        string[] kept = ["2026-10-25T01:30Z", "2026-10-25T00:59:59Z"];
        Keeps(None with { Hourly = 2 }, "Europe/Berlin", Now, kept, ["2026-10-25T01:29Z", "2026-10-25T00:00Z", "2026-10-24T23:59Z"]);
        Assert.Equal(
            ["2026-10-25T02+01", "2026-10-25T02+02"],
            Decide(None with { Hourly = 2 }, "Europe/Berlin", Now, kept).Kept.Select(static one => one.Reasons[0].Bucket));
    }

    [Fact]
    public void Days_of_Berlin_have_23_and_25_hours()
    {
        Keeps(None with { Daily = 3 }, "Europe/Berlin", Now, ["2026-10-25T23:00Z", "2026-10-25T22:59:59Z", "2026-10-24T21:59:59Z"], ["2026-10-25T00:00Z", "2026-10-24T22:00Z"]);
        Keeps(None with { Daily = 3 }, "Europe/Berlin", Now, ["2026-03-29T22:00Z", "2026-03-29T21:59:59Z", "2026-03-28T22:59:59Z"], ["2026-03-28T23:00Z"]);
    }

    [Fact]
    public void Sao_Paulo_goes_back_at_midnight_so_the_last_hour_of_the_day_is_two()
    {
        // At 02:00Z the clock goes from 24:00 -02 on the 17th back to 23:00 -03.
        string[] kept = ["2018-02-18T03:00Z", "2018-02-18T02:30Z", "2018-02-18T01:30Z"];
        Keeps(None with { Hourly = 3 }, "America/Sao_Paulo", Now, kept, ["2018-02-18T02:00Z", "2018-02-18T01:00Z", "2018-02-18T00:59Z"]);
        Assert.Equal(
            ["2018-02-18T00-03", "2018-02-17T23-03", "2018-02-17T23-02"],
            Decide(None with { Hourly = 3 }, "America/Sao_Paulo", Now, kept).Kept.Select(static one => one.Reasons[0].Bucket));
        Keeps(None with { Daily = 2 }, "America/Sao_Paulo", Now, ["2018-02-18T03:00Z", "2018-02-18T02:59:59Z"], ["2018-02-18T01:59:59Z", "2018-02-17T02:00Z"]);
    }

    [Fact]
    public void Sao_Paulo_goes_forward_at_midnight_so_a_day_begins_at_one() =>
        Keeps(None with { Daily = 2 }, "America/Sao_Paulo", Now, ["2018-11-04T03:00Z", "2018-11-04T02:59:59Z"], ["2018-11-03T03:00Z"]);

    [Fact]
    public void A_day_that_is_left_and_entered_again_is_one_day()
    {
        // At 02:31Z the clock of St. John's went from 00:01 on the 7th back to 23:01 on the 6th.
        Keeps(None with { Daily = 2 }, "America/St_Johns", Now, ["2010-11-07T12:00Z", "2010-11-07T02:31:30Z"], ["2010-11-07T02:30:30Z", "2010-11-06T12:00Z"]);
    }

    [Fact]
    public void Half_an_hour_that_Lord_Howe_repeats_is_its_own_hour()
    {
        // At 15:00Z the clock goes from 02:00 +11 back to 01:30 +10:30.
        string[] kept = ["2026-04-04T15:10Z", "2026-04-04T14:50Z"];
        Keeps(None with { Hourly = 2 }, "Australia/Lord_Howe", Now, kept, ["2026-04-04T15:05Z", "2026-04-04T14:05Z"]);
        Assert.Equal(
            ["2026-04-05T01+10:30", "2026-04-05T01+11"],
            Decide(None with { Hourly = 2 }, "Australia/Lord_Howe", Now, kept).Kept.Select(static one => one.Reasons[0].Bucket));
    }

    [Fact]
    public void Within_keeps_what_is_exactly_as_old() =>
        Keeps(None with { Within = TimeSpan.FromDays(2) }, "UTC", Now, ["2026-11-22T02:00Z", "2026-11-20T12:00Z"], ["2026-11-20T11:59:59Z"]);

    [Fact]
    public void Within_counts_from_now_and_not_from_the_newest() =>
        Keeps(None with { Within = TimeSpan.FromDays(2) }, "UTC", Now, ["2026-11-10T03:00Z"], ["2026-11-10T02:00Z"]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_newest_proven_one_stays_even_where_every_rule_has_passed_it(int minimum)
    {
        var rules = None with { Within = TimeSpan.FromDays(2), Minimum = minimum };
        Keeps(rules, "UTC", "2036-01-01T00:00Z", ["2026-11-10T03:00Z"], ["2026-11-10T02:00Z"]);
        Assert.Contains(KeepRule.NewestProven, Assert.Single(Decide(rules, "UTC", "2036-01-01T00:00Z", "2026-11-10T03:00Z").Kept).Reasons.Select(static reason => reason.Rule));
    }

    [Fact]
    public void At_least_the_minimum_of_proven_ones_stays()
    {
        RetentionCandidate[] candidates =
        [
            One("2026-11-22T02:00Z") with { Health = SnapshotHealth.Unproven }, One("2026-11-21T02:00Z"), One("2026-11-20T02:00Z") with { Health = SnapshotHealth.Corrupt },
            One("2026-11-19T02:00Z") with { Health = SnapshotHealth.Unproven }, One("2026-11-18T02:00Z"), One("2026-11-17T02:00Z"), One("2026-11-16T02:00Z"),
        ];
        Keeps(None with { Last = 1, Minimum = 3 }, candidates, ["2026-11-22T02:00Z", "2026-11-21T02:00Z", "2026-11-18T02:00Z", "2026-11-17T02:00Z"]);
    }

    [Fact]
    public void No_rules_keep_everything_and_a_minimum_is_no_rule()
    {
        RetentionCandidate[] candidates =
        [
            One("2026-11-22T02:00Z"), One("2026-11-21T02:00Z") with { Health = SnapshotHealth.Unproven }, One("2026-11-20T02:00Z") with { Health = SnapshotHealth.Corrupt },
            One("1999-11-20T02:00Z"),
        ];
        foreach (var rules in new[] { None, None with { Minimum = 1 } })
        {
            var decision = Retention.Decide(candidates, rules, Zone("UTC"), Utc(Now));
            Assert.Equal(4, decision.Kept.Count);
            Assert.Empty(decision.Dropped);
            Assert.All(decision.Kept, static one => Assert.Contains(one.Reasons, static reason => reason is { Rule: KeepRule.NoRules, Text: "no rules: everything is kept" }));
        }
    }

    [Theory]
    [InlineData(SnapshotHealth.Unproven)]
    [InlineData(SnapshotHealth.Corrupt)]
    public void Only_a_proven_one_takes_a_slot(SnapshotHealth health)
    {
        // The newest of the 21st is not proven: the one before it stays for that day, and the count goes on.
        RetentionCandidate[] candidates =
        [
            One("2026-11-22T02:00Z"), One("2026-11-21T20:00Z") with { Health = health }, One("2026-11-21T02:00Z"), One("2026-11-20T02:00Z") with { Health = health },
            One("2026-11-19T02:00Z"), One("2026-11-18T02:00Z"),
        ];
        Keeps(None with { Daily = 3 }, candidates, ["2026-11-22T02:00Z", "2026-11-21T02:00Z", "2026-11-19T02:00Z"]);
        Keeps(None with { Last = 3 }, candidates, ["2026-11-22T02:00Z", "2026-11-21T02:00Z", "2026-11-19T02:00Z"]);
        Keeps(None with { Within = TimeSpan.FromDays(4) }, candidates, ["2026-11-22T02:00Z", "2026-11-21T02:00Z", "2026-11-19T02:00Z"]);
    }

    [Fact]
    public void An_unproven_one_stays_while_it_is_newer_than_the_newest_proven_one()
    {
        RetentionCandidate[] candidates =
        [
            One("2026-11-22T02:00Z") with { Health = SnapshotHealth.Unproven }, One("2026-11-21T02:00:01Z") with { Health = SnapshotHealth.Unproven }, One("2026-11-21T02:00Z"),
            One("b 2026-11-21T02:00Z") with { Health = SnapshotHealth.Unproven }, One("2026-11-21T01:59:59Z") with { Health = SnapshotHealth.Unproven },
        ];
        Keeps(None with { Last = 5 }, candidates, ["2026-11-22T02:00Z", "2026-11-21T02:00:01Z", "2026-11-21T02:00Z"]);
        Assert.Equal(
            "newer than the newest proven one, 2026-11-21T02:00Z",
            Assert.Single(Retention.Decide(candidates, None with { Last = 5 }, Zone("UTC"), Utc(Now)).Kept[0].Reasons).Text);
    }

    [Fact]
    public void A_corrupt_one_goes_even_where_it_is_the_newest() => Keeps(
        None with { Last = 5 }, [One("2026-11-22T02:00Z") with { Health = SnapshotHealth.Corrupt }, One("2026-11-21T02:00Z")], ["2026-11-21T02:00Z"]);

    [Fact]
    public void While_nothing_is_proven_nothing_goes()
    {
        RetentionCandidate[] candidates =
        [
            One("2026-11-22T02:00Z") with { Health = SnapshotHealth.Corrupt }, One("2026-11-21T02:00Z") with { Health = SnapshotHealth.Unproven },
            One("2026-01-01T02:00Z") with { Health = SnapshotHealth.Corrupt },
        ];
        Keeps(None with { Last = 1 }, candidates, [.. candidates.Select(static one => one.Id)]);

        // One from the future proves nothing yet; one of another source has nothing to do with it.
        RetentionCandidate[] others = [One("2026-11-23T02:00Z"), One("2026-11-22T03:00Z") with { Source = "other" }];
        Keeps(None with { Last = 1 }, [.. candidates, .. others], [.. candidates.Concat(others).Select(static one => one.Id)]);
    }

    [Fact]
    public void A_held_one_stays_whatever_its_age_and_health()
    {
        RetentionCandidate[] candidates =
        [
            One("2026-11-22T02:00Z"), One("2020-01-01T00:00Z") with { IsHeld = true }, One("2020-01-02T00:00Z") with { IsHeld = true, Health = SnapshotHealth.Corrupt },
            One("2020-01-03T00:00Z") with { IsHeld = true, Health = SnapshotHealth.Unproven }, One("2020-01-04T00:00Z"),
        ];
        Keeps(None with { Last = 1 }, candidates, ["2026-11-22T02:00Z", "2020-01-01T00:00Z", "2020-01-02T00:00Z", "2020-01-03T00:00Z"]);
    }

    [Fact]
    public void A_hold_ends_at_its_instant()
    {
        RetentionCandidate[] candidates =
        [
            One("2026-11-22T02:00Z"), One("2020-01-01T00:00Z") with { HeldUntil = Utc(Now).AddTicks(1) }, One("2020-01-02T00:00Z") with { HeldUntil = Utc(Now) },
            One("2020-01-03T00:00Z") with { HeldUntil = Utc("2027-01-01T00:00Z") }, One("2020-01-04T00:00Z") with { HeldUntil = Utc("2021-01-01T00:00Z"), IsHeld = true },
        ];
        Keeps(None with { Last = 1 }, candidates, ["2026-11-22T02:00Z", "2020-01-01T00:00Z", "2020-01-03T00:00Z", "2020-01-04T00:00Z"]);
    }

    [Fact]
    public void A_held_one_takes_the_slot_that_is_its_own() => Keeps(
        None with { Daily = 2 }, [One("2026-11-22T02:00Z") with { IsHeld = true }, One("2026-11-22T01:00Z"), One("2026-11-21T02:00Z"), One("2026-11-20T02:00Z")],
        ["2026-11-22T02:00Z", "2026-11-21T02:00Z"]);

    [Fact]
    public void An_immutable_one_stays_until_its_time_is_over()
    {
        RetentionCandidate[] candidates =
        [
            One("2026-11-22T02:00Z"), One("2026-11-21T02:00Z") with { Health = SnapshotHealth.Corrupt }, One("2026-11-15T12:00:01Z"), One("2026-11-15T12:00Z"), One("2026-11-15T11:59Z"),
        ];
        Keeps(None with { Last = 1 }, candidates, ["2026-11-22T02:00Z", "2026-11-21T02:00Z", "2026-11-15T12:00:01Z"], TimeSpan.FromDays(7));
        Keeps(None with { Last = 1 }, candidates, ["2026-11-22T02:00Z"], TimeSpan.Zero);
        Keeps(None with { Last = 1 }, candidates, [.. candidates.Select(static one => one.Id)], TimeSpan.MaxValue);
    }

    [Fact]
    public void One_from_the_future_stays_and_takes_no_slot()
    {
        RetentionCandidate[] candidates = [One("2026-11-22T12:00:01Z"), One("2099-01-01T00:00Z") with { Health = SnapshotHealth.Corrupt }, One("2026-11-22T12:00Z"), One("2026-11-22T11:00Z")];
        Keeps(None with { Last = 1, Daily = 1 }, candidates, ["2026-11-22T12:00:01Z", "2099-01-01T00:00Z", "2026-11-22T12:00Z"]);
        Assert.All(Retention.Decide(candidates, None with { Last = 1 }, Zone("UTC"), Utc(Now)).Kept.Take(2), static one => Assert.Equal(KeepRule.InFuture, Assert.Single(one.Reasons).Rule));
    }

    [Fact]
    public void Deciding_again_later_may_drop_what_was_kept_when_a_future_one_has_become_the_newest()
    {
        // Deciding again at one instant changes nothing (see the laws); time passing may: the future one takes the slot that was another's.
        RetentionCandidate[] candidates = [One("2026-11-22T13:00Z"), One("2026-11-22T11:00Z")];
        var rules = None with { Last = 1 };
        Assert.Equal(2, Retention.Decide(candidates, rules, Zone("UTC"), Utc(Now)).Kept.Count);
        Assert.Equal("2026-11-22T11:00Z", Assert.Single(Retention.Decide(candidates, rules, Zone("UTC"), Utc(Now).AddHours(1)).Dropped).Id);
    }

    [Fact]
    public void Of_two_at_one_instant_the_later_id_counts_as_the_newer()
    {
        RetentionCandidate[] candidates = [One("a 2026-11-22T02:00Z"), One("c 2026-11-22T02:00Z"), One("b 2026-11-22T02:00Z")];
        Keeps(None with { Last = 1 }, candidates, ["c 2026-11-22T02:00Z"]);
        Keeps(None with { Last = 2 }, [.. candidates.Reverse()], ["c 2026-11-22T02:00Z", "b 2026-11-22T02:00Z"]);
    }

    [Fact]
    public void The_offset_in_which_an_instant_is_given_means_nothing()
    {
        var given = new RetentionCandidate("a", "s", Utc("2026-11-21T23:30Z").ToOffset(TimeSpan.FromHours(5)), SnapshotHealth.Proven);
        var kept = Assert.Single(Retention.Decide([given], None with { Daily = 1 }, Zone("UTC"), Utc(Now)).Kept);
        Assert.Equal("2026-11-21", kept.Reasons[0].Bucket);
        Assert.Equal(TimeSpan.Zero, kept.At.Offset);
    }

    [Fact]
    public void Every_reason_is_told()
    {
        RetentionCandidate[] candidates = [One("2026-11-22T02:00Z") with { IsHeld = true, HeldUntil = Utc("2027-01-01T00:00Z") }, One("2026-11-22T01:00Z"), One("2026-11-01T02:00Z")];
        var decision = Retention.Decide(candidates, new RetentionRules(1, 0, 1, 1, 0, 0, TimeSpan.FromHours(36), 1), Zone("Africa/Nairobi"), Utc(Now), TimeSpan.FromDays(1));
        Assert.Equal(
            [
                "last 1 of 1", "daily 2026-11-22", "weekly 2026-W47", "within 1d 12h", "minimum 1 of 1", "newest proven", "held", "held until 2027-01-01T00:00:00Z",
                "immutable until 2026-11-23T02:00:00Z",
            ],
            decision.Kept[0].Reasons.Select(static reason => reason.Text));
        Assert.Equal(
            ["not among the last 1", "daily 2026-11-01 is past the newest 1", "weekly 2026-W44 is past the newest 1", "older than 1d 12h"],
            Assert.Single(decision.Dropped).Reasons.Select(static reason => reason.Text));

        var second = Retention.Decide(candidates, None with { Daily = 1 }, Zone("Africa/Nairobi"), Utc(Now)).Dropped[0];
        Assert.Equal(
            new DropReason(DropCause.SlotTaken, KeepRule.Daily, "2026-11-22", "2026-11-22T02:00Z", "daily 2026-11-22 is 2026-11-22T02:00Z"), Assert.Single(second.Reasons));
    }

    [Fact]
    public void What_would_drop_by_mistake_is_refused()
    {
        RetentionCandidate[] one = [One("2026-11-22T02:00Z")];
        foreach (var rules in new[] { None with { Last = -1 }, None with { Yearly = -1 }, None with { Within = TimeSpan.FromTicks(-1) }, None with { Daily = 1, Minimum = -1 } })
        {
            Assert.Throws<ArgumentException>(() => Retention.Decide(one, rules, Zone("UTC"), Utc(Now)));
        }

        Assert.Throws<ArgumentException>(() => Retention.Decide([one[0], one[0] with { Source = "other" }], None, Zone("UTC"), Utc(Now)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Retention.Decide(one, None, Zone("UTC"), Utc(Now), TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void Nothing_is_decided_of_nothing()
    {
        var decision = Retention.Decide([], None with { Last = 1 }, Zone("UTC"), Utc(Now));
        Assert.Empty(decision.Kept);
        Assert.Empty(decision.Dropped);
    }

    /// <summary>A proven snapshot whose id ends in its instant.</summary>
    private static RetentionCandidate One(string id) => new(id, "source", Utc(id.Split(' ')[^1]), SnapshotHealth.Proven);

    private static RetentionDecision Decide(RetentionRules rules, string zone, string now, params string[] instants) =>
        Retention.Decide([.. instants.Select(One)], rules, Zone(zone), Utc(now));

    private static void Keeps(RetentionRules rules, string zone, string now, string[] kept, string[] dropped)
    {
        var decision = Decide(rules, zone, now, [.. dropped, .. kept]);
        Assert.Equal(kept.Order(), decision.Kept.Select(static one => one.Id).Order());
        Assert.Equal(dropped.Order(), decision.Dropped.Select(static one => one.Id).Order());
        Assert.Equal(kept.ToHashSet(), [.. RetentionByDefinition.Kept([.. dropped.Concat(kept).Select(One)], rules, Zone(zone), Utc(now), TimeSpan.Zero).Keys]);
    }

    private static void Keeps(RetentionRules rules, RetentionCandidate[] candidates, string[] kept, TimeSpan immutableFor = default) =>
        Assert.Equal(kept.Order(), Retention.Decide(candidates, rules, Zone("UTC"), Utc(Now), immutableFor).Kept.Select(static one => one.Id).Order());
}
