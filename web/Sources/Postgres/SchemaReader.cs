using Maintenance.Backups.Sources;
using Npgsql;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>Reads the catalogs: the statements that make the database again, file by file.</summary>
internal sealed class SchemaReader
{
    private readonly PostgresSession _session;
    private readonly SourceFindings _findings;
    private readonly ObjectGraph _graph = new();
    private readonly Dictionary<string, uint> _catalogs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _roles = new(StringComparer.Ordinal);
    private List<DatabaseObject> _order = [];

    private SchemaReader(PostgresSession session, SourceFindings findings)
    {
        _session = session;
        _findings = findings;
    }

    /// <summary>The roles that owners, privileges and policies name.</summary>
    public IReadOnlyList<string> Roles => [.. _roles.Order(StringComparer.Ordinal)];

    /// <summary>Reads all.</summary>
    /// <param name="session">In the transaction of the copy, with an empty search path.</param>
    /// <param name="findings">Gets what cannot be made again.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<SchemaReader> ReadAsync(PostgresSession session, SourceFindings findings, CancellationToken cancellation)
    {
        var reader = new SchemaReader(session, findings);
        await reader.ReadAsync(cancellation);
        return reader;
    }

    /// <summary>The statements of a file.</summary>
    public IReadOnlyList<string> Statements(ScriptFile file) => [.. _order.Where(made => made.File == file).SelectMany(static made => made.Statements)];

    /// <summary>Whether the object came with an extension.</summary>
    public bool IsOfExtension(string catalog, uint id) => _graph.WholeOf(new ObjectKey(_catalogs[catalog], id)).Catalog == _catalogs["pg_extension"];

    private async Task ReadAsync(CancellationToken cancellation)
    {
        foreach (var (name, id) in await _session.RowsAsync("SELECT relname::text, oid FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'", static row => (row.GetString(0), Oid(row, 1)), cancellation))
        {
            _catalogs.Add(name, id);
        }

        foreach (var (part, whole) in await PairsAsync(DependencyQueries.Parts(_session.Version), cancellation))
        {
            _graph.AddPart(part, whole);
        }

        var version = _session.Version;
        foreach (var query in TypeQueries.For(version).Concat(TableQueries.For(version)).Concat(ConstraintQueries.All).Concat(CodeQueries.For(version)))
        {
            await AddAsync(query, cancellation);
        }

        foreach (var (table, id, name, roles, statement) in await _session.RowsAsync(GrantQueries.Policies, static row => (Oid(row, 0), Oid(row, 1), row.GetString(2), Texts(row, 3), row.GetString(4)), cancellation))
        {
            Add(new DatabaseObject(new ObjectKey(_catalogs["pg_policy"], id), 84, ScriptFile.Code, name, [Guarded(roles, statement)]), table);
        }

        foreach (var (dependent, needed) in await PairsAsync(DependencyQueries.Needs, cancellation))
        {
            _graph.AddNeed(dependent, needed);
        }

        AddNeedsOfRefreshes();
        var circles = new List<DatabaseObject>();
        _order = _graph.InOrder(circles);
        foreach (var made in circles)
        {
            _findings.Problem(made.Name, "it and another object of the database need each other in a circle; the copy's scripts will fail there and must be put in order by hand");
        }

        await AddCommentsAsync(cancellation);
        await AddGrantsAsync(cancellation);
        await FindAsync(cancellation);
    }

    private async Task AddAsync(CatalogQuery query, CancellationToken cancellation)
    {
        var catalog = query.MadeCatalog is > 0 and var made ? made : _catalogs[query.Catalog];
        foreach (var (id, relation, name, statements) in await _session.RowsAsync(query.Sql, static row => (Oid(row, 0), Oid(row, 1), row.GetString(2), Texts(row, 3)), cancellation))
        {
            Add(new DatabaseObject(new ObjectKey(catalog, id), query.Rank, query.File, name, statements), relation);
        }
    }

    private void Add(DatabaseObject made, uint relation)
    {
        if (relation != 0)
        {
            var table = _graph.WholeOf(new ObjectKey(_catalogs["pg_class"], relation));
            if (table.Catalog == _catalogs["pg_extension"])
            {
                // What belongs to a table of an extension comes with the extension.
                _graph.AddPart(made.Key, table);
            }

            _graph.AddNeed(made.Key, table);
        }

        _graph.Add(made);
    }

    /// <summary>A materialized view is filled after those that it reads, be it through views, and after its own indexes: a unique one finds doubles then.</summary>
    private void AddNeedsOfRefreshes()
    {
        var refresh = (uint)(Array.IndexOf(CatalogQuery.Made, "(refresh)") + 1);
        foreach (var view in _graph.Keys.Where(key => key.Catalog == refresh).ToList())
        {
            foreach (var needed in _graph.AllNeedsOf(new ObjectKey(_catalogs["pg_class"], view.Id)).Select(key => key with { Catalog = refresh }).Where(_graph.Makes))
            {
                _graph.AddNeed(view, needed);
            }
        }
    }

    private async Task AddCommentsAsync(CancellationToken cancellation)
    {
        var comments = new Dictionary<ObjectKey, List<string>>();
        foreach (var (key, isOwnerless, statement) in await _session.RowsAsync(GrantQueries.Comments, static row => (Key(row, 0), row.GetBoolean(2), row.GetString(3)), cancellation))
        {
            var whole = _graph.WholeOf(key);
            if (isOwnerless && (whole == key || !IsExtension(whole)))
            {
                // Schema public and extensions may be another's.
                AddLast(Guarded([], statement));
            }
            else if (_graph.Makes(whole) && !IsExtension(whole))
            {
                if (!comments.TryGetValue(whole, out var statements))
                {
                    comments.Add(whole, statements = []);
                }

                statements.Add(statement);
            }
        }

        _order = [.. _order.Select(made => comments.TryGetValue(made.Key, out var statements) ? made with { Statements = [.. made.Statements, .. statements] } : made)];
    }

    private async Task AddGrantsAsync(CancellationToken cancellation)
    {
        foreach (var query in GrantQueries.InOrder(_session.Version))
        {
            foreach (var (key, roles, statement) in await _session.RowsAsync(query, static row => (Key(row, 0), Texts(row, 2), row.GetString(3)), cancellation))
            {
                if (key.Catalog == 0 || !IsExtension(_graph.WholeOf(key)))
                {
                    AddLast(Guarded(roles, statement));
                }
            }
        }
    }

    private async Task FindAsync(CancellationToken cancellation)
    {
        foreach (var (key, what) in await _session.RowsAsync(DependencyQueries.Unknown, static row => (Key(row, 0), row.GetString(2)), cancellation))
        {
            if (!IsExtension(_graph.WholeOf(key)))
            {
                _findings.Problem(what, "objects of this kind are not copied; what needs it will not restore");
            }
        }

        foreach (var (what, why) in await _session.RowsAsync(DependencyQueries.Notes, static row => (row.GetString(0), row.GetString(1)), cancellation))
        {
            _findings.Note(what, why);
        }

        if (await _session.ScalarAsync("SELECT (SELECT count(*) FROM pg_seclabel) + (SELECT count(*) FROM pg_shseclabel WHERE classoid = 'pg_database'::regclass)", cancellation) is not "0" and var labels)
        {
            _findings.Problem("security labels", $"there are {labels}, which are not copied");
        }
    }

    private void AddLast(string statement) => _order.Add(new DatabaseObject(default, 0, ScriptFile.Grants, "", [statement]));

    private string Guarded(IReadOnlyList<string> roles, string statement)
    {
        _roles.UnionWith(roles);
        return PostgresScript.Guarded(roles, statement);
    }

    private bool IsExtension(ObjectKey key) => key.Catalog == _catalogs["pg_extension"];

    private Task<List<(ObjectKey From, ObjectKey To)>> PairsAsync(string query, CancellationToken cancellation) =>
        _session.RowsAsync(query, static row => (Key(row, 0), Key(row, 2)), cancellation);

    private static ObjectKey Key(NpgsqlDataReader row, int column) => new(Oid(row, column), Oid(row, column + 1));

    private static uint Oid(NpgsqlDataReader row, int column) => row.GetFieldValue<uint>(column);

    private static string[] Texts(NpgsqlDataReader row, int column) => row.GetFieldValue<string[]>(column);
}
