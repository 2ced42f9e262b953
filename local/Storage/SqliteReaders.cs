using System.Collections.Concurrent;

namespace Maintenance.Local.Storage;

/// <summary>A few read connections, lent one query at a time. Each query sees one snapshot, and never waits for the writer.</summary>
internal sealed class SqliteReaders : IAsyncDisposable
{
    private readonly int _most = Math.Clamp(Environment.ProcessorCount, 2, 8);
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentStack<StatementConnection> _idle = new();
    private readonly Func<StatementConnection> _connect;
    private volatile bool _closed;

    public SqliteReaders(Func<StatementConnection> connect)
    {
        _connect = connect;
        _free = new SemaphoreSlim(_most);
    }

    public async Task<T> RunAsync<T>(Func<StatementConnection, T> query, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteDatabase));
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteDatabase));
            if (!_idle.TryPop(out var connection))
            {
                connection = _connect();
            }

            try
            {
                connection.Execute("BEGIN");
                var result = query(connection);
                connection.Execute("COMMIT");
                _idle.Push(connection);
                return result;
            }
            catch
            {
                // Dropped, and with it whatever the query left open; the next query makes a new one.
                await connection.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_closed)
        {
            return;
        }

        // Queries under way finish; those that wait for a connection find the database closed.
        _closed = true;
        for (var i = 0; i < _most; i++)
        {
            await _free.WaitAsync();
        }

        while (_idle.TryPop(out var connection))
        {
            await connection.DisposeAsync();
        }

        _free.Release(_most);
    }
}
