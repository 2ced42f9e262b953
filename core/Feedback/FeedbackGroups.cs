namespace Maintenance.Feedback;

/// <summary>Feedback that says the same: one ticket.</summary>
/// <param name="Key">The reference of the feedback that opened it: names its ticket.</param>
/// <param name="First">When the first of it was received (UTC).</param>
/// <param name="Last">When the last of it was.</param>
/// <param name="Count">So many.</param>
/// <param name="IsOver">True once its ticket was seen to be no longer open: nothing joins it any more.</param>
public sealed record FeedbackGroup(string Key, DateTimeOffset First, DateTimeOffset Last, int Count, bool IsOver = false);

/// <summary>
/// Which feedback of the same words about the same service is one group. Pure. A group spans at most the plan's time from its first to its last, by when they were
/// received, not handled.
/// <para>
/// Messages are handled in any order. Where all that say the same were received within that time of one another, they are one group, in whatever order they are handled,
/// and its first is the first of them. Where they span more, every group keeps to its span and each message is in one; which of two groups a message near the border
/// joins, and so how many groups there are, then depends on the order, since a ticket that was opened is not taken back. And it depends on when they are handled
/// what is before the end of a ticket: once it is no longer open, what says the same opens another one.
/// </para>
/// </summary>
public static class FeedbackGroups
{
    /// <summary>So many groups of the same words are remembered, the newest: what is older was over long ago.</summary>
    public const int Most = 20;

    /// <summary>The group that a message joins: the earliest that it fits; null where it opens one of its own.</summary>
    /// <param name="groups">The groups of its words.</param>
    /// <param name="at">When it was received (UTC).</param>
    /// <param name="within">How long after the first of a group the last one may come.</param>
    public static FeedbackGroup? Find(IEnumerable<FeedbackGroup> groups, DateTimeOffset at, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return groups.Where(group => !group.IsOver && at - group.First <= within && group.Last - at <= within).OrderBy(static group => group.First).FirstOrDefault();
    }

    /// <summary>The groups with a message in its place.</summary>
    /// <param name="groups">The groups of its words.</param>
    /// <param name="joined">The one of them that it joins; null for one of its own.</param>
    /// <param name="reference">Its reference.</param>
    /// <param name="at">When it was received (UTC).</param>
    /// <returns>All of them, in order of their firsts, and the one in which it is.</returns>
    public static (IReadOnlyList<FeedbackGroup> Groups, FeedbackGroup Own) Place(IReadOnlyList<FeedbackGroup> groups, FeedbackGroup? joined, string reference, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var own = joined is null
            ? new FeedbackGroup(reference, at, at, 1)
            : joined with { First = at < joined.First ? at : joined.First, Last = at > joined.Last ? at : joined.Last, Count = joined.Count + 1 };
        return ([.. groups.Where(group => group.Key != own.Key).Append(own).OrderBy(static group => group.First).ThenBy(static group => group.Key, StringComparer.Ordinal).TakeLast(Most)], own);
    }
}
