using System.Buffers;

namespace Maintenance.Storage;

/// <summary>Writes an object in one put at its end: for stores that know no other way.</summary>
internal sealed class BufferedObjectWriter(IObjectStore store, string name) : IObjectWriter
{
    private readonly ArrayBufferWriter<byte> _content = new();

    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        _content.Write(piece.Span);
        return ValueTask.CompletedTask;
    }

    public Task<bool> CompleteAsync(CancellationToken cancellation) => store.PutAsync(name, _content.WrittenMemory, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
