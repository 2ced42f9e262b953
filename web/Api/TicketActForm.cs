using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using Maintenance.Web.Http;

namespace Maintenance.Web.Api;

/// <summary>Reads acts on tickets from the forms of pages.</summary>
internal static class TicketActForm
{
    /// <summary>The act of a form. What a form says of a ticket as it was already is not said again: only what somebody has changed is.</summary>
    /// <param name="form">Its fields.</param>
    /// <param name="ticket">The ticket as it was shown; null for several.</param>
    /// <exception cref="HttpProblemException">A field says what there is not.</exception>
    public static TicketAct Read(IReadOnlyDictionary<string, string> form, Ticket? ticket)
    {
        return TicketActBody.Checked(Text("act") switch
        {
            "triage" => new TicketAct.Triage(
                Other(Choice<TicketType>("type"), ticket?.Type), Other(Choice<MaintenanceType>("maintenance"), ticket?.Maintenance), Changed("impact", ticket?.Impact), Changed("urgency", ticket?.Urgency),
                Emptied("service", ticket?.Service), Emptied("team", ticket?.Team), List("skills"), May("reason")),
            "assign" => new TicketAct.Assign(May("to"), May("reason")),
            "start" => new TicketAct.Start(),
            "wait" => new TicketAct.Wait(Choice<WaitingFor>("for") ?? WaitingFor.Requester, Text("reason")),
            "resume" => new TicketAct.Resume(May("reason")),
            "respond" => new TicketAct.Respond(Text("text")),
            "comment" => new TicketAct.Comment(Text("text"), form.ContainsKey("public")),
            "resolve" => new TicketAct.Resolve(Text("text"), Choice<TicketResolution>("as") ?? TicketResolution.Solved),
            "close" => new TicketAct.Close(May("reason")),
            "reopen" => new TicketAct.Reopen(Text("reason")),
            "edit" => new TicketAct.Edit(Changed("title", ticket?.Title), Changed("description", ticket?.Description), List("tags")),
            "link" => new TicketAct.Link(Choice<TicketLinkKind>("kind") ?? TicketLinkKind.DuplicateOf, Text("ticket").Trim().ToUpperInvariant()),
            "unlink" => new TicketAct.Unlink(Choice<TicketLinkKind>("kind") ?? TicketLinkKind.DuplicateOf, Text("ticket")),
            "linkArticle" => new TicketAct.LinkArticle(Text("article").Trim()),
            "unlinkArticle" => new TicketAct.UnlinkArticle(Text("article")),
            "watch" => new TicketAct.Watch(May("person")),
            "unwatch" => new TicketAct.Unwatch(May("person")),
            "acknowledge" => new TicketAct.Acknowledge(Choice<ServiceTarget>("target")),
            _ => throw HttpProblemException.BadRequest("The form does not say what is to be done."),
        });

        string Text(string name) => form.GetValueOrDefault(name, "");

        string? May(string name) => Text(name) is { Length: > 0 } text ? text : null;

        string? Changed(string name, string? before) => May(name) is { } text && text != before ? text : null;

        string? Emptied(string name, string? before) => form.TryGetValue(name, out var text) && text != (before ?? "") ? text : null;

        IReadOnlyList<string>? List(string name) => form.TryGetValue(name, out var text) ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : null;

        T? Choice<T>(string name)
            where T : struct, Enum =>
            May(name) is not { } text ? null
                : Enum.GetNames<T>().Contains(text) ? Enum.Parse<T>(text)
                : throw TicketActBody.Invalid(name, "Choose one of the list.");
    }

    private static T? Other<T>(T? chosen, T? before)
        where T : struct, Enum => Nullable.Equals(chosen, before) ? null : chosen;
}
