using System.Diagnostics;
using System.Globalization;
using Xunit.Sdk;

namespace Maintenance.Tests.EndToEnd;

/// <summary>No test waits for the end of a process for ever.</summary>
public sealed class ProcessEndTests
{
    [Fact]
    public async Task Whoever_still_holds_the_output_of_a_process_that_has_ended_holds_no_test_up()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // The shell ends at once; what it leaves behind keeps its output open.
        var leftBehind = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var process = new Process { StartInfo = new ProcessStartInfo("sh", ["-c", "sleep 300 & echo $!"]) { RedirectStandardOutput = true } };
        process.OutputDataReceived += (_, line) => _ = line.Data is { } text && leftBehind.TrySetResult(int.Parse(text, CultureInfo.InvariantCulture));
        _ = process.Start();
        process.BeginOutputReadLine();
        using var sleep = Process.GetProcessById(await leftBehind.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        try
        {
            await process.EndsAsync(2).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.True(process.HasExited);
        }
        finally
        {
            sleep.Kill();
        }
    }

    [Fact]
    public async Task A_process_that_does_not_end_is_named()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var process = Process.Start("sleep", ["300"]);
        try
        {
            var error = await Assert.ThrowsAnyAsync<XunitException>(() => process.EndsAsync(1));
            Assert.Contains($"the end of process {process.Id}, sleep 300", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }
}
