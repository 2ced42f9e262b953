using System.Globalization;
using System.Runtime.CompilerServices;
using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Storage;
using Maintenance.Time;

namespace Maintenance.Notifications;

/// <summary>What became of a test.</summary>
/// <param name="To">Who should have got it: <c>person:ann</c> or <c>webhook:room</c>.</param>
/// <param name="IsDelivered">True where the relay or the webhook took it.</param>
/// <param name="Said">What it said, or why it was not reached; no address in it.</param>
public sealed record NotificationTest(string To, bool IsDelivered, string Said);

/// <summary>The notification is not one that was given up.</summary>
public sealed class NotificationStateException(string message) : Exception(message);

/// <summary>Shows the state of deliveries, sends again what was given up, tries out relays and webhooks, and forgets what is old.</summary>
public sealed class OutboxService(IRecordStore records, IMessageSender messages, INotifier notifier, ActivePlan plan, TimeProvider time)
{
    /// <summary>For so long it can be seen what was told to whom.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>For so long what was given up is something that a person should look at.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(7);

    private const int MostPurged = 500;
    private const int MostLooked = 200;

    /// <summary>After so many tries in vain it is no hiccup: a quarter of an hour at least.</summary>
    private const int ManyAttempts = 3;

    private readonly OutboxStore _store = new(records, time);
    private readonly OutboxContacts _contacts = new(records, new OutboxStore(records, time), time);

    /// <summary>The notifications, newest first.</summary>
    /// <param name="state">Those that stand so alone, or null.</param>
    /// <param name="recipient">Those to one recipient alone, by its key (<c>person:ann</c>) or by the id of a person or channel; or null.</param>
    /// <param name="cancellation">Gives up.</param>
    public IAsyncEnumerable<NotificationEntry> ListAsync(DeliveryState? state, string? recipient, CancellationToken cancellation) =>
        recipient is not null ? OfAsync(recipient, state, cancellation)
            : state == DeliveryState.Failed ? IndexedAsync("failed_", static entry => entry.State == DeliveryState.Failed ? OutboxStore.FailedRow(entry) : null, cancellation)
            : state == DeliveryState.Waiting ? IndexedAsync("due_", static entry => entry.State == DeliveryState.Waiting ? OutboxStore.DueRow(entry) : null, cancellation).OrderByDescending(static entry => entry.CreatedAt)
            : IndexedAsync("at_", OutboxStore.AtRow, cancellation).Where(entry => state is null || entry.State == state);

    /// <summary>The notification of an id, or null.</summary>
    public async Task<NotificationEntry?> FindAsync(string id, CancellationToken cancellation) => (await _store.FindAsync(id, cancellation))?.Value;

    /// <summary>Sends one again that was given up, with a whole day of tries.</summary>
    /// <returns>The entry as it is now; null where there is none.</returns>
    /// <exception cref="NotificationStateException">It was sent, or is on its way.</exception>
    public async Task<NotificationEntry?> ResendAsync(string id, CancellationToken cancellation)
    {
        if (await _store.FindAsync(id, cancellation) is not { } found)
        {
            return null;
        }

        var before = found.Value;
        if (before.State != DeliveryState.Failed)
        {
            throw new NotificationStateException(before.State == DeliveryState.Sent ? $"The notification '{id}' was sent." : $"The notification '{id}' is on its way.");
        }

        var after = before with
        {
            State = DeliveryState.Waiting,
            DueAt = time.GetUtcNow(),
            Hold = DeliveryHold.None,
            Attempts = 0,
            FirstTriedAt = null,
            TriedAt = null,
            Resends = before.Resends + 1,
        };
        await _store.WriteIndexAsync([RecordWrite.Put(OutboxStore.DueRow(after), _store.Pointer(after))], cancellation);
        await records.WriteAsync(
            Tables.Notifications,
            OutboxStore.Partition(after.Recipient),
            [RecordWrite.Replace(OutboxStore.NoteRow(id), MaintenanceJson.Write(after), found.ETag), RecordWrite.Put(OutboxStore.WaitRow(after), _store.Pointer(after))],
            cancellation);
        await _store.WriteIndexAsync([RecordWrite.Delete(OutboxStore.FailedRow(before))], cancellation);
        await messages.SendAsync(NotificationHandler.MessageFor(after), cancellation);
        return after;
    }

    /// <summary>Sends a test to a person, at once and past their quiet hours.</summary>
    /// <returns>Null where the plan has no such person.</returns>
    public async Task<NotificationTest?> TestPersonAsync(string person, string by, CancellationToken cancellation)
    {
        var current = plan.Current;
        if (current.FindPerson(person) is not { } found)
        {
            return null;
        }

        return OutboxReaders.Find(current, OutboxReaders.KeyOfPerson(found.Id)) is { } reader
            ? await TestAsync(current, reader, by, cancellation)
            : new NotificationTest(OutboxReaders.KeyOfPerson(found.Id), IsDelivered: false, found.Email is null ? $"The plan has no mail address of {found.Name}." : "The plan has no mail relay (notifications.mail).");
    }

    /// <summary>Sends a test to a webhook, at once.</summary>
    /// <returns>Null where the plan has no such channel.</returns>
    public async Task<NotificationTest?> TestChannelAsync(string channel, string by, CancellationToken cancellation) =>
        OutboxReaders.Find(plan.Current, OutboxReaders.KeyOfChannel(channel)) is { } reader ? await TestAsync(plan.Current, reader, by, cancellation) : null;

    /// <summary>Forgets what was recorded more than <see cref="Kept"/> ago, some of it at a time, and addresses that nothing names since then.</summary>
    /// <returns>How many rows were forgotten.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - Kept;
        var range = RowRange.Prefix("at_") with { From = "at_" + OutboxStore.NewestFirst(since), Take = MostPurged };
        var rows = await records.QueryAsync(Tables.NotificationIndex, OutboxStore.Index, range, cancellation).ToListAsync(cancellation);
        foreach (var row in rows)
        {
            var pointer = MaintenanceJson.Read<OutboxPointer>(row.Json);
            if (await _store.FindAsync(pointer.Recipient, pointer.Entry, cancellation) is { Value: var entry } && OutboxStore.AtRow(entry) == row.RowKey)
            {
                await _store.RemoveAsync(entry, cancellation);
            }

            await _store.WriteIndexAsync([RecordWrite.Delete(row.RowKey)], cancellation);
            if (OutboxReaders.IsContact(pointer.Recipient))
            {
                await _contacts.PurgeAsync(pointer.Recipient, since, cancellation);
            }
        }

        return rows.Count;
    }

    /// <summary>What of all this needs a person.</summary>
    public async Task<IReadOnlyList<AttentionItem>> ConcernsAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var items = new List<AttentionItem>();
        var failed = await ListAsync(DeliveryState.Failed, null, cancellation).Take(MostLooked).Where(entry => now - (entry.TriedAt ?? entry.CreatedAt) <= Recent).ToListAsync(cancellation);
        if (failed.Count > 0)
        {
            items.Add(new(AttentionSeverity.Alarm, $"{Many(failed.Count)} could not be delivered and {(failed.Count == 1 ? "was" : "were")} given up. {failed[0].Error}".TrimEnd(), "/notifications?state=failed"));
        }

        var stuck = await ListAsync(DeliveryState.Waiting, null, cancellation).Take(MostLooked).Where(static entry => entry.Attempts >= ManyAttempts).ToListAsync(cancellation);
        if (stuck.Count > 0)
        {
            var since = stuck.Min(static entry => entry.FirstTriedAt) ?? now;
            items.Add(new(AttentionSeverity.Warning, $"{Many(stuck.Count)} cannot be delivered for {Durations.Rough(now - since)}, and {(stuck.Count == 1 ? "is" : "are")} tried again. {stuck[0].Error}".TrimEnd(), "/notifications?state=waiting"));
        }

        return items;
    }

    private static string Many(int count) => count == 1 ? "1 notification" : $"{(count == MostLooked ? "At least " : "")}{count.ToString(CultureInfo.InvariantCulture)} notifications";

    private async Task<NotificationTest> TestAsync(OperationsPlan current, OutboxReader reader, string by, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var values = new TemplateValues { ["at"] = now, ["by"] = current.FindPerson(by)?.Name ?? by };
        var test = Notification.From($"test/{reader.Key}/{RecordKeys.Instant(now)}", NotificationTemplates.Test, values, "/notifications");
        try
        {
            await notifier.SendAsync(NotificationTemplates.Render(current, test, reader.Words), reader.Recipient, cancellation);
            return new NotificationTest(reader.Key, IsDelivered: true, reader.Recipient is Recipient.Webhook ? "The webhook took it." : "The relay took it.");
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Whatever it is, whoever asked for the test is to know.
            return new NotificationTest(reader.Key, IsDelivered: false, DeliveryError.Of(error));
        }
    }

    private async IAsyncEnumerable<NotificationEntry> OfAsync(string recipient, DeliveryState? state, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string[] keys = recipient.Contains(':', StringComparison.Ordinal) || recipient == OutboxReaders.Log ? [recipient] : [OutboxReaders.KeyOfPerson(recipient), OutboxReaders.KeyOfChannel(recipient)];
        var entries = new List<NotificationEntry>();
        foreach (var key in keys)
        {
            entries.AddRange(await _store.AllAsync(key, cancellation).Select(static entry => entry.Value).Where(entry => state is null || entry.State == state).ToListAsync(cancellation));
        }

        foreach (var entry in entries.OrderByDescending(static entry => entry.CreatedAt))
        {
            yield return entry;
        }
    }

    /// <summary>The entries that rows of the index name, without those rows that a crash left: their entry has another row by now.</summary>
    private async IAsyncEnumerable<NotificationEntry> IndexedAsync(string prefix, Func<NotificationEntry, string?> rowOf, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.QueryAsync(Tables.NotificationIndex, OutboxStore.Index, RowRange.Prefix(prefix), cancellation))
        {
            var pointer = MaintenanceJson.Read<OutboxPointer>(row.Json);
            if (await _store.FindAsync(pointer.Recipient, pointer.Entry, cancellation) is { Value: var entry } && rowOf(entry) == row.RowKey)
            {
                yield return entry;
            }
        }
    }
}
