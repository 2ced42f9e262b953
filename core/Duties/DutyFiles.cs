using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;

namespace Maintenance.Duties;

/// <summary>
/// Files that show that a duty was done. They lie in the object store as <c>duties/{duty}/{occurrence}/{file}</c>, and keep to what the plan says of attachments. That one is
/// on its way is noted before it is written; what never reached its occurrence is found by that note and removed.
/// </summary>
public sealed class DutyFiles(IObjectStore objects, IRecordStore records, DutyService duties, ActivePlan plan, TimeProvider time)
{
    /// <summary>Under this all files lie.</summary>
    public const string Prefix = "duties/";

    /// <summary>So many files an occurrence may have.</summary>
    public const int Most = 20;

    private const string Partition = "duties";

    /// <summary>Adds a file to an occurrence that is open. It is read once, in pieces; nothing is left behind of one that is refused.</summary>
    /// <param name="duty">The duty.</param>
    /// <param name="key">The occurrence.</param>
    /// <param name="name">As whoever sends it named it.</param>
    /// <param name="content">The file.</param>
    /// <param name="actor">Who adds it.</param>
    /// <param name="act">The same text from the same person is the same file, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The occurrence afterwards; null where there is none.</returns>
    /// <exception cref="DutyRefusedException">They may not.</exception>
    /// <exception cref="DutyClosedException">It was done or skipped before.</exception>
    /// <exception cref="TicketActException">The name, its type or the content will not do.</exception>
    /// <exception cref="AttachmentTooLargeException">It is larger than the plan allows.</exception>
    public async Task<Versioned<DutyOccurrence>?> AddAsync(string duty, string key, string? name, Stream content, DutyActor actor, string? act, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(actor);
        if (await duties.FindAsync(duty, key, cancellation) is not { } found)
        {
            return null;
        }

        var file = act is null ? RandomNumberGenerator.GetHexString(32, lowercase: true) : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor.Id}\n{act}")))[..32];
        var stored = $"{Prefix}{duty}/{key}/{file}";
        if (found.Value.Evidence.Any(one => one.File?.StoredAs == stored))
        {
            return found;
        }

        duties.CheckFile(found.Value, actor);
        var (clean, check) = StoredFiles.Check(name, plan.Current.Tickets);
        var now = time.GetUtcNow();
        var row = $"{RecordKeys.Instant(now)}_{file}";
        await records.WriteAsync(Tables.Uploads, Partition, RecordWrite.Put(row, MaintenanceJson.Write(new Upload(duty, key, stored))), cancellation);
        var isMine = false;
        try
        {
            DutyFile kept;
            await using (var writer = await objects.CreateAsync(stored, cancellation))
            {
                var (bytes, hash) = await StoredFiles.CopyAsync(content, writer, check, plan.Current.Tickets.AttachmentBytes, cancellation);
                isMine = await writer.CompleteAsync(cancellation);
                kept = isMine ? new DutyFile(stored, bytes, check.MediaType, hash) : await KnownAsync(stored, check.MediaType, cancellation);
            }

            found = await duties.AttachAsync(duty, key, new DutyEvidence(EvidenceKind.File, clean, actor.Id, time.GetUtcNow()) { File = kept }, actor, cancellation);
        }
        catch (Exception error) when (error is TicketActException or AttachmentTooLargeException or DutyActException or DutyClosedException or DutyRefusedException)
        {
            // Refused, so it is as though it had never come. What fails otherwise may have been done; the purge finds out.
            if (isMine)
            {
                _ = await objects.DeleteAsync(stored, cancellation);
            }

            await records.WriteAsync(Tables.Uploads, Partition, RecordWrite.Delete(row), cancellation);
            throw;
        }

        await records.WriteAsync(Tables.Uploads, Partition, RecordWrite.Delete(row), cancellation);
        return found;
    }

    /// <summary>A file of an occurrence; null where it has none of this id.</summary>
    public async Task<DutyEvidence?> FindAsync(string duty, string key, string file, CancellationToken cancellation) =>
        (await duties.FindAsync(duty, key, cancellation))?.Value.Evidence.FirstOrDefault(one => one.File?.Id == file);

    /// <summary>The content of a file, in pieces; none where the store has lost it. A piece is overwritten by the next one.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(DutyFile file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        return StoredFiles.ReadAsync(objects, file.StoredAs, cancellation);
    }

    /// <summary>Removes files that never reached their occurrences.</summary>
    public Task PurgeAsync(CancellationToken cancellation) => StoredFiles.PurgeAsync<Upload>(
        objects, records, Partition, time.GetUtcNow(),
        async upload => (upload.Stored, await duties.FindAsync(upload.Duty, upload.Key, cancellation) is { } found && found.Value.Evidence.Any(one => one.File?.StoredAs == upload.Stored)),
        cancellation);

    /// <summary>Sent before under this key, and cut off before the occurrence said so: what came first stays.</summary>
    private async Task<DutyFile> KnownAsync(string stored, string mediaType, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var total = 0L;
        await foreach (var piece in ReadAsync(new DutyFile(stored, 0, mediaType, ""), cancellation))
        {
            hash.AppendData(piece.Span);
            total += piece.Length;
        }

        return new DutyFile(stored, total, mediaType, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>A file on its way.</summary>
    private sealed record Upload(string Duty, string Key, string Stored);
}
