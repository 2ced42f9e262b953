using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>A container in memory, with the service's answers.</summary>
internal sealed class FakeBlobContainer : BlobContainerClient
{
    private const int PageSize = 100;

    public override Uri Uri { get; } = new("https://account.blob.core.windows.net/records");

    public ConcurrentDictionary<string, StoredBlob> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>What was staged and not yet committed, by blob and block.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, byte[]>> Staged { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked for: <c>put a</c>, <c>stage a</c>, <c>commit a</c>, <c>get a</c>, <c>head a</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What the service answers to a put of a name that is taken.</summary>
    public (int Status, string Code) Taken { get; set; } = (409, "BlobAlreadyExists");

    /// <summary>Blobs that cannot be deleted, with the code of the refusal.</summary>
    public Dictionary<string, string> Held { get; } = new(StringComparer.Ordinal);

    /// <summary>When set, every request fails so.</summary>
    public Exception? Failure { get; set; }

    /// <summary>When set, the requests that it gives a failure for (as <see cref="Requests"/> names them) fail so.</summary>
    public Func<string, Exception?>? FailureOf { get; set; }

    /// <summary>When set, the connection of a download breaks after so many bytes, this runs, and the client asks for the rest as the real one does.</summary>
    public (int Bytes, Action Between)? Break { get; set; }

    /// <summary>When set, downloads end after so many bytes without an error.</summary>
    public int? CutShort { get; set; }

    public override BlobClient GetBlobClient(string blobName) => new FakeBlob(this, blobName);

    public override AsyncPageable<BlobItem> GetBlobsAsync(BlobTraits traits, BlobStates states, string prefix, CancellationToken cancellationToken) =>
        new FakePageable<BlobItem>(
            () =>
            {
                Ask("list");
                return
                [
                    .. Blobs.Where(blob => blob.Key.StartsWith(prefix ?? "", StringComparison.Ordinal)).OrderBy(blob => blob.Key, StringComparer.Ordinal)
                        .Select(blob => Item(blob.Key, blob.Value, traits)),
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
        Ask("delete " + blobName);
        if (Held.TryGetValue(blobName, out var code))
        {
            throw new RequestFailedException(409, "The blob is immutable.", code, null);
        }

        var deleted = Blobs.TryRemove(blobName, out _);
        return Response.FromValue(deleted, new FakeResponse(deleted ? 202 : 404));
    }

    protected override BlockBlobClient GetBlockBlobClientCore(string blobName) => new FakeBlockBlob(this, blobName);

    private static BlobItem Item(string name, StoredBlob blob, BlobTraits traits) => BlobsModelFactory.BlobItem(
        name: name,
        deleted: false,
        properties: BlobsModelFactory.BlobItemProperties(
            accessTierInferred: false,
            contentType: blob.Headers.ContentType,
            contentEncoding: blob.Headers.ContentEncoding,
            contentLanguage: blob.Headers.ContentLanguage,
            contentDisposition: blob.Headers.ContentDisposition,
            cacheControl: blob.Headers.CacheControl,
            blobType: blob.Type,
            contentLength: blob.Content.Length,
            lastModified: blob.LastModified,
            eTag: blob.Bare),
        metadata: traits.HasFlag(BlobTraits.Metadata) ? blob.Metadata : null!);

    private static BlobContentInfo Info(StoredBlob blob) => BlobsModelFactory.BlobContentInfo(
        eTag: blob.Quoted, lastModified: blob.LastModified, contentHash: null!, encryptionKeySha256: null!, blobSequenceNumber: 0);

    private void Ask(string request)
    {
        Requests.Enqueue(request);
        if (Failure is not null)
        {
            throw Failure;
        }

        if (FailureOf?.Invoke(request) is { } failure)
        {
            throw failure;
        }
    }

    private StoredBlob Find(string name, BlobRequestConditions? conditions)
    {
        var blob = Blobs.GetValueOrDefault(name) ?? throw new RequestFailedException(404, "The blob does not exist.", "BlobNotFound", null);
        return blob.Has(conditions?.IfMatch) ? blob : throw new RequestFailedException(412, "The condition is not met.", "ConditionNotMet", null);
    }

    /// <summary>Stores what a put or a commit makes; what was staged and not committed is thrown away.</summary>
    private Response<BlobContentInfo> Store(string name, StoredBlob blob, BlobRequestConditions? conditions)
    {
        if (conditions?.IfNoneMatch != ETag.All)
        {
            Blobs[name] = blob;
        }
        else if (!Blobs.TryAdd(name, blob))
        {
            throw new RequestFailedException(Taken.Status, "The blob exists.", Taken.Code, null);
        }

        _ = Staged.TryRemove(name, out _);
        return Response.FromValue(Info(blob), new FakeResponse(201));
    }

    private static StoredBlob Made(byte[] content, BlobHttpHeaders? headers, IDictionary<string, string>? metadata)
    {
        var blob = new StoredBlob(content);
        return blob with
        {
            Headers = headers is null ? blob.Headers : new BlobHttpHeaders
            {
                ContentType = headers.ContentType ?? "application/octet-stream",
                ContentEncoding = headers.ContentEncoding,
                ContentLanguage = headers.ContentLanguage,
                ContentDisposition = headers.ContentDisposition,
                CacheControl = headers.CacheControl,
            },
            Metadata = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase),
        };
    }

    private sealed class FakeBlob(FakeBlobContainer container, string name) : BlobClient
    {
        public override string Name => name;

        public override async Task<Response<BlobContentInfo>> UploadAsync(
            BinaryData content, BlobUploadOptions options, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            container.Ask("put " + name);
            return container.Store(name, Made(content.ToArray(), options.HttpHeaders, options.Metadata), options.Conditions);
        }

        public override async Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            container.Ask("head " + name);
            return Response.FromValue(container.Blobs.ContainsKey(name), new FakeResponse(200));
        }

        public override async Task<Response<BlobProperties>> GetPropertiesAsync(BlobRequestConditions conditions = null!, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            container.Ask("head " + name);
            var blob = container.Find(name, conditions);
            return Response.FromValue(
                BlobsModelFactory.BlobProperties(
                    lastModified: blob.LastModified,
                    contentLength: blob.Content.Length,
                    contentType: blob.Headers.ContentType,
                    eTag: blob.Quoted,
                    contentEncoding: blob.Headers.ContentEncoding,
                    contentDisposition: blob.Headers.ContentDisposition,
                    contentLanguage: blob.Headers.ContentLanguage,
                    cacheControl: blob.Headers.CacheControl,
                    blobType: blob.Type,
                    metadata: blob.Metadata),
                new FakeResponse(200));
        }

        public override async Task<Response<BlobDownloadResult>> DownloadContentAsync(
            BlobDownloadOptions options = null!, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            container.Ask("get " + name);
            var content = Part(container.Find(name, options?.Conditions), options?.Range ?? default);
            return Response.FromValue(BlobsModelFactory.BlobDownloadResult(BinaryData.FromBytes(content), null!), new FakeResponse(200));
        }

        public override async Task<Response<BlobDownloadStreamingResult>> DownloadStreamingAsync(
            BlobDownloadOptions options = null!, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            container.Ask("get " + name);
            var blob = container.Find(name, options?.Conditions);
            var content = Part(blob, options?.Range ?? default);
            var broken = container.Break;
            container.Break = null;
            return Response.FromValue(
                BlobsModelFactory.BlobDownloadStreamingResult(
                    new Download(content[..Math.Min(content.Length, container.CutShort ?? int.MaxValue)], broken, () => _ = container.Find(name, new BlobRequestConditions { IfMatch = blob.Quoted })),
                    BlobsModelFactory.BlobDownloadDetails(contentLength: content.Length, eTag: blob.Quoted)),
                new FakeResponse(200));
        }

        private static byte[] Part(StoredBlob blob, HttpRange range)
        {
            if (range.Length is not { } length)
            {
                return blob.Content;
            }

            // A range header names its last byte; a sum that overflows would be refused.
            _ = checked(range.Offset + length - 1);
            return range.Offset < blob.Content.Length
                ? blob.Content[(int)range.Offset..(int)Math.Min(blob.Content.Length, range.Offset + length)]
                : throw new RequestFailedException(416, "The range is outside.", "InvalidRange", null);
        }
    }

    private sealed class FakeBlockBlob(FakeBlobContainer container, string name) : BlockBlobClient
    {
        public override string Name => name;

        public override Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default) => container.GetBlobClient(name).ExistsAsync(cancellationToken);

        public override async Task<Response<BlockInfo>> StageBlockAsync(
            string base64BlockId, Stream content, BlockBlobStageBlockOptions options = null!, CancellationToken cancellationToken = default)
        {
            container.Ask("stage " + name);
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, cancellationToken);
            var blocks = container.Staged.GetOrAdd(name, static _ => new(StringComparer.Ordinal));
            if (blocks.Keys.Any(id => id.Length != base64BlockId.Length))
            {
                throw new RequestFailedException(400, "The block ids have different lengths.", "InvalidBlobOrBlock", null);
            }

            blocks[base64BlockId] = bytes.ToArray();
            return Response.FromValue(
                BlobsModelFactory.BlockInfo(contentHash: null!, contentCrc64: null!, encryptionKeySha256: null!, encryptionScope: null!), new FakeResponse(201));
        }

        public override async Task<Response<BlobContentInfo>> CommitBlockListAsync(
            IEnumerable<string> base64BlockIds, CommitBlockListOptions options, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            container.Ask("commit " + name);
            var blocks = container.Staged.GetValueOrDefault(name) ?? new();
            var parts = base64BlockIds.Select(
                id => blocks.GetValueOrDefault(id) ?? throw new RequestFailedException(400, "A block is not there.", "InvalidBlockList", null));
            return container.Store(name, Made([.. parts.SelectMany(static part => part)], options.HttpHeaders, options.Metadata), options.Conditions);
        }
    }

    /// <summary>The body of an answer, in pieces of a network's size.</summary>
    private sealed class Download(byte[] content, (int Bytes, Action Between)? broken, Action askAgain) : MemoryStream(content, writable: false)
    {
        private (int Bytes, Action Between)? _broken = broken;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(buffer.Length, 10_000);
            if (_broken is { } at)
            {
                count = Math.Min(count, at.Bytes - (int)Position);
                if (count <= 0)
                {
                    _broken = null;
                    at.Between();
                    askAgain();
                    count = Math.Min(buffer.Length, 10_000);
                }
            }

            return base.ReadAsync(buffer[..count], cancellationToken);
        }
    }
}
