using System.Collections.Concurrent;

namespace Maintenance.Backups.Repository;

/// <summary>What a restore could not bring back. All are counted, the first <see cref="RestoreReport.SourceLimit"/> kept in words. Several workers may add at a time.</summary>
internal sealed class RestoreLosses
{
    private readonly ConcurrentQueue<string> _lines = new();
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Add(string path, string why)
    {
        if (Interlocked.Increment(ref _count) <= RestoreReport.SourceLimit)
        {
            _lines.Enqueue($"{path}: {why}");
        }
    }
}
