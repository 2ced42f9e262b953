using Maintenance.Backups.Repository;
using Maintenance.Backups.Retention;
using Maintenance.Backups.Sources;
using Maintenance.Recovery;

namespace Maintenance.Backups;

/// <summary>No snapshot serves a point in time.</summary>
public sealed class NoRecoveryPointException(string message) : Exception(message);

/// <summary>Shows what is in snapshots, compares them, and finds the one that a point in time asks for.</summary>
public sealed class SnapshotService(BackupRepositories repositories, BackupService backups, RetentionService retention)
{
    /// <summary>A snapshot and what is known of it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    public async Task<SnapshotDetail> ShowAsync(string id, CancellationToken cancellation)
    {
        Snapshot? manifest = null;
        string? damage = null;
        try
        {
            manifest = await RequireAsync(id, cancellation) with { Tree = [] };
        }
        catch (InvalidDataException error)
        {
            // Its run and its hold are known all the same.
            damage = error.Message;
        }

        return new SnapshotDetail(manifest, await backups.FindRunAsync(id, cancellation), await retention.FindHoldAsync(id, cancellation), damage);
    }

    /// <summary>A page of the entries of a snapshot.</summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="path">A folder or a file: it and all that is in it; empty for everything.</param>
    /// <param name="take">How many at most, from 1.</param>
    /// <param name="after">Only what comes after this path in the snapshot's order; null from the beginning.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    /// <exception cref="InvalidDataException">Its list of entries is damaged.</exception>
    public async Task<EntryPage> EntriesAsync(string id, string path, int take, string? after, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        var snapshot = await RequireAsync(id, cancellation);
        var order = snapshot.IsByName ? SourceOrder.ByName : SourceOrder.ByFolder;
        var wanted = path.Trim('/');
        var entries = new List<EntryLine>();
        await foreach (var entry in (await repositories.OpenAsync(cancellation)).EntriesAsync(snapshot, cancellation))
        {
            if (entry.Path.Length == 0 || (after is not null && order.Compare(entry.Path, after) <= 0) || !IsIn(entry.Path, wanted))
            {
                continue;
            }

            if (entries.Count == take)
            {
                return new EntryPage(id, entries, entries[^1].Path);
            }

            entries.Add(EntryLine.Of(entry));
        }

        return new EntryPage(id, entries, null);
    }

    /// <summary>What differs between two snapshots; all is counted, the first <paramref name="take"/> are named.</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    /// <exception cref="InvalidDataException">A list of entries is damaged.</exception>
    public async Task<DifferenceReport> CompareAsync(string older, string newer, int take, CancellationToken cancellation)
    {
        var (left, right) = (await RequireAsync(older, cancellation), await RequireAsync(newer, cancellation));
        var counts = new Dictionary<DifferenceKind, long>();
        var named = new List<SnapshotDifference>();
        long bytes = 0;
        await foreach (var difference in (await repositories.OpenAsync(cancellation)).DiffAsync(left, right, cancellation))
        {
            counts[difference.Kind] = counts.GetValueOrDefault(difference.Kind) + 1;
            bytes += difference.NewBytes - difference.OldBytes;
            if (named.Count < take)
            {
                named.Add(difference);
            }
        }

        return new DifferenceReport(
            older, newer, counts.GetValueOrDefault(DifferenceKind.Added), counts.GetValueOrDefault(DifferenceKind.Removed), counts.GetValueOrDefault(DifferenceKind.Changed),
            counts.GetValueOrDefault(DifferenceKind.Metadata), bytes, named);
    }

    /// <summary>
    /// The newest proven snapshot of a policy whose recovery point is at or before an instant. Where there is none, nothing stands in for it: whoever asked for the state
    /// before the mistake must not get the one after it.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="at">The instant (UTC); null for now.</param>
    /// <param name="copy">The copy that must have it; null for the repository itself.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KeyNotFoundException">The plan has no such policy or copy.</exception>
    /// <exception cref="NoRecoveryPointException">There is none; the message names the nearest there are.</exception>
    public async Task<string> ChooseAsync(string policy, DateTimeOffset? at, string? copy, CancellationToken cancellation)
    {
        var proven = (await retention.ListAsync(policy, cancellation)).Where(static line => line is { Health: SnapshotHealth.Proven, Run.RecoveryPoint: not null }).ToList();
        if (copy is not null)
        {
            var there = (await (await repositories.OpenAsync(copy, cancellation)).ListAsync(policy, cancellation)).ToHashSet(StringComparer.Ordinal);
            _ = proven.RemoveAll(line => !there.Contains(line.Id));
        }

        return RecoveryPoints.Choose(policy, [.. proven.Select(static line => (line.Id, line.Run!.RecoveryPoint!.Value))], at);
    }

    /// <summary>The same, with its instants.</summary>
    /// <inheritdoc cref="ChooseAsync"/>
    public async Task<RecoverySource> SourceAsync(string policy, DateTimeOffset? at, string? copy, CancellationToken cancellation)
    {
        var id = await ChooseAsync(policy, at, copy, cancellation);
        var run = await backups.FindRunAsync(id, cancellation);
        return new RecoverySource(id, run?.RecoveryPoint ?? throw new NoRecoveryPointException($"The records have no recovery point of the snapshot '{id}'."), run.ProvenAt ?? run.EndedAt);
    }

    private async Task<Snapshot> RequireAsync(string id, CancellationToken cancellation) =>
        await (await repositories.OpenAsync(cancellation)).FindAsync(id, cancellation) ?? throw new KeyNotFoundException($"There is no snapshot '{id}'.");

    private static bool IsIn(string path, string folder) =>
        folder.Length == 0 || path == folder || (path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal));
}

/// <summary>Which recovery point an instant asks for. Pure.</summary>
public static class RecoveryPoints
{
    /// <summary>The newest at or before the instant.</summary>
    /// <param name="policy">The policy, for the message.</param>
    /// <param name="points">The proven snapshots and their recovery points (UTC).</param>
    /// <param name="at">The instant (UTC); null for the newest of all.</param>
    /// <exception cref="NoRecoveryPointException">There is none; the message names the nearest there are.</exception>
    public static string Choose(string policy, IReadOnlyList<(string Id, DateTimeOffset At)> points, DateTimeOffset? at)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0)
        {
            throw new NoRecoveryPointException($"The policy {policy} has no proven snapshot.");
        }

        var before = points.Where(point => at is null || point.At <= at).ToList();
        if (before.Count > 0)
        {
            return before.MaxBy(static point => (point.At, point.Id)).Id;
        }

        var nearest = points.OrderBy(static point => point.At).Take(3).Select(static point => $"{point.At.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'} ({point.Id})");
        throw new NoRecoveryPointException(
            $"The policy {policy} has no proven snapshot at or before {at!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}. The nearest after it: {string.Join(", ", nearest)}. Name one of them to restore it.");
    }
}
