namespace Maintenance.Tests.RepositoryFaults;

/// <summary>
/// Gives the operations of several actors their order: each waits for its turn, and once every actor that is not done waits for one (or has none to do), somebody is
/// chosen. The same choices give the same schedule.
/// </summary>
internal sealed class Turns
{
    private readonly Lock _gate = new();
    private readonly List<Actor> _actors = [];
    private readonly List<string> _trace = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was done, one line for each operation.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <summary>Adds an actor; it does nothing before <see cref="RunAsync"/>.</summary>
    public void Add(string name, MemoryObjects objects, Func<MemoryStore, Task> act)
    {
        var actor = new Actor(name);
        _actors.Add(actor);
        actor.Start = async () =>
        {
            try
            {
                await actor.TurnAsync(this, "begin", "");
                await act(new Store(this, actor, objects));
            }
            finally
            {
                lock (_gate)
                {
                    actor.IsDone = true;
                    _changed.TrySetResult();
                }
            }
        };
    }

    /// <summary>Runs them all to their ends.</summary>
    /// <param name="choose">Of so many that could go on, which does: a number below.</param>
    public async Task RunAsync(Func<int, int> choose)
    {
        var acting = _actors.ConvertAll(static actor => Task.Run(actor.Start));
        while (await NextAsync() is { } ready)
        {
            var actor = ready[choose(ready.Count)];
            TaskCompletionSource turn;
            lock (_gate)
            {
                var (waiting, what) = actor.Waiting.Dequeue();
                _trace.Add($"{actor.Name}: {what}");
                turn = waiting;
            }

            turn.SetResult();
        }

        await Task.WhenAll(acting);
    }

    /// <summary>Who could go on, once everybody waits; null once all are done.</summary>
    private async Task<List<Actor>?> NextAsync()
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_actors.TrueForAll(static actor => actor.IsDone))
                {
                    return null;
                }

                if (_actors.TrueForAll(static actor => actor.IsDone || actor.Waiting.Count > 0))
                {
                    return _actors.FindAll(static actor => actor.Waiting.Count > 0);
                }

                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    private sealed class Actor(string name)
    {
        public string Name => name;

        public Queue<(TaskCompletionSource Turn, string What)> Waiting { get; } = new();

        public bool IsDone { get; set; }

        public Func<Task> Start { get; set; } = static () => Task.CompletedTask;

        public Task TurnAsync(Turns turns, string verb, string what)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (turns._gate)
            {
                Waiting.Enqueue((turn, $"{verb} {what}"));
                turns._changed.TrySetResult();
            }

            return turn.Task;
        }
    }

    private sealed class Store(Turns turns, Actor actor, MemoryObjects objects) : MemoryStore(objects)
    {
        protected override async Task<T> CallAsync<T>(string verb, string name, Func<T> effect, CancellationToken cancellation)
        {
            // The pieces of an object that nobody sees yet are in nobody's way.
            if (verb is not ("write" or "create"))
            {
                await actor.TurnAsync(turns, verb, name);
            }

            return effect();
        }
    }
}
