using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Feedback;

/// <summary>
/// Counts what senders send, for as many processes as serve: in rows that lie for twice the window. A sender is the network address of a request, kept and written as a
/// keyed hash only. What a sender sent within a window lies in the rows of two spans of time, so that old rows are found without looking at any other. Two processes
/// whose clocks disagree at the border of two spans may take in one submission too many.
/// </summary>
public sealed class FeedbackSenders(IRecordStore records, TrackingCodes codes, ActivePlan plan, TimeProvider time)
{
    private const string Partition = "window";
    private const int MostAttempts = 50;

    /// <summary>Counts a submission of a sender, where the plan limits them and it may be taken in.</summary>
    /// <param name="what">What they send: each is counted on its own.</param>
    /// <param name="address">Where the request came from.</param>
    /// <param name="key">Names the submission where it may be sent again as the same one; null for one of its own.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null where it may be taken in; else how long the sender has to wait.</returns>
    public async Task<TimeSpan?> TakeAsync(string what, string address, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(what);
        ArgumentNullException.ThrowIfNull(address);
        if (plan.Current.Support.Feedback.Limit is not { } limit)
        {
            return null;
        }

        var sender = $"{what}_{codes.PseudonymOf("sender", $"{what}\n{address}")}";
        for (var attempt = 1; ; attempt++)
        {
            var now = time.GetUtcNow();
            var span = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % limit.Window.Ticks), TimeSpan.Zero);
            var row = RowKey(span, sender);
            var current = await records.FindAsync<SenderRow>(Tables.FeedbackSenders, Partition, row, cancellation);
            var before = await records.FindAsync<SenderRow>(Tables.FeedbackSenders, Partition, RowKey(span - limit.Window, sender), cancellation);
            IReadOnlyList<TakenSubmission> own = current?.Value.Taken ?? [];
            var taken = SubmissionWindow.Counting([.. before?.Value.Taken ?? [], .. own], limit, now);
            if (SubmissionWindow.Wait(taken, limit, key, now) is { } wait)
            {
                return wait;
            }

            if (key is not null && taken.Any(one => one.Key == key))
            {
                return null;
            }

            var json = MaintenanceJson.Write(new SenderRow([.. own, new TakenSubmission(now, key)]));
            try
            {
                await records.WriteAsync(
                    Tables.FeedbackSenders, Partition, current is null ? RecordWrite.Insert(row, json) : RecordWrite.Replace(row, json, current.ETag), cancellation);
                return null;
            }
            catch (RecordConflictException) when (attempt < MostAttempts)
            {
                // The same sender sent something in the same moment: it counts first.
            }
        }
    }

    /// <summary>Deletes what counts no more. Reads only that.</summary>
    public async Task PurgeAsync(CancellationToken cancellation)
    {
        // Without a limit nothing is written any more, and what was goes after the longest window that a plan may have.
        var window = plan.Current.Support.Feedback.Limit?.Window ?? FeedbackForm.MostWindow;
        var range = new RowRange(null, RecordKeys.Instant(time.GetUtcNow() - (2 * window)));
        var old = await records.QueryAsync(Tables.FeedbackSenders, Partition, range with { Take = 2000 }, cancellation).Select(static row => row.RowKey).ToListAsync(cancellation);
        foreach (var batch in old.Chunk(IRecordStore.MaxBatch))
        {
            await records.WriteAsync(Tables.FeedbackSenders, Partition, [.. batch.Select(static row => RecordWrite.Delete(row))], cancellation);
        }
    }

    private static string RowKey(DateTimeOffset span, string sender) => $"{RecordKeys.Instant(span)}_{sender}";

    private sealed record SenderRow(IReadOnlyList<TakenSubmission> Taken);
}
