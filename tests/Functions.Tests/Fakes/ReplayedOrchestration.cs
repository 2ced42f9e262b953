using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>
/// One turn of an orchestration: runs its code over a history, as the engine does (TaskOrchestrationExecutor of DurableTask.Core, TaskOrchestrationContextWrapper of
/// durabletask-dotnet 1.25): one happening after the other, continuations inline, on this thread only. An event goes to the latest wait of its name, and is lost
/// where that one was cancelled; timers above three days are made of shorter ones; what the history has and the code does not ask for is refused.
/// </summary>
internal sealed class ReplayedOrchestration(string instanceId, object? input, Func<ReplayedOrchestration, Task> code) : TaskOrchestrationContext
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(3);

    private readonly InlineTurn _thread = new();
    private readonly SortedDictionary<int, Happening> _actions = [];
    private readonly Dictionary<int, TaskCompletionSource<object?>> _open = [];
    private readonly HashSet<int> _openTimers = [];
    private readonly Dictionary<string, Stack<TaskCompletionSource<string>>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<string>> _buffer = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<TaskOptions?> _callOptions = [];
    private DateTime _now;
    private Task? _run;
    private int _ids;
    private int _guids;

    public override TaskName Name => "Test";

    public override string InstanceId => instanceId;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    public object? Status { get; private set; }

    public IReadOnlyList<TaskOptions?> CallOptions => _callOptions;

    public int OpenTimers => _openTimers.Count;

    /// <summary>The code's task, once it and all that it asked for are over.</summary>
    public Task? Ended => _run is { IsCompleted: true } && _open.Count == 0 ? _run : null;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    /// <summary>Runs the code over the history.</summary>
    /// <returns>What it asks for that the history does not have.</returns>
    public IReadOnlyList<Happening> Play(IEnumerable<Happening> history)
    {
        foreach (var happening in history)
        {
            _thread.Take(() => Process(happening));
        }

        return [.. _actions.Values];
    }

    public override T? GetInput<T>()
        where T : default => (T?)input;

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        _thread.Check();
        _callOptions.Add(options);
        var policy = options?.Retry?.Policy;
        for (var attempt = 1; ; attempt++)
        {
            TaskFailedException failure;
            try
            {
                return (TResult)(await AttemptAsync(name, input, attempt))!;
            }
            catch (TaskFailedException failed)
            {
                failure = failed;
            }

            if (policy is null)
            {
                throw failure;
            }

            if (attempt >= policy.MaxNumberOfAttempts)
            {
                // The engine sets this timer too, for histories of old.
                await TimerAsync(_now, true, default);
                throw failure;
            }

            var pause = policy.FirstRetryInterval * Math.Pow(policy.BackoffCoefficient, attempt - 1);
            await TimerAsync(_now + (pause < policy.MaxRetryInterval ? pause : policy.MaxRetryInterval), true, default);
        }
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        _thread.Check();
        Assert.Equal(DateTimeKind.Utc, fireAt.Kind);
        while (fireAt - _now > LongestTimer && !cancellationToken.IsCancellationRequested)
        {
            await TimerAsync(_now + LongestTimer, false, cancellationToken);
        }

        await TimerAsync(fireAt, false, cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        _thread.Check();
        Assert.Equal(typeof(string), typeof(T));
        if (!_waiters.TryGetValue(eventName, out var waiters))
        {
            _waiters[eventName] = waiters = new Stack<TaskCompletionSource<string>>();
        }

        var waiter = new TaskCompletionSource<string>();
        waiters.Push(waiter);
        if (_buffer.GetValueOrDefault(eventName) is { Count: > 0 } kept)
        {
            waiters.Pop().TrySetResult(kept.Dequeue());
        }

        cancellationToken.Register(() =>
        {
            _thread.Check();
            waiter.TrySetCanceled(cancellationToken);
        });
        return (Task<T>)(object)waiter.Task;
    }

    public override void SetCustomStatus(object? customStatus)
    {
        _thread.Check();
        Status = customStatus;
    }

    public override Guid NewGuid()
    {
        _thread.Check();
        return new Guid(++_guids, 0, 0, new byte[8]);
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    private void Process(Happening happening)
    {
        switch (happening)
        {
            case Started:
                _run = code(this);
                break;
            case TurnBegan turn:
                _now = turn.At;
                break;
            case Scheduled scheduled:
                Expect(scheduled.Id, _actions.GetValueOrDefault(scheduled.Id) is Scheduled again && again.Name == scheduled.Name, scheduled);
                break;
            case TimerCreated timer:
                Expect(timer.Id, _actions.GetValueOrDefault(timer.Id) is TimerCreated, timer);
                break;
            case Completed completed:
                End(completed.Id)?.SetResult(completed.Result);
                break;
            case Failed failed:
                End(failed.Id)?.SetException(
                    new TaskFailedException("activity", failed.Id, new TaskFailureDetails("(unknown)", failed.Reason, null, null, null)));
                break;
            case TimerFired fired:
                _openTimers.Remove(fired.Id);
                End(fired.Id)?.SetResult(null);
                break;
            case Raised raised when _waiters.GetValueOrDefault(raised.Name) is { Count: > 0 } waiters:
                waiters.Pop().TrySetResult(raised.Payload);
                break;
            case Raised raised:
                if (!_buffer.TryGetValue(raised.Name, out var kept))
                {
                    _buffer[raised.Name] = kept = new Queue<string>();
                }

                kept.Enqueue(raised.Payload);
                break;
            default:
                throw new ArgumentException($"{happening} is unknown.", nameof(happening));
        }
    }

    private void Expect(int id, bool isAsked, Happening recorded)
    {
        if (!isAsked)
        {
            throw new InvalidOperationException($"Nondeterministic: the history has {recorded}, the code asks for {_actions.GetValueOrDefault(id)?.ToString() ?? "nothing"}.");
        }

        _actions.Remove(id);
    }

    private TaskCompletionSource<object?>? End(int id) => _open.Remove(id, out var task) ? task : null;

    private Task<object?> AttemptAsync(TaskName name, object? argument, int attempt)
    {
        var id = _ids++;
        _actions.Add(id, new Scheduled(id, name.Name, argument, attempt));
        return (_open[id] = new TaskCompletionSource<object?>()).Task;
    }

    private Task TimerAsync(DateTime fireAt, bool isBetweenAttempts, CancellationToken cancellation)
    {
        var id = _ids++;
        _actions.Add(id, new TimerCreated(id, fireAt, isBetweenAttempts));
        var fired = _open[id] = new TaskCompletionSource<object?>();
        _openTimers.Add(id);
        cancellation.Register(() =>
        {
            _thread.Check();
            if (fired.TrySetCanceled(cancellation))
            {
                _open.Remove(id);
                _openTimers.Remove(id);
            }
        });
        return fired.Task;
    }

    /// <summary>Continuations run at once, where they become ready; code on any other thread is refused.</summary>
    private sealed class InlineTurn : SynchronizationContext
    {
        public void Check()
        {
            if (Current != this)
            {
                throw new InvalidOperationException("The orchestration was touched from outside its turn.");
            }
        }

        public override void Post(SendOrPostCallback d, object? state) => Take(() => d(state));

        public void Take(Action work)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                work();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
