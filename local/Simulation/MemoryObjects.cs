using System.Collections.Concurrent;
using Maintenance.Backups;
using Maintenance.Storage;

namespace Maintenance.Local.Simulation;

/// <summary>Objects in memory: a simulated year writes tens of thousands of them, and nobody reads them afterwards.</summary>
internal sealed class MemoryObjects : IObjectStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        return Task.FromResult(_objects.TryAdd(name, content.ToArray()));
    }

    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => Task.FromResult(_objects.TryGetValue(name, out var content) ? content.ToArray() : null);

    /// <inheritdoc/>
    public Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (!_objects.TryGetValue(name, out var content))
        {
            return Task.FromResult<byte[]?>(null);
        }

        var from = (int)Math.Min(offset, content.Length);
        return Task.FromResult<byte[]?>(content.AsSpan(from, Math.Min(length, content.Length - from)).ToArray());
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string name, CancellationToken cancellation) => Task.FromResult(_objects.ContainsKey(name));

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellation)
    {
        ObjectNames.CheckPrefix(prefix);
        return _objects.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(static one => one.Key, StringComparer.Ordinal)
            .Select(static one => new ObjectInfo(one.Key, one.Value.Length)).ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellation) => Task.FromResult(_objects.TryRemove(name, out _));
}

/// <summary>Copies of the repository in memory, one for each place that the plan names: no place of the real copies is touched.</summary>
internal sealed class MemoryCopies : ICopyStores
{
    private readonly ConcurrentDictionary<string, MemoryObjects> _stores = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IObjectStore Open(string location) => _stores.GetOrAdd(location, static _ => new MemoryObjects());
}
