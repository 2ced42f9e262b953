using static Maintenance.Web.Sources.Postgres.CatalogQuery;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>Constraints, indexes and extended statistics of tables.</summary>
internal static class ConstraintQueries
{
    /// <summary>What is said of an index (<c>i</c>, named <c>c</c> in <c>n</c>, of the table <c>t</c> in <c>tn</c>) once it is there.</summary>
    private const string OfIndex = """
        ARRAY(SELECT format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname, c.relname)
              FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid)
        || ARRAY(SELECT format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', n.nspname, c.relname, a.attnum, a.attstattarget)
                 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attstattarget >= 0 ORDER BY a.attnum)
        || array_remove(ARRAY[
            CASE WHEN i.indisclustered THEN format('ALTER TABLE %I.%I CLUSTER ON %I', tn.nspname, t.relname, c.relname) END,
            CASE WHEN i.indisreplident THEN format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY USING INDEX %I', tn.nspname, t.relname, c.relname) END], NULL)
        """;

    private const string Indexes = $"""
        SELECT c.oid, t.oid, format('%I.%I', n.nspname, c.relname), ARRAY[pg_get_indexdef(c.oid)] || {OfIndex}
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
        WHERE (i.indisvalid OR t.relkind = 'p') AND {UserSchema} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
        """;

    /// <summary>The queries.</summary>
    public static IEnumerable<CatalogQuery> All { get; } =
    [
        // Without ONLY: heirs and partitions get theirs from here. Where an heir has it of its own, too, the two are merged, in whichever order.
        new("pg_constraint", 70, ScriptFile.Constraints, $"""
            SELECT k.oid, t.oid, format('%I.%I.%I', n.nspname, t.relname, k.conname), ARRAY[format('ALTER %sTABLE %I.%I ADD CONSTRAINT %I %s',
                CASE t.relkind WHEN 'f' THEN 'FOREIGN ' ELSE '' END, n.nspname, t.relname, k.conname, pg_get_constraintdef(k.oid))]
            FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE k.contype = 'c' AND k.conislocal AND {UserSchema}
            """),

        // Each partition has its own, so that it can have a name of its own, and is then attached to its parent's.
        new("pg_constraint", 71, ScriptFile.Constraints, $"""
            SELECT k.oid, t.oid, format('%I.%I.%I', tn.nspname, t.relname, k.conname),
                ARRAY[format('ALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s', tn.nspname, t.relname, k.conname, pg_get_constraintdef(k.oid))] || {OfIndex}
            FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
            JOIN pg_index i ON i.indexrelid = k.conindid JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE k.contype IN ('p', 'u', 'x') AND {UserSchema}
            """),
        new("pg_class", 72, ScriptFile.Constraints, Indexes + " AND t.relkind IN ('r', 'p')"),
        new("pg_class", 72, ScriptFile.Code, Indexes + " AND t.relkind = 'm'"),

        // Those of partitions come with their parent's.
        new("pg_constraint", 73, ScriptFile.Constraints, $"""
            SELECT k.oid, t.oid, format('%I.%I.%I', n.nspname, t.relname, k.conname), ARRAY[format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s',
                CASE t.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END, n.nspname, t.relname, k.conname, pg_get_constraintdef(k.oid))]
            FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE k.contype = 'f' AND k.conparentid = 0 AND {UserSchema}
            """),
        new("pg_statistic_ext", 74, ScriptFile.Constraints, Statistics + " AND t.relkind <> 'm'"),
        new("pg_statistic_ext", 74, ScriptFile.Code, Statistics + " AND t.relkind = 'm'"),
    ];

    private const string Statistics = $"""
        SELECT s.oid, t.oid, format('%I.%I', n.nspname, s.stxname), ARRAY[pg_get_statisticsobjdef(s.oid)]
            || CASE WHEN s.stxstattarget >= 0 THEN ARRAY[format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget)] ELSE ARRAY[]::text[] END
        FROM pg_statistic_ext s JOIN pg_class t ON t.oid = s.stxrelid JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE {UserSchema}
        """;
}
