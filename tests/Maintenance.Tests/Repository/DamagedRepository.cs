using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Storage;

namespace Maintenance.Tests.Repository;

/// <summary>A repository with an object of every kind, and what must hold of it however it is damaged: what is lost is named, and the rest restores bit for bit.</summary>
internal sealed class DamagedRepository
{
    private const string Everything = "everything";
    private const string FromThereOn = "everything from there on";
    private const int MostNamed = 20;
    private const string List = "the list of entries";

    private readonly List<(Snapshot Snapshot, IReadOnlyDictionary<string, byte[]> Contents, IReadOnlyList<TreeEntry> Entries)> _snapshots = [];

    public MemoryObjectStore Store { get; } = new();

    public IReadOnlyList<string> SnapshotIds => [.. _snapshots.Select(static taken => taken.Snapshot.Id)];

    /// <summary>Three snapshots in three packs: small files in solid segments, compressible and not; a file of several chunks; one stored twice; links.</summary>
    public static async Task<DamagedRepository> CreateAsync()
    {
        var damaged = new DamagedRepository();
        var bench = await RepositoryBench.CreateAsync(damaged.Store);
        _ = await bench.Repository.AddKeyAsync(new FixedKeyProtector("second"), "second", RepositoryBench.None);
        var source = new MemorySource { Root = new TreeEntry { Path = "", Kind = TreeEntryKind.Folder, Mode = 0x1ED } };
        for (var day = 1; day <= 3; day++)
        {
            for (var i = 0; i < 6; i++)
            {
                source.File($"day {day}/text {i}", RepositoryBench.Text(300 * i, (day * 10) + i)).File($"day {day}/noise {i}", RepositoryBench.Noise(4000 + (i * 100), (day * 10) + i));
            }

            source.File($"day {day}/large", RepositoryBench.Noise(day == 1 ? 280_000 : 20_000, day)).File($"day {day}/same", RepositoryBench.Text(2000, 99));
            source.Link($"day {day}/zz", TreeEntryKind.SymbolicLink, "large");
            damaged._snapshots.Add((await bench.TakeAsync(source), source.Contents.ToDictionary(StringComparer.Ordinal), []));
        }

        // A mark of either kind: of a pack of a snapshot that was dropped, and of damage that is gone.
        var dropped = await bench.TakeAsync(new MemorySource(description: "other").File("gone", RepositoryBench.Noise(3000, 77)), "other");
        Assert.True(await bench.Repository.DropAsync(dropped.Id, RepositoryBench.None));
        _ = await bench.PruneAsync(TimeSpan.FromDays(7));
        var keys = await KeyRing.OpenAsync(damaged.Store, new FixedKeyProtector(), bench.Clock, create: false, RepositoryBench.None);
        var mark = new DamageMark(RepositoryLayout.NewId(), bench.Clock.Now, [new DamagedSegment(PackId.New().ToString(), 8)]);
        Assert.True(await new SealedObjects(damaged.Store, keys.Keys).PutAsync(RepositoryLayout.Damaged + mark.Id, mark, RepositoryBench.None));
        for (var i = 0; i < damaged._snapshots.Count; i++)
        {
            var entries = new List<TreeEntry>();
            await foreach (var entry in bench.Repository.EntriesAsync(damaged._snapshots[i].Snapshot, RepositoryBench.None))
            {
                entries.Add(entry);
            }

            damaged._snapshots[i] = damaged._snapshots[i] with { Entries = entries };
        }

        var clean = await bench.VerifyAsync();
        Assert.True(clean.IsClean, string.Join('\n', clean.Findings));
        return damaged;
    }

    /// <summary>
    /// Opens, verifies and restores a damaged copy. Asserts that what the verification names is exactly what a restore does not bring, and that whatever a restore
    /// brings is what it was.
    /// </summary>
    /// <returns>The verification's report, and the lost paths as <c>snapshot:path</c>.</returns>
    public async Task<(VerifyReport Report, IReadOnlySet<string> Lost)> ExamineAsync(IObjectStore store, string what)
    {
        var bench = await RepositoryBench.OpenAsync(store);
        var report = await bench.VerifyAsync(new VerifyOrder(100), null, RepositoryBench.None);
        Assert.All(report.Findings, finding => Assert.False(string.IsNullOrWhiteSpace(finding.What), $"{what}: {finding.Name} is wrong, and not said how"));
        Assert.All(report.Findings, finding => Assert.Equal(finding.IsLoss, finding.PathCount > 0));
        var named = report.Findings.SelectMany(static finding => finding.Paths).ToHashSet(StringComparer.Ordinal);
        var lost = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (snapshot, contents, entries) in _snapshots)
        {
            await RestoreAsync(bench, snapshot, contents, entries, named, lost, what);
        }

        Assert.All(report.Findings, static finding => Assert.Equal(Math.Min(finding.PathCount, MostNamed), finding.Paths.Count));
        Assert.True(named.IsSubsetOf(lost) && (named.SetEquals(lost) || report.Findings.Any(static finding => finding.PathCount > MostNamed)), $"{what}: named [{string.Join(", ", named.Except(lost))}], lost and not named [{string.Join(", ", lost.Except(named))}]");
        Assert.Equal(lost.Select(static path => path[..path.IndexOf(':', StringComparison.Ordinal)]).Distinct(), report.Damaged);
        Assert.InRange(report.Findings.Sum(static finding => finding.PathCount), lost.Count, int.MaxValue);
        return (report, lost);
    }

    private static async Task RestoreAsync(
        BackupRepository repository, Snapshot snapshot, IReadOnlyDictionary<string, byte[]> contents, IReadOnlyList<TreeEntry> entries, HashSet<string> named, SortedSet<string> lost, string what)
    {
        Snapshot? found;
        try
        {
            found = await repository.FindAsync(snapshot.Id, RepositoryBench.None);
        }
        catch (InvalidDataException error)
        {
            Assert.Contains(snapshot.Id, error.Message, StringComparison.Ordinal);
            _ = lost.Add($"{snapshot.Id}:{Everything}");
            return;
        }

        if (found is null)
        {
            // Its manifest is missing, and with it all that is known of it.
            Assert.DoesNotContain(named, name => name.StartsWith(snapshot.Id, StringComparison.Ordinal));
            return;
        }

        var target = new MemoryTarget();
        var report = await repository.RestoreAsync(found, target, [], null, RepositoryBench.None);
        Assert.True(target.IsComplete);
        Assert.All(target.Contents, file => Assert.True(contents[file.Key].AsSpan().SequenceEqual(file.Value), $"{what}: {file.Key} came back as something else"));
        var missing = entries.Select(static entry => entry.Path).Where(static path => path.Length > 0).Except(target.Entries.Select(static entry => entry.Path)).ToHashSet(StringComparer.Ordinal);
        var reported = report.Losses.Select(static loss => loss[..loss.IndexOf(": ", StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
        if (reported.Remove(List))
        {
            _ = lost.Add($"{snapshot.Id}:{FromThereOn}");
            var end = missing.Except(reported).Order(SourceOrder.ByFolder).FirstOrDefault();
            missing.ExceptWith(entries.Select(static entry => entry.Path).SkipWhile(path => path != end).ToList());
        }

        Assert.True(missing.SetEquals(reported), $"{what}: missing [{string.Join(", ", missing)}], reported [{string.Join(", ", reported)}]");
        lost.UnionWith(missing.Select(path => $"{snapshot.Id}:{path}"));
    }
}
