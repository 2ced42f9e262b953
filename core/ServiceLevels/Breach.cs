using Maintenance.Tickets;

namespace Maintenance.ServiceLevels;

/// <summary>What a service level promises.</summary>
public enum ServiceTarget
{
    /// <summary>A person has answered.</summary>
    Response,

    /// <summary>It is solved.</summary>
    Resolution,
}

/// <summary>A target that was missed.</summary>
/// <param name="Target">Which.</param>
/// <param name="DueAt">When it was due (UTC).</param>
/// <param name="DetectedAt">When it was noticed (UTC).</param>
/// <param name="Level">The highest level of the chain that was told; 0 for none yet.</param>
public sealed record Breach(ServiceTarget Target, DateTimeOffset DueAt, DateTimeOffset DetectedAt, int Level);

/// <summary>A row of the due index: something to look at once its instant has passed.</summary>
/// <param name="Ticket">The ticket's id.</param>
/// <param name="Target">Which target.</param>
/// <param name="Level">0 for the breach itself, else the level of the chain (from 1) that is reached.</param>
/// <param name="At">The instant (UTC).</param>
public sealed record DueEntry(string Ticket, ServiceTarget Target, int Level, DateTimeOffset At)
{
    /// <summary>The id of the message that it becomes: <c>T-1042/resolution/breach</c> or <c>T-1042/resolution/level-2</c>.</summary>
    public string MessageId => $"{Ticket}/{Target.ToString().ToLowerInvariant()}/{(Level == 0 ? "breach" : $"level-{Level}")}";
}

/// <summary>What becomes of a due entry.</summary>
public enum DueVerdict
{
    /// <summary>Its instant has not passed.</summary>
    Wait,

    /// <summary>The target was missed, or the level is reached: send it.</summary>
    Send,

    /// <summary>The target was met in time, or the ticket is solved: drop it.</summary>
    Drop,
}

/// <summary>The rules of breaches and escalation.</summary>
public static class Breaches
{
    /// <summary>
    /// What becomes of an entry. Reached exactly at the due instant is met, so a breach is past it. A target reached late is a breach all the same; the levels
    /// above only chase what is still not done.
    /// </summary>
    public static DueVerdict Judge(Ticket ticket, DueEntry entry, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(entry);
        var reached = ticket.Reached(entry.Target);

        // Left by an opening that was cut off and done again under another plan: the ticket's own instant has an entry of its own.
        var isStale = entry.Level == 0 && entry.At != ticket.Due(entry.Target);
        return isStale ? DueVerdict.Drop
            : reached <= (entry.Level == 0 ? entry.At : now) ? DueVerdict.Drop
            : now <= entry.At ? DueVerdict.Wait
            : DueVerdict.Send;
    }

    /// <summary>
    /// The levels (from 1) to tell when <paramref name="level"/> is handled: at the breach itself (0) those with no delay, above it that one.
    /// </summary>
    public static IReadOnlyList<int> LevelsToTell(EscalationChain chain, int level)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return level > 0
            ? level <= chain.Levels.Count ? [level] : []
            : [.. Enumerable.Range(1, chain.Levels.Count).Where(n => chain.Levels[n - 1].After == TimeSpan.Zero)];
    }

    /// <summary>The level (from 1) that comes after <paramref name="level"/> has been handled, or null at the end of the chain.</summary>
    public static int? NextLevel(EscalationChain chain, int level)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var next = Math.Max(level, LevelsToTell(chain, level).DefaultIfEmpty(0).Max()) + 1;
        return next <= chain.Levels.Count ? next : null;
    }
}
