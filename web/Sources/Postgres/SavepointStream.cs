namespace Maintenance.Web.Sources.Postgres;

/// <summary>
/// A file that is made while it is read, inside a savepoint: where it cannot be made, or is not read to its end, the transaction goes on for the files after it.
/// </summary>
internal abstract class SavepointStream(PostgresSession session) : Stream
{
    private bool _isOver;
    private bool _isClosed;
    private IOException? _failure;

    /// <inheritdoc/>
    public sealed override bool CanRead => !_isClosed;

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <inheritdoc/>
    public sealed override bool CanWrite => false;

    /// <inheritdoc/>
    public sealed override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The connection.</summary>
    protected PostgresSession Session { get; } = session;

    /// <summary>What is read, for errors.</summary>
    protected abstract string What { get; }

    /// <summary>Fills the buffer as far as there is something to fill it with.</summary>
    /// <exception cref="IOException">It cannot be read. After it no read succeeds: an error never looks like an end.</exception>
    public sealed override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_failure is not null)
        {
            throw new IOException(_failure.Message, _failure);
        }

        // The driver gives a row at a time.
        var filled = 0;
        try
        {
            while (filled < buffer.Length && !_isOver)
            {
                var read = await ReadSomeAsync(buffer[filled..], cancellationToken);
                _isOver = read == 0;
                filled += read;
            }
        }
        catch (Exception error) when (PostgresSession.IsFailure(error) || error is IOException)
        {
            _failure = error as IOException ?? Session.Failed(What, error);
            throw _failure;
        }
        catch (OperationCanceledException error)
        {
            _failure = new IOException($"{What}: it was given up.", error);
            throw;
        }

        if (_isOver)
        {
            OnEnd();
        }

        return filled;
    }

    /// <inheritdoc/>
    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public sealed override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public sealed override void Flush()
    {
    }

    /// <inheritdoc/>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override async ValueTask DisposeAsync()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        try
        {
            await CloseAsync(_isOver && _failure is null);
            await (_isOver && _failure is null ? Session.RunAsync("RELEASE SAVEPOINT file", CancellationToken.None) : UndoAsync(Session));
        }
        catch (Exception error) when (PostgresSession.IsFailure(error) || error is IOException)
        {
            // Whoever read to the end has all. The connection may be broken: opening the next file says so.
        }

        await base.DisposeAsync();
    }

    /// <summary>Begins the savepoint.</summary>
    /// <exception cref="IOException">The connection broke, or the transaction failed.</exception>
    protected static Task BeginAsync(PostgresSession session, CancellationToken cancellation) => session.RunAsync("SAVEPOINT file", cancellation);

    /// <summary>Undoes what failed since, so that the transaction goes on.</summary>
    protected static Task UndoAsync(PostgresSession session) => session.RunAsync("ROLLBACK TO SAVEPOINT file", CancellationToken.None);

    /// <summary>Reads at least a byte, or 0 at the end.</summary>
    protected abstract ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Called when the end was reached.</summary>
    protected virtual void OnEnd()
    {
    }

    /// <summary>Ends what the server still does for this file.</summary>
    protected abstract ValueTask CloseAsync(bool isWhole);

    /// <inheritdoc/>
    protected sealed override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }
}
