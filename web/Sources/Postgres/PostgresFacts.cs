namespace Maintenance.Web.Sources.Postgres;

/// <summary>
/// What <c>facts.json</c> says, the last file of a copy: it is there only if everything before it was read, and a restore counts against it.
/// </summary>
/// <param name="Format">1.</param>
/// <param name="ServerVersion">As the server says it: <c>15.18 (Debian …)</c>.</param>
/// <param name="Database">The database's name.</param>
/// <param name="Encoding">Its encoding; the files are UTF-8 whatever it is (but for <c>SQL_ASCII</c>, whose bytes are as they were).</param>
/// <param name="Collation">Its <c>LC_COLLATE</c>.</param>
/// <param name="CharacterType">Its <c>LC_CTYPE</c>.</param>
/// <param name="Extensions">Extensions and their versions.</param>
/// <param name="Tables">Tables, partitioned ones too.</param>
/// <param name="Sequences">The names of all sequences, quoted.</param>
/// <param name="Roles">The roles that owners, privileges and policies name; no database holds them, so they are to be made first.</param>
/// <param name="LargeObjects">How many large objects there are.</param>
internal sealed record PostgresFacts(
    int Format,
    string ServerVersion,
    string Database,
    string Encoding,
    string Collation,
    string CharacterType,
    IReadOnlyList<ExtensionFact> Extensions,
    IReadOnlyList<TableFact> Tables,
    IReadOnlyList<string> Sequences,
    IReadOnlyList<string> Roles,
    long LargeObjects)
{
    /// <summary>The format that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The file.</summary>
    public const string Path = "facts.json";
}

/// <summary>An extension.</summary>
internal sealed record ExtensionFact(string Name, string Version, string Schema);

/// <summary>A table.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The columns that its file has, in the file's order.</param>
/// <param name="File">The path of its rows; null where it has none of its own (it is partitioned) or they may not be read.</param>
/// <param name="Rows">How many rows the file has; null where it was not read to its end.</param>
internal sealed record TableFact(string Schema, string Name, IReadOnlyList<string> Columns, string? File, long? Rows);
