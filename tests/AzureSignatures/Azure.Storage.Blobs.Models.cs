#nullable disable
namespace Azure.Storage.Blobs.Models;

public enum PublicAccessType
{
    None,
    BlobContainer,
    Blob,
}

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
    public BlobTraits Traits { get; set; }

    public BlobStates States { get; set; }

    public string Prefix { get; set; }
}

public class BlobContainerInfo
{
    internal BlobContainerInfo()
    {
    }
}

public class BlobContainerEncryptionScopeOptions
{
    public string DefaultEncryptionScope { get; set; }
}

public class BlobLeaseRequestConditions : RequestConditions
{
    public string TagConditions { get; set; }
}

public class BlobRequestConditions : BlobLeaseRequestConditions
{
    public string LeaseId { get; set; }
}

public class BlobUploadOptions
{
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
}

public class BlobItemProperties
{
    internal BlobItemProperties()
    {
    }

    public long? ContentLength { get; internal set; }
}

public static class BlobsModelFactory
{
    // The real factory has more parameters, all optional; fakes name the ones they give.
    public static BlobItem BlobItem(string name = null, bool deleted = false, BlobItemProperties properties = null) =>
        new() { Name = name, Deleted = deleted, Properties = properties };

    public static BlobItemProperties BlobItemProperties(bool accessTierInferred, long? contentLength = default) => new() { ContentLength = contentLength };

    public static BlobContentInfo BlobContentInfo(
        ETag eTag, DateTimeOffset lastModified, byte[] contentHash, string encryptionKeySha256, long blobSequenceNumber) =>
        new() { ETag = eTag, LastModified = lastModified };

    public static BlobDownloadResult BlobDownloadResult(BinaryData content = default, BlobDownloadDetails details = default) =>
        new() { Content = content, Details = details };
}
