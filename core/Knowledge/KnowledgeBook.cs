using System.Text;
using Maintenance.Storage;

namespace Maintenance.Knowledge;

/// <summary>
/// What is stored of documents. The record of each has what lists show; beside it lies what must not be lost or counted twice: each acknowledgement, each vote and each
/// ticket as a row of its own, written first, so that a crash in between loses nothing that is not made up for by doing it again.
/// </summary>
public sealed class KnowledgeBook(IRecordStore records, IObjectStore objects)
{
    private const string Documents = "documents";
    private const int MostCounted = 10_000;

    /// <summary>The records of all documents, by id.</summary>
    public async Task<IReadOnlyDictionary<string, DocumentRecord>> AllAsync(CancellationToken cancellation)
    {
        var all = new Dictionary<string, DocumentRecord>(StringComparer.Ordinal);
        await foreach (var row in records.ListAsync<DocumentRecord>(Tables.Knowledge, Documents, RowRange.All, cancellation))
        {
            all[row.Value.Id] = row.Value;
        }

        return all;
    }

    /// <summary>The record of a document; null before the system has seen it.</summary>
    public async Task<DocumentRecord?> FindAsync(string id, CancellationToken cancellation) =>
        (await records.FindAsync<DocumentRecord>(Tables.Knowledge, Documents, id, cancellation))?.Value;

    /// <summary>Changes a document's record; one that was not there begins empty. What gives the same record writes nothing.</summary>
    public async Task<DocumentRecord> ChangeAsync(string id, Func<DocumentRecord, DocumentRecord> change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        return await records.ChangeAsync<DocumentRecord>(
            Tables.Knowledge,
            Documents,
            id,
            known =>
            {
                var before = known ?? new DocumentRecord(id, []);
                var after = change(before);
                return known is not null && ReferenceEquals(before, after) ? null : after;
            },
            cancellation) ?? new DocumentRecord(id, []);
    }

    /// <summary>Keeps the text of a version, so that later ones can be compared with it.</summary>
    public Task KeepTextAsync(KnowledgeDocument document, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(document);
        return objects.PutAsync(TextName(document.Version), Encoding.UTF8.GetBytes(KnowledgeDocument.Normal(document.Body)), cancellation);
    }

    /// <summary>The text of a version; null where it was never seen.</summary>
    public async Task<string?> TextAsync(string version, CancellationToken cancellation) =>
        await objects.GetAsync(TextName(version), cancellation) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Records an acknowledgement: the first of a person and version counts.</summary>
    /// <returns>The one that counts.</returns>
    public async Task<DocumentAcknowledgement> AcknowledgeAsync(string id, DocumentAcknowledgement one, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(one);
        var (partition, row) = ("ack:" + id, $"{one.Version}_{RecordKeys.Encode(one.Person)}");
        _ = await records.TryInsertAsync(Tables.Knowledge, partition, row, one, cancellation);
        var first = (await records.FindAsync<DocumentAcknowledgement>(Tables.Knowledge, partition, row, cancellation))!.Value;
        _ = await ChangeAsync(id, record => record.With(first), cancellation);
        return first;
    }

    /// <summary>Records whether a version helped somebody; who says so again changes what they said.</summary>
    public async Task VoteAsync(string id, DocumentVote vote, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vote);
        _ = await records.WriteAsync(Tables.Knowledge, "vote:" + id, RecordWrite.Put($"{vote.Version}_{RecordKeys.Encode(vote.Person)}", MaintenanceJson.Write(vote)), cancellation);
        var (yes, no) = (0, 0);
        await foreach (var row in records.ListAsync<DocumentVote>(Tables.Knowledge, "vote:" + id, new RowRange(Take: MostCounted), cancellation))
        {
            (yes, no) = row.Value.IsHelpful ? (yes + 1, no) : (yes, no + 1);
        }

        _ = await ChangeAsync(id, record => record.Helpful == yes && record.Unhelpful == no ? record : record with { Helpful = yes, Unhelpful = no }, cancellation);
    }

    /// <summary>What people said of it, the newest first.</summary>
    public async Task<IReadOnlyList<DocumentVote>> VotesAsync(string id, CancellationToken cancellation) =>
        [.. (await records.ListAsync<DocumentVote>(Tables.Knowledge, "vote:" + id, new RowRange(Take: 1000), cancellation).Select(static row => row.Value).ToListAsync(cancellation)).OrderByDescending(static vote => vote.At)];

    /// <summary>The tickets that are linked to it, as ids; the newest by number first.</summary>
    public async Task<IReadOnlyList<LinkedTicket>> TicketsAsync(string id, CancellationToken cancellation) =>
        [.. (await records.ListAsync<LinkedTicket>(Tables.Knowledge, "solved:" + id, new RowRange(Take: 1000), cancellation).Select(static row => row.Value).ToListAsync(cancellation)).OrderByDescending(static one => one.At)];

    /// <summary>Notes which articles a ticket is linked to and whether they solved it. Noted again, or later than another time, it is as the ticket is.</summary>
    public async Task NoteTicketAsync(TicketArticles next, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(next);
        var known = (await records.FindAsync<TicketArticles>(Tables.Knowledge, "tickets", next.Ticket, cancellation))?.Value;
        if (known == next || (known is null && next is { Articles.Count: 0, SolvedAt: null }))
        {
            return;
        }

        foreach (var article in next.Articles.Union(known?.Articles ?? [], StringComparer.Ordinal))
        {
            _ = await records.WriteAsync(
                Tables.Knowledge,
                "solved:" + article,
                next.Articles.Contains(article) ? RecordWrite.Put(next.Ticket, MaintenanceJson.Write(new LinkedTicket(next.Ticket, next.Title, next.At, next.SolvedAt))) : RecordWrite.Delete(next.Ticket),
                cancellation);
            await CountAsync(article, cancellation);
        }

        if (known?.SolvedAt is { } before && MonthOf(before) is var month && (next.SolvedAt is not { } still || MonthOf(still) != month))
        {
            _ = await records.WriteAsync(Tables.Knowledge, month, RecordWrite.Delete(next.Ticket), cancellation);
        }

        if (next.SolvedAt is { } solved)
        {
            _ = await records.WriteAsync(Tables.Knowledge, MonthOf(solved), RecordWrite.Put(next.Ticket, MaintenanceJson.Write(next)), cancellation);
        }

        // Last: cut off before, all of it is done again.
        _ = await records.WriteAsync(Tables.Knowledge, "tickets", RecordWrite.Put(next.Ticket, MaintenanceJson.Write(next)), cancellation);
    }

    /// <summary>The tickets that were solved in a month.</summary>
    /// <param name="month">An instant of it (UTC).</param>
    /// <param name="most">At most so many.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<List<TicketArticles>> SolvedAsync(DateTimeOffset month, int most, CancellationToken cancellation) =>
        records.ListAsync<TicketArticles>(Tables.Knowledge, MonthOf(month), new RowRange(Take: most), cancellation).Select(static row => row.Value).ToListAsync(cancellation).AsTask();

    private async Task CountAsync(string article, CancellationToken cancellation)
    {
        var (linked, solved) = (0, 0);
        DateTimeOffset? last = null;
        await foreach (var row in records.ListAsync<LinkedTicket>(Tables.Knowledge, "solved:" + article, new RowRange(Take: MostCounted), cancellation))
        {
            linked++;
            solved += row.Value.SolvedAt is null ? 0 : 1;
            last = last > row.Value.At ? last : row.Value.At;
        }

        _ = await ChangeAsync(article, record => record with { Linked = linked, Solved = solved, LinkedAt = record.LinkedAt > last ? record.LinkedAt : last ?? record.LinkedAt }, cancellation);
    }

    private static string TextName(string version) => "knowledge/versions/" + version;

    private static string MonthOf(DateTimeOffset at) => "month_" + at.UtcDateTime.ToString("yyyyMM", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A ticket that an article is linked to.</summary>
/// <param name="Ticket">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="At">When the link was last noted (UTC).</param>
/// <param name="SolvedAt">When it was solved (UTC); null where it is not.</param>
public sealed record LinkedTicket(string Ticket, string Title, DateTimeOffset At, DateTimeOffset? SolvedAt);

/// <summary>A ticket, as far as knowledge is concerned.</summary>
/// <param name="Ticket">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Service">The id of its service, or null.</param>
/// <param name="Articles">The ids of the articles that it is linked to.</param>
/// <param name="SolvedAt">When it was solved (UTC); null where it is not.</param>
/// <param name="At">When its newest event happened (UTC).</param>
public sealed record TicketArticles(string Ticket, string Title, string? Service, IReadOnlyList<string> Articles, DateTimeOffset? SolvedAt, DateTimeOffset At)
{
    /// <inheritdoc/>
    public bool Equals(TicketArticles? other) =>
        other is not null && Ticket == other.Ticket && Title == other.Title && Service == other.Service && SolvedAt == other.SolvedAt && Articles.SequenceEqual(other.Articles, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Ticket, Title, Service, SolvedAt, Articles.Count);
}
