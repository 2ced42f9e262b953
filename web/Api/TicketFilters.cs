using System.Text.Json;
using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Tickets.Search;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>What an address asks of tickets: <c>?q=&amp;state=&amp;type=&amp;priority=&amp;service=&amp;team=&amp;assignee=&amp;tag=&amp;requester=&amp;watcher=&amp;breached=true</c>.</summary>
internal static class TicketFilters
{
    /// <summary>The members of an address that say which tickets.</summary>
    public static readonly IReadOnlyList<string> Names = ["q", "state", "type", "priority", "service", "team", "assignee", "tag", "requester", "watcher", "breached"];

    private const int MostText = 500;
    private const int MostId = 100;

    /// <summary>Reads them.</summary>
    /// <exception cref="HttpProblemException">A value is none of those that there are (400), or is not theirs to ask (403).</exception>
    public static TicketQuery Read(HttpContext http, OperationsPlan plan, Caller caller)
    {
        var state = Text(http, "state", MostId) ?? "open";
        var query = new TicketQuery
        {
            Text = Text(http, "q", MostText),
            IsOpen = state == "open",
            State = state is "open" or "all" ? null : Choice<TicketState>("state", state, "open", "all"),
            Type = Text(http, "type", MostId) is { } type ? Choice<TicketType>("type", type) : null,
            Priority = Text(http, "priority", MostId),
            Service = Text(http, "service", MostId),
            Team = Text(http, "team", MostId),
            Assignee = Text(http, "assignee", MostId) is { } assignee ? (assignee == "none" ? "" : Me(assignee, caller)) : null,
            Tag = Text(http, "tag", MostId),
            Requester = Text(http, "requester", MostText) is { } requester ? Me(requester, caller) : null,
            Watcher = Text(http, "watcher", MostId) is { } watcher ? Me(watcher, caller) : null,
            IsBreached = Text(http, "breached", MostId) switch
            {
                null or "false" => false,
                "true" => true,
                _ => throw HttpProblemException.BadRequest("The query's breached may be true or false."),
            },
        };

        // How somebody outside named themselves is for staff to know, and so it is whether a ticket is theirs.
        return query.Requester is { } who && who != caller.Id && !caller.Is(Roles.Support) && plan.FindPerson(who) is null
            ? throw HttpProblemException.Forbidden($"Looking for the tickets of somebody outside needs the role '{Roles.Support}'.")
            : query;
    }

    private static string? Text(HttpContext http, string name, int most) =>
        http.Request.Query[name].ToString().Trim() is not { Length: > 0 } text ? null
            : text.Length <= most ? text
            : throw HttpProblemException.BadRequest($"The query's {name} has more than {most} characters.");

    private static string Me(string id, Caller caller) => id == "me" ? caller.Id : id;

    private static T Choice<T>(string name, string text, params IEnumerable<string> more)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (JsonNamingPolicy.CamelCase.ConvertName(value.ToString()) == text)
            {
                return value;
            }
        }

        var choices = more.Concat(Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName));
        throw HttpProblemException.BadRequest($"The query's {name} is '{(text.Length > 40 ? text[..40] : text)}'; it may be {string.Join(", ", choices)}.");
    }
}
