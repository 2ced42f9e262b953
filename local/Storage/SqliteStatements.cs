using Microsoft.Data.Sqlite;

namespace Maintenance.Local.Storage;

/// <summary>
/// Running statements with the positional parameters <c>?1</c>, <c>?2</c>, … inside a job or query of <see cref="SqliteDatabase"/>, where they stay prepared.
/// The text is a constant; it is never put together from values.
/// </summary>
public static class SqliteStatements
{
    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        Prepare(connection, sql, values).ExecuteNonQuery();

    /// <summary>All rows of a query. <paramref name="read"/> must not run the same statement again.</summary>
    public static List<T> Query<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var reader = Prepare(connection, sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Hands over rows until there are no more or <paramref name="read"/> returns false. It must not run the same statement again.</summary>
    /// <returns>True when it was <paramref name="read"/> that ended it.</returns>
    public static bool Scan(this SqliteConnection connection, string sql, Func<SqliteDataReader, bool> read, params ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var reader = Prepare(connection, sql, values).ExecuteReader();
        while (reader.Read())
        {
            if (!read(reader))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first row of a query, or null when it has none.</summary>
    public static T? First<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        using var reader = Prepare(connection, sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    /// <summary>The first column of the first row; the type's default when there is no row or the column is null.</summary>
    public static T? Scalar<T>(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(connection, sql, values).ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var command = connection is StatementConnection keeping
            ? keeping.Statement(sql)
            : throw new ArgumentException("Statements run on a connection that SqliteDatabase handed out.", nameof(connection));
        for (var i = 0; i < values.Length; i++)
        {
            if (i == command.Parameters.Count)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i + 1}" });
            }

            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
