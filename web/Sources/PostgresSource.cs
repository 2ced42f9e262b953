using System.Runtime.CompilerServices;
using System.Text.Json;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Web.Sources.Postgres;

namespace Maintenance.Web.Sources;

/// <summary>
/// A PostgreSQL database (13 or later) as it was at one instant: every file is read in one repeatable-read transaction, whatever others write meanwhile. The files
/// are what <c>psql</c> needs to make the database again by hand: <c>10-schema.sql</c>, <c>15-data.sql</c> with the rows in <c>20-data</c> (text that every version
/// reads), <c>25-large-objects.sql</c>, <c>30-constraints.sql</c>, <c>40-code.sql</c>, <c>50-sequences.sql</c>, <c>60-grants.sql</c>; and last <c>facts.json</c>.
/// </summary>
/// <remarks>
/// Sequences know no transactions: they are copied as they are after the rows, never behind them. While the copy goes on, tables may be written but not altered.
/// Roles, tablespaces, subscriptions and user mappings belong to the server, and are not copied. As with <c>pg_dump</c>, functions that rely on a search path may
/// fail when a restore runs them.
/// </remarks>
public sealed class PostgresSource : ISnapshotSource
{
    private const string LargeObjects = "25-large-objects.sql";
    private const string Sequences = "50-sequences.sql";
    private const int MostTries = 5;
    private const string CannotLock = "55P03";
    private const string NoSuchTable = "42P01";

    private static readonly JsonSerializerOptions ForPeople = new(MaintenanceJson.Options) { WriteIndented = true };

    private readonly string _connectionString;
    private readonly TimeSpan _lockPatience;
    private readonly Dictionary<string, byte[]> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);
    private Dictionary<string, CopiedTable> _files = [];
    private List<CopiedTable> _tables = [];
    private List<uint> _largeObjects = [];
    private List<(uint Id, string Name, bool IsReadable)> _sequences = [];
    private PostgresSession? _session;
    private SchemaReader? _schema;

    /// <summary>Nothing is connected to before the scan.</summary>
    /// <param name="connectionString">Of Npgsql: <c>Host=…;Database=…;Username=…;Password=…</c>. The role must be able to read every table.</param>
    /// <param name="lockPatience">How long to wait for somebody who alters a table; a minute where null.</param>
    /// <exception cref="IOException">The connection string cannot be read.</exception>
    public PostgresSource(string connectionString, TimeSpan? lockPatience = null)
    {
        _connectionString = connectionString;
        _lockPatience = lockPatience ?? TimeSpan.FromMinutes(1);
        Description = "postgres " + PostgresSession.Describe(PostgresSession.Read(connectionString));
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public TreeEntry? Root => null;

    /// <inheritdoc/>
    public IComparer<string> Order => SourceOrder.ByFolder;

    private PostgresSession Session => _session ?? throw new InvalidOperationException("The database is read only while it is scanned.");

    private SchemaReader Schema => _schema ?? throw new InvalidOperationException("The database is read only while it is scanned.");

    /// <inheritdoc/>
    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(findings);
        _session = await PostgresSession.OpenAsync(_connectionString, "maintenance backup", cancellation);
        await BeginAsync(cancellation);
        _schema = await SchemaReader.ReadAsync(_session, findings, cancellation);
        await FindAsync(findings, cancellation);

        yield return Text("10-schema.sql", Script(ScriptFile.Schema));
        yield return Text(CopyList.Path, CopyList.Write(_tables));
        yield return new TreeEntry { Path = CopiedTable.Folder, Kind = TreeEntryKind.Folder };
        foreach (var file in _files.Keys.Order(Order))
        {
            yield return File(file);
        }

        if (_largeObjects.Count > 0)
        {
            yield return File(LargeObjects);
        }

        yield return Text("30-constraints.sql", Script(ScriptFile.Constraints));
        yield return Text("40-code.sql", Script(ScriptFile.Code));
        yield return File(Sequences);
        yield return Text("60-grants.sql", Script(ScriptFile.Grants));
        yield return File(PostgresFacts.Path);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (_files.TryGetValue(entry.Path, out var table))
        {
            return await TableStream.OpenAsync(Session, table.Command, $"The table {table.Schema}.{table.Name}", rows => _rows[entry.Path] = rows, cancellation);
        }

        return entry.Path switch
        {
            LargeObjects => await LargeObjectStream.OpenAsync(Session, _largeObjects, cancellation),
            Sequences => new MemoryStream(await SequencesAsync(cancellation), writable: false),
            PostgresFacts.Path => new MemoryStream(await FactsAsync(cancellation), writable: false),
            _ when _texts.TryGetValue(entry.Path, out var text) => new MemoryStream(text, writable: false),
            _ => throw new FileNotFoundException($"'{entry.Path}' is no file of this copy."),
        };
    }

    /// <inheritdoc/>
    public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<TreeEntry?>(entry);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            await _session.DisposeAsync();
            _session = null;
        }
    }

    /// <summary>
    /// Locks every table against being altered, and only then takes the snapshot: a table that was rewritten or emptied between the two would be copied as neither.
    /// Tables that were made or dropped in between make it begin anew.
    /// </summary>
    private async Task BeginAsync(CancellationToken cancellation)
    {
        string[] settings =
        [
            "SET search_path = ''", "SET quote_all_identifiers = on", "SET extra_float_digits = 3", "SET datestyle = 'ISO, YMD'", "SET intervalstyle = 'postgres'", "SET bytea_output = 'hex'", "SET timezone = 'UTC'",
            "SET row_security = off", "SET synchronize_seqscans = off", "SET xmlbinary = 'base64'", "SET statement_timeout = 0", "SET idle_in_transaction_session_timeout = 0",
            $"SET lock_timeout = {(long)_lockPatience.TotalMilliseconds}",
        ];
        foreach (var setting in settings)
        {
            await Session.RunAsync(setting, cancellation);
        }

        for (var attempt = 1; ; attempt++)
        {
            var locked = await Session.RowsAsync(CopiedTable.Query, CopiedTable.Read, cancellation);
            await Session.RunAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellation);
            try
            {
                if (string.Join(", ", locked.Where(static table => table.Obstacle is null).Select(static table => table.Quoted)) is { Length: > 0 } names)
                {
                    await Session.RunAsync($"LOCK TABLE {names} IN ACCESS SHARE MODE", cancellation);
                }

                _tables = await Session.RowsAsync(CopiedTable.Query, CopiedTable.Read, cancellation);
                if (_tables.Select(static table => table.Id).ToHashSet().IsSubsetOf(locked.Select(static table => table.Id)))
                {
                    break;
                }
            }
            catch (IOException error) when (error.InnerException is Npgsql.PostgresException { SqlState: CannotLock })
            {
                throw new IOException($"Somebody has been altering a table of {Description} for more than {_lockPatience.TotalSeconds:0} s; nothing was copied.", error);
            }
            catch (IOException error) when (error.InnerException is Npgsql.PostgresException { SqlState: NoSuchTable } && attempt < MostTries)
            {
                // Dropped since it was listed.
            }

            await Session.RunAsync("ROLLBACK", cancellation);
            if (attempt == MostTries)
            {
                throw new IOException($"Tables of {Description} were made and dropped all the time; nothing was copied.");
            }
        }

        _tables.Sort(static (a, b) => string.CompareOrdinal(a.Schema, b.Schema) is not 0 and var schemas ? schemas : string.CompareOrdinal(a.Name, b.Name));
        _files = _tables.Where(static table => table.File is not null).ToDictionary(static table => table.File!, StringComparer.Ordinal);
    }

    private async Task FindAsync(SourceFindings findings, CancellationToken cancellation)
    {
        foreach (var table in _tables.Where(static table => table.Obstacle is not null))
        {
            findings.Problem($"{table.Schema}.{table.Name}", $"{table.Obstacle}; its rows are not in the copy");
        }

        var sequences = await Session.RowsAsync(
            $"SELECT c.oid, format('%I.%I', n.nspname, c.relname), has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND {CatalogQuery.UserSchema} ORDER BY 2",
            static row => (Id: row.GetFieldValue<uint>(0), Name: row.GetString(1), IsReadable: row.GetBoolean(2)),
            cancellation);
        _sequences = [.. sequences.Where(sequence => !Schema.IsOfExtension("pg_class", sequence.Id))];
        foreach (var (_, name, _) in _sequences.Where(static sequence => !sequence.IsReadable))
        {
            findings.Problem($"sequence {name}", "the backup's role may not read it (GRANT SELECT ON SEQUENCE); it will begin anew");
        }

        _largeObjects = await Session.RowsAsync("SELECT oid FROM pg_largeobject_metadata ORDER BY oid", static row => row.GetFieldValue<uint>(0), cancellation);
        if (await Session.ScalarAsync("SHOW server_encoding", cancellation) == "SQL_ASCII")
        {
            findings.Note("encoding", "the database is SQL_ASCII: its texts are copied byte by byte, and restore only into another such database unless they happen to be UTF-8");
        }
    }

    /// <summary>Where each sequence stands, 100 a query.</summary>
    private async Task<byte[]> SequencesAsync(CancellationToken cancellation)
    {
        List<string> statements = [];
        foreach (var some in _sequences.Where(static sequence => sequence.IsReadable).Chunk(100))
        {
            statements.AddRange(await Session.RowsAsync(
                string.Join(" UNION ALL ", some.Select(static (sequence, i) => $"SELECT {i}, format('SELECT pg_catalog.setval(%L, %s, %L)', {PostgresName.Literal(sequence.Name)}, last_value, is_called) FROM {sequence.Name}")) + " ORDER BY 1",
                static row => row.GetString(1),
                cancellation));
        }

        return PostgresScript.Write(statements);
    }

    private async Task<byte[]> FactsAsync(CancellationToken cancellation)
    {
        var database = (await Session.RowsAsync(
            "SELECT datname::text, pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text, current_setting('server_version') FROM pg_database WHERE datname = current_database()",
            static row => (Name: row.GetString(0), Encoding: row.GetString(1), Collation: row.GetString(2), CharacterType: row.GetString(3), Server: row.GetString(4)),
            cancellation))[0];
        var facts = new PostgresFacts(
            PostgresFacts.CurrentFormat,
            database.Server,
            database.Name,
            database.Encoding,
            database.Collation,
            database.CharacterType,
            await Session.RowsAsync(
                "SELECT e.extname::text, e.extversion, n.nspname::text FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY e.extname",
                static row => new ExtensionFact(row.GetString(0), row.GetString(1), row.GetString(2)),
                cancellation),
            [.. _tables.Select(table => new TableFact(table.Schema, table.Name, table.Columns, table.File, table.File is { } file && _rows.TryGetValue(file, out var rows) ? rows : null))],
            [.. _sequences.Select(static sequence => sequence.Name)],
            Schema.Roles,
            _largeObjects.Count);
        return JsonSerializer.SerializeToUtf8Bytes(facts, ForPeople);
    }

    private byte[] Script(ScriptFile file) => PostgresScript.Write(Schema.Statements(file));

    private static TreeEntry File(string path) => new() { Path = path, Kind = TreeEntryKind.File, Length = -1 };

    private TreeEntry Text(string path, byte[] text)
    {
        _texts.Add(path, text);
        return File(path) with { Length = text.Length };
    }
}
