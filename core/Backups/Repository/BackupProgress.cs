namespace Maintenance.Backups.Repository;

/// <summary>How far an operation is.</summary>
/// <param name="What">What it does now: <c>reading</c>, <c>restoring</c>, <c>checking packs</c>.</param>
/// <param name="Files">Entries done.</param>
/// <param name="Bytes">Bytes done.</param>
/// <param name="TotalFiles">All entries; null where that is not known.</param>
/// <param name="TotalBytes">All bytes; null where that is not known.</param>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="At">When this was so (UTC).</param>
public sealed record BackupProgress(string What, long Files, long Bytes, long? TotalFiles, long? TotalBytes, DateTimeOffset StartedAt, DateTimeOffset At)
{
    /// <summary>Bytes a second so far; null at the very beginning.</summary>
    public double? Rate => (At - StartedAt).TotalSeconds is > 0.5 and var seconds ? Bytes / seconds : null;

    /// <summary>How much longer it takes at this rate; null where the total is not known.</summary>
    public TimeSpan? Remaining => Rate is > 0 and var rate && TotalBytes is { } total ? TimeSpan.FromSeconds(Math.Max(0, total - Bytes) / rate) : null;
}

/// <summary>Counts, and reports a few times a second.</summary>
internal sealed class ProgressMeter(string what, IProgress<BackupProgress>? progress, TimeProvider time, long? totalFiles, long? totalBytes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private long _files;
    private long _bytes;
    private long _reported = time.GetTimestamp();

    public void Add(long files, long bytes)
    {
        _ = Interlocked.Add(ref _files, files);
        _ = Interlocked.Add(ref _bytes, bytes);
        var reported = Interlocked.Read(ref _reported);
        if (progress is not null && time.GetElapsedTime(reported) >= Interval && Interlocked.CompareExchange(ref _reported, time.GetTimestamp(), reported) == reported)
        {
            Report();
        }
    }

    public void Report() =>
        progress?.Report(new BackupProgress(what, Interlocked.Read(ref _files), Interlocked.Read(ref _bytes), totalFiles, totalBytes, _startedAt, time.GetUtcNow()));
}
