using System.Collections.Concurrent;
using Maintenance.Workflows;

namespace Maintenance.Local.Workflows;

/// <summary>
/// Runs workflows on one machine, durably: what the Durable Functions extension is on Azure. After a crash, instances go on from their journal; activities that
/// completed are not run again, deadlines and raised events are not lost. Instances and events may be taken in before the engine is started and after it was
/// stopped; they wait in the journal. One engine at a time may run over a journal.
/// </summary>
public sealed class WorkflowEngine : IWorkflows, IHostedService, IAsyncDisposable
{
    /// <summary>How long giving back the unfinished attempts may take once the time to stop is over.</summary>
    private static readonly TimeSpan ReleaseWithin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, WorkflowRun> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly SemaphoreSlim _slots;
    private readonly WorkflowEngineSettings _settings;
    private readonly WorkflowHost _host;
    private ITimer? _purge;
    private volatile bool _started;

    /// <summary>An engine that runs nothing until it is started.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No activity could ever run.</exception>
    public WorkflowEngine(
        IWorkflowJournal journal,
        WorkflowRegistry workflows,
        ActivityRegistry activities,
        TimeProvider clock,
        ILogger<WorkflowEngine> log,
        WorkflowEngineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.ConcurrentActivities, 1, nameof(settings));
        _settings = settings;
        _slots = new SemaphoreSlim(settings.ConcurrentActivities);
        _host = new WorkflowHost(
            journal, workflows, activities, clock, log, _slots, new WorkInHand(log, _abandoned.Token), new WakeUps(clock, Wake), Forget,
            _stopping.Token, _abandoned.Token);
    }

    /// <summary>Continues the instances that the journal has; returns before they have got anywhere.</summary>
    /// <exception cref="InvalidOperationException">The engine was started before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_started)
        {
            throw new InvalidOperationException("A workflow engine is started once.");
        }

        // First this, then the reading: an instance that is started meanwhile is found by one of the two.
        _started = true;
        foreach (var instanceId in await _host.Journal.RunningAsync(cancellationToken))
        {
            Open(instanceId);
        }

        _purge = _host.Clock.CreateTimer(_ => Purge(), null, TimeSpan.FromDays(1), TimeSpan.FromDays(1));
        Purge();
        void Purge() => _host.Work.Start("The purge of ended workflows", PurgeOldAsync);
    }

    /// <summary>
    /// Begins nothing more, cancels the running activities and gives them <see cref="WorkflowEngineSettings.StopWithin"/> to end. Those that were cancelled, or
    /// did not end, are run again after the next start, and neither counts as a failed attempt.
    /// </summary>
    /// <param name="cancellationToken">Cuts the waiting short.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_abandoned.IsCancellationRequested)
        {
            return;
        }

        var cancelled = CancelAsync(_stopping);
        try
        {
            await Task.WhenAll(cancelled, _host.Work.IdleAsync()).WaitAsync(_settings.StopWithin, _host.Clock, cancellationToken);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            _host.Log.LogWarning("Activities did not end when they were cancelled; they are run again after the next start");
        }

        try
        {
            // In real time, whatever the clock: this waits for a disk.
            await Task.WhenAll(_runs.Values.Select(run => run.ReleaseAsync())).WaitAsync(ReleaseWithin, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            _host.Log.LogError("The journal did not take the unfinished activities back in time; the next start takes them for crashed");
        }

        await AbandonAsync();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id is not allowed, or the workflow is not registered.</exception>
    public async Task<bool> StartAsync<TInput, TOutput>(Workflow<TInput, TOutput> workflow, string instanceId, TInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        WorkflowIds.Check(instanceId);
        if (_host.Workflows.Find(workflow.Name) is null)
        {
            throw new ArgumentException($"The workflow {workflow.Name} is not registered: after a restart nobody could continue it.", nameof(workflow));
        }

        // One that runs here is in the journal. Sweeps ask so for every open instance, and need not go to the disk for it.
        if (_runs.ContainsKey(instanceId))
        {
            return false;
        }

        var started = new WorkflowStarted(_host.Clock.GetUtcNow(), workflow.Name, StepJson.Write(input));
        if (!await _host.Journal.CreateAsync(instanceId, started, cancellation))
        {
            return false;
        }

        if (_started)
        {
            Open(instanceId);
        }

        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The event has no name.</exception>
    public async Task RaiseAsync(string instanceId, string eventName, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(eventName);
        var raised = new EventRaised(_host.Clock.GetUtcNow(), eventName);
        if (await _host.Journal.RaiseAsync(instanceId, raised, cancellation) && _runs.TryGetValue(instanceId, out var run))
        {
            _host.Work.Start($"The event {eventName} of {instanceId}", run.CatchUpAsync);
        }
    }

    /// <inheritdoc/>
    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellation) => _host.Journal.GetAsync(instanceId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(DateTimeOffset failedSince, int take, CancellationToken cancellation) =>
        _host.Journal.ListAsync(failedSince, take, cancellation);

    /// <inheritdoc/>
    public async Task<TerminationOutcome> TerminateAsync(string instanceId, string error, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        while (true)
        {
            if (await GetAsync(instanceId, cancellation) is not { } status)
            {
                return TerminationOutcome.Missing;
            }

            if (status.State != WorkflowState.Running)
            {
                return TerminationOutcome.HadEnded;
            }

            // One that runs here is ended behind its own gate; one that this program cannot run, or does not run yet, in the journal.
            if (_runs.TryGetValue(instanceId, out var run) ? await run.TerminateAsync(error) : await AppendEndAsync(instanceId, error, cancellation))
            {
                return TerminationOutcome.Ended;
            }
        }
    }

    /// <summary>Waits until an instance has ended.</summary>
    /// <exception cref="KeyNotFoundException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">This engine cannot run the instance; the log says why.</exception>
    /// <exception cref="OperationCanceledException">The waiting was cancelled, or the engine stopped.</exception>
    public async Task<WorkflowStatus> WaitForEndAsync(string instanceId, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _host.Abandoned);
        while (true)
        {
            // In this order: an end between any two of these lines is seen by the one after it.
            var end = _ends.GetOrAdd(instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var isRun = !_started || _runs.ContainsKey(instanceId);
            var status = await GetAsync(instanceId, cancellation);
            if (status is not { State: WorkflowState.Running } || !isRun)
            {
                _ends.TryRemove(KeyValuePair.Create(instanceId, end));
                end.TrySetResult();
                return status switch
                {
                    null => throw new KeyNotFoundException($"There is no workflow instance {instanceId}."),
                    { State: WorkflowState.Running } => throw new InvalidOperationException($"The workflow instance {instanceId} cannot be run by this program."),
                    _ => status,
                };
            }

            await end.Task.WaitAsync(either.Token);
        }
    }

    /// <summary>
    /// Completes when nothing runs: every instance has ended or waits for an event, a deadline or a retry. For simulations and tests, which then move the clock.
    /// </summary>
    public Task WaitUntilIdleAsync() => _host.Work.IdleAsync();

    /// <summary>Completes when nothing runs but activities: as <see cref="WaitUntilIdleAsync"/>, for who holds some of them open.</summary>
    internal Task WaitUntilQuietAsync() => _host.Work.QuietAsync();

    /// <summary>Deletes the instances that ended before an instant (UTC). The engine does so daily by <see cref="WorkflowEngineSettings.KeepEnded"/>.</summary>
    /// <returns>How many.</returns>
    public Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellation) => _host.Journal.PurgeAsync(before, cancellation);

    /// <summary>Ends at once, as a crash would, unless the engine was stopped before: activities are cancelled, and nothing more is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await AbandonAsync();
        _host.WakeUps.Dispose();
    }

    private async Task<bool> AppendEndAsync(string instanceId, string error, CancellationToken cancellation)
    {
        var known = await _host.Journal.ReadAsync(instanceId, 0, cancellation);
        var now = _host.Clock.GetUtcNow();
        return await _host.Journal.AppendAsync(instanceId, known.Count, [new WorkflowFailed(now, error)], null, now, cancellation) == AppendResult.Appended;
    }

    private async Task AbandonAsync()
    {
        // In this order: what the cancelled activities do is then not taken in.
        await CancelAsync(_abandoned);
        await CancelAsync(_stopping);
        if (_purge is not null)
        {
            await _purge.DisposeAsync();
        }
    }

    private async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync();
        }
        catch (AggregateException error)
        {
            // What an activity does when it is cancelled may throw; that must not keep the engine from stopping.
            _host.Log.LogWarning(error, "An activity failed while it was cancelled");
        }
    }

    private void Open(string instanceId)
    {
        // It can be found before it is read: an event that is raised meanwhile then has someone to tell.
        var run = new WorkflowRun(instanceId, _host);
        if (!_stopping.IsCancellationRequested && _runs.TryAdd(instanceId, run))
        {
            _host.Work.Start($"The workflow instance {instanceId}", run.OpenAsync);
        }
    }

    private void Wake(string instanceId)
    {
        if (_runs.TryGetValue(instanceId, out var run))
        {
            _host.Work.Start($"The workflow instance {instanceId}", run.WakeAsync);
        }
    }

    private void Forget(string instanceId)
    {
        _runs.TryRemove(instanceId, out _);
        if (_ends.TryRemove(instanceId, out var end))
        {
            end.TrySetResult();
        }
    }

    private async Task PurgeOldAsync()
    {
        if (await PurgeAsync(_host.Clock.GetUtcNow() - _settings.KeepEnded, _host.Stopping) is var purged and > 0)
        {
            _host.Log.LogInformation("Purged {Count} ended workflows", purged);
        }
    }
}
