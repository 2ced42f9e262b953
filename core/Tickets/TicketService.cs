using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Tickets;

/// <summary>
/// Tickets and their indexes. The index rows of a ticket are written before the ticket, and removed after it no longer needs them: so a crash between the two leaves at
/// worst a row that points at nothing to do, never an open ticket whose clock nobody watches, nor an event of which nobody hears.
/// </summary>
public sealed partial class TicketService(IRecordStore records, IMessageSender messages, ActivePlan plan, NumberSeries numbers, AgentBook agents, TimeProvider time, IQualifications? qualifications = null)
{
    /// <summary>The row of the ticket itself in its partition.</summary>
    private const string Head = "ticket";

    /// <summary>A row that points at a missing ticket is removed this long after it was written: until then its ticket may be on its way.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromHours(1);

    /// <summary>Opens the ticket of <paramref name="key"/>, or finds it where it was opened before.</summary>
    /// <param name="key">What the ticket is for: the reference of a feedback, say.</param>
    /// <param name="request">What it says.</param>
    /// <param name="cancellation">Stops between two writes; calling again goes on.</param>
    /// <exception cref="KeyNotFoundException">The plan has no such impact or urgency.</exception>
    public async Task<Ticket> OpenAsync(string key, NewTicket request, CancellationToken cancellation)
    {
        var number = await numbers.ClaimAsync(TicketIndex.Partition, key, cancellation);
        var change = TicketRules.Open(plan.Current, $"T-{number}", request);
        if (await FindAsync(change.Ticket.Id, cancellation) is { } existing)
        {
            return existing.Value;
        }

        IReadOnlyList<RecordWrite> rows =
        [
            .. TicketIndex.Before(plan.Current, change.Ticket, change.Events, time.GetUtcNow()),
            RecordWrite.Put(TicketIndex.IdKey(number), MaintenanceJson.Write(new TicketIndex.Pointer(change.Ticket.Id))),
        ];
        await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, rows, cancellation);
        try
        {
            await records.WriteAsync(
                Tables.Tickets,
                change.Ticket.Id,
                [RecordWrite.Insert(Head, MaintenanceJson.Write(change.Ticket)), .. change.Events.Select(static entry => RecordWrite.Insert(TicketIndex.EventKey(entry.Number), MaintenanceJson.Write(entry)))],
                cancellation);
        }
        catch (RecordConflictException)
        {
            return (await FindAsync(change.Ticket.Id, cancellation))!.Value;
        }

        Monitoring.Telemetry.Opened(change.Ticket.Type.ToString(), change.Ticket.Priority);
        await TellAsync(change, rows, cancellation);
        return change.Ticket;
    }

    /// <summary>The ticket without its history, or null.</summary>
    public Task<Versioned<Ticket>?> FindAsync(string id, CancellationToken cancellation) =>
        records.FindAsync<Ticket>(Tables.Tickets, id, Head, cancellation);

    /// <summary>The ticket with its history, or null.</summary>
    public async Task<Versioned<Ticket>?> ReadAsync(string id, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(id, cancellation) is not { } head)
            {
                return null;
            }

            // Events are written with their ticket; more of them than it knows have come since it was read.
            var history = await records.ListAsync<TicketEvent>(Tables.Tickets, id, RowRange.Prefix("event_"), cancellation).Select(static entry => entry.Value).ToListAsync(cancellation);
            if (history.Count == head.Value.Events || attempt == 20)
            {
                return new(head.Value with { History = history }, head.ETag);
            }
        }
    }

    /// <summary>Whom the rules would choose for a ticket now, and why nobody else; null where there is no such ticket.</summary>
    public async Task<AssignmentChoice?> ChooseAsync(string id, CancellationToken cancellation) =>
        await FindAsync(id, cancellation) is { } ticket ? (await ChooseAsync(ticket.Value, cancellation)).Choice : null;

    /// <summary>The open tickets, the one whose resolution is due first in front; those whose clock stands come last.</summary>
    public async IAsyncEnumerable<Ticket> ListOpenAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in records.QueryAsync(Tables.TicketIndex, TicketIndex.Partition, RowRange.Prefix("open_"), cancellation))
        {
            var id = MaintenanceJson.Read<TicketIndex.Pointer>(row.Json).Ticket;
            if (await FindAsync(id, cancellation) is not { Value: var ticket })
            {
                continue;
            }

            if (ticket.IsOpen && TicketIndex.OpenKey(ticket) == row.RowKey)
            {
                if (seen.Add(id))
                {
                    yield return ticket;
                }
            }
            else if (!ticket.IsOpen)
            {
                // Left behind where the process ended between a solution and the removal of its row.
                await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, RecordWrite.Delete(row.RowKey), cancellation);
            }
        }
    }

    /// <summary>All tickets after number <paramref name="after"/>, in the order in which they were opened.</summary>
    public async IAsyncEnumerable<Ticket> ListAsync(int after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var range = RowRange.Prefix("id_") with { From = TicketIndex.IdKey(after + 1) };
        await foreach (var row in records.ListAsync<TicketIndex.Pointer>(Tables.TicketIndex, TicketIndex.Partition, range, cancellation))
        {
            if (await FindAsync(row.Value.Ticket, cancellation) is { } ticket)
            {
                yield return ticket.Value;
            }
        }
    }

    /// <summary>The tickets with a missed target that is still not reached, the longest overdue in front.</summary>
    public async IAsyncEnumerable<Ticket> ListBreachedAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in records.QueryAsync(Tables.TicketIndex, TicketIndex.Partition, RowRange.Prefix("breach_"), cancellation))
        {
            var (id, target) = MaintenanceJson.Read<TicketIndex.BreachRow>(row.Json);
            if (await FindAsync(id, cancellation) is not { Value: var ticket })
            {
                continue;
            }

            if (ticket.Reached(target) is not null)
            {
                // Left behind where the process ended between an answer and the removal of its row.
                await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, RecordWrite.Delete(row.RowKey), cancellation);
            }
            else if (seen.Add(id))
            {
                yield return ticket;
            }
        }
    }

    /// <summary>Changes a ticket by a rule, under its ETag; again where somebody else was faster and no version was named.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="eTag">The version that somebody saw, or null for whatever it is.</param>
    /// <param name="key">Names the act, so that it is done once; null where it may be done again.</param>
    /// <param name="change">The rule. It may be asked several times.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The ticket afterwards; null where there is none.</returns>
    /// <exception cref="RecordConflictException">It was changed since that version.</exception>
    public async Task<Versioned<Ticket>?> ChangeAsync(string id, string? eTag, string? key, Func<Ticket, TicketChange> change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        var keyRow = KeyRow(key);
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(id, cancellation) is not { } current)
            {
                return null;
            }

            // An act that was done before is found before the version is compared: by doing it, its sender changed the version.
            if (keyRow is not null && await records.GetAsync(Tables.Tickets, id, keyRow, cancellation) is not null)
            {
                return current;
            }

            if (eTag is not null && eTag != current.ETag)
            {
                throw new RecordConflictException(Tables.Tickets, id, Head);
            }

            var next = change(current.Value);
            if (next.Events.Count == 0)
            {
                return current;
            }

            try
            {
                return await StoreAsync(current, next, keyRow, cancellation);
            }
            catch (RecordConflictException) when (eTag is null && attempt < 50)
            {
                // Whoever does not name a version adds to the newest one.
            }
        }
    }

    /// <summary>The row that says that an act was done.</summary>
    private static string? KeyRow(string? key) => key is null ? null : "key_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..40];

    private async Task<Versioned<Ticket>> StoreAsync(Versioned<Ticket> before, TicketChange change, string? keyRow, CancellationToken cancellation)
    {
        var (old, next) = (before.Value, change.Ticket with { History = null });
        var rows = TicketIndex.Before(plan.Current, next, change.Events, time.GetUtcNow());
        await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, rows, cancellation);
        var (oldHolder, nextHolder) = (old.IsOpen ? old.Assignee : null, next.IsOpen ? next.Assignee : null);
        if (nextHolder is not null && nextHolder != oldHolder)
        {
            await agents.EnterAsync(nextHolder, next.Id, cancellation);
        }

        var writes = new List<RecordWrite> { RecordWrite.Replace(Head, MaintenanceJson.Write(next), before.ETag) };
        writes.AddRange(change.Events.Select(static entry => RecordWrite.Insert(TicketIndex.EventKey(entry.Number), MaintenanceJson.Write(entry))));
        if (keyRow is not null)
        {
            writes.Add(RecordWrite.Insert(keyRow, MaintenanceJson.Write(new TicketIndex.Pointer(next.Id))));
        }

        var eTag = (await records.WriteAsync(Tables.Tickets, next.Id, writes, cancellation))[0];
        await TidyAsync(old, new(next, eTag), rows, cancellation);
        await HandOverAsync(next.Id, oldHolder, nextHolder, cancellation);
        await TellAsync(change, rows, cancellation);
        return new(next, eTag);
    }

    /// <summary>
    /// Removes the rows that a ticket no longer needs. Whoever changes it right after this may need one of them again, and have written it already: so whoever removes rows
    /// looks afterwards whether the ticket is still the one that did not need them.
    /// </summary>
    private async Task TidyAsync(Ticket before, Versioned<Ticket> after, IReadOnlyList<RecordWrite> rows, CancellationToken cancellation)
    {
        var writes = TicketIndex.After(plan.Current, before, after.Value, rows);
        foreach (var batch in writes.Chunk(IRecordStore.MaxBatch))
        {
            await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, batch, cancellation);
        }

        if (writes.Any(static write => write.Kind == RecordWriteKind.Delete)
            && await FindAsync(after.Value.Id, cancellation) is { } current && current.ETag != after.ETag
            && TicketIndex.Before(plan.Current, current.Value, [], time.GetUtcNow()) is { Count: > 0 } needed)
        {
            await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, needed, cancellation);
        }
    }

    /// <summary>Crosses a ticket out with who had it. The same holds as for the rows: it may have been given back to them meanwhile.</summary>
    private async Task HandOverAsync(string id, string? from, string? to, CancellationToken cancellation)
    {
        if (from == to)
        {
            return;
        }

        if (to is not null)
        {
            await agents.EnterAsync(to, id, cancellation);
        }

        if (from is not null)
        {
            await agents.RemoveAsync(from, id, cancellation);
            if (await FindAsync(id, cancellation) is { Value: { IsOpen: true } current } && current.Assignee == from)
            {
                await agents.EnterAsync(from, id, cancellation);
            }
        }
    }

    /// <summary>Sends each event to its queue, and forgets that it had to be sent.</summary>
    private async Task TellAsync(TicketChange change, IReadOnlyList<RecordWrite> rows, CancellationToken cancellation)
    {
        try
        {
            foreach (var entry in change.Events)
            {
                await SendAsync(new TicketEventMessage(change.Ticket.Id, entry.Number), cancellation);
            }

            await records.WriteAsync(Tables.TicketIndex, TicketIndex.Partition, [.. rows.Where(TicketIndex.IsTold).Select(static row => RecordWrite.Delete(row.RowKey))], cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The act is done and stored; its rows say that the queue has yet to hear of it, and the next sweep sees to that.
        }
    }

    private Task SendAsync(TicketEventMessage message, CancellationToken cancellation) =>
        messages.SendAsync(new OutgoingMessage(Queues.TicketEvents, message.Id, MaintenanceJson.Write(message)), cancellation);

    private async Task<Versioned<Ticket>?> AssignAsync(string id, TicketAct.Assign act, TicketActor actor, string? eTag, string? key, CancellationToken cancellation)
    {
        while (true)
        {
            if (await FindAsync(id, cancellation) is not { Value: var ticket } found)
            {
                return null;
            }

            // Sent again: whom it would choose today is nothing to the book.
            if (KeyRow(key) is { } keyRow && await records.GetAsync(Tables.Tickets, id, keyRow, cancellation) is not null)
            {
                return found;
            }

            var (choice, pages) = await ChooseAsync(ticket, cancellation);
            var why = choice.Person is null
                ? $"Nobody fits: {(choice.Considered.Count == 0 ? "there is nobody" : string.Join("; ", choice.Considered.Select(one => $"{plan.Current.FindPerson(one.Person)?.Name ?? one.Person} {one.Refusal}")))}."
                : act.Reason;
            TicketChange Assigned(Ticket current) => TicketRules.Apply(plan.Current, current, new TicketAct.Assign(choice.Person ?? TicketMoves.Queue, why), actor, time.GetUtcNow());

            // What is not allowed enters nothing in the book.
            _ = Assigned(ticket);
            if (choice.Person is { } person && ticket.Assignee != person && !await agents.TryEnterAsync(person, id, pages[person], cancellation))
            {
                continue;
            }

            return await ChangeAsync(id, eTag, key, Assigned, cancellation);
        }
    }

    private async Task<(AssignmentChoice Choice, IReadOnlyDictionary<string, AgentPage> Pages)> ChooseAsync(Ticket ticket, CancellationToken cancellation)
    {
        var current = plan.Current;
        var pages = await agents.ReadAsync(
            Assignment.Candidates(current, ticket).Select(static person => person.Id), async id => (await FindAsync(id, cancellation))?.Value, cancellation);

        // What the ticket's own holder has of it is no load that speaks against them.
        var loads = pages.ToDictionary(
            static page => page.Key, page => page.Key == ticket.Assignee && ticket.IsOpen ? page.Value.Load with { Open = Math.Max(0, page.Value.Load.Open - 1) } : page.Value.Load, StringComparer.Ordinal);
        var refusals = qualifications is null ? null : await qualifications.RefusalsAsync(ticket.Service, ticket.Skills, cancellation);
        return (Assignment.Choose(current, ticket, loads, time.GetUtcNow(), refusals), pages);
    }
}
