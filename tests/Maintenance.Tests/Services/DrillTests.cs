using Maintenance.Recovery;

namespace Maintenance.Tests.Services;

/// <summary>Drills: the same steps into a scratch folder, with and without something broken on purpose.</summary>
public sealed class DrillTests
{
    private static readonly DateTimeOffset Due = new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_drill_restores_and_looks_cuts_nothing_over_waits_for_nobody_and_cleans_up()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        File.WriteAllText(Path.Join(bench.Live, "entry.txt"), "of today");
        var run = await bench.UntilClosedAsync((await bench.DrillAsync()).Id);
        Assert.Equal((RecoveryState.Completed, true), (run.State, run.Measures!.IsPassed));
        Assert.Equal(
            ["Done", "Done", "Skipped", "Skipped", "Skipped", "Skipped"], run.Steps.Select(static step => step.State.ToString()));
        Assert.Equal(TimeSpan.FromHours(1), run.Measures.RecoveryPoint!.Achieved);
        Assert.Equal("of today", bench.Entry());
        AssertCleanedUp(bench);
        Assert.Empty(await bench.TicketsAsync());
        Assert.Null(await bench.Office.Retention.FindHoldAsync(run.Step("restore").Source!.Snapshot, default));
        Assert.Equal((run.Id, RecoveryState.Completed, run.ClosedAt), await StatusAsync(bench));
    }

    [Theory]
    [InlineData(DrillFault.MissingPack, "restore", "could not be restored")]
    [InlineData(DrillFault.FailingCheck, "readable", "file entry.txt: it is missing")]
    public async Task A_fault_that_is_put_in_is_noticed_for_what_it_is(DrillFault fault, string step, string reason)
    {
        await using var bench = await RecoveryBench.OpenAsync();
        var packs = Packs(bench);
        var run = await bench.UntilClosedAsync((await bench.DrillAsync(fault)).Id);
        Assert.Equal((RecoveryState.Completed, RecoveryStepState.Failed, 1), (run.State, run.Step(step).State, run.Step(step).Attempts));
        Assert.StartsWith("The fault was noticed: ", run.Ending!.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, run.Ending.Reason, StringComparison.Ordinal);
        AssertCleanedUp(bench);
        Assert.Empty(await bench.TicketsAsync());

        // Nothing of it was real, and it shows nothing of the service's coming back.
        Assert.Equal(packs, Packs(bench));
        Assert.Equal("born 1994-03-02", bench.Entry());
        Assert.Equal((run.Id, RecoveryState.Completed, null), await StatusAsync(bench));
        Assert.Equal(RecoveryState.Completed, (await bench.UntilClosedAsync((await bench.DrillAsync(key: "after")).Id)).State);
    }

    [Fact]
    public async Task A_restore_that_fails_at_something_else_than_the_missing_pack_has_not_noticed_it()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        Directory.CreateDirectory(Path.Join(bench.Office.Folder, "scratch"));
        await File.WriteAllTextAsync(Path.Join(bench.Office.Folder, "scratch", "R-1001"), "in the way");
        var run = await bench.UntilClosedAsync((await bench.DrillAsync(DrillFault.MissingPack)).Id);
        Assert.Equal(("R-1001", RecoveryState.Failed, false), (run.Id, run.State, run.Step("restore").IsFaultNoticed));
        Assert.Equal([$"Drill {run.Id} of 'register' failed"], await bench.TicketsAsync());
    }

    [Fact]
    public async Task A_check_that_looks_outside_is_broken_by_what_it_expects()
    {
        await using var bench = await RecoveryBench.OpenAsync(static plan => plan
            .Replace("check: { file: entry.txt, contains: born }", "drill: true, check: { http: \"http://localhost/health\" }", StringComparison.Ordinal));
        Assert.Equal(RecoveryState.Completed, (await bench.UntilClosedAsync((await bench.DrillAsync()).Id)).State);
        var run = await bench.UntilClosedAsync((await bench.DrillAsync(DrillFault.FailingCheck, "broken")).Id);
        Assert.Contains("it answered 200 instead of 599", run.Ending!.Reason, StringComparison.Ordinal);
        Assert.Equal(RecoveryState.Completed, run.State);
    }

    [Fact]
    public async Task A_fault_in_a_file_with_a_hash_damages_that_file()
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("born 1994-03-02"u8));
        await using var bench = await RecoveryBench.OpenAsync(plan => plan.Replace("contains: born", "sha256: " + hash, StringComparison.Ordinal));
        var run = await bench.UntilClosedAsync((await bench.DrillAsync(DrillFault.FailingCheck)).Id);
        Assert.Contains("its SHA-256 is", run.Ending!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drill_that_fails_opens_one_ticket_however_often_its_end_is_noted()
    {
        await using var bench = await RecoveryBench.OpenAsync(static plan => plan.Replace("contains: born", "contains: nothing of it", StringComparison.Ordinal));
        var run = await bench.UntilClosedAsync((await bench.DrillAsync()).Id);
        Assert.Equal((RecoveryState.Failed, 3), (run.State, run.Step("readable").Attempts));
        await bench.Office.Drills.NoteAsync(run, default);
        Assert.Equal(RecoveryState.Failed, await bench.Office.RecoveryActivities.CloseAsync(new RecoveryRef(run.Id), default));
        Assert.Equal([$"Drill {run.Id} of 'register' failed"], await bench.TicketsAsync());
        AssertCleanedUp(bench);
        Assert.Null((await bench.Office.Drills.StatusAsync("register", default))!.PassedAt);
    }

    [Fact]
    public async Task A_drill_that_somebody_ends_is_cleaned_up_and_opens_no_ticket()
    {
        await using var bench = await RecoveryBench.OpenAsync(static plan => plan.Replace("manual: { sop: sop.md }", "drill: true, manual: { sop: sop.md }", StringComparison.Ordinal));
        var run = await bench.UntilAsync((await bench.DrillAsync()).Id, "look", RecoveryStepState.Waiting);
        Assert.True(File.Exists(Path.Join(bench.Office.Folder, "scratch", run.Id, "restore", "entry.txt")));
        await bench.DecideAsync(run.Id, RecoveryDecision.Abort, "Not today.");
        Assert.Equal(RecoveryState.Aborted, (await bench.UntilClosedAsync(run.Id)).State);
        AssertCleanedUp(bench);
        Assert.Empty(await bench.TicketsAsync());
    }

    [Fact]
    public async Task A_due_drill_begins_once_and_one_that_was_due_while_nobody_looked_is_caught_up_with_once()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        await TickAsync(bench);
        Assert.Empty(await bench.Office.Recoveries.ListAsync(default).ToListAsync());
        await AtAsync(bench, Due.AddSeconds(-1));
        Assert.Empty(await bench.Office.Recoveries.ListAsync(default).ToListAsync());
        await AtAsync(bench, Due);
        await TickAsync(bench);
        await AtAsync(bench, Due.AddDays(2).AddHours(2));
        await TickAsync(bench);
        var runs = await bench.Office.Recoveries.ListAsync(default).ToListAsync();
        Assert.Equal(2, runs.Count);
        Assert.All(runs, static run => Assert.Equal((RecoveryKind.Drill, "system"), (run.Kind, run.StartedBy)));
    }

    [Fact]
    public async Task An_overdue_drill_opens_one_ticket_and_another_only_once_it_is_overdue_again()
    {
        await using var bench = await RecoveryBench.OpenAsync(static plan => plan.Replace("schedule: \"0 0 5 * * *\"", "schedule: \"0 0 0 1 1 *\"", StringComparison.Ordinal));
        await TickAsync(bench);
        var since = bench.Office.Clock.Now;
        await AtAsync(bench, since.AddDays(3));
        Assert.Empty(await bench.TicketsAsync());
        await AtAsync(bench, since.AddDays(3).AddSeconds(1));
        await AtAsync(bench, since.AddDays(4));
        Assert.Equal(["The drill of 'register' is overdue"], await bench.TicketsAsync());
        _ = await bench.BackUpAsync();
        _ = await bench.UntilClosedAsync((await bench.DrillAsync()).Id);
        await AtAsync(bench, since.AddDays(5));
        Assert.Single(await bench.TicketsAsync());
        await AtAsync(bench, since.AddDays(8));
        Assert.Equal(2, (await bench.TicketsAsync()).Length);
    }

    [Fact]
    public async Task A_drill_that_ends_well_and_misses_its_objectives_opens_a_ticket_and_does_not_count()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        bench.Office.Clock.Advance(TimeSpan.FromHours(2));
        var run = await bench.UntilClosedAsync((await bench.DrillAsync()).Id);
        Assert.Equal((RecoveryState.Completed, false), (run.State, run.Measures!.IsPassed));
        Assert.Equal([$"Drill {run.Id} of 'register' missed its objectives"], await bench.TicketsAsync());
        Assert.Null((await bench.Office.Drills.StatusAsync("register", default))!.PassedAt);
    }

    [Fact]
    public async Task A_drill_that_finds_nothing_to_restore_opens_a_ticket_and_is_not_tried_again_at_once()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + RecoveryBench.Strategy);
        await office.Drills.StartDueAsync(default);
        office.Clock.Advance(Due.AddMinutes(1) - office.Clock.Now);
        await office.Drills.StartDueAsync(default);
        await office.Drills.StartDueAsync(default);
        Assert.Equal("The drill of 'register' could not begin", Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync()).Title);
        Assert.Empty(office.Workflows.Started);
    }

    private static Task TickAsync(RecoveryBench bench) => bench.Office.Drills.StartDueAsync(default);

    private static async Task AtAsync(RecoveryBench bench, DateTimeOffset at)
    {
        bench.Office.Clock.Advance(at - bench.Office.Clock.Now);
        await TickAsync(bench);
        foreach (var run in await bench.Office.Recoveries.ListOpenAsync(default).ToListAsync())
        {
            _ = await bench.UntilClosedAsync(run.Id);
        }
    }

    private static async Task<(string?, RecoveryState?, DateTimeOffset?)> StatusAsync(RecoveryBench bench)
    {
        var status = (await bench.Office.Drills.StatusAsync("register", default))!;
        return (status.Latest, status.LatestState, status.PassedAt);
    }

    private static void AssertCleanedUp(RecoveryBench bench)
    {
        var scratch = Path.Join(bench.Office.Folder, "scratch");
        Assert.Empty(Directory.Exists(scratch) ? Directory.GetFileSystemEntries(scratch, "R-*") : []);
        Assert.Empty(bench.Beside());
    }

    private static string Packs(RecoveryBench bench) =>
        string.Join('\n', Directory.GetFiles(Path.Join(bench.Office.Folder, "objects"), "*", SearchOption.AllDirectories).Where(static file => !file.Contains("sessions", StringComparison.Ordinal)).Order().Select(static file => $"{file} {new FileInfo(file).Length}"));
}
