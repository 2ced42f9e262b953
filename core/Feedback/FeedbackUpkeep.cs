namespace Maintenance.Feedback;

/// <summary>What becomes due with feedback by itself.</summary>
public sealed class FeedbackUpkeep(FeedbackSenders senders, FeedbackErasure erasure, SurveyService surveys)
{
    /// <summary>Deletes what senders sent long ago, and erases who sent feedback that was closed long ago.</summary>
    public Task PurgeExpiredAsync(CancellationToken cancellation) =>
        EachAsync.RunAsync<Func<Task>>([() => senders.PurgeAsync(cancellation), () => erasure.EraseExpiredAsync(cancellation)], static purge => purge());

    /// <summary>Sends the survey that is due.</summary>
    public Task SendDueSurveysAsync(CancellationToken cancellation) => surveys.SendDueAsync(cancellation);
}
