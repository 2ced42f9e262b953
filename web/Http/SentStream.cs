using Maintenance.Tickets.Attachments;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Http;

/// <summary>A body that is read as it arrives. What is wrong with it is the sender's problem, told apart from what is wrong with wherever it is written to.</summary>
/// <param name="body">The body.</param>
/// <param name="most">The most bytes that it was let have.</param>
internal sealed class SentStream(Stream body, long most) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => await GuardAsync(async () => await body.ReadAsync(buffer, cancellationToken), most);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Reads from a body.</summary>
    /// <exception cref="AttachmentTooLargeException">The server takes no more.</exception>
    /// <exception cref="HttpProblemException">It ended too early, or is not made as its type says.</exception>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> read, long most)
    {
        try
        {
            return await read();
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new AttachmentTooLargeException(most);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw HttpProblemException.BadRequest("The body did not arrive whole, or is not made as its type says.");
        }
    }
}
