using System.Diagnostics;
using System.Text;
using Maintenance.Backups;
using Maintenance.Backups.Sources;
using Maintenance.Local.Sources;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Sources;

public sealed class CommandSourceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_the_program_writes_is_one_file()
    {
        await using var source = Shell("printf 'a\\000b\\r\\n'", "dump.sql");

        var snapshot = await MemorySnapshot.TakeAsync(source);

        Assert.Equal("dump.sql", Assert.Single(snapshot.Entries).Entry.Path);
        Assert.Equal("a\0b\r\n"u8.ToArray(), snapshot["dump.sql"]);
    }

    [Fact]
    public async Task Much_output_comes_whole()
    {
        await using var source = Shell("head -c 50000000 /dev/zero");
        await using var stream = await OpenAsync(source);
        var buffer = new byte[1 << 16];
        long bytes = 0;
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            bytes += read;
        }

        Assert.Equal(50_000_000, bytes);
        Assert.Equal(0, await stream.ReadAsync(buffer));
    }

    [Fact]
    public async Task Arguments_are_given_as_they_are_and_no_shell_reads_them()
    {
        string[] arguments = ["%s|", "a b", "$HOME", "'q'", "\"", ";echo no", "*", ""];
        await using var source = new CommandSource(new BackupSource(BackupSourceKind.Command, "printf") { Arguments = arguments });

        var snapshot = await MemorySnapshot.TakeAsync(source);

        Assert.Equal("a b|$HOME|'q'|\"|;echo no|*||", Encoding.UTF8.GetString(snapshot["output"]));
    }

    [Fact]
    public async Task There_is_nothing_to_read()
    {
        await using var source = Shell("cat; echo done");

        Assert.Equal("done\n"u8.ToArray(), (await MemorySnapshot.TakeAsync(source))["output"]);
    }

    [Fact]
    public async Task The_environment_is_this_processes()
    {
        await using var source = Shell("echo \"$PATH\"");

        Assert.Equal(Environment.GetEnvironmentVariable("PATH") + "\n", Encoding.UTF8.GetString((await MemorySnapshot.TakeAsync(source))["output"]));
    }

    [Fact]
    public async Task A_program_that_fails_never_gives_a_clean_end()
    {
        await using var source = Shell("echo half; echo 'disk on fire' >&2; exit 3");
        await using var stream = await OpenAsync(source);
        var buffer = new byte[100];
        Assert.Equal(5, await stream.ReadAtLeastAsync(buffer, 5));

        var error = await Assert.ThrowsAsync<IOException>(async () => Assert.NotEqual(0, await stream.ReadAsync(buffer)));
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("disk on fire", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(async () => Assert.NotEqual(0, await stream.ReadAsync(buffer)));
    }

    [Fact]
    public async Task A_program_that_is_killed_never_gives_a_clean_end()
    {
        await using var source = Shell("echo half; kill -9 $$");

        await Assert.ThrowsAsync<IOException>(() => MemorySnapshot.TakeAsync(source));
    }

    [Fact]
    public async Task Of_what_it_says_of_its_errors_the_end_is_kept()
    {
        await using var source = Shell("i=0; while [ $i -lt 20000 ]; do echo \"line $i\" >&2; i=$((i+1)); done; exit 1");

        var error = await Assert.ThrowsAsync<IOException>(() => MemorySnapshot.TakeAsync(source));

        Assert.EndsWith("line 19999", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 100\n", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 4096, 4300);
    }

    [Fact]
    public async Task A_program_that_is_not_there_fails_the_scan()
    {
        await using var source = new CommandSource(new BackupSource(BackupSourceKind.Command, "/nowhere/dump"));

        var error = await Assert.ThrowsAsync<IOException>(() => MemorySnapshot.TakeAsync(source));
        Assert.Contains("/nowhere/dump", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_it_stops_with_all_that_it_started()
    {
        using var scratch = new ScratchFolder();
        using var cancellation = new CancellationTokenSource();
        await using var source = Shell($"sh -c 'sleep 600 & echo $! > {scratch.PathOf("child")}; echo ready; wait'");
        await using var stream = await OpenAsync(source);
        Assert.True(await stream.ReadAsync(new byte[10]) > 0);

        var reading = stream.ReadAsync(new byte[10], cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await AssertGoneAsync(int.Parse(await File.ReadAllTextAsync(scratch.PathOf("child"))));
    }

    [Fact]
    public async Task Given_up_it_stops_with_all_that_it_started()
    {
        using var scratch = new ScratchFolder();
        await using (var source = Shell($"sh -c 'sleep 600 & echo $! > {scratch.PathOf("child")}; echo ready; wait'"))
        {
            await using var stream = await OpenAsync(source);
            Assert.True(await stream.ReadAsync(new byte[10]) > 0);
        }

        await AssertGoneAsync(int.Parse(await File.ReadAllTextAsync(scratch.PathOf("child"))));
    }

    [Fact]
    public async Task A_source_that_is_scanned_and_never_read_leaves_nothing_running()
    {
        using var scratch = new ScratchFolder();
        await using (var source = Shell($"echo $$ > {scratch.PathOf("self.new")}; mv {scratch.PathOf("self.new")} {scratch.PathOf("self")}; exec sleep 600"))
        {
            await foreach (var _ in source.ScanAsync(new SourceFindings(), None))
            {
                await UntilAsync(() => File.Exists(scratch.PathOf("self")));
            }
        }

        await AssertGoneAsync(int.Parse(await File.ReadAllTextAsync(scratch.PathOf("self"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    public void A_name_that_is_no_files_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new CommandSource(new BackupSource(BackupSourceKind.Command, "true") { OutputName = name }));

    private static CommandSource Shell(string script, string name = "output") =>
        new(new BackupSource(BackupSourceKind.Command, "sh") { Arguments = ["-c", script], OutputName = name });

    private static async Task<Stream> OpenAsync(CommandSource source)
    {
        await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
        {
            return await source.OpenAsync(entry, None);
        }

        throw new InvalidOperationException("It has no file.");
    }

    private static Task AssertGoneAsync(int process) => UntilAsync(() =>
    {
        try
        {
            // Killed, but perhaps not yet taken note of by whoever is its parent now.
            return File.Exists($"/proc/{process}/stat") ? File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].StartsWith(" Z", StringComparison.Ordinal) : Process.GetProcessById(process).HasExited;
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            return true;
        }
    });

    private static async Task UntilAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20), "it did not come about within 20 s");
            await Task.Delay(10);
        }
    }
}
