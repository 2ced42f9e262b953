using Maintenance.Storage;

namespace Maintenance.ServiceLevels;

/// <summary>A target that was missed.</summary>
/// <param name="Target">Which.</param>
/// <param name="DueAt">When it was due (UTC).</param>
/// <param name="DetectedAt">When it was noticed (UTC).</param>
/// <param name="Level">The highest level of the chain that was told; 0 for none yet.</param>
public sealed record Breach(ServiceTarget Target, DateTimeOffset DueAt, DateTimeOffset DetectedAt, int Level);

/// <summary>A row of the due index: a mark to look at once its instant has passed.</summary>
/// <param name="Ticket">The ticket's id.</param>
/// <param name="Target">Which target.</param>
/// <param name="Mark">The key of the mark: see <see cref="ClockMark.Key"/>.</param>
/// <param name="At">The instant (UTC).</param>
public sealed record DueEntry(string Ticket, ServiceTarget Target, string Mark, DateTimeOffset At)
{
    /// <summary>
    /// The id of the message that it becomes: <c>T-1042/resolution/breach@20261122T020000.000Z</c>. The instant belongs to it: a queue drops what it has seen, and a mark
    /// that was moved while its message was on its way (by another priority, by another plan) is sent again at its new instant.
    /// </summary>
    public string MessageId => $"{Key(Ticket, Target, Mark)}@{RecordKeys.Instant(At)}";

    /// <summary>What a mark is known by, whenever it is reached: <c>T-1042/resolution/level-2</c>. Whoever is told of it is told once.</summary>
    public static string Key(string ticket, ServiceTarget target, string mark) => $"{ticket}/{Fired(target, mark)}";

    /// <summary>How a ticket remembers that a mark has fired: <c>resolution/level-2</c>.</summary>
    public static string Fired(ServiceTarget target, string mark) => $"{(target == ServiceTarget.Response ? "response" : "resolution")}/{mark}";
}

/// <summary>What becomes of a due entry.</summary>
public enum DueVerdict
{
    /// <summary>Its instant has not passed.</summary>
    Wait,

    /// <summary>The mark is reached: send it.</summary>
    Send,

    /// <summary>The mark has moved, has fired, or cannot fire any more: drop the entry. Where the mark is still to come, another entry says when.</summary>
    Drop,
}
