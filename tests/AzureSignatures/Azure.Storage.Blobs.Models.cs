#nullable disable
namespace Azure.Storage.Blobs.Models;

public enum DeleteSnapshotsOption
{
    None,
    IncludeSnapshots,
    OnlySnapshots,
}

[Flags]
public enum BlobTraits
{
    All = -1,
    None = 0,
    CopyStatus = 1,
    Metadata = 2,
    Tags = 4,
    ImmutabilityPolicy = 8,
    LegalHold = 16,
}

[Flags]
public enum BlobStates
{
    All = -1,
    None = 0,
    Snapshots = 1,
    Uncommitted = 2,
    Deleted = 4,
    Version = 8,
    DeletedWithVersions = 16,
}

public class GetBlobsOptions
{
}

public class BlobContainerInfo
{
    internal BlobContainerInfo()
    {
    }
}

public class BlobLeaseRequestConditions : RequestConditions
{
}

public class BlobRequestConditions : BlobLeaseRequestConditions
{
}

public enum BlobType
{
    Block,
    Page,
    Append,
}

public class BlobHttpHeaders
{
    public string ContentType { get; set; }

    public string ContentEncoding { get; set; }

    public string ContentLanguage { get; set; }

    public string ContentDisposition { get; set; }

    public string CacheControl { get; set; }
}

public class BlockBlobStageBlockOptions
{
}

public class CommitBlockListOptions
{
    public BlobHttpHeaders HttpHeaders { get; set; }

    public IDictionary<string, string> Metadata { get; set; }

    public BlobRequestConditions Conditions { get; set; }
}

public class BlockInfo
{
    internal BlockInfo()
    {
    }
}

public class BlobUploadOptions
{
    public BlobHttpHeaders HttpHeaders { get; set; }

    public BlobRequestConditions Conditions { get; set; }

    public IDictionary<string, string> Metadata { get; set; }
}

public class BlobDownloadOptions
{
    public HttpRange Range { get; set; }

    public BlobRequestConditions Conditions { get; set; }
}

public class BlobDownloadDetails
{
    internal BlobDownloadDetails()
    {
    }

    public long ContentLength { get; internal set; }

    public ETag ETag { get; internal set; }
}

public class BlobDownloadStreamingResult : IDisposable
{
    internal BlobDownloadStreamingResult()
    {
    }

    public BlobDownloadDetails Details { get; internal set; }

    public Stream Content { get; internal set; }

    public void Dispose() => Content?.Dispose();
}

public class BlobProperties
{
    public DateTimeOffset LastModified { get; internal set; }

    public long ContentLength { get; internal set; }

    public string ContentType { get; internal set; }

    public ETag ETag { get; internal set; }

    public string ContentEncoding { get; internal set; }

    public string ContentDisposition { get; internal set; }

    public string ContentLanguage { get; internal set; }

    public string CacheControl { get; internal set; }

    public BlobType BlobType { get; internal set; }

    public IDictionary<string, string> Metadata { get; internal set; }
}

public class BlobDownloadResult
{
    internal BlobDownloadResult()
    {
    }

    public BinaryData Content { get; internal set; }

    public BlobDownloadDetails Details { get; internal set; }
}

public class BlobContentInfo
{
    internal BlobContentInfo()
    {
    }

    public ETag ETag { get; internal set; }

    public DateTimeOffset LastModified { get; internal set; }
}

public class BlobItem
{
    internal BlobItem()
    {
    }

    public string Name { get; internal set; }

    public bool Deleted { get; internal set; }

    public BlobItemProperties Properties { get; internal set; }

    public IDictionary<string, string> Metadata { get; internal set; }
}

public class BlobItemProperties
{
    internal BlobItemProperties()
    {
    }

    public DateTimeOffset? LastModified { get; internal set; }

    public long? ContentLength { get; internal set; }

    public string ContentType { get; internal set; }

    public string ContentEncoding { get; internal set; }

    public string ContentLanguage { get; internal set; }

    public string ContentDisposition { get; internal set; }

    public string CacheControl { get; internal set; }

    public BlobType? BlobType { get; internal set; }

    public ETag? ETag { get; internal set; }
}

public static class BlobsModelFactory
{
    // The real factory has more parameters, all optional; fakes name the ones they give.
    public static BlobItem BlobItem(
        string name = null, bool deleted = false, BlobItemProperties properties = null, IDictionary<string, string> metadata = null) =>
        new() { Name = name, Deleted = deleted, Properties = properties, Metadata = metadata };

    public static BlobItemProperties BlobItemProperties(
        bool accessTierInferred,
        string contentType = null,
        string contentEncoding = null,
        string contentLanguage = null,
        string contentDisposition = null,
        string cacheControl = null,
        BlobType? blobType = default,
        long? contentLength = default,
        DateTimeOffset? lastModified = default,
        ETag? eTag = default) => new()
        {
            ContentType = contentType,
            ContentEncoding = contentEncoding,
            ContentLanguage = contentLanguage,
            ContentDisposition = contentDisposition,
            CacheControl = cacheControl,
            BlobType = blobType,
            ContentLength = contentLength,
            LastModified = lastModified,
            ETag = eTag,
        };

    public static BlobProperties BlobProperties(
        DateTimeOffset lastModified = default,
        long contentLength = default,
        string contentType = default,
        ETag eTag = default,
        string contentEncoding = default,
        string contentDisposition = default,
        string contentLanguage = default,
        string cacheControl = default,
        BlobType blobType = default,
        IDictionary<string, string> metadata = default) => new()
        {
            LastModified = lastModified,
            ContentLength = contentLength,
            ContentType = contentType,
            ETag = eTag,
            ContentEncoding = contentEncoding,
            ContentDisposition = contentDisposition,
            ContentLanguage = contentLanguage,
            CacheControl = cacheControl,
            BlobType = blobType,
            Metadata = metadata,
        };

    public static BlobDownloadDetails BlobDownloadDetails(long contentLength = default, ETag eTag = default) => new() { ContentLength = contentLength, ETag = eTag };

    public static BlobDownloadStreamingResult BlobDownloadStreamingResult(Stream content = default, BlobDownloadDetails details = default) =>
        new() { Content = content, Details = details };

    // Without defaults, as the real one.
    public static BlockInfo BlockInfo(byte[] contentHash, byte[] contentCrc64, string encryptionKeySha256, string encryptionScope) => new();

    public static BlobContentInfo BlobContentInfo(
        ETag eTag, DateTimeOffset lastModified, byte[] contentHash, string encryptionKeySha256, long blobSequenceNumber) =>
        new() { ETag = eTag, LastModified = lastModified };

    public static BlobDownloadResult BlobDownloadResult(BinaryData content = default, BlobDownloadDetails details = default) =>
        new() { Content = content, Details = details };
}
