using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Maintenance.Assets.Lifecycle;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Storage;

namespace Maintenance.Assets.Components;

/// <summary>What a source says, read and understood.</summary>
/// <param name="Kind">What it was read as.</param>
public sealed record AssetContent(AssetInputKind Kind)
{
    /// <summary>Parts.</summary>
    public IReadOnlyList<InventoryEntry> Entries { get; init; } = [];

    /// <summary>Cycles of a product.</summary>
    public IReadOnlyList<ProductCycle> Cycles { get; init; } = [];

    /// <summary>Advisories.</summary>
    public IReadOnlyList<Advisory> Advisories { get; init; } = [];

    /// <summary>What is known to be exploited.</summary>
    public IReadOnlyList<KnownExploited> Exploited { get; init; } = [];

    /// <summary>Why none of it can be used, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>What was left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>So many entries could not be read: what they would say nobody knows.</summary>
    public int LeftOut { get; init; }

    /// <summary>So many of what it has.</summary>
    public int Count => Entries.Count + Cycles.Count + Advisories.Count + Exploited.Count;
}

/// <summary>A source with what it says; the content is null where it was never readable.</summary>
/// <param name="Input">The plan's input that it belongs to.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Content">What was read last and is good, or null.</param>
public sealed record AssetSourceContent(AssetInput Input, AssetSourceState State, AssetContent? Content);

/// <summary>
/// The plan's files and addresses, as they were last readable. What is good is kept (its bytes as an object, what is known of it as a record) before it counts: so a
/// broken file, an address that is away or a restart never take away what was read before.
/// </summary>
public sealed class AssetShelf(IRecordStore records, IObjectStore objects, IAssetDownloads downloads, TimeProvider time)
{
    /// <summary>The partition of what is known of sources.</summary>
    internal const string Partition = "sources";

    private const string Confirmations = "confirmed";

    /// <summary>After a failure an address is asked again so soon, unless its usual time is sooner.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(15);

    /// <summary>What the names of the kept bytes begin with.</summary>
    internal const string Prefix = "assets/";

    /// <summary>What was parsed, by kind and hash: the same bytes need no second reading.</summary>
    private readonly ConcurrentDictionary<string, AssetContent> _parsed = new(StringComparer.Ordinal);

    /// <summary>The bytes that are needed, as they were when unneeded ones were last removed.</summary>
    private HashSet<string>? _swept;

    /// <summary>Looks at every input, and reads what has changed.</summary>
    /// <param name="policy">The plan's section.</param>
    /// <param name="root">The plan's folder.</param>
    /// <param name="cancellation">Gives up; what was stored by then counts.</param>
    /// <returns>A line for each file and address.</returns>
    public async Task<IReadOnlyList<(AssetInput Input, AssetSourceState State)>> LookAsync(AssetPolicy policy, string root, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var known = new Dictionary<string, AssetSourceState>(StringComparer.Ordinal);
        await foreach (var row in records.QueryAsync(Tables.Assets, Partition, RowRange.All, cancellation))
        {
            known[row.RowKey] = MaintenanceJson.Read<AssetSourceState>(row.Json);
        }

        var lines = new List<(AssetInput, AssetSourceState)>();
        var rows = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in AssetInput.Of(policy))
        {
            foreach (var (name, problem) in Names(input, root))
            {
                var row = RowOf(input.Kind, name);
                var before = await WithBytesAsync(known.GetValueOrDefault(row) ?? new AssetSourceState(name, input.Kind), cancellation);
                var after = problem is not null ? before with { Problem = problem }
                    : input.Source.Url is { } url ? await AskAsync(before, url, policy.Refresh, cancellation)
                    : await ReadAsync(before, root, name, cancellation);
                if (rows.Add(row) && (after != before || !known.ContainsKey(row)))
                {
                    await records.WriteAsync(Tables.Assets, Partition, RecordWrite.Put(row, MaintenanceJson.Write(after)), cancellation);
                    if (before.Doubt is not null && after.Doubt is null)
                    {
                        await records.WriteAsync(Tables.Assets, Confirmations, RecordWrite.Delete(row), cancellation);
                    }
                }

                known[row] = after;
                lines.Add((input, after));
            }
        }

        await ForgetAsync(known, rows, cancellation);
        return lines;
    }

    /// <summary>What the sources say, each read at most once for each state of its bytes.</summary>
    public async IAsyncEnumerable<AssetSourceContent> ContentsAsync(IReadOnlyList<(AssetInput Input, AssetSourceState State)> lines, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lines);
        foreach (var (input, state) in lines)
        {
            AssetContent? content = null;
            if (state.Hash is { } hash && !_parsed.TryGetValue(ParsedKey(input.Kind, hash), out content) && await objects.GetAsync(Prefix + hash, cancellation) is { } bytes)
            {
                content = Remember(input.Kind, hash, Parse(input.Kind, state.Name, bytes));
            }

            yield return new AssetSourceContent(input, state, content);
        }

        var alive = lines.Select(static line => ParsedKey(line.Input.Kind, line.State.Hash ?? "")).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _parsed.Keys.Where(key => !alive.Contains(key)))
        {
            _ = _parsed.TryRemove(gone, out _);
        }
    }

    /// <summary>What is known of every source.</summary>
    public async Task<IReadOnlyList<AssetSourceState>> StatesAsync(CancellationToken cancellation) =>
        [.. (await records.ListAsync<AssetSourceState>(Tables.Assets, Partition, RowRange.All, cancellation).Select(static row => row.Value).ToListAsync(cancellation)).OrderBy(static state => state.Kind).ThenBy(static state => state.Name, StringComparer.Ordinal)];

    /// <summary>Confirms that an inventory which lists so little is right: the next look takes it over.</summary>
    /// <param name="name">The file's path below the plan's folder.</param>
    /// <param name="hash">The hash of the doubt that the person saw.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<AssetConfirmation> ConfirmAsync(string name, string hash, CancellationToken cancellation)
    {
        var named = (await StatesAsync(cancellation)).Where(state => state.Name == name).ToList();
        if (named.Find(state => state.Doubt?.Hash == hash) is not { } doubted)
        {
            return named.Count == 0 ? AssetConfirmation.Unknown : AssetConfirmation.Stale;
        }

        await records.WriteAsync(Tables.Assets, Confirmations, RecordWrite.Put(RowOf(doubted.Kind, doubted.Name), MaintenanceJson.Write(new Confirmation(hash, doubted.Hash))), cancellation);
        return AssetConfirmation.Done;
    }

    private static IEnumerable<(string Name, string? Problem)> Names(AssetInput input, string root)
    {
        if (input.Source.Folder is not { } folder)
        {
            return [(input.Source.Name, null)];
        }

        var files = AssetFile.In(root, folder, out var problem);
        return problem is null ? files.Select(static file => (file, (string?)null)) : [(folder, problem)];
    }

    private async Task<AssetSourceState> ReadAsync(AssetSourceState before, string root, string file, CancellationToken cancellation)
    {
        if (AssetFile.Stamp(root, file, out var problem) is not var (stamp, writtenAt))
        {
            return before with { Problem = problem, Stamp = null, Unrest = null, Doubt = null };
        }

        var now = time.GetUtcNow();
        if (stamp == before.Stamp && !(before.Doubt is { } doubt && await IsConfirmedAsync(before, doubt.Hash, cancellation)))
        {
            // It may be that of before again, after somebody began to write another one.
            return before with { Unrest = null };
        }

        if (AssetRest.Of(before.Unrest, stamp, writtenAt, now) is { } unrest)
        {
            return before with { Unrest = unrest, Problem = before.Hash is null ? "it was written within the last minute: it is read once it has rested." : before.Stamp is null ? null : before.Problem };
        }

        var (bytes, wrong) = await AssetFile.ReadAsync(root, file, MostBytes(before.Kind), cancellation);
        var looked = before with { Stamp = stamp, LookedAt = now, Unrest = null, Doubt = null };
        return bytes is null ? looked with { Problem = wrong } : await TakeAsync(looked, bytes, cancellation);
    }

    private async Task<AssetSourceState> AskAsync(AssetSourceState before, Uri url, TimeSpan refresh, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var wait = before.Problem is null || refresh < Retry ? refresh : Retry;
        if (before.LookedAt != default && now - before.LookedAt < wait && now >= before.LookedAt)
        {
            return before;
        }

        var answer = await downloads.GetAsync(url, before.Hash is null ? null : before.Stamp, MostBytes(before.Kind), cancellation);
        var looked = before with { LookedAt = now };
        return answer.Problem is not null ? looked with { Problem = answer.Problem }
            : answer.IsUnchanged ? looked with { Problem = null }
            : await TakeAsync(looked with { Stamp = answer.ETag }, answer.Bytes!, cancellation);
    }

    private async Task<AssetSourceState> TakeAsync(AssetSourceState looked, byte[] bytes, CancellationToken cancellation)
    {
        var hash = AssetFile.Hash(bytes);
        if (hash == looked.Hash)
        {
            return looked with { Problem = null };
        }

        var content = Parse(looked.Kind, looked.Name, bytes);
        if (content.Problem is not null)
        {
            return looked with { Problem = content.Problem };
        }

        if (InventoryDoubt.Has(looked.Kind, looked.Count, content.Count) && !await IsConfirmedAsync(looked, hash, cancellation))
        {
            return looked with { Problem = InventoryDoubt.Text(looked.Count, content.Count), Doubt = new AssetDoubt(hash, content.Count) };
        }

        // Stored first, then said to be there.
        _ = await objects.PutAsync(Prefix + hash, bytes, cancellation);
        _ = Remember(looked.Kind, hash, content);
        return looked with { Hash = hash, ReadAt = time.GetUtcNow(), Problem = null, Notes = [.. content.Notes.Take(AssetSourceState.MostNotes)], Count = content.Count };
    }

    /// <summary>
    /// The state; where its bytes are gone, one of a source that is to be read anew, whatever it says of change (how much it had is still compared): after records were restored without the files, say. "Unchanged" would be the answer to
    /// its stamp for ever, and nobody would hear that nothing is compared any more.
    /// </summary>
    private async Task<AssetSourceState> WithBytesAsync(AssetSourceState state, CancellationToken cancellation) =>
        state.Hash is not { } hash || _parsed.ContainsKey(ParsedKey(state.Kind, hash)) || await objects.ExistsAsync(Prefix + hash, cancellation)
            ? state
            : state with { Hash = null, Stamp = null, LookedAt = default };

    /// <summary>
    /// A confirmation is a row of its own, which a look that is under way does not write over; and it is for one file and its bytes, as it took the place of those that were
    /// read before it: the same bytes after others are doubted again.
    /// </summary>
    private async Task<bool> IsConfirmedAsync(AssetSourceState state, string hash, CancellationToken cancellation) =>
        (await records.FindAsync<Confirmation>(Tables.Assets, Confirmations, RowOf(state.Kind, state.Name), cancellation))?.Value is { } given && given == new Confirmation(hash, state.Hash);

    /// <summary>Forgets what the plan names no more; its bytes go once no record names them.</summary>
    private async Task ForgetAsync(Dictionary<string, AssetSourceState> known, HashSet<string> rows, CancellationToken cancellation)
    {
        foreach (var batch in known.Keys.Where(row => !rows.Contains(row)).Chunk(IRecordStore.MaxBatch))
        {
            await records.WriteAsync(Tables.Assets, Partition, [.. batch.Select(static row => RecordWrite.Delete(row))], cancellation);
        }

        var needed = rows.Select(row => known[row].Hash).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (_swept is { } swept && swept.SetEquals(needed))
        {
            return;
        }

        await foreach (var stored in objects.ListAsync(Prefix, cancellation))
        {
            if (!needed.Contains(stored.Name[Prefix.Length..]))
            {
                _ = await objects.DeleteAsync(stored.Name, cancellation);
            }
        }

        _swept = needed;
    }

    private AssetContent Remember(AssetInputKind kind, string hash, AssetContent content) => _parsed[ParsedKey(kind, hash)] = content;

    private static int MostBytes(AssetInputKind kind) => kind == AssetInputKind.EndOfLife ? EndOfLifeRecords.MaxBytes : InventoryReading.MaxBytes;

    private static AssetContent Parse(AssetInputKind kind, string name, byte[] bytes)
    {
        switch (kind)
        {
            case AssetInputKind.Bom:
                var bom = CycloneDx.Read(bytes);
                return new AssetContent(kind) { Entries = bom.Entries, Problem = bom.Problem };
            case AssetInputKind.Packages:
                var list = PackageList.Read(bytes);
                return new AssetContent(kind) { Entries = list.Entries, Problem = list.Problem };
            case AssetInputKind.EndOfLife:
                var cycles = EndOfLifeRecords.Read(bytes);
                return new AssetContent(kind) { Cycles = cycles.Cycles, Problem = cycles.Problem };
            case AssetInputKind.Advisories:
                var advisories = OsvReader.Read(name, bytes);
                return new AssetContent(kind) { Advisories = advisories.Advisories, Problem = Unusable(advisories.Advisories.Count, advisories.Problems), Notes = [.. advisories.Problems.Select(static one => $"{one.Place}: {one.What}")], LeftOut = advisories.Problems.Count(static one => one.IsLeftOut) };
            default:
                var exploited = KevReader.Read(name, bytes);
                return new AssetContent(kind) { Exploited = exploited.Entries, Problem = Unusable(exploited.Entries.Count, exploited.Problems), Notes = [.. exploited.Problems.Select(static one => $"{one.Place}: {one.What}")] };
        }
    }

    /// <summary>A file of which nothing could be used is a broken one: what was read before is worth more than nothing.</summary>
    private static string? Unusable(int count, IReadOnlyList<ReadingProblem> problems) => count == 0 && problems.FirstOrDefault(static one => one.IsLeftOut) is { } first ? $"{first.Place}: {first.What}" : null;

    private static string ParsedKey(AssetInputKind kind, string hash) => $"{kind}\n{hash}";

    private static string RowOf(AssetInputKind kind, string name) => $"{kind.ToString().ToLowerInvariant()}_{AssetFile.Hash(Encoding.UTF8.GetBytes(name))[..40]}";

    /// <summary>Somebody's word for an inventory.</summary>
    /// <param name="Hash">Its bytes.</param>
    /// <param name="Instead">The bytes in whose place it comes.</param>
    private sealed record Confirmation(string Hash, string? Instead);
}
