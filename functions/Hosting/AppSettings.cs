using System.Text.RegularExpressions;
using Maintenance.Backups.Repository;
using MaintenanceFunctions.Adapters;
using Microsoft.Extensions.Configuration;

namespace MaintenanceFunctions.Hosting;

/// <summary>What the app is told by its settings, checked.</summary>
/// <param name="BlobContainer"><c>BlobContainerUri</c>: the container of the snapshots, which exists.</param>
/// <param name="Tables"><c>TableEndpoint</c>: the tables of the same or another storage account.</param>
/// <param name="ServiceBusNamespace"><c>ServiceBus__fullyQualifiedNamespace</c>: the one that the queue triggers listen to.</param>
/// <param name="TrackingKey"><c>TrackingKey</c>: the secret of the tracking codes, 32 bytes as hexadecimal digits.</param>
/// <param name="PublicUrl"><c>PublicUrl</c>: where people reach the pages, for links in notifications.</param>
/// <param name="TenantId">
/// <c>TenantId</c>: the directory (Microsoft Entra ID) whose sign-ins count. Required whether or not the platform's authentication is on, so that turning it on
/// never lets the people of every directory in.
/// </param>
/// <param name="RepositoryKey">
/// <c>RepositoryKeyUri</c>: the key of a vault that the backup repository's own key is wrapped with. Null on a developer's machine that has a passphrase instead.
/// </param>
/// <param name="RepositoryPassphrase"><c>RepositoryPassphrase</c>: in place of the key on a developer's machine, which has no vault; null everywhere else.</param>
/// <param name="PlanFile"><c>PlanFile</c>: the plan; left out, <c>plan/plan.yaml</c> beside the binaries.</param>
/// <param name="IdentityClientId"><c>AZURE_CLIENT_ID</c>: the client id of the user-assigned identity; null for the system-assigned one.</param>
/// <param name="IsDevelopersMachine">True where the Functions tools run it on a machine of somebody's own, and not Azure.</param>
public sealed partial record AppSettings(
    Uri BlobContainer,
    Uri Tables,
    string ServiceBusNamespace,
    byte[] TrackingKey,
    Uri PublicUrl,
    Guid TenantId,
    Uri? RepositoryKey,
    string? RepositoryPassphrase,
    string PlanFile,
    string? IdentityClientId,
    bool IsDevelopersMachine)
{
    /// <summary>
    /// <c>MayAddPassphrase</c>: true where the plan's administrators may add a passphrase to the repository's keys for now. Without one the vault's key alone opens the
    /// backups, and with the subscription they are gone.
    /// </summary>
    public bool MayAddPassphrase { get; init; }

    /// <summary>
    /// <c>TakeOverPassphrase</c>: opens a repository that was brought here from elsewhere, once, where the vault's key does not; the vault's key is added then. Null
    /// but after a loss.
    /// </summary>
    public string? TakeOverPassphrase { get; init; }

    /// <summary>
    /// <c>ScratchFolder</c>: an absolute folder for proofs and drills, on a share that every instance has mounted where there are several; null for the instance's own
    /// temporary folder.
    /// </summary>
    public string? ScratchFolder { get; init; }

    /// <summary>
    /// True where the workflows' backend is the Durable Task Scheduler in place of Azure Storage: the host's own setting
    /// <c>AzureFunctionsJobHost__extensions__durableTask__storageProvider__type</c> says <c>azureManaged</c>.
    /// </summary>
    public bool IsSchedulerBackend { get; init; }

    /// <summary>The host's setting that chooses the backend; host.json names none, which is Azure Storage.</summary>
    public const string BackendSetting = BackendPrefix + "type";

    /// <summary>Where the scheduler is, by the name that the host's other setting gives it: <c>…storageProvider__connectionStringName</c>.</summary>
    public const string SchedulerConnection = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING";

    private const string BackendPrefix = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__";
    private const string SchedulerBackend = "azureManaged";

    /// <summary>The triggers' own name for the Service Bus connection; its settings begin with it.</summary>
    public const string ServiceBusConnection = "ServiceBus";

    private const string PassphraseName = "RepositoryPassphrase";
    private const string Namespace = ServiceBusConnection + "__fullyQualifiedNamespace";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="AppSettingsException">Names every setting that is missing or wrong.</exception>
    public static AppSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        var isDevelopersMachine = string.Equals(configuration["AZURE_FUNCTIONS_ENVIRONMENT"], "Development", StringComparison.OrdinalIgnoreCase);
        var settings = new AppSettings(
            Address(configuration, "BlobContainerUri", "https://myaccount.blob.core.windows.net/backups", problems),
            Address(configuration, "TableEndpoint", "https://myaccount.table.core.windows.net", problems),
            Text(configuration, Namespace, NamespaceForm(), "the host name of a namespace, such as mybus.servicebus.windows.net", problems),
            Convert.FromHexString(Text(configuration, "TrackingKey", KeyForm(), "64 hexadecimal digits, such as 'openssl rand -hex 32' makes", problems)),
            Address(configuration, "PublicUrl", "https://maintenance.example.org", problems),
            Tenant(configuration, problems),
            RepositoryKeyAddress(configuration, isDevelopersMachine, problems),
            Passphrase(configuration, isDevelopersMachine, problems),
            configuration["PlanFile"] is { Length: > 0 } file ? file : Path.Join(AppContext.BaseDirectory, "plan", "plan.yaml"),
            configuration["AZURE_CLIENT_ID"] is { Length: > 0 } id ? id : null,
            isDevelopersMachine)
        {
            MayAddPassphrase = string.Equals(configuration["MayAddPassphrase"], "true", StringComparison.OrdinalIgnoreCase),
            TakeOverPassphrase = TakeOver(configuration, problems),
            ScratchFolder = Scratch(configuration, problems),
            IsSchedulerBackend = Scheduler(configuration, problems),
        };

        // host.json names the task hub after it. Without it the hub would be named after the site, and two apps could come to share one.
        _ = Text(configuration, "TASKHUB_NAME", HubForm(), "3 to 45 letters and digits, the first a letter", problems);
        return problems.Count == 0 ? settings : throw new AppSettingsException(problems);
    }

    private static string? TakeOver(IConfiguration configuration, List<string> problems)
    {
        const string Name = "TakeOverPassphrase";
        if (configuration[Name] is not { Length: > 0 } passphrase)
        {
            return null;
        }

        if (passphrase.Length < PassphraseProtector.LeastLength)
        {
            problems.Add($"{Name} is not right: the passphrase that was added to the repository's keys, of {PassphraseProtector.LeastLength} characters at least");
            return null;
        }

        return passphrase;
    }

    private static string? Scratch(IConfiguration configuration, List<string> problems)
    {
        const string Name = "ScratchFolder";
        if (configuration[Name] is not { Length: > 0 } folder)
        {
            return null;
        }

        if (!Path.IsPathFullyQualified(folder))
        {
            problems.Add($"{Name} is not right: an absolute folder on a share that every instance has mounted, such as /mounts/scratch");
        }

        return folder;
    }

    /// <summary>The host would start with half of the settings and fail at the first workflow.</summary>
    private static bool Scheduler(IConfiguration configuration, List<string> problems)
    {
        string? Value(string name) => configuration[name.Replace("__", ":", StringComparison.Ordinal)];
        if (Value(BackendSetting) is not { Length: > 0 } backend)
        {
            return false;
        }

        if (!string.Equals(backend, SchedulerBackend, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"{BackendSetting} is not right: {SchedulerBackend}, or left out for Azure Storage");
            return false;
        }

        const string NameSetting = BackendPrefix + "connectionStringName";
        if (Value(NameSetting) != SchedulerConnection)
        {
            problems.Add($"{NameSetting} {State(Value(NameSetting))}: {SchedulerConnection}");
        }

        if (configuration[SchedulerConnection] is not { } connection || !connection.Contains("Endpoint=", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"{SchedulerConnection} {State(configuration[SchedulerConnection])}: the scheduler's, such as Endpoint=https://…;Authentication=ManagedIdentity;ClientID=…");
        }

        return true;
    }

    private static Uri Address(IConfiguration configuration, string name, string example, List<string> problems)
    {
        var value = configuration[name];
        if (Uri.TryCreate(value, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            return address;
        }

        problems.Add($"{name} {State(value)}: an https address, such as {example}");
        return new Uri(example);
    }

    private static Guid Tenant(IConfiguration configuration, List<string> problems)
    {
        const string Name = "TenantId";
        var value = configuration[Name];
        if (Guid.TryParseExact(value, "D", out var tenant) && tenant != Guid.Empty)
        {
            return tenant;
        }

        problems.Add($"{Name} {State(value)}: the id of the directory whose people may sign in, as 'az account show --query tenantId' tells it");
        return Guid.Empty;
    }

    private static Uri? RepositoryKeyAddress(IConfiguration configuration, bool isDevelopersMachine, List<string> problems)
    {
        const string Name = "RepositoryKeyUri";
        var value = configuration[Name];
        if (Uri.TryCreate(value, UriKind.Absolute, out var key) && KeyVaultProtector.IsKey(key))
        {
            return key;
        }

        if (string.IsNullOrEmpty(value) && isDevelopersMachine && configuration[PassphraseName] is { Length: > 0 })
        {
            return null;
        }

        problems.Add(
            $"{Name} {State(value)}: the https address of an RSA key in a vault, such as https://myvault.vault.azure.net/keys/repository"
            + (isDevelopersMachine ? $" (or, on a developer's machine, a {PassphraseName})" : ""));
        return null;
    }

    private static string? Passphrase(IConfiguration configuration, bool isDevelopersMachine, List<string> problems)
    {
        if (configuration[PassphraseName] is not { Length: > 0 } passphrase)
        {
            return null;
        }

        if (isDevelopersMachine)
        {
            return passphrase;
        }

        // Left unsaid, somebody would think that his snapshots open with it.
        problems.Add($"{PassphraseName} is not right: it counts on a developer's machine only; in Azure the repository's key is wrapped by the vault's");
        return null;
    }

    /// <summary>The value, or nothing with a problem noted. No value is repeated in a problem: it may be a secret in the wrong place.</summary>
    private static string Text(IConfiguration configuration, string name, Regex form, string expected, List<string> problems)
    {
        // What an environment variable separates by two underscores, configuration separates by a colon.
        var value = configuration[name.Replace("__", ":", StringComparison.Ordinal)];
        if (value is not null && form.IsMatch(value))
        {
            return value;
        }

        problems.Add($"{name} {State(value)}: {expected}");
        return "";
    }

    private static string State(string? value) =>
        string.IsNullOrEmpty(value) ? "is missing"
        : value.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) ? "is a reference that the platform has not resolved (the app's identity needs the role Key Vault Secrets User; once it has, a restart or any change of the settings fetches it)"
        : "is not right";

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceForm();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{64}\z")]
    private static partial Regex KeyForm();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{2,44}\z")]
    private static partial Regex HubForm();
}

/// <summary>The app cannot start with these settings.</summary>
public sealed class AppSettingsException(IReadOnlyList<string> problems)
    : Exception("The app's settings are not complete." + string.Concat(problems.Select(static problem => "\n  " + problem)))
{
    /// <summary>A line for each setting that is missing or wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
