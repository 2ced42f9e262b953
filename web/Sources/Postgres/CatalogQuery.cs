namespace Maintenance.Web.Sources.Postgres;

/// <summary>
/// A query of the catalogs that gives the statements which make the objects of one kind. Its rows: the object's oid, the oid of the table that it belongs to
/// (0 for none), its name, and the statements as an array of text.
/// </summary>
/// <param name="Catalog">The catalog of the objects, or one of <see cref="Made"/>.</param>
/// <param name="Rank">See <see cref="DatabaseObject.Rank"/>.</param>
/// <param name="File">See <see cref="DatabaseObject.File"/>.</param>
/// <param name="Sql">The query.</param>
internal sealed record CatalogQuery(string Catalog, int Rank, ScriptFile File, string Sql)
{
    /// <summary>What is done to an object after others, and has no row of its own.</summary>
    public static readonly string[] Made = ["(row security)", "(refresh)", "(trigger states)"];

    /// <summary>The schemas that are the users'.</summary>
    public const string UserSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    /// <summary>The number that stands for <see cref="Catalog"/> where it is one of <see cref="Made"/>, or 0.</summary>
    public uint MadeCatalog => (uint)(Array.IndexOf(Made, Catalog) + 1);

    /// <summary>A list in SQL of <c>key='value'</c>, from an array of <c>key=value</c> such as <c>reloptions</c>.</summary>
    public static string Options(string array, string prefix = "") =>
        $"(SELECT string_agg(format('{prefix}%s=%L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', ') FROM unnest({array}) AS o)";

    /// <summary>A list in SQL of <c>key 'value'</c>, from an array of <c>key=value</c>, as foreign data have it.</summary>
    public static string ForeignOptions(string array) =>
        $"(SELECT ' OPTIONS (' || string_agg(format('%I %L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', ') || ')' FROM unnest({array}) AS o)";

    /// <summary>What comes behind <c>format_type</c> where a column or domain has a collation that is not its type's.</summary>
    public static string Collate(string collation, string type) =>
        $"""
        CASE WHEN {collation} <> 0 AND {collation} <> (SELECT typcollation FROM pg_type WHERE oid = {type})
             THEN (SELECT format(' COLLATE %I.%I', ns.nspname, co.collname) FROM pg_collation co JOIN pg_namespace ns ON ns.oid = co.collnamespace WHERE co.oid = {collation}) ELSE '' END
        """;
}
