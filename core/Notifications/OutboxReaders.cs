using Maintenance.Plan;

namespace Maintenance.Notifications;

/// <summary>Somebody who is told: the key that is stored, where it goes, and how.</summary>
/// <param name="Key">Such as <c>person:ann</c>.</param>
/// <param name="Recipient">Where it goes.</param>
/// <param name="Terms">Quiet hours and digests.</param>
/// <param name="Words">Language, zone and name.</param>
internal sealed record OutboxReader(string Key, Recipient Recipient, DeliveryTerms Terms, ReaderWords Words);

/// <summary>Finds out who is told, by the plan as it is.</summary>
internal static class OutboxReaders
{
    /// <summary>The key of the log.</summary>
    public const string Log = "log";

    private const string PersonPrefix = "person:";
    private const string WebhookPrefix = "webhook:";
    private const string ContactPrefix = "contact:";

    public static string KeyOfPerson(string person) => PersonPrefix + person;

    public static string KeyOfChannel(string channel) => WebhookPrefix + channel;

    public static string KeyOfContact(string contact) => ContactPrefix + contact;

    public static bool IsContact(string key) => key.StartsWith(ContactPrefix, StringComparison.Ordinal);

    public static bool IsWebhook(string key) => key.StartsWith(WebhookPrefix, StringComparison.Ordinal);

    /// <summary>People with an address, each mailbox once, and channels.</summary>
    public static IReadOnlyList<OutboxReader> Of(OperationsPlan plan, IEnumerable<string> recipients, IEnumerable<string> channels)
    {
        var people = plan.Notifications.Mail is null ? [] : plan.Resolve(recipients).Where(static person => person.Email is not null).DistinctBy(static person => person.Email, StringComparer.OrdinalIgnoreCase);
        var named = channels.ToHashSet(StringComparer.Ordinal);

        // Webhooks first: a relay that does not answer is to hold up none of them.
        return [.. plan.Notifications.Channels.Where(channel => named.Contains(channel.Id)).Select(channel => Of(plan, channel)), .. people.Select(person => Of(plan, person))];
    }

    /// <summary>The person or channel of a key; null where the plan has it no longer, or no way to reach it.</summary>
    public static OutboxReader? Find(OperationsPlan plan, string key) =>
        key.StartsWith(PersonPrefix, StringComparison.Ordinal)
            ? plan.Notifications.Mail is not null && plan.FindPerson(key[PersonPrefix.Length..]) is { Email: not null } person ? Of(plan, person) : null
            : IsWebhook(key) && plan.Notifications.Channels.FirstOrDefault(channel => channel.Id == key[WebhookPrefix.Length..]) is { } channel ? Of(plan, channel) : null;

    /// <summary>Somebody outside the plan; null where it has no relay.</summary>
    public static OutboxReader? OfContact(OperationsPlan plan, string key, string address, Language language) =>
        plan.Notifications.Mail is { } relay
            ? new OutboxReader(key, new Recipient.Mailbox(relay, address), new DeliveryTerms([], plan.System.TimeZone, plan.Notifications.Digest), new ReaderWords("", language, plan.System.TimeZone))
            : null;

    /// <summary>The words of what no single person reads.</summary>
    public static ReaderWords SystemWords(OperationsPlan plan) => new("", plan.System.Languages[0], plan.System.TimeZone);

    private static OutboxReader Of(OperationsPlan plan, Person person)
    {
        var zone = person.TimeZone ?? plan.System.TimeZone;
        return new OutboxReader(
            KeyOfPerson(person.Id),
            new Recipient.Mailbox(plan.Notifications.Mail!, person.Email!),
            new DeliveryTerms(person.QuietHours, zone, plan.Notifications.Digest),
            new ReaderWords(person.Name, person.Language ?? plan.System.Languages[0], zone));
    }

    private static OutboxReader Of(OperationsPlan plan, WebhookChannel channel) => new(
        KeyOfChannel(channel.Id),
        new Recipient.Webhook(channel),
        new DeliveryTerms(channel.QuietHours, plan.System.TimeZone, channel.Kind == WebhookKind.Generic ? null : plan.Notifications.Digest),
        SystemWords(plan));
}
