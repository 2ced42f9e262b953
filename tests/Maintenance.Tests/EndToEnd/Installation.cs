using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Maintenance.Tests.EndToEnd;

/// <summary>An installation of a test's own: a plan, sources and a data folder below one private folder, and the processes that run on them.</summary>
public sealed class Installation : IAsyncDisposable
{
    private readonly List<ServerProcess> _servers = [];
    private readonly string _plan;

    public Installation(string planText)
    {
        Root = Directory.CreateTempSubdirectory("maintenance-e2e-").FullName;
        _plan = Path.Join(Root, "plan.yaml");
        WritePlan(planText);
    }

    public string Root { get; }

    public string Data => Path.Join(Root, "data");

    public string Database => Path.Join(Data, "maintenance.db");

    /// <summary>Settings that processes started from now on find in their environment.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Whatever runs the processes without the power to read what its modes forbid; empty where nothing is needed.</summary>
    public IReadOnlyList<string> Wrapper { get; set; } = [];

    public string OperatorToken => File.ReadAllText(Path.Join(Data, "operator.token")).Trim();

    public void WritePlan(string text)
    {
        // Under another name first, so that no timer ever reads half of it.
        File.WriteAllText(_plan + ".new", text);
        File.Move(_plan + ".new", _plan, overwrite: true);
    }

    /// <summary>A path below the root.</summary>
    public string PathOf(string name) => Path.Join(Root, name);

    public string Folder(string name) => Directory.CreateDirectory(PathOf(name)).FullName;

    /// <summary>Starts <c>serve</c> on a port that the system chooses, with timers every second, and waits until it says that it serves.</summary>
    public async Task<ServerProcess> ServeAsync(params string[] options)
    {
        var server = new ServerProcess(this, StartInfo(["serve", "--urls", "http://127.0.0.1:0", "--tick", "1s", .. options]));
        _servers.Add(server);
        await server.WaitUntilServingAsync();
        return server;
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(StartInfo(arguments))!;
        try
        {
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.EndsAsync(120);
            return new CommandResult(string.Join(' ', arguments), process.ExitCode, await output.AfterEndAsync(process), await errors.AfterEndAsync(process));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Runs a command that must end with <paramref name="exit"/>.</summary>
    public async Task<CommandResult> RunAsync(int exit, params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(exit == result.ExitCode, $"Expected {exit}: {result}");
        return result;
    }

    /// <summary>A token of a person of the plan.</summary>
    public async Task<string> TokenAsync(string person) => (await RunAsync(0, "token", "issue", person)).Output.Trim();

    /// <summary>Changes the database beside the process: what would take minutes or months otherwise. The statement's text is the test's own.</summary>
    /// <returns>How many rows were changed.</returns>
    public int Execute(string sql) => Query(sql, static command => command.ExecuteNonQuery());

    /// <summary>A number from the database, beside the process.</summary>
    public long Scalar(string sql) => Query(sql, static command => (long)command.ExecuteScalar()!);

    /// <summary>A text from the database, beside the process.</summary>
    public string Text(string sql) => Query(sql, static command => (string)command.ExecuteScalar()!);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        FolderTree.Remove(Root);
    }

    private T Query<T>(string sql, Func<SqliteCommand, T> run)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False;Default Timeout=30");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of the tests' own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return run(command);
    }

    private ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        string[] all = [.. Wrapper, "dotnet", Path.Join(AppContext.BaseDirectory, "maintenance.dll"), .. arguments, "--plan", _plan, "--data", Data];
        var info = new ProcessStartInfo(all[0], all[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        info.Environment.Remove("MAINTENANCE_TOKEN");
        info.Environment["TMPDIR"] = Path.GetTempPath();
        foreach (var (name, value) in Settings)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}

/// <summary>What a command came to.</summary>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Errors)
{
    public T As<T>() => MaintenanceJson.Read<T>(Output);

    public override string ToString() => $"'{Command}' ended with {ExitCode}\n{Output}\n{Errors}";
}

/// <summary>Waiting by looking: soon where the machine is quick, long where it is busy.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks until what is seen holds.</summary>
    /// <param name="look">Sees; an answer that cannot be had (a server that is being killed) counts as not yet.</param>
    /// <param name="holds">What is waited for.</param>
    /// <param name="seconds">How long at most.</param>
    /// <param name="what">Named in the failure.</param>
    public static async Task<T> HoldsAsync<T>(Func<Task<T>> look, Func<T, bool> holds, int seconds = 180, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        object? last = null;
        while (watch.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            try
            {
                var seen = await look();
                if (holds(seen))
                {
                    return seen;
                }

                last = seen;
            }
            catch (HttpRequestException error)
            {
                last = error.Message;
            }

            await Task.Delay(Pause);
        }

        Assert.Fail($"Not within {seconds} s: {what}. Last seen: {(last is null or string ? last : MaintenanceJson.Write(last))}");
        throw new UnreachableException();
    }

    public static Task HoldsAsync(Func<bool> holds, int seconds = 180, [CallerArgumentExpression(nameof(holds))] string what = "") =>
        HoldsAsync(() => Task.FromResult(holds()), static seen => seen, seconds, what);
}

/// <summary>Long runs are asked for by the variable MAINTENANCE_FULL.</summary>
internal static class Thoroughness
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("MAINTENANCE_FULL") == "1";

    /// <summary>The seed of this run's random instants; MAINTENANCE_SEED repeats an earlier one's.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("MAINTENANCE_SEED"), out var seed) ? seed : System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
}
