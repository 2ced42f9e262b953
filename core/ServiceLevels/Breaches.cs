using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.ServiceLevels;

/// <summary>The rules of what falls due on tickets. Pure: a ticket, the plan and an instant in, what to do out.</summary>
public static class Breaches
{
    /// <summary>
    /// What becomes of an entry. Reached exactly at the due instant is met, so a mark fires once its instant is past. An entry whose mark is now at another instant
    /// (a pause, another priority, another plan) is dropped, since the mark has an entry of its own.
    /// </summary>
    public static DueVerdict Judge(OperationsPlan plan, Ticket ticket, DueEntry entry, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(entry);
        var mark = Unfired(plan, ticket, entry.Target).FirstOrDefault(mark => mark.Key == entry.Mark);
        return mark is null || mark.At != entry.At ? DueVerdict.Drop : now <= entry.At ? DueVerdict.Wait : DueVerdict.Send;
    }

    /// <summary>
    /// What the index must have for a ticket: the first mark of each target that has not fired and whose instant is known. The one after it is put there when that
    /// one is sent, so that a ticket costs the index two rows however long its chain is.
    /// </summary>
    public static IReadOnlyList<DueEntry> Next(OperationsPlan plan, Ticket ticket) =>
        [.. Enum.GetValues<ServiceTarget>().Select(target => First(ticket, target, Unfired(plan, ticket, target))).OfType<DueEntry>()];

    /// <summary>The mark that comes after one that is sent; null where there is none whose instant is known.</summary>
    public static DueEntry? After(OperationsPlan plan, Ticket ticket, DueEntry sent)
    {
        ArgumentNullException.ThrowIfNull(sent);
        return First(ticket, sent.Target, Unfired(plan, ticket, sent.Target).SkipWhile(mark => mark.Key != sent.Mark).Skip(1));
    }

    /// <summary>The marks of a target that have not fired, in order; those that an acknowledgement has made needless are left out.</summary>
    public static IEnumerable<ClockMark> Unfired(OperationsPlan plan, Ticket ticket, ServiceTarget target)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var isAcknowledged = ticket.Acknowledgements.Any(one => one.Target == target);
        return ServiceLevelClock.Read(plan, ticket.Clock, target).Marks
            .Where(mark => !ticket.Fired.Contains(DueEntry.Fired(target, mark.Key)) && !(isAcknowledged && mark.Kind is ClockMarkKind.Repeat or ClockMarkKind.Alarm));
    }

    private static DueEntry? First(Ticket ticket, ServiceTarget target, IEnumerable<ClockMark> marks) =>
        marks.FirstOrDefault() is { At: { } at } mark ? new DueEntry(ticket.Id, target, mark.Key, at) : null;
}
