using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Tests.EndToEnd;

namespace Maintenance.Tests.Repository;

/// <summary>A snapshot that is taken in parts and slices is the one that is taken at one go.</summary>
public sealed class SlicedBackupTests
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    private static readonly int Cases = Thoroughness.IsFull ? 1500 : 60;
    private static readonly int[] Sizes = [0, 1, 300, 5000, 70 * KiB, (256 * KiB) + 1, MiB, (3 * MiB) + 77, 6 * MiB];

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Parts_and_slices_of_any_size_cut_off_anywhere_come_to_what_one_go_does()
    {
        var (slices, open, repeated) = (0, 0, 0);
        for (var i = 0; i < Cases; i++)
        {
            var seed = unchecked(Thoroughness.Seed + i);
            try
            {
                var (s, o, r) = await CompareAsync(new Random(seed));
                (slices, open, repeated) = (slices + s, open + o, repeated + r);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"MAINTENANCE_SEED={seed}: {error.Message}", error);
            }
        }

        // The cuts were where they hurt: within files, and in the middle of slices.
        Assert.True(slices > 2 * Cases && open > Cases / 10 && repeated > Cases / 4, $"{slices} slices, {open} ended within a file, {repeated} were cut off and done again.");
    }

    [Fact]
    public async Task A_file_that_changes_between_two_slices_is_one_state_of_it_and_never_a_mixture()
    {
        for (var i = 0; i < Cases; i++)
        {
            var seed = unchecked(Thoroughness.Seed + i);
            var random = new Random(seed);
            var bench = await RepositoryBench.CreateAsync();
            var source = Source(random, SourceOrder.ByFolder);
            var states = source.Contents.ToDictionary(static file => file.Key, static file => new List<byte[]> { file.Value }, StringComparer.Ordinal);
            var steady = states.Keys.ToHashSet(StringComparer.Ordinal);
            var order = new SnapshotOrder("docs_1", "docs");
            _ = await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None);
            for (var number = 0; !(await bench.Repository.TakeSliceAsync(order, source, 0, number, InSlices.Budget(random.Next(4)), null, None)).IsLast; number++)
            {
                var path = states.Keys.ElementAt(random.Next(states.Count));
                var content = RepositoryBench.Noise(Sizes[random.Next(Sizes.Length)], random.Next());
                _ = source.File(path, content);
                states[path].Add(content);
                _ = steady.Remove(path);
            }

            var snapshot = await bench.Repository.FinishAsync(order, None);
            var (target, report) = await bench.RestoreAsync(snapshot);
            Assert.Empty(report.Losses);
            Assert.Equal(states.Keys.Order(StringComparer.Ordinal), target.Contents.Keys.Order(StringComparer.Ordinal));
            Assert.All(target.Contents, file => Assert.True(states[file.Key].Exists(state => state.AsSpan().SequenceEqual(file.Value)), $"MAINTENANCE_SEED={seed}: {file.Key}"));
            Assert.Empty(snapshot.Problems);
            Assert.True((await bench.VerifyAsync()).IsClean);
        }
    }

    [Fact]
    public async Task A_prune_between_two_slices_takes_nothing_that_either_relies_on()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource { IsResumable = true }.File("a", RepositoryBench.Noise(MiB, 1)).File("b", RepositoryBench.Noise(MiB, 2)).File("c", RepositoryBench.Noise(MiB, 3));
        var old = await bench.TakeAsync(source);
        var order = new SnapshotOrder("docs_9", "docs");
        _ = await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None);
        Assert.False((await bench.Repository.TakeSliceAsync(order, source, 0, 0, InSlices.Budget(0), null, None)).IsLast);
        Assert.True(await bench.Repository.DropAsync(old.Id, None));
        for (var i = 0; i < 3; i++)
        {
            // What the snapshot that was dropped had, the slice relies on, and no manifest says so.
            var pruned = await bench.PruneAsync();
            Assert.Equal(0, pruned.DeletedPacks);
        }

        for (var number = 1; !(await bench.Repository.TakeSliceAsync(order, source, 0, number, InSlices.Budget(0), null, None)).IsLast; number++)
        {
            _ = await bench.PruneAsync();
        }

        var snapshot = await bench.Repository.FinishAsync(order, None);
        _ = await bench.PruneAsync();
        _ = await bench.PruneAsync();
        await bench.AssertRestoresAsync(snapshot, source.Contents);
        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task What_could_not_be_read_is_told_once_whatever_the_slices()
    {
        foreach (var looks in new[] { 0, 1, 2, 50 })
        {
            var bench = await RepositoryBench.CreateAsync();
            var source = new MemorySource
            {
                IsResumable = true,
                Opening = static entry => entry.Path switch
                {
                    "b/locked" => throw new UnauthorizedAccessException("It is locked."),
                    "b/gone" => throw new EntryGoneException("it may go."),
                    _ => null,
                },
                Finding = static findings =>
                {
                    findings.Problem("", "the root is odd");
                    findings.Problem("c/2", "it is a device");
                    findings.Note("a/1", "it is a socket");
                },
            }.File("a/1", [1]).File("b/2", [2]).File("b/gone", [5]).File("b/locked", [3]).File("c/2", RepositoryBench.Noise(3 * MiB)).File("d", [4]);
            var snapshot = await InSlices.TakeAsync(bench.Repository, new SnapshotOrder("docs_1", "docs"), () => source, looks);
            Assert.Equal(3, snapshot.Problems.Count);
            Assert.Equal(3, snapshot.Statistics.Problems);
            Assert.Contains("b/locked: it cannot be read: It is locked.", snapshot.Problems);

            // What went by itself is no loss, and is left out.
            Assert.Equal(["a/1: it is a socket", "b/gone: it may go."], snapshot.Notes.Order(StringComparer.Ordinal));
            Assert.DoesNotContain("b/gone", await bench.Repository.EntriesAsync(snapshot, default).Select(static entry => entry.Path).ToListAsync());
        }
    }

    [Fact]
    public async Task A_source_that_is_read_at_one_go_is_one_slice_however_small_the_budget()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(3 * MiB)).File("b", [1]);
        var order = new SnapshotOrder("docs_1", "docs");
        Assert.Equal(1, (await bench.Repository.PlanAsync(order, source, new SliceSizing(8, 1), WorkBudget.Unlimited, None)).Parts);
        Assert.True((await bench.Repository.TakeSliceAsync(order, source, 0, 0, InSlices.Budget(0), null, None)).IsLast);
        await bench.AssertRestoresAsync(await bench.Repository.FinishAsync(order, None), source.Contents);
    }

    [Fact]
    public async Task A_source_that_breaks_its_order_is_read_at_one_go_or_not_at_all_and_nothing_of_it_is_left_out()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new Disordered();
        var order = new SnapshotOrder("docs_1", "docs");
        Assert.Equal(1, (await bench.Repository.PlanAsync(order, source, new SliceSizing(4, 1), WorkBudget.Unlimited, None)).Parts);
        Assert.True((await bench.Repository.TakeSliceAsync(order, source, 0, 0, InSlices.Budget(0), null, None)).IsLast);
        await bench.AssertRestoresAsync(await bench.Repository.FinishAsync(order, None), source.Contents);

        // Nobody looked at the order when it was planned: the slice that meets it says so.
        var blind = new SnapshotOrder("docs_2", "docs");
        _ = await bench.Repository.PlanAsync(blind, source, SliceSizing.One, WorkBudget.Unlimited, None);
        var error = await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var number = 0; !(await bench.Repository.TakeSliceAsync(blind, source, 0, number, InSlices.Budget(0), null, None)).IsLast;)
            {
                number++;
            }
        });
        Assert.Contains("not its order", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_is_found_again_and_what_is_missing_is_refused()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource { IsResumable = true }.File("a", [1]).File("b", [2]);
        var order = new SnapshotOrder("docs_1", "docs");
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Repository.TakeSliceAsync(order, source, 0, 0, WorkBudget.Unlimited, null, None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Repository.FinishAsync(order, None));
        _ = await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None);
        await Assert.ThrowsAsync<IOException>(() => bench.Repository.FinishAsync(order, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bench.Repository.TakeSliceAsync(order, source, 1, 0, WorkBudget.Unlimited, null, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bench.Repository.TakeSliceAsync(order, source, 0, 1, WorkBudget.Unlimited, null, None));
        var first = await bench.Repository.TakeSliceAsync(order, source, 0, 0, WorkBudget.Unlimited, null, None);
        Assert.Equal(first, await bench.Repository.TakeSliceAsync(order, source, 0, 0, WorkBudget.Unlimited, null, None));
        Assert.Equal(["a", "b"], source.Opened);
        await Assert.ThrowsAsync<IOException>(() => bench.Repository.TakeSliceAsync(order, new MemorySource(description: "another") { IsResumable = true }, 0, 1, WorkBudget.Unlimited, null, None));
        Assert.Contains("leaves out", (await Assert.ThrowsAsync<IOException>(() => bench.Repository.TakeSliceAsync(order with { Scope = "*.tmp" }, source, 0, 1, WorkBudget.Unlimited, null, None))).Message, StringComparison.Ordinal);
        var snapshot = await bench.Repository.FinishAsync(order, None);
        Assert.Equal(snapshot.CompletedAt, (await bench.Repository.FinishAsync(order, None)).CompletedAt);
        Assert.Equal(0, (await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None)).Parts);
    }

    [Fact]
    public async Task One_that_is_given_up_leaves_nothing_but_what_the_next_one_uses()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource { IsResumable = true }.File("a", RepositoryBench.Noise(MiB, 1)).File("b", RepositoryBench.Noise(MiB, 2));
        var order = new SnapshotOrder("docs_1", "docs");
        _ = await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None);
        _ = await bench.Repository.TakeSliceAsync(order, source, 0, 0, InSlices.Budget(0), null, None);
        await bench.Repository.AbandonAsync(order, None);
        await bench.Repository.AbandonAsync(order, None);
        Assert.Empty(await NamesAsync(bench, "parts/"));
        Assert.Empty(await NamesAsync(bench, "sessions/"));
        var next = await bench.TakeAsync(source);

        // What the slice had stored was used: nothing is there twice.
        Assert.InRange(next.Statistics.NewBytes, 1, (2 * MiB) - 1);
        Assert.InRange((await bench.Repository.StatisticsAsync(None)).ChunkBytes, 2 * MiB, (2 * MiB) + (2 * KiB));
        await bench.AssertRestoresAsync(next, source.Contents);
    }

    [Fact]
    public async Task One_that_takes_longer_than_anybody_is_waited_for_fails_and_says_so()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource { IsResumable = true }.File("a", [1]).File("b", [2]);
        var order = new SnapshotOrder("docs_1", "docs");
        _ = await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None);
        _ = await bench.Repository.TakeSliceAsync(order, source, 0, 0, InSlices.Budget(0), null, None);
        bench.Clock.Advance(TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
        Assert.Contains("more than 3 days", (await Assert.ThrowsAsync<IOException>(() => bench.Repository.TakeSliceAsync(order, source, 0, 1, WorkBudget.Unlimited, null, None))).Message, StringComparison.Ordinal);
        Assert.Contains("more than 3 days", (await Assert.ThrowsAsync<IOException>(() => bench.Repository.FinishAsync(order, None))).Message, StringComparison.Ordinal);
    }

    private static async Task<(int Slices, int Open, int Repeated)> CompareAsync(Random random)
    {
        var bench = await RepositoryBench.CreateAsync();
        var order = random.Next(2) == 0 ? SourceOrder.ByFolder : SourceOrder.ByName;
        var source = Source(random, order);
        if (random.Next(2) == 0)
        {
            _ = await bench.TakeAsync(source);
            for (var change = random.Next(4); change > 0; change--)
            {
                _ = source.File(source.Contents.Keys.ElementAt(random.Next(source.Contents.Count)), RepositoryBench.Noise(Sizes[random.Next(Sizes.Length)], random.Next()));
            }
        }

        var sliced = new SnapshotOrder("docs_sliced", "docs") { PackSize = 3 * MiB };
        var outline = await bench.Repository.PlanAsync(sliced, source, new SliceSizing(random.Next(1, 5), 300 * KiB), InSlices.Budget(random.Next(2) == 0 ? 1000 : random.Next(20)), None);
        var parts = Enumerable.Range(0, outline.Parts).ToDictionary(static part => part, static _ => 0);
        var (slices, open, repeated) = (0, 0, 0);
        while (parts.Count > 0)
        {
            // The parts go on beside each other, in any order; each slice may be cut off before any of its writes, and is done again.
            var (part, number) = parts.ElementAt(random.Next(parts.Count));
            var budget = random.Next(8);
            if (random.Next(3) == 0)
            {
                var left = random.Next(0, 6);
                bench.Memory.Writing = _ =>
                {
                    if (left-- <= 0)
                    {
                        throw new IOException("It is gone.");
                    }
                };
                try
                {
                    _ = await bench.Repository.TakeSliceAsync(sliced, source, part, number, InSlices.Budget(budget), null, None);
                }
                catch (Exception error) when (error is IOException or RepositoryWriteException)
                {
                    repeated++;
                }

                bench.Memory.Writing = static _ => { };
            }

            var report = await bench.Repository.TakeSliceAsync(sliced, source, part, number, InSlices.Budget(budget), null, None);
            slices++;
            open += report is { IsLast: false, Files: 0 } ? 1 : 0;
            _ = report.IsLast ? parts.Remove(part) : parts[part]++ >= 0;
        }

        var one = await bench.Repository.FinishAsync(sliced, None);
        Assert.Empty(await NamesAsync(bench, "parts/"));
        Assert.Empty(await NamesAsync(bench, "sessions/"));
        var other = await bench.Repository.TakeAsync(new SnapshotOrder("docs_whole", "docs") { ReadEverything = true }, source, null, None);
        Assert.Equal(await EntriesAsync(bench, other), await EntriesAsync(bench, one));
        Assert.Equal((other.Statistics.Files, other.Statistics.Folders, other.Statistics.Links, other.Statistics.Bytes), (one.Statistics.Files, one.Statistics.Folders, one.Statistics.Links, one.Statistics.Bytes));
        Assert.Equal((other.Source, other.IsByName), (one.Source, one.IsByName));
        Assert.Empty(one.Problems);
        await bench.AssertRestoresAsync(one, source.Contents);
        Assert.True((await bench.VerifyAsync()).IsClean);
        return (slices, open, repeated);
    }

    private static MemorySource Source(Random random, IComparer<string> order)
    {
        var source = new MemorySource(order) { IsResumable = true };
        if (order == SourceOrder.ByFolder)
        {
            source.Root = new TreeEntry { Path = "", Kind = TreeEntryKind.Folder, Mode = 0x1ED };
        }

        for (var left = random.Next(1, 12); left > 0; left--)
        {
            _ = source.File($"{"abcd"[random.Next(4)]}{(random.Next(2) == 0 ? "/" : "!")}f{random.Next(40):00}", RepositoryBench.Noise(Sizes[random.Next(Sizes.Length)], random.Next(6)));
        }

        if (order == SourceOrder.ByFolder && random.Next(2) == 0)
        {
            _ = source.Link("z/link", TreeEntryKind.SymbolicLink, "../a").Link("z/other", TreeEntryKind.HardLink, source.Contents.Keys.First());
        }

        return source;
    }

    private static async Task<IReadOnlyList<string>> EntriesAsync(RepositoryBench bench, Snapshot snapshot) =>
        [.. await bench.Repository.EntriesAsync(snapshot, None).Select(static entry => $"{entry.Path} {entry.Kind} {entry.Length} {entry.Modified} {entry.Mode} {entry.Target} {entry.ChangeMark} {string.Join(',', entry.Chunks)}").ToListAsync()];

    private static async Task<IReadOnlyList<string>> NamesAsync(RepositoryBench bench, string prefix) =>
        [.. await bench.Store.ListAsync(prefix, None).Select(static item => item.Name).ToListAsync()];

    /// <summary>Names its files in another order than it says.</summary>
    private sealed class Disordered : ISnapshotSource
    {
        public IReadOnlyDictionary<string, byte[]> Contents { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["b"] = [1], ["a"] = [2], ["d"] = [3], ["c"] = [4] };

        public string Description => "disordered";

        public TreeEntry? Root => null;

        public IComparer<string> Order => SourceOrder.ByName;

        public bool IsResumable => true;

        public IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, CancellationToken cancellation) =>
            Contents.Select(static file => new TreeEntry { Path = file.Key, Kind = TreeEntryKind.File, Length = 1, Modified = 1, ChangeMark = 1 }).ToAsyncEnumerable();

        public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<Stream>(new MemoryStream(Contents[entry.Path]));

        public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<TreeEntry?>(entry);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
