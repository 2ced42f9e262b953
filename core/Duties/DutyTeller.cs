using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Time;

namespace Maintenance.Duties;

/// <summary>Says and opens what is due about occurrences. Each under a name made from what it is for: done twice, it is there once.</summary>
internal sealed class DutyTeller(NotificationService notifications, TicketService tickets, ActivePlan plan, TimeProvider time)
{
    /// <summary>Says or opens one thing.</summary>
    /// <returns>The id of the ticket that was opened; null for none.</returns>
    public async Task<string?> TellAsync(DutyOccurrence occurrence, DutyNoticeKind kind, CancellationToken cancellation)
    {
        var (current, terms) = (plan.Current, occurrence.Terms);
        var owners = DutyMoves.Told(current, terms, DutyDates.Local(time.GetUtcNow(), current.System.TimeZone).Date);
        switch (kind)
        {
            case DutyNoticeKind.Opened or DutyNoticeKind.Reminder:
                await NotifyAsync(current, occurrence, kind, NotificationTemplates.DutyDue, owners, Needed(terms), cancellation);
                return null;
            case DutyNoticeKind.Overdue:
                var ticket = terms.Overdue?.Ticket is { } wanted ? await OpenAsync(current, occurrence, wanted, cancellation) : null;
                await NotifyAsync(current, occurrence, kind, NotificationTemplates.DutyOverdue, [.. owners, .. terms.Overdue?.Notify ?? []], Needed(terms), cancellation, ticket);
                return ticket;
            case DutyNoticeKind.Escalated:
                await NotifyAsync(current, occurrence, kind, NotificationTemplates.DutyOverdue, terms.Overdue?.Escalate?.Notify ?? [], $"It is owed by {string.Join(" or ", DutyMoves.Named(terms))}, who did not do it.", cancellation, occurrence.Ticket);
                return null;
            default:
                await AnswerAsync(occurrence, cancellation);
                return null;
        }
    }

    private async Task<string> OpenAsync(OperationsPlan current, DutyOccurrence occurrence, DutyTicket wanted, CancellationToken cancellation)
    {
        var (terms, levels) = (occurrence.Terms, current.Priorities);

        // The terms are those of an older plan, perhaps: what that one named and this one does not is the mildest that there is.
        var impact = levels.Impacts.Any(level => level.Id == wanted.Impact) ? wanted.Impact : levels.Impacts[^1].Id;
        var urgency = levels.Urgencies.Any(level => level.Id == wanted.Urgency) ? wanted.Urgency : levels.Urgencies[^1].Id;
        var text = $"It was due {DutyDates.Local(occurrence.DueAt, current.System.TimeZone).ToString("uuuu-MM-dd HH:mm", null)} ({current.System.TimeZone.Id}){(terms.Grace > TimeSpan.Zero ? $", with a grace of {Durations.Format(terms.Grace)}" : "")}, and is owed by {string.Join(" or ", DutyMoves.Named(terms))}.{Procedure(current, terms)}\n\n{Needed(terms)}\nDo it, or have it skipped: {occurrence.Path}";
        var opened = await tickets.OpenAsync(
            "duty/" + occurrence.Id,
            new NewTicket(
                TicketType.Incident, Cut($"Overdue: {terms.Name} ({occurrence.Key})"), text, wanted.Service is { } service && current.FindService(service) is not null ? service : null, impact, urgency, null, null, time.GetUtcNow()),
            cancellation);
        return opened.Id;
    }

    private async Task AnswerAsync(DutyOccurrence occurrence, CancellationToken cancellation)
    {
        var ended = occurrence.State == DutyState.Skipped ? $"Skipped by {occurrence.ClosedBy}: {occurrence.Reason}" : $"Done by {occurrence.ClosedBy}; the evidence is at {occurrence.Path}";
        try
        {
            _ = await tickets.ActAsync(occurrence.Ticket!, new TicketAct.Comment(ended), TicketActor.System, null, $"duty/{occurrence.Id}/closed", cancellation);
        }
        catch (TicketStateException)
        {
            // Whoever closed the ticket before the duty was done has nothing left to hear there.
        }
    }

    private Task NotifyAsync(
        OperationsPlan current, DutyOccurrence occurrence, DutyNoticeKind kind, string template, IEnumerable<string> recipients, string text, CancellationToken cancellation, string? ticket = null)
    {
        var known = recipients.Where(name => current.FindPerson(name) is not null || current.InRole(name).Any()).Distinct().ToList();
        var values = new TemplateValues { ["title"] = occurrence.Terms.Name, ["due"] = occurrence.DueAt, ["text"] = text, ["ticket"] = ticket, ["policy"] = occurrence.Terms.Procedure };
        return notifications.NotifyAsync(current, Notification.From($"duty/{occurrence.Id}/{kind.ToString().ToLowerInvariant()}", template, values, occurrence.Path), known, [], cancellation);
    }

    /// <summary>Where the procedure is read: its page where it is a document of the plan, else its file.</summary>
    private static string Procedure(OperationsPlan current, Duty terms) =>
        terms.Procedure is not { } file ? "" : current.Knowledge.FindFile(file) is { } document ? $"\nProcedure: {document.Title}, /documents/{document.Id}" : $"\nProcedure: {file}";

    private static string Needed(Duty duty) => duty.Evidence.Count == 0 ? "" : $"Needed as evidence: {string.Join(", ", duty.Evidence.Select(static kind => kind.ToString().ToLowerInvariant()))}.";

    private static string Cut(string title) => title.Length <= 200 ? title : title[..(char.IsHighSurrogate(title[198]) ? 198 : 199)] + "…";
}
