using System.CommandLine;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary>Makes commands that talk to the API.</summary>
internal static class ApiCommand
{
    /// <summary>A command whose report is one JSON value, shown as it is with --json and through <paramref name="show"/> without.</summary>
    /// <param name="name">The command's name.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="common">The common options.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="call">What it asks the API.</param>
    /// <param name="show">Prints the report for people.</param>
    /// <param name="exit">The exit code of a report; 0 where left out.</param>
    public static Command Make(
        string name,
        string help,
        CommonOptions common,
        IEnumerable<Symbol> symbols,
        Func<ApiSession, ParseResult, CancellationToken, Task<JsonElement>> call,
        Action<JsonElement> show,
        Func<JsonElement, int>? exit = null)
    {
        var command = new Command(name, help);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            await using var session = await ApiSession.OpenAsync(parsed, common, cancellation);
            var report = await call(session, parsed, cancellation);
            if (parsed.GetValue(common.Json))
            {
                Output.Json(report);
            }
            else
            {
                show(report);
            }

            return exit?.Invoke(report) ?? ExitCode.Done;
        });
        return command;
    }

    /// <summary>A group of commands.</summary>
    public static Command Group(string name, string help, params IEnumerable<Command> commands)
    {
        var group = new Command(name, help);
        foreach (var command in commands)
        {
            group.Subcommands.Add(command);
        }

        return group;
    }

    /// <summary>A path with its parts made safe.</summary>
    public static string Path(FormattableString path) =>
        string.Format(path.Format, [.. path.GetArguments().Select(static part => (object)Uri.EscapeDataString(part?.ToString() ?? ""))]);
}
