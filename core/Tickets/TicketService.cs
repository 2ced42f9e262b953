using System.Runtime.CompilerServices;
using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Storage;

namespace Maintenance.Tickets;

/// <summary>
/// Tickets and their indexes. The index rows of a ticket are written before the ticket, and removed after it is resolved: so a crash between the two leaves at
/// worst a row that points at nothing to do, never an open ticket whose clock nobody watches.
/// </summary>
public sealed class TicketService(IRecordStore records, IMessageSender messages, ActivePlan plan, NumberSeries numbers, TimeProvider time)
{
    private const string Index = "tickets";

    /// <summary>A row that points at a missing ticket is removed this long after it was written: until then its ticket may be on its way.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromHours(1);

    /// <summary>Opens the ticket of <paramref name="key"/>, or finds it where it was opened before.</summary>
    /// <param name="key">What the ticket is for: the reference of a feedback, say.</param>
    /// <param name="request">What it says.</param>
    /// <param name="cancellation">Stops between two writes; calling again goes on.</param>
    public async Task<Ticket> OpenAsync(string key, NewTicket request, CancellationToken cancellation)
    {
        var number = await numbers.ClaimAsync(Index, key, cancellation);
        var ticket = TicketRules.Open(plan.Current, $"T-{number}", request);
        if (await FindAsync(ticket.Id, cancellation) is { } existing)
        {
            return existing.Value;
        }

        await records.WriteAsync(
            Tables.TicketIndex,
            Index,
            [
                Due(new DueEntry(ticket.Id, ServiceTarget.Response, 0, ticket.ResponseDue)),
                Due(new DueEntry(ticket.Id, ServiceTarget.Resolution, 0, ticket.ResolutionDue)),
                RecordWrite.Put(OpenRow(ticket), MaintenanceJson.Write(new Pointer(ticket.Id))),
                RecordWrite.Put("id_" + NumberSeries.Key(number), MaintenanceJson.Write(new Pointer(ticket.Id))),
            ],
            cancellation);
        return await records.TryInsertAsync(Tables.Tickets, ticket.Id, "ticket", ticket, cancellation)
            ? ticket
            : (await FindAsync(ticket.Id, cancellation))!.Value;
    }

    /// <summary>The ticket, or null.</summary>
    public Task<Versioned<Ticket>?> FindAsync(string id, CancellationToken cancellation) =>
        records.FindAsync<Ticket>(Tables.Tickets, id, "ticket", cancellation);

    /// <summary>Notes an answer.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="by">The id of the person.</param>
    /// <param name="text">What was answered.</param>
    /// <param name="eTag">The version that the person saw, or null for whatever it is.</param>
    /// <param name="key">The same key from the same person is the same act, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The ticket afterwards; null where there is none.</returns>
    /// <exception cref="TicketStateException">It is resolved.</exception>
    /// <exception cref="RecordConflictException">It was changed since the person saw it.</exception>
    public async Task<Versioned<Ticket>?> RespondAsync(string id, string by, string text, string? eTag, string? key, CancellationToken cancellation)
    {
        var before = await FindAsync(id, cancellation);
        var after = await ChangeAsync(id, eTag, key, ticket => TicketRules.Respond(ticket, by, text, time.GetUtcNow(), key), cancellation);
        if (before is { Value.RespondedAt: null } && after is not null)
        {
            await ReachedAsync(after.Value, ServiceTarget.Response, cancellation);
        }

        return after;
    }

    /// <summary>Notes the solution.</summary>
    /// <inheritdoc cref="RespondAsync"/>
    public async Task<Versioned<Ticket>?> ResolveAsync(string id, string by, string text, string? eTag, string? key, CancellationToken cancellation)
    {
        var after = await ChangeAsync(id, eTag, key, ticket => TicketRules.Resolve(ticket, by, text, time.GetUtcNow(), key), cancellation);
        if (after is not null)
        {
            await ReachedAsync(after.Value, ServiceTarget.Response, cancellation);
            await ReachedAsync(after.Value, ServiceTarget.Resolution, cancellation);
            await records.WriteAsync(Tables.TicketIndex, Index, RecordWrite.Delete(OpenRow(after.Value)), cancellation);
        }

        return after;
    }

    /// <summary>The open tickets, the one whose resolution is due first in front.</summary>
    public async IAsyncEnumerable<Ticket> ListOpenAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.ListAsync<Pointer>(Tables.TicketIndex, Index, RowRange.Prefix("open_"), cancellation))
        {
            if (await FindAsync(row.Value.Ticket, cancellation) is not { Value: var ticket })
            {
                continue;
            }

            if (ticket.IsOpen)
            {
                yield return ticket;
            }
            else
            {
                // Left behind where the process ended between a solution and the removal of its row.
                await records.WriteAsync(Tables.TicketIndex, Index, RecordWrite.Delete(OpenRow(ticket)), cancellation);
            }
        }
    }

    /// <summary>All tickets after number <paramref name="after"/>, in the order in which they were opened.</summary>
    public async IAsyncEnumerable<Ticket> ListAsync(int after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var range = RowRange.Prefix("id_") with { From = "id_" + NumberSeries.Key(after + 1) };
        await foreach (var row in records.ListAsync<Pointer>(Tables.TicketIndex, Index, range, cancellation))
        {
            if (await FindAsync(row.Value.Ticket, cancellation) is { } ticket)
            {
                yield return ticket.Value;
            }
        }
    }

    /// <summary>
    /// Sends a message for each target missed and each level reached since the last sweep, in order of time. Reads only what is due, so it costs the same
    /// however many tickets are open. Swept twice, a message has the same id and is dropped or handled as known.
    /// </summary>
    /// <returns>How many messages were sent.</returns>
    /// <exception cref="AggregateException">Some entries could not be looked at; all others were, and those are looked at again by the next sweep.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var sent = 0;
        var range = new RowRange("due_", "due_" + RecordKeys.Instant(now + TimeSpan.FromMilliseconds(1)));
        await EachAsync.RunAsync(records.QueryAsync(Tables.TicketIndex, Index, range, cancellation), SweepAsync);
        return sent;

        async Task SweepAsync(StoredRecord row)
        {
            var (entry, writtenAt) = MaintenanceJson.Read<DueRow>(row.Json);
            var ticket = await FindAsync(entry.Ticket, cancellation);
            var verdict = ticket is not null ? Breaches.Judge(ticket.Value, entry, now)
                : now - writtenAt > Orphaned ? DueVerdict.Drop
                : DueVerdict.Wait;
            if (verdict == DueVerdict.Send)
            {
                await messages.SendAsync(new OutgoingMessage(Queues.SlaBreaches, entry.MessageId, MaintenanceJson.Write(entry)), cancellation);
                sent++;
            }

            if (verdict != DueVerdict.Wait)
            {
                await records.WriteAsync(Tables.TicketIndex, Index, RecordWrite.Delete(row.RowKey), cancellation);
            }
        }
    }

    /// <summary>Has the sweep look at an entry once its instant has passed. Scheduling it again changes nothing.</summary>
    public Task ScheduleAsync(DueEntry entry, CancellationToken cancellation) =>
        records.WriteAsync(Tables.TicketIndex, Index, Due(entry), cancellation);

    /// <summary>Notes a breach or a higher level of one on its ticket.</summary>
    /// <returns>The ticket afterwards; null where there is none.</returns>
    public async Task<Ticket?> EscalateAsync(DueEntry entry, DateTimeOffset dueAt, int level, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await records.WriteAsync(
            Tables.TicketIndex, Index, RecordWrite.Put(BreachKey(entry.Ticket, entry.Target, dueAt), MaintenanceJson.Write(new BreachRow(entry.Ticket, entry.Target))), cancellation);
        return await records.ChangeAsync<Ticket>(
            Tables.Tickets,
            entry.Ticket,
            "ticket",
            ticket => ticket is null ? null : TicketRules.Escalate(ticket, entry.Target, dueAt, level, time.GetUtcNow()),
            cancellation);
    }

    /// <summary>The tickets with a missed target that is still not reached, the longest overdue in front.</summary>
    public async IAsyncEnumerable<Ticket> ListBreachedAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in records.QueryAsync(Tables.TicketIndex, Index, RowRange.Prefix("breach_"), cancellation))
        {
            var (id, target) = MaintenanceJson.Read<BreachRow>(row.Json);
            if (await FindAsync(id, cancellation) is not { Value: var ticket })
            {
                continue;
            }

            if (ticket.Reached(target) is not null)
            {
                // Left behind where the process ended between an answer and the removal of its row.
                await records.WriteAsync(Tables.TicketIndex, Index, RecordWrite.Delete(row.RowKey), cancellation);
            }
            else if (seen.Add(id))
            {
                yield return ticket;
            }
        }
    }

    private async Task<Versioned<Ticket>?> ChangeAsync(string id, string? eTag, string? key, Func<Ticket, Ticket> change, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(id, cancellation) is not { } current)
            {
                return null;
            }

            // An act that was done before is found before the version is compared: by doing it, its sender changed the version.
            var isCurrent = eTag is null || eTag == current.ETag;
            var next = isCurrent || key is not null ? change(current.Value) : current.Value;
            if (ReferenceEquals(next, current.Value) && key is not null)
            {
                return current;
            }

            if (!isCurrent)
            {
                throw new RecordConflictException(Tables.Tickets, id, "ticket");
            }

            try
            {
                return new(next, await records.WriteAsync(Tables.Tickets, id, RecordWrite.Replace("ticket", MaintenanceJson.Write(next), current.ETag), cancellation));
            }
            catch (RecordConflictException) when (eTag is null && attempt < 50)
            {
                // Whoever does not name a version adds to the newest one.
            }
        }
    }

    /// <summary>
    /// A target met in time needs no look when it falls due. One that was missed keeps its due row, so that the sweep still reports it, and is no longer listed
    /// as breached.
    /// </summary>
    private async Task ReachedAsync(Ticket ticket, ServiceTarget target, CancellationToken cancellation)
    {
        await records.WriteAsync(
            Tables.TicketIndex,
            Index,
            ticket.Reached(target) <= ticket.Due(target) ? RecordWrite.Delete(DueKey(new DueEntry(ticket.Id, target, 0, ticket.Due(target)))) : RecordWrite.Delete(BreachKey(ticket.Id, target, ticket.Due(target))),
            cancellation);
    }

    private RecordWrite Due(DueEntry entry) => RecordWrite.Put(DueKey(entry), MaintenanceJson.Write(new DueRow(entry, time.GetUtcNow())));

    private static string DueKey(DueEntry entry) => $"due_{RecordKeys.Instant(entry.At)}_{entry.Ticket}_{entry.Target}_{entry.Level}";

    private static string OpenRow(Ticket ticket) => $"open_{RecordKeys.Instant(ticket.ResolutionDue)}_{ticket.Id}";

    private static string BreachKey(string ticket, ServiceTarget target, DateTimeOffset dueAt) => $"breach_{RecordKeys.Instant(dueAt)}_{ticket}_{target}";

    private sealed record Pointer(string Ticket);

    private sealed record BreachRow(string Ticket, ServiceTarget Target);

    private sealed record DueRow(DueEntry Entry, DateTimeOffset WrittenAt);
}
