using Maintenance.Storage;

namespace Maintenance.Local.Storage;

/// <summary>Writes an object of a folder piece by piece; only its name waits for the end.</summary>
internal sealed class FolderObjectWriter(FirstWriter first, string path, string root) : IObjectWriter
{
    private readonly UnnamedFile _file = first.Begin(expectedLength: 0);
    private bool _isComplete;

    /// <summary>A write ends in the system's memory, so it does not leave the caller's thread.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ThrowIfComplete();
        _file.Append(piece.Span);
        return ValueTask.CompletedTask;
    }

    public async Task<bool> CompleteAsync(CancellationToken cancellation)
    {
        ThrowIfComplete();

        // Flushing blocks until the disk has it, and the caller may have other things to start meanwhile.
        var created = await Task.Run(() => first.Complete(_file, path, root, cancellation), cancellation);
        _isComplete = true;
        _file.Dispose();
        return created;
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private void ThrowIfComplete()
    {
        if (_isComplete)
        {
            throw new InvalidOperationException("The object is complete: nothing is written after.");
        }
    }
}
