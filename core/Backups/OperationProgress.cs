using System.Collections.Concurrent;
using Maintenance.Backups.Repository;

namespace Maintenance.Backups;

/// <summary>How far the long operations of this process are, by the id of their workflow instance. Nothing that has to last.</summary>
public sealed class OperationProgress
{
    private readonly ConcurrentDictionary<string, BackupProgress> _progress = new(StringComparer.Ordinal);

    /// <summary>How far an operation is; null where this process does not work on it.</summary>
    public BackupProgress? Find(string operation) => _progress.GetValueOrDefault(operation);

    /// <summary>Does the work of an operation, and shows how far it is meanwhile.</summary>
    public async Task<T> RunAsync<T>(string operation, Func<IProgress<BackupProgress>, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return await work(new Board(_progress, operation));
        }
        finally
        {
            _ = _progress.TryRemove(operation, out _);
        }
    }

    private sealed class Board(ConcurrentDictionary<string, BackupProgress> progress, string operation) : IProgress<BackupProgress>
    {
        public void Report(BackupProgress value) => progress[operation] = value;
    }
}
