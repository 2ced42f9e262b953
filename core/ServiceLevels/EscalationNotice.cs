using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.ServiceLevels;

/// <summary>What is noted, and who is told what, when a mark is reached. Pure.</summary>
/// <param name="Noted">On the ticket, in words.</param>
/// <param name="Notification">What people are told.</param>
/// <param name="People">The ids of the people; none where nobody is told.</param>
/// <param name="Channels">The ids of the webhooks.</param>
public sealed record EscalationNotice(string Noted, Notification Notification, IReadOnlyList<string> People, IReadOnlyList<string> Channels)
{
    /// <summary>The notice of a mark.</summary>
    public static EscalationNotice Of(OperationsPlan plan, Ticket ticket, ClockReading reading, ClockMark mark, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(mark);
        var target = reading.Target == ServiceTarget.Response ? "response" : "resolution";
        var chain = plan.ServiceLevels.For(ticket.Priority) is { } terms ? plan.ServiceLevels.Chain(terms.Escalation) : null;
        var level = mark.Kind is ClockMarkKind.Level or ClockMarkKind.Repeat ? chain?.Levels[mark.Level - 1] : null;
        var audience = level is null ? null : EscalationRules.Whom(plan, chain!, mark.Level, now);
        var isBefore = reading.Due > now;
        var due = reading.Due ?? now;
        var noted = mark.Kind switch
        {
            ClockMarkKind.Warning => $"{mark.Level} % of the {target} target are used up (due {due:u}).",
            ClockMarkKind.Breach => $"The {target} target was missed (due {due:u}).",
            ClockMarkKind.Level => $"Escalated to level {mark.Level} for the {(isBefore ? "" : "missed ")}{target} target.",
            ClockMarkKind.Repeat => $"Level {mark.Level} was told again of the {target} target.",
            _ => $"The escalation of the {target} target has ended, and nobody has acknowledged it.",
        };
        var values = new TemplateValues
        {
            ["ticket"] = ticket.Id,
            ["title"] = ticket.Title,
            ["priority"] = ticket.Priority,
            ["service"] = ticket.Service is { } service ? plan.FindService(service)?.Name ?? service : null,
            ["target"] = target,
            ["due"] = due,
            ["level"] = mark.Kind == ClockMarkKind.Alarm ? chain?.Levels.Count ?? 0 : mark.Level,
            ["action"] = level?.Action,
            ["by"] = ticket.Assignee is { } assignee ? plan.FindPerson(assignee)?.Name ?? assignee : null,
        };
        var template = mark.Kind == ClockMarkKind.Alarm ? NotificationTemplates.ChainUnacknowledged : isBefore ? NotificationTemplates.Warning : NotificationTemplates.Escalation;
        return new EscalationNotice(
            audience?.Note is { } note ? $"{noted} {note}" : noted,
            Notification.From(DueEntry.Key(ticket.Id, reading.Target, mark.Key), template, values, "/tickets/" + ticket.Id) with { IsUrgent = mark.Kind == ClockMarkKind.Alarm || level?.IsUrgent == true },
            mark.Kind switch
            {
                ClockMarkKind.Warning => EscalationRules.Warned(plan, ticket, now),
                ClockMarkKind.Alarm => chain?.Alarm.Notify ?? [],
                _ => audience?.People ?? [],
            },
            mark.Kind == ClockMarkKind.Alarm ? chain?.Alarm.Channels ?? [] : level?.Channels ?? []);
    }
}
