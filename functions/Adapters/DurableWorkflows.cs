using System.Text.Json;
using Maintenance.Workflows;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Workflow instances as orchestrations of Durable Functions; an orchestrator function has its workflow's name. Nothing here hands out the engine's management
/// addresses, which carry the system key.
/// </summary>
/// <param name="scope">Gives the invocation's client.</param>
public sealed class DurableWorkflows(DurableClientScope scope) : IWorkflows
{
    /// <inheritdoc/>
    public async Task<bool> StartAsync<TInput, TOutput>(
        Workflow<TInput, TOutput> workflow, string instanceId, TInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        WorkflowIds.Check(instanceId);
        var client = scope.Client;

        // Asked first, since a host may go by its own setting (overridableExistingInstanceStates) and replace an ended instance whatever the request says.
        if (await FindAsync(client, instanceId, cancellation) is not null)
        {
            return false;
        }

        var options = new StartOrchestrationOptions(instanceId).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(workflow.Name, input, options, cancellation);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // The refusal of an id that exists has different types by version and engine, so the instance itself is the evidence; without it the fault is real.
            if (await FindAsync(client, instanceId, cancellation) is not null)
            {
                return false;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async Task RaiseAsync(string instanceId, string eventName, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        if (!CanExist(instanceId))
        {
            return;
        }

        var client = scope.Client;
        try
        {
            await client.RaiseEventAsync(instanceId, eventName, eventPayload: "", cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // The engine may refuse an event for an instance that is missing or has ended; to a running one it must get through.
            if (await FindAsync(client, instanceId, cancellation) is { } instance && StateOf(instance) == WorkflowState.Running)
            {
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellation)
    {
        if (!CanExist(instanceId) || await scope.Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellation) is not { } instance)
        {
            return null;
        }

        var state = StateOf(instance);
        return new WorkflowStatus(
            instance.InstanceId,
            instance.Name,
            state,
            instance.CreatedAt.ToUniversalTime(),
            instance.LastUpdatedAt.ToUniversalTime(),
            Text(instance.SerializedCustomStatus),
            state == WorkflowState.Completed ? instance.SerializedOutput : null,
            state == WorkflowState.Failed ? ErrorOf(instance) : null);
    }

    private static Task<OrchestrationMetadata?> FindAsync(DurableTaskClient client, string instanceId, CancellationToken cancellation) =>
        client.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellation);

    // Anybody may ask for any id: what no instance was ever started with is not asked of the engine, whose store would refuse some of it (control characters), and
    // whose client ids that begin with @, since those are entities'.
    private static bool CanExist(string? instanceId) => instanceId is not null && WorkflowIds.IsAllowed(instanceId);

#pragma warning disable CS0618 // Canceled is no longer used by the engine, but an old instance may carry it.
    private static WorkflowState StateOf(OrchestrationMetadata instance) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Completed => WorkflowState.Completed,
        OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Canceled or OrchestrationRuntimeStatus.Terminated => WorkflowState.Failed,

        // Running, Pending, Suspended, ContinuedAsNew: started and not ended.
        _ => WorkflowState.Running,
    };
#pragma warning restore CS0618

    private static string ErrorOf(OrchestrationMetadata instance) =>
        instance.FailureDetails?.ErrorMessage ?? Text(instance.SerializedOutput) ?? instance.RuntimeStatus.ToString();

    // A status or reason was set as text and is stored as a JSON string; anything else is shown as it is.
    private static string? Text(string? serialized)
    {
        if (serialized is not ['"', .., '"'])
        {
            return serialized is "null" ? null : serialized;
        }

        try
        {
            return JsonSerializer.Deserialize<string>(serialized);
        }
        catch (JsonException)
        {
            // Quoted, but not as JSON.
            return serialized;
        }
    }
}
