using System.Net;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using Maintenance.Plan;
using Maintenance.Plan.Document;
using Maintenance.Tests.Rules;
using NodaTime;

namespace Maintenance.Tests.Plan;

public sealed partial class PlanDocumentTests
{
    private static readonly LocalDate Today = new(2026, 11, 22);

    private static readonly PlanDocument Document = PlanDocumentWriter.Of(SamplePlan.Load(SamplePlan.Yaml).Plan!, Today);

    [Fact]
    public void The_sample_plans_document_has_every_section_and_what_stands_in_them()
    {
        Assert.Equal(
            ["system", "contacts", "teams", "calendars", "services", "backups", "recovery", "windows", "patching", "components", "lifecycle", "priorities", "service-levels", "duties", "monitoring", "support", "training", "resources", "supplies", "handover", "documents", "notifications"],
            Document.Sections.Select(static section => section.Id));
        Assert.Equal("Amina Odera | administrator, om-lead | +999 20 555 0101 | amina.odera@registry.lusanda.example | Head office, with a lunch break | operations, continuity, contracts", Row("contacts", "Contact list", "Amina Odera"));
        Assert.Equal("Civil register | critical | 4h | 1h | 1d | Samuel Wetu | Sign-in of staff, Data centre and network", Row("services", "Business impact analysis", "Civil register"));
        Assert.Equal("Mon, Tue, Wed, Thu, Fri | 22:00–05:00 (next day)", Row("calendars", "Hours: Overnight batch and maintenance window", "Mon, Tue, Wed, Thu, Fri"));
        Assert.Equal("Fri 25 Dec 2026 | Christmas Day and Boxing Day", Row("calendars", "Holidays: Head office, with a lunch break", "Fri 25 Dec 2026"));
        Assert.Contains(Document.Find("calendars")!.Blocks, static block => block is DocumentText { Text: "Closed on the same holidays as: Head office, with a lunch break." });
        Assert.StartsWith("register | Civil register | folder ", Row("backups", "Backups", "register"), StringComparison.Ordinal);
        Assert.EndsWith("| 0 */30 * * * * | hourly 48, daily 31, weekly 13, monthly 24, yearly 10, minimum 3 | 7d | dba, om-lead", Row("backups", "Backups", "register"), StringComparison.Ordinal);
        Assert.Equal("Compare the last entries with the paper forms | by hand, procedure sops/restore-the-register.md | dba | 30m | The register is readable, All districts are there | no", Row("recovery", "Steps: register", "Compare the last entries with the paper forms"));
        Assert.Equal("Approve the cut-over | approval by 1 of om-lead, system-owner | om-lead | 15m | Tell the offices to go to paper, Compare the last entries with the paper forms | no", Row("recovery", "Steps: register", "Approve the cut-over"));
        Assert.Equal("year-end | Fri 18 Dec 2026 00:00 | Mon 4 Jan 2027 06:00 | Year-end statistics, and half of the staff on leave", Row("windows", "Freezes", "year-end"));
        Assert.Equal("emergency | all | security-officer, administrator, duty-engineer | 1 | requester, implementer | one | 4h | within 5d; through the rings at once", Row("patching", "Approval rules", "emergency"));
        Assert.Equal("PostgreSQL | Civil register | 17.6 | by the records of postgresql | PostgreSQL Global Development Group | dba | Debian", Row("components", "Components", "PostgreSQL"));
        Assert.Equal("PostgreSQL | 15 → 16 → 17 | Upgrading the database server (sops/upgrade-database.md)", Row("lifecycle", "Ways from one version to another", "PostgreSQL"));
        Assert.Equal("One office | P2 – high | P3 – medium | P4 – low", Row("priorities", "Priority matrix", "One office"));
        Assert.Equal("P1 – critical | 15m | 4h | Always | 50 %, 80 % | urgent", Row("service-levels", "Targets", "P1 – critical"));
        Assert.Equal("2h before it is due | support | the levels that follow | once | Take it, or say what is missing.", Row("service-levels", "Escalation: routine", "2h before it is due"));
        Assert.Contains(" | Security audit (sops/security-audit.md) | ", Row("duties", "Duties", "Security audit"), StringComparison.Ordinal);
        Assert.Equal("Hotline | phone | +999 20 555 0110 | Registration offices, Saturday morning too", Row("support", "Support channels", "Hotline"));
    }

    [Fact]
    public void Markdown_the_page_of_one_file_and_the_document_say_the_same()
    {
        var markdown = MarkdownDocument.Write(Document);
        var html = HtmlDocument.Write(Document);
        foreach (var words in Document.Sections.SelectMany(static section => section.Blocks.SelectMany(Words).Prepend(section.Title)))
        {
            Assert.Contains(MarkdownDocument.Escape(words), markdown, StringComparison.Ordinal);
            Assert.Contains(WebUtility.HtmlEncode(words), html, StringComparison.Ordinal);
        }

        Assert.Equal(Document.Sections.Count + 1, markdown.Split('\n').Count(static line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.InRange(markdown.Length, 10_000, 100_000);
        Assert.InRange(html.Length, 10_000, 100_000);

        // Every table has as many cells in each line as columns.
        foreach (var table in Document.Sections.SelectMany(static section => section.Blocks.OfType<DocumentTable>()))
        {
            Assert.All(table.Rows, row => Assert.Equal(table.Heads.Count, row.Count));
        }
    }

    [Fact]
    public void A_document_names_no_secret_and_no_address_of_a_webhook()
    {
        var plan = SamplePlan.Load(SamplePlan.Yaml).Plan! with
        {
            Notifications = new NotificationSettings(
                new MailRelay("smtp.registry.example", 587, "plan@registry.example", true, "user", "MAIL_PASSWORD"),
                [new WebhookChannel("room", WebhookKind.Teams, new Uri("https://hooks.example/services/T0/SECRET-PATH"), null), new WebhookChannel("other", WebhookKind.Slack, null, "SLACK_HOOK")]),
        };
        var markdown = MarkdownDocument.Write(PlanDocumentWriter.Of(plan, Today));
        Assert.DoesNotContain("SECRET", markdown, StringComparison.Ordinal);
        Assert.Contains("hooks.example", markdown, StringComparison.Ordinal);
        Assert.Contains(@"in the setting SLACK\_HOOK", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_mean_something_in_Markdown_stay_words() => Law.Holds(
        Gen.Elements('a', 'B', '1', ' ', '\n', '.', ')', '-', '+', '=', ':', '\\', '`', '*', '_', '{', '}', '[', ']', '<', '>', '#', '|', '~', '!', '&', '^', '$', 'é').ListOf().Select(static letters => new string([.. letters])),
        500,
        static words =>
        {
            var escaped = MarkdownDocument.Escape(words);

            // Without its escapes it is the text, blanks made one.
            Assert.Equal(Blanks().Replace(words, " ").Trim(), Escapes().Replace(escaped, "$1"));
            Assert.DoesNotMatch(Bare(), escaped);
            Assert.DoesNotMatch(LineBegins(), escaped);
        });

    [Theory]
    [InlineData("1. First", @"1\. First")]
    [InlineData("- none", @"\- none")]
    [InlineData("a - b, 1.5", "a - b, 1.5")]
    [InlineData("<script>", @"\<script\>")]
    [InlineData("a | b", @"a \| b")]
    [InlineData("one\ntwo", "one two")]
    [InlineData("http://x.example/a_b", @"http://x.example/a\_b")]
    public void Escaping_by_example(string words, string expected) => Assert.Equal(expected, MarkdownDocument.Escape(words));

    [Fact]
    public void The_smallest_plan_has_a_document_too()
    {
        var load = PlanFile.Load(SmallPlan.File, SmallPlan.Yaml, SamplePlan.Folder);
        Assert.NotNull(load.Plan);
        var document = PlanDocumentWriter.Of(load.Plan with { Backups = [], Teams = [] }, Today);
        Assert.All(document.Sections, static section => Assert.NotEmpty(section.Blocks));
        Assert.Contains("The plan has no backups.", MarkdownDocument.Write(document), StringComparison.Ordinal);
    }

    private static string Row(string section, string table, string first) =>
        string.Join(" | ", Document.Find(section)!.Blocks.OfType<DocumentTable>().Single(one => one.Name == table).Rows.First(row => row[0] == first));

    private static IEnumerable<string> Words(DocumentBlock block) => block switch
    {
        DocumentHeading heading => [heading.Text],
        DocumentText text => [text.Text],
        DocumentFacts facts => facts.Items.SelectMany(static fact => new[] { fact.Name, fact.Value }),
        DocumentTable table => table.Rows.Prepend(table.Heads).SelectMany(static row => row),
        _ => throw new InvalidOperationException(block.ToString()),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escapes();

    /// <summary>A mark that is not escaped.</summary>
    [GeneratedRegex(@"(?<!\\)(?:\\\\)*[`*_{}\[\]<>#|~!&^$]")]
    private static partial Regex Bare();

    [GeneratedRegex(@"^(?:[-+=:]|\d+[.)])")]
    private static partial Regex LineBegins();
}
