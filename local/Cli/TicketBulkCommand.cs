using System.CommandLine;
using System.Text.Json;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>ticket bulk ACT …</c>: the same act for several tickets.</summary>
internal static class TicketBulkCommand
{
    public static Command Make(CommonOptions common) => ApiCommand.Group("bulk", "Do the same to several tickets (200 at most), each by itself.", TicketActCommands.All().Select(act => Make(common, act)));

    private static Command Make(CommonOptions common, ActCommand act)
    {
        var ids = new Option<string[]>("--ticket") { Description = "A ticket; may be given several times, or several at once.", Required = true, AllowMultipleArgumentsPerToken = true };
        var key = new Option<string?>("--key") { Description = "Names this act: sent again with the same key, it is done to each once." };
        return ApiCommand.Make(
            act.Name, act.Help, common, [.. act.Symbols, ids, key],
            (api, parsed, cancellation) => api.SendAsync(
                HttpMethod.Post,
                "/api/tickets/bulk",
                MaintenanceJson.Write(new BulkText(parsed.GetRequiredValue(ids), JsonSerializer.SerializeToElement(act.Read(parsed), MaintenanceJson.Options))),
                parsed.GetValue(key) is { } name ? [("Idempotency-Key", name)] : [],
                cancellation),
            static report => Output.Table(
                ["TICKET", "DONE", "STATE", "WHY NOT"],
                report.Items("tickets").Select(static one => (IReadOnlyList<string>)[one.Text("ticket"), one.GetProperty("isDone").GetBoolean() ? "yes" : "no", one.Text("state"), one.Text("problem")])),
            static report => report.GetProperty("refused").GetInt32() == 0 ? ExitCode.Done : ExitCode.Wrong);
    }
}
