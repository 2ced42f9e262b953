using Maintenance.Backups;
using Maintenance.Storage;

namespace MaintenanceFunctions.Adapters;

/// <summary>Copies of the repository in further Blob containers.</summary>
public sealed class BlobCopies(BlobStores stores) : ICopyStores
{
    /// <inheritdoc/>
    public IObjectStore Open(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        return location.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(location, UriKind.Absolute, out var address)
            ? stores.Open(address)
            : throw new NotSupportedException($"'{location}' is a folder, which the embedded host reaches. The app on Azure copies to Blob containers: give the address of one.");
    }
}
