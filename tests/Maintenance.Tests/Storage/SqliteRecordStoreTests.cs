using FsCheck;
using FsCheck.Fluent;
using Maintenance.Local.Storage;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;

namespace Maintenance.Tests.Storage;

public sealed class SqliteRecordStoreTests : RecordStoreContract, IAsyncLifetime, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ScratchFolder _scratch = new();
    private SqliteDatabase _database = null!;

    public Task InitializeAsync()
    {
        _database = SqliteDatabase.Open(_scratch.PathOf("state/maintenance.db"));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task An_ETag_does_not_come_back_after_the_file_was_closed_either()
    {
        var first = await new SqliteRecordStore(_database).WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);
        await new SqliteRecordStore(_database).WriteAsync(Table, "p", RecordWrite.Delete("r"), None);
        await _database.DisposeAsync();

        await InitializeAsync();
        var again = await new SqliteRecordStore(_database).WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);

        Assert.NotEqual(first, again);
    }

    [Theory]
    [InlineData("01")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+1")]
    public async Task An_ETag_matches_by_its_text_only(string almost)
    {
        var store = new SqliteRecordStore(_database);
        Assert.Equal("1", await store.WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None));

        await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(Table, "p", RecordWrite.Replace("r", "{}", almost), None));
    }

    [Fact]
    public async Task A_query_of_large_documents_reads_them_in_small_pages_and_loses_none()
    {
        var store = new SqliteRecordStore(_database);
        var json = $$"""{"a":"{{new string('x', 800_000)}}"}""";
        for (var i = 0; i < 12; i++)
        {
            await store.WriteAsync(Table, "p", RecordWrite.Insert($"{i:D2}", json), None);
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i:D2}"), (await QueryAsync(store, "p", RowRange.All)).Select(record => record.RowKey));
        Assert.Equal(7, (await QueryAsync(store, "p", new RowRange(Take: 7))).Count);
    }

    [Fact]
    public async Task Writers_of_many_partitions_and_readers_do_not_disturb_each_other()
    {
        var store = new SqliteRecordStore(_database);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                var eTag = await store.WriteAsync(Table, $"p{worker}", RecordWrite.Insert($"{i:D3}", "{}"), None);
                Assert.Equal(eTag, (await store.GetAsync(Table, $"p{worker}", $"{i:D3}", None))!.ETag);
                Assert.Equal(i + 1, (await QueryAsync(store, $"p{worker}", RowRange.All)).Count);
            }
        })));
    }

    /// <summary>Any sequence of writes and any range: the store answers as a sorted dictionary does. Keys from a small alphabet meet often, and cross U+FFFF.</summary>
    [Fact]
    public void Queries_answer_as_an_ordinal_sorted_model()
    {
        var store = new SqliteRecordStore(_database);
        var key = Gen.Elements("a", "b", "B", "~", "é", "\U00010000", "\uE000", "\uFFFD", "😀", "\U0010FFFF", "-")
            .NonEmptyListOf().Select(parts => string.Concat(parts.Take(4)));
        var bound = Gen.OneOf(key.Select(text => (string?)text), Gen.Constant<string?>(null));
        var ranges = bound.SelectMany(from => bound.SelectMany(to => Gen.Choose(0, 12).Select(take => new RowRange(from, to, take > 10 ? null : take))));
        var inputs = key.ListOf().SelectMany(puts => key.ListOf().SelectMany(deletes => ranges.Select(range => (puts, deletes, range))));
        var run = 0;

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            var partition = $"run{run++}";
            var model = new SortedSet<string>(input.puts, StringComparer.Ordinal);
            model.ExceptWith(input.deletes);
            var writes = input.puts.Distinct().Select(row => RecordWrite.Put(row, "{}")).Chunk(100)
                .Concat(input.deletes.Distinct().Select(row => RecordWrite.Delete(row)).Chunk(100));
            foreach (var batch in writes)
            {
                store.WriteAsync(Table, partition, batch, None).GetAwaiter().GetResult();
            }

            var (from, to, take) = input.range;
            var expected = model
                .Where(row => (from is null || string.CompareOrdinal(row, from) >= 0) && (to is null || string.CompareOrdinal(row, to) < 0))
                .Take(take ?? int.MaxValue);
            Assert.Equal(expected, QueryAsync(store, partition, input.range).GetAwaiter().GetResult().Select(record => record.RowKey));
        }).QuickCheckThrowOnFailure();
    }

    protected override Task<IRecordStore> OpenAsync() => Task.FromResult<IRecordStore>(new SqliteRecordStore(_database));
}
