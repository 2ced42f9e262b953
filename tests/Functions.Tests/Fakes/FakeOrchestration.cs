using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>
/// An orchestration that a test drives: activities answer when asked, events and time come when the test says. As in the engine, code may run on the orchestration's
/// own turn only; whatever comes from another thread is refused.
/// </summary>
internal sealed class FakeOrchestration : TaskOrchestrationContext
{
    private readonly OrchestrationTurn _turn = new();
    private readonly Dictionary<string, Stack<TaskCompletionSource<string>>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<string>> _buffer = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(DateTime FireAt, TaskCompletionSource Timer)> _timers = [];
    private DateTime _now = new(2026, 11, 22, 2, 0, 0, DateTimeKind.Utc);
    private int _ids;

    public override TaskName Name => "Test";

    public const string Instance = "instance-1";

    public override string InstanceId => Instance;

    /// <summary>What the instance was started with.</summary>
    public object? Input { get; init; }

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    public object? Status { get; private set; }

    /// <summary>What an activity returns or throws, by its name; it is given the input and the number of the attempt.</summary>
    public Dictionary<string, Func<object?, int, object?>> Activities { get; } = [];

    /// <summary>The options that each call was given.</summary>
    public List<TaskOptions?> CallOptions { get; } = [];

    /// <summary>The timers that are still open.</summary>
    public int OpenTimers => _timers.Count(timer => !timer.Timer.Task.IsCompleted);

    /// <summary>The waits for events that are still open.</summary>
    public int OpenWaits => _waiters.Values.Sum(stack => stack.Count(waiter => !waiter.Task.IsCompleted));

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    /// <summary>Runs code as the orchestrator, as far as it goes.</summary>
    public Task<T> Start<T>(Func<TaskOrchestrationContext, Task<T>> orchestrator)
    {
        Task<T>? run = null;
        _turn.Take(() => run = orchestrator(this));
        return run!;
    }

    public void Raise(string eventName, string payload = "") => _turn.Take(() =>
    {
        while (_waiters.GetValueOrDefault(eventName) is { Count: > 0 } stack)
        {
            if (stack.Pop().TrySetResult(payload))
            {
                return;
            }
        }

        if (!_buffer.TryGetValue(eventName, out var kept))
        {
            _buffer[eventName] = kept = new Queue<string>();
        }

        kept.Enqueue(payload);
    });

    /// <summary>Moves time on; timers fire at their own instants.</summary>
    public void AdvanceTo(DateTime utc)
    {
        foreach (var (fireAt, timer) in _timers.Where(timer => timer.FireAt <= utc).OrderBy(timer => timer.FireAt).ToList())
        {
            _now = fireAt > _now ? fireAt : _now;
            _turn.Take(() => timer.TrySetResult());
        }

        _now = utc > _now ? utc : _now;
    }

    public override T? GetInput<T>()
        where T : default => (T?)Input;

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        _turn.Check();
        CallOptions.Add(options);
        var result = new TaskCompletionSource<TResult>();
        var attempts = options?.Retry?.Policy?.MaxNumberOfAttempts ?? 1;
        var id = ++_ids;
        _turn.Later(() =>
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    result.SetResult((TResult)Activities[name.Name](input, attempt)!);
                    return;
                }
                catch (InvalidOperationException error) when (attempt >= attempts)
                {
                    result.SetException(new TaskFailedException(name.Name, id, new TaskFailureDetails("(unknown)", error.Message, null, null, null)));
                    return;
                }
                catch (InvalidOperationException)
                {
                    // Tried again, as the policy says.
                }
            }
        });
        return result.Task;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        _turn.Check();
        Assert.Equal(DateTimeKind.Utc, fireAt.Kind);
        var timer = new TaskCompletionSource();
        _timers.Add((fireAt, timer));
        cancellationToken.Register(() =>
        {
            _turn.Check();
            timer.TrySetCanceled(cancellationToken);
        });
        return timer.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        _turn.Check();
        Assert.Equal(typeof(string), typeof(T));
        var waiter = new TaskCompletionSource<string>();
        if (_buffer.GetValueOrDefault(eventName) is { Count: > 0 } kept)
        {
            waiter.SetResult(kept.Dequeue());
        }
        else
        {
            if (!_waiters.TryGetValue(eventName, out var stack))
            {
                _waiters[eventName] = stack = new Stack<TaskCompletionSource<string>>();
            }

            stack.Push(waiter);
        }

        cancellationToken.Register(() =>
        {
            _turn.Check();
            waiter.TrySetCanceled(cancellationToken);
        });
        return (Task<T>)(object)waiter.Task;
    }

    public override void SetCustomStatus(object? customStatus)
    {
        _turn.Check();
        Status = customStatus;
    }

    public override Guid NewGuid()
    {
        _turn.Check();
        return new Guid(++_ids, 0, 0, new byte[8]);
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    private sealed class OrchestrationTurn : SynchronizationContext
    {
        private readonly Queue<Action> _work = new();

        public void Check()
        {
            if (Current != this)
            {
                throw new InvalidOperationException("The orchestration was touched from outside its turn.");
            }
        }

        public void Later(Action work) => _work.Enqueue(work);

        public override void Post(SendOrPostCallback d, object? state) => _work.Enqueue(() => d(state));

        public void Take(Action work)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                work();
                while (_work.TryDequeue(out var next))
                {
                    next();
                }
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
