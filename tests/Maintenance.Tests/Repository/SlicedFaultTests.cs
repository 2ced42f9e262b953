using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Tests.EndToEnd;

namespace Maintenance.Tests.Repository;

/// <summary>What goes wrong between pieces: a source that changes, a way that is long, a beginning that cannot be read again.</summary>
public sealed class SlicedFaultTests
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    private static readonly int Cases = Thoroughness.IsFull ? 1000 : 40;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task What_says_how_a_file_is_restored_is_of_the_same_state_of_it_whatever_changes_between_slices()
    {
        var within = 0;
        for (var i = 0; i < Cases; i++)
        {
            var seed = unchecked(Thoroughness.Seed + i);
            var random = new Random(seed);
            var bench = await RepositoryBench.CreateAsync();
            var source = new MemorySource(SourceOrder.ByName) { IsResumable = true, Preluding = static path => path.EndsWith("-p", StringComparison.Ordinal) };
            for (var left = random.Next(1, 6); left > 0; left--)
            {
                Change(source, random);
            }

            var order = new SnapshotOrder("docs_1", "docs");
            var outline = await bench.Repository.PlanAsync(order, source, new SliceSizing(random.Next(1, 4), 100 * KiB), WorkBudget.Unlimited, None);
            for (var part = 0; part < outline.Parts; part++)
            {
                SliceReport report;
                for (var number = 0; !(report = await bench.Repository.TakeSliceAsync(order, source, part, number, InSlices.Budget(random.Next(4)), null, None)).IsLast; number++)
                {
                    within += report.Files == 0 ? 1 : 0;
                    Change(source, random);
                }

                Change(source, random);
            }

            var snapshot = await bench.Repository.FinishAsync(order, None);
            var (target, restored) = await bench.RestoreAsync(snapshot);
            Assert.Empty(restored.Losses);
            Assert.Empty(snapshot.Problems);
            Assert.Equal(target.Contents.Count, snapshot.Statistics.Files);
            foreach (var (path, content) in target.Contents)
            {
                var isPrelude = path.EndsWith("-p", StringComparison.Ordinal);
                var other = isPrelude ? path[..^2] + ".b" : path[..^2] + "-p";
                var state = content[0];
                Assert.True(
                    target.Contents.TryGetValue(other, out var with) ? with[0] == state : !isPrelude && state % 2 == 0,
                    $"MAINTENANCE_SEED={seed}: {path} is state {state}, {other} is {(with is null ? "not there" : $"state {with[0]}")}.");
            }
        }

        Assert.True(within > Cases / 4, $"Only {within} slices ended within a file.");
    }

    [Fact]
    public async Task A_piece_has_its_time_from_where_the_last_one_ended_however_long_the_way_there_was()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource(SourceOrder.ByName) { IsResumable = true };
        for (var i = 0; i < 40; i++)
        {
            _ = source.File($"f{i:00}", RepositoryBench.Noise(300 * KiB, i));
        }

        // A long file comes first, too: what is left of the time decides how much of it is taken.
        _ = source.File("a", RepositoryBench.Noise(6 * MiB, 77));
        var order = new SnapshotOrder("docs_1", "docs") { PackSize = 300 * KiB };
        _ = await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None);
        Assert.True((await bench.Repository.TakeSliceAsync(order, source, 0, 0, Spent(), null, None)).IsLast);
        var snapshot = await bench.Repository.FinishAsync(order, None);

        Assert.Null((await bench.Repository.VerifyAsync(new VerifyOrder(100) { Budget = Spent() }, null, None)).Next);
        Assert.False((await bench.Repository.CopyAsync(new MemoryObjectStore(), Spent(), null, None)).IsUnfinished);
        var (report, next) = await bench.Repository.RestoreAsync(snapshot, new Place(), [], PlacePiece.All with { Budget = Spent() }, null, None);
        Assert.Equal((41L, null), (report.Files, next));
        var scratch = Path.Join(Path.GetTempPath(), $"proof-{Guid.NewGuid():n}");
        var (differences, end) = await bench.Repository.ProveAsync(snapshot, new RestoreOrder(scratch), ProofCursor.Start, null, MiB, Spent(), null, None);
        Assert.Empty(differences);
        Assert.Null(end);
    }

    [Fact]
    public async Task A_restore_that_goes_on_within_a_file_and_cannot_read_how_to_write_it_loses_that_and_goes_on()
    {
        var (bench, snapshot) = await TakeAsync();
        var place = new Place();
        var first = new PlacePiece(RestoreCursor.Start, null, "restore_1", InSlices.Budget(0)) { LongFile = MiB };
        RestoreCursor? next = RestoreCursor.Start;
        while (next is { Offset: 0 })
        {
            (_, next) = await bench.Repository.RestoreAsync(snapshot, place, [], first with { From = next }, null, None);
        }

        Assert.NotNull(next);
        place.Refused = "m-p";
        var (report, end) = await bench.Repository.RestoreAsync(snapshot, place, [], first with { From = next, Budget = WorkBudget.Unlimited }, null, None);
        Assert.Null(end);
        Assert.Equal("m-p: It is refused.", Assert.Single(report.Losses));
        Assert.Equal(["a.b", "m.b", "z.b"], place.Written.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Who_asks_for_a_file_gets_what_says_how_it_is_restored(int looks)
    {
        var (bench, snapshot) = await TakeAsync();
        var place = new Place();
        for (RestoreCursor? next = RestoreCursor.Start; next is not null;)
        {
            var piece = new PlacePiece(next, null, "restore_1", InSlices.Budget(looks)) { LongFile = MiB };
            (var report, next) = await bench.Repository.RestoreAsync(snapshot, place, ["m.b"], piece, null, None);
            Assert.Empty(report.Losses);
        }

        Assert.Equal(("m.b", "m-p"), (Assert.Single(place.Written).Key, place.Written["m.b"]));
    }

    [Fact]
    public async Task A_source_that_breaks_its_order_late_is_read_at_one_go()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new Disordered();
        var order = new SnapshotOrder("docs_1", "docs");
        var outline = await bench.Repository.PlanAsync(order, source, new SliceSizing(4, 1), InSlices.Budget(3), None);
        Assert.Equal(1, outline.Parts);
        Assert.True((await bench.Repository.TakeSliceAsync(order, source, 0, 0, InSlices.Budget(0), null, None)).IsLast);
        Assert.Equal(20, (await bench.Repository.FinishAsync(order, None)).Statistics.Files);
    }

    [Fact]
    public async Task A_slice_of_a_plan_that_was_given_up_is_none_of_the_next_plans_of_the_same_snapshot()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource { IsResumable = true }.File("a", [1]).File("b", [2]);
        var order = new SnapshotOrder("docs_1", "docs");
        _ = await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None);
        Assert.True((await bench.Repository.TakeSliceAsync(order, source, 0, 0, WorkBudget.Unlimited, null, None)).IsLast);
        var slice = Assert.Single(bench.Memory.Below("parts/"), static name => !name.EndsWith("/plan", StringComparison.Ordinal));
        var bytes = bench.Memory[slice];
        await bench.Repository.AbandonAsync(order, None);

        // Its worker had been taken for dead, and puts it only now.
        bench.Memory[slice] = bytes;
        _ = source.File("0", [3]).File("b", [4, 4]);
        _ = await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None);
        Assert.True((await bench.Repository.TakeSliceAsync(order, source, 0, 0, WorkBudget.Unlimited, null, None)).IsLast);
        await bench.AssertRestoresAsync(await bench.Repository.FinishAsync(order, None), source.Contents);
        Assert.Empty(bench.Memory.Below("parts/"));
    }

    [Fact]
    public async Task Nobody_makes_a_snapshot_of_slices_whose_session_has_gone()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource { IsResumable = true }.File("a", [1]);
        var order = new SnapshotOrder("docs_1", "docs");
        _ = await bench.Repository.PlanAsync(order, source, SliceSizing.One, WorkBudget.Unlimited, None);
        _ = await bench.Repository.TakeSliceAsync(order, source, 0, 0, WorkBudget.Unlimited, null, None);
        Assert.True(await bench.Store.DeleteAsync(Assert.Single(bench.Memory.Below("sessions/")), None));
        Assert.Contains("given up", (await Assert.ThrowsAsync<IOException>(() => bench.Repository.FinishAsync(order, None))).Message, StringComparison.Ordinal);
        Assert.Empty(bench.Memory.Below("snapshots/"));
    }

    private static async Task<(RepositoryBench Bench, Snapshot Snapshot)> TakeAsync()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource(SourceOrder.ByName).File("a.b", [1]).File("m-p", [2]).File("m.b", RepositoryBench.Noise(3 * MiB)).File("z.b", [3]);
        return (bench, await bench.TakeAsync(source));
    }

    /// <summary>A file of another state, and what belongs to it, where that state has any.</summary>
    private static void Change(MemorySource source, Random random)
    {
        var name = $"f{random.Next(5)}";
        var state = (byte)random.Next(256);
        var content = RepositoryBench.Noise(random.Next(3) switch { 0 => 10, 1 => 5000, _ => 5 * MiB }, random.Next());
        content[0] = state;
        _ = source.File(name + ".b", content);
        if (state % 2 == 1)
        {
            _ = source.File(name + "-p", [state]);
        }
        else if (source.Paths.Contains(name + "-p"))
        {
            source.Remove(name + "-p");
        }
    }

    /// <summary>A budget of which nothing was left when the work began.</summary>
    private static WorkBudget Spent()
    {
        var clock = new Standing();
        var budget = WorkBudget.Begin(clock, TimeSpan.FromMinutes(8));
        clock.Now += TimeSpan.TicksPerHour;
        return budget;
    }

    private sealed class Standing : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }

    /// <summary>Twenty files, of which the last two come in the wrong order.</summary>
    private sealed class Disordered : ISnapshotSource
    {
        public string Description => "disordered";

        public TreeEntry? Root => null;

        public IComparer<string> Order => SourceOrder.ByName;

        public bool IsResumable => true;

        public IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, CancellationToken cancellation) =>
            Enumerable.Range(0, 18).Append(19).Append(18).Select(static i => new TreeEntry { Path = $"f{i:00}", Kind = TreeEntryKind.File, Length = 1, Modified = 1, ChangeMark = 1 }).ToAsyncEnumerable();

        public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<Stream>(new MemoryStream([7]));

        public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<TreeEntry?>(entry);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Notes what is written, and with what.</summary>
    private sealed class Place : ISnapshotTarget
    {
        private string? _prelude;

        public string Description => "a place";

        public bool IsResumable => true;

        /// <summary>The path that cannot be written, or null.</summary>
        public string? Refused { get; set; }

        /// <summary>The files, each with what said how to write it.</summary>
        public Dictionary<string, string?> Written { get; } = new(StringComparer.Ordinal);

        public bool IsPrelude(TreeEntry entry) => entry.Path.EndsWith("-p", StringComparison.Ordinal);

        public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task WriteAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
        {
            if (entry.Path == Refused)
            {
                throw new IOException("It is refused.");
            }

            if (IsPrelude(entry))
            {
                _prelude = entry.Path;
            }
            else
            {
                Written.Add(entry.Path, _prelude);
                _prelude = null;
            }

            return Task.CompletedTask;
        }

        public async Task<long> WritePieceAsync(TreeEntry entry, Stream content, long offset, string operation, WorkBudget budget, CancellationToken cancellation)
        {
            if (budget.IsSpent && offset + MiB < entry.Length)
            {
                _prelude = null;
                return offset + MiB;
            }

            await WriteAsync(entry, content, cancellation);
            return entry.Length;
        }

        public Task CompleteAsync(CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
