namespace Maintenance.Recovery;

/// <summary>What comes after what. Pure.</summary>
public static class StepGraph
{
    /// <summary>The first cycle, as the ids along it with the first one again at the end; null where there is none.</summary>
    /// <param name="ids">Every id, each once, in the order in which they are looked at.</param>
    /// <param name="needs">The ids that an id comes after; ids that are not listed lead nowhere.</param>
    public static IReadOnlyList<string>? FindCycle(IEnumerable<string> ids, Func<string, IReadOnlyList<string>> needs)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(needs);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in ids)
        {
            if (Walk(start, []) is { } cycle)
            {
                return cycle;
            }
        }

        return null;

        IReadOnlyList<string>? Walk(string id, List<string> path)
        {
            if (path.IndexOf(id) is var seen && seen >= 0)
            {
                return [.. path[seen..], id];
            }

            if (!done.Contains(id))
            {
                path.Add(id);
                foreach (var next in needs(id))
                {
                    if (Walk(next, path) is { } cycle)
                    {
                        return cycle;
                    }
                }

                path.RemoveAt(path.Count - 1);
                _ = done.Add(id);
            }

            return null;
        }
    }

    /// <summary>The ids of all steps that come before one, directly or through others. The steps have no cycle.</summary>
    public static IReadOnlySet<string> Before(IReadOnlyList<RecoveryStep> steps, string id)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var needs = steps.ToDictionary(static step => step.Id, static step => step.After, StringComparer.Ordinal);
        var before = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<string>(needs[id]);
        while (left.TryPop(out var next))
        {
            if (before.Add(next))
            {
                foreach (var further in needs[next])
                {
                    left.Push(further);
                }
            }
        }

        return before;
    }

    /// <summary>
    /// The steps in the order in which they are begun where several could be: the one with the longest way to the end first (critical-path list scheduling), of equal
    /// ones that which the plan names first. The steps have no cycle.
    /// </summary>
    /// <param name="steps">The steps.</param>
    /// <param name="duration">How long each takes.</param>
    public static IReadOnlyList<string> Order(IReadOnlyList<RecoveryStep> steps, Func<RecoveryStep, TimeSpan> duration)
    {
        var tails = Tails(steps, duration);
        return [.. steps.OrderByDescending(step => tails[step.Id]).Select(static step => step.Id)];
    }

    /// <summary>Steps by how many must come before each: a wave can begin when the one before it is done. The steps have no cycle.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Waves(IReadOnlyList<RecoveryStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var depth = new Dictionary<string, int>(StringComparer.Ordinal);
        var byId = steps.ToDictionary(static step => step.Id, StringComparer.Ordinal);
        return [.. steps.GroupBy(Depth).OrderBy(static wave => wave.Key).Select(static wave => (IReadOnlyList<string>)[.. wave.Select(static step => step.Id)])];

        int Depth(RecoveryStep step)
        {
            if (!depth.TryGetValue(step.Id, out var known))
            {
                known = step.After.Select(id => Depth(byId[id]) + 1).DefaultIfEmpty(0).Max();
                depth[step.Id] = known;
            }

            return known;
        }
    }

    /// <summary>How long it takes from the beginning of each step to the end of all that comes after it, with hands enough.</summary>
    internal static IReadOnlyDictionary<string, TimeSpan> Tails(IReadOnlyList<RecoveryStep> steps, Func<RecoveryStep, TimeSpan> duration)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(duration);
        var tails = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        var next = steps.ToDictionary(static step => step.Id, step => steps.Where(later => later.After.Contains(step.Id)).ToList(), StringComparer.Ordinal);
        foreach (var step in steps)
        {
            _ = Tail(step);
        }

        return tails;

        TimeSpan Tail(RecoveryStep step)
        {
            if (!tails.TryGetValue(step.Id, out var tail))
            {
                tail = duration(step) + next[step.Id].Select(Tail).DefaultIfEmpty(TimeSpan.Zero).Max();
                tails[step.Id] = tail;
            }

            return tail;
        }
    }
}
