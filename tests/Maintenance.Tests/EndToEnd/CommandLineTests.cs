using System.Text.Json;
using Maintenance.Feedback;
using Maintenance.Tickets;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Every command, by a real process: its exit code and its report.</summary>
[Collection("End to end: surface")]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_command_works_with_a_server_and_without_one_and_reports_in_JSON(bool isServed)
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        File.WriteAllText(Path.Join(here.Folder("files"), "a.txt"), "a");
        await using var server = isServed ? await here.ServeAsync() : null;
        if (!isServed)
        {
            // Nothing has been proven, which is an alarm; without timers nothing is proven by itself either.
            await here.RunAsync(1, "status");
        }

        await JsonAsync(here, 0, "backup", "run", "files");
        await JsonAsync(here, 0, "status");
        Assert.Equal("files", (await JsonAsync(here, 0, "backup", "list"))[0].GetProperty("policy").GetString());
        var snapshot = (await JsonAsync(here, 0, "backup", "list", "files"))[0].GetProperty("id").GetString()!;
        await JsonAsync(here, 0, "backup", "verify", snapshot);
        await JsonAsync(here, 0, "backup", "restore", snapshot, "--to", "restored");
        Assert.Equal("a", File.ReadAllText(here.PathOf("restored/a.txt")));
        await BackupCommandsAsync(here, snapshot);
        var receipt = MaintenanceJson.Read<FeedbackReceipt>((await JsonAsync(here, 0, "feedback", "send", "--kind", "question", "--message", "-- Hello 登記", "--name", "N")).GetRawText());
        await Eventually.HoldsAsync(async () => (await here.RunAsync(0, "ticket", "list", "--json")).As<List<Ticket>>(), static tickets => tickets.Count == 1);
        await JsonAsync(here, 0, "ticket", "show", "T-1001");
        await JsonAsync(here, 0, "ticket", "respond", "T-1001", "--text", "We are on it.");
        await JsonAsync(here, 0, "ticket", "resolve", "T-1001", "--text", "Done.");
        Assert.Single((await JsonAsync(here, 0, "ticket", "list", "--all")).EnumerateArray());
        Assert.Equal("resolved", (await JsonAsync(here, 0, "feedback", "track", receipt.Reference, "--code", receipt.TrackingCode)).GetProperty("state").GetString());
        await JsonAsync(here, 0, "dead-letters", "list");
        await JsonAsync(here, 0, "workflow", "list");
        await JsonAsync(here, 0, "notification", "list");
        var token = (await JsonAsync(here, 0, "token", "issue", "kim")).GetProperty("secret").GetString()!;
        if (isServed)
        {
            await JsonAsync(here, 0, "token", "sign-in", "kim");
        }
        else
        {
            // The link would lead to a server that ends with the command; nothing may be issued for it.
            Assert.Contains("Start 'serve' first", (await here.RunAsync(1, "token", "sign-in", "kim")).Errors, StringComparison.Ordinal);
            Assert.Equal(1, here.Scalar("SELECT count(*) FROM records WHERE tbl = 'access' AND json_extract(json, '$.person') = 'kim'"));
        }

        var patch = await JsonAsync(here, 0, "patch", "request", "--title", "A", "--description", "B", "--type", "standard", "--severity", "low", "--service", "register", "--token", token);
        var id = patch.GetProperty("request").GetProperty("id").GetString()!;
        here.Settings["MAINTENANCE_TOKEN"] = (await here.RunAsync(0, "token", "issue", "lee")).Output.Trim();
        await JsonAsync(here, 0, "patch", "vote", id, "reject", "--comment", "Not now");
        _ = here.Settings.Remove("MAINTENANCE_TOKEN");
        await JsonAsync(here, 0, "patch", "show", id);
        Assert.Single((await JsonAsync(here, 0, "patch", "list", "--all")).EnumerateArray());
        Assert.DoesNotContain((await JsonAsync(here, 0, "patch", "list")).EnumerateArray(), static entry => !entry.TryGetProperty("decision", out _));
        Assert.True((await JsonAsync(here, 0, "plan", "check")).GetProperty("canRun").GetBoolean());

        // Without --json, the same reports for people.
        foreach (var command in new string[][] { ["status"], ["backup", "list"], ["backup", "list", "files"], ["backup", "list", "files", "--runs"], ["backup", "show", "files"], ["backup", "show", "files", "--entries"], ["backup", "diff", snapshot, "files"], ["backup", "retention", "files"], ["backup", "stats"], ["backup", "alarms"], ["backup", "keys", "list"], ["backup", "verify"], ["backup", "prune", "--dry-run"], ["ticket", "list", "--all"], ["ticket", "show", "T-1001"], ["patch", "list", "--all"], ["patch", "show", id], ["patch", "explain", id], ["notification", "list"] })
        {
            var shown = await here.RunAsync(0, command);
            Assert.NotEqual("", shown.Output);
            Assert.Equal("", shown.Errors);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_command_is_said_in_words_and_ends_with_2_and_what_it_finds_wrong_with_1()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "absent", QuickPlan.Yearly), ("good", "good", QuickPlan.Yearly)] }.Yaml);
        File.WriteAllText(Path.Join(here.Folder("good"), "a"), "a");
        File.WriteAllText(here.PathOf("broken.yaml"), "system: {}\nnonsense: 1\n");
        await using var server = await here.ServeAsync();
        foreach (var (exit, said, command) in new (int, string, string[])[]
        {
            (2, "nonsense", ["nonsense"]),
            (2, "--nonsense", ["status", "--nonsense"]),
            (2, "", ["backup"]),
            (2, "maintenance backup run --help", ["backup", "run"]),
            (2, "nonsense", ["backup", "run", "nonsense"]),
            (2, "Did you mean 'files'", ["backup", "list", "file"]),
            (2, "nonsense_1", ["backup", "verify", "nonsense_1"]),
            (2, "nonsense", ["backup", "restore", "nonsense", "--to", "x"]),
            (2, "--to", ["backup", "restore", "files"]),
            (2, "no proven snapshot", ["backup", "restore", "files", "--to", "x"]),
            (2, "T-9", ["ticket", "show", "T-9"]),
            (2, "T-9", ["ticket", "respond", "T-9", "--text", "x"]),
            (2, "--text", ["ticket", "resolve", "T-9"]),
            (2, "kind", ["feedback", "send", "--kind", "nonsense", "--message", "x"]),
            (2, "no such feedback", ["feedback", "track", "F-1", "--code", "x"]),
            (2, "token", ["patch", "request", "--title", "A", "--description", "B", "--severity", "low", "--service", "register"]),
            (2, "severity", ["patch", "request", "--title", "A", "--description", "B", "--severity", "nonsense", "--service", "register"]),
            (2, "P-9", ["patch", "show", "P-9"]),
            (1, "The plan has no maintenance windows", ["patch", "fit", "--duration", "1h"]),
            (2, "--duration", ["patch", "fit"]),
            (2, "duration is 'soon'", ["patch", "fit", "--duration", "soon"]),
            (2, "no maintenance window 'night'", ["patch", "fit", "--duration", "1h", "--window", "night"]),
            (2, "--from: 'today'", ["window", "list", "--from", "today"]),
            (2, "not later than from", ["window", "list", "--to", "2026-01-01T00:00Z"]),
            (2, "--events", ["patch", "explain"]),
            (2, "P-9", ["patch", "explain", "P-9"]),
            (2, "no-such-file", ["patch", "explain", "--events", "no-such-file"]),
            (2, "ring", ["patch", "request", "--title", "A", "--description", "B", "--severity", "low", "--service", "register", "--target", "app-1"]),
            (2, "queue", ["dead-letters", "resend", "nonsense", "x"]),
            (2, "no operation 'nonsense'", ["workflow", "terminate", "nonsense", "--reason", "It hangs."]),
            (2, "nonsense", ["token", "issue", "nonsense"]),
            (2, "Send a token", ["status", "--token", "mf_nonsense"]),
            (1, "error", ["plan", "check", here.PathOf("broken.yaml")]),
            (2, "missing.yaml", ["plan", "check", here.PathOf("missing.yaml")]),
            (2, "--tick", ["serve", "--tick", "0s"]),
            (2, "--tick", ["serve", "--tick", "nonsense"]),
            (2, "--public-url", ["serve", "--public-url", "nonsense"]),
            (2, "in use by another process", ["serve", "--urls", "http://127.0.0.1:0"]),
        })
        {
            var result = await here.RunAsync(command);
            Assert.True(exit == result.ExitCode && (result.Errors + result.Output).Contains(said, StringComparison.OrdinalIgnoreCase), $"Expected {exit} and '{said}': {result}");
            Assert.DoesNotContain("   at ", result.Errors + result.Output, StringComparison.Ordinal);
            Assert.True(exit == 1 || result.Output.Length == 0 || command.Length < 2, $"What is wrong belongs into the error output: {result}");
        }

        var check = await here.RunAsync(1, "plan", "check", here.PathOf("broken.yaml"), "--json");
        Assert.False(check.As<JsonElement>().GetProperty("canRun").GetBoolean());
        Assert.StartsWith("{", (await here.RunAsync(0, "plan", "schema")).Output, StringComparison.Ordinal);
        Assert.Contains("serve", (await here.RunAsync(0, "--help")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_cannot_be_served_at_ends_with_2_and_a_word()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var other = await WebhookSink.StartAsync();
        foreach (var urls in new[] { other.Of("").GetLeftPart(UriPartial.Authority), "nonsense", "", "ftp://127.0.0.1:0", "http://127.0.0.1:99999" })
        {
            var result = await here.RunAsync("serve", "--urls", urls);
            Assert.True(result.ExitCode == 2 && result.Errors.Length > 0 && !result.Errors.Contains("   at ", StringComparison.Ordinal), $"{urls}: {result}");
        }
    }

    [Fact]
    public async Task The_data_folder_is_its_owners_alone_and_holds_no_secret_but_the_two_that_it_must()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        File.WriteAllText(Path.Join(here.Folder("files"), "a.txt"), "a");

        // Made beforehand and open to all, as by mkdir.
        here.Folder("data");
        await using var server = await here.ServeAsync();
        var code = server.SignInLink!.Query["?code=".Length..];
        var token = await here.TokenAsync("kim");
        using var browser = server.As(null);
        var session = (await browser.FormAsync("/sign-in", [("code", code)])).Headers["Set-Cookie"].Split('=', ';')[1];
        var receipt = (await browser.PostAsync("/api/feedback", new FeedbackSubmission("question", "Hello"))).As<FeedbackReceipt>();
        await here.RunAsync(0, "backup", "run", "files");

        var secrets = new[] { code, token, session, receipt.TrackingCode, here.OperatorToken };
        Assert.All(secrets, static secret => Assert.True(secret.Length >= 12));
        foreach (var file in new DirectoryInfo(here.Data).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            if (!OperatingSystem.IsWindows())
            {
                Assert.True((file.UnixFileMode & (UnixFileMode)0b000_111_111) == UnixFileMode.None, $"{file.FullName} has the mode {Convert.ToString((int)file.UnixFileMode, 8)}");
            }

            if (file is FileInfo { Name: not "lock" } content)
            {
                var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(content.FullName));
                Assert.DoesNotContain(secrets, secret => text.Contains(secret, StringComparison.Ordinal) && (secret, content.Name) != (here.OperatorToken, "operator.token"));
            }
        }

        Assert.DoesNotContain(secrets, secret => server.Log.Contains(secret, StringComparison.Ordinal));
        Assert.Equal(0, await server.StopAsync());
        Assert.Contains("Stopping", server.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(here.Data, "serving.json")));
    }

    /// <summary>A request under way when the process is asked to end is answered, and what it acknowledged is there afterwards.</summary>
    [Fact]
    public async Task A_server_that_is_asked_to_stop_drains_and_ends_with_0()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)] }.Yaml);
        var content = new byte[30_000_000];
        Random.Shared.NextBytes(content);
        File.WriteAllBytes(Path.Join(here.Folder("files"), "big.bin"), content);
        var server = await here.ServeAsync();
        await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/backups")).Json[0].TryGetProperty("running", out _) || (await server.Operator.GetAsync("/api/backups")).Json[0].TryGetProperty("latest", out _), static seen => seen);
        var sent = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("question", $"Message {i}"))).As<FeedbackReceipt>()));
        Assert.Equal(0, await server.StopAsync());

        // Cut off by a stop, not by a crash: a backup under way goes on at once, with no attempt lost.
        await using var again = await here.ServeAsync();
        Assert.DoesNotContain("when the process ended", again.Log, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await again.Operator.GetAsync("/api/tickets")).As<List<Ticket>>(), tickets => tickets.Count == sent.Length);
        await Eventually.HoldsAsync(async () => (await again.Operator.GetAsync("/api/backups")).As<List<Status.BackupLine>>(), static lines => lines[0].Latest?.State == Backups.BackupRunState.Proven);
    }

    /// <summary>What can be done with a snapshot, its repository and the keys of that.</summary>
    private static async Task BackupCommandsAsync(Installation here, string snapshot)
    {
        Assert.Equal("proven", (await JsonAsync(here, 0, "backup", "list", "files", "--runs"))[0].GetProperty("state").GetString());
        Assert.Equal(snapshot, (await JsonAsync(here, 0, "backup", "show", "files")).GetProperty("manifest").GetProperty("id").GetString());
        var entries = (await JsonAsync(here, 0, "backup", "show", snapshot, "--entries", "--path", "a.txt")).GetProperty("entries");
        Assert.Equal(["a.txt"], entries.EnumerateArray().Select(static entry => entry.GetProperty("path").GetString()));
        Assert.Empty((await JsonAsync(here, 0, "backup", "diff", snapshot, "files")).GetProperty("differences").EnumerateArray());
        await JsonAsync(here, 0, "backup", "prove", "files");
        Assert.True((await JsonAsync(here, 0, "backup", "verify", "--read-data")).GetProperty("output").GetProperty("isClean").GetBoolean());
        await JsonAsync(here, 0, "backup", "prune");
        Assert.Equal(2, (await JsonAsync(here, 0, "backup", "stats")).GetProperty("care").GetArrayLength());
        Assert.Equal(0, (await JsonAsync(here, 0, "backup", "alarms")).GetArrayLength());

        await JsonAsync(here, 0, "backup", "hold", snapshot, "--reason", "An audit");
        await here.RunAsync(1, "backup", "hold", snapshot, "--reason", "Another");
        var decision = await JsonAsync(here, 0, "backup", "retention", "files");
        Assert.Equal("held", decision.GetProperty("kept")[0].GetProperty("reasons")[0].GetProperty("rule").GetString());
        await JsonAsync(here, 0, "backup", "release", snapshot);
        await here.RunAsync(2, "backup", "release", snapshot);
        await JsonAsync(here, 0, "backup", "retention", "files", "--apply");

        var wish = await here.RunAsync(2, "backup", "restore", "files", "--at", "2020-01-01T00:00:00Z", "--to", "never");
        Assert.Contains($"no proven snapshot at or before 2020-01-01 00:00:00Z. The nearest after it: ", wish.Errors, StringComparison.Ordinal);
        Assert.Contains(snapshot, wish.Errors, StringComparison.Ordinal);
        await here.RunAsync(2, "backup", "restore", "files", "--at", "2020-01-01", "--to", "never");
        Assert.False(Directory.Exists(here.PathOf("never")));
        File.WriteAllText(here.PathOf("restored/a.txt"), "mine");
        var tried = (await JsonAsync(here, 0, "backup", "restore", "files", "--to", "restored", "--existing", "rename", "--dry-run")).GetProperty("output");
        Assert.Equal((true, 1), (tried.GetProperty("isDryRun").GetBoolean(), tried.GetProperty("renamed").GetInt32()));
        await JsonAsync(here, 0, "backup", "restore", "files", "--to", "restored", "--existing", "rename");
        Assert.Equal(("a", "mine"), (File.ReadAllText(here.PathOf("restored/a.txt")), File.ReadAllText(here.PathOf("restored/a.txt.before-restore"))));

        File.WriteAllText(here.PathOf("passphrase"), "a passphrase kept elsewhere\n");
        var first = Assert.Single((await JsonAsync(here, 0, "backup", "keys", "list")).EnumerateArray()).GetProperty("id").GetString()!;
        Assert.Contains("only key lies in the data folder", (await here.RunAsync(0, "status")).Output, StringComparison.Ordinal);
        var added = (await JsonAsync(here, 0, "backup", "keys", "add", "--label", "safe", "--passphrase-file", here.PathOf("passphrase"))).GetProperty("added").GetProperty("id").GetString()!;
        Assert.DoesNotContain("only key lies in the data folder", (await here.RunAsync(0, "status")).Output, StringComparison.Ordinal);
        await here.RunAsync(0, "repository", "list", "--repository", Path.Join(here.Data, "objects"), "--passphrase-file", here.PathOf("passphrase"));
        Assert.Contains("Rotate it instead", (await here.RunAsync(1, "backup", "keys", "remove", first)).Errors, StringComparison.Ordinal);
        Assert.Equal([first], (await JsonAsync(here, 0, "backup", "keys", "rotate")).GetProperty("removed").EnumerateArray().Select(static id => id.GetString()));
        await JsonAsync(here, 0, "backup", "keys", "remove", added);
        await here.RunAsync(2, "repository", "list", "--repository", Path.Join(here.Data, "objects"), "--passphrase-file", here.PathOf("passphrase"));
        await JsonAsync(here, 0, "backup", "verify", "files");
    }

    [Fact]
    public async Task Retention_explains_a_timeline_without_any_host()
    {
        await using var here = new Installation("this is no plan");
        File.WriteAllText(here.PathOf("timeline.json"), """
            { "rules": { "last": 1 }, "snapshots": [ { "id": "a", "at": "2026-11-20T02:00:00Z" }, { "id": "b", "at": "2026-11-21T02:00:00Z" } ] }
            """);
        var explanation = await JsonAsync(here, 0, "backup", "retention", "--timeline", here.PathOf("timeline.json"), "--now", "2026-11-22T02:00:00Z");
        Assert.Equal(("b", "a"), (explanation.GetProperty("kept")[0].GetProperty("id").GetString(), explanation.GetProperty("dropped")[0].GetProperty("id").GetString()));
        Assert.Contains("last 1", (await here.RunAsync(0, "backup", "retention", "--timeline", here.PathOf("timeline.json"))).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(here.Data));

        File.WriteAllText(here.PathOf("timeline.json"), """{ "snapshots": [ { "id": "a", "at": "yesterday" } ] }""");
        Assert.Contains("snapshots[0].at", (await here.RunAsync(2, "backup", "retention", "--timeline", here.PathOf("timeline.json"))).Errors, StringComparison.Ordinal);
        await here.RunAsync(2, "backup", "retention");
    }

    private static async Task<JsonElement> JsonAsync(Installation here, int exit, params string[] command)
    {
        var result = await here.RunAsync(exit, [.. command, "--json"]);
        Assert.Equal("", result.Errors);
        return result.As<JsonElement>();
    }
}
