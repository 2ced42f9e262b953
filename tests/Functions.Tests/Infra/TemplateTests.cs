using System.Text.Json;
using System.Text.RegularExpressions;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Infra;

/// <summary>The template as a whole: what a compiler would find that is not at hand here (the workflow runs the real one), and what it would not.</summary>
public sealed partial class TemplateTests
{
    /// <summary>
    /// The types and versions that may be used: those of Azure Verified Modules (github.com/Azure/bicep-registry-modules, August 2026; avm/res/…/main.bicep), and of Microsoft's
    /// Durable Task Scheduler samples. Others may exist; these are known to.
    /// </summary>
    private static readonly HashSet<string> Known =
    [
        "Microsoft.Resources/resourceGroups@2024-11-01",
        "Microsoft.Web/sites@2025-03-01",
        "Microsoft.Web/sites/config@2025-03-01",
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01",
        "Microsoft.Web/serverfarms@2025-03-01",
        "Microsoft.Storage/storageAccounts@2025-06-01",
        "Microsoft.Storage/storageAccounts/blobServices@2025-01-01",
        "Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01",
        "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-01-01",
        "Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01",
        "Microsoft.ServiceBus/namespaces@2024-01-01",
        "Microsoft.ServiceBus/namespaces/queues@2024-01-01",
        "Microsoft.KeyVault/vaults@2024-11-01",
        "Microsoft.KeyVault/vaults/keys@2024-11-01",
        "Microsoft.KeyVault/vaults/secrets@2024-11-01",
        "Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30",
        "Microsoft.OperationalInsights/workspaces@2025-07-01",
        "Microsoft.Insights/components@2020-02-02",
        "Microsoft.Insights/scheduledQueryRules@2025-01-01-preview",
        "Microsoft.Insights/metricAlerts@2018-03-01",
        "Microsoft.Insights/actionGroups@2024-10-01-preview",
        "Microsoft.Authorization/roleAssignments@2022-04-01",
        "Microsoft.Network/virtualNetworks@2025-05-01",
        "Microsoft.Network/privateEndpoints@2025-05-01",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01",
        "Microsoft.Network/privateDnsZones@2020-06-01",
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01",
        "Microsoft.DurableTask/schedulers@2025-11-01",
        "Microsoft.DurableTask/schedulers/taskHubs@2025-11-01",
        "Microsoft.DurableTask/schedulers/retentionPolicies@2025-11-01",
        "Microsoft.Consumption/budgets@2023-11-01",
    ];

    public static TheoryData<string> Paths => Template.Paths;

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_name_of_a_file_is_declared_and_every_declaration_is_used(string path) => Assert.Empty(BicepReferences.Problems(Template.File(path)));

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_module_is_given_exactly_what_it_asks_for_and_asked_for_what_it_gives(string path)
    {
        var file = Template.File(path);
        foreach (var module in file.Of(BicepKind.Module))
        {
            var target = Template.File(module.Type);
            var given = ((BicepObject?)module.Body.Find("params"))?.Properties.Select(static property => (string)((BicepText)property.Key).Parts[0]).ToHashSet() ?? [];
            var declared = target.Of(BicepKind.Parameter).ToDictionary(static parameter => parameter.Name);

            Assert.Empty(given.Except(declared.Keys));
            Assert.Empty(declared.Values.Where(static parameter => parameter.Value is null).Select(static parameter => parameter.Name).Except(given));
        }

        var modules = file.Of(BicepKind.Module).ToDictionary(static module => module.Name, static module => module.Type);
        foreach (Match use in Output().Matches(Repository.Read($"infra/{path}")))
        {
            if (modules.TryGetValue(use.Groups["module"].Value, out var target))
            {
                Assert.Contains(use.Groups["output"].Value, Template.File(target).Of(BicepKind.Output).Select(static output => output.Name));
            }
        }
    }

    [Fact]
    public void Every_file_is_used()
    {
        var used = Template.Files.SelectMany(static file => file.Of(BicepKind.Module)).Select(static module => module.Type).ToHashSet();

        Assert.Equal(["main.bicep"], Template.Files.Select(static file => file.Path).Except(used));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_type_is_one_that_is_known_to_exist_in_that_version(string path) =>
        Assert.Empty(Template.File(path).Declarations.Where(static declaration => declaration.Kind is BicepKind.Resource or BicepKind.Existing).SelectMany(static one => Types(one, null)).Except(Known));

    [Fact]
    public void Every_parameter_says_what_it_is() =>
        Assert.All(
            Template.Files.SelectMany(static file => file.Of(BicepKind.Parameter)),
            static parameter => Assert.Contains(parameter.Decorators, static decorator => decorator.Function == "description"));

    [Fact]
    public void Every_secret_is_marked_as_one_wherever_it_goes() =>
        Assert.All(
            Template.Files.SelectMany(static file => file.Of(BicepKind.Parameter)).Where(static parameter => parameter.Name is "trackingKey" or "applicationInsights"),
            static parameter => Assert.Contains(parameter.Decorators, static decorator => decorator.Function == "secure"));

    [Fact]
    public void Azd_gives_every_required_parameter_and_none_that_there_is_not()
    {
        var declared = Template.File("main.bicep").Of(BicepKind.Parameter).ToDictionary(static parameter => parameter.Name);
        var given = Given();

        Assert.Empty(given.Keys.Except(declared.Keys));
        Assert.Empty(declared.Values.Where(static parameter => parameter.Value is null).Select(static parameter => parameter.Name).Except(given.Keys));
        Assert.All(given, pair =>
        {
            var value = Substitution().Match(pair.Value);
            Assert.True(value.Success, pair.Value);
            var standard = value.Groups["default"] is { Success: true, Value: var text } ? text : null;
            Assert.True(declared[pair.Key].Value is null == standard is null, $"{pair.Key} is required in one place and not in the other.");

            // A default that is written twice is the same twice.
            if (declared[pair.Key].Value is { } expression)
            {
                Assert.Equal(expression is BicepLiteral literal ? literal.Value!.ToString()!.ToLowerInvariant() : ((BicepText)expression).Parts[0], standard);
            }
        });
    }

    [Fact]
    public void Everything_is_off_or_cheap_by_default_and_all_of_it_can_be_on()
    {
        var few = Template.Deploy();
        var all = Template.DeployAll();

        Assert.DoesNotContain(few, static resource => resource.Type.StartsWith("Microsoft.Network", StringComparison.Ordinal) || resource.Type.StartsWith("Microsoft.DurableTask", StringComparison.Ordinal));
        Assert.Equal("Standard", few.One("Microsoft.ServiceBus/namespaces").Body["sku"] is IReadOnlyDictionary<string, object?> sku ? sku["name"] : null);
        Assert.Equal(2, few.All("Microsoft.Storage/storageAccounts").Count);
        Assert.Equal(3, all.All("Microsoft.Storage/storageAccounts").Count);
        Assert.Equal(
            Template.Files.SelectMany(static file => file.Declarations).Where(static one => one.Kind == BicepKind.Resource).SelectMany(static one => Types(one, null)).Select(static type => type.Split('@')[0]).Distinct().Order(),
            all.Select(static resource => resource.Type).Distinct().Order());
    }

    [Fact]
    public void Whatever_can_have_tags_has_the_environments_name()
    {
        // Of Azure's resource types, these have no tags; nested ones have their parent's.
        string[] untagged = ["Microsoft.Authorization/roleAssignments", "Microsoft.Consumption/budgets"];

        Assert.All(
            Template.DeployAll().Where(resource => !untagged.Contains(resource.Type) && (resource.Type.Count(static c => c == '/') == 1)),
            static resource => Assert.Equal("production", ((IReadOnlyDictionary<string, object?>)resource.Body["tags"]!)["azd-env-name"]));
    }

    [Fact]
    public void Nothing_takes_a_key_or_a_password()
    {
        var all = Template.DeployAll();

        Assert.All(all.All("Microsoft.Storage/storageAccounts"), static account => Assert.Equal((false, false), (account.Property("allowSharedKeyAccess"), account.Property("allowBlobPublicAccess"))));
        Assert.Equal(true, all.One("Microsoft.ServiceBus/namespaces").Property("disableLocalAuth"));
        Assert.Equal(true, all.One("Microsoft.Insights/components").Property("DisableLocalAuth"));
        Assert.Equal(true, all.One("Microsoft.KeyVault/vaults").Property("enableRbacAuthorization"));
        Assert.Equal([false, false], all.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Select(static policy => policy.Property("allow")));
        Assert.All(Template.Settings(all), static pair => Assert.DoesNotMatch("(?i)AccountKey=|SharedAccessKey|InstrumentationKey=[0-9a-f]", pair.Value));
    }

    [Fact]
    public void Backups_can_be_brought_back_and_held_and_the_key_outlives_who_deletes_it()
    {
        var all = Template.DeployAll();
        var services = all.All("Microsoft.Storage/storageAccounts/blobServices").Where(static service => service.Module == "modules/backupStorage.bicep").ToList();

        Assert.Equal(2, services.Count);
        Assert.All(services, static service => Assert.Equal(
            (true, true, true, true),
            (service.Property("isVersioningEnabled"), service.Property("changeFeed", "enabled"), service.Property("deleteRetentionPolicy", "enabled"), service.Property("containerDeleteRetentionPolicy", "enabled"))));
        Assert.Equal([30L, 90L], all.All("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies").Select(static policy => policy.Property("immutabilityPeriodSinceCreationInDays")));
        Assert.Empty(Template.Deploy(("copyLocation", "northeurope")).All("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies"));
        var vault = all.One("Microsoft.KeyVault/vaults");
        Assert.Equal((true, 90L), (vault.Property("enablePurgeProtection"), vault.Property("softDeleteRetentionInDays")));
        Assert.Equal(["wrapKey", "unwrapKey"], (List<object?>)all.One("Microsoft.KeyVault/vaults/keys").Property("keyOps")!);
    }

    [Fact]
    public void In_private_nothing_but_the_app_is_reached_from_outside()
    {
        var all = Template.DeployAll();

        Assert.All(
            all.Where(static resource => resource.Type is "Microsoft.Storage/storageAccounts" or "Microsoft.KeyVault/vaults" or "Microsoft.ServiceBus/namespaces"),
            static resource => Assert.Equal("Disabled", resource.Property("publicNetworkAccess")));
        Assert.Equal("Premium", ((IReadOnlyDictionary<string, object?>)all.One("Microsoft.ServiceBus/namespaces").Body["sku"]!)["name"]);
        Assert.Equal(8, all.All("Microsoft.Network/privateEndpoints").Count);
        Assert.Equal(8, all.All("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count);
        Assert.Equal(5, all.All("Microsoft.Network/privateDnsZones").Count);
        Assert.NotNull(all.One("Microsoft.Web/sites").Property("virtualNetworkSubnetId"));
        Assert.Null(Template.Deploy().One("Microsoft.Web/sites").Property("virtualNetworkSubnetId"));
    }

    [Fact]
    public void The_app_is_dotnet_10_on_flex_consumption_and_replaced_whole()
    {
        var app = Template.Deploy().One("Microsoft.Web/sites");

        Assert.Equal(("dotnet-isolated", "10.0"), (app.Property("functionAppConfig", "runtime", "name"), app.Property("functionAppConfig", "runtime", "version")));
        Assert.Equal("Recreate", app.Property("functionAppConfig", "siteUpdateStrategy", "type"));
        Assert.Equal("FC1", ((IReadOnlyDictionary<string, object?>)Template.Deploy().One("Microsoft.Web/serverfarms").Body["sku"]!)["name"]);
        Assert.Empty((List<object?>)app.Property("functionAppConfig", "scaleAndConcurrency", "alwaysReady")!);

        // One instance alone is taken away while it drains (github.com/Azure/azure-functions-host/issues/11632): none, or two.
        Assert.All(
            (List<object?>)Template.Deploy(("alwaysReady", 1L)).One("Microsoft.Web/sites").Property("functionAppConfig", "scaleAndConcurrency", "alwaysReady")!,
            static kind => Assert.Equal(2L, ((IReadOnlyDictionary<string, object?>)kind!)["instanceCount"]));
    }

    [Fact]
    public void The_platform_signs_people_in_and_lets_the_public_through_without_a_client_secret()
    {
        var signIn = Template.DeployAll().Single(static resource => resource is { Type: "Microsoft.Web/sites/config", Name: "authsettingsV2" });

        Assert.Equal((true, false, "AllowAnonymous"), (signIn.Property("platform", "enabled"), signIn.Property("globalValidation", "requireAuthentication"), signIn.Property("globalValidation", "unauthenticatedClientAction")));
        Assert.Equal($"https://login.microsoftonline.com/{BicepFunctions.Tenant}/v2.0", signIn.Property("identityProviders", "azureActiveDirectory", "registration", "openIdIssuer"));
        Assert.Null(signIn.Property("identityProviders", "azureActiveDirectory", "registration", "clientSecret"));

        // Left out, it would stay on where it was on.
        Assert.Equal(false, Template.Deploy().Single(static resource => resource is { Type: "Microsoft.Web/sites/config", Name: "authsettingsV2" }).Property("platform", "enabled"));
    }

    [Fact]
    public void The_app_starts_only_once_it_may_read_what_it_needs() =>
        Assert.Contains("roles", ((BicepArray)Template.File("main.bicep").Of(BicepKind.Module).Single(static module => module.Name == "app").Body.Find("dependsOn")!).Items.Cast<BicepName>().Select(static name => name.Name));

    private static Dictionary<string, string> Given() =>
        JsonDocument.Parse(Repository.Read("infra/main.parameters.json")).RootElement.GetProperty("parameters").EnumerateObject()
            .ToDictionary(static parameter => parameter.Name, static parameter => parameter.Value.GetProperty("value").GetString()!);

    private static IEnumerable<string> Types(BicepDeclaration declaration, string? parent)
    {
        var parts = declaration.Type.Split('@');
        var type = parent is null ? parts[0] : $"{parent}/{parts[0]}";

        // One of the parent's version where it names none, as only a nested resource may.
        if (parts.Length == 2)
        {
            yield return $"{type}@{parts[1]}";
        }

        foreach (var inner in declaration.Body.Nested.SelectMany(nested => Types(nested, type)))
        {
            yield return inner;
        }
    }

    [GeneratedRegex(@"\b(?<module>\w+)!?\.outputs\.(?<output>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Output();

    [GeneratedRegex(@"\A\$\{(?<name>[A-Z_]+)(=(?<default>[^}]*))?\}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Substitution();
}
