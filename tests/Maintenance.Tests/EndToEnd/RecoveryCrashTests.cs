using System.Net;
using System.Runtime.Versioning;
using Maintenance.Backups.Sources;
using Maintenance.Recovery;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Recoveries whose process is killed at any instant, most often around the cut-over.</summary>
[Collection("End to end: backups")]
[UnsupportedOSPlatform("windows")]
public sealed class RecoveryCrashTests
{
    private const int Files = 40;
    private const string Good = "as it was backed up";

    /// <summary>What is sent when the process is killed; the cut-over more often than anything else.</summary>
    private static readonly string[] Phases = ["approve", "start", "approve", "look", "approve", "open", "approve", "settle"];

    private readonly Random _random = new(Thoroughness.Seed);
    private readonly Dictionary<string, int> _kills = [];
    private readonly HashSet<string> _states = [];

    [Fact]
    public async Task Whenever_its_process_is_killed_it_ends_nothing_done_is_done_again_and_the_live_folder_is_never_half_replaced()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)], More = QuickPlan.Recovery }.Yaml);
        QuickPlan.Furnish(here);
        _ = here.Folder("files");
        var isExchanged = CanExchange(here);
        WriteLive(here, Good);
        var server = await here.ServeAsync();
        using var over = new CancellationTokenSource();
        Task<string?> reader = Task.FromResult<string?>(null);
        try
        {
            await BackupRestoreTests.ProvenAsync(server, "files");
            var tokens = new Dictionary<string, string>();
            foreach (var person in new[] { "kim", "lee" })
            {
                tokens[person] = (await server.Operator.PostAsync($"/api/people/{person}/credentials", new { kind = "token" })).Expect(HttpStatusCode.Created).Json.GetProperty("secret").GetString()!;
            }

            reader = isExchanged ? Task.Run(() => Watch(here, over.Token), CancellationToken.None) : reader;
            for (var round = 0; _kills.Values.Sum() < (Thoroughness.IsFull ? 100 : 8); round++)
            {
                server = await RoundAsync(here, server, tokens, round);
                Assert.True(!reader.IsCompleted || !isExchanged, isExchanged && reader.IsCompleted ? await reader : "");
            }

            await over.CancelAsync();
            Assert.Null(await reader);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"MAINTENANCE_SEED={Thoroughness.Seed}, kills {string.Join(", ", _kills)}, seen {string.Join(", ", _states)}: {error.Message}\n{server.Log}", error);
        }
        finally
        {
            await over.CancelAsync();
            await server.DisposeAsync();
        }
    }

    /// <summary>A recovery from its start to its end, with a kill or two.</summary>
    private async Task<ServerProcess> RoundAsync(Installation here, ServerProcess server, Dictionary<string, string> tokens, int round)
    {
        var lost = $"lost in round {round}";
        WriteLive(here, lost);
        File.Delete(here.PathOf("notes"));
        var phases = new List<string> { Phases[round % Phases.Length] };
        if (round % 2 == 1)
        {
            phases.Add("approve");
        }

        var votes = new HashSet<string>();
        var done = new Dictionary<string, int>();
        string? id = null;
        for (var turn = 0; ; turn++)
        {
            Assert.True(turn < 1200, $"Round {round} does not end: {(id is null ? "" : (await server.Operator.GetAsync("/api/recoveries/" + id)).Body)}");
            var run = id is null ? null : (await server.Operator.GetAsync("/api/recoveries/" + id)).Expect(HttpStatusCode.OK).As<RecoveryRun>();
            if (run is { IsOpen: false })
            {
                AssertEnded(here, run, votes, done);
                return server;
            }

            var (phase, send) = Next(server, tokens, run, round, votes, started => id = started);
            if (phase is null)
            {
                await Task.Delay(20);
                continue;
            }

            if (!phases.Remove(phase))
            {
                await send();
                continue;
            }

            // Sent, and not waited for: the kill comes somewhere in what it sets off.
            var sent = Task.Run(send);
            await Task.Delay(_random.Next(phase == "approve" ? 90 : 250));
            await server.KillAsync();
            _kills[phase] = _kills.GetValueOrDefault(phase) + 1;
            try
            {
                await sent;
            }
            catch (HttpRequestException)
            {
                // The answer never came.
            }

            AssertWhole(here, lost);
            if (id is not null)
            {
                Learn(here, id, done);
            }

            await server.DisposeAsync();
            server = await here.ServeAsync();
        }
    }

    /// <summary>What a person does next, if anything.</summary>
    private static (string? Phase, Func<Task> Send) Next(ServerProcess server, Dictionary<string, string> tokens, RecoveryRun? run, int round, HashSet<string> votes, Action<string> started)
    {
        if (run is null)
        {
            return ("start", StartAsync);
        }

        if (run is { State: RecoveryState.Recovered, Ending: null })
        {
            return ("settle", () => server.Operator.PostAsync($"/api/recoveries/{run.Id}/decisions", new { decision = "confirm" }));
        }

        var step = run.Steps.FirstOrDefault(static step => step.State == RecoveryStepState.Waiting);
        if (run.State != RecoveryState.Running || step is null)
        {
            return (null, static () => Task.CompletedTask);
        }

        if (step.Id != "gate")
        {
            return (step.Id, () => server.Operator.PostAsync($"/api/recoveries/{run.Id}/steps/{step.Id}/decisions", new { decision = "confirm" }));
        }

        var person = step.Votes.Any(static vote => vote.Person == "kim") ? "lee" : "kim";
        return (person == "lee" ? "approve" : "first vote", VoteAsync);

        async Task StartAsync()
        {
            var answer = await server.Operator.PostAsync("/api/recoveries", new { strategy = "register", reason = $"Round {round}." }, ("Idempotency-Key", $"round {round}"));
            started(answer.Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!);
        }

        async Task VoteAsync()
        {
            using var api = server.As(tokens[person]);
            var answer = await api.PostAsync($"/api/recoveries/{run.Id}/steps/gate/decisions", new { decision = "approve" });
            if (answer.Status == HttpStatusCode.OK)
            {
                _ = votes.Add(person);
            }
        }
    }

    /// <summary>Nobody is at work: every file is of the lost state, or every file is of the backup.</summary>
    private void AssertWhole(Installation here, string lost)
    {
        var contents = Directory.GetFiles(here.PathOf("files"), "*.txt").Select(File.ReadAllText).ToList();
        Assert.Equal(Files, contents.Count);
        var seen = Assert.Single(contents.Distinct());
        Assert.Contains(seen, new[] { lost, Good });
        var beside = Services.FolderSwapTests.Beside(here.PathOf("files")).Select(static path => Path.GetExtension(path).Split('-')[0]).Order();
        _ = _states.Add($"{(seen == Good ? "new" : "old")} beside {string.Join('+', beside)}");
    }

    /// <summary>Which steps are recorded as done now that it is dead, and how often their programs ran.</summary>
    private static void Learn(Installation here, string id, Dictionary<string, int> done)
    {
        var run = MaintenanceJson.Read<RecoveryRun>(here.Text($"SELECT json FROM records WHERE tbl = 'recoveries' AND json_extract(json, '$.id') = '{id}'"));
        foreach (var step in run.Steps.Where(static step => step.State == RecoveryStepState.Done))
        {
            _ = done.TryAdd(step.Id, Notes(here, id, step.Id));
        }
    }

    private static void AssertEnded(Installation here, RecoveryRun run, HashSet<string> votes, Dictionary<string, int> done)
    {
        Assert.Equal(RecoveryState.Completed, run.State);
        Assert.All(run.Steps, static step => Assert.Equal(RecoveryStepState.Done, step.State));
        Assert.All(votes, person => Assert.Contains(run.Step("gate").Votes, vote => vote.Person == person && vote.IsApproval));
        foreach (var (step, times) in done)
        {
            Assert.True(times == Notes(here, run.Id, step), $"{step} was done, and ran again.");
        }

        foreach (var step in new[] { "prepare", "announce" })
        {
            Assert.InRange(Notes(here, run.Id, step), 1, run.Step(step).Attempts);
        }

        Assert.Equal([Good], Directory.GetFiles(here.PathOf("files")).Select(File.ReadAllText).Distinct());
        Assert.Equal(Files, Directory.GetFileSystemEntries(here.PathOf("files")).Length);
        Assert.Empty(Services.FolderSwapTests.Beside(here.PathOf("files")));
        Assert.Equal(run.Timeline.Count, run.Timeline.DistinctBy(static entry => (entry.What, entry.By)).Count());
    }

    private static int Notes(Installation here, string id, string step) =>
        File.Exists(here.PathOf("notes")) ? File.ReadAllLines(here.PathOf("notes")).Count(line => line.StartsWith($"{id}/{step} ", StringComparison.Ordinal)) : 0;

    /// <summary>Opens a live file again and again, as the service would.</summary>
    /// <returns>What was wrong; null where it was always there and never anything else.</returns>
    private static string? Watch(Installation here, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                var text = File.ReadAllText(here.PathOf("files/a.txt"));
                if (text != Good && !text.StartsWith("lost in round ", StringComparison.Ordinal))
                {
                    return $"It says '{text}'.";
                }
            }
            catch (IOException error)
            {
                return error.Message;
            }

            Thread.Sleep(1);
        }

        return null;
    }

    private static bool CanExchange(Installation here)
    {
        _ = here.Folder("one");
        _ = here.Folder("other");
        var can = LinuxFolderExchange.TryExchange(here.Root, "one", "other");
        Directory.Delete(here.PathOf("one"));
        Directory.Delete(here.PathOf("other"));
        return can;
    }

    private static void WriteLive(Installation here, string content)
    {
        for (var i = 0; i < Files; i++)
        {
            // Under another name first: who watches never sees half a file.
            var name = here.PathOf($"files/{(i == 0 ? "a" : "f" + i)}.txt");
            File.WriteAllText(here.PathOf("written"), content);
            File.Move(here.PathOf("written"), name, overwrite: true);
        }
    }
}
