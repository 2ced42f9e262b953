using System.Diagnostics;

namespace Maintenance.Benchmarks;

/// <summary>A temporary folder, and the program under measurement running in it.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly List<Process> _processes = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("maintenance-benchmark-").FullName;

    public static string SamplePlan()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "plan", "plan.yaml")))
            {
                return Path.Join(folder.FullName, "plan", "plan.yaml");
            }
        }

        throw new FileNotFoundException("plan/plan.yaml was not found above the program.");
    }

    /// <summary>Starts <c>serve</c> and waits until it answers.</summary>
    /// <returns>Its address, and how long that took.</returns>
    public async Task<(Uri Address, TimeSpan Took)> ServeAsync(string data, bool timers)
    {
        var watch = Stopwatch.StartNew();
        var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Join(AppContext.BaseDirectory, "maintenance.dll"), "serve", "--plan", SamplePlan(), "--data", Path.Join(Folder, data), "--urls", "http://127.0.0.1:0", "--tick", timers ? "1m" : "1h", "--feedback-rate", "0" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        _processes.Add(process);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Overview", StringComparison.Ordinal))
            {
                var address = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Trim());
                using var client = new HttpClient();
                using var answer = await client.GetAsync(new Uri(address, "api/health"));
                watch.Stop();
                return (address, watch.Elapsed);
            }
        }

        throw new InvalidOperationException("The program ended before it served.");
    }

    public void Stop()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _processes.Clear();
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(Folder, recursive: true);
    }
}
