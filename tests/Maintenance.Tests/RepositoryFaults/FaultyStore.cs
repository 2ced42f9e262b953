namespace Maintenance.Tests.RepositoryFaults;

/// <summary>
/// A store whose operations fail by a seed: before or after they took effect, with an error or a time-out; whose answers get lost, so that the adapter's repetition
/// finds the name taken; which lists in any order, and is slow now and then.
/// </summary>
internal sealed class FaultyStore(MemoryObjects objects, int seed) : MemoryStore(objects)
{
    private readonly Random _random = new(seed);
    private readonly Lock _turn = new();

    /// <summary>How many of a thousand operations go wrong.</summary>
    public int Faults { get; set; }

    /// <summary>How many went wrong.</summary>
    public int Count { get; private set; }

    protected override async Task<T> CallAsync<T>(string verb, string name, Func<T> effect, CancellationToken cancellation)
    {
        var (fault, wait) = Draw();
        for (; wait > 0; wait--)
        {
            await Task.Yield();
        }

        cancellation.ThrowIfCancellationRequested();
        switch (fault)
        {
            case 1:
                throw new IOException($"{verb} {name}: the connection was lost.");
            case 2:
                throw new TimeoutException($"{verb} {name}: no answer.");
            case 3:
                _ = effect();
                throw new IOException($"{verb} {name}: the connection was lost after it was done.");
            case 4:
                _ = effect();
                throw new TimeoutException($"{verb} {name}: no answer after it was done.");
            case 5 when verb is "put" or "complete" or "delete":
                // The first answer got lost, and the request was repeated.
                _ = effect();
                return effect();
            default:
                return effect();
        }
    }

    protected override IReadOnlyList<string> Shuffle(IReadOnlyList<string> names)
    {
        var shuffled = names.ToArray();
        lock (_turn)
        {
            _random.Shuffle(shuffled);
        }

        return shuffled;
    }

    private (int Fault, int Wait) Draw()
    {
        lock (_turn)
        {
            var fault = _random.Next(1000) < Faults ? _random.Next(1, 6) : 0;
            Count += fault > 0 ? 1 : 0;
            return (fault, _random.Next(8) == 0 ? _random.Next(1, 20) : 0);
        }
    }
}
