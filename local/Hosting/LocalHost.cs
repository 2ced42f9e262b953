using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Feedback;
using Maintenance.Local.Actions;
using Maintenance.Local.Backups;
using Maintenance.Local.Recovery;
using Maintenance.Local.Sources;
using Maintenance.Local.Storage;
using Maintenance.Local.Workflows;
using Maintenance.Messaging;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Storage;
using Maintenance.Web;
using Maintenance.Web.Http;
using Maintenance.Web.Notifications;
using Maintenance.Workflows;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Console;

namespace Maintenance.Local.Hosting;

/// <summary>How a host is run.</summary>
/// <param name="Plan">The plan's file.</param>
/// <param name="Data">The data folder.</param>
/// <param name="Urls">Where it serves.</param>
/// <param name="Tick">How often timers run; null for no timers.</param>
/// <param name="PublicUrl">Where people reach it, for links in notifications; null for where it serves.</param>
/// <param name="LogLevel">From which level on it logs.</param>
/// <param name="FeedbackRate">How many submissions of feedback one address may send in a minute; 0 for no limit.</param>
/// <param name="SignInRate">How often one address may fail to prove who it is, or ask for a sign-in link, in a minute; 0 for no limit.</param>
public sealed record LocalHostOptions(string Plan, string Data, string Urls, TimeSpan? Tick, Uri? PublicUrl, LogLevel LogLevel, int FeedbackRate = 0, int SignInRate = 0);

/// <summary>The data folder belongs to another process.</summary>
public sealed class DataFolderInUseException(string folder)
    : Exception($"The data folder '{folder}' is in use by another process. Stop that one, or name another folder with --data.");

/// <summary>The one-machine host: the embedded adapters, the timers, the queue handlers, the workflow engine and Kestrel.</summary>
public sealed class LocalHost : IAsyncDisposable
{
    /// <summary>Every processor but one compresses: the machine has other things to do, and a backup's reader is one of them.</summary>
    internal static readonly int Workers = Math.Clamp(Environment.ProcessorCount - 1, 1, 8);

    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private readonly IDisposable _ownership;

    private LocalHost(WebApplication app, DataFolder folder, IDisposable ownership, bool isFirstStart, string operatorToken)
    {
        _app = app;
        _folder = folder;
        _ownership = ownership;
        IsFirstStart = isFirstStart;
        OperatorToken = operatorToken;
    }

    /// <summary>True where the data folder was made by this start.</summary>
    public bool IsFirstStart { get; }

    /// <summary>The operator's token.</summary>
    public string OperatorToken { get; }

    /// <summary>Where it serves, once started.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a host.</summary>
    /// <exception cref="DataFolderInUseException">Another process has the data folder.</exception>
    /// <exception cref="PlanUnavailableException">There is no usable plan.</exception>
    public static async Task<LocalHost> StartAsync(LocalHostOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = new DataFolder(options.Data);
        var ownership = folder.TryOwn() ?? throw new DataFolderInUseException(options.Data);
        WebApplication? app = null;
        try
        {
            var operatorToken = folder.OperatorToken(out var isFirst);
            app = Build(options, folder, operatorToken);
            Map(app);
            var host = new LocalHost(app, folder, ownership, isFirst, operatorToken);
            await host.StartAsync(cancellation);
            return host;
        }
        catch
        {
            try
            {
                await EndAsync(app);
            }
            finally
            {
                ownership.Dispose();
            }

            throw;
        }
    }

    /// <summary>Runs until the process is asked to stop, then drains: requests, messages and steps under way end or are given back.</summary>
    public Task RunAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _folder.Withdraw();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _ownership.Dispose();
    }

    /// <summary>Ends what had begun. Timers and queues are at work before the address is bound: they come to their end before the database is closed under them.</summary>
    private static async Task EndAsync(WebApplication? app)
    {
        if (app is null)
        {
            return;
        }

        try
        {
            await app.StopAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // Why it did not start is what is to be told.
        }

        await app.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        _ = await _app.Services.GetRequiredService<ActivePlan>().RefreshAsync(cancellation);

        // The former process may have ended in the middle of its messages; this one owns the folder, so nobody works on them now.
        _ = await _app.Services.GetRequiredService<SqliteMessageQueue>().ReleaseLocksAsync(cancellation);
        await _app.StartAsync(cancellation);
        _app.Services.GetRequiredService<StartedFlag>().Value = true;
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = Reachable(address);
        _app.Services.GetRequiredService<PublicAddress>().Serves(Address);
        _folder.Announce(Address);
    }

    /// <summary>An address under which this machine reaches what is served at every address of its own.</summary>
    private static Uri Reachable(string url)
    {
        foreach (var every in new[] { "://*", "://+", "://0.0.0.0", "://[::]" })
        {
            url = url.Replace(every, "://127.0.0.1", StringComparison.Ordinal);
        }

        return new Uri(url);
    }

    private static WebApplication Build(LocalHostOptions options, DataFolder folder, string operatorToken)
    {
        // The content root is the program's own folder: a stray appsettings.json where somebody happens to stand must not change anything.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production });
        builder.WebHost.UseUrls(options.Urls.Split(';'));
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 2 * RequestBody.MaxBytes;
        });
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(options.LogLevel);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);

        // What keeps it from starting is thrown at whoever starts it, who says it in a line; the log would say it first, with its stack.
        var started = new StartedFlag();
        builder.Services.AddSingleton(started);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && started.Value);
        builder.Logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        AddAdapters(builder.Services, options, folder, operatorToken);
        return builder.Build();
    }

    private static void AddAdapters(IServiceCollection services, LocalHostOptions options, DataFolder folder, string operatorToken)
    {
        services.AddMaintenance();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => SqliteDatabase.Open(folder.Database));
        services.AddSingleton<IObjectStore>(_ => FolderObjectStore.Open(folder.Objects));
        services.AddSingleton<IRecordStore, SqliteRecordStore>();
        services.AddSingleton<SqliteMessageQueue>();
        services.AddSingleton<IMessageSender>(static provider => provider.GetRequiredService<SqliteMessageQueue>());
        services.AddSingleton<IDeadLetters>(static provider => provider.GetRequiredService<SqliteMessageQueue>());
        services.AddSingleton<IPlanSource>(new PlanFileSource(options.Plan));
        services.AddSingleton<IAuthentication, LocalAuthentication>();
        services.AddSingleton(new OperatorToken(operatorToken));
        services.AddSingleton(new TrackingCodes(folder.TrackingKey()));
        services.AddSingleton(new BackupFolders(folder.Scratch, folder.Restored, Workers));
        services.AddSingleton(BackupPieces.OfOneMachine);
        services.AddSingleton<IKeyProtector>(_ => new PassphraseProtector(folder.RepositoryPassphrase(Environment.GetEnvironmentVariable), "passphrase of the data folder"));
        services.AddSingleton(new RepositoryKeyPlace(DataFolder.IsPassphraseHere(Environment.GetEnvironmentVariable)));
        services.AddSingleton<ICopyStores, FolderCopies>();
        services.AddSingleton<IProgramBundle>(new OwnProgram());
        services.AddSingleton(new BreakGlassPlaces(folder.Objects, DataFolder.IsPassphraseHere(Environment.GetEnvironmentVariable) ? $"the file {folder.RepositoryPassphraseFile}" : "the variable MAINTENANCE_PASSPHRASE of the host's environment"));
        services.AddSingleton<IProgramRunner>(new ProgramRunner(Path.GetDirectoryName(Path.GetFullPath(options.Plan))!));
        services.AddSingleton<ISnapshotPlaces>(provider => new LocalPlaces(
            static policy => new FolderSource(policy.Source.Location, policy.Exclude, policy.Source.IsOneFileSystem), folder,
            provider.GetRequiredService<IObjectStore>(), provider.GetRequiredService<HostSettings>()));
        services.AddSingleton(options.PublicUrl is { } given ? new PublicAddress(given) : new PublicAddress());
        if (options.FeedbackRate > 0)
        {
            services.AddSingleton(new FeedbackLimit(options.FeedbackRate, TimeProvider.System));
            services.AddSingleton(new HelpLimit(options.FeedbackRate, TimeProvider.System));
        }

        if (options.SignInRate > 0)
        {
            services.AddSingleton(new SignInLimit(options.SignInRate, TimeProvider.System));
        }

        services.AddSingleton<SignInLetters>();
        services.AddHostedService(static provider => provider.GetRequiredService<SignInLetters>());
        services.AddSingleton(new HostSettings(Environment.GetEnvironmentVariable));

        TelemetryExport.AddTo(services, Environment.GetEnvironmentVariable);
        services.AddSingleton<IWorkflowJournal, SqliteWorkflowJournal>();
        services.AddSingleton(new WorkflowEngineSettings());
        services.AddSingleton(static _ => Workflows());
        services.AddSingleton<WorkflowEngine>();
        services.AddSingleton<IWorkflows>(static provider => provider.GetRequiredService<WorkflowEngine>());

        // The activities need services that need IWorkflows: the registry is filled once all of them are made, before the engine runs any.
        services.AddSingleton<ActivityRegistry>();
        services.AddHostedService(static provider =>
        {
            AddActivities(provider.GetRequiredService<ActivityRegistry>(), provider);
            return provider.GetRequiredService<WorkflowEngine>();
        });
        services.AddHostedService<MessagePump>();
        if (options.Tick is { } tick)
        {
            services.AddSingleton(new TickInterval(tick));
            services.AddHostedService<TimerLoops>();
        }
    }

    /// <summary>The workflows of the system, for this engine; the functions app has a function for each.</summary>
    internal static WorkflowRegistry Workflows() => new WorkflowRegistry()
        .Add(BackupWorkflows.Backup)
        .Add(BackupWorkflows.Prove)
        .Add(BackupWorkflows.Restore)
        .Add(BackupWorkflows.Verify)
        .Add(BackupWorkflows.Prune)
        .Add(BackupWorkflows.Copy)
        .Add(BackupWorkflows.Retain)
        .Add(PatchWorkflows.Approval)
        .Add(RecoveryWorkflows.Recover)
        .Add(RolloutWorkflows.RollOut);

    /// <summary>The activities of the system, for this engine; the functions app has a function for each.</summary>
    internal static void AddActivities(ActivityRegistry registry, IServiceProvider services)
    {
        var backups = services.GetRequiredService<BackupActivities>();
        var repository = services.GetRequiredService<RepositoryActivities>();
        var patches = services.GetRequiredService<PatchService>();
        var recovery = services.GetRequiredService<RecoveryActivities>();
        var rollout = services.GetRequiredService<RolloutActivities>();
        registry
            .Add(BackupWorkflows.PlanSnapshot, backups.PlanSnapshotAsync)
            .Add(BackupWorkflows.TakeSnapshotSlice, backups.TakeSliceAsync)
            .Add(BackupWorkflows.FinishSnapshot, backups.FinishSnapshotAsync)
            .Add(BackupWorkflows.AbandonSnapshot, backups.AbandonSnapshotAsync)
            .Add(BackupWorkflows.PlanProof, backups.PlanProofAsync)
            .Add(BackupWorkflows.ProveSnapshotSlice, backups.ProveSliceAsync)
            .Add(BackupWorkflows.RecordBackup, backups.RecordBackupAsync)
            .Add(BackupWorkflows.RecordProof, backups.RecordProofAsync)
            .Add(BackupWorkflows.ReportBackup, backups.ReportBackupAsync)
            .Add(BackupWorkflows.PlanRestore, backups.PlanRestoreAsync)
            .Add(BackupWorkflows.RestoreSnapshotSlice, backups.RestoreSliceAsync)
            .Add(BackupWorkflows.FindCopies, backups.FindCopiesAsync)
            .Add(BackupWorkflows.ReportRepository, repository.ReportRepositoryAsync)
            .Add(BackupWorkflows.VerifyRepository, repository.VerifyRepositoryAsync)
            .Add(BackupWorkflows.PruneRepository, repository.PruneRepositoryAsync)
            .Add(BackupWorkflows.CopyRepository, repository.CopyRepositoryAsync)
            .Add(BackupWorkflows.ApplyRetention, repository.ApplyRetentionAsync)
            .Add(PatchWorkflows.AnnouncePatch, patches.AnnounceAsync)
            .Add(PatchWorkflows.ClosePatch, patches.CloseAsync)
            .Add(RecoveryWorkflows.BeginRecovery, recovery.BeginAsync)
            .Add(RecoveryWorkflows.TakeRecoveryStep, recovery.TakeAsync)
            .Add(RecoveryWorkflows.RunRecoveryStep, recovery.RunAsync)
            .Add(RecoveryWorkflows.FailRecoveryStep, recovery.FailAsync)
            .Add(RecoveryWorkflows.SettleRecovery, recovery.SettleAsync)
            .Add(RecoveryWorkflows.CloseRecovery, recovery.CloseAsync)
            .Add(RolloutWorkflows.TakeRollout, rollout.TakeAsync)
            .Add(RolloutWorkflows.RunRollout, rollout.RunAsync)
            .Add(RolloutWorkflows.FailRollout, rollout.FailAsync);
    }

    private static void Map(WebApplication app)
    {
        var web = app.Services.GetRequiredService<MaintenanceHttp>();
        foreach (var route in Routes.All)
        {
            app.MapMethods("/" + route.Pattern, route.Methods, async (HttpContext http) => await (await web.RunAsync(route, http)).ExecuteAsync(http));
        }

        // Also for what looks like a file, which the pattern that is left out would not take.
        app.MapFallback("{*path}", async (HttpContext http) => await web.NotFound(http).ExecuteAsync(http));
    }

    /// <summary>Whether the host has started.</summary>
    private sealed class StartedFlag
    {
        public bool Value { get; set; }
    }
}
