using System.Security.Cryptography;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Workflows;

namespace Maintenance.Tests.Services;

public sealed class BackupServiceTests
{
    [Fact]
    public async Task A_policy_that_never_ran_is_taken_at_the_first_tick_and_only_then()
    {
        await using var office = await Office.OpenAsync();
        var run = Assert.Single(await office.Backups.TakeDueAsync(default));
        Assert.Equal(BackupTrigger.NeverProven, run.Trigger);
        Assert.Empty(await office.Backups.TakeDueAsync(default));
        Assert.Equal([run.Workflow], office.Workflows.Started);
    }

    [Fact]
    public async Task Of_many_ticks_at_once_one_claims_the_occurrence()
    {
        await using var office = await Office.OpenAsync();
        var started = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => office.Backups.TakeDueAsync(default))));
        Assert.Single(started.SelectMany(static runs => runs));
        Assert.Single(office.Workflows.Started);
    }

    [Fact]
    public async Task A_claim_whose_workflow_was_never_started_is_started_by_the_next_tick()
    {
        await using var office = await Office.OpenAsync();
        office.Workflows.IsCut = true;
        await Assert.ThrowsAsync<AggregateException>(() => office.Backups.TakeDueAsync(default));
        office.Workflows.IsCut = false;
        Assert.Empty(await office.Backups.TakeDueAsync(default));
        Assert.Single(office.Workflows.Started);
        Assert.Single(await office.Backups.RunsAsync("nightly", default).ToListAsync());
    }

    [Fact]
    public async Task A_run_whose_workflow_failed_is_ended_as_failed_so_that_the_next_can_run()
    {
        await using var office = await Office.OpenAsync();
        var run = Assert.Single(await office.Backups.TakeDueAsync(default));
        office.Workflows.Known[run.Workflow] = office.Workflows.Known[run.Workflow] with { State = WorkflowState.Failed, Error = "history does not match" };
        Assert.Empty(await office.Backups.TakeDueAsync(default));
        var ended = await office.Backups.FindRunAsync(run.Id, default);
        Assert.Equal(BackupRunState.Failed, ended!.State);
        Assert.Contains("history does not match", Assert.Single(ended.Problems!), StringComparison.Ordinal);
        office.Clock.Advance(BackupPlanning.RetryAfter(1) + TimeSpan.FromSeconds(1));
        Assert.Single(await office.Backups.TakeDueAsync(default));
    }

    [Fact]
    public async Task A_run_goes_from_claim_to_proof_and_restores_as_it_was()
    {
        await using var office = await Office.OpenAsync();
        var proven = await RunAsync(office);
        Assert.Equal(BackupRunState.Proven, proven.State);
        Assert.Equal(1, proven.Files);
        var status = await office.Backups.StatusAsync("nightly", default);
        Assert.Null(status!.Running);
        Assert.Equal(proven.Id, status.Proven!.Id);

        var target = Path.Join(office.Folder, "out");
        var report = await office.Activities.RestoreSnapshotAsync(new RestoreSnapshotRequest("restore_x_1", proven.Id, target), default);
        Assert.Empty(report.Losses);
        Assert.Equal("born 1994-03-02", await File.ReadAllTextAsync(Path.Join(target, "entry.txt")));

        // The step may run again after it has ended: it finds what it left. Anything else in the target is never written over.
        Assert.Empty((await office.Activities.RestoreSnapshotAsync(new RestoreSnapshotRequest("restore_x_1", proven.Id, target), default)).Losses);
        await File.WriteAllTextAsync(Path.Join(target, "other.txt"), "mine");
        await Assert.ThrowsAsync<TargetNotEmptyException>(() => office.Activities.RestoreSnapshotAsync(new RestoreSnapshotRequest("restore_x_1", proven.Id, target), default));
    }

    [Fact]
    public async Task Recording_a_result_twice_counts_one_failure_and_tells_people_once()
    {
        await using var office = await Office.OpenAsync();
        var run = Assert.Single(await office.Backups.TakeDueAsync(default));
        var result = new BackupResult(new BackupRunRef(run.Policy, run.Id), null, null, "The source folder does not exist.");
        _ = await office.Activities.RecordBackupAsync(result, default);
        _ = await office.Activities.RecordBackupAsync(result, default);
        office.Notifier.OutOfReach.Add("mail:ann@registry.example");
        _ = await office.Activities.ReportBackupAsync(result.Run, default);
        office.Notifier.OutOfReach.Clear();
        _ = await office.Activities.ReportBackupAsync(result.Run, default);
        Assert.Equal([$"backup/{run.Id} → log"], office.Notifier.Sent);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        _ = await office.Delivery.SweepAsync(default);
        _ = await office.Activities.ReportBackupAsync(result.Run, default);
        Assert.Equal(1, (await office.Backups.StatusAsync("nightly", default))!.Failures);
        Assert.Equal([$"backup/{run.Id} → log", $"backup/{run.Id} → mail:ann@registry.example"], office.Notifier.Sent);
    }

    [Fact]
    public async Task A_schedule_that_meets_a_run_of_the_same_second_does_not_try_for_ever()
    {
        await using var office = await Office.OpenAsync();
        _ = await RunAsync(office); // 02:00:00
        office.Clock.Advance(TimeSpan.FromMinutes(59) + TimeSpan.FromSeconds(59.5)); // 02:59:59.5
        var first = await office.Backups.StartAsync("nightly", default); // of 02:59:59
        await EndAsync(office, first);
        var second = await office.Backups.StartAsync("nightly", default); // of 03:00:00, the occurrence's own second, claimed before it
        Assert.Equal("nightly_20261122T030000Z", second.Id);
        await EndAsync(office, second);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await office.Backups.TakeDueAsync(default));
        Assert.True((await office.Backups.StatusAsync("nightly", default))!.ConsideredUpTo >= new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Asking_while_a_run_is_under_way_gives_that_run()
    {
        await using var office = await Office.OpenAsync();
        var run = await office.Backups.StartAsync("nightly", default);
        Assert.Equal(run.Id, (await office.Backups.StartAsync("nightly", default)).Id);
        var error = await Assert.ThrowsAsync<KeyNotFoundException>(() => office.Backups.StartAsync("nightyl", default));
        Assert.Contains("nightly", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_with_a_problem_is_kept_and_not_proven()
    {
        await using var office = await Office.OpenAsync();
        var run = Assert.Single(await office.Backups.TakeDueAsync(default));
        var reference = new BackupRunRef(run.Policy, run.Id);
        var taken = await office.Activities.TakeSnapshotAsync(reference, default);
        var ended = await office.Activities.RecordBackupAsync(new BackupResult(reference, taken with { Problems = ["pipe: left out"] }, [], null), default);
        Assert.Equal(BackupRunState.Unproven, ended.State);
        Assert.Null((await office.Backups.StatusAsync("nightly", default))!.Proven);
        Assert.NotNull(await (await office.Repositories.OpenAsync(default)).FindAsync(run.Id, default));
    }

    [Fact]
    public async Task Damage_is_found_named_and_costs_only_its_own_file()
    {
        await using var office = await Office.OpenAsync();
        await File.WriteAllTextAsync(Path.Join(office.Source, "other.txt"), "died 2011-07-30");
        var random = RandomNumberGenerator.GetBytes(600_000);
        await File.WriteAllBytesAsync(Path.Join(office.Source, "entry.txt"), random);
        var run = await RunAsync(office);
        var pack = Directory.GetFiles(Path.Join(office.Folder, "objects", "packs"), "*", SearchOption.AllDirectories).MaxBy(static file => new FileInfo(file).Length)!;
        await using (var file = new FileStream(pack, FileMode.Open))
        {
            file.Position = 100_000;
            file.WriteByte((byte)~random[0]);
            file.WriteByte((byte)~random[0]);
        }

        var verified = await office.RepositoryActivities.VerifyRepositoryAsync(new VerifyRepositoryRequest("verify_x_1", 100), default);
        Assert.Contains($"{run.Id}:entry.txt", Assert.Single(verified.Findings).Paths);
        Assert.Equal([run.Id], verified.Damaged);
        Assert.NotNull((await office.Backups.FindRunAsync(run.Id, default))!.DamagedAt);
        Assert.Null((await office.Backups.StatusAsync("nightly", default))!.Proven);
        Assert.NotEmpty(await office.Activities.ProveSnapshotAsync(new BackupRunRef(run.Policy, run.Id), default));
        var target = Path.Join(office.Folder, "out");
        var report = await office.Activities.RestoreSnapshotAsync(new RestoreSnapshotRequest("restore_x_1", run.Id, target), default);
        Assert.Contains("entry.txt", Assert.Single(report.Losses), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(target, "entry.txt")));
        Assert.Equal("died 2011-07-30", await File.ReadAllTextAsync(Path.Join(target, "other.txt")));

        // What was found damaged is stored again by the next backup, which heals the snapshot before it, too.
        office.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(BackupRunState.Proven, (await RunAsync(office)).State);
        Assert.Empty(await office.Activities.ProveSnapshotAsync(new BackupRunRef(run.Policy, run.Id), default));
    }

    [Fact]
    public async Task Two_restores_to_one_target_at_once_give_one_whole_folder_and_one_refusal()
    {
        await using var office = await Office.OpenAsync();
        for (var i = 0; i < 300; i++)
        {
            await File.WriteAllTextAsync(Path.Join(office.Source, $"entry {i}.txt"), $"entry {i}");
        }

        var run = await RunAsync(office);
        var target = Path.Join(office.Folder, "out");
        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(async () =>
        {
            try
            {
                return (await office.Activities.RestoreSnapshotAsync(new RestoreSnapshotRequest($"restore_x_{i}", run.Id, target), default)).Losses.Count;
            }
            catch (IOException)
            {
                return -1;
            }
        })));
        Assert.Contains(0, results);
        Assert.DoesNotContain(results, static damage => damage > 0);
        Assert.Equal(301, Directory.EnumerateFiles(target).Count());
    }

    [Fact]
    public async Task A_folder_that_happens_to_look_like_a_restore_under_way_is_left_alone()
    {
        await using var office = await Office.OpenAsync();
        var run = await RunAsync(office);
        var other = Directory.CreateDirectory(Path.Join(office.Folder, "out.restoring")).FullName;
        await File.WriteAllTextAsync(Path.Join(other, "mine.txt"), "mine");
        _ = await office.Activities.RestoreSnapshotAsync(new RestoreSnapshotRequest("restore_x_1", run.Id, Path.Join(office.Folder, "out")), default);
        Assert.True(File.Exists(Path.Join(other, "mine.txt")));
    }

    [Fact]
    public async Task A_policy_that_cannot_be_looked_at_holds_up_no_other()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan.Replace(
            "\npriorities:",
            "\n  - { id: aa, service: register, source: { folder: source }, schedule: \"0 0 4 * * *\", notify: [ann] }\npriorities:",
            StringComparison.Ordinal));
        _ = await office.Records.WriteAsync(Maintenance.Storage.Tables.Backups, "nightly", [Maintenance.Storage.RecordWrite.Put("status", "{\"of\":\"another version\"}")], default);
        var failure = await Assert.ThrowsAsync<AggregateException>(() => office.Backups.TakeDueAsync(default));
        Assert.Single(failure.InnerExceptions);
        Assert.StartsWith("backup_aa_", Assert.Single(office.Workflows.Started), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_runs_are_found_however_long_ago_they_were()
    {
        await using var office = await Office.OpenAsync();
        var ids = new List<string>();
        foreach (var gap in new[] { 0.0, 1, 3, 40, 400 })
        {
            office.Clock.Advance(TimeSpan.FromDays(gap));
            ids.Insert(0, (await RunAsync(office)).Id);
        }

        office.Clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal(ids, (await office.Backups.NewestAsync("nightly", 100, default)).Select(static run => run.Id));
        Assert.Equal(ids[..2], (await office.Backups.NewestAsync("nightly", 2, default)).Select(static run => run.Id));
    }

    [Fact]
    public async Task The_source_folder_itself_comes_back_with_its_mode_and_time()
    {
        await using var office = await Office.OpenAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(office.Source, (UnixFileMode)Convert.ToInt32("751", 8));
        }

        var time = new DateTime(2011, 7, 30, 12, 0, 0, DateTimeKind.Utc);
        Directory.SetLastWriteTimeUtc(office.Source, time);
        var run = await RunAsync(office);
        var target = Path.Join(office.Folder, "out");
        _ = await office.Activities.RestoreSnapshotAsync(new RestoreSnapshotRequest("restore_x_1", run.Id, target), default);
        Assert.Equal(time, Directory.GetLastWriteTimeUtc(target));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal("751", Convert.ToString((int)File.GetUnixFileMode(target), 8));
        }
    }

    private static async Task<BackupRun> RunAsync(Office office) => await EndAsync(office, await office.Backups.StartAsync("nightly", default));

    private static async Task<BackupRun> EndAsync(Office office, BackupRun run)
    {
        var reference = new BackupRunRef(run.Policy, run.Id);
        var taken = await office.Activities.TakeSnapshotAsync(reference, default);
        var differences = await office.Activities.ProveSnapshotAsync(reference, default);
        return await office.Activities.RecordBackupAsync(new BackupResult(reference, taken, differences, null), default);
    }
}
