using System.Threading.Channels;
using SQLitePCL;

namespace Maintenance.Local.Storage;

/// <summary>
/// The one thread that writes. It takes the jobs that wait, runs each under a savepoint of one transaction and commits them together, so that many callers
/// share one wait for the disk. While the disk works, the next jobs gather: the group grows with the load, and a lone job waits for nobody.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>The most jobs in one transaction: bounds how long the first of them waits.</summary>
    private const int MaxGroup = 512;

    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StatementConnection _connection;
    private readonly Thread _thread;

    public SqliteWriter(StatementConnection connection)
    {
        _connection = connection;
        _thread = new Thread(Work) { IsBackground = true, Name = "SQLite writer" };
        _thread.Start();
    }

    public Task<T> RunAsync<T>(Func<StatementConnection, T> job, CancellationToken cancellation)
    {
        if (Thread.CurrentThread == _thread)
        {
            throw new InvalidOperationException("A write job must not start another one: the writer's thread would wait for itself.");
        }

        var waiting = new Job<T>(job, cancellation);
        return _jobs.Writer.TryWrite(waiting)
            ? waiting.Task
            : Task.FromException<T>(new ObjectDisposedException(nameof(SqliteDatabase)));
    }

    /// <summary>Takes no more jobs and waits until those it has are done.</summary>
    public Task DrainAsync()
    {
        _jobs.Writer.TryComplete();
        return _ended.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await DrainAsync();
        await _connection.DisposeAsync();
    }

    private void Work()
    {
        var group = new List<Job>(MaxGroup);
        while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < MaxGroup && _jobs.Reader.TryRead(out var job))
            {
                group.Add(job);
            }

            Commit(group);
            group.Clear();
        }

        _ended.SetResult();
    }

    private void Commit(List<Job> group)
    {
        try
        {
            _connection.Execute("BEGIN IMMEDIATE");
            foreach (var job in group)
            {
                RunUnderSavepoint(job);
            }

            _connection.Execute("COMMIT");
        }
        catch (Exception error)
        {
            // Nothing of the group took place: every caller is told so, and the thread goes on with the next group.
            RollBack();
            foreach (var job in group)
            {
                job.Fail(error);
            }
        }

        foreach (var job in group)
        {
            job.Complete();
        }
    }

    private void RunUnderSavepoint(Job job)
    {
        if (job.IsWithdrawn())
        {
            return;
        }

        _connection.Execute("SAVEPOINT job");
        try
        {
            job.Run(_connection);
        }
        catch (Exception error)
        {
            // The job's own failure, for its caller. A full disk makes SQLite drop the whole transaction; then the rollback here throws, and the group fails.
            job.Fail(error);
            _connection.Execute("ROLLBACK TO job");
        }

        _connection.Execute("RELEASE job");
    }

    private void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) != 0)
        {
            return;
        }

        try
        {
            _connection.Execute("ROLLBACK");
        }
        catch (Exception)
        {
            // The callers get the error that came first. A transaction that stays open makes the next BEGIN fail, and so its callers hear of it too.
        }
    }

    private abstract class Job
    {
        public abstract bool IsWithdrawn();

        public abstract void Run(StatementConnection connection);

        /// <summary>Keeps the first error; callers are told by <see cref="Complete"/>.</summary>
        public abstract void Fail(Exception error);

        public abstract void Complete();
    }

    private sealed class Job<T>(Func<StatementConnection, T> run, CancellationToken cancellation) : Job
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _value;
        private Exception? _error;
        private bool _withdrawn;

        public Task<T> Task => _done.Task;

        public override bool IsWithdrawn() => _withdrawn = cancellation.IsCancellationRequested;

        public override void Run(StatementConnection connection) => _value = run(connection);

        public override void Fail(Exception error) => _error ??= error;

        public override void Complete()
        {
            if (_withdrawn)
            {
                _done.TrySetCanceled(cancellation);
            }
            else if (_error is not null)
            {
                _done.TrySetException(_error);
            }
            else
            {
                _done.TrySetResult(_value!);
            }
        }
    }
}
