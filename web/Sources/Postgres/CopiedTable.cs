using Npgsql;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>A table of the database that is copied.</summary>
/// <param name="Id">Its oid.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsPartitioned">True where all its rows are its partitions'.</param>
/// <param name="Columns">Its columns that have contents of their own (no generated ones), in its own order.</param>
/// <param name="Obstacle">Why it cannot be read; null where it can.</param>
/// <param name="Condition">Which rows are the user's, of a table that came with an extension; null for any other table.</param>
internal sealed record CopiedTable(uint Id, string Schema, string Name, bool IsPartitioned, IReadOnlyList<string> Columns, string? Obstacle, string? Condition)
{
    /// <summary>The tables of users, and those of extensions that the extension says hold users' rows.</summary>
    public const string Query = $"""
        SELECT c.oid, n.nspname::text, c.relname::text, c.relkind = 'p',
            ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum),
            CASE WHEN NOT has_schema_privilege(n.oid, 'USAGE') OR NOT has_table_privilege(c.oid, 'SELECT') THEN 'the backup''s role may not read it (GRANT SELECT)'
                 WHEN row_security_active(c.oid) THEN 'row-level security hides rows of it from the backup''s role (it needs BYPASSRLS)'
                 WHEN c.relpersistence = 'u' AND pg_is_in_recovery() THEN 'it is unlogged, and a standby has no rows of it' END,
            x.condition
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
        LEFT JOIN LATERAL (SELECT e.extcondition[p] AS condition FROM pg_extension e CROSS JOIN LATERAL array_position(e.extconfig, c.oid) AS p WHERE e.oid = d.refobjid AND p IS NOT NULL) AS x ON true
        WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND CASE WHEN d.objid IS NULL THEN {CatalogQuery.UserSchema} ELSE x.condition IS NOT NULL END
        """;

    /// <summary>The path of its rows; null where it has none of its own.</summary>
    public string? File => IsPartitioned || Obstacle is not null ? null : $"{Folder}/{PostgresName.File(Schema, Name)}";

    /// <summary>The folder of all rows.</summary>
    public const string Folder = "20-data";

    /// <summary>The table's name, quoted.</summary>
    public string Quoted => $"{PostgresName.Quote(Schema)}.{PostgresName.Quote(Name)}";

    /// <summary>Its columns in brackets; nothing where it has none, for which <c>COPY</c> has no list.</summary>
    public string ColumnList => Columns.Count == 0 ? "" : $" ({QuotedColumns})";

    /// <summary>The statement that sends its rows.</summary>
    public string Command => string.IsNullOrEmpty(Condition)
        ? $"COPY {Quoted}{ColumnList} TO STDOUT"
        : $"COPY (SELECT {QuotedColumns} FROM ONLY {Quoted} {Condition}) TO STDOUT";

    private string QuotedColumns => string.Join(", ", Columns.Select(PostgresName.Quote));

    /// <summary>Reads a row of <see cref="Query"/>.</summary>
    public static CopiedTable Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetFieldValue<string[]>(4),
        row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6));
}
