using Maintenance.Storage;

namespace Maintenance.Tests.Contracts;

/// <summary>Objects that are read into the reader's memory, and written piece by piece.</summary>
public abstract partial class ObjectStoreContract
{
    [Theory]
    [InlineData(0, 100, 0, 100)]
    [InlineData(10, 20, 10, 20)]
    [InlineData(90, 20, 90, 10)]
    [InlineData(0, 1000, 0, 100)]
    [InlineData(100, 1, 100, 0)]
    [InlineData(500, 10, 100, 0)]
    [InlineData(long.MaxValue, 10, 100, 0)]
    [InlineData(50, 0, 50, 0)]
    public async Task A_range_is_read_into_the_readers_memory_and_not_beyond(long offset, int length, int from, int count)
    {
        var store = await OpenAsync();
        await store.PutAsync("packs/one", Bytes(100), None);
        var memory = new byte[length + 2];
        memory.AsSpan().Fill(0xEE);

        Assert.Equal(count, await store.ReadAsync("packs/one", offset, memory.AsMemory(1, length), None));

        Assert.Equal([0xEE, .. Bytes(100).Skip(from).Take(count)], memory[..(count + 1)]);
        Assert.All(memory[(count + 1)..], after => Assert.Equal(0xEE, after));
    }

    [Fact]
    public async Task A_readers_memory_is_used_again_and_again()
    {
        var store = await OpenAsync();
        var content = Bytes(1_000_003);
        await store.PutAsync("packs/one", content, None);
        var memory = new byte[65_536];
        var whole = new List<byte>();

        while (await store.ReadAsync("packs/one", whole.Count, memory, None) is > 0 and var read)
        {
            whole.AddRange(memory.AsSpan(0, read));
        }

        Assert.Equal(content, whole);
    }

    [Fact]
    public async Task Reading_an_object_that_is_not_there_gives_null_and_an_empty_one_nothing()
    {
        var store = await OpenAsync();
        await store.PutAsync("a/empty", ReadOnlyMemory<byte>.Empty, None);

        Assert.Null(await store.ReadAsync("a/b", 0, new byte[10], None));
        Assert.Null(await store.ReadAsync("a", 0, new byte[10], None));
        Assert.Null(await store.ReadAsync("a/b", 0, Memory<byte>.Empty, None));
        Assert.Equal(0, await store.ReadAsync("a/empty", 0, new byte[10], None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.ReadAsync("a/empty", -1, new byte[10], None));
    }

    [Theory]
    [InlineData]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7, 0, 4096, 1, 65_537, 3)]
    [InlineData(5_000_011, 1, 131_072, 15_000_000)]
    public async Task An_object_written_in_pieces_is_the_pieces_in_their_order(params int[] lengths)
    {
        var store = await OpenAsync();
        var whole = new List<byte>();
        var reused = new byte[lengths.DefaultIfEmpty().Max()];
        await using (var writer = await store.CreateAsync("packs/ab/one", None))
        {
            foreach (var length in lengths)
            {
                Bytes(length).CopyTo(reused, 0);
                whole.AddRange(reused.AsSpan(0, length));
                await writer.WriteAsync(reused.AsMemory(0, length), None);
                reused.AsSpan().Clear();
            }

            Assert.True(await writer.CompleteAsync(None));
        }

        Assert.Equal(whole, await store.GetAsync("packs/ab/one", None));
        Assert.Equal([new ObjectInfo("packs/ab/one", whole.Count)], await ListAsync(await OpenAsync(), ""));
    }

    [Fact]
    public async Task An_object_being_written_is_not_seen_before_it_is_complete()
    {
        var store = await OpenAsync();
        await using var writer = await store.CreateAsync("a/one", None);
        await writer.WriteAsync(Bytes(100_000), None);

        Assert.Empty(await ListAsync(store, ""));
        Assert.False(await store.ExistsAsync("a/one", None));
        Assert.Null(await store.ReadAsync("a/one", 0, new byte[1], None));

        Assert.True(await writer.CompleteAsync(None));
        Assert.Equal(Bytes(100_000), await store.GetAsync("a/one", None));
    }

    [Fact]
    public async Task An_object_that_is_not_completed_never_was()
    {
        var store = await OpenAsync();
        await using (var writer = await store.CreateAsync("a/one", None))
        {
            await writer.WriteAsync(Bytes(100_000), None);
        }

        Assert.Empty(await ListAsync(await OpenAsync(), ""));
        Assert.True(await store.PutAsync("a/one", Bytes(3), None));
        Assert.Equal(Bytes(3), await store.GetAsync("a/one", None));
    }

    [Fact]
    public async Task Completing_a_name_that_is_taken_leaves_the_first_content()
    {
        var store = await OpenAsync();
        await store.PutAsync("a/taken", Bytes(10), None);
        await using var late = await store.CreateAsync("a/taken", None);
        await using var overtaken = await store.CreateAsync("a/overtaken", None);
        await using var winner = await store.CreateAsync("a/overtaken", None);
        await late.WriteAsync(Bytes(20), None);
        await overtaken.WriteAsync(Bytes(30), None);
        await winner.WriteAsync(Bytes(40), None);

        Assert.False(await late.CompleteAsync(None));
        Assert.True(await winner.CompleteAsync(None));
        Assert.False(await overtaken.CompleteAsync(None));

        Assert.Equal(Bytes(10), await store.GetAsync("a/taken", None));
        Assert.Equal(Bytes(40), await store.GetAsync("a/overtaken", None));
    }

    [Fact]
    public async Task Of_many_writers_of_a_name_one_wins_and_its_content_stays()
    {
        var store = await OpenAsync();
        var completed = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(async () =>
        {
            await using var writer = await store.CreateAsync("race/one", None);
            await writer.WriteAsync(Bytes(i * 1000), None);
            return await writer.CompleteAsync(None);
        })));

        var winner = Assert.Single(Enumerable.Range(0, 8), i => completed[i]);
        Assert.Equal(Bytes((winner + 1) * 1000), await store.GetAsync("race/one", None));
    }

    [Fact]
    public async Task A_name_that_breaks_the_rules_cannot_be_begun()
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CreateAsync("../outside", None));
    }
}
