using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Infra;

/// <summary>The template of <c>infra/</c>.</summary>
internal static class Template
{
    private static readonly Lazy<IReadOnlyDictionary<string, BicepFile>> Read = new(static () =>
        Directory.EnumerateFiles(Repository.Locate("infra"), "*.bicep", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Repository.Locate("infra"), path).Replace('\\', '/'))
            .ToDictionary(static path => path, static path => BicepParser.Read(path, Repository.Read($"infra/{path}")), StringComparer.Ordinal));

    public static IReadOnlyCollection<BicepFile> Files => [.. Read.Value.Values];

    /// <summary>The names of all files, for theories.</summary>
    public static TheoryData<string> Paths => [.. Read.Value.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A file by its path from <c>infra/</c>.</summary>
    public static BicepFile File(string path) => Read.Value[path];

    /// <summary>What it deploys; parameters that are not given have their defaults.</summary>
    public static IReadOnlyList<DeployedResource> Deploy(params (string Name, object? Value)[] parameters)
    {
        var given = BicepFunctions.Of(("environmentName", "production"), ("location", "westeurope"), ("trackingKey", new string('a', 64)));
        foreach (var (name, value) in parameters)
        {
            given[name] = value;
        }

        return BicepDeployment.Of("main.bicep", File, given);
    }

    /// <summary>What it deploys with everything on.</summary>
    public static IReadOnlyList<DeployedResource> DeployAll(params (string Name, object? Value)[] parameters) => Deploy(
    [
        ("signInClientId", "22222222-2222-2222-2222-222222222222"), ("alertMail", "ops@example.org"), ("monthlyBudget", 50L), ("immutableDays", 30L), ("copyImmutableDays", 90L),
        ("copyLocation", "northeurope"), ("secretSettings", "MAIL_PASSWORD, OPERATIONS_ROOM_WEBHOOK, TakeOverPassphrase"), ("scratchFolder", "/mounts/scratch"), ("mayAddPassphrase", true), ("workflowBackend", "scheduler"),
        ("isPrivate", true), ("alwaysReady", 1L), .. parameters,
    ]);

    /// <summary>The settings of the app, as they would be.</summary>
    public static IReadOnlyDictionary<string, string> Settings(IEnumerable<DeployedResource> resources) =>
        ((IReadOnlyDictionary<string, object?>)resources.Single(static resource => resource is { Type: "Microsoft.Web/sites/config", Name: "appsettings" }).Body["properties"]!)
        .ToDictionary(static pair => pair.Key, static pair => pair.Value!.ToString()!, StringComparer.Ordinal);

    public static DeployedResource One(this IEnumerable<DeployedResource> resources, string type) => resources.Single(resource => resource.Type == type);

    public static IReadOnlyList<DeployedResource> All(this IEnumerable<DeployedResource> resources, string type) => [.. resources.Where(resource => resource.Type == type)];
}
