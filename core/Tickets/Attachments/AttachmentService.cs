using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Tickets.Attachments;

/// <summary>
/// Files that belong to tickets. They lie in the object store as <c>tickets/{ticket}/{file}</c>, where nothing else looks: what the backup repository prunes, verifies and
/// copies lies under names of its own. That a file is on its way is noted before it is written; what never reached its ticket is found by that note and removed.
/// </summary>
public sealed class AttachmentService(IObjectStore objects, IRecordStore records, TicketService tickets, ActivePlan plan, TimeProvider time)
{
    /// <summary>Under this all files lie.</summary>
    public const string Prefix = "tickets/";

    private const string Partition = "uploads";

    /// <summary>An upload that takes longer is given up.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>The id by which a file of a ticket is asked for.</summary>
    public static string FileOf(TicketAttachment attachment)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        return attachment.StoredAs[(attachment.StoredAs.LastIndexOf('/') + 1)..];
    }

    /// <summary>Adds a file to a ticket. It is read once, in pieces; nothing is left behind of one that is refused.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="upload">Its name, and who may see it.</param>
    /// <param name="content">The file.</param>
    /// <param name="actor">Who adds it.</param>
    /// <param name="eTag">The version of the ticket that the person saw, or null for whatever it is.</param>
    /// <param name="key">The same key from the same person is the same file, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The ticket afterwards; null where there is none.</returns>
    /// <exception cref="TicketRefusedException">They may not.</exception>
    /// <exception cref="TicketActException">The name, its type or the content will not do.</exception>
    /// <exception cref="AttachmentTooLargeException">It is larger than the plan allows.</exception>
    /// <exception cref="RecordConflictException">The ticket was changed since the person saw it.</exception>
    public async Task<Versioned<Ticket>?> AddAsync(string id, AttachmentUpload upload, Stream content, TicketActor actor, string? eTag, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(actor);
        if (await tickets.FindAsync(id, cancellation) is not { } ticket)
        {
            return null;
        }

        var (name, check) = Check(ticket.Value, upload, actor);
        var startedAt = time.GetUtcNow();
        var file = key is null ? RandomNumberGenerator.GetHexString(32, lowercase: true) : Hash($"{actor.Id}\n{key}\n{startedAt.UtcDateTime:yyyyMMdd}");
        var stored = $"{Prefix}{id}/{file}";
        if (ticket.Value.Attachments.Any(known => known.StoredAs == stored))
        {
            return ticket;
        }

        var row = $"{RecordKeys.Instant(startedAt)}_{file}";
        await records.WriteAsync(Tables.Uploads, Partition, RecordWrite.Put(row, MaintenanceJson.Write(new Upload(id, stored, startedAt))), cancellation);
        bool? isMine = null;
        try
        {
            await using (var writer = await objects.CreateAsync(stored, cancellation))
            {
                var (bytes, _) = await StoredFiles.CopyAsync(content, writer, check, plan.Current.Tickets.AttachmentBytes, cancellation);
                isMine = await writer.CompleteAsync(cancellation);
                if (isMine == false)
                {
                    // Sent before under this key, and cut off before the ticket said so: what came first stays.
                    bytes = (await objects.ListAsync(stored, cancellation).FirstAsync(cancellation)).Length;
                }

                ticket = await AttachAsync(new TicketAttachment(name, check.MediaType, bytes, stored, actor.Id, time.GetUtcNow(), upload.IsPublic));
            }
        }
        catch (Exception error) when (error is TicketActException or TicketRefusedException or AttachmentTooLargeException or RecordConflictException)
        {
            // Refused, so it is as though it had never come. What fails otherwise may have been done; the purge finds out.
            if (isMine == true)
            {
                _ = await objects.DeleteAsync(stored, cancellation);
            }

            // An object that was there may be somebody else's, on its way to the ticket; or this very one, whose first answer was lost. The note stays, and the purge finds out.
            if (isMine != false)
            {
                await records.WriteAsync(Tables.Uploads, Partition, RecordWrite.Delete(row), cancellation);
            }

            throw;
        }

        await records.WriteAsync(Tables.Uploads, Partition, RecordWrite.Delete(row), cancellation);
        return ticket;

        Task<Versioned<Ticket>?> AttachAsync(TicketAttachment attachment) => attachment.At - startedAt > Longest
            ? throw new TicketActException("content", "The file took too long to arrive.")
            : tickets.ChangeAsync(id, eTag, key is null ? null : $"{actor.Id}\nattachment\n{key}", current => TicketRules.Attach(plan.Current, current, attachment, actor), cancellation);
    }

    /// <summary>A file of a ticket; null where it has none of this id, or none for the eyes of whoever asks.</summary>
    public async Task<TicketAttachment?> FindAsync(string ticket, string file, bool isStaff, CancellationToken cancellation) =>
        await tickets.FindAsync(ticket, cancellation) is { } found ? found.Value.Attachments.FirstOrDefault(known => FileOf(known) == file && (isStaff || known.IsPublic)) : null;

    /// <summary>The content of a file, in pieces; none where the store has lost it. A piece is overwritten by the next one.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(TicketAttachment attachment, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        return StoredFiles.ReadAsync(objects, attachment.StoredAs, cancellation);
    }

    /// <summary>Removes files that never reached their tickets.</summary>
    public Task PurgeAsync(CancellationToken cancellation) => StoredFiles.PurgeAsync<Upload>(
        objects, records, Partition, time.GetUtcNow(),
        async upload => (upload.Stored, await tickets.FindAsync(upload.Ticket, cancellation) is { } ticket && ticket.Value.Attachments.Any(known => known.StoredAs == upload.Stored)),
        cancellation);

    private (string Name, AttachmentContent Check) Check(Ticket ticket, AttachmentUpload upload, TicketActor actor)
    {
        if (!TicketPermissions.MayAttach(ticket, actor, upload.IsPublic))
        {
            throw new TicketRefusedException($"Whoever asked, and people with the role {Roles.Support}, may add files to {ticket.Id}{(upload.IsPublic ? "" : "; only the latter some that the requester does not see")}.");
        }

        var policy = plan.Current.Tickets;
        var kept = StoredFiles.Check(upload.Name, policy);
        if (upload.Bytes > policy.AttachmentBytes)
        {
            throw new AttachmentTooLargeException(policy.AttachmentBytes);
        }

        return ticket.Attachments.Count < TicketRules.MaxListed ? kept : throw new TicketActException("file", $"A ticket has at most {TicketRules.MaxListed} attachments.");
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    /// <summary>A file on its way.</summary>
    private sealed record Upload(string Ticket, string Stored, DateTimeOffset At);
}

/// <summary>What is said of a file that is sent.</summary>
/// <param name="Name">As whoever sends it named it.</param>
/// <param name="IsPublic">True where the requester may see it.</param>
/// <param name="Bytes">Its size, where it is said beforehand; what comes is counted all the same.</param>
public sealed record AttachmentUpload(string? Name, bool IsPublic, long? Bytes = null);

/// <summary>A file is larger than the plan allows.</summary>
/// <param name="most">The most bytes that it may have.</param>
public sealed class AttachmentTooLargeException(long most) : Exception($"A file may have at most {most} bytes.")
{
    /// <summary>The most bytes that it may have.</summary>
    public long Most { get; } = most;
}
