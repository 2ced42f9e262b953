using Maintenance.Workflows;
using Microsoft.DurableTask;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// A workflow's context over Durable Functions. Nothing here is awaited but the orchestration's own tasks, and never with <c>ConfigureAwait(false)</c>: the engine
/// runs the code again from its history and allows no other thread.
/// </summary>
/// <param name="context">The context that the orchestration trigger was given.</param>
public sealed class DurableWorkflowContext(TaskOrchestrationContext context) : IWorkflowContext
{
    /// <inheritdoc/>
    public string InstanceId => context.InstanceId;

    /// <inheritdoc/>
    public DateTimeOffset Now => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc), TimeSpan.Zero);

    /// <inheritdoc/>
    public Guid NewGuid() => context.NewGuid();

    /// <inheritdoc/>
    public async Task<TOutput> CallAsync<TInput, TOutput>(Activity<TInput, TOutput> activity, TInput input, RetryRule retry)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(retry);

        // The policy's own limit of one hour between two tries is RetryRule's too.
        var options = TaskOptions.FromRetryPolicy(new RetryPolicy(retry.MaxAttempts, retry.FirstInterval, retry.Coefficient));
        try
        {
            return await context.CallActivityAsync<TOutput>(activity.Name, input, options);
        }
        catch (TaskFailedException failure)
        {
            throw new WorkflowStepFailedException(activity.Name, failure.FailureDetails.ErrorMessage);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> WaitForEventAsync(string name, DateTimeOffset deadline)
    {
        using var loser = new CancellationTokenSource();
        var raised = context.WaitForExternalEvent<string>(name, loser.Token);
        if (raised.IsCompleted)
        {
            await raised;
            return true;
        }

        // A timer even for a deadline that has passed: an event that was raised before may still lie in the history that is about to be played, and comes first.
        var expired = context.CreateTimer(deadline.UtcDateTime, loser.Token);
        var winner = await Task.WhenAny(raised, expired);

        // An open timer keeps the orchestration from ending; an open wait would take the event from the next one of this name. Cancelling must not be awaited here.
#pragma warning disable CA1849
        loser.Cancel();
#pragma warning restore CA1849
        await winner;
        return winner == raised;
    }

    /// <inheritdoc/>
    public void SetStatus(string status) => context.SetCustomStatus(status);
}
