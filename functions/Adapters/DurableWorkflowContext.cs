using Maintenance.Workflows;
using Microsoft.DurableTask;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// A workflow's context over Durable Functions. Nothing here is awaited but the orchestration's own tasks, and never with <c>ConfigureAwait(false)</c>: the engine
/// runs the code again from its history and allows no other thread.
/// </summary>
/// <remarks>
/// <para>
/// Guarantees: what <see cref="IWorkflowContext"/> says, by the same suite of contracts as the other host. Activities run at least once, and their result is recorded once; no event is
/// lost to a wait that was given up (<see cref="DurableEvents"/>); time and ids come from the history.
/// </para>
/// <para>
/// Limits: an activity ends with the invocation (<c>functionTimeout</c> in host.json), and scale-in or an update of the platform ends it sooner: ours take ten minutes at most and go on where they
/// stopped. A history is read whole at every turn: loops are counted in hundreds. Source: "Durable orchestrations" and "Flex Consumption plan" in Microsoft's documentation.
/// </para>
/// </remarks>
public sealed class DurableWorkflowContext : IWorkflowContext
{
    private readonly TaskOrchestrationContext _context;
    private readonly DurableEvents _events;

    private DurableWorkflowContext(TaskOrchestrationContext context)
    {
        _context = context;
        _events = new DurableEvents(context);
    }

    /// <summary>Runs a workflow as the orchestration that the trigger was given, with the orchestration's input.</summary>
    public static async Task<TOutput> RunAsync<TInput, TOutput>(TaskOrchestrationContext context, Workflow<TInput, TOutput> workflow)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(workflow);
        var own = new DurableWorkflowContext(context);
        try
        {
            return await workflow.RunAsync(own, context.GetInput<TInput>()!);
        }
        finally
        {
            own._events.Close();
        }
    }

    /// <inheritdoc/>
    public string InstanceId => _context.InstanceId;

    /// <inheritdoc/>
    public DateTimeOffset Now => new(DateTime.SpecifyKind(_context.CurrentUtcDateTime, DateTimeKind.Utc), TimeSpan.Zero);

    /// <inheritdoc/>
    public Guid NewGuid() => _context.NewGuid();

    /// <inheritdoc/>
    public async Task<TOutput> CallAsync<TInput, TOutput>(Activity<TInput, TOutput> activity, TInput input, RetryRule retry)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(retry);

        // The policy's own limit of one hour between two tries is RetryRule's too.
        var options = TaskOptions.FromRetryPolicy(new RetryPolicy(retry.MaxAttempts, retry.FirstInterval, retry.Coefficient));
        try
        {
            return await _context.CallActivityAsync<TOutput>(activity.Name, input, options);
        }
        catch (TaskFailedException failure)
        {
            throw new WorkflowStepFailedException(activity.Name, failure.FailureDetails.ErrorMessage);
        }
    }

    /// <inheritdoc/>
    public Task<bool> WaitForEventAsync(string name, DateTimeOffset deadline)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return _events.WaitAsync(name, deadline);
    }

    /// <inheritdoc/>
    public void SetStatus(string status) => _context.SetCustomStatus(status);
}
