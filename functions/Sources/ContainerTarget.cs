using System.Buffers;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Sources;

/// <summary>
/// Restores into a Blob container, which exists: every file becomes a block blob under the name that its path stands for (see <see cref="BlobPaths"/>), with the
/// properties that come right before it. Nothing is ever overwritten, and a blob appears whole or not at all. A snapshot of a folder can be restored here as well;
/// links cannot.
/// </summary>
/// <param name="container">The container; its client is shared.</param>
public sealed class ContainerTarget(BlobContainerClient container) : ISnapshotTarget
{
    private const int CopyBytes = 128 * 1024;

    private (string Name, KeptProperties Kept)? _next;
    private (string Name, KeptProperties? Kept)? _last;

    /// <inheritdoc/>
    public string Description => $"container {container.Uri}";

    /// <inheritdoc/>
    public bool IsResumable => true;

    /// <inheritdoc/>
    public bool IsPrelude(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Path.Length > 0 && BlobPaths.Parse(entry.Path).IsProperties;
    }

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        var first = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, cancellation);
        await foreach (var _ in ServiceFaults.Telling(first, fault => ServiceFaults.Told(fault, $"{Description} must be there and let the app's identity write (the role 'Storage Blob Data Contributor')"), cancellation))
        {
            // It answers. Other blobs may be there: each name is looked at when its turn comes.
            return;
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(content);
        if (entry.Path.Length == 0)
        {
            // The root is the container itself.
            return;
        }

        if (entry.Kind is not (TreeEntryKind.File or TreeEntryKind.Folder))
        {
            throw new IOException($"{entry.Path}: a container has no links.");
        }

        var (name, isProperties) = BlobPaths.Parse(entry.Path);
        if (isProperties)
        {
            _next = (name, await ReadPropertiesAsync(entry, content, cancellation));
            return;
        }

        await using var upload = new BlockUpload(container, name, entry.Length);
        _ = await UploadAsync(upload, entry, name, content, WorkBudget.Unlimited, cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>The blocks of a piece wait, unseen, for a week; the pieces of one restore know each other's by their ids.</remarks>
    public async Task<long> WritePieceAsync(TreeEntry entry, Stream content, long offset, string operation, WorkBudget budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(content);
        var (name, _) = BlobPaths.Parse(entry.Path);
        await using var upload = new BlockUpload(container, name, entry.Length, operation, offset);
        return await UploadAsync(upload, entry, name, content, budget, cancellation) ? entry.Length : upload.StagedBytes;
    }

    /// <inheritdoc/>
    public async Task<bool> IsThereAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(content);
        var (name, _) = BlobPaths.Parse(entry.Path);
        var blob = container.GetBlobClient(name);
        var isSame = false;
        await AskAsync(
            name,
            async () =>
            {
                var now = (await blob.GetPropertiesAsync(conditions: null, cancellation)).Value;
                var isFolder = KeptProperties.IsFolder(now.ContentLength, now.Metadata);
                var expected = _last is { } last && last.Name == name ? last.Kept : null;
                isSame = now.ContentLength == (isFolder ? 0 : entry.Length) && isFolder == (entry.Kind == TreeEntryKind.Folder)
                    && KeptProperties.Of(now, isFolder).IsSameAs(expected) && await HasContentAsync(blob, content, cancellation);
            },
            cancellation);
        return isSame;
    }

    /// <inheritdoc/>
    public Task CompleteAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<KeptProperties> ReadPropertiesAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
    {
        var json = new byte[KeptProperties.MaxBytes];
        var count = await content.ReadAtLeastAsync(json, json.Length, throwOnEndOfStream: false, cancellation);
        try
        {
            return KeptProperties.Read(json.AsSpan(0, count));
        }
        catch (JsonException error)
        {
            throw new IOException($"{entry.Path}: it holds no properties of a blob, which is restored without.", error);
        }
    }

    private static async Task<bool> HasContentAsync(BlobClient blob, Stream content, CancellationToken cancellation)
    {
        using var download = (await blob.DownloadStreamingAsync(new BlobDownloadOptions(), cancellation)).Value;
        var (expected, actual) = (new byte[CopyBytes], new byte[CopyBytes]);
        while (true)
        {
            var count = await content.ReadAtLeastAsync(expected, expected.Length, throwOnEndOfStream: false, cancellation);
            var found = await download.Content.ReadAtLeastAsync(actual, actual.Length, throwOnEndOfStream: false, cancellation);
            if (count != found || !expected.AsSpan(0, count).SequenceEqual(actual.AsSpan(0, found)))
            {
                return false;
            }

            if (count < expected.Length)
            {
                return true;
            }
        }
    }

    /// <returns>True where the blob is whole; false where the budget was spent before its end.</returns>
    /// <exception cref="EntryTakenException">A blob of its name is there.</exception>
    private async Task<bool> UploadAsync(BlockUpload upload, TreeEntry entry, string name, Stream content, WorkBudget budget, CancellationToken cancellation)
    {
        var kept = _next is { } next && next.Name == name ? next.Kept : null;
        (_next, _last) = (null, (name, kept));
        var isFolder = entry.Kind == TreeEntryKind.Folder;
        var before = upload.StagedBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            // A read that finds the repository damaged throws out of here, and what was staged never becomes a blob.
            for (var count = isFolder ? 0 : await content.ReadAsync(buffer, cancellation); count > 0; count = await content.ReadAsync(buffer, cancellation))
            {
                await AskAsync(name, async () => await upload.WriteAsync(buffer.AsMemory(0, count), cancellation), cancellation);
                if (upload.IsTaken)
                {
                    break;
                }

                if (upload.StagedBytes > before && budget.IsSpent)
                {
                    return false;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var isMade = false;
        await AskAsync(name, async () => isMade = await upload.CommitAsync(kept?.ToHeaders(), KeptProperties.ToMetadata(kept, isFolder), cancellation), cancellation);
        return isMade ? true : throw new EntryTakenException($"{name}: the container has a blob of this name, which was left as it is. Restore into an empty container to have all.");
    }

    private static async Task AskAsync(string name, Func<Task> request, CancellationToken cancellation)
    {
        try
        {
            await request();
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellation))
        {
            throw ServiceFaults.Told(fault, $"blob {name}");
        }
    }
}
