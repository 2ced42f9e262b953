using Azure.Identity;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Tests;

public sealed class StorageClientsTests
{
    private readonly StorageClients _clients = new(new DefaultAzureCredential());

    [Fact]
    public void A_container_is_opened_by_its_address_with_the_apps_identity()
    {
        var address = new Uri("https://other.blob.core.windows.net/copies");

        Assert.Equal(address, _clients.Container(address).Uri);
        Assert.IsType<BlobObjectStore>(new BlobStores(_clients).Open(address));
    }

    [Fact]
    public void The_emulator_is_opened_with_its_own_account()
    {
        Assert.Equal("copies", _clients.Container(new Uri("http://127.0.0.1:10000/devstoreaccount1/copies")).Name);
        Assert.Equal("records", _clients.Table(new Uri("http://localhost:10002/devstoreaccount1/records")).Name);
    }

    [Fact]
    public void A_table_is_opened_by_its_address() => Assert.Equal("records", _clients.Table(new Uri("https://account.table.core.windows.net/records")).Name);

    [Theory]
    [InlineData("https://account.blob.core.windows.net")]
    [InlineData("https://account.blob.core.windows.net/a/b")]
    [InlineData("https://account.blob.core.windows.net/copies?sv=2026&sig=secret")]
    [InlineData("https://me:secret@account.blob.core.windows.net/copies")]
    [InlineData("http://account.blob.core.windows.net/copies")]
    [InlineData("http://127.0.0.1:10009/devstoreaccount1/copies")]
    public void What_is_no_address_of_a_container_is_refused_and_no_secret_repeated(string address)
    {
        var error = Assert.Throws<IOException>(() => _clients.Container(new Uri(address)));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://account.table.core.windows.net")]
    [InlineData("https://account.table.core.windows.net/my-table")]
    [InlineData("https://account.table.core.windows.net/records()")]
    public void What_is_no_address_of_a_table_is_refused(string address) => Assert.Throws<IOException>(() => _clients.Table(new Uri(address)));
}
