using System.Buffers;
using System.Text.Json;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Web.Sources.Postgres;
using Npgsql;

namespace Maintenance.Web.Sources;

/// <summary>
/// An empty PostgreSQL database that a copy of <see cref="PostgresSource"/> is restored to, in one transaction: all of it or nothing. A database that is half
/// there is worse than none. As soon as anything fails or is damaged, all is rolled back, the entries after it are refused, and
/// <see cref="CompleteAsync"/> says what was lost; what is whole can be restored to a folder and loaded by hand.
/// </summary>
/// <param name="connectionString">Of Npgsql. The role must be able to make the copy's extensions, and owns what it may not give away.</param>
public sealed class PostgresTarget(string connectionString) : ISnapshotTarget
{
    private const int BufferBytes = 256 * 1024;
    private const string UserObjects = $"""
        SELECT what FROM (
            SELECT 1 AS place, format('the %s %I.%I', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END, n.nspname, c.relname) AS what, 'pg_class'::regclass::oid AS catalog, c.oid AS id
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND c.relpersistence <> 't' AND {CatalogQuery.UserSchema}
            UNION ALL SELECT 2, format('the function %I.%I', n.nspname, p.proname), 'pg_proc'::regclass, p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {CatalogQuery.UserSchema}
            UNION ALL SELECT 3, format('the type %I.%I', n.nspname, t.typname), 'pg_type'::regclass, t.oid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd', 'r') AND {CatalogQuery.UserSchema}
            UNION ALL SELECT 4, format('the schema %I', n.nspname), 'pg_namespace'::regclass, n.oid FROM pg_namespace n WHERE n.nspname <> 'public' AND {CatalogQuery.UserSchema}
            UNION ALL SELECT 5, format('the large object %s', oid), 'pg_largeobject'::regclass, oid FROM pg_largeobject_metadata) AS o
        WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.catalog AND d.objid = o.id AND d.deptype = 'e') ORDER BY place, what
        """;

    private static readonly string[] Scripts = ["10-schema.sql", "25-large-objects.sql", "30-constraints.sql", "40-code.sql", "50-sequences.sql", "60-grants.sql"];

    private readonly Dictionary<string, string> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> _run = new(StringComparer.Ordinal);
    private readonly SourceFindings _warnings = new();
    private PostgresSession? _session;
    private PostgresFacts? _facts;
    private string? _lost;

    /// <inheritdoc/>
    public string Description { get; } = "postgres " + PostgresSession.Describe(PostgresSession.Read(connectionString));

    /// <summary>What the server warned of: roles that are missing, so that an owner or a privilege was left out. At most <see cref="SourceFindings.MostKept"/>.</summary>
    public IReadOnlyList<string> Warnings => _warnings.Notes;

    private PostgresSession Session => _session ?? throw new InvalidOperationException("A target is prepared before it is written to.");

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        _session = await PostgresSession.OpenAsync(connectionString, "maintenance restore", cancellation);
        await _session.RunAsync("SET search_path = ''", cancellation);
        if (await _session.RowsAsync(UserObjects, static row => row.GetString(0), cancellation) is { Count: > 0 } there)
        {
            throw new IOException(
                $"{Description} is not empty: it has {there[0]}{(there.Count > 1 ? $" and {there.Count - 1} more" : "")}. A database is restored to an empty one: make one (createdb -T template0 NAME) and let the setting name it.");
        }

        _session.Connection.Notice += (_, notice) =>
        {
            if (notice.Notice.InvariantSeverity == "WARNING")
            {
                _warnings.Note(Description, notice.Notice.MessageText);
            }
        };
        await _session.RunAsync("BEGIN", cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The contents are damaged. Nothing at all is restored then.</exception>
    public async Task WriteAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(content);
        if (_lost is not null)
        {
            throw new IOException($"It was not written, since nothing is restored without {_lost}");
        }

        if (entry.Kind == TreeEntryKind.Folder)
        {
            return;
        }

        try
        {
            await TakeAsync(entry, content, cancellation);
        }
        catch (Exception error)
        {
            await LoseAsync($"'{entry.Path}': {error.Message}");
            if (PostgresSession.IsFailure(error) || error is JsonException)
            {
                throw Session.Failed($"'{entry.Path}' cannot be restored", error);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        if (_lost is null && Missing() is { } missing)
        {
            await LoseAsync(missing);
        }

        if (_lost is not null)
        {
            throw new IOException($"Nothing was restored to {Description}, which is as empty as before: {_lost} What is whole can be restored to a folder and loaded with psql.");
        }

        await Session.RunAsync("COMMIT", cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Without a commit the server rolls back.
        if (_session is not null)
        {
            await _session.DisposeAsync();
            _session = null;
        }
    }

    private async Task TakeAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
    {
        if (entry.Kind != TreeEntryKind.File)
        {
            throw new InvalidDataException("a copy of a database has files only");
        }

        if (Scripts.Contains(entry.Path, StringComparer.Ordinal))
        {
            await foreach (var statement in PostgresScript.ReadAsync(content, cancellation))
            {
                await Session.RunAsync(statement, cancellation);
            }

            _run.Add(entry.Path);
        }
        else if (entry.Path == CopyList.Path)
        {
            await foreach (var (file, table) in CopyList.ReadAsync(content, cancellation))
            {
                _tables[file] = table;
            }
        }
        else if (_tables.TryGetValue(entry.Path, out var table))
        {
            _rows[entry.Path] = await LoadAsync(table, content, cancellation);
        }
        else if (entry.Path == PostgresFacts.Path)
        {
            _facts = await JsonSerializer.DeserializeAsync<PostgresFacts>(content, MaintenanceJson.Options, cancellation);
        }
        else
        {
            throw new IOException("it is no part of a copy of a PostgreSQL database, or came before the files that say what it is; the snapshot must be restored whole");
        }
    }

    /// <summary>Loads a table's rows, all or none.</summary>
    /// <returns>How many.</returns>
    private async Task<long> LoadAsync(string table, Stream content, CancellationToken cancellation)
    {
        var copy = (NpgsqlCopyTextWriter)await Session.Connection.BeginTextImportAsync($"COPY {table} FROM STDIN", cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        long rows = 0;
        try
        {
            for (int read; (read = await content.ReadAsync(buffer.AsMemory(0, BufferBytes), cancellation)) > 0;)
            {
                rows += buffer.AsSpan(0, read).Count((byte)'\n');
                await copy.BaseStream.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }
        catch
        {
            await CancelAsync(copy);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // This is what the server checks the rows at.
        await copy.BaseStream.DisposeAsync();
        return rows;
    }

    /// <summary>Disposing alone would tell the server that the rows were all.</summary>
    private static async Task CancelAsync(NpgsqlCopyTextWriter copy)
    {
        try
        {
            await copy.CancelAsync();
        }
        catch (Exception error) when (PostgresSession.IsFailure(error) || error is IOException)
        {
            // The error that made us cancel is the one to tell; all is rolled back, be it by the connection's end.
        }
    }

    private string? Missing()
    {
        if (_facts is null)
        {
            return $"'{PostgresFacts.Path}', the last file of a copy, was not there.";
        }

        if (_facts.Format != PostgresFacts.CurrentFormat)
        {
            return $"The copy has format {_facts.Format}; this program knows {PostgresFacts.CurrentFormat}.";
        }

        var script = Scripts.FirstOrDefault(script => !_run.Contains(script) && (script != "25-large-objects.sql" || _facts.LargeObjects > 0));
        if (script is not null)
        {
            return $"'{script}' was not there.";
        }

        var table = _facts.Tables.FirstOrDefault(table => table.File is { } file && (!_rows.TryGetValue(file, out var rows) || rows != (table.Rows ?? rows)));
        return table is null ? null : $"'{table.File}' was not there, or did not have its {table.Rows} rows.";
    }

    private async Task LoseAsync(string what)
    {
        _lost ??= what.EndsWith('.') ? what : what + ".";
        if (_session is not null)
        {
            // Now, not only at the end: locks and half a database are nobody's use. The connection's end is the surest rollback, whatever state it is in.
            await _session.DisposeAsync();
        }
    }
}
