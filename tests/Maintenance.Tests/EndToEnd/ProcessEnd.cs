using System.Diagnostics;

namespace Maintenance.Tests.EndToEnd;

/// <summary>The ends of processes, with bounds: a test that waits for one for ever holds up all others, and nobody hears why.</summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Waits until a process has ended. A wait for the end of output that is read line by line is part of it in .NET, and whoever the process left behind may hold that open: it
    /// holds no test up for longer than <paramref name="seconds"/>.
    /// </summary>
    public static async Task EndsAsync(this Process process, int seconds = 60)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.True(process.HasExited, $"Not within {seconds} s: the end of process {process.Id}, {process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}");
        }
    }

    /// <summary>All that a process said, once it has ended.</summary>
    public static async Task<T> AfterEndAsync<T>(this Task<T> output, Process process)
    {
        try
        {
            return await output.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} has ended, and somebody whom it left behind holds its output open.");
        }
    }
}
