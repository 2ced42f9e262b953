using System.CommandLine;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary><c>status</c>.</summary>
internal static class StatusCommand
{
    public static Command Make(CommonOptions common) => ApiCommand.Make(
        "status",
        "Show how things stand; 1 where something is broken.",
        common,
        [],
        static (api, _, cancellation) => api.GetAsync("/api/status", cancellation),
        Show,
        static report => report.Items("attention").Any(static item => item.Text("severity") == "alarm") ? ExitCode.Wrong : ExitCode.Done);

    private static void Show(JsonElement report)
    {
        Console.WriteLine($"{report.Text("system")}, {report.Instant("at")}");
        var items = report.Items("attention").ToList();
        Console.WriteLine(items.Count == 0 ? "Nothing needs a person now." : "What needs a person now:");
        foreach (var item in items)
        {
            Console.WriteLine($"  {item.Text("severity"),-7}  {item.Text("text")}");
        }

        Console.WriteLine();
        BackupCommands.ShowPolicies(report.GetProperty("backups"));
    }
}
