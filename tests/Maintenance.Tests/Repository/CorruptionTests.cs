using Maintenance.Backups.Repository;
using Maintenance.Tests.EndToEnd;

namespace Maintenance.Tests.Repository;

/// <summary>Whatever happens to an object, verification finds it, says what is lost by it, and nothing else is.</summary>
public sealed class CorruptionTests
{
    private static readonly int Positions = Thoroughness.IsFull ? 52_000 : 2_600;

    public static TheoryData<string> Kinds => ["config", "keys/", "keys-spare/", "packs/", "index/", "snapshots/", "marks/unneeded/", "marks/damaged/"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_single_changed_byte_is_found_and_costs_what_it_touches(string kind)
    {
        var repository = await DamagedRepository.CreateAsync();
        var random = new Random(Thoroughness.IsFull ? Thoroughness.Seed : 1);
        var names = repository.Store.Below(kind);
        var hits = 0;
        foreach (var name in names)
        {
            foreach (var at in Sample(repository.Store[name].Length, (kind == "packs/" ? Positions / 2 : Positions / 14) / names.Count, random))
            {
                var store = repository.Store.Copy();
                var bytes = store[name].ToArray();
                var by = (byte)(random.Next(2) == 0 ? 1 << random.Next(8) : random.Next(1, 256));
                bytes[at] ^= by;
                store[name] = bytes;

                var (report, _) = await repository.ExamineAsync(store, $"{name} at {at} xor {by}");

                Assert.False(report.IsClean, $"{name} at {at} xor {by} was not found");
                hits++;
            }
        }

        Assert.InRange(hits, 96, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_object_cut_short_or_longer_than_it_was_is_found_and_costs_what_it_touches(string kind)
    {
        var repository = await DamagedRepository.CreateAsync();
        foreach (var name in repository.Store.Below(kind))
        {
            var whole = repository.Store[name];
            foreach (var length in new[] { 0, 1, 7, whole.Length / 2, whole.Length - 17, whole.Length - 16, whole.Length - 1, whole.Length + 1, whole.Length + 5000 })
            {
                var store = repository.Store.Copy();
                var changed = new byte[length];
                whole.AsSpan(0, Math.Min(length, whole.Length)).CopyTo(changed);
                store[name] = changed;

                var (report, lost) = await repository.ExamineAsync(store, $"{name} with {length} bytes of {whole.Length}");

                Assert.False(report.IsClean, $"{name} with {length} bytes of {whole.Length} was not found");
                Assert.True(length <= whole.Length || kind != "packs/" || lost.Count == 0, $"{name} with more bytes than it had lost something");
            }
        }
    }

    [Fact]
    public async Task Objects_that_changed_places_are_found()
    {
        var repository = await DamagedRepository.CreateAsync();
        foreach (var kind in new[] { "packs/", "index/", "snapshots/", "keys/" })
        {
            var names = repository.Store.Below(kind);
            var store = repository.Store.Copy();
            (store[names[0]], store[names[1]]) = (store[names[1]], store[names[0]]);

            var (report, lost) = await repository.ExamineAsync(store, $"two of {kind}");

            Assert.False(report.IsClean);
            Assert.Equal(kind is "packs/" or "snapshots/", lost.Count > 0);
        }

        var manifest = repository.Store.Copy();
        var snapshot = manifest.Below("snapshots/")[0];
        manifest[snapshot + "9"] = manifest[snapshot];
        var report9 = await (await RepositoryBench.OpenAsync(manifest)).VerifyAsync(new VerifyOrder(0), null, RepositoryBench.None);
        Assert.False(report9.IsClean);
    }

    [Fact]
    public async Task Each_object_may_be_missing_and_nothing_else_is_lost()
    {
        var repository = await DamagedRepository.CreateAsync();
        foreach (var name in repository.Store.Names)
        {
            var store = repository.Store.Copy();
            store.Remove(name);

            var (report, lost) = await repository.ExamineAsync(store, $"without {name}");

            if (name.StartsWith("packs/", StringComparison.Ordinal))
            {
                // One of them held the dropped snapshot's data alone.
                Assert.False(report.IsClean);
            }
            else
            {
                Assert.Empty(lost);
                Assert.Equal(name == "config" || name.StartsWith("keys", StringComparison.Ordinal), !report.IsClean);
            }
        }
    }

    [Fact]
    public async Task Every_index_may_be_missing_or_damaged_at_once_and_nothing_is_lost()
    {
        var repository = await DamagedRepository.CreateAsync();
        var without = repository.Store.Copy();
        var garbled = repository.Store.Copy();
        foreach (var name in without.Below("index/"))
        {
            without.Remove(name);
            garbled[name] = [1, 2, 3];
        }

        var (report, lost) = await repository.ExamineAsync(without, "no index");
        Assert.Empty(lost);
        Assert.True(report.IsClean);
        Assert.Contains("in no index", Assert.Single(report.Notes), StringComparison.Ordinal);

        (report, lost) = await repository.ExamineAsync(garbled, "no whole index");
        Assert.Empty(lost);
        Assert.False(report.IsClean);
    }

    [Fact]
    public async Task An_object_of_another_repository_is_found_and_costs_nothing()
    {
        var repository = await DamagedRepository.CreateAsync();
        var other = await DamagedRepository.CreateAsync();
        foreach (var kind in new[] { "packs/", "index/", "marks/unneeded/", "marks/damaged/", "keys/" })
        {
            var store = repository.Store.Copy();
            var name = other.Store.Below(kind)[0];
            store[name] = other.Store[name];

            var (report, lost) = await repository.ExamineAsync(store, $"with another's {name}");

            Assert.False(report.IsClean);
            Assert.Empty(lost);
        }

        var stranger = repository.Store.Copy();
        stranger["snapshots/docs/docs_999"] = other.Store[other.Store.Below("snapshots/")[0]];
        var found = await (await RepositoryBench.OpenAsync(stranger)).VerifyAsync(new VerifyOrder(0), null, RepositoryBench.None);
        Assert.Equal(["docs_999:everything"], found.Findings.SelectMany(static finding => finding.Paths));
    }

    [Fact]
    public async Task The_configuration_of_another_repository_or_another_version_is_no_reason_to_lose_anything()
    {
        var repository = await DamagedRepository.CreateAsync();
        var other = await DamagedRepository.CreateAsync();
        var store = repository.Store.Copy();
        store["config"] = other.Store["config"];

        var (report, lost) = await repository.ExamineAsync(store, "with another's configuration");

        Assert.Empty(lost);
        Assert.Contains(report.Findings, static finding => finding.Name == "config");
    }

    [Fact]
    public async Task A_changed_byte_in_a_restore_into_a_folder_costs_the_same()
    {
        var repository = await DamagedRepository.CreateAsync();
        var random = new Random(2);
        var packs = repository.Store.Below("packs/");
        for (var round = 0; round < 12; round++)
        {
            var store = repository.Store.Copy();
            var name = packs[random.Next(packs.Count)];
            var bytes = store[name].ToArray();
            bytes[random.Next(8, bytes.Length - 200)] ^= 0x40;
            store[name] = bytes;
            var (_, lost) = await repository.ExamineAsync(store, name);

            using var scratch = new Sources.SourceScratch();
            var opened = await RepositoryBench.OpenAsync(store);
            foreach (var id in repository.SnapshotIds)
            {
                var target = scratch.PathOf(id);
                var report = await opened.RestoreAsync((await opened.FindAsync(id, RepositoryBench.None))!, new RestoreOrder(target) { Workers = 3 }, null, RepositoryBench.None);

                var losses = report.Losses.Select(loss => $"{id}:{loss[..loss.IndexOf(": ", StringComparison.Ordinal)]}").Select(static loss => loss.Replace("the list of entries", "everything from there on", StringComparison.Ordinal));
                Assert.Equal(lost.Where(path => path.StartsWith(id, StringComparison.Ordinal)).Order(StringComparer.Ordinal), losses.Order(StringComparer.Ordinal));
                Assert.All(lost.Where(path => path.StartsWith(id, StringComparison.Ordinal)), path => Assert.False(File.Exists(Path.Combine(target, path[(id.Length + 1)..])), path));
            }
        }
    }

    [Fact]
    public async Task Another_name_of_a_lost_file_is_named_as_lost_too()
    {
        var bench = await RepositoryBench.CreateAsync();
        var snapshot = await bench.TakeAsync(new MemorySource().File("a", RepositoryBench.Noise(10_000)).Link("b", TreeEntryKind.HardLink, "a").File("c", RepositoryBench.Noise(300_000, 3)));
        var pack = Assert.Single(bench.Memory.Below("packs/"));
        var bytes = bench.Memory[pack];
        bytes[SegmentOf(bytes, bench, 10_000)] ^= 1;

        var report = await bench.VerifyAsync();

        Assert.Equal([$"{snapshot.Id}:a", $"{snapshot.Id}:b"], report.Findings.SelectMany(static finding => finding.Paths));
    }

    [Fact]
    public async Task A_file_is_named_once_however_often_it_needs_what_is_lost()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("zeros", new byte[20 * 1024 * 1024]).File("other", [1]);
        var snapshot = await bench.TakeAsync(source);
        bench.Memory.Remove(Assert.Single(bench.Memory.Below("packs/")));
        await bench.TakeAsync(new MemorySource(description: "else").File("x", [2]), "else");
        var report = await bench.VerifyAsync();
        Assert.All(report.Findings, finding => Assert.Equal(finding.Paths.Distinct(), finding.Paths));
        Assert.Contains(snapshot.Id, report.Damaged);
        Assert.DoesNotContain(report.Damaged, static id => id.StartsWith("else", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disk_that_gives_errors_for_a_pack_is_found_as_damage()
    {
        var repository = await DamagedRepository.CreateAsync();
        foreach (var name in repository.Store.Below("packs/"))
        {
            var store = repository.Store.Copy();
            store.Reading = read => _ = read == name ? throw new IOException("Input/output error") : 0;
            var opened = await RepositoryBench.OpenAsync(store);

            var report = await opened.VerifyAsync(new VerifyOrder(100), null, RepositoryBench.None);

            Assert.False(report.IsClean);
        }
    }

    /// <summary>Positions of an object: its ends densely, what is between at random.</summary>
    private static IEnumerable<int> Sample(int length, int count, Random random)
    {
        if (length <= count)
        {
            return Enumerable.Range(0, length);
        }

        var ends = Math.Min(24, count / 4);
        return Enumerable.Range(0, ends).Concat(Enumerable.Range(length - ends, ends)).Concat(Enumerable.Range(0, count - (2 * ends)).Select(_ => random.Next(length))).Distinct();
    }

    /// <summary>Where the segment that holds the first so many bytes begins: noise of one file lies before or after the others, so both are tried.</summary>
    private static int SegmentOf(byte[] pack, RepositoryBench bench, int length)
    {
        var keys = KeyRing.OpenAsync(bench.Store, new FixedKeyProtector(), bench.Clock, create: false, RepositoryBench.None).GetAwaiter().GetResult().Keys;
        var id = PackId.OfObject(bench.Memory.Below("packs/")[0])!.Value;
        var contents = SegmentReader.ReadDirectoryAsync(bench.Store, keys, id, pack.Length, RepositoryBench.None).GetAwaiter().GetResult();
        return (int)contents.Segments.First(segment => segment.Chunks.Any(chunk => chunk.Length == length)).Offset;
    }
}
