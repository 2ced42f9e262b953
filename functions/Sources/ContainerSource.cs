using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Sources;

/// <summary>
/// The blobs of a container: one file each, under the path that <see cref="BlobPaths"/> gives its name, and before it, where it has any, the
/// <see cref="KeptProperties"/>. Only what a reader of the container sees: no snapshots, no older versions, nothing deleted. Each blob is read as one state of it;
/// a container as a whole has no instant at which it could be read.
/// </summary>
/// <param name="container">The container; its client is shared.</param>
/// <param name="exclude">Globs of names that are left out.</param>
public sealed class ContainerSource(BlobContainerClient container, IReadOnlyList<string> exclude) : ISnapshotSource
{
    private const string Role = "Storage Blob Data Reader";

    private readonly PathGlob _excluded = new(exclude);

    // Of the blob that was named last: its ETag and properties save a request when it is opened.
    private BlobItem? _last;
    private (string Path, ulong ChangeMark)? _whole;

    /// <inheritdoc/>
    public string Description => $"container {container.Uri}";

    /// <inheritdoc/>
    public TreeEntry? Root => null;

    /// <inheritdoc/>
    public IComparer<string> Order => BlobPaths.Order;

    /// <inheritdoc/>
    public bool IsResumable => true;

    /// <inheritdoc/>
    public bool IsPrelude(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return BlobPaths.Parse(entry.Path).IsProperties;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var above = new BlobsAbove();
        var blobs = container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix: null, cancellation);
        await foreach (var blob in ServiceFaults.Telling(blobs, fault => Tell(fault, Description), cancellation))
        {
            if (IsExcluded(blob.Name))
            {
                continue;
            }

            _last = blob;
            var isFolder = KeptProperties.IsFolder(blob.Properties.ContentLength ?? 0, blob.Metadata);
            var entry = new TreeEntry
            {
                Path = BlobPaths.Of(blob.Name, above.Slashes(blob.Name, isFolder)),
                Kind = isFolder ? TreeEntryKind.Folder : TreeEntryKind.File,
                Length = blob.Properties.ContentLength ?? -1,
                Modified = Nanoseconds(blob.Properties.LastModified),
                ChangeMark = Mark(blob.Properties.ETag),
            };
            if (blob.Properties.BlobType is { } type and not BlobType.Block)
            {
                findings.Note(entry.Path, $"it is {(type == BlobType.Page ? "a page" : "an append")} blob; a restore makes a block blob of it.");
            }

            var kept = KeptProperties.Of(blob, isFolder);
            if (!kept.IsUsual)
            {
                yield return PropertiesOf(entry, kept);
            }

            yield return entry;
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation) => OpenAtAsync(entry, 0, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAtAsync(TreeEntry entry, long offset, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var (name, isProperties) = BlobPaths.Parse(entry.Path);
        var what = $"blob {name}";
        try
        {
            return isProperties ? await OpenPropertiesAsync(entry, name, cancellation) : await OpenBlobAsync(entry, offset, name, what, cancellation);
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellation))
        {
            throw Tell(fault, what);
        }
    }

    /// <summary>
    /// The blob as it is now. What was read to its end is what was named, since every byte came under one ETag: then nobody is asked again.
    /// </summary>
    public async ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (_whole == (entry.Path, entry.ChangeMark))
        {
            return entry;
        }

        var (name, isProperties) = BlobPaths.Parse(entry.Path);
        try
        {
            var now = (await container.GetBlobClient(name).GetPropertiesAsync(conditions: null, cancellation)).Value;
            var isFolder = KeptProperties.IsFolder(now.ContentLength, now.Metadata);
            var seen = entry with
            {
                Kind = isFolder ? TreeEntryKind.Folder : TreeEntryKind.File,
                Length = now.ContentLength,
                Modified = Nanoseconds(now.LastModified),
                ChangeMark = Mark(now.ETag),
            };
            return !isProperties ? seen
                : KeptProperties.Of(now, isFolder) is { IsUsual: false } kept ? PropertiesOf(seen with { Path = entry.Path[..^BlobPaths.Properties.Length] }, kept)
                : null;
        }
        catch (RequestFailedException refusal) when (BlobRefusals.IsMissing(refusal))
        {
            return null;
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellation))
        {
            throw Tell(fault, $"blob {name}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static TreeEntry PropertiesOf(TreeEntry blob, KeptProperties kept) =>
        blob with { Path = blob.Path + BlobPaths.Properties, Kind = TreeEntryKind.File, Length = kept.ToJson().Length };

    private static IOException Changed(string name) => new($"blob {name}: it was changed after it was listed.");

    private static Exception Tell(Exception fault, string what) => fault is RequestFailedException refusal
        ? refusal switch
        {
            { Status: 412 } => new IOException($"{what}: it was changed while it was read.", fault),
            { Status: 404, ErrorCode: "BlobNotFound" } => new FileNotFoundException($"{what}: it is gone.", fault),
            { Status: 409, ErrorCode: "BlobArchived" } => new IOException($"{what}: it is in the archive tier, where nothing can be read. Rehydrate it, or exclude it.", fault),
            _ => ServiceFaults.ToldOfSource(fault, what, Role),
        }
        : ServiceFaults.Told(fault, what);

    // The listing gives an ETag without the quotes that every other answer has around it.
    private static ulong Mark(ETag? eTag) =>
        eTag is null ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(eTag.Value.ToString().Trim('"'))));

    private static long? Nanoseconds(DateTimeOffset? instant) => instant is { } at ? (at - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick : null;

    private async Task<Stream> OpenBlobAsync(TreeEntry entry, long offset, string name, string what, CancellationToken cancellation)
    {
        // The ETag itself is known of the last blob only, the mark of any.
        var known = _last is { } last && last.Name == name && Mark(last.Properties.ETag) == entry.ChangeMark ? last.Properties.ETag : null;
        var options = new BlobDownloadOptions { Conditions = known is null ? null : new BlobRequestConditions { IfMatch = known } };
        if (offset > 0)
        {
            options.Range = new HttpRange(offset, entry.Length - offset);
        }

        var download = (await container.GetBlobClient(name).DownloadStreamingAsync(options, cancellation)).Value;
        if (Mark(download.Details.ETag) != entry.ChangeMark)
        {
            download.Dispose();
            throw Changed(name);
        }

        return new BlobContent(download, entry.Length - offset, what, fault => Tell(fault, what), () => _whole = (entry.Path, entry.ChangeMark));
    }

    private async Task<Stream> OpenPropertiesAsync(TreeEntry entry, string name, CancellationToken cancellation)
    {
        KeptProperties kept;
        ulong mark;
        if (_last is { } last && last.Name == name && Mark(last.Properties.ETag) == entry.ChangeMark)
        {
            (kept, mark) = (KeptProperties.Of(last, KeptProperties.IsFolder(last.Properties.ContentLength ?? 0, last.Metadata)), entry.ChangeMark);
        }
        else
        {
            var now = (await container.GetBlobClient(name).GetPropertiesAsync(conditions: null, cancellation)).Value;
            (kept, mark) = (KeptProperties.Of(now, KeptProperties.IsFolder(now.ContentLength, now.Metadata)), Mark(now.ETag));
        }

        _whole = mark == entry.ChangeMark ? (entry.Path, mark) : throw Changed(name);
        return new MemoryStream(kept.ToJson(), writable: false);
    }

    /// <summary>True where a glob matches the name or one of the folders that its slashes make.</summary>
    private bool IsExcluded(string name)
    {
        if (exclude.Count == 0)
        {
            return false;
        }

        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = name.IndexOf('/', slash + 1))
        {
            if (_excluded.Matches(name[..slash]))
            {
                return true;
            }
        }

        return _excluded.Matches(name);
    }

    /// <summary>
    /// The blobs whose names could still be folders of those to come. Names come in ordinal order, in which every name between <c>a</c> and <c>a/…</c> begins with
    /// <c>a</c>: so they are beginnings of the last name, and never more than it has characters.
    /// </summary>
    private sealed class BlobsAbove
    {
        private readonly Stack<string> _names = [];

        /// <summary>The slashes of a name right after the name of another blob, in order.</summary>
        public IReadOnlyList<int> Slashes(string name, bool isFolder)
        {
            while (_names.TryPeek(out var above) && !name.StartsWith(above, StringComparison.Ordinal))
            {
                _ = _names.Pop();
            }

            int[] slashes = [.. _names.Where(above => above.Length < name.Length && name[above.Length] == '/').Select(static above => above.Length).Reverse()];
            if (!isFolder)
            {
                _names.Push(name);
            }

            return slashes;
        }
    }
}
