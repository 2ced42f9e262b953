using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// What travels beside a message's body. A message that is tried again later is a copy: the broker redelivers at once or not at all. A copy needs a message id of its
/// own, or duplicate detection would swallow it; the sender's id goes along in a property, so that handlers see the same id every time.
/// </summary>
public static class ServiceBusEnvelope
{
    /// <summary>The sender's id, on a copy.</summary>
    public const string OriginalIdProperty = "original-id";

    /// <summary>Which delivery a copy's first one is: 2 and up.</summary>
    public const string AttemptProperty = "attempt";

    /// <summary>How often a dead letter was delivered.</summary>
    public const string DeliveriesProperty = "deliveries";

    /// <summary>When a message was given up: ISO 8601, UTC.</summary>
    public const string DeadAtProperty = "dead-at";

    // The service's own: the longest message id, and the properties in which it keeps why a message is dead.
    private const int MaxIdLength = 128;
    private static readonly string[] NotCopied = [AttemptProperty, DeliveriesProperty, DeadAtProperty, "DeadLetterReason", "DeadLetterErrorDescription"];

    /// <summary>The id that the sender gave.</summary>
    public static string OriginalId(ServiceBusReceivedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.ApplicationProperties.TryGetValue(OriginalIdProperty, out var id) && id is string { Length: > 0 } text ? text : message.MessageId;
    }

    /// <summary>
    /// Which delivery this is, from 1: the copies that went before, and the broker's own redeliveries of this one (a process that died, a shutdown).
    /// </summary>
    public static int Delivery(ServiceBusReceivedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Math.Max(1, Number(message, AttemptProperty) ?? 1) + Math.Max(1, message.DeliveryCount) - 1;
    }

    /// <summary>How often a dead letter was delivered before it was given up.</summary>
    public static int Deliveries(ServiceBusReceivedMessage message) => Number(message, DeliveriesProperty) ?? Delivery(message);

    /// <summary>When a dead letter was given up (UTC): as noted, or when it came into its queue if something other than this program gave it up.</summary>
    public static DateTimeOffset DeadAt(ServiceBusReceivedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.ApplicationProperties.TryGetValue(DeadAtProperty, out var value)
            && DateTimeOffset.TryParse(value as string, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var noted)
            ? noted
            : message.EnqueuedTime.ToUniversalTime();
    }

    /// <summary>What to note on a message that is given up.</summary>
    public static Dictionary<string, object> Obituary(int deliveries, DateTimeOffset now) => new(StringComparer.Ordinal)
    {
        [DeliveriesProperty] = deliveries,
        [DeadAtProperty] = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
    };

    /// <summary>The copy to be delivered as number <paramref name="attempt"/> at <paramref name="notBefore"/>.</summary>
    public static ServiceBusMessage Retry(ServiceBusReceivedMessage message, int attempt, DateTimeOffset notBefore)
    {
        var copy = Copy(message, "");
        copy.ApplicationProperties[AttemptProperty] = attempt;
        copy.ScheduledEnqueueTime = notBefore;
        return copy;
    }

    /// <summary>The copy of a dead letter, with its deliveries counted anew.</summary>
    public static ServiceBusMessage Resend(ServiceBusReceivedMessage message) => Copy(message, "r");

    // The sequence number makes the id fresh, yet the same if this very message is copied twice because completing it failed: then the second copy is dropped.
    private static ServiceBusMessage Copy(ServiceBusReceivedMessage message, string kind)
    {
        var original = OriginalId(message);
        var suffix = $"#{message.SequenceNumber}{kind}";
        var copy = new ServiceBusMessage(message.Body)
        {
            MessageId = (original.Length + suffix.Length <= MaxIdLength ? original : Digest(original)) + suffix,
            ContentType = message.ContentType,
            CorrelationId = message.CorrelationId,
            Subject = message.Subject,
        };
        foreach (var (name, value) in message.ApplicationProperties)
        {
            if (!NotCopied.Contains(name, StringComparer.Ordinal))
            {
                copy.ApplicationProperties[name] = value;
            }
        }

        copy.ApplicationProperties[OriginalIdProperty] = original;
        return copy;
    }

    private static string Digest(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static int? Number(ServiceBusReceivedMessage message, string property) =>
        message.ApplicationProperties.TryGetValue(property, out var value)
            ? value switch { int number => number, long number => (int)Math.Clamp(number, 0, int.MaxValue), _ => null }
            : null;
}
