#nullable disable
using Azure.Storage.Blobs.Models;

namespace Azure.Storage.Blobs.Specialized;

public class BlobBaseClient
{
    protected BlobBaseClient()
    {
    }

    public virtual string Name { get; }

    public virtual Uri Uri { get; }

    public virtual Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync() => throw new NotSupportedException();

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync(BlobRequestConditions conditions, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync(BlobDownloadOptions options = default, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
