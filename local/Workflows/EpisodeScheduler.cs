using System.Diagnostics.CodeAnalysis;

namespace Maintenance.Local.Workflows;

/// <summary>
/// Runs a workflow's code and all that it continues with on the calling thread, one task after the other in the order in which they became ready.
/// Whoever continues from elsewhere has awaited something that no history records; that is noticed, and does not run.
/// </summary>
internal sealed class EpisodeScheduler : TaskScheduler
{
    private readonly Queue<Task> _ready = new();

    // The thread that runs the episode just now; 0 while none does. Other threads read it.
    private volatile int _thread;
    private volatile bool _wasLeft;

    /// <summary>Whether the caller is the episode itself.</summary>
    public bool IsHere => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Whether the code went on, or tried to, on another thread.</summary>
    public bool WasLeft => _wasLeft;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Notes that the code is at work on another thread.</summary>
    public void Leave() => _wasLeft = true;

    /// <summary>Runs <paramref name="first"/> and everything that becomes ready through it, until nothing is.</summary>
    public void RunToRest(Action first)
    {
        // An await continues on the current SynchronizationContext before it looks at the scheduler; the caller's has no business here.
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            var task = Task.Factory.StartNew(first, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
            while (_ready.TryDequeue(out var next))
            {
                TryExecuteTask(next);
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            _thread = 0;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        if (IsHere)
        {
            _ready.Enqueue(task);
        }
        else
        {
            Leave();
        }
    }

    /// <summary>Never at once: what is ready waits its turn, so that the order does not depend on how deep the stack is.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    [ExcludeFromCodeCoverage(Justification = "For debuggers only.")]
    protected override IEnumerable<Task> GetScheduledTasks() => [.. _ready];
}
