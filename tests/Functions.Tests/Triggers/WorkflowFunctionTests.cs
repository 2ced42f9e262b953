using System.Net;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Patches;
using Maintenance.Recovery;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.App;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests.Triggers;

public sealed class WorkflowFunctionTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_backup_is_taken_into_the_container_proven_and_recorded()
    {
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());

        var (orchestration, run) = _app.Orchestrate<BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!);

        var ended = await run;
        Assert.Equal((BackupRunState.Proven, 1, null), (ended.State, ended.Files, ended.Problems));
        Assert.Equal("proven", orchestration.Status);
        Assert.NotEmpty(_app.Blobs.Blobs);
        Assert.False(Directory.Exists(Path.Join(_app.Folder, ".scratch", ended.Id)));
        var recorded = Assert.Single((await _app.GetAsync("/api/backups/nightly/runs")).EnumerateArray());
        Assert.Equal((ended.Id, "proven"), (recorded.GetProperty("id").GetString(), recorded.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_backup_whose_source_is_gone_is_recorded_as_failed_after_every_try()
    {
        Directory.Delete(Path.Join(_app.Folder, "register"), recursive: true);
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());

        var (_, run) = _app.Orchestrate<BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!);

        var ended = await run;
        Assert.Equal(BackupRunState.Failed, ended.State);
        Assert.Contains("register", Assert.Single(ended.Problems!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_verified_by_request()
    {
        var taken = await TakeBackupAsync();

        using var verification = await _app.SendAsync("POST", $"/api/snapshots/{taken.Id}/verifications", "ann@registry.example");

        Assert.Equal(HttpStatusCode.Accepted, verification.StatusCode);
        var verified = await _app.Orchestrate<VerifyReport>("VerifyWorkflow", _app.Durable.Scheduled[1].Input!).Run;
        Assert.Equal((1, true), (verified.Snapshots, verified.IsClean));
        Assert.Equal(verified.Packs, verified.PacksRead);
    }

    [Fact]
    public async Task A_restore_that_nobody_could_fetch_is_refused()
    {
        var taken = await TakeBackupAsync();

        using var restore = await _app.SendAsync("POST", $"/api/snapshots/{taken.Id}/restores", "ann@registry.example", new { target = "again" });

        Assert.True(restore.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotImplemented, restore.StatusCode.ToString());
        Assert.Contains("nowhere to restore to", await restore.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("BackupWorkflow", Assert.Single(_app.Durable.Scheduled).Name);
    }

    [Fact]
    public async Task A_person_restores_into_a_container_and_never_into_a_folder()
    {
        var taken = await TakeBackupAsync();
        using var folder = await _app.SendAsync("POST", "/api/backups/nightly/restores", "ann@registry.example", new { target = Path.Join(_app.Folder, "again") });
        using var stranger = await _app.SendAsync("POST", "/api/backups/nightly/restores", "ann@registry.example", new { target = "container:https://evil.example/restored" });

        using var container = await _app.SendAsync("POST", "/api/backups/nightly/restores", "ann@registry.example", new { target = "container:https://other.blob.core.windows.net/restored" });

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Accepted), (folder.StatusCode, stranger.StatusCode, container.StatusCode));
        var request = Assert.IsType<RestoreSnapshotRequest>(_app.Durable.Scheduled[1].Input);
        Assert.Equal((taken.Id, "container:https://other.blob.core.windows.net/restored"), (request.Snapshot, request.Target));
    }

    [Fact]
    public async Task Whatever_looks_after_the_repository_runs_as_an_orchestration()
    {
        var taken = await TakeBackupAsync();

        var proven = await _app.Orchestrate<BackupRun>("ProofWorkflow", new BackupRunRef("nightly", taken.Id)).Run;
        var pruned = await _app.Orchestrate<PruneReport>("PruneWorkflow", new PruneRepositoryRequest("prune_1")).Run;
        var kept = await _app.Orchestrate<RetentionReport>("RetentionWorkflow", new ApplyRetentionRequest("retention_1", "nightly")).Run;

        Assert.Equal((BackupRunState.Proven, 0, 1), (proven.State, pruned.DeletedPacks, kept.Kept));
        Assert.Equal("prune", Assert.Single((await _app.GetAsync("/api/repository")).GetProperty("care").EnumerateArray()).GetProperty("task").GetString());
    }

    [Fact]
    public async Task The_restore_workflow_restores_into_its_folder()
    {
        var taken = await TakeBackupAsync();
        var target = Path.Join(_app.Folder, "again");

        var restored = await _app.Orchestrate<RestoreReport>("RestoreWorkflow", new RestoreSnapshotRequest(FakeOrchestration.Instance, taken.Id, target)).Run;

        Assert.Equal((1, 0), (restored.Files, restored.LossCount));
        Assert.Equal("1;Akinyi\n2;Baraka\n", await File.ReadAllTextAsync(Path.Join(target, "births", "2026.csv")));
    }

    [Fact]
    public async Task A_backup_that_keeps_ending_its_worker_is_given_up_recorded_as_failed_and_told()
    {
        for (var death = 0; death < AttemptLedger.MostUnended; death++)
        {
            await AttemptLedgerTests.DieAsync(_app.Services.GetRequiredService<AttemptLedger>(), FakeOrchestration.Instance, "TakeSnapshotSlice");
        }

        var ended = await TakeBackupAsync();

        Assert.Equal(BackupRunState.Failed, ended.State);
        Assert.Contains("ended its worker 6 times", Assert.Single(ended.Problems!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_in_the_container_is_found()
    {
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());
        var taken = await _app.Orchestrate<BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!).Run;
        var pack = _app.Blobs.Blobs.Keys.First(static name => name.StartsWith("packs/", StringComparison.Ordinal));
        Assert.True(_app.Blobs.Blobs.TryRemove(pack, out _));

        var verified = await _app.Orchestrate<VerifyReport>("VerifyWorkflow", new VerifyRepositoryRequest(FakeOrchestration.Instance, 100)).Run;

        Assert.Contains(verified.Findings, static finding => finding.IsLoss);
        Assert.Equal([taken.Id], verified.Damaged);
    }

    [Fact]
    public async Task A_patch_is_approved_by_enough_votes()
    {
        var id = await RequestPatchAsync();
        var (orchestration, run) = _app.Orchestrate<Decision>("PatchApprovalWorkflow", Assert.Single(_app.Durable.Scheduled).Input!);
        Assert.Equal("waiting for votes", orchestration.Status);

        await VoteAsync(id, "ben@registry.example", HttpStatusCode.OK);
        Assert.Empty(_app.Durable.Raised);
        await VoteAsync(id, "cy@registry.example", HttpStatusCode.OK);
        WakeBy(orchestration);

        var decision = await run;
        Assert.Equal((ApprovalOutcome.Approved, "approved"), (decision.Outcome, orchestration.Status));
        var stored = (await _app.GetAsync("/api/patches/" + id)).GetRawText();
        Assert.Contains("\"approved\"", stored, StringComparison.Ordinal);
        Assert.Empty((await _app.GetAsync("/api/patches")).EnumerateArray());
    }

    [Fact]
    public async Task A_patch_that_too_few_vote_on_expires()
    {
        var id = await RequestPatchAsync();
        var (orchestration, run) = _app.Orchestrate<Decision>("PatchApprovalWorkflow", Assert.Single(_app.Durable.Scheduled).Input!);
        await VoteAsync(id, "ben@registry.example", HttpStatusCode.OK);

        _app.Clock.Advance(TimeSpan.FromHours(4));
        orchestration.AdvanceTo(_app.Clock.Now.UtcDateTime);

        Assert.Equal(ApprovalOutcome.Expired, (await run).Outcome);
        await VoteAsync(id, "cy@registry.example", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Who_asks_for_a_patch_does_not_vote_on_it()
    {
        var id = await RequestPatchAsync();

        await VoteAsync(id, "ann@registry.example", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_service_is_restored_approved_cut_over_and_confirmed()
    {
        _ = await TakeBackupAsync();
        var live = Path.Join(_app.Folder, "register");
        var births = Path.Join(live, "births", "2026.csv");
        await File.WriteAllTextAsync(births, "overwritten");
        using var started = await _app.SendAsync("POST", "/api/recoveries", "ann@registry.example", new { strategy = "register", reason = "Overwritten" });
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        var (name, input, options) = _app.Durable.Scheduled[1];
        Assert.Equal(("RecoveryWorkflow", "recovery_R-1001"), (name, options.InstanceId));
        var (orchestration, run) = _app.Orchestrate<RecoveryState>("RecoveryWorkflow", input!);
        Assert.Equal("gate", orchestration.Status);
        Assert.Equal("overwritten", await File.ReadAllTextAsync(births));

        await DecideAsync("/steps/gate", "ben@registry.example", "approve", HttpStatusCode.OK);
        orchestration.Raise(_app.Durable.Raised[^1].EventName);
        Assert.Equal("1;Akinyi\n2;Baraka\n", await File.ReadAllTextAsync(births));
        await DecideAsync("", "ben@registry.example", "confirm", HttpStatusCode.Forbidden);
        await DecideAsync("", "ann@registry.example", "confirm", HttpStatusCode.OK);
        orchestration.Raise(_app.Durable.Raised[^1].EventName);

        Assert.Equal(RecoveryState.Completed, await run);
        Assert.Equal(["step-gate", "settled"], _app.Durable.Raised.Select(static raised => raised.EventName));
        Assert.Equal([live], Directory.GetDirectories(_app.Folder, "register*"));
    }

    [Fact]
    public async Task A_drill_restores_into_a_scratch_folder_and_notices_a_missing_pack()
    {
        _ = await TakeBackupAsync();
        foreach (var (fault, index) in new[] { ((string?)null, 1), ("missingPack", 2) })
        {
            using var started = await _app.SendAsync("POST", "/api/drills", "ann@registry.example", new { strategy = "register", fault });
            Assert.Equal(HttpStatusCode.Created, started.StatusCode);
            Assert.Equal(RecoveryState.Completed, await _app.Orchestrate<RecoveryState>("RecoveryWorkflow", _app.Durable.Scheduled[index].Input!).Run);
        }

        var noticed = await _app.GetAsync("/api/recoveries/R-1002");
        Assert.StartsWith("The fault was noticed", noticed.GetProperty("ending").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private async Task DecideAsync(string path, string email, string decision, HttpStatusCode expected)
    {
        using var answer = await _app.SendAsync("POST", $"/api/recoveries/R-1001{path}/decisions", email, new { decision });
        Assert.True(answer.StatusCode == expected, await answer.Content.ReadAsStringAsync());
    }

    private async Task<BackupRun> TakeBackupAsync()
    {
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());
        return await _app.Orchestrate<BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!).Run;
    }

    private async Task<string> RequestPatchAsync()
    {
        using var answer = await _app.SendAsync(
            "POST",
            "/api/patches",
            "ann@registry.example",
            new { title = "OpenSSL 3.5.9", description = "Mends a hole; rolled back by the old package.", type = "normal", severity = "high", service = "register" });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.OriginalString.Split('/')[^1];
    }

    private async Task VoteAsync(string id, string email, HttpStatusCode expected)
    {
        using var answer = await _app.SendAsync("POST", $"/api/patches/{id}/votes", email, new { choice = "approve" });
        Assert.True(answer.StatusCode == expected, await answer.Content.ReadAsStringAsync());
    }

    private void WakeBy(FakeOrchestration orchestration)
    {
        var (instance, name) = Assert.Single(_app.Durable.Raised);
        Assert.Equal(_app.Durable.Scheduled[0].Options.InstanceId, instance);
        orchestration.Raise(name);
    }
}
