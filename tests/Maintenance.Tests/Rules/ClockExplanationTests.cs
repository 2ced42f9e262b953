using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What an explanation says in words. That its spans add up is in <see cref="ServiceLevelClockWalkTests"/>.</summary>
public sealed class ClockExplanationTests
{
    /// <summary>Until the agreed date nothing counts, whatever happens before it; from then on both clocks run as if the ticket had been opened then.</summary>
    [Fact]
    public void A_clock_that_stands_until_an_agreed_date_counts_nothing_before_it()
    {
        ClockEvent[] events =
        [
            new(Utc("2026-11-20T16:30+03:00"), ClockEventKind.Opened, "p2", Until: Utc("2026-11-26T09:00+03:00")),
            new(Utc("2026-11-24T09:00+03:00"), ClockEventKind.WaitingBegan, For: WaitingFor.Requester),
            new(Utc("2026-11-24T10:00+03:00"), ClockEventKind.WaitingEnded),
        ];
        var from = Utc("2026-11-26T09:00+03:00");
        foreach (var target in Enum.GetValues<ServiceTarget>())
        {
            var told = ClockExplanation.Of(SamplePlan.Plan, events, target, Utc("2026-11-26T10:00+03:00"));
            Assert.Equal(TimeSpan.FromHours(1), told.Used);
            Assert.Equal(ServiceLevelClock.Read(SamplePlan.Plan, [new(from, ClockEventKind.Opened, "p2")], target).Due, told.Due);
            Assert.All(told.Spans.Where(span => span.From < from), static span => Assert.False(span.Counts));
            Assert.Equal("stands until the agreed date", told.Spans[0].Why);
            Assert.All(told.Marks, mark => Assert.True(mark.At >= from, $"{mark.Key} {mark.At:u}"));
        }

        // Solved before it, it is solved in time; reopened after it, the clock runs at once.
        ClockEvent[] solved = [events[0], new(Utc("2026-11-24T12:00+03:00"), ClockEventKind.Resolved)];
        Assert.Equal((TimeSpan.Zero, false), ClockExplanation.Of(SamplePlan.Plan, solved, ServiceTarget.Resolution, from) is var early ? (early.Used, early.IsMissed) : default);
        ClockEvent[] reopened = [.. solved, new(Utc("2026-11-26T10:00+03:00"), ClockEventKind.Reopened)];
        Assert.Equal(TimeSpan.FromHours(1), ClockExplanation.Of(SamplePlan.Plan, reopened, ServiceTarget.Resolution, Utc("2026-11-26T11:00+03:00")).Used);
    }

    [Fact]
    public void Open_hours_closed_ones_a_holiday_a_pause_and_what_is_to_come_are_told_apart()
    {
        // Friday half an hour, Monday is a holiday, on Tuesday the requester is asked for an hour.
        ClockEvent[] events =
        [
            new(Utc("2026-11-20T16:30+03:00"), ClockEventKind.Opened, "p2"),
            new(Utc("2026-11-24T09:00+03:00"), ClockEventKind.WaitingBegan, For: WaitingFor.Requester),
            new(Utc("2026-11-24T10:00+03:00"), ClockEventKind.WaitingEnded),
        ];
        var told = ClockExplanation.Of(SamplePlan.Plan, events, ServiceTarget.Resolution, Utc("2026-11-24T12:00+03:00"));
        Assert.Equal(
            [
                "Fri 2026-11-20 16:30 +03:00 | Fri 2026-11-20 17:00 +03:00 | Open | Office | 00:30:00 | False",
                "Fri 2026-11-20 17:00 +03:00 | Mon 2026-11-23 00:00 +03:00 | Closed | outside Office | 00:30:00 | False",
                "Mon 2026-11-23 00:00 +03:00 | Tue 2026-11-24 00:00 +03:00 | Holiday | Founders' day | 00:30:00 | False",
                "Tue 2026-11-24 00:00 +03:00 | Tue 2026-11-24 08:00 +03:00 | Closed | outside Office | 00:30:00 | False",
                "Tue 2026-11-24 08:00 +03:00 | Tue 2026-11-24 09:00 +03:00 | Open | Office | 01:30:00 | False",
                "Tue 2026-11-24 09:00 +03:00 | Tue 2026-11-24 10:00 +03:00 | Waiting | waits for the requester | 01:30:00 | False",
                "Tue 2026-11-24 10:00 +03:00 | Tue 2026-11-24 12:00 +03:00 | Open | Office | 03:30:00 | False",
                "Tue 2026-11-24 12:00 +03:00 | Tue 2026-11-24 17:00 +03:00 | Open | Office | 08:30:00 | True",
                "Tue 2026-11-24 17:00 +03:00 | Wed 2026-11-25 08:00 +03:00 | Closed | outside Office | 08:30:00 | True",
                "Wed 2026-11-25 08:00 +03:00 | Wed 2026-11-25 17:00 +03:00 | Open | Office | 17:30:00 | True",
                "Wed 2026-11-25 17:00 +03:00 | Thu 2026-11-26 08:00 +03:00 | Closed | outside Office | 17:30:00 | True",
                "Thu 2026-11-26 08:00 +03:00 | Thu 2026-11-26 08:30 +03:00 | Open | Office | 18:00:00 | True",
            ],
            told.Spans.Select(Line));
        Assert.Equal((Utc("2026-11-26T08:30+03:00"), "Thu 2026-11-26 08:30 +03:00"), (told.Due!.Value, told.LocalDue));
        Assert.Equal((TimeSpan.FromHours(3.5), false, "Africa/Nairobi"), (told.Used, told.IsMissed, told.Zone));
        Assert.Equal("The resolution is due Thu 2026-11-26 08:30 +03:00: 3h 30m of 18h used.", told.Verdict);

        // The pause is for the requester: the response clock goes on.
        Assert.DoesNotContain(ClockExplanation.Of(SamplePlan.Plan, events, ServiceTarget.Response, Utc("2026-11-24T12:00+03:00")).Spans, static span => span.Reason == SpanReason.Waiting);
    }

    [Fact]
    public void Local_times_have_their_offset_on_each_side_of_a_clock_change_and_its_hour_counts_as_long_as_it_is()
    {
        var plan = SamplePlan.Plan with { System = SamplePlan.Plan.System with { TimeZone = Zone("Europe/Berlin") } };
        ClockEvent[] events = [new(Utc("2026-10-24T22:30Z"), ClockEventKind.Opened, "p1"), new(Utc("2026-10-25T01:30:30Z"), ClockEventKind.Resolved)];
        var told = ClockExplanation.Of(plan, events, ServiceTarget.Resolution, Utc("2026-10-26T00:00Z"));
        var span = Assert.Single(told.Spans);
        Assert.Equal(("Sun 2026-10-25 00:30 +02:00", "Sun 2026-10-25 02:30:30 +01:00"), (span.LocalFrom, span.LocalTo));
        Assert.Equal(new TimeSpan(3, 0, 30), told.Used);
        Assert.Equal("The resolution was given in time: 3h 30s of 4h used.", told.Verdict);
    }

    [Fact]
    public void Hours_by_a_revision_are_named_by_its_date()
    {
        var office = SamplePlan.Plan.Calendars[0] with { Revisions = [new CalendarRevision(new LocalDate(2026, 11, 25), [new WeeklyHours([IsoDayOfWeek.Wednesday], [new ClockSpan(600, 660)])], "Winter")] };
        var plan = SamplePlan.Plan with { Calendars = [office, SamplePlan.Plan.Calendars[1]] };
        ClockEvent[] events = [new(Utc("2026-11-24T16:00+03:00"), ClockEventKind.Opened, "p2")];
        var open = ClockExplanation.Of(plan, events, ServiceTarget.Response, Utc("2026-11-25T12:00+03:00")).Spans.Where(static span => span.Counts && !span.IsForecast);
        Assert.Equal(["Office", "Office, hours from 2026-11-25"], open.Select(static span => span.Why));
    }

    [Theory]
    [InlineData("2026-11-24T13:00Z", null, "The resolution is late: 5h of 4h used; it was due Tue 2026-11-24 15:00 +03:00.", true)]
    [InlineData("2026-11-24T12:00Z", null, "The resolution is due Tue 2026-11-24 15:00 +03:00: 4h of 4h used.", false)]
    [InlineData("2026-11-24T13:00Z", "2026-11-24T12:00Z", "The resolution was given in time: 4h of 4h used.", false)]
    [InlineData("2026-11-24T13:00Z", "2026-11-24T12:00:01Z", "The resolution was late: 4h 1s of 4h used; it was due Tue 2026-11-24 15:00 +03:00.", true)]
    public void The_verdict_is_a_sentence(string now, string? resolved, string verdict, bool isMissed)
    {
        List<ClockEvent> events = [new(Utc("2026-11-24T08:00Z"), ClockEventKind.Opened, "p1")];
        events.AddRange(resolved is null ? [] : [new ClockEvent(Utc(resolved), ClockEventKind.Resolved)]);
        var told = ClockExplanation.Of(SamplePlan.Plan, events, ServiceTarget.Resolution, Utc(now));
        Assert.Equal((verdict, isMissed), (told.Verdict, told.IsMissed));
    }

    [Fact]
    public void A_clock_that_stands_and_one_without_a_target_say_so()
    {
        ClockEvent[] events = [new(Utc("2026-11-24T08:00Z"), ClockEventKind.Opened, "p1"), new(Utc("2026-11-24T09:00Z"), ClockEventKind.WaitingBegan, For: WaitingFor.Requester)];
        var stands = ClockExplanation.Of(SamplePlan.Plan, events, ServiceTarget.Resolution, Utc("2026-11-25T08:00Z"));
        Assert.Equal("The resolution clock stands: 1h of 4h used.", stands.Verdict);
        Assert.Equal((null, null, false), (stands.Due, stands.LocalDue, stands.IsMissed));
        var lost = SamplePlan.Plan with { ServiceLevels = SamplePlan.Plan.ServiceLevels with { Targets = [SamplePlan.Plan.ServiceLevels.Targets[1]] } };
        var gone = ClockExplanation.Of(lost, events, ServiceTarget.Response, Utc("2026-11-25T08:00Z"));
        Assert.Equal("The plan has no target for this priority, so the response is never due.", gone.Verdict);
        Assert.Equal("the plan has no target for the priority p1", Assert.Single(gone.Spans).Why);
    }

    [Fact]
    public void What_lies_between_a_solution_and_a_reopening_is_told_and_does_not_count()
    {
        ClockEvent[] events =
            [new(Utc("2026-11-24T08:00Z"), ClockEventKind.Opened, "p1"), new(Utc("2026-11-24T09:00Z"), ClockEventKind.Resolved), new(Utc("2026-11-25T09:00Z"), ClockEventKind.Reopened)];
        var told = ClockExplanation.Of(SamplePlan.Plan, events, ServiceTarget.Resolution, Utc("2026-11-25T10:00Z"));
        Assert.Equal([SpanReason.Open, SpanReason.Ended, SpanReason.Open, SpanReason.Open], told.Spans.Select(static span => span.Reason));
        Assert.Equal("resolved, until it was reopened", told.Spans[1].Why);
        Assert.Equal(Utc("2026-11-25T12:00Z"), told.Due);
    }

    private static string Line(ExplainedSpan span) => $"{span.LocalFrom} | {span.LocalTo} | {span.Reason} | {span.Why} | {span.Used} | {span.IsForecast}";
}
