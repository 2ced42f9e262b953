using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Maintenance.Storage;

namespace Maintenance.Tickets.Attachments;

/// <summary>How files that people send come into the object store and out of it, whether they belong to a ticket or show that a duty was done: checked as they pass, piece by piece.</summary>
internal static class StoredFiles
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>What is older than this and belongs to nothing has been cut off. Well above the longest upload: a file that is repeated under its key the same day is not taken away.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromHours(36);

    /// <summary>The name as it is kept, and what the content must then be.</summary>
    /// <exception cref="TicketActException">The plan allows no such file.</exception>
    public static (string Name, AttachmentContent Check) Check(string? name, TicketPolicy policy)
    {
        var clean = AttachmentName.Clean(name);
        var ending = AttachmentName.EndingOf(clean);
        return policy.AttachmentTypes.Contains(ending)
            ? (clean, new AttachmentContent(ending))
            : throw new TicketActException("name", $"The plan allows no files {(ending.Length is 0 or > 10 ? "of this kind" : $"named .{ending}")}. It allows: {string.Join(", ", policy.AttachmentTypes)}.");
    }

    /// <summary>Writes what is sent, once and in pieces.</summary>
    /// <param name="content">What is sent.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="check">Looks at every piece.</param>
    /// <param name="most">The most bytes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its size, and its SHA-256 in lower case.</returns>
    /// <exception cref="TicketActException">It is empty, or not what its name says.</exception>
    /// <exception cref="AttachmentTooLargeException">It is larger.</exception>
    public static async Task<(long Bytes, string Sha256)> CopyAsync(Stream content, IObjectWriter writer, AttachmentContent check, long most, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        var total = 0L;
        while (await content.ReadAtLeastAsync(piece, total == 0 ? AttachmentContent.FirstBytes : 1, throwOnEndOfStream: false, cancellation) is > 0 and var count)
        {
            total += count;
            if (total > most)
            {
                throw new AttachmentTooLargeException(most);
            }

            check.Look(piece.AsSpan(0, count));
            hash.AppendData(piece, 0, count);
            await writer.WriteAsync(piece.AsMemory(0, count), cancellation);
        }

        return total > 0 ? (total, Convert.ToHexStringLower(hash.GetHashAndReset())) : throw new TicketActException("content", "The file is empty.");
    }

    /// <summary>The content of a stored file, in pieces; none where the store has lost it. A piece is overwritten by the next one.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(IObjectStore objects, string storedAs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var piece = new byte[PieceBytes];
        for (var at = 0L; await objects.ReadAsync(storedAs, at, piece, cancellation) is > 0 and var count; at += count)
        {
            yield return piece.AsMemory(0, count);
        }
    }

    /// <summary>Removes files that never reached what they were sent for: somebody was cut off a day and a half ago or earlier. One that cannot be removed holds up no other.</summary>
    /// <typeparam name="T">A note of a file on its way.</typeparam>
    /// <param name="objects">Where files lie.</param>
    /// <param name="records">Where notes lie, under the instant at which they were written.</param>
    /// <param name="partition">The partition of the notes.</param>
    /// <param name="now">The instant (UTC).</param>
    /// <param name="look">What a note names as stored, and whether that has reached what it was sent for.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public static Task PurgeAsync<T>(IObjectStore objects, IRecordStore records, string partition, DateTimeOffset now, Func<T, Task<(string StoredAs, bool IsKept)>> look, CancellationToken cancellation) =>
        EachAsync.RunAsync(
            records.QueryAsync(Tables.Uploads, partition, new RowRange(To: RecordKeys.Instant(now - Orphaned)), cancellation),
            async row =>
            {
                var (storedAs, isKept) = await look(MaintenanceJson.Read<T>(row.Json));
                try
                {
                    if (!isKept)
                    {
                        _ = await objects.DeleteAsync(storedAs, cancellation);
                    }

                    await records.WriteAsync(Tables.Uploads, partition, RecordWrite.Delete(row.RowKey), cancellation);
                }
                catch (ObjectHeldException)
                {
                    // The store keeps it for now; the note stays, and a later purge tries again.
                }
            });
}
