using System.Runtime.Versioning;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Tests.EndToEnd;
using Maintenance.Tests.Sources;

namespace Maintenance.Tests.Repository;

/// <summary>Proofs, restores, verifications and copies that are done piece by piece come to what one go does.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SlicedWorkTests : IDisposable
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    private static readonly int Cases = Thoroughness.IsFull ? 400 : 25;

    private readonly SourceScratch _scratch = new();

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_wild_tree_is_proven_batch_by_batch_in_parts_and_slices_of_any_size()
    {
        var slices = 0;
        for (var i = 0; i < Cases; i++)
        {
            var seed = unchecked(Thoroughness.Seed + i);
            var random = new Random(seed);
            var bench = await RepositoryBench.CreateAsync();
            await using var source = new FolderSource(new WildTree(_scratch, _scratch.PathOf($"tree-{i}"), seed).Plant().Root, [], false);
            var snapshot = await bench.TakeAsync(source);
            var (differences, count) = await ProveAsync(bench, snapshot, random, random.Next(1, 4), random.Next(2) == 0 ? 1000 : 3 * MiB);
            Assert.True(differences.Count == 0, $"MAINTENANCE_SEED={seed}: {string.Join('\n', differences)}");
            Assert.False(Directory.Exists(_scratch.PathOf("proof")));
            slices += count;
        }

        Assert.True(slices > Cases, $"Only {slices} slices.");
    }

    [Fact]
    public async Task Damage_is_found_by_the_slice_that_meets_it_and_costs_only_what_it_touches()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource { IsResumable = true };
        for (var i = 0; i < 20; i++)
        {
            _ = source.File($"f{i:00}", RepositoryBench.Noise(300 * KiB, i));
        }

        _ = source.File("huge", RepositoryBench.Noise(9 * MiB, 77));
        var snapshot = await bench.TakeAsync(source, how: static order => order with { PackSize = 1 });
        Assert.Empty((await ProveAsync(bench, snapshot, new Random(1), 3, MiB)).Differences);
        var found = new List<string>();
        foreach (var pack in bench.Memory.Below("packs/"))
        {
            var damaged = await bench.OverAsync(bench.Memory.Copy());
            var bytes = damaged.Memory[pack] = [.. damaged.Memory[pack]];
            bytes[Math.Min(700 * KiB, bytes.Length / 2)] ^= 1;
            var at = (await ProveAsync(damaged, snapshot, new Random(1), 3, MiB)).Differences;

            // What is lost is what a verification says that the segment's loss costs, and nothing else; without the list nobody can say.
            found.AddRange(at);
            if (!at.Any(static difference => difference.StartsWith("the list of entries", StringComparison.Ordinal)))
            {
                var lost = (await damaged.VerifyAsync()).Findings.SelectMany(static finding => finding.Paths).Select(static path => path[(path.IndexOf(':', StringComparison.Ordinal) + 1)..]);
                Assert.Equal(lost.Distinct().Order(StringComparer.Ordinal), at.Select(static difference => difference.Split(':')[0]).Distinct().Order(StringComparer.Ordinal));
            }
        }

        // Each segment had a pack of its own: those of small files, of the long one, and of the list itself.
        Assert.Contains(found, static difference => difference.StartsWith("f0", StringComparison.Ordinal));
        Assert.Contains(found, static difference => difference.StartsWith("huge", StringComparison.Ordinal));
        Assert.Contains(found, static difference => difference.StartsWith("the list of entries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_of_a_file_that_the_snapshot_does_not_have_is_a_difference_in_whatever_batch_it_comes()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource { IsResumable = true }
            .File("a", RepositoryBench.Noise(90_000)).Link("b", TreeEntryKind.HardLink, "a").File("c", RepositoryBench.Noise(90_000, 2)).Link("d", TreeEntryKind.HardLink, "a").Link("e", TreeEntryKind.HardLink, "gone");
        var snapshot = await bench.TakeAsync(source);
        foreach (var batch in new[] { 1000, 100_000, 200_000 })
        {
            var (differences, _) = await ProveAsync(bench, snapshot, new Random(1), 1, batch);
            Assert.All(differences, static difference => Assert.StartsWith("e: ", difference, StringComparison.Ordinal));
            Assert.NotEmpty(differences);
        }
    }

    [Fact]
    public async Task A_restore_goes_on_in_another_process_and_what_is_there_is_not_taken_for_somebody_elses()
    {
        for (var i = 0; i < Cases; i++)
        {
            var seed = unchecked(Thoroughness.Seed + i);
            var random = new Random(seed);
            var bench = await RepositoryBench.CreateAsync();
            var source = new MemorySource(SourceOrder.ByName) { IsResumable = true };
            for (var left = random.Next(1, 12); left > 0; left--)
            {
                _ = source.File($"f{random.Next(20):00}", RepositoryBench.Noise(random.Next(3) == 0 ? MiB : random.Next(90_000), random.Next(5)));
            }

            // Longer than a piece, so that a slice ends within it.
            _ = source.File("g", RepositoryBench.Noise(3 * MiB, 9)).File("gz-of-h", [7]).File("h", RepositoryBench.Noise((2 * MiB) + 5, 8));
            var snapshot = await bench.TakeAsync(source);
            var container = new PlaceInMemory();
            var cuts = await bench.Repository.CutsAsync(snapshot, new SliceSizing(random.Next(1, 4), MiB), container.IsPrelude, None);
            List<long> starts = [0, .. cuts];
            var files = 0L;
            for (var part = 0; part < starts.Count; part++)
            {
                long? until = part + 1 < starts.Count ? starts[part + 1] : null;
                for (RestoreCursor? from = new(starts[part]); from is not null;)
                {
                    var piece = new PlacePiece(from, until, "restore_1", InSlices.Budget(random.Next(6))) { LongFile = MiB };
                    if (random.Next(4) == 0)
                    {
                        // Done, and nobody lived to say so: the same slice comes again.
                        _ = await bench.Repository.RestoreAsync(snapshot, container.Anew(), [], piece with { Budget = InSlices.Budget(random.Next(6)) }, null, None);
                    }

                    var (report, next) = await bench.Repository.RestoreAsync(snapshot, container.Anew(), [], piece, null, None);
                    Assert.True(report.LossCount == 0, $"MAINTENANCE_SEED={seed}: {string.Join('\n', report.Losses)}");
                    (files, from) = (files + report.Files, next);
                }
            }

            Assert.Equal(source.Contents.Count, files);
            Assert.Equal(source.Contents.Keys.Order(StringComparer.Ordinal), container.Contents.Keys.Order(StringComparer.Ordinal));
            Assert.All(source.Contents, file => Assert.True(file.Value.AsSpan().SequenceEqual(container.Contents[file.Key]), $"MAINTENANCE_SEED={seed}: {file.Key}"));
            Assert.Equal([7], container.PropertiesOf["h"]);
        }
    }

    [Fact]
    public async Task What_somebody_else_has_put_there_is_left_and_counted_as_lost()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource(SourceOrder.ByName) { IsResumable = true }.File("a", [1, 2]).File("b", [3, 4]).File("c", [5]);
        var snapshot = await bench.TakeAsync(source);
        var container = new PlaceInMemory();
        container.Contents["a"] = [1, 2];
        container.Contents["b"] = [3, 5];
        var (report, _) = await bench.Repository.RestoreAsync(snapshot, container, [], PlacePiece.All, null, None);
        Assert.Equal((2, 1), (report.Files, report.LossCount));
        Assert.StartsWith("b: ", Assert.Single(report.Losses), StringComparison.Ordinal);
        Assert.Equal([3, 5], container.Contents["b"]);
    }

    [Fact]
    public async Task A_verification_in_pieces_reads_every_pack_once_and_finds_what_one_go_finds()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        for (var i = 0; i < 60; i++)
        {
            _ = source.File($"f{i:00}", RepositoryBench.Noise(300 * KiB, i));
        }

        _ = await bench.TakeAsync(source, how: static order => order with { PackSize = 300 * KiB });
        var packs = bench.Memory.Below("packs/");
        bench.Memory[packs[3]][1000] ^= 1;
        bench.Memory[packs[^3]][1000] ^= 1;
        var whole = await (await bench.OverAsync(bench.Memory.Copy())).VerifyAsync();
        Assert.Equal(2, whole.Findings.Count);
        string? last = null;
        List<string> marked = [];
        long read = 0;
        var pieces = 0;
        for (VerifyReport? report = null; report is null || report.Next is not null; pieces++)
        {
            report = await bench.Repository.VerifyAsync(new VerifyOrder(100) { After = last, Marked = marked, Budget = InSlices.Budget(0) }, null, None);
            (last, read) = (report.Next, read + report.PacksRead);
            marked.AddRange(report.Marked);
            if (report.Next is null)
            {
                Assert.Equal(whole.Findings.Select(static finding => (finding.Name, finding.PathCount)), report.Findings.Select(static finding => (finding.Name, finding.PathCount)));
                Assert.Equal(whole.Damaged, report.Damaged);
                Assert.Equal(whole.Snapshots, report.Snapshots);
            }
        }

        Assert.Equal(packs.Count, read);
        Assert.True(pieces > 2, $"{pieces} pieces of {packs.Count} packs.");
    }

    [Fact]
    public async Task Damage_that_was_brought_back_since_is_none_any_more_in_pieces_or_at_one_go()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        for (var i = 0; i < 40; i++)
        {
            _ = source.File($"f{i:00}", RepositoryBench.Noise(300 * KiB, i));
        }

        _ = await bench.TakeAsync(source, how: static order => order with { PackSize = 300 * KiB });
        var packs = bench.Memory.Below("packs/");
        var healed = bench.Memory[packs[2]];
        bench.Memory[packs[2]] = [.. healed];
        bench.Memory[packs[2]][1000] ^= 1;
        bench.Memory[packs[^2]] = [.. bench.Memory[packs[^2]]];
        bench.Memory[packs[^2]][1000] ^= 1;
        Assert.Equal(2, (await bench.VerifyAsync()).Findings.Count);
        bench.Memory[packs[2]] = healed;

        var pieces = 0;
        VerifiedPieces? before = null;
        for (VerifyReport? report = null; report is null || report.Next is not null; pieces++)
        {
            report = (await bench.Repository.VerifyAsync(new VerifyOrder(100) { After = before?.Last, Marked = before?.Marked ?? [], Budget = InSlices.Budget(0) }, null, None)).With(before);
            before = new VerifiedPieces(report.Next ?? "", report.PacksRead, report.BytesRead, report.Chunks) { Marked = report.Marked };
            if (report.Next is null)
            {
                // What is still damaged was found by a piece of this one.
                Assert.StartsWith(packs[^2], Assert.Single(report.Findings).Name, StringComparison.Ordinal);
                Assert.Equal(packs.Count, report.PacksRead);
            }
        }

        Assert.True(pieces > 1, $"{pieces} pieces.");
    }

    [Fact]
    public async Task A_copying_in_pieces_takes_everything_once_and_lists_a_snapshot_only_once_it_is_whole()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        for (var i = 0; i < 12; i++)
        {
            _ = source.File($"f{i:00}", RepositoryBench.Noise(300 * KiB, i));
        }

        var snapshot = await bench.TakeAsync(source, how: static order => order with { PackSize = 300 * KiB });
        var copy = new MemoryObjectStore();
        long objects = 0;
        var pieces = 0;
        for (var isUnfinished = true; isUnfinished; pieces++)
        {
            var report = await bench.Repository.CopyAsync(copy, InSlices.Budget(0), null, None);
            Assert.Empty(report.Problems);
            (isUnfinished, objects) = (report.IsUnfinished, objects + report.Objects);
            Assert.Equal(isUnfinished ? 0 : 1, copy.Below("snapshots/").Count);
        }

        Assert.True(pieces > 5, $"{pieces} pieces.");
        Assert.Equal(copy.Names.Count, objects);
        var there = await bench.OverAsync(copy);
        await there.AssertRestoresAsync(snapshot, source.Contents);
        Assert.True((await there.VerifyAsync()).IsClean);
    }

    private async Task<(IReadOnlyList<string> Differences, int Slices)> ProveAsync(RepositoryBench bench, Snapshot snapshot, Random random, int parts, long batchBytes)
    {
        List<long> starts = [0, .. await bench.Repository.CutsAsync(snapshot, new SliceSizing(parts, 1), static _ => false, None)];
        var differences = new List<string>();
        var slices = 0;
        for (var part = 0; part < starts.Count; part++)
        {
            long? until = part + 1 < starts.Count ? starts[part + 1] : null;
            for (ProofCursor? from = new(starts[part]); from is not null; slices++)
            {
                var (found, next) = await bench.Repository.ProveAsync(snapshot, new RestoreOrder(_scratch.PathOf("proof")), from, until, batchBytes, InSlices.Budget(random.Next(3)), null, None);
                differences.AddRange(found);
                from = next;
            }
        }

        return (differences, slices);
    }

    /// <summary>A place as a container is one: nothing is overwritten, a long file appears once its last block is there, properties come before what they belong to.</summary>
    private sealed class PlaceInMemory : ISnapshotTarget
    {
        private const string Mark = "gz-of-";
        private const int Block = 300 * KiB;

        private Dictionary<string, List<byte[]>> _blocks = new(StringComparer.Ordinal);
        private (string Name, byte[] Properties)? _next;

        public string Description => "a place in memory";

        public bool IsResumable => true;

        public Dictionary<string, byte[]> Contents { get; private init; } = new(StringComparer.Ordinal);

        public Dictionary<string, byte[]> PropertiesOf { get; private init; } = new(StringComparer.Ordinal);

        /// <summary>The same place, as another process opens it.</summary>
        public PlaceInMemory Anew() => new() { Contents = Contents, PropertiesOf = PropertiesOf, _blocks = _blocks };

        public bool IsPrelude(TreeEntry entry) => entry.Path.StartsWith(Mark, StringComparison.Ordinal);

        public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

        public async Task WriteAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
        {
            using var whole = new MemoryStream();
            await content.CopyToAsync(whole, cancellation);
            if (IsPrelude(entry))
            {
                _next = (entry.Path[Mark.Length..], whole.ToArray());
                Contents[entry.Path] = whole.ToArray();
                return;
            }

            Appear(entry.Path, whole.ToArray());
        }

        public async Task<long> WritePieceAsync(TreeEntry entry, Stream content, long offset, string operation, WorkBudget budget, CancellationToken cancellation)
        {
            var key = $"{operation} {entry.Path}";
            if (offset == 0)
            {
                _blocks[key] = [];
            }

            Assert.Equal(0, offset % Block);
            var blocks = _blocks[key];
            blocks.RemoveRange((int)(offset / Block), blocks.Count - (int)(offset / Block));
            var block = new byte[Block];
            for (var count = Block; count == Block;)
            {
                count = await content.ReadAtLeastAsync(block, Block, throwOnEndOfStream: false, cancellation);
                blocks.Add(block[..count]);
                if (count == Block && budget.IsSpent)
                {
                    return (long)blocks.Count * Block;
                }
            }

            Appear(entry.Path, [.. blocks.SelectMany(static bytes => bytes)]);
            return entry.Length;
        }

        public async Task<bool> IsThereAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
        {
            using var whole = new MemoryStream();
            await content.CopyToAsync(whole, cancellation);
            return whole.ToArray().AsSpan().SequenceEqual(Contents[entry.Path]);
        }

        public Task CompleteAsync(CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Appear(string name, byte[] content)
        {
            if (!Contents.TryAdd(name, content))
            {
                throw new EntryTakenException("It is there.");
            }

            if (_next is { } next && next.Name == name)
            {
                PropertiesOf[name] = next.Properties;
            }
        }
    }
}
