using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Time;

namespace Maintenance.Duties;

/// <summary>What needs a person of duties. Pure.</summary>
public static class DutyAttention
{
    /// <summary>So many overdue ones are named; of more it is said how many.</summary>
    public const int MostNamed = 10;

    /// <summary>For everybody: what is overdue.</summary>
    /// <param name="open">What is owed, the first due in front.</param>
    /// <param name="now">The instant (UTC).</param>
    public static IEnumerable<AttentionItem> Of(IEnumerable<DutyFact> open, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(open);
        var overdue = open.Where(fact => fact.At(now) == DutyStanding.Overdue).ToList();
        foreach (var fact in overdue.Take(MostNamed))
        {
            yield return new(AttentionSeverity.Warning, $"{fact.Name} ({fact.Key}) is overdue for {Durations.Rough(now - fact.OverdueAfter)}; it is owed by {fact.Owner}.", Path(fact));
        }

        if (overdue.Count > MostNamed)
        {
            yield return new(AttentionSeverity.Warning, $"{overdue.Count - MostNamed} more duties are overdue.", "/duties");
        }
    }

    /// <summary>For whoever owes it: what is overdue, due within a day, or can be done.</summary>
    /// <param name="person">Who looks.</param>
    /// <param name="theirs">What they owe, the first due in front.</param>
    /// <param name="now">The instant (UTC).</param>
    public static IEnumerable<AttentionItem> Of(Person person, IEnumerable<DutyFact> theirs, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(theirs);
        return theirs.Take(MostNamed).Select(fact => fact.At(now) == DutyStanding.Overdue
            ? new AttentionItem(AttentionSeverity.Alarm, $"You owe this, and it is overdue for {Durations.Rough(now - fact.OverdueAfter)}: {fact.Name}", Path(fact))
            : now >= fact.DueAt || fact.DueAt - now <= DutyMoves.Reminder
                ? new AttentionItem(AttentionSeverity.Warning, now >= fact.DueAt ? $"You owe this, and it was due {Durations.Rough(now - fact.DueAt)} ago: {fact.Name}" : $"You owe this, and it is due in {Durations.Rough(fact.DueAt - now)}: {fact.Name}", Path(fact))
                : new AttentionItem(AttentionSeverity.Action, $"You owe this within {Durations.Rough(fact.DueAt - now)}: {fact.Name}", Path(fact)));
    }

    private static string Path(DutyFact fact) => $"/duties/{fact.Duty}/{fact.Key}";
}
