namespace Maintenance.Web.Sources.Postgres;

/// <summary>The large objects, as a script that makes them again piece by piece.</summary>
internal sealed class LargeObjectStream : SavepointStream
{
    private const int PieceBytes = 256 * 1024;

    private readonly IReadOnlyList<uint> _objects;
    private ReadOnlyMemory<byte> _piece = PostgresScript.Begin();
    private int _next;
    private long _offset = -1;

    private LargeObjectStream(PostgresSession session, IReadOnlyList<uint> objects)
        : base(session)
    {
        _objects = objects;
    }

    /// <inheritdoc/>
    protected override string What => "The large objects";

    /// <summary>Begins to read.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<LargeObjectStream> OpenAsync(PostgresSession session, IReadOnlyList<uint> objects, CancellationToken cancellation)
    {
        await BeginAsync(session, cancellation);
        return new LargeObjectStream(session, objects);
    }

    /// <inheritdoc/>
    protected override async ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (_piece.IsEmpty)
        {
            if (_next == _objects.Count)
            {
                return 0;
            }

            _piece = await NextPieceAsync(cancellation);
        }

        var read = Math.Min(buffer.Length, _piece.Length);
        _piece[..read].CopyTo(buffer);
        _piece = _piece[read..];
        return read;
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync(bool isWhole) => ValueTask.CompletedTask;

    private async Task<ReadOnlyMemory<byte>> NextPieceAsync(CancellationToken cancellation)
    {
        var id = _objects[_next];
        if (_offset < 0)
        {
            _offset = 0;
            return PostgresScript.Piece($"SELECT pg_catalog.lo_create({id})");
        }

        var bytes = (await Session.RowsAsync($"SELECT lo_get({id}, {_offset}, {PieceBytes})", static row => row.GetFieldValue<byte[]>(0), cancellation))[0];
        if (bytes.Length == 0)
        {
            _next++;
            _offset = -1;
            return default;
        }

        var statement = $"SELECT pg_catalog.lo_put({id}, {_offset}, '\\x{Convert.ToHexStringLower(bytes)}')";
        _offset += bytes.Length;
        return PostgresScript.Piece(statement);
    }
}
