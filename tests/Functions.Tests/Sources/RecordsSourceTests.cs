using System.Reflection;
using System.Text;
using Azure;
using Maintenance.Backups.Sources;
using Maintenance.Storage;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Sources;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests.Sources;

public sealed class RecordsSourceTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("functions-tests-");
    private readonly FakeTableService _service = new();
    private readonly TableRecordStore _store;

    public RecordsSourceTests() => _store = new TableRecordStore(_service);

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public async Task Every_table_that_is_there_is_a_file_of_its_rows()
    {
        string[] names = [.. typeof(Tables).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!)];
        Assert.Contains(Tables.Tickets, names);
        foreach (var name in names.Where(static name => name != Tables.Patches))
        {
            await PutAsync(name, "p", "r");
        }

        var backup = await TakeAsync();

        Assert.Equal(names.Where(static name => name != Tables.Patches).Select(static name => name + ".jsonl").Order(StringComparer.Ordinal), backup.Paths);
        Assert.Equal(0, backup.Findings.ProblemCount);
        Assert.Contains("\"Json\":\"{}\"", Encoding.UTF8.GetString(backup["tickets.jsonl"]), StringComparison.Ordinal);
        Assert.Empty(_scratch.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Records_come_back_table_by_table()
    {
        var large = $$"""{"text":"{{new string('ä', 40_000)}}"}""";
        await _store.WriteAsync(Tables.Tickets, "T-1", RecordWrite.Put("ticket", large), None);
        await PutAsync(Tables.Tickets, "T-2", "ticket");
        await PutAsync(Tables.Numbers, "tickets", "next");
        var backup = await TakeAsync();
        backup.Entries.RemoveAll(static item => item.Entry.Path != "tickets.jsonl");
        var restored = new FakeTableService();
        restored["tickets"].Exists = true;

        Assert.Empty(await backup.RestoreAsync(new TableTarget(restored["tickets"])));

        var store = new TableRecordStore(restored);
        Assert.Equal(large, (await store.GetAsync(Tables.Tickets, "T-1", "ticket", None))!.Json);
        Assert.Equal("{}", (await store.GetAsync(Tables.Tickets, "T-2", "ticket", None))!.Json);
    }

    [Fact]
    public async Task A_number_that_was_given_while_the_tables_were_read_is_in_the_series_too()
    {
        await PutAsync(Tables.Numbers, "tickets", "next", "before");
        await PutAsync(Tables.Tickets, "T-1", "ticket");

        // The series was read; now the ticket is, and between them somebody opens another.
        _service[Tables.Tickets].BeforeScan = scan =>
        {
            if (scan == 0)
            {
                Put(Tables.Numbers, "tickets", "next", "after");
                Put(Tables.Tickets, "T-2", "ticket");
            }
        };

        var backup = await TakeAsync();

        Assert.Contains("T-2", Encoding.UTF8.GetString(backup["tickets.jsonl"]), StringComparison.Ordinal);
        Assert.Contains("after", Encoding.UTF8.GetString(backup["numbers.jsonl"]), StringComparison.Ordinal);
        Assert.Equal(0, backup.Findings.ProblemCount);
    }

    [Fact]
    public async Task A_table_that_is_made_meanwhile_is_read_too()
    {
        await PutAsync(Tables.Tickets, "T-1", "ticket");
        _service[Tables.Tickets].BeforeScan = scan =>
        {
            if (scan == 0)
            {
                Put(Tables.Backups, "nightly", "status");
            }
        };

        Assert.Equal(["backups.jsonl", "tickets.jsonl"], (await TakeAsync()).Paths);
    }

    [Fact]
    public async Task Tables_that_never_rest_are_a_problem_and_signs_of_life_are_none()
    {
        await PutAsync(Tables.Tickets, "T-1", "ticket");
        await PutAsync(Tables.Heartbeats, "heartbeat", "tick");
        _service[Tables.Tickets].BeforeScan = scan => Put(Tables.Tickets, "T-1", "ticket", $"{scan}");
        _service[Tables.Access].BeforeScan = scan => Put(Tables.Heartbeats, "heartbeat", "tick", $"{scan}");

        var backup = await TakeAsync();

        Assert.StartsWith("tickets.jsonl: it changed each of 5 times", Assert.Single(backup.Findings.Problems), StringComparison.Ordinal);
        Assert.Equal(["heartbeats.jsonl", "tickets.jsonl"], backup.Paths);
    }

    [Fact]
    public async Task Records_that_did_not_change_show_the_same_and_a_removed_row_does_not()
    {
        await PutAsync(Tables.Tickets, "T-1", "ticket");
        await PutAsync(Tables.Tickets, "T-2", "ticket");
        var one = (await TakeAsync()).Entries[0].Entry;
        var two = (await TakeAsync()).Entries[0].Entry;
        await _store.WriteAsync(Tables.Tickets, "T-1", RecordWrite.Delete("ticket"), None);
        var three = (await TakeAsync()).Entries[0].Entry;

        Assert.True(one.IsUnchanged(two, ignoreChangeMark: false));
        Assert.False(two.IsUnchanged(three, ignoreChangeMark: false));
    }

    [Fact]
    public async Task What_is_attached_comes_with_the_records_and_back_to_where_the_app_looks_for_it()
    {
        await PutAsync(Tables.Tickets, "T-1001", "ticket");
        var objects = new BlobObjectStore(new FakeBlobContainer());
        Assert.True(await objects.PutAsync("tickets/T-1001/a1", "attached"u8.ToArray(), None));
        Assert.True(await objects.PutAsync("duties/check/2026-12-31/b1", "evidence"u8.ToArray(), None));
        Assert.True(await objects.PutAsync("packs/ab/pack", "repository"u8.ToArray(), None));

        var backup = await Backup.TakeAsync(new RecordsWithFiles(new RecordsSource(_service, _scratch.FullName), objects, folder: null));

        Assert.Equal(["duties/check/2026-12-31/b1", "tickets.jsonl", "tickets/T-1001/a1"], backup.Paths);
        Assert.Equal(0, backup.Findings.ProblemCount);
        backup.Entries.RemoveAll(static item => item.Entry.Path.EndsWith(".jsonl", StringComparison.Ordinal));
        var restored = new FakeBlobContainer();
        Assert.Empty(await backup.RestoreAsync(new ContainerTarget(restored)));
        var again = new BlobObjectStore(restored);
        Assert.Equal("attached"u8.ToArray(), await again.GetAsync("tickets/T-1001/a1", None));
        Assert.Equal("evidence"u8.ToArray(), await again.GetAsync("duties/check/2026-12-31/b1", None));
    }

    [Theory]
    [InlineData(403, typeof(UnauthorizedAccessException))]
    [InlineData(503, typeof(IOException))]
    public async Task Records_that_cannot_be_read_are_told_in_words_and_leave_no_file(int status, Type expected)
    {
        await PutAsync(Tables.Tickets, "T-1", "ticket");
        _service[Tables.Tickets].QueryFailure = new RequestFailedException(status, "No.", "No", null);

        await Assert.ThrowsAsync(expected, TakeAsync);

        Assert.Empty(_scratch.EnumerateFileSystemInfos());
    }

    private Task<Backup> TakeAsync() => Backup.TakeAsync(new RecordsSource(_service, _scratch.FullName));

    private Task PutAsync(string table, string partition, string row, string? text = null) =>
        _store.WriteAsync(table, partition, RecordWrite.Put(row, text is null ? "{}" : $$"""{"text":"{{text}}"}"""), None);

    private void Put(string table, string partition, string row, string? text = null) => PutAsync(table, partition, row, text).GetAwaiter().GetResult();
}
