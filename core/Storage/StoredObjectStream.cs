namespace Maintenance.Storage;

/// <summary>Reads an object from its beginning to its end, piece by piece.</summary>
/// <param name="objects">Where it lies.</param>
/// <param name="name">Its name.</param>
/// <param name="gone">What is thrown where there is none of that name, or no more.</param>
internal sealed class StoredObjectStream(IObjectStore objects, string name, Func<Exception> gone) : Stream
{
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await objects.ReadAsync(name, _at, buffer, cancellationToken) ?? throw gone();
        _at += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Objects are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
