using Maintenance.Storage;

namespace Maintenance.Status;

/// <summary>The timers' signs of life.</summary>
public sealed class HeartbeatBook(IRecordStore records, TimeProvider time)
{
    private const string Partition = "heartbeat";

    /// <summary>The signs of life, in the order of <see cref="TimerService.All"/>; those that never ran are left out.</summary>
    public async Task<IReadOnlyList<Heartbeat>> ReadAsync(CancellationToken cancellation)
    {
        var beats = new List<Heartbeat>();
        foreach (var timer in TimerService.All)
        {
            if (await records.FindAsync<Heartbeat>(Tables.Heartbeats, Partition, timer, cancellation) is { } beat)
            {
                beats.Add(beat.Value);
            }
        }

        return beats;
    }

    /// <summary>Notes that a timer has run.</summary>
    /// <param name="timer">Its name.</param>
    /// <param name="error">Why it failed, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task BeatAsync(string timer, string? error, CancellationToken cancellation) => records.WriteAsync(Tables.Heartbeats, Partition, Beat(timer, error), cancellation);

    /// <summary>Notes that several timers have looked, and found nothing to do.</summary>
    /// <param name="timers">Their names.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task BeatAsync(IEnumerable<string> timers, CancellationToken cancellation) =>
        records.WriteAsync(Tables.Heartbeats, Partition, [.. timers.Select(timer => Beat(timer, null))], cancellation);

    private RecordWrite Beat(string timer, string? error) => RecordWrite.Put(timer, MaintenanceJson.Write(new Heartbeat(timer, time.GetUtcNow(), error)));
}
