using System.Net.Mail;
using System.Security.Cryptography;
using Maintenance.Storage;

namespace Maintenance.Notifications;

/// <summary>
/// The addresses of people outside the plan. Entries name a contact by a random word; the address stands in one row of its own, so that erasing it there erases it
/// everywhere, and nothing that could be worked out from it is left.
/// </summary>
internal sealed class OutboxContacts(IRecordStore records, OutboxStore store, TimeProvider time)
{
    private const string ByAddress = "contacts";
    private const string ContactRow = "contact";
    private const int MostCharacters = 254;

    /// <summary>The address as it is compared; null where it is none.</summary>
    public static string? Clean(string address)
    {
        var cleaned = address.Trim();
        return cleaned.Length <= MostCharacters && !cleaned.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or '"' or ',' or ';')
            && MailAddress.TryCreate(cleaned, out var parsed) && parsed.Address == cleaned
            ? cleaned
            : null;
    }

    /// <summary>The contact of an address, made now unless there is one.</summary>
    /// <returns>The key of the recipient.</returns>
    public async Task<string> ClaimAsync(string address, CancellationToken cancellation)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var claim = await records.FindAsync<Claim>(Tables.NotificationIndex, ByAddress, RowOf(address), cancellation) is { } found
                ? found.Value
                : new Claim(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), now);
            await records.WriteAsync(
                Tables.Notifications, Partition(claim.Contact), RecordWrite.Put(ContactRow, MaintenanceJson.Write(new Contact(address, now))), cancellation);

            // Written again each time, so that whoever purges a contact of long ago finds that it is one of today.
            var settled = await records.ChangeAsync<Claim>(
                Tables.NotificationIndex, ByAddress, RowOf(address), current => current is null || current.Contact == claim.Contact ? claim with { UsedAt = now } : null, cancellation);
            if (settled!.Contact == claim.Contact)
            {
                return OutboxReaders.KeyOfContact(claim.Contact);
            }

            // Another claimed the address in the same moment: theirs counts, and what was written here holds no address any more.
            await records.WriteAsync(Tables.Notifications, Partition(claim.Contact), RecordWrite.Delete(ContactRow), cancellation);
        }
    }

    /// <summary>Where the contact of a key is reached; null where it was erased.</summary>
    public async Task<string?> AddressOfAsync(string key, CancellationToken cancellation) =>
        (await records.FindAsync<Contact>(Tables.Notifications, OutboxStore.Partition(key), ContactRow, cancellation))?.Value.Address;

    /// <summary>The entries of an address.</summary>
    public async Task<IReadOnlyList<NotificationEntry>> EntriesAsync(string address, CancellationToken cancellation) =>
        await FindAsync(address, cancellation) is { } claim
            ? [.. (await store.AllAsync(OutboxReaders.KeyOfContact(claim.Contact), cancellation).ToListAsync(cancellation)).Select(static entry => entry.Value).OrderBy(static entry => entry.CreatedAt)]
            : [];

    /// <summary>Forgets an address: what waits is removed, what was sent says no more than that something was.</summary>
    /// <returns>How many entries were concerned.</returns>
    public async Task<int> EraseAsync(string address, CancellationToken cancellation)
    {
        if (await FindAsync(address, cancellation) is not { } claim)
        {
            return 0;
        }

        // The address first; the row that leads here last, so that an erasure that was cut off can be done again.
        var key = OutboxReaders.KeyOfContact(claim.Contact);
        await records.WriteAsync(Tables.Notifications, Partition(claim.Contact), RecordWrite.Delete(ContactRow), cancellation);
        var count = 0;
        await foreach (var entry in store.AllAsync(key, cancellation))
        {
            count++;
            if (entry.Value.State == DeliveryState.Sent)
            {
                await BlankAsync(entry, cancellation);
            }
            else
            {
                await store.RemoveAsync(entry.Value, cancellation);
            }
        }

        await records.WriteAsync(Tables.NotificationIndex, ByAddress, RecordWrite.Delete(RowOf(address)), cancellation);
        return count;
    }

    /// <summary>Forgets the address of a contact that nothing names any more and nobody used since.</summary>
    public async Task PurgeAsync(string key, DateTimeOffset since, CancellationToken cancellation)
    {
        var partition = OutboxStore.Partition(key);
        if (await records.QueryAsync(Tables.Notifications, partition, RowRange.Prefix("note_") with { Take = 1 }, cancellation).AnyAsync(cancellation)
            || await records.FindAsync<Contact>(Tables.Notifications, partition, ContactRow, cancellation) is not { } contact || contact.Value.UsedAt >= since
            || await records.FindAsync<Claim>(Tables.NotificationIndex, ByAddress, RowOf(contact.Value.Address), cancellation) is not { } claim)
        {
            return;
        }

        try
        {
            await records.WriteAsync(Tables.NotificationIndex, ByAddress, RecordWrite.Delete(RowOf(contact.Value.Address), claim.ETag), cancellation);
            await records.WriteAsync(Tables.Notifications, partition, [RecordWrite.Delete(ContactRow, contact.ETag), RecordWrite.Delete(OutboxStore.StateRow)], cancellation);
        }
        catch (RecordConflictException)
        {
            // Somebody uses it again.
        }
    }

    private async Task BlankAsync(Versioned<NotificationEntry> entry, CancellationToken cancellation)
    {
        try
        {
            await records.WriteAsync(
                Tables.Notifications, OutboxStore.Partition(entry.Value.Recipient),
                RecordWrite.Replace(OutboxStore.NoteRow(entry.Value.Id), MaintenanceJson.Write(entry.Value with { Subject = "(erased)", Text = "", Error = null }), entry.ETag), cancellation);
        }
        catch (RecordConflictException)
        {
            // Purged meanwhile: what is gone needs no blanking, and what was sent is changed by nothing else.
        }
    }

    private async Task<Claim?> FindAsync(string address, CancellationToken cancellation) =>
        (await records.FindAsync<Claim>(Tables.NotificationIndex, ByAddress, RowOf(address), cancellation))?.Value;

    private static string RowOf(string address) => OutboxStore.Hash(address.ToLowerInvariant(), 64);

    private static string Partition(string contact) => OutboxStore.Partition(OutboxReaders.KeyOfContact(contact));

    private sealed record Claim(string Contact, DateTimeOffset UsedAt);

    private sealed record Contact(string Address, DateTimeOffset UsedAt);
}
