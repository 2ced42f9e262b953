using System.Collections.Concurrent;

namespace Maintenance.Web.Monitoring;

/// <summary>How much room a disk has.</summary>
/// <param name="Free">The bytes that are free to us.</param>
/// <param name="All">All of its bytes.</param>
public readonly record struct DiskSpace(long Free, long All);

/// <summary>
/// Looks at the disks of this machine. A mount whose server is gone answers nobody, and no cancellation reaches whoever asks it: that one is left to wait, and nobody asks
/// a second time before it has its answer. So a mount that hangs costs one thread, however long it does.
/// </summary>
/// <param name="ask">Asks a folder for the space of its disk; null where there is no such folder.</param>
public sealed class DiskLooks(Func<string, DiskSpace?> ask)
{
    private readonly ConcurrentDictionary<string, Task<DiskSpace?>> _asked = new(StringComparer.Ordinal);

    /// <summary>Asks the machine itself.</summary>
    public DiskLooks()
        : this(Ask)
    {
    }

    /// <summary>The space of the disk that a folder lies on; null where there is no such folder.</summary>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="patience">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">It has not answered yet.</exception>
    public Task<DiskSpace?> LookAsync(string folder, CancellationToken patience) =>
        _asked.AddOrUpdate(folder, BeginAsync, (path, known) => known.IsCompleted ? BeginAsync(path) : known).WaitAsync(patience);

    private Task<DiskSpace?> BeginAsync(string folder) => Task.Run(() => ask(folder));

    private static DiskSpace? Ask(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var drive = new DriveInfo(folder);
        return new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize);
    }
}
