using System.Text;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using Maintenance.Backups.Repository;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Sources;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests.Sources;

public sealed class ContainerTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeBlobContainer _container = new();

    [Fact]
    public async Task Every_blob_is_a_file_by_the_order_of_the_names()
    {
        foreach (var name in new[] { "b", "a/2", "a/1", "a.txt", "Z" })
        {
            Put(name, name);
        }

        var backup = await TakeAsync();

        Assert.Equal(["Z", "a.txt", "a/1", "a/2", "b"], backup.Paths);
        Assert.All(backup.Entries, item => Assert.Equal(item.Entry.Path, Encoding.UTF8.GetString(item.Content)));
        Assert.All(backup.Entries, item => Assert.Equal((TreeEntryKind.File, item.Content.Length, 1795312800_000_000_000), (item.Entry.Kind, item.Entry.Length, item.Entry.Modified)));
        Assert.Equal(5, backup.Entries.Select(static item => item.Entry.ChangeMark).Distinct().Count());
    }

    [Fact]
    public async Task What_did_not_change_shows_the_same_and_what_was_written_again_does_not()
    {
        Put("a", "one");
        Put("b", "two");
        var before = (await TakeAsync()).Entries;

        Put("b", "two");
        var after = (await TakeAsync()).Entries;

        Assert.True(before[0].Entry.IsUnchanged(after[0].Entry, ignoreChangeMark: false));
        Assert.False(before[1].Entry.IsUnchanged(after[1].Entry, ignoreChangeMark: false));
    }

    [Fact]
    public async Task A_container_comes_back_with_its_odd_names_types_metadata_and_folder_marks()
    {
        var names = new[] { "a", "a/b", "a/b/c", "a-1", "a//x", "a/", "a/../up", ".", "100%", "tab\tin it", "back\\slash", "deep/er/one", "x%properties" };
        for (var i = 0; i < names.Length; i++)
        {
            Put(names[i], new string('x', i * 1000));
        }

        _container.Blobs["photo.jpg"] = new StoredBlob([1, 2, 3])
        {
            Headers = new BlobHttpHeaders { ContentType = "image/jpeg", CacheControl = "no-cache", ContentDisposition = "inline", ContentEncoding = "gzip", ContentLanguage = "sw-KE" },
            Metadata = new Dictionary<string, string> { ["taken"] = "2026-11-22", ["By"] = "Ann" },
        };
        _container.Blobs["folder"] = new StoredBlob([]) { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true", ["owner"] = "ben" } };
        Put("folder/in it", "y");

        var backup = await TakeAsync();
        var restored = new FakeBlobContainer();
        var losses = await backup.RestoreAsync(new ContainerTarget(restored));

        Assert.Empty(losses);
        Assert.Empty(backup.Findings.Problems);
        Assert.Equal(_container.Blobs.Keys.Order(StringComparer.Ordinal), restored.Blobs.Keys.Order(StringComparer.Ordinal));
        Assert.All(_container.Blobs, blob => AssertEqual(blob.Value, restored.Blobs[blob.Key]));
        Assert.Equal(TreeEntryKind.Folder, backup.Entries.Single(static item => item.Entry.Path == "folder").Entry.Kind);
    }

    [Fact]
    public async Task No_file_of_a_snapshot_is_also_the_folder_of_another()
    {
        foreach (var name in new[] { "a", "a/b", "a/b/c", "a/b/d/e", "a-1", "a-1/x", "ab/c", "z/y", "z/y/x" })
        {
            Put(name, "x");
        }

        var paths = (await TakeAsync()).Paths.ToHashSet(StringComparer.Ordinal);

        Assert.Equal(["a", "a-1", "a-1%2Fx", "a%2Fb", "a%2Fb%2Fc", "a%2Fb%2Fd/e", "ab/c", "z/y", "z/y%2Fx"], paths.Order(BlobPaths.Order));
        Assert.DoesNotContain(paths, path => paths.Any(other => other.StartsWith(path + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Globs_leave_out_names_and_all_that_is_in_a_folder()
    {
        foreach (var name in new[] { "logs/a", "logs/deep/b", "data/logs/c", "data/d", "e.tmp", "data/f.tmp", "logsy" })
        {
            Put(name, "x");
        }

        Assert.Equal(["data/d", "logsy"], (await TakeAsync("logs", "*.tmp")).Paths);
        Assert.Equal(["data/d", "data/f.tmp", "data/logs/c", "e.tmp", "logsy"], (await TakeAsync("/logs/**")).Paths);
    }

    [Fact]
    public async Task Page_and_append_blobs_are_read_with_a_note()
    {
        _container.Blobs["disk"] = new StoredBlob(new byte[512]) { Type = BlobType.Page };
        _container.Blobs["log"] = new StoredBlob([1]) { Type = BlobType.Append };

        var backup = await TakeAsync();

        Assert.Equal(2, backup.Findings.NoteCount);
        Assert.Equal(0, backup.Findings.ProblemCount);
        Assert.Equal(512, backup["disk"].Length);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task A_blob_that_was_replaced_after_it_was_listed_is_not_read_as_the_one_that_was(string last)
    {
        // Of the last blob of the list the source knows the ETag, of any other the mark.
        Put("a", "old");
        Put(last, "old");
        await using var source = new ContainerSource(_container, []);
        var entry = (await Backup.ScanAsync(source))[0];
        Put("a", "new");
        Assert.Equal("a", entry.Path);

        await Assert.ThrowsAsync<IOException>(() => Backup.ReadAsync(source, entry));
        var now = await source.LookAgainAsync(entry, None);

        Assert.NotNull(now);
        Assert.False(entry.IsUnchanged(now, ignoreChangeMark: false));
        Assert.Equal("new"u8.ToArray(), await Backup.ReadAsync(source, now));
        Assert.Equal(now, await source.LookAgainAsync(now, None));
    }

    [Fact]
    public async Task Two_states_of_a_blob_are_never_mixed_when_a_connection_breaks()
    {
        Put("a", new string('x', 50_000));
        await using var source = new ContainerSource(_container, []);
        var entry = Assert.Single(await Backup.ScanAsync(source));
        _container.Break = (20_000, () => Put("a", new string('y', 50_000)));

        await Assert.ThrowsAsync<IOException>(() => Backup.ReadAsync(source, entry));

        Assert.NotEqual(entry, await source.LookAgainAsync(entry, None));
    }

    [Fact]
    public async Task A_broken_connection_alone_loses_nothing()
    {
        Put("a", new string('x', 50_000));
        _container.Break = (20_000, static () => { });

        Assert.Equal(50_000, (await TakeAsync())["a"].Length);
    }

    [Fact]
    public async Task An_answer_that_ends_too_early_is_no_whole_blob()
    {
        Put("a", "0123456789");
        _container.CutShort = 9;

        Assert.EndsWith("it has 10 bytes, and 9 came.", (await Assert.ThrowsAsync<IOException>(() => TakeAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_that_is_gone_is_told_and_is_nothing_any_more()
    {
        Put("a", "x");
        await using var source = new ContainerSource(_container, []);
        var entry = Assert.Single(await Backup.ScanAsync(source));
        _container.Blobs.Clear();

        await Assert.ThrowsAsync<FileNotFoundException>(() => Backup.ReadAsync(source, entry));
        Assert.Null(await source.LookAgainAsync(entry, None));
    }

    [Fact]
    public async Task Properties_that_changed_are_not_told_as_those_that_were_listed()
    {
        _container.Blobs["a"] = new StoredBlob([]) { Headers = new BlobHttpHeaders { ContentType = "text/plain" } };
        Put("b", "");
        await using var source = new ContainerSource(_container, []);
        var entry = (await Backup.ScanAsync(source))[0];
        Assert.Equal("""{"contentType":"text/plain"}""", Encoding.UTF8.GetString(await Backup.ReadAsync(source, entry)));

        _container.Blobs["a"] = new StoredBlob([]) { Headers = new BlobHttpHeaders { ContentType = "text/csv" } };
        await Assert.ThrowsAsync<IOException>(() => Backup.ReadAsync(source, entry));

        await using var another = new ContainerSource(_container, []);
        Assert.Equal("""{"contentType":"text/csv"}""", Encoding.UTF8.GetString(await Backup.ReadAsync(another, (await another.LookAgainAsync(entry, None))!)));
        Put("a", "");
        Assert.Null(await another.LookAgainAsync(entry, None));
    }

    [Fact]
    public async Task Reading_a_container_takes_one_request_a_blob_besides_the_list()
    {
        for (var i = 0; i < 250; i++)
        {
            _container.Blobs[$"{i:D4}"] = new StoredBlob([1]) { Headers = new BlobHttpHeaders { ContentType = "text/plain" } };
        }

        Assert.Equal(500, (await TakeAsync()).Entries.Count);

        Assert.Equal(251, _container.Requests.Count);
    }

    [Theory]
    [InlineData(404, "ContainerNotFound", typeof(DirectoryNotFoundException))]
    [InlineData(403, "AuthorizationPermissionMismatch", typeof(UnauthorizedAccessException))]
    [InlineData(503, "ServerBusy", typeof(IOException))]
    [InlineData(409, "ContainerBeingDeleted", typeof(IOException))]
    public async Task A_container_that_cannot_be_read_is_told_in_words(int status, string code, Type expected)
    {
        _container.Failure = new RequestFailedException(status, "No.\nRequestId: 7", code, null);

        var error = await Assert.ThrowsAsync(expected, () => TakeAsync());

        Assert.StartsWith("container https://account.blob.core.windows.net/records: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"the service answered {status} {code}: No.", error.Message, StringComparison.Ordinal);
        Assert.Equal(status == 403, error.Message.Contains("Storage Blob Data Reader", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failed_sign_ins_tries_and_time_outs_are_told_as_what_they_are()
    {
        Put("a", "x");
        foreach (var fault in new Exception[]
        {
            new AuthenticationFailedException("No token."),
            new AggregateException("Retry failed after 6 tries.", new IOException("Refused."), new RequestFailedException(0, "No route to host.")),
            new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout."),
        })
        {
            _container.FailureOf = request => request == "get a" ? fault : null;
            var told = await Assert.ThrowsAsync<IOException>(() => TakeAsync());
            Assert.StartsWith("blob a: ", told.Message, StringComparison.Ordinal);
            Assert.Same(fault, told.InnerException);
        }
    }

    [Fact]
    public async Task An_archived_blob_is_told_as_such()
    {
        Put("a", "x");
        _container.FailureOf = static request => request == "get a" ? new RequestFailedException(409, "No.", "BlobArchived", null) : null;

        Assert.Contains("archive tier", (await Assert.ThrowsAsync<IOException>(() => TakeAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_writes_over_nothing_and_goes_on()
    {
        Put("a", "one");
        Put("b", "two");
        var backup = await TakeAsync();
        Put("a", "another");
        _container.Blobs.TryRemove("b", out _);

        var losses = await backup.RestoreAsync(new ContainerTarget(_container));

        Assert.StartsWith("a: the container has a blob of this name", Assert.Single(losses), StringComparison.Ordinal);
        Assert.Equal(("another", "two"), (Text("a"), Text("b")));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(BlockUpload.UsualBlockBytes + 100)]
    public async Task Damaged_contents_leave_no_blob(int bytes)
    {
        await using var target = new ContainerTarget(_container);
        await target.PrepareAsync(None);
        var entry = new TreeEntry { Path = "a", Kind = TreeEntryKind.File, Length = bytes + 10 };

        await Assert.ThrowsAsync<InvalidDataException>(() => target.WriteAsync(entry, new DamagedContent(new byte[bytes]), None));

        Assert.Empty(_container.Blobs);
    }

    [Fact]
    public async Task A_large_blob_is_restored_in_blocks_with_its_type()
    {
        var content = new byte[(2 * BlockUpload.UsualBlockBytes) + 5];
        new Random(1).NextBytes(content);
        _container.Blobs["large"] = new StoredBlob(content) { Headers = new BlobHttpHeaders { ContentType = "video/mp4" } };
        var restored = new FakeBlobContainer();

        Assert.Empty(await (await TakeAsync()).RestoreAsync(new ContainerTarget(restored)));

        AssertEqual(_container.Blobs["large"], restored.Blobs["large"]);
        Assert.Equal(["list", "stage large", "stage large", "stage large", "commit large"], restored.Requests);
    }

    [Fact]
    public async Task A_container_has_no_links_and_takes_the_files_of_a_folder_under_their_own_names()
    {
        await using var target = new ContainerTarget(_container);
        await target.PrepareAsync(None);

        await Assert.ThrowsAsync<IOException>(() => target.WriteAsync(new TreeEntry { Path = "l", Kind = TreeEntryKind.SymbolicLink, Target = "a" }, Stream.Null, None));
        await target.WriteAsync(new TreeEntry { Path = "", Kind = TreeEntryKind.Folder }, Stream.Null, None);
        await target.WriteAsync(new TreeEntry { Path = "50%off.txt", Kind = TreeEntryKind.File }, Stream.Null, None);

        Assert.Equal(["50%off.txt"], _container.Blobs.Keys);
    }

    [Fact]
    public async Task Properties_that_are_none_cost_the_properties_and_not_the_blob()
    {
        var backup = new Backup();
        backup.Entries.Add((new TreeEntry { Path = "a%properties", Kind = TreeEntryKind.File }, "oops"u8.ToArray()));
        backup.Entries.Add((new TreeEntry { Path = "a", Kind = TreeEntryKind.File }, [1]));

        var losses = await backup.RestoreAsync(new ContainerTarget(_container));

        Assert.StartsWith("a%properties: ", Assert.Single(losses), StringComparison.Ordinal);
        Assert.Equal("application/octet-stream", _container.Blobs["a"].Headers.ContentType);
    }

    [Theory]
    [InlineData(404, "ContainerNotFound")]
    [InlineData(403, "AuthorizationPermissionMismatch")]
    public async Task A_target_that_is_not_there_or_not_allowed_is_told_before_anything_is_written(int status, string code)
    {
        _container.Failure = new RequestFailedException(status, "No.", code, null);

        var error = await Assert.ThrowsAsync<IOException>(() => new ContainerTarget(_container).PrepareAsync(None));

        Assert.Contains("Storage Blob Data Contributor", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttling_while_restoring_is_told_of_the_blob()
    {
        Put("a", "x");
        var backup = await TakeAsync();
        var restored = new FakeBlobContainer { FailureOf = static request => request == "put a" ? new RequestFailedException(503, "Busy.", "ServerBusy", null) : null };

        Assert.Equal("blob a: the service answered 503 ServerBusy: Busy.", Assert.Single(await backup.RestoreAsync(new ContainerTarget(restored))));
    }

    private static void AssertEqual(StoredBlob expected, StoredBlob actual)
    {
        Assert.Equal(expected.Content, actual.Content);
        Assert.Equal(
            (expected.Headers.ContentType, expected.Headers.ContentEncoding, expected.Headers.ContentLanguage, expected.Headers.ContentDisposition, expected.Headers.CacheControl),
            (actual.Headers.ContentType, actual.Headers.ContentEncoding, actual.Headers.ContentLanguage, actual.Headers.ContentDisposition, actual.Headers.CacheControl));
        Assert.Equal(expected.Metadata.OrderBy(static pair => pair.Key), actual.Metadata.OrderBy(static pair => pair.Key));
    }

    private void Put(string name, string text) => _container.Blobs[name] = new StoredBlob(Encoding.UTF8.GetBytes(text));

    private string Text(string name) => Encoding.UTF8.GetString(_container.Blobs[name].Content);

    private Task<Backup> TakeAsync(params string[] exclude) => Backup.TakeAsync(new ContainerSource(_container, exclude));
}
