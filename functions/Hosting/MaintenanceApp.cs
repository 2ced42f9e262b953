using System.Text.Json;
using Azure.Core;
using Azure.Core.Serialization;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Maintenance;
using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Feedback;
using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Storage;
using Maintenance.Web;
using Maintenance.Web.Http;
using Maintenance.Web.Notifications;
using Maintenance.Web.Sources;
using Maintenance.Workflows;
using MaintenanceFunctions.Actions;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Identity;
using MaintenanceFunctions.Sources;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Hosting;

/// <summary>The composition of the app: the services that both hosts share, and the Azure adapters.</summary>
public static class MaintenanceApp
{
    /// <summary>Registers everything. Nothing is opened and nobody is asked yet.</summary>
    /// <exception cref="AppSettingsException">Names every setting that is missing or wrong.</exception>
    public static IServiceCollection AddAzureHost(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var settings = AppSettings.Read(configuration);
        services.AddMaintenance();
        services.AddTelemetry(configuration[Telemetry.ConnectionName], () => Credential(settings));
        services.AddSingleton(TimeProvider.System);
        AddAzureClients(services, settings);
        AddAdapters(services, settings);
        AddBackups(services, settings);

        // Inputs and outputs of workflows, and their stored state, are written as every other record is.
        services.Configure<WorkerOptions>(static worker => worker.Serializer = new JsonObjectSerializer(MaintenanceJson.Options));

        // An orchestrator's input is not read by that serializer but by these options of the worker's, which know no names of enumerations by themselves
        // (github.com/Azure/azure-functions-durable-extension, issue 2851).
        services.Configure<JsonSerializerOptions>(MaintenanceJson.Configure);

        services.AddSingleton<IPlanSource>(new PlanFileSource(settings.PlanFile));
        services.AddSingleton<FreshPlan>();
        services.AddSingleton(new TrackingCodes(settings.TrackingKey));
        services.AddSingleton(new PublicAddress(settings.PublicUrl));
        services.AddSingleton(new HostSettings(name => configuration[name]));
        services.AddSingleton<WebEntrance>();
        services.AddSingleton<QueueHandlers>();

        // The platform sets it where its authentication stands in front of the app, and then lets nobody else send its headers.
        var isOn = string.Equals(configuration["WEBSITE_AUTH_ENABLED"], "True", StringComparison.OrdinalIgnoreCase);
        // For each instance: what asks for a limit over all of them is the platform's (a web application firewall before the app).
        services.AddSingleton(static provider => new HelpLimit(60, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new SignInLimit(30, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IAuthentication>(provider => new AppServiceAuthentication(provider.GetRequiredService<ActivePlan>(), settings.TenantId, isOn));
        return services;
    }

    /// <summary>
    /// The identity of the app. In Azure exactly the managed one: a chain of guesses is slow at every start and hides which identity it found. A developer's
    /// machine has none, so there it is whoever signed in with the Azure tools.
    /// </summary>
    internal static TokenCredential Credential(AppSettings settings) =>
        settings.IsDevelopersMachine ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(
            settings.IdentityClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned);

    private static void AddAzureClients(IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton(_ => Credential(settings));
        services.AddSingleton<StorageClients>();
        services.AddSingleton(provider => provider.GetRequiredService<StorageClients>().Container(settings.BlobContainer));
        services.AddSingleton(provider => provider.GetRequiredService<StorageClients>().Tables(settings.Tables));
        services.AddSingleton(provider => new ServiceBusClient(settings.ServiceBusNamespace, provider.GetRequiredService<TokenCredential>()));
    }

    /// <summary>What backups are read from, restored into, copied to, and opened with.</summary>
    private static void AddBackups(IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton<IKeyProtector>(provider =>
            settings.RepositoryKey is { } key ? new KeyVaultProtector(key, provider.GetRequiredService<TokenCredential>())
            : new PassphraseProtector(settings.RepositoryPassphrase!, "passphrase of this machine's settings"));
        services.AddSingleton(new RepositoryKeyPlace(IsBesideData: false) { MayAdministratorsAdd = settings.MayAddPassphrase });
        if (settings.TakeOverPassphrase is { } former)
        {
            services.AddSingleton(new KeyTakeOver(new PassphraseProtector(former, "passphrase of the setting TakeOverPassphrase")));
        }

        services.AddSingleton<ICopyStores, BlobCopies>();
        services.AddSingleton<IProgramRunner, NoPrograms>();
        services.AddSingleton<IProgramBundle, NoProgramBundle>();
        services.AddSingleton(new BreakGlassPlaces(settings.BlobContainer.ToString(), settings.RepositoryKey is { } vault ? $"the vault's key {vault}" : "the setting RepositoryPassphrase of a developer's machine"));

        // An instance's temporary folder does for proofs, which end where they began. A restore would end there too, where nobody could fetch it: so none is taken.
        var temporary = Path.Join(Path.GetTempPath(), "maintenance");
        // Several instances share a drill's steps: on a share that all of them have mounted, each finds what another has restored.
        services.AddSingleton(new BackupFolders(settings.ScratchFolder ?? Path.Join(temporary, "scratch"), Restored: null)
        {
            // An instance's own disk is small, and a share is not fast: what is larger is proven batch by batch.
            ScratchBytes = settings.ScratchFolder is null ? 256L * 1024 * 1024 : 16L * 1024 * 1024 * 1024,
        });

        // The platform ends instances as it likes, with minutes of grace; each part may have an instance of its own.
        services.AddSingleton(new BackupPieces(TimeSpan.FromMinutes(8), 16));
        services.AddSingleton(static provider => Shared(provider.GetRequiredService<HostSettings>()));
        services.AddSingleton<ISnapshotPlaces>(provider =>
        {
            var clients = provider.GetRequiredService<StorageClients>();
            var cloud = new StorageCloud(settings.BlobContainer);
            return new AzurePlaces(
                address => clients.Container(cloud.Check(address)),
                address => clients.Table(cloud.Check(address)),
                provider.GetRequiredService<TableServiceClient>(),
                provider.GetRequiredService<IObjectStore>(),
                temporary,
                provider.GetRequiredService<SharedPlaces>());
        });
    }

    /// <summary>Places that both hosts know.</summary>
    private static SharedPlaces Shared(HostSettings settings) => new(
        static (root, exclude, isOneFileSystem) => new FolderSource(root, exclude, isOneFileSystem),
        name => PostgresPlaces.OpenSource(PostgresPlaces.ConnectionString(settings, name)),
        name => PostgresPlaces.OpenTarget(PostgresPlaces.ConnectionString(settings, name)));

    private static void AddAdapters(IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton<IObjectStore, BlobObjectStore>();
        services.AddSingleton<BlobStores>();
        services.AddSingleton<IRecordStore, TableRecordStore>();
        services.AddSingleton<ServiceBusSenders>();
        services.AddSingleton<IMessageSender, ServiceBusMessageSender>();
        services.AddSingleton<IDeadLetters, ServiceBusDeadLetters>();
        services.AddSingleton<ServiceBusDelivery>();
        services.AddSingleton<DurableClientScope>();
        services.AddSingleton<IWorkflows, DurableWorkflows>();
        services.AddSingleton(new HistoryRetention(IsBackends: settings.IsSchedulerBackend));
        services.AddSingleton<DurableHistory>();
        services.AddSingleton<AttemptLedger>();
    }
}
