using Maintenance.Backups.Sources;

namespace Maintenance.Web.Sources;

/// <summary>PostgreSQL databases as places that both hosts can read and restore to. A plan names the setting that holds a connection string, never the string itself.</summary>
public static class PostgresPlaces
{
    /// <summary>How a restore names a database: <c>postgres:SETTING</c>.</summary>
    public const string TargetScheme = "postgres:";

    /// <summary>A database to back up. Nothing is connected to yet.</summary>
    /// <param name="connectionString">Of Npgsql.</param>
    /// <param name="lockPatience">How long to wait for somebody who alters a table; a minute where null.</param>
    /// <exception cref="IOException">The connection string cannot be read.</exception>
    public static ISnapshotSource OpenSource(string connectionString, TimeSpan? lockPatience = null) => new PostgresSource(connectionString, lockPatience);

    /// <summary>An empty database to restore to. Nothing is connected to yet.</summary>
    /// <param name="connectionString">Of Npgsql.</param>
    /// <exception cref="IOException">The connection string cannot be read.</exception>
    public static ISnapshotTarget OpenTarget(string connectionString) => new PostgresTarget(connectionString);

    /// <summary>The connection string that a setting holds.</summary>
    /// <exception cref="IOException">The setting is not set.</exception>
    public static string ConnectionString(Notifications.HostSettings settings, string name)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Find(name) is { Length: > 0 } value
            ? value
            : throw new IOException($"The setting '{name}' is not set: it holds the connection string of a PostgreSQL database, such as Host=…;Database=…;Username=…;Password=….");
    }
}
