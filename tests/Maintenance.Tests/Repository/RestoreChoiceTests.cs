using System.Runtime.Versioning;
using System.Text;
using Maintenance.Backups.Repository;
using Maintenance.Tests.Sources;

namespace Maintenance.Tests.Repository;

/// <summary>What is restored of a snapshot, and what becomes of what is there.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RestoreChoiceTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SourceScratch _scratch = new();

    private string Target => _scratch.PathOf("target");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("", "a.txt,docs/one.txt,docs/deep/two.txt,docs/deep/three.bin,other/docs/four.txt,st*r")]
    [InlineData("/", "a.txt,docs/one.txt,docs/deep/two.txt,docs/deep/three.bin,other/docs/four.txt,st*r")]
    [InlineData("docs", "docs/one.txt,docs/deep/two.txt,docs/deep/three.bin")]
    [InlineData("/docs/", "docs/one.txt,docs/deep/two.txt,docs/deep/three.bin")]
    [InlineData("docs/deep", "docs/deep/two.txt,docs/deep/three.bin")]
    [InlineData("docs/deep/two.txt", "docs/deep/two.txt")]
    [InlineData("doc", "")]
    [InlineData("*.txt", "a.txt,docs/one.txt,docs/deep/two.txt,other/docs/four.txt")]
    [InlineData("docs/*.txt", "docs/one.txt")]
    [InlineData("docs/**/t*", "docs/deep/two.txt,docs/deep/three.bin")]
    [InlineData("d??p", "docs/deep/two.txt,docs/deep/three.bin")]
    [InlineData("st*r", "st*r")]
    [InlineData("a.txt|other", "a.txt,other/docs/four.txt")]
    public async Task What_is_asked_for_is_restored_and_nothing_else(string paths, string expected)
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        foreach (var path in new[] { "a.txt", "docs/one.txt", "docs/deep/two.txt", "docs/deep/three.bin", "other/docs/four.txt", "st*r" })
        {
            source.File(path, Encoding.UTF8.GetBytes(path));
        }

        var snapshot = await bench.TakeAsync(source);
        string[] asked = paths.Length == 0 ? [] : paths.Split('|');
        var files = expected.Length == 0 ? [] : expected.Split(',');

        var dry = await bench.Repository.RestoreAsync(snapshot, new RestoreOrder(Target) { Paths = asked, IsDryRun = true }, null, None);
        Assert.False(Directory.Exists(Target));
        var report = await bench.Repository.RestoreAsync(snapshot, new RestoreOrder(Target) { Paths = asked }, null, None);

        Assert.Equal(files.Order(StringComparer.Ordinal), Files());
        Assert.All(files, path => Assert.Equal(path, File.ReadAllText(Path.Combine(Target, path))));
        Assert.Equal((files.Length, 0), (report.Files, report.LossCount));
        Assert.Equal((report.Files, report.Bytes, report.Folders), (dry.Files, dry.Bytes, dry.Folders));
        var (place, _) = await bench.RestoreAsync(snapshot, asked);
        Assert.Equal(files.Order(StringComparer.Ordinal), place.Contents.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_name_of_a_file_restores_where_the_file_itself_was_not_asked_for()
    {
        var bench = await RepositoryBench.CreateAsync();
        var content = RepositoryBench.Noise(3_000_000);
        var snapshot = await bench.TakeAsync(new MemorySource().File("a/first", content).Link("b/second", TreeEntryKind.HardLink, "a/first").Link("b/third", TreeEntryKind.HardLink, "a/first"));

        var report = await bench.Repository.RestoreAsync(snapshot, new RestoreOrder(Target) { Paths = ["b"] }, null, None);

        Assert.Empty(report.Losses);
        Assert.Equal(["b/second", "b/third"], Files());
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(Target, "b/second")));
        Assert.Equal((1, 1), (report.Files, report.Links));
        Assert.Equal("2", WildTree.Read(Target).Single(static line => line.StartsWith("b/third", StringComparison.Ordinal)).Split(" bytes, ")[1][..1]);
    }

    [Fact]
    public async Task A_target_that_is_not_empty_is_refused_unless_told_otherwise()
    {
        var (bench, snapshot) = await WithExistingAsync();

        await Assert.ThrowsAsync<TargetNotEmptyException>(() => bench.Repository.RestoreAsync(snapshot, new RestoreOrder(Target), null, None));

        Assert.Equal(["changed", "extra", "folder/inner"], Files());
        Assert.Equal("mine", Read("changed"));
    }

    [Fact]
    public async Task Kept_files_stay_as_they_are()
    {
        var (bench, snapshot) = await WithExistingAsync();

        var report = await bench.Repository.RestoreAsync(snapshot, new RestoreOrder(Target) { Existing = ExistingFiles.Keep }, null, None);

        Assert.Equal((2, 0), (report.Kept, report.LossCount));
        Assert.Equal(("mine", "mine", "snapshot", "mine"), (Read("changed"), Read("folder/inner"), Read("new"), Read("extra")));
    }

    [Fact]
    public async Task Replaced_files_are_the_snapshots_and_nothing_is_left_beside_them()
    {
        var (bench, snapshot) = await WithExistingAsync();

        // Left by a restore that was cut off.
        await File.WriteAllTextAsync(Path.Combine(Target, "changed.~restoring"), "half");
        var report = await bench.Repository.RestoreAsync(snapshot, new RestoreOrder(Target) { Existing = ExistingFiles.Replace }, null, None);

        Assert.Equal((2, 0), (report.Replaced, report.LossCount));
        Assert.Equal(("snapshot", "snapshot", "snapshot", "mine"), (Read("changed"), Read("folder/inner"), Read("new"), Read("extra")));
        Assert.Equal(["changed", "changed.~restoring", "extra", "folder/inner", "new"], Files());
    }

    [Fact]
    public async Task Renamed_files_are_there_under_another_name_however_often()
    {
        var (bench, snapshot) = await WithExistingAsync();
        var order = new RestoreOrder(Target) { Existing = ExistingFiles.Rename };

        _ = await bench.Repository.RestoreAsync(snapshot, order, null, None);
        var report = await bench.Repository.RestoreAsync(snapshot, order, null, None);

        Assert.Equal((3, 0), (report.Renamed, report.LossCount));
        Assert.Equal(("snapshot", "mine", "snapshot"), (Read("changed"), Read("changed.before-restore"), Read("changed.before-restore-2")));
        Assert.Equal("mine", Read("extra"));
    }

    [Theory]
    [InlineData(ExistingFiles.Replace)]
    [InlineData(ExistingFiles.Rename)]
    public async Task The_longest_names_are_replaced_and_renamed_as_well(ExistingFiles existing)
    {
        var bench = await RepositoryBench.CreateAsync();
        var names = new[] { new string('x', 255), string.Concat(Enumerable.Repeat("ä", 127)), string.Concat(Enumerable.Repeat("\U0001F4BE", 63)) };
        var source = new MemorySource();
        foreach (var name in names)
        {
            source.File(name, "snapshot"u8.ToArray()).File($"f/{name}", RepositoryBench.Noise(3_000_000));
            Directory.CreateDirectory(Path.Combine(Target, "f"));
            await File.WriteAllTextAsync(Path.Combine(Target, name), "mine");
            await File.WriteAllTextAsync(Path.Combine(Target, "f", name), "mine");
        }

        var report = await bench.Repository.RestoreAsync(await bench.TakeAsync(source), new RestoreOrder(Target) { Existing = existing }, null, None);

        Assert.Empty(report.Losses);
        Assert.All(names, name => Assert.Equal("snapshot", Read(name)));
        Assert.Equal(existing == ExistingFiles.Replace ? 6 : 12, Files().Count);
    }

    [Fact]
    public async Task A_file_that_is_lost_leaves_the_one_that_it_would_have_replaced()
    {
        var bench = await RepositoryBench.CreateAsync();
        var snapshot = await bench.TakeAsync(new MemorySource().File("a", RepositoryBench.Noise(3_000_000)).File("z", "snapshot"u8.ToArray()));
        var pack = Assert.Single(bench.Memory.Below("packs/"));
        bench.Memory[pack][2_000_000] ^= 1;
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Path.Combine(Target, "a"), "mine");

        var report = await bench.Repository.RestoreAsync(snapshot, new RestoreOrder(Target) { Existing = ExistingFiles.Replace, Workers = 3 }, null, None);

        Assert.StartsWith("a: ", Assert.Single(report.Losses), StringComparison.Ordinal);
        Assert.Equal(["a", "z"], Files());
        Assert.Equal("mine", Read("a"));
    }

    [Fact]
    public async Task A_restore_that_is_cancelled_leaves_no_half_file()
    {
        var bench = await RepositoryBench.CreateAsync();
        var snapshot = await bench.TakeAsync(new MemorySource().File("a", RepositoryBench.Noise(12_000_000)).File("b", RepositoryBench.Noise(12_000_000, 2)));
        using var cancel = new CancellationTokenSource();
        var reads = 0;
        bench.Memory.Reading = name =>
        {
            if (name.StartsWith("packs/", StringComparison.Ordinal) && Interlocked.Increment(ref reads) == 5)
            {
                cancel.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Repository.RestoreAsync(snapshot, new RestoreOrder(Target), null, cancel.Token));

        Assert.Empty(Files());
        Assert.Empty(bench.Memory.Below("sessions/"));
    }

    [Fact]
    public async Task A_store_that_refuses_one_pack_costs_what_is_in_it()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(400_000));
        await bench.TakeAsync(source);
        var pack = Assert.Single(bench.Memory.Below("packs/"));
        var snapshot = await bench.TakeAsync(source.File("b", RepositoryBench.Noise(400_000, 2)));
        foreach (var error in new Exception[] { new IOException("Input/output error"), new UnauthorizedAccessException("Access denied") })
        {
            bench.Memory.Reading = name => _ = name == pack ? throw error : 0;

            var report = await bench.Repository.RestoreAsync(snapshot, new RestoreOrder(_scratch.PathOf(error.GetType().Name)), null, None);

            Assert.StartsWith("a: ", Assert.Single(report.Losses), StringComparison.Ordinal);
            Assert.Equal(1, report.Files);
        }
    }

    [Fact]
    public async Task A_folder_that_was_changed_differs_from_its_snapshot_by_what_was_changed()
    {
        var bench = await RepositoryBench.CreateAsync();
        var snapshot = await bench.TakeAsync(new MemorySource().File("a", RepositoryBench.Noise(3_000_000), mode: 0x1A4).File("b", [1]).File("c", [2]).File("d", [3]).File("e", [4], mode: 0x1A4));
        _ = await bench.Repository.RestoreAsync(snapshot, new RestoreOrder(Target), null, None);
        Assert.Empty(await bench.Repository.CompareAsync(snapshot, Target, null, None));

        var time = File.GetLastWriteTimeUtc(Path.Combine(Target, "a"));
        await using (var file = File.OpenWrite(Path.Combine(Target, "a")))
        {
            file.Position = 2_900_000;
            file.WriteByte((byte)~RepositoryBench.Noise(3_000_000)[2_900_000]);
        }

        File.SetLastWriteTimeUtc(Path.Combine(Target, "a"), time);
        File.Delete(Path.Combine(Target, "b"));
        File.SetLastWriteTimeUtc(Path.Combine(Target, "c"), time.AddHours(5));
        await File.AppendAllTextAsync(Path.Combine(Target, "d"), "more");
        File.SetUnixFileMode(Path.Combine(Target, "e"), UnixFileMode.UserRead);
        await File.WriteAllTextAsync(Path.Combine(Target, "f"), "new");

        var differences = await bench.Repository.CompareAsync(snapshot, Target, null, None);

        Assert.Equal(["a", "b", "c", "d", "e", "f"], differences.Select(static line => line[..line.IndexOf(':', StringComparison.Ordinal)]));
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(Target, path));

    private List<string> Files() => [.. Directory.EnumerateFiles(Target, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Target, path)).Order(StringComparer.Ordinal)];

    private async Task<(RepositoryBench Bench, Snapshot Snapshot)> WithExistingAsync()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource();
        foreach (var path in new[] { "changed", "folder/inner", "new" })
        {
            source.File(path, "snapshot"u8.ToArray());
        }

        foreach (var path in new[] { "target/changed", "target/extra", "target/folder/inner" })
        {
            _scratch.Write(path, "mine");
        }

        return (bench, await bench.TakeAsync(source));
    }
}
