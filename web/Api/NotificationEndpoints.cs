using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>A notification to one recipient, without its text.</summary>
/// <param name="Id">Names the two.</param>
/// <param name="Notification">The notification's id.</param>
/// <param name="Recipient">Such as <c>person:ann</c>; of people outside the plan a random word, never an address.</param>
/// <param name="Category">What kind of news it is.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Path">The page that shows more.</param>
/// <param name="IsUrgent">True for what passes quiet hours and digests.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Hold">Why it was held back last.</param>
/// <param name="CreatedAt">When it was recorded (UTC).</param>
/// <param name="DueAt">While it waits: not to be tried before (UTC); else null.</param>
/// <param name="SentAt">When it was taken (UTC), or null.</param>
/// <param name="Mail">The id of the message that it went in: its own, or that of a digest; null until then.</param>
/// <param name="Attempts">How often it was tried in vain.</param>
/// <param name="Error">Why the last try failed, or null.</param>
public sealed record NotificationLine(
    string Id, string Notification, string Recipient, string Category, string Subject, string Path, bool IsUrgent, DeliveryState State, DeliveryHold Hold, DateTimeOffset CreatedAt,
    DateTimeOffset? DueAt, DateTimeOffset? SentAt, string? Mail, int Attempts, string? Error)
{
    /// <summary>An entry as it is shown.</summary>
    public static NotificationLine Of(NotificationEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(
            entry.Id, entry.Notification, entry.Recipient, entry.Category, entry.Subject, entry.Path, entry.IsUrgent, entry.State, entry.Hold, entry.CreatedAt,
            entry.State == DeliveryState.Waiting ? entry.DueAt : null, entry.SentAt, entry.Mail, entry.Attempts, entry.Error);
    }
}

/// <summary>To whom a test goes: one of the two.</summary>
/// <param name="To">The id of a person.</param>
/// <param name="Channel">The id of a webhook.</param>
public sealed record TestRequest(string? To = null, string? Channel = null);

/// <summary>How deliveries stand.</summary>
public sealed class NotificationEndpoints(OutboxService outbox, ActivePlan plan, TimeProvider time)
{
    private const int MostOnPage = 200;
    private const int MostRecipient = 100;

    /// <summary>The notifications, newest first (<c>?state=waiting|sent|failed&amp;recipient=ann&amp;take=100</c>).</summary>
    public async Task<IResult> ListAsync(HttpContext http) =>
        Requests.Ok(await Filtered(http).Take(http.QueryNumber("take", 100, 1000)).Select(NotificationLine.Of).ToListAsync(http.RequestAborted));

    /// <summary>The same as a page.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller) => await PageAsync(http, caller, Filtered(http), null);

    /// <summary>Sends one again that was given up: 202.</summary>
    public async Task<IResult> ResendAsync(HttpContext http) => Requests.Accepted(http, "/api/notifications", NotificationLine.Of(await ResendOneAsync(http)));

    /// <summary>The same by a button.</summary>
    public async Task<IResult> ResendFormAsync(HttpContext http)
    {
        _ = await RequestBody.ReadFormAsync(http);
        _ = await ResendOneAsync(http);
        return TypedResults.Redirect("/notifications");
    }

    /// <summary>Sends a test at once, and says what came of it.</summary>
    public async Task<IResult> TestAsync(HttpContext http, Caller caller) =>
        Requests.Ok(await TestAsync(await RequestBody.ReadJsonAsync<TestRequest>(http), caller, http.RequestAborted));

    /// <summary>The same by a button.</summary>
    public async Task<IResult> TestFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var to = form.GetValueOrDefault("to", "");
        var request = to.StartsWith('#') ? new TestRequest(Channel: to[1..]) : new TestRequest(To: to);
        return await PageAsync(http, caller, outbox.ListAsync(null, null, http.RequestAborted), await TestAsync(request, caller, http.RequestAborted));
    }

    private async Task<IResult> PageAsync(HttpContext http, Caller caller, IAsyncEnumerable<NotificationEntry> entries, NotificationTest? test) =>
        new PageResult<NotificationsPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Now"] = time.GetUtcNow(),
            ["State"] = http.Request.Query["state"].ToString(),
            ["Notifications"] = await entries.Take(MostOnPage + 1).Select(NotificationLine.Of).ToListAsync(http.RequestAborted),
            ["Test"] = test,
        });

    private IAsyncEnumerable<NotificationEntry> Filtered(HttpContext http)
    {
        var state = http.Request.Query["state"].ToString() switch
        {
            "" => (DeliveryState?)null,
            "waiting" => DeliveryState.Waiting,
            "sent" => DeliveryState.Sent,
            "failed" => DeliveryState.Failed,
            var other => throw HttpProblemException.BadRequest($"The query's state is '{(other.Length > 40 ? other[..40] : other)}'; it may be waiting, sent or failed."),
        };
        var recipient = http.Request.Query["recipient"].ToString() is { Length: > 0 } one ? one : null;
        return recipient is { Length: > MostRecipient } ? throw HttpProblemException.BadRequest($"The query's recipient has more than {MostRecipient} characters.") : outbox.ListAsync(state, recipient, http.RequestAborted);
    }

    private async Task<NotificationEntry> ResendOneAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        var isId = id.Length == 20 && id.All(char.IsAsciiHexDigitLower);
        return (isId ? await outbox.ResendAsync(id, http.RequestAborted) : null) ?? throw HttpProblemException.NotFound($"There is no notification '{id}'.");
    }

    private async Task<NotificationTest> TestAsync(TestRequest request, Caller caller, CancellationToken cancellation) => request switch
    {
        { To: { } person, Channel: null } => await outbox.TestPersonAsync(person, caller.Id, cancellation) ?? throw Unknown("to", $"There is no person '{Shortened(person)}'."),
        { To: null, Channel: { } channel } => await outbox.TestChannelAsync(channel, caller.Id, cancellation) ?? throw Unknown("channel", $"There is no channel '{Shortened(channel)}'."),
        _ => throw Unknown("to", "Name a person (to) or a webhook (channel), and one of the two."),
    };

    private static string Shortened(string text) => text.Length > 40 ? text[..40] : text;

    private static HttpProblemException Unknown(string field, string problem) => HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [problem] });
}
