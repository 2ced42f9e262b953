using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Recovery;

namespace Maintenance.Tests.Services;

/// <summary>Recoveries from their start to their end, on real folders.</summary>
public sealed class RecoveryTests
{
    private const string Old = "born 1994-03-02";
    private const string Now = "Everything was overwritten";

    [Fact]
    public async Task A_service_is_restored_checked_approved_cut_over_and_confirmed()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        File.WriteAllText(Path.Join(bench.Live, "entry.txt"), Now);
        var run = await bench.StartAsync(more: request => request with { DisruptedAt = bench.Office.Clock.Now.AddMinutes(-20) });
        Assert.Equal((RecoveryState.Running, "nightly_20261122T020000Z"), (run.State, run.Step("restore").Source!.Snapshot));
        Assert.NotNull(await bench.Office.Retention.FindHoldAsync("nightly_20261122T020000Z", default));

        run = await bench.ToGateAsync(run.Id);
        Assert.Equal(Now, bench.Entry());
        Assert.Equal(Old, File.ReadAllText(Path.Join(run.Step("restore").Isolated!, "entry.txt")));
        Assert.Equal([$"source.recovery-{run.Id}-restore"], bench.Beside());

        run = await bench.ApproveAsync(run.Id);
        Assert.Equal(Old, bench.Entry());
        Assert.Equal([$"source.before-{run.Id}"], bench.Beside());
        Assert.Equal(["entry.txt"], Directory.GetFileSystemEntries(bench.Live).Select(Path.GetFileName));

        run = await bench.ToRecoveredAfterAsync(run.Id);
        bench.Office.Clock.Advance(TimeSpan.FromMinutes(30));
        await bench.DecideAsync(run.Id, RecoveryDecision.Confirm);
        run = await bench.UntilClosedAsync(run.Id);
        Assert.Equal((RecoveryState.Completed, true), (run.State, run.Measures!.IsPassed));
        Assert.Equal(TimeSpan.FromMinutes(40), run.Measures.RecoveryPoint!.Achieved);
        Assert.Equal(TimeSpan.FromMinutes(30), run.Measures.WorkRecovery!.Achieved);
        Assert.Equal(run.Measures.RecoveryTime!.Achieved + run.Measures.WorkRecovery.Achieved, run.Measures.Downtime!.Achieved);
        Assert.Empty(bench.Beside());
        Assert.Equal(Old, bench.Entry());
        Assert.Null(await bench.Office.Retention.FindHoldAsync("nightly_20261122T020000Z", default));
        Assert.Empty(await bench.Office.Recoveries.ListOpenAsync(default).ToListAsync());
        Assert.True(run.Timeline.Zip(run.Timeline.Skip(1)).All(static pair => pair.First.At <= pair.Second.At));

        // Who was waited for was told, each once.
        Assert.Single(bench.Office.Notifier.Sent, line => line == $"recovery/{run.Id}/look/waits-0 → mail:ben@registry.example");
        Assert.Single(bench.Office.Notifier.Sent, line => line == $"recovery/{run.Id}/gate/waits-0 → mail:cat@registry.example");
        Assert.Single(bench.Office.Notifier.Sent, line => line == $"recovery/{run.Id}/closed → mail:ann@registry.example");
    }

    [Fact]
    public async Task A_rejected_gate_leaves_the_live_folder_as_it_was_and_nothing_beside_it()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        File.WriteAllText(Path.Join(bench.Live, "entry.txt"), Now);
        var before = Seen(bench.Live);
        var run = await bench.ToGateAsync((await bench.StartAsync()).Id);
        await bench.DecideAsync(run.Id, "gate", StepDecision.Approve, bench.Ann);
        await bench.DecideAsync(run.Id, "gate", StepDecision.Reject, bench.Ben, "The last day is missing.");
        run = await bench.UntilClosedAsync(run.Id);
        Assert.Equal((RecoveryState.Rejected, "ben", RecoveryStepState.Stopped), (run.State, run.Ending!.By, run.Step("gate").State));
        Assert.Equal(before, Seen(bench.Live));
        Assert.Empty(bench.Beside());
        Assert.False(run.Measures!.IsPassed);
        Assert.Null(await bench.Office.Retention.FindHoldAsync(run.Step("restore").Source!.Snapshot, default));

        // Another may begin.
        Assert.NotEqual(run.Id, (await bench.StartAsync("another")).Id);
    }

    [Fact]
    public async Task A_check_that_fails_three_times_waits_for_a_person_who_retries_it_or_leaves_it_out()
    {
        await using var bench = await RecoveryBench.OpenAsync(static plan => plan.Replace("contains: born", "contains: nothing of it", StringComparison.Ordinal));
        var run = await bench.UntilAsync((await bench.StartAsync()).Id, "readable", RecoveryStepState.Failed);
        Assert.Equal((3, RecoveryState.Running), (run.Step("readable").Attempts, run.State));
        Assert.Contains("does not contain 'nothing of it'", run.Step("readable").Result, StringComparison.Ordinal);
        Assert.Contains(bench.Office.Notifier.Sent, line => line.StartsWith($"recovery/{run.Id}/readable/failed-3 → ", StringComparison.Ordinal));

        File.WriteAllText(Path.Join(run.Step("restore").Isolated!, "entry.txt"), "nothing of it is wrong now");
        await bench.DecideAsync(run.Id, "readable", StepDecision.Retry, bench.Ben);
        run = await bench.UntilAsync(run.Id, "look", RecoveryStepState.Waiting);
        Assert.Equal((RecoveryStepState.Done, 4), (run.Step("readable").State, run.Step("readable").Attempts));
        await Assert.ThrowsAsync<RecoveryStateException>(() => bench.DecideAsync(run.Id, "readable", StepDecision.Skip, bench.Ben, "x"));
        await bench.DecideAsync(run.Id, "look", StepDecision.Skip, bench.Ben, "No time.");
        run = await bench.UntilAsync(run.Id, "gate", RecoveryStepState.Waiting);
        Assert.Equal((RecoveryStepState.Skipped, "No time."), (run.Step("look").State, run.Step("look").Result));
    }

    [Fact]
    public async Task After_a_failed_check_it_can_be_left_out_or_aborted()
    {
        await using var bench = await RecoveryBench.OpenAsync(static plan => plan.Replace("contains: born", "contains: nothing of it", StringComparison.Ordinal));
        var run = await bench.UntilAsync((await bench.StartAsync()).Id, "readable", RecoveryStepState.Failed);
        await bench.DecideAsync(run.Id, "readable", StepDecision.Skip, bench.Ben, "It is an old file.");
        run = await bench.UntilAsync(run.Id, "look", RecoveryStepState.Waiting);
        await bench.DecideAsync(run.Id, RecoveryDecision.Abort, "It is another disk.");
        run = await bench.UntilClosedAsync(run.Id);
        Assert.Equal((RecoveryState.Aborted, RecoveryStepState.Skipped, RecoveryStepState.Stopped), (run.State, run.Step("readable").State, run.Step("look").State));
        Assert.Equal(Old, bench.Entry());
        Assert.Empty(bench.Beside());
    }

    [Fact]
    public async Task A_failure_after_the_cut_over_says_that_it_is_live_and_an_abort_brings_the_old_data_back()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        File.WriteAllText(Path.Join(bench.Live, "entry.txt"), Now);
        bench.Office.Outside.Probes.Clear();
        bench.Office.Outside.Probes.Enqueue(new Observation(true) { Status = 500 });
        var run = await bench.ToGateAsync((await bench.StartAsync()).Id);
        _ = await bench.ApproveAsync(run.Id);
        run = await bench.UntilAsync(run.Id, "answers", RecoveryStepState.Failed);
        Assert.Equal(Old, bench.Entry());
        File.WriteAllText(Path.Join(bench.Live, "since.txt"), "typed in since");
        await bench.DecideAsync(run.Id, RecoveryDecision.Abort, "It does not answer.");
        run = await bench.UntilClosedAsync(run.Id);
        Assert.Equal(RecoveryState.Aborted, run.State);
        Assert.Equal(Now, bench.Entry());
        Assert.False(File.Exists(Path.Join(bench.Live, "since.txt")));
        Assert.Equal([$"source.reverted-{run.Id}"], bench.Beside());
        Assert.Equal("typed in since", File.ReadAllText(Path.Join(bench.Live + $".reverted-{run.Id}", "since.txt")));
        Assert.Contains(run.Timeline, entry => entry.What.Contains($"source.reverted-{run.Id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reversal_brings_the_old_data_back_and_keeps_what_was_written_meanwhile()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        File.WriteAllText(Path.Join(bench.Live, "entry.txt"), Now);
        var run = await bench.ToRecoveredAsync((await bench.StartAsync()).Id);
        await Assert.ThrowsAsync<RecoveryStateException>(() => bench.DecideAsync(run.Id, RecoveryDecision.Abort));
        File.WriteAllText(Path.Join(bench.Live, "since.txt"), "typed in since");
        await bench.DecideAsync(run.Id, RecoveryDecision.Revert, "It is worse.");
        run = await bench.UntilClosedAsync(run.Id);
        Assert.Equal((RecoveryState.Reverted, Now), (run.State, bench.Entry()));
        Assert.Equal("typed in since", File.ReadAllText(Path.Join(bench.Live + $".reverted-{run.Id}", "since.txt")));
        await Assert.ThrowsAsync<RecoveryStateException>(() => bench.DecideAsync(run.Id, RecoveryDecision.Confirm));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_live_folder_that_is_gone_is_brought_back_whole(bool isReverted)
    {
        await using var bench = await RecoveryBench.OpenAsync();
        Directory.Delete(bench.Live, recursive: true);
        var run = await bench.ToRecoveredAsync((await bench.StartAsync()).Id);
        Assert.Equal(Old, bench.Entry());
        Assert.Empty(bench.Beside());
        Assert.Null(run.Step("restore").Aside);
        await bench.DecideAsync(run.Id, isReverted ? RecoveryDecision.Revert : RecoveryDecision.Confirm);
        run = await bench.UntilClosedAsync(run.Id);
        Assert.Equal(!isReverted, Directory.Exists(bench.Live));
        string[] left = isReverted ? [$"source.reverted-{run.Id}"] : [];
        Assert.Equal(left, bench.Beside());
    }

    /// <summary>Otherwise what is restored would lie inside of what it is to replace.</summary>
    [Fact]
    public async Task A_live_folder_that_the_plan_names_with_a_slash_at_its_end_is_replaced_like_any_other()
    {
        await using var bench = await RecoveryBench.OpenAsync(static plan => plan.Replace("folder: source }", "folder: source/ }", StringComparison.Ordinal));
        File.WriteAllText(Path.Join(bench.Live, "entry.txt"), Now);
        var run = await bench.ToGateAsync((await bench.StartAsync()).Id);
        Assert.Equal(["entry.txt"], Directory.GetFileSystemEntries(bench.Live).Select(Path.GetFileName));
        _ = await bench.ApproveAsync(run.Id);
        Assert.Equal(Old, bench.Entry());
        Assert.Equal([$"source.before-{run.Id}"], bench.Beside());
    }

    [Fact]
    public async Task Two_recoveries_by_one_strategy_do_not_go_side_by_side_and_a_repeated_request_is_the_same()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        var run = await bench.StartAsync();
        Assert.Equal(run.Id, (await bench.StartAsync()).Id);
        var refusal = await Assert.ThrowsAsync<RecoveryStateException>(() => bench.StartAsync("another"));
        Assert.Contains(run.Id, refusal.Message, StringComparison.Ordinal);
        Assert.Single(await bench.Office.Recoveries.ListOpenAsync(default).ToListAsync());

        // A drill touches nothing live.
        var drill = await bench.UntilClosedAsync((await bench.DrillAsync()).Id);
        Assert.Equal(RecoveryState.Completed, drill.State);
        await bench.DecideAsync(run.Id, RecoveryDecision.Abort);
        _ = await bench.UntilClosedAsync(run.Id);
        Assert.Equal(RecoveryState.Running, (await bench.StartAsync("another")).State);
    }

    /// <summary>The second comes between the two writes of the first, and takes it for one that a crash cut off.</summary>
    [Theory]
    [InlineData("recoveryindex")]
    [InlineData("recoveries")]
    public async Task Of_two_that_begin_in_the_same_instant_at_most_one_goes_on(string table)
    {
        await using var bench = await RecoveryBench.OpenAsync();
        var isFirst = true;
        RecoveryRun? second = null;
        var writes = 0;
        bench.Office.Records.Before = async (written, _) =>
        {
            if (isFirst && string.Equals(written, table, StringComparison.OrdinalIgnoreCase) && (table == "recoveries" || ++writes == 2))
            {
                isFirst = false;
                try
                {
                    second = await bench.StartAsync("second");
                }
                catch (RecoveryStateException)
                {
                    // Refused, which is well.
                }
            }
        };
        try
        {
            _ = await bench.StartAsync("first");
        }
        catch (RecoveryStateException)
        {
            // This one, or the other.
        }

        Assert.False(isFirst, "The second never began.");
        var open = await bench.Office.Recoveries.ListOpenAsync(default).ToListAsync();
        Assert.True(open.Count(static run => run.State == RecoveryState.Running) <= 1, MaintenanceJson.Write(open));
    }

    [Fact]
    public async Task The_newest_proven_state_at_or_before_the_instant_is_restored_and_never_another()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        File.WriteAllText(Path.Join(bench.Live, "entry.txt"), "born 1994-03-02, died 2011-07-30");
        var second = await bench.BackUpAsync();
        bench.Office.Clock.Advance(TimeSpan.FromHours(1));
        var at = second.RecoveryPoint!.Value;
        Assert.Equal(second.Id, await SourceAsync(at));
        Assert.Equal("nightly_20261122T020000Z", await SourceAsync(at.AddTicks(-1)));
        Assert.Equal(second.Id, await SourceAsync(null));
        var refusal = await Assert.ThrowsAsync<NoRecoveryPointException>(() => SourceAsync(at.AddDays(-1)));
        Assert.Contains("2026-11-22 02:00:00Z (nightly_20261122T020000Z)", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NoRecoveryPointException>(() => bench.StartAsync(more: request => request with { PointInTime = at.AddDays(-1) }));
        Assert.Empty(await bench.Office.Recoveries.ListAsync(default).ToListAsync());

        var run = await bench.ToGateAsync((await bench.StartAsync(more: request => request with { PointInTime = at.AddTicks(-1) })).Id);
        Assert.Equal(Old, File.ReadAllText(Path.Join(run.Step("restore").Isolated!, "entry.txt")));
        async Task<string> SourceAsync(DateTimeOffset? wanted) => (await bench.Office.Recoveries.SourcesAsync("register", wanted, null, default))["restore"].Snapshot;
    }

    [Fact]
    public async Task It_is_restored_from_a_copy_where_the_repository_itself_is_damaged()
    {
        await using var bench = await RecoveryBench.OpenAsync(static plan => plan
            .Replace("notify: [administrator] }\npriorities", "copies: [away], notify: [administrator] }\nrepository:\n  copies: [{ id: away, folder: away, media: disk, offSite: true }]\npriorities", StringComparison.Ordinal));
        _ = await bench.Office.RepositoryActivities.CopyRepositoryAsync(new CopyRepositoryRequest("copy_1", "away"), default);
        foreach (var pack in Directory.GetFiles(Path.Join(bench.Office.Folder, "objects", "packs"), "*", SearchOption.AllDirectories))
        {
            File.Delete(pack);
        }

        var run = await bench.ToGateAsync((await bench.StartAsync(more: static request => request with { Copy = "away" })).Id);
        Assert.Equal(Old, File.ReadAllText(Path.Join(run.Step("restore").Isolated!, "entry.txt")));
        await bench.DecideAsync(run.Id, RecoveryDecision.Abort);
        _ = await bench.UntilClosedAsync(run.Id);
        var stays = await bench.UntilAsync((await bench.StartAsync("from the repository")).Id, "restore", RecoveryStepState.Failed);
        Assert.Contains("could not be restored", stays.Step("restore").Result, StringComparison.Ordinal);
        Assert.Equal(Old, bench.Entry());
    }

    [Fact]
    public async Task Who_may_not_decide_changes_nothing()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        var cat = bench.Office.Plan.Current.FindPerson("cat")!;
        var run = await bench.UntilAsync((await bench.StartAsync()).Id, "look", RecoveryStepState.Waiting);
        await Assert.ThrowsAsync<RecoveryForbiddenException>(() => bench.DecideAsync(run.Id, "look", StepDecision.Confirm, cat));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => bench.DecideAsync(run.Id, "nonsense", StepDecision.Confirm, cat));
        await Assert.ThrowsAsync<RecoveryForbiddenException>(() => bench.Office.Recoveries.DecideAsync(run.Id, "gate", StepDecision.Approve, null, null, default));
        await Assert.ThrowsAsync<RecoveryStateException>(() => bench.DecideAsync(run.Id, "gate", StepDecision.Approve, cat));
        await Assert.ThrowsAsync<RecoveryStateException>(() => bench.DecideAsync(run.Id, RecoveryDecision.Resume));
        Assert.Null(await bench.Office.Recoveries.DecideAsync("R-9", RecoveryDecision.Abort, "ann", "x", default));
        Assert.Equal(MaintenanceJson.Write(run), MaintenanceJson.Write(await bench.Office.Recoveries.FindAsync(run.Id, default)));
    }

    /// <summary>What is decided while nobody waits yet is not lost: an event is kept until somebody does.</summary>
    [Fact]
    public async Task A_decision_of_the_instant_in_which_a_step_begins_to_wait_is_kept()
    {
        await using var bench = await RecoveryBench.OpenAsync();
        var run = await bench.UntilAsync((await bench.StartAsync()).Id, "look", RecoveryStepState.Waiting);

        // People decide as soon as the record says that the step waits: before the workflow itself has written that it does.
        bench.Office.Records.After = async partition =>
        {
            if (partition == run.Id && (await bench.Office.Recoveries.FindAsync(run.Id, default))!.Step("gate").State == RecoveryStepState.Waiting)
            {
                bench.Office.Records.After = null;
                await bench.DecideAsync(run.Id, "gate", StepDecision.Approve, bench.Ann);
                await bench.DecideAsync(run.Id, "gate", StepDecision.Approve, bench.Ben);
            }
        };
        await bench.DecideAsync(run.Id, "look", StepDecision.Confirm, bench.Ben);
        var at = bench.Office.Clock.Now;
        run = await bench.UntilAsync(run.Id, "gate", RecoveryStepState.Done);
        Assert.Null(bench.Office.Records.After);
        Assert.Equal((2, at), (run.Step("gate").Votes.Count, run.Step("gate").EndedAt));
    }

    /// <summary>A workflow that is resumed by two at the same time is one workflow.</summary>
    [Fact]
    public async Task What_two_resume_at_once_goes_on_once()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + RecoveryBench.Strategy);
        var backup = await office.Backups.StartAsync("nightly", default);
        var reference = new BackupRunRef(backup.Policy, backup.Id);
        var taken = await office.Activities.TakeSnapshotAsync(reference, default);
        _ = await office.Activities.RecordBackupAsync(new BackupResult(reference, taken, [], null), default);
        var run = await office.Recoveries.StartAsync(new NewRecovery(RecoveryKind.Recovery, "register", "Lost."), "ann", "key", default);
        office.Workflows.Known[run.Workflow] = office.Workflows.Known[run.Workflow] with { State = Maintenance.Workflows.WorkflowState.Failed };
        office.Workflows.Started.Clear();
        var isFirst = true;
        office.Records.Before = async (table, partition) =>
        {
            if (table == "recoveries" && partition == run.Id && isFirst)
            {
                isFirst = false;
                _ = await office.Recoveries.DecideAsync(run.Id, RecoveryDecision.Resume, "ann", "", default);
            }
        };
        _ = await office.Recoveries.DecideAsync(run.Id, RecoveryDecision.Resume, "ben", "", default);
        Assert.Equal([$"recovery_{run.Id}_2"], office.Workflows.Started);
        Assert.Equal(2, (await office.Recoveries.FindAsync(run.Id, default))!.Generation);
    }

    private static string Seen(string folder) =>
        string.Join('\n', Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order().Select(static file => $"{file} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexString(File.ReadAllBytes(file))}"));
}

file static class Steps
{
    public static async Task<RecoveryRun> ToRecoveredAfterAsync(this RecoveryBench bench, string id)
    {
        _ = await bench.UntilAsync(id, "open", RecoveryStepState.Waiting);
        await bench.DecideAsync(id, "open", StepDecision.Confirm, bench.Ben);
        return await bench.UntilAsync(id, static run => run.State == RecoveryState.Recovered);
    }
}
