using System.Text.Json;
using System.Text.RegularExpressions;
using Maintenance.Messaging;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Tests.App;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace MaintenanceFunctions.Tests.Infra;

/// <summary>host.json, the triggers' attributes, the code's settings and the template agree.</summary>
public sealed partial class SettingTests
{
    private static readonly JsonElement HostJson = JsonDocument.Parse(Repository.Read("host.json")).RootElement;

    private static readonly IReadOnlyDictionary<string, string> Few = Template.Settings(Template.Deploy());

    private static readonly IReadOnlyDictionary<string, string> All = Template.Settings(Template.DeployAll());

    /// <summary>What the code reads and the template rightly leaves out, with the reason.</summary>
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["PlanFile"] = "the plan lies beside the binaries",
        ["RepositoryPassphrase"] = "on a developer's machine only",
        ["AZURE_FUNCTIONS_ENVIRONMENT"] = "the platform sets it",
        ["WEBSITE_AUTH_ENABLED"] = "the platform sets it with its sign-in",
    };

    [Fact]
    public void Every_setting_that_the_code_reads_is_set() => Assert.Empty(ReadByTheCode().Except(All.Keys).Except(LeftOut.Keys));

    [Fact]
    public void Nothing_is_left_out_that_the_code_does_not_read() => Assert.Empty(LeftOut.Keys.Except(ReadByTheCode()));

    [Fact]
    public void Every_setting_is_read_by_the_code_the_host_or_the_platform()
    {
        var read = ReadByTheCode();
        var ofPlan = All.Where(static pair => pair.Value.StartsWith("@Microsoft.KeyVault(VaultName=", StringComparison.Ordinal)).Select(static pair => pair.Key).ToHashSet();
        string[] ofHost = ["AzureWebJobsDisableHomepage", "AzureFunctionsWebHost__hostid", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"];
        var connections = Connections().Append(HostJson.GetProperty("extensions").GetProperty("durableTask").GetProperty("storageProvider").GetProperty("connectionName").GetString()!).ToHashSet();

        var unread = All.Keys.Where(name =>
            !read.Contains(name) && !ofPlan.Contains(name) && !ofHost.Contains(name) && !connections.Contains(name.Split("__")[0]) && !IsOfHostJson(name) && !NamedByAnother(name));

        Assert.Empty(unread);
        Assert.Equal(["MAIL_PASSWORD", "OPERATIONS_ROOM_WEBHOOK", "TakeOverPassphrase"], ofPlan.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_app_starts_with_what_the_template_sets(bool isAllOn)
    {
        var set = isAllOn ? All : Few;

        // In place of what only Azure knows.
        var known = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["TrackingKey"] = new string('a', 64),
            ["BlobContainerUri"] = "https://stdata.blob.core.windows.net/backups",
            ["TableEndpoint"] = "https://stdata.table.core.windows.net/",
            ["RepositoryKeyUri"] = "https://kv.vault.azure.net/keys/repository",
            ["PublicUrl"] = "https://func.azurewebsites.net",
        };
        var settings = AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(
            set.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), known.GetValueOrDefault(pair.Key, pair.Value)))).Build());

        Assert.Equal(Guid.Parse(BicepFunctions.Tenant), settings.TenantId);
        Assert.Equal($"bus-production-{BicepFunctions.Unique}.servicebus.windows.net", settings.ServiceBusNamespace);
        Assert.All(known.Keys, name => Assert.Contains(name, set.Keys));
        Assert.Equal((isAllOn, isAllOn ? "/mounts/scratch" : null), (settings.MayAddPassphrase, settings.ScratchFolder));
    }

    [Fact]
    public void What_survived_a_loss_takes_the_place_of_what_is_new()
    {
        const string Container = "https://stcopyold.blob.core.windows.net/backups", Key = "https://kv-old.vault.azure.net/keys/repository", Tables = "https://strecords.table.core.windows.net";
        var settings = Template.Settings(Template.Deploy(("takeOverContainer", Container), ("takeOverKey", Key), ("takeOverTables", Tables)));

        Assert.Equal((Container, Key, Tables), (settings["BlobContainerUri"], settings["RepositoryKeyUri"], settings["TableEndpoint"]));
        Assert.DoesNotContain(Few.Values, static value => value.Contains("old", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("FUNCTIONS_WORKER_RUNTIME")]
    [InlineData("FUNCTIONS_EXTENSION_VERSION")]
    [InlineData("WEBSITE_TIME_ZONE")]
    [InlineData("TZ")]
    [InlineData("WEBSITE_RUN_FROM_PACKAGE")]
    [InlineData("WEBSITE_CONTENTAZUREFILECONNECTIONSTRING")]
    [InlineData("WEBSITE_CONTENTSHARE")]
    [InlineData("AzureWebJobsStorage")]
    [InlineData("AzureWebJobsStorage__accountName")]
    [InlineData("APPINSIGHTS_INSTRUMENTATIONKEY")]
    public void What_flex_consumption_refuses_and_what_would_be_a_key_is_not_set(string name) => Assert.DoesNotContain(name, All.Keys);

    [Fact]
    public void The_host_reaches_its_storage_as_the_apps_identity_at_each_service() =>
        Assert.Equal(
            ["blobServiceUri", "clientId", "credential", "queueServiceUri", "tableServiceUri"],
            Few.Keys.Where(static name => name.StartsWith("AzureWebJobsStorage__", StringComparison.Ordinal)).Select(static name => name["AzureWebJobsStorage__".Length..]).Order());

    [Fact]
    public void The_queues_of_the_bus_are_those_of_the_code_and_of_the_triggers()
    {
        var queues = Template.Deploy().All("Microsoft.ServiceBus/namespaces/queues");

        Assert.Equal(Queues.All, queues.Select(static queue => queue.Name));
        Assert.Equal(Queues.All.Order(), FunctionCatalogue.With<ServiceBusTriggerAttribute>().Select(static function => function.Trigger<ServiceBusTriggerAttribute>()!.QueueName).Order());
        Assert.All(queues, static queue =>
        {
            Assert.Equal(true, queue.Property("requiresDuplicateDetection"));
            Assert.True(System.Xml.XmlConvert.ToTimeSpan((string)queue.Property("duplicateDetectionHistoryTimeWindow")!) >= TimeSpan.FromMinutes(10));
            Assert.Equal((10L, true), (queue.Property("maxDeliveryCount"), queue.Property("deadLetteringOnMessageExpiration")));

            // The app gives up first, with a reason that people can read.
            Assert.True((long)queue.Property("maxDeliveryCount")! > Queues.MaxDeliveries);
            Assert.True(System.Xml.XmlConvert.ToTimeSpan((string)queue.Property("lockDuration")!) <= TimeSpan.FromMinutes(5));
        });
    }

    [Fact]
    public void Every_connection_of_a_trigger_has_a_namespace_and_the_apps_identity() =>
        Assert.All(Connections(), static connection => Assert.Equal(
            [$"{connection}__clientId", $"{connection}__credential", $"{connection}__fullyQualifiedNamespace"],
            Few.Keys.Where(name => name.StartsWith($"{connection}__", StringComparison.Ordinal)).Order()));

    [Fact]
    public void Every_setting_that_host_json_names_is_set()
    {
        var named = HostSetting().Matches(Repository.Read("host.json")).Select(static match => match.Groups["name"].Value).ToList();

        Assert.Contains("TASKHUB_NAME", named);
        Assert.Empty(named.Except(Few.Keys));
        Assert.Matches(@"\A[A-Za-z][A-Za-z0-9]{2,44}\z", Few["TASKHUB_NAME"]);
    }

    [Fact]
    public void The_scheduler_takes_the_place_of_storage_by_settings_alone()
    {
        const string Override = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__";

        Assert.DoesNotContain(Few.Keys, static name => name.StartsWith("AzureFunctionsJobHost__", StringComparison.Ordinal) || name.StartsWith("DURABLE_", StringComparison.Ordinal));
        Assert.Equal("azureManaged", All[Override + "type"]);
        Assert.Contains(All[Override + "connectionStringName"], All.Keys);
        Assert.Matches(@"\AEndpoint=<.*properties\.endpoint>;Authentication=ManagedIdentity;ClientID=<.+>\z", All[All[Override + "connectionStringName"]]);
        Assert.Equal(All["TASKHUB_NAME"], Template.DeployAll().One("Microsoft.DurableTask/schedulers/taskHubs").Name);
        Assert.NotEmpty((List<object?>)Template.DeployAll().One("Microsoft.DurableTask/schedulers").Property("ipAllowlist")!);
    }

    /// <summary>What host.json says is overridden by settings of that path.</summary>
    private static bool IsOfHostJson(string name) =>
        name.Split("__") is ["AzureFunctionsJobHost", "extensions", "durableTask", "storageProvider", "type" or "connectionStringName"]
        || HostSetting().Matches(Repository.Read("host.json")).Any(match => match.Groups["name"].Value == name);

    /// <summary>A setting whose name is the value of another, or which the sign-in names.</summary>
    private static bool NamedByAnother(string name) =>
        All.Any(pair => pair.Key.StartsWith("AzureFunctionsJobHost__", StringComparison.Ordinal) && pair.Value == name)
        || Equals(
            Template.DeployAll().Single(static resource => resource is { Type: "Microsoft.Web/sites/config", Name: "authsettingsV2" })
                .Property("identityProviders", "azureActiveDirectory", "registration", "clientSecretSettingName"),
            name);

    private static IEnumerable<string> Connections() =>
        FunctionCatalogue.With<ServiceBusTriggerAttribute>().Select(static function => function.Trigger<ServiceBusTriggerAttribute>()!.Connection!).Distinct();

    /// <summary>The settings that the app asks for while it is composed, and those that its sources name elsewhere.</summary>
    private static HashSet<string> ReadByTheCode()
    {
        var asked = new Asked();

        // Nothing is set, so it ends by naming what is missing: by then it has asked for everything. What it does after that is asked for below.
        _ = Assert.Throws<AppSettingsException>(() => new ServiceCollection().AddAzureHost(asked));
        var sources = Directory.EnumerateFiles(Repository.Locate("functions"), "*.cs", SearchOption.AllDirectories).Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var named = sources.SelectMany(static path => Read().Matches(File.ReadAllText(path))).Select(static match => match.Groups["name"].Value);
        return [.. asked.Names.Concat(named).Select(static name => name.Replace(":", "__", StringComparison.Ordinal))];
    }

    [GeneratedRegex("(configuration\\[|Configuration\\[|GetEnvironmentVariable\\(|GetConnectionString\\()\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Read();

    [GeneratedRegex("%(?<name>[A-Za-z0-9_]+)%", RegexOptions.ExplicitCapture)]
    private static partial Regex HostSetting();

    /// <summary>Has no settings, and remembers what it was asked for.</summary>
    private sealed class Asked : IConfiguration
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public string? this[string key]
        {
            get
            {
                Names.Add(key);
                return null;
            }

            set => throw new NotSupportedException();
        }

        public IEnumerable<IConfigurationSection> GetChildren() => [];

        public IChangeToken GetReloadToken() => throw new NotSupportedException();

        public IConfigurationSection GetSection(string key) => throw new NotSupportedException($"The section {key} is asked for, and what of it cannot be told.");
    }
}
