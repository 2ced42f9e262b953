using static Maintenance.Web.Sources.Postgres.CatalogQuery;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>Functions, views, triggers and what else works on the data.</summary>
internal static class CodeQueries
{
    /// <summary>A letter of <c>tgenabled</c>, <c>ev_enabled</c> or <c>evtenabled</c> as the statement says it.</summary>
    private static string Enabling(string state) => $"CASE {state} WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE' END";

    /// <summary>The queries for a server of this version.</summary>
    public static IEnumerable<CatalogQuery> For(int version)
    {
        // What a trigger calls cannot run before there are triggers.
        yield return new("pg_proc", ObjectGraph.FirstCodeRank, ScriptFile.Code, Functions("NOT IN"));
        yield return new("pg_proc", ObjectGraph.LastCodeRank + 1, ScriptFile.Code, Functions("IN"));
        yield return new("pg_proc", ObjectGraph.FirstCodeRank, ScriptFile.Code, Aggregates);

        yield return new("pg_operator", 43, ScriptFile.Code, $"""
            SELECT o.oid, 0::oid, format('%I.%s', n.nspname, o.oprname), ARRAY[format('CREATE OPERATOR %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ',
                'FUNCTION = ' || o.oprcode,
                CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END,
                CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || format_type(o.oprright, NULL) END,
                (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', xn.nspname, x.oprname) FROM pg_operator x JOIN pg_namespace xn ON xn.oid = x.oprnamespace WHERE x.oid = o.oprcom),
                (SELECT format('NEGATOR = OPERATOR(%I.%s)', xn.nspname, x.oprname) FROM pg_operator x JOIN pg_namespace xn ON xn.oid = x.oprnamespace WHERE x.oid = o.oprnegate),
                CASE WHEN o.oprrest <> 0 THEN 'RESTRICT = ' || o.oprrest END, CASE WHEN o.oprjoin <> 0 THEN 'JOIN = ' || o.oprjoin END,
                CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END))]
            FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND {UserSchema}
            """);

        yield return new("pg_cast", 44, ScriptFile.Code, """
            SELECT c.oid, 0::oid, format('%s %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)), ARRAY[format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
                CASE c.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT' ELSE 'WITH FUNCTION ' || c.castfunc::regprocedure END,
                CASE c.castcontext WHEN 'i' THEN ' AS IMPLICIT' WHEN 'a' THEN ' AS ASSIGNMENT' ELSE '' END)]
            FROM pg_cast c WHERE c.oid >= 16384
            """);

        yield return new("pg_ts_dict", 46, ScriptFile.Schema, $"""
            SELECT d.oid, 0::oid, format('%I.%I', n.nspname, d.dictname), ARRAY[format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)', n.nspname, d.dictname, tn.nspname, t.tmplname, coalesce(', ' || d.dictinitoption, ''))]
            FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace JOIN pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE {UserSchema}
            """);

        yield return new("pg_ts_config", 47, ScriptFile.Schema, $"""
            SELECT c.oid, 0::oid, format('%I.%I', n.nspname, c.cfgname), ARRAY[format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, c.cfgname, pn.nspname, p.prsname)]
                || ARRAY(SELECT format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s', n.nspname, c.cfgname, tt.alias, string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY m.mapseqno))
                         FROM pg_ts_config_map m JOIN ts_token_type(c.cfgparser) tt ON tt.tokid = m.maptokentype JOIN pg_ts_dict d ON d.oid = m.mapdict JOIN pg_namespace dn ON dn.oid = d.dictnamespace
                         WHERE m.mapcfg = c.oid GROUP BY m.maptokentype, tt.alias ORDER BY m.maptokentype)
            FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace JOIN pg_ts_parser p ON p.oid = c.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE {UserSchema}
            """);

        yield return new("pg_class", ObjectGraph.LastCodeRank, ScriptFile.Code, $"""
            SELECT c.oid, 0::oid, format('%I.%I', n.nspname, c.relname), ARRAY[format(E'CREATE VIEW %I.%I%s AS\n%s', n.nspname, c.relname, coalesce(' WITH (' || {Options("c.reloptions")} || ')', ''), rtrim(pg_get_viewdef(c.oid), ';'))]
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'v' AND {UserSchema}
            """);

        yield return new("pg_class", 66, ScriptFile.Code, $"""
            SELECT c.oid, 0::oid, format('%I.%I', n.nspname, c.relname), ARRAY[format(E'CREATE MATERIALIZED VIEW %I.%I%s%s AS\n%s\nWITH NO DATA', n.nspname, c.relname,
                (SELECT format(' USING %I', am.amname) FROM pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'), coalesce(' WITH (' || {Options("c.reloptions")} || ')', ''), rtrim(pg_get_viewdef(c.oid), ';'))]
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND {UserSchema}
            """);

        yield return new("(refresh)", 78, ScriptFile.Code, $"""
            SELECT c.oid, c.oid, format('%I.%I', n.nspname, c.relname), ARRAY[format('REFRESH MATERIALIZED VIEW %I.%I', n.nspname, c.relname)]
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND c.relispopulated AND {UserSchema}
            """);

        yield return new("pg_rewrite", 80, ScriptFile.Code, $"""
            SELECT r.oid, c.oid, format('%I.%I.%I', n.nspname, c.relname, r.rulename), ARRAY[rtrim(pg_get_ruledef(r.oid), ';')]
                || CASE WHEN r.ev_enabled <> 'O' THEN ARRAY[format('ALTER TABLE %I.%I %s RULE %I', n.nspname, c.relname, {Enabling("r.ev_enabled")}, r.rulename)] ELSE ARRAY[]::text[] END
            FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND {UserSchema}
            """);

        yield return new("pg_trigger", 82, ScriptFile.Code, $"""
            SELECT g.oid, c.oid, format('%I.%I.%I', n.nspname, c.relname, g.tgname), ARRAY[pg_get_triggerdef(g.oid)]
                || CASE WHEN g.tgenabled <> 'O' THEN ARRAY[format('ALTER TABLE %I.%I %s TRIGGER %I', n.nspname, c.relname, {Enabling("g.tgenabled")}, g.tgname)] ELSE ARRAY[]::text[] END
            FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND {UserSchema}
            """);

        // A partition's own trigger comes with its parent's, but may be enabled otherwise.
        yield return new("(trigger states)", 83, ScriptFile.Code, $"""
            SELECT g.oid, c.oid, format('%I.%I.%I', n.nspname, c.relname, g.tgname), ARRAY[format('ALTER TABLE ONLY %I.%I %s TRIGGER %I', n.nspname, c.relname, {Enabling("g.tgenabled")}, g.tgname)]
            FROM pg_trigger g JOIN pg_trigger p ON p.oid = g.tgparentid JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE NOT p.tgisinternal AND g.tgenabled <> p.tgenabled AND {UserSchema}
            """);

        yield return new("(row security)", 86, ScriptFile.Code, $"""
            SELECT c.oid, c.oid, format('%I.%I', n.nspname, c.relname), array_remove(ARRAY[
                CASE WHEN c.relrowsecurity THEN format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', n.nspname, c.relname) END,
                CASE WHEN c.relforcerowsecurity THEN format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', n.nspname, c.relname) END], NULL)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE (c.relrowsecurity OR c.relforcerowsecurity) AND {UserSchema}
            """);
    }

    private static string Functions(string which) => $"""
        SELECT p.oid, 0::oid, format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), ARRAY[rtrim(pg_get_functiondef(p.oid), E'\n')]
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prokind <> 'a' AND p.prorettype {which} ('trigger'::regtype, 'event_trigger'::regtype) AND {UserSchema}
        """;

    private static string Aggregates => $"""
        SELECT p.oid, 0::oid, format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
            ARRAY[format('CREATE AGGREGATE %I.%I(%s) (%s)', n.nspname, p.proname, CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END, concat_ws(', ',
                'SFUNC = ' || a.aggtransfn, 'STYPE = ' || format_type(a.aggtranstype, NULL),
                CASE WHEN a.aggtransspace <> 0 THEN 'SSPACE = ' || a.aggtransspace END,
                CASE WHEN a.aggfinalfn <> 0 THEN 'FINALFUNC = ' || a.aggfinalfn END, CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                CASE WHEN a.aggfinalfn <> 0 THEN 'FINALFUNC_MODIFY = ' || {Modify("a.aggfinalmodify")} END,
                CASE WHEN a.aggcombinefn <> 0 THEN 'COMBINEFUNC = ' || a.aggcombinefn END,
                CASE WHEN a.aggserialfn <> 0 THEN 'SERIALFUNC = ' || a.aggserialfn END, CASE WHEN a.aggdeserialfn <> 0 THEN 'DESERIALFUNC = ' || a.aggdeserialfn END,
                'INITCOND = ' || quote_literal(a.agginitval),
                CASE WHEN a.aggmtransfn <> 0 THEN 'MSFUNC = ' || a.aggmtransfn END, CASE WHEN a.aggminvtransfn <> 0 THEN 'MINVFUNC = ' || a.aggminvtransfn END,
                CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END, CASE WHEN a.aggmtransspace <> 0 THEN 'MSSPACE = ' || a.aggmtransspace END,
                CASE WHEN a.aggmfinalfn <> 0 THEN 'MFINALFUNC = ' || a.aggmfinalfn END, CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                CASE WHEN a.aggmfinalfn <> 0 THEN 'MFINALFUNC_MODIFY = ' || {Modify("a.aggmfinalmodify")} END,
                'MINITCOND = ' || quote_literal(a.aggminitval),
                (SELECT format('SORTOP = OPERATOR(%I.%s)', xn.nspname, x.oprname) FROM pg_operator x JOIN pg_namespace xn ON xn.oid = x.oprnamespace WHERE x.oid = a.aggsortop),
                CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,
                CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END))]
        FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {UserSchema}
        """;

    private static string Modify(string letter) => $"CASE {letter} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END";
}
