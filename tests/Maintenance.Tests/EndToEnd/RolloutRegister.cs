using System.Net;
using Maintenance.Rollouts;

namespace Maintenance.Tests.EndToEnd;

/// <summary>An installation whose approved changes go through two rings; a script applies them to a live folder and keeps a journal of what it was asked.</summary>
internal sealed class RolloutRegister : IAsyncDisposable
{
    private const int Files = 40;

    private RolloutRegister(Installation here, ProbeSite site, IReadOnlyList<string> tokens)
    {
        Here = here;
        Site = site;
        Tokens = tokens;
    }

    public Installation Here { get; }

    public ProbeSite Site { get; }

    public ServerProcess Server { get; private set; } = null!;

    /// <summary>Those of Kim, who asks, Lee and Max, who vote, and Ada, who administers.</summary>
    public IReadOnlyList<string> Tokens { get; private set; }

    public string Live => Here.PathOf("live");

    private string Journal => Here.PathOf("applied.log");

    public static async Task<RolloutRegister> StartAsync()
    {
        var site = await ProbeSite.StartAsync();
        var rings = $$"""
              rings:
                - id: test
                  name: Test
                  duration: 1h
                  targets: [t1, t2]
                  apply: { command: [./act.sh] }
                  probes: [{ http: "{{site.Address}}", contains: ok }]
                - id: production
                  name: Production
                  duration: 1h
                  targets: [a, b, c]
                  backups: [live]
                  apply: { command: [./act.sh] }
                  undo: { command: [./act.sh] }
                  probes: [{ http: "{{site.Address}}" }]
                  soak: 5s
            support:
            """;
        var here = new Installation(new QuickPlan { Backups = [("live", "live", QuickPlan.Yearly)] }.Yaml.Replace("support:\n", rings + "\n", StringComparison.Ordinal));
        var register = new RolloutRegister(here, site, []);
        here.Folder("live");
        for (var i = 0; i < Files; i++)
        {
            await File.WriteAllTextAsync(Path.Join(register.Live, $"{i}.txt"), Content(i));
        }

        // One line is one write, so a kill leaves whole lines.
        var script = here.PathOf("act.sh");
        await File.WriteAllTextAsync(script, """
            #!/bin/sh
            echo "begin $MAINTENANCE_KEY $MAINTENANCE_ATTEMPT" >> applied.log
            sleep 0.1
            [ "$MAINTENANCE_ACT$MAINTENANCE_RING" = applyproduction ] && echo "$MAINTENANCE_PATCH" > "live/version-$MAINTENANCE_TARGET"
            echo "end $MAINTENANCE_KEY $MAINTENANCE_ATTEMPT" >> applied.log
            """ + "\n");
        await File.WriteAllTextAsync(register.Journal, "");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        register.Server = await here.ServeAsync();
        register.Tokens = await Task.WhenAll(new[] { "kim", "lee", "max", "ada" }.Select(here.TokenAsync));
        return register;
    }

    public async Task RestartAsync()
    {
        await Server.KillAsync();
        await Server.DisposeAsync();
        Server = await Here.ServeAsync();
    }

    public Task KillAsync() => Server.KillAsync();

    public async Task<string> RequestAsync(string title, string key)
    {
        using var kim = Server.As(Tokens[0]);
        var patch = new { title, description = "What it changes.", type = "normal", severity = "high", service = "register", implementer = "ada" };
        return (await kim.PostAsync("/api/patches", patch, ("Idempotency-Key", key))).Expect(HttpStatusCode.Created).Json.GetProperty("request").GetProperty("id").GetString()!;
    }

    /// <summary>A rollout, as the API tells it; null where there is none yet.</summary>
    public async Task<RolloutRun?> FindAsync(string patch)
    {
        var answer = await Server.Operator.GetAsync($"/api/patches/{patch}/rollout");
        return answer.Status == HttpStatusCode.NotFound ? null : answer.Expect(HttpStatusCode.OK).As<RolloutRun>();
    }

    /// <summary>The same from the file, where no process runs.</summary>
    public RolloutRun? Stored(string patch)
    {
        var row = $"FROM records WHERE tbl = 'patches' AND pk = CAST('{patch}' AS BLOB) AND rk = CAST('rollout' AS BLOB)";
        return Here.Scalar("SELECT count(*) " + row) == 0 ? null : MaintenanceJson.Read<RolloutRun>(Here.Text("SELECT json " + row));
    }

    public Task<RolloutRun> UntilAsync(string patch, Func<RolloutRun, bool> wanted, int seconds = 150) =>
        Eventually.HoldsAsync(() => FindAsync(patch), run => run is not null && wanted(run), seconds)!;

    /// <summary>What the script was asked, oldest first: <c>begin P-1/test/apply/t1 1</c>.</summary>
    public string[] Acts() => [.. File.ReadAllLines(Journal)];

    /// <summary>Every file that was there from the first is there, whole: neither a rollback nor a kill in the middle of it may take one away.</summary>
    public void CheckLive()
    {
        Assert.True(Directory.Exists(Live), "The live folder is gone.");
        for (var i = 0; i < Files; i++)
        {
            var path = Path.Join(Live, $"{i}.txt");
            Assert.True(File.Exists(path) && File.ReadAllText(path) == Content(i), $"{path} is missing or not whole.");
        }
    }

    public IReadOnlyDictionary<string, string> Tree() =>
        Directory.GetFiles(Live, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(Live, file), File.ReadAllText, StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Here.DisposeAsync();
        await Site.DisposeAsync();
    }

    private static string Content(int number) => string.Concat(Enumerable.Repeat($"entry {number}\n", 500));
}
