using Npgsql;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>A table's rows, as <c>COPY … TO STDOUT</c> sends them: text, a line each.</summary>
internal sealed class TableStream : SavepointStream
{
    private readonly StreamReader _copy;
    private readonly Action<long> _read;
    private long _rows;

    private TableStream(PostgresSession session, StreamReader copy, string what, Action<long> read)
        : base(session)
    {
        _copy = copy;
        What = what;
        _read = read;
    }

    /// <inheritdoc/>
    protected override string What { get; }

    /// <summary>Begins to read.</summary>
    /// <param name="session">In the transaction of the copy.</param>
    /// <param name="command">The <c>COPY</c>.</param>
    /// <param name="what">What is read, for errors.</param>
    /// <param name="read">Gets the number of rows once all are read.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The server refuses.</exception>
    public static async Task<TableStream> OpenAsync(PostgresSession session, string command, string what, Action<long> read, CancellationToken cancellation)
    {
        await BeginAsync(session, cancellation);
        try
        {
            // Only text exports can be text; the bytes below the reader are what the server sent.
            return new TableStream(session, (StreamReader)await session.Connection.BeginTextExportAsync(command, cancellation), what, read);
        }
        catch (Exception error) when (PostgresSession.IsFailure(error))
        {
            var failure = session.Failed(what, error);
            try
            {
                await UndoAsync(session);
            }
            catch (IOException)
            {
                // The connection broke: the first error says why, and the next file will not open.
            }

            throw failure;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await _copy.BaseStream.ReadAsync(buffer, cancellation);
        _rows += buffer.Span[..read].Count((byte)'\n');
        return read;
    }

    /// <inheritdoc/>
    protected override void OnEnd() => _read(_rows);

    /// <inheritdoc/>
    protected override async ValueTask CloseAsync(bool isWhole)
    {
        if (!isWhole && _copy is NpgsqlCopyTextReader reader)
        {
            // Without this, the rest of the table would be fetched and thrown away.
            try
            {
                reader.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended by an error; there is nothing left to cancel.
            }
        }

        await _copy.BaseStream.DisposeAsync();
        _copy.Dispose();
    }
}
