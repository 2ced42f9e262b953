using System.Text.Json;
using Maintenance;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Tests.App;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MaintenanceFunctions.Tests.Hosting;

/// <summary>
/// The client writes the input of a workflow with the worker's serializer; the Durable extension reads it with the worker's <see cref="JsonSerializerOptions"/>, of which the worker
/// itself sets but one thing. Both have to speak of the same.
/// </summary>
public sealed class WorkerJsonTests
{
    [Fact]
    public void What_starts_a_workflow_is_read_as_it_was_written()
    {
        using var services = new ServiceCollection().AddLogging().AddAzureHost(TestApp.Settings()).Configure<JsonSerializerOptions>(static options => options.PropertyNameCaseInsensitive = true).BuildServiceProvider();
        var order = new RestoreSnapshotRequest("restore_1", "register_20261122T020000Z", "/restored") { Paths = ["a"], Existing = ExistingFiles.Rename, Copy = "away" };

        var read = JsonSerializer.Deserialize<RestoreSnapshotRequest>(MaintenanceJson.Write(order), services.GetRequiredService<IOptions<JsonSerializerOptions>>().Value)!;

        Assert.Equal(MaintenanceJson.Write(order), MaintenanceJson.Write(read));
        Assert.Equal(ExistingFiles.Rename, read.Existing);
    }

    [Fact]
    public void A_reference_that_the_platform_did_not_resolve_is_named_as_that()
    {
        var error = Assert.Throws<AppSettingsException>(static () => new ServiceCollection().AddAzureHost(TestApp.Settings(("TrackingKey", "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/tracking-key)"))));

        Assert.Contains("TrackingKey is a reference that the platform has not resolved", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("kv.vault.azure.net", error.Message, StringComparison.Ordinal);
    }
}
