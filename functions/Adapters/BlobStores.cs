using Maintenance.Storage;

namespace MaintenanceFunctions.Adapters;

/// <summary>Further object stores: the containers that copies of snapshots are taken to.</summary>
/// <param name="clients">Makes their clients.</param>
public sealed class BlobStores(StorageClients clients)
{
    /// <summary>The store in a container; nobody is asked yet.</summary>
    /// <param name="container">Its address, https, or http on this machine: the emulator.</param>
    /// <exception cref="IOException">It is no address of a container.</exception>
    public IObjectStore Open(Uri container) => new BlobObjectStore(clients.Container(container));
}
