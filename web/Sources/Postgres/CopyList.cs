using System.Runtime.CompilerServices;
using System.Text;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>
/// <c>15-data.sql</c>: for each file of rows a line by which <c>psql</c>, run in the folder of the copy, loads it:
/// <c>\copy "public"."people" ("id", "name") from '20-data/public.people.copy'</c>.
/// </summary>
internal static class CopyList
{
    /// <summary>The file.</summary>
    public const string Path = "15-data.sql";

    private const string Lead = "\\copy ";
    private const string From = " from '";

    /// <summary>The file for these tables.</summary>
    public static byte[] Write(IEnumerable<CopiedTable> tables)
    {
        var text = new StringBuilder("-- Rows, one file a table. To be run with psql in the folder of the copy, after 10-schema.sql.\n\\encoding UTF8\n");
        foreach (var table in tables.Where(static table => table.File is not null))
        {
            text.Append(Lead).Append(table.Quoted).Append(table.ColumnList).Append(From).Append(table.File).Append("'\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The files and the tables with their columns, as <c>COPY</c> takes them.</summary>
    public static async IAsyncEnumerable<(string File, string Table)> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            // No path has a quote in it, so the last one that opens is the path's.
            if (line.StartsWith(Lead, StringComparison.Ordinal) && line.EndsWith('\'') && line.LastIndexOf(From, StringComparison.Ordinal) is > 0 and var at)
            {
                yield return (line[(at + From.Length)..^1], line[Lead.Length..at]);
            }
        }
    }
}
