using System.Collections.Concurrent;
using Maintenance.Local.Workflows;
using Maintenance.Tests.Contracts;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>The engine's context, with one engine all the time.</summary>
public sealed class LocalWorkflowContextTests : WorkflowContextContract
{
    protected override WorkflowContextBench Open() => new LocalWorkflowContextBench(isRestarted: false);
}

/// <summary>The engine's context, with a new engine over the journal after each thing that happens.</summary>
public sealed class RestartedWorkflowContextTests : WorkflowContextContract
{
    protected override WorkflowContextBench Open() => new LocalWorkflowContextBench(isRestarted: true);
}

/// <summary>An instance on the engine, over a real journal and a clock that a test moves.</summary>
internal sealed class LocalWorkflowContextBench : WorkflowContextBench
{
    private const string Id = "contract";

    private readonly EngineBench _bench = new() { Settings = new WorkflowEngineSettings { ConcurrentActivities = 100 } };
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _running = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _again = new();
    private readonly bool _isRestarted;
    private WorkflowEngine? _engine;
    private bool _isDown;

    public LocalWorkflowContextBench(bool isRestarted)
    {
        _isRestarted = isRestarted;
        _bench.Activities.Add(Copy, (input, cancellation) => RunAsync($"Copy {input}", cancellation));
        _bench.Activities.Add(Check, (input, cancellation) => RunAsync($"Check {input}", cancellation));
    }

    public override DateTimeOffset Now => _bench.Clock.Now;

    public override string Running => string.Join(", ", _running.Keys.Order(StringComparer.Ordinal));

    public override async Task StartAsync(Func<IWorkflowContext, Task<string>> workflow)
    {
        var registered = new Workflow<int, string>("Contract", (context, _) => workflow(context));
        _bench.Workflows.Add(registered);
        await UpAsync();
        await _engine!.StartAsync(registered, Id, 0, EngineBench.None);
        await RestAsync();
    }

    public override async Task RaiseAsync(string name)
    {
        await _engine!.RaiseAsync(Id, name, EngineBench.None);
        await RestAsync();
    }

    public override async Task PassAsync(int minutes)
    {
        if (_isDown)
        {
            _bench.Clock.Advance(TimeSpan.FromMinutes(minutes));
            return;
        }

        // By the hour where it is far: nothing in these tests is due between.
        while (minutes > 0)
        {
            var step = minutes > 120 ? 60 : 1;
            minutes -= step;
            _bench.Clock.Advance(TimeSpan.FromMinutes(step));
            await _engine!.WaitUntilQuietAsync();
        }

        await RestAsync();
    }

    public override Task CompleteAsync(string call, string output)
    {
        _done.Add(call);
        return EndAsync(call, running => running.SetResult(output));
    }

    public override Task FailAsync(string call, string reason) => EndAsync(call, running => running.SetException(new IOException(reason)));

    public override async Task WhileDownAsync(Func<Task> happenings)
    {
        await DownAsync();
        _isDown = true;
        _engine = _bench.NewEngine();
        await happenings();
        _isDown = false;
        await _engine.DisposeAsync();
        await UpAsync();
    }

    public override async Task<string> OutcomeAsync()
    {
        Assert.Empty(_again);
        var status = await _engine!.GetAsync(Id, EngineBench.None);
        return status!.State switch
        {
            WorkflowState.Completed => MaintenanceJson.Read<string>(status.Output!),
            WorkflowState.Failed => $"failed: {status.Error}",
            _ => "running",
        };
    }

    public override async Task<string?> StatusAsync() => (await _engine!.GetAsync(Id, EngineBench.None))!.Status;

    public override ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task EndAsync(string call, Action<TaskCompletionSource<string>> end)
    {
        Assert.True(_running.TryRemove(call, out var running), $"{call} does not run; what runs: {Running}");

        // On the pool, where the engine goes on in line: when this returns, it has what happened in hand.
        await Task.Run(() => end(running!));
        await RestAsync();
    }

    private async Task<string> RunAsync(string call, CancellationToken cancellation)
    {
        if (_done.Contains(call))
        {
            _again.Enqueue(call);
        }

        var running = new TaskCompletionSource<string>();
        _running[call] = running;
        await using var stopped = cancellation.Register(() => running.TrySetCanceled(cancellation));
        return await running.Task;
    }

    private async Task RestAsync()
    {
        if (_isDown)
        {
            return;
        }

        await _engine!.WaitUntilQuietAsync();
        if (_isRestarted)
        {
            await DownAsync();
            await UpAsync();
        }
    }

    private async Task DownAsync()
    {
        await _engine!.StopAsync(EngineBench.None);
        await _engine.DisposeAsync();
        _running.Clear();
    }

    private async Task UpAsync()
    {
        _engine = await _bench.StartEngineAsync();
        await _engine.WaitUntilQuietAsync();
    }
}
