using System.Text.RegularExpressions;

namespace MaintenanceFunctions.Tests.Infra;

/// <summary>Every name is one that Azure takes, whatever azd lets an environment be called.</summary>
public sealed class NameTests
{
    /// <summary>"Naming rules and restrictions for Azure resources" of Microsoft's documentation; of nested resources, those whose names are made.</summary>
    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["Microsoft.Resources/resourceGroups"] = @"\A[\w().-]{0,89}[\w()-]\z",
        ["Microsoft.Web/sites"] = @"\A(?!-)[A-Za-z0-9-]{2,60}(?<!-)\z",
        ["Microsoft.Web/serverfarms"] = @"\A[A-Za-z0-9-]{1,60}\z",
        ["Microsoft.Storage/storageAccounts"] = @"\A[a-z0-9]{3,24}\z",
        ["Microsoft.Storage/storageAccounts/blobServices/containers"] = @"\A(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]\z",
        ["Microsoft.ServiceBus/namespaces"] = @"\A[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]\z",
        ["Microsoft.ServiceBus/namespaces/queues"] = @"\A[A-Za-z0-9][A-Za-z0-9._/-]{0,258}[A-Za-z0-9]\z",
        ["Microsoft.KeyVault/vaults"] = @"\A(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]\z",
        ["Microsoft.KeyVault/vaults/keys"] = @"\A[A-Za-z0-9-]{1,127}\z",
        ["Microsoft.KeyVault/vaults/secrets"] = @"\A[A-Za-z0-9-]{1,127}\z",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = @"\A[A-Za-z0-9][A-Za-z0-9_-]{2,127}\z",
        ["Microsoft.OperationalInsights/workspaces"] = @"\A[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]\z",
        ["Microsoft.Insights/components"] = @"\A[^%&\\?/]{1,259}[^%&\\?/ .]\z",
        ["Microsoft.Insights/actionGroups"] = @"\A[^:<>+/&%\\?|]{1,259}[^:<>+/&%\\?| .]\z",
        ["Microsoft.Insights/scheduledQueryRules"] = @"\A[^*<>%{}&:\\?/#]{1,259}[^*<>%{}&:\\?/# .]\z",
        ["Microsoft.Insights/metricAlerts"] = @"\A[^*#&+:<>?@%{}\\/]{1,259}[^*#&+:<>?@%{}\\/ .]\z",
        ["Microsoft.Network/virtualNetworks"] = @"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9_]\z",
        ["Microsoft.Network/privateEndpoints"] = @"\A[A-Za-z0-9][A-Za-z0-9._-]{0,78}[A-Za-z0-9_]\z",
        ["Microsoft.DurableTask/schedulers"] = @"\A[A-Za-z0-9][A-Za-z0-9-]{1,62}[A-Za-z0-9]\z",
        ["Microsoft.DurableTask/schedulers/taskHubs"] = @"\A[A-Za-z][A-Za-z0-9]{2,44}\z",
        ["Microsoft.Consumption/budgets"] = @"\A[A-Za-z0-9_-]{1,63}\z",
    };

    /// <summary>Types whose names Azure gives, or that have a fixed one.</summary>
    private static readonly string[] Fixed =
    [
        "Microsoft.Storage/storageAccounts/blobServices", "Microsoft.Storage/storageAccounts/managementPolicies", "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies",
        "Microsoft.Web/sites/config", "Microsoft.Web/sites/basicPublishingCredentialsPolicies", "Microsoft.Authorization/roleAssignments", "Microsoft.Network/privateDnsZones",
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "Microsoft.DurableTask/schedulers/retentionPolicies",
    ];

    public static TheoryData<string> Environments => ["a", "Production", new string('x', 32), "-.A_b(c)-.A_b(c)-.A_b(c)-.A_b(c)", "9", "x--y", "-"];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Every_name_is_within_azures_rules(string environment)
    {
        Assert.InRange(environment.Length, 1, 32);
        var resources = Template.DeployAll(("environmentName", environment));

        Assert.All(resources.Where(static resource => !Fixed.Contains(resource.Type)), static resource => Assert.Matches(Rules[resource.Type], resource.Name));
        Assert.Equal(resources.Count, resources.Select(static resource => resource.Id).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void The_hosts_id_and_the_task_hub_are_legal_and_the_apps_own(string environment)
    {
        var settings = Template.Settings(Template.Deploy(("environmentName", environment)));

        // ScriptHostIdProvider of github.com/Azure/azure-functions-host: small letters, digits and single hyphens, at most 32.
        Assert.Matches(@"\A(?!.*--)[a-z0-9][a-z0-9-]{0,30}[a-z0-9]\z", settings["AzureFunctionsWebHost__hostid"]);
        Assert.Contains(BicepFunctions.Unique, settings["AzureFunctionsWebHost__hostid"], StringComparison.Ordinal);
        Assert.Matches(@"\A[A-Za-z][A-Za-z0-9]{2,44}\z", settings["TASKHUB_NAME"]);
    }

    [Fact]
    public void What_is_unique_in_all_of_azure_has_the_token_in_its_name() =>
        Assert.All(
            Template.DeployAll().Where(static resource => resource.Type is "Microsoft.Storage/storageAccounts" or "Microsoft.KeyVault/vaults" or "Microsoft.ServiceBus/namespaces" or "Microsoft.Web/sites"),
            static resource => Assert.Contains(BicepFunctions.Unique[..6], resource.Name, StringComparison.Ordinal));

    [Fact]
    public void The_rules_refuse_what_azure_refuses()
    {
        Assert.DoesNotMatch(Rules["Microsoft.Storage/storageAccounts"], "st-data");
        Assert.DoesNotMatch(Rules["Microsoft.KeyVault/vaults"], "kv--" + BicepFunctions.Unique);
        Assert.DoesNotMatch(Rules["Microsoft.ServiceBus/namespaces"], "bus_production");
        Assert.DoesNotMatch(Rules["Microsoft.Web/sites"], "func-production-");
        Assert.Equal(Rules.Count, Rules.Values.Count(static rule => !Regex.IsMatch("", rule)));
    }
}
