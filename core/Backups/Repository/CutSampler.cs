namespace Maintenance.Backups.Repository;

/// <summary>Into how many parts long work may be cut.</summary>
/// <param name="MostParts">At most so many; 1 for no cutting.</param>
/// <param name="LeastBytes">A part should have so many bytes at least: what is smaller is not worth a worker of its own.</param>
public sealed record SliceSizing(int MostParts, long LeastBytes)
{
    /// <summary>All in one part.</summary>
    public static SliceSizing One { get; } = new(1, 0);
}

/// <summary>
/// Finds where to cut a list of things, as it goes by, so that the parts weigh about the same. Keeps few of them: each time twice as many samples as are needed have
/// come together, every other one is forgotten.
/// </summary>
internal sealed class CutSampler<T>(SliceSizing sizing)
{
    /// <summary>What a file costs besides its bytes: requests.</summary>
    private const long WeightOfEntry = 64 * 1024;

    private const int SamplesOfPart = 32;

    private readonly List<(T At, long Weight)> _samples = [];
    private long _step = Math.Max(WeightOfEntry, sizing.LeastBytes / SamplesOfPart);
    private long _weight;
    private long _next;

    /// <summary>Notes a thing; they come in the order in which they are to be cut.</summary>
    /// <param name="at">What to cut after.</param>
    /// <param name="bytes">How long it is.</param>
    /// <param name="canCut">False where it belongs together with the next one.</param>
    public void Add(T at, long bytes, bool canCut = true)
    {
        _weight += WeightOfEntry + Math.Max(0, bytes);
        if (_weight < _next || !canCut)
        {
            return;
        }

        _samples.Add((at, _weight));
        _next = _weight + _step;
        if (_samples.Count >= 2 * SamplesOfPart * sizing.MostParts)
        {
            _step *= 2;
            var kept = _samples.Where(static (_, i) => i % 2 == 1).ToList();
            _samples.Clear();
            _samples.AddRange(kept);
        }
    }

    /// <summary>The last thing of every part but the last.</summary>
    public IReadOnlyList<T> Cuts()
    {
        var parts = (int)Math.Clamp(_weight / Math.Max(1, sizing.LeastBytes), 1, sizing.MostParts);
        var cuts = new List<T>();
        foreach (var (at, weight) in _samples)
        {
            if (cuts.Count < parts - 1 && weight >= _weight / parts * (cuts.Count + 1) && weight < _weight)
            {
                cuts.Add(at);
            }
        }

        return cuts;
    }
}
