using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tickets;
using NodaTime;

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
        var (noted, subject) = mark.Kind switch
        {
            ClockMarkKind.Warning => ($"{mark.Level} % of the {target} target are used up (due {due:u}).", $"{mark.Level} % of the {target} time used"),
            ClockMarkKind.Breach => ($"The {target} target was missed (due {due:u}).", $"{target} target missed"),
            ClockMarkKind.Level => ($"Escalated to level {mark.Level} for the {(isBefore ? "" : "missed ")}{target} target.", $"{target} target {(isBefore ? "about to be missed" : "missed")}, level {mark.Level}"),
            ClockMarkKind.Repeat => ($"Level {mark.Level} was told again of the {target} target.", $"{target} target {(isBefore ? "about to be missed" : "missed")}, level {mark.Level}, again"),
            _ => ($"The escalation of the {target} target has ended, and nobody has acknowledged it.", $"nobody sees to the missed {target} target"),
        };
        return new EscalationNotice(
            audience?.Note is { } note ? $"{noted} {note}" : noted,
            new Notification(DueEntry.Key(ticket.Id, reading.Target, mark.Key), $"[{ticket.Priority}] {ticket.Id}: {subject}", Text(plan, ticket, target, due, isBefore, mark, level), "/tickets/" + ticket.Id),
            mark.Kind switch
            {
                ClockMarkKind.Warning => EscalationRules.Warned(plan, ticket, now),
                ClockMarkKind.Alarm => chain?.Alarm.Notify ?? [],
                _ => audience?.People ?? [],
            },
            mark.Kind == ClockMarkKind.Alarm ? chain?.Alarm.Channels ?? [] : level?.Channels ?? []);
    }

    private static string Text(OperationsPlan plan, Ticket ticket, string target, DateTimeOffset due, bool isBefore, ClockMark mark, EscalationLevel? level)
    {
        var local = Instant.FromDateTimeOffset(due).InZone(plan.System.TimeZone);
        var lines = new List<string>
        {
            $"{ticket.Id} ({ticket.Priority}): {ticket.Title}",
            "",
            $"The {target} {(isBefore ? "is" : "target was missed. It was")} due {local:uuuu-MM-dd HH:mm} ({plan.System.TimeZone.Id}).",
        };
        if (ticket.Service is { } service)
        {
            lines.Add($"Service: {plan.FindService(service)?.Name ?? service}");
        }

        if (ticket.Assignee is { } assignee)
        {
            lines.Add($"Assigned to: {plan.FindPerson(assignee)?.Name ?? assignee}");
        }

        if (level is { Action.Length: > 0 })
        {
            lines.Add($"What is expected of level {mark.Level}: {level.Action}");
        }

        if (mark.Kind == ClockMarkKind.Alarm)
        {
            lines.Add("The escalation chain has ended and nobody has acknowledged. Somebody must take it, or the chain in the plan reaches nobody.");
        }

        return string.Join('\n', lines);
    }
}
