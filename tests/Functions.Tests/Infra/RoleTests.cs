namespace MaintenanceFunctions.Tests.Infra;

/// <summary>What the app's identity may do.</summary>
public sealed class RoleTests
{
    /// <summary>
    /// The built-in roles by their ids: builtInRoleNames of Azure Verified Modules (github.com/Azure/bicep-registry-modules: avm/res/storage/storage-account,
    /// service-bus/namespace, key-vault/vault, insights/component), and for the scheduler Microsoft's Durable Task Scheduler samples.
    /// </summary>
    private static readonly Dictionary<string, string> Ids = new(StringComparer.Ordinal)
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"] = "Azure Service Bus Data Receiver",
        ["69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"] = "Azure Service Bus Data Sender",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["12338af0-0e69-4776-bea7-57ae8d297424"] = "Key Vault Crypto User",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
    };

    private static readonly string[] Always =
    [
        "Azure Service Bus Data Receiver on namespaces/bus", "Azure Service Bus Data Sender on namespaces/bus",
        "Key Vault Crypto User on vaults/kv", "Key Vault Secrets User on vaults/kv",
        "Monitoring Metrics Publisher on components/appi",
        "Storage Blob Data Contributor on storageAccounts/stdata", "Storage Table Data Contributor on storageAccounts/stdata",
        "Storage Blob Data Owner on storageAccounts/sthost", "Storage Table Data Contributor on storageAccounts/sthost",
    ];

    [Fact]
    public void With_workflows_in_storage_it_may_do_this_and_nothing_else() =>
        Assert.Equal(Always.Append("Storage Queue Data Contributor on storageAccounts/sthost").Order(StringComparer.Ordinal), Assigned(Template.Deploy()));

    [Fact]
    public void With_the_scheduler_it_needs_no_queues_and_with_a_copy_that_too() =>
        Assert.Equal(
            Always.Append("Durable Task Data Contributor on schedulers/dts").Append("Storage Blob Data Contributor on storageAccounts/stcopy").Order(StringComparer.Ordinal),
            Assigned(Template.DeployAll()));

    [Fact]
    public void Every_role_is_the_apps_own_identitys_and_assigned_once()
    {
        var assignments = Template.DeployAll().All("Microsoft.Authorization/roleAssignments");

        Assert.Single(assignments.Select(static assignment => assignment.Property("principalId")!.ToString()).Distinct());
        Assert.All(assignments, static assignment => Assert.Equal("ServicePrincipal", assignment.Property("principalType")));
        Assert.Equal(assignments.Count, assignments.Select(static assignment => assignment.Name).Distinct().Count());
    }

    [Fact]
    public void Every_role_that_a_file_names_is_assigned()
    {
        var named = Template.Files.SelectMany(static file => file.Of(BicepKind.Variable)).SelectMany(static variable => Guids(variable.Value!)).Distinct().Order(StringComparer.Ordinal);
        var assigned = Template.Deploy().Concat(Template.DeployAll()).Where(static one => one.Type == "Microsoft.Authorization/roleAssignments").Select(Role).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(named, assigned);
        Assert.Equal(
            Ids.Where(static pair => pair.Value != "Durable Task Data Contributor").Select(static pair => (pair.Value, pair.Key)).Order(),
            ((BicepObject)Template.File("modules/roles.bicep").Of(BicepKind.Variable).Single(static variable => variable.Name == "roles").Value!).Properties
            .Select(static property => ((string)((BicepText)property.Key).Parts[0], (string)((BicepText)property.Value).Parts[0])).Order());
    }

    private static IEnumerable<string> Assigned(IReadOnlyList<DeployedResource> resources) =>
        resources.All("Microsoft.Authorization/roleAssignments").Select(static assignment => $"{Ids[Role(assignment)]} on {Scope(assignment)}").Order(StringComparer.Ordinal);

    private static string Role(DeployedResource assignment) => ((string)assignment.Property("roleDefinitionId")!).Split('/')[^1];

    /// <summary>The kind of the resource and the beginning of its name.</summary>
    private static string Scope(DeployedResource assignment)
    {
        // The name of an assignment is made of its scope's id, among others: guid(<Microsoft.X/kind/name>,principal,role).
        var id = assignment.Name.Split('<', '>')[1];
        return string.Join('/', id.Split('/')[1..]).Split('-')[0].Replace(BicepFunctions.Unique, "", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Guids(BicepNode node) => node switch
    {
        BicepText { Parts: [string text] } => Guid.TryParse(text, out _) ? [text] : [],
        BicepObject body => body.Properties.SelectMany(static property => Guids(property.Value)),
        _ => [],
    };
}
