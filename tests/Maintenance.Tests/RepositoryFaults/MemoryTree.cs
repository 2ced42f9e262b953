using System.Runtime.CompilerServices;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;

namespace Maintenance.Tests.RepositoryFaults;

/// <summary>A tree in memory: paths and contents. Contents are shared between trees, so that trees overlap.</summary>
internal sealed class MemoryTree(IReadOnlyDictionary<string, byte[]> files)
{
    /// <summary>Sixteen contents: most are small and share a segment, four are large enough for one of their own.</summary>
    private static readonly byte[][] Contents = [.. Enumerable.Range(0, 16).Select(static number => Content(number, number % 4 == 3 ? 262_200 + number : 100 + (40 * number)))];

    public IReadOnlyDictionary<string, byte[]> Files => files;

    /// <summary>A tree of a few of the contents.</summary>
    public static MemoryTree Any(Random random)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        for (var left = random.Next(1, 7); left > 0; left--)
        {
            files[$"f{random.Next(12):00}"] = Contents[random.Next(Contents.Length)];
        }

        return new MemoryTree(files);
    }

    /// <summary>A tree of certain contents.</summary>
    public static MemoryTree Of(params int[] contents) => new(contents.ToDictionary(static number => $"f{number:00}", static number => Contents[number], StringComparer.Ordinal));

    public ISnapshotSource Source() => new MemorySource(this);

    private static byte[] Content(int number, int length)
    {
        var bytes = new byte[length];
        new Random(number).NextBytes(bytes);
        return bytes;
    }

    private sealed class MemorySource(MemoryTree tree) : ISnapshotSource
    {
        public string Description => "memory";

        public TreeEntry? Root => null;

        public IComparer<string> Order => SourceOrder.ByName;

        public bool IsResumable => true;

        public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
        {
            foreach (var (path, content) in tree.Files.OrderBy(static file => file.Key, StringComparer.Ordinal))
            {
                await Task.CompletedTask;
                yield return new TreeEntry { Path = path, Kind = TreeEntryKind.File, Length = content.Length, Modified = content.Length, ChangeMark = (ulong)content.Length };
            }
        }

        public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<Stream>(new MemoryStream(tree.Files[entry.Path], writable: false));

        public ValueTask<Stream> OpenAtAsync(TreeEntry entry, long offset, CancellationToken cancellation) =>
            ValueTask.FromResult<Stream>(new MemoryStream(tree.Files[entry.Path], writable: false) { Position = offset });

        public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<TreeEntry?>(entry);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>A place in memory to restore into.</summary>
internal sealed class MemoryTarget : ISnapshotTarget
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public string Description => "memory";

    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task WriteAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        _files[entry.Path] = bytes.ToArray();
    }

    public Task CompleteAsync(CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What differs from a tree; null where it is the same bit for bit.</summary>
    public string? DiffersFrom(MemoryTree tree) =>
        !_files.Keys.SequenceEqual(tree.Files.Keys.Order(StringComparer.Ordinal)) ? $"it has {string.Join(' ', _files.Keys)} instead of {string.Join(' ', tree.Files.Keys)}"
        : _files.FirstOrDefault(file => !file.Value.AsSpan().SequenceEqual(tree.Files[file.Key])) is { Key: { } path } ? $"{path} has other contents"
        : null;
}
