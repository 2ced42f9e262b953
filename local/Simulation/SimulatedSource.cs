using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Plan;
using Maintenance.Recovery;

namespace Maintenance.Local.Simulation;

/// <summary>
/// What a simulated backup reads in place of the real source: the few files that the plan's proofs and recovery checks look for, and a journal that grows by a line each
/// day. It cannot be read while it is broken.
/// </summary>
internal sealed class SimulatedSource : ISnapshotSource
{
    private static readonly DateTimeOffset Epoch = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A plan whose proofs ask for more than this finds that they fail in a simulation: what it reads is made up, and is to take no time.</summary>
    private const long MostBulk = 8 * 1024 * 1024;

    private readonly SortedDictionary<string, byte[]?> _files = new(SourceOrder.ByFolder);
    private readonly BackupPolicy _policy;
    private readonly DateTimeOffset _now;
    private readonly bool _isBroken;

    /// <summary>As it is at an instant.</summary>
    public SimulatedSource(OperationsPlan plan, BackupPolicy policy, DateTimeOffset now, bool isBroken)
    {
        (_policy, _now, _isBroken) = (policy, now, isBroken);
        foreach (var name in policy.Proof.Contains)
        {
            Add(name, Lines(3, ""));
        }

        foreach (var check in Checks(plan, policy))
        {
            Add(check.Subject, Lines(Math.Max(3, check.AtLeastLines), check.Contains ?? ""));
        }

        Add("journal.csv", Lines(1 + ((now - Epoch).Days % 400), ""));
        var bytes = _files.Values.Sum(static content => content?.Length ?? 0L);
        if (bytes < policy.Proof.MinimumBytes)
        {
            Add("bulk.bin", new byte[Math.Min(policy.Proof.MinimumBytes - bytes, MostBulk)]);
        }

        for (var number = 1; _files.Values.Count(static content => content is not null) < policy.Proof.MinimumFiles && number <= 1000; number++)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"more/{number:D4}.csv"), Lines(2, ""));
        }
    }

    /// <inheritdoc/>
    public string Description => $"simulated {_policy.Source}";

    /// <inheritdoc/>
    public TreeEntry? Root => null;

    /// <inheritdoc/>
    public IComparer<string> Order => SourceOrder.ByFolder;

    /// <inheritdoc/>
    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        if (_isBroken)
        {
            throw new IOException($"{Description} cannot be reached (simulated).");
        }

        foreach (var path in _files.Keys)
        {
            yield return Entry(path);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return ValueTask.FromResult<Stream>(new MemoryStream(_files[entry.Path]!, writable: false));
    }

    /// <inheritdoc/>
    public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<TreeEntry?>(entry);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IEnumerable<Check> Checks(OperationsPlan plan, BackupPolicy policy) =>
        from strategy in plan.Recovery.Strategies
        let restores = strategy.Steps.Where(step => step.Restore?.Backup == policy.Id).Select(static step => step.Id).ToHashSet(StringComparer.Ordinal)
        from step in strategy.Steps
        where step is { Kind: RecoveryStepKind.Check, Check.Kind: CheckKind.File, Of: { } of } && restores.Contains(of)
        select step.Check;

    private static byte[] Lines(long count, string contains)
    {
        var text = new StringBuilder();
        for (var line = 1L; line <= count; line++)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{line},simulated\n");
        }

        return Encoding.UTF8.GetBytes(contains.Length == 0 ? text.ToString() : text.Append(contains).Append('\n').ToString());
    }

    private void Add(string path, byte[] content)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            _ = _files.TryAdd(path[..slash], null);
        }

        _ = _files.TryAdd(path, content);
    }

    private TreeEntry Entry(string path)
    {
        if (_files[path] is not { } content)
        {
            return new TreeEntry { Path = path, Kind = TreeEntryKind.Folder };
        }

        var day = path == "journal.csv" ? _now.UtcDateTime.Date - Epoch.UtcDateTime : TimeSpan.Zero;
        return new TreeEntry { Path = path, Kind = TreeEntryKind.File, Length = content.Length, Modified = day.Ticks * 100, ChangeMark = (ulong)day.Days };
    }
}

/// <summary>Gives every policy its simulated source: no place of the real system is read or written.</summary>
/// <param name="plan">The plan that runs.</param>
/// <param name="time">The simulation's clock.</param>
internal sealed class SimulatedPlaces(ActivePlan plan, TimeProvider time) : ISnapshotPlaces
{
    private readonly Dictionary<string, DateTimeOffset> _brokenUntil = new(StringComparer.Ordinal);

    /// <summary>The source of a policy cannot be reached.</summary>
    /// <param name="policy">Its id.</param>
    /// <param name="until">From when on it can again (UTC).</param>
    public void Break(string policy, DateTimeOffset until) => _brokenUntil[policy] = until;

    /// <inheritdoc/>
    public Task<ISnapshotSource> OpenSourceAsync(BackupPolicy policy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var now = time.GetUtcNow();
        return Task.FromResult<ISnapshotSource>(new SimulatedSource(plan.Current, policy, now, _brokenUntil.TryGetValue(policy.Id, out var until) && now < until));
    }

    /// <inheritdoc/>
    public Task<ISnapshotTarget?> OpenTargetAsync(string target, CancellationToken cancellation) => throw new NotSupportedException("A simulation restores into its own folder only.");
}
