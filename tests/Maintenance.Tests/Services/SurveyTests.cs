using Maintenance.Feedback;
using Maintenance.Storage;
using static Maintenance.Tests.Services.FeedbackGroupingTests;

namespace Maintenance.Tests.Services;

/// <summary>The survey, and the window of senders, over a store.</summary>
public sealed class SurveyTests
{
    private static readonly string Plan = Office.QuickPlan.Replace(
        "support:\n", "support:\n  survey: { schedule: 0 0 1 1 * *, period: 30d, sample: 4 }\n", StringComparison.Ordinal);

    [Fact]
    public async Task When_it_is_due_it_asks_a_sample_of_those_who_gave_an_address_each_once()
    {
        await using var office = await Office.OpenAsync(Plan);
        await office.Feedback.Upkeep.SendDueSurveysAsync(default);
        await office.Feedback.Handler.HandleAsync(Message(office, "F-0", "Too early", contact: "early@home.example"), default);
        office.Clock.Advance(TimeSpan.FromDays(8));
        for (var i = 0; i < 12; i++)
        {
            await office.Feedback.Handler.HandleAsync(Message(office, $"F-1{i:00}", $"Text {i}", contact: i % 3 == 2 ? "+999 20 555 0110" : $"p{i % 6}@home.example"), default);
        }

        office.Clock.Advance(TimeSpan.FromDays(1));
        await office.Feedback.Upkeep.SendDueSurveysAsync(default);
        Assert.Equal(4, Asked(office).Count);
        Assert.Equal(4, Asked(office).Select(static mail => mail.Address).Distinct().Count());

        // p0, p1, p3 and p4 lie within the period, and early too.
        office.Clock.Advance(TimeSpan.FromHours(1));
        await office.Feedback.Upkeep.SendDueSurveysAsync(default);
        Assert.Equal(4, Asked(office).Count);
        var survey = Assert.Single((await office.Feedback.Reports.ReportAsync(new(2026, 12), new(2026, 12), null, default)).Surveys).Survey;
        Assert.Equal((5, 4), (survey.People, survey.Asked));

        // A month later nobody of those is within the period any more.
        office.Clock.Advance(TimeSpan.FromDays(31));
        await office.Feedback.Upkeep.SendDueSurveysAsync(default);
        Assert.Equal(4, Asked(office).Count);
    }

    [Fact]
    public async Task Cut_off_after_any_write_it_goes_on_with_the_same_people()
    {
        List<string>? expected = null;
        for (var writes = 0; writes < 30; writes++)
        {
            await using var office = await Office.OpenAsync(Plan);
            await office.Feedback.Upkeep.SendDueSurveysAsync(default);
            for (var i = 0; i < 9; i++)
            {
                await office.Feedback.Handler.HandleAsync(Message(office, $"F-1{i}", $"Text {i}", contact: $"p{i}@home.example"), default);
            }

            office.Clock.Advance(TimeSpan.FromDays(9));
            office.Records.CutAfter(writes);
            var wasCut = false;
            try
            {
                await office.Feedback.Upkeep.SendDueSurveysAsync(default);
            }
            catch (CutOffException)
            {
                wasCut = true;
            }

            office.Records.Mend();
            await office.Feedback.Upkeep.SendDueSurveysAsync(default);
            var asked = Asked(office).Select(static mail => mail.Id).ToList();
            Assert.Equal(expected ??= asked, asked);
            Assert.Equal(4, asked.Count);
            if (!wasCut)
            {
                return;
            }
        }

        Assert.Fail("Never done.");
    }

    [Fact]
    public async Task Answers_make_the_score_the_last_of_each_counts_and_who_was_not_asked_has_none()
    {
        await using var office = await Office.OpenAsync(Plan);
        await office.Feedback.Upkeep.SendDueSurveysAsync(default);
        for (var i = 0; i < 3; i++)
        {
            await office.Feedback.Handler.HandleAsync(Message(office, TrackingCodes.CleanReference($"F-{i}"), $"Text {i}", contact: i == 2 ? null : $"p{i}@home.example"), default);
        }

        office.Clock.Advance(TimeSpan.FromDays(9));
        await office.Feedback.Upkeep.SendDueSurveysAsync(default);
        await office.Feedback.Service.AnswerSurveyAsync("f-0", 3, default);
        await office.Feedback.Service.AnswerSurveyAsync("F-0", 9, default);
        await office.Feedback.Service.AnswerSurveyAsync("F-1", 6, default);
        Assert.Equal(FeedbackRefusal.NotAsked, (await Assert.ThrowsAsync<FeedbackRefusedException>(() => office.Feedback.Service.AnswerSurveyAsync("F-2", 9, default))).Refusal);
        var nps = Assert.Single((await office.Feedback.Reports.ReportAsync(new(2026, 12), new(2026, 12), null, default)).Surveys).Nps;
        Assert.Equal((2, 1, 0, 1, 0.0), (nps.Answers, nps.Promoters, nps.Passives, nps.Detractors, nps.Score));
        Assert.NotNull(nps.Note);
    }

    [Fact]
    public async Task Whoever_was_erased_is_not_asked()
    {
        await using var office = await Office.OpenAsync(Plan);
        await office.Feedback.Upkeep.SendDueSurveysAsync(default);
        await office.Feedback.Handler.HandleAsync(Message(office, "F-1", "Text", contact: "p@home.example"), default);
        _ = await office.Feedback.Erasure.EraseContactAsync("p@home.example", default);
        office.Clock.Advance(TimeSpan.FromDays(9));
        await office.Feedback.Upkeep.SendDueSurveysAsync(default);
        Assert.Empty(Asked(office));
    }

    [Fact]
    public async Task A_window_holds_for_as_many_processes_as_serve_and_its_rows_go()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan.Replace("introduction: Tell us.", "introduction: Tell us.\n    limit: { submissions: 3, window: 10m }", StringComparison.Ordinal));
        var other = new FeedbackSenders(office.Records, office.Feedback.Codes, office.Plan, office.Clock);
        Assert.Null(await office.Feedback.Senders.TakeAsync("feedback", "192.0.2.1", null, default));
        office.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Null(await other.TakeAsync("feedback", "192.0.2.1", "F-1", default));
        Assert.Null(await office.Feedback.Senders.TakeAsync("feedback", "192.0.2.1", null, default));
        Assert.Equal(TimeSpan.FromMinutes(4), await other.TakeAsync("feedback", "192.0.2.1", null, default));
        Assert.Null(await other.TakeAsync("feedback", "192.0.2.1", "F-1", default));
        Assert.Null(await other.TakeAsync("feedback", "192.0.2.2", null, default));
        Assert.Null(await other.TakeAsync("act", "192.0.2.1", null, default));
        office.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(await other.TakeAsync("feedback", "192.0.2.1", null, default));

        var rows = await office.Records.QueryAsync(Tables.FeedbackSenders, "window", RowRange.All, default).ToListAsync();
        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, static row => (row.RowKey + row.Json).Contains("192.0.2", StringComparison.Ordinal));
        office.Clock.Advance(TimeSpan.FromMinutes(31));
        await office.Feedback.Upkeep.PurgeExpiredAsync(default);
        Assert.Empty(await office.Records.QueryAsync(Tables.FeedbackSenders, "window", RowRange.All, default).ToListAsync());
    }

    [Fact]
    public async Task Many_at_the_same_moment_never_exceed_a_window()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan.Replace("introduction: Tell us.", "introduction: Tell us.\n    limit: { submissions: 5, window: 10m }", StringComparison.Ordinal));
        var waits = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => office.Feedback.Senders.TakeAsync("feedback", "192.0.2.1", null, default))));
        Assert.Equal(5, waits.Count(static wait => wait is null));
    }

    private static List<ReporterMail> Asked(Office office) => [.. office.Feedback.Mail.Sent.Where(static mail => mail.Kind == ReporterMailKind.Survey)];
}
