using System.Text;
using Maintenance.Storage;

namespace Maintenance.Knowledge;

/// <summary>
/// What is stored of documents. The record of each has what lists show; beside it lies what must not be lost or counted twice: each acknowledgement, each vote and each
/// ticket as a row of its own, written first, so that a crash in between loses nothing that is not made up for by doing it again.
/// </summary>
public sealed class KnowledgeBook(IRecordStore records, IObjectStore objects)
{
    /// <summary>What the names of kept texts begin with.</summary>
    internal const string Prefix = "knowledge/";

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

    /// <summary>Notes the version in force, with its text. Where it is noted already nothing is written.</summary>
    /// <param name="document">The document, as it is in force.</param>
    /// <param name="known">What is known of it; null for nothing.</param>
    /// <param name="now">The instant (UTC).</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<DocumentRecord> NoteAsync(KnowledgeDocument document, DocumentRecord? known, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (known is not null && ReferenceEquals(known.Noted(document, now), known))
        {
            return known;
        }

        // The text first: whoever sees the version may compare it.
        await KeepTextAsync(document, cancellation);
        return await ChangeAsync(document.Id, record => record.Noted(document, now), cancellation);
    }

    /// <summary>Keeps the text of a version, so that later ones can be compared with it; its title stands in the record.</summary>
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
        await RecountAsync(
            id,
            async record =>
            {
                var (yes, no) = (0, 0);
                await foreach (var row in records.ListAsync<DocumentVote>(Tables.Knowledge, "vote:" + id, new RowRange(Take: MostCounted), cancellation))
                {
                    (yes, no) = row.Value.IsHelpful ? (yes + 1, no) : (yes, no + 1);
                }

                return record with { Helpful = yes, Unhelpful = no };
            },
            cancellation);
    }

    /// <summary>What people said of it, the newest first.</summary>
    public async Task<IReadOnlyList<DocumentVote>> VotesAsync(string id, CancellationToken cancellation) =>
        [.. (await records.ListAsync<DocumentVote>(Tables.Knowledge, "vote:" + id, new RowRange(Take: 1000), cancellation).Select(static row => row.Value).ToListAsync(cancellation)).OrderByDescending(static vote => vote.At)];

    /// <summary>The tickets that are linked to it, as ids; the newest by number first.</summary>
    public async Task<IReadOnlyList<LinkedTicket>> TicketsAsync(string id, CancellationToken cancellation) =>
        [.. (await records.ListAsync<LinkedTicket>(Tables.Knowledge, "solved:" + id, new RowRange(Take: 1000), cancellation).Select(static row => row.Value).Where(static one => one.IsLinked).ToListAsync(cancellation)).OrderByDescending(static one => one.At)];

    /// <summary>
    /// Notes which articles a ticket is linked to and whether they solved it. Messages come in any order and several at a time: each row says after which event of the ticket
    /// it is so, and an older one never replaces a newer one. Noted again, or cut off anywhere and noted again, it is as the ticket is.
    /// </summary>
    public async Task NoteTicketAsync(TicketArticles next, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(next);
        for (var attempt = 1; ; attempt++)
        {
            var known = await records.FindAsync<TicketArticles>(Tables.Knowledge, "tickets", next.Ticket, cancellation);
            if (known?.Value == next && known.Value.Number == next.Number)
            {
                return;
            }

            // Where a newer one is known, what an older one that was cut off may have left is put right by it.
            if (known?.Value.Number > next.Number)
            {
                await WriteRowsAsync(known.Value, next, cancellation);
                return;
            }

            await WriteRowsAsync(next, known?.Value ?? next, cancellation);

            try
            {
                // Last: cut off before, all of it is done again.
                var json = MaintenanceJson.Write(next);
                _ = await records.WriteAsync(Tables.Knowledge, "tickets", known is null ? RecordWrite.Insert(next.Ticket, json) : RecordWrite.Replace(next.Ticket, json, known.ETag), cancellation);
                return;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                // Another event was noted meanwhile: the newer of the two counts in every row that either of them touched.
            }
        }
    }

    /// <summary>Has every row that a ticket has by one of its states say what the newest one says.</summary>
    private async Task WriteRowsAsync(TicketArticles newest, TicketArticles touched, CancellationToken cancellation)
    {
        foreach (var article in newest.Articles.Union(touched.Articles, StringComparer.Ordinal))
        {
            var link = new LinkedTicket(newest.Ticket, newest.Title, newest.At, newest.SolvedAt) { Number = newest.Number, IsLinked = newest.Articles.Contains(article) };
            _ = await records.ChangeAsync<LinkedTicket>(
                Tables.Knowledge, "solved:" + article, newest.Ticket, known => known?.Number > link.Number || known == link || (known is null && !link.IsLinked) ? null : link, cancellation);
            await CountAsync(article, cancellation);
        }

        foreach (var month in new[] { newest.SolvedAt, touched.SolvedAt }.OfType<DateTimeOffset>().Select(MonthOf).Distinct(StringComparer.Ordinal))
        {
            _ = await records.ChangeAsync<TicketArticles>(
                Tables.Knowledge, month, newest.Ticket, known => known?.Number > newest.Number || (known == newest && known.Number == newest.Number) ? null : newest, cancellation);
        }
    }

    /// <summary>The tickets that were solved in a month.</summary>
    /// <param name="month">An instant of it (UTC).</param>
    /// <param name="most">At most so many.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<List<TicketArticles>> SolvedAsync(DateTimeOffset month, int most, CancellationToken cancellation) =>
        records.ListAsync<TicketArticles>(Tables.Knowledge, MonthOf(month), new RowRange(Take: most), cancellation).Select(static row => row.Value).Where(ticket => ticket.SolvedAt is { } at && MonthOf(at) == MonthOf(month))
            .ToListAsync(cancellation).AsTask();

    private Task CountAsync(string article, CancellationToken cancellation) => RecountAsync(
        article,
        async record =>
        {
            var (linked, solved) = (0, 0);
            DateTimeOffset? last = null;
            await foreach (var row in records.ListAsync<LinkedTicket>(Tables.Knowledge, "solved:" + article, new RowRange(Take: MostCounted), cancellation))
            {
                if (row.Value is { IsLinked: true } ticket)
                {
                    linked++;
                    solved += ticket.SolvedAt is null ? 0 : 1;
                    last = last > ticket.At ? last : ticket.At;
                }
            }

            return record with { Linked = linked, Solved = solved, LinkedAt = record.LinkedAt > last ? record.LinkedAt : last ?? record.LinkedAt };
        },
        cancellation);

    /// <summary>Counts anew after the record was read, so that of two who count at once the one who may have counted too little is refused and counts again.</summary>
    private async Task RecountAsync(string id, Func<DocumentRecord, Task<DocumentRecord>> count, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var known = await records.FindAsync<DocumentRecord>(Tables.Knowledge, Documents, id, cancellation);
            var next = await count(known?.Value ?? new DocumentRecord(id, []));
            if (next == known?.Value)
            {
                return;
            }

            var json = MaintenanceJson.Write(next);
            try
            {
                _ = await records.WriteAsync(Tables.Knowledge, Documents, known is null ? RecordWrite.Insert(id, json) : RecordWrite.Replace(id, json, known.ETag), cancellation);
                return;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                // Somebody else wrote since: it is read and counted again.
            }
        }
    }

    private static string TextName(string version) => Prefix + "versions/" + version;

    private static string MonthOf(DateTimeOffset at) => "month_" + at.UtcDateTime.ToString("yyyyMM", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A ticket that an article is linked to.</summary>
/// <param name="Ticket">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="At">When the link was last noted (UTC).</param>
/// <param name="SolvedAt">When it was solved (UTC); null where it is not.</param>
public sealed record LinkedTicket(string Ticket, string Title, DateTimeOffset At, DateTimeOffset? SolvedAt)
{
    /// <summary>The number of the ticket's event after which this is so.</summary>
    public int Number { get; init; }

    /// <summary>False where the link was taken away: the row stays, so that an older event does not bring it back.</summary>
    public bool IsLinked { get; init; } = true;
}

/// <summary>A ticket, as far as knowledge is concerned.</summary>
/// <param name="Ticket">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Service">The id of its service, or null.</param>
/// <param name="Articles">The ids of the articles that it is linked to.</param>
/// <param name="SolvedAt">When it was solved (UTC); null where it is not.</param>
/// <param name="At">When its newest event happened (UTC).</param>
public sealed record TicketArticles(string Ticket, string Title, string? Service, IReadOnlyList<string> Articles, DateTimeOffset? SolvedAt, DateTimeOffset At)
{
    /// <summary>The number of that event.</summary>
    public int Number { get; init; }

    /// <inheritdoc/>
    public bool Equals(TicketArticles? other) =>
        other is not null && Ticket == other.Ticket && Title == other.Title && Service == other.Service && SolvedAt == other.SolvedAt && Articles.SequenceEqual(other.Articles, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Ticket, Title, Service, SolvedAt, Articles.Count);
}
