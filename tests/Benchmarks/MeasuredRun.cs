using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Maintenance.Benchmarks;

/// <summary>Runs a command and adds what it cost to a file, as one line: user CPU seconds, system CPU seconds, wall seconds, peak memory in KiB; tabs between.</summary>
internal static partial class MeasuredRun
{
    private const int Children = -1;

    /// <summary>The command's own exit code. Peak memory is never told as less than this program's own (about 27 MiB), which a child starts with.</summary>
    public static int Run(string figures, ReadOnlySpan<string> command)
    {
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.WaitForExit();
        watch.Stop();
        // The only child, and waited for: what children used is what the command and its own children used.
        if (getrusage(Children, out var usage) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        var user = usage.UserSeconds + (usage.UserMicroseconds / 1e6);
        var system = usage.SystemSeconds + (usage.SystemMicroseconds / 1e6);
        File.AppendAllText(figures, string.Create(CultureInfo.InvariantCulture, $"{user:0.000}\t{system:0.000}\t{watch.Elapsed.TotalSeconds:0.000}\t{usage.PeakMemory}\n"));
        return process.ExitCode;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrusage(int who, out Usage usage);

    /// <summary>The kernel's <c>struct rusage</c> on 64-bit Linux; what follows the peak is not used.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public long PeakMemory;
    }
}
