using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Maintenance.Backups;
using Maintenance.Backups.Sources;
using Maintenance.Storage;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Sources;

/// <summary>Sources and targets that do not live in this assembly.</summary>
/// <param name="Folder">A folder, of its root, its exclude globs, and whether to stay on its file system: here, a share that is mounted.</param>
/// <param name="Postgres">A database, by the name of the setting with its connection string.</param>
/// <param name="PostgresTarget">An empty database, by the name of the setting.</param>
public sealed record SharedPlaces(
    Func<string, IReadOnlyList<string>, bool, ISnapshotSource> Folder, Func<string, ISnapshotSource> Postgres, Func<string, ISnapshotTarget> PostgresTarget);

/// <summary>What the app on Azure reads backups from, and restores into. Nobody is asked before a source is scanned or a target prepared.</summary>
/// <param name="containers">The client of a container by its address.</param>
/// <param name="tables">The client of a table by its address.</param>
/// <param name="records">The account of the system's own records.</param>
/// <param name="objects">Where the files lie that records name.</param>
/// <param name="scratch">A folder for temporary files.</param>
/// <param name="shared">What does not live here.</param>
public sealed class AzurePlaces(
    Func<Uri, BlobContainerClient> containers, Func<Uri, TableClient> tables, TableServiceClient records, IObjectStore objects, string scratch, SharedPlaces shared) : ISnapshotPlaces
{
    /// <summary>With the clients of the app's own identity.</summary>
    public AzurePlaces(StorageClients clients, TableServiceClient records, IObjectStore objects, string scratch, SharedPlaces shared)
        : this((clients ?? throw new ArgumentNullException(nameof(clients))).Container, clients.Table, records, objects, scratch, shared)
    {
    }

    /// <inheritdoc/>
    public Task<ISnapshotSource> OpenSourceAsync(BackupPolicy policy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var source = policy.Source;
        return Task.FromResult(source.Kind switch
        {
            BackupSourceKind.Folder => shared.Folder(source.Location, policy.Exclude, source.IsOneFileSystem),

            // Under their own names: restored into a container, they are where the app looks for them.
            BackupSourceKind.Records => new RecordsWithFiles(new RecordsSource(records, scratch), objects, folder: null),
            BackupSourceKind.Container => new ContainerSource(containers(Address(source.Location)), policy.Exclude),
            BackupSourceKind.Table => new TableSource(tables(Address(source.Location))),
            BackupSourceKind.Postgres => shared.Postgres(source.Location),
            BackupSourceKind.Command => throw new NotSupportedException(
                $"The backup policy '{policy.Id}' backs up a command's output. The app on Azure runs no commands: take it with the embedded host, on the machine of the command."),
            _ => throw new NotSupportedException($"The app on Azure knows no source of the kind '{source.Kind}'."),
        });
    }

    /// <inheritdoc/>
    public Task<ISnapshotTarget?> OpenTargetAsync(string target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Task.FromResult<ISnapshotTarget?>(
            After(target, "container:") is { } container ? new ContainerTarget(containers(Address(container)))
            : After(target, "table:") is { } table ? new TableTarget(tables(Address(table)))
            : After(target, "postgres:") is { } setting ? shared.PostgresTarget(setting)
            : null);
    }

    private static string? After(string text, string kind) => text.StartsWith(kind, StringComparison.Ordinal) ? text[kind.Length..] : null;

    private static Uri Address(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            throw new IOException($"'{text}' is no address, such as https://myaccount.blob.core.windows.net/records.");
        }

        // Whoever makes the client may know no better: nothing is sent in the clear but to this machine.
        return address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
            ? address
            : throw new IOException($"'{text}' is no https address.");
    }
}
