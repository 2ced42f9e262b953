using Maintenance.Plan;
using Maintenance.ServiceLevels;

namespace Maintenance.Tickets;

/// <summary>Says what a ticket is, how urgent, and whose.</summary>
internal static class TicketTriage
{
    public static void Do(TicketDraft draft, TicketAct.Triage act)
    {
        var (plan, before) = (draft.Plan, draft.Ticket);
        if (!before.IsOpen)
        {
            throw new TicketStateException($"{before.Id} is resolved since {before.ResolvedAt:u}; reopen it first.");
        }

        var after = before with
        {
            Type = act.Type ?? before.Type,
            Maintenance = act.Maintenance ?? before.Maintenance,
            Impact = Known(act.Impact, plan.Priorities.Impacts, "impact") ?? before.Impact,
            Urgency = Known(act.Urgency, plan.Priorities.Urgencies, "urgency") ?? before.Urgency,
            Service = act.Service is null ? before.Service : act.Service.Length == 0 ? null : Service(plan, act.Service),
            Skills = act.Skills is null ? before.Skills : Skills(act.Skills),
        };
        var changesPriority = act.Impact is not null || act.Urgency is not null;
        after = after with
        {
            Priority = changesPriority ? Priority(plan, after) : before.Priority,
            Team = act.Team is { Length: > 0 } team ? Team(plan, team) : act.Team is not null || after.Service != before.Service ? TicketRules.TeamOf(plan, after.Service) : before.Team,
        };
        var reason = TicketDraft.May(act.Reason, "reason");
        if (after.Priority != before.Priority && before.State != TicketState.New && reason is null)
        {
            throw new TicketActException("reason", $"Say why the priority changes from {before.Priority} to {after.Priority}: it changes what was promised.");
        }

        // Whoever has it may not be of the other team; the team decides anew.
        var leavesAssignee = after.Team != before.Team && before.Assignee is { } assignee && plan.FindTeam(after.Team ?? "")?.Members.Contains(assignee) == false;
        var changes = Changes(plan, before, after);
        if (changes.Count == 0 && before.State != TicketState.New)
        {
            return;
        }

        draft.Ticket = after with
        {
            Assignee = leavesAssignee ? null : after.Assignee,
            State = before.State == TicketState.New || (leavesAssignee && before.State is TicketState.Assigned or TicketState.InProgress) ? TicketState.Triaged : before.State,
        };
        if (after.Priority != before.Priority)
        {
            draft.Tick(ClockEventKind.PriorityChanged, after.Priority);
        }

        draft.Note(TicketEventKind.Triaged, changes.Count == 0 ? "Looked at." : string.Join(' ', changes), note: reason);
    }

    private static List<string> Changes(OperationsPlan plan, Ticket before, Ticket after)
    {
        var changes = new List<string>();
        Add("Type", before.Type.ToString(), after.Type.ToString());
        Add("Maintenance", before.Maintenance?.ToString(), after.Maintenance?.ToString());
        if (before.Impact != after.Impact || before.Urgency != after.Urgency)
        {
            changes.Add($"Priority {before.Priority} → {after.Priority} (impact {after.Impact}, urgency {after.Urgency}).");
        }

        Add("Service", plan.FindService(before.Service ?? "")?.Name ?? before.Service, plan.FindService(after.Service ?? "")?.Name ?? after.Service);
        Add("Team", plan.FindTeam(before.Team ?? "")?.Name ?? before.Team, plan.FindTeam(after.Team ?? "")?.Name ?? after.Team);
        Add("Skills", string.Join(", ", before.Skills), string.Join(", ", after.Skills));
        return changes;

        void Add(string what, string? from, string? to)
        {
            if (from != to)
            {
                changes.Add($"{what} {(string.IsNullOrEmpty(from) ? "none" : from)} → {(string.IsNullOrEmpty(to) ? "none" : to)}.");
            }
        }
    }

    private static string? Known(string? id, IReadOnlyList<PriorityLevel> levels, string field) =>
        id is null || levels.Any(level => level.Id == id) ? id : throw new TicketActException(field, $"The plan has no {field} '{Cut(id)}'. Choose one of: {string.Join(", ", levels.Select(static level => level.Id))}.");

    private static string Service(OperationsPlan plan, string id) =>
        plan.FindService(id)?.Id ?? throw new TicketActException("service", $"The plan has no service '{Cut(id)}'. Choose one of: {string.Join(", ", plan.Services.Select(static service => service.Id))}.");

    private static string Team(OperationsPlan plan, string id) =>
        plan.FindTeam(id)?.Id ?? throw new TicketActException("team", $"The plan has no team '{Cut(id)}'. {(plan.Teams.Count == 0 ? "It has none at all." : $"Choose one of: {string.Join(", ", plan.Teams.Select(static team => team.Id))}.")}");

    private static string Priority(OperationsPlan plan, Ticket ticket)
    {
        // An impact that was given under an older plan may be gone from this one.
        _ = Known(ticket.Impact, plan.Priorities.Impacts, "impact");
        _ = Known(ticket.Urgency, plan.Priorities.Urgencies, "urgency");
        return plan.Priorities.Of(ticket.Impact, ticket.Urgency);
    }

    private static IReadOnlyList<string> Skills(IReadOnlyList<string> skills)
    {
        IReadOnlyList<string> kept = [.. skills.Select(static skill => skill.Trim()).Where(static skill => skill.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        return kept.Count > TicketRules.MaxListed || kept.Any(static skill => skill.Length > 60)
            ? throw new TicketActException("skills", $"At most {TicketRules.MaxListed} skills of at most 60 characters, please.")
            : kept;
    }

    private static string Cut(string text) => text.Length > 40 ? text[..40] : text;
}
