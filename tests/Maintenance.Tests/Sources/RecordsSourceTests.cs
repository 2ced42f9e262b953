using Maintenance.Backups.Sources;
using Maintenance.Local.Hosting;
using Maintenance.Local.Sources;
using Maintenance.Local.Storage;
using Maintenance.Storage;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Sources;

public sealed class RecordsSourceTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ScratchFolder _scratch = new();
    private readonly DataFolder _folder;

    public RecordsSourceTests() => _folder = new DataFolder(_scratch.PathOf("data"));

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_write_that_was_acknowledged_before_is_in_a_copy_made_while_writers_write()
    {
        await using var database = SqliteDatabase.Open(_folder.Database);
        database.EnsureSchema("test", "CREATE TABLE IF NOT EXISTS rows (writer INTEGER, number INTEGER, text TEXT, PRIMARY KEY (writer, number))");
        using var over = new CancellationTokenSource();
        var acknowledged = new int[4];
        var writers = Enumerable.Range(0, acknowledged.Length).Select(writer => Task.Run(async () =>
        {
            for (var number = 1; !over.IsCancellationRequested; number++)
            {
                await database.WriteAsync(connection => connection.Execute("INSERT INTO rows VALUES (?1, ?2, ?3)", writer, number, new string('x', number % 3000)), None);
                Volatile.Write(ref acknowledged[writer], number);
            }
        })).ToList();

        for (var round = 0; round < 5; round++)
        {
            while (acknowledged.Min() < (round + 1) * 20)
            {
                await Task.Yield();
            }

            var before = acknowledged.Select((_, writer) => Volatile.Read(ref acknowledged[writer])).ToList();
            await using var source = new RecordsSource(_folder);
            var snapshot = await MemorySnapshot.TakeAsync(source);
            var restored = _scratch.PathOf($"restored-{round}/maintenance.db");
            Directory.CreateDirectory(Path.GetDirectoryName(restored)!);
            await File.WriteAllBytesAsync(restored, snapshot["maintenance.db"]);

            await using var copy = SqliteDatabase.Open(restored);
            Assert.Equal("ok", await copy.ReadAsync(static connection => connection.Scalar<string>("PRAGMA integrity_check"), None));
            for (var writer = 0; writer < before.Count; writer++)
            {
                var (count, last) = (await copy.ReadAsync(connection => connection.Scalar<long>("SELECT count(*) FROM rows WHERE writer = ?1", writer), None), await copy.ReadAsync(connection => connection.Scalar<long>("SELECT max(number) FROM rows WHERE writer = ?1", writer), None));
                Assert.True(last >= before[writer], $"writer {writer}: {before[writer]} were acknowledged, {last} are there");
                Assert.Equal(last, count);
            }
        }

        await over.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task The_restored_file_is_a_data_folders_database()
    {
        await using (var database = SqliteDatabase.Open(_folder.Database))
        {
            var records = new SqliteRecordStore(database);
            await records.WriteAsync("Tickets", "T", [RecordWrite.Insert("1", """{"name":"printer"}""")], None);
            await using var source = new RecordsSource(_folder);
            var snapshot = await MemorySnapshot.TakeAsync(source);
            Directory.CreateDirectory(_scratch.PathOf("again"));
            await File.WriteAllBytesAsync(_scratch.PathOf("again/maintenance.db"), snapshot["maintenance.db"]);
        }

        await using var restored = SqliteDatabase.Open(new DataFolder(_scratch.PathOf("again")).Database);
        Assert.Equal("""{"name":"printer"}""", (await new SqliteRecordStore(restored).GetAsync("Tickets", "T", "1", None))!.Json);
    }

    [Fact]
    public async Task The_key_of_the_tracking_codes_is_copied_and_no_other_secret()
    {
        await using var database = SqliteDatabase.Open(_folder.Database);
        var key = _folder.TrackingKey();
        var token = _folder.OperatorToken(out _);
        await File.WriteAllTextAsync(_scratch.PathOf("data/repository.passphrase"), "hush");

        await using var source = new RecordsSource(_folder);
        var snapshot = await MemorySnapshot.TakeAsync(source);

        Assert.Equal(["maintenance.db", "tracking.key"], snapshot.Entries.Select(static entry => entry.Entry.Path));
        Directory.CreateDirectory(_scratch.PathOf("again"));
        snapshot.WriteTo(_scratch.PathOf("again"));
        Assert.Equal(key, new DataFolder(_scratch.PathOf("again")).TrackingKey());
        Assert.DoesNotContain(snapshot.Entries, entry => System.Text.Encoding.Latin1.GetString(entry.Content).Contains(token, StringComparison.Ordinal));
        Assert.All(snapshot.Entries, static entry => Assert.Equal(0b110_000_000, entry.Entry.Mode));
    }

    [Fact]
    public async Task Nothing_of_the_copy_stays_and_what_a_killed_process_left_is_removed()
    {
        await using var database = SqliteDatabase.Open(_folder.Database);
        var left = Path.Join(_folder.Scratch, "records-1-killed");
        Directory.CreateDirectory(left);
        await File.WriteAllTextAsync(Path.Join(left, "maintenance.db"), "old");
        var proof = Path.Join(_folder.Scratch, "proof-of-somebody");
        Directory.CreateDirectory(proof);

        await using (var source = new RecordsSource(_folder))
        {
            await foreach (var _ in source.ScanAsync(new SourceFindings(), None))
            {
                var copy = Assert.Single(Directory.GetDirectories(_folder.Scratch, "records-*"));
                if (!OperatingSystem.IsWindows())
                {
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(copy));
                }

                Assert.Equal(["maintenance.db"], Directory.GetFiles(copy).Select(Path.GetFileName));
            }
        }

        Assert.Equal([proof], Directory.GetDirectories(_folder.Scratch));
    }

    [Fact]
    public async Task What_was_erased_before_is_in_no_byte_of_the_copy()
    {
        await using var database = SqliteDatabase.Open(_folder.Database);
        var records = new SqliteRecordStore(database);
        const string Secret = "the flu of the eleventh";
        for (var row = 0; row < 200; row++)
        {
            await records.WriteAsync("Resources", "absences", [RecordWrite.Put($"{row}", $$"""{"reason":"{{Secret}} {{new string('x', row * 40)}}"}""")], None);
        }

        for (var row = 0; row < 200; row++)
        {
            await records.WriteAsync("Resources", "absences", [row % 2 == 0 ? RecordWrite.Put($"{row}", """{"reason":""}""") : RecordWrite.Delete($"{row}")], None);
        }

        await using var source = new RecordsSource(_folder);
        var copy = (await MemorySnapshot.TakeAsync(source))["maintenance.db"];

        Assert.Equal(-1, copy.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Secret)));
    }

    [Fact]
    public async Task Two_copies_at_once_do_not_disturb_each_other()
    {
        await using var database = SqliteDatabase.Open(_folder.Database);
        await using var first = new RecordsSource(_folder);
        await foreach (var entry in first.ScanAsync(new SourceFindings(), None))
        {
            await using (var second = new RecordsSource(_folder))
            {
                Assert.NotEmpty((await MemorySnapshot.TakeAsync(second)).Entries);
            }

            await using var stream = await first.OpenAsync(entry, None);
            Assert.Equal(entry.Length, stream.Length);
        }
    }

    [Fact]
    public async Task A_damaged_database_is_not_handed_out()
    {
        await using (var database = SqliteDatabase.Open(_folder.Database))
        {
            database.EnsureSchema("test", "CREATE TABLE rows (text TEXT); CREATE INDEX by_text ON rows (text)");
            await database.WriteAsync(static connection => connection.Execute("INSERT INTO rows WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT 'row ' || i FROM n"), None);
        }

        await using (var file = new FileStream(_folder.Database, FileMode.Open))
        {
            file.Position = file.Length / 2;
            file.Write(new byte[40000]);
        }

        await using var source = new RecordsSource(_folder);
        await Assert.ThrowsAsync<IOException>(() => MemorySnapshot.TakeAsync(source));
    }

    [Fact]
    public async Task Without_a_database_there_is_nothing_to_copy_and_none_is_made()
    {
        _folder.TrackingKey();
        await using (var source = new RecordsSource(_folder))
        {
            await Assert.ThrowsAsync<IOException>(() => MemorySnapshot.TakeAsync(source));
        }

        Assert.False(File.Exists(_folder.Database));
        Assert.Empty(Directory.GetDirectories(_folder.Scratch));
    }
}
