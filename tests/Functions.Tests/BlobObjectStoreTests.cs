using Azure;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests;

public sealed class BlobObjectStoreTests : ObjectStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeBlobContainer _container = new();

    [Theory]
    [InlineData(409, "BlobAlreadyExists")]
    [InlineData(409, "BlobImmutableDueToPolicy")]
    [InlineData(412, "ConditionNotMet")]
    public async Task Every_answer_that_means_taken_leaves_the_first_content(int status, string code)
    {
        _container.Taken = (status, code);
        var store = new BlobObjectStore(_container);
        await store.PutAsync("one", new byte[] { 1 }, None);

        Assert.False(await store.PutAsync("one", new byte[] { 2 }, None));

        Assert.Equal([1], _container.Blobs["one"].Content);
    }

    [Fact]
    public async Task Another_conflict_than_a_taken_name_is_a_fault()
    {
        _container.Taken = (409, "LeaseAlreadyPresent");
        var store = new BlobObjectStore(_container);
        await store.PutAsync("one", new byte[] { 1 }, None);

        await Assert.ThrowsAsync<IOException>(() => store.PutAsync("one", new byte[] { 2 }, None));
    }

    [Fact]
    public async Task A_missing_container_is_a_fault_and_not_a_missing_object()
    {
        _container.Failure = new RequestFailedException(404, "The container does not exist.", "ContainerNotFound", null);
        var store = new BlobObjectStore(_container);

        await Assert.ThrowsAsync<IOException>(() => store.GetAsync("one", None));
        await Assert.ThrowsAsync<IOException>(() => store.GetRangeAsync("one", 0, 1, None));
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync("one", new byte[] { 1 }, None));
        await Assert.ThrowsAsync<IOException>(async () => await store.ListAsync("", None).GetAsyncEnumerator(None).MoveNextAsync());
    }

    [Theory]
    [InlineData(0, 100, 100)]
    [InlineData(10, 20, 20)]
    [InlineData(90, 20, 10)]
    [InlineData(100, 10, 0)]
    [InlineData(500, 10, 0)]
    [InlineData(long.MaxValue, 10, 0)]
    [InlineData(50, 0, 0)]
    public async Task A_range_is_read_into_the_callers_memory(long offset, int length, int count)
    {
        IObjectStore store = new BlobObjectStore(_container);
        await store.PutAsync("packs/one", Bytes(100), None);
        var memory = new byte[length + 2];

        Assert.Equal(count, await store.ReadAsync("packs/one", offset, memory.AsMemory(1, length), None));

        Assert.Equal([0, .. Bytes(100).Skip((int)Math.Min(offset, 100)).Take(count), .. new byte[length + 1 - count]], memory);
        Assert.Null(await store.ReadAsync("packs/two", offset, memory.AsMemory(1, length), None));
    }

    [Fact]
    public async Task A_read_goes_on_until_the_memory_is_full_also_where_the_connection_breaks()
    {
        IObjectStore store = new BlobObjectStore(_container);
        await store.PutAsync("packs/one", Bytes(100_000), None);
        _container.Break = (30_000, static () => { });
        var memory = new byte[80_000];

        Assert.Equal(80_000, await store.ReadAsync("packs/one", 10_000, memory, None));

        Assert.Equal(Bytes(100_000).Skip(10_000).Take(80_000), memory);
    }

    [Fact]
    public async Task A_negative_offset_is_refused()
    {
        IObjectStore store = new BlobObjectStore(_container);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.ReadAsync("one", -1, new byte[1], None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BlockUpload.UsualBlockBytes)]
    [InlineData(BlockUpload.UsualBlockBytes + 1)]
    [InlineData((3 * BlockUpload.UsualBlockBytes) + 17)]
    public async Task An_object_written_piece_by_piece_is_seen_only_when_it_is_complete(int length)
    {
        IObjectStore store = new BlobObjectStore(_container);
        var content = Bytes(length);
        await using var writer = await store.CreateAsync("packs/one", None);
        var piece = new byte[1_000_003];
        for (var start = 0; start < length; start += piece.Length)
        {
            var count = Math.Min(piece.Length, length - start);
            content.AsSpan(start, count).CopyTo(piece);
            await writer.WriteAsync(piece.AsMemory(0, count), None);
            piece.AsSpan().Clear();
        }

        Assert.False(await store.ExistsAsync("packs/one", None));
        Assert.True(await writer.CompleteAsync(None));

        Assert.True(_container.Blobs["packs/one"].Content.AsSpan().SequenceEqual(content));
        Assert.Equal(length > BlockUpload.UsualBlockBytes, _container.Requests.Contains("commit packs/one"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(BlockUpload.UsualBlockBytes + 10)]
    public async Task A_writer_that_is_given_up_leaves_no_object(int length)
    {
        IObjectStore store = new BlobObjectStore(_container);
        await using (var writer = await store.CreateAsync("packs/one", None))
        {
            await writer.WriteAsync(Bytes(length), None);
        }

        Assert.Empty(_container.Blobs);
        Assert.True(await store.PutAsync("packs/one", Bytes(3), None));
    }

    [Theory]
    [InlineData(10)]
    [InlineData((2 * BlockUpload.UsualBlockBytes) + 10)]
    public async Task A_writer_whose_name_is_taken_leaves_the_first_content(int length)
    {
        IObjectStore store = new BlobObjectStore(_container);
        await using var early = await store.CreateAsync("packs/one", None);
        await early.WriteAsync(Bytes(length), None);
        Assert.True(await store.PutAsync("packs/one", Bytes(3), None));
        await using var late = await store.CreateAsync("packs/one", None);
        await late.WriteAsync(Bytes(length), None);

        Assert.False(await early.CompleteAsync(None));
        Assert.False(await late.CompleteAsync(None));

        Assert.Equal(Bytes(3), _container.Blobs["packs/one"].Content);
    }

    [Fact]
    public async Task Of_two_writers_side_by_side_one_wins_with_its_own_content()
    {
        IObjectStore store = new BlobObjectStore(_container);
        var (ones, twos) = (new byte[2 * BlockUpload.UsualBlockBytes], new byte[2 * BlockUpload.UsualBlockBytes]);
        Array.Fill(ones, (byte)1);
        Array.Fill(twos, (byte)2);
        await using var one = await store.CreateAsync("packs/one", None);
        await using var two = await store.CreateAsync("packs/one", None);
        for (var start = 0; start < ones.Length; start += 1024 * 1024)
        {
            await one.WriteAsync(ones.AsMemory(start, 1024 * 1024), None);
            await two.WriteAsync(twos.AsMemory(start, 1024 * 1024), None);
        }

        Assert.True(await one.CompleteAsync(None));
        Assert.False(await two.CompleteAsync(None));

        Assert.True(ones.AsSpan().SequenceEqual(_container.Blobs["packs/one"].Content));
    }

    [Fact]
    public async Task Blocks_that_another_tool_left_under_the_name_do_not_stand_in_the_way_of_telling()
    {
        IObjectStore store = new BlobObjectStore(_container);
        _container.Staged["packs/one"] = new(StringComparer.Ordinal) { ["c2hvcnQ="] = [1] };
        await using var writer = await store.CreateAsync("packs/one", None);

        // The service takes no other length of ids beside them until they are a week old.
        var error = await Assert.ThrowsAsync<IOException>(async () => await writer.WriteAsync(new byte[BlockUpload.UsualBlockBytes + 1], None));

        Assert.Contains("InvalidBlobOrBlock", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, BlockUpload.UsualBlockBytes)]
    [InlineData(-1, BlockUpload.UsualBlockBytes)]
    [InlineData(50_000L * BlockUpload.UsualBlockBytes, BlockUpload.UsualBlockBytes)]
    [InlineData((50_000L * BlockUpload.UsualBlockBytes) + 1, 5 * 1024 * 1024)]
    [InlineData(1L << 40, 21 * 1024 * 1024)]
    public void A_blob_that_is_too_long_for_the_usual_blocks_takes_larger_ones(long length, int block)
    {
        Assert.Equal(block, BlockUpload.BlockBytesFor(length));
        Assert.True((long)block * 50_000 >= length);
    }

    [Theory]
    [InlineData("BlobImmutableDueToPolicy")]
    [InlineData("BlobImmutableDueToLegalHold")]
    public async Task What_the_service_holds_is_told_as_held_and_stays(string code)
    {
        var store = new BlobObjectStore(_container);
        await store.PutAsync("packs/one", Bytes(3), None);
        _container.Held["packs/one"] = code;

        var held = await Assert.ThrowsAsync<ObjectHeldException>(() => store.DeleteAsync("packs/one", None));

        Assert.Equal("packs/one", held.Name);
        Assert.True(await store.ExistsAsync("packs/one", None));
    }

    [Fact]
    public async Task Another_refusal_to_delete_is_a_fault()
    {
        var store = new BlobObjectStore(_container);
        _container.Held["packs/one"] = "LeaseIdMissing";

        var error = await Assert.ThrowsAsync<IOException>(() => store.DeleteAsync("packs/one", None));

        Assert.Equal("object packs/one: the service answered 409 LeaseIdMissing: The blob is immutable.", error.Message);
    }

    [Fact]
    public async Task Throttling_is_told_as_such_by_every_operation()
    {
        _container.Failure = new AggregateException("Retry failed after 6 tries.", new RequestFailedException(503, "The server is busy.\nMore.", "ServerBusy", null));
        IObjectStore store = new BlobObjectStore(_container);
        await using var writer = await store.CreateAsync("one", None);

        foreach (var operation in new Func<Task>[]
        {
            () => store.GetAsync("one", None),
            () => store.GetRangeAsync("one", 0, 1, None),
            async () => await store.ReadAsync("one", 0, new byte[1], None),
            () => store.PutAsync("one", Bytes(1), None),
            () => store.ExistsAsync("one", None),
            () => store.DeleteAsync("one", None),
            () => writer.CompleteAsync(None),
            async () => await writer.WriteAsync(new byte[BlockUpload.UsualBlockBytes + 1], None),
        })
        {
            var error = await Assert.ThrowsAsync<IOException>(operation);
            Assert.EndsWith("could not be reached in 1 tries; at last: the service answered 503 ServerBusy: The server is busy.", error.Message, StringComparison.Ordinal);
        }
    }

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new BlobObjectStore(_container));
}
