namespace Maintenance.Feedback;

/// <summary>How much one sender may send: at most so many submissions in every stretch of time of this length.</summary>
/// <param name="Submissions">So many.</param>
/// <param name="Window">The length of the stretch.</param>
public sealed record SubmissionLimit(int Submissions, TimeSpan Window);

/// <summary>A submission that was taken in.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Key">Names it where it may be sent again as the same; null for one of its own.</param>
public sealed record TakenSubmission(DateTimeOffset At, string? Key = null);

/// <summary>The window that slides along with the clock: what was taken in within it counts, what was refused does not. Pure.</summary>
public static class SubmissionWindow
{
    /// <summary>How long a sender has to wait.</summary>
    /// <param name="taken">What was taken in of this sender, in any order.</param>
    /// <param name="limit">How much is.</param>
    /// <param name="key">Names the submission; one that counts already counts no second time.</param>
    /// <param name="now">UTC.</param>
    /// <returns>Null where it may be taken in; else longer than nothing, and at most the window.</returns>
    public static TimeSpan? Wait(IEnumerable<TakenSubmission> taken, SubmissionLimit limit, string? key, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(limit);
        var counting = Counting(taken, limit, now);
        if (counting.Count < limit.Submissions || (key is not null && counting.Any(one => one.Key == key)))
        {
            return null;
        }

        // Once all but the newest so many are out of it, one more fits. A clock that was set back leaves instants ahead of it: they count as of now.
        var freeing = counting[^limit.Submissions].At;
        return (freeing > now ? now : freeing) + limit.Window - now;
    }

    /// <summary>What counts at an instant, oldest first.</summary>
    public static IReadOnlyList<TakenSubmission> Counting(IEnumerable<TakenSubmission> taken, SubmissionLimit limit, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(taken);
        ArgumentNullException.ThrowIfNull(limit);
        return [.. taken.Where(one => one.At > now - limit.Window).OrderBy(static one => one.At)];
    }
}
