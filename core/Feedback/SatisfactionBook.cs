using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;
using NodaTime;

namespace Maintenance.Feedback;

/// <summary>A rating as it counts.</summary>
/// <param name="Reference">Whose.</param>
/// <param name="Ticket">The id of the ticket.</param>
/// <param name="Service">The id of its service, where it has one.</param>
/// <param name="Score">1 to 5.</param>
/// <param name="At">When they said so last (UTC).</param>
/// <param name="Count">So many times they have.</param>
public sealed record CountedRating(string Reference, string Ticket, string? Service, int Score, DateTimeOffset At, int Count);

/// <summary>A survey as it was sent.</summary>
/// <param name="At">When it was due (UTC): names it.</param>
/// <param name="From">Asked was who sent feedback from here</param>
/// <param name="To">to here (UTC).</param>
/// <param name="People">So many could have been asked.</param>
/// <param name="Asked">So many were.</param>
public sealed record SentSurvey(DateTimeOffset At, DateTimeOffset From, DateTimeOffset To, int People, int Asked);

/// <summary>Somebody who was asked.</summary>
/// <param name="Reference">The feedback that they had sent.</param>
/// <param name="Score">0 to 10; null while they have not answered.</param>
/// <param name="AnsweredAt">When they did (UTC).</param>
public sealed record SurveyAnswer(string Reference, int? Score, DateTimeOffset? AnsweredAt);

/// <summary>How content people are, as they said: ratings by month, and the answers to surveys.</summary>
public sealed class SatisfactionBook(IRecordStore records, ActivePlan plan)
{
    private const string Ratings = "ratings";
    private const string Surveys = "surveys";

    /// <summary>Lets a rating count: in the month, of the system's zone, in which its sender rated first. Noted late, an older one does not replace a newer.</summary>
    public async Task NoteRatingAsync(FeedbackReport report, Ticket ticket, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(ticket);
        if (report.Rating is { } rating)
        {
            _ = await records.ChangeAsync<CountedRating>(
                Tables.FeedbackIndex,
                Ratings,
                $"{MonthOf(rating.FirstAt)}_{report.Reference}",
                before => before?.Count >= rating.Count ? null : new CountedRating(report.Reference, ticket.Id, ticket.Service ?? report.Service, rating.Score, rating.At, rating.Count),
                cancellation);
        }
    }

    /// <summary>The ratings of some months, in order.</summary>
    /// <param name="from">The first month.</param>
    /// <param name="to">The last one.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<(string Month, CountedRating Rating)> ListRatingsAsync(
        YearMonth from, YearMonth to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.QueryAsync(Tables.FeedbackIndex, Ratings, new RowRange(Text(from), Text(to.PlusMonths(1))), cancellation))
        {
            yield return (row.RowKey[..7], MaintenanceJson.Read<CountedRating>(row.Json));
        }
    }

    /// <summary>Notes that a survey was sent.</summary>
    public Task NoteSurveyAsync(SentSurvey survey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return records.WriteAsync(Tables.FeedbackIndex, Surveys, RecordWrite.Put(RecordKeys.Instant(survey.At), MaintenanceJson.Write(survey)), cancellation);
    }

    /// <summary>The surveys that were due in <c>[from, to)</c>, in order.</summary>
    public IAsyncEnumerable<SentSurvey> ListSurveysAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        records.ListAsync<SentSurvey>(Tables.FeedbackIndex, Surveys, new RowRange(RecordKeys.Instant(from), RecordKeys.Instant(to)), cancellation).Select(static row => row.Value);

    /// <summary>Notes whom a survey asks; whoever has answered already has.</summary>
    public Task AskAsync(DateTimeOffset survey, string reference, CancellationToken cancellation) =>
        records.TryInsertAsync(Tables.FeedbackIndex, OfSurvey(survey), reference, new SurveyAnswer(reference, null, null), cancellation);

    /// <summary>Notes an answer.</summary>
    public Task AnswerAsync(DateTimeOffset survey, string reference, int score, DateTimeOffset at, CancellationToken cancellation) =>
        records.WriteAsync(Tables.FeedbackIndex, OfSurvey(survey), RecordWrite.Put(reference, MaintenanceJson.Write(new SurveyAnswer(reference, score, at))), cancellation);

    /// <summary>What somebody has answered to a survey; null where they were not asked.</summary>
    public async Task<SurveyAnswer?> FindAnswerAsync(DateTimeOffset survey, string reference, CancellationToken cancellation) =>
        (await records.FindAsync<SurveyAnswer>(Tables.FeedbackIndex, OfSurvey(survey), reference, cancellation))?.Value;

    /// <summary>Whom a survey asked.</summary>
    public IAsyncEnumerable<SurveyAnswer> ListAnswersAsync(DateTimeOffset survey, CancellationToken cancellation) =>
        records.ListAsync<SurveyAnswer>(Tables.FeedbackIndex, OfSurvey(survey), RowRange.All, cancellation).Select(static row => row.Value);

    /// <summary>The month of an instant in the system's zone: <c>2026-11</c>.</summary>
    public string MonthOf(DateTimeOffset at) => Text(Instant.FromDateTimeOffset(at).InZone(plan.Current.System.TimeZone).Date.ToYearMonth());

    private static string Text(YearMonth month) => $"{month.Year:0000}-{month.Month:00}";

    private static string OfSurvey(DateTimeOffset survey) => "survey_" + RecordKeys.Instant(survey);
}
