#nullable disable
using Azure.Storage.Blobs.Models;

namespace Azure.Storage.Blobs.Specialized;

public class BlobBaseClient
{
    protected BlobBaseClient()
    {
    }

    public virtual string Name { get; }

    public virtual Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<Response<BlobProperties>> GetPropertiesAsync(BlobRequestConditions conditions = default, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<Response<BlobDownloadStreamingResult>> DownloadStreamingAsync(
        BlobDownloadOptions options = default, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync() => throw new NotSupportedException();

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync(BlobRequestConditions conditions, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync(BlobDownloadOptions options = default, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}

public class BlockBlobClient : BlobBaseClient
{
    protected BlockBlobClient()
    {
    }

    public virtual Task<Response<BlockInfo>> StageBlockAsync(
        string base64BlockId,
        Stream content,
        byte[] transactionalContentHash,
        BlobRequestConditions conditions,
        IProgress<long> progressHandler,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<Response<BlockInfo>> StageBlockAsync(
        string base64BlockId, Stream content, BlockBlobStageBlockOptions options = default, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<Response<BlobContentInfo>> CommitBlockListAsync(
        IEnumerable<string> base64BlockIds, CommitBlockListOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

public static class SpecializedBlobExtensions
{
    public static BlockBlobClient GetBlockBlobClient(this BlobContainerClient client, string blobName) => client.GetBlockBlobClientCore(blobName);
}
