using System.Collections.Concurrent;
using Maintenance.Actions;
using Maintenance.Storage;

namespace Maintenance.Recovery;

/// <summary>Breaks what a drill's first check looks at.</summary>
internal static class InjectedFault
{
    /// <summary>
    /// A file of the scratch folder is really damaged: a byte more where its hash is asked for, gone otherwise. Of what lies outside, which a drill must not touch, the
    /// expectation is one that cannot be met.
    /// </summary>
    /// <param name="check">The check.</param>
    /// <param name="folder">The scratch folder.</param>
    /// <returns>The check to make instead.</returns>
    public static Check Break(Check check, string? folder)
    {
        if (check.Kind != CheckKind.File || folder is null)
        {
            return check with { Status = check.Status == 599 ? 598 : 599, ExpectedValue = "a value that no query gives", AtLeast = null };
        }

        var path = Path.Join(folder, check.Subject);
        if (check.Hash is not null && File.Exists(path))
        {
            File.AppendAllText(path, "\n");
        }
        else if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }

        return check;
    }
}

/// <summary>A store in which one pack is missing: the first that is asked for. What a restore notes of itself is written through it.</summary>
/// <param name="inner">The store as it is.</param>
internal sealed class StoreWithoutAPack(IObjectStore inner) : IObjectStore
{
    private const string Packs = "packs/";

    private readonly ConcurrentDictionary<string, string> _missing = new(StringComparer.Ordinal);

    /// <summary>The pack that is missing; null before one was asked for.</summary>
    public string? Missing => _missing.GetValueOrDefault(Packs);

    public Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => inner.PutAsync(name, content, cancellation);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellation) => inner.DeleteAsync(name, cancellation);

    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => IsMissing(name) ? Task.FromResult<byte[]?>(null) : inner.GetAsync(name, cancellation);

    public Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation) =>
        IsMissing(name) ? Task.FromResult<byte[]?>(null) : inner.GetRangeAsync(name, offset, length, cancellation);

    public async ValueTask<int?> ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellation) =>
        IsMissing(name) ? null : await inner.ReadAsync(name, offset, destination, cancellation);

    public Task<bool> ExistsAsync(string name, CancellationToken cancellation) => _missing.Values.Contains(name) ? Task.FromResult(false) : inner.ExistsAsync(name, cancellation);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellation) =>
        inner.ListAsync(prefix, cancellation).Where(found => !_missing.Values.Contains(found.Name));

    private bool IsMissing(string name) => name.StartsWith(Packs, StringComparison.Ordinal) && _missing.GetOrAdd(Packs, name) == name;
}
