using Maintenance.Monitoring.Incidents;
using Maintenance.Storage;

namespace Maintenance.Monitoring.Probes;

/// <summary>A call that a job made.</summary>
/// <param name="At">When it came last (UTC).</param>
/// <param name="By">The id of the person whose token it had, or <c>key</c>.</param>
public sealed record ProbeBeat(DateTimeOffset At, string By);

/// <summary>What is recorded of probes: never a row for a sample, but one for an hour, and later one for a day.</summary>
public sealed class ProbeBook(IRecordStore records, TimeProvider time)
{
    /// <summary>Hours are kept for so long; then those of a day become one row.</summary>
    public static readonly TimeSpan HoursKept = TimeSpan.FromDays(8);

    /// <summary>Days are kept for so long.</summary>
    public static readonly TimeSpan DaysKept = TimeSpan.FromDays(800);

    /// <summary>So many samples are taken at once: each may lie in an hour of its own, or behind a gap, and all are one batch.</summary>
    private const int MostSamples = 48;

    private const string StateRow = "state";
    private const string BeatRow = "beat";
    private const string GapPrefix = "gap_";
    private const string OpenPartition = "_open";

    /// <summary>So many silences are set right at once, within what a batch holds: each leap of the clock leaves one.</summary>
    private const int MostMended = 50;

    /// <summary>The state of a probe; null before its first sample.</summary>
    public async Task<ProbeState?> StateAsync(string probe, CancellationToken cancellation) => (await records.FindAsync<ProbeState>(Tables.Probes, probe, StateRow, cancellation))?.Value;

    /// <summary>Changes a state; null leaves it as it is.</summary>
    public Task<ProbeState?> ChangeAsync(string probe, Func<ProbeState?, ProbeState?> change, CancellationToken cancellation) => records.ChangeAsync(Tables.Probes, probe, StateRow, change, cancellation);

    /// <summary>The last call of a job, or null.</summary>
    public async Task<ProbeBeat?> BeatAsync(string probe, CancellationToken cancellation) => (await records.FindAsync<ProbeBeat>(Tables.Probes, probe, BeatRow, cancellation))?.Value;

    /// <summary>Notes a call of a job. The newest stays, but for one that lies ahead of the clock.</summary>
    public async Task<ProbeBeat> NoteBeatAsync(Probe probe, string by, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(probe);
        var beat = new ProbeBeat(time.GetUtcNow(), by);
        return await records.ChangeAsync<ProbeBeat>(
            Tables.Probes, probe.Id, BeatRow, known => known is not null && known.At >= beat.At && !ProbeRules.IsAhead(probe, known.At, beat.At) ? null : beat, cancellation) ?? beat;
    }

    /// <summary>The last call of a job, or null. Of one that lies ahead of the clock nobody knows when it came, but that it was before now: so it is noted from then on.</summary>
    public async Task<ProbeBeat?> LastBeatAsync(Probe probe, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(probe);
        var now = time.GetUtcNow();
        var beat = await BeatAsync(probe.Id, cancellation);
        return beat is null || !ProbeRules.IsAhead(probe, beat.At, now)
            ? beat
            : await records.ChangeAsync<ProbeBeat>(Tables.Probes, probe.Id, BeatRow, known => known is null || !ProbeRules.IsAhead(probe, known.At, now) ? null : known with { At = now }, cancellation);
    }

    /// <summary>Takes a sample: the state, the hour and the gap are written together or not at all.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="shadeOf">What the probe's parents say of a failure that began at an instant.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The state afterwards, and false where the sample of this turn was taken by somebody else already.</returns>
    public async Task<(ProbeState State, bool IsTaken)> TakeAsync(Probe probe, ProbeSample sample, Func<DateTimeOffset, Task<Shade>> shadeOf, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(shadeOf);
        var hour = HourOf(sample.At);
        for (var attempt = 1; ; attempt++)
        {
            var known = await records.FindAsync<ProbeState>(Tables.Probes, probe.Id, StateRow, cancellation);
            if (known is not null && !ProbeRules.IsDue(probe, known.Value.LastAt, sample.At))
            {
                return (known.Value, false);
            }

            var shade = sample.IsGood ? Shade.None : await shadeOf(ProbeRules.FailingSince(probe, known?.Value, sample.At) ?? sample.At);
            var step = ProbeRules.Take(probe, known?.Value, sample, shade);
            var tally = await records.FindAsync<ProbeTally>(Tables.Probes, probe.Id, HourRow(hour), cancellation);
            var counted = MaintenanceJson.Write((tally?.Value ?? new ProbeTally(hour, 0, 0, LatencyHistogram.Empty)).Add(sample));
            List<RecordWrite> writes =
            [
                known is null ? RecordWrite.Insert(StateRow, MaintenanceJson.Write(step.State)) : RecordWrite.Replace(StateRow, MaintenanceJson.Write(step.State), known.ETag),
                tally is null ? RecordWrite.Insert(HourRow(hour), counted) : RecordWrite.Replace(HourRow(hour), counted, tally.ETag),
            ];
            if (step.Gap is { } gap)
            {
                writes.Add(RecordWrite.Put(GapRow(gap), MaintenanceJson.Write(gap)));
            }

            if (known is not null && ProbeRules.IsAhead(probe, known.Value.LastAt, sample.At))
            {
                // The leap itself stands there as a silence until an instant that has not come: it has ended now.
                var all = await records.ListAsync<ProbeGap>(Tables.Probes, probe.Id, RowRange.Prefix(GapPrefix), cancellation).Select(static row => row.Value).ToListAsync(cancellation);
                writes.AddRange(all.Where(one => one.To > sample.At).TakeLast(MostMended).Select(one => one.From < sample.At
                    ? RecordWrite.Put(GapRow(one), MaintenanceJson.Write(one with { To = sample.At }))
                    : RecordWrite.Delete(GapRow(one))));
            }

            try
            {
                _ = await records.WriteAsync(Tables.Probes, probe.Id, writes, cancellation);
                return (step.State, true);
            }
            catch (RecordConflictException) when (attempt < 20)
            {
                // Somebody else took a sample, or settled an incident, in this moment: decided anew.
            }
        }
    }

    /// <summary>
    /// Takes good samples one after the other, in as few writes as can be: the state and the hours are afterwards what they would be had each been taken by itself. For a
    /// simulation, in which nothing else takes samples meanwhile.
    /// </summary>
    /// <param name="probe">The probe; it is up.</param>
    /// <param name="samples">The samples, in order of time; those that are not due are left out.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">One of them failed: what follows from that is decided sample by sample.</exception>
    public async Task TakeGoodAsync(Probe probe, IEnumerable<ProbeSample> samples, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(samples);
        foreach (var piece in samples.Chunk(MostSamples))
        {
            var known = await records.FindAsync<ProbeState>(Tables.Probes, probe.Id, StateRow, cancellation);
            var (state, hours) = (known?.Value, new SortedDictionary<DateTimeOffset, (ProbeTally Tally, string? ETag)>());
            List<RecordWrite> gaps = [];
            foreach (var sample in piece.Where(sample => ProbeRules.IsDue(probe, state?.LastAt, sample.At)))
            {
                if (!sample.IsGood)
                {
                    throw new ArgumentException($"The sample of {sample.At:u} failed.", nameof(samples));
                }

                var step = ProbeRules.Take(probe, state, sample, Shade.None);
                (state, var hour) = (step.State, HourOf(sample.At));
                if (!hours.TryGetValue(hour, out var tally))
                {
                    var stored = await records.FindAsync<ProbeTally>(Tables.Probes, probe.Id, HourRow(hour), cancellation);
                    tally = (stored?.Value ?? new ProbeTally(hour, 0, 0, LatencyHistogram.Empty), stored?.ETag);
                }

                hours[hour] = tally with { Tally = tally.Tally.Add(sample) };
                if (step.Gap is { } gap)
                {
                    gaps.Add(RecordWrite.Put("gap_" + RecordKeys.Instant(gap.From), MaintenanceJson.Write(gap)));
                }
            }

            if (state is not null && hours.Count > 0)
            {
                await records.WriteAsync(
                    Tables.Probes,
                    probe.Id,
                    [
                        known is null ? RecordWrite.Insert(StateRow, MaintenanceJson.Write(state)) : RecordWrite.Replace(StateRow, MaintenanceJson.Write(state), known.ETag),
                        .. hours.Select(static hour => hour.Value.ETag is { } tag ? RecordWrite.Replace(HourRow(hour.Key), MaintenanceJson.Write(hour.Value.Tally), tag) : RecordWrite.Insert(HourRow(hour.Key), MaintenanceJson.Write(hour.Value.Tally))),
                        .. gaps,
                    ],
                    cancellation);
            }
        }
    }

    /// <summary>The hours of a probe from an instant on, in order.</summary>
    public Task<List<ProbeTally>> HoursAsync(string probe, DateTimeOffset from, CancellationToken cancellation) =>
        records.ListAsync<ProbeTally>(Tables.Probes, probe, new RowRange(HourRow(HourOf(from)), "hour`"), cancellation).Select(static row => row.Value).ToListAsync(cancellation).AsTask();

    /// <summary>The days of a probe from an instant on that have become one row, in order.</summary>
    public Task<List<ProbeTally>> DaysAsync(string probe, DateTimeOffset from, CancellationToken cancellation) =>
        records.ListAsync<ProbeTally>(Tables.Probes, probe, new RowRange(DayRow(DayOf(from)), "day`"), cancellation).Select(static row => row.Value).ToListAsync(cancellation).AsTask();

    /// <summary>The gaps of a probe that began at an instant or later, in order.</summary>
    public Task<List<ProbeGap>> GapsAsync(string probe, DateTimeOffset from, CancellationToken cancellation) =>
        records.ListAsync<ProbeGap>(Tables.Probes, probe, new RowRange(GapPrefix + RecordKeys.Instant(from), "gap`"), cancellation).Select(static row => row.Value).ToListAsync(cancellation).AsTask();

    /// <summary>The outages of a service that began at an instant or later, in order.</summary>
    public Task<List<ProbeIncident>> IncidentsAsync(string service, DateTimeOffset from, CancellationToken cancellation) =>
        records.ListAsync<ProbeIncident>(Tables.Incidents, service, new RowRange(RecordKeys.Instant(from)), cancellation).Select(static row => row.Value).ToListAsync(cancellation).AsTask();

    /// <summary>The outages that last.</summary>
    public Task<List<ProbeIncident>> OpenAsync(CancellationToken cancellation) =>
        records.ListAsync<ProbeIncident>(Tables.Incidents, OpenPartition, RowRange.All, cancellation).Select(static row => row.Value).ToListAsync(cancellation).AsTask();

    /// <summary>Records an outage as it is now. Done again, nothing changes.</summary>
    public async Task RecordAsync(ProbeIncident incident, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var json = MaintenanceJson.Write(incident);
        _ = await records.WriteAsync(Tables.Incidents, incident.Service, RecordWrite.Put(incident.Row, json), cancellation);
        if (incident.To is null)
        {
            _ = await records.WriteAsync(Tables.Incidents, OpenPartition, RecordWrite.Put(incident.Probe, json), cancellation);
        }
        else if (await records.FindAsync<ProbeIncident>(Tables.Incidents, OpenPartition, incident.Probe, cancellation) is { } open && open.Value.From == incident.From)
        {
            // Only its own: the next outage of the probe may have begun.
            _ = await records.WriteAsync(Tables.Incidents, OpenPartition, RecordWrite.Delete(incident.Probe), cancellation);
        }
    }

    /// <summary>Makes one row of the hours of each day that is older than <see cref="HoursKept"/>, and forgets days that are older than <see cref="DaysKept"/>. Done again, it does nothing.</summary>
    public async Task CompactAsync(IEnumerable<Probe> probes, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await EachAsync.RunAsync(probes, async probe =>
        {
            var old = await records.ListAsync<ProbeTally>(Tables.Probes, probe.Id, new RowRange("hour_", HourRow(DayOf(now - HoursKept))), cancellation).Select(static row => row.Value).ToListAsync(cancellation);
            foreach (var day in old.GroupBy(static tally => DayOf(tally.From)))
            {
                var known = await records.FindAsync<ProbeTally>(Tables.Probes, probe.Id, DayRow(day.Key), cancellation);
                var sum = MaintenanceJson.Write(ProbeTally.Sum(day.Key, known is null ? day : day.Append(known.Value)));
                await records.WriteAsync(
                    Tables.Probes,
                    probe.Id,
                    [known is null ? RecordWrite.Insert(DayRow(day.Key), sum) : RecordWrite.Replace(DayRow(day.Key), sum, known.ETag), .. day.Select(static hour => RecordWrite.Delete(HourRow(hour.From)))],
                    cancellation);
            }

            await foreach (var row in records.QueryAsync(Tables.Probes, probe.Id, new RowRange("day_", DayRow(DayOf(now - DaysKept))), cancellation))
            {
                _ = await records.WriteAsync(Tables.Probes, probe.Id, RecordWrite.Delete(row.RowKey), cancellation);
            }
        });
    }

    /// <summary>The beginning of an instant's hour (UTC).</summary>
    public static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>The beginning of an instant's day (UTC).</summary>
    public static DateTimeOffset DayOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerDay), TimeSpan.Zero);

    private static string GapRow(ProbeGap gap) => GapPrefix + RecordKeys.Instant(gap.From);

    private static string HourRow(DateTimeOffset hour) => "hour_" + RecordKeys.Instant(hour);

    private static string DayRow(DateTimeOffset day) => "day_" + RecordKeys.Instant(day);
}
