using Maintenance.Backups;
using Maintenance.Local.Storage;
using Maintenance.Storage;

namespace Maintenance.Local.Backups;

/// <summary>Copies of the repository in other folders: a mount, another disk.</summary>
public sealed class FolderCopies : ICopyStores
{
    /// <inheritdoc/>
    public IObjectStore Open(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        return location.Contains("://", StringComparison.Ordinal)
            ? throw new NotSupportedException($"'{location}' is a Blob container, which the host on Azure reaches. This one copies to folders: mount what is elsewhere.")
            : FolderObjectStore.Open(location);
    }
}
