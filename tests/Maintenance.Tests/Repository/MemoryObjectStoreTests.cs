using Maintenance.Storage;
using Maintenance.Tests.Contracts;

namespace Maintenance.Tests.Repository;

/// <summary>The store that the other tests rely on is one.</summary>
public sealed class MemoryObjectStoreTests : ObjectStoreContract
{
    private readonly MemoryObjectStore _store = new();

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(_store);
}
