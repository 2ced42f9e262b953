using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>A container in memory, with the service's answers.</summary>
internal sealed class FakeBlobContainer : BlobContainerClient
{
    private const int PageSize = 100;

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>What the service answers to a put of a name that is taken.</summary>
    public (int Status, string Code) Taken { get; set; } = (409, "BlobAlreadyExists");

    /// <summary>When set, every request fails so.</summary>
    public RequestFailedException? Failure { get; set; }

    public override BlobClient GetBlobClient(string blobName) => new FakeBlob(this, blobName);

    public override AsyncPageable<BlobItem> GetBlobsAsync(BlobTraits traits, BlobStates states, string prefix, CancellationToken cancellationToken) =>
        new FakePageable<BlobItem>(
            () =>
            {
                Check();
                return
                [
                    .. Blobs.Where(blob => blob.Key.StartsWith(prefix ?? "", StringComparison.Ordinal)).OrderBy(blob => blob.Key, StringComparer.Ordinal).Select(
                        blob => BlobsModelFactory.BlobItem(
                            name: blob.Key,
                            deleted: false,
                            properties: BlobsModelFactory.BlobItemProperties(accessTierInferred: false, contentLength: blob.Value.Length))),
                ];
            },
            PageSize);

    public override async Task<Response<bool>> DeleteBlobIfExistsAsync(
        string blobName,
        DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions conditions = null!,
        CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        Check();
        var deleted = Blobs.TryRemove(blobName, out _);
        return Response.FromValue(deleted, new FakeResponse(deleted ? 202 : 404));
    }

    private void Check()
    {
        if (Failure is not null)
        {
            throw Failure;
        }
    }

    private sealed class FakeBlob(FakeBlobContainer container, string name) : BlobClient
    {
        public override string Name => name;

        public override async Task<Response<BlobContentInfo>> UploadAsync(
            BinaryData content, BlobUploadOptions options, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            container.Check();
            var bytes = content.ToArray();
            if (options.Conditions?.IfNoneMatch != ETag.All)
            {
                container.Blobs[name] = bytes;
            }
            else if (!container.Blobs.TryAdd(name, bytes))
            {
                throw new RequestFailedException(container.Taken.Status, "The blob exists.", container.Taken.Code, null);
            }

            var info = BlobsModelFactory.BlobContentInfo(
                eTag: new ETag("\"1\""), lastModified: default, contentHash: null!, encryptionKeySha256: null!, blobSequenceNumber: 0);
            return Response.FromValue(info, new FakeResponse(201));
        }

        public override async Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            container.Check();
            return Response.FromValue(container.Blobs.ContainsKey(name), new FakeResponse(200));
        }

        public override async Task<Response<BlobDownloadResult>> DownloadContentAsync(
            BlobDownloadOptions options = null!, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            container.Check();
            if (!container.Blobs.TryGetValue(name, out var bytes))
            {
                throw new RequestFailedException(404, "The blob does not exist.", "BlobNotFound", null);
            }

            var range = options?.Range ?? default;
            if (range.Length is { } length)
            {
                // A range header names its last byte; a sum that overflows would be refused.
                _ = checked(range.Offset + length - 1);
                bytes = range.Offset < bytes.Length
                    ? bytes[(int)range.Offset..(int)Math.Min(bytes.Length, range.Offset + length)]
                    : throw new RequestFailedException(416, "The range is outside.", "InvalidRange", null);
            }

            return Response.FromValue(BlobsModelFactory.BlobDownloadResult(BinaryData.FromBytes(bytes), null!), new FakeResponse(200));
        }
    }
}
