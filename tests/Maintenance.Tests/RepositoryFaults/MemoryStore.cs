using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Maintenance.Storage;

namespace Maintenance.Tests.RepositoryFaults;

/// <summary>What is in a store. Each method is one instant.</summary>
internal sealed class MemoryObjects
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names(string prefix) => [.. _objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public bool Put(string name, ReadOnlyMemory<byte> content)
    {
        ObjectNames.Check(name);
        return _objects.TryAdd(name, content.ToArray());
    }

    public byte[]? Get(string name) => _objects.GetValueOrDefault(name);

    public bool Delete(string name) => _objects.TryRemove(name, out _);

    public byte[]? Range(string name, long offset, int length) =>
        Get(name) is { } bytes ? bytes.AsSpan((int)Math.Min(offset, bytes.Length), (int)Math.Min(length, Math.Max(0, bytes.Length - offset))).ToArray() : null;
}

/// <summary>
/// A store in memory in which every operation is a call that a test may hold up, repeat or let fail. A listing takes two calls: what is put or deleted between them
/// may be named or not, as the port allows.
/// </summary>
internal class MemoryStore(MemoryObjects objects) : IObjectStore
{
    public MemoryObjects Objects { get; } = objects;

    public Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => CallAsync("put", name, () => Objects.Put(name, content), cancellation);

    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => CallAsync("get", name, () => Objects.Get(name)?.ToArray(), cancellation);

    public Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation) =>
        CallAsync("get", name, () => Objects.Range(name, offset, length), cancellation);

    public Task<bool> ExistsAsync(string name, CancellationToken cancellation) => CallAsync("exists", name, () => Objects.Get(name) is not null, cancellation);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var names = Shuffle(await CallAsync("list", prefix, () => Objects.Names(prefix), cancellation));
        var half = names.Count / 2;
        for (var i = 0; i < names.Count; i++)
        {
            if (i == half && i > 0)
            {
                _ = await CallAsync("list on", prefix, static () => true, cancellation);
            }

            if (Objects.Get(names[i]) is { } bytes)
            {
                yield return new ObjectInfo(names[i], bytes.Length);
            }
        }
    }

    public virtual async ValueTask<IObjectWriter> CreateAsync(string name, CancellationToken cancellation)
    {
        ObjectNames.Check(name);
        _ = await CallAsync("create", name, static () => true, cancellation);
        return new Writer(this, name);
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellation) => CallAsync("delete", name, () => Objects.Delete(name), cancellation);

    /// <summary>Does an operation; by default at once.</summary>
    protected virtual Task<T> CallAsync<T>(string verb, string name, Func<T> effect, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(effect());
    }

    /// <summary>The order of a listing.</summary>
    protected virtual IReadOnlyList<string> Shuffle(IReadOnlyList<string> names) => names;

    private sealed class Writer(MemoryStore store, string name) : IObjectWriter
    {
        private readonly ArrayBufferWriter<byte> _content = new();

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation) => _ = await store.CallAsync("write", name, () => Write(piece), cancellation);

        public Task<bool> CompleteAsync(CancellationToken cancellation) => store.CallAsync("complete", name, () => store.Objects.Put(name, _content.WrittenMemory), cancellation);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private bool Write(ReadOnlyMemory<byte> piece)
        {
            _content.Write(piece.Span);
            return true;
        }
    }
}

/// <summary>A store that calls a test before and after operations.</summary>
internal sealed class HookedStore(MemoryObjects objects) : MemoryStore(objects)
{
    private readonly List<(Func<string, string, bool> When, bool IsBefore, Func<Task> Act)> _hooks = [];

    /// <summary>Runs something once, before the first operation that matches: a verb and the beginning of a name.</summary>
    public void Before(string verb, string name, Func<Task> act, int occurrence = 1) => Add(verb, name, act, occurrence, isBefore: true);

    /// <summary>Runs something once, after the first operation that matches.</summary>
    public void After(string verb, string name, Func<Task> act, int occurrence = 1) => Add(verb, name, act, occurrence, isBefore: false);

    protected override async Task<T> CallAsync<T>(string verb, string name, Func<T> effect, CancellationToken cancellation)
    {
        var due = _hooks.Where(hook => hook.When(verb, name)).ToList();
        foreach (var hook in due.Where(static hook => hook.IsBefore))
        {
            _ = _hooks.Remove(hook);
            await hook.Act();
        }

        var result = effect();
        foreach (var hook in due.Where(static hook => !hook.IsBefore))
        {
            _ = _hooks.Remove(hook);
            await hook.Act();
        }

        return result;
    }

    private void Add(string verb, string name, Func<Task> act, int occurrence, bool isBefore)
    {
        var left = occurrence;
        _hooks.Add(((v, n) => v == verb && n.StartsWith(name, StringComparison.Ordinal) && --left <= 0, isBefore, act));
    }
}
