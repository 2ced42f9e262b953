using Maintenance.Messaging;
using Maintenance.ServiceLevels;
using Maintenance.Storage;

namespace Maintenance.Tickets;

/// <summary>What has to happen at its time, whether or not anybody looks.</summary>
public sealed partial class TicketService
{
    private const string Clocks = "clocks";
    private const string Terms = "terms";

    /// <summary>So many tickets are timed anew in one sweep after a change of the plan.</summary>
    internal int MostRetimed { get; init; } = 20_000;

    /// <summary>An event that the queue has not heard of after this long was cut off.</summary>
    private static readonly TimeSpan CutOff = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Sends a message for each mark reached since the last sweep, in order of time; closes what was resolved long enough ago; sends what was cut off on its way to the
    /// queue. Reads only what is due, so it costs the same however many tickets are open. Swept twice, a message has the same id and is dropped or handled as known.
    /// </summary>
    /// <returns>How many messages of marks were sent.</returns>
    /// <exception cref="AggregateException">Some entries could not be looked at; all others were, and those are looked at again by the next sweep.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var failures = new List<Exception>();
        await TryAsync(() => RetimeAsync(cancellation), failures);
        var sent = 0;
        await TryAsync(async () => sent = await SweepMarksAsync(cancellation), failures);
        await TryAsync(() => CloseAsync(cancellation), failures);
        await TryAsync(() => TellLateAsync(cancellation), failures);
        return failures.Count == 0 ? sent : throw new AggregateException(failures[0].Message, failures);
    }

    /// <summary>Notes that a mark has fired. Noting it again changes nothing.</summary>
    /// <returns>The ticket afterwards; null where there is none.</returns>
    public async Task<Ticket?> FireAsync(DueEntry entry, ClockMark mark, string what, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(mark);
        return (await ChangeAsync(entry.Ticket, null, null, ticket => TicketRules.Fire(ticket, entry.Target, mark, what, time.GetUtcNow()), cancellation))?.Value;
    }

    private async Task<int> SweepMarksAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var sent = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var following = new PriorityQueue<DueEntry, DateTimeOffset>();
        var range = new RowRange("due_", "due_" + RecordKeys.Instant(now + TimeSpan.FromMilliseconds(1)));
        await EachAsync.RunAsync(
            records.QueryAsync(Tables.TicketIndex, TicketIndex.Partition, range, cancellation),
            async row =>
            {
                var due = MaintenanceJson.Read<TicketIndex.DueRow>(row.Json);

                // After an hour's downtime a chain has several marks behind it: each comes in its turn among those of the other tickets.
                await FollowAsync(due.Entry.At);
                await SweepAsync(due.Entry, due.WrittenAt);
            });
        await FollowAsync(DateTimeOffset.MaxValue);
        return sent;

        async Task FollowAsync(DateTimeOffset until)
        {
            while (following.TryPeek(out var next, out var at) && at < until)
            {
                _ = following.Dequeue();
                await SweepAsync(next, now);
            }
        }

        async Task SweepAsync(DueEntry entry, DateTimeOffset writtenAt)
        {
            if (!seen.Add(TicketIndex.DueKey(entry)))
            {
                return;
            }

            var current = plan.Current;
            var ticket = (await FindAsync(entry.Ticket, cancellation))?.Value;
            var verdict = ticket is not null ? Breaches.Judge(current, ticket, entry, now)
                : now - writtenAt > Orphaned ? DueVerdict.Drop
                : DueVerdict.Wait;
            if (verdict == DueVerdict.Wait)
            {
                return;
            }

            if (verdict == DueVerdict.Send)
            {
                await messages.SendAsync(new OutgoingMessage(Queues.SlaBreaches, entry.MessageId, MaintenanceJson.Write(entry)), cancellation);
                sent++;
            }

            // The next one is there before this one is gone: whatever is cut off, the chain goes on.
            IReadOnlyList<DueEntry> nexts = ticket is null ? [] : verdict == DueVerdict.Drop ? Breaches.Next(current, ticket) : Breaches.After(current, ticket, entry) is { } one ? [one] : [];
            foreach (var next in nexts)
            {
                await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, TicketIndex.Due(next, now), cancellation);
                if (next.At < now)
                {
                    following.Enqueue(next, next.At);
                }
            }

            if (!nexts.Contains(entry))
            {
                await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, RecordWrite.Delete(TicketIndex.DueKey(entry)), cancellation);
            }
        }
    }

    /// <summary>Closes what was resolved long enough ago.</summary>
    private async Task CloseAsync(CancellationToken cancellation)
    {
        var range = new RowRange("close_", "close_" + RecordKeys.Instant(time.GetUtcNow() + TimeSpan.FromMilliseconds(1)));
        await EachAsync.RunAsync(
            records.QueryAsync(Tables.TicketIndex, TicketIndex.Partition, range, cancellation),
            async row =>
            {
                var id = MaintenanceJson.Read<TicketIndex.Pointer>(row.Json).Ticket;
                _ = await ChangeAsync(
                    id,
                    null,
                    null,
                    ticket => ticket.State == TicketState.Resolved && ticket.ResolvedAt + plan.Current.Tickets.ClosesAfter <= time.GetUtcNow()
                        ? TicketRules.Apply(plan.Current, ticket, new TicketAct.Close("Nobody has objected."), TicketActor.System, time.GetUtcNow())
                        : TicketChange.None(ticket),
                    cancellation);

                // One that was reopened and resolved again has a row of its own; a plan that now waits longer lets this one be looked at again.
                if ((await FindAsync(id, cancellation))?.Value is { State: TicketState.Resolved } still)
                {
                    var key = TicketIndex.CloseKey(still, still.ResolvedAt!.Value + plan.Current.Tickets.ClosesAfter);
                    if (key == row.RowKey)
                    {
                        // Rows know milliseconds, tickets more: it is due within this one.
                        return;
                    }

                    await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, RecordWrite.Put(key, row.Json), cancellation);
                }

                await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, RecordWrite.Delete(row.RowKey), cancellation);
            });
    }

    /// <summary>Sends events that were stored and cut off on their way to the queue.</summary>
    private async Task TellLateAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var range = new RowRange("told_", "told_" + RecordKeys.Instant(now - CutOff));
        await EachAsync.RunAsync(
            records.QueryAsync(Tables.TicketIndex, TicketIndex.Partition, range, cancellation),
            async row =>
            {
                var (id, number, at) = MaintenanceJson.Read<TicketIndex.ToldRow>(row.Json);
                var isThere = await FindAsync(id, cancellation) is { Value: var ticket } && ticket.Events >= number;
                if (isThere)
                {
                    await SendAsync(new TicketEventMessage(id, number), cancellation);
                }

                // What never came about needs no telling; until then it may be on its way.
                if (isThere || now - at > Orphaned)
                {
                    await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, RecordWrite.Delete(row.RowKey), cancellation);
                }
            });
    }

    /// <summary>
    /// After a change of the plan the clocks of open tickets say something else: their due instants and the index follow, some thousands of tickets a sweep, from where
    /// the sweep before has left off.
    /// </summary>
    private async Task RetimeAsync(CancellationToken cancellation)
    {
        var state = plan.State;
        var known = await records.FindAsync<RetimeRow>(Tables.TicketIndex, Clocks, Terms, cancellation);
        if (known is null)
        {
            // A new installation: every ticket it will have is timed by this plan or a later one.
            _ = await records.TryInsertAsync(Tables.TicketIndex, Clocks, Terms, new RetimeRow(state.Hash, null), cancellation);
            return;
        }

        if (known.Value.Hash == state.Hash && known.Value.After is null)
        {
            return;
        }

        var after = known.Value.Hash == state.Hash ? known.Value.After!.Value : 0;
        var now = time.GetUtcNow();
        var rows = new Dictionary<string, RecordWrite>(StringComparer.Ordinal);
        int? last = null;
        await foreach (var ticket in ListAsync(after, cancellation).Take(MostRetimed))
        {
            last = int.Parse(ticket.Id.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
            if (!ticket.IsOpen)
            {
                continue;
            }

            var timed = TicketRules.Timed(state.Plan, ticket);
            foreach (var row in TicketIndex.Before(state.Plan, timed, [], now))
            {
                rows[row.RowKey] = row;
            }

            if (timed.ResponseDue != ticket.ResponseDue || timed.ResolutionDue != ticket.ResolutionDue)
            {
                await FlushAsync();
                _ = await records.ChangeAsync<Ticket>(Tables.Tickets, ticket.Id, Head, current => current is { IsOpen: true } ? TicketRules.Timed(state.Plan, current) : null, cancellation);
                if (TicketIndex.OpenKey(ticket) != TicketIndex.OpenKey(timed))
                {
                    await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, RecordWrite.Delete(TicketIndex.OpenKey(ticket)), cancellation);
                }
            }

            if (rows.Count > IRecordStore.MaxBatch - 8)
            {
                await FlushAsync();
            }
        }

        await FlushAsync();
        await records.WriteAsync(Tables.TicketIndex, Clocks, RecordWrite.Put(Terms, MaintenanceJson.Write(new RetimeRow(state.Hash, last))), cancellation);

        async Task FlushAsync()
        {
            if (rows.Count > 0)
            {
                await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, [.. rows.Values], cancellation);
                rows.Clear();
            }
        }
    }

    private static async Task TryAsync(Func<Task> work, List<Exception> failures)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            failures.Add(error);
        }
    }

    /// <summary>By which plan the clocks were timed.</summary>
    /// <param name="Hash">Of its text.</param>
    /// <param name="After">The number of the last ticket that was; null where all were.</param>
    private sealed record RetimeRow(string Hash, int? After);
}
