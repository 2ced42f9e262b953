using Maintenance.Feedback;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What a submission must be, and what becomes of it.</summary>
public sealed class FeedbackRulesTests
{
    private static readonly FeedbackSubmission Good = new("problem", "The page is blank.", "records", "Kim", "kim@example.org");

    [Fact]
    public void A_good_submission_has_no_faults()
    {
        Assert.Empty(FeedbackRules.Check(SamplePlan.Plan, Good));
        Assert.Empty(FeedbackRules.Check(SamplePlan.Plan, new("idea", "x")));
        Assert.Empty(FeedbackRules.Check(SamplePlan.Plan, Good with { Message = new string('x', 4000), Name = new string('x', 200), Contact = new string('x', 200) }));
        Assert.Empty(FeedbackRules.Check(SamplePlan.Plan, Good with { Message = "Two\nlines\r\nand a\ttab" }));
    }

    [Theory]
    [InlineData("kind", "", "m", null, null, null)]
    [InlineData("kind", "praise", "m", null, null, null)]
    [InlineData("kind", "Problem", "m", null, null, null)]
    [InlineData("message", "problem", "", null, null, null)]
    [InlineData("message", "problem", " \n\t ", null, null, null)]
    [InlineData("service", "problem", "m", "payroll", null, null)]
    public void A_fault_is_told_by_its_field(string field, string kind, string message, string? service, string? name, string? contact)
    {
        var faults = FeedbackRules.Check(SamplePlan.Plan, new(kind, message, service, name, contact));
        Assert.Equal(field, Assert.Single(faults).Key, ignoreCase: true);
        Assert.All(faults.Values.SelectMany(static words => words), static words => Assert.NotEmpty(words));
    }

    [Fact]
    public void Lengths_are_limited()
    {
        Assert.Equal("message", Assert.Single(FeedbackRules.Check(SamplePlan.Plan, Good with { Message = new string('x', 4001) })).Key, ignoreCase: true);
        Assert.Equal("name", Assert.Single(FeedbackRules.Check(SamplePlan.Plan, Good with { Name = new string('x', 201) })).Key, ignoreCase: true);
        Assert.Equal("contact", Assert.Single(FeedbackRules.Check(SamplePlan.Plan, Good with { Contact = new string('x', 201) })).Key, ignoreCase: true);
    }

    [Fact]
    public void All_faults_are_told_at_once() =>
        Assert.Equal(5, FeedbackRules.Check(SamplePlan.Plan, new("praise", "", "payroll", new string('x', 201), new string('x', 201))).Count);

    [Fact]
    public void A_submission_becomes_the_ticket_of_its_kind()
    {
        var ticket = FeedbackRules.ToTicket(SamplePlan.Plan, new("F-1", Utc("2026-11-20T13:30Z"), Good));
        Assert.Equal((TicketType.Incident, "one", "now", "records"), (ticket.Type, ticket.Impact, ticket.Urgency, ticket.Service));
        Assert.Equal(("The page is blank.", "F-1", Utc("2026-11-20T13:30Z")), (ticket.Title, ticket.FeedbackReference, ticket.CreatedAt));
        Assert.Contains("The page is blank.", ticket.Description, StringComparison.Ordinal);
        Assert.Contains("Kim", ticket.Requester, StringComparison.Ordinal);
        Assert.Contains("kim@example.org", ticket.Requester, StringComparison.Ordinal);

        var idea = FeedbackRules.ToTicket(SamplePlan.Plan, new("F-2", Utc("2026-11-20T13:30Z"), new("idea", "Dark mode")));
        Assert.Equal((TicketType.FeatureRequest, "one", "later"), (idea.Type, idea.Impact, idea.Urgency));
        Assert.True(string.IsNullOrEmpty(idea.Requester));
    }

    [Fact]
    public void A_kind_that_the_plan_has_lost_counts_as_the_first_and_support_sees_what_was_chosen()
    {
        var ticket = FeedbackRules.ToTicket(SamplePlan.Plan, new("F-1", Utc("2026-11-20T13:30Z"), Good with { Kind = "praise" }));
        Assert.Equal(TicketType.Incident, ticket.Type);
        Assert.Contains("praise", ticket.Description, StringComparison.Ordinal);
        Assert.Contains("The page is blank.", ticket.Description, StringComparison.Ordinal);
        Assert.Equal("p2", TicketRules.Open(SamplePlan.Plan, "T-1", ticket).Ticket.Priority);
    }

    [Theory]
    [InlineData("Short", "Short")]
    [InlineData("First\nSecond", "First")]
    [InlineData("First\r\nSecond", "First")]
    [InlineData("  First  \nSecond", "First")]
    [InlineData("\n\n  \nFirst\nSecond", "First")]
    public void A_title_is_the_first_line(string message, string title) => Assert.Equal(title, FeedbackRules.Title(message));

    [Fact]
    public void A_title_of_eighty_characters_stays_whole()
    {
        var line = string.Join(' ', Enumerable.Repeat("seven77", 10));
        Assert.Equal(79, line.Length);
        Assert.Equal(line + "8", FeedbackRules.Title(line + "8"));
    }

    [Fact]
    public void A_longer_title_is_cut_at_a_word()
    {
        var title = FeedbackRules.Title(string.Join(' ', Enumerable.Repeat("seven77", 30)));
        Assert.InRange(title.Length, 60, 84);
        Assert.Matches("^(seven77 )*seven77( ?(…|\\.\\.\\.))?$", title);
    }

    [Fact]
    public void A_title_without_a_space_is_cut_all_the_same_and_no_character_in_half()
    {
        Assert.InRange(FeedbackRules.Title(new string('x', 300)).Length, 60, 84);
        foreach (var before in new[] { "", "x", "xx" })
        {
            var title = FeedbackRules.Title(before + string.Concat(Enumerable.Repeat("😀", 100)));
            Assert.InRange(title.Length, 60, 84);
            Assert.Equal(title, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(title)));
        }
    }

    [Fact]
    public void The_sender_sees_answers_and_the_solution_and_nothing_internal()
    {
        var link = new FeedbackReport("F-1", Utc("2026-11-20T13:30Z"), "T-1");
        var bob = new TicketActor("bob", true);
        var opened = With(TicketRules.Open(SamplePlan.Plan, "T-1", FeedbackRules.ToTicket(SamplePlan.Plan, new("F-1", link.ReceivedAt, Good))));
        var answered = With(TicketRules.Apply(SamplePlan.Plan, opened, new TicketAct.Respond("Looking at it"), bob, link.ReceivedAt.AddMinutes(5)), opened);
        var noted = With(TicketRules.Apply(SamplePlan.Plan, answered, new TicketAct.Comment("The printer again."), bob, link.ReceivedAt.AddMinutes(6)), answered);
        var due = answered.ResolutionDue!.Value;
        var escalated = With(TicketRules.Fire(noted, ServiceTarget.Resolution, new ClockMark("level-1", ClockMarkKind.Level, 1, default, due), "Escalated.", due.AddMinutes(1)), noted);
        var solved = With(TicketRules.Apply(SamplePlan.Plan, escalated, new TicketAct.Resolve("Mended"), bob, due.AddMinutes(9)), escalated);

        Assert.Empty(FeedbackRules.Progress(link, opened).Answers);
        Assert.Equal(FeedbackState.InProgress, FeedbackRules.Progress(link, opened).State);
        Assert.Equal([new(link.ReceivedAt.AddMinutes(5), "Looking at it")], FeedbackRules.Progress(link, escalated).Answers);
        Assert.Equal(FeedbackState.InProgress, FeedbackRules.Progress(link, escalated).State);
        var progress = FeedbackRules.Progress(link, solved);
        Assert.Equal(("F-1", link.ReceivedAt, FeedbackState.Resolved, "T-1"), (progress.Reference, progress.ReceivedAt, progress.State, progress.Ticket));
        Assert.Equal(["Looking at it", "Mended"], progress.Answers.Select(static answer => answer.Text));
    }

    private static Ticket With(TicketChange change, Ticket? before = null) => change.Ticket with { History = [.. before?.History ?? [], .. change.Events] };
}
