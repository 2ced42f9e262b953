using FsCheck.Fluent;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Tests.Rules;
using Maintenance.Time;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>Until when a vulnerability is to be gone: hand-worked calendars. 2026-11-22 is a Sunday.</summary>
public sealed class RemediationDueTests
{
    private static readonly RemediationPolicy Policy = new(Critical: 7, High: 30, Medium: 90, Low: null, Unrated: 30);

    private static readonly ServiceCalendar Office = Calendar("Africa/Kampala", new LocalDate(2026, 12, 25));

    [Theory]

    // A Tuesday and seven days: the Tuesday after. Its end in Kampala (UTC+3) is 21:00 UTC.
    [InlineData("2026-11-17T09:00Z", Severity.Critical, null, "2026-11-24", "2026-11-24T21:00Z", RemediationBasis.Policy)]

    // 22:30 UTC is past midnight in Kampala: the count begins a day later.
    [InlineData("2026-11-17T22:30Z", Severity.Critical, null, "2026-11-25", "2026-11-25T21:00Z", RemediationBasis.Policy)]

    // 30 days from 2026-11-20 are Sunday, 2026-12-20: back to the Friday.
    [InlineData("2026-11-20T09:00Z", Severity.High, null, "2026-12-18", "2026-12-18T21:00Z", RemediationBasis.Policy)]

    // 2026-12-25 is a holiday on a Friday: back to the Thursday, from the Sunday after it too.
    [InlineData("2026-12-18T09:00Z", Severity.Critical, null, "2026-12-24", "2026-12-24T21:00Z", RemediationBasis.Policy)]
    [InlineData("2026-12-20T09:00Z", Severity.Critical, null, "2026-12-24", "2026-12-24T21:00Z", RemediationBasis.Policy)]

    // The catalogue's date is earlier; later; the same.
    [InlineData("2026-11-17T09:00Z", Severity.High, "2026-11-30", "2026-11-30", "2026-11-30T21:00Z", RemediationBasis.KnownExploited)]
    [InlineData("2026-11-17T09:00Z", Severity.Critical, "2026-11-30", "2026-11-24", "2026-11-24T21:00Z", RemediationBasis.Policy)]
    [InlineData("2026-11-17T09:00Z", Severity.Critical, "2026-11-24", "2026-11-24", "2026-11-24T21:00Z", RemediationBasis.Policy)]
    [InlineData("2026-11-17T09:00Z", Severity.High, "2026-11-29", "2026-11-27", "2026-11-27T21:00Z", RemediationBasis.KnownExploited)]

    // Only the catalogue sets a date; it had passed when the vulnerability became known here: that very day.
    [InlineData("2026-11-17T09:00Z", Severity.Low, "2026-12-01", "2026-12-01", "2026-12-01T21:00Z", RemediationBasis.KnownExploited)]
    [InlineData("2026-11-17T09:00Z", Severity.Critical, "2021-12-24", "2026-11-17", "2026-11-17T21:00Z", RemediationBasis.KnownExploited)]

    // First known on a Saturday, due on the Sunday: no open day from then on, so it stays.
    [InlineData("2026-11-21T09:00Z", Severity.Critical, "2026-11-22", "2026-11-22", "2026-11-22T21:00Z", RemediationBasis.KnownExploited)]
    [InlineData("2026-11-22T09:00Z", Severity.Critical, "2026-11-20", "2026-11-22", "2026-11-22T21:00Z", RemediationBasis.KnownExploited)]
    [InlineData("2026-11-17T09:00Z", null, null, "2026-12-17", "2026-12-17T21:00Z", RemediationBasis.Policy)]
    public void The_earlier_date_rolls_back_to_an_open_day(string known, Severity? severity, string? exploited, string date, string at, RemediationBasis basis)
    {
        var due = RemediationDue.Of(Utc(known), severity, Policy, exploited is null ? null : DateOnly.Parse(exploited, null), Office);
        Assert.Equal((DateOnly.Parse(date, null), Utc(at), basis), (due!.Date, due.At, due.Basis));
    }

    [Fact]
    public void Where_nothing_sets_a_date_there_is_none()
    {
        Assert.Null(RemediationDue.Of(Utc("2026-11-17T09:00Z"), Severity.Low, Policy, null, Office));
        Assert.Null(RemediationDue.Of(Utc("2026-11-17T09:00Z"), Severity.None, Policy, null, Office));
        Assert.Null(RemediationDue.Of(Utc("2026-11-17T09:00Z"), null, Policy with { Unrated = null }, null, Office));
    }

    [Fact]
    public void A_day_of_23_or_25_hours_ends_at_its_own_midnight()
    {
        var berlin = Calendar("Europe/Berlin");
        Assert.Equal(Utc("2026-03-30T22:00Z"), RemediationDue.Of(Utc("2026-03-23T12:00Z"), Severity.Critical, Policy, null, berlin)!.At);
        Assert.Equal(Utc("2026-10-26T23:00Z"), RemediationDue.Of(Utc("2026-10-19T12:00Z"), Severity.Critical, Policy, null, berlin)!.At);
        Assert.Equal(new DateOnly(2028, 2, 29), RemediationDue.Of(Utc("2028-02-22T12:00Z"), Severity.Critical, Policy, null, berlin)!.Date);
    }

    [Fact]
    public void Absurd_dates_end_within_a_century()
    {
        var never = new ServiceCalendar(Zone("UTC"), [], []);
        var due = RemediationDue.Of(Utc("2026-11-17T09:00Z"), Severity.Critical, Policy with { Critical = int.MaxValue }, DateOnly.MaxValue, never);
        Assert.InRange(due!.Date, new DateOnly(2126, 11, 17), new DateOnly(2126, 11, 19));
        Assert.Equal(new DateOnly(2026, 11, 17), RemediationDue.Of(Utc("2026-11-17T09:00Z"), Severity.Critical, Policy with { Critical = -5 }, null, never)!.Date);
    }

    [Fact]
    public void The_date_is_never_before_it_was_known_nor_after_it_was_named_and_open_where_it_can_be() => Law.Holds(
        from hour in Gen.Choose(0, 24 * 400)
        from days in Gen.Choose(0, 40)
        from exploited in Gen.Choose(-40, 80)
        from closed in Gen.Choose(1, 7).ListOf()
        select (hour, days, exploited, closed: closed.Take(6).ToHashSet()),
        1500,
        static given =>
        {
            var zone = Zone("America/New_York");
            var calendar = new ServiceCalendar(zone, Enumerable.Range(1, 7).Where(day => !given.closed.Contains(day)).Select(static day => ((IsoDayOfWeek)day, 540, 1020)), []);
            var known = Utc("2026-01-01T00:00Z").AddHours(given.hour);
            var first = Instant.FromDateTimeOffset(known).InZone(zone).Date.ToDateOnly();
            var due = RemediationDue.Of(known, Severity.Critical, new RemediationPolicy(given.days, 1, 1, 1), first.AddDays(given.exploited), calendar)!;
            var named = given.exploited < given.days ? first.AddDays(given.exploited) : first.AddDays(given.days);
            Assert.Equal(named, due.Nominal);
            var latest = named < first ? first : named;
            Assert.InRange(due.Date, first, latest);
            var open = Enumerable.Range(0, latest.DayNumber - first.DayNumber + 1).Select(first.AddDays).Where(day => !given.closed.Contains(day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek)).ToList();
            Assert.Equal(open.Count > 0 ? open[^1] : latest, due.Date);
            Assert.Equal(due.Date.AddDays(1), Instant.FromDateTimeOffset(due.At).InZone(zone).Date.ToDateOnly());
            Assert.Equal(due.Date, Instant.FromDateTimeOffset(due.At.AddTicks(-1)).InZone(zone).Date.ToDateOnly());
        });

    private static ServiceCalendar Calendar(string zone, params LocalDate[] holidays) =>
        new(Zone(zone), Enumerable.Range(1, 5).Select(static day => ((IsoDayOfWeek)day, 480, 1020)), holidays);
}
