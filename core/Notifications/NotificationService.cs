using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Notifications;

/// <summary>
/// Tells each recipient once, remembers who was told, and fails when somebody could not be reached, so that the caller's retry reaches only those. The log hears
/// of it first. Mailboxes and webhooks are then told side by side, so that a relay that does not answer holds up no webhook, nor one webhook all mail.
/// </summary>
public sealed class NotificationService(IRecordStore records, INotifier notifier, TimeProvider time)
{
    /// <summary>How many mailboxes, and how many webhooks, are told at once: relays refuse who opens a connection for each of hundreds.</summary>
    public const int AtOnce = 8;

    /// <summary>Tells people and channels.</summary>
    /// <param name="plan">For addresses and channels.</param>
    /// <param name="notification">What they are told.</param>
    /// <param name="recipients">People or roles.</param>
    /// <param name="channels">Ids of webhooks.</param>
    /// <param name="cancellation">Begins no more deliveries, and stops those under way.</param>
    /// <exception cref="NotificationFailedException">Some could not be reached; all others were.</exception>
    public async Task NotifyAsync(
        OperationsPlan plan, Notification notification, IEnumerable<string> recipients, IEnumerable<string> channels, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(notification);
        var failures = await TellAsync(notification, [new Recipient.Log()], cancellation);
        var others = await Task.WhenAll(
            TellAsync(notification, Mailboxes(plan, recipients), cancellation), TellAsync(notification, Webhooks(plan, channels), cancellation));
        failures = [.. failures, .. others.SelectMany(static failed => failed)];
        if (failures.Count > 0)
        {
            throw new NotificationFailedException(
                $"'{notification.Subject}' did not reach {string.Join(", ", failures.Select(static failed => $"{failed.Recipient.Key} ({failed.Error.Message})"))}.", failures[0].Error);
        }
    }

    /// <summary>Tells some of the recipients, at most <see cref="AtOnce"/> at the same time.</summary>
    /// <returns>Those that could not be reached.</returns>
    private async Task<IReadOnlyList<Failure>> TellAsync(Notification notification, IReadOnlyList<Recipient> recipients, CancellationToken cancellation)
    {
        using var places = new SemaphoreSlim(AtOnce, AtOnce);
        var told = await Task.WhenAll(recipients.Select(async recipient =>
        {
            await places.WaitAsync(cancellation);
            try
            {
                return await TellAsync(notification, recipient, cancellation);
            }
            finally
            {
                places.Release();
            }
        }));
        return [.. told.OfType<Failure>()];
    }

    private async Task<Failure?> TellAsync(Notification notification, Recipient recipient, CancellationToken cancellation)
    {
        var (partition, row) = (RecordKeys.Encode(notification.Id), RecordKeys.Encode(recipient.Key));
        if (await records.GetAsync(Tables.Notifications, partition, row, cancellation) is not null)
        {
            return null;
        }

        try
        {
            await notifier.SendAsync(notification, recipient, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // The others must hear of it all the same; the failure is raised once all have been tried.
            return new Failure(recipient, error);
        }

        // A crash right here tells one recipient twice: the price of never telling nobody.
        await records.WriteAsync(
            Tables.Notifications, partition, RecordWrite.Put(row, MaintenanceJson.Write(new Delivery(notification.Subject, time.GetUtcNow()))), cancellation);
        return null;
    }

    private static IReadOnlyList<Recipient> Mailboxes(OperationsPlan plan, IEnumerable<string> recipients) =>
        plan.Notifications.Mail is { } relay
            ? [.. plan.Resolve(recipients).Select(static person => person.Email).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Select(address => new Recipient.Mailbox(relay, address))]
            : [];

    private static IReadOnlyList<Recipient> Webhooks(OperationsPlan plan, IEnumerable<string> channels) =>
        [.. plan.Notifications.Channels.Where(channel => channels.Contains(channel.Id)).Select(static channel => new Recipient.Webhook(channel))];

    private sealed record Failure(Recipient Recipient, Exception Error);

    private sealed record Delivery(string Subject, DateTimeOffset At);
}

/// <summary>Some recipients could not be reached.</summary>
public sealed class NotificationFailedException(string message, Exception inner) : Exception(message, inner);
