using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Maintenance.Backups;

namespace Maintenance.Tests.EndToEnd;

/// <summary>The proof of the break-glass book: the machine is gone, and somebody does what the book says, word for word.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class BreakGlassTests
{
    [Theory]
    [InlineData("data/objects")]
    [InlineData("away")]
    public async Task With_the_store_and_the_passphrase_alone_the_books_own_commands_bring_everything_back_on_a_bare_machine(string store)
    {
        var plan = new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly), ("more", "more", QuickPlan.Yearly), ("own", "own", QuickPlan.Yearly)] }.Yaml.Replace("{ folder: \"own\" }", "{ records: all }", StringComparison.Ordinal) + "\nrepository: { copies: [{ id: away, folder: away, media: tape, offSite: true }] }\n";
        plan = plan.Replace("spans: [00:00-24:00] }]", "spans: [00:00-24:00] }], holidayFiles: [\"dates/it's.ics\"]", StringComparison.Ordinal);
        await using var here = new Installation(plan);
        File.WriteAllText(Path.Join(here.Folder("dates"), "it's.ics"), "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260501\r\nSUMMARY:~~~~ Labour\r\n  Day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        SampleTree.Make(here.Folder("files"));
        File.WriteAllText(Path.Join(here.Folder("more"), "entry.txt"), "born 1994-03-02");
        var files = FolderTree.Read(here.PathOf("files"));
        var more = FolderTree.Read(here.PathOf("more"));
        var server = await here.ServeAsync();
        var run = (await BackupRestoreTests.ProvenAsync(server, "files")).Latest!.Id;
        _ = await BackupRestoreTests.ProvenAsync(server, "more");
        await OwnRecordsTests.AttachAsync(here, server);
        var own = (await here.RunAsync(0, "backup", "run", "own", "--json")).As<OperationAnswer<BackupRun>>().Output!.Id;
        await here.RunAsync(0, "backup", "copy", "away");
        var book = await Eventually.HoldsAsync(() => Task.FromResult(Newest(here.PathOf(store))), text => text.Contains($"restore {run} ", StringComparison.Ordinal) && text.Contains($"restore {own} ", StringComparison.Ordinal) && text.Contains("and the copy away", StringComparison.Ordinal));
        Assert.DoesNotContain("no proven snapshot", book, StringComparison.Ordinal);
        Assert.DoesNotContain(await File.ReadAllTextAsync(Path.Join(here.Data, "repository.passphrase")), book, StringComparison.Ordinal);
        Assert.DoesNotContain(here.OperatorToken, book, StringComparison.Ordinal);
        await ReadItElsewhereTooAsync(here, server, book);

        // What is saved: the store, and the envelope.
        using var saved = new Saved();
        await saved.TakeAsync(here.PathOf(store), Path.Join(here.Data, "repository.passphrase"));
        Assert.Equal(0, await server.StopAsync());
        FolderTree.Remove(here.Root);

        book = Newest(saved.Store);
        var blocks = Blocks().Matches(book).Select(static block => block.Groups["commands"].Value).ToList();
        var values = Replace(blocks[0], ("STORE", saved.Store), ("PASSPHRASE", saved.Envelope), ("TARGET", saved.Target));
        var serve = Assert.Single(blocks, static block => block.Contains(" serve ", StringComparison.Ordinal));
        var said = await saved.RunAsync(string.Concat(blocks.Except([blocks[0], serve]).Prepend(values)));

        Assert.Contains(run, said, StringComparison.Ordinal);
        Assert.Equal(files, FolderTree.Read(Path.Join(saved.Target, "files")));
        Assert.Equal(more, FolderTree.Read(Path.Join(saved.Target, "more")));
        Assert.Equal(plan.TrimEnd('\n'), (await File.ReadAllTextAsync(Path.Join(saved.Target, "_installation/plan.yaml"))).TrimEnd('\n'));
        Assert.Contains("can run", said, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(saved.Target, "_program/Maintenance.Tests.dll")));
        Assert.True(File.Exists(Path.Join(saved.Target, "_installation/data/maintenance.db")));
        Assert.Equal("a,b\n", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Join(saved.Target, "_installation/data/objects/tickets/T-1001")))));
        await ServeAgainAsync(saved, values + serve.TrimEnd('\n') + " --urls http://127.0.0.1:0 --tick 1h\n");
    }

    private static async Task ReadItElsewhereTooAsync(Installation here, ServerProcess server, string book)
    {
        await here.RunAsync(0, "recovery", "book", "--out", here.PathOf("printed.md"));
        Assert.Equal(Titles(book), Titles(await File.ReadAllTextAsync(here.PathOf("printed.md"))));
        Assert.StartsWith("# Break-glass book: Register\n", (await here.RunAsync(0, "recovery", "book")).Output, StringComparison.Ordinal);

        // It has people's phones: nobody but administrators reads it.
        using var guest = new HttpClient { BaseAddress = server.Address };
        guest.DefaultRequestHeaders.Authorization = new("Bearer", await here.TokenAsync("zoe"));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await guest.GetAsync(new Uri("/api/recovery/book", UriKind.Relative))).StatusCode);
        var page = await guest.GetStringAsync(new Uri("/repository", UriKind.Relative));
        Assert.Contains("Break-glass book", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/api/recovery/book", page, StringComparison.Ordinal);
        using var operators = new HttpClient { BaseAddress = server.Address };
        operators.DefaultRequestHeaders.Authorization = new("Bearer", here.OperatorToken);
        Assert.Contains("href=\"/api/recovery/book\"", await operators.GetStringAsync(new Uri("/repository", UriKind.Relative)), StringComparison.Ordinal);
        using var answer = await operators.GetAsync(new Uri("/api/recovery/book", UriKind.Relative));
        Assert.Equal("text/markdown", answer.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>The new installation opens the old repository.</summary>
    private static async Task ServeAgainAsync(Saved saved, string script)
    {
        using var server = saved.Start(script.Replace("\ndotnet ", "\nexec dotnet ", StringComparison.Ordinal));
        try
        {
            while (await server.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
            {
                if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
                {
                    return;
                }
            }

            Assert.Fail(await server.StandardError.ReadToEndAsync().AfterEndAsync(server));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.EndsAsync();
        }
    }

    private static string Newest(string store) =>
        Directory.Exists(Path.Join(store, "break-glass")) && Directory.GetFiles(Path.Join(store, "break-glass"), "*.md").Max(StringComparer.Ordinal) is { } newest ? File.ReadAllText(newest) : "";

    private static List<string> Titles(string book) => [.. book.Split('\n').Where(static line => line.StartsWith('#'))];

    /// <summary>Only what is marked may be replaced, and all of it is.</summary>
    private static string Replace(string block, params (string Name, string Value)[] values)
    {
        var lines = block.Split('\n');
        var marked = Enumerable.Range(1, lines.Length - 1).Where(i => lines[i - 1].StartsWith("# REPLACE", StringComparison.Ordinal)).ToList();
        Assert.Equal(values.Length, marked.Count);
        foreach (var (i, (name, value)) in marked.Zip(values))
        {
            Assert.StartsWith($"export {name}='", lines[i], StringComparison.Ordinal);
            lines[i] = $"export {name}='{value}'";
        }

        return string.Join('\n', lines);
    }

    [GeneratedRegex("^```sh\n(?<commands>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();

    /// <summary>A bare machine, as far as a folder and an empty environment can be one.</summary>
    private sealed class Saved : IDisposable
    {
        private readonly string _root = Directory.CreateTempSubdirectory("maintenance-bare-").FullName;

        public string Store => Path.Join(_root, "from the safe");

        public string Envelope => Path.Join(_root, "envelope");

        public string Target => Path.Join(_root, "target");

        public async Task TakeAsync(string store, string passphrase)
        {
            using var copy = Process.Start("cp", ["-R", store, Store]);
            await copy.EndsAsync();
            Assert.Equal(0, copy.ExitCode);
            await File.WriteAllTextAsync(Envelope, (await File.ReadAllTextAsync(passphrase)).Trim());
        }

        public Process Start(string script)
        {
            var info = new ProcessStartInfo("sh", ["-e", "-c", script]) { WorkingDirectory = Directory.CreateDirectory(Path.Join(_root, "home")).FullName, RedirectStandardOutput = true, RedirectStandardError = true };
            var kept = new[] { "PATH", "DOTNET_ROOT" }.Select(name => (Name: name, Value: info.Environment.TryGetValue(name, out var value) ? value : null)).ToList();
            info.Environment.Clear();
            foreach (var (name, value) in kept.Where(static one => one.Value is not null))
            {
                info.Environment[name] = value;
            }

            info.Environment["HOME"] = info.WorkingDirectory;
            return Process.Start(info)!;
        }

        public async Task<string> RunAsync(string script)
        {
            using var process = Start(script);
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }

            Assert.True(process.ExitCode == 0, $"{script}\nended with {process.ExitCode}\n{await output}\n{await errors}");
            return await output;
        }

        public void Dispose() => FolderTree.Remove(_root);
    }
}
