using Azure;
using Maintenance.Plan;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Tests.App;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests.Hosting;

public sealed class FreshPlanTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private TestApp _app = null!;

    private FreshPlan Fresh => _app.Services.GetRequiredService<FreshPlan>();

    private ActivePlan Plan => _app.Services.GetRequiredService<ActivePlan>();

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public void Nothing_is_read_at_the_start() => Assert.Null(Plan.StateOrNull);

    [Fact]
    public async Task A_changed_plan_is_taken_over_within_a_minute_and_no_sooner()
    {
        await Fresh.EnsureAsync(None);
        await RenameAsync("CivReg 2");

        _app.Clock.Advance(TimeSpan.FromSeconds(59));
        await Fresh.EnsureAsync(None);
        Assert.Equal("CivReg", Plan.Current.System.Name);

        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        await Fresh.EnsureAsync(None);
        Assert.Equal("CivReg 2", Plan.Current.System.Name);
    }

    [Fact]
    public async Task A_store_that_is_down_does_not_stop_the_plan_that_runs()
    {
        await Fresh.EnsureAsync(None);
        await RenameAsync("CivReg 2");
        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        _app.Tables["plan"].Failure = new RequestFailedException(503, "The server is busy.", "ServerBusy", null);

        await Fresh.EnsureAsync(None);

        Assert.Equal("CivReg", Plan.Current.System.Name);
        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        await Fresh.EnsureAsync(None);
        Assert.Equal("CivReg 2", Plan.Current.System.Name);
    }

    [Fact]
    public async Task A_first_plan_that_cannot_be_had_is_a_failure_and_tried_again_at_once()
    {
        _app.Tables["plan"].Failure = new RequestFailedException(503, "The server is busy.", "ServerBusy", null);

        await Assert.ThrowsAsync<RequestFailedException>(() => Fresh.EnsureAsync(None));
        await Fresh.EnsureAsync(None);

        Assert.Equal("CivReg", Plan.Current.System.Name);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_stops_it()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fresh.EnsureAsync(stopped.Token));
    }

    private Task RenameAsync(string name) =>
        File.WriteAllTextAsync(Path.Join(_app.Folder, "plan.yaml"), TestPlan.Yaml.Replace("name: CivReg", "name: " + name, StringComparison.Ordinal));
}
