using System.Collections.Concurrent;
using Maintenance.Backups;
using Maintenance.Local.Hosting;
using Maintenance.Local.Storage;
using Maintenance.Local.Workflows;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Tests.Storage;
using Microsoft.Extensions.Logging;

namespace Maintenance.Tests.Services;

/// <summary>Recoveries over the office, with the real engine: what it asks for is done by the real steps, on real folders and a real repository.</summary>
internal sealed class RecoveryBench : ILogger<WorkflowEngine>, IAsyncDisposable
{
    public const string Strategy = """

        recovery:
          tickets: { impact: all, urgency: now }
          strategies:
            - id: register
              service: register
              workers: 2
              workRecovery: 2h
              notify: [administrator]
              drills: { schedule: "0 0 5 * * *", expires: 3d }
              steps:
                - { id: restore, name: Restore it, owner: support, duration: 10m, restore: { backup: nightly } }
                - { id: readable, name: It is readable, after: [restore], owner: support, duration: 1m, check: { file: entry.txt, contains: born } }
                - { id: look, name: Look at it, after: [readable], owner: support, duration: 10m, manual: { sop: sop.md } }
                - { id: gate, name: Cut over, after: [look], owner: ann, duration: 5m, gate: { approvers: [approver], quorum: 2 } }
                - { id: answers, name: It answers, after: [gate], owner: support, duration: 1m, check: { http: "http://localhost/health" } }
                - { id: open, name: Open it, after: [answers], owner: support, duration: 5m, manual: {} }

        """;

    private readonly ScratchFolder _folder = new();
    private readonly SqliteDatabase _journal;
    private readonly WorkflowEngine _engine;

    private RecoveryBench(string plan)
    {
        Office = new Office(plan);
        File.WriteAllText(Path.Join(Office.Folder, "sop.md"), "Compare the last entry with the paper form.");
        _journal = SqliteDatabase.Open(_folder.PathOf("journal.db"));
        var steps = Office.RecoveryActivities;
        var activities = new ActivityRegistry()
            .Add(RecoveryWorkflows.BeginRecovery, steps.BeginAsync)
            .Add(RecoveryWorkflows.TakeRecoveryStep, steps.TakeAsync)
            .Add(RecoveryWorkflows.RunRecoveryStep, steps.RunAsync)
            .Add(RecoveryWorkflows.FailRecoveryStep, steps.FailAsync)
            .Add(RecoveryWorkflows.SettleRecovery, steps.SettleAsync)
            .Add(RecoveryWorkflows.CloseRecovery, steps.CloseAsync);
        _engine = new WorkflowEngine(new SqliteWorkflowJournal(_journal), LocalHost.Workflows(), activities, Office.Clock, this, new WorkflowEngineSettings());
        Office.Workflows.Real = _engine;
    }

    public Office Office { get; }

    public ConcurrentQueue<string> Log { get; } = new();

    public string Live => Office.Source;

    public Person Ann => Office.Plan.Current.FindPerson("ann")!;

    public Person Ben => Office.Plan.Current.FindPerson("ben")!;

    /// <summary>With one proven backup, of 02:00, an hour ago.</summary>
    public static async Task<RecoveryBench> OpenAsync(Func<string, string>? plan = null)
    {
        var text = Office.QuickPlan + Strategy;
        var bench = new RecoveryBench(plan is null ? text : plan(text));
        var load = await bench.Office.Plan.RefreshAsync(default);
        Assert.True(bench.Office.Plan.Current.Recovery.Strategies.Count > 0, load.ToString());
        await bench._engine.StartAsync(default);
        _ = await bench.BackUpAsync();
        bench.Office.Clock.Advance(TimeSpan.FromHours(1));
        return bench;
    }

    public async Task<BackupRun> BackUpAsync()
    {
        // The backup's own workflow is none of this engine's.
        var real = Office.Workflows.Real;
        Office.Workflows.Real = null;
        var run = await Office.Backups.StartAsync("nightly", default);
        Office.Workflows.Real = real;
        var reference = new BackupRunRef(run.Policy, run.Id);
        var taken = await Office.Activities.TakeSnapshotAsync(reference, default);
        return await Office.Activities.RecordBackupAsync(new BackupResult(reference, taken, await Office.Activities.ProveSnapshotAsync(reference, default), null), default);
    }

    public Task<RecoveryRun> StartAsync(string key = "key", Func<NewRecovery, NewRecovery>? more = null) =>
        Office.Recoveries.StartAsync((more ?? (static request => request))(new NewRecovery(RecoveryKind.Recovery, "register", "The disk broke.")), "ann", key, default);

    public Task<RecoveryRun> DrillAsync(DrillFault? fault = null, string key = "drill") =>
        Office.Recoveries.StartAsync(new NewRecovery(RecoveryKind.Drill, "register", "To try it.") { Fault = fault }, "ann", key, default);

    public Task DecideAsync(string id, string step, StepDecision decision, Person person, string? comment = null) => Office.Recoveries.DecideAsync(id, step, decision, person, comment, default);

    public Task DecideAsync(string id, RecoveryDecision decision, string comment = "So.") => Office.Recoveries.DecideAsync(id, decision, "ann", comment, default);

    /// <summary>Lets the engine work, and time pass by the quarter of a minute, until a recovery is where it is wanted.</summary>
    public async Task<RecoveryRun> UntilAsync(string id, Func<RecoveryRun, bool> holds)
    {
        for (var steps = 0; ; steps++)
        {
            await _engine.WaitUntilIdleAsync();
            var run = (await Office.Recoveries.FindAsync(id, default))!;
            if (holds(run))
            {
                return run;
            }

            Assert.True(steps < 40, $"It stays {MaintenanceJson.Write(run)}\n{string.Join('\n', Log)}");
            Office.Clock.Advance(TimeSpan.FromSeconds(15));
        }
    }

    public Task<RecoveryRun> UntilAsync(string id, string step, RecoveryStepState state) => UntilAsync(id, run => run.Step(step).State == state);

    public Task<RecoveryRun> UntilClosedAsync(string id) => UntilAsync(id, static run => !run.IsOpen);

    /// <summary>To where the gate is open.</summary>
    public async Task<RecoveryRun> ToGateAsync(string id)
    {
        _ = await UntilAsync(id, "look", RecoveryStepState.Waiting);
        await DecideAsync(id, "look", StepDecision.Confirm, Ben, "All there.");
        return await UntilAsync(id, "gate", RecoveryStepState.Waiting);
    }

    public async Task<RecoveryRun> ApproveAsync(string id)
    {
        await DecideAsync(id, "gate", StepDecision.Approve, Ann);
        await DecideAsync(id, "gate", StepDecision.Approve, Ben);
        return await UntilAsync(id, static run => run.Step("gate").State is RecoveryStepState.Done or RecoveryStepState.Failed);
    }

    /// <summary>To where the service runs again.</summary>
    public async Task<RecoveryRun> ToRecoveredAsync(string id)
    {
        _ = await ToGateAsync(id);
        _ = await ApproveAsync(id);
        _ = await UntilAsync(id, "open", RecoveryStepState.Waiting);
        await DecideAsync(id, "open", StepDecision.Confirm, Ben);
        return await UntilAsync(id, static run => run.State == RecoveryState.Recovered);
    }

    /// <summary>What lies beside the live folder and was put there by a recovery.</summary>
    public string[] Beside() => FolderSwapTests.Beside(Live);

    public string Entry() => File.ReadAllText(Path.Join(Live, "entry.txt"));

    public async Task<string[]> TicketsAsync()
    {
        var tickets = await Office.Tickets.ListAsync(0, default).ToListAsync();
        return [.. tickets.Select(static ticket => ticket.Title)];
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _journal.DisposeAsync();
        await Office.DisposeAsync();
        _folder.Dispose();
    }
}
