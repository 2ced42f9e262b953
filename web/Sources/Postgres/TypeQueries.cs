using static Maintenance.Web.Sources.Postgres.CatalogQuery;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>Schemas, extensions and types.</summary>
internal static class TypeQueries
{
    /// <summary>The queries for a server of this version.</summary>
    public static IEnumerable<CatalogQuery> For(int version)
    {
        // A new database has a schema public, a copied one need not.
        yield return new("pg_namespace", 0, ScriptFile.Schema, $"""
            SELECT n.oid, 0::oid, n.nspname::text, ARRAY[format('CREATE SCHEMA %s%I', CASE n.nspname WHEN 'public' THEN 'IF NOT EXISTS ' ELSE '' END, n.nspname)]
            FROM pg_namespace n WHERE {UserSchema}
            UNION ALL
            SELECT 1::oid, 0::oid, '', ARRAY['DROP SCHEMA IF EXISTS public'] WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public')
            """);

        // Without the version: the newest that the other server has replaces this one's.
        yield return new("pg_extension", 5, ScriptFile.Schema, """
            SELECT e.oid, 0::oid, e.extname::text, ARRAY[format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', e.extname, n.nspname)]
            FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
            """);

        var locale = version >= 170000 ? "colllocale" : version >= 150000 ? "colliculocale" : "NULL::text";
        var rules = version >= 160000 ? "c.collicurules" : "NULL::text";
        yield return new("pg_collation", 10, ScriptFile.Schema, $"""
            SELECT c.oid, 0::oid, format('%I.%I', n.nspname, c.collname), ARRAY[format('CREATE COLLATION %I.%I (%s)', n.nspname, c.collname, concat_ws(', ',
                CASE c.collprovider WHEN 'i' THEN 'PROVIDER = icu' WHEN 'b' THEN 'PROVIDER = builtin' ELSE 'PROVIDER = libc' END,
                CASE WHEN {locale} IS NOT NULL THEN format('LOCALE = %L', {locale}) END,
                CASE WHEN {locale} IS NULL AND c.collprovider = 'i' THEN format('LOCALE = %L', c.collcollate) END,
                CASE WHEN {locale} IS NULL AND c.collprovider <> 'i' THEN format('LC_COLLATE = %L, LC_CTYPE = %L', c.collcollate, c.collctype) END,
                CASE WHEN {rules} IS NOT NULL THEN format('RULES = %L', {rules}) END,
                CASE WHEN NOT c.collisdeterministic THEN 'DETERMINISTIC = false' END))]
            FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE {UserSchema}
            """);

        yield return new("pg_type", 15, ScriptFile.Schema, $"""
            SELECT t.oid, 0::oid, format('%I.%I', n.nspname, t.typname), ARRAY[format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
                coalesce((SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), ''))]
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND {UserSchema}
            """);

        yield return new("pg_type", 15, ScriptFile.Schema, $"""
            SELECT t.oid, 0::oid, format('%I.%I', n.nspname, t.typname), ARRAY[format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
                coalesce((SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) || {Collate("a.attcollation", "a.atttypid")}, ', ' ORDER BY a.attnum)
                          FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), ''))]
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
            WHERE t.typtype = 'c' AND c.relkind = 'c' AND {UserSchema}
            """);

        yield return new("pg_type", 15, ScriptFile.Schema, $"""
            SELECT t.oid, 0::oid, format('%I.%I', n.nspname, t.typname), ARRAY[format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod))
                || {Collate("t.typcollation", "t.typbasetype")}
                || coalesce(' DEFAULT ' || coalesce(pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), quote_literal(t.typdefault)), '')
                || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END]
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND {UserSchema}
            """);

        yield return new("pg_type", 15, ScriptFile.Schema, $"""
            SELECT t.oid, 0::oid, format('%I.%I', n.nspname, t.typname), ARRAY[format('CREATE TYPE %I.%I AS RANGE (%s)', n.nspname, t.typname, concat_ws(', ',
                'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
                (SELECT format('SUBTYPE_OPCLASS = %I.%I', ns.nspname, oc.opcname) FROM pg_opclass oc JOIN pg_namespace ns ON ns.oid = oc.opcnamespace WHERE oc.oid = r.rngsubopc),
                (SELECT format('COLLATION = %I.%I', ns.nspname, co.collname) FROM pg_collation co JOIN pg_namespace ns ON ns.oid = co.collnamespace WHERE co.oid = r.rngcollation),
                CASE WHEN r.rngsubdiff <> 0 THEN 'SUBTYPE_DIFF = ' || r.rngsubdiff::text END
                {(version >= 140000 ? ", (SELECT format('MULTIRANGE_TYPE_NAME = %I.%I', mn.nspname, m.typname) FROM pg_type m JOIN pg_namespace mn ON mn.oid = m.typnamespace WHERE m.oid = r.rngmultitypid)" : "")}))]
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid WHERE t.typtype = 'r' AND r.rngcanonical = 0 AND {UserSchema}
            """);

        yield return new("pg_constraint", 45, ScriptFile.Schema, $"""
            SELECT k.oid, 0::oid, format('%I.%I', n.nspname, k.conname), ARRAY[format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid))]
            FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace WHERE k.contype = 'c' AND {UserSchema}
            """);

        yield return new("pg_foreign_data_wrapper", 20, ScriptFile.Schema, $"""
            SELECT w.oid, 0::oid, w.fdwname::text, ARRAY[format('CREATE FOREIGN DATA WRAPPER %I', w.fdwname)
                || CASE WHEN w.fdwhandler <> 0 THEN ' HANDLER ' || w.fdwhandler::regproc ELSE '' END
                || CASE WHEN w.fdwvalidator <> 0 THEN ' VALIDATOR ' || w.fdwvalidator::regproc ELSE '' END
                || coalesce({ForeignOptions("w.fdwoptions")}, '')]
            FROM pg_foreign_data_wrapper w
            """);

        yield return new("pg_foreign_server", 21, ScriptFile.Schema, $"""
            SELECT s.oid, 0::oid, s.srvname::text, ARRAY[format('CREATE SERVER %I', s.srvname) || coalesce(' TYPE ' || quote_literal(s.srvtype), '') || coalesce(' VERSION ' || quote_literal(s.srvversion), '')
                || format(' FOREIGN DATA WRAPPER %I', w.fdwname) || coalesce({ForeignOptions("s.srvoptions")}, '')]
            FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
            """);
    }
}
