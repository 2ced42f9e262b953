using FsCheck;
using FsCheck.Fluent;
using Maintenance.ServiceLevels;
using Maintenance.Tests.Rules.Oracles;

namespace Maintenance.Tests.Rules;

/// <summary>The clocks of tickets against a walk over every minute, to the second: plans, zones, holidays, pauses, revisions, priorities and reopenings by chance.</summary>
public sealed class ServiceLevelClockWalkTests
{
    /// <summary>As often as a level is told again at most.</summary>
    private const int MostRepeats = 50;

    private static readonly Gen<TicketClockCase> Cases = Gen.Choose(0, int.MaxValue - 1).Select(static seed => new TicketClockCase(seed));

    [Fact]
    public void Every_mark_and_due_instant_of_both_clocks_is_where_the_walk_finds_it_to_the_second() => Law.Holds(Cases, 1200, static given =>
    {
        foreach (var target in Enum.GetValues<ServiceTarget>())
        {
            var walk = given.Walk(target);
            var reading = ServiceLevelClock.Read(given.Plan, given.Events, target);
            Assert.Equal(walk.Allowed, reading.Allowed);
            Assert.Equal(walk.Last.Ended is { } ended ? DateTimeOffset.FromUnixTimeSeconds(ended) : null, reading.ReachedAt);
            Assert.Equal(walk.Last.Ended is not null ? ClockState.Ended : walk.Stands ? ClockState.Waiting : ClockState.Running, reading.State);
            if (walk.Allowed is { } allowed)
            {
                Same(given, walk, "due", walk.When(allowed), reading.Due);
            }
            else
            {
                Assert.Null(reading.Due);
            }

            Marks(given, walk, reading);
        }
    });

    [Fact]
    public void At_any_instant_so_much_is_used_as_the_walk_has_counted() => Law.Holds(Cases, 200, static given =>
    {
        foreach (var target in Enum.GetValues<ServiceTarget>())
        {
            var walk = given.Walk(target);
            var reading = ServiceLevelClock.Read(given.Plan, given.Events, target);
            foreach (var at in given.Looked)
            {
                Assert.Equal(walk.UsedAt(at), ServiceLevelClock.Used(given.Plan, reading, at));
            }
        }
    });

    [Fact]
    public void The_spans_of_an_explanation_follow_each_other_from_the_opening_and_those_that_count_add_up_to_what_is_used() => Law.Holds(Cases, 200, static given =>
    {
        foreach (var target in Enum.GetValues<ServiceTarget>())
        {
            var walk = given.Walk(target);
            var now = given.Now;
            var told = ClockExplanation.Of(given.Plan, given.Events, target, now);
            var spans = told.Spans;
            var at = given.Events[0].At;
            var used = TimeSpan.Zero;
            foreach (var span in spans)
            {
                Assert.Equal(at, span.From);
                Assert.True(span.To > span.From);
                Assert.Equal(span.Counts, span.Reason == SpanReason.Open);
                Assert.Equal(span.From >= now, span.IsForecast);
                used += span.Counts ? span.To - span.From : TimeSpan.Zero;
                Assert.Equal(used, span.Used);
                at = span.To;
            }

            Assert.Equal(walk.UsedAt(told.ReachedAt < now ? told.ReachedAt.Value : now), told.Used);
            Assert.Equal(told.Used, spans.LastOrDefault(static span => !span.IsForecast)?.Used ?? TimeSpan.Zero);

            // To the end, or to now, or on to the due instant where that is to come and the clock runs.
            var end = told.ReachedAt ?? (!walk.Stands && told.Due > now ? told.Due.Value : now);
            Assert.Equal(end, spans.Count == 0 ? given.Events[0].At : spans[^1].To);
            if (told.ReachedAt is null && !walk.Stands && told.Due > now)
            {
                Assert.Equal(told.Allowed, used);
            }
        }
    });

    private static void Marks(TicketClockCase given, TicketClockWalk walk, ClockReading reading)
    {
        var expected = walk.Marks(MostRepeats).ToDictionary(static mark => mark.Key, static mark => mark.Threshold);
        if (reading.ReachedAt is { } reached)
        {
            // That it was late is kept; nothing else can happen any more.
            Assert.Equal(walk.Allowed is { } allowed && walk.When(allowed) < reached ? ["breach"] : [], reading.Marks.Select(static mark => mark.Key));
        }
        else
        {
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), reading.Marks.Select(static mark => mark.Key).Order(StringComparer.Ordinal));
        }

        foreach (var mark in reading.Marks)
        {
            Assert.Equal(expected[mark.Key], mark.Threshold);
            Same(given, walk, mark.Key, walk.When(mark.Threshold), mark.At);
        }

        Assert.Equal(reading.Marks.OrderBy(static mark => mark.At ?? DateTimeOffset.MaxValue).Select(static mark => mark.At), reading.Marks.Select(static mark => mark.At));
    }

    private static void Same(TicketClockCase given, TicketClockWalk walk, string what, DateTimeOffset? expected, DateTimeOffset? actual)
    {
        if (expected is null && (walk.Stands && walk.Last.Ended is null))
        {
            Assert.True(actual is null, $"{what}: the clock stands, so nobody can say {actual:u}");
        }
        else if (expected is null)
        {
            Assert.True(actual > given.Hours.End, $"{what}: {actual:u} is not past {given.Hours.End:u}");
        }
        else
        {
            Assert.True(expected == actual, $"{what}: walked to {expected:O}, read {actual:O}");
        }
    }
}
