using Maintenance.Workflows;

namespace Maintenance.Local.Workflows;

/// <summary>
/// One running instance. All that happens to it (an attempt's end, a deadline, a raised event) takes the gate, runs an episode over the history with what
/// happened, writes both to the journal in one piece, and only then acts on what the episode wants. So the journal is never behind the world by more than
/// attempts that began, which are in it too.
/// </summary>
#pragma warning disable CA1001 // A SemaphoreSlim whose wait handle nobody asks for holds nothing; those who come late must still find the gate.
internal sealed class WorkflowRun(string instanceId, WorkflowHost host)
#pragma warning restore CA1001
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly List<WorkflowEvent> _history = [];
    private readonly ActivityAttempts _attempts = new();
    private readonly HashSet<int> _live = [];
    private WorkflowCode? _code;
    private EpisodeResult? _episode;
    private bool _closed;

    /// <summary>Reads the instance from the journal and continues it.</summary>
    public Task OpenAsync() => PassGateAsync(async () =>
    {
        if (_code is not null || await LoadAsync() is not { } instance)
        {
            return;
        }

        _code = host.Workflows.Find(instance.Workflow);
        if (_code is null)
        {
            host.Log.LogError("The workflow instance {Instance} is left as it is: this program has no workflow {Workflow}", instanceId, instance.Workflow);
            Close();
            return;
        }

        Take(instance.History);
        var now = host.Clock.GetUtcNow();
        await AdvanceAsync([.. _attempts.InFlight.Select(step => _attempts.Crash(step, now))]);
    });

    /// <summary>Takes in what others wrote to the journal: raised events.</summary>
    public Task CatchUpAsync() => PassGateAsync(async () =>
    {
        // Not opened yet: opening reads them. None newer: an append that came in between took them in.
        if (_code is null || await NewerAsync() is not { Count: > 0 } newer)
        {
            return;
        }

        if (TakeRaised(newer))
        {
            await AdvanceAsync([]);
        }
        else
        {
            Close();
        }
    });

    /// <summary>Looks for deadlines and retries that are due.</summary>
    public Task WakeAsync() => PassGateAsync(async () =>
    {
        if (_episode is null || host.Stopping.IsCancellationRequested)
        {
            return;
        }

        var now = host.Clock.GetUtcNow();
        var due = _episode.OpenWaits.Where(w => w.Deadline <= now).OrderBy(w => w.Deadline).ThenBy(w => w.Step);
        List<DeadlineReached> reached = [.. due.Select(w => new DeadlineReached(now, w.Step))];
        if (reached.Count > 0)
        {
            await AdvanceAsync(reached);
        }
        else
        {
            Act(_episode);
        }
    });

    /// <summary>Ends the instance where it stands. What its activities still do is not taken in.</summary>
    /// <returns>False where it had ended, or is not run here any more.</returns>
    public async Task<bool> TerminateAsync(string error)
    {
        var isEnded = false;
        await PassGateAsync(async () =>
        {
            if (_code is null)
            {
                // Not read yet: nothing here knows its history, and whoever ends it does so in the journal.
                Close();
                return;
            }

            while (true)
            {
                switch (await AppendAsync([new WorkflowFailed(host.Clock.GetUtcNow(), error)], _episode?.Status))
                {
                    case AppendResult.Appended:
                        isEnded = true;
                        break;
                    case AppendResult.Moved when TakeRaised(await NewerAsync()):
                        continue;
                }

                Close();
                return;
            }
        });
        return isEnded;
    }

    /// <summary>Gives back the attempts that did not end in time; nothing that they still do is taken in.</summary>
    public Task ReleaseAsync() => PassGateAsync(async () =>
    {
        if (_attempts.InFlight is { Count: > 0 } running)
        {
            var now = host.Clock.GetUtcNow();
            await AdvanceAsync([.. running.Select(step => _attempts.Release(step, now))]);
        }

        _closed = true;
    });

    private async Task AttemptAsync(ActivityScheduled scheduled)
    {
        try
        {
            await host.Slots.WaitAsync(host.Stopping);
        }
        catch (OperationCanceledException)
        {
            // The engine stops, and nothing has begun.
            return;
        }

        try
        {
            var step = scheduled.Step;
            var run = host.Activities.Find(scheduled.Activity);
            if (run is null)
            {
                await RecordAsync(step, now => new ActivityFailed(now, step, $"This program has no activity {scheduled.Activity}."));
            }
            else if (!host.Stopping.IsCancellationRequested && await RecordAsync(step, now => _attempts.Start(step, now)))
            {
                await RecordAsync(step, await EndOfAsync(scheduled, run));
            }
        }
        finally
        {
            host.Slots.Release();
        }
    }

    private async Task<Func<DateTimeOffset, WorkflowEvent>> EndOfAsync(ActivityScheduled scheduled, Func<string, CancellationToken, Task<string>> run)
    {
        var step = scheduled.Step;
        try
        {
            var output = await host.Work.OutsideAsync(() => run(scheduled.Input, host.Stopping));
            return now => new ActivityCompleted(now, step, output);
        }
        catch (Exception) when (host.Stopping.IsCancellationRequested)
        {
            // Cancelled by the stop, in whatever way the activity shows it (a killed child process, say, is an IOException). A failure of its own comes again.
            return now => _attempts.Release(step, now);
        }
        catch (Exception error)
        {
            // An activity may fail in any way; its message is recorded and its retry rule decides.
            host.Log.LogWarning(error, "An attempt at {Activity} of the workflow instance {Instance} failed", scheduled.Activity, instanceId);
            var text = ErrorText.Of(error);
            return now => _attempts.Fail(step, now, text);
        }
    }

    /// <summary>Writes what happened to a live step.</summary>
    /// <returns>False when the instance has ended meanwhile, or the engine closed: then it did not happen.</returns>
    private async Task<bool> RecordAsync(int step, Func<DateTimeOffset, WorkflowEvent> happened)
    {
        var recorded = false;
        await PassGateAsync(async () =>
        {
            var record = happened(host.Clock.GetUtcNow());
            if (record is not AttemptStarted)
            {
                _live.Remove(step);
            }

            recorded = await AdvanceAsync([record]);
        });
        return recorded;
    }

    /// <summary>Writes what happened together with what the workflow asks for in consequence, then acts on it. Behind the gate.</summary>
    /// <returns>Whether it was written and the instance goes on.</returns>
    private async Task<bool> AdvanceAsync(IReadOnlyList<WorkflowEvent> happened)
    {
        while (true)
        {
            var episode = _episode is null || happened.Any(e => e.IsDelivered)
                ? WorkflowEpisode.Run(_code!, instanceId, [.. _history, .. happened])
                : _episode with { Asked = [] };
            List<WorkflowEvent> append = [.. happened, .. episode.NewEvents];
            switch (append.Count == 0 ? AppendResult.Appended : await AppendAsync(append, episode.Status))
            {
                case AppendResult.Appended:
                    Take(append);
                    _episode = episode;
                    Act(episode);
                    return episode.Outcome is null;
                case AppendResult.Moved when TakeRaised(await NewerAsync()):
                    break;
                default:
                    Close();
                    return false;
            }
        }
    }

    private async Task<AppendResult> AppendAsync(List<WorkflowEvent> events, string? status)
    {
        var tries = 0;
        var result = await InsistAsync(() =>
        {
            tries++;
            return host.Journal.AppendAsync(instanceId, _history.Count, events, status, host.Clock.GetUtcNow(), host.Abandoned);
        });

        // A commit that was reported as failed may have taken place all the same: then the history has our events already.
        return result != AppendResult.Appended && tries > 1 && (await NewerAsync()).Take(events.Count).SequenceEqual(events)
            ? AppendResult.Appended
            : result;
    }

    /// <summary>Starts what is due, and sets the wake-up for what is not yet.</summary>
    private void Act(EpisodeResult episode)
    {
        if (episode.Outcome is not null)
        {
            if (episode.Outcome is WorkflowFailed failed)
            {
                host.Log.LogWarning("The workflow instance {Instance} failed: {Error}", instanceId, failed.Error);
            }

            Close();
            return;
        }

        var now = host.Clock.GetUtcNow();
        var instants = episode.OpenWaits.Select(w => w.Deadline).ToList();
        foreach (var activity in episode.OpenActivities.Where(a => !_live.Contains(a.Step)))
        {
            if (_attempts.RetryAt(activity.Step) is { } later && later > now)
            {
                instants.Add(later);
            }
            else if (!host.Stopping.IsCancellationRequested)
            {
                _live.Add(activity.Step);
                host.Work.Start($"{activity.Activity} of {instanceId}", () => AttemptAsync(activity));
            }
        }

        host.WakeUps.Set(instanceId, instants.Count == 0 ? null : instants.Min());
    }

    private async Task<JournalledInstance?> LoadAsync()
    {
        JournalledInstance? instance = null;
        try
        {
            instance = await InsistAsync(() => host.Journal.LoadAsync(instanceId, host.Abandoned));
        }
        catch (InvalidDataException error)
        {
            host.Log.LogError(error, "The workflow instance {Instance} is left as it is", instanceId);
        }

        if (instance is { State: WorkflowState.Running })
        {
            return instance;
        }

        Close();
        return null;
    }

    private Task<IReadOnlyList<WorkflowEvent>> NewerAsync() => InsistAsync(() => host.Journal.ReadAsync(instanceId, _history.Count, host.Abandoned));

    /// <summary>Takes in raised events. Others than these mean that another engine runs the instance, to which it is left.</summary>
    private bool TakeRaised(IReadOnlyList<WorkflowEvent> newer)
    {
        if (newer.Count == 0 || newer.Any(e => e is not EventRaised))
        {
            host.Log.LogError("The workflow instance {Instance} is no longer run here: another process writes its history", instanceId);
            return false;
        }

        Take(newer);
        _episode = null;
        return true;
    }

    private void Take(IReadOnlyList<WorkflowEvent> events)
    {
        foreach (var happened in events)
        {
            _history.Add(happened);
            _attempts.Apply(happened);
        }
    }

    private void Close()
    {
        _closed = true;
        host.WakeUps.Set(instanceId, null);
        host.Closed(instanceId);
    }

    /// <summary>Calls the journal until it answers: a full disk or a locked file must not lose what happened, and is mended by people.</summary>
    private async Task<T> InsistAsync<T>(Func<Task<T>> call)
    {
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : pause)
        {
            try
            {
                return await call();
            }
            catch (Exception error) when (error is not InvalidDataException && !host.Abandoned.IsCancellationRequested)
            {
                host.Log.LogError(error, "The journal of the workflow instance {Instance} cannot be used; trying again in {Pause}", instanceId, pause);
            }

            await Task.Delay(pause, host.Clock, host.Abandoned);
        }
    }

    private async Task PassGateAsync(Func<Task> work)
    {
        await _gate.WaitAsync(host.Abandoned);
        try
        {
            if (!_closed && !host.Abandoned.IsCancellationRequested)
            {
                await work();
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
