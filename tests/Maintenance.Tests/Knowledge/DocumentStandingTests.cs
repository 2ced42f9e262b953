using Maintenance.Knowledge;
using Maintenance.Plan;

namespace Maintenance.Tests.Knowledge;

/// <summary>How documents stand: who has acknowledged what, what is to be reviewed, and what nobody keeps up.</summary>
public sealed class DocumentStandingTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero);

    // kim, lee and max have the role approver.
    private static readonly OperationsPlan Plan = PlanFile.Load("plan.yaml", new EndToEnd.QuickPlan().Yaml, "/nowhere").Plan!;

    [Fact]
    public void An_acknowledgement_is_of_a_version()
    {
        var (first, second) = (Documents.Sop("One."), Documents.Sop("Two."));
        var record = Seen(null, first, 0).With(Ack("kim", first));
        Assert.Equal(["lee", "max"], Missing(first, record));
        Assert.Equal(["kim", "lee", "max"], Missing(second, Seen(record, second, 1)));
        Assert.Equal(["lee", "max"], Missing(second, Seen(record, second, 1).With(Ack("kim", second))));
    }

    [Fact]
    public void An_editorial_change_asks_nobody_again_and_the_next_real_one_does()
    {
        var first = Documents.Sop("One.");
        var typo = Documents.Sop("One!", KnowledgeDocument.VersionOf("Restart", "One!")[..12]);
        var again = Documents.Sop("One?", KnowledgeDocument.VersionOf("Restart", "One?")[..8]);
        var real = Documents.Sop("Two.", typo.Editorial);
        var record = Seen(null, first, 0).With(Ack("kim", first)).Asking(Plan, first, Start);
        record = Seen(record, typo, 3);
        Assert.Equal(["lee", "max"], Missing(typo, record));
        record = Seen(record, again, 4);
        Assert.Equal(["lee", "max"], Missing(again, record));

        // The time runs from the version that had to be read.
        Assert.Equal(Start.AddDays(10), DocumentStanding.Of(Plan, again, record, Start).AcknowledgeBy);
        record = Seen(record, real, 5);
        Assert.Equal(["kim", "lee", "max"], Missing(real, record));
        Assert.Null(DocumentStanding.Of(Plan, real, record, Start).AcknowledgeBy);
        record = record.Asking(Plan, real, Start.AddDays(5));
        Assert.Equal(Start.AddDays(15), DocumentStanding.Of(Plan, real, record, Start).AcknowledgeBy);
    }

    [Fact]
    public void A_version_that_comes_back_was_acknowledged_already()
    {
        var (first, second) = (Documents.Sop("One."), Documents.Sop("Two."));
        var record = Seen(Seen(Seen(null, first, 0).With(Ack("kim", first)), second, 1), first, 2);
        Assert.Equal([first.Version, second.Version, first.Version], record.Versions.Select(static one => one.Version));
        Assert.Equal(["lee", "max"], Missing(first, record));
    }

    [Fact]
    public void That_a_version_is_editorial_may_be_said_after_it_was_seen()
    {
        var (first, plain) = (Documents.Sop("One."), Documents.Sop("One!"));
        var record = Seen(Seen(null, first, 0).With(Ack("kim", first)), plain, 1);
        var marked = Documents.Sop("One!", plain.Version[..8]);
        Assert.Equal(["lee", "max"], Missing(marked, Seen(record, marked, 2)));
        Assert.Equal(2, Seen(record, marked, 2).Versions.Count);
    }

    [Theory]
    [InlineData(9.99, false)]
    [InlineData(10, true)]
    [InlineData(400, true)]
    public void It_is_late_once_the_time_is_over(double days, bool isLate)
    {
        var sop = Documents.Sop();
        Assert.Equal(isLate, DocumentStanding.Of(Plan, sop, Seen(null, sop, 0).Asking(Plan, sop, Start), Start.AddDays(days)).IsLate);
        Assert.False(DocumentStanding.Of(Plan, sop, Seen(null, sop, 0), Start.AddDays(days)).IsLate);
        var all = Seen(null, sop, 0).Asking(Plan, sop, Start).With(Ack("kim", sop)).With(Ack("lee", sop)).With(Ack("max", sop));
        Assert.False(DocumentStanding.Of(Plan, sop, all, Start.AddDays(days)).IsLate);
    }

    [Fact]
    public void Nobody_is_late_before_the_system_has_seen_it()
    {
        var standing = DocumentStanding.Of(Plan, Documents.Sop(), null, Start.AddYears(1));
        Assert.Equal((null, false, 3), (standing.AcknowledgeBy, standing.IsLate, standing.Missing.Count));
    }

    [Theory]
    [InlineData("everyone", "ada sam kim lee max zoe")]
    [InlineData("approver", "kim lee max")]
    [InlineData("kim", "kim")]
    [InlineData("public", "")]
    [InlineData("gone", "")]
    public void Audiences_are_roles_people_everyone_and_the_public(string audience, string people)
    {
        var document = Documents.Sop(audience: audience);
        Assert.Equal(people.Split(' ', StringSplitOptions.RemoveEmptyEntries), DocumentAudience.People(Plan, document).Select(static person => person.Id));
    }

    [Theory]
    [InlineData("2026-11-01", null, "2026-12-01")]
    [InlineData("2026-11-01", "2026-11-20", "2026-12-20")]
    [InlineData("2026-11-21", "2026-11-20", "2026-12-21")]
    [InlineData(null, "2026-11-20", "2026-12-20")]
    [InlineData(null, null, "2026-12-01")]
    public void The_later_of_the_file_and_the_last_confirmation_counts(string? written, string? confirmed, string due)
    {
        var sop = Documents.Sop() with { Review = new ReviewPeriod(0, 30), Reviewed = written is null ? null : Date(written) };
        var record = Seen(null, sop, 0);
        if (confirmed is not null)
        {
            var at = DateTimeOffset.Parse(confirmed + "T12:00:00Z", null);
            record = record with { Reviews = [new(sop.Version, "ada", at.AddDays(-5), ReviewOutcome.ChangeNeeded, "Wrong."), new(sop.Version, "ada", at, ReviewOutcome.Confirmed, "")] };
        }

        var expected = DateTimeOffset.Parse(due + "T00:00:00Z", null);
        Assert.Equal(expected, DocumentStanding.Of(Plan, sop, record, expected.AddDays(-1)).ReviewDue);
        Assert.False(DocumentStanding.Of(Plan, sop, record, expected.AddTicks(-1)).IsStale);
        Assert.True(DocumentStanding.Of(Plan, sop, record, expected).IsStale);
    }

    /// <summary>Confirmed on the 20th and due on the 20th of the next month; what the file says; when somebody found that it must be changed, and whether it still says what it did then.</summary>
    [Theory]
    [InlineData(null, "2026-11-25", true, "2026-11-25")]
    [InlineData(null, "2026-11-25", false, "2026-11-25")] // changed since, and nobody says that it is right now
    [InlineData("2026-11-25", "2026-11-25", false, "2026-12-25")]
    [InlineData("2026-11-25", "2026-11-25", true, "2026-11-25")]
    [InlineData("2026-11-26", "2026-11-25", true, "2026-12-26")]
    [InlineData(null, "2026-11-19", true, "2026-12-20")]
    [InlineData(null, "2026-12-24", true, "2026-12-20")] // it was due before
    public void That_it_must_be_changed_makes_it_due_from_that_day_until_it_is_right(string? written, string found, bool isSame, string due)
    {
        var sop = Documents.Sop() with { Review = new ReviewPeriod(0, 30), Reviewed = written is null ? null : Date(written) };
        var version = isSame ? sop.Version : Documents.Sop("Before.").Version;
        DocumentReview[] reviews = [new(version, "ada", Noon("2026-11-20"), ReviewOutcome.Confirmed, ""), new(version, "ada", Noon(found), ReviewOutcome.ChangeNeeded, "Wrong.")];
        var record = Seen(null, sop, 0) with { Reviews = [.. reviews.OrderBy(static one => one.At)] };
        Assert.Equal(DateTimeOffset.Parse(due + "T00:00:00Z", null), DocumentStanding.Of(Plan, sop, record, Noon("2026-12-31")).ReviewDue);
        var right = record with { Reviews = [.. record.Reviews, new(sop.Version, "ada", Noon("2026-12-30"), ReviewOutcome.Confirmed, "")] };
        Assert.Equal(DateTimeOffset.Parse("2027-01-29T00:00:00Z", null), DocumentStanding.Of(Plan, sop, right, Noon("2026-12-31")).ReviewDue);

        static DateTimeOffset Noon(string date) => DateTimeOffset.Parse(date + "T12:00:00Z", null);
    }

    [Fact]
    public void A_review_that_is_dated_after_today_does_not_count_and_is_named()
    {
        var sop = Documents.Sop() with { Review = new ReviewPeriod(0, 30), Reviewed = new(2062, 10, 5) };
        var standing = DocumentStanding.Of(Plan, sop, Seen(null, sop, 0), Start.AddDays(40));
        Assert.Equal((Start.Date.AddDays(30), true), (standing.ReviewDue!.Value.UtcDateTime, standing.IsStale));
        Assert.Equal(["Its last review is dated 2062-10-05, which is to come: it does not count."], standing.Orphaned);
        Assert.Empty(DocumentStanding.Of(Plan, sop with { Reviewed = Date("2026-11-01") }, Seen(null, sop, 0), Start).Orphaned);
    }

    [Fact]
    public void Orphans_are_named_with_the_reason()
    {
        var article = new KnowledgeDocument("a", "articles/a.md", DocumentKind.Article, "A", "Text") { Owner = "gone" };
        Assert.Equal(["Its owner 'gone' is nobody of the plan.", "It names no service and no keyword."], DocumentStanding.Of(Plan, article, null, Start).Orphaned);
        Assert.Equal(["Nobody owns it."], DocumentStanding.Of(Plan, article with { Owner = null, Keywords = ["x"] }, null, Start).Orphaned);
        var kept = article with { Owner = "support", Keywords = ["x"] };
        var record = new DocumentRecord("a", [new DocumentVersion(kept.Version, Start, "A", false)]);
        Assert.Empty(DocumentStanding.Of(Plan, kept, record, Start.AddDays(365)).Orphaned);
        Assert.Equal(["Nobody has read it or linked a ticket to it for a year."], DocumentStanding.Of(Plan, kept, record, Start.AddDays(366)).Orphaned);
        Assert.Empty(DocumentStanding.Of(Plan, kept, record with { ShownAt = Start.AddDays(2) }, Start.AddDays(366)).Orphaned);
        Assert.Empty(DocumentStanding.Of(Plan, kept, record with { LinkedAt = Start.AddDays(2) }, Start.AddDays(366)).Orphaned);
    }

    [Fact]
    public void People_see_what_they_must_read_and_owners_what_they_must_review()
    {
        var sop = Documents.Sop() with { Review = new ReviewPeriod(0, 30), Reviewed = new(2026, 11, 1) };
        var record = Seen(null, sop, 0).With(Ack("kim", sop)).Asking(Plan, sop, Start);
        Assert.Empty(Lines("kim", 1));
        Assert.Equal("Read and acknowledge: Restart", Assert.Single(Lines("lee", 1)));
        Assert.Equal("Read and acknowledge, 1d late: Restart", Assert.Single(Lines("lee", 11)));
        Assert.Empty(Lines("ada", 1));
        Assert.Equal(["Review Restart, due 4d ago", "2 of 3 have not acknowledged Restart in time"], Lines("ada", 34));

        IReadOnlyList<string> Lines(string person, int days)
        {
            var now = Start.AddDays(days);
            return [.. DocumentAttention.Of(Plan.FindPerson(person)!, [new DocumentLine(DocumentStanding.Of(Plan, sop, record, now), record)], now).Select(static item => item.Text)];
        }
    }

    private static DocumentRecord Seen(DocumentRecord? record, KnowledgeDocument document, int days) => (record ?? new DocumentRecord(document.Id, [])).Noted(document, Start.AddDays(days));

    private static DocumentAcknowledgement Ack(string person, KnowledgeDocument document) => new(person, document.Version, Start);

    private static IEnumerable<string> Missing(KnowledgeDocument document, DocumentRecord record) => DocumentStanding.Of(Plan, document, record, Start).Missing.Select(static person => person.Id);

    private static NodaTime.LocalDate Date(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
}
