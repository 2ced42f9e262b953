using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Storage;

namespace Maintenance.Notifications;

/// <summary>
/// The rows of the outbox. A recipient's partition of <see cref="Tables.Notifications"/> holds <c>note_{entry}</c>, <c>wait_{instant}_{entry}</c> while it waits, and
/// <c>state</c>, so that what is told in one message is marked in one batch. The index holds <c>due_{instant}_{entry}</c> (what the timer looks at),
/// <c>at_{newest first}_{entry}</c>, <c>failed_{newest first}_{entry}</c> and <c>id_{entry}</c>. An index row is written before the entry that it names, and removed after
/// it, so that a crash in between leaves a row too many, which whoever reads it next removes, and never one too few.
/// </summary>
internal sealed class OutboxStore(IRecordStore records, TimeProvider time)
{
    public const string Index = "notifications";
    public const string StateRow = "state";

    /// <summary>An index row whose entry has not come for so long belongs to a recording that was cut off; done again, it writes its row anew.</summary>
    public static readonly TimeSpan Orphaned = TimeSpan.FromHours(1);

    /// <summary>So many entries fit into one batch with the recipient's state, at two writes each.</summary>
    public const int MostMarked = (IRecordStore.MaxBatch - 1) / 2;

    // Of what a batch may have, the rest is the recipient's state and the rows beside the entries, which are small.
    private const int MostBytes = IRecordStore.MaxBatchBytes - (300 * 1024);

    private const int MostIndexed = IRecordStore.MaxBatch / 3;

    /// <summary>The id of the entry of a recipient and a notification.</summary>
    public static string EntryId(string recipient, string notification) => Hash($"{recipient}\n{notification}", 20);

    /// <summary>So many hexadecimal digits that stand for a text.</summary>
    public static string Hash(string text, int digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];

    public static string Partition(string recipient) => RecordKeys.Encode(recipient);

    public static string NoteRow(string id) => "note_" + id;

    public static string WaitRow(NotificationEntry entry) => $"wait_{RecordKeys.Instant(entry.CreatedAt)}_{entry.Id}";

    public static string DueRow(NotificationEntry entry) => $"due_{RecordKeys.Instant(entry.DueAt)}_{entry.Id}";

    public static string AtRow(NotificationEntry entry) => $"at_{NewestFirst(entry.CreatedAt)}_{entry.Id}";

    public static string FailedRow(NotificationEntry entry) => $"failed_{NewestFirst(entry.TriedAt ?? entry.CreatedAt)}_{entry.Id}";

    public static string IdRow(string id) => "id_" + id;

    /// <summary>An instant as text whose ordinal order is the reverse of time's.</summary>
    public static string NewestFirst(DateTimeOffset at) => (DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    public string Pointer(NotificationEntry entry) => MaintenanceJson.Write(new OutboxPointer(entry.Recipient, entry.Id, time.GetUtcNow()));

    public Task<Versioned<NotificationEntry>?> FindAsync(string recipient, string id, CancellationToken cancellation) =>
        records.FindAsync<NotificationEntry>(Tables.Notifications, Partition(recipient), NoteRow(id), cancellation);

    /// <summary>The entry of an id alone, or null.</summary>
    public async Task<Versioned<NotificationEntry>?> FindAsync(string id, CancellationToken cancellation) =>
        await records.FindAsync<OutboxPointer>(Tables.NotificationIndex, Index, IdRow(RecordKeys.Encode(id)), cancellation) is { Value: var pointer }
            ? await FindAsync(pointer.Recipient, pointer.Entry, cancellation)
            : null;

    /// <summary>The entries that wait for a recipient, in the order in which they came.</summary>
    public async Task<IReadOnlyList<Versioned<NotificationEntry>>> WaitingAsync(string recipient, CancellationToken cancellation)
    {
        var entries = new List<Versioned<NotificationEntry>>();
        await foreach (var row in records.ListAsync<OutboxPointer>(Tables.Notifications, Partition(recipient), RowRange.Prefix("wait_"), cancellation))
        {
            if (await FindAsync(recipient, row.Value.Entry, cancellation) is { Value.State: DeliveryState.Waiting } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>All entries of a recipient, in no order.</summary>
    public IAsyncEnumerable<Versioned<NotificationEntry>> AllAsync(string recipient, CancellationToken cancellation) =>
        records.ListAsync<NotificationEntry>(Tables.Notifications, Partition(recipient), RowRange.Prefix("note_"), cancellation);

    /// <summary>Changes in parts that fit into one batch each, in order: by their number, and by how long their texts are.</summary>
    public static IEnumerable<IReadOnlyList<EntryChange>> Batches(IReadOnlyList<EntryChange> changes)
    {
        var batch = new List<EntryChange>();
        var bytes = 0;
        foreach (var change in changes)
        {
            var own = Encoding.UTF8.GetByteCount(MaintenanceJson.Write(change.After));
            if (batch.Count == MostMarked || (batch.Count > 0 && bytes + own > MostBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(change);
            bytes += own;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <summary>Records entries of which there may be some already; those stay as they are.</summary>
    /// <returns>Those that are new.</returns>
    public async Task<IReadOnlyList<NotificationEntry>> AddAsync(IReadOnlyList<NotificationEntry> entries, CancellationToken cancellation)
    {
        foreach (var chunk in entries.Chunk(MostIndexed))
        {
            await WriteIndexAsync([.. chunk.SelectMany(IndexRows)], cancellation);
        }

        var added = new List<NotificationEntry>();
        foreach (var entry in entries)
        {
            try
            {
                await records.WriteAsync(Tables.Notifications, Partition(entry.Recipient), [.. EntryRows(entry)], cancellation);
                added.Add(entry);
            }
            catch (RecordConflictException)
            {
                // Somebody recorded the same at the same time: theirs counts, and their index rows name it.
            }
        }

        return added;
    }

    /// <summary>Writes index rows, as many as there are.</summary>
    public async Task WriteIndexAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancellation)
    {
        foreach (var batch in writes.Chunk(IRecordStore.MaxBatch))
        {
            await records.WriteAsync(Tables.NotificationIndex, Index, batch, cancellation);
        }
    }

    /// <summary>Removes an entry that nobody needs any more, and every row that names it.</summary>
    public async Task RemoveAsync(NotificationEntry entry, CancellationToken cancellation)
    {
        await records.WriteAsync(Tables.Notifications, Partition(entry.Recipient), [RecordWrite.Delete(NoteRow(entry.Id)), RecordWrite.Delete(WaitRow(entry))], cancellation);
        await WriteIndexAsync(
            [RecordWrite.Delete(DueRow(entry)), RecordWrite.Delete(FailedRow(entry)), RecordWrite.Delete(IdRow(entry.Id)), RecordWrite.Delete(AtRow(entry))], cancellation);
    }

    private IEnumerable<RecordWrite> IndexRows(NotificationEntry entry)
    {
        var pointer = Pointer(entry);
        yield return RecordWrite.Put(AtRow(entry), pointer);
        yield return RecordWrite.Put(IdRow(entry.Id), pointer);
        if (entry.State == DeliveryState.Waiting)
        {
            yield return RecordWrite.Put(DueRow(entry), pointer);
        }
    }

    private IEnumerable<RecordWrite> EntryRows(NotificationEntry entry)
    {
        yield return RecordWrite.Insert(NoteRow(entry.Id), MaintenanceJson.Write(entry));
        if (entry.State == DeliveryState.Waiting)
        {
            yield return RecordWrite.Insert(WaitRow(entry), Pointer(entry));
        }
    }
}

/// <summary>Where an entry is.</summary>
/// <param name="Recipient">Its recipient's key.</param>
/// <param name="Entry">Its id.</param>
/// <param name="WrittenAt">When the row was written (UTC).</param>
internal sealed record OutboxPointer(string Recipient, string Entry, DateTimeOffset WrittenAt);
