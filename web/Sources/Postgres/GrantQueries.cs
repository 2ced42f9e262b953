using static Maintenance.Web.Sources.Postgres.CatalogQuery;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>Comments, owners, privileges, and what else is said of objects that are there.</summary>
internal static class GrantQueries
{
    /// <summary>The words for an object's kind (<c>i</c>, of <c>pg_identify_object</c>) in a statement.</summary>
    private const string Kind = """
        CASE i.type WHEN 'composite type' THEN 'TYPE' WHEN 'statistics object' THEN 'STATISTICS' WHEN 'foreign-data wrapper' THEN 'FOREIGN DATA WRAPPER'
            WHEN 'function' THEN 'ROUTINE' WHEN 'procedure' THEN 'ROUTINE' WHEN 'aggregate' THEN 'ROUTINE' WHEN 'table constraint' THEN 'CONSTRAINT' WHEN 'domain constraint' THEN 'CONSTRAINT' ELSE CASE WHEN i.type LIKE '% column' THEN 'COLUMN' ELSE upper(i.type) END END
        """;

    /// <summary>Policies: oid, table, name, roles that must be there, and the statement.</summary>
    public const string Policies = $"""
        SELECT c.oid, p.oid, format('%I.%I.%I', n.nspname, c.relname, p.polname), ARRAY(SELECT rolname::text FROM pg_roles WHERE oid = ANY (p.polroles) ORDER BY rolname),
            format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s', p.polname, n.nspname, c.relname, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                CASE WHEN p.polroles = '{"{0}"}' THEN 'PUBLIC' ELSE (SELECT string_agg(quote_ident(rolname), ', ' ORDER BY rolname) FROM pg_roles WHERE oid = ANY (p.polroles)) END)
            || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {UserSchema}
        """;

    /// <summary>Comments: catalog, oid, whether the object may be another's where it is restored, and the statement.</summary>
    public const string Comments = $"""
        SELECT d.classoid, d.objoid, d.classoid = 'pg_extension'::regclass OR (d.classoid = 'pg_namespace'::regclass AND i.identity IN ('public', '"public"')),
            format('COMMENT ON %s %s IS %L', {Kind}, CASE i.type WHEN 'domain constraint'
                THEN (SELECT format('%I ON DOMAIN %s', k.conname, format_type(k.contypid, NULL)) FROM pg_constraint k WHERE k.oid = d.objoid) ELSE i.identity END, d.description)
        FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i
        WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass AND i.identity IN ('public', '"public"')) AND i.type IS NOT NULL AND i.type NOT IN ('large object', 'publication', 'event trigger') AND coalesce(i.schema, '') !~ '^"?pg_'
        ORDER BY d.classoid, i.identity, d.objsubid
        """;

    /// <summary>
    /// What the last file holds, in its order. Each query gives the catalog and the oid of the object (0 and 0 for the database), the roles that must be there, and
    /// the statement.
    /// </summary>
    public static IEnumerable<string> InOrder(int version)
    {
        yield return Publications;
        if (version >= 150000)
        {
            yield return PublishedSchemas;
        }

        yield return PublishedTables(version);
        yield return OwnDepends;
        yield return LateComments;
        yield return $"SELECT o.catalog, o.id, ARRAY[pg_get_userbyid(o.owner)::text], format('ALTER %s %s OWNER TO %I', {Kind}, i.identity, pg_get_userbyid(o.owner)) FROM ({Owned}) AS o CROSS JOIN LATERAL pg_identify_object(o.catalog, o.id, 0) AS i ORDER BY i.type, i.identity";
        yield return Privileges;
        yield return DefaultPrivileges;
        yield return Database;
        yield return EventTriggers;
    }

    /// <summary>What has an owner, its privileges, and the letter by which <c>acldefault</c> knows its kind. Sequences of columns follow their tables.</summary>
    private const string Owned = $"""
        SELECT 'pg_namespace'::regclass::oid AS catalog, n.oid AS id, n.nspowner AS owner, n.nspacl AS acl, 'SCHEMA' AS word FROM pg_namespace n WHERE {UserSchema}
        UNION ALL SELECT 'pg_class'::regclass, c.oid, c.relowner, c.relacl, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND {UserSchema}
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))
        UNION ALL SELECT 'pg_proc'::regclass, p.oid, p.proowner, p.proacl, 'ROUTINE' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE {UserSchema} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
        UNION ALL SELECT 'pg_type'::regclass, t.oid, t.typowner, t.typacl, 'TYPE' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
            WHERE (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c') AND {UserSchema}
        UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, fdwowner, fdwacl, 'FOREIGN DATA WRAPPER' FROM pg_foreign_data_wrapper
        UNION ALL SELECT 'pg_foreign_server'::regclass, oid, srvowner, srvacl, 'FOREIGN SERVER' FROM pg_foreign_server
        UNION ALL SELECT 'pg_largeobject'::regclass, oid, lomowner, lomacl, 'LARGE OBJECT' FROM pg_largeobject_metadata
        UNION ALL SELECT 'pg_operator'::regclass, o.oid, o.oprowner, NULL, NULL FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND {UserSchema}
        UNION ALL SELECT 'pg_collation'::regclass, o.oid, o.collowner, NULL, NULL FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE {UserSchema}
        UNION ALL SELECT 'pg_ts_dict'::regclass, o.oid, o.dictowner, NULL, NULL FROM pg_ts_dict o JOIN pg_namespace n ON n.oid = o.dictnamespace WHERE {UserSchema}
        UNION ALL SELECT 'pg_ts_config'::regclass, o.oid, o.cfgowner, NULL, NULL FROM pg_ts_config o JOIN pg_namespace n ON n.oid = o.cfgnamespace WHERE {UserSchema}
        UNION ALL SELECT 'pg_statistic_ext'::regclass, o.oid, o.stxowner, NULL, NULL FROM pg_statistic_ext o JOIN pg_namespace n ON n.oid = o.stxnamespace WHERE {UserSchema}
        UNION ALL SELECT 'pg_publication'::regclass, oid, pubowner, NULL, NULL FROM pg_publication
        """;

    /// <summary>
    /// Everything is taken from the owner and from all, then each has what the list says, and nothing that a default privilege of the other database would add. Who
    /// granted is not kept: the owner did.
    /// </summary>
    private const string Privileges = $"""
        WITH owned AS (SELECT o.catalog, o.id, o.owner, o.acl, o.word, i.identity, '' AS columns FROM ({Owned}) AS o CROSS JOIN LATERAL pg_identify_object(o.catalog, o.id, 0) AS i WHERE o.acl IS NOT NULL
            UNION ALL SELECT 'pg_class'::regclass, c.oid, c.relowner, c.relacl, 'SEQUENCE', format('%I.%I', n.nspname, c.relname), '' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'S' AND c.relacl IS NOT NULL AND {UserSchema}
                AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))
            UNION ALL SELECT 'pg_class'::regclass, c.oid, c.relowner, a.attacl, 'TABLE', format('%I.%I', n.nspname, c.relname), format(' (%I)', a.attname)
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND {UserSchema})
        SELECT catalog, id, roles, statement FROM (
            SELECT catalog, id, identity, columns, 0 AS place, ARRAY[]::text[] AS roles, format('REVOKE ALL ON %s %s FROM PUBLIC', word, identity) AS statement FROM owned WHERE columns = ''
            UNION ALL SELECT catalog, id, identity, columns, 1, ARRAY[pg_get_userbyid(owner)::text], format('REVOKE ALL ON %s %s FROM %I', word, identity, pg_get_userbyid(owner)) FROM owned WHERE columns = ''
            UNION ALL SELECT catalog, id, identity, columns, 2 + min(g.place), CASE WHEN g.grantee = 0 THEN ARRAY[]::text[] ELSE ARRAY[pg_get_userbyid(g.grantee)::text] END,
                format('GRANT %s ON %s %s TO %s%s', string_agg(g.privilege_type || columns, ', ' ORDER BY g.place), word, identity,
                    CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END, CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                FROM owned CROSS JOIN LATERAL aclexplode(acl) WITH ORDINALITY AS g(grantor, grantee, privilege_type, is_grantable, place)
                GROUP BY catalog, id, identity, columns, word, g.grantee, g.is_grantable) AS s
        ORDER BY identity, columns, place
        """;

    private const string DefaultPrivileges = $"""
        WITH defaults AS (SELECT d.*, n.nspname, pg_get_userbyid(d.defaclrole)::text AS role,
                CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES' WHEN 'L' THEN 'LARGE OBJECTS' ELSE 'SCHEMAS' END AS word
            FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace)
        SELECT 0::oid, 0::oid, roles, statement FROM (
            SELECT role, word, nspname, 0 AS place, ARRAY[role] AS roles, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE ALL ON %s FROM PUBLIC, %I', role, word, role) AS statement FROM defaults WHERE nspname IS NULL
            UNION ALL SELECT role, word, nspname, 1 + min(g.place), CASE WHEN g.grantee = 0 THEN ARRAY[role] ELSE ARRAY[role, pg_get_userbyid(g.grantee)::text] END,
                format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s GRANT %s ON %s TO %s%s', role, coalesce(' IN SCHEMA ' || quote_ident(nspname), ''), string_agg(g.privilege_type, ', ' ORDER BY g.place), word,
                    CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END, CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                FROM defaults CROSS JOIN LATERAL aclexplode(defaclacl) WITH ORDINALITY AS g(grantor, grantee, privilege_type, is_grantable, place)
                GROUP BY role, word, nspname, g.grantee, g.is_grantable) AS s
        ORDER BY role, word, nspname NULLS FIRST, place
        """;

    /// <summary>What is set for, and said of, the database itself, whatever its name where it is restored.</summary>
    private const string Database = """
        SELECT 0::oid, 0::oid, CASE WHEN s.setrole = 0 THEN ARRAY[]::text[] ELSE ARRAY[pg_get_userbyid(s.setrole)::text] END,
            format('DO %L', format('BEGIN EXECUTE format(%L, current_database()); END', CASE WHEN s.setrole = 0 THEN '' ELSE replace(format('ALTER ROLE %I IN ', pg_get_userbyid(s.setrole)), '%', '%%') END
                || CASE WHEN s.setrole = 0 THEN 'ALTER DATABASE %I SET ' ELSE 'DATABASE %I SET ' END
                || replace(quote_ident(split_part(o, '=', 1)) || ' TO ' || CASE WHEN lower(split_part(o, '=', 1)) IN ('search_path', 'datestyle', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries', 'unix_socket_directories')
                    THEN substr(o, strpos(o, '=') + 1) ELSE quote_literal(substr(o, strpos(o, '=') + 1)) END, '%', '%%')))
        FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) AS o WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL SELECT 0::oid, 0::oid, ARRAY[]::text[], format('DO %L', format('BEGIN EXECUTE format(%L, current_database()); END', 'COMMENT ON DATABASE %I IS ' || replace(quote_literal(d.description), '%', '%%')))
        FROM pg_shdescription d WHERE d.classoid = 'pg_database'::regclass AND d.objoid = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private const string LateComments = """
        SELECT d.classoid, d.objoid, ARRAY[]::text[], format('COMMENT ON %s %s IS %L', upper(i.type), i.identity, d.description)
        FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, 0) AS i WHERE d.classoid IN ('pg_largeobject'::regclass, 'pg_publication'::regclass) ORDER BY d.classoid, d.objoid
        """;

    private const string OwnDepends = $"""
        SELECT d.classid, d.objid, ARRAY[]::text[], format('ALTER %s %s DEPENDS ON EXTENSION %I', {Kind}, i.identity, e.extname)
        FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i WHERE d.deptype = 'x' ORDER BY 4
        """;

    /// <summary>At the very end, or they would fire for what is restored.</summary>
    private const string EventTriggers = """
        SELECT 'pg_event_trigger'::regclass::oid, e.oid, ARRAY[]::text[], s.statement
        FROM pg_event_trigger e CROSS JOIN LATERAL (VALUES
            (1, format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()', e.evtname, e.evtevent,
                coalesce((SELECT ' WHEN TAG IN (' || string_agg(quote_literal(t), ', ') || ')' FROM unnest(e.evttags) AS t), ''), e.evtfoid::regproc)),
            (2, CASE e.evtenabled WHEN 'D' THEN format('ALTER EVENT TRIGGER %I DISABLE', e.evtname) WHEN 'A' THEN format('ALTER EVENT TRIGGER %I ENABLE ALWAYS', e.evtname) WHEN 'R' THEN format('ALTER EVENT TRIGGER %I ENABLE REPLICA', e.evtname) END),
            (3, (SELECT format('COMMENT ON EVENT TRIGGER %I IS %L', e.evtname, d.description) FROM pg_description d WHERE d.classoid = 'pg_event_trigger'::regclass AND d.objoid = e.oid)),
            (4, format('ALTER EVENT TRIGGER %I OWNER TO %I', e.evtname, pg_get_userbyid(e.evtowner)))) AS s(place, statement)
        WHERE s.statement IS NOT NULL ORDER BY s.place = 2, e.evtname, s.place
        """;

    private const string Publications = """
        SELECT 'pg_publication'::regclass::oid, p.oid, ARRAY[]::text[], format('CREATE PUBLICATION %I%s WITH (publish = %L, publish_via_partition_root = %s)', p.pubname,
            CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE '' END,
            concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END), p.pubviaroot::text)
        FROM pg_publication p ORDER BY p.pubname
        """;

    private const string PublishedSchemas = """
        SELECT 'pg_publication'::regclass::oid, p.oid, ARRAY[]::text[], format('ALTER PUBLICATION %I ADD TABLES IN SCHEMA %I', p.pubname, n.nspname)
        FROM pg_publication_namespace x JOIN pg_publication p ON p.oid = x.pnpubid JOIN pg_namespace n ON n.oid = x.pnnspid ORDER BY p.pubname, n.nspname
        """;

    private static string PublishedTables(int version) => $"""
        SELECT 'pg_publication'::regclass::oid, p.oid, ARRAY[]::text[], format('ALTER PUBLICATION %I ADD TABLE ONLY %I.%I', p.pubname, n.nspname, c.relname)
        {(version >= 150000 ? """
            || coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')' FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (x.prattrs)), '')
            || coalesce(' WHERE (' || pg_get_expr(x.prqual, x.prrelid) || ')', '')
            """ : "")}
        FROM pg_publication_rel x JOIN pg_publication p ON p.oid = x.prpubid JOIN pg_class c ON c.oid = x.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY p.pubname, n.nspname, c.relname
        """;
}
