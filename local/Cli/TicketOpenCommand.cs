using System.CommandLine;
using Maintenance.Tickets;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>ticket open</c>.</summary>
internal static class TicketOpenCommand
{
    public static Command Make(CommonOptions common)
    {
        var type = new Option<TicketType>("--type") { Description = "incident, serviceRequest, changeRequest, featureRequest, problem or debtItem.", DefaultValueFactory = static _ => TicketType.Incident };
        var title = new Option<string>("--title") { Description = "One line.", Required = true };
        var description = new Option<string>("--description") { Description = "What happens, where, since when.", Required = true };
        var service = new Option<string?>("--service") { Description = "The id of the service." };
        var impact = new Option<string?>("--impact") { Description = "How many are affected; the least of the plan where left out." };
        var urgency = new Option<string?>("--urgency") { Description = "How soon it hurts; the least of the plan where left out." };
        var maintenance = new Option<MaintenanceType?>("--maintenance") { Description = "corrective, adaptive, perfective or preventive." };
        var requester = new Option<string?>("--requester") { Description = "Who asks, where that is not you: the id of a person, or how they name themselves." };
        var skills = new Option<string[]>("--skill") { Description = "What whoever works on it must know; may be given several times." };
        var tags = new Option<string[]>("--tag") { Description = "A word to sort by; may be given several times." };
        var key = new Option<string?>("--key") { Description = "Names this ticket: sent again with the same key, it is opened once." };
        return ApiCommand.Make(
            "open", "Open a ticket.", common, [title, description, type, service, impact, urgency, maintenance, requester, skills, tags, key],
            (api, parsed, cancellation) => api.SendAsync(
                HttpMethod.Post,
                "/api/tickets",
                MaintenanceJson.Write(new NewTicketText(parsed.GetValue(type), parsed.GetRequiredValue(title), parsed.GetRequiredValue(description))
                {
                    Service = parsed.GetValue(service),
                    Impact = parsed.GetValue(impact),
                    Urgency = parsed.GetValue(urgency),
                    Maintenance = parsed.GetValue(maintenance),
                    Requester = parsed.GetValue(requester),
                    Skills = parsed.GetValue(skills),
                    Tags = parsed.GetValue(tags),
                }),
                parsed.GetValue(key) is { } name ? [("Idempotency-Key", name)] : [],
                cancellation),
            TicketCommands.Print);
    }
}
