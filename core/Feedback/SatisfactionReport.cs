using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Feedback;

/// <summary>How content people are, over some months.</summary>
/// <param name="From">The first month, such as <c>2026-01</c>.</param>
/// <param name="To">The last one.</param>
/// <param name="CsatFormula">How CSAT is worked out.</param>
/// <param name="NpsFormula">How NPS is worked out.</param>
/// <param name="Csat">Over all months and services.</param>
/// <param name="Months">By month and service, in order.</param>
/// <param name="Surveys">The surveys that were sent in these months, in order.</param>
public sealed record SatisfactionReport(
    string From, string To, string CsatFormula, string NpsFormula, CustomerSatisfaction Csat, IReadOnlyList<MonthSatisfaction> Months, IReadOnlyList<SurveyResult> Surveys);

/// <summary>How content people were in a month.</summary>
/// <param name="Month">Such as <c>2026-11</c>, in the system's zone; a rating counts where its sender rated first.</param>
/// <param name="Service">The id of the service; null where none is known.</param>
/// <param name="Csat">The figure.</param>
public sealed record MonthSatisfaction(string Month, string? Service, CustomerSatisfaction Csat);

/// <summary>What a survey came to.</summary>
/// <param name="Survey">When it was sent, and to how many.</param>
/// <param name="Nps">The figure.</param>
public sealed record SurveyResult(SentSurvey Survey, NetPromoterScore Nps);

/// <summary>Says how content people are.</summary>
public sealed class SatisfactionService(SatisfactionBook book, ActivePlan plan, TimeProvider time)
{
    /// <summary>The most months of a report.</summary>
    public const int MostMonths = 60;

    /// <summary>The month of now in the system's zone.</summary>
    public YearMonth ThisMonth => Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(plan.Current.System.TimeZone).Date.ToYearMonth();

    /// <summary>Reports on some months.</summary>
    /// <param name="from">The first one.</param>
    /// <param name="to">The last one; at most <see cref="MostMonths"/> in all.</param>
    /// <param name="service">The id of a service; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<SatisfactionReport> ReportAsync(YearMonth from, YearMonth to, string? service, CancellationToken cancellation)
    {
        // Counted as they are read: only the sums of a month are kept.
        var sums = new SortedDictionary<(string Month, string Service), (int Ratings, int Satisfied)>();
        await foreach (var (month, rating) in book.ListRatingsAsync(from, to, cancellation))
        {
            if (service is null || rating.Service == service)
            {
                var before = sums.GetValueOrDefault((month, rating.Service ?? ""));
                sums[(month, rating.Service ?? "")] = (before.Ratings + 1, before.Satisfied + (rating.Score >= 4 ? 1 : 0));
            }
        }

        var months = sums.Select(static sum => new MonthSatisfaction(sum.Key.Month, sum.Key.Service.Length == 0 ? null : sum.Key.Service, new CustomerSatisfaction(sum.Value.Ratings, sum.Value.Satisfied))).ToList();
        var surveys = new List<SurveyResult>();
        if (service is null)
        {
            await foreach (var survey in book.ListSurveysAsync(Start(from), Start(to.PlusMonths(1)), cancellation))
            {
                surveys.Add(new SurveyResult(survey, NetPromoterScore.Of(await book.ListAnswersAsync(survey.At, cancellation).Where(static answer => answer.Score is not null).Select(static answer => answer.Score!.Value).ToListAsync(cancellation))));
            }
        }

        return new SatisfactionReport(
            $"{from.Year:0000}-{from.Month:00}",
            $"{to.Year:0000}-{to.Month:00}",
            CustomerSatisfaction.Formula,
            NetPromoterScore.Formula,
            new CustomerSatisfaction(months.Sum(static month => month.Csat.Ratings), months.Sum(static month => month.Csat.Satisfied)),
            months,
            surveys);
    }

    private DateTimeOffset Start(YearMonth month) => month.OnDayOfMonth(1).AtStartOfDayInZone(plan.Current.System.TimeZone).ToInstant().ToDateTimeOffset();
}
