using Maintenance.Backups;
using Maintenance.Recovery;

namespace Maintenance.Tests.Services;

/// <summary>Recoveries whose process ends before any of their writes: what was decided is kept, what was begun goes on, nothing happens twice.</summary>
public sealed class RecoveryCutTests
{
    private static readonly NewRecovery Lost = new(RecoveryKind.Recovery, "register", "Lost.");

    [Fact]
    public async Task A_start_that_is_cut_off_before_any_write_is_one_recovery_when_it_is_asked_for_again()
    {
        var cuts = 0;
        for (; ; cuts++)
        {
            await using var office = await OpenAsync();
            office.Records.CutAfter(cuts);
            try
            {
                _ = await office.Recoveries.StartAsync(Lost, "ann", "key", default);
                break;
            }
            catch (CutOffException)
            {
                office.Records.Mend();
            }

            await office.Recoveries.SweepAsync(default);
            var run = await office.Recoveries.StartAsync(Lost, "ann", "key", default);
            Assert.Equal([run.Id], (await office.Recoveries.ListAsync(default).ToListAsync()).Select(static one => one.Id));
            Assert.Equal([run.Workflow], office.Workflows.Started);
            Assert.Equal($"Recovery {run.Id} restores from it.", (await office.Retention.FindHoldAsync(run.Step("restore").Source!.Snapshot, default))!.Reason);
            await Assert.ThrowsAsync<RecoveryStateException>(() => office.Recoveries.StartAsync(Lost, "ann", "another", default));
        }

        Assert.True(cuts >= 4, $"Only {cuts} writes.");
    }

    [Fact]
    public async Task What_a_start_that_nobody_repeats_leaves_behind_is_in_nobodys_way()
    {
        for (var cut = 0; cut < 5; cut++)
        {
            await using var office = await OpenAsync();
            office.Records.CutAfter(cut);
            await Assert.ThrowsAsync<CutOffException>(() => office.Recoveries.StartAsync(Lost, "ann", "key", default));
            office.Records.Mend();
            await office.Recoveries.SweepAsync(default);
            Assert.Empty(await office.Recoveries.ListOpenAsync(default).ToListAsync());
            Assert.Equal(RecoveryState.Running, (await office.Recoveries.StartAsync(Lost, "ann", "another", default)).State);
        }
    }

    [Fact]
    public async Task A_recovery_whose_workflow_was_never_started_is_started_by_the_sweep()
    {
        await using var office = await OpenAsync();
        office.Workflows.IsCut = true;
        await Assert.ThrowsAsync<CutOffException>(() => office.Recoveries.StartAsync(Lost, "ann", "key", default));
        office.Workflows.IsCut = false;
        await office.Recoveries.SweepAsync(default);
        await office.Recoveries.SweepAsync(default);
        Assert.Single(office.Workflows.Started);
        Assert.Empty(office.Workflows.Raised);
    }

    [Fact]
    public async Task A_decision_that_did_not_reach_its_workflow_wakes_it_at_the_next_sweep()
    {
        await using var office = await OpenAsync();
        var run = await WaitingAsync(office);
        office.Workflows.IsCut = true;
        await Assert.ThrowsAsync<CutOffException>(() => office.Recoveries.DecideAsync(run.Id, "look", StepDecision.Confirm, office.Plan.Current.FindPerson("ben"), null, default));
        office.Workflows.IsCut = false;
        Assert.Equal(RecoveryStepState.Done, (await office.Recoveries.FindAsync(run.Id, default))!.Step("look").State);
        await office.Recoveries.SweepAsync(default);
        Assert.Equal([$"{run.Workflow}/step-look"], office.Workflows.Raised);

        // Once the workflow has seen it, nobody is woken any more.
        Assert.Equal(StepTurn.Done, await office.RecoveryActivities.TakeAsync(new RecoveryStepRef(run.Id, "look"), default));
        await office.Recoveries.SweepAsync(default);
        Assert.Single(office.Workflows.Raised);
    }

    [Fact]
    public async Task An_abort_that_did_not_reach_its_workflow_wakes_what_waits_at_the_next_sweep()
    {
        await using var office = await OpenAsync();
        var run = await WaitingAsync(office);
        office.Workflows.IsCut = true;
        await Assert.ThrowsAsync<CutOffException>(() => office.Recoveries.DecideAsync(run.Id, RecoveryDecision.Abort, "ann", "No.", default));
        office.Workflows.IsCut = false;
        await office.Recoveries.SweepAsync(default);
        Assert.Equal([$"{run.Workflow}/step-look"], office.Workflows.Raised);
        Assert.Equal(StepTurn.Stop, await office.RecoveryActivities.TakeAsync(new RecoveryStepRef(run.Id, "look"), default));
    }

    /// <summary>The steps, each of them cut off before each of its writes and run again, as the engine does; whatever a person decides in between.</summary>
    [Theory]
    [InlineData(RecoveryState.Completed)]
    [InlineData(RecoveryState.Reverted)]
    [InlineData(RecoveryState.Aborted)]
    public async Task Whatever_write_of_whatever_step_is_the_last_it_comes_to_the_same_end(RecoveryState ending)
    {
        await using var office = await OpenAsync();
        File.WriteAllText(Path.Join(office.Source, "entry.txt"), "of today");
        var run = await office.Recoveries.StartAsync(Lost, "ann", "key", default);
        var steps = office.RecoveryActivities;
        var (ann, ben) = (office.Plan.Current.FindPerson("ann")!, office.Plan.Current.FindPerson("ben")!);
        _ = await CutAsync(office, () => steps.BeginAsync(new RecoveryRef(run.Id), default));
        await StepAsync("restore");
        await StepAsync("readable");
        await WaitAsync("look", () => office.Recoveries.DecideAsync(run.Id, "look", StepDecision.Confirm, ben, null, default));
        await WaitAsync("gate", async () =>
        {
            _ = await office.Recoveries.DecideAsync(run.Id, "gate", StepDecision.Approve, ann, null, default);
            return await office.Recoveries.DecideAsync(run.Id, "gate", StepDecision.Approve, ben, null, default);
        }, StepTurn.Run);
        Assert.Equal("of today", Entry());
        if (ending == RecoveryState.Aborted)
        {
            // In the middle of the cut-over: done, and not recorded.
            office.Records.CutAfter(1);
            await Assert.ThrowsAsync<CutOffException>(() => steps.RunAsync(new RecoveryStepRef(run.Id, "gate"), default));
            office.Records.Mend();
            Assert.Equal("born 1994-03-02", Entry());
            _ = await CutAsync(office, () => office.Recoveries.DecideAsync(run.Id, RecoveryDecision.Abort, "ann", "Stop it.", default), 1);
        }
        else
        {
            _ = await CutAsync(office, () => steps.RunAsync(new RecoveryStepRef(run.Id, "gate"), default));
            Assert.Equal(StepTurn.Done, await steps.TakeAsync(new RecoveryStepRef(run.Id, "gate"), default));
            await StepAsync("answers");
            await WaitAsync("open", () => office.Recoveries.DecideAsync(run.Id, "open", StepDecision.Confirm, ben, null, default));
            Assert.Equal(StepTurn.Wait, await CutAsync(office, () => steps.SettleAsync(new RecoveryRef(run.Id), default)));
            _ = await office.Recoveries.DecideAsync(run.Id, ending == RecoveryState.Completed ? RecoveryDecision.Confirm : RecoveryDecision.Revert, "ann", "So.", default);
        }

        Assert.Equal(StepTurn.Done, await steps.SettleAsync(new RecoveryRef(run.Id), default));
        Assert.Equal(ending, await CutAsync(office, () => steps.CloseAsync(new RecoveryRef(run.Id), default)));
        var isNew = ending == RecoveryState.Completed;
        Assert.Equal(isNew ? "born 1994-03-02" : "of today", Entry());
        string[] left = isNew ? [] : [$"source.reverted-{run.Id}"];
        Assert.Equal(left, FolderSwapTests.Beside(office.Source));
        Assert.Equal(["entry.txt"], Directory.GetFileSystemEntries(office.Source).Select(Path.GetFileName));
        Assert.Equal(["entry.txt"], left.SelectMany(name => Directory.GetFileSystemEntries(Path.Join(office.Folder, name))).Select(Path.GetFileName).DefaultIfEmpty("entry.txt"));
        var closed = (await office.Recoveries.FindAsync(run.Id, default))!;
        Assert.Equal(closed.Timeline.Count, closed.Timeline.DistinctBy(static entry => (entry.What, entry.By)).Count());
        Assert.Empty(await office.Recoveries.ListOpenAsync(default).ToListAsync());
        Assert.Null(await office.Retention.FindHoldAsync(run.Step("restore").Source!.Snapshot, default));
        Assert.Equal(RecoveryState.Running, (await office.Recoveries.StartAsync(Lost, "ann", "another", default)).State);

        string Entry() => File.ReadAllText(Path.Join(office.Source, "entry.txt"));
        async Task StepAsync(string step)
        {
            Assert.Equal(StepTurn.Run, await CutAsync(office, () => steps.TakeAsync(new RecoveryStepRef(run.Id, step), default)));
            _ = await CutAsync(office, () => steps.RunAsync(new RecoveryStepRef(run.Id, step), default));
            Assert.Equal(StepTurn.Done, await steps.TakeAsync(new RecoveryStepRef(run.Id, step), default));
        }

        async Task WaitAsync(string step, Func<Task<RecoveryRun?>> decide, StepTurn then = StepTurn.Done)
        {
            Assert.Equal(StepTurn.Wait, await CutAsync(office, () => steps.TakeAsync(new RecoveryStepRef(run.Id, step), default)));
            _ = await CutAsync(office, decide);
            Assert.Equal(then, await steps.TakeAsync(new RecoveryStepRef(run.Id, step), default));
        }
    }

    /// <summary>Does it again and again, each time with one more write, until it comes to its end.</summary>
    private static async Task<T> CutAsync<T>(Office office, Func<Task<T>> act, int from = 0)
    {
        for (var cut = from; ; cut++)
        {
            office.Records.CutAfter(cut);
            try
            {
                return await act();
            }
            catch (CutOffException)
            {
                Assert.True(cut < 60, "It does not end.");
            }
            finally
            {
                office.Records.Mend();
            }
        }
    }

    private static async Task<Office> OpenAsync()
    {
        var office = await Office.OpenAsync(Office.QuickPlan + RecoveryBench.Strategy);
        var backup = await office.Backups.StartAsync("nightly", default);
        var reference = new BackupRunRef(backup.Policy, backup.Id);
        var taken = await office.Activities.TakeSnapshotAsync(reference, default);
        _ = await office.Activities.RecordBackupAsync(new BackupResult(reference, taken, [], null), default);
        office.Workflows.Started.Clear();
        return office;
    }

    /// <summary>A recovery that waits at its step look.</summary>
    private static async Task<RecoveryRun> WaitingAsync(Office office)
    {
        var run = await office.Recoveries.StartAsync(Lost, "ann", "key", default);
        foreach (var step in new[] { "restore", "readable" })
        {
            _ = await office.RecoveryActivities.TakeAsync(new RecoveryStepRef(run.Id, step), default);
            _ = await office.RecoveryActivities.RunAsync(new RecoveryStepRef(run.Id, step), default);
            _ = await office.RecoveryActivities.TakeAsync(new RecoveryStepRef(run.Id, step), default);
        }

        Assert.Equal(StepTurn.Wait, await office.RecoveryActivities.TakeAsync(new RecoveryStepRef(run.Id, "look"), default));
        return (await office.Recoveries.FindAsync(run.Id, default))!;
    }
}
