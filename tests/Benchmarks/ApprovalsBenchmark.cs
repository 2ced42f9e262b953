using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Maintenance.Local.Storage;
using Maintenance.Local.Workflows;
using Maintenance.Patches;
using Maintenance.Workflows;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Benchmarks;

/// <summary>
/// Approvals in flight: how long a fresh process takes until all of them are resumed, what they cost while nothing happens, and how soon one that is decided ends.
/// The workflow, the engine and the journal are the program's; the activities answer at once.
/// </summary>
internal static class ApprovalsBenchmark
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    /// <summary>Makes the instances once, and resumes them in a fresh process a round; so with none, in turns, for what the process costs by itself.</summary>
    public static async Task<int> RunAsync(int open, int rounds)
    {
        using var workplace = new Workplace();
        var (none, all) = (Path.Join(workplace.Folder, "none.db"), Path.Join(workplace.Folder, "all.db"));
        await CreateAsync(none, 0);
        var watch = Stopwatch.StartNew();
        await CreateAsync(all, open);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"started {open} approvals in {watch.Elapsed.TotalSeconds:0.0} s; the journal has {new FileInfo(all).Length / 1e6:0.0} MB"));
        var (empty, full) = (new List<Figures>(), new List<Figures>());
        for (var round = 0; round < rounds; round++)
        {
            empty.Add(await InFreshProcessAsync(none));
            full.Add(await InFreshProcessAsync(all));
        }

        foreach (var (name, figures) in new[] { ("none", empty), ($"{open}", full) })
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name} in flight: resumed in {Median(figures, static f => f.Resumed):0.00} s; heap {Median(figures, static f => f.Heap):0.0} MB, working set {Median(figures, static f => f.WorkingSet):0} MB; idle for 10 s {Median(figures, static f => f.IdleCpu) * 1000:0} ms of CPU; one decided ends after {Median(figures, static f => f.Decided) * 1000:0.0} ms (medians of {rounds})"));
        }

        Console.WriteLine(string.Join(' ', full.Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.Resumed:0.00} s"))));
        return Median(full, static f => f.Resumed) < 5 ? 0 : 1;
    }

    /// <summary>The part that runs in a fresh process.</summary>
    public static async Task<int> ResumeAsync(string file)
    {
        await using var database = SqliteDatabase.Open(file);
        var watch = Stopwatch.StartNew();
        await using var engine = Engine(database);
        await engine.StartAsync(default);
        await engine.WaitUntilIdleAsync();
        var resumed = watch.Elapsed.TotalSeconds;

        var heap = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        using var process = Process.GetCurrentProcess();

        // What was called often is compiled anew in the background; that is over in a moment, and not what waiting costs.
        await Task.Delay(Settling);
        process.Refresh();
        var before = process.TotalProcessorTime;
        await Task.Delay(Idle);
        process.Refresh();
        var idle = (process.TotalProcessorTime - before).TotalSeconds;
        var workingSet = process.WorkingSet64 / 1e6;

        // The first ones also pay for the compiler; nobody waits for milliseconds here, so the median of a few will do.
        var times = new List<double>();
        foreach (var id in (await new SqliteWorkflowJournal(database).RunningAsync(default)).Take(21))
        {
            watch.Restart();
            await engine.RaiseAsync(id, PatchWorkflows.Decided, default);
            _ = await engine.WaitForEndAsync(id, default);
            times.Add(watch.Elapsed.TotalSeconds);
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{resumed} {heap} {workingSet} {idle} {(times.Count == 0 ? 0 : times[times.Count / 2])}"));
        return 0;
    }

    private static async Task CreateAsync(string file, int open)
    {
        await using var database = SqliteDatabase.Open(file);
        await using var engine = Engine(database);
        await engine.StartAsync(default);
        await Parallel.ForAsync(0, open, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, cancellation) =>
            await engine.StartAsync(Approval, $"patch_P-{i}", JsonNode.Parse($$"""{ "patch": "P-{{i}}" }"""), cancellation));
        await engine.WaitUntilIdleAsync();
        await engine.StopAsync(default);
    }

    /// <summary>The program's workflow by its name; the engine finds its code.</summary>
    private static Workflow<JsonNode?, JsonNode?> Approval { get; } = new(PatchWorkflows.Approval.Name, static (_, _) => throw new NotSupportedException());

    private static WorkflowEngine Engine(SqliteDatabase database)
    {
        var answers = new ConcurrentDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            // Each has its own expiry, far away.
            ["AnnouncePatch"] = new JsonObject { ["expiresAt"] = TimeProvider.System.GetUtcNow().AddDays(3).UtcDateTime },
            ["ClosePatch"] = JsonNode.Parse("""{ "decision": { "outcome": "approved", "reason": "2 of 2 approved.", "at": "2026-11-22T02:30:00Z" } }"""),
        };
        var activities = new ActivityRegistry();
        foreach (var (name, answer) in answers)
        {
            activities.Add(new Activity<JsonNode?, JsonNode?>(name), (_, _) => Task.FromResult(answer));
        }

        return new WorkflowEngine(
            new SqliteWorkflowJournal(database), new WorkflowRegistry().Add(PatchWorkflows.Approval), activities, TimeProvider.System, NullLogger<WorkflowEngine>.Instance, new WorkflowEngineSettings());
    }

    private static async Task<Figures> InFreshProcessAsync(string file)
    {
        // A copy: the decided ones are gone from it afterwards.
        var copy = file + ".round";
        File.Copy(file, copy, overwrite: true);
        using var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Join(AppContext.BaseDirectory, "Benchmarks.dll"), "approvals-resume", copy },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var line = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        var values = line.Split(' ').Select(static value => double.Parse(value, CultureInfo.InvariantCulture)).ToList();
        return new Figures(values[0], values[1], values[2], values[3], values[4]);
    }

    private static double Median(List<Figures> figures, Func<Figures, double> of) => figures.Select(of).Order().ElementAt(figures.Count / 2);

    /// <summary>Seconds, MB, MB, seconds, seconds.</summary>
    private sealed record Figures(double Resumed, double Heap, double WorkingSet, double IdleCpu, double Decided);
}
