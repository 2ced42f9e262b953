using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Notifications;

/// <summary>
/// Takes in what people are to be told. It is written down, once for each recipient, before anybody is told: who calls again, because it was cut off or failed later,
/// adds nothing. What is due is then delivered from a queue (<see cref="NotificationDelivery"/>), so that no caller waits for a relay, nor fails with one.
/// </summary>
public sealed class NotificationService(IRecordStore records, IMessageSender messages, INotifier notifier, TimeProvider time)
{
    /// <summary>A longer text is cut: it must fit into a record, and nobody reads more.</summary>
    public const int MostText = 100_000;

    private readonly OutboxStore _store = new(records, time);
    private readonly OutboxContacts _contacts = new(records, new OutboxStore(records, time), time);

    /// <summary>Records what people and channels are to be told, and has it delivered when their quiet hours allow. The log hears of it at once.</summary>
    /// <param name="plan">For addresses, languages, zones, quiet hours and channels.</param>
    /// <param name="notification">What they are told.</param>
    /// <param name="recipients">People or roles; whoever has no address, or no relay to reach it, is passed over.</param>
    /// <param name="channels">Ids of webhooks.</param>
    /// <param name="cancellation">Gives up; what was recorded by then is delivered.</param>
    public async Task NotifyAsync(
        OperationsPlan plan, Notification notification, IEnumerable<string> recipients, IEnumerable<string> channels, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(notification);
        await LogAsync(plan, notification, cancellation);
        await AddAsync(plan, notification, OutboxReaders.Of(plan, recipients, channels), cancellation);
    }

    /// <summary>The same for somebody who is not in the plan: a requester who left an address, say.</summary>
    /// <param name="plan">For the relay, and for the zone of instants.</param>
    /// <param name="notification">What they are told. Its id must name them too, by their reference for instance, where several are told of one thing.</param>
    /// <param name="address">Their address; it is stored apart, and forgotten by <see cref="EraseContactAsync"/>.</param>
    /// <param name="language">Theirs; null for the system's first.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False where that is no mail address (a telephone number, say), or the plan has no relay: nothing will be sent.</returns>
    public async Task<bool> NotifyContactAsync(OperationsPlan plan, Notification notification, string address, Language? language, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(notification);
        ArgumentNullException.ThrowIfNull(address);
        if (plan.Notifications.Mail is null || OutboxContacts.Clean(address) is not { } cleaned)
        {
            return false;
        }

        var key = await _contacts.ClaimAsync(cleaned, cancellation);
        await AddAsync(plan, notification, [OutboxReaders.OfContact(plan, key, cleaned, language ?? plan.System.Languages[0])!], cancellation);
        return true;
    }

    /// <summary>Forgets an address: what waits for it is not sent any more, and what was sent keeps neither address nor words. Done again, it does nothing.</summary>
    /// <returns>How many notifications were concerned.</returns>
    public async Task<int> EraseContactAsync(string address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        return OutboxContacts.Clean(address) is { } cleaned ? await _contacts.EraseAsync(cleaned, cancellation) : 0;
    }

    /// <summary>What is held on an address, the oldest first: for whoever asks what is known of them.</summary>
    public async Task<IReadOnlyList<NotificationEntry>> HeldOnContactAsync(string address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        return OutboxContacts.Clean(address) is { } cleaned ? await _contacts.EntriesAsync(cleaned, cancellation) : [];
    }

    /// <summary>The log cannot be out of reach, so it is told first and noted then; a crash in between says a line twice.</summary>
    private async Task LogAsync(OperationsPlan plan, Notification notification, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var written = NotificationTemplates.Render(plan, notification, OutboxReaders.SystemWords(plan));
        var entry = Entry(written, OutboxReaders.Log, Language.En, now, now) with { State = DeliveryState.Sent, SentAt = now, Mail = notification.Id, Text = "" };
        if (await _store.FindAsync(entry.Recipient, entry.Id, cancellation) is null)
        {
            await notifier.SendAsync(written, new Recipient.Log(), cancellation);
            _ = await _store.AddAsync([entry], cancellation);
        }
    }

    private async Task AddAsync(OperationsPlan plan, Notification notification, IReadOnlyList<OutboxReader> readers, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var fresh = new List<NotificationEntry>();
        foreach (var reader in readers)
        {
            if (await _store.FindAsync(reader.Key, OutboxStore.EntryId(reader.Key, notification.Id), cancellation) is null)
            {
                var due = Delivery.When(reader.Terms, notification.IsUrgent, now);
                fresh.Add(Entry(NotificationTemplates.Render(plan, notification, reader.Words), reader.Key, reader.Words.Language, now, due));
            }
        }

        if (fresh.Count > 0)
        {
            Monitoring.Telemetry.Notified(notification.Category, fresh.Count);
        }

        foreach (var entry in fresh.Count == 0 ? [] : await _store.AddAsync(fresh, cancellation))
        {
            if (entry.DueAt <= now)
            {
                await messages.SendAsync(NotificationHandler.MessageFor(entry), cancellation);
            }
        }
    }

    private static NotificationEntry Entry(Notification written, string recipient, Language language, DateTimeOffset now, DateTimeOffset due) =>
        new(OutboxStore.EntryId(recipient, written.Id), written.Id, recipient, written.Subject, Cut(written.Text), written.Path, now, due)
        {
            Category = written.Category,
            IsUrgent = written.IsUrgent,
            Language = language,
            Hold = due > now ? DeliveryHold.QuietHours : DeliveryHold.None,
        };

    private static string Cut(string text) => text.Length <= MostText ? text : text[..(char.IsHighSurrogate(text[MostText - 1]) ? MostText - 1 : MostText)] + "…";
}
