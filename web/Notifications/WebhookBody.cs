using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Notifications;
using Maintenance.Plan;

namespace Maintenance.Web.Notifications;

/// <summary>What webhooks take, each kind its own; what is too long for one is cut, and the link leads to the rest.</summary>
public static class WebhookBody
{
    /// <summary>The most characters of Slack's <c>text</c>; it cuts what is longer (changelog of April 2018, "Truncating really long messages").</summary>
    public const int MostSlackCharacters = 40_000;

    /// <summary>The most bytes that a Teams webhook takes, as JSON in UTF-8 (its documentation says 28 KB).</summary>
    public const int MostTeamsBytes = 28_000;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body.</summary>
    /// <param name="notification">What is told.</param>
    /// <param name="kind">Which shape it has.</param>
    /// <param name="link">The address of the notification's page.</param>
    public static JsonObject Of(Notification notification, WebhookKind kind, Uri link)
    {
        ArgumentNullException.ThrowIfNull(notification);
        ArgumentNullException.ThrowIfNull(link);
        return kind switch
        {
            WebhookKind.Slack => Slack(notification, LinkedText.Cut(notification.Text, text => Text(Slack(notification, text, link)).Length <= MostSlackCharacters), link),
            WebhookKind.Teams => Teams(notification, LinkedText.Cut(notification.Text, text => Encoding.UTF8.GetByteCount(Write(Teams(notification, text, link))) <= MostTeamsBytes), link),
            _ => Generic(notification, link),
        };
    }

    /// <summary>The body as it is sent: no more escapes than JSON needs, since the limits count them.</summary>
    public static string Write(JsonObject body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body.ToJsonString(Json);
    }

    private static JsonObject Generic(Notification notification, Uri link) => new()
    {
        ["id"] = notification.Id,
        ["category"] = notification.Category,
        ["isUrgent"] = notification.IsUrgent,
        ["subject"] = notification.Subject,
        ["text"] = LinkedText.Render(notification.Text, link),
        ["link"] = link.ToString(),
    };

    private static JsonObject Slack(Notification notification, string text, Uri link)
    {
        var written = LinkedText.Render(text, link, ChatText.ForSlack);
        var more = LinkedText.HasLink(text) ? "" : "\n" + ChatText.ForSlack(link.ToString());
        return new JsonObject { ["text"] = $"*{ChatText.ForSlack(ChatText.Line(notification.Subject))}*\n{written}{more}" };
    }

    private static JsonObject Teams(Notification notification, string text, Uri link) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["content"] = new JsonObject
            {
                ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                ["type"] = "AdaptiveCard",
                ["version"] = "1.4",
                ["body"] = new JsonArray(
                    new JsonObject { ["type"] = "TextBlock", ["text"] = ChatText.ForTeams(ChatText.Line(notification.Subject)), ["weight"] = "Bolder", ["wrap"] = true },
                    new JsonObject { ["type"] = "TextBlock", ["text"] = LinkedText.Render(text, link, ChatText.ForTeams), ["wrap"] = true }),
                ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open", ["url"] = link.ToString() }),
            },
        }),
    };

    private static string Text(JsonObject slack) => (string)slack["text"]!;
}
