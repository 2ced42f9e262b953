using System.Text;

namespace Maintenance.Messaging;

/// <summary>The limits that every sender checks, so that a message that one host takes the other takes too.</summary>
public static class MessageLimits
{
    /// <summary>Throws unless the message keeps every limit.</summary>
    /// <exception cref="ArgumentException">Says which limit is broken.</exception>
    public static void Check(OutgoingMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!Queues.All.Contains(message.Queue, StringComparer.Ordinal))
        {
            throw new ArgumentException($"There is no queue '{message.Queue}'.", nameof(message));
        }

        if (message.Id.Length is 0 or > 128)
        {
            throw new ArgumentException($"A message id has 1 to 128 characters, this one {message.Id.Length}.", nameof(message));
        }

        if (Encoding.UTF8.GetByteCount(message.Body) is var bytes && bytes > OutgoingMessage.MaxBodyBytes)
        {
            throw new ArgumentException($"A message body has at most {OutgoingMessage.MaxBodyBytes} bytes, this one {bytes}.", nameof(message));
        }
    }

    /// <summary>
    /// How long to wait before delivery number <paramref name="next"/> (2 and up): 2 s, 8 s, 32 s, 128 s; so five deliveries span about three minutes and
    /// a dependency that restarts meanwhile costs nothing. (Immediate redelivery would spend them in a second.)
    /// </summary>
    public static TimeSpan Backoff(int next) => TimeSpan.FromSeconds(2 * Math.Pow(4, Math.Clamp(next - 2, 0, 5)));

    /// <summary>A reason short enough for a dead letter: the type and the first line, at most 200 characters.</summary>
    public static string Reason(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var line = error.Message.Split('\n', 2)[0].Trim();
        var reason = $"{error.GetType().Name}: {line}";
        return reason.Length <= 200 ? reason : reason[..(char.IsHighSurrogate(reason[199]) ? 199 : 200)];
    }
}
