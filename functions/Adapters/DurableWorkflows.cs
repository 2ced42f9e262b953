using System.Text.Json;
using Maintenance.Workflows;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Workflow instances as orchestrations of Durable Functions; an orchestrator function has its workflow's name. Nothing here hands out the engine's management
/// addresses, which carry the system key.
/// </summary>
/// <remarks>
/// <para>
/// Guarantees: an id that is made of what an instance is for is started once, whatever became of the first (asked, then deduplicated by the engine over every state); an event
/// for an instance that has ended or never was is no fault; a status, a listing and an end are our own routes with our own roles.
/// </para>
/// <para>
/// Limits: inputs, results and events are ids and references, since the engine writes them into every history (Azure Storage moves what is too long for a queue's message into blobs; the Durable Task Scheduler
/// refuses about 1 MB). With Azure Storage a hub has 1 to 16 partitions, 4 of them as host.json says, fixed when the hub is made: they bound how many instances orchestrate their turns side by
/// side, not how many wait. Instances are spread over them by the hash of their ids. Source: "Azure Storage provider" and "Performance and scale in Durable Functions" in Microsoft's documentation.
/// </para>
/// </remarks>
/// <param name="scope">Gives the invocation's client.</param>
public sealed class DurableWorkflows(DurableClientScope scope) : IWorkflows
{
    /// <summary>The most instances that a listing looks at, so that it ends within a timer's tick whatever the hub holds.</summary>
    public const int MostListed = 5000;

#pragma warning disable CS0618 // ContinuedAsNew is no longer used by the engine, but an old instance may carry it.
    private static readonly OrchestrationRuntimeStatus[] Listed =
        [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended, OrchestrationRuntimeStatus.ContinuedAsNew, OrchestrationRuntimeStatus.Failed];
#pragma warning restore CS0618

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

        return StatusOf(instance);
    }

    /// <inheritdoc/>
    /// <remarks>Azure Storage keeps no index of states: a listing reads the instances of the hub page by page, <see cref="MostListed"/> of these states at the most.</remarks>
    public async Task<IReadOnlyList<WorkflowStatus>> ListAsync(DateTimeOffset failedSince, int take, CancellationToken cancellation)
    {
        // Without inputs and outputs there is no custom status either; all of them are small.
        var query = new OrchestrationQuery(Statuses: Listed, PageSize: 500, FetchInputsAndOutputs: true);
        var (left, found) = (MostListed, new List<WorkflowStatus>());
        await foreach (var instance in scope.Client.GetAllInstancesAsync(query).WithCancellation(cancellation))
        {
            if (StatusOf(instance) is var status && (status.State == WorkflowState.Running || status.UpdatedAt >= failedSince))
            {
                found.Add(status);
            }

            if (found.Count >= take || --left == 0)
            {
                break;
            }
        }

        return found;
    }

    /// <inheritdoc/>
    /// <remarks>The engine takes it in as a message: an instance may be seen running for a moment yet.</remarks>
    public async Task<TerminationOutcome> TerminateAsync(string instanceId, string error, CancellationToken cancellation)
    {
        var client = scope.Client;
        if (await OutcomeAsync(client, instanceId, cancellation) is { } outcome)
        {
            return outcome;
        }

        try
        {
            await client.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(error), cancellation);
            return TerminationOutcome.Ended;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // The engine refuses one that is missing or has ended meanwhile, in types that differ by engine; the instance itself is the evidence.
            if (await OutcomeAsync(client, instanceId, cancellation) is { } meanwhile)
            {
                return meanwhile;
            }

            throw;
        }
    }

    private static async Task<TerminationOutcome?> OutcomeAsync(DurableTaskClient client, string instanceId, CancellationToken cancellation) =>
        !CanExist(instanceId) || await FindAsync(client, instanceId, cancellation) is not { } instance ? TerminationOutcome.Missing
        : StateOf(instance) == WorkflowState.Running ? null
        : TerminationOutcome.HadEnded;

    private static WorkflowStatus StatusOf(OrchestrationMetadata instance)
    {
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
