using Maintenance.Local.Storage;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;

namespace Maintenance.Tests.Storage;

public sealed class FolderObjectStoreTests : ObjectStoreContract, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ScratchFolder _scratch = new();

    private string Root => _scratch.PathOf("objects");

    private string Unfinished => Path.Combine(Root, ".tmp~");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task What_a_crash_left_unfinished_is_removed_at_start_and_never_listed()
    {
        var store = FolderObjectStore.Open(Root);
        await store.PutAsync("one", Bytes(1), None);
        await File.WriteAllBytesAsync(Path.Combine(Unfinished, "0123-1"), Bytes(50));

        Assert.Equal(["one"], (await ListAsync(store, "")).Select(info => info.Name));
        Assert.Empty(await ListAsync(store, ".tmp"));

        FolderObjectStore.Open(Root);
        Assert.Empty(Directory.GetFileSystemEntries(Unfinished));
    }

    [Fact]
    public async Task A_put_under_way_is_no_leftover_for_a_second_store()
    {
        FolderObjectStore.Open(Root);
        var path = Path.Combine(Unfinished, "0123-1");
        using (File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Delete))
        {
            FolderObjectStore.Open(Root);
            Assert.True(File.Exists(path));
        }

        FolderObjectStore.Open(Root);
        Assert.False(File.Exists(path));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_put_leaves_nothing_beside_the_object()
    {
        var store = FolderObjectStore.Open(Root);
        await store.PutAsync("a/one", Bytes(1), None);
        await store.PutAsync("a/one", Bytes(2), None);
        await Assert.ThrowsAnyAsync<IOException>(() => store.PutAsync("a/one/two", Bytes(2), None));

        Assert.Empty(Directory.GetFileSystemEntries(Unfinished));
    }

    [Fact]
    public async Task A_written_object_leaves_nothing_beside_it_however_it_ends()
    {
        IObjectStore store = FolderObjectStore.Open(Root);
        await store.PutAsync("a/b", Bytes(1), None);
        foreach (var name in new[] { "a/one", "a/one", "a", "a/given-up", "a/cancelled" })
        {
            await using var writer = await store.CreateAsync(name, None);
            await writer.WriteAsync(Bytes(50), None);
            Assert.Single(Directory.GetFileSystemEntries(Unfinished));
            _ = name switch
            {
                "a" => await Record.ExceptionAsync(() => writer.CompleteAsync(None)) is IOException,
                "a/given-up" => true,
                "a/cancelled" => await Record.ExceptionAsync(() => writer.CompleteAsync(new CancellationToken(canceled: true))) is OperationCanceledException,
                _ => await writer.CompleteAsync(None),
            };
        }

        Assert.Empty(Directory.GetFileSystemEntries(Unfinished));
        Assert.Equal(["a/b", "a/one"], (await ListAsync(store, "")).Select(info => info.Name));
    }

    [Fact]
    public async Task An_object_under_way_is_no_leftover_for_a_second_store_and_takes_no_more_after_its_end()
    {
        IObjectStore store = FolderObjectStore.Open(Root);
        await using var writer = await store.CreateAsync("a/one", None);
        await writer.WriteAsync(Bytes(50), None);
        FolderObjectStore.Open(Root);

        Assert.True(await writer.CompleteAsync(None));

        Assert.Equal(Bytes(50), await store.GetAsync("a/one", None));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.WriteAsync(Bytes(1), None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CompleteAsync(None));
    }

    [Fact]
    public async Task Two_stores_over_one_folder_agree_on_the_first_writer()
    {
        var stores = new[] { FolderObjectStore.Open(Root), FolderObjectStore.Open(Root) };
        for (var round = 0; round < 50; round++)
        {
            var puts = await Task.WhenAll(stores.Select((store, i) => Task.Run(() => store.PutAsync($"race/{round}", Bytes(i + 1), None))));

            Assert.Single(puts, won => won);
            Assert.Equal(Bytes(puts[0] ? 1 : 2), await stores[0].GetAsync($"race/{round}", None));
        }
    }

    [Fact]
    public async Task A_symbolic_link_is_not_followed_out_of_the_folder()
    {
        var outside = Directory.CreateDirectory(_scratch.PathOf("outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "theirs"), "theirs");
        var store = FolderObjectStore.Open(Root);
        Directory.CreateSymbolicLink(Path.Combine(Root, "link"), outside);

        await Assert.ThrowsAsync<IOException>(() => store.PutAsync("link/ours", Bytes(1), None));
        await Assert.ThrowsAsync<IOException>(() => store.DeleteAsync("link/theirs", None));

        Assert.Equal(["theirs"], Directory.GetFiles(outside).Select(Path.GetFileName));
        Assert.Empty(await ListAsync(store, ""));
    }

    [Fact]
    public async Task A_name_is_not_an_object_and_a_folder_at_once()
    {
        var store = FolderObjectStore.Open(Root);
        await store.PutAsync("a/b", Bytes(1), None);

        await Assert.ThrowsAnyAsync<IOException>(() => store.PutAsync("a", Bytes(1), None));
        await Assert.ThrowsAnyAsync<IOException>(() => store.PutAsync("a/b/c", Bytes(1), None));

        Assert.Equal(["a/b"], (await ListAsync(store, "")).Select(info => info.Name));
    }

    [Fact]
    public async Task The_last_delete_of_a_folder_removes_it_but_never_the_root()
    {
        var store = FolderObjectStore.Open(Root);
        await store.PutAsync("a/b/one", Bytes(1), None);
        await store.PutAsync("a/two", Bytes(1), None);

        await store.DeleteAsync("a/b/one", None);
        Assert.False(Directory.Exists(Path.Combine(Root, "a", "b")));
        await store.DeleteAsync("a/two", None);

        Assert.Equal([Unfinished], Directory.GetFileSystemEntries(Root));
    }

    [Fact]
    public async Task A_put_succeeds_although_deletes_keep_removing_its_folder()
    {
        var store = FolderObjectStore.Open(Root);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 400; i++)
            {
                Assert.True(await store.PutAsync($"a/b/{worker}", ReadOnlyMemory<byte>.Empty, None));
                Assert.True(await store.DeleteAsync($"a/b/{worker}", None));
            }
        })));

        Assert.Equal([Unfinished], Directory.GetFileSystemEntries(Root));
    }

    [Fact]
    public async Task Folders_that_are_not_ours_are_passed_by()
    {
        var store = FolderObjectStore.Open(Root);
        Directory.CreateDirectory(Path.Combine(Root, "lost+found"));
        await File.WriteAllTextAsync(Path.Combine(Root, "lost+found", "inode"), "x");
        await File.WriteAllTextAsync(Path.Combine(Root, "a note.txt"), "x");

        Assert.Empty(await ListAsync(store, ""));
    }

    [Fact]
    public async Task A_cancelled_put_stores_nothing()
    {
        var store = FolderObjectStore.Open(Root);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync("one", Bytes(1), new CancellationToken(canceled: true)));

        Assert.Empty(await ListAsync(store, ""));
    }

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(FolderObjectStore.Open(Root));
}
