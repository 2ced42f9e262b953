using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>When a due entry becomes a breach, and who is told of it.</summary>
public sealed class BreachesTests
{
    private static readonly DateTimeOffset Created = Utc("2026-11-24T08:00Z");
    private static readonly DateTimeOffset ResponseDue = Created.AddMinutes(60);
    private static readonly DateTimeOffset ResolutionDue = Created.AddMinutes(240);

    [Theory]
    // Target, level, minutes of: the entry, the answer, the solution, now.
    [InlineData(ServiceTarget.Response, 0, 60, null, null, 59, DueVerdict.Wait)]
    [InlineData(ServiceTarget.Response, 0, 60, null, null, 60, DueVerdict.Wait)]
    [InlineData(ServiceTarget.Response, 0, 60, null, null, 61, DueVerdict.Send)]
    [InlineData(ServiceTarget.Response, 0, 60, 59, null, 61, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Response, 0, 60, 60, null, 61, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Response, 0, 60, 61, null, 62, DueVerdict.Send)]
    [InlineData(ServiceTarget.Response, 0, 60, 61, 70, 80, DueVerdict.Send)]
    [InlineData(ServiceTarget.Response, 0, 60, null, 50, 80, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Resolution, 0, 240, 10, null, 240, DueVerdict.Wait)]
    [InlineData(ServiceTarget.Resolution, 0, 240, 10, null, 241, DueVerdict.Send)]
    [InlineData(ServiceTarget.Resolution, 0, 240, 10, 240, 241, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Resolution, 0, 240, 10, 241, 300, DueVerdict.Send)]
    // The levels above chase only what is still not done.
    [InlineData(ServiceTarget.Response, 1, 120, null, null, 119, DueVerdict.Wait)]
    [InlineData(ServiceTarget.Response, 1, 120, null, null, 121, DueVerdict.Send)]
    [InlineData(ServiceTarget.Response, 1, 120, 90, null, 121, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Response, 1, 120, 125, null, 130, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Response, 1, 120, 90, null, 119, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Resolution, 2, 300, 10, 305, 310, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Resolution, 2, 300, 10, null, 301, DueVerdict.Send)]
    [InlineData(ServiceTarget.Resolution, 2, 300, 10, 299, 301, DueVerdict.Drop)]
    public void An_entry_is_judged_as_in_the_table(ServiceTarget target, int level, int at, int? responded, int? resolved, int now, DueVerdict expected) =>
        Assert.Equal(expected, Breaches.Judge(Ticket(responded, resolved), new DueEntry("T-1", target, level, Created.AddMinutes(at)), Created.AddMinutes(now)));

    [Fact]
    public void A_breach_begins_right_after_the_due_instant()
    {
        var entry = new DueEntry("T-1", ServiceTarget.Response, 0, ResponseDue);
        Assert.Equal(DueVerdict.Wait, Breaches.Judge(Ticket(null, null), entry, ResponseDue));
        Assert.Equal(DueVerdict.Send, Breaches.Judge(Ticket(null, null), entry, ResponseDue.AddTicks(1)));
        Assert.Equal(DueVerdict.Drop, Breaches.Judge(Ticket(null, null) with { RespondedAt = ResponseDue }, entry, ResponseDue.AddTicks(1)));
        Assert.Equal(DueVerdict.Send, Breaches.Judge(Ticket(null, null) with { RespondedAt = ResponseDue.AddTicks(1) }, entry, ResponseDue.AddTicks(2)));
    }

    [Fact]
    public void At_the_breach_everybody_without_a_delay_is_told_and_later_one_level_at_a_time()
    {
        Assert.Equal([1, 2], Breaches.LevelsToTell(SamplePlan.Urgent, 0));
        Assert.Equal([3], Breaches.LevelsToTell(SamplePlan.Urgent, 3));
        Assert.Equal([4], Breaches.LevelsToTell(SamplePlan.Urgent, 4));
        Assert.Empty(Breaches.LevelsToTell(SamplePlan.Ordinary, 0));
        Assert.Equal([1], Breaches.LevelsToTell(SamplePlan.Ordinary, 1));
        Assert.Empty(Breaches.LevelsToTell(new EscalationChain("none", []), 0));
    }

    [Fact]
    public void The_chain_goes_on_with_the_next_level_that_was_not_told_until_its_end()
    {
        Assert.Equal(3, Breaches.NextLevel(SamplePlan.Urgent, 0));
        Assert.Equal(4, Breaches.NextLevel(SamplePlan.Urgent, 3));
        Assert.Null(Breaches.NextLevel(SamplePlan.Urgent, 4));
        Assert.Equal(1, Breaches.NextLevel(SamplePlan.Ordinary, 0));
        Assert.Null(Breaches.NextLevel(SamplePlan.Ordinary, 1));
        Assert.Null(Breaches.NextLevel(new EscalationChain("none", []), 0));
    }

    [Fact]
    public void A_chain_shortened_by_a_new_plan_ends_quietly()
    {
        Assert.Empty(Breaches.LevelsToTell(SamplePlan.Ordinary, 4));
        Assert.Null(Breaches.NextLevel(SamplePlan.Ordinary, 4));
    }

    [Fact]
    public void From_breach_to_end_a_chain_tells_each_level_once()
    {
        foreach (var chain in new[] { SamplePlan.Urgent, SamplePlan.Ordinary, new EscalationChain("none", []) })
        {
            var told = new List<int>();
            for (int? level = 0; level is { } at; level = Breaches.NextLevel(chain, at))
            {
                told.AddRange(Breaches.LevelsToTell(chain, at));
            }

            Assert.Equal(Enumerable.Range(1, chain.Levels.Count), told);
        }
    }

    [Fact]
    public void A_message_is_named_for_what_it_is_about()
    {
        Assert.Equal("T-1042/resolution/breach", new DueEntry("T-1042", ServiceTarget.Resolution, 0, Created).MessageId);
        Assert.Equal("T-1042/resolution/level-2", new DueEntry("T-1042", ServiceTarget.Resolution, 2, Created).MessageId);
        Assert.Equal("T-1042/response/breach", new DueEntry("T-1042", ServiceTarget.Response, 0, Created.AddDays(1)).MessageId);
    }

    private static Ticket Ticket(int? responded, int? resolved) => new(
        "T-1", TicketType.Incident, resolved is not null ? TicketState.Resolved : responded is not null ? TicketState.InProgress : TicketState.New, "Title", "", null,
        "one", "now", "p2", null, Created, ResponseDue, ResolutionDue, responded is { } a ? Created.AddMinutes(a) : null, resolved is { } b ? Created.AddMinutes(b) : null,
        null, [], []);
}
