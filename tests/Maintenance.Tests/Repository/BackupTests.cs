using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;

namespace Maintenance.Tests.Repository;

/// <summary>What a backup reads and stores, of sources that keep still and of those that do not.</summary>
public sealed class BackupTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task A_byte_inserted_into_a_large_file_costs_a_few_chunks()
    {
        var bench = await RepositoryBench.CreateAsync();
        var content = RepositoryBench.Noise(32 * MiB);
        await bench.TakeAsync(new MemorySource().File("large", content));

        byte[] longer = [.. content.AsSpan(0, 16 * MiB), 42, .. content.AsSpan(16 * MiB)];
        var changed = new MemorySource().File("other", [1]).File("large", content).File("large", longer);
        var snapshot = await bench.TakeAsync(changed);

        Assert.Equal(longer.Length + 1, snapshot.Statistics.ReadBytes);
        Assert.InRange(snapshot.Statistics.NewBytes, 1, 4 * 2 * MiB);
        await bench.AssertRestoresAsync(snapshot, changed.Contents);
    }

    [Fact]
    public async Task Equal_files_are_stored_once_whatever_their_names()
    {
        var bench = await RepositoryBench.CreateAsync();
        var (large, small) = (RepositoryBench.Noise(3 * MiB), RepositoryBench.Noise(5000, 2));
        var source = new MemorySource();
        for (var i = 0; i < 5; i++)
        {
            source.File($"{i}/large", large).File($"{i}/small", small);
        }

        var snapshot = await bench.TakeAsync(source);

        Assert.Equal(5 * (large.Length + small.Length), snapshot.Statistics.Bytes);
        Assert.InRange(snapshot.Statistics.NewBytes, large.Length + small.Length, large.Length + small.Length + 5000);
        await bench.AssertRestoresAsync(snapshot, source.Contents);
    }

    [Fact]
    public async Task Only_what_shows_a_change_is_read_again()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", [1]).File("b/c", [2]).File("b-", [3]).File("d", []);
        await bench.TakeAsync(source);
        source.Opened.Clear();

        await bench.TakeAsync(source.File("b/c", [4]).File("b/new", [5]));

        Assert.Equal(["b/c", "b/new"], source.Opened);
        source.Opened.Clear();
        await bench.TakeAsync(source, how: static order => order with { ReadEverything = true });
        Assert.Equal(["a", "b/c", "b/new", "b-"], source.Opened);
        source.Opened.Clear();
        await bench.TakeAsync(new MemorySource(description: "another folder").File("a", [1]));
        Assert.Empty(source.Opened);
    }

    [Fact]
    public async Task A_source_in_the_order_of_names_is_walked_beside_its_predecessor_and_restores()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource(SourceOrder.ByName).File("a/b", [1]).File("a-b", [2]).File("a/c/d", [3]).File("a.b", [4]).File("\U0001F4BE", [5]).File("\uFFFD", [6]);
        var first = await bench.TakeAsync(source);
        source.Opened.Clear();

        var second = await bench.TakeAsync(source.File("a.b", [7, 7]));

        Assert.True(first.IsByName);
        Assert.Equal(["a.b"], source.Opened);
        await bench.AssertRestoresAsync(second, source.Contents);
        var differences = new List<SnapshotDifference>();
        await foreach (var difference in bench.Repository.DiffAsync(first, second, RepositoryBench.None))
        {
            differences.Add(difference);
        }

        Assert.Equal([new SnapshotDifference("a.b", DifferenceKind.Changed, 1, 2)], differences);
    }

    [Fact]
    public async Task A_source_that_breaks_its_own_order_is_read_in_full_and_restores()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource(Comparer<string>.Create(static (a, b) => string.CompareOrdinal(b, a))).File("a", [1]).File("b", [2]).File("c", [3]);
        var lying = new Reordered(source);
        await bench.TakeAsync(lying);

        await bench.AssertRestoresAsync(await bench.TakeAsync(lying), source.Contents);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData(2 * MiB)]
    [InlineData((5 * MiB) + 1)]
    public async Task A_file_of_unknown_length_is_read_to_its_end(int length)
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(length), length: -1).File("b", [1]);

        var snapshot = await bench.TakeAsync(source);

        Assert.Equal((length + 1, 0), (snapshot.Statistics.Bytes, snapshot.Statistics.Problems));
        await bench.AssertRestoresAsync(snapshot, source.Contents);
        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_is_read_again_until_it_holds_still()
    {
        var bench = await RepositoryBench.CreateAsync();
        var versions = new Queue<byte[]>([RepositoryBench.Noise(3 * MiB, 2), RepositoryBench.Noise(MiB, 3)]);
        var source = new MemorySource().File("a", RepositoryBench.Noise(2 * MiB)).File("b", [1]);
        source.Looking = entry =>
        {
            if (entry.Path == "a" && versions.TryDequeue(out var next))
            {
                source.File("a", next);
                return entry with { Length = next.Length, Modified = entry.Modified + 1, ChangeMark = entry.ChangeMark + 1 };
            }

            return entry;
        };

        var snapshot = await bench.TakeAsync(source);

        Assert.Equal(0, snapshot.Statistics.Problems);
        Assert.Equal(["a", "a", "a", "b"], source.Opened);
        await bench.AssertRestoresAsync(snapshot, source.Contents);
    }

    [Theory]
    [InlineData("changes")]
    [InlineData("grows")]
    [InlineData("shrinks")]
    [InlineData("vanishes")]
    [InlineData("fails")]
    [InlineData("is locked")]
    public async Task A_file_that_never_holds_still_is_a_problem_and_costs_no_other_file(string what)
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", [1]).File("m", RepositoryBench.Noise(3 * MiB)).File("z", RepositoryBench.Noise(3 * MiB, 2));
        source.Looking = entry => entry.Path != "m" ? entry : what switch
        {
            "vanishes" => null,
            "changes" => entry with { ChangeMark = entry.ChangeMark + 1 },
            "grows" => entry with { Length = entry.Length + 1000 },
            _ => entry with { Length = entry.Length / 2 },
        };
        source.Opening = entry => entry.Path != "m" ? null : what switch
        {
            "fails" => new FailingStream(source["m"], 2 * MiB),
            "is locked" => throw new UnauthorizedAccessException("locked"),
            _ => null,
        };

        var snapshot = await bench.TakeAsync(source);

        Assert.Equal(1, snapshot.Statistics.Problems);
        Assert.StartsWith("m: ", Assert.Single(snapshot.Problems), StringComparison.Ordinal);
        var (target, report) = await bench.RestoreAsync(snapshot);
        Assert.Empty(report.Losses);
        Assert.Equal(source["a"], target.Contents["a"]);
        Assert.Equal(source["z"], target.Contents["z"]);
        Assert.Equal(what is not ("fails" or "is locked"), target.Contents.ContainsKey("m"));
        var verified = await bench.VerifyAsync();
        Assert.True(verified.IsClean, string.Join('\n', verified.Findings));
    }

    [Fact]
    public async Task A_file_that_is_shorter_than_it_says_is_stored_with_the_length_that_it_has()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(1000), length: 5000).File("b", RepositoryBench.Noise(5000), length: 1000);

        var snapshot = await bench.TakeAsync(source);

        Assert.Equal(2, snapshot.Statistics.Problems);
        var (target, report) = await bench.RestoreAsync(snapshot);
        Assert.Empty(report.Losses);
        Assert.Equal(source["a"], target.Contents["a"]);
        Assert.Equal(target.Contents["b"], source["b"].Take(target.Contents["b"].Length));
        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task A_source_that_fails_in_the_middle_leaves_no_snapshot_and_what_was_stored_is_used()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        for (var i = 0; i < 40; i++)
        {
            source.File($"{i:D2}", RepositoryBench.Noise(MiB, i));
        }

        source.Naming = static path => _ = path == "30" ? throw new IOException("The share is gone.") : 0;
        await Assert.ThrowsAsync<IOException>(() => bench.TakeAsync(source));
        Assert.Empty(await bench.Repository.ListAsync(null, RepositoryBench.None));
        Assert.Empty(bench.Memory.Below("sessions/"));

        source.Naming = static _ => { };
        var snapshot = await bench.TakeAsync(source);

        Assert.InRange(snapshot.Statistics.NewBytes, MiB, 30 * MiB);
        await bench.AssertRestoresAsync(snapshot, source.Contents);
        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Theory]
    [InlineData("packs/")]
    [InlineData("index/")]
    [InlineData("snapshots/")]
    [InlineData("sessions/")]
    public async Task A_repository_that_cannot_be_written_gives_no_snapshot_and_works_again_afterwards(string prefix)
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(20 * MiB)).File("b", [1]);
        bench.Memory.Writing = name => _ = name.StartsWith(prefix, StringComparison.Ordinal) ? throw new IOException("No space is left.") : 0;

        var error = await Record.ExceptionAsync(() => bench.TakeAsync(source));

        Assert.True(error is IOException or RepositoryWriteException, $"{error}");
        Assert.Contains("No space is left.", error!.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Memory.Below("snapshots/"));
        Assert.Empty(bench.Memory.Below("sessions/"));
        bench.Memory.Writing = static _ => { };
        await bench.AssertRestoresAsync(await bench.TakeAsync(source), source.Contents);
        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task A_backup_that_is_cancelled_leaves_neither_a_snapshot_nor_a_session()
    {
        var bench = await RepositoryBench.CreateAsync();
        using var cancel = new CancellationTokenSource();
        var source = new MemorySource().File("a", RepositoryBench.Noise(20 * MiB)).File("b", [1]).File("c", [2]);
        source.Naming = path => _ = path == "b" ? Cancelled(cancel) : 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Repository.TakeAsync(new SnapshotOrder("docs_0", "docs"), source, null, cancel.Token));

        Assert.Empty(bench.Memory.Below("snapshots/"));
        Assert.Empty(bench.Memory.Below("sessions/"));

        static int Cancelled(CancellationTokenSource source)
        {
            source.Cancel();
            return 0;
        }
    }

    [Fact]
    public async Task A_snapshot_of_an_id_is_taken_once()
    {
        var bench = await RepositoryBench.CreateAsync();
        var order = new SnapshotOrder("docs_1", "docs");
        var source = new MemorySource().File("a", [1]);

        var snapshot = await bench.Repository.TakeAsync(order, source, null, RepositoryBench.None);
        var again = await bench.Repository.TakeAsync(order, source.File("b", [2]), null, RepositoryBench.None);

        Assert.Equal(snapshot.Tree, again.Tree);
        Assert.Equal(["a"], source.Opened);
    }

    [Fact]
    public async Task Many_backups_at_once_are_all_whole()
    {
        var bench = await RepositoryBench.CreateAsync();
        bench.Memory.Yields = true;
        var sources = Enumerable.Range(0, 8).Select(static i => new MemorySource(description: $"{i}").File("same", RepositoryBench.Noise(MiB)).File("own", RepositoryBench.Noise(100_000, i))).ToList();

        var taken = await Task.WhenAll(sources.Select((source, i) =>
            Task.Run(() => bench.Repository.TakeAsync(new SnapshotOrder($"p{i}_1", $"p{i}"), source, null, RepositoryBench.None))));

        Assert.Equal(8, (await bench.Repository.ListAsync(null, RepositoryBench.None)).Count);
        for (var i = 0; i < taken.Length; i++)
        {
            await bench.AssertRestoresAsync(taken[i], sources[i].Contents);
        }

        Assert.True((await bench.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task A_list_of_entries_longer_than_a_chunk_may_be_comes_back_entry_by_entry()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        for (var i = 0; i < 20_000; i++)
        {
            source.File($"folder {i % 100}/a file with a rather long name, number {i}", [(byte)i]);
        }

        var first = await bench.TakeAsync(source);
        Assert.InRange(first.Tree.Count, 4, 100);
        source.File("folder 50/a file with a rather long name, number 50", [7, 7]);
        var second = await bench.TakeAsync(source);

        Assert.InRange(second.Tree.Except(first.Tree).Count(), 1, 3);
        await bench.AssertRestoresAsync(second, source.Contents);
        var differences = new List<SnapshotDifference>();
        await foreach (var difference in bench.Repository.DiffAsync(first, second, RepositoryBench.None))
        {
            differences.Add(difference);
        }

        Assert.Equal("folder 50/a file with a rather long name, number 50", Assert.Single(differences).Path);
    }

    /// <summary>Gives some bytes, then an error.</summary>
    private sealed class FailingStream(byte[] content, int good) : MemoryStream(content[..good])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is var read and > 0 ? read : throw new IOException("The disk failed.");
    }

    /// <summary>Says that it comes folder by folder, and does not.</summary>
    private sealed class Reordered(MemorySource source) : ISnapshotSource
    {
        public string Description => source.Description;

        public TreeEntry? Root => null;

        public IComparer<string> Order => SourceOrder.ByFolder;

        public IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, CancellationToken cancellation) => source.ScanAsync(findings, cancellation);

        public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation) => source.OpenAsync(entry, cancellation);

        public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => source.LookAgainAsync(entry, cancellation);

        public ValueTask DisposeAsync() => source.DisposeAsync();
    }
}
