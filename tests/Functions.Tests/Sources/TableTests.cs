using System.Globalization;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Maintenance.Backups.Repository;
using MaintenanceFunctions.Sources;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests.Sources;

public sealed class TableTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTable _table = new("records") { Exists = true };

    [Fact]
    public async Task Every_type_of_the_service_comes_back_as_it_was()
    {
        var row = new TableEntity("p", "r")
        {
            ["Text"] = "it's \"quoted\" – 😀\n",
            ["Empty"] = "",
            ["True"] = true,
            ["Int32"] = int.MinValue,
            ["Int64"] = long.MaxValue,
            ["Small"] = 1L,
            ["Double"] = 1.0,
            ["Pi"] = Math.PI,
            ["NaN"] = double.NaN,
            ["Infinite"] = double.NegativeInfinity,
            ["Instant"] = new DateTimeOffset(2026, 11, 22, 4, 0, 0, 123, TimeSpan.FromHours(2)).AddTicks(4567),
            ["Guid"] = new Guid("6d2c1f0e-8a43-4b57-9c1e-2f7a5d3b9e10"),
            ["Binary"] = new byte[] { 0, 255, 10 },
        };
        await PutAsync(row);

        var backup = await Backup.TakeAsync(new TableSource(_table));
        var restored = await RestoreAsync(backup);

        var actual = restored.Row("p", "r")!;
        Assert.All(row.Keys, name => Assert.Equal(row[name] is DateTimeOffset instant ? instant.ToUniversalTime() : row[name], actual[name]));
        Assert.All(row.Keys, name => Assert.Equal(row[name].GetType(), actual[name].GetType()));
        Assert.Equal(row.Count + 2, actual.Count);
    }

    [Fact]
    public async Task A_row_is_a_line_as_the_service_writes_rows()
    {
        await PutAsync(new TableEntity("p", "r") { ["b"] = 2, ["a"] = 5_000_000_000L, ["C"] = 0.5 });

        var line = Encoding.UTF8.GetString((await Backup.TakeAsync(new TableSource(_table)))["rows.jsonl"]);

        Assert.Equal(
            """{"PartitionKey":"p","RowKey":"r","Timestamp@odata.type":"Edm.DateTime","Timestamp":"2026-11-22T02:00:00.0000001Z","C@odata.type":"Edm.Double","C":0.5,"a@odata.type":"Edm.Int64","a":"5000000000","b":2}"""
            + "\n",
            line);
    }

    [Fact]
    public async Task A_table_of_many_pages_and_partitions_is_restored_in_full()
    {
        var rows = Enumerable.Range(0, 3500).Select(static i => new TableEntity($"p{i % 7}", $"{i:D5}") { ["n"] = i, ["text"] = new string('x', i % 50) }).ToList();
        await PutAsync([.. rows]);

        var backup = await Backup.TakeAsync(new TableSource(_table));
        var restored = await RestoreAsync(backup);

        Assert.All(rows, row => Assert.Equal((row["n"], row["text"]), (restored.Row(row.PartitionKey, row.RowKey)!["n"], restored.Row(row.PartitionKey, row.RowKey)!["text"])));
        Assert.Equal(7 * 5, restored.Transactions.Count);
        Assert.Single(backup.Findings.Notes);
        Assert.Equal(0, backup.Findings.ProblemCount);
    }

    [Fact]
    public async Task Large_rows_are_restored_in_transactions_that_the_service_takes()
    {
        await PutAsync([.. Enumerable.Range(0, 12).Select(static i => Enumerable.Range(0, 12).Aggregate(
            new TableEntity("p", $"{i}"), static (row, n) =>
            {
                row[$"b{n}"] = new byte[60_000];
                return row;
            }))]);

        var restored = await RestoreAsync(await Backup.TakeAsync(new TableSource(_table)));

        Assert.Equal(12, Enumerable.Range(0, 12).Count(i => restored.Row("p", $"{i}") is not null));
    }

    [Fact]
    public async Task Rows_are_written_out_while_they_are_read_and_never_held()
    {
        var table = new EndlessTable();
        await using var source = new TableSource(table);
        var entry = Assert.Single(await Backup.ScanAsync(source));
        await using var content = await source.OpenAsync(entry, None);
        table.Pages = 0;

        await content.ReadExactlyAsync(new byte[10_000]);
        Assert.Equal(1, table.Pages);

        // 20,000 rows of about a kilobyte each, several times: rows that are held show in every round, what other tests hold meanwhile does not.
        const long Most = 8 * 1024 * 1024;
        var (least, buffer) = (long.MaxValue, new byte[64 * 1024]);
        for (var round = 1; round <= 8 && least > Most; round++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            while (table.Pages < 20 * round)
            {
                _ = await content.ReadAsync(buffer);
            }

            least = Math.Min(least, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.InRange(least, long.MinValue, Most);
    }

    [Theory]
    [InlineData(404, "TableNotFound", typeof(DirectoryNotFoundException))]
    [InlineData(403, "AuthorizationPermissionMismatch", typeof(UnauthorizedAccessException))]
    [InlineData(503, "ServerBusy", typeof(IOException))]
    public async Task A_table_that_cannot_be_read_is_told_in_words_before_anything_is_named(int status, string code, Type expected)
    {
        _table.QueryFailure = new RequestFailedException(status, "No.", code, null);

        var error = await Assert.ThrowsAsync(expected, () => Backup.ScanAsync(new TableSource(_table)));

        Assert.StartsWith("table https://account.table.core.windows.net/records: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttling_on_a_later_page_is_an_IOException_of_the_read()
    {
        await PutAsync(new TableEntity("p", "r"));
        await using var source = new TableSource(_table);
        var entry = Assert.Single(await Backup.ScanAsync(source));
        _table.QueryFailure = new RequestFailedException(503, "Busy.", "ServerBusy", null);

        await Assert.ThrowsAsync<IOException>(() => Backup.ReadAsync(source, entry));
    }

    [Fact]
    public async Task A_table_that_has_rows_is_no_target()
    {
        await PutAsync(new TableEntity("p", "r"));

        var error = await Assert.ThrowsAsync<IOException>(() => new TableTarget(_table).PrepareAsync(None));

        Assert.Contains("Name a table that is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_is_missing_is_no_target()
    {
        _table.Exists = false;

        await Assert.ThrowsAsync<IOException>(() => new TableTarget(_table).PrepareAsync(None));
    }

    [Fact]
    public async Task Damaged_contents_leave_no_row()
    {
        var lines = string.Concat(Enumerable.Range(0, 450).Select(static i => $$"""{"PartitionKey":"p{{i % 3}}","RowKey":"{{i:D4}}"}""" + "\n"));
        await using var target = new TableTarget(_table);
        await target.PrepareAsync(None);

        await Assert.ThrowsAsync<InvalidDataException>(() => target.WriteAsync(Rows(), new DamagedContent(Encoding.UTF8.GetBytes(lines)), None));

        Assert.NotEmpty(_table.Transactions);
        await new TableTarget(_table).PrepareAsync(None);
    }

    [Theory]
    [InlineData("oops")]
    [InlineData("""{"PartitionKey":"p"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a":[1]}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":"Edm.Money","a":"1"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":"Edm.Int64","a":"one"}""")]
    public async Task A_line_that_is_no_row_leaves_no_row_and_the_target_open_to_another_file(string line)
    {
        await using var target = new TableTarget(_table);
        await target.PrepareAsync(None);

        await Assert.ThrowsAsync<IOException>(
            () => target.WriteAsync(Rows(), new MemoryStream(Encoding.UTF8.GetBytes("""{"PartitionKey":"o","RowKey":"r"}""" + "\n" + line)), None));
        await new TableTarget(_table).PrepareAsync(None);

        await target.WriteAsync(Rows(), new MemoryStream("""{"PartitionKey":"p","RowKey":"r"}"""u8.ToArray()), None);
        Assert.NotNull(_table.Row("p", "r"));
    }

    [Fact]
    public async Task A_refused_transaction_is_told_and_leaves_no_row()
    {
        var lines = """
            {"PartitionKey":"a","RowKey":"1"}
            {"PartitionKey":"b","RowKey":"1"}

            """;
        await using var target = new TableTarget(_table);
        _table.Failure = new RequestFailedException(503, "Busy.", "ServerBusy", null);

        var error = await Assert.ThrowsAsync<IOException>(() => target.WriteAsync(Rows(), new MemoryStream(Encoding.UTF8.GetBytes(lines)), None));

        Assert.Equal("rows of the partition 'a': the service answered 503 ServerBusy: Busy.", error.Message);
        Assert.Null(_table.Row("a", "1"));
    }

    [Fact]
    public async Task A_second_file_and_what_holds_no_rows_are_refused()
    {
        await using var target = new TableTarget(_table);
        await target.WriteAsync(new TreeEntry { Path = "", Kind = TreeEntryKind.Folder }, Stream.Null, None);
        await Assert.ThrowsAsync<IOException>(() => target.WriteAsync(new TreeEntry { Path = "a.csv", Kind = TreeEntryKind.File }, Stream.Null, None));
        await target.WriteAsync(Rows(), Stream.Null, None);

        await Assert.ThrowsAsync<IOException>(() => target.WriteAsync(new TreeEntry { Path = "tickets.jsonl", Kind = TreeEntryKind.File }, Stream.Null, None));
    }

    private static TreeEntry Rows() => new() { Path = TableSource.Path, Kind = TreeEntryKind.File };

    private static async Task<FakeTable> RestoreAsync(Backup backup)
    {
        var restored = new FakeTable("restored") { Exists = true };
        Assert.Empty(await backup.RestoreAsync(new TableTarget(restored)));
        return restored;
    }

    private async Task PutAsync(params TableEntity[] rows)
    {
        foreach (var batch in rows.GroupBy(static row => row.PartitionKey).SelectMany(static partition => partition.Chunk(4)))
        {
            await _table.SubmitTransactionAsync(batch.Select(static row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), None);
        }
    }

    /// <summary>Pages of 1000 rows, made when they are asked for.</summary>
    private sealed class EndlessTable : TableClient
    {
        public override Uri Uri => new("https://account.table.core.windows.net/endless");

        public int Pages { get; set; }

        public override AsyncPageable<T> QueryAsync<T>(
            string filter = null!, int? maxPerPage = null, IEnumerable<string> select = null!, CancellationToken cancellationToken = default) => new Paged<T>(this);

        private sealed class Paged<T>(EndlessTable table) : AsyncPageable<T>
            where T : notnull
        {
            public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
            {
                for (var page = 0; ; page++)
                {
                    await Task.Yield();
                    table.Pages++;
                    yield return Page<T>.FromValues([.. Enumerable.Range(0, 1000).Select(i => (T)(object)Row((page * 1000) + i))], null, new FakeResponse(200));
                }
            }

            private static TableEntity Row(int number) =>
                new("p", number.ToString("D9", CultureInfo.InvariantCulture)) { ["text"] = new string('x', 900), ["number"] = number };
        }
    }
}
