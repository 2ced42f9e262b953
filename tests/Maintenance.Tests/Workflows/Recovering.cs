using System.Runtime.CompilerServices;
using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>
/// A workflow of the shape of a recovery: steps with predecessors, two at a time, new ones as others end; one fails at first, one for good; a person confirms one of
/// them, and another wait is never served. Which steps ran, and what came of each, does not depend on when things happen.
/// </summary>
internal sealed class Recovering
{
    public const string Id = "recovery";

    public const string Result = "\"approve=True check=checked database=database files=files mail=no relay network=network records=records web=web\"";

    private const int Workers = 2;

    private static readonly Activity<string, string> Step = new("Step");

    /// <summary>What each step waits for.</summary>
    private static readonly (string Name, string[] After)[] Steps =
    [
        ("network", []), ("files", ["network"]), ("database", ["network"]), ("records", ["database"]), ("check", ["files", "records"]),
        ("mail", []), ("approve", ["check"]), ("web", ["approve", "mail"]),
    ];

    private readonly Lock _lock = new();
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);

    public static Workflow<int, string> Workflow { get; } = new("Recovering", RunAsync);

    /// <summary>What went against the rules: a completed step that ran again, more at once than there are workers.</summary>
    public List<string> Broken { get; } = [];

    /// <summary>Registers the program for one life of the process.</summary>
    public void Register(EngineBench bench)
    {
        bench.ForgetTheProgram();
        bench.Workflows.Add(Workflow);

        // Each life counts its own: a process that ended took its running steps with it.
        var running = new StrongBox<int>();
        bench.Activities.Add(Step, async (name, cancellation) =>
        {
            Begin(name, running);
            try
            {
                await Task.Yield();
                return name switch
                {
                    "check" when _attempts[name] < 2 => throw new IOException("not yet"),
                    "check" => "checked",
                    "mail" => throw new IOException("no relay"),
                    _ => name,
                };
            }
            finally
            {
                Interlocked.Decrement(ref running.Value);
            }
        });
    }

    /// <summary>Takes note of what the journal has: none of it may run again.</summary>
    public void Know(IReadOnlyList<WorkflowEvent> history)
    {
        foreach (var done in from over in history.Where(e => e is ActivityCompleted or ActivityFailed).Select(e => (e as ActivityCompleted)?.Step ?? ((ActivityFailed)e).Step)
                             join scheduled in history.OfType<ActivityScheduled>() on over equals scheduled.Step
                             select MaintenanceJson.Read<string>(scheduled.Input))
        {
            _done.Add(done);
        }
    }

    /// <summary>Drives an instance to its end: somebody confirms, and time passes.</summary>
    public static async Task<string?> DriveAsync(EngineBench bench, WorkflowEngine engine)
    {
        await engine.StartAsync(Workflow, Id, 0, default);
        for (var minutes = 0; minutes < 600; minutes++)
        {
            await engine.WaitUntilIdleAsync();
            var status = await engine.GetAsync(Id, default);
            if (status!.State != WorkflowState.Running)
            {
                return status.Output ?? status.Error;
            }

            if (minutes == 3 && !(await bench.HistoryAsync(Id)).OfType<EventRaised>().Any())
            {
                await engine.RaiseAsync(Id, "approved", default);
            }

            bench.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        return "It does not end.";
    }

    private static async Task<string> RunAsync(IWorkflowContext context, int input)
    {
        var left = Steps.ToList();
        var running = new Dictionary<Task<string>, string>();
        var results = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var abort = context.WaitForEventAsync("abort", context.Now.AddDays(30));
        while (left.Count + running.Count > 0)
        {
            foreach (var ready in left.Where(step => step.After.All(results.ContainsKey)).Take(Workers - running.Count).ToList())
            {
                left.Remove(ready);
                running.Add(RunStepAsync(context, ready.Name), ready.Name);
            }

            context.SetStatus(string.Join(", ", running.Values));
            var first = await Task.WhenAny(running.Keys.Append<Task>(abort));
            if (first == abort)
            {
                return "aborted";
            }

            var ended = (Task<string>)first;
            running.Remove(ended, out var name);
            results[name!] = await ended;
        }

        return string.Join(' ', results.Select(result => $"{result.Key}={result.Value}"));
    }

    private static async Task<string> RunStepAsync(IWorkflowContext context, string name)
    {
        if (name == "approve")
        {
            return $"{await context.WaitForEventAsync("approved", context.Now.AddDays(1))}";
        }

        try
        {
            return await context.CallAsync(Step, name, new RetryRule(name == "mail" ? 2 : 4, TimeSpan.FromSeconds(20)));
        }
        catch (WorkflowStepFailedException failure) when (!failure.Reason.StartsWith("The process ended", StringComparison.Ordinal) || name == "mail")
        {
            return "no relay";
        }
    }

    private void Begin(string name, StrongBox<int> running)
    {
        lock (_lock)
        {
            _attempts[name] = _attempts.GetValueOrDefault(name) + 1;
            if (_done.Contains(name))
            {
                Broken.Add($"{name} ran again");
            }

            if (Interlocked.Increment(ref running.Value) > Workers)
            {
                Broken.Add($"more than {Workers} steps at once");
            }
        }
    }
}
