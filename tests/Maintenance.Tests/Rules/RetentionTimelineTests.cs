using Maintenance.Backups.Retention;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Timelines that people write down, and what they are told of them.</summary>
public sealed class RetentionTimelineTests
{
    private const string Whole = """
        {
          // What would be left of November?
          "timeZone": "Africa/Nairobi",
          "rules": { "last": 1, "daily": 2, "within": "1d", "minimum": 2 },
          "immutableFor": "1h",
          "snapshots": [
            { "id": "a", "at": "2026-11-22T02:00:00Z", "source": "register", "health": "proven", "held": false },
            { "id": "b", "at": "2026-11-21T05:00+03:00", "source": "register", "health": "corrupt" },
            { "id": "c", "at": "2026-11-20T02:00:00.5Z", "source": "register", "held": true },
            { "id": "d", "at": "2026-11-19T02:00:00Z", "source": "register", "health": "unproven", "heldUntil": "2027-01-01T00:00:00Z" },
            { "id": "e", "at": "2026-11-18T02:00:00Z", "source": "register" },
          ],
        }
        """;

    [Fact]
    public void Everything_that_is_written_is_read()
    {
        var timeline = RetentionTimeline.Parse(Whole);
        Assert.Equal("Africa/Nairobi", timeline.Zone!.Id);
        Assert.Equal(new RetentionRules(1, 0, 2, 0, 0, 0, TimeSpan.FromDays(1), 2), timeline.Rules);
        Assert.Equal(TimeSpan.FromHours(1), timeline.ImmutableFor);
        Assert.Equal(
            [
                new("a", "register", Utc("2026-11-22T02:00Z"), SnapshotHealth.Proven),
                new("b", "register", Utc("2026-11-21T02:00Z"), SnapshotHealth.Corrupt),
                new("c", "register", Utc("2026-11-20T02:00:00.5Z"), SnapshotHealth.Proven, IsHeld: true),
                new("d", "register", Utc("2026-11-19T02:00Z"), SnapshotHealth.Unproven, HeldUntil: Utc("2027-01-01T00:00Z")),
                new("e", "register", Utc("2026-11-18T02:00Z"), SnapshotHealth.Proven),
            ],
            timeline.Candidates);
    }

    [Fact]
    public void All_rules_have_their_place() => Assert.Equal(
        new RetentionRules(1, 2, 3, 4, 5, 6, TimeSpan.FromHours(60), 8),
        RetentionTimeline.Parse("""{ "rules": { "last": 1, "hourly": 2, "daily": 3, "weekly": 4, "monthly": 5, "yearly": 6, "within": "2d 12h", "minimum": 8 }, "snapshots": [] }""").Rules);

    [Fact]
    public void What_the_file_leaves_out_comes_from_the_caller_and_what_it_says_goes_first()
    {
        var bare = RetentionTimeline.Parse("""{ "snapshots": [ { "id": "a", "at": "2026-11-22T02:00Z" }, { "id": "b", "at": "2026-11-21T23:00Z" } ] }""");
        Assert.Equal((null, null, null), (bare.Zone, bare.Rules, bare.ImmutableFor));
        Assert.Equal("", bare.Candidates[0].Source);

        // In Nairobi both are of the 22nd.
        var rules = RetentionRules.KeepEverything with { Daily = 9 };
        Assert.Empty(bare.Explain(Utc("2026-11-22T12:00Z"), rules).Dropped);
        Assert.Equal("b", Assert.Single(bare.Explain(Utc("2026-11-22T12:00Z"), rules, Zone("Africa/Nairobi")).Dropped).Id);
        Assert.Empty(bare.Explain(Utc("2026-11-22T12:00Z"), rules, Zone("Africa/Nairobi"), TimeSpan.FromDays(1)).Dropped);
        Assert.All(bare.Explain(Utc("2026-11-22T12:00Z")).Kept, static one => Assert.Contains(one.Reasons, static reason => reason.Rule == KeepRule.NoRules));

        var own = RetentionTimeline.Parse(Whole).Explain(Utc("2026-11-22T03:00Z"), RetentionRules.KeepEverything, Zone("UTC"), TimeSpan.FromDays(99));
        Assert.Equal(("Africa/Nairobi", 1, 2, "1d", "1h"), (own.TimeZone, own.Rules.Last, own.Rules.Daily, own.Rules.Within, own.ImmutableFor));
    }

    [Fact]
    public void Each_problem_is_told_with_its_place_all_at_once()
    {
        const string Wrong = """
            {
              "timezone": "UTC", "timeZone": "Africa/Kampla", "immutableFor": 7,
              "rules": { "last": -1, "dayly": 7, "weekly": 1.5, "monthly": "2", "within": "2 days" },
              "snapshots": [
                { "id": "a", "at": "2026-11-22T02:00:00Z" },
                { "id": "a", "at": "2026-11-22T02:00:00" },
                { "at": "yesterday", "health": "prooven" },
                "b",
                { "id": "c", "held": "yes", "heldUntil": "2026-13-01T00:00:00Z", "source": null }
              ]
            }
            """;
        var told = Assert.Throws<FormatException>(() => RetentionTimeline.Parse(Wrong)).Message.Split('\n');
        Assert.Equal(
            [
                "timezone: there is no such member; known are timeZone, rules, immutableFor, snapshots. Did you mean 'timeZone'?",
                "timeZone: there is no time zone 'Africa/Kampla'; an IANA id such as Africa/Nairobi is expected",
                "rules.dayly: there is no such member; known are last, hourly, daily, weekly, monthly, yearly, within, minimum. Did you mean 'daily'?",
                "rules.last: -1 is not a whole number from 0",
                "rules.weekly: 1.5 is not a whole number from 0",
                "rules.monthly: \"2\" is not a whole number from 0",
                "rules.within: '2 days' is not a duration, such as 36h or 2d 12h",
                "snapshots[1].id: snapshots[0] has the id 'a' already",
                "snapshots[1].at: '2026-11-22T02:00:00' is not an instant with its offset, such as 2026-11-22T02:00:00Z or 2026-11-22T05:00:00+03:00",
                "snapshots[2].id: a name for it is missing",
                "snapshots[2].at: 'yesterday' is not an instant with its offset, such as 2026-11-22T02:00:00Z or 2026-11-22T05:00:00+03:00",
                "snapshots[2].health: 'prooven' is none of proven, unproven, corrupt. Did you mean 'proven'?",
                "snapshots[3]: an object with id, at, source, health, held, heldUntil is expected",
                "snapshots[4].at: its recovery point, such as 2026-11-22T02:00:00Z, is missing",
                "snapshots[4].source: null is not text in quotes",
                "snapshots[4].held: \"yes\" is neither true nor false",
                "snapshots[4].heldUntil: '2026-13-01T00:00:00Z' is not an instant with its offset, such as 2026-11-22T02:00:00Z or 2026-11-22T05:00:00+03:00",
                "immutableFor: 7 is not text in quotes",
            ],
            told);
    }

    [Theory]
    [InlineData("", "The timeline is not JSON: ")]
    [InlineData("{ \"snapshots\": [", "The timeline is not JSON: ")]
    [InlineData("{ \"snapshots\": [], \"snapshots\": [] }", "The timeline is not JSON: ")]
    [InlineData("[]", "an object with timeZone, rules, immutableFor, snapshots is expected")]
    [InlineData("{}", "snapshots: a list of snapshots is expected")]
    [InlineData("{ \"snapshots\": {} }", "snapshots: a list of snapshots is expected")]
    [InlineData("{ \"rules\": [], \"snapshots\": [] }", "rules: an object with last, ")]
    [InlineData("{ \"snapshots\": [ { \"id\": \"\", \"at\": \"2026-11-22T02:00Z\" } ] }", "snapshots[0].id: a name for it is missing")]
    public void What_is_no_timeline_is_refused(string json, string told) =>
        Assert.StartsWith(told, Assert.Throws<FormatException>(() => RetentionTimeline.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_explanation_reads_as_a_table()
    {
        Assert.Equal(
            [
                "Rules: last 1, daily 2, within 1d, minimum 2; immutable for 1h. Now: 2026-11-22 06:00:00 +03:00 (Africa/Nairobi).",
                "register: 3 kept, 2 dropped",
                "  keep  2026-11-22 05:00:00 +03:00  a  proven    last 1 of 1; daily 2026-11-22; within 1d; minimum 1 of 2; newest proven",
                "  drop  2026-11-21 05:00:00 +03:00  b  corrupt   corrupt, and a is proven",
                "  keep  2026-11-20 05:00:00 +03:00  c  proven    daily 2026-11-20; minimum 2 of 2; held",
                "  keep  2026-11-19 05:00:00 +03:00  d  unproven  held until 2027-01-01T00:00:00Z",
                "  drop  2026-11-18 05:00:00 +03:00  e  proven    not among the last 1; daily 2026-11-18 is past the newest 2; older than 1d",
            ],
            RetentionTimeline.Parse(Whole).Explain(Utc("2026-11-22T03:00Z")).Lines());
        Assert.Equal(
            ["Rules: none: everything is kept. Now: 2026-11-22 03:00:00 +00:00 (UTC).", "1 kept, 0 dropped", "  keep  2026-11-22 02:00:00 +00:00  a  proven    no rules: everything is kept"],
            RetentionTimeline.Parse("""{ "snapshots": [ { "id": "a", "at": "2026-11-22T02:00Z" } ] }""").Explain(Utc("2026-11-22T03:00Z")).Lines());
    }

    [Fact]
    public void The_explanation_goes_through_JSON_and_back()
    {
        var explanation = RetentionTimeline.Parse(Whole).Explain(Utc("2026-11-22T03:00Z"));
        var json = MaintenanceJson.Write(explanation);
        Assert.StartsWith(
            """{"now":"2026-11-22T03:00:00Z","timeZone":"Africa/Nairobi","rules":{"last":1,"daily":2,"within":"1d","minimum":2},"immutableFor":"1h","kept":[{"id":"a","source":"register","at":"2026-11-22T02:00:00Z","health":"proven","reasons":[{"rule":"last","text":"last 1 of 1"},{"rule":"daily","bucket":"2026-11-22","text":"daily 2026-11-22"},""",
            json, StringComparison.Ordinal);
        Assert.Contains("""{"cause":"slotsFull","rule":"daily","bucket":"2026-11-18","text":""", json, StringComparison.Ordinal);
        Assert.Equal(json, MaintenanceJson.Write(MaintenanceJson.Read<RetentionExplanation>(json)));
        Assert.Equal(explanation.Lines(), MaintenanceJson.Read<RetentionExplanation>(json).Lines());
    }
}
