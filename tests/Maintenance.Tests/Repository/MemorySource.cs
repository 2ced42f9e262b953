using System.Runtime.CompilerServices;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;

namespace Maintenance.Tests.Repository;

/// <summary>A source in memory that may change, fail and lie as a test says. It may be read several times.</summary>
internal sealed class MemorySource(IComparer<string>? order = null, string description = "memory") : ISnapshotSource
{
    /// <summary>An hour in nanoseconds.</summary>
    private const long Hour = 3_600_000_000_000;

    private readonly SortedDictionary<string, TreeEntry> _entries = new(order ?? SourceOrder.ByFolder);
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    public string Description => description;

    public TreeEntry? Root { get; set; }

    public IComparer<string> Order { get; } = order ?? SourceOrder.ByFolder;

    /// <summary>Whether another process may go on where one was cut off.</summary>
    public bool IsResumable { get; init; }

    /// <summary>Which paths only say how the next one is to be restored.</summary>
    public Func<string, bool> Preluding { get; init; } = static _ => false;

    /// <summary>Paths that were opened, in order.</summary>
    public List<string> Opened { get; } = [];

    /// <summary>Opens a file another way; null from it is the way as ever.</summary>
    public Func<TreeEntry, Stream?> Opening { get; set; } = static _ => null;

    /// <summary>What a file is after it was read.</summary>
    public Func<TreeEntry, TreeEntry?> Looking { get; set; } = static entry => entry;

    /// <summary>Is told each path before it is named; throws what a source would.</summary>
    public Action<string> Naming { get; set; } = static _ => { };

    /// <summary>What the source says of itself beside its entries.</summary>
    public Action<SourceFindings> Finding { get; set; } = static _ => { };

    public IReadOnlyDictionary<string, byte[]> Contents => _contents;

    public IReadOnlyCollection<string> Paths => _entries.Keys;

    public byte[] this[string path] => _contents[path];

    public MemorySource File(string path, byte[] content, long? length = null, int? mode = null)
    {
        Folders(path);
        var changes = _entries.TryGetValue(path, out var before) ? before.ChangeMark + 1 : 1;
        _contents[path] = content;
        _entries[path] = new TreeEntry { Path = path, Kind = TreeEntryKind.File, Length = length ?? content.Length, Modified = Hour * (long)changes, Mode = mode, ChangeMark = changes };
        return this;
    }

    public MemorySource Link(string path, TreeEntryKind kind, string target)
    {
        Folders(path);
        _entries[path] = new TreeEntry { Path = path, Kind = kind, Target = target };
        return this;
    }

    public MemorySource Folder(string path)
    {
        Folders(path + "/");
        return this;
    }

    public void Remove(string path)
    {
        Assert.True(_entries.Remove(path));
        _ = _contents.Remove(path);
    }

    public bool IsPrelude(TreeEntry entry) => Preluding(entry.Path);

    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var entry in _entries.Values.ToList())
        {
            cancellation.ThrowIfCancellationRequested();
            Naming(entry.Path);
            yield return entry;
        }

        Finding(findings);
    }

    public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation)
    {
        Opened.Add(entry.Path);
        return ValueTask.FromResult(Opening(entry) ?? new MemoryStream(_contents[entry.Path], writable: false));
    }

    public async ValueTask<Stream> OpenAtAsync(TreeEntry entry, long offset, CancellationToken cancellation)
    {
        Assert.True(IsResumable || offset == 0);
        var content = await OpenAsync(entry, cancellation);
        content.Position = offset;
        return content;
    }

    public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult(Looking(entry));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Folders(string path)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (Order == SourceOrder.ByFolder)
            {
                _entries[path[..slash]] = new TreeEntry { Path = path[..slash], Kind = TreeEntryKind.Folder };
            }
        }
    }
}

/// <summary>Takes what a restore brings.</summary>
internal sealed class MemoryTarget : ISnapshotTarget
{
    public string Description => "memory";

    public Dictionary<string, byte[]> Contents { get; } = new(StringComparer.Ordinal);

    public List<TreeEntry> Entries { get; } = [];

    public bool IsComplete { get; private set; }

    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task WriteAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        await content.CopyToAsync(whole, cancellation);
        Entries.Add(entry);
        if (entry.Kind == TreeEntryKind.File)
        {
            Contents.Add(entry.Path, whole.ToArray());
        }
    }

    public Task CompleteAsync(CancellationToken cancellation)
    {
        IsComplete = true;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
