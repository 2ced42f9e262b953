using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using FsCheck.Fluent;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Tests.Rules;
using static Maintenance.Tests.Sources.SourceScratch;

namespace Maintenance.Tests.Sources;

/// <summary>What a restore writes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FolderWriterTests : IDisposable
{
    private readonly SourceScratch _scratch = new();

    public static TheoryData<bool> Ways => SourceScratch.Ways;

    private string Target => _scratch.PathOf("target");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_tree_comes_back_as_it_was_read(bool isPortable)
    {
        _scratch.Write("source/a/one", "one");
        _scratch.Write("source/a/b/two", new string('2', 100_000));
        _scratch.Write("source/empty");
        Directory.CreateDirectory(_scratch.PathOf("source/hollow"));
        File.CreateSymbolicLink(_scratch.PathOf("source/link"), "../anywhere/ä");
        foreach (var (path, mode, time) in new[] { ("a/one", 0x124, "1969-07-20T20:17:40.1234567Z"), ("a/b/two", 0x1FF, "2026-11-22T02:00:00.7654321Z"), ("a/b", 0x16D, "1901-01-01T00:00:00Z"), ("a", 0x3C0, "2001-02-03T04:05:06Z") })
        {
            File.SetUnixFileMode(_scratch.PathOf($"source/{path}"), (UnixFileMode)mode);
            Directory.SetLastWriteTimeUtc(_scratch.PathOf($"source/{path}"), DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
        }

        var entries = await _scratch.ScanAsync(isPortable, path: "source");
        using (var writer = new FolderWriter(Target, isPortable))
        {
            foreach (var entry in entries)
            {
                Restore(writer, entry, entry.Kind == TreeEntryKind.File ? File.ReadAllBytes(_scratch.PathOf($"source/{entry.Path}")) : []);
            }

            foreach (var folder in Enumerable.Reverse(entries).Where(entry => entry.Kind == TreeEntryKind.Folder))
            {
                Assert.Null(writer.FinishFolder(folder));
            }

            writer.Flush();
        }

        Assert.Equal(entries.Select(static entry => entry with { ChangeMark = 0 }), (await _scratch.ScanAsync(isPortable, path: "target")).Select(static entry => entry with { ChangeMark = 0 }));
        Assert.All(
            entries.Where(static entry => entry.Kind == TreeEntryKind.File),
            entry => Assert.Equal(File.ReadAllBytes(_scratch.PathOf($"source/{entry.Path}")), File.ReadAllBytes(_scratch.PathOf($"target/{entry.Path}"))));
    }

    [LinuxFact]
    public async Task Times_come_back_to_the_nanosecond()
    {
        long[] times = [-1, 1, 0, -1_000_000_000, -1_999_999_999, 1_795_312_800_123_456_789];
        using (var writer = new FolderWriter(Target))
        {
            foreach (var (time, i) in times.Select(static (time, i) => (time, i)))
            {
                Restore(writer, Entry($"a{i}") with { Modified = time }, []);
                Restore(writer, Entry($"b{i}", TreeEntryKind.SymbolicLink) with { Modified = time, Target = "x" }, []);
                Restore(writer, Entry($"c{i}", TreeEntryKind.Folder), []);
                Assert.Null(writer.FinishFolder(Entry($"c{i}", TreeEntryKind.Folder) with { Modified = time }));
            }
        }

        Assert.Equal([.. times, .. times, .. times], (await _scratch.ScanAsync(isPortable: false, path: "target")).Select(static entry => entry.Modified!.Value));
    }

    [AsRootFact]
    public async Task Root_gives_owners_and_with_them_the_bits_that_lend_their_rights()
    {
        using (var writer = new FolderWriter(Target))
        {
            var file = Entry("a") with { Owner = new EntryOwner(1234, 5678), Mode = 0xDED };
            Restore(writer, file, "x"u8);
            Restore(writer, Entry("l", TreeEntryKind.SymbolicLink) with { Owner = new EntryOwner(1234, 5678), Target = "a" }, []);
            Restore(writer, Entry("z", TreeEntryKind.Folder), []);
            Assert.Null(writer.FinishFolder(Entry("z", TreeEntryKind.Folder) with { Owner = new EntryOwner(1234, 5678), Mode = 0x7FD }));
        }

        var entries = await _scratch.ScanAsync(isPortable: false, path: "target");
        Assert.Equal([0xDED, null, 0x7FD], entries.Select(static entry => entry.Mode));
        Assert.All(entries, static entry => Assert.Equal(new EntryOwner(1234, 5678), entry.Owner));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_folder_that_may_not_be_written_is_filled_before(bool isPortable)
    {
        using var writer = new FolderWriter(Target, isPortable);
        var folder = Entry("a/b", TreeEntryKind.Folder) with { Mode = 0x140, Modified = 1_000_000_000 };
        writer.CreateFolder("a/b");
        Restore(writer, Entry("a/b/file"), "x"u8);
        Assert.Null(writer.FinishFolder(folder));
        Assert.Null(writer.FinishFolder("a", folder));
        Assert.Null(writer.FinishFolder(folder with { Path = "", Mode = 0x1ED }));

        foreach (var (path, mode) in new[] { ("target", 0x1ED), ("target/a", 0x140), ("target/a/b", 0x140) })
        {
            Assert.Equal(mode, (int)File.GetUnixFileMode(_scratch.PathOf(path)));
            Assert.Equal(DateTime.UnixEpoch.AddSeconds(1), Directory.GetLastWriteTimeUtc(_scratch.PathOf(path)));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Pieces_come_in_any_order_and_from_several_threads(bool isPortable)
    {
        var content = Enumerable.Range(0, 3_000_001).Select(static i => (byte)(i * 31 >> 3)).ToArray();
        using var writer = new FolderWriter(Target, isPortable);
        foreach (var sparse in new[] { false, true })
        {
            using var file = writer.CreateFile($"sparse-{sparse}", content.Length, sparse);
            Parallel.For(0, 31, i => file.Write(content.AsSpan()[(i * 100_000)..Math.Min((i + 1) * 100_000, content.Length)], i * 100_000));
            Assert.Null(file.Complete(Entry(file.Path)));
            Assert.Equal(content, File.ReadAllBytes(Path.Join(Target, file.Path)));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_file_with_holes_reads_as_what_was_written(bool isPortable)
    {
        var pieces = Gen.NonEmptyListOf(Gen.Zip(Gen.Choose(1, 10_000), Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 255)))));
        var round = 0;
        using var writer = new FolderWriter(Target, isPortable);
        Law.Holds(pieces, 100, given =>
        {
            var content = given.SelectMany(static piece => Enumerable.Repeat((byte)piece.Item2, piece.Item1)).ToArray();
            using var file = writer.CreateFile($"{round++}", content.Length, sparse: true);
            var offset = 0;
            foreach (var (length, _) in given)
            {
                file.Write(content.AsSpan(offset, length), offset);
                offset += length;
            }

            Assert.Null(file.Complete(Entry(file.Path)));
            Assert.Equal(content, File.ReadAllBytes(Path.Join(Target, file.Path)));
        });
    }

    [LinuxFact]
    public async Task Zeros_of_a_sparse_file_take_no_room_at_its_end_either()
    {
        var content = new byte[4 * 1024 * 1024];
        content[2_000_000] = 1;
        using (var writer = new FolderWriter(Target))
        {
            foreach (var (path, sparse) in new[] { ("full", false), ("holes", true) })
            {
                using var file = writer.CreateFile(path, content.Length, sparse);
                file.Write(content, 0);
                file.Complete(Entry(path));
            }
        }

        var entries = await _scratch.ScanAsync(isPortable: false, path: "target");
        Assert.Equal([("full", false, content.Length), ("holes", true, content.Length)], entries.Select(static entry => (entry.Path, entry.IsSparse, entry.Length)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_file_that_is_not_completed_is_removed_and_its_name_is_free(bool isPortable)
    {
        using var writer = new FolderWriter(Target, isPortable);
        using (var file = writer.CreateFile("a", 10, sparse: false))
        {
            file.Write("half"u8, 0);
            Assert.Equal(ExistingKind.File, writer.Look("a"));
        }

        Assert.Null(writer.Look("a"));
        Restore(writer, Entry("a"), "whole"u8);
        Assert.Equal("whole", File.ReadAllText(Path.Join(Target, "a")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Contents_that_have_not_the_length_of_the_entry_are_refused(bool isPortable)
    {
        using var writer = new FolderWriter(Target, isPortable);
        using (var file = writer.CreateFile("a", 4, sparse: false))
        {
            file.Write("abc"u8, 0);

            Assert.Throws<InvalidDataException>(() => file.Write("de"u8, 3));
            Assert.Throws<InvalidDataException>(() => file.Write("d"u8, long.MaxValue));
            Assert.Throws<InvalidDataException>(() => file.Complete(Entry("a")));
        }

        Assert.Throws<InvalidDataException>(() => writer.CreateFile("b", -1, sparse: false));
        Assert.Empty(Directory.GetFileSystemEntries(Target));
    }

    [LinuxFact]
    public async Task A_hard_link_is_another_name_of_a_file_and_of_nothing_else()
    {
        using (var writer = new FolderWriter(Target))
        {
            writer.CreateFolder("f");
            Restore(writer, Entry("f/a"), "x"u8);
            writer.CreateSymbolicLink("link", "f/a");
            writer.CreateHardLink("g", "f/a");

            Assert.Throws<IOException>(() => writer.CreateHardLink("h", "link"));
            Assert.Throws<IOException>(() => writer.CreateHardLink("h", "f"));
            Assert.Throws<FileNotFoundException>(() => writer.CreateHardLink("h", "missing"));
            Assert.Throws<IOException>(() => writer.CreateHardLink("f/a", "g"));
        }

        Assert.Equal(
            [("f", null), ("f/a", null), ("g", "f/a"), ("link", "f/a")],
            (await _scratch.ScanAsync(isPortable: false, path: "target")).Select(static entry => (entry.Path, entry.Target)));
    }

    [Fact]
    public void Where_there_are_no_hard_links_that_is_said()
    {
        using var writer = new FolderWriter(Target, isPortable: true);
        Assert.Throws<NotSupportedException>(() => writer.CreateHardLink("b", "a"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_is_there_can_be_looked_at_moved_and_removed(bool isPortable)
    {
        _scratch.Write("target/folder/file", "file");
        _scratch.Write("target/other", "other");
        File.CreateSymbolicLink(Path.Join(Target, "link"), "folder");
        _scratch.Run("mkfifo", "target/pipe");
        using var writer = new FolderWriter(Target, isPortable);

        Assert.Equal(
            [ExistingKind.Folder, ExistingKind.File, ExistingKind.SymbolicLink, ExistingKind.Special, null, null],
            new[] { "folder", "folder/file", "link", "pipe", "missing", "missing/below" }.Select(writer.Look));

        Assert.ThrowsAny<IOException>(() => writer.Rename("other", "folder/file"));
        Assert.ThrowsAny<IOException>(() => writer.Rename("missing", "new"));
        Assert.ThrowsAny<IOException>(() => writer.Delete("folder"));
        Assert.Throws<FileNotFoundException>(() => writer.Delete("missing"));
        Assert.Throws<DirectoryNotFoundException>(() => writer.Delete("missing/below"));
        Assert.Throws<DirectoryNotFoundException>(() => writer.CreateFile("missing/below", 0, sparse: false));

        writer.Rename("other", "folder/file", replace: true);
        Assert.Equal("other", File.ReadAllText(Path.Join(Target, "folder/file")));
        writer.Rename("folder", "renamed");
        Assert.Null(writer.Look("folder/file"));
        Assert.Equal(ExistingKind.File, writer.Look("renamed/file"));
        foreach (var path in new[] { "renamed/file", "renamed", "link", "pipe" })
        {
            writer.Delete(path);
        }

        Assert.Empty(Directory.GetFileSystemEntries(Target));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_folder_that_was_removed_can_be_made_again(bool isPortable)
    {
        using var writer = new FolderWriter(Target, isPortable);
        foreach (var content in new[] { "first", "second" })
        {
            writer.CreateFolder("a/b");
            using (var file = writer.CreateFile("a/b/c", content.Length, sparse: false))
            {
                file.Write(Encoding.UTF8.GetBytes(content), 0);
                file.Complete(Entry("a/b/c"));
            }

            Assert.Equal(content, File.ReadAllText(Path.Join(Target, "a/b/c")));
            writer.Delete("a/b/c");
            writer.Delete("a/b");
            writer.Delete("a");
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Several_workers_fill_more_folders_than_stay_open(bool isPortable)
    {
        using (var writer = new FolderWriter(Target, isPortable))
        {
            Parallel.For(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            {
                var folder = $"{i * 7919 % 200 / 10}/{i * 7919 % 200}";
                writer.CreateFolder(folder);
                Restore(writer, Entry($"{folder}/{i}"), Encoding.UTF8.GetBytes($"{i}"));
            });

            if (!isPortable)
            {
                Assert.InRange(_scratch.OpenDescriptors(), 1, 65);
            }
        }

        var files = (await _scratch.ScanAsync(isPortable, path: "target")).Where(static entry => entry.Kind == TreeEntryKind.File).ToList();
        Assert.Equal(600, files.Count);
        Assert.All(files, entry => Assert.Equal(Path.GetFileName(entry.Path), File.ReadAllText(Path.Join(Target, entry.Path))));
        Assert.Equal(0, _scratch.OpenDescriptors());
    }
}
