using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Maintenance.Storage;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Objects as block blobs of one container, which exists (the infrastructure makes it, with its immutability and retention): a container that is missing is a
/// fault of the set-up and is reported as such, never as missing objects.
/// </summary>
/// <param name="container">The container; its client is shared and thread-safe.</param>
public sealed class BlobObjectStore(BlobContainerClient container) : IObjectStore
{
    /// <inheritdoc/>
    public async Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        try
        {
            // If-None-Match: * makes the service refuse a second writer, also when a large blob is committed from blocks.
            await container.GetBlobClient(name).UploadAsync(
                BinaryData.FromBytes(content),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellation);
            return true;
        }
        catch (RequestFailedException refusal) when (NameIsTaken(refusal))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="RequestFailedException">The container is missing, or access is denied.</exception>
    public async Task<byte[]?> GetAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return await DownloadAsync(name, new BlobDownloadOptions(), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="RequestFailedException">The container is missing, or access is denied.</exception>
    public async Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0 || offset > long.MaxValue - length)
        {
            // HTTP has no empty range, and none that ends beyond the largest number; no blob is that long.
            return await ExistsAsync(name, cancellation) ? [] : null;
        }

        try
        {
            return await DownloadAsync(name, new BlobDownloadOptions { Range = new HttpRange(offset, length) }, cancellation);
        }
        catch (RequestFailedException refusal) when (refusal.Status == 416)
        {
            // The blob exists and ends at or before the offset.
            return [];
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        var exists = await container.GetBlobClient(name).ExistsAsync(cancellation);
        return exists.Value;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ObjectNames.CheckPrefix(prefix);
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellation).WithCancellation(cancellation))
        {
            yield return new ObjectInfo(blob.Name, blob.Properties.ContentLength ?? 0);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        var deleted = await container.DeleteBlobIfExistsAsync(name, DeleteSnapshotsOption.IncludeSnapshots, conditions: null, cancellation);
        return deleted.Value;
    }

    private async Task<byte[]?> DownloadAsync(string name, BlobDownloadOptions options, CancellationToken cancellation)
    {
        try
        {
            var download = await container.GetBlobClient(name).DownloadContentAsync(options, cancellation);
            return download.Value.Content.ToArray();
        }
        catch (RequestFailedException refusal) when (refusal is { Status: 404, ErrorCode: "BlobNotFound" })
        {
            return null;
        }
    }

    // 409 BlobAlreadyExists is the answer to If-None-Match: *; some paths answer 412. Under an immutability policy the service may object to the overwrite
    // first. Every other 409 (a lease, a container being deleted) is a fault.
    private static bool NameIsTaken(RequestFailedException refusal) =>
        refusal.Status == 412 || refusal is { Status: 409, ErrorCode: "BlobAlreadyExists" or "BlobImmutableDueToPolicy" };
}
