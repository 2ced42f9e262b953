using Maintenance.Workflows;
using Microsoft.DurableTask;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// A workflow's context over Durable Functions. Nothing here is awaited but the orchestration's own tasks, and never with <c>ConfigureAwait(false)</c>: the engine
/// runs the code again from its history and allows no other thread.
/// </summary>
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
