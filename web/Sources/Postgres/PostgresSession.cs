using System.Data.Common;
using Npgsql;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>One connection, with its server's errors turned into <see cref="IOException"/> whose texts never hold the password.</summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    /// <summary>The oldest server whose catalogs are read: 13.</summary>
    private const int OldestVersion = 130000;

    /// <summary>The first that may end a transaction for its length alone.</summary>
    private const int TransactionTimeoutVersion = 170000;

    private readonly NpgsqlDataSource _database;
    private readonly string? _password;

    private PostgresSession(NpgsqlDataSource database, NpgsqlConnection connection, string? password, string description)
    {
        _database = database;
        Connection = connection;
        _password = password;
        Description = description;
    }

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Which database of which server: <c>register at db.example:5432</c>.</summary>
    public string Description { get; }

    /// <summary>As the server counts: 150004 for 15.4.</summary>
    public int Version { get; private set; }

    /// <summary>Whether <paramref name="error"/> is one of the driver's or the server's.</summary>
    public static bool IsFailure(Exception error) => error is DbException or TimeoutException or System.Net.Sockets.SocketException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="IOException">It is none. The text says nothing of what stands in it: a password with a semicolon in it would show.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // Without the cause: its text quotes the string.
            throw new IOException("The PostgreSQL connection string cannot be read. It has the form Host=…;Port=5432;Database=…;Username=…;Password=…, a value with a semicolon in double quotes.");
        }
    }

    /// <summary>Which database a connection string means, as people are told.</summary>
    public static string Describe(NpgsqlConnectionStringBuilder settings) => $"{settings.Database ?? settings.Username ?? "(the user's own)"} at {settings.Host ?? "(no host)"}:{settings.Port}";

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">The server cannot be reached, refuses, or is too old.</exception>
    public static async Task<PostgresSession> OpenAsync(string connectionString, string program, CancellationToken cancellation)
    {
        var settings = Read(connectionString);
        settings.Pooling = false;
        settings.Multiplexing = false;
        settings.Enlist = false;
        settings.CommandTimeout = 0;
        settings.ApplicationName = program;

        // Between two files the connection may rest for as long as the other side needs.
        settings.TcpKeepAlive = true;

        // A row's values have no place in an error that is mailed around.
        settings.IncludeErrorDetail = false;
        var description = Describe(settings);
        NpgsqlDataSource? database = null;
        PostgresSession? session = null;
        try
        {
            database = NpgsqlDataSource.Create(settings);
            session = new PostgresSession(database, database.CreateConnection(), settings.Password, description);
            await session.Connection.OpenAsync(cancellation);
            session.Version = int.Parse(await session.ScalarAsync("SHOW server_version_num", cancellation));
            if (session.Version < OldestVersion)
            {
                throw new IOException($"The server of {description} is PostgreSQL {session.Version / 10000}; 13 is the oldest whose catalogs are known.");
            }

            if (session.Version >= TransactionTimeoutVersion)
            {
                await session.RunAsync("SET transaction_timeout = 0", cancellation);
            }

            return session;
        }
        catch (Exception error)
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }
            else if (database is not null)
            {
                await database.DisposeAsync();
            }

            if (error is OperationCanceledException or IOException { InnerException: null } || !(IsFailure(error) || error is ArgumentException or IOException))
            {
                throw;
            }

            throw session?.Failed("It cannot be connected to", error) ?? new IOException($"The connection string of {description} is not complete.");
        }
    }

    /// <summary>An error of the driver as one of ours.</summary>
    public IOException Failed(string what, Exception error)
    {
        var reason = error is PostgresException answer ? $"{answer.MessageText} ({answer.SqlState})" : (error.InnerException is { } cause and not PostgresException ? $"{error.Message}: {cause.Message}" : error.Message);
        var text = $"{what}: {reason} [{Description}]";

        // No driver's text is known to hold it. Should a later one's, neither text nor cause gets out.
        return _password is { Length: > 0 } password && (text.Contains(password, StringComparison.Ordinal) || error.ToString().Contains(password, StringComparison.Ordinal))
            ? new IOException(text.Replace(password, "…", StringComparison.Ordinal))
            : new IOException(text, error);
    }

    /// <summary>Runs one statement.</summary>
    /// <exception cref="IOException">The server refuses it, or the connection broke.</exception>
    public async Task RunAsync(string statement, CancellationToken cancellation)
    {
        try
        {
            // A batch's commands go to the server as they are: a plain command would be split at semicolons, and bodies of functions have some.
            await using var batch = new NpgsqlBatch(Connection) { BatchCommands = { new NpgsqlBatchCommand(statement) } };
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw Failed(Shown(statement), error);
        }
    }

    /// <summary>The rows of a query.</summary>
    /// <exception cref="IOException">The server refuses it, or the connection broke.</exception>
    public async Task<List<T>> RowsAsync<T>(string query, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        try
        {
            await using var batch = new NpgsqlBatch(Connection) { BatchCommands = { new NpgsqlBatchCommand(query) } };
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            List<T> rows = [];
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw Failed(Shown(query), error);
        }
    }

    /// <summary>The first column of the first row, as text.</summary>
    /// <exception cref="IOException">The server refuses it, or the connection broke.</exception>
    public async Task<string> ScalarAsync(string query, CancellationToken cancellation) =>
        (await RowsAsync(query, static row => row.IsDBNull(0) ? "" : Convert.ToString(row.GetValue(0)) ?? "", cancellation)).FirstOrDefault("");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Connection.DisposeAsync();
        }
        catch (Exception error) when (IsFailure(error) || error is IOException)
        {
            // The connection is given up; the server rolls back what was not committed.
        }

        await _database.DisposeAsync();
    }

    /// <summary>As much of a statement as an error's text has room for.</summary>
    private static string Shown(string statement)
    {
        var line = statement.Trim().ReplaceLineEndings(" ");
        return line.Length <= 160 ? line : line[..160] + "…";
    }
}
