using System.Runtime.Versioning;
using System.Text.Json;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A recovery and drills as a newcomer makes them, by the command line.</summary>
[Collection("End to end: surface")]
[UnsupportedOSPlatform("windows")]
public sealed class RecoveryCommandTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_file_comes_back_step_by_step(bool isServed)
    {
        await using var here = Furnished();
        await using var server = isServed ? await here.ServeAsync() : null;
        await here.RunAsync(0, "backup", "run", "files");
        var explained = await here.RunAsync(0, "recovery", "explain", "register");
        Assert.Contains("Wave 1: restore", explained.Output, StringComparison.Ordinal);
        Assert.Contains("restore would restore files_", explained.Output, StringComparison.Ordinal);
        Assert.Contains("register", (await here.RunAsync(0, "recovery", "strategies")).Output, StringComparison.Ordinal);

        File.Delete(here.PathOf("files/a.txt"));
        var run = await JsonAsync(here, 0, "recovery", "start", "register", "--reason", "Somebody deleted a.txt");
        Assert.Equal(("R-1001", "running", "waiting"), (Text(run, "id"), Text(run, "state"), State(run, "look")));
        Assert.False(File.Exists(here.PathOf("files/a.txt")));
        Assert.Equal(["R-1001/prepare 1"], File.ReadAllLines(here.PathOf("notes")));
        Assert.Contains("under way", (await here.RunAsync(1, "recovery", "start", "register", "--reason", "Again")).Errors, StringComparison.Ordinal);
        run = await JsonAsync(here, 0, "recovery", "decide", "R-1001", "confirm", "--comment", "All there");
        Assert.Equal("waiting", State(run, "gate"));
        Assert.NotEqual(0, (await here.RunAsync("recovery", "decide", "R-1001", "approve")).ExitCode);
        foreach (var person in new[] { "kim", "lee" })
        {
            here.Settings["MAINTENANCE_TOKEN"] = await here.TokenAsync(person);
            run = await JsonAsync(here, 0, "recovery", "decide", "R-1001", "approve");
            _ = here.Settings.Remove("MAINTENANCE_TOKEN");
        }

        Assert.Equal(("done", "waiting"), (State(run, "gate"), State(run, "open")));
        Assert.Equal("a", File.ReadAllText(here.PathOf("files/a.txt")));
        Assert.True(Directory.Exists(here.PathOf("files.before-R-1001")));
        run = await JsonAsync(here, 0, "recovery", "decide", "R-1001", "confirm", "--step", "open");
        run = await SettledAsync(here, "recovered");
        run = await JsonAsync(here, 0, "recovery", "decide", "R-1001", "confirm");
        Assert.Equal("completed", Text(run, "state"));
        Assert.True(run.GetProperty("measures").GetProperty("isPassed").GetBoolean());
        Assert.Empty(Services.FolderSwapTests.Beside(here.PathOf("files")));
        Assert.Equal(["R-1001/prepare 1", "R-1001/announce 1"], File.ReadAllLines(here.PathOf("notes")));
        var shown = (await here.RunAsync(0, "recovery", "show", "R-1001")).Output;
        Assert.Contains("Passed.", shown, StringComparison.Ordinal);
        Assert.Contains("Data loss (RPO)", shown, StringComparison.Ordinal);
        Assert.Contains("R-1001", (await here.RunAsync(0, "recovery", "list", "--all")).Output, StringComparison.Ordinal);
        Assert.Empty((await JsonAsync(here, 0, "recovery", "list")).EnumerateArray());
    }

    [Fact]
    public async Task A_drill_ends_with_0_where_it_passes_and_its_fault_is_noticed()
    {
        await using var here = Furnished();
        await using var server = await here.ServeAsync();
        await here.RunAsync(0, "backup", "run", "files");
        var before = FolderTree.Read(here.PathOf("files"));
        foreach (var fault in new string[][] { [], ["--fault", "missing-pack"], ["--fault", "failing-check"] })
        {
            var run = await JsonAsync(here, 0, ["recovery", "drill", "register", .. fault]);
            Assert.Equal(("drill", "completed"), (Text(run, "kind"), Text(run, "state")));
            Assert.Equal(fault.Length > 0, run.GetProperty("ending").GetProperty("reason").GetString()!.StartsWith("The fault was noticed", StringComparison.Ordinal));
        }

        Assert.Equal(before, FolderTree.Read(here.PathOf("files")));
        Assert.Empty(Services.FolderSwapTests.Beside(here.PathOf("files")));
        Assert.Empty(Directory.GetDirectories(here.Data, "R-*", SearchOption.AllDirectories));
        Assert.False(File.Exists(here.PathOf("notes")));

        foreach (var (exit, said, command) in new (int, string, string[])[]
        {
            (2, "Choose one of: register", ["recovery", "drill", "nonsense"]),
            (2, "failing-check", ["recovery", "drill", "register", "--fault", "nonsense"]),
            (2, "R-9", ["recovery", "show", "R-9"]),
            (2, "R-9", ["recovery", "decide", "R-9", "confirm"]),
            (2, "nonsense", ["recovery", "decide", "R-1001", "nonsense"]),
            (2, "--reason", ["recovery", "start", "register"]),
            (2, "no proven snapshot", ["recovery", "start", "register", "--reason", "x", "--at", "2020-01-01T00:00:00Z"]),
            (2, "--at", ["recovery", "start", "register", "--reason", "x", "--at", "yesterday"]),
            (1, "no proven snapshot", ["recovery", "explain", "register", "--at", "2020-01-01T00:00:00Z"]),
        })
        {
            var result = await here.RunAsync(command);
            Assert.True(exit == result.ExitCode && (result.Errors + result.Output).Contains(said, StringComparison.OrdinalIgnoreCase), $"Expected {exit} and '{said}': {result}");
            Assert.DoesNotContain("   at ", result.Errors + result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_drill_that_does_not_pass_ends_with_1_and_a_ticket()
    {
        await using var here = Furnished(static plan => plan.Replace("atLeastBytes: 1 }", "atLeastBytes: 100 }", StringComparison.Ordinal));
        await using var server = await here.ServeAsync();
        await here.RunAsync(0, "backup", "run", "files");
        var run = await JsonAsync(here, 1, "recovery", "drill", "register");
        Assert.Equal("failed", Text(run, "state"));
        Assert.Contains("fewer than 100", run.GetProperty("ending").GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("Drill R-1001 of 'register' failed", (await here.RunAsync(0, "ticket", "list")).Output, StringComparison.Ordinal);
    }

    private static Installation Furnished(Func<string, string>? plan = null)
    {
        var yaml = new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)], More = QuickPlan.Recovery }.Yaml;
        var here = new Installation(plan is null ? yaml : plan(yaml));
        QuickPlan.Furnish(here);
        File.WriteAllText(Path.Join(here.Folder("files"), "a.txt"), "a");
        return here;
    }

    private static async Task<JsonElement> SettledAsync(Installation here, string state) =>
        await Eventually.HoldsAsync(() => JsonAsync(here, 0, "recovery", "show", "R-1001"), run => Text(run, "state") == state);

    private static async Task<JsonElement> JsonAsync(Installation here, int exit, params string[] command)
    {
        var result = await here.RunAsync(exit, [.. command, "--json"]);
        Assert.Equal("", result.Errors);
        return result.As<JsonElement>();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string State(JsonElement run, string step) => Text(run.GetProperty("steps").EnumerateArray().Single(one => Text(one, "id") == step), "state");
}
