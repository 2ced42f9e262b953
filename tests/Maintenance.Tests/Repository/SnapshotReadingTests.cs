using FsCheck.Fluent;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Repository;

/// <summary>Looking around in snapshots, and taking single files out of them.</summary>
public sealed class SnapshotReadingTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void Pages_of_a_folder_are_together_what_is_in_it_in_either_order_of_entries() => Law.Holds(Trees, 300, static one =>
    {
        var order = one.IsByName ? SourceOrder.ByName : SourceOrder.ByFolder;
        var entries = EntriesOf(one.Paths, one.IsByName).Order(Comparer<TreeEntry>.Create((a, b) => order.Compare(a.Path, b.Path))).ToList();
        foreach (var folder in entries.Select(static entry => entry.Path).Append("").Append("nothing").Distinct())
        {
            var prefix = folder.Length == 0 ? "" : folder + "/";
            var inside = one.Paths.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).Select(path => path[prefix.Length..]).ToList();
            var folders = inside.Where(static path => path.Contains('/', StringComparison.Ordinal)).GroupBy(static path => path.Split('/')[0]).OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => $"{group.Key}/ {group.Count()} {group.Sum(static path => (long)path.Length)}").ToList();
            var files = inside.Where(static path => !path.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal);
            var (seen, pages) = (new List<string>(), 0);
            for (string? after = null; ; pages++)
            {
                var collector = new FolderCollector(folder, one.Take, after);
                _ = entries.TakeWhile(collector.Add).Count();
                var listing = collector.Listing();
                Assert.InRange(listing.Children.Count, 0, one.Take);
                Assert.Equal(folder.Length == 0 || inside.Count > 0, listing.IsThere);
                Assert.Equal((folders.Count, files.Count()), ((int)listing.Folders, (int)listing.Files));
                seen.AddRange(listing.Children.Select(child => child.IsFolder ? $"{child.Name}/ {child.Files} {child.Bytes - (child.Files * prefix.Length)}" : child.Name));
                if (listing.Next is null)
                {
                    break;
                }

                after = listing.Next;
                Assert.InRange(pages, 0, 100);
            }

            Assert.Equal([.. folders, .. files], seen);
        }
    });

    [Fact]
    public async Task A_folder_of_a_snapshot_shows_what_lies_in_it_and_how_much_lies_below()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("births/2024.csv", new byte[10]).File("births/old/1990.csv", new byte[5]).File("births/old/deep/1900.csv", new byte[7]).File("readme.txt", new byte[3])
            .Link("births/newest", TreeEntryKind.SymbolicLink, "2024.csv").Folder("births-empty");
        var snapshot = await bench.TakeAsync(source);

        var root = await bench.Repository.FolderAsync(snapshot, "", 100, null, None);
        Assert.Equal(["births 3 22", "births-empty 0 0", "readme.txt 0 3"], root.Children.Select(static child => $"{child.Name} {child.Files} {child.Bytes}"));
        var births = await bench.Repository.FolderAsync(snapshot, "births", 100, null, None);
        Assert.Equal(["old", "2024.csv", "newest"], births.Children.Select(static child => child.Name));
        Assert.Equal("2024.csv", births.Children[2].Entry!.Target);
        Assert.True((await bench.Repository.FolderAsync(snapshot, "births-empty", 100, null, None)).IsThere);
        foreach (var missing in new[] { "birth", "births/", "readme.txt", "..", "births/..", "/births" })
        {
            Assert.False((await bench.Repository.FolderAsync(snapshot, missing, 100, null, None)).IsThere, missing);
        }
    }

    [Fact]
    public async Task A_file_comes_out_of_a_snapshot_byte_for_byte_also_by_its_other_name()
    {
        var bench = await RepositoryBench.CreateAsync();
        var (large, text) = (RepositoryBench.Noise(3_000_000), RepositoryBench.Text(5000));
        var snapshot = await bench.TakeAsync(new MemorySource().File("a/large", large).File("a/text", text).File("a/empty", []).Link("b/other", TreeEntryKind.HardLink, "a/large").Link("b/link", TreeEntryKind.SymbolicLink, "a/text"));

        Assert.Equal(large, await ReadAsync(bench.Repository, snapshot, "a/large"));
        Assert.Equal(text, await ReadAsync(bench.Repository, snapshot, "a/text"));
        Assert.Empty(await ReadAsync(bench.Repository, snapshot, "a/empty"));
        Assert.Equal(large, await ReadAsync(bench.Repository, snapshot, "b/other"));
        Assert.Equal(TreeEntryKind.SymbolicLink, (await Assert.ThrowsAsync<NotAFileException>(() => bench.Repository.OpenFileAsync(snapshot, "b/link", None))).Kind);
        Assert.Equal(TreeEntryKind.Folder, (await Assert.ThrowsAsync<NotAFileException>(() => bench.Repository.OpenFileAsync(snapshot, "a", None))).Kind);
        foreach (var missing in new[] { "", "a/larg", "a/large/", "/a/large", "a/../a/large", "zz" })
        {
            Assert.Null(await bench.Repository.OpenFileAsync(snapshot, missing, None));
        }

        // Whoever read is no longer at work: nothing waits for him.
        Assert.Empty(bench.Memory.Below("sessions/"));
    }

    [Fact]
    public async Task Damaged_contents_are_handed_out_up_to_the_damage_and_never_as_if_they_were_whole()
    {
        var bench = await RepositoryBench.CreateAsync();
        var expected = RepositoryBench.Noise(6_000_000);
        var snapshot = await bench.TakeAsync(new MemorySource().File("large", expected).File("small", RepositoryBench.Text(3000)));
        var cut = 0;
        foreach (var pack in bench.Memory.Below("packs/"))
        {
            var whole = bench.Memory[pack];
            for (var at = 10; at < whole.Length; at += Math.Max(1, whole.Length / 30))
            {
                var store = bench.Memory.Copy();
                var bytes = whole.ToArray();
                bytes[at] ^= 0x10;
                store[pack] = bytes;
                var received = new List<byte>();
                try
                {
                    await using var file = await (await RepositoryBench.OpenAsync(store)).OpenFileAsync(snapshot, "large", None);
                    await foreach (var piece in file!.ReadAsync(None))
                    {
                        received.AddRange(piece.Span);
                    }

                    Assert.Equal(expected, received.ToArray());
                }
                catch (InvalidDataException)
                {
                    Assert.True(received.Count < expected.Length, "as many bytes as the file has, and yet damaged");
                    Assert.Equal(expected[..received.Count], received.ToArray());
                    cut += received.Count > 0 ? 1 : 0;
                }
            }
        }

        Assert.True(cut > 0, "no damage was met in the middle of the file");
    }

    [Fact]
    public async Task Versions_of_a_path_are_what_its_snapshots_have_of_it_newest_first()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("other", [0]);
        var ids = new List<string>();
        foreach (var content in new byte[]?[] { null, [1], [1], [2], [2], [2], null, [1] })
        {
            if (content is not null)
            {
                source.File("a/file", content);
            }
            else if (source.Paths.Contains("a/file"))
            {
                source.Remove("a/file");
            }

            ids.Add((await bench.TakeAsync(source)).Id);
        }

        ids.Reverse();
        var all = await bench.Repository.VersionsAsync(ids, "a/file", long.MaxValue, None);

        Assert.Equal((8, null), (all.Looked, all.Next));
        Assert.Equal([(ids[0], ids[0], 1, true), (ids[1], ids[1], 1, false), (ids[2], ids[4], 3, true), (ids[5], ids[6], 2, true), (ids[7], ids[7], 1, false)], all.Versions.Select(static version => (version.Newest, version.Oldest, version.Snapshots, version.Entry is not null)));
        Assert.All(all.Versions.Zip(all.Versions.Skip(1)), static pair => Assert.True(pair.First.OldestAt > pair.Second.NewestAt));

        // It ends where it was told to, and says where to go on.
        var some = await bench.Repository.VersionsAsync(ids, "a/file", 1, None);
        Assert.Equal((1, ids[1]), (some.Looked, some.Next));

        bench.Memory[$"snapshots/docs/{ids[3]}"] = [1, 2, 3];
        var damaged = await bench.Repository.VersionsAsync(ids, "a/file", long.MaxValue, None);
        Assert.Equal([ids[3]], damaged.Unreadable);
        Assert.Equal(5, damaged.Versions.Count);
    }

    [Fact]
    public async Task What_waits_for_a_prune_is_counted_by_the_marks()
    {
        var bench = await RepositoryBench.CreateAsync();
        var snapshot = await bench.TakeAsync(new MemorySource().File("gone", RepositoryBench.Noise(3000)));
        await bench.TakeAsync(new MemorySource().File("stays", RepositoryBench.Noise(3000, 2)), "other");
        Assert.Equal(0, await bench.Repository.UnneededPacksAsync(None));
        Assert.True(await bench.Repository.DropAsync(snapshot.Id, None));
        _ = await bench.PruneAsync(TimeSpan.FromDays(7));
        Assert.Equal(1, await bench.Repository.UnneededPacksAsync(None));
    }

    private static readonly FsCheck.Gen<Tree> Trees =
        from isByName in Gen.Elements(true, false)
        from take in Gen.Choose(1, 5)
        from paths in Gen.ArrayOf(
            from depth in Gen.Choose(1, 3)
            from names in Gen.ArrayOf(Gen.Elements("a", "b", "a-b", "a.b", "é", "A", " "), depth)
            select string.Join('/', names))
        select new Tree(isByName, take, Possible(paths.Distinct(), isByName));

    /// <summary>In a folder of a file system a name is a file or a folder; in a container it may be both.</summary>
    private static List<string> Possible(IEnumerable<string> paths, bool isByName)
    {
        var all = paths.ToList();
        return isByName ? all : [.. all.Where(path => !all.Exists(other => other.StartsWith(path + "/", StringComparison.Ordinal)))];
    }

    private static IEnumerable<TreeEntry> EntriesOf(IReadOnlyList<string> paths, bool isByName)
    {
        var folders = isByName ? [] : paths.SelectMany(static path => path.Split('/').SkipLast(1).Select((_, at) => string.Join('/', path.Split('/').Take(at + 1)))).Distinct();
        return [
            .. folders.Select(static folder => new TreeEntry { Path = folder, Kind = TreeEntryKind.Folder }),
            .. paths.Select(static path => new TreeEntry { Path = path, Kind = TreeEntryKind.File, Length = path.Length }),
        ];
    }

    private static async Task<byte[]> ReadAsync(BackupRepository repository, Snapshot snapshot, string path)
    {
        await using var file = await repository.OpenFileAsync(snapshot, path, None);
        Assert.NotNull(file);
        var bytes = new List<byte>();
        await foreach (var piece in file.ReadAsync(None))
        {
            bytes.AddRange(piece.Span);
        }

        return [.. bytes];
    }

    private sealed record Tree(bool IsByName, int Take, IReadOnlyList<string> Paths);
}
