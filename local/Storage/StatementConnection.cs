using Microsoft.Data.Sqlite;

namespace Maintenance.Local.Storage;

/// <summary>
/// A connection that keeps its statements prepared: compiling one costs more than running it. The texts are constants of this program, a few dozen, so none is
/// ever dropped.
/// </summary>
internal sealed class StatementConnection(string connectionString) : SqliteConnection(connectionString)
{
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    /// <summary>The prepared statement of this text.</summary>
    public SqliteCommand Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            command = CreateCommand();
            command.CommandText = sql;
            _statements.Add(sql, command);
        }

        return command;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            _statements.Clear();
        }

        base.Dispose(disposing);
    }
}
