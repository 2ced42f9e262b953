#nullable disable
using Azure.Core;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Azure.Storage.Blobs;

public class BlobClientOptions : ClientOptions;

public class BlobContainerClient
{
    public BlobContainerClient(string connectionString, string blobContainerName) => Name = blobContainerName;

    public BlobContainerClient(Uri blobContainerUri, TokenCredential credential, BlobClientOptions options = default) => Uri = blobContainerUri;

    protected BlobContainerClient()
    {
    }

    public virtual string Name { get; }

    public virtual Uri Uri { get; }

    public virtual BlobClient GetBlobClient(string blobName) => throw new NotSupportedException();

    protected internal virtual BlockBlobClient GetBlockBlobClientCore(string blobName) => throw new NotSupportedException();

    public virtual AsyncPageable<BlobItem> GetBlobsAsync(BlobTraits traits, BlobStates states, string prefix, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public virtual AsyncPageable<BlobItem> GetBlobsAsync(GetBlobsOptions options = default, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<Response<bool>> DeleteBlobIfExistsAsync(
        string blobName,
        DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions conditions = default,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

public class BlobClient : BlobBaseClient
{
    public BlobClient(Uri blobUri, TokenCredential credential, BlobClientOptions options = default)
    {
    }

    protected BlobClient()
    {
    }

    public virtual Task<Response<BlobContentInfo>> UploadAsync(BinaryData content, BlobUploadOptions options, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<Response<BlobContentInfo>> UploadAsync(Stream content, BlobUploadOptions options, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
