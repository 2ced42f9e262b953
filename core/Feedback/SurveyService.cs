using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Feedback;

/// <summary>
/// Sends the plan's survey when it is due: to people who sent feedback lately and gave an address, each once, and to a sample where there are many. Which of them is
/// decided by a keyed hash of survey and contact, so that a survey that was cut off asks the same people when it goes on, and nobody can choose to be asked.
/// </summary>
public sealed class SurveyService(IRecordStore records, FeedbackBook book, SatisfactionBook satisfaction, ReporterMails mails, IReporterMail mail, TrackingCodes codes, ActivePlan plan, TimeProvider time)
{
    private const string Partition = "surveys";
    private const string Status = "status";

    /// <summary>Sends the survey that is due, if one is. After downtime it is sent once.</summary>
    public async Task SendDueAsync(CancellationToken cancellation)
    {
        var current = plan.Current;
        if (current.Support.Survey is not { } policy)
        {
            return;
        }

        var now = time.GetUtcNow();
        var status = await records.FindAsync<SurveyStatus>(Tables.FeedbackIndex, Partition, Status, cancellation);
        if (status is null || status.Value.Schedule != policy.Schedule.Text)
        {
            // A new schedule begins now: nobody is asked for a time that lies before it.
            await records.WriteAsync(Tables.FeedbackIndex, Partition, RecordWrite.Put(Status, MaintenanceJson.Write(new SurveyStatus(policy.Schedule.Text, now))), cancellation);
            return;
        }

        if (policy.Schedule.Latest(status.Value.After, now, current.System.TimeZone) is { } due)
        {
            await SendAsync(current, policy, due, cancellation);
            await records.WriteAsync(Tables.FeedbackIndex, Partition, RecordWrite.Put(Status, MaintenanceJson.Write(new SurveyStatus(policy.Schedule.Text, due))), cancellation);
        }
    }

    private async Task SendAsync(OperationsPlan current, SurveyPolicy policy, DateTimeOffset due, CancellationToken cancellation)
    {
        var name = RecordKeys.Instant(due);
        var people = new HashSet<string>(StringComparer.Ordinal);

        // Only the sample is kept while the people are read, however many there are: those with the lowest hashes.
        var sample = new PriorityQueue<string, string>(Comparer<string>.Create(static (one, other) => string.CompareOrdinal(other, one)));
        await foreach (var reference in book.ListReachableAsync(due - policy.Period, due, cancellation))
        {
            if (await book.FindAsync(reference, cancellation) is { Value: { Contact: { } contact } } && ContactKeys.MailAddress(contact) is { } address
                && codes.PseudonymOf("survey " + name, FoldedText.Of(address)) is var lot && people.Add(lot))
            {
                sample.Enqueue(reference, lot);
                if (sample.Count > policy.Sample)
                {
                    _ = sample.Dequeue();
                }
            }
        }

        foreach (var (reference, _) in sample.UnorderedItems)
        {
            await satisfaction.AskAsync(due, reference, cancellation);
            var report = await book.ChangeAsync(reference, report => report is null or { Contact: null } || report.Survey == due ? null : report with { Survey = due }, cancellation);
            if (report is not null && mails.Survey(current, report, name) is { } letter)
            {
                await mail.SendAsync(letter, cancellation);
            }
        }

        await satisfaction.NoteSurveyAsync(new SentSurvey(due, due - policy.Period, due, people.Count, sample.Count), cancellation);
    }

    private sealed record SurveyStatus(string Schedule, DateTimeOffset After);
}
