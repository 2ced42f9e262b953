using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Events written down by hand: what is read, and what is said of what cannot be.</summary>
public sealed class ClockHistoryTests
{
    private const string Opened = """{"at": "2026-11-20T13:30:00Z", "kind": "opened", "priority": "p2"}""";

    [Fact]
    public void A_list_of_events_is_read_and_an_object_with_its_now_too()
    {
        var list = ClockHistory.Read(
            $$"""
             [{{Opened}}, {"at": "2026-11-20T17:00:00+03:00", "kind": "waitingBegan", "for": "supplier"}, {"at": "2026-11-20T14:00:00Z", "kind": "resolved"}]
            """,
            SamplePlan.Plan);
        Assert.Equal(
            [
                new ClockEvent(Utc("2026-11-20T13:30Z"), ClockEventKind.Opened, "p2"),
                new ClockEvent(Utc("2026-11-20T14:00Z"), ClockEventKind.WaitingBegan, For: WaitingFor.Supplier),
                new ClockEvent(Utc("2026-11-20T14:00Z"), ClockEventKind.Resolved),
            ],
            list.Events);
        Assert.Null(list.Now);
        var told = ClockHistory.Read($$"""{"events": [{{Opened}}], "now": "2026-11-24T06:00:00Z"}""", SamplePlan.Plan);
        Assert.Equal(Utc("2026-11-24T06:00Z"), told.Now);
        Assert.Single(told.Events);
    }

    [Fact]
    public void Time_has_passed_until_now_or_until_the_last_event_of_a_history_that_lies_ahead()
    {
        var history = ClockHistory.Read($"[{Opened}]", SamplePlan.Plan);
        Assert.Equal(Utc("2026-12-01T00:00Z"), history.Until(Utc("2026-12-01T00:00Z")));
        Assert.Equal(Utc("2026-11-20T13:30Z"), history.Until(Utc("2026-11-01T00:00Z")));
    }

    [Theory]
    [InlineData("", "tokens")]
    [InlineData("no JSON", "(line 1, byte ")]
    [InlineData("[]", "There is no event.")]
    [InlineData("null", "There is no event.")]
    [InlineData("{}", "Required members are missing")]
    [InlineData("""{"events": null}""", "events")]
    [InlineData("""{"events": []}""", "There is no event.")]
    [InlineData("[null]", "events[0]: it is null.")]
    [InlineData("[OPENED, null]", "events[1]: it is null.")]
    [InlineData("[3]", "at $[0]")]
    [InlineData("\"text\"", "(line 1")]
    [InlineData("[OPENED, OPENED]", "events[1]: it is opened already")]
    [InlineData("""[{"at": "2026-11-20T13:30:00Z", "kind": "resolved"}]""", "events[0]: the first event is the opening (kind: opened).")]
    [InlineData("""[OPENED, {"at": "2026-11-20T13:29:59Z", "kind": "resolved"}]""", "events[1]: 2026-11-20 13:29:59Z is before the event before it, 2026-11-20 13:30:00Z.")]
    [InlineData("""[{"at": "2026-11-20T13:30:00Z", "kind": "opened"}]""", "events[0]: it says no priority. Choose one of: p1, p2.")]
    [InlineData("""[{"at": "2026-11-20T13:30:00Z", "kind": "opened", "priority": "p9"}]""", "events[0]: the plan has no target for the priority 'p9'. Choose one of: p1, p2.")]
    [InlineData("""[OPENED, {"at": "2026-11-20T13:31:00Z", "kind": "priorityChanged", "priority": "P1"}]""", "events[1]: the plan has no target for the priority 'P1'.")]
    [InlineData("""[OPENED, {"at": "2026-11-20T13:31:00Z", "kind": "waitingBegan"}]""", "events[1]: say for whom it waits")]
    [InlineData("""[OPENED, {"at": "2026-11-20T13:31:00Z", "kind": "waitingBegan", "for": "everybody"}]""", "at $[1].for")]
    [InlineData("""[OPENED, {"at": "2026-11-20T13:31:00Z", "kind": "paused"}]""", "at $[1].kind")]
    [InlineData("""[OPENED, {"at": "2026-11-20T13:31:00Z", "kind": "resolved", "until": "2027-01-01T00:00:00Z"}]""", "events[1]: only the opening says until when")]
    [InlineData("""[{"at": "2026-11-20T13:30:00Z", "kind": "opened", "priority": "p1", "until": "2200-01-01T00:00:00Z"}]""", "events[0]: 2200-01-01 00:00:00Z is not from 2000 to 2199.")]
    [InlineData("""[OPENED, {"at": "2026-11-20T13:31:00Z", "kind": "resolved", "by": "ben"}]""", "'by' is not a known member")]
    [InlineData("""[OPENED, {"at": "tomorrow", "kind": "resolved"}]""", "at $[1].at")]
    [InlineData("""[{"at": "9999-12-31T23:59:59Z", "kind": "opened", "priority": "p1"}]""", "events[0]: 9999-12-31 23:59:59Z is not from 2000 to 2199.")]
    [InlineData("""[{"at": "0001-01-01T00:00:00Z", "kind": "opened", "priority": "p1"}]""", "events[0]: 0001-01-01 00:00:00Z is not from 2000 to 2199.")]
    [InlineData("""{"events": [OPENED], "now": "2200-01-01T00:00:00Z"}""", "now: 2200-01-01 00:00:00Z is not from 2000 to 2199.")]
    [InlineData("""{"events": [OPENED], "now": "2026-11-20T13:29:00Z"}""", "now: 2026-11-20 13:29:00Z is before the last event, 2026-11-20 13:30:00Z.")]
    public void What_is_wrong_is_said_with_its_place(string json, string expected)
    {
        ArgumentNullException.ThrowIfNull(json);
        var error = Assert.Throws<InvalidDataException>(() => ClockHistory.Read(json.Replace("OPENED", Opened, StringComparison.Ordinal), SamplePlan.Plan));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Maintenance.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_reads_only_events_in_order_that_begin_with_an_opening()
    {
        var opened = new ClockEvent(Utc("2026-11-20T13:30Z"), ClockEventKind.Opened, "p2");
        _ = Assert.Throws<ArgumentException>(() => ServiceLevelClock.Read(SamplePlan.Plan, [], ServiceTarget.Response));
        _ = Assert.Throws<ArgumentException>(() => ServiceLevelClock.Read(SamplePlan.Plan, [opened with { Priority = null }], ServiceTarget.Response));
        _ = Assert.Throws<ArgumentException>(() => ServiceLevelClock.Read(SamplePlan.Plan, [opened with { Kind = ClockEventKind.Resolved }], ServiceTarget.Response));
        _ = Assert.Throws<ArgumentException>(() => ServiceLevelClock.Read(SamplePlan.Plan, [opened, new ClockEvent(opened.At.AddTicks(-1), ClockEventKind.Resolved)], ServiceTarget.Response));
    }
}
