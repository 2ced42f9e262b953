using Maintenance.Notifications;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>The shape of the section <c>notifications</c>; a part of <see cref="PlanShape"/>.</summary>
internal static class NotificationShape
{
    private const int MostMessages = 1000;

    /// <summary>The whole section.</summary>
    public static NotificationSettings Settings(PlanMap m) => new(
        m.OptionalMap("mail", "The SMTP relay.", Mail),
        m.List("channels", "Webhooks that people read.", Channel, least: 0))
    {
        Digest = m.OptionalMap("digest", "When several messages to a person become one; five in 15m where left out.", Digest) ?? DigestPolicy.Usual,
        Templates = m.List("templates", "Words of your own in place of the built-in ones, by template and language.", Template, least: 0),
    };

    private static MailRelay Mail(PlanMap m) => new(
        m.Value("host", "The relay's name.", Text, ""),
        m.Optional("port", "Its port; 587 where left out.", Number(1, 65535), 587),
        m.Value("from", "The sender's address.", FromAddress, ""),
        m.Optional("tls", "STARTTLS; true where left out.", Flag, true),
        m.Optional("user", "The account, where the relay asks for one.", OptionalText, null),
        m.Optional("passwordSetting", "The name of the host's setting that holds the password: no secret stands in a plan.", OptionalText, null));

    private static WebhookChannel Channel(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.Channel), ""),
        m.Value("kind", "Which body it takes.", Choice<WebhookKind>(), WebhookKind.Generic),
        m.Optional("url", "Its address.", Url, null),
        m.Optional("urlSetting", "The name of the host's setting that holds its address, where that is a secret.", OptionalText, null))
    {
        SecretSetting = m.Optional("secretSetting", "The name of the host's setting that holds the key by which bodies are signed; of the generic kind only.", OptionalText, null),
        QuietHours = m.Values("quietHours", "When only what is urgent is posted, every day, in the system's zone; never quiet where left out.", Scalars.ClockSpan, least: 0),
    };

    private static DigestPolicy Digest(PlanMap m) => new(
        m.Optional("after", "So many messages within the window go out one by one; what comes on top waits until it is over, and goes out in one.", Number(1, MostMessages), DigestPolicy.Usual.After),
        m.Optional("window", "How long is counted.", Duration, DigestPolicy.Usual.Window));

    private static NotificationTemplate Template(PlanMap m) => new(
        m.Value("id", $"Which: {string.Join(", ", NotificationTemplates.Ids)}.", Text, ""),
        m.Value("language", "In which language; one of the system's.", Choice<Language>(), Language.En),
        m.Value("subject", "One line; {ticket} and the like stand for what it is about.", Text, ""),
        m.Value("text", "Plain text; a line whose last placeholder stands for nothing is left out.", Text, ""));
}
