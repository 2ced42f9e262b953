using System.Net;
using System.Text.Json;
using Maintenance.Workflows;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.App;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Tests;

/// <summary>Listing instances and ending one.</summary>
public sealed class DurableWorkflowsWatchTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Error = WorkflowTermination.Error("ann", "It hung.");
    private readonly FakeDurableClient _client = new();
    private readonly DurableWorkflows _workflows;
    private readonly IDisposable _scope;

    public DurableWorkflowsWatchTests()
    {
        var scope = new DurableClientScope();
        _scope = scope.Enter(_client);
        _workflows = new DurableWorkflows(scope);
    }

    public static TheoryData<OrchestrationRuntimeStatus> EveryStatus => [.. Enum.GetValues<OrchestrationRuntimeStatus>()];

    public void Dispose() => _scope.Dispose();

#pragma warning disable CS0618 // Old instances may carry what the engine no longer uses.
    [Theory]
    [MemberData(nameof(EveryStatus))]
    public async Task What_has_not_ended_is_listed_however_old_and_what_failed_if_it_did_lately(OrchestrationRuntimeStatus status)
    {
        Put("a", status, Now.AddDays(-9));
        Put("b", status, Now);

        var expected = status switch
        {
            OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Pending or OrchestrationRuntimeStatus.Suspended or OrchestrationRuntimeStatus.ContinuedAsNew => new[] { "a", "b" },
            OrchestrationRuntimeStatus.Failed => ["b"],
            _ => [],
        };
        Assert.Equal(expected, (await _workflows.ListAsync(Now, 10, None)).Select(static one => one.InstanceId));
    }

    [Theory]
    [MemberData(nameof(EveryStatus))]
    public async Task What_runs_is_ended_and_what_has_ended_is_left(OrchestrationRuntimeStatus status)
    {
        Put("a", status, Now);

        var isRunning = (await _workflows.GetAsync("a", None))!.State == WorkflowState.Running;
        Assert.Equal(isRunning ? TerminationOutcome.Ended : TerminationOutcome.HadEnded, await _workflows.TerminateAsync("a", Error, None));

        Assert.Equal(isRunning ? OrchestrationRuntimeStatus.Terminated : status, _client.Instances["a"].RuntimeStatus);
    }
#pragma warning restore CS0618

    [Fact]
    public async Task A_listing_comes_with_what_the_workflows_say_of_themselves_in_pages_and_ends_at_its_limit()
    {
        for (var i = 0; i < 30; i++)
        {
            Put($"i-{i:00}", OrchestrationRuntimeStatus.Running, Now);
        }

        var listed = await _workflows.ListAsync(Now, 20, None);

        Assert.Equal((20, "taking the snapshot"), (listed.Count, listed[0].Status));
        Assert.Equal((true, 500), (Assert.Single(_client.Queries).FetchInputsAndOutputs, _client.Queries[0].PageSize));
    }

    [Fact]
    public async Task However_many_failures_a_hub_holds_a_listing_looks_at_so_many()
    {
        for (var i = 0; i < DurableWorkflows.MostListed; i++)
        {
            Put($"i-{i:00000}", OrchestrationRuntimeStatus.Failed, Now.AddDays(-9));
        }

        Put("z", OrchestrationRuntimeStatus.Running, Now);

        Assert.Empty(await _workflows.ListAsync(Now, 20, None));
    }

    [Fact]
    public async Task One_that_was_ended_says_by_whom_and_why()
    {
        Put("a", OrchestrationRuntimeStatus.Running, Now);
        await _workflows.TerminateAsync("a", Error, None);

        var status = (await _workflows.GetAsync("a", None))!;
        Assert.Equal((WorkflowState.Failed, "Ended by ann: It hung."), (status.State, status.Error));
        Assert.True(WorkflowTermination.IsOne(status.Error));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("@entity")]
    [InlineData("")]
    public async Task There_is_nothing_to_end_where_there_is_none(string id) => Assert.Equal(TerminationOutcome.Missing, await _workflows.TerminateAsync(id, Error, None));

    [Fact]
    public async Task One_that_ends_or_is_purged_in_the_same_moment_is_no_fault()
    {
        Put("a", OrchestrationRuntimeStatus.Running, Now);
        Put("b", OrchestrationRuntimeStatus.Running, Now);
        _client.TerminateFailure = id =>
        {
            if (id == "a")
            {
                Put("a", OrchestrationRuntimeStatus.Completed, Now);
            }
            else
            {
                _client.Instances.Clear();
            }

            return new InvalidOperationException("Cannot terminate the orchestration instance in the Completed state.");
        };

        Assert.Equal(TerminationOutcome.HadEnded, await _workflows.TerminateAsync("a", Error, None));
        Assert.Equal(TerminationOutcome.Missing, await _workflows.TerminateAsync("b", Error, None));
    }

    [Fact]
    public async Task A_running_one_that_cannot_be_ended_is_a_fault()
    {
        Put("a", OrchestrationRuntimeStatus.Running, Now);
        _client.TerminateFailure = static _ => new InvalidOperationException("The task hub is away.");

        await Assert.ThrowsAsync<InvalidOperationException>(() => _workflows.TerminateAsync("a", Error, None));
    }

    [Fact]
    public async Task Administrators_end_what_is_stuck_over_HTTP_and_others_do_not()
    {
        await using var app = await TestApp.StartAsync();
        app.Durable.Instances["run-1"] = new OrchestrationMetadata("BackupWorkflow", "run-1") { RuntimeStatus = OrchestrationRuntimeStatus.Running, LastUpdatedAt = app.Clock.Now };
        var body = new { reason = "It hung." };

        async Task<HttpStatusCode> End(string id, string email, object json)
        {
            using var answer = await app.SendAsync("POST", $"/api/operations/{id}/termination", email, json);
            Assert.DoesNotContain("code=", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.Forbidden, await End("run-1", "ben@registry.example", body));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await End("run-1", "ann@registry.example", new { reason = " " }));
        Assert.Equal(HttpStatusCode.NotFound, await End("run-2", "ann@registry.example", body));
        Assert.Equal("run-1", (await app.GetAsync("/api/operations")).EnumerateArray().Single().GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.Accepted, await End("run-1", "ann@registry.example", body));
        Assert.Equal(HttpStatusCode.Conflict, await End("run-1", "ann@registry.example", body));
        Assert.Equal("Ended by ann: It hung.", (await app.GetAsync("/api/operations/run-1")).GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_page_of_an_operation_has_a_button_to_end_it_for_administrators_alone()
    {
        await using var app = await TestApp.StartAsync();
        app.Durable.Instances["run-1"] = new OrchestrationMetadata("BackupWorkflow", "run-1") { RuntimeStatus = OrchestrationRuntimeStatus.Running, LastUpdatedAt = app.Clock.Now };

        async Task<(string Body, bool LooksAgain)> Page(string email, string query)
        {
            using var answer = await app.SendAsync("GET", "/operations/run-1" + query, email);
            var body = await answer.Content.ReadAsStringAsync();
            return (body, body.Contains("data-refresh", StringComparison.Ordinal) && body.Contains("http-equiv=\"refresh\"", StringComparison.Ordinal));
        }

        // The page looks again by itself, but not while somebody writes why.
        var (shown, looksAgain) = await Page("ann@registry.example", "");
        Assert.Contains("/operations/run-1?end", shown, StringComparison.Ordinal);
        Assert.True(looksAgain);
        var (asked, asksAgain) = await Page("ann@registry.example", "?end");
        Assert.Contains("action=\"/operations/run-1/termination\"", asked, StringComparison.Ordinal);
        Assert.False(asksAgain);
        Assert.DoesNotContain("termination", (await Page("ben@registry.example", "?end")).Body, StringComparison.Ordinal);

        using var bens = await app.SendAsync("POST", "/operations/run-1/termination", "ben@registry.example", form: "reason=It+hung.");
        using var silent = await app.SendAsync("POST", "/operations/run-1/termination", "ann@registry.example", form: "reason=");
        using var anns = await app.SendAsync("POST", "/operations/run-1/termination", "ann@registry.example", form: "reason=It+hung.");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (bens.StatusCode, silent.StatusCode, anns.StatusCode));
        Assert.Contains("Ended by ann: It hung.", (await Page("ann@registry.example", "")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_watchdog_finds_what_the_hub_says_is_stuck_and_the_overview_shows_it()
    {
        await using var app = await TestApp.StartAsync();
        app.Durable.Instances["run-1"] = new OrchestrationMetadata("BackupWorkflow", "run-1")
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Pending,
            CreatedAt = app.Clock.Now.AddHours(-1),
            LastUpdatedAt = app.Clock.Now.AddHours(-1),
        };

        await app.CallAsync(FunctionCatalogue.Named("WatchOperations"), new TimerInfo());

        var attention = (await app.GetAsync("/api/status")).GetProperty("attention").EnumerateArray().Select(static item => item.GetProperty("path").GetString());
        Assert.Contains("/operations/run-1", attention);
    }

    private void Put(string id, OrchestrationRuntimeStatus status, DateTimeOffset updated) => _client.Instances[id] = new OrchestrationMetadata("BackupWorkflow", id)
    {
        RuntimeStatus = status,
        CreatedAt = updated,
        LastUpdatedAt = updated,
        SerializedCustomStatus = JsonSerializer.Serialize("taking the snapshot"),
    };
}
