using System.Runtime.CompilerServices;
using Maintenance.Storage;

namespace Maintenance.Feedback;

/// <summary>What was sent, and where to find it: by its ticket, by its contact, and by when it was received. An index row is there before what it points at says so.</summary>
public sealed class FeedbackBook(IRecordStore records, ContactKeys contacts)
{
    /// <summary>The row of a report in its partition.</summary>
    internal const string Row = "feedback";

    private const string Reachable = "reachable";
    private const string Tombstone = "erased";

    /// <summary>What was sent under a reference; null where nothing is known of it, or it is still in the queue.</summary>
    public Task<Versioned<FeedbackReport>?> FindAsync(string reference, CancellationToken cancellation) =>
        records.FindAsync<FeedbackReport>(Tables.Feedback, reference, Row, cancellation);

    /// <summary>Changes what is kept of a report; see <see cref="Records.ChangeAsync"/>.</summary>
    public Task<FeedbackReport?> ChangeAsync(string reference, Func<FeedbackReport?, FeedbackReport?> change, CancellationToken cancellation) =>
        records.ChangeAsync(Tables.Feedback, reference, Row, change, cancellation);

    /// <summary>The reports of a ticket.</summary>
    /// <param name="ticket">The id of the ticket.</param>
    /// <param name="first">The reference from which its ticket was opened: of feedback that came before there was an index, it is all that is known.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<FeedbackReport> ListAsync(string ticket, string? first, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var isFirstListed = false;
        await foreach (var row in records.QueryAsync(Tables.FeedbackIndex, OfTicket(ticket), RowRange.All, cancellation))
        {
            isFirstListed |= row.RowKey == first;
            if (await FindAsync(row.RowKey, cancellation) is { } report)
            {
                yield return report.Value;
            }
        }

        if (first is not null && !isFirstListed && await FindAsync(first, cancellation) is { } old && old.Value.Ticket == ticket)
        {
            yield return old.Value;
        }
    }

    /// <summary>Lets a report be found by its ticket.</summary>
    public Task IndexTicketAsync(string reference, string ticket, CancellationToken cancellation) =>
        records.WriteAsync(Tables.FeedbackIndex, OfTicket(ticket), RecordWrite.Put(reference, Pointer(reference)), cancellation);

    /// <summary>Lets a report be found by its contact, and by when it was received, where it can be answered by mail.</summary>
    /// <returns>The keys by which it is found.</returns>
    public async Task<IReadOnlyList<string>> IndexContactAsync(string reference, DateTimeOffset receivedAt, string? contact, CancellationToken cancellation)
    {
        var keys = contacts.Of(contact);
        foreach (var key in keys)
        {
            await records.WriteAsync(Tables.FeedbackIndex, OfContact(key), RecordWrite.Put(AtKey(receivedAt, reference), Pointer(reference)), cancellation);
        }

        if (ContactKeys.MailAddress(contact) is not null)
        {
            await records.WriteAsync(Tables.FeedbackIndex, Reachable, RecordWrite.Put(ReachableKey(receivedAt, reference), Pointer(reference)), cancellation);
        }

        return keys;
    }

    /// <summary>Takes a report out of the indexes of contacts.</summary>
    public async Task ForgetContactAsync(FeedbackReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        foreach (var key in report.Keys)
        {
            await records.WriteAsync(Tables.FeedbackIndex, OfContact(key), RecordWrite.Delete(AtKey(report.ReceivedAt, report.Reference)), cancellation);
        }

        await records.WriteAsync(Tables.FeedbackIndex, Reachable, RecordWrite.Delete(ReachableKey(report.ReceivedAt, report.Reference)), cancellation);
    }

    /// <summary>True where something else that is not erased came from the same contact.</summary>
    public async Task<bool> IsKnownOtherwiseAsync(FeedbackReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        foreach (var reference in (await FindByContactAsync(report.Contact ?? "", cancellation)).Where(other => other != report.Reference))
        {
            if (await FindAsync(reference, cancellation) is not { Value.ErasedAt: not null })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The references of a contact, oldest first, each once.</summary>
    public async Task<IReadOnlyList<string>> FindByContactAsync(string contact, CancellationToken cancellation)
    {
        var references = new List<string>();
        foreach (var key in contacts.Of(contact))
        {
            references.AddRange(await records.ListAsync<PointerRow>(Tables.FeedbackIndex, OfContact(key), RowRange.Prefix("at_"), cancellation).Select(static row => row.Value.Reference).ToListAsync(cancellation));
        }

        return [.. references.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>How much came from a contact since an instant, counted as far as a number.</summary>
    public async Task<int> CountAsync(string contact, DateTimeOffset since, int most, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var key in contacts.Of(contact))
        {
            var range = new RowRange("at_" + RecordKeys.Instant(since), "at`", most);
            count = Math.Max(count, await records.QueryAsync(Tables.FeedbackIndex, OfContact(key), range, cancellation).CountAsync(cancellation));
        }

        return count;
    }

    /// <summary>The references that can be answered by mail and were received in <c>[from, to)</c>, oldest first.</summary>
    public IAsyncEnumerable<string> ListReachableAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        records.ListAsync<PointerRow>(Tables.FeedbackIndex, Reachable, new RowRange(RecordKeys.Instant(from), RecordKeys.Instant(to)), cancellation).Select(static row => row.Value.Reference);

    /// <summary>What was received from a contact up to an instant is without it from now on, also what is still in the queue.</summary>
    public async Task EntombAsync(string contact, DateTimeOffset at, CancellationToken cancellation)
    {
        foreach (var key in contacts.Of(contact))
        {
            await records.WriteAsync(Tables.FeedbackIndex, OfContact(key), RecordWrite.Put(Tombstone, MaintenanceJson.Write(new TombstoneRow(at))), cancellation);
        }
    }

    /// <summary>True where a contact was erased after something was received from it.</summary>
    public async Task<bool> IsEntombedAsync(string? contact, DateTimeOffset receivedAt, CancellationToken cancellation)
    {
        foreach (var key in contacts.Of(contact))
        {
            if (await records.FindAsync<TombstoneRow>(Tables.FeedbackIndex, OfContact(key), Tombstone, cancellation) is { Value.At: var at } && receivedAt <= at)
            {
                return true;
            }
        }

        return false;
    }

    private static string OfTicket(string ticket) => "ticket_" + ticket;

    private static string OfContact(string key) => "contact_" + key;

    private static string AtKey(DateTimeOffset receivedAt, string reference) => $"at_{RecordKeys.Instant(receivedAt)}_{reference}";

    private static string ReachableKey(DateTimeOffset receivedAt, string reference) => $"{RecordKeys.Instant(receivedAt)}_{reference}";

    private static string Pointer(string reference) => MaintenanceJson.Write(new PointerRow(reference));

    private sealed record PointerRow(string Reference);

    private sealed record TombstoneRow(DateTimeOffset At);
}
