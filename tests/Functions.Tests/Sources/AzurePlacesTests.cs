using Maintenance.Backups;
using Maintenance.Backups.Sources;
using Maintenance.Time;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Sources;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests.Sources;

public sealed class AzurePlacesTests
{
    private const string Container = "https://account.blob.core.windows.net/records";
    private const string Table = "https://account.table.core.windows.net/records";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<string> _asked = [];
    private readonly AzurePlaces _places;

    public AzurePlacesTests() => _places = new AzurePlaces(
        address => Asked(new FakeBlobContainer(), $"{address}"),
        address => Asked(new FakeTable("records"), $"{address}"),
        new FakeTableService(),
        new BlobObjectStore(new FakeBlobContainer()),
        "scratch",
        new SharedPlaces(
            (root, exclude, isOneFileSystem) => Asked(new TableSource(new FakeTable("folder")), $"{root} {string.Join(',', exclude)} {isOneFileSystem}"),
            setting => Asked(new TableSource(new FakeTable("postgres")), "from " + setting),
            setting => Asked(new TableTarget(new FakeTable("postgres")), "to " + setting)));

    [Fact]
    public async Task Each_kind_of_source_is_opened_with_what_the_policy_says()
    {
        Assert.IsType<ContainerSource>(await OpenAsync(new BackupSource(BackupSourceKind.Container, Container)));
        Assert.IsType<TableSource>(await OpenAsync(new BackupSource(BackupSourceKind.Table, Table)));
        Assert.IsType<RecordsWithFiles>(await OpenAsync(new BackupSource(BackupSourceKind.Records, "all")));
        await OpenAsync(new BackupSource(BackupSourceKind.Folder, "/mnt/register") { IsOneFileSystem = true });
        await OpenAsync(new BackupSource(BackupSourceKind.Postgres, "RegisterDatabase"));

        Assert.Equal([Container, Table, "/mnt/register *.tmp True", "from RegisterDatabase"], _asked);
    }

    [Fact]
    public async Task A_command_is_for_the_embedded_host()
    {
        var error = await Assert.ThrowsAsync<NotSupportedException>(() => OpenAsync(new BackupSource(BackupSourceKind.Command, "pg_dump")));

        Assert.Contains("embedded host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_kind_of_target_is_named_by_its_text_and_any_other_text_is_a_folder()
    {
        Assert.IsType<ContainerTarget>(await _places.OpenTargetAsync("container:" + Container, None));
        Assert.IsType<TableTarget>(await _places.OpenTargetAsync("table:" + Table, None));
        Assert.NotNull(await _places.OpenTargetAsync("postgres:RestoredDatabase", None));
        Assert.Null(await _places.OpenTargetAsync("/mnt/restored", None));

        Assert.Equal([Container, Table, "to RestoredDatabase"], _asked);
    }

    [Theory]
    [InlineData("http://account.blob.core.windows.net/records")]
    [InlineData("ftp://account.blob.core.windows.net/records")]
    [InlineData("records")]
    public async Task Nothing_is_sent_in_the_clear(string address)
    {
        await Assert.ThrowsAsync<IOException>(() => OpenAsync(new BackupSource(BackupSourceKind.Container, address)));
        await Assert.ThrowsAsync<IOException>(() => _places.OpenTargetAsync("container:" + address, None));
        await Assert.ThrowsAsync<IOException>(() => _places.OpenTargetAsync("table:" + address, None));

        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/records")]
    [InlineData("http://localhost:10000/devstoreaccount1/records")]
    public async Task The_emulator_is_on_this_machine(string address) =>
        Assert.IsType<ContainerTarget>(await _places.OpenTargetAsync("container:" + address, None));

    private Task<ISnapshotSource> OpenAsync(BackupSource source) =>
        _places.OpenSourceAsync(new BackupPolicy("nightly", "register", source, ["*.tmp"], Schedule.Parse("0 0 2 * * *"), []), None);

    private T Asked<T>(T place, string what)
    {
        _asked.Add(what);
        return place;
    }
}
