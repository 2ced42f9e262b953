using Maintenance.Status;
using MaintenanceFunctions.Tests.App;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Tests.Triggers;

public sealed class TimerFunctionTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public static TheoryData<string> Timers => [.. TimerService.All];

    [Theory]
    [MemberData(nameof(Timers))]
    public async Task A_timer_function_runs_its_own_timer(string timer)
    {
        await _app.CallAsync(FunctionCatalogue.Named(timer), new TimerInfo());

        var beats = (await _app.GetAsync("/api/status")).GetProperty("timers").EnumerateArray().Select(static beat => beat.GetProperty("timer").GetString());
        Assert.Equal([timer], beats);
    }

    [Fact]
    public async Task A_due_backup_is_started_once_however_often_the_timer_ticks()
    {
        for (var tick = 0; tick < 3; tick++)
        {
            await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo { IsPastDue = tick > 0 });
            _app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal("BackupWorkflow", Assert.Single(_app.Durable.Scheduled).Name);
    }

    [Fact]
    public async Task A_recovery_whose_workflow_was_never_started_is_started_and_a_due_drill_begins_once()
    {
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());
        _ = await _app.Orchestrate<Maintenance.Backups.BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!).Run;
        using var started = await _app.SendAsync("POST", "/api/recoveries", "ann@registry.example", new { strategy = "register", reason = "Lost" });
        _app.Durable.Instances.Clear();
        await _app.CallAsync(FunctionCatalogue.Named("SweepRecoveries"), new TimerInfo());
        Assert.Equal(["recovery_R-1001", "recovery_R-1001"], _app.Durable.Scheduled.Skip(1).Select(static start => start.Options.InstanceId));

        await _app.CallAsync(FunctionCatalogue.Named("StartDueDrills"), new TimerInfo());
        _app.Clock.Advance(TimeSpan.FromDays(1));
        for (var tick = 0; tick < 3; tick++)
        {
            await _app.CallAsync(FunctionCatalogue.Named("StartDueDrills"), new TimerInfo());
        }

        Assert.Equal("recovery_R-1002", _app.Durable.Scheduled.Skip(3).Single().Options.InstanceId);
    }

    [Fact]
    public async Task An_approval_whose_workflow_was_never_started_is_started()
    {
        var patch = new { title = "OpenSSL 3.5.9", description = "Mends a hole.", type = "normal", severity = "high", service = "register" };
        using var requested = await _app.SendAsync("POST", "/api/patches", "ann@registry.example", patch);
        _app.Durable.Instances.Clear();

        await _app.CallAsync(FunctionCatalogue.Named("SweepApprovals"), new TimerInfo());

        Assert.Equal(["PatchApprovalWorkflow", "PatchApprovalWorkflow"], _app.Durable.Scheduled.Select(static start => start.Name));
        Assert.Single(_app.Durable.Scheduled.Select(static start => start.Options.InstanceId).Distinct());
    }
}
