using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Sources;

/// <summary>What a backup sees of a folder.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FolderSourceTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SourceScratch _scratch = new();

    private static readonly Gen<string> Names = Gen.NonEmptyListOf(Gen.Elements(
        "a", "b", "A", "Z", "-", ".", "..a", "0", "~", " ", "+", "é", "\u07ff", "\u0800", "中", "\ud7ff", "\ue000", "\ufffd", "\uffff", "😀", "\U00010000", "\U0010ffff"))
        .Select(static parts => string.Concat(parts.Take(4)))
        .Where(static name => name is not ("." or ".."));

    public static TheoryData<bool> Ways => SourceScratch.Ways;

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Each_folder_comes_before_what_is_in_it_and_siblings_by_ordinals(bool isPortable)
    {
        foreach (var path in new[] { "a/x", "a/y/z", "a-b", "a.txt", "A", "b/é", "b/中", "b/\uffff", "b/😀" })
        {
            _scratch.Write(path, path);
        }

        Directory.CreateDirectory(_scratch.PathOf("empty/inside"));
        var findings = new SourceFindings();

        var entries = await _scratch.ScanAsync(isPortable, findings);

        Assert.Equal(
            ["A", "a", "a/x", "a/y", "a/y/z", "a-b", "a.txt", "b", "b/é", "b/中", "b/😀", "b/\uffff", "empty", "empty/inside"],
            entries.Select(entry => entry.Path));
        Assert.Equal(["a", "a/y", "b", "empty", "empty/inside"], entries.Where(entry => entry.Kind == TreeEntryKind.Folder).Select(entry => entry.Path));
        Assert.All(entries, entry => Assert.Equal(entry.Kind == TreeEntryKind.File ? Encoding.UTF8.GetByteCount(entry.Path) : 0, entry.Length));
        Assert.Equal((0, 0), (findings.ProblemCount, findings.NoteCount));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Any_tree_comes_whole_and_in_the_order_that_the_source_names(bool isPortable)
    {
        var trees = Gen.ListOf(Gen.Zip(Gen.NonEmptyListOf(Names), Gen.Elements(true, false)), 12);
        var round = 0;
        Law.Holds(trees, 40, tree =>
        {
            var root = $"tree-{round++}";
            Directory.CreateDirectory(_scratch.PathOf(root));
            var made = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (names, isFolder) in tree)
            {
                var path = "";
                foreach (var name in names.Take(3))
                {
                    path = path.Length == 0 ? name : $"{path}/{name}";
                    var there = Path.Join(_scratch.PathOf(root), path);
                    if (made.Add(path))
                    {
                        Directory.CreateDirectory(there);
                    }
                }

                if (!isFolder && made.Add($"{path}/file"))
                {
                    File.WriteAllText(Path.Join(_scratch.PathOf(root), path, "file"), "");
                }
            }

            var scanned = _scratch.ScanAsync(isPortable, path: root).GetAwaiter().GetResult().ConvertAll(entry => entry.Path);

            Assert.Equal(made.Order(SourceOrder.ByFolder), scanned);
        });
    }

    [Fact]
    public void Bytes_of_names_compare_as_their_text_does() => Law.Holds(Gen.Zip(Names, Names), 5000, static names =>
    {
        var (a, b) = names;
        Assert.Equal(Math.Sign(string.CompareOrdinal(a, b)), Math.Sign(LinuxListing.Compare(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b))));
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_folder_of_many_names_comes_whole(bool isPortable)
    {
        var names = Enumerable.Range(0, 1500).Select(i => $"a rather long name of a file, number {i * 7919 % 1500:D4}").ToList();
        names.ForEach(name => _scratch.Write(name));

        Assert.Equal(names.Order(StringComparer.Ordinal), (await _scratch.ScanAsync(isPortable)).Select(entry => entry.Path));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_a_glob_names_is_left_out_with_all_that_is_in_it(bool isPortable)
    {
        foreach (var path in new[] { "a/cache/x", "a/keep", "a/x.tmp", "cache", "logs/keep", "logs/old/1", "x.tmp/y" })
        {
            _scratch.Write(path);
        }

        var entries = await _scratch.ScanAsync(isPortable, null, "", "cache", "*.tmp", "logs/old/**");

        Assert.Equal(["a", "a/keep", "logs", "logs/keep", "logs/old"], entries.Select(entry => entry.Path));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_missing_root_is_told_in_words(bool isPortable)
    {
        _scratch.Write("file");
        foreach (var path in new[] { "missing", "file", "file/below" })
        {
            await using var source = new FolderSource(_scratch.PathOf(path), [], oneFileSystem: false, isPortable);

            Assert.Null(source.Root);
            var error = await Assert.ThrowsAsync<DirectoryNotFoundException>(() => SourceScratch.ScanAsync(source));
            Assert.Equal($"The source folder '{_scratch.PathOf(path)}' does not exist, or may not be read.", error.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_root_that_is_a_symbolic_link_is_followed_and_none_below_is(bool isPortable)
    {
        _scratch.Write("real/a/file");
        File.CreateSymbolicLink(_scratch.PathOf("link"), "real");
        Directory.CreateSymbolicLink(_scratch.PathOf("real/b"), "a");
        File.CreateSymbolicLink(_scratch.PathOf("real/c"), "/not/there/ä");

        var entries = await _scratch.ScanAsync(isPortable, path: "link");

        Assert.Equal(["a", "a/file", "b", "c"], entries.Select(entry => entry.Path));
        Assert.Equal(
            [(TreeEntryKind.SymbolicLink, "a"), (TreeEntryKind.SymbolicLink, "/not/there/ä")],
            entries.Skip(2).Select(entry => (entry.Kind, entry.Target!)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Modes_and_times_come_with_the_root_and_with_every_entry(bool isPortable)
    {
        _scratch.Write("folder/file", "x");
        foreach (var (path, mode) in new[] { ("folder/file", 0x9A0), ("folder", 0x3C0), ("", 0x1ED) })
        {
            File.SetUnixFileMode(_scratch.PathOf(path), (UnixFileMode)mode);
            Directory.SetLastWriteTimeUtc(_scratch.PathOf(path), new DateTime(1965, 3, 4, 5, 6, 7, DateTimeKind.Utc).AddTicks(mode));
        }

        await using var source = new FolderSource(_scratch.Root, [], oneFileSystem: false, isPortable);
        List<TreeEntry> entries = [source.Root!, .. await SourceScratch.ScanAsync(source)];

        Assert.Equal(["", "folder", "folder/file"], entries.Select(entry => entry.Path));
        Assert.Equal([0x1ED, 0x3C0, 0x9A0], entries.Select(entry => entry.Mode));
        Assert.All(entries, entry => Assert.Equal(-152391233000000000 + (entry.Mode * 100), entry.Modified));
    }

    [LinuxFact]
    public async Task Times_are_exact_to_the_nanosecond_on_both_sides_of_1970()
    {
        foreach (var (name, time) in new[] { ("a", "1969-12-31T23:59:59.999999999Z"), ("b", "2026-11-22T02:00:00.123456789Z"), ("c", "1970-01-01T00:00:00Z") })
        {
            _scratch.Run("touch", "-d", time, name);
        }

        Assert.Equal([-1, 1795312800123456789, 0], (await _scratch.ScanAsync(isPortable: false)).Select(entry => entry.Modified!.Value));
    }

    [AsRootFact]
    public async Task Owners_are_numbers()
    {
        _scratch.Write("a");
        _scratch.Run("chown", "4294967290:12345", "a");

        var entry = Assert.Single(await _scratch.ScanAsync(isPortable: false));

        Assert.Equal(new EntryOwner(4294967290, 12345), entry.Owner);
    }

    [LinuxFact]
    public async Task The_further_names_of_a_file_are_links_to_the_first()
    {
        _scratch.Write("b/first", "content");
        _scratch.Write("b/other", "content");
        Directory.CreateDirectory(_scratch.PathOf("c"));
        _scratch.Run("ln", "b/first", "c/second");
        _scratch.Run("ln", "b/first", "third");
        _scratch.Run("ln", "b/other", "../outside-of-" + Path.GetFileName(_scratch.Root));

        try
        {
            var entries = await _scratch.ScanAsync(isPortable: false);

            Assert.Equal(
                [("b/first", TreeEntryKind.File, null, 7), ("b/other", TreeEntryKind.File, null, 7), ("c/second", TreeEntryKind.HardLink, "b/first", 0), ("third", TreeEntryKind.HardLink, "b/first", 0)],
                entries.Where(entry => entry.Kind != TreeEntryKind.Folder).Select(entry => (entry.Path, entry.Kind, entry.Target, entry.Length)));
        }
        finally
        {
            _scratch.Run("rm", "../outside-of-" + Path.GetFileName(_scratch.Root));
        }
    }

    [LinuxFact]
    public async Task A_file_with_holes_is_sparse_from_64_KiB_on()
    {
        foreach (var (name, length) in new[] { ("a-hole", 1024 * 1024), ("small", 65_535) })
        {
            using var file = File.OpenHandle(_scratch.PathOf(name), FileMode.CreateNew, FileAccess.Write);
            RandomAccess.SetLength(file, length);
        }

        File.WriteAllBytes(_scratch.PathOf("full"), Enumerable.Repeat((byte)1, 1024 * 1024).ToArray());

        Assert.Equal([("a-hole", true), ("full", false), ("small", false)], (await _scratch.ScanAsync(isPortable: false)).Select(entry => (entry.Path, entry.IsSparse)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Pipes_and_sockets_are_noted_and_left_out(bool isPortable)
    {
        _scratch.Write("file");
        _scratch.Run("mkfifo", "pipe");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_scratch.PathOf("socket")));
        var findings = new SourceFindings();

        Assert.Equal(["file"], (await _scratch.ScanAsync(isPortable, findings)).Select(entry => entry.Path));
        Assert.Empty(findings.Problems);
        Assert.Equal(
            isPortable
                ? ["pipe: it is neither a file, a folder nor a link (a device, socket or pipe) and was left out.", "socket: it is neither a file, a folder nor a link (a device, socket or pipe) and was left out."]
                : ["pipe: it is a pipe and was left out.", "socket: it is a socket and was left out."],
            findings.Notes);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_name_that_is_no_text_is_a_problem_and_costs_nothing_else(bool isPortable)
    {
        _scratch.Write("folder/a");
        _scratch.Run("sh", "-c", """touch folder/"$(printf 'caf\351\\x')"; mkdir "$(printf '\377')"; touch "$(printf '\377')"/inside""");
        File.CreateSymbolicLink(_scratch.PathOf("z"), "target");
        var findings = new SourceFindings();

        Assert.Equal(["folder", "folder/a", "z"], (await _scratch.ScanAsync(isPortable, findings)).Select(entry => entry.Path));
        Assert.Equal(2, findings.ProblemCount);
        if (!isPortable)
        {
            Assert.StartsWith("folder/caf\\xE9\\x5Cx: its name is not UTF-8", findings.Problems[0], StringComparison.Ordinal);
            Assert.StartsWith("\\xFF: its name is not UTF-8", findings.Problems[1], StringComparison.Ordinal);
        }

        var excluding = new SourceFindings();
        _ = await _scratch.ScanAsync(isPortable, excluding, "", "caf*", isPortable ? "\ufffd" : "\\xFF");
        Assert.Empty(excluding.Problems);
    }

    [LinuxFact]
    public async Task A_link_to_what_is_no_text_is_a_problem()
    {
        _scratch.Run("sh", "-c", """ln -s "$(printf 'caf\351')" link""");
        var findings = new SourceFindings();

        Assert.Empty(await _scratch.ScanAsync(isPortable: false, findings));
        Assert.Equal(["link: it is a symbolic link to caf\\xE9, which is not UTF-8, and was left out."], findings.Problems);
    }

    [MountedTheory]
    [MemberData(nameof(Ways))]
    public async Task What_is_mounted_below_stays_out_where_one_file_system_is_asked_for(bool isPortable)
    {
        var inside = $"/dev/shm/{Path.GetFileName(_scratch.Root)}";
        await File.WriteAllTextAsync(inside, "");
        try
        {
            async Task<(List<string> Paths, SourceFindings Findings)> Scan(bool oneFileSystem)
            {
                var findings = new SourceFindings();
                await using var source = new FolderSource("/dev", ["fd"], oneFileSystem, isPortable);
                return ((await SourceScratch.ScanAsync(source, findings)).ConvertAll(entry => entry.Path), findings);
            }

            var (paths, findings) = await Scan(oneFileSystem: true);
            Assert.Contains("shm", paths);
            Assert.DoesNotContain(inside["/dev/".Length..], paths);
            Assert.Contains("shm: another file system is mounted here; its contents were left out.", findings.Notes);
            Assert.Contains(inside["/dev/".Length..], (await Scan(oneFileSystem: false)).Paths);
        }
        finally
        {
            File.Delete(inside);
        }
    }

    [LinuxFact]
    public async Task Paths_may_be_longer_than_the_system_takes()
    {
        var path = string.Join('/', Enumerable.Range(0, 60).Select(level => new string((char)('a' + (level % 26)), 200)));
        using (var writer = new FolderWriter(_scratch.PathOf("deep")))
        {
            writer.CreateFolder(path);
            using var file = writer.CreateFile($"{path}/file", 5, sparse: false);
            file.Write("hello"u8, 0);
            file.Complete(new TreeEntry { Path = "", Kind = TreeEntryKind.File });
        }

        await using var source = new FolderSource(_scratch.PathOf("deep"), [], oneFileSystem: true, isPortable: false);
        var (findings, count) = (new SourceFindings(), 0);
        await foreach (var entry in source.ScanAsync(findings, None))
        {
            count++;
            if (entry.Kind == TreeEntryKind.File)
            {
                Assert.Equal($"{path}/file", entry.Path);
                await using var stream = await source.OpenAsync(entry, None);
                Assert.Equal("hello", await new StreamReader(stream).ReadToEndAsync());
                Assert.Equal(entry, await source.LookAgainAsync(entry, None));
            }
        }

        Assert.Equal((61, 0), (count, findings.ProblemCount));
    }

    [LinuxFact]
    public async Task A_tree_deeper_than_folders_stay_open_is_read_to_its_end()
    {
        var made = new List<string>();
        using (var writer = new FolderWriter(_scratch.PathOf("deep")))
        {
            for (var (level, path) = (0, ""); level < 400; level++, path += "d/")
            {
                writer.CreateFolder(path + "d");
                writer.CreateFolder(path + "e");
                made.AddRange([path + "d", path + "e"]);
            }
        }

        var findings = new SourceFindings();
        await using var source = new FolderSource(_scratch.PathOf("deep"), [], oneFileSystem: true, isPortable: false);
        var most = 0;
        var scanned = new List<string>();
        await foreach (var entry in source.ScanAsync(findings, None))
        {
            scanned.Add(entry.Path);
            most = Math.Max(most, entry.Path.Length % 160 < 2 ? _scratch.OpenDescriptors() : 0);
        }

        Assert.Equal(made.Order(SourceOrder.ByFolder), scanned);
        Assert.Empty(findings.Problems);
        Assert.InRange(most, 100, 140);
    }
}
