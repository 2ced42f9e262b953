using Microsoft.DurableTask;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>
/// One instance of an orchestration that a test drives, kept as Durable Functions keeps it: as a history. Whatever happens is added to it, and the orchestrator's
/// code then runs again from its beginning in a fresh context (<see cref="ReplayedOrchestration"/>); nothing but the history is left of the turn before.
/// Activities with code in <see cref="Activities"/> answer at once, the others when the test says; events and time come when the test says.
/// </summary>
internal sealed class FakeOrchestration
{
    public const string Instance = "instance-1";

    private readonly List<Happening> _history = [];
    private readonly List<Happening> _arrived = [];
    private readonly List<TimerCreated> _timers = [];
    private readonly List<Scheduled> _asked = [];
    private Func<ReplayedOrchestration, Task>? _code;
    private Action<Task>? _end;
    private ReplayedOrchestration? _turn;
    private DateTime _now = new(2026, 11, 22, 2, 0, 0, DateTimeKind.Utc);
    private bool _isDown;

    /// <summary>What the instance was started with.</summary>
    public object? Input { get; init; }

    /// <summary>Whether the waits between attempts are skipped; else time has to pass.</summary>
    public bool RetriesAtOnce { get; init; } = true;

    /// <summary>What the code last said of itself.</summary>
    public object? Status => _turn?.Status;

    /// <summary>What an activity returns or throws, by its name; it is given the input and the number of the attempt.</summary>
    public Dictionary<string, Func<object?, int, object?>> Activities { get; } = [];

    /// <summary>The options that each call was given.</summary>
    public IReadOnlyList<TaskOptions?> CallOptions => _turn?.CallOptions ?? [];

    /// <summary>The timers that are still open, those between attempts included.</summary>
    public int OpenTimers => _turn?.OpenTimers ?? 0;

    /// <summary>How many attempts at an activity the code has asked for.</summary>
    public int Calls(string activity) => _history.OfType<Scheduled>().Count(scheduled => scheduled.Name == activity);

    /// <summary>The activities without code whose attempt is under way.</summary>
    public IEnumerable<Scheduled> Running => _asked.Where(asked => !Activities.ContainsKey(asked.Name));

    /// <summary>How often the code was run from its beginning.</summary>
    public int Turns { get; private set; }

    /// <summary>Runs code as the orchestrator, as far as it goes.</summary>
    /// <returns>Ends when the instance has: when the code has, and no activity or timer of its is open.</returns>
    public Task<T> Start<T>(Func<TaskOrchestrationContext, Task<T>> orchestrator)
    {
        var ended = new TaskCompletionSource<T>();
        _code = orchestrator;
        _end = code =>
        {
            if (code.Exception is { } failure)
            {
                ended.SetException(failure.InnerExceptions);
            }
            else
            {
                ended.SetResult(((Task<T>)code).Result);
            }
        };
        _arrived.Insert(0, new Started());
        Settle();
        return ended.Task;
    }

    public void Raise(string eventName, string payload = "") => Arrive(new Raised(eventName, payload));

    public void Complete(Scheduled activity, object? result) => Arrive(Answer(activity, new Completed(activity.Id, result)));

    public void Fail(Scheduled activity, string reason) => Arrive(Answer(activity, new Failed(activity.Id, reason)));

    /// <summary>Moves time on; timers fire at their own instants.</summary>
    public void AdvanceTo(DateTime utc)
    {
        while (_timers.Where(timer => timer.FireAt <= utc).MinBy(timer => timer.FireAt) is { } due)
        {
            _now = due.FireAt > _now ? due.FireAt : _now;
            Fire(due);
            Settle();
        }

        _now = utc > _now ? utc : _now;
    }

    /// <summary>Nobody plays what arrives while <paramref name="happenings"/> run; afterwards all of it comes in one turn.</summary>
    public void WhileDown(Action happenings)
    {
        _isDown = true;
        happenings();
        _isDown = false;
        Settle();
    }

    private void Arrive(Happening what)
    {
        _arrived.Add(what);
        Settle();
    }

    private Happening Answer(Scheduled activity, Happening answer) =>
        _asked.Remove(activity) ? answer : throw new InvalidOperationException($"{activity.Name} does not run.");

    private void Fire(TimerCreated timer)
    {
        _timers.Remove(timer);
        _arrived.Add(new TimerFired(timer.Id));
    }

    private void Settle()
    {
        while (_code is not null && _end is not null && !_isDown)
        {
            if (_arrived.Count > 0)
            {
                Play();
            }
            else if (_timers.Find(timer => timer.IsBetweenAttempts && (RetriesAtOnce || timer.FireAt <= _now)) is { } retry)
            {
                Fire(retry);
            }
            else if (_asked.Find(asked => Activities.ContainsKey(asked.Name)) is { } next)
            {
                _arrived.Add(Answer(next, Run(next)));
            }
            else
            {
                return;
            }
        }
    }

    private void Play()
    {
        _history.Add(new TurnBegan(_now));
        _history.AddRange(_arrived);
        _arrived.Clear();
        Turns++;
        _turn = new ReplayedOrchestration(Instance, Input, _code!);
        foreach (var action in _turn.Play(_history))
        {
            _history.Add(action);
            switch (action)
            {
                case Scheduled scheduled:
                    _asked.Add(scheduled);
                    break;
                case TimerCreated timer:
                    _timers.Add(timer);
                    break;
            }
        }

        if (_turn.Ended is { } ended)
        {
            var end = _end!;
            _end = null;
            end(ended);
        }
    }

    private Happening Run(Scheduled activity)
    {
        try
        {
            return new Completed(activity.Id, Activities[activity.Name](activity.Input, activity.Attempt));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new Failed(activity.Id, error.Message);
        }
    }
}

/// <summary>One line of an orchestration's history.</summary>
internal abstract record Happening;

/// <summary>The code begins.</summary>
internal sealed record Started : Happening;

/// <summary>A turn begins: the orchestration's time until the next one.</summary>
internal sealed record TurnBegan(DateTime At) : Happening;

/// <summary>The code asked for an attempt at an activity.</summary>
internal sealed record Scheduled(int Id, string Name, object? Input, int Attempt) : Happening;

/// <summary>The attempt has a result.</summary>
internal sealed record Completed(int Id, object? Result) : Happening;

/// <summary>The attempt failed.</summary>
internal sealed record Failed(int Id, string Reason) : Happening;

/// <summary>The code, or a retry, asked for a timer.</summary>
internal sealed record TimerCreated(int Id, DateTime FireAt, bool IsBetweenAttempts) : Happening;

/// <summary>The timer fired; so does one that was cancelled.</summary>
internal sealed record TimerFired(int Id) : Happening;

/// <summary>An event was raised.</summary>
internal sealed record Raised(string Name, string Payload) : Happening;
