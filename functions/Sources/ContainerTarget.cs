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

    /// <inheritdoc/>
    public string Description => $"container {container.Uri}";

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

        var kept = _next is { } next && next.Name == name ? next.Kept : null;
        _next = null;
        if (!await UploadAsync(entry, name, kept, content, cancellation))
        {
            throw new IOException($"{name}: the container has a blob of this name, which was left as it is. Restore into an empty container to have all.");
        }
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

    private async Task<bool> UploadAsync(TreeEntry entry, string name, KeptProperties? kept, Stream content, CancellationToken cancellation)
    {
        var isFolder = entry.Kind == TreeEntryKind.Folder;
        await using var upload = new BlockUpload(container, name, entry.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            // A read that finds the repository damaged throws out of here, and what was staged never becomes a blob.
            for (var count = isFolder ? 0 : await content.ReadAsync(buffer, cancellation); count > 0; count = await content.ReadAsync(buffer, cancellation))
            {
                await AskAsync(name, async () => await upload.WriteAsync(buffer.AsMemory(0, count), cancellation), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var isMade = false;
        await AskAsync(name, async () => isMade = await upload.CommitAsync(kept?.ToHeaders(), KeptProperties.ToMetadata(kept, isFolder), cancellation), cancellation);
        return isMade;
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
