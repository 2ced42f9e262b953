using Maintenance.Backups;
using Maintenance.Backups.Sources;
using Maintenance.Local.Hosting;
using Maintenance.Storage;
using Maintenance.Web.Notifications;
using Maintenance.Web.Sources;

namespace Maintenance.Local.Sources;

/// <summary>What one machine reads backups from and restores into: folders, its own records, PostgreSQL databases, the output of commands.</summary>
/// <param name="folders">Opens a folder.</param>
/// <param name="data">The data folder.</param>
/// <param name="objects">Where the files lie that records name.</param>
/// <param name="settings">Where connection strings are.</param>
public sealed class LocalPlaces(Func<BackupPolicy, ISnapshotSource> folders, DataFolder data, IObjectStore objects, HostSettings settings) : ISnapshotPlaces
{
    /// <inheritdoc/>
    public Task<ISnapshotSource> OpenSourceAsync(BackupPolicy policy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Task.FromResult(policy.Source.Kind switch
        {
            BackupSourceKind.Folder => folders(policy),
            BackupSourceKind.Records => new RecordsWithFiles(new RecordsSource(data), objects, "objects"),
            BackupSourceKind.Postgres => PostgresPlaces.OpenSource(PostgresPlaces.ConnectionString(settings, policy.Source.Location)),
            BackupSourceKind.Command => new CommandSource(policy.Source),
            BackupSourceKind.Container or BackupSourceKind.Table => throw AzureOnly($"the {policy.Source}"),
            _ => throw new NotSupportedException($"This host cannot read the {policy.Source}."),
        });
    }

    /// <inheritdoc/>
    public Task<ISnapshotTarget?> OpenTargetAsync(string target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.StartsWith("container:", StringComparison.Ordinal) || target.StartsWith("table:", StringComparison.Ordinal))
        {
            throw AzureOnly($"'{target}'");
        }

        return Task.FromResult(target.StartsWith(PostgresPlaces.TargetScheme, StringComparison.Ordinal)
            ? PostgresPlaces.OpenTarget(PostgresPlaces.ConnectionString(settings, target[PostgresPlaces.TargetScheme.Length..]))
            : null);
    }

    private static NotSupportedException AzureOnly(string what) =>
        new($"This host cannot reach {what}: Blob containers and Azure tables are read and written by the Azure host (the Functions app).");
}
