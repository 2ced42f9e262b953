using Maintenance.Backups;
using Maintenance.Backups.Sources;
using Maintenance.Local.Hosting;
using Maintenance.Local.Sources;
using Maintenance.Tests.Repository;
using Maintenance.Tests.Storage;
using Maintenance.Time;
using Maintenance.Web.Notifications;
using Maintenance.Web.Sources;

namespace Maintenance.Tests.Sources;

public sealed class LocalPlacesTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Each_kind_of_source_of_one_machine_is_opened()
    {
        var places = Places();

        Assert.IsType<CommandSource>(await OpenAsync(places, BackupSourceKind.Folder, "/srv"));
        Assert.IsType<RecordsWithFiles>(await OpenAsync(places, BackupSourceKind.Records, "all"));
        Assert.IsType<CommandSource>(await OpenAsync(places, BackupSourceKind.Command, "pg_dumpall"));
        Assert.Equal("postgres register at db.example:5432", Assert.IsType<PostgresSource>(await OpenAsync(places, BackupSourceKind.Postgres, "REGISTER_DB")).Description);
    }

    [Theory]
    [InlineData(BackupSourceKind.Container, "https://a.example/c")]
    [InlineData(BackupSourceKind.Table, "https://a.example/t")]
    public async Task What_only_the_Azure_host_reads_is_refused_with_its_name(BackupSourceKind kind, string location)
    {
        var error = await Assert.ThrowsAsync<NotSupportedException>(() => OpenAsync(Places(), kind, location));
        Assert.Contains("Azure host", error.Message, StringComparison.Ordinal);
        Assert.Contains(location, error.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<NotSupportedException>(() => Places().OpenTargetAsync($"{kind.ToString().ToLowerInvariant()}:{location}", None));
    }

    [Fact]
    public async Task A_setting_that_is_not_set_is_named()
    {
        Assert.Contains("OTHER_DB", (await Assert.ThrowsAsync<IOException>(() => OpenAsync(Places(), BackupSourceKind.Postgres, "OTHER_DB"))).Message, StringComparison.Ordinal);
        Assert.Contains("OTHER_DB", (await Assert.ThrowsAsync<IOException>(() => Places().OpenTargetAsync("postgres:OTHER_DB", None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_is_no_database_is_a_folder()
    {
        Assert.IsType<PostgresTarget>(await Places().OpenTargetAsync("postgres:REGISTER_DB", None));
        Assert.Null(await Places().OpenTargetAsync("/srv/restored", None));
        Assert.Null(await Places().OpenTargetAsync("postgres", None));
    }

    private static Task<ISnapshotSource> OpenAsync(LocalPlaces places, BackupSourceKind kind, string location) => places.OpenSourceAsync(
        new BackupPolicy("nightly", "register", new BackupSource(kind, location), [], Schedule.Parse("0 0 2 * * *"), []), None);

    private LocalPlaces Places() => new(
        static _ => new CommandSource(new BackupSource(BackupSourceKind.Command, "stands-for-a-folder")),
        new DataFolder(_scratch.PathOf("data")),
        new MemoryObjectStore(),
        new HostSettings(static name => name == "REGISTER_DB" ? "Host=db.example;Database=register;Username=u;Password=p" : null));
}
