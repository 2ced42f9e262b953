using System.Diagnostics;
using Maintenance.Plan;
using Maintenance.Status;

namespace Maintenance.Local.Simulation;

/// <summary>Something that happens in the simulated world.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="What">In a few words, for whoever reads what went wrong.</param>
/// <param name="DoAsync">What it is. It may plan what follows from it.</param>
public sealed record SimulatedEvent(DateTimeOffset At, string What, Func<Simulation, CancellationToken, Task> DoAsync);

/// <summary>How a simulation is run.</summary>
/// <param name="From">When it begins (UTC).</param>
/// <param name="To">When it ends (UTC).</param>
public sealed record SimulationTerms(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>True to take every tick of every timer, though nothing can be due: what the shorter way is compared with.</summary>
    public bool EveryTick { get; init; }
}

/// <summary>Something that a person did was refused, or a timer failed: nothing that may be passed over in silence.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="What">Which event or timer.</param>
/// <param name="Error">Why.</param>
public sealed record SimulationFailure(DateTimeOffset At, string What, string Error);

/// <summary>
/// Runs a system through time. The clock jumps from one instant at which something can happen to the next: an event of the simulated world, a tick of a timer that may have
/// something to do, a workflow's deadline, a message that was held back. At each instant everything that follows is done before the clock moves on.
/// </summary>
public sealed class Simulation
{
    private readonly SimulatedSystem _system;
    private readonly SimulationTerms _terms;
    private readonly CalmProbes _calm;
    private readonly DueTicks _ticks;
    private readonly PriorityQueue<SimulatedEvent, (DateTimeOffset At, long Order)> _events = new();
    private readonly List<SimulationFailure> _failures = [];
    private readonly Dictionary<string, TimeSpan> _spent = new(StringComparer.Ordinal);
    private long _order;

    /// <summary>Of a system that has just been started.</summary>
    public Simulation(SimulatedSystem system, SimulationTerms terms)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(terms);
        (_system, _terms, _calm) = (system, terms, new CalmProbes(system, terms.EveryTick));
        _ticks = new DueTicks(system, _calm, terms.EveryTick);
    }

    /// <summary>The system.</summary>
    public SimulatedSystem System => _system;

    /// <summary>When it begins and ends.</summary>
    public SimulationTerms Terms => _terms;

    /// <summary>The plan.</summary>
    public OperationsPlan Plan => _system.Plan;

    /// <summary>The instant (UTC).</summary>
    public DateTimeOffset Now => _system.Now;

    /// <summary>What failed; nothing should.</summary>
    public IReadOnlyList<SimulationFailure> Failures => _failures;

    /// <summary>So many ticks of timers were taken.</summary>
    public int Ticks { get; private set; }

    /// <summary>How long the ticks of each timer took, in real time, with what followed from them: where a simulation's time goes.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Spent => _spent;

    /// <summary>So many events of the world took place.</summary>
    public int Events { get; private set; }

    /// <summary>Is told of each day that begins, for whoever waits (UTC).</summary>
    public Action<DateTimeOffset> Day { get; set; } = static _ => { };

    /// <summary>Something will happen. What lies after the end never does, and what is past happens now.</summary>
    public void Plans(SimulatedEvent one)
    {
        ArgumentNullException.ThrowIfNull(one);
        _events.Enqueue(one, (one.At < Now ? Now : one.At, _order++));
    }

    /// <summary>Something will happen.</summary>
    public void At(DateTimeOffset at, string what, Func<Simulation, CancellationToken, Task> doAsync) => Plans(new SimulatedEvent(at, what, doAsync));

    /// <summary>A service goes down now.</summary>
    /// <param name="service">Its id.</param>
    /// <param name="until">When it is there again (UTC).</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task TakeDownAsync(string service, DateTimeOffset until, CancellationToken cancellation)
    {
        await _calm.EndAsync(cancellation);
        _system.Outside.TakeDown(service, until);
    }

    /// <summary>Runs to the end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var day = Now.UtcDateTime.Date;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = _ticks.Next(Now);
            if (_events.TryPeek(out _, out var first) && first.At < next)
            {
                next = first.At;
            }

            if (next >= _terms.To)
            {
                await _system.MoveToAsync(_terms.To, cancellation);
                await _calm.CatchUpAsync(cancellation);
                return;
            }

            await _system.MoveToAsync(next, cancellation);
            if (next.UtcDateTime.Date != day)
            {
                day = next.UtcDateTime.Date;
                Day(next);
            }

            await HappenAsync(cancellation);
            foreach (var turn in _ticks.Due(Now).ToList())
            {
                await TickAsync(turn, cancellation);
            }
        }
    }

    private async Task HappenAsync(CancellationToken cancellation)
    {
        while (_events.TryPeek(out _, out var at) && at.At <= Now)
        {
            var one = _events.Dequeue();
            Events++;
            await GuardAsync(one.What, () => one.DoAsync(this, cancellation));
            await _system.SettleAsync(cancellation);
        }
    }

    private async Task TickAsync(DueTicks.Turn turn, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        if (turn.Timer == TimerService.WatchOperations)
        {
            // Those that were left out are alive: else the watchdog would find that they had stopped.
            await _calm.CatchUpAsync(cancellation);
            await _system.Get<HeartbeatBook>().BeatAsync(_ticks.Quiet(), cancellation);
        }

        if (turn.Timer == TimerService.RunProbes)
        {
            await _calm.BeatAsync(cancellation);
        }

        var before = _system.Changes;
        Ticks++;
        await GuardAsync(turn.Timer, () => _system.Get<TimerService>().RunAsync(turn.Timer, cancellation));
        await _system.SettleAsync(cancellation);
        if (turn.Timer == TimerService.RunProbes)
        {
            await _calm.LookAsync(cancellation);
        }

        await _ticks.NoteAsync(turn, before, cancellation);
        _spent[turn.Timer] = _spent.GetValueOrDefault(turn.Timer) + Stopwatch.GetElapsedTime(began);
    }

    private async Task GuardAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Like a host: the next one goes on, and the failure is told.
            _failures.Add(new SimulationFailure(Now, what, $"{error.GetType().Name}: {error.Message}"));
        }
    }
}
