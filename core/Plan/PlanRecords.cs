using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Storage;

namespace Maintenance.Plan;

/// <summary>
/// The plan that runs, at rest: its text, the files that it includes, and the calendars as they were before it. What a change of plan needs is written first, each
/// row under a name that nothing else has; one batch then makes the new plan the active one and says which calendars had counted until then. So a crash before the
/// batch leaves rows that nobody reads, and of two hosts that change the plan at once one is refused and looks again.
/// </summary>
internal sealed class PlanRecords(IRecordStore records)
{
    private const string Plan = "plan";
    private const string Active = "active";
    private const string Change = "change_";
    private const string Calendars = "calendars";
    private const string Files = "files";

    /// <summary>A piece of a file: with base64 it fits into a record, so that a file of 1 MiB that cannot be compressed has two.</summary>
    private const int PieceBytes = 600_000;

    /// <summary>A host that makes a plan active writes its files first; until then nobody refers to them.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>The stored plan, or null.</summary>
    public Task<Versioned<StoredPlan>?> FindAsync(CancellationToken cancellation) => records.FindAsync<StoredPlan>(Tables.Plan, Plan, Active, cancellation);

    /// <summary>The texts of a stored plan's files, by path; without those that are not there any more.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FilesAsync(StoredPlan plan, CancellationToken cancellation)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, hash) in plan.Files ?? new Dictionary<string, string>())
        {
            using var packed = new MemoryStream();
            await foreach (var piece in records.ListAsync<StoredPiece>(Tables.Plan, Files, RowRange.Prefix(hash + "_"), cancellation))
            {
                packed.Write(piece.Value.Content);
            }

            if (packed.Length > 0)
            {
                packed.Position = 0;
                using var unpacked = new StreamReader(new GZipStream(packed, CompressionMode.Decompress), Encoding.UTF8);
                texts[path] = await unpacked.ReadToEndAsync(cancellation);
            }
        }

        return texts;
    }

    /// <summary>The calendars as they were, in order of time.</summary>
    public async Task<IReadOnlyList<CalendarVersion>> HistoryAsync(CancellationToken cancellation)
    {
        var changes = await records.ListAsync<StoredChange>(Tables.Plan, Plan, RowRange.Prefix(Change), cancellation).ToListAsync(cancellation);
        if (changes.Count == 0)
        {
            return [];
        }

        var calendars = new Dictionary<string, StoredCalendar>(StringComparer.Ordinal);
        await foreach (var row in records.QueryAsync(Tables.Plan, Calendars, RowRange.All, cancellation))
        {
            calendars[row.RowKey] = MaintenanceJson.Read<StoredCalendar>(row.Json);
        }

        return [.. changes.SelectMany(change => change.Value.Calendars.Select(id => calendars[CalendarKey(change.Value.Until, id)].Version(change.Value.Until)))];
    }

    /// <summary>Makes a plan the active one.</summary>
    /// <param name="plan">The plan; its files are stored with it.</param>
    /// <param name="files">The texts of its files, by path.</param>
    /// <param name="before">The ETag of the one that it replaces; null where there is none.</param>
    /// <param name="past">The calendars that counted until now and count differently from now on; all of one instant.</param>
    /// <param name="cancellation">Stops it before the plan is active.</param>
    /// <exception cref="RecordConflictException">Another host has changed the plan meanwhile; this one is not active.</exception>
    public async Task ActivateAsync(StoredPlan plan, IReadOnlyDictionary<string, string> files, string? before, IReadOnlyList<CalendarVersion> past, CancellationToken cancellation)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, text) in files)
        {
            hashes[path] = await StoreAsync(text, plan.Since, cancellation);
        }

        foreach (var version in past)
        {
            await records.WriteAsync(
                Tables.Plan, Calendars, RecordWrite.Put(CalendarKey(version.Until, version.Definition.Id), MaintenanceJson.Write(StoredCalendar.Of(version))), cancellation);
        }

        var json = MaintenanceJson.Write(plan with { Files = hashes.Count == 0 ? null : hashes });
        var writes = new List<RecordWrite> { before is null ? RecordWrite.Insert(Active, json) : RecordWrite.Replace(Active, json, before) };
        if (past.Count > 0)
        {
            var until = past[0].Until;
            writes.Add(RecordWrite.Put(Change + Ticks(until), MaintenanceJson.Write(new StoredChange(until, [.. past.Select(static version => version.Definition.Id)]))));
        }

        await records.WriteAsync(Tables.Plan, Plan, writes, cancellation);
        await DropFilesAsync([.. hashes.Values], plan.Since - Grace, cancellation);
    }

    private async Task<string> StoreAsync(string text, DateTimeOffset at, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(bytes, cancellation);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        foreach (var (number, piece) in packed.ToArray().Chunk(PieceBytes).Index())
        {
            await records.WriteAsync(
                Tables.Plan, Files, RecordWrite.Put(string.Create(CultureInfo.InvariantCulture, $"{hash}_{number:00}"), MaintenanceJson.Write(new StoredPiece(piece, at))), cancellation);
        }

        return hash;
    }

    /// <summary>Removes files that no plan has any more. What was stored lately may be of a plan that another host is about to make active.</summary>
    private async Task DropFilesAsync(HashSet<string> kept, DateTimeOffset olderThan, CancellationToken cancellation)
    {
        var old = new List<string>();
        await foreach (var row in records.QueryAsync(Tables.Plan, Files, RowRange.All, cancellation))
        {
            if (!kept.Contains(row.RowKey[..row.RowKey.IndexOf('_', StringComparison.Ordinal)]) && MaintenanceJson.Read<StoredPiece>(row.Json).At < olderThan)
            {
                old.Add(row.RowKey);
            }
        }

        foreach (var key in old)
        {
            await records.WriteAsync(Tables.Plan, Files, RecordWrite.Delete(key), cancellation);
        }
    }

    private static string CalendarKey(DateTimeOffset until, string id) => $"{Ticks(until)}_{id}";

    private static string Ticks(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>Which calendars counted until an instant.</summary>
    private sealed record StoredChange(DateTimeOffset Until, IReadOnlyList<string> Calendars);

    /// <summary>A piece of a file, compressed as a whole.</summary>
    private sealed record StoredPiece(byte[] Content, DateTimeOffset At);
}

/// <summary>The active plan, at rest.</summary>
/// <param name="Hash">SHA-256 of its text and files.</param>
/// <param name="File">The file's name, for problems.</param>
/// <param name="Folder">The absolute folder of its relative paths.</param>
/// <param name="Yaml">Its text.</param>
/// <param name="Since">Since when it is active (UTC).</param>
/// <param name="Files">The SHA-256 of each file that it includes, by path; null where it includes none.</param>
internal sealed record StoredPlan(string Hash, string File, string Folder, string Yaml, DateTimeOffset Since, IReadOnlyDictionary<string, string>? Files = null);
