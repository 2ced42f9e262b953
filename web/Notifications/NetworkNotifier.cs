using System.Net;
using System.Net.Http.Json;
using System.Net.Mail;
using System.Text.Json.Nodes;
using Maintenance.Notifications;
using Maintenance.Plan;
using Microsoft.Extensions.Logging;

namespace Maintenance.Web.Notifications;

/// <summary>Delivers by the log, an SMTP relay and webhooks. Both hosts use it.</summary>
/// <param name="http">Makes the client named <see cref="ClientName"/>.</param>
/// <param name="settings">Reads a host's setting, for secrets that no plan holds.</param>
/// <param name="links">Where the pages are.</param>
/// <param name="log">The log.</param>
public sealed class NetworkNotifier(IHttpClientFactory http, HostSettings settings, PublicAddress links, ILogger<NetworkNotifier> log) : INotifier
{
    /// <summary>The name of the HTTP client for webhooks.</summary>
    public const string ClientName = "webhooks";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task SendAsync(Notification notification, Recipient recipient, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await (recipient switch
            {
                Recipient.Mailbox mailbox => MailAsync(notification, mailbox, patience.Token),
                Recipient.Webhook webhook => PostAsync(notification, webhook.Channel, patience.Token),
                _ => LogAsync(notification),
            });
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Patience.TotalSeconds} s", error);
        }
    }

    /// <summary>The body that a kind of webhook takes.</summary>
    public static JsonObject Body(Notification notification, WebhookKind kind, Uri link)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return kind switch
        {
            WebhookKind.Slack => new JsonObject { ["text"] = $"*{ChatText.ForSlack(ChatText.Line(notification.Subject))}*\n{ChatText.ForSlack(notification.Text)}\n{link}" },
            WebhookKind.Teams => new JsonObject
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
                            new JsonObject { ["type"] = "TextBlock", ["text"] = ChatText.ForTeams(notification.Text), ["wrap"] = true }),
                        ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open", ["url"] = link.ToString() }),
                    },
                }),
            },
            _ => new JsonObject { ["id"] = notification.Id, ["subject"] = notification.Subject, ["text"] = notification.Text, ["link"] = link.ToString() },
        };
    }

    private Task LogAsync(Notification notification)
    {
        log.LogWarning("{Subject} ({Id}): {Text}", notification.Subject, notification.Id, notification.Text.ReplaceLineEndings(" "));
        return Task.CompletedTask;
    }

    private async Task MailAsync(Notification notification, Recipient.Mailbox mailbox, CancellationToken cancellation)
    {
        var relay = mailbox.Relay;
        using var smtp = new SmtpClient(relay.Host, relay.Port) { EnableSsl = relay.UseTls };
        if (relay is { User: { } user, PasswordSetting: { } setting })
        {
            smtp.Credentials = new NetworkCredential(user, settings.Required(setting));
        }

        // A header is one line: a subject with a line break in it would be refused, and nobody would be told.
        var link = await links.OfAsync(notification.Path, cancellation);
        using var mail = new MailMessage(relay.From, mailbox.Address, ChatText.Line(notification.Subject), $"{notification.Text}\n\n{link}\n");

        // The same notification sent twice (a crash between sending and noting it) has the same id, so that mail systems can fold the two.
        mail.Headers.Add("Message-ID", $"<{Uri.EscapeDataString(notification.Id)}.{Uri.EscapeDataString(mailbox.Address)}@maintenance>");
        await smtp.SendMailAsync(mail, cancellation);
    }

    private async Task PostAsync(Notification notification, WebhookChannel channel, CancellationToken cancellation)
    {
        var address = channel.Url ?? new Uri(settings.Required(channel.UrlSetting!));
        var link = await links.OfAsync(notification.Path, cancellation);
        using var client = http.CreateClient(ClientName);
        using var answer = await client.PostAsJsonAsync(address, Body(notification, channel.Kind, link), cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"the webhook answered {(int)answer.StatusCode}");
        }
    }
}

/// <summary>The host's settings by name, for secrets that no plan holds.</summary>
/// <param name="Find">The value, or null.</param>
public sealed record HostSettings(Func<string, string?> Find)
{
    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public string Required(string name) => Find(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"the setting '{name}' is not set");
}
