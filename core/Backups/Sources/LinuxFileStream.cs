namespace Maintenance.Backups.Sources;

/// <summary>
/// A file that is read from its beginning to its end. A read is one call of the system on the caller's thread and allocates nothing; it is complete when it
/// returns, the asynchronous ones, too: files have no other way to be read, and another thread would only cost more.
/// </summary>
internal sealed class LinuxFileStream(int descriptor, string path) : Stream
{
    private int _descriptor = descriptor;

    public override bool CanRead => _descriptor >= 0;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("A file that is being read may still change its length.");

    public override long Position
    {
        get => throw new NotSupportedException("The file is read from its beginning to its end.");
        set => throw new NotSupportedException("The file is read from its beginning to its end.");
    }

    /// <exception cref="IOException">The disk failed.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        var read = LinuxCalls.Read(_descriptor, buffer);
        return read >= 0 ? read : throw LinuxError.Of($"'{path}' cannot be read", LinuxError.Last);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Read(buffer.AsSpan(offset, count)));
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The file is read from its beginning to its end.");

    public override void SetLength(long value) => throw new NotSupportedException("The file is only read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The file is only read.");

    public override void Flush()
    {
        // Nothing is written.
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _descriptor, -1) is >= 0 and var open)
        {
            _ = LinuxCalls.Close(open);
        }

        base.Dispose(disposing);
    }
}
