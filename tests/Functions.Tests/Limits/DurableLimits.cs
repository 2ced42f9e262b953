using System.Text.Json;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>
/// What Durable Functions takes, as Microsoft's documentation says it: "Durable orchestrations" (instance ids), "Task hubs" (names), "Custom orchestration status" (16 KB of
/// UTF-16) and, for payloads, the narrower of the two backends: the Durable Task Scheduler's limit of 1 MB; Azure Storage puts what is larger than a queue message into blobs.
/// </summary>
internal static class DurableLimits
{
    /// <summary>The most bytes of an input or output.</summary>
    public const int MaxPayloadBytes = 1_000_000;

    private const int MaxInstanceId = 100;
    private const int MaxStatusBytes = 16 * 1024;

    // A function's name; an event's name becomes part of a queue message, and nothing is documented beyond that.
    private const int MaxName = 128;

    /// <summary>Why an instance may not have this id, or null.</summary>
    public static string? Instance(string id) =>
        id.Length is 0 or > MaxInstanceId ? $"an instance id has 1 to {MaxInstanceId} characters, '{id}' has {id.Length}"
        : id[0] == '@' ? $"'{id}' begins with @, as entities do"
        : id.IndexOfAny(['/', '\\', '#', '?']) is >= 0 and var at ? $"the instance id '{id}' has '{id[at]}'"
        : Text.Odd(id) is { } odd ? $"the instance id '{id}' has {odd}"
        : null;

    /// <summary>Why a task hub may not be called so, or null.</summary>
    public static string? Hub(string name) =>
        name.Length is < 3 or > 45 || !char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit) ? $"a task hub's name is 3 to 45 letters and digits, a letter first, not '{name}'" : null;

    /// <summary>Why an event may not be called so, or null.</summary>
    public static string? Event(string name) =>
        name.Length is 0 or > MaxName || Text.Odd(name) is not null ? $"'{name}' is no name of an event" : null;

    /// <summary>Why a status is refused, or null.</summary>
    public static string? Status(object? status) =>
        2 * JsonSerializer.Serialize(status).Length is var bytes && bytes > MaxStatusBytes ? $"a status has at most {MaxStatusBytes} bytes of UTF-16, this one {bytes}" : null;

    /// <summary>Why an input or output is refused, or null.</summary>
    public static string? Payload(string json) =>
        System.Text.Encoding.UTF8.GetByteCount(json) is var bytes && bytes > MaxPayloadBytes ? $"a payload has at most {MaxPayloadBytes} bytes, this one {bytes}" : null;
}
