namespace Maintenance.BrowserTests.Browsing;

/// <summary>What is asked of a browser ends, and whoever asked gives back the thread on which the answer came.</summary>
public sealed class PatienceTests
{
    [Fact]
    public async Task A_test_never_goes_on_upon_the_thread_that_reads_what_the_driver_says()
    {
        // As Playwright's waiters do it: whoever waits goes on where the answer is set.
        var said = new TaskCompletionSource<string>();
        using var isOver = new ManualResetEventSlim();
        var reader = new Thread(() =>
        {
            said.SetResult("loaded");
            isOver.Wait();
        });
        var asking = Task.Run(AskAsync);
        try
        {
            await Task.Delay(50);
            reader.Start();
            Assert.NotSame(reader, await asking.WaitAsync(TimeSpan.FromSeconds(30)));
        }
        finally
        {
            isOver.Set();
            reader.Join();
        }

        async Task<Thread> AskAsync()
        {
            Assert.Equal("loaded", await said.Task.WithinAsync(Patience.Usual, "a page"));
            return Thread.CurrentThread;
        }
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_a_failure_that_says_what_was_asked()
    {
        var error = await Assert.ThrowsAsync<TimeoutException>(static () => new TaskCompletionSource<int>().Task.WithinAsync(TimeSpan.FromMilliseconds(20), "the key Tab"));
        Assert.Equal("The browser did not answer within 0.02 s: the key Tab", error.Message);
    }

    [Fact]
    public async Task An_answer_that_is_a_failure_stays_that_failure() =>
        Assert.Equal("gone", (await Assert.ThrowsAsync<InvalidOperationException>(static () => Task.FromException<int>(new InvalidOperationException("gone")).WithinAsync(Patience.Usual, "a page"))).Message);
}
