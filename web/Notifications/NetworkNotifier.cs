using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Notifications;
using Maintenance.Plan;
using Microsoft.Extensions.Logging;

namespace Maintenance.Web.Notifications;

/// <summary>Delivers by the log, an SMTP relay and webhooks. Both hosts use it.</summary>
/// <param name="http">Makes the client named <see cref="ClientName"/>.</param>
/// <param name="settings">Reads a host's setting, for secrets that no plan holds.</param>
/// <param name="links">Where the pages are.</param>
/// <param name="time">For the time in signatures.</param>
/// <param name="log">The log.</param>
public sealed class NetworkNotifier(IHttpClientFactory http, HostSettings settings, PublicAddress links, TimeProvider time, ILogger<NetworkNotifier> log) : INotifier
{
    /// <summary>The name of the HTTP client for webhooks.</summary>
    public const string ClientName = "webhooks";

    /// <summary>The header with the time of a signed body: seconds since 1970.</summary>
    public const string TimestampHeader = "X-Maintenance-Timestamp";

    /// <summary>The header with the signature: <c>sha256=</c> and, in hexadecimal, the HMAC of time, dot and body.</summary>
    public const string SignatureHeader = "X-Maintenance-Signature";

    /// <summary>Shorter than a delivery's turn at a recipient lasts.</summary>
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

    /// <summary>The signature of a body.</summary>
    /// <param name="secret">The key, in UTF-8.</param>
    /// <param name="timestamp">Seconds since 1970, as the header says them.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Sign(string secret, string timestamp, string body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}")));

    /// <summary>The text is not logged: logs go to more people than those who are told, and it may hold what somebody wrote in confidence.</summary>
    private Task LogAsync(Notification notification)
    {
        log.LogWarning("{Subject} ({Id})", DeliveryError.WithoutAddresses(ChatText.Line(notification.Subject)), notification.Id);
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

        using var mail = MailText.Of(notification, relay.From, mailbox.Address, await links.OfAsync(notification.Path, cancellation));
        await smtp.SendMailAsync(mail, cancellation);
    }

    private async Task PostAsync(Notification notification, WebhookChannel channel, CancellationToken cancellation)
    {
        var address = channel.Url ?? new Uri(settings.Required(channel.UrlSetting!));
        var body = WebhookBody.Write(WebhookBody.Of(notification, channel.Kind, await links.OfAsync(notification.Path, cancellation)));
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (channel.SecretSetting is { } setting)
        {
            var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.Add(TimestampHeader, timestamp);
            request.Headers.Add(SignatureHeader, Sign(settings.Required(setting), timestamp, body));
        }

        using var client = http.CreateClient(ClientName);
        using var answer = await client.SendAsync(request, cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        var problem = $"the webhook answered {(int)answer.StatusCode}";
        throw answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is { } after
            ? new DeliveryPostponedException(problem, after.Delta ?? (after.Date - time.GetUtcNow()) ?? TimeSpan.Zero)
            : new HttpRequestException(problem);
    }
}
