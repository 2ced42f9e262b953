using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Maintenance.Storage;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Objects as block blobs of one container, which exists (the infrastructure makes it, with its immutability and retention): a container that is missing is a
/// fault of the set-up and is reported as such, never as missing objects. Every failure of the service is an <see cref="IOException"/> that says what it answered.
/// </summary>
/// <remarks>
/// <para>
/// Guarantees: a put or a completed writer is durable and seen whole or not at all; the first writer of a name wins, also of two at once, because the service itself
/// refuses the second (<c>If-None-Match: *</c>); a list after a put names it; a range is read without the rest, by as many callers side by side as like; a delete of
/// what an immutability period or a legal hold keeps is an <see cref="ObjectHeldException"/> and changes nothing. The container's own settings decide how long
/// something is kept: nothing here sets or lifts a policy or a hold.
/// </para>
/// <para>
/// Limits: a blob has 50,000 blocks of at most 4,000 MiB, names 1,024 characters (ours have 512); the account answers 503 beyond its request rate, which the client
/// tries again and then is an <see cref="IOException"/>. Blobs are spread by the start of their names: the repository's packs are named by hashes, so that no range of
/// names is hot. Sources: "Scalability and performance targets for Blob storage", "Naming and Referencing Containers, Blobs, and Metadata" in Microsoft's documentation.
/// </para>
/// </remarks>
/// <param name="container">The container; its client is shared and thread-safe.</param>
public sealed class BlobObjectStore(BlobContainerClient container) : IObjectStore
{
    /// <inheritdoc/>
    /// <exception cref="IOException">The container is missing, access is denied, or the service fails.</exception>
    public Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return AskAsync(name, () => UploadAsync(name, content, cancellation), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The container is missing, access is denied, or the service fails.</exception>
    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return AskAsync(name, () => DownloadAsync(name, new BlobDownloadOptions(), cancellation), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The container is missing, access is denied, or the service fails.</exception>
    public Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return AskAsync(name, () => DownloadRangeAsync(name, offset, length, cancellation), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The container is missing, access is denied, or the service fails.</exception>
    public async ValueTask<int?> ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return await AskAsync(name, () => FillAsync(name, offset, destination, cancellation), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">Access is denied, or the service fails.</exception>
    public Task<bool> ExistsAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return AskAsync(name, async () => (await container.GetBlobClient(name).ExistsAsync(cancellation)).Value, cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The container is missing, access is denied, or the service fails.</exception>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ObjectNames.CheckPrefix(prefix);
        var blobs = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellation);
        await foreach (var blob in ServiceFaults.Telling(blobs, static fault => ServiceFaults.Told(fault, "the list of objects"), cancellation))
        {
            yield return new ObjectInfo(blob.Name, blob.Properties.ContentLength ?? 0) { WrittenAt = blob.Properties.LastModified };
        }
    }

    /// <inheritdoc/>
    /// <remarks>In blocks of 4 MiB; see <see cref="BlockUpload"/> for what one that is never completed leaves.</remarks>
    public ValueTask<IObjectWriter> CreateAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return ValueTask.FromResult<IObjectWriter>(new BlobObjectWriter(container, name));
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The container is missing, access is denied, or the service fails.</exception>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return AskAsync(name, () => RemoveAsync(name, cancellation), cancellation);
    }

    private static async Task<T> AskAsync<T>(string name, Func<Task<T>> request, CancellationToken cancellation)
    {
        try
        {
            return await request();
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellation))
        {
            throw ServiceFaults.Told(fault, $"object {name}");
        }
    }

    private async Task<bool> UploadAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        try
        {
            // If-None-Match: * makes the service refuse a second writer, also when a large blob is committed from blocks.
            await container.GetBlobClient(name).UploadAsync(
                BinaryData.FromBytes(content),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellation);
            return true;
        }
        catch (RequestFailedException refusal) when (BlobRefusals.IsTaken(refusal))
        {
            return false;
        }
    }

    private async Task<byte[]?> DownloadRangeAsync(string name, long offset, int length, CancellationToken cancellation)
    {
        if (!IsRange(offset, length))
        {
            return (await container.GetBlobClient(name).ExistsAsync(cancellation)).Value ? [] : null;
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

    private async Task<int?> FillAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        if (!IsRange(offset, destination.Length))
        {
            return (await container.GetBlobClient(name).ExistsAsync(cancellation)).Value ? 0 : null;
        }

        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(offset, destination.Length) };
            using var download = (await container.GetBlobClient(name).DownloadStreamingAsync(options, cancellation)).Value;
            return await download.Content.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellation);
        }
        catch (RequestFailedException refusal) when (refusal.Status == 416)
        {
            return 0;
        }
        catch (RequestFailedException refusal) when (BlobRefusals.IsMissing(refusal))
        {
            return null;
        }
    }

    private async Task<byte[]?> DownloadAsync(string name, BlobDownloadOptions options, CancellationToken cancellation)
    {
        try
        {
            var download = await container.GetBlobClient(name).DownloadContentAsync(options, cancellation);
            return download.Value.Content.ToArray();
        }
        catch (RequestFailedException refusal) when (BlobRefusals.IsMissing(refusal))
        {
            return null;
        }
    }

    private async Task<bool> RemoveAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return (await container.DeleteBlobIfExistsAsync(name, DeleteSnapshotsOption.IncludeSnapshots, conditions: null, cancellation)).Value;
        }
        catch (RequestFailedException refusal) when (BlobRefusals.IsHeld(refusal))
        {
            throw new ObjectHeldException(name, refusal);
        }
    }

    // HTTP has no empty range, and none that ends beyond the largest number; no blob is that long.
    private static bool IsRange(long offset, int length) => length > 0 && offset <= long.MaxValue - length;
}
