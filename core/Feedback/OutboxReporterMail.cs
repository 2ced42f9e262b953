using Maintenance.Notifications;
using Maintenance.Plan;

namespace Maintenance.Feedback;

/// <summary>Mail to people outside through the outbox: with its retries, its quiet delivery and its erasure.</summary>
public sealed class OutboxReporterMail(NotificationService notifications, ActivePlan plan) : IReporterMail
{
    /// <inheritdoc/>
    public async Task SendAsync(ReporterMail mail, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mail);

        // What cannot be reached by mail (a telephone number, a plan without a relay) is on the tracking page all the same.
        _ = await notifications.NotifyContactAsync(plan.Current, Written(mail), mail.Address, mail.Language, cancellation);
    }

    /// <inheritdoc/>
    public Task<int> EraseAsync(string address, CancellationToken cancellation) => notifications.EraseContactAsync(address, cancellation);

    private static Notification Written(ReporterMail mail)
    {
        var template = mail.Kind switch
        {
            ReporterMailKind.FeedbackReceived => NotificationTemplates.FeedbackReceived,
            ReporterMailKind.TicketResolved => NotificationTemplates.TicketResolved,
            ReporterMailKind.RatingRequest => NotificationTemplates.RatingRequest,
            ReporterMailKind.Survey => NotificationTemplates.Survey,

            // The template of comments is for colleagues: it names ticket and person.
            _ => null,
        };
        if (template is null)
        {
            return new Notification(mail.Id, mail.Subject, mail.Text, mail.Path);
        }

        var values = new TemplateValues();
        foreach (var (name, value) in mail.Values)
        {
            values[name] = value;
        }

        return Notification.From(mail.Id, template, values, mail.Path);
    }
}
