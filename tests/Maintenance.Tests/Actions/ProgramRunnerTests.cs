using System.Diagnostics;
using System.Runtime.Versioning;
using Maintenance.Actions;
using Maintenance.Local.Actions;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Actions;

/// <summary>Programs of the plan, as real processes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ProgramRunnerTests : IDisposable
{
    private readonly ScratchFolder _plan = new();
    private readonly ScratchFolder _work = new();

    public void Dispose()
    {
        _plan.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task A_program_that_ends_with_zero_is_good_and_what_it_said_is_kept()
    {
        var report = await ShellAsync("echo done; echo careful >&2");
        Assert.True(report.IsGood);
        Assert.Equal(["careful", "done"], report.Said.Split('\n').Order());
    }

    [Theory]
    [InlineData("exit 3", "it ended with 3, and said nothing")]
    [InlineData("echo no disk >&2; exit 1", "it ended with 1: no disk")]
    [InlineData("kill -9 $$", "it ended with 137, and said nothing")]
    public async Task One_that_ends_otherwise_is_not_and_says_how(string script, string said) => Assert.Equal(new ActionReport(false, said), await ShellAsync(script));

    [Fact]
    public async Task Arguments_reach_it_as_they_are_and_no_shell_reads_them()
    {
        var report = await RunAsync(["printf", "[%s]", "two words", "$HOME", "*", "", "a\"b"]);
        Assert.Equal("[two words][$HOME][*][][a\"b]", report.Said);
    }

    [Fact]
    public async Task The_orders_variables_come_to_those_of_the_host()
    {
        var order = new ActionOrder("recovery/1/index", 2, new Dictionary<string, string> { ["snapshotId"] = "nightly_1" });
        var report = await Runner().RunAsync(new ProgramOrder(["sh", "-c", "echo $MAINTENANCE_KEY $MAINTENANCE_ATTEMPT $MAINTENANCE_SNAPSHOT_ID ${PATH:+path}"], null) { Variables = order.Variables() }, default);
        Assert.Equal("recovery/1/index 2 nightly_1 path", report.Said);
    }

    [Fact]
    public async Task It_works_in_its_folder_or_in_the_plans()
    {
        Assert.Equal(_plan.Root, (await ShellAsync("pwd -P")).Said);
        Assert.Equal(_work.Root, (await ShellAsync("pwd -P", folder: _work.Root)).Said);
        Assert.False((await ShellAsync("pwd", folder: _work.PathOf("gone"))).IsGood);
    }

    [Fact]
    public async Task A_name_with_a_slash_is_found_from_the_plans_folder_wherever_it_works()
    {
        File.WriteAllText(_plan.PathOf("check.sh"), "#!/bin/sh\necho from the plan\n");
        File.SetUnixFileMode(_plan.PathOf("check.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(new ActionReport(true, "from the plan"), await RunAsync(["./check.sh"], _work.Root));
    }

    [Theory]
    [InlineData("no-such-program-anywhere")]
    [InlineData("./missing.sh")]
    public async Task A_program_that_is_not_there_ended_badly_and_is_named(string program)
    {
        var report = await RunAsync([program]);
        Assert.False(report.IsGood);
        Assert.Contains(Path.GetFileName(program), report.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_has_no_input_to_wait_for() => Assert.Equal(new ActionReport(true, "end"), await ShellAsync("cat; echo end"));

    [Fact]
    public async Task Of_much_output_the_end_is_kept_and_all_is_read()
    {
        var report = await ShellAsync("i=0; while [ $i -lt 20000 ]; do echo line number $i; i=$((i+1)); done; exit 4");
        Assert.False(report.IsGood);
        Assert.InRange(report.Said.Length, 1000, 4200);
        Assert.EndsWith("line number 19999", report.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_takes_too_long_is_stopped_with_all_that_it_started()
    {
        var report = await ShellAsync("sleep 300 & echo $! > child; sleep 300", TimeSpan.FromSeconds(1), _work.Root);
        Assert.Equal(new ActionReport(false, "it did not end within 1s, and was stopped"), report);
        AssertGone();
    }

    [Fact]
    public async Task Whoever_gives_up_stops_it_with_all_that_it_started()
    {
        using var giveUp = new CancellationTokenSource();
        var run = Runner().RunAsync(new ProgramOrder(["sh", "-c", "sleep 300 & echo $! > child; sleep 300"], _work.Root), giveUp.Token);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(_work.PathOf("child")) && File.ReadAllText(_work.PathOf("child")).EndsWith('\n'), TimeSpan.FromSeconds(30)));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        AssertGone();
    }

    [Fact]
    public async Task One_that_leaves_another_running_with_its_output_open_has_ended_all_the_same()
    {
        var watch = Stopwatch.StartNew();
        var report = await ShellAsync("sleep 30 & echo $! > child; echo started", folder: _work.Root);
        Assert.Equal(new ActionReport(true, "started"), report);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        using var left = Process.GetProcessById(int.Parse(File.ReadAllText(_work.PathOf("child")), System.Globalization.CultureInfo.InvariantCulture));
        left.Kill();
    }

    private ProgramRunner Runner() => new(_plan.Root);

    private Task<ActionReport> RunAsync(IReadOnlyList<string> command, string? folder = null) => Runner().RunAsync(new ProgramOrder(command, folder) { Timeout = TimeSpan.FromSeconds(60) }, default);

    private Task<ActionReport> ShellAsync(string script, TimeSpan? timeout = null, string? folder = null) =>
        Runner().RunAsync(new ProgramOrder(["sh", "-c", script], folder) { Timeout = timeout ?? TimeSpan.FromSeconds(60) }, default);

    private void AssertGone()
    {
        var child = $"/proc/{File.ReadAllText(_work.PathOf("child")).Trim()}";
        Assert.True(
            SpinWait.SpinUntil(() => !Directory.Exists(child) || State(child) == 'Z', TimeSpan.FromSeconds(10)), "What it had started still runs.");
    }

    /// <summary>A zombie is dead; only nobody has asked how it died.</summary>
    private static char State(string process)
    {
        try
        {
            var text = File.ReadAllText(process + "/stat");
            return text[text.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'Z';
        }
    }
}
