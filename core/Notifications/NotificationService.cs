using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Notifications;

/// <summary>Tells each recipient once, remembers who was told, and fails when somebody could not be reached, so that the caller's retry reaches only those.</summary>
public sealed class NotificationService(IRecordStore records, INotifier notifier, TimeProvider time)
{
    /// <summary>Tells people and channels.</summary>
    /// <param name="plan">For addresses and channels.</param>
    /// <param name="notification">What they are told.</param>
    /// <param name="recipients">People or roles.</param>
    /// <param name="channels">Ids of webhooks.</param>
    /// <param name="cancellation">Stops between two deliveries.</param>
    /// <exception cref="NotificationFailedException">Some could not be reached; all others were.</exception>
    public async Task NotifyAsync(
        OperationsPlan plan, Notification notification, IEnumerable<string> recipients, IEnumerable<string> channels, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(notification);
        var partition = RecordKeys.Encode(notification.Id);
        var failures = new List<(Recipient, Exception)>();
        foreach (var recipient in Expand(plan, recipients, channels))
        {
            var row = RecordKeys.Encode(recipient.Key);
            if (await records.GetAsync(Tables.Notifications, partition, row, cancellation) is not null)
            {
                continue;
            }

            try
            {
                await notifier.SendAsync(notification, recipient, cancellation);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The others must hear of it all the same; the failure is raised once all have been tried.
                failures.Add((recipient, error));
                continue;
            }

            // A crash right here tells one recipient twice: the price of never telling nobody.
            await records.WriteAsync(
                Tables.Notifications, partition, RecordWrite.Put(row, MaintenanceJson.Write(new Delivery(notification.Subject, time.GetUtcNow()))), cancellation);
        }

        if (failures.Count > 0)
        {
            throw new NotificationFailedException(
                $"'{notification.Subject}' did not reach {string.Join(", ", failures.Select(static f => $"{f.Item1.Key} ({f.Item2.Message})"))}.", failures[0].Item2);
        }
    }

    private static IEnumerable<Recipient> Expand(OperationsPlan plan, IEnumerable<string> recipients, IEnumerable<string> channels)
    {
        yield return new Recipient.Log();
        if (plan.Notifications.Mail is { } relay)
        {
            foreach (var address in plan.Resolve(recipients).Select(static person => person.Email).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
            {
                yield return new Recipient.Mailbox(relay, address);
            }
        }

        foreach (var channel in plan.Notifications.Channels.Where(channel => channels.Contains(channel.Id)))
        {
            yield return new Recipient.Webhook(channel);
        }
    }

    private sealed record Delivery(string Subject, DateTimeOffset At);
}

/// <summary>Some recipients could not be reached.</summary>
public sealed class NotificationFailedException(string message, Exception inner) : Exception(message, inner);
