using Microsoft.Data.Sqlite;

namespace Maintenance.Local.Storage;

/// <summary>
/// One SQLite file, shared by the record store, the queues and the workflow journal. Writes go through one thread that commits those that wait together
/// (<see cref="SqliteWriter"/>); reads run beside it on snapshots (<see cref="SqliteReaders"/>). A read that starts after a write completed sees it.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    /// <summary>Stands in the file's header and says that the file is ours: "MNTF".</summary>
    private const int ApplicationId = 0x4D4E5446;

    /// <summary>Goes up when an older program could no longer read the file rightly. New tables alone do not need it.</summary>
    private const int SchemaVersion = 1;

    private const int ErrorCorrupt = 11;
    private const int ErrorNotADatabase = 26;

    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly string _path;

    private SqliteDatabase(string path, StatementConnection writer)
    {
        _path = path;
        _writer = new SqliteWriter(writer);
        _readers = new SqliteReaders(() => Connect(path, SqliteOpenMode.ReadWrite, "PRAGMA query_only = ON;"));
    }

    /// <summary>Opens the file; makes it, and its folder, where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isLasting">False for what nobody needs after this process: then nothing waits for the disk, and a machine that stops may leave a damaged file.</param>
    /// <exception cref="InvalidDataException">The file is no database, another program's, damaged, or written by a newer version of this program.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static SqliteDatabase Open(string path, bool isLasting = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = Path.GetFullPath(path);
        DurableFolders.Create(Path.GetDirectoryName(path)!);

        StatementConnection? connection = null;
        try
        {
            connection = Connect(path, SqliteOpenMode.ReadWriteCreate, "");
            ClaimFile(path, connection);

            // Only once the file is known to be ours: WAL is written into its header.
            // FULL: a commit is on the disk before its callers are told. fullfsync says the same to macOS, where fsync alone does not.
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute(isLasting ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
            connection.Execute("PRAGMA fullfsync = ON");

            // What was erased (a name, a contact, why somebody was away) is gone from the file, and from every later copy of it.
            connection.Execute("PRAGMA secure_delete = ON");
            connection.Execute("PRAGMA wal_autocheckpoint = 4000");
            connection.Execute("PRAGMA journal_size_limit = 67108864");
            return new SqliteDatabase(path, connection);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is ErrorNotADatabase or ErrorCorrupt)
        {
            connection?.Dispose();
            throw new InvalidDataException($"'{path}' is not a SQLite database, or is damaged: {error.Message}", error);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs a job in a write transaction, once, on the writer's thread. The job is synchronous and short, and uses the connection only while it runs.
    /// The task completes after the durable commit that holds the job. A job that throws is undone alone, and its exception is the task's.
    /// </summary>
    /// <param name="job">What is read and written; its value becomes the task's.</param>
    /// <param name="cancellation">Withdraws the job as long as it has not begun.</param>
    /// <exception cref="SqliteException">The commit failed: none of the jobs in it took place (or, after a failing disk, perhaps all of them).</exception>
    /// <exception cref="ObjectDisposedException">The database is closed.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        return _writer.RunAsync(job, cancellation);
    }

    /// <summary>
    /// Runs a query over one snapshot: all that it reads is of one moment. It runs on the caller's thread, once a connection is free, and must read what it
    /// returns before it returns.
    /// </summary>
    /// <param name="query">What is read; writing fails.</param>
    /// <param name="cancellation">Gives up waiting for a connection.</param>
    /// <exception cref="ObjectDisposedException">The database is closed.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _readers.RunAsync(query, cancellation);
    }

    /// <summary>Makes the tables and indexes of one adapter. Blocks until they are durable. Not to be called from inside a job.</summary>
    /// <param name="name">Whose they are; for the error's text.</param>
    /// <param name="sql">Statements that do nothing when run again: <c>CREATE TABLE IF NOT EXISTS …</c></param>
    /// <exception cref="InvalidDataException">The file has tables that do not fit.</exception>
    public void EnsureSchema(string name, string sql)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(sql);
        try
        {
            _writer.RunAsync(
                connection =>
                {
                    using var command = connection.CreateCommand();
                    command.CommandText = sql;
                    return command.ExecuteNonQuery();
                },
                CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (SqliteException error)
        {
            throw new InvalidDataException($"The tables of {name} could not be made in '{_path}': {error.Message}", error);
        }
    }

    /// <summary>Takes no more jobs, finishes those it has, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DrainAsync();
        await _readers.DisposeAsync();

        // The writer's connection is the last to close: with it SQLite moves the log into the file and removes it.
        await _writer.DisposeAsync();
    }

    private static StatementConnection Connect(string path, SqliteOpenMode mode, string settings)
    {
        // Pooling stays off: connections live as long as the database, and a pool would keep the file open after that.
        var connection = new StatementConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = 10,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA busy_timeout = 10000");
            if (settings.Length > 0)
            {
                connection.Execute(settings);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Checks whose the file is before anything in it is changed, and marks an empty one as ours.</summary>
    private static void ClaimFile(string path, StatementConnection connection)
    {
        var application = connection.Scalar<long>("PRAGMA application_id");
        var version = connection.Scalar<long>("PRAGMA user_version");
        var tables = connection.Scalar<long>("SELECT count(*) FROM sqlite_schema");
        if (application == 0 && version == 0 && tables == 0)
        {
            using var mark = connection.CreateCommand();
            mark.CommandText = $"BEGIN IMMEDIATE; PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}; COMMIT";
            mark.ExecuteNonQuery();
            return;
        }

        if (application != ApplicationId)
        {
            throw new InvalidDataException($"'{path}' is a SQLite database of another program; it was left as it is.");
        }

        if (version > SchemaVersion)
        {
            throw new InvalidDataException(
                $"'{path}' has schema version {version}; this program knows {SchemaVersion} at most. Open it with the newer version of the program that wrote it.");
        }
    }
}
