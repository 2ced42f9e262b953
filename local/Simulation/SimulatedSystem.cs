using Maintenance.Actions;
using Maintenance.Assets.Components;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Feedback;
using Maintenance.Local.Hosting;
using Maintenance.Local.Storage;
using Maintenance.Local.Workflows;
using Maintenance.Messaging;
using Maintenance.Monitoring;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Storage;
using Maintenance.Web;
using Maintenance.Web.Http;
using Maintenance.Web.Notifications;
using Maintenance.Workflows;

namespace Maintenance.Local.Simulation;

/// <summary>
/// The whole system as both hosts put it together, over a SQLite file of its own and a clock that is moved. What lies outside is <see cref="SimulatedOutside"/>; nothing of
/// the real data, the real sources or the network is touched. Work is done in an order that is the same each time: messages one by one, activities one by one.
/// </summary>
public sealed class SimulatedSystem : IAsyncDisposable
{
    /// <summary>In real time: work that takes longer than this waits for something that never comes.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(2);

    private readonly ServiceProvider _services;
    private readonly CountedRecords _records;
    private readonly NotedSender _sender;
    private readonly IReadOnlyList<IMessageHandler> _handlers;
    private readonly SqliteMessageQueue _queue;
    private readonly MessageDelivery _delivery;
    private readonly WorkflowEngine _engine;
    private DateTimeOffset? _nextMessage;

    private SimulatedSystem(string folder, PlanText plan, DateTimeOffset from)
    {
        Clock = new VirtualClock(from);
        Outside = new SimulatedOutside(Clock);
        _services = Compose(folder, plan).BuildServiceProvider();
        _records = (CountedRecords)Get<IRecordStore>();
        _sender = (NotedSender)Get<IMessageSender>();
        _queue = Get<SqliteMessageQueue>();
        _handlers = [.. _services.GetServices<IMessageHandler>().OrderBy(static handler => handler.Queue, StringComparer.Ordinal)];
        _delivery = new MessageDelivery(_queue, Clock, Get<ILogger<MessageDelivery>>());
        _engine = Get<WorkflowEngine>();
    }

    /// <summary>The clock.</summary>
    public VirtualClock Clock { get; }

    /// <summary>What lies outside.</summary>
    public SimulatedOutside Outside { get; }

    /// <summary>The instant (UTC).</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>The plan.</summary>
    public OperationsPlan Plan => Get<ActivePlan>().Current;

    /// <summary>How many writes there were that others may go by.</summary>
    public long Changes => _records.Changes;

    /// <summary>Starts a system.</summary>
    /// <param name="folder">Where it keeps its own; empty.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="from">When it begins (UTC).</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PlanUnavailableException">The plan has errors.</exception>
    public static async Task<SimulatedSystem> StartAsync(string folder, PlanText plan, DateTimeOffset from, CancellationToken cancellation)
    {
        var system = new SimulatedSystem(folder, plan, from);
        try
        {
            _ = await system.Get<ActivePlan>().RefreshAsync(cancellation);
            LocalHost.AddActivities(system.Get<ActivityRegistry>(), system._services);
            await system._engine.StartAsync(cancellation);
            await system.SettleAsync(cancellation);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>One of its services.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>The source of a backup policy cannot be reached.</summary>
    /// <param name="policy">Its id.</param>
    /// <param name="until">From when on it can again (UTC).</param>
    public void BreakSource(string policy, DateTimeOffset until) => ((SimulatedPlaces)Get<ISnapshotPlaces>()).Break(policy, until);

    /// <summary>Moves the clock to an instant; all that becomes due before by itself (deadlines and retries of workflows, messages held back) is done at its own instant.</summary>
    public async Task MoveToAsync(DateTimeOffset instant, CancellationToken cancellation)
    {
        while (Clock.FireNext(_nextMessage is { } message && message > Now && message < instant ? message : instant) || Now < instant)
        {
            await SettleAsync(cancellation);
        }

        await SettleAsync(cancellation);
    }

    /// <summary>Does everything that can be done at this instant: queues are empty and workflows wait afterwards.</summary>
    /// <exception cref="TimeoutException">Something waits for what never comes.</exception>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        do
        {
            await _engine.WaitUntilIdleAsync().WaitAsync(Stuck, cancellation);
        }
        while (await DeliverAsync(cancellation) || !_engine.WaitUntilIdleAsync().IsCompleted);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    /// <summary>Hands out what has been sent and is due, one by one, queue by queue.</summary>
    /// <returns>True where there was any.</returns>
    private async Task<bool> DeliverAsync(CancellationToken cancellation)
    {
        if (!_sender.TakeNote() && !(_nextMessage <= Now))
        {
            return false;
        }

        var any = false;
        _nextMessage = null;
        foreach (var handler in _handlers)
        {
            while (await _queue.ReceiveAsync(handler.Queue, 1, MessageDelivery.Lock, cancellation) is [var message])
            {
                any = true;
                await _delivery.HandleAsync(handler, message, cancellation);
            }

            var next = await _queue.NextVisibleAsync(handler.Queue, cancellation);
            _nextMessage = next is null || _nextMessage < next ? _nextMessage : next;
        }

        return any;
    }

    private ServiceCollection Compose(string folder, PlanText plan)
    {
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.ClearProviders());
        services.AddMaintenance();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(_ => SqliteDatabase.Open(Path.Join(folder, "simulation.db"), isLasting: false));
        services.AddSingleton<SqliteRecordStore>();
        services.AddSingleton<IRecordStore>(provider => new CountedRecords(provider.GetRequiredService<SqliteRecordStore>(), () => Outside.IsCalm));
        services.AddSingleton<IObjectStore, MemoryObjects>();
        services.AddSingleton<SqliteMessageQueue>();
        services.AddSingleton<IMessageSender>(static provider => new NotedSender(provider.GetRequiredService<SqliteMessageQueue>()));
        services.AddSingleton<IDeadLetters>(static provider => provider.GetRequiredService<SqliteMessageQueue>());
        services.AddSingleton<IPlanSource>(new StillPlan(plan with { IsFixed = true }));
        services.AddSingleton<IAuthentication, Nobody>();
        services.AddSingleton(new TrackingCodes(new byte[32]));
        services.AddSingleton(new BackupFolders(Path.Join(folder, "scratch"), Path.Join(folder, "restored")));
        services.AddSingleton(BackupPieces.OfOneMachine);
        services.AddSingleton<IKeyProtector, OpenKey>();
        services.AddSingleton<ICopyStores, MemoryCopies>();
        services.AddSingleton<ISnapshotPlaces, SimulatedPlaces>();
        services.AddSingleton(new BreakGlassPlaces("memory of a simulation", "a simulation has none"));
        services.AddSingleton(new PublicAddress(new Uri("http://simulation.invalid/")));
        services.AddSingleton(new HostSettings(static _ => null));
        services.AddSingleton<INotifier>(Outside);
        services.AddSingleton<IOutside>(Outside);
        services.AddSingleton<IProgramRunner>(Outside);
        services.AddSingleton<IProbing>(Outside);
        services.AddSingleton<IAssetDownloads>(Outside);
        services.AddSingleton<IProgramBundle>(Outside);
        services.AddSingleton<IWatchLog>(Outside);
        services.AddSingleton(static provider => new ProbeRunner(
            provider.GetRequiredService<ActivePlan>(), provider.GetRequiredService<ProbeBook>(), provider.GetRequiredService<IProbing>(), provider.GetRequiredService<IncidentDesk>(), provider.GetRequiredService<TimeProvider>())
        {
            AtOnce = 1,
        });
        services.AddSingleton<IWorkflowJournal, SqliteWorkflowJournal>();
        services.AddSingleton(new WorkflowEngineSettings { ConcurrentActivities = 1 });
        services.AddSingleton(static _ => LocalHost.Workflows());
        services.AddSingleton<ActivityRegistry>();
        services.AddSingleton<WorkflowEngine>();
        services.AddSingleton<IWorkflows>(static provider => provider.GetRequiredService<WorkflowEngine>());
        return services;
    }

    private sealed class StillPlan(PlanText text) : IPlanSource
    {
        public Task<PlanText> ReadAsync(CancellationToken cancellation) => Task.FromResult(text);
    }

    /// <summary>Nobody signs in to a simulation.</summary>
    private sealed class Nobody : IAuthentication
    {
        public string? SignOutAddress => null;

        public string? SignInAddress(string to) => null;

        public Task<Caller?> AuthenticateAsync(HttpContext http) => Task.FromResult<Caller?>(null);
    }

    /// <summary>The repository lies in memory and ends with the simulation: its key needs no protection, and a passphrase takes time.</summary>
    private sealed class OpenKey : IKeyProtector
    {
        private const string Kind = "simulation";

        public string Description => "nothing: it is a simulation's";

        public Task<KeyWrapping> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation) => Task.FromResult(new KeyWrapping(Kind, Convert.ToBase64String(key.Span)));

        public Task<byte[]?> UnwrapAsync(KeyWrapping wrapping, CancellationToken cancellation) => Task.FromResult(wrapping.Kind == Kind ? Convert.FromBase64String(wrapping.Wrapped) : null);
    }
}
