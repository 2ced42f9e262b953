using System.CommandLine;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>ticket view list|keep|forget</c>: the lists of tickets that somebody comes back to.</summary>
internal static class TicketViewCommands
{
    public static Command Make(CommonOptions common)
    {
        var name = new Argument<string>("name") { Description = "What it is called." };
        var query = new Argument<string>("query") { Description = "Which tickets, as the address of their page says it: state=waiting&team=field." };
        return ApiCommand.Group(
            "view",
            "Your own lists of tickets, as the page shows them; yours with --token, else the operator's.",
            ApiCommand.Make("list", "List them.", common, [], static (api, _, cancellation) => api.GetAsync("/api/me/views", cancellation), Show),
            ApiCommand.Make(
                "keep", "Keep a list under a name, in place of the one that is called the same.", common, [name, query],
                (api, parsed, cancellation) => api.PostAsync("/api/me/views", new ViewRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(query)), cancellation), Show),
            ApiCommand.Make(
                "forget", "Forget one.", common, [name],
                (api, parsed, cancellation) => api.PostAsync("/api/me/views", new ViewRequest(parsed.GetRequiredValue(name)), cancellation), Show));
    }

    private static void Show(System.Text.Json.JsonElement views) =>
        Output.Table(["NAME", "TICKETS"], views.EnumerateArray().Select(static view => (IReadOnlyList<string>)[view.Text("name"), view.Text("query")]));
}
