namespace Maintenance.BrowserTests.Browsing;

/// <summary>
/// What a browser is asked, with an end. Playwright bounds what it waits for (a page, an element); the answer to a script, to a key or to the end of a window it awaits for
/// ever, and a tab that crashed or a browser that hangs never gives it.
/// </summary>
internal static class Patience
{
    /// <summary>As long as Playwright waits for pages and elements here.</summary>
    public static TimeSpan Usual { get; } = TimeSpan.FromSeconds(30);

    /// <summary>For what works at every element of a page, or has a bound of its own.</summary>
    public static TimeSpan Long { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The answer; a failure that says what was asked, where none comes.</summary>
    public static async Task<T> WithinAsync<T>(this Task<T> answer, TimeSpan patience, string asked)
    {
        await ((Task)answer).WithinAsync(patience, asked);
        return await answer;
    }

    /// <summary>The same of what has no value.</summary>
    /// <param name="answer">What Playwright was asked.</param>
    /// <param name="patience">How long is waited.</param>
    /// <param name="asked">What the failure says. No locator in it: its text is an answer of the driver that is waited for on the spot.</param>
    public static async Task WithinAsync(this Task answer, TimeSpan patience, string asked)
    {
        await answer.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Who waits for a page to load goes on, in Playwright, on the thread that reads what the driver says. A test that then waits for an answer without giving that thread
        // back (the text of a locator, in a message, is one) waits for itself, and so does every other test of this browser. So it goes on elsewhere.
        await Task.Yield();
        if (!answer.IsCompleted)
        {
            throw new TimeoutException($"The browser did not answer within {patience.TotalSeconds} s: {asked}");
        }

        await answer;
    }
}
