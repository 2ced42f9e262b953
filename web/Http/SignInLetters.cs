using System.Threading.Channels;
using Maintenance.Access;
using Maintenance.Notifications;
using Maintenance.Plan;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Maintenance.Web.Http;

/// <summary>
/// Sends people the link that they ask for at the page where one signs in. Only their own mailbox gets it: no record holds its text, so that nobody who may read what was
/// sent can sign in as somebody else. Who asks is answered before anything is looked up, and so learns neither from the words nor from the time whom the plan knows. What
/// is asked for while the process ends is lost, and asked for again.
/// </summary>
/// <param name="access">Issues the links.</param>
/// <param name="notifier">Sends the mail.</param>
/// <param name="plan">Knows the people and the relay.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The host's log.</param>
public sealed class SignInLetters(AccessService access, INotifier notifier, ActivePlan plan, TimeProvider time, ILogger<SignInLetters> log) : BackgroundService
{
    /// <summary>So many links of one person may be open at once: their mailbox is not to be filled by others.</summary>
    public const int MostOpen = 3;

    private readonly Channel<(string Address, string To)> _asked = Channel.CreateBounded<(string, string)>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>True where the plan has a relay for mail.</summary>
    public bool IsOffered => plan.StateOrNull?.Plan.Notifications.Mail is not null;

    /// <summary>Somebody asks for a link.</summary>
    /// <param name="address">What they say is their mail address.</param>
    /// <param name="to">The page that they want to see: a path of this site.</param>
    public void Ask(string address, string to) => _ = _asked.Writer.TryWrite((address.Trim(), to));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (address, to) in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await SendAsync(address, to, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Without the address: the log goes to more people than the one who asked.
                log.LogWarning("A sign-in link could not be sent: {Error}", DeliveryError.WithoutAddresses(error.Message));
            }
        }
    }

    private async Task SendAsync(string address, string to, CancellationToken cancellation)
    {
        var current = plan.Current;

        // An address that two people of the plan have is neither's.
        if (current.Notifications.Mail is not { } relay
            || current.People.Where(person => person.Email is { } email && string.Equals(email.Trim(), address, StringComparison.OrdinalIgnoreCase)).ToList() is not [var person]
            || (await access.ListAsync(person.Id, null, cancellation)).Count(static line => line.Kind == CredentialKind.SignIn) >= MostOpen)
        {
            return;
        }

        var code = await access.IssueAsync(CredentialKind.SignIn, person.Id, cancellation, "asked for by mail");
        var values = new TemplateValues { ["due"] = time.GetUtcNow() + AccessService.Validity(CredentialKind.SignIn) };
        var asked = Notification.From($"sign-in_{Guid.NewGuid():N}", NotificationTemplates.SignIn, values, $"/sign-in?code={code}{(to == "/" ? "" : "&to=" + Uri.EscapeDataString(to))}") with { IsUrgent = true };
        var words = new ReaderWords(person.Name, person.Language ?? current.System.Languages[0], person.TimeZone ?? current.System.TimeZone);
        await notifier.SendAsync(NotificationTemplates.Render(current, asked, words), new Recipient.Mailbox(relay, person.Email!.Trim()), cancellation);
    }
}
