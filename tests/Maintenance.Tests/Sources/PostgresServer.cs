using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Maintenance.Tests.Sources;

/// <summary>A test that needs PostgreSQL's server programs; skipped, visibly, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresServer.Programs is null)
        {
            Skip = "No PostgreSQL server is installed here (initdb was not found in /usr/lib/postgresql or on the PATH).";
        }
    }
}

[CollectionDefinition(nameof(PostgresServer))]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>;

/// <summary>A real server of its own for the tests, on a free port, without any promise of durability.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Admin = "postgres";
    private readonly string _folder = Path.Join(Path.GetTempPath(), "maintenance-postgres-" + Guid.NewGuid().ToString("N")[..12]);
    private string? _rich;
    private int _databases;
    private int _port;

    public static string? Programs { get; } = new[] { "/usr/lib/postgresql" }
        .Where(Directory.Exists).SelectMany(Directory.GetDirectories).OrderDescending(StringComparer.Ordinal).Select(static version => Path.Join(version, "bin"))
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .FirstOrDefault(static folder => File.Exists(Path.Join(folder, "initdb")) && File.Exists(Path.Join(folder, "pg_ctl")));

    private string Cluster => Path.Join(_folder, "cluster");

    public async Task InitializeAsync()
    {
        if (Programs is null)
        {
            return;
        }

        Directory.CreateDirectory(_folder);
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            await RunAsync("chown", [Admin, _folder]);
        }

        await RunAsServerAsync("initdb", ["--pgdata", Cluster, "--username", Admin, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
        var rules = Path.Join(Cluster, "pg_hba.conf");
        await File.WriteAllTextAsync(rules, "host all needs_password 127.0.0.1/32 scram-sha-256\n" + await File.ReadAllTextAsync(rules));
        for (var attempt = 1; ; attempt++)
        {
            _port = FreePort();
            try
            {
                await RunAsServerAsync("pg_ctl", ["start", "--wait", "--silent", "--pgdata", Cluster, "--log", Path.Join(_folder, "log"), "--options",
                    $"-c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories={_folder} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=32MB -c max_connections=40 -c wal_level=logical"]);
                break;
            }
            catch (InvalidOperationException) when (attempt < 4)
            {
                // Somebody else took the port in between.
            }
        }

        await using var connection = await ConnectAsync(Admin);
        await RunAsync(connection, "CREATE ROLE needs_password LOGIN PASSWORD 'right;one'; CREATE ROLE \"Odd \"\"Role\"\"\"; CREATE ROLE reader; CREATE ROLE plain LOGIN; CREATE ROLE register_owner LOGIN;");
    }

    public async Task DisposeAsync()
    {
        if (Programs is not null && Directory.Exists(Cluster))
        {
            NpgsqlConnection.ClearAllPools();
            await RunAsServerAsync("pg_ctl", ["stop", "--silent", "--mode", "immediate", "--pgdata", Cluster]);
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A new empty database; its name.</summary>
    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = $"Test db {Interlocked.Increment(ref _databases)}";
        await using var connection = await ConnectAsync(Admin);
        await RunAsync(connection, $"CREATE DATABASE \"{name}\" TEMPLATE template0 {options}");
        return name;
    }

    /// <summary>A new database as <see cref="RichDatabase"/> makes it; its name.</summary>
    public async Task<string> CreateRichDatabaseAsync()
    {
        // Tests of one collection come one after another: nobody else makes it.
        if (_rich is null)
        {
            var script = Path.Join(_folder, "rich.sql");
            await File.WriteAllTextAsync(script, RichDatabase.Script);
            var database = await CreateDatabaseAsync();
            await PsqlAsync(database, _folder, "-f", script);
            _rich = database;
        }

        var name = $"Rich db {Interlocked.Increment(ref _databases)}";
        await using var connection = await ConnectAsync(Admin);
        await RunAsync(connection, $"CREATE DATABASE \"{name}\" TEMPLATE \"{_rich}\"");
        return name;
    }

    public string ConnectionString(string database, string user = Admin, string? password = null) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _port, Database = database, Username = user, Password = password, Pooling = false, Timeout = 10 }.ToString();

    public async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs a script with psql.</summary>
    public Task<string> PsqlAsync(string database, string folder, params string[] arguments) =>
        RunAsync(Path.Join(Programs, "psql"), ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", $"{_port}", "-U", Admin, "-d", database, .. arguments], folder);

    /// <summary>What <c>pg_dump</c> says of a database: all that it knows, schema and rows, without remarks and what differs from run to run.</summary>
    public async Task<string> DumpAsync(string database)
    {
        var text = await RunAsync(Path.Join(Programs, "pg_dump"), ["-h", "127.0.0.1", "-p", $"{_port}", "-U", Admin, "-d", database, "-b"]);
        return string.Join('\n', text.Split('\n').Where(static line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal) && !line.StartsWith("\\restrict", StringComparison.Ordinal) && !line.StartsWith("\\unrestrict", StringComparison.Ordinal)));
    }

    /// <summary>Runs a script of several statements.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, string script)
    {
        await using var command = new NpgsqlCommand(script, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection) { CommandTimeout = 120 };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task RunAsServerAsync(string program, string[] arguments)
    {
        var path = Path.Join(Programs, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", Admin, "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string? folder = null)
    {
        // pg_ctl hands its pipes on to the server, and they would never end: its output goes nowhere, its messages to the log.
        var isServer = arguments.Contains("start");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = !isServer, RedirectStandardError = !isServer, WorkingDirectory = folder ?? "/" };
        using var process = Process.Start(start)!;
        var output = isServer ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync();
        var errors = isServer ? Task.FromResult("") : process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }
}
