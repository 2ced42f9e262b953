using System.CommandLine;
using System.CommandLine.Parsing;
using Maintenance.Backups.Repository;
using Maintenance.Local.Hosting;

namespace Maintenance.Local.Cli;

/// <summary>What commands end with.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It ran, and found something wrong.</summary>
    public const int Wrong = 1;

    /// <summary>It could not run: usage, or something that cannot be read.</summary>
    public const int Usage = 2;
}

/// <summary>The options that every command takes.</summary>
internal sealed class CommonOptions
{
    public Option<string> Plan { get; } = new("--plan") { Description = "The plan's file.", DefaultValueFactory = static _ => "plan/plan.yaml", Recursive = true };

    public Option<string> Data { get; } = new("--data") { Description = "The data folder.", DefaultValueFactory = static _ => "data", Recursive = true };

    public Option<bool> Json { get; } = new("--json") { Description = "Report as JSON.", Recursive = true };

    public Option<string?> Token { get; } = new("--token")
    {
        Description = "A person's token, for acts in a person's own name (or the variable MAINTENANCE_TOKEN); else the operator acts.",
        Recursive = true,
    };
}

/// <summary>The command line: every command but <c>serve</c> and <c>plan</c> goes through the HTTP API, so that it can do no more and no less than the pages.</summary>
public static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <returns>0 done, 1 found something wrong, 2 usage or unreadable input.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        PrivateFiles.Only();
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync($"See: {string.Join(' ', Names(parsed.CommandResult).Reverse())} --help");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (ApiException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return error.IsUsage ? ExitCode.Usage : ExitCode.Wrong;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or HttpRequestException or InvalidDataException
            or RepositoryWriteException or DataFolderInUseException or Plan.PlanUnavailableException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCode.Usage;
        }
    }

    /// <summary>The names of a command and of those above it.</summary>
    private static IEnumerable<string> Names(SymbolResult? result)
    {
        for (; result is CommandResult command; result = result.Parent)
        {
            yield return command.Command is RootCommand ? "maintenance" : command.Command.Name;
        }
    }

    private static RootCommand Root()
    {
        var common = new CommonOptions();
        var serve = ServeCommand.Make(common);
        var root = new RootCommand("An operations & maintenance plan that runs itself. Without a command it serves.")
        {
            common.Plan, common.Data, common.Json, common.Token,
            serve,
            StatusCommand.Make(common),
            PlanCommands.Make(common),
            SimulateCommand.Make(common),
            BackupCommands.Make(common),
            RepositoryCommands.Make(common),
            RecoveryCommands.Make(common),
            HandoverCommands.Make(common),
            SupplyCommands.Make(common),
            ResourceCommands.Make(common),
            TrainingCommands.Make(common),
            DocumentCommands.Make(common),
            AssetCommands.Make(common),
            DebtCommands.Make(common),
            TicketCommands.Make(common),
            FeedbackCommands.Make(common),
            PatchCommands.Make(common),
            DutyCommands.Make(common),
            WindowCommands.Make(common),
            SlaCommands.Make(common),
            ReportCommands.Make(common),
            DeadLetterCommands.Make(common),
            WorkflowCommands.Make(common),
            NotificationCommands.Make(common),
            TokenCommands.Make(common),
            AuditCommands.Make(common),
            MonitorCommands.Make(common),
        };
        foreach (var option in serve.Options)
        {
            root.Options.Add(option);
        }

        root.Action = serve.Action;
        return root;
    }
}
