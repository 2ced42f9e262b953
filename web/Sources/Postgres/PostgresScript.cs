using System.Runtime.CompilerServices;
using System.Text;

namespace Maintenance.Web.Sources.Postgres;

/// <summary>
/// A file of SQL that <c>psql</c> runs as it is, and that we take apart again without understanding SQL: a line of its own, <c>--;</c>, follows each statement.
/// Where a statement holds such a line itself, the file uses <c>--;1</c>, <c>--;2</c> …; its first line says which.
/// </summary>
internal static class PostgresScript
{
    private const string Separator = "--;";
    private const string FirstLine = "-- Run with psql -v ON_ERROR_STOP=1, best all files in one go (-1). After each statement a line: ";

    /// <summary>What every file begins with, so that it means the same in whatever session it is run.</summary>
    private static readonly string[] Session =
    [
        "SET client_encoding = 'UTF8'", "SET standard_conforming_strings = on", "SET search_path = ''", "SET check_function_bodies = off", "SET row_security = off",
        "SET xmloption = content", "SET client_min_messages = warning", "SET default_tablespace = ''", "SET statement_timeout = 0", "SET lock_timeout = 0",
        "SET idle_in_transaction_session_timeout = 0",
    ];

    /// <summary>What a statement needs that depends on roles, which no database holds: it is left out, with a warning, where a role is missing or may not be acted for.</summary>
    private const string Guard = """
        CREATE OR REPLACE PROCEDURE pg_temp.as_far_as_possible(roles text[], what text) LANGUAGE plpgsql AS $procedure$
        DECLARE
            missing text;
        BEGIN
            SELECT string_agg(quote_ident(role), ', ') INTO missing FROM unnest(roles) AS role WHERE role NOT IN (SELECT rolname FROM pg_catalog.pg_roles);
            IF missing IS NOT NULL THEN
                RAISE WARNING 'there is no role %, so this was left out: %', missing, what;
                RETURN;
            END IF;
            EXECUTE what;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE WARNING 'not allowed (%), so this was left out: %', SQLERRM, what;
        END
        $procedure$
        """;

    /// <summary>A statement that is left out where one of the roles is missing.</summary>
    public static string Guarded(IEnumerable<string> roles, string statement) =>
        $"CALL pg_temp.as_far_as_possible(ARRAY[{string.Join(", ", roles.Select(PostgresName.Literal))}]::pg_catalog.text[], {PostgresName.Literal(statement)})";

    /// <summary>The file of these statements.</summary>
    public static byte[] Write(IReadOnlyList<string> statements)
    {
        var separator = Separator;
        for (var i = 1; statements.Any(statement => Lines(statement).Contains(separator, StringComparer.Ordinal)); i++)
        {
            separator = Separator + i;
        }

        var text = new StringBuilder(FirstLine).Append(separator).Append('\n');
        foreach (var statement in Session.Concat(statements.Any(static statement => statement.StartsWith("CALL pg_temp.as_far", StringComparison.Ordinal)) ? [Guard] : []).Concat(statements))
        {
            Append(text, statement, separator);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The beginning of a file whose statements follow piece by piece; none of them has a line that is the separator.</summary>
    public static byte[] Begin() => Write([]);

    /// <summary>One statement of such a file.</summary>
    public static byte[] Piece(string statement) => Encoding.UTF8.GetBytes(Append(new StringBuilder(), statement, Separator).ToString());

    /// <summary>The statements of a file, one in memory at a time.</summary>
    /// <exception cref="InvalidDataException">It is no file of ours.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, 1 << 16, leaveOpen: true);
        var first = await reader.ReadLineAsync(cancellation);
        if (first is null || !first.StartsWith(FirstLine, StringComparison.Ordinal))
        {
            throw new InvalidDataException("it does not begin as the scripts of a database's copy do");
        }

        var separator = "\n" + first[FirstLine.Length..] + "\n";
        var text = new StringBuilder();
        var buffer = new char[1 << 16];
        var searched = 0;
        while (true)
        {
            var read = await reader.ReadBlockAsync(buffer, cancellation);
            text.Append(buffer, 0, read);
            var whole = text.ToString();
            var begin = 0;
            for (int end; (end = whole.IndexOf(separator, Math.Max(begin, searched), StringComparison.Ordinal)) >= 0; begin = end + separator.Length)
            {
                yield return whole[begin..end];
                searched = 0;
            }

            text.Remove(0, begin);
            searched = Math.Max(0, text.Length - separator.Length);
            if (read < buffer.Length)
            {
                break;
            }
        }

        if (text.Length > 0)
        {
            throw new InvalidDataException("it ends inside a statement");
        }
    }

    private static StringBuilder Append(StringBuilder text, string statement, string separator)
    {
        text.Append(statement);

        // A last line that is a comment would swallow it.
        return text.Append(LastLine(statement).Contains("--", StringComparison.Ordinal) ? "\n;\n" : ";\n").Append(separator).Append('\n');
    }

    private static string LastLine(string statement) => statement[(statement.LastIndexOf('\n') + 1)..];

    private static string[] Lines(string text) => text.Split('\n');
}
