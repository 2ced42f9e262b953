using Maintenance.Storage;

namespace Maintenance.Tickets.Search;

/// <summary>
/// Keeps the lists of terms. It hears of every event after the event is durable, so a ticket is found by what has changed a moment later, not at once.
/// <para>
/// What is indexed of a ticket is said in a row of its own, which is changed under its ETag: first to what will be doubtful (terms that are about to be added to lists or
/// taken from them), then, when the lists are so, to what is there. Wherever it is cut off, the row says what has to be looked at again. The row, and each entry of a list,
/// says by which event of the ticket it was written: whoever goes by an older ticket takes nothing away that a newer one has put there.
/// </para>
/// </summary>
public sealed class TicketIndexer(IRecordStore records, TicketService tickets) : ITicketFollower, IDisposable
{
    private const string Row = "terms";

    /// <summary>So many lists are written at the same time.</summary>
    private const int AtOnce = 8;

    private const int MostAttempts = 20;

    /// <summary>Those of one process take turns at a ticket, so that they do not make one another begin again; other processes are met by the ETag.</summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(static _ => new SemaphoreSlim(1, 1))];

    /// <inheritdoc/>
    public Task HearAsync(Ticket ticket, TicketEvent entry, CancellationToken cancellation) => InTurnAsync(ticket, isAnew: false, cancellation);

    /// <summary>Indexes tickets anew, in the order in which they were opened: after a change of what is indexed, or where the index was lost.</summary>
    /// <param name="after">The number of the last ticket that was; 0 for none.</param>
    /// <param name="most">How many are indexed by this call.</param>
    /// <param name="cancellation">Stops between two tickets.</param>
    public async Task<ReindexReport> ReindexAsync(int after, int most, CancellationToken cancellation)
    {
        var (count, last) = (0, after);
        await foreach (var head in tickets.ListAsync(after, cancellation).Take(most))
        {
            last = TicketTerms.NumberOf(head);
            if (await tickets.ReadAsync(head.Id, cancellation) is { } ticket)
            {
                await InTurnAsync(ticket.Value, isAnew: true, cancellation);
                count++;
            }
        }

        return new ReindexReport(count, count < most ? null : last);
    }

    /// <summary>The terms by which a ticket is found, as the index has them; null where it has none.</summary>
    internal async Task<IReadOnlySet<string>?> TermsAsync(string ticket, CancellationToken cancellation) =>
        await FindAsync(ticket, cancellation) is { } row ? row.Value.Settled.Concat(row.Value.Doubtful).ToHashSet(StringComparer.Ordinal) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var turn in _turns)
        {
            turn.Dispose();
        }
    }

    private async Task InTurnAsync(Ticket ticket, bool isAnew, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var turn = _turns[TicketTerms.NumberOf(ticket) % _turns.Length];
        await turn.WaitAsync(cancellation);
        try
        {
            await IndexAsync(ticket, isAnew, cancellation);
        }
        finally
        {
            _ = turn.Release();
        }
    }

    private async Task IndexAsync(Ticket ticket, bool isAnew, CancellationToken cancellation)
    {
        var touched = new HashSet<string>(StringComparer.Ordinal);
        for (var attempt = 1; ; attempt++)
        {
            var row = await FindAsync(ticket.Id, cancellation);
            var known = row?.Value ?? new IndexedTerms(0, [], []);
            if (known.Events > ticket.Events)
            {
                ticket = (await tickets.ReadAsync(ticket.Id, cancellation))!.Value;
            }

            if (known.Events >= ticket.Events && known.Doubtful.Count == 0 && !isAnew && touched.Count == 0)
            {
                return;
            }

            try
            {
                await IndexAsync(ticket, row, isAnew, touched, cancellation);
                return;
            }
            catch (RecordConflictException) when (attempt < MostAttempts)
            {
                // Somebody else has indexed it meanwhile. What was written here may be against what they have found: it is doubtful now.
                ticket = (await tickets.ReadAsync(ticket.Id, cancellation))!.Value;
            }
        }
    }

    private async Task IndexAsync(Ticket ticket, Versioned<IndexedTerms>? row, bool isAnew, HashSet<string> touched, CancellationToken cancellation)
    {
        var terms = TicketTerms.Of(ticket);
        var settled = (row?.Value.Settled ?? []).Where(term => terms.Contains(term) && !isAnew && !touched.Contains(term)).ToHashSet(StringComparer.Ordinal);
        var doubtful = terms.Concat(row?.Value.Settled ?? []).Concat(row?.Value.Doubtful ?? []).Concat(touched).Where(term => !settled.Contains(term)).ToHashSet(StringComparer.Ordinal);
        var eTag = row?.ETag;
        if (doubtful.Count > 0)
        {
            eTag = await WriteAsync(new IndexedTerms(ticket.Events, [.. settled], [.. doubtful]), eTag);
            touched.UnionWith(doubtful);
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
            var number = TicketTerms.RowOf(TicketTerms.NumberOf(ticket));
            var entry = MaintenanceJson.Write(new ListEntry(ticket.Events));

            // Into the new lists first: a ticket that goes from one to another is in one of them at least.
            await Parallel.ForEachAsync(
                doubtful.Where(terms.Contains), options, async (term, stop) => await records.WriteAsync(Tables.TicketTerms, TicketTerms.ListOf(term), RecordWrite.Put(number, entry), stop));
            await Parallel.ForEachAsync(doubtful.Where(term => !terms.Contains(term)), options, async (term, stop) => await RemoveAsync(term, number, ticket.Events, stop));
        }

        _ = await WriteAsync(new IndexedTerms(ticket.Events, [.. terms], []), eTag);

        Task<string> WriteAsync(IndexedTerms value, string? expected)
        {
            var json = MaintenanceJson.Write(value);
            return records.WriteAsync(Tables.TicketTerms, TicketTerms.IndexedOf(ticket.Id), expected is null ? RecordWrite.Insert(Row, json) : RecordWrite.Replace(Row, json, expected), cancellation);
        }
    }

    /// <summary>Takes a ticket from a list, unless somebody put it there who knows of later events.</summary>
    private async Task RemoveAsync(string term, string number, int events, CancellationToken cancellation)
    {
        while (await records.FindAsync<ListEntry>(Tables.TicketTerms, TicketTerms.ListOf(term), number, cancellation) is { } entry && entry.Value.Events <= events)
        {
            try
            {
                await records.WriteAsync(Tables.TicketTerms, TicketTerms.ListOf(term), RecordWrite.Delete(number, entry.ETag), cancellation);
                return;
            }
            catch (RecordConflictException)
            {
                // Written meanwhile: by whom is seen by looking again.
            }
        }
    }

    private Task<Versioned<IndexedTerms>?> FindAsync(string ticket, CancellationToken cancellation) =>
        records.FindAsync<IndexedTerms>(Tables.TicketTerms, TicketTerms.IndexedOf(ticket), Row, cancellation);

    /// <summary>What is indexed of a ticket.</summary>
    /// <param name="Events">So many events the ticket had that was gone by.</param>
    /// <param name="Settled">In these lists it is.</param>
    /// <param name="Doubtful">In these it may be or not: somebody is at it, or was cut off.</param>
    internal sealed record IndexedTerms(int Events, IReadOnlyList<string> Settled, IReadOnlyList<string> Doubtful);

    /// <summary>An entry of a list.</summary>
    /// <param name="Events">So many events the ticket had that was gone by.</param>
    internal sealed record ListEntry(int Events);
}

/// <summary>How far indexing anew has come.</summary>
/// <param name="Tickets">So many were indexed by this call.</param>
/// <param name="After">The number of the last of them, from which to go on; null where all are done.</param>
public sealed record ReindexReport(int Tickets, int? After);
