using Maintenance.Local.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Maintenance.Tests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ScratchFolder _scratch = new();

    private string File => _scratch.PathOf("deep/state/maintenance.db");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_read_after_a_completed_write_sees_it()
    {
        await using var database = Open();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await AddAsync(database, $"{worker}-{i}");
                Assert.Equal(1, await database.ReadAsync(connection => connection.Scalar<long>("SELECT count(*) FROM rows WHERE name = ?1", $"{worker}-{i}"), None));
            }
        })));
    }

    [Fact]
    public async Task Jobs_that_wait_together_share_one_commit()
    {
        await using var database = Open();
        var commits = 0;
        await database.WriteAsync(
            connection =>
            {
                raw.sqlite3_commit_hook(connection.Handle, _ => ++commits < 0 ? 1 : 0, null);
                return 0;
            },
            None);
        commits = 0;

        await WhileTheWriterIsBusyAsync(database, () => Enumerable.Range(0, 100).Select(i => AddAsync(database, $"{i}")));

        Assert.Equal(100, (await RowsAsync(database)).Count);

        // One of the job that kept the writer busy, and one of the hundred.
        Assert.Equal(2, commits);
    }

    [Fact]
    public async Task A_job_that_throws_is_undone_alone_and_its_caller_gets_the_error()
    {
        await using var database = Open();
        List<Task<int>> jobs = [];

        await WhileTheWriterIsBusyAsync(database, () =>
        {
            jobs.AddRange(Enumerable.Range(0, 10).Select(i => database.WriteAsync(
                connection =>
                {
                    connection.Execute("INSERT INTO rows (name) VALUES (?1)", $"{i}");
                    return i % 3 == 0 ? throw new InvalidOperationException($"job {i}") : i;
                },
                None)));
            return jobs.Select(async job => await Task.WhenAny(job));
        });

        for (var i = 0; i < 10; i++)
        {
            if (i % 3 == 0)
            {
                Assert.Equal($"job {i}", (await Assert.ThrowsAsync<InvalidOperationException>(() => jobs[i])).Message);
            }
            else
            {
                Assert.Equal(i, await jobs[i]);
            }
        }

        Assert.Equal(["1", "2", "4", "5", "7", "8"], await RowsAsync(database));
    }

    [Fact]
    public async Task When_the_commit_fails_every_caller_of_the_group_hears_it_and_the_next_group_works()
    {
        await using var database = Open();
        List<Task<int>> jobs = [];

        await WhileTheWriterIsBusyAsync(database, () =>
        {
            jobs.Add(AddAsync(database, "innocent"));
            jobs.Add(database.WriteAsync(connection => connection.Execute("INSERT INTO children (parent) VALUES ('nobody')"), None));
            return jobs.Select(async job => await Task.WhenAny(job));
        });

        await Assert.ThrowsAsync<SqliteException>(() => jobs[0]);
        await Assert.ThrowsAsync<SqliteException>(() => jobs[1]);
        Assert.Empty(await RowsAsync(database));
        await AddAsync(database, "next");
        Assert.Equal(["next"], await RowsAsync(database));
    }

    [Fact]
    public async Task A_job_that_drops_the_whole_transaction_fails_its_group_and_nothing_of_it_stays()
    {
        await using var database = Open();
        List<Task<int>> jobs = [];

        await WhileTheWriterIsBusyAsync(database, () =>
        {
            jobs.Add(AddAsync(database, "before"));
            jobs.Add(database.WriteAsync(connection => connection.Execute("INSERT OR ROLLBACK INTO rows (name) VALUES (NULL)"), None));
            jobs.Add(AddAsync(database, "after"));
            return jobs.Select(async job => await Task.WhenAny(job));
        });

        Assert.All(jobs, job => Assert.True(job.IsFaulted));
        Assert.Empty(await RowsAsync(database));
        await AddAsync(database, "next");
    }

    [Fact]
    public async Task A_job_cancelled_before_it_began_never_runs()
    {
        await using var database = Open();
        using var cancellation = new CancellationTokenSource();
        Task<int>? job = null;

        await WhileTheWriterIsBusyAsync(database, () =>
        {
            job = database.WriteAsync(connection => connection.Execute("INSERT INTO rows (name) VALUES ('x')"), cancellation.Token);
            cancellation.Cancel();
            return [Task.WhenAny(job)];
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job!);
        Assert.Empty(await RowsAsync(database));
    }

    [Fact]
    public async Task Acknowledged_writes_survive_a_file_that_was_never_closed()
    {
        await using var database = Open();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => AddAsync(database, $"{i:D3}")));

        // What a killed process leaves: the files as they are at this moment.
        var copy = Directory.CreateDirectory(_scratch.PathOf("copy")).FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(File)!).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await using var target = new FileStream(Path.Combine(copy, Path.GetFileName(file)), FileMode.CreateNew);
            await source.CopyToAsync(target);
        }

        await using var reopened = SqliteDatabase.Open(Path.Combine(copy, "maintenance.db"));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i:D3}"), await RowsAsync(reopened));
    }

    [Fact]
    public async Task A_commit_is_flushed_before_its_callers_are_told()
    {
        await using var database = Open();

        Assert.Equal("wal", await database.WriteAsync(connection => connection.Scalar<string>("PRAGMA journal_mode"), None));
        Assert.Equal(2, await database.WriteAsync(connection => connection.Scalar<long>("PRAGMA synchronous"), None));
        Assert.Equal(1, await database.WriteAsync(connection => connection.Scalar<long>("PRAGMA foreign_keys"), None));
    }

    [Fact]
    public async Task A_query_sees_one_moment_although_others_write_meanwhile()
    {
        await using var database = Open();

        var counts = await database.ReadAsync(
            connection =>
            {
                var before = connection.Scalar<long>("SELECT count(*) FROM rows");
                AddAsync(database, "meanwhile").GetAwaiter().GetResult();
                return (before, connection.Scalar<long>("SELECT count(*) FROM rows"));
            },
            None);

        Assert.Equal((0, 0), counts);
        Assert.Equal(["meanwhile"], await RowsAsync(database));
    }

    [Fact]
    public async Task A_query_cannot_write_and_a_failed_one_does_no_harm()
    {
        await using var database = Open();

        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<SqliteException>(() => database.ReadAsync(connection => connection.Execute("INSERT INTO rows (name) VALUES ('x')"), None));
        }

        Assert.Empty(await RowsAsync(database));
    }

    [Fact]
    public async Task A_job_that_starts_another_one_is_refused_instead_of_waiting_for_itself()
    {
        await using var database = Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(_ => AddAsync(database, "x").GetAwaiter().GetResult(), None));
    }

    [Fact]
    public async Task Disposing_finishes_the_accepted_writes_and_takes_no_more()
    {
        var database = Open();
        var writes = Enumerable.Range(0, 500).Select(i => AddAsync(database, $"{i:D3}")).ToList();

        await database.DisposeAsync();

        Assert.All(writes, write => Assert.True(write.IsCompleted));
        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AddAsync(database, "late"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => RowsAsync(database));
        await database.DisposeAsync();

        // The log is in the file now: the file alone is the database.
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
        await using var reopened = Open();
        Assert.Equal(500, (await RowsAsync(reopened)).Count);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var path = _scratch.PathOf("notes.txt");
        await System.IO.File.WriteAllTextAsync(path, new string('x', 10_000));

        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => SqliteDatabase.Open(path)).Message, StringComparison.Ordinal);

        Assert.Equal(new string('x', 10_000), await System.IO.File.ReadAllTextAsync(path));
    }

    [Theory]
    [InlineData("CREATE TABLE theirs (a)", "another program")]
    [InlineData("PRAGMA application_id = 7", "another program")]
    [InlineData("PRAGMA user_version = 3; CREATE TABLE theirs (a)", "another program")]
    public async Task Another_programs_database_is_refused_and_left_as_it_is(string sql, string expected)
    {
        var path = _scratch.PathOf("theirs.db");
        Run(path, sql);
        var before = await System.IO.File.ReadAllBytesAsync(path);

        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => SqliteDatabase.Open(path)).Message, StringComparison.Ordinal);

        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await Open().DisposeAsync();
        Run(File, "PRAGMA user_version = 99");

        Assert.Contains("version 99", Assert.Throws<InvalidDataException>(() => SqliteDatabase.Open(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_does_not_fit_is_an_error_that_names_its_owner()
    {
        await using var database = Open();

        var error = Assert.Throws<InvalidDataException>(() => database.EnsureSchema("the test", "CREATE INDEX IF NOT EXISTS i ON rows (no_such_column)"));

        Assert.Contains("the test", error.Message, StringComparison.Ordinal);
    }

    private static void Run(string path, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static Task<int> AddAsync(SqliteDatabase database, string name) =>
        database.WriteAsync(connection => connection.Execute("INSERT INTO rows (name) VALUES (?1)", name), None);

    private static Task<List<string>> RowsAsync(SqliteDatabase database) =>
        database.ReadAsync(connection => connection.Query("SELECT name FROM rows ORDER BY name", row => row.GetString(0)), None);

    /// <summary>Holds the writer's thread up until the jobs are all waiting, so that they are one group.</summary>
    private static async Task WhileTheWriterIsBusyAsync(SqliteDatabase database, Func<IEnumerable<Task>> start)
    {
        using var began = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var busy = database.WriteAsync(
            _ =>
            {
                began.Set();
                go.Wait();
                return 0;
            },
            None);
        began.Wait();
        var jobs = start().ToList();
        go.Set();
        await busy;
        await Task.WhenAll(jobs);
    }

    private SqliteDatabase Open()
    {
        var database = SqliteDatabase.Open(File);
        database.EnsureSchema("the test", """
            CREATE TABLE IF NOT EXISTS rows (name TEXT NOT NULL UNIQUE);
            CREATE TABLE IF NOT EXISTS children (parent TEXT REFERENCES rows (name) DEFERRABLE INITIALLY DEFERRED);
            """);
        return database;
    }
}
