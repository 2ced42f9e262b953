using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Storage;

namespace Maintenance.Tickets;

/// <summary>The rows by which tickets are found. All lie in one partition, so a batch writes them together.</summary>
internal static class TicketIndex
{
    public const string Partition = "tickets";

    /// <summary>Comes after every instant: a ticket whose clock stands is listed behind those that run.</summary>
    private const string Never = "9999";

    public static string DueKey(DueEntry entry) => $"due_{RecordKeys.Instant(entry.At)}_{entry.Ticket}_{entry.Target}_{entry.Mark}";

    public static string OpenKey(Ticket ticket) => $"open_{(ticket.ResolutionDue is { } due ? RecordKeys.Instant(due) : Never)}_{ticket.Id}";

    public static string CloseKey(Ticket ticket, DateTimeOffset at) => $"close_{RecordKeys.Instant(at)}_{ticket.Id}";

    public static string BreachKey(string ticket, ServiceTarget target, DateTimeOffset dueAt) => $"breach_{RecordKeys.Instant(dueAt)}_{ticket}_{target}";

    public static string IdKey(int number) => "id_" + NumberSeries.Key(number);

    public static string ToldKey(DateTimeOffset at, string ticket, int number) => $"told_{RecordKeys.Instant(at)}_{ticket}_{NumberSeries.Key(number)}";

    public static string EventKey(int number) => "event_" + NumberSeries.Key(number);

    public static RecordWrite Due(DueEntry entry, DateTimeOffset now) => RecordWrite.Put(DueKey(entry), MaintenanceJson.Write(new DueRow(entry, now)));

    /// <summary>The rows that must be there before a ticket is stored: whatever is cut off then, nothing open goes unwatched.</summary>
    public static IReadOnlyList<RecordWrite> Before(OperationsPlan plan, Ticket ticket, IEnumerable<TicketEvent> events, DateTimeOffset now) =>
    [
        .. Breaches.Next(plan, ticket).Select(entry => Due(entry, now)),
        .. ticket.IsOpen ? [RecordWrite.Put(OpenKey(ticket), Point(ticket.Id))] : Array.Empty<RecordWrite>(),
        .. ticket.Breaches.Where(breach => ticket.Reached(breach.Target) is null).Select(breach => RecordWrite.Put(BreachKey(ticket.Id, breach.Target, breach.DueAt), MaintenanceJson.Write(new BreachRow(ticket.Id, breach.Target)))),
        .. ticket.State == TicketState.Resolved ? [RecordWrite.Put(CloseKey(ticket, ticket.ResolvedAt!.Value + plan.Tickets.ClosesAfter), Point(ticket.Id))] : Array.Empty<RecordWrite>(),
        .. events.Select(entry => RecordWrite.Put(ToldKey(now, ticket.Id, entry.Number), MaintenanceJson.Write(new ToldRow(ticket.Id, entry.Number, now)))),
    ];

    /// <summary>
    /// What is done once it is stored. The rows that are of no use any more are deleted; one that is left behind is found to be so when its instant comes. Those that the
    /// ticket did not have before are written again: whoever changed it last may only now have come to delete them.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="before">The ticket before.</param>
    /// <param name="after">The ticket as stored.</param>
    /// <param name="rows">What <see cref="Before"/> wrote.</param>
    public static IReadOnlyList<RecordWrite> After(OperationsPlan plan, Ticket before, Ticket after, IReadOnlyList<RecordWrite> rows)
    {
        var kept = rows.Where(static row => !IsTold(row)).ToDictionary(static row => row.RowKey, StringComparer.Ordinal);
        var gone = new List<string>();
        foreach (var target in Enum.GetValues<ServiceTarget>())
        {
            // Only what has fired or moved. Marks are handled in any order: the row of one that is still to come may be what keeps the chain going, and whoever deleted it
            // would do so after somebody else has put it there.
            gone.AddRange(Keys(plan, before, target).Except(Keys(plan, after, target), StringComparer.Ordinal).Take(20));
            if (after.Reached(target) is not null && before.Breaches.FirstOrDefault(breach => breach.Target == target) is { } breach)
            {
                gone.Add(BreachKey(after.Id, target, breach.DueAt));
            }
        }

        if (before.IsOpen)
        {
            gone.Add(OpenKey(before));
        }

        // What is past and was not looked at yet is still to be looked at: it may be a breach that nobody has noted.
        var known = gone.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. known.Where(key => !kept.ContainsKey(key)).Select(static key => RecordWrite.Delete(key)),
            .. kept.Values.Where(row => !known.Contains(row.RowKey)),
        ];
    }

    private static IEnumerable<string> Keys(OperationsPlan plan, Ticket ticket, ServiceTarget target) =>
        Breaches.Unfired(plan, ticket, target).Where(static mark => mark.At is not null).Select(mark => DueKey(new DueEntry(ticket.Id, target, mark.Key, mark.At!.Value)));

    /// <summary>True for a row that says that the queue has yet to hear of an event.</summary>
    public static bool IsTold(RecordWrite row) => row.RowKey.StartsWith("told_", StringComparison.Ordinal);

    private static string Point(string ticket) => MaintenanceJson.Write(new Pointer(ticket));

    public sealed record Pointer(string Ticket);

    public sealed record BreachRow(string Ticket, ServiceTarget Target);

    public sealed record DueRow(DueEntry Entry, DateTimeOffset WrittenAt);

    public sealed record ToldRow(string Ticket, int Event, DateTimeOffset At);
}
