using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Maintenance.Storage;

namespace Maintenance.Tests.Repository;

/// <summary>Objects in memory, which a test may damage, hold, or make unreadable.</summary>
internal sealed class MemoryObjectStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects;

    public MemoryObjectStore()
        : this([])
    {
    }

    private MemoryObjectStore(IEnumerable<KeyValuePair<string, byte[]>> objects) => _objects = new(objects, StringComparer.Ordinal);

    /// <summary>Objects that the store refuses to delete.</summary>
    public Func<string, bool> IsHeld { get; set; } = static _ => false;

    /// <summary>Is asked before each reading of an object; throws what the store would.</summary>
    public Action<string> Reading { get; set; } = static _ => { };

    /// <summary>Is asked before each writing of an object; throws what the store would.</summary>
    public Action<string> Writing { get; set; } = static _ => { };

    /// <summary>Lets others in before each call, so that interleavings happen.</summary>
    public bool Yields { get; set; }

    public IReadOnlyList<string> Names => [.. _objects.Keys.Order(StringComparer.Ordinal)];

    public byte[] this[string name]
    {
        get => _objects[name];
        set => _objects[name] = value;
    }

    public IReadOnlyList<string> Below(string prefix) => [.. Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>A store of its own with the same objects.</summary>
    public MemoryObjectStore Copy() => new(_objects);

    public void Remove(string name) => Assert.True(_objects.TryRemove(name, out _), name);

    public async Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        cancellation.ThrowIfCancellationRequested();
        await LetOthersInAsync();
        Writing(name);
        return _objects.TryAdd(name, content.ToArray());
    }

    public async Task<byte[]?> GetAsync(string name, CancellationToken cancellation)
    {
        await LetOthersInAsync();
        Reading(name);
        return _objects.TryGetValue(name, out var content) ? [.. content] : null;
    }

    public async Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        await LetOthersInAsync();
        Reading(name);
        if (!_objects.TryGetValue(name, out var content))
        {
            return null;
        }

        var from = (int)Math.Min(offset, content.Length);
        return content.AsSpan(from, Math.Min(length, content.Length - from)).ToArray();
    }

    public async Task<bool> ExistsAsync(string name, CancellationToken cancellation)
    {
        await LetOthersInAsync();
        return _objects.ContainsKey(name);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ObjectNames.CheckPrefix(prefix);
        await LetOthersInAsync();
        foreach (var (name, content) in _objects)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new ObjectInfo(name, content.Length);
            }
        }
    }

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation)
    {
        await LetOthersInAsync();
        return IsHeld(name) ? throw new ObjectHeldException(name) : _objects.TryRemove(name, out _);
    }

    private async ValueTask LetOthersInAsync()
    {
        if (Yields)
        {
            await Task.Yield();
        }
    }
}
