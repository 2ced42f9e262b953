namespace Maintenance.Web.Sources.Postgres;

/// <summary>An object as the catalogs name it.</summary>
/// <param name="Catalog">The catalog that it is a row of (<c>pg_class</c>, <c>pg_proc</c>), by its oid; small numbers are ours, for what has no row of its own.</param>
/// <param name="Id">The oid of the row.</param>
internal readonly record struct ObjectKey(uint Catalog, uint Id);

/// <summary>The files of a copy that hold statements, in the order in which they are run.</summary>
internal enum ScriptFile
{
    /// <summary>What data need.</summary>
    Schema = 10,

    /// <summary>What is checked and indexed once the data are there.</summary>
    Constraints = 30,

    /// <summary>What works on the data.</summary>
    Code = 40,

    /// <summary>Owners, privileges and the like.</summary>
    Grants = 60,
}

/// <summary>What makes an object, and where it belongs.</summary>
/// <param name="Key">The object.</param>
/// <param name="Rank">Of two that do not need each other the lower comes first.</param>
/// <param name="File">The last file that it may be in; it is in an earlier one where something there needs it.</param>
/// <param name="Name">Decides between equal ranks, so that equal databases give equal files.</param>
/// <param name="Statements">What makes it.</param>
internal sealed record DatabaseObject(ObjectKey Key, int Rank, ScriptFile File, string Name, IReadOnlyList<string> Statements);
