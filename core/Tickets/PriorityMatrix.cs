namespace Maintenance.Tickets;

/// <summary>Priority from impact and urgency.</summary>
/// <param name="Levels">The priorities, most urgent first.</param>
/// <param name="Impacts">How many are affected, worst first.</param>
/// <param name="Urgencies">How soon it hurts, worst first.</param>
/// <param name="Cells">The priority of each pair: impact, then urgency.</param>
public sealed record PriorityMatrix(
    IReadOnlyList<PriorityLevel> Levels,
    IReadOnlyList<PriorityLevel> Impacts,
    IReadOnlyList<PriorityLevel> Urgencies,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Cells)
{
    /// <summary>The id of the priority.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such impact or urgency.</exception>
    public string Of(string impact, string urgency) =>
        Cells.TryGetValue(impact, out var row) && row.TryGetValue(urgency, out var priority)
            ? priority
            : throw new KeyNotFoundException($"The plan has no priority for impact '{impact}' and urgency '{urgency}'.");

    /// <summary>What people read for a priority; its id where the plan no longer has it.</summary>
    public string NameOf(string priority) => Levels.FirstOrDefault(level => level.Id == priority)?.Name ?? priority;
}

/// <summary>A priority, an impact or an urgency.</summary>
public sealed record PriorityLevel(string Id, string Name);
