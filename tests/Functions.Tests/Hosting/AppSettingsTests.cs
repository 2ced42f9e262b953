using Azure.Identity;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Tests.App;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests.Hosting;

public sealed class AppSettingsTests
{
    [Fact]
    public void Every_setting_that_is_missing_is_named_in_one_error()
    {
        var error = Assert.Throws<AppSettingsException>(static () => new ServiceCollection().AddAzureHost(new ConfigurationBuilder().Build()));

        string[] names = ["BlobContainerUri", "TableEndpoint", "ServiceBus__fullyQualifiedNamespace", "TrackingKey", "PublicUrl", "TenantId", "RepositoryKeyUri", "TASKHUB_NAME"];
        Assert.Equal(names.Select(static name => name + " is missing"), error.Problems.Select(static problem => problem.Split(':')[0]));
        Assert.All(names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("BlobContainerUri", "account.blob.core.windows.net/backups")]
    [InlineData("BlobContainerUri", "http://account.blob.core.windows.net/backups")]
    [InlineData("TableEndpoint", "tables")]
    [InlineData("ServiceBus:fullyQualifiedNamespace", "sb://bus.servicebus.windows.net/")]
    [InlineData("ServiceBus:fullyQualifiedNamespace", "bus")]
    [InlineData("TrackingKey", "aaaa")]
    [InlineData("TrackingKey", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("TASKHUB_NAME", "mf")]
    [InlineData("TASKHUB_NAME", "maintenance-functions")]
    [InlineData("TASKHUB_NAME", "1maintenance")]
    [InlineData("PublicUrl", "maintenance.example")]
    [InlineData("RepositoryKeyUri", "http://vault.vault.azure.net/keys/repository")]
    [InlineData("RepositoryKeyUri", "https://vault.vault.azure.net/secrets/repository")]
    [InlineData("RepositoryKeyUri", "https://vault.vault.azure.net/keys/")]
    [InlineData("RepositoryKeyUri", "https://vault.vault.azure.net/keys/repository/1/2")]
    [InlineData("RepositoryPassphrase", "correct horse")]
    [InlineData("ScratchFolder", "scratch")]
    [InlineData("TakeOverPassphrase", "too short")]
    [InlineData("TenantId", "registry.example")]
    [InlineData("TenantId", "common")]
    [InlineData("TenantId", "00000000-0000-0000-0000-000000000000")]
    public void A_setting_that_is_wrong_is_named_and_its_value_kept_out_of_the_log(string name, string value)
    {
        var error = Assert.Throws<AppSettingsException>(() => AppSettings.Read(TestApp.Settings((name, value))));

        var problem = Assert.Single(error.Problems);
        Assert.StartsWith(name.Replace(":", "__", StringComparison.Ordinal) + " is not right: ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(" " + value + " ", problem, StringComparison.Ordinal);
    }

    private const string Provider = "AzureFunctionsJobHost:extensions:durableTask:storageProvider:";
    private const string Scheduler = "Endpoint=https://scheduler.example;Authentication=ManagedIdentity;ClientID=6d2c1f0e-8a43-4b57-9c1e-2f7a5d3b9e10";

    [Theory]
    [InlineData("azureManaged")]
    [InlineData("AzureManaged")]
    public void The_scheduler_is_the_backend_where_the_hosts_own_settings_say_so(string type)
    {
        Assert.False(AppSettings.Read(TestApp.Settings()).IsSchedulerBackend);
        Assert.True(AppSettings.Read(TestApp.Settings(
            (Provider + "type", type), (Provider + "connectionStringName", AppSettings.SchedulerConnection), (AppSettings.SchedulerConnection, Scheduler))).IsSchedulerBackend);
    }

    [Theory]
    [InlineData("netherite", null, null, "type")]
    [InlineData("azureManaged", null, Scheduler, "connectionStringName")]
    [InlineData("azureManaged", "AzureWebJobsStorage", Scheduler, "connectionStringName")]
    [InlineData("azureManaged", AppSettings.SchedulerConnection, null, AppSettings.SchedulerConnection)]
    [InlineData("azureManaged", AppSettings.SchedulerConnection, "https://scheduler.example", AppSettings.SchedulerConnection)]
    public void Half_of_the_settings_of_the_scheduler_is_none(string type, string? name, string? connection, string wrong)
    {
        var error = Assert.Throws<AppSettingsException>(
            () => AppSettings.Read(TestApp.Settings((Provider + "type", type), (Provider + "connectionStringName", name), (AppSettings.SchedulerConnection, connection))));

        Assert.Contains(wrong + " is ", Assert.Single(error.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("True")]
    [InlineData("False")]
    [InlineData(null)]
    public void The_directory_is_required_whether_or_not_the_platform_signs_people_in(string? auth)
    {
        var error = Assert.Throws<AppSettingsException>(
            () => new ServiceCollection().AddAzureHost(TestApp.Settings(("TenantId", null), ("WEBSITE_AUTH_ENABLED", auth))));

        Assert.StartsWith("TenantId is missing: ", Assert.Single(error.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Proofs_and_drills_may_lie_on_a_share()
    {
        Assert.Null(AppSettings.Read(TestApp.Settings()).ScratchFolder);
        Assert.Equal("/mounts/scratch", AppSettings.Read(TestApp.Settings(("ScratchFolder", "/mounts/scratch"))).ScratchFolder);
    }

    [Fact]
    public void A_developers_machine_does_with_a_passphrase_in_place_of_a_vaults_key()
    {
        var settings = AppSettings.Read(TestApp.Settings(
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Development"), ("RepositoryKeyUri", null), ("RepositoryPassphrase", "correct horse")));

        Assert.Null(settings.RepositoryKey);
        Assert.Equal("correct horse", settings.RepositoryPassphrase);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public void Without_a_key_and_a_passphrase_the_key_is_asked_for(string environment)
    {
        var error = Assert.Throws<AppSettingsException>(() => AppSettings.Read(TestApp.Settings(("AZURE_FUNCTIONS_ENVIRONMENT", environment), ("RepositoryKeyUri", null))));

        Assert.StartsWith("RepositoryKeyUri is missing: ", Assert.Single(error.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_is_the_one_beside_the_binaries_unless_a_setting_names_another()
    {
        Assert.Equal(Path.Join(AppContext.BaseDirectory, "plan", "plan.yaml"), AppSettings.Read(TestApp.Settings()).PlanFile);
        Assert.Equal("/mnt/plan/plan.yaml", AppSettings.Read(TestApp.Settings(("PlanFile", "/mnt/plan/plan.yaml"))).PlanFile);
    }

    [Fact]
    public void The_key_is_32_bytes() => Assert.Equal(Enumerable.Repeat((byte)0xAA, 32), AppSettings.Read(TestApp.Settings()).TrackingKey);

    [Theory]
    [InlineData(null)]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void In_Azure_the_app_is_its_managed_identity_and_never_guesses(string? environment) => Assert.IsType<ManagedIdentityCredential>(
        MaintenanceApp.Credential(AppSettings.Read(TestApp.Settings(("AZURE_FUNCTIONS_ENVIRONMENT", environment), ("AZURE_CLIENT_ID", "11111111-1111-1111-1111-111111111111")))));

    [Fact]
    public void On_a_developers_machine_the_app_is_whoever_signed_in_there() =>
        Assert.IsType<DefaultAzureCredential>(MaintenanceApp.Credential(AppSettings.Read(TestApp.Settings(("AZURE_FUNCTIONS_ENVIRONMENT", "Development")))));

    [Fact]
    public void The_example_of_the_settings_names_every_setting_that_must_be_set()
    {
        var example = System.Text.Json.JsonDocument.Parse(Repository.Read("functions/local.settings.example.json")).RootElement.GetProperty("Values");
        var names = example.EnumerateObject().Select(static setting => setting.Name).ToList();
        var required = Assert.Throws<AppSettingsException>(static () => AppSettings.Read(new ConfigurationBuilder().Build())).Problems.Select(static problem => problem.Split(' ')[0]);

        Assert.All(required, name => Assert.Contains(name, names));
    }
}
