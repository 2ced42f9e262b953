using System.Collections.Concurrent;
using Maintenance.Local.Storage;
using Maintenance.Local.Workflows;
using Maintenance.Tests.Contracts;
using Maintenance.Tests.Storage;
using Microsoft.Extensions.Logging;

namespace Maintenance.Tests.Workflows;

/// <summary>A database file, a clock and a log, over which one engine after the other can run.</summary>
internal sealed class EngineBench : ILogger<WorkflowEngine>, IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly List<WorkflowEngine> _engines = [];

    public EngineBench()
    {
        _database = SqliteDatabase.Open(_folder.PathOf("maintenance.db"));
        Journal = new SqliteWorkflowJournal(_database);
    }

    public FakeClock Clock { get; } = new();

    public SqliteDatabase Database => _database;

    public SqliteWorkflowJournal Journal { get; }

    public WorkflowRegistry Workflows { get; private set; } = new();

    public ActivityRegistry Activities { get; private set; } = new();

    public WorkflowEngineSettings Settings { get; set; } = new();

    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Ends waits that a broken engine would leave hanging.</summary>
    public static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    public static CancellationToken None => CancellationToken.None;

    /// <summary>As after an update of the program: nothing is registered any more.</summary>
    public void ForgetTheProgram()
    {
        Workflows = new WorkflowRegistry();
        Activities = new ActivityRegistry();
    }

    /// <summary>An engine that was not started.</summary>
    public WorkflowEngine NewEngine(IWorkflowJournal? journal = null, TimeProvider? clock = null)
    {
        var engine = new WorkflowEngine(journal ?? Journal, Workflows, Activities, clock ?? Clock, this, Settings);
        _engines.Add(engine);
        return engine;
    }

    public async Task<WorkflowEngine> StartEngineAsync(IWorkflowJournal? journal = null)
    {
        var engine = NewEngine(journal);
        await engine.StartAsync(None);
        return engine;
    }

    /// <summary>Moves the clock on in steps, letting the engine come to rest before and after each.</summary>
    public async Task PassAsync(WorkflowEngine engine, TimeSpan time, TimeSpan step)
    {
        await engine.WaitUntilIdleAsync();
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Clock.Advance(step);
            await engine.WaitUntilIdleAsync();
        }
    }

    public Task PassAsync(WorkflowEngine engine, TimeSpan time) => PassAsync(engine, time, time);

    public async Task<IReadOnlyList<WorkflowEvent>> HistoryAsync(string instanceId) => (await Journal.LoadAsync(instanceId, None))!.History;

    public async Task<string[]> KindsAsync(string instanceId) => [.. (await HistoryAsync(instanceId)).Select(e => e.Kind)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
        {
            await engine.DisposeAsync();
        }

        await _database.DisposeAsync();
        _folder.Dispose();
    }
}
