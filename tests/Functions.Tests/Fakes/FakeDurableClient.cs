using System.Collections.Concurrent;
using System.Text.Json;
using MaintenanceFunctions.Tests.Limits;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>A task hub in memory.</summary>
internal sealed class FakeDurableClient() : DurableTaskClient("test")
{
    public ConcurrentDictionary<string, OrchestrationMetadata> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>Every instance that was scheduled, with its options.</summary>
    public List<(string Name, object? Input, StartOrchestrationOptions Options)> Scheduled { get; } = [];

    public List<(string InstanceId, string EventName)> Raised { get; } = [];

    /// <summary>Runs before an instance is scheduled: another process that comes first, say.</summary>
    public Action? BeforeSchedule { get; set; }

    /// <summary>When set, scheduling fails so.</summary>
    public Exception? ScheduleFailure { get; set; }

    /// <summary>When set, raising fails so.</summary>
    public Exception? RaiseFailure { get; set; }

    /// <summary>When set, ending an instance fails so, after this.</summary>
    public Func<string, Exception?>? TerminateFailure { get; set; }

    /// <summary>Every listing that was asked for.</summary>
    public List<OrchestrationQuery> Queries { get; } = [];

    /// <summary>Every purge that was asked for.</summary>
    public List<PurgeInstancesFilter> Purges { get; } = [];

    /// <summary>How many instances a purge removes before its time is up.</summary>
    public int PurgedAtOnce { get; set; } = 1000;

    /// <summary>When set, a purge fails so, or not.</summary>
    public Func<PurgeInstancesFilter, Exception?>? PurgeFailure { get; set; }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        BeforeSchedule?.Invoke();
        if (ScheduleFailure is not null)
        {
            throw ScheduleFailure;
        }

        var id = options?.InstanceId ?? throw new ArgumentException("An id is needed.", nameof(options));
        if (Instances.TryGetValue(id, out var existing) && options.DedupeStatuses is { } dedupe && dedupe.Contains(existing.RuntimeStatus.ToString()))
        {
            throw new InvalidOperationException($"An Orchestration instance with the ID {id} already exists.");
        }

        Scheduled.Add((orchestratorName.Name, input, options));
        Instances[id] = new OrchestrationMetadata(orchestratorName.Name, id)
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Pending,
            SerializedInput = JsonSerializer.Serialize(input),
        };
        return Task.FromResult(id);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (RaiseFailure is not null)
        {
            throw RaiseFailure;
        }

        Assert.IsType<string>(eventPayload);
        Raised.Add((instanceId, eventName));
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Assert.Null(DurableLimits.Instance(instanceId));
        if (!Instances.TryGetValue(instanceId, out var instance) || getInputsAndOutputs)
        {
            return Task.FromResult(instance);
        }

        return Task.FromResult<OrchestrationMetadata?>(new OrchestrationMetadata(instance.Name, instance.InstanceId)
        {
            RuntimeStatus = instance.RuntimeStatus,
            CreatedAt = instance.CreatedAt,
            LastUpdatedAt = instance.LastUpdatedAt,
        });
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        if (TerminateFailure?.Invoke(instanceId) is { } failure)
        {
            throw failure;
        }

        Instances[instanceId] = new OrchestrationMetadata(Instances[instanceId].Name, instanceId)
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Terminated,
            CreatedAt = Instances[instanceId].CreatedAt,
            LastUpdatedAt = Instances[instanceId].LastUpdatedAt,
            SerializedOutput = JsonSerializer.Serialize(options?.Output),
        };
        return Task.CompletedTask;
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        Queries.Add(filter ?? new OrchestrationQuery());
        return new Listing(
            [.. Instances.Values.Where(instance => IsIn(instance, filter?.CreatedFrom, filter?.CreatedTo, filter?.Statuses)).OrderBy(static i => i.InstanceId)],
            filter?.PageSize ?? OrchestrationQuery.DefaultPageSize);
    }

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Purges.Add(filter);
        if (PurgeFailure?.Invoke(filter) is { } failure)
        {
            throw failure;
        }

        var purged = Instances.Values.Where(instance => IsIn(instance, filter.CreatedFrom, filter.CreatedTo, filter.Statuses)).Take(PurgedAtOnce + 1).ToList();
        purged[..Math.Min(purged.Count, PurgedAtOnce)].ForEach(instance => Instances.TryRemove(instance.InstanceId, out _));
        return Task.FromResult(new PurgeResult(Math.Min(purged.Count, PurgedAtOnce), purged.Count <= PurgedAtOnce));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsIn(OrchestrationMetadata instance, DateTimeOffset? from, DateTimeOffset? to, IEnumerable<OrchestrationRuntimeStatus>? statuses) =>
        !(instance.CreatedAt < from) && !(instance.CreatedAt > to) && statuses?.Contains(instance.RuntimeStatus) != false;

    private sealed class Listing(List<OrchestrationMetadata> instances, int pageSize) : AsyncPageable<OrchestrationMetadata>
    {
        public override async IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            await Task.Yield();
            foreach (var page in instances.Chunk(pageSize))
            {
                yield return new Page<OrchestrationMetadata>(page);
            }
        }
    }
}
