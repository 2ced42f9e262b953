using Maintenance.Workflows;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Tests;

public sealed class DurableWorkflowsTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Workflow<string, string> Approval = new("Approval", (_, input) => Task.FromResult(input));
    private readonly FakeDurableClient _client = new();
    private readonly DurableWorkflows _workflows;
    private readonly IDisposable _scope;

    public DurableWorkflowsTests()
    {
        var scope = new DurableClientScope();
        _scope = scope.Enter(_client);
        _workflows = new DurableWorkflows(scope);
    }

    public static TheoryData<OrchestrationRuntimeStatus> EveryStatus => [.. Enum.GetValues<OrchestrationRuntimeStatus>()];

    public void Dispose() => _scope.Dispose();

    [Fact]
    public async Task A_start_schedules_the_workflow_under_its_id()
    {
        Assert.True(await _workflows.StartAsync(Approval, "patch-7", "input", None));

        var (name, input, options) = Assert.Single(_client.Scheduled);
        Assert.Equal(("Approval", "input", "patch-7"), (name, input, options.InstanceId));
    }

    [Theory]
    [MemberData(nameof(EveryStatus))]
    public async Task A_second_start_does_nothing_whatever_the_first_instance_s_state(OrchestrationRuntimeStatus status)
    {
        Put("patch-7", status);

        Assert.False(await _workflows.StartAsync(Approval, "patch-7", "input", None));

        Assert.Empty(_client.Scheduled);
    }

    [Fact]
    public async Task Of_two_racing_starts_the_engine_lets_one_through_in_every_state_of_the_other()
    {
        foreach (var status in StartOrchestrationOptionsExtensions.ValidDedupeStatuses)
        {
            var id = $"patch-{status}";
            _client.BeforeSchedule = () => Put(id, status);

            Assert.False(await _workflows.StartAsync(Approval, id, "input", None));
        }

        Assert.Empty(_client.Scheduled);
    }

    [Fact]
    public async Task A_start_that_fails_without_leaving_an_instance_is_a_fault()
    {
        _client.ScheduleFailure = new InvalidOperationException("The task hub is away.");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => _workflows.StartAsync(Approval, "patch-7", "input", None));

        Assert.Equal("The task hub is away.", fault.Message);
    }

    [Fact]
    public async Task A_cancelled_start_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        _client.BeforeSchedule = () =>
        {
            Put("patch-7", OrchestrationRuntimeStatus.Running);
            cancellation.Cancel();
            cancellation.Token.ThrowIfCancellationRequested();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _workflows.StartAsync(Approval, "patch-7", "input", cancellation.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("@entity")]
    public async Task An_id_that_breaks_the_rules_is_refused(string id) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _workflows.StartAsync(Approval, id, "input", None));

    [Fact]
    public async Task An_event_reaches_its_instance()
    {
        Put("patch-7", OrchestrationRuntimeStatus.Running);

        await _workflows.RaiseAsync("patch-7", "decided", None);

        Assert.Equal([("patch-7", "decided")], _client.Raised);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task An_event_that_the_engine_refuses_for_an_instance_that_is_missing_or_has_ended_does_nothing(OrchestrationRuntimeStatus? status)
    {
        _client.RaiseFailure = new InvalidOperationException("The orchestration instance is not running.");
        if (status is { } ended)
        {
            Put("patch-7", ended);
        }

        await _workflows.RaiseAsync("patch-7", "decided", None);
        await _workflows.RaiseAsync("@entity", "decided", None);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Pending)]
    [InlineData(OrchestrationRuntimeStatus.Suspended)]
    public async Task An_event_that_fails_for_an_instance_that_runs_is_a_fault(OrchestrationRuntimeStatus status)
    {
        _client.RaiseFailure = new InvalidOperationException("The task hub is away.");
        Put("patch-7", status);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _workflows.RaiseAsync("patch-7", "decided", None));
    }

    [Fact]
    public async Task A_running_instance_shows_what_it_says_it_is_doing()
    {
        var created = new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.FromHours(1));
        _client.Instances["patch-7"] = new OrchestrationMetadata("Approval", "patch-7")
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Running,
            CreatedAt = created,
            LastUpdatedAt = created.AddMinutes(5),
            SerializedCustomStatus = "\"waiting for \\\"two\\\" votes\"",
        };

        var status = await _workflows.GetAsync("patch-7", None);

        Assert.Equal(
            new WorkflowStatus(
                "patch-7", "Approval", WorkflowState.Running, created, created.AddMinutes(5), "waiting for \"two\" votes", null, null),
            status);
        Assert.Equal(TimeSpan.Zero, status!.CreatedAt.Offset);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("null", null)]
    [InlineData("""{"step":3}""", """{"step":3}""")]
    [InlineData("\"", "\"")]
    [InlineData("\"\\x\"", "\"\\x\"")]
    [InlineData("\"\"", "")]
    public async Task A_status_that_is_no_text_is_shown_as_it_is(string? serialized, string? expected)
    {
        _client.Instances["patch-7"] = new OrchestrationMetadata("Approval", "patch-7") { SerializedCustomStatus = serialized };

        Assert.Equal(expected, (await _workflows.GetAsync("patch-7", None))!.Status);
    }

    [Fact]
    public async Task A_completed_instance_has_its_output_as_JSON()
    {
        _client.Instances["patch-7"] = new OrchestrationMetadata("Approval", "patch-7")
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Completed,
            SerializedOutput = "\"approved\"",
        };

        var status = await _workflows.GetAsync("patch-7", None);

        Assert.Equal((WorkflowState.Completed, "\"approved\"", null), (status!.State, status.Output, status.Error));
    }

    [Fact]
    public async Task A_failed_instance_says_why_and_has_no_output()
    {
        _client.Instances["patch-7"] = new OrchestrationMetadata("Approval", "patch-7")
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Failed,
            SerializedOutput = "\"stack\"",
            FailureDetails = new TaskFailureDetails("T", "The step Count failed: no", null, null, null),
        };

        var status = await _workflows.GetAsync("patch-7", None);

        Assert.Equal((WorkflowState.Failed, null, "The step Count failed: no"), (status!.State, status.Output, status.Error));
    }

    [Theory]
    [MemberData(nameof(EveryStatus))]
    public async Task Every_state_of_the_engine_is_one_of_ours(OrchestrationRuntimeStatus status)
    {
        Put("patch-7", status);

        var expected = status.ToString() switch
        {
            "Completed" => WorkflowState.Completed,
            "Failed" or "Canceled" or "Terminated" => WorkflowState.Failed,
            _ => WorkflowState.Running,
        };
        var found = await _workflows.GetAsync("patch-7", None);
        Assert.Equal(expected, found!.State);
        Assert.Equal(expected == WorkflowState.Failed, found.Error is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@entity")]
    [InlineData("patch-8")]
    public async Task An_instance_that_does_not_exist_is_null(string id) => Assert.Null(await _workflows.GetAsync(id, None));

    private void Put(string id, OrchestrationRuntimeStatus status) =>
        _client.Instances[id] = new OrchestrationMetadata("Approval", id) { RuntimeStatus = status };
}
