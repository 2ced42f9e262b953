using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Removes workflow instances that have ended and were created long ago, whose history would otherwise grow for ever. One purge of everything takes longer than
/// an invocation may and keeps the store busy, so it is done day by day, oldest first, so many days at a time. Nothing is remembered: the next time begins at
/// the oldest day that still has something.
/// </summary>
/// <param name="scope">Gives the invocation's client.</param>
/// <param name="retention">Who removes what has ended.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told what was removed.</param>
public sealed class DurableHistory(DurableClientScope scope, HistoryRetention retention, TimeProvider time, ILogger<DurableHistory> log)
{
    /// <summary>How long an instance is kept, from its creation. As long as on one machine.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>The most days of creation that one purge goes through.</summary>
    public const int MostDays = 30;

    /// <summary>The most instances that are looked at to find those days.</summary>
    public const int MostListed = 20_000;

    /// <summary>How long one day's purge may take: all of them together stay well inside the timer's hour.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>Removes what has ended and is old enough, as far as one turn goes.</summary>
    /// <returns>How many instances were removed.</returns>
    /// <exception cref="AggregateException">Some days could not be purged; all others were.</exception>
    public async Task<int> PurgeAsync(CancellationToken cancellation)
    {
        if (retention.IsBackends)
        {
            // It has a policy of its own, which the infrastructure sets to as many days.
            return 0;
        }

        var client = scope.Client;
        var before = time.GetUtcNow() - Kept;
        var purged = 0;
        List<Exception> failures = [];
        foreach (var day in await OldestDaysAsync(client, before, cancellation))
        {
            var end = day.AddDays(1);
            try
            {
                var filter = new PurgeInstancesFilter(day, end < before ? end : before, Ended) { Timeout = Patience };
                var result = await client.PurgeAllInstancesAsync(filter, cancellation: cancellation);
                purged += result.PurgedInstanceCount;
                if (result.IsComplete == false)
                {
                    log.LogInformation("The purge of the workflows of {Day:yyyy-MM-dd} ran out of time and goes on next time.", day);
                }
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                // A day that cannot be purged must not keep the later ones for ever; it is raised once all have been tried.
                failures.Add(error);
            }
        }

        log.LogInformation("Purged {Count} ended workflows", purged);
        return failures.Count == 0 ? purged : throw new AggregateException("Some days of ended workflows could not be purged.", failures);
    }

    /// <summary>The oldest days (UTC) on which instances were created that may go. The engine lists in no order of time, and has no purge by end.</summary>
    private static async Task<IReadOnlyList<DateTimeOffset>> OldestDaysAsync(DurableTaskClient client, DateTimeOffset before, CancellationToken cancellation)
    {
        var days = new SortedSet<DateTimeOffset>();
        var left = MostListed;
        var old = client.GetAllInstancesAsync(new OrchestrationQuery(CreatedTo: before, Statuses: Ended, PageSize: 1000));
        await foreach (var instance in old.WithCancellation(cancellation))
        {
            days.Add(new DateTimeOffset(instance.CreatedAt.UtcDateTime.Date, TimeSpan.Zero));
            if (--left == 0)
            {
                break;
            }
        }

        return [.. days.Take(MostDays)];
    }
}

/// <summary>Who removes workflows that ended long ago.</summary>
/// <param name="IsBackends">
/// True where the backend does so by itself: the Durable Task Scheduler purges what ended 30 days ago unless told otherwise ("Set autopurge retention policies for
/// Durable Task Scheduler" in Microsoft's documentation). Azure Storage never does.
/// </param>
public sealed record HistoryRetention(bool IsBackends);
