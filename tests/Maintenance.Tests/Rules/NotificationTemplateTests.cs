using Maintenance.Notifications;
using Maintenance.Plan;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>The words of notifications, in each reader's language and zone.</summary>
public sealed class NotificationTemplateTests
{
    private static readonly ReaderWords English = new("Ann", Language.En, Zone("Africa/Nairobi"));
    private static readonly ReaderWords French = new("Aya", Language.Fr, Zone("Europe/Paris"));

    private static readonly TemplateValues Missed = new()
    {
        ["ticket"] = "T-1042",
        ["title"] = "Nothing prints",
        ["priority"] = "p1",
        ["target"] = "response",
        ["due"] = Utc("2026-11-23T11:30Z"),
        ["level"] = 2,
        ["action"] = "Open a call.",
    };

    public static TheoryData<string, Language> All
    {
        get
        {
            var all = new TheoryData<string, Language>();
            foreach (var id in NotificationTemplates.Ids)
            {
                all.Add(id, Language.En);
                all.Add(id, Language.Fr);
            }

            return all;
        }
    }

    [Theory]
    [InlineData("2026-11-23T11:30Z", "Africa/Nairobi", "Mon 23 Nov 2026, 14:30 EAT", "lun. 23 nov. 2026 14:30 EAT")]
    [InlineData("2026-08-01T22:05Z", "Europe/Paris", "Sun 2 Aug 2026, 00:05 CEST", "dim. 2 août 2026 00:05 CEST")]
    [InlineData("2026-10-25T00:30Z", "Europe/Paris", "Sun 25 Oct 2026, 02:30 CEST", "dim. 25 oct. 2026 02:30 CEST")]
    [InlineData("2026-10-25T01:30Z", "Europe/Paris", "Sun 25 Oct 2026, 02:30 CET", "dim. 25 oct. 2026 02:30 CET")]
    [InlineData("2026-02-28T23:15Z", "Asia/Kathmandu", "Sun 1 Mar 2026, 05:00 +0545", "dim. 1er mars 2026 05:00 +0545")]
    [InlineData("2026-12-31T23:59Z", "UTC", "Thu 31 Dec 2026, 23:59 UTC", "jeu. 31 déc. 2026 23:59 UTC")]
    public void An_instant_is_said_on_the_readers_clock_in_their_language(string at, string zone, string english, string french)
    {
        Assert.Equal(english, ReaderTime.Format(Utc(at), Zone(zone), Language.En));
        Assert.Equal(french, ReaderTime.Format(Utc(at), Zone(zone), Language.Fr));
    }

    [Fact]
    public void Everybody_reads_it_in_their_language_with_their_time()
    {
        var notification = Notification.From("T-1042/response/level-2", NotificationTemplates.Escalation, Missed, "/tickets/T-1042") with { IsUrgent = true };
        var english = NotificationTemplates.Render(SamplePlan.Plan, notification, English);
        Assert.Equal("[p1] T-1042: response target missed, level 2", english.Subject);
        Assert.Equal(
            "T-1042 (p1): Nothing prints\n\nThe response target was missed. It was due Mon 23 Nov 2026, 14:30 EAT.\nWhat is expected of level 2: Open a call.\n\n\uFFFC/tickets/T-1042",
            english.Text);
        Assert.True(english.IsUrgent);
        Assert.Equal(NotificationTemplates.Escalation, english.Category);

        var french = NotificationTemplates.Render(SamplePlan.Plan, notification, French);
        Assert.Equal("[p1] T-1042 : délai de prise en charge dépassé, niveau 2", french.Subject);
        Assert.Contains("L'échéance était lun. 23 nov. 2026 12:30 CET.", french.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_template_is_there_in_every_language_and_leaves_no_placeholder_behind(string id, Language language)
    {
        var template = NotificationTemplates.Find(SamplePlan.Plan, id, language);
        Assert.All(NotificationTemplates.PlaceholdersOf(template.Subject + template.Text), static name => Assert.Contains(name, NotificationTemplates.Placeholders));
        var full = new TemplateValues();
        foreach (var name in NotificationTemplates.Placeholders)
        {
            full[name] = "<" + name + ">";
        }

        foreach (var values in new[] { full, [] })
        {
            var written = NotificationTemplates.Render(SamplePlan.Plan, Notification.From("n", id, values, "/page"), English with { Language = language }, "one\n\ntwo");
            Assert.DoesNotMatch("[{}]", written.Subject + written.Text);
            Assert.NotEmpty(written.Subject);
            Assert.NotEmpty(written.Text);
            Assert.DoesNotContain("\n\n\n", written.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_line_whose_last_placeholder_stands_for_nothing_is_left_out()
    {
        var plan = With(new NotificationTemplate(NotificationTemplates.Warning, Language.En, "[{priority}] {ticket} ({service}): {title}", "A {ticket}\nService: {service}.\n\n\n{action}\n\nB"));
        var written = NotificationTemplates.Render(plan, Notification.From("n", NotificationTemplates.Warning, new() { ["ticket"] = "T-1", ["title"] = " Two\nlines " }, "/"), English);
        Assert.Equal("T-1 : Two lines", written.Subject);
        Assert.Equal("A T-1\n\nB", written.Text);
    }

    [Fact]
    public void The_plans_own_words_come_before_the_built_in_ones_in_their_language_only()
    {
        var plan = With(new NotificationTemplate(NotificationTemplates.Test, Language.Fr, "Essai de {system}", "Pour {name} de {organisation} : {link}"));
        var test = Notification.From("n", NotificationTemplates.Test, [], "/notifications");
        Assert.Equal(("Essai de Records", "Pour Aya de Registry : \uFFFC/notifications"), (NotificationTemplates.Render(plan, test, French).Subject, NotificationTemplates.Render(plan, test, French).Text));
        Assert.Equal("Records: a test", NotificationTemplates.Render(plan, test, English).Subject);
    }

    [Fact]
    public void What_somebody_else_wrote_names_no_page_and_fills_no_placeholder()
    {
        var values = new TemplateValues { ["ticket"] = "T-1", ["by"] = "Eve", ["title"] = "x", ["text"] = "See \uFFFC//evil.example/ and {code}" };
        var written = NotificationTemplates.Render(SamplePlan.Plan, Notification.From("n", NotificationTemplates.TicketComment, values, "/tickets/T-1"), English);
        Assert.Contains("See  //evil.example/ and {code}", written.Text, StringComparison.Ordinal);
        Assert.Equal(1, written.Text.Count(static c => c == Notification.LinkMark));
        var plain = NotificationTemplates.Render(SamplePlan.Plan, new Notification("n", "a\uFFFCb", "c\uFFFC//evil.example", "/"), English);
        Assert.Equal(("a b", "c //evil.example"), (plain.Subject, plain.Text));
    }

    [Fact]
    public void A_subject_is_cut_between_characters_and_an_unknown_template_is_refused()
    {
        var subject = NotificationTemplates.Render(SamplePlan.Plan, new Notification("n", new string('a', 198) + "😀😀", "", "/"), English).Subject;
        Assert.Equal(new string('a', 198) + "…", subject);
        Assert.Throws<ArgumentException>(() => Notification.From("n", "nonsense", [], "/"));
    }

    [Fact]
    public void An_error_is_one_line_without_any_address()
    {
        var error = new InvalidOperationException("Mailbox unavailable.\r\n550 5.1.1 <ann.o'neil@registry.example>: no (ben@registry.example), 'cat@registry.example'", new IOException("to dan+x@registry.example"));
        var said = DeliveryError.Of(error);
        Assert.DoesNotContain("@", said, StringComparison.Ordinal);
        Assert.StartsWith("Mailbox unavailable. 550 5.1.1 <", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.True(DeliveryError.Of(new IOException(new string('x', 5000))).Length <= 301);
    }

    private static OperationsPlan With(params NotificationTemplate[] templates) =>
        SamplePlan.Plan with { Notifications = SamplePlan.Plan.Notifications with { Templates = templates } };
}
