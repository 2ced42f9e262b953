using System.Runtime.Versioning;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;

namespace Maintenance.Tests.Sources;

/// <summary>How a backup reads the files of a folder, and what it makes of changes meanwhile.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FolderReadingTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SourceScratch _scratch = new();

    public static TheoryData<bool> Ways => SourceScratch.Ways;

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_is_removed_while_the_folder_is_read_is_noted(bool isPortable)
    {
        foreach (var path in new[] { "a", "b", "c/inside", "d" })
        {
            _scratch.Write(path);
        }

        await using var source = new FolderSource(_scratch.Root, [], oneFileSystem: false, isPortable);
        var (findings, paths) = (new SourceFindings(), new List<string>());
        await foreach (var entry in source.ScanAsync(findings, None))
        {
            paths.Add(entry.Path);
            File.Delete(_scratch.PathOf("b"));
            if (entry.Path == "c")
            {
                Directory.Delete(_scratch.PathOf("c"), recursive: true);
            }
        }

        Assert.Equal(["a", "c", "d"], paths);
        Assert.Empty(findings.Problems);
        Assert.Equal(["b: it was removed while its folder was read.", "c: it was removed while its folder was read."], findings.Notes);
    }

    [NotAsRootTheory]
    [MemberData(nameof(Ways))]
    public async Task What_may_not_be_read_is_a_problem_and_costs_nothing_else(bool isPortable)
    {
        _scratch.Write("a/inside");
        _scratch.Write("b");
        _scratch.Write("c");
        File.SetUnixFileMode(_scratch.PathOf("a"), UnixFileMode.None);
        File.SetUnixFileMode(_scratch.PathOf("b"), UnixFileMode.None);
        await using var source = new FolderSource(_scratch.Root, [], oneFileSystem: false, isPortable);
        var (findings, paths) = (new SourceFindings(), new List<string>());
        await foreach (var entry in source.ScanAsync(findings, None))
        {
            paths.Add(entry.Path);
            if (entry.Path == "b")
            {
                await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await source.OpenAsync(entry, None));
            }
        }

        Assert.Equal(["a", "b", "c"], paths);
        Assert.StartsWith("a: the folder cannot be read: ", Assert.Single(findings.Problems), StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task A_folder_moved_away_while_it_is_read_does_not_lead_the_backup_elsewhere()
    {
        foreach (var path in new[] { "root/a/b/1", "root/a/b/2", "root/a/c", "elsewhere/b/1", "elsewhere/b/2", "elsewhere/c" })
        {
            _scratch.Write(path, path);
        }

        await using var source = new FolderSource(_scratch.PathOf("root"), [], oneFileSystem: false, isPortable: false);
        var read = new List<string>();
        await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
        {
            if (entry.Path == "a/b/1")
            {
                Directory.Move(_scratch.PathOf("root/a"), _scratch.PathOf("moved"));
                Directory.CreateSymbolicLink(_scratch.PathOf("root/a"), _scratch.PathOf("elsewhere"));
            }

            if (entry.Kind == TreeEntryKind.File)
            {
                using var stream = await source.OpenAsync(entry, None);
                read.Add(await new StreamReader(stream).ReadToEndAsync());
                Assert.Equal(entry, await source.LookAgainAsync(entry, None));
            }
        }

        Assert.Equal(["root/a/b/1", "root/a/b/2", "root/a/c"], read);
    }

    [LinuxFact]
    public async Task A_file_that_became_a_link_or_a_pipe_is_not_opened()
    {
        _scratch.Write("root/a");
        _scratch.Write("root/b");
        _scratch.Write("secret", "secret");
        await using var source = new FolderSource(_scratch.PathOf("root"), [], oneFileSystem: false, isPortable: false);
        await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
        {
            _scratch.Run("rm", $"root/{entry.Path}");
            _scratch.Run(entry.Path == "a" ? "ln" : "mkfifo", entry.Path == "a" ? ["-s", "../secret", "root/a"] : ["root/b"]);

            await Assert.ThrowsAsync<IOException>(async () => await source.OpenAsync(entry, None));
            Assert.Null(await source.LookAgainAsync(entry, None));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_file_is_read_whole(bool isPortable)
    {
        var content = Enumerable.Range(0, 5_000_000).Select(i => (byte)(i * 31 >> 3)).ToArray();
        File.WriteAllBytes(_scratch.PathOf("a"), content);
        _scratch.Write("b");
        await using var source = new FolderSource(_scratch.Root, [], oneFileSystem: false, isPortable);
        var entries = new List<TreeEntry>();
        await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
        {
            entries.Add(entry);
            await using var stream = await source.OpenAsync(entry, None);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            Assert.Equal(entry.Path == "a" ? content : [], copy.ToArray());
            Assert.Equal(-1, stream.ReadByte());
        }

        // Later, by its path.
        await using var again = await source.OpenAsync(entries[0], None);
        var first = new byte[100];
        await again.ReadExactlyAsync(first);
        Assert.Equal(content[..100], first);
        await Assert.ThrowsAnyAsync<IOException>(async () => await source.OpenAsync(entries[0] with { Path = "missing/a" }, None));
        Assert.Null(await source.LookAgainAsync(entries[0] with { Path = "missing/a" }, None));
    }

    [LinuxFact]
    public async Task Reading_is_done_when_the_call_returns_and_nothing_stays_open()
    {
        _scratch.Write("folder/a", "hello");
        await using (var source = new FolderSource(_scratch.Root, [], oneFileSystem: false, isPortable: false))
        {
            await foreach (var entry in source.ScanAsync(new SourceFindings(), None).Where(static entry => entry.Kind == TreeEntryKind.File))
            {
                var stream = await source.OpenAsync(entry, None);
                var buffer = new byte[10];
                var read = stream.ReadAsync(buffer);
                Assert.True(read.IsCompletedSuccessfully);
                Assert.Equal(5, await read);
                await stream.DisposeAsync();
                await stream.DisposeAsync();
                await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadExactlyAsync(buffer).AsTask());
                break;
            }
        }

        Assert.Equal(0, _scratch.OpenDescriptors());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_second_look_shows_what_changed(bool isPortable)
    {
        foreach (var path in new[] { "a", "b", "c", "d" })
        {
            _scratch.Write(path, "content");
        }

        await using var source = new FolderSource(_scratch.Root, [], oneFileSystem: false, isPortable);
        await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
        {
            switch (entry.Path)
            {
                case "b":
                    File.AppendAllText(_scratch.PathOf("b"), "!");
                    break;
                case "c":
                    File.Delete(_scratch.PathOf("c"));
                    break;
                case "d":
                    File.Delete(_scratch.PathOf("d"));
                    Directory.CreateDirectory(_scratch.PathOf("d"));
                    break;
            }

            var now = await source.LookAgainAsync(entry, None);

            Assert.Equal(entry.Path is "a" or "b", now is not null);
            Assert.Equal(entry.Path == "a", now == entry);
            Assert.Equal(entry.Path == "a", now is not null && entry.IsUnchanged(now, ignoreChangeMark: false));
        }
    }

    [LinuxFact]
    public async Task A_file_whose_time_was_set_back_still_shows_that_it_changed()
    {
        _scratch.Write("a", "before");
        var time = File.GetLastWriteTimeUtc(_scratch.PathOf("a"));
        var before = Assert.Single(await _scratch.ScanAsync(isPortable: false));
        var after = before;
        while (after.ChangeMark == before.ChangeMark)
        {
            // Until the system's clock has gone on: it goes in steps of milliseconds.
            File.WriteAllText(_scratch.PathOf("a"), "after!");
            File.SetLastWriteTimeUtc(_scratch.PathOf("a"), time);
            after = Assert.Single(await _scratch.ScanAsync(isPortable: false));
        }

        Assert.Equal(before.Length, after.Length);
        Assert.False(before.IsUnchanged(after, ignoreChangeMark: false));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_scan_ends_when_it_is_cancelled(bool isPortable)
    {
        _scratch.Write("a");
        await using var source = new FolderSource(_scratch.Root, [], oneFileSystem: false, isPortable);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await source.ScanAsync(new SourceFindings(), new CancellationToken(canceled: true)).GetAsyncEnumerator(None).MoveNextAsync());
    }
}
