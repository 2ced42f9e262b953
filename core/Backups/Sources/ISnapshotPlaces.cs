namespace Maintenance.Backups.Sources;

/// <summary>What a host can read backups from, and restore into. Each host knows its own kinds and refuses the others in words.</summary>
public interface ISnapshotPlaces
{
    /// <summary>Opens what a policy backs up.</summary>
    /// <exception cref="NotSupportedException">This host cannot read that kind of source; the message says which host can.</exception>
    /// <exception cref="IOException">It cannot be reached.</exception>
    Task<ISnapshotSource> OpenSourceAsync(BackupPolicy policy, CancellationToken cancellation);

    /// <summary>
    /// Opens a place to restore to that is no folder: <c>postgres:SETTING</c>, <c>container:URI</c>, <c>table:URI</c>. Null for text that names none of these: it is a folder.
    /// </summary>
    /// <exception cref="NotSupportedException">This host cannot write to that kind of place.</exception>
    /// <exception cref="IOException">It cannot be reached.</exception>
    Task<ISnapshotTarget?> OpenTargetAsync(string target, CancellationToken cancellation);
}
