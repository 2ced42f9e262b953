using System.Text;
using Azure;
using Azure.Data.Tables;
using Maintenance;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests;

public sealed class TableRecordStoreTests : RecordStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTableService _service = new();

    [Fact]
    public async Task A_table_is_made_at_its_first_use_and_only_then()
    {
        var store = new TableRecordStore(_service);

        await store.GetAsync(Table, "p", "r", None);
        await store.WriteAsync(Table, "p", [RecordWrite.Insert("r", "{}")], None);
        await store.GetAsync("assets", "p", "r", None);

        Assert.Equal(2, _service.Creations);
    }

    [Fact]
    public async Task A_table_that_could_not_be_made_is_tried_again()
    {
        var store = new TableRecordStore(_service);
        _service.CreationFailure = new RequestFailedException(503, "Busy.", "ServerBusy", null);

        await Assert.ThrowsAsync<RequestFailedException>(() => store.GetAsync(Table, "p", "r", None));

        Assert.Null(await store.GetAsync(Table, "p", "r", None));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_lets_the_rest_of_its_batch_through()
    {
        var store = new TableRecordStore(_service);
        var old = await store.WriteAsync(Table, "p", [RecordWrite.Insert("b", "{}"), RecordWrite.Insert("d", "{}")], None);

        var eTags = await store.WriteAsync(
            Table,
            "p",
            [
                RecordWrite.Delete("a"),
                RecordWrite.Replace("b", """{"n":2}""", old[0]),
                RecordWrite.Delete("c"),
                RecordWrite.Delete("d"),
                RecordWrite.Insert("e", """{"n":5}"""),
            ],
            None);

        Assert.Equal(["", (await store.GetAsync(Table, "p", "b", None))!.ETag, "", "", (await store.GetAsync(Table, "p", "e", None))!.ETag], eTags);
        Assert.Equal(["b", "e"], (await QueryAsync(store, "p", RowRange.All)).Select(record => record.RowKey));
    }

    [Fact]
    public async Task A_conflict_beside_the_delete_of_what_is_not_there_still_writes_nothing()
    {
        var store = new TableRecordStore(_service);
        var old = await store.WriteAsync(Table, "p", [RecordWrite.Insert("b", "{}"), RecordWrite.Insert("d", "{}")], None);
        await store.WriteAsync(Table, "p", [RecordWrite.Put("b", """{"n":1}""")], None);

        var conflict = await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(
            Table, "p", [RecordWrite.Delete("a"), RecordWrite.Delete("d"), RecordWrite.Replace("b", """{"n":2}""", old[0])], None));

        Assert.Equal("b", conflict.RowKey);
        Assert.NotNull(await store.GetAsync(Table, "p", "d", None));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("W/\"a\", W/\"b\"")]
    public async Task An_ETag_that_the_service_would_not_take_for_one_row_is_a_conflict(string eTag)
    {
        var store = new TableRecordStore(_service);
        await store.WriteAsync(Table, "p", [RecordWrite.Insert("r", "{}")], None);
        var asked = _service[Table].Transactions.Count;

        await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(Table, "p", [RecordWrite.Replace("r", """{"n":2}""", eTag)], None));
        await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(Table, "p", [RecordWrite.Delete("r", eTag)], None));

        Assert.Equal(asked, _service[Table].Transactions.Count);
        Assert.Equal("{}", (await store.GetAsync(Table, "p", "r", None))!.Json);
    }

    [Fact]
    public async Task A_failure_that_is_no_conflict_is_passed_on()
    {
        var store = new TableRecordStore(_service);
        await store.WriteAsync(Table, "p", [RecordWrite.Insert("r", "{}")], None);

        foreach (var (status, code) in new[] { (503, "ServerBusy"), (409, "TableBeingDeleted"), (404, "TableNotFound"), (403, "AuthorizationFailure") })
        {
            _service[Table].Failure = new RequestFailedException(status, "No.", code, null);

            var failure = await Assert.ThrowsAsync<RequestFailedException>(() => store.WriteAsync(Table, "p", [RecordWrite.Delete("r")], None));

            Assert.Equal(status, failure.Status);
        }
    }

    [Fact]
    public async Task A_conflict_whose_place_the_service_does_not_tell_names_every_row()
    {
        var store = new TableRecordStore(_service);
        await store.GetAsync(Table, "p", "r", None);
        _service[Table].Failure = new TableTransactionFailedException(new RequestFailedException(412, "No.", "UpdateConditionNotSatisfied", null));

        var conflict = await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(Table, "p", [RecordWrite.Put("a", "{}"), RecordWrite.Put("b", "{}")], None));

        Assert.Equal("a, b", conflict.RowKey);
    }

    [Fact]
    public async Task A_batch_beyond_4_MiB_is_refused_as_such()
    {
        var store = new TableRecordStore(_service);
        var large = $$"""{"a":"{{new string('x', 800 * 1024)}}"}""";

        await Assert.ThrowsAsync<ArgumentException>(
            () => store.WriteAsync(Table, "p", [.. Enumerable.Range(0, 5).Select(i => RecordWrite.Insert($"{i}", large))], None));

        Assert.Empty(await QueryAsync(store, "p", RowRange.All));
    }

    [Theory]
    [InlineData("ж")]
    [InlineData("語")]
    [InlineData("😀")]
    [InlineData("\"")]
    [InlineData("x")]
    public async Task A_batch_that_the_port_allows_fits_into_a_transaction_whatever_it_says(string letter)
    {
        var store = new TableRecordStore(_service);
        var bytes = (IRecordStore.MaxBatchBytes / 100) - 20;
        var document = MaintenanceJson.Write(new { a = string.Concat(Enumerable.Repeat(letter, bytes / Encoding.UTF8.GetByteCount(MaintenanceJson.Write(letter)[1..^1]))) });

        await store.WriteAsync(Table, "p", [.. Enumerable.Range(0, 100).Select(i => RecordWrite.Insert($"{i:00}", document))], None);

        Assert.All(await QueryAsync(store, "p", RowRange.All), record => Assert.Equal(document, record.Json));
    }

    [Fact]
    public async Task Quotes_in_keys_stay_inside_the_filter()
    {
        var store = new TableRecordStore(_service);
        await store.WriteAsync(Table, "it's", [RecordWrite.Insert("o'clock", "{}")], None);
        await store.WriteAsync(Table, "other", [RecordWrite.Insert("o'clock", "{}")], None);

        Assert.Single(await QueryAsync(store, "it's", new RowRange("o'", "o'd")));
        Assert.Empty(await QueryAsync(store, "x' or PartitionKey ge '", RowRange.All));
        Assert.Equal("PartitionKey eq 'it''s' and RowKey ge 'o''' and RowKey lt 'o''d'", _service[Table].Filters[0]);
    }

    [Fact]
    public async Task A_short_document_is_text_and_a_long_one_is_bytes_that_fit()
    {
        var store = new TableRecordStore(_service);
        var text = $$"""{"a":"{{new string('ä', TableDocument.MaxTextCharacters - 8)}}"}""";
        var longer = $$"""{"a":"{{new string('ä', TableDocument.MaxTextCharacters)}}😀"}""";

        await store.WriteAsync(Table, "p", [RecordWrite.Insert("text", text), RecordWrite.Insert("longer", longer)], None);

        Assert.Equal(text, _service[Table].Row("p", "text")!.GetString("Json"));
        Assert.Equal(TableDocument.MaxChunkBytes, _service[Table].Row("p", "longer")!.GetBinary("Json00").Length);
        Assert.Equal(text, (await store.GetAsync(Table, "p", "text", None))!.Json);
        Assert.Equal(longer, (await store.GetAsync(Table, "p", "longer", None))!.Json);
    }

    [Fact]
    public async Task A_short_document_that_replaces_a_long_one_leaves_nothing_of_it()
    {
        var store = new TableRecordStore(_service);
        var eTag = await store.WriteAsync(Table, "p", [RecordWrite.Insert("r", $$"""{"a":"{{new string('x', 200_000)}}"}""")], None);

        await store.WriteAsync(Table, "p", [RecordWrite.Replace("r", "{}", eTag[0])], None);

        Assert.Equal("{}", (await store.GetAsync(Table, "p", "r", None))!.Json);
        Assert.False(_service[Table].Row("p", "r")!.ContainsKey("Json00"));
    }

    [Fact]
    public async Task An_entity_that_something_else_wrote_is_reported()
    {
        var store = new TableRecordStore(_service);
        await store.GetAsync(Table, "p", "r", None);
        await _service[Table].SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"), default)], None);

        await Assert.ThrowsAsync<InvalidDataException>(() => store.GetAsync(Table, "p", "r", None));
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_no_conflict_with_itself()
    {
        var store = new TableRecordStore(_service);
        var old = await store.WriteAsync(Table, "p", [RecordWrite.Insert("b", "{}"), RecordWrite.Insert("d", "{}")], None);
        _service[Table].AnswerLost = static () => { };

        var eTags = await store.WriteAsync(
            Table,
            "p",
            [RecordWrite.Delete("gone"), RecordWrite.Insert("a", """{"n":1}"""), RecordWrite.Replace("b", """{"n":2}""", old[0]), RecordWrite.Delete("d", old[1])],
            None);

        var (a, b) = (await store.GetAsync(Table, "p", "a", None), await store.GetAsync(Table, "p", "b", None));
        Assert.Equal(["", a!.ETag, b!.ETag, ""], eTags);
        Assert.Equal(("""{"n":1}""", """{"n":2}"""), (a.Json, b.Json));
        Assert.Null(await store.GetAsync(Table, "p", "d", None));
    }

    [Theory]
    [InlineData("insert")]
    [InlineData("replace")]
    public async Task A_single_write_whose_answer_was_lost_is_no_conflict_with_itself(string kind)
    {
        var store = new TableRecordStore(_service);
        var old = await store.WriteAsync(Table, "p", RecordWrite.Insert("old", "{}"), None);
        _service[Table].AnswerLost = static () => { };

        var write = kind == "insert" ? RecordWrite.Insert("r", "{}") : RecordWrite.Replace("old", """{"n":2}""", old);
        var eTag = await store.WriteAsync(Table, "p", write, None);

        Assert.Equal((await store.GetAsync(Table, "p", write.RowKey, None))!.ETag, eTag);
    }

    [Fact]
    public async Task Two_hosts_that_claim_with_the_same_document_never_both_win()
    {
        var (one, other) = (new TableRecordStore(_service), new TableRecordStore(_service));

        Assert.True(await one.TryInsertAsync(Table, "p", "claim", new { For = "backup" }, None));
        Assert.False(await other.TryInsertAsync(Table, "p", "claim", new { For = "backup" }, None));
        Assert.False(await one.TryInsertAsync(Table, "p", "claim", new { For = "backup" }, None));
    }

    [Fact]
    public async Task A_row_that_was_changed_before_its_lost_answer_was_noticed_cannot_be_replaced_unread()
    {
        var store = new TableRecordStore(_service);
        await store.GetAsync(Table, "p", "a", None);
        _service[Table].AnswerLost = () => store.WriteAsync(Table, "p", RecordWrite.Put("a", """{"by":"another"}"""), None).GetAwaiter().GetResult();

        var eTags = await store.WriteAsync(Table, "p", [RecordWrite.Insert("a", "{}"), RecordWrite.Insert("b", "{}")], None);

        await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(Table, "p", RecordWrite.Replace("a", """{"n":2}""", eTags[0]), None));
        await store.WriteAsync(Table, "p", RecordWrite.Replace("b", """{"n":2}""", eTags[1]), None);
        Assert.Equal("""{"by":"another"}""", (await store.GetAsync(Table, "p", "a", None))!.Json);
    }

    [Fact]
    public async Task Conditional_deletes_alone_leave_no_mark_so_that_a_lost_answer_shows_as_a_conflict()
    {
        var store = new TableRecordStore(_service);
        var eTag = await store.WriteAsync(Table, "p", RecordWrite.Insert("r", "{}"), None);
        _service[Table].AnswerLost = static () => { };

        await Assert.ThrowsAsync<RecordConflictException>(() => store.WriteAsync(Table, "p", RecordWrite.Delete("r", eTag), None));

        Assert.Null(await store.GetAsync(Table, "p", "r", None));
    }

    protected override Task<IRecordStore> OpenAsync() => Task.FromResult<IRecordStore>(new TableRecordStore(_service));
}
