using Azure;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests;

public sealed class BlobObjectStoreTests : ObjectStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeBlobContainer _container = new();

    [Theory]
    [InlineData(409, "BlobAlreadyExists")]
    [InlineData(409, "BlobImmutableDueToPolicy")]
    [InlineData(412, "ConditionNotMet")]
    public async Task Every_answer_that_means_taken_leaves_the_first_content(int status, string code)
    {
        _container.Taken = (status, code);
        var store = new BlobObjectStore(_container);
        await store.PutAsync("one", new byte[] { 1 }, None);

        Assert.False(await store.PutAsync("one", new byte[] { 2 }, None));

        Assert.Equal([1], _container.Blobs["one"]);
    }

    [Fact]
    public async Task Another_conflict_than_a_taken_name_is_a_fault()
    {
        _container.Taken = (409, "LeaseAlreadyPresent");
        var store = new BlobObjectStore(_container);
        await store.PutAsync("one", new byte[] { 1 }, None);

        await Assert.ThrowsAsync<RequestFailedException>(() => store.PutAsync("one", new byte[] { 2 }, None));
    }

    [Fact]
    public async Task A_missing_container_is_a_fault_and_not_a_missing_object()
    {
        _container.Failure = new RequestFailedException(404, "The container does not exist.", "ContainerNotFound", null);
        var store = new BlobObjectStore(_container);

        await Assert.ThrowsAsync<RequestFailedException>(() => store.GetAsync("one", None));
        await Assert.ThrowsAsync<RequestFailedException>(() => store.GetRangeAsync("one", 0, 1, None));
        await Assert.ThrowsAsync<RequestFailedException>(() => store.PutAsync("one", new byte[] { 1 }, None));
        await Assert.ThrowsAsync<RequestFailedException>(async () => await store.ListAsync("", None).GetAsyncEnumerator(None).MoveNextAsync());
    }

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new BlobObjectStore(_container));
}
