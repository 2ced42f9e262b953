using System.Runtime.Versioning;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using static Maintenance.Tests.Sources.SourceScratch;

namespace Maintenance.Tests.Sources;

/// <summary>Where a restore never writes, and what it never gives.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FolderWriterSafetyTests : IDisposable
{
    private readonly SourceScratch _scratch = new();

    public static TheoryData<bool> Ways => SourceScratch.Ways;

    private string Target => _scratch.PathOf("target");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Bits_that_lend_rights_are_not_given_without_their_owner(bool isPortable)
    {
        using var writer = new FolderWriter(Target, isPortable);
        foreach (var owner in new EntryOwner?[] { null, new EntryOwner(uint.MaxValue, uint.MaxValue) })
        {
            var entry = Entry($"a{owner?.User}") with { Mode = 0xFED, Owner = owner };
            using var file = writer.CreateFile(entry.Path, 0, sparse: false);

            Assert.Equal("its set-user and set-group bits were left out, because its owner is another now", file.Complete(entry));
            Assert.Equal(0x3ED, (int)File.GetUnixFileMode(Path.Join(Target, entry.Path)));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_file_without_a_mode_is_its_owners_alone_and_so_is_a_folder_that_is_not_finished(bool isPortable)
    {
        using var writer = new FolderWriter(_scratch.PathOf("new/target"), isPortable);
        Restore(writer, Entry("folder", TreeEntryKind.Folder), []);
        Restore(writer, Entry("folder/file"), "x"u8);

        Assert.Equal(
            [0x1C0, 0x1C0, 0x180],
            new[] { "new/target", "new/target/folder", "new/target/folder/file" }.Select(path => (int)File.GetUnixFileMode(_scratch.PathOf(path))));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_is_there_is_never_written_over(bool isPortable)
    {
        _scratch.Write("target/file", "theirs");
        _scratch.Write("outside", "theirs");
        File.CreateSymbolicLink(Path.Join(Target, "link"), "../outside");
        File.CreateSymbolicLink(Path.Join(Target, "dangling"), "../made");
        using var writer = new FolderWriter(Target, isPortable);

        foreach (var path in new[] { "file", "link", "dangling" })
        {
            Assert.ThrowsAny<IOException>(() => writer.CreateFile(path, 0, sparse: false));
            Assert.ThrowsAny<IOException>(() => writer.CreateFolder(path));
            Assert.ThrowsAny<IOException>(() => writer.CreateSymbolicLink(path, "x"));
            Assert.ThrowsAny<IOException>(() => writer.CreateFile($"{path}/below", 0, sparse: false));
        }

        Assert.Equal(["theirs", "theirs"], new[] { "target/file", "outside" }.Select(path => File.ReadAllText(_scratch.PathOf(path))));
        Assert.False(File.Exists(_scratch.PathOf("made")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("a\0b")]
    [InlineData("half of a pair: ?")]
    public void A_path_that_could_lead_out_is_refused_by_its_name(string path)
    {
        path = path.Replace('?', '\ud83d');
        foreach (var isPortable in SourceScratch.AllWays)
        {
            using var writer = new FolderWriter(Target, isPortable);
            writer.CreateFolder("a");
            Action[] acts =
            [
                () => writer.CreateFile(path, 0, sparse: false),
                () => writer.CreateFolder(path),
                () => writer.CreateSymbolicLink(path, "x"),
                () => writer.CreateHardLink(path, "a"),
                () => writer.CreateHardLink("a", path),
                () => writer.Look(path),
                () => writer.Delete(path),
                () => writer.Rename(path, "b"),
                () => writer.Rename("a", path),
                () => writer.FinishFolder(Entry(path.Length == 0 ? ".." : path, TreeEntryKind.Folder)),
            ];

            Assert.All(acts, act => Assert.Contains($"'{path}'", Assert.Throws<InvalidDataException>(act).Message.Replace("'..'", $"'{path}'"), StringComparison.Ordinal));
        }

        Assert.Equal([Target], Directory.GetFileSystemEntries(_scratch.Root));
        Assert.Equal([Path.Join(Target, "a")], Directory.GetFileSystemEntries(Target));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Nothing_is_done_through_a_symbolic_link(bool isPortable)
    {
        _scratch.Write("outside/theirs", "theirs");
        Directory.CreateDirectory(_scratch.PathOf("outside/folder"));
        var mode = File.GetUnixFileMode(_scratch.PathOf("outside"));
        Directory.CreateDirectory(Path.Join(Target, "a"));
        _scratch.Write("target/ours", "ours");
        Directory.CreateSymbolicLink(Path.Join(Target, "a/link"), "../../outside");
        using var writer = new FolderWriter(Target, isPortable);
        Action[] acts =
        [
            () => writer.CreateFile("a/link/ours", 0, sparse: false),
            () => writer.CreateFile("a/link/folder/ours", 0, sparse: false),
            () => writer.CreateFolder("a/link"),
            () => writer.CreateFolder("a/link/ours"),
            () => writer.CreateFolder("a/link/folder/ours"),
            () => writer.CreateSymbolicLink("a/link/ours", "x"),
            () => writer.Look("a/link/theirs"),
            () => writer.Delete("a/link/theirs"),
            () => writer.Rename("a/link/theirs", "stolen"),
            () => writer.Rename("ours", "a/link/ours"),
            () => writer.FinishFolder(Entry("a/link", TreeEntryKind.Folder) with { Mode = 0, Modified = 0 }),
            () => writer.FinishFolder(Entry("a/link/folder", TreeEntryKind.Folder) with { Mode = 0, Modified = 0 }),
        ];

        Assert.All(acts, act => Assert.ThrowsAny<IOException>(act));
        if (!isPortable)
        {
            Assert.ThrowsAny<IOException>(() => writer.CreateHardLink("a/link/ours", "ours"));
            Assert.ThrowsAny<IOException>(() => writer.CreateHardLink("stolen", "a/link/theirs"));
        }

        Assert.Equal(["folder", "theirs"], Directory.GetFileSystemEntries(_scratch.PathOf("outside")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.PathOf("outside/folder")));
        Assert.Equal("theirs", File.ReadAllText(_scratch.PathOf("outside/theirs")));
        Assert.Equal(mode, File.GetUnixFileMode(_scratch.PathOf("outside")));
        Assert.Equal(["a", "ours"], Directory.GetFileSystemEntries(Target).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [LinuxFact]
    public void A_link_put_in_a_folders_place_while_it_is_filled_leads_nowhere()
    {
        Directory.CreateDirectory(_scratch.PathOf("outside"));
        using var writer = new FolderWriter(Target);
        writer.CreateFolder("a/b");
        Restore(writer, Entry("a/b/1"), "1"u8);
        Directory.Move(Path.Join(Target, "a/b"), Path.Join(Target, "moved"));
        Directory.CreateSymbolicLink(Path.Join(Target, "a/b"), _scratch.PathOf("outside"));

        Restore(writer, Entry("a/b/2"), "2"u8);

        Assert.Empty(Directory.GetFileSystemEntries(_scratch.PathOf("outside")));
        Assert.Equal(["1", "2"], Directory.GetFiles(Path.Join(Target, "moved")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_target_may_be_a_link_but_not_a_file(bool isPortable)
    {
        _scratch.Write("file");
        Directory.CreateDirectory(_scratch.PathOf("real"));
        Directory.CreateSymbolicLink(Target, "real");

        using (var writer = new FolderWriter(Target, isPortable))
        {
            Restore(writer, Entry("a"), "x"u8);
        }

        Assert.True(File.Exists(_scratch.PathOf("real/a")));
        Assert.ThrowsAny<IOException>(() => new FolderWriter(_scratch.PathOf("file"), isPortable));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_symbolic_link_says_any_text_but_none_that_no_link_can(bool isPortable)
    {
        using var writer = new FolderWriter(Target, isPortable);
        Assert.Null(writer.CreateSymbolicLink("a", "../../etc/ä 😀"));

        Assert.Equal("../../etc/ä 😀", new FileInfo(Path.Join(Target, "a")).LinkTarget);
        Assert.Throws<InvalidDataException>(() => writer.CreateSymbolicLink("b", ""));
        Assert.Throws<InvalidDataException>(() => writer.CreateSymbolicLink("b", "a\0b"));
    }
}
