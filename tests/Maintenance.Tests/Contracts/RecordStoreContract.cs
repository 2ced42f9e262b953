using Maintenance.Storage;

namespace Maintenance.Tests.Contracts;

/// <summary>What <see cref="IRecordStore"/> guarantees, for every adapter.</summary>
public abstract class RecordStoreContract
{
    protected const string Table = "tickets";

    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The store under test, empty at first. Called again in the same test it gives another adapter over the same records.</summary>
    protected abstract Task<IRecordStore> OpenAsync();

    [Fact]
    public async Task An_inserted_record_is_read_back_with_the_ETag_that_the_write_returned()
    {
        var store = await OpenAsync();

        var eTag = await store.WriteAsync(Table, "p", RecordWrite.Insert("r", """{"a":"ä😀"}"""), None);

        Assert.NotEqual("", eTag);
        Assert.Equal(new StoredRecord("p", "r", """{"a":"ä😀"}""", eTag), await store.GetAsync(Table, "p", "r", None));
    }

    [Fact]
    public async Task What_was_written_is_there_for_a_store_opened_later()
    {
        var eTag = await (await OpenAsync()).WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);

        var later = await OpenAsync();

        Assert.Equal(new StoredRecord("p", "r", "{}", eTag), await later.GetAsync(Table, "p", "r", None));
        await later.WriteAsync(Table, "p", RecordWrite.Replace("r", """{"n":2}""", eTag), None);
    }

    [Fact]
    public async Task A_record_is_found_under_its_own_table_partition_and_row_only()
    {
        var store = await OpenAsync();
        await store.WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);

        Assert.Null(await store.GetAsync("assets", "p", "r", None));
        Assert.Null(await store.GetAsync(Table, "q", "r", None));
        Assert.Null(await store.GetAsync(Table, "p", "R", None));
        Assert.Empty(await QueryAsync(store, "q", RowRange.All));
        await store.WriteAsync("assets", "p", RecordWrite.Insert("r", "{}"), None);
        await store.WriteAsync(Table, "q", RecordWrite.Insert("r", "{}"), None);
    }

    [Fact]
    public async Task An_insert_of_a_row_that_exists_is_a_conflict_that_names_it()
    {
        var store = await OpenAsync();
        var eTag = await store.WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);

        var conflict = await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(Table, "p", RecordWrite.Insert("r", """{"n":2}"""), None));

        Assert.Equal((Table, "p", "r"), (conflict.Table, conflict.PartitionKey, conflict.RowKey));
        Assert.Equal(new StoredRecord("p", "r", "{}", eTag), await store.GetAsync(Table, "p", "r", None));
    }

    [Fact]
    public async Task A_replace_needs_the_ETag_of_the_last_write()
    {
        var store = await OpenAsync();
        var first = await store.WriteAsync(Table, "p", RecordWrite.Insert("r", """{"n":1}"""), None);
        var second = await store.WriteAsync(Table, "p", RecordWrite.Replace("r", """{"n":2}""", first), None);

        await ConflictAsync(store, RecordWrite.Replace("r", """{"n":3}""", first));
        await ConflictAsync(store, RecordWrite.Replace("r", """{"n":3}""", "no such tag"));
        await ConflictAsync(store, RecordWrite.Replace("other", """{"n":3}""", second));

        Assert.NotEqual(first, second);
        Assert.Equal(new StoredRecord("p", "r", """{"n":2}""", second), await store.GetAsync(Table, "p", "r", None));
    }

    [Fact]
    public async Task A_put_inserts_or_replaces_and_changes_the_ETag_even_if_the_document_is_the_same()
    {
        var store = await OpenAsync();
        var first = await store.WriteAsync(Table, "p", RecordWrite.Put("r", "{}"), None);
        var second = await store.WriteAsync(Table, "p", RecordWrite.Put("r", "{}"), None);

        Assert.NotEqual(first, second);
        await ConflictAsync(store, RecordWrite.Replace("r", "{}", first));
        Assert.Equal(second, (await store.GetAsync(Table, "p", "r", None))!.ETag);
    }

    [Fact]
    public async Task A_delete_with_an_ETag_needs_the_one_of_the_last_write()
    {
        var store = await OpenAsync();
        var first = await store.WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);
        var second = await store.WriteAsync(Table, "p", RecordWrite.Put("r", "{}"), None);

        await ConflictAsync(store, RecordWrite.Delete("r", first));
        await ConflictAsync(store, RecordWrite.Delete("other", second));
        Assert.Equal("", await store.WriteAsync(Table, "p", RecordWrite.Delete("r", second), None));

        Assert.Null(await store.GetAsync(Table, "p", "r", None));
        await ConflictAsync(store, RecordWrite.Delete("r", second));
    }

    [Fact]
    public async Task A_delete_without_an_ETag_succeeds_whether_the_row_exists_or_not()
    {
        var store = await OpenAsync();
        await store.WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);

        Assert.Equal("", await store.WriteAsync(Table, "p", RecordWrite.Delete("r"), None));
        Assert.Equal("", await store.WriteAsync(Table, "p", RecordWrite.Delete("r"), None));

        Assert.Null(await store.GetAsync(Table, "p", "r", None));
    }

    [Fact]
    public async Task An_ETag_does_not_come_back_when_a_row_is_deleted_and_inserted_again()
    {
        var store = await OpenAsync();
        var seen = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            Assert.True(seen.Add(await store.WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None)));
            await store.WriteAsync(Table, "p", RecordWrite.Delete("r"), None);
        }

        await store.WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);
        foreach (var old in seen)
        {
            await ConflictAsync(store, RecordWrite.Replace("r", "{}", old));
        }
    }

    [Fact]
    public async Task A_batch_writes_all_its_rows_and_returns_their_ETags_in_order()
    {
        var store = await OpenAsync();
        var old = await store.WriteAsync(Table, "p", [RecordWrite.Insert("b", "{}"), RecordWrite.Insert("c", "{}"), RecordWrite.Insert("d", "{}")], None);

        var eTags = await store.WriteAsync(
            Table,
            "p",
            [
                RecordWrite.Insert("a", """{"n":1}"""),
                RecordWrite.Replace("b", """{"n":2}""", old[0]),
                RecordWrite.Delete("c", old[1]),
                RecordWrite.Put("d", """{"n":4}"""),
            ],
            None);

        Assert.Equal("", eTags[2]);
        Assert.Equal(
            [
                new StoredRecord("p", "a", """{"n":1}""", eTags[0]),
                new StoredRecord("p", "b", """{"n":2}""", eTags[1]),
                new StoredRecord("p", "d", """{"n":4}""", eTags[3]),
            ],
            await QueryAsync(store, "p", RowRange.All));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_batch_with_one_conflict_writes_nothing_and_names_the_row(int place)
    {
        var store = await OpenAsync();
        await store.WriteAsync(Table, "p", RecordWrite.Insert("taken", "{}"), None);
        var before = await QueryAsync(store, "p", RowRange.All);
        List<RecordWrite> batch = [RecordWrite.Insert("a", "{}"), RecordWrite.Put("z", "{}")];
        batch.Insert(place, RecordWrite.Insert("taken", "{}"));

        var conflict = await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(Table, "p", batch, None));

        Assert.Equal("taken", conflict.RowKey);
        Assert.Equal(before, await QueryAsync(store, "p", RowRange.All));
    }

    [Fact]
    public async Task A_batch_of_100_is_taken_and_one_of_101_is_refused()
    {
        var store = await OpenAsync();
        List<RecordWrite> batch = [.. Enumerable.Range(0, 101).Select(i => RecordWrite.Insert($"{i:D3}", "{}"))];

        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(Table, "p", batch, None));
        Assert.Empty(await QueryAsync(store, "p", RowRange.All));

        Assert.Equal(100, (await store.WriteAsync(Table, "p", batch[..100], None)).Distinct().Count());
        Assert.Equal(100, (await QueryAsync(store, "p", RowRange.All)).Count);
    }

    [Fact]
    public async Task A_batch_without_writes_or_with_a_row_twice_is_refused()
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(Table, "p", [], None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(Table, "p", [RecordWrite.Put("r", "{}"), RecordWrite.Delete("r")], None));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u0085b")]
    [InlineData("")]
    public async Task A_key_that_breaks_the_rules_is_refused(string key)
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(Table, "p", RecordWrite.Put(key, "{}"), None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(Table, key, RecordWrite.Put("r", "{}"), None));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("1ab")]
    [InlineData("a_b")]
    public async Task A_table_name_that_breaks_the_rules_is_refused(string table)
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(table, "p", RecordWrite.Put("r", "{}"), None));
    }

    [Fact]
    public async Task A_document_of_the_greatest_size_is_taken_and_one_byte_more_refused()
    {
        var store = await OpenAsync();
        var largest = $$"""{"a":"{{new string('x', IRecordStore.MaxDocumentBytes - 8)}}"}""";

        await store.WriteAsync(Table, "p", RecordWrite.Insert("r", largest), None);
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(Table, "p", RecordWrite.Put("r", largest + " "), None));

        Assert.Equal(largest, (await store.GetAsync(Table, "p", "r", None))!.Json);
    }

    [Theory]
    [InlineData("ticket 1'\";--")]
    [InlineData("Ä-ö-😀")]
    [InlineData("%_*[]")]
    [InlineData("~2F")]
    public async Task Keys_of_every_allowed_kind_are_kept_as_they_are(string key)
    {
        var store = await OpenAsync();
        var eTag = await store.WriteAsync(Table, key, RecordWrite.Insert(key, "{}"), None);

        Assert.Equal([new StoredRecord(key, key, "{}", eTag)], await QueryAsync(store, key, RowRange.All));
        Assert.Equal([new StoredRecord(key, key, "{}", eTag)], await QueryAsync(store, key, RowRange.Prefix(key)));
        Assert.NotNull(await store.GetAsync(Table, key, key, None));
    }

    [Fact]
    public async Task A_key_of_512_characters_is_taken()
    {
        var store = await OpenAsync();
        var key = new string('k', 512);

        await store.WriteAsync(Table, key, RecordWrite.Insert(key, "{}"), None);

        Assert.NotNull(await store.GetAsync(Table, key, key, None));
    }

    [Theory]
    [InlineData(null, null, null, "A,a,a1,a10,a2,b,~")]
    [InlineData("a", null, null, "a,a1,a10,a2,b,~")]
    [InlineData("a", "b", null, "a,a1,a10,a2")]
    [InlineData(null, "a", null, "A")]
    [InlineData("a1", "a1", null, "")]
    [InlineData("b", "a", null, "")]
    [InlineData("a0", "a11", null, "a1,a10")]
    [InlineData(null, null, 3, "A,a,a1")]
    [InlineData("a1", null, 1, "a1")]
    [InlineData(null, null, 0, "")]
    [InlineData(null, null, 100, "A,a,a1,a10,a2,b,~")]
    public async Task A_query_returns_the_rows_of_the_half_open_range_in_ordinal_order(string? from, string? to, int? take, string expected)
    {
        var store = await OpenAsync();
        foreach (var key in new[] { "b", "a2", "~", "a10", "A", "a", "a1" })
        {
            await store.WriteAsync(Table, "p", RecordWrite.Insert(key, "{}"), None);
        }

        Assert.Equal(expected, string.Join(',', (await QueryAsync(store, "p", new RowRange(from, to, take))).Select(record => record.RowKey)));
    }

    [Fact]
    public async Task A_prefix_range_is_the_rows_that_start_with_it()
    {
        var store = await OpenAsync();
        foreach (var key in new[] { "ev", "ev:", "ev:1", "ev:2:x", "ev;", "ew" })
        {
            await store.WriteAsync(Table, "p", RecordWrite.Insert(key, "{}"), None);
        }

        Assert.Equal(["ev:", "ev:1", "ev:2:x"], (await QueryAsync(store, "p", RowRange.Prefix("ev:"))).Select(record => record.RowKey));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1500)]
    public async Task A_query_goes_on_over_many_pages(int? take)
    {
        var store = await OpenAsync();
        var keys = Enumerable.Range(0, 2100).Select(i => $"{i:D5}").ToList();
        foreach (var batch in keys.Chunk(100))
        {
            await store.WriteAsync(Table, "p", [.. batch.Select(key => RecordWrite.Insert(key, "{}"))], None);
        }

        Assert.Equal(keys.Take(take ?? int.MaxValue), (await QueryAsync(store, "p", new RowRange(Take: take))).Select(record => record.RowKey));
    }

    [Fact]
    public async Task Of_many_writers_with_the_same_ETag_one_wins()
    {
        var store = await OpenAsync();
        var eTag = await store.WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);

        var wins = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await store.WriteAsync(Table, "p", RecordWrite.Replace("r", $$"""{"n":{{i}}}""", eTag), None);
                return true;
            }
            catch (RecordConflictException)
            {
                return false;
            }
        })));

        var winner = Assert.Single(Enumerable.Range(0, 16), i => wins[i]);
        Assert.Equal($$"""{"n":{{winner}}}""", (await store.GetAsync(Table, "p", "r", None))!.Json);
    }

    [Fact]
    public async Task A_counter_that_many_change_under_its_ETag_ends_exact()
    {
        var store = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                while (true)
                {
                    try
                    {
                        await store.ChangeAsync<Counter>(Table, "p", "counter", counter => new Counter((counter?.Count ?? 0) + 1), None);
                        break;
                    }
                    catch (RecordConflictException)
                    {
                        // Fifty others came first; the count matters here, not the fairness.
                    }
                }
            }
        })));

        Assert.Equal(160, (await store.FindAsync<Counter>(Table, "p", "counter", None))!.Value.Count);
    }

    protected static async Task<List<StoredRecord>> QueryAsync(IRecordStore store, string partitionKey, RowRange range)
    {
        var records = new List<StoredRecord>();
        await foreach (var record in store.QueryAsync(Table, partitionKey, range, None))
        {
            records.Add(record);
        }

        return records;
    }

    private static async Task ConflictAsync(IRecordStore store, RecordWrite write) =>
        await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(Table, "p", write, None));

    private sealed record Counter(int Count);
}
