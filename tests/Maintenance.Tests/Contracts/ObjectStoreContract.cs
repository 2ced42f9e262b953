using Maintenance.Storage;

namespace Maintenance.Tests.Contracts;

/// <summary>What <see cref="IObjectStore"/> guarantees, for every adapter.</summary>
public abstract partial class ObjectStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The store under test, empty at first. Called again in the same test it gives another adapter over the same objects.</summary>
    protected abstract Task<IObjectStore> OpenAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5 * 1024 * 1024 + 1)]
    public async Task A_put_object_is_read_back_whole(int length)
    {
        var store = await OpenAsync();
        var content = Bytes(length);

        Assert.True(await store.PutAsync("packs/ab/one", content, None));

        Assert.Equal(content, await store.GetAsync("packs/ab/one", None));
        Assert.True(await store.ExistsAsync("packs/ab/one", None));
        Assert.Equal([new ObjectInfo("packs/ab/one", length)], await ListAsync(store, ""));
    }

    [Fact]
    public async Task A_second_put_of_a_name_leaves_the_first_content()
    {
        var store = await OpenAsync();
        Assert.True(await store.PutAsync("locks/one", Bytes(10), None));

        Assert.False(await store.PutAsync("locks/one", Bytes(20), None));
        Assert.False(await store.PutAsync("locks/one", Bytes(10), None));

        Assert.Equal(Bytes(10), await store.GetAsync("locks/one", None));
    }

    [Fact]
    public async Task A_put_object_is_there_for_a_store_opened_later()
    {
        var store = await OpenAsync();
        await store.PutAsync("snapshots/one", Bytes(100), None);

        var later = await OpenAsync();

        Assert.Equal(Bytes(100), await later.GetAsync("snapshots/one", None));
        Assert.False(await later.PutAsync("snapshots/one", Bytes(1), None));
    }

    [Fact]
    public async Task Of_many_racing_puts_of_a_name_one_wins_and_its_content_stays()
    {
        var store = await OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            var name = $"race/{round}";
            var puts = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => Task.Run(() => store.PutAsync(name, Bytes(i * 1000), None))));

            var winner = Assert.Single(Enumerable.Range(0, 16), i => puts[i]);
            Assert.Equal(Bytes((winner + 1) * 1000), await store.GetAsync(name, None));
        }
    }

    [Fact]
    public async Task An_object_is_never_seen_half_written()
    {
        var store = await OpenAsync();
        var content = Bytes(3 * 1024 * 1024);
        var put = Task.Run(() => store.PutAsync("large/one", content, None));

        for (var last = false; !last;)
        {
            last = put.IsCompleted;
            Assert.True(await store.GetAsync("large/one", None) is not { } seen || seen.AsSpan().SequenceEqual(content));
            Assert.All(await ListAsync(store, "large/"), info => Assert.Equal(content.Length, info.Length));
        }

        Assert.True(await put);
    }

    [Fact]
    public async Task What_is_not_there_is_null_false_and_not_listed()
    {
        var store = await OpenAsync();
        await store.PutAsync("a/b", Bytes(1), None);

        foreach (var name in new[] { "a", "a/c", "a/b/c", "b", "other/folder/name", "a/B2" })
        {
            Assert.Null(await store.GetAsync(name, None));
            Assert.Null(await store.GetRangeAsync(name, 0, 1, None));
            Assert.False(await store.ExistsAsync(name, None));
            Assert.False(await store.DeleteAsync(name, None));
        }

        Assert.Empty(await ListAsync(store, "b"));
        Assert.Empty(await ListAsync(store, "a/b/"));
        Assert.Empty(await ListAsync(store, "../"));
    }

    [Theory]
    [InlineData(0, 100, 0, 100)]
    [InlineData(10, 20, 10, 20)]
    [InlineData(90, 20, 90, 10)]
    [InlineData(0, 1000, 0, 100)]
    [InlineData(100, 1, 100, 0)]
    [InlineData(500, 10, 100, 0)]
    [InlineData(long.MaxValue, 10, 100, 0)]
    [InlineData(50, 0, 50, 0)]
    [InlineData(99, int.MaxValue, 99, 1)]
    public async Task A_range_is_what_the_object_has_of_it(long offset, int length, int from, int count)
    {
        var store = await OpenAsync();
        await store.PutAsync("packs/one", Bytes(100), None);

        Assert.Equal(Bytes(100).Skip(from).Take(count), await store.GetRangeAsync("packs/one", offset, length, None));
    }

    [Fact]
    public async Task A_range_of_an_empty_object_is_empty()
    {
        var store = await OpenAsync();
        await store.PutAsync("empty", ReadOnlyMemory<byte>.Empty, None);

        Assert.Empty(Assert.IsType<byte[]>(await store.GetRangeAsync("empty", 0, 10, None)));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    public async Task A_negative_range_is_refused(long offset, int length)
    {
        var store = await OpenAsync();
        await store.PutAsync("packs/one", Bytes(100), None);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.GetRangeAsync("packs/one", offset, length, None));
    }

    [Theory]
    [InlineData("", "index/1,packs/aa/1,packs/ab/2,packs/ab/3,packs2")]
    [InlineData("packs", "packs/aa/1,packs/ab/2,packs/ab/3,packs2")]
    [InlineData("packs/", "packs/aa/1,packs/ab/2,packs/ab/3")]
    [InlineData("packs/a", "packs/aa/1,packs/ab/2,packs/ab/3")]
    [InlineData("packs/ab/", "packs/ab/2,packs/ab/3")]
    [InlineData("packs/ab/3", "packs/ab/3")]
    [InlineData("pack", "packs/aa/1,packs/ab/2,packs/ab/3,packs2")]
    [InlineData("PACKS", "")]
    [InlineData("s/aa", "")]
    [InlineData("/", "")]
    [InlineData("packs//", "")]
    public async Task A_list_names_what_starts_with_the_prefix(string prefix, string expected)
    {
        var store = await OpenAsync();
        foreach (var name in new[] { "packs/ab/2", "index/1", "packs2", "packs/aa/1", "packs/ab/3" })
        {
            await store.PutAsync(name, Bytes(name.Length), None);
        }

        var listed = await ListAsync(store, prefix);

        Assert.Equal(expected, string.Join(',', listed.Select(info => info.Name)));
        Assert.All(listed, info => Assert.Equal(info.Name.Length, info.Length));
    }

    [Fact]
    public async Task A_list_names_more_objects_than_one_page_has()
    {
        var store = await OpenAsync();
        var names = Enumerable.Range(0, 300).Select(i => $"many/{i % 7}/{i:D4}").ToList();
        await Task.WhenAll(names.Select(name => store.PutAsync(name, Bytes(1), None)));

        Assert.Equal(names.Order(StringComparer.Ordinal), (await ListAsync(store, "many/")).Select(info => info.Name));
    }

    [Fact]
    public async Task A_deleted_object_is_gone_and_its_name_is_free()
    {
        var store = await OpenAsync();
        await store.PutAsync("packs/ab/one", Bytes(10), None);
        await store.PutAsync("packs/ab/two", Bytes(10), None);

        Assert.True(await store.DeleteAsync("packs/ab/one", None));

        Assert.False(await store.DeleteAsync("packs/ab/one", None));
        Assert.Null(await store.GetAsync("packs/ab/one", None));
        Assert.False(await store.ExistsAsync("packs/ab/one", None));
        Assert.Equal(["packs/ab/two"], (await ListAsync(store, "")).Select(info => info.Name));
        Assert.True(await store.PutAsync("packs/ab/one", Bytes(20), None));
        Assert.Equal(Bytes(20), await store.GetAsync("packs/ab/one", None));
    }

    [Fact]
    public async Task Puts_and_deletes_side_by_side_do_not_disturb_each_other()
    {
        var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.True(await store.PutAsync($"shared/folder/{worker}", Bytes(worker), None));
                Assert.Equal(Bytes(worker), await store.GetAsync($"shared/folder/{worker}", None));
                Assert.True(await store.DeleteAsync($"shared/folder/{worker}", None));
            }
        })));

        Assert.Empty(await ListAsync(store, ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("a/./b")]
    [InlineData("a/...")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData("ä")]
    [InlineData("a\0")]
    [InlineData("a~")]
    public async Task A_name_that_breaks_the_rules_is_refused(string name)
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync(name, Bytes(1), None));

        Assert.Empty(await ListAsync(store, ""));
    }

    [Fact]
    public async Task A_name_of_513_characters_is_refused()
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync(new string('a', 513), Bytes(1), None));
    }

    [Theory]
    [InlineData(".tmp/one")]
    [InlineData(".hidden")]
    [InlineData("a..b/c.=-_Z9")]
    public async Task Every_character_that_the_rules_allow_is_taken(string name)
    {
        var store = await OpenAsync();

        Assert.True(await store.PutAsync(name, Bytes(3), None));

        Assert.Equal([new ObjectInfo(name, 3)], await ListAsync(await OpenAsync(), ""));
        Assert.Equal(Bytes(3), await store.GetAsync(name, None));
    }

    [Theory]
    [InlineData(199)]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(256)]
    [InlineData(400)]
    [InlineData(512)]
    public async Task A_long_segment_is_a_name_like_others(int length)
    {
        var store = await OpenAsync();
        var name = new string('a', length);
        Assert.True(await store.PutAsync(name, Bytes(length), None));

        Assert.False(await store.PutAsync(name, Bytes(1), None));
        Assert.Equal(Bytes(length), await store.GetAsync(name, None));
        Assert.Equal([new ObjectInfo(name, length)], await ListAsync(store, name[..150]));
        Assert.Equal([new ObjectInfo(name, length)], await ListAsync(store, name));
        Assert.True(await store.DeleteAsync(name, None));
        Assert.Empty(await ListAsync(store, ""));
    }

    protected static byte[] Bytes(int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++)
        {
            content[i] = (byte)((i * 31) + (i >> 8) + length);
        }

        return content;
    }

    protected static async Task<List<ObjectInfo>> ListAsync(IObjectStore store, string prefix)
    {
        var found = new List<ObjectInfo>();
        await foreach (var info in store.ListAsync(prefix, None))
        {
            // Not every store says when.
            found.Add(info with { WrittenAt = null });
        }

        return [.. found.OrderBy(info => info.Name, StringComparer.Ordinal)];
    }
}
