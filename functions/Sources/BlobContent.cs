using Azure.Storage.Blobs.Models;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Sources;

/// <summary>The contents of a blob as they come, with failures in words. It is read whole, or a read throws.</summary>
/// <param name="download">The answer; disposed with this.</param>
/// <param name="length">How many bytes there must be.</param>
/// <param name="what">What is read, as people are told.</param>
/// <param name="tell">Puts a failure of the service into words.</param>
/// <param name="whole">Called when the last byte was read.</param>
internal sealed class BlobContent(BlobDownloadStreamingResult download, long length, string what, Func<Exception, Exception> tell, Action whole) : ForwardStream
{
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            // Where the connection breaks the client asks for the rest under If-Match with the ETag of the first answer, so that no two states of a blob are mixed.
            count = await download.Content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellationToken))
        {
            throw tell(fault);
        }

        _read += count;
        if (_read > length || (count == 0 && buffer.Length > 0 && _read < length))
        {
            throw new IOException($"{what}: it has {length} bytes, and {_read} came.");
        }

        if (_read == length)
        {
            whole();
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            download.Dispose();
        }

        base.Dispose(disposing);
    }
}
