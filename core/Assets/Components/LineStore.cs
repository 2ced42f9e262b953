using System.Globalization;
using System.Runtime.CompilerServices;
using Maintenance.Storage;

namespace Maintenance.Assets.Components;

/// <summary>The lines of the last review, by id and in the order in which people should look at them. A line and its row are written together.</summary>
public sealed class LineStore(IRecordStore records)
{
    /// <summary>The most characters that <see cref="KeyOf"/> gives: those of a service's id, a name and an id, with room.</summary>
    public const int MostKey = 400;

    private const int MostName = 120;

    /// <summary>The partition.</summary>
    internal const string Partition = "components";

    private const string Heads = "id_";
    private const string Order = "at_";
    private const string Ends = "end_";

    /// <summary>Before every date: an end that is over, nobody says since when.</summary>
    private const string LongOver = "0000-00-00";

    /// <summary>A component, or null.</summary>
    public async Task<AssetLine?> FindAsync(string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= 60 && id.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
            ? (await records.FindAsync<AssetLine>(Tables.Assets, Partition, Heads + id, cancellation))?.Value
            : null;
    }

    /// <summary>All components, those that need somebody first; then by service and name.</summary>
    /// <param name="service">Of this service alone; null for all.</param>
    /// <param name="after">Those behind this key, which <see cref="KeyOf"/> gives; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<AssetLine> ListAsync(string? service, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var range = RowRange.Prefix(Order);
        range = after is null ? range : range with { From = Order + after + "\u0020" };
        await foreach (var row in records.ListAsync<Row>(Tables.Assets, Partition, range, cancellation))
        {
            if ((service is null || row.Value.Service == service) && await FindAsync(row.Value.Id, cancellation) is { } line)
            {
                yield return line;
            }
        }
    }

    /// <summary>Those whose support ends, the first first; those that are over too, those of which nobody says since when in front.</summary>
    /// <param name="upTo">Those that end by this date, as <c>2026-11-30</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<AssetLine> ListEndingAsync(string upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.ListAsync<Row>(Tables.Assets, Partition, RowRange.Prefix(Ends) with { To = $"{Ends}{upTo}_~" }, cancellation))
        {
            if (await FindAsync(row.Value.Id, cancellation) is { } line)
            {
                yield return line;
            }
        }
    }

    /// <summary>Makes what is stored these lines: writes what differs, and removes what is gone.</summary>
    public async Task WriteAsync(IReadOnlyCollection<AssetLine> lines, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var stored = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var row in records.QueryAsync(Tables.Assets, Partition, RowRange.Prefix(Heads), cancellation))
        {
            stored[row.RowKey] = row.Json;
        }

        var groups = new List<List<RecordWrite>>();
        foreach (var line in lines)
        {
            var (key, json) = (Heads + line.Id, MaintenanceJson.Write(line));
            var before = stored.Remove(key, out var old) ? old : null;
            if (before != json)
            {
                var rows = RowsOf(line);
                groups.Add(
                [
                    RecordWrite.Put(key, json),
                    .. before is null ? [] : RowsOf(MaintenanceJson.Read<AssetLine>(before)).Except(rows).Select(static row => RecordWrite.Delete(row)),
                    .. rows.Select(row => RecordWrite.Put(row, MaintenanceJson.Write(new Row(line.Id, line.Service)))),
                ]);
            }
        }

        groups.AddRange(stored.Select(static gone => new List<RecordWrite> { RecordWrite.Delete(gone.Key) }.Concat(RowsOf(MaintenanceJson.Read<AssetLine>(gone.Value)).Select(static row => RecordWrite.Delete(row))).ToList()));
        var batch = new List<RecordWrite>();
        var bytes = 0;
        foreach (var group in groups)
        {
            var size = group.Sum(static write => write.Json.Length * 3);
            if (batch.Count + group.Count > IRecordStore.MaxBatch || (bytes + size > IRecordStore.MaxBatchBytes && batch.Count > 0))
            {
                await records.WriteAsync(Tables.Assets, Partition, batch, cancellation);
                (batch, bytes) = ([], 0);
            }

            batch.AddRange(group);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            await records.WriteAsync(Tables.Assets, Partition, batch, cancellation);
        }
    }

    /// <summary>Where a line stands in the order, as text whose order is that order.</summary>
    public static string KeyOf(AssetLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        // The name orders; the id, which comes last, tells apart. A letter of another script is nine characters of a key.
        var name = RecordKeys.Encode(JsonDocuments.Cut(line.Name.ToLowerInvariant(), 60));
        name = name.Length <= MostName ? name : name[..MostName];
        return $"{(9 - (int)line.Concern).ToString(CultureInfo.InvariantCulture)}_{line.Service}_{name}_{line.Id}";
    }

    /// <summary>True for what can be a key that <see cref="KeyOf"/> gives: letters, digits and the few signs that keys are made of.</summary>
    public static bool IsKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length is > 0 and <= MostKey && key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':' or '~');
    }

    private static List<string> RowsOf(AssetLine line)
    {
        var rows = new List<string> { Order + KeyOf(line) };
        if ((line.SupportEnds ?? (line.HasEnded == true ? LongOver : null)) is { } end)
        {
            rows.Add($"{Ends}{end}_{line.Id}");
        }

        return rows;
    }

    private sealed record Row(string Id, string Service);
}
