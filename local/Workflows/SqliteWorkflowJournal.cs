using System.Globalization;
using System.Text.Json;
using Maintenance.Local.Storage;
using Maintenance.Workflows;
using Microsoft.Data.Sqlite;

namespace Maintenance.Local.Workflows;

/// <summary>The journal in SQLite: one row an instance, one row an event.</summary>
public sealed class SqliteWorkflowJournal : IWorkflowJournal
{
    /// <summary>Goes up when an older engine could no longer read new histories rightly; such instances are left to the newer one.</summary>
    private const int EngineVersion = 1;

    /// <summary>How many instances are purged in one transaction, so that other writers need not wait for long.</summary>
    private const int PurgeBatch = 100;

    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS workflow_instances (
            id TEXT NOT NULL PRIMARY KEY,
            workflow TEXT NOT NULL,
            input TEXT NOT NULL,
            state TEXT NOT NULL,
            status TEXT,
            output TEXT,
            error TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            engine INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS workflow_instances_by_state ON workflow_instances (state, updated_at);
        CREATE TABLE IF NOT EXISTS workflow_history (
            instance TEXT NOT NULL,
            seq INTEGER NOT NULL,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (instance, seq)
        );
        """;

    private const string Instances = "SELECT id, workflow, state, created_at, updated_at, status, output, error FROM workflow_instances";

    private readonly SqliteDatabase _database;

    /// <summary>Over a database, in which it makes its tables where they are missing.</summary>
    /// <exception cref="InvalidDataException">The database has tables that do not fit.</exception>
    public SqliteWorkflowJournal(SqliteDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database;
        database.EnsureSchema("the workflow journal", Schema);
    }

    /// <inheritdoc/>
    public Task<bool> CreateAsync(string instanceId, WorkflowStarted started, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(started);
        return _database.WriteAsync(
            connection =>
            {
                var created = connection.Execute(
                    """
                    INSERT INTO workflow_instances (id, workflow, input, state, created_at, updated_at, engine) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)
                    ON CONFLICT (id) DO NOTHING
                    """,
                    instanceId, started.Workflow, started.Input, Text(WorkflowState.Running), Text(started.At), EngineVersion) == 1;
                if (created)
                {
                    Insert(connection, instanceId, 0, started);
                }

                return created;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(
        string instanceId, int expected, IReadOnlyList<WorkflowEvent> events, string? status, DateTimeOffset at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        return _database.WriteAsync(
            connection =>
            {
                if (!IsRunning(connection, instanceId))
                {
                    return AppendResult.Ended;
                }

                if (NextSeq(connection, instanceId) != expected)
                {
                    return AppendResult.Moved;
                }

                for (var i = 0; i < events.Count; i++)
                {
                    Insert(connection, instanceId, expected + i, events[i]);
                }

                var (state, output, error) = events[^1] switch
                {
                    WorkflowCompleted completed => (WorkflowState.Completed, completed.Output, null),
                    WorkflowFailed failed => (WorkflowState.Failed, null, failed.Error),
                    _ => (WorkflowState.Running, (string?)null, (string?)null),
                };
                connection.Execute(
                    "UPDATE workflow_instances SET state = ?2, status = ?3, output = ?4, error = ?5, updated_at = ?6 WHERE id = ?1",
                    instanceId, Text(state), status, output, error, Text(at));
                return AppendResult.Appended;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> RaiseAsync(string instanceId, EventRaised raised, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(raised);
        return _database.WriteAsync(
            connection =>
            {
                if (!IsRunning(connection, instanceId))
                {
                    return false;
                }

                Insert(connection, instanceId, NextSeq(connection, instanceId), raised);
                connection.Execute("UPDATE workflow_instances SET updated_at = ?2 WHERE id = ?1", instanceId, Text(raised.At));
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<JournalledInstance?> LoadAsync(string instanceId, CancellationToken cancellation) =>
        _database.ReadAsync(
            connection =>
            {
                var row = connection.First(
                    "SELECT workflow, state, engine FROM workflow_instances WHERE id = ?1",
                    r => new { Workflow = r.GetString(0), State = State(r.GetString(1)), Engine = r.GetInt64(2) },
                    instanceId);
                return row switch
                {
                    null => null,
                    { Engine: > EngineVersion } => throw new InvalidDataException($"The workflow instance {instanceId} was written by a newer version of the program."),
                    _ => new JournalledInstance(instanceId, row.Workflow, row.State, Events(connection, instanceId, 0)),
                };
            },
            cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowEvent>> ReadAsync(string instanceId, int from, CancellationToken cancellation) =>
        _database.ReadAsync<IReadOnlyList<WorkflowEvent>>(connection => Events(connection, instanceId, from), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> RunningAsync(CancellationToken cancellation) =>
        _database.ReadAsync<IReadOnlyList<string>>(
            connection => connection.Query(
                "SELECT id FROM workflow_instances WHERE state = ?1 ORDER BY created_at, id", r => r.GetString(0), Text(WorkflowState.Running)),
            cancellation);

    /// <inheritdoc/>
    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellation) =>
        _database.ReadAsync(
            connection => connection.First(Instances + " WHERE id = ?1", Status, instanceId), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(DateTimeOffset failedSince, int take, CancellationToken cancellation) =>
        _database.ReadAsync<IReadOnlyList<WorkflowStatus>>(
            connection => connection.Query(
                Instances + " WHERE state = ?1 OR (state = ?2 AND updated_at >= ?3) ORDER BY updated_at, id LIMIT ?4",
                Status,
                Text(WorkflowState.Running), Text(WorkflowState.Failed), Text(failedSince), take),
            cancellation);

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var total = 0;
        while (true)
        {
            var purged = await _database.WriteAsync(connection => PurgeSome(connection, Text(before)), cancellation);
            total += purged;
            if (purged < PurgeBatch)
            {
                return total;
            }
        }
    }

    private static WorkflowStatus Status(SqliteDataReader r) => new(
        r.GetString(0), r.GetString(1), State(r.GetString(2)), Instant(r.GetString(3)), Instant(r.GetString(4)), OrNull(r, 5), OrNull(r, 6), OrNull(r, 7));

    private static int PurgeSome(SqliteConnection connection, string before)
    {
        var ids = connection.Query(
            "SELECT id FROM workflow_instances WHERE state IN (?1, ?2) AND updated_at < ?3 ORDER BY updated_at LIMIT ?4",
            r => r.GetString(0),
            Text(WorkflowState.Completed), Text(WorkflowState.Failed), before, PurgeBatch);
        foreach (var id in ids)
        {
            connection.Execute("DELETE FROM workflow_history WHERE instance = ?1", id);
            connection.Execute("DELETE FROM workflow_instances WHERE id = ?1", id);
        }

        return ids.Count;
    }

    private static bool IsRunning(SqliteConnection connection, string instanceId) =>
        connection.Scalar<string>("SELECT state FROM workflow_instances WHERE id = ?1", instanceId) == Text(WorkflowState.Running);

    private static long NextSeq(SqliteConnection connection, string instanceId) =>
        connection.Scalar<long>("SELECT coalesce(max(seq) + 1, 0) FROM workflow_history WHERE instance = ?1", instanceId);

    private static void Insert(SqliteConnection connection, string instanceId, long seq, WorkflowEvent happened) =>
        connection.Execute(
            "INSERT INTO workflow_history (instance, seq, kind, payload, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            instanceId, seq, happened.Kind, MaintenanceJson.Write(happened), Text(happened.At));

    private static List<WorkflowEvent> Events(SqliteConnection connection, string instanceId, int from)
    {
        try
        {
            return connection.Query(
                "SELECT payload FROM workflow_history WHERE instance = ?1 AND seq >= ?2 ORDER BY seq",
                r => MaintenanceJson.Read<WorkflowEvent>(r.GetString(0)),
                instanceId, from);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The history of the workflow instance {instanceId} has an event that this program cannot read: {error.Message}", error);
        }
    }

    private static string? OrNull(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static string Text(WorkflowState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    private static WorkflowState State(string text) => Enum.Parse<WorkflowState>(text, ignoreCase: true);

    // All seven digits: the instants compare as text in SQL, and come back as they were.
    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
