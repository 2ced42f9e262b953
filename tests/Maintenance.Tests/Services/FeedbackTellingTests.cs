using Maintenance.Feedback;
using Maintenance.Plan;
using Maintenance.Tickets;
using static Maintenance.Tests.Services.FeedbackGroupingTests;

namespace Maintenance.Tests.Services;

/// <summary>What those who sent feedback are told, and what they may do.</summary>
public sealed class FeedbackTellingTests
{
    private static readonly TicketActor Ben = new("ben", true);

    [Fact]
    public async Task Everybody_who_said_it_is_told_of_answers_and_of_each_solution_and_asked_once_how_content_they_are()
    {
        await using var office = await Office.OpenAsync();
        await HandleAsync(office, "F-1", "a@home.example");
        await HandleAsync(office, "F-2", "b@home.example");
        await HandleAsync(office, "F-3", "+999 20 555 0110");
        await HandleAsync(office, "F-4", null);
        await ActAsync(office, new TicketAct.Respond("We look at it."));
        await ActAsync(office, new TicketAct.Comment("The cable again.", IsPublic: false));
        await ActAsync(office, new TicketAct.Resolve("New cable."));
        await ActAsync(office, new TicketAct.Reopen("Still slow."));
        await ActAsync(office, new TicketAct.Resolve("Newer cable."));
        var mails = office.Feedback.Mail.Sent;
        Assert.Equal(["a@home.example", "b@home.example"], mails.Select(static mail => mail.Address).Distinct());
        Assert.Equal(
            [
                (ReporterMailKind.FeedbackReceived, null), (ReporterMailKind.RatingRequest, null), (ReporterMailKind.TicketComment, "We look at it."),
                (ReporterMailKind.TicketResolved, "New cable."), (ReporterMailKind.TicketResolved, "Newer cable."),
            ],
            mails.Where(static mail => mail.Address == "a@home.example").Select(static mail => (mail.Kind, mail.Values.GetValueOrDefault("text"))).OrderBy(static mail => mail.Kind.ToString(), StringComparer.Ordinal).ThenBy(static mail => mail.Item2, StringComparer.Ordinal));
        Assert.All(mails, mail =>
        {
            var reference = mail.Values["reference"];
            Assert.StartsWith($"feedback/{reference}/", mail.Id, StringComparison.Ordinal);
            Assert.True(office.Feedback.Codes.IsValid(reference, mail.Values["code"]));
            Assert.DoesNotContain(mail.Values["code"], mail.Path, StringComparison.Ordinal);
            Assert.Contains(mail.Values["code"], mail.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("It is slow", mail.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Mail_is_in_the_language_of_who_sent_it_where_the_system_speaks_it()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan.Replace("timeZone: UTC", "timeZone: UTC, languages: [en, fr]", StringComparison.Ordinal));
        foreach (var (reference, language) in new[] { ("F-1", Language.Fr), ("F-2", Language.En) })
        {
            var submission = new FeedbackSubmission("stopped", "C'est lent", null, null, "a@home.example") { Language = language };
            await office.Feedback.Handler.HandleAsync(new(Messaging.Queues.Feedback, reference, MaintenanceJson.Write(new FeedbackMessage(reference, office.Clock.Now, submission)), 1), default);
        }

        Assert.Equal(
            [(Language.Fr, "Office : nous avons reçu votre message", "/feedback/track?lang=fr"), (Language.En, "Office: we have your message", "/feedback/track?lang=en")],
            office.Feedback.Mail.Sent.Select(static mail => (mail.Language, mail.Subject.Replace('\u00a0', ' '), mail.Path)));
    }

    [Fact]
    public async Task Told_three_times_and_in_any_order_everybody_gets_each_mail_once()
    {
        await using var office = await Office.OpenAsync();
        await HandleAsync(office, "F-1", "a@home.example");
        foreach (var act in new TicketAct[] { new TicketAct.Respond("We look at it."), new TicketAct.Resolve("Done."), new TicketAct.Reopen("No."), new TicketAct.Resolve("Done now."), new TicketAct.Close() })
        {
            _ = await office.Tickets.ActAsync("T-1001", act, Ben, null, null, default);
        }

        var ticket = (await office.Tickets.ReadAsync("T-1001", default))!.Value;
        var events = Enumerable.Repeat(ticket.History!, 3).SelectMany(static history => history).ToArray();
        new Random(4711).Shuffle(events);
        foreach (var entry in events)
        {
            await office.Feedback.Follower.HearAsync(ticket, entry, default);
        }

        // The first solution was taken back before anybody was told of it.
        Assert.Equal(["event-2", "rating", "received", "resolved-5"], office.Feedback.Mail.Sent.Select(static mail => mail.Id.Split('/')[2]));
    }

    [Fact]
    public async Task A_form_does_not_serve_to_fill_somebodys_mailbox()
    {
        await using var office = await Office.OpenAsync();
        for (var i = 0; i < 30; i++)
        {
            office.Clock.Advance(TimeSpan.FromSeconds(1));
            await office.Feedback.Handler.HandleAsync(Message(office, $"F-{i:00}", $"Text {i}", contact: "victim@home.example"), default);
        }

        Assert.Equal(ReporterTeller.MostAcknowledged, office.Feedback.Mail.Sent.Count);
    }

    [Fact]
    public async Task A_sender_adds_something_and_a_ticket_that_waits_for_them_goes_on()
    {
        await using var office = await Office.OpenAsync();
        await HandleAsync(office, "F-1", null);
        var (reference, code) = Access(office, "F-1");
        await ActAsync(office, new TicketAct.Wait(WaitingFor.Requester, "Which printer?"));
        Assert.True((await office.Feedback.Service.TrackAsync(reference, code, default))!.WaitsForSender);
        await office.Feedback.Service.CommentAsync(reference, "The\0 one upstairs", "once", default);
        await office.Feedback.Service.CommentAsync(reference, "The\0 one upstairs", "once", default);
        var ticket = (await office.Tickets.ReadAsync("T-1001", default))!.Value;
        Assert.NotEqual(TicketState.Waiting, ticket.State);
        Assert.Equal("The one upstairs", Assert.Single(ticket.History!, static entry => entry.Said is not null).Said);
        var progress = (await office.Feedback.Service.TrackAsync(reference, code, default))!;
        Assert.Equal([("The one upstairs", true)], progress.Answers.Select(static answer => (answer.Text, answer.IsOwn)));
        Assert.False(progress.WaitsForSender);
    }

    [Fact]
    public async Task A_sender_sees_nothing_of_what_others_have_added()
    {
        await using var office = await Office.OpenAsync();
        await HandleAsync(office, "F-1", null);
        await HandleAsync(office, "F-2", null);
        await office.Feedback.Service.CommentAsync(Access(office, "F-1").Reference, "My name is Kim.", null, default);
        await ActAsync(office, new TicketAct.Respond("We look at it."));
        Assert.Equal(["We look at it."], (await Track("F-2")).Answers.Select(static answer => answer.Text));
        Assert.Equal(["My name is Kim.", "We look at it."], (await Track("F-1")).Answers.Select(static answer => answer.Text));
        Assert.Equal(2, (await Track("F-2")).Reports);

        async Task<FeedbackProgress> Track(string name)
        {
            var (reference, code) = Access(office, name);
            return (await office.Feedback.Service.TrackAsync(reference, code, default))!;
        }
    }

    [Fact]
    public async Task It_is_reopened_by_its_sender_until_it_is_closed()
    {
        await using var office = await Office.OpenAsync();
        await HandleAsync(office, "F-1", null);
        var (reference, code) = Access(office, "F-1");
        await ActAsync(office, new TicketAct.Resolve("Done."));
        await office.Feedback.Service.ReopenAsync(reference, "It is not.", "k", default);
        await office.Feedback.Service.ReopenAsync(reference, "It is not.", "k", default);
        var ticket = (await office.Tickets.ReadAsync("T-1001", default))!.Value;
        Assert.True(ticket.IsOpen);
        Assert.Equal(("requester", "It is not."), ticket.History!.Where(static entry => entry.Kind == TicketEventKind.Reopened).Select(static entry => (entry.By, entry.Said!)).Single());
        await ActAsync(office, new TicketAct.Resolve("Done now."));
        await ActAsync(office, new TicketAct.Close());
        Assert.Equal(FeedbackRefusal.Closed, (await Assert.ThrowsAsync<FeedbackRefusedException>(() => office.Feedback.Service.ReopenAsync(reference, "No.", null, default))).Refusal);
        Assert.Equal(FeedbackRefusal.Closed, (await Assert.ThrowsAsync<FeedbackRefusedException>(() => office.Feedback.Service.CommentAsync(reference, "No.", null, default))).Refusal);
        var progress = (await office.Feedback.Service.TrackAsync(reference, code, default))!;
        Assert.Equal((false, false, true), (progress.MayComment, progress.MayReopen, progress.MayRate));
    }

    [Fact]
    public async Task The_last_rating_of_a_sender_counts_until_the_ticket_is_closed()
    {
        await using var office = await Office.OpenAsync();
        await HandleAsync(office, "F-1", null);
        await HandleAsync(office, "F-2", null);
        var (one, other) = (Access(office, "F-1").Reference, Access(office, "F-2").Reference);
        Assert.Equal(FeedbackRefusal.NotResolved, (await Assert.ThrowsAsync<FeedbackRefusedException>(() => office.Feedback.Service.RateAsync(one, 5, default))).Refusal);
        await ActAsync(office, new TicketAct.Resolve("Done."));
        await office.Feedback.Service.RateAsync(one, 1, default);
        await office.Feedback.Service.RateAsync(one, 4, default);
        await ActAsync(office, new TicketAct.Close());
        await Assert.ThrowsAsync<FeedbackRefusedException>(() => office.Feedback.Service.RateAsync(one, 5, default));
        await office.Feedback.Service.RateAsync(one, 4, default);

        // Whoever reads their mail late has still to say it for the first time: in the month of then.
        office.Clock.Advance(TimeSpan.FromDays(10));
        await office.Feedback.Service.RateAsync(other, 2, default);
        var report = await office.Feedback.Reports.ReportAsync(new(2026, 11), new(2026, 12), null, default);
        Assert.Equal((2, 1), (report.Csat.Ratings, report.Csat.Satisfied));
        Assert.Equal([("2026-11", 1, 1), ("2026-12", 1, 0)], report.Months.Select(static month => (month.Month, month.Csat.Ratings, month.Csat.Satisfied)));
    }

    [Fact]
    public async Task Everybody_whose_feedback_led_to_a_change_is_told_once_when_it_is_made_also_around_a_circle()
    {
        await using var office = await Office.OpenAsync();
        await office.Feedback.Handler.HandleAsync(Message(office, "F-1", "One", contact: "a@home.example"), default);
        await office.Feedback.Handler.HandleAsync(Message(office, "F-2", "Two", contact: "b@home.example"), default);
        await office.Feedback.Handler.HandleAsync(Message(office, "F-3", "Three", contact: "c@home.example"), default);
        var problem = await OpenAsync(office, TicketType.Problem);
        var change = await OpenAsync(office, TicketType.ChangeRequest);
        foreach (var (from, kind, to) in new[]
        {
            ("T-1001", TicketLinkKind.CausedBy, problem), ("T-1002", TicketLinkKind.DuplicateOf, "T-1001"), (problem, TicketLinkKind.BlockedBy, change), (change, TicketLinkKind.CausedBy, "T-1002"),
            ("T-1003", TicketLinkKind.CausedBy, problem),
        })
        {
            _ = await office.Tickets.ActAsync(from, new TicketAct.Link(kind, to), Ben, null, null, default);
        }

        _ = await office.Tickets.ActAsync("T-1003", new TicketAct.Unlink(TicketLinkKind.CausedBy, problem), Ben, null, null, default);
        _ = await office.DeliverAsync(office.Feedback.Events);
        _ = await office.Tickets.ActAsync(change, new TicketAct.Resolve("There is a way around.", TicketResolution.Workaround), Ben, null, null, default);
        _ = await office.DeliverAsync(office.Feedback.Events);
        Assert.DoesNotContain(office.Feedback.Mail.Sent, static mail => mail.Kind == ReporterMailKind.Improvement);
        for (var time = 0; time < 2; time++)
        {
            _ = await office.Tickets.ActAsync(change, new TicketAct.Reopen("Now for good."), Ben, null, null, default);
            _ = await office.Tickets.ActAsync(change, new TicketAct.Resolve("Changed."), Ben, null, null, default);
            _ = await office.DeliverAsync(office.Feedback.Events);
        }

        Assert.Equal(["a@home.example", "b@home.example"], office.Feedback.Mail.Sent.Where(static mail => mail.Kind == ReporterMailKind.Improvement).Select(static mail => mail.Address));
        var (reference, code) = Access(office, "F-2");
        Assert.Single((await office.Feedback.Service.TrackAsync(reference, code, default))!.Improvements);
    }

    [Fact]
    public async Task Who_is_found_to_have_asked_for_a_change_after_it_was_made_is_told_too()
    {
        await using var office = await Office.OpenAsync();
        await office.Feedback.Handler.HandleAsync(Message(office, "F-1", "One", contact: "a@home.example"), default);
        var problem = await OpenAsync(office, TicketType.Problem);
        _ = await office.Tickets.ActAsync("T-1001", new TicketAct.Link(TicketLinkKind.CausedBy, problem), Ben, null, null, default);
        _ = await office.Tickets.ActAsync(problem, new TicketAct.Resolve("Changed."), Ben, null, null, default);
        var (one, other) = ((await office.Tickets.ReadAsync("T-1001", default))!.Value, (await office.Tickets.ReadAsync(problem, default))!.Value);

        // The solution is heard of before the link.
        await office.Feedback.Follower.HearAsync(other, other.History![^1], default);
        Assert.DoesNotContain(office.Feedback.Mail.Sent, static mail => mail.Kind == ReporterMailKind.Improvement);
        await office.Feedback.Follower.HearAsync(one, one.History![^1], default);
        Assert.Contains(office.Feedback.Mail.Sent, mail => mail.Id == $"feedback/F-1/improved-{problem}");
    }

    [Fact]
    public async Task A_made_up_receipt_looks_like_a_real_one_and_leads_nowhere()
    {
        await using var office = await Office.OpenAsync();
        var pretended = office.Feedback.Service.Pretend();
        var progress = (await office.Feedback.Service.TrackAsync(pretended.Reference, pretended.TrackingCode, default))!;
        var real = await office.Feedback.Service.ReceiveAsync(new FeedbackSubmission("idea", "x"), null, default);
        Assert.Equal(
            MaintenanceJson.Write((await office.Feedback.Service.TrackAsync(real.Reference, real.TrackingCode, default))! with { Reference = "" }), MaintenanceJson.Write(progress with { Reference = "" }));
        Assert.Equal(1, await office.DeliverAsync(office.Feedback.Handler));
        Assert.Equal(FeedbackRefusal.TooEarly, (await Assert.ThrowsAsync<FeedbackRefusedException>(() => office.Feedback.Service.CommentAsync(pretended.Reference, "x", null, default))).Refusal);
    }

    /// <summary>Handled under a real reference's name, so that its code opens it.</summary>
    private static Task HandleAsync(Office office, string name, string? contact) => office.Feedback.Handler.HandleAsync(Message(office, Access(office, name).Reference, "It is slow", contact: contact), default);

    private static (string Reference, string Code) Access(Office office, string name)
    {
        var reference = name.Length > 5 ? name : TrackingCodes.CleanReference(name);
        return (reference, office.Feedback.Codes.CodeOf(reference));
    }

    private static async Task ActAsync(Office office, TicketAct act)
    {
        _ = await office.Tickets.ActAsync("T-1001", act, Ben, null, null, default);
        _ = await office.DeliverAsync(office.Feedback.Events);
    }

    private static async Task<string> OpenAsync(Office office, TicketType type) =>
        (await office.Tickets.OpenAsync(type.ToString(), new NewTicket(type, "Cause", "Cause", null, "all", "later", "ben", null, office.Clock.Now), default)).Id;
}
