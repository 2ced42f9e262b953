using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>A journal whose appends can be made to fail.</summary>
internal abstract class FaultyJournal(IWorkflowJournal inner) : IWorkflowJournal
{
    public Task<bool> CreateAsync(string instanceId, WorkflowStarted started, CancellationToken cancellation) =>
        WriteAsync(() => inner.CreateAsync(instanceId, started, cancellation), created => created);

    public Task<AppendResult> AppendAsync(
        string instanceId, int expected, IReadOnlyList<WorkflowEvent> events, string? status, DateTimeOffset at, CancellationToken cancellation) =>
        WriteAsync(() => inner.AppendAsync(instanceId, expected, events, status, at, cancellation), result => result == AppendResult.Appended);

    public Task<bool> RaiseAsync(string instanceId, EventRaised raised, CancellationToken cancellation) =>
        WriteAsync(() => inner.RaiseAsync(instanceId, raised, cancellation), written => written);

    public Task<JournalledInstance?> LoadAsync(string instanceId, CancellationToken cancellation) => ReadAsync(() => inner.LoadAsync(instanceId, cancellation));

    public Task<IReadOnlyList<WorkflowEvent>> ReadAsync(string instanceId, int from, CancellationToken cancellation) =>
        ReadAsync(() => inner.ReadAsync(instanceId, from, cancellation));

    public Task<IReadOnlyList<string>> RunningAsync(CancellationToken cancellation) => ReadAsync(() => inner.RunningAsync(cancellation));

    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellation) => ReadAsync(() => inner.GetAsync(instanceId, cancellation));

    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(DateTimeOffset failedSince, int take, CancellationToken cancellation) =>
        ReadAsync(() => inner.ListAsync(failedSince, take, cancellation));

    public Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellation) => ReadAsync(() => inner.PurgeAsync(before, cancellation));

    protected abstract Task<T> WriteAsync<T>(Func<Task<T>> write, Func<T, bool> isWritten);

    protected abstract Task<T> ReadAsync<T>(Func<Task<T>> read);
}

/// <summary>A journal in which every other write fails: before it is written and after, in turn.</summary>
internal sealed class UnreliableJournal(IWorkflowJournal inner) : FaultyJournal(inner)
{
    private int _writes = 3;
    private int _failures;

    public int Failures => _failures;

    protected override async Task<T> WriteAsync<T>(Func<Task<T>> write, Func<T, bool> isWritten)
    {
        // The two starts, which their callers would try again, succeed.
        var number = Interlocked.Increment(ref _writes);
        if (typeof(T) == typeof(bool) || number % 2 == 0)
        {
            return await write();
        }

        Interlocked.Increment(ref _failures);
        if (number % 4 == 1)
        {
            await write();
        }

        throw new IOException("The disk is not well.");
    }

    protected override Task<T> ReadAsync<T>(Func<Task<T>> read) => read();
}

/// <summary>The end of the process: a journal that dies with one of its writes, which is in it, though its writer never hears of that.</summary>
#pragma warning disable CA1001 // A SemaphoreSlim whose wait handle nobody asks for holds nothing.
internal sealed class CutJournal(IWorkflowJournal inner, int writes) : FaultyJournal(inner)
#pragma warning restore CA1001
{
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _one = new(1);
    private int _left = writes;

    public Task Cut => _cut.Task;

    protected override async Task<T> WriteAsync<T>(Func<Task<T>> write, Func<T, bool> isWritten)
    {
        await _one.WaitAsync();
        try
        {
            CheckAlive();
            var result = await write();
            if (isWritten(result) && --_left == 0)
            {
                _cut.SetResult();
                CheckAlive();
            }

            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    protected override Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        CheckAlive();
        return read();
    }

    private void CheckAlive()
    {
        if (_cut.Task.IsCompleted)
        {
            throw new ProcessEndedException();
        }
    }
}

internal sealed class ProcessEndedException() : Exception("The process has ended.");
