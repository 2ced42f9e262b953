using System.CommandLine;
using System.Text.Json;
using Maintenance.Tickets.Search;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>ticket reindex</c>.</summary>
internal static class TicketReindexCommand
{
    public static Command Make(CommonOptions common)
    {
        var after = new Option<int?>("--after") { Description = "Go on after the ticket of this number, as a run that was stopped has said." };
        return ApiCommand.Make(
            "reindex", "Make anew what tickets are found by. Needs an administrator; may be stopped, and goes on with --after.", common, [after],
            async (api, parsed, cancellation) =>
            {
                var (last, count) = (parsed.GetValue(after), 0);
                do
                {
                    var report = (await api.PostAsync("/api/ticket-index", new ReindexText(last), cancellation)).Deserialize<ReindexReport>(MaintenanceJson.Options)!;
                    (last, count) = (report.After, count + report.Tickets);
                    if (last is not null)
                    {
                        await Console.Error.WriteLineAsync($"{count} tickets; go on with --after {last}");
                    }
                }
                while (last is not null);

                return JsonSerializer.SerializeToElement(new { tickets = count });
            },
            static report => Console.WriteLine($"{report.Text("tickets")} tickets are indexed anew."));
    }
}
