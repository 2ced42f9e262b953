namespace Maintenance.Web.Sources.Postgres;

/// <summary>What is part of what, and what needs what.</summary>
internal static class DependencyQueries
{
    /// <summary>Objects that are made with another: catalog and oid of the part, then of the whole.</summary>
    public static string Parts(int version) => $"""
        SELECT classid, objid, refclassid, refobjid FROM pg_depend WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass
        UNION ALL SELECT 'pg_type'::regclass, t.oid, 'pg_class'::regclass, c.oid FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind <> 'c'
        UNION ALL SELECT 'pg_class'::regclass, c.oid, 'pg_type'::regclass, c.reltype FROM pg_class c WHERE c.relkind = 'c'
        UNION ALL SELECT 'pg_type'::regclass, t.typarray, 'pg_type'::regclass, t.oid FROM pg_type t WHERE t.typarray <> 0
        {(version >= 140000 ? "UNION ALL SELECT 'pg_type'::regclass, r.rngmultitypid, 'pg_type'::regclass, r.rngtypid FROM pg_range r" : "")}
        UNION ALL SELECT d.classid, d.objid, 'pg_type'::regclass, d.refobjid FROM pg_depend d
                  WHERE d.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass) AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i'
        UNION ALL SELECT 'pg_rewrite'::regclass, r.oid, 'pg_class'::regclass, r.ev_class FROM pg_rewrite r WHERE r.rulename = '_RETURN'
        UNION ALL SELECT 'pg_attrdef'::regclass, i.oid, 'pg_class'::regclass, i.adrelid FROM ({TableQueries.InlineDefaults}) AS i
        UNION ALL SELECT 'pg_class'::regclass, k.conindid, 'pg_constraint'::regclass, k.oid FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x')
        UNION ALL SELECT 'pg_class'::regclass, d.objid, 'pg_class'::regclass, d.refobjid FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
                  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype = 'i'
        UNION ALL SELECT 'pg_constraint'::regclass, k.oid, 'pg_class'::regclass, k.conrelid FROM pg_constraint k WHERE k.contype = 'n' AND k.conrelid <> 0
        """;

    /// <summary>What needs what: catalog and oid of the dependent, then of the needed. Whatever the server itself has, none of it is in here.</summary>
    public const string Needs = """
        SELECT DISTINCT classid, objid, refclassid, refobjid FROM pg_depend WHERE deptype <> 'e' AND classid <> 0 AND (classid, objid) <> (refclassid, refobjid)
        UNION SELECT 'pg_class'::regclass, inhrelid, 'pg_class'::regclass, inhparent FROM pg_inherits
        """;

    /// <summary>Objects of kinds that no statement is written for: catalog, oid, and the server's words for it.</summary>
    public const string Unknown = """
        SELECT catalog, id, pg_describe_object(catalog, id, 0) FROM (
            SELECT 'pg_type'::regclass::oid AS catalog, t.oid AS id FROM pg_type t
                WHERE (t.typtype IN ('b', 'p') OR EXISTS (SELECT FROM pg_range r WHERE r.rngtypid = t.oid AND r.rngcanonical <> 0)) AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
            UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass
            UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
            UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
            UNION ALL SELECT 'pg_transform'::regclass, oid FROM pg_transform
            UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language
            UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am
            UNION ALL SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser
            UNION ALL SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template) AS u
        WHERE id >= 16384 ORDER BY 3
        """;

    /// <summary>What is left out and missed by nobody who knows of it: what it is, and why.</summary>
    public const string Notes = """
        SELECT format('foreign table %I.%I', n.nspname, c.relname), 'its rows are on another server and are not in the copy'
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f'
        UNION ALL SELECT format('user mapping for %s on server %s', usename, srvname), 'it may hold a password and is left out; make it again after a restore' FROM pg_user_mappings
        UNION ALL SELECT format('subscription %s', s.subname), 'it holds a password and a place on another server, and is left out; make it again after a restore'
            FROM pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL SELECT format('%I.%I', n.nspname, c.relname), format('it is in the tablespace %s; a restore puts it into the default one', t.spcname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        UNION ALL SELECT format('index %I.%I', n.nspname, c.relname), 'it is not valid (a CREATE INDEX CONCURRENTLY that failed) and is left out'
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class t ON t.oid = i.indrelid
            WHERE NOT i.indisvalid AND t.relkind <> 'p' AND n.nspname !~ '^pg_'
        ORDER BY 1
        """;
}
