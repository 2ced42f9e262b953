namespace Maintenance.BrowserTests.Browsing;

/// <summary>
/// What a browser is asked, with an end. Playwright bounds what it waits for (a page, an element); the answer to a script, to a key or to the end of a window it awaits for
/// ever, and a tab that crashed or a browser that hangs never gives it.
/// </summary>
internal static class Patience
{
    /// <summary>As long as Playwright waits for pages and elements here.</summary>
    public static TimeSpan Usual { get; } = TimeSpan.FromSeconds(30);

    /// <summary>For what works at every element of a page.</summary>
    public static TimeSpan Long { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The answer; a failure that says what was asked, where none comes.</summary>
    public static async Task<T> WithinAsync<T>(this Task<T> answer, TimeSpan patience, string asked)
    {
        await ((Task)answer).WithinAsync(patience, asked);
        return await answer;
    }

    /// <summary>The same of what has no value.</summary>
    public static async Task WithinAsync(this Task answer, TimeSpan patience, string asked)
    {
        try
        {
            await answer.WaitAsync(patience);
        }
        catch (TimeoutException) when (!answer.IsCompleted)
        {
            throw new TimeoutException($"The browser did not answer within {patience.TotalSeconds} s: {asked}");
        }
    }
}
