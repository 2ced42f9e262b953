using System.Text;
using Azure.Messaging.ServiceBus;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>
/// What Azure Service Bus takes in its Standard tier, as Microsoft's documentation says it: "Service Bus quotas" and "Naming rules and restrictions for Azure resources"
/// (Microsoft.ServiceBus). Written apart from core's own rules, so that one is checked by the other.
/// </summary>
internal static class QueueLimits
{
    private const int MaxMessageBytes = 256 * 1024;
    private const int MaxHeaderBytes = 64 * 1024;
    private const int MaxPropertyBytes = 32 * 1024;
    private const int MaxId = 128;

    // What the broker adds on the way: sequence number, instants, lock token, delivery annotations; and why it is dead: two texts of up to 4096 characters each.
    private const int BrokerBytes = 10 * 1024;

    /// <summary>Why a queue may not be called so, or null.</summary>
    public static string? Queue(string name) =>
        name.Length is 0 or > 260 ? $"a queue's name has 1 to 260 characters, '{name}' has {name.Length}"
        : !char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/')
            ? $"'{name}' is no name of a queue"
        : null;

    /// <summary>Why a message is refused, or null.</summary>
    public static string? Message(ServiceBusMessage message)
    {
        if (message.MessageId.Length is 0 or > MaxId)
        {
            return $"a message id has 1 to {MaxId} characters, '{message.MessageId}' has {message.MessageId.Length}";
        }

        var header = Bytes(message.MessageId) + Bytes(message.ContentType) + Bytes(message.CorrelationId) + Bytes(message.Subject) + BrokerBytes;
        foreach (var (name, value) in message.ApplicationProperties)
        {
            var bytes = value is string text ? Bytes(text) : 16;
            if (bytes > MaxPropertyBytes)
            {
                return $"the property {name} has {bytes} bytes, {MaxPropertyBytes} are allowed";
            }

            header += Bytes(name) + bytes + 8;
        }

        return header > MaxHeaderBytes ? $"the header has {header} bytes, {MaxHeaderBytes} are allowed"
            : header + message.Body.ToMemory().Length is var size && size > MaxMessageBytes ? $"the message has {size} bytes, {MaxMessageBytes} are allowed"
            : null;
    }

    private static int Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
