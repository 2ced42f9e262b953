using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.App;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests;

public sealed class DurableHistoryTests : IAsyncLifetime
{
    private TestApp _app = null!;

    private FakeDurableClient Durable => _app.Durable;

    private DateTimeOffset Now => _app.Clock.Now;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task What_ended_and_was_created_over_thirty_days_ago_is_removed_and_nothing_else()
    {
        Add("completed", 31, OrchestrationRuntimeStatus.Completed);
        Add("failed", 45, OrchestrationRuntimeStatus.Failed);
        Add("terminated", 400, OrchestrationRuntimeStatus.Terminated);
        Add("running", 400, OrchestrationRuntimeStatus.Running);
        Add("pending", 31, OrchestrationRuntimeStatus.Pending);
        Add("suspended", 31, OrchestrationRuntimeStatus.Suspended);
        Add("young", 29.99, OrchestrationRuntimeStatus.Completed);

        await PurgeAsync();

        Assert.Equal(["pending", "running", "suspended", "young"], Durable.Instances.Keys.Order());
    }

    [Fact]
    public async Task A_day_at_a_time_is_purged_the_oldest_first_and_only_days_that_have_something()
    {
        Add("a", 33, OrchestrationRuntimeStatus.Completed);
        Add("b", 90, OrchestrationRuntimeStatus.Completed);
        Add("c", 33, OrchestrationRuntimeStatus.Failed);
        Add("d", 30.01, OrchestrationRuntimeStatus.Completed);

        await PurgeAsync();

        Assert.Equal([Day(90), Day(33), Day(30.01)], Durable.Purges.Select(static purge => purge.CreatedFrom!.Value));
        Assert.All(Durable.Purges, purge =>
        {
            Assert.InRange(purge.CreatedTo!.Value, purge.CreatedFrom!.Value, purge.CreatedFrom.Value.AddDays(1));
            Assert.True(purge.CreatedTo <= Now.AddDays(-30));
            Assert.Equal(DurableHistory.Patience, purge.Timeout);
        });
    }

    [Fact]
    public async Task A_night_takes_so_many_days_and_the_next_goes_on_by_itself()
    {
        for (var day = 0; day < DurableHistory.MostDays + 5; day++)
        {
            Add($"i-{day}", 40 + day, OrchestrationRuntimeStatus.Completed);
        }

        await PurgeAsync();
        Assert.Equal(["i-0", "i-1", "i-2", "i-3", "i-4"], Durable.Instances.Keys.Order());

        await PurgeAsync();
        Assert.Empty(Durable.Instances);
    }

    [Fact]
    public async Task A_day_that_ran_out_of_time_goes_on_the_next_night()
    {
        Durable.PurgedAtOnce = 2;
        for (var i = 0; i < 5; i++)
        {
            Add($"i-{i}", 40, OrchestrationRuntimeStatus.Completed);
        }

        await PurgeAsync();
        await PurgeAsync();
        Assert.Single(Durable.Instances);

        await PurgeAsync();
        Assert.Empty(Durable.Instances);
    }

    [Fact]
    public async Task A_day_that_cannot_be_purged_is_reported_and_keeps_no_other()
    {
        Add("bad", 50, OrchestrationRuntimeStatus.Completed);
        Add("good", 40, OrchestrationRuntimeStatus.Completed);
        Durable.PurgeFailure = purge => purge.CreatedFrom == Day(50) ? new InvalidOperationException("The history is broken.") : null;

        var error = await Assert.ThrowsAsync<AggregateException>(PurgeAsync);

        Assert.Equal("The history is broken.", Assert.Single(error.InnerExceptions).Message);
        Assert.Equal(["bad"], Durable.Instances.Keys);
    }

    [Fact]
    public async Task One_that_is_told_to_stop_stops()
    {
        Add("a", 50, OrchestrationRuntimeStatus.Completed);
        using var scope = _app.Services.GetRequiredService<DurableClientScope>().Enter(Durable);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _app.Services.GetRequiredService<DurableHistory>().PurgeAsync(new CancellationToken(true)));
    }

    [Fact]
    public async Task Where_the_backend_purges_by_its_own_policy_it_is_not_asked_at_all()
    {
        Add("a", 50, OrchestrationRuntimeStatus.Completed);
        Durable.PurgeFailure = static _ => new NotSupportedException("This backend purges by itself.");
        var history = new DurableHistory(new DurableClientScope(), new HistoryRetention(IsBackends: true), _app.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<DurableHistory>.Instance);

        Assert.Equal(0, await history.PurgeAsync(CancellationToken.None));

        Assert.Empty(Durable.Queries);
        Assert.Empty(Durable.Purges);
    }

    [Fact]
    public void All_days_of_a_night_fit_into_one_invocation()
    {
        var host = System.Text.Json.JsonDocument.Parse(Repository.Read("host.json")).RootElement;

        Assert.True(2 * DurableHistory.MostDays * DurableHistory.Patience <= TimeSpan.Parse(host.GetProperty("functionTimeout").GetString()!));
    }

    private Task PurgeAsync() => _app.CallAsync(FunctionCatalogue.Named("PurgeWorkflowHistory"), new TimerInfo());

    private DateTimeOffset Day(double ago) => new(Now.AddDays(-ago).UtcDateTime.Date, TimeSpan.Zero);

    private void Add(string id, double daysAgo, OrchestrationRuntimeStatus status) =>
        Durable.Instances[id] = new OrchestrationMetadata("BackupWorkflow", id) { RuntimeStatus = status, CreatedAt = Now.AddDays(-daysAgo) };
}
