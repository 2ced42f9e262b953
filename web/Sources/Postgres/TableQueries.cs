using static Maintenance.Web.Sources.Postgres.CatalogQuery;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>Sequences, tables and the defaults of their columns.</summary>
internal static class TableQueries
{
    /// <summary>True for a sequence (<c>c</c>) that is the inner part of an identity column.</summary>
    private const string OfIdentity = "EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_class'::regclass AND i.objid = c.oid AND i.refclassid = 'pg_class'::regclass AND i.refobjsubid > 0 AND i.deptype = 'i')";

    /// <summary>
    /// True for a column's default (<c>d</c>) that is written with the column: it needs nothing but the table itself, and no table inherits from or to it (an
    /// heir's default need not be its ancestor's).
    /// </summary>
    private const string IsInline = """
        (NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_attrdef'::regclass AND x.objid = d.oid AND NOT (x.refclassid = 'pg_class'::regclass AND x.refobjid = d.adrelid))
         AND NOT EXISTS (SELECT FROM pg_inherits h WHERE d.adrelid IN (h.inhrelid, h.inhparent))
         AND EXISTS (SELECT FROM pg_class o WHERE o.oid = d.adrelid AND o.relkind IN ('r', 'p') AND o.reloftype = 0))
        """;

    /// <summary>What a sequence (<c>s</c>) counts by.</summary>
    private const string Counting = "format('START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s', s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)";

    /// <summary>Defaults that are made with their table, as rows of part and whole.</summary>
    public const string InlineDefaults = $"SELECT d.oid, d.adrelid FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE a.attgenerated <> '' OR {IsInline}";

    /// <summary>The queries for a server of this version.</summary>
    public static IEnumerable<CatalogQuery> For(int version)
    {
        yield return new("pg_class", 25, ScriptFile.Schema, $"""
            SELECT c.oid, 0::oid, format('%I.%I', n.nspname, c.relname), ARRAY[format('CREATE %sSEQUENCE %I.%I AS %s %s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
                n.nspname, c.relname, format_type(s.seqtypid, NULL), {Counting})]
                || ARRAY(SELECT format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, t.relname, a.attname)
                         FROM pg_depend o JOIN pg_class t ON t.oid = o.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid
                         WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a')
            FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {UserSchema} AND NOT {OfIdentity}
            """);
        yield return new("pg_class", 30, ScriptFile.Schema, Tables(version));
        yield return new("pg_class", 30, ScriptFile.Schema, ForeignTables);

        // Defaults of tables; those of views' columns are statements, too.
        yield return new("pg_attrdef", 50, ScriptFile.Schema, Defaults("'r', 'p', 'f'"));
        yield return new("pg_attrdef", ObjectGraph.LastCodeRank + 1, ScriptFile.Code, Defaults("'v'"));
    }

    private static string Defaults(string kinds) => $"""
        SELECT d.oid, d.adrelid, format('%I.%I.%I', n.nspname, c.relname, a.attname), ARRAY[format('ALTER %s %I.%I ALTER COLUMN %I SET DEFAULT %s',
            CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'f' THEN 'FOREIGN TABLE ONLY' ELSE 'TABLE ONLY' END, n.nspname, c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid))]
        FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {UserSchema} AND a.attgenerated = '' AND c.relkind IN ({kinds}) AND NOT a.attisdropped AND NOT {IsInline}
        """;

    /// <summary>
    /// A partition is made by itself, with all its columns in its own order, and then attached: the columns of a table that became a partition later are in an
    /// order of their own. An heir is made with its ancestors, and has columns of its own besides.
    /// </summary>
    private static string Tables(int version) => $"""
        SELECT c.oid, 0::oid, format('%I.%I', n.nspname, c.relname), array_remove(ARRAY[
            format('CREATE %sTABLE %I.%I', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, n.nspname, c.relname)
                || CASE WHEN c.reloftype <> 0 THEN ' OF ' || format_type(c.reloftype, NULL) ELSE ' (' || coalesce({Columns(version)}, '') || ')' END
                || coalesce(CASE WHEN NOT c.relispartition THEN (SELECT ' INHERITS (' || string_agg(format('%I.%I', pn.nspname, p.relname), ', ' ORDER BY h.inhseqno) || ')'
                             FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid) END, '')
                || CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END
                || coalesce((SELECT format(' USING %I', am.amname) FROM pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'), '')
                || coalesce(' WITH (' || nullif(concat_ws(', ', {Options("c.reloptions")}, (SELECT {Options("t.reloptions", "toast.")} FROM pg_class t WHERE t.oid = c.reltoastrelid)), '') || ')', ''),
            CASE c.relreplident WHEN 'f' THEN format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY FULL', n.nspname, c.relname) WHEN 'n' THEN format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY NOTHING', n.nspname, c.relname) END,
            (SELECT format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid))
             FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid AND c.relispartition)], NULL)
            || ARRAY(SELECT format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I SET NOT NULL', n.nspname, c.relname, a.attname)
                     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
                     AND (c.reloftype <> 0 OR (NOT a.attislocal AND NOT c.relispartition)) ORDER BY a.attnum)
            || ARRAY(SELECT format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I %s', n.nspname, c.relname, a.attname, change)
                     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid CROSS JOIN LATERAL unnest(ARRAY[
                         CASE WHEN a.attstorage <> t.typstorage THEN 'SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'm' THEN 'MAIN' WHEN 'e' THEN 'EXTERNAL' ELSE 'EXTENDED' END END,
                         {(version >= 140000 ? "CASE a.attcompression WHEN 'p' THEN 'SET COMPRESSION pglz' WHEN 'l' THEN 'SET COMPRESSION lz4' END," : "")}
                         CASE WHEN a.attstattarget >= 0 THEN 'SET STATISTICS ' || a.attstattarget END,
                         'SET (' || {Options("a.attoptions")} || ')']) AS change
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND change IS NOT NULL ORDER BY a.attnum, change)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND {UserSchema}
        """;

    private static string Columns(int version) => $"""
        (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) || {Collate("a.attcollation", "a.atttypid")}
            || CASE WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
                    WHEN a.attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s)', pg_get_expr(d.adbin, d.adrelid))
                    WHEN d.oid IS NOT NULL AND {IsInline} THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END
            || coalesce((SELECT format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I %s)', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, sn.nspname, sc.relname, {Counting})
                         FROM pg_depend i JOIN pg_class sc ON sc.oid = i.objid JOIN pg_namespace sn ON sn.oid = sc.relnamespace JOIN pg_sequence s ON s.seqrelid = sc.oid
                         WHERE a.attidentity <> '' AND i.classid = 'pg_class'::regclass AND i.refclassid = 'pg_class'::regclass AND i.refobjid = c.oid AND i.refobjsubid = a.attnum AND i.deptype = 'i'), '')
            || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, E',\n    ' ORDER BY a.attnum)
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (a.attislocal OR c.relispartition))
        """;

    /// <summary>The data are elsewhere; the table is made all the same, for the views that read it.</summary>
    private static string ForeignTables => $"""
        SELECT c.oid, 0::oid, format('%I.%I', n.nspname, c.relname), array_remove(ARRAY[
            format('CREATE FOREIGN TABLE %I.%I (%s)', n.nspname, c.relname,
                coalesce((SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) || coalesce({ForeignOptions("a.attfdwoptions")}, '')
                    || {Collate("a.attcollation", "a.atttypid")}
                    || CASE WHEN a.attgenerated <> '' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid)) ELSE '' END
                    || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attnum)
                    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (a.attislocal OR c.relispartition)), ''))
                || coalesce(CASE WHEN NOT c.relispartition THEN (SELECT ' INHERITS (' || string_agg(format('%I.%I', pn.nspname, p.relname), ', ' ORDER BY h.inhseqno) || ')'
                             FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid) END, '')
                || format(' SERVER %I', s.srvname) || coalesce({ForeignOptions("f.ftoptions")}, ''),
            (SELECT format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid))
             FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid AND c.relispartition)], NULL)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_foreign_table f ON f.ftrelid = c.oid JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE {UserSchema}
        """;
}
