using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Feedback;
using Maintenance.Knowledge;
using Maintenance.Local.Actions;
using Maintenance.Local.Backups;
using Maintenance.Local.Storage;
using Maintenance.Messaging;
using Maintenance.Notifications;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.ServiceLevels;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;
using Maintenance.Tests.Storage;
using Maintenance.Tickets;
using Maintenance.Workflows;

namespace Maintenance.Tests.Services;

/// <summary>
/// The services over a real SQLite file and folder, a clock that tests move, a list in place of mail, and workflows that only note what was asked of them. The
/// record store can be cut off after any number of writes, as a crash would.
/// </summary>
internal sealed class Office : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly SqliteDatabase _database;

    public Office(string? plan = null)
    {
        Directory.CreateDirectory(Source);
        File.WriteAllText(Path.Join(Source, "entry.txt"), "born 1994-03-02");
        _database = SqliteDatabase.Open(_folder.PathOf("office.db"));
        var records = new SqliteRecordStore(_database);
        Records = new CutRecordStore(records);
        Queue = new SqliteMessageQueue(_database, Clock);
        PlanText = plan ?? QuickPlan;
        Knowledge = new KnowledgeBook(Records, FolderObjectStore.Open(_folder.PathOf("texts")));
        Plan = new ActivePlan(new TextSource(this), Records, Clock, new DocumentVersions(Knowledge, Clock));
        Numbers = new NumberSeries(Records);
        Delivery = new NotificationDelivery(records, Notifier, Plan, Clock);
        Outbox = new OutboxService(records, Queue, Notifier, Plan, Clock);
        Notifications = new NotificationService(Records, new PromptSender(Queue, new NotificationHandler(Delivery)), Notifier, Clock);
        Tickets = new TicketService(Records, Queue, Plan, Numbers, new AgentBook(Records, Clock), Clock);
        Repositories = new BackupRepositories(
            FolderObjectStore.Open(_folder.PathOf("objects")), new PassphraseProtector("the office's passphrase"), new FolderCopies(), Records, Plan, Clock);
        Backups = new BackupService(Records, Repositories, Workflows, Plan, Clock);
        Retention = new RetentionService(Records, Repositories, Plan, Clock);
        var progress = new OperationProgress();
        ActivitiesIn = (pieces, scratchBytes) => new BackupActivities(
            Repositories,
            new Folders(),
            new ProgramRunner(_folder.Root),
            Backups,
            Plan,
            Notifications,
            progress,
            new BackupFolders(_folder.PathOf("scratch"), _folder.PathOf("restored")) { ScratchBytes = scratchBytes },
            pieces,
            Clock);
        Activities = ActivitiesIn(BackupPieces.OfOneMachine, long.MaxValue);
        RepositoryActivities = new RepositoryActivities(Repositories, Retention, Backups, new RepositoryCareLog(Records, Clock), Plan, Notifications, progress, BackupPieces.OfOneMachine, Clock);
        Rollouts = new RolloutService(Records, Workflows, Plan, Clock);
        Patches = new PatchService(Records, Workflows, Plan, Numbers, Notifications, Rollouts, Clock);
        Actions = new ActionService(new ProgramRunner(_folder.Root), Outside);
        Recoveries = new RecoveryService(Records, Workflows, Plan, new SnapshotService(Repositories, Backups, Retention), Retention, Numbers, Clock);
        Drills = new DrillService(Records, Recoveries, Tickets, Plan, Clock);
        RecoveryActivities = new RecoveryActivities(
            Recoveries, Drills, Repositories, new Folders(), Actions, Plan, Notifications, progress, new BackupFolders(_folder.PathOf("scratch"), _folder.PathOf("restored")), BackupPieces.OfOneMachine, Clock);
        Breaches = new BreachHandler(Tickets, Plan, Notifications, Clock);
        Feedback = new FeedbackDesk(this);
    }

    public FakeClock Clock { get; } = new();

    public string Source => _folder.PathOf("source");

    public string Folder => _folder.Root;

    public string PlanText { get; set; }

    public CutRecordStore Records { get; }

    public SqliteMessageQueue Queue { get; }

    public NotedWorkflows Workflows { get; } = new();

    public NotedNotifier Notifier { get; } = new();

    public ActivePlan Plan { get; }

    public KnowledgeBook Knowledge { get; }

    public NumberSeries Numbers { get; }

    public NotificationService Notifications { get; }

    /// <summary>Delivers at once what is recorded, as another process would: no cut of this one's writes reaches it.</summary>
    public NotificationDelivery Delivery { get; }

    public OutboxService Outbox { get; }

    public TicketService Tickets { get; }

    public BackupRepositories Repositories { get; }

    public RetentionService Retention { get; }

    public RepositoryActivities RepositoryActivities { get; }

    public BackupService Backups { get; }

    public Func<BackupPieces, long, BackupActivities> ActivitiesIn { get; }

    public BackupActivities Activities { get; }

    public RolloutService Rollouts { get; }

    public PatchService Patches { get; }

    public OutsideAsTold Outside { get; } = new();

    public ActionService Actions { get; }

    public RecoveryService Recoveries { get; }

    public DrillService Drills { get; }

    public RecoveryActivities RecoveryActivities { get; }

    public BreachHandler Breaches { get; }

    public FeedbackDesk Feedback { get; }

    public FeedbackHandler FeedbackHandler => Feedback.Handler;

    public static async Task<Office> OpenAsync(string? plan = null)
    {
        var office = new Office(plan);
        _ = await office.Plan.RefreshAsync(default);
        return office;
    }

    /// <summary>Delivers every message of a queue that waits, to the end.</summary>
    public async Task<int> DeliverAsync(IMessageHandler handler)
    {
        var count = 0;
        while (await Queue.ReceiveAsync(handler.Queue, 10, TimeSpan.FromMinutes(5), default) is { Count: > 0 } messages)
        {
            foreach (var message in messages)
            {
                await handler.HandleAsync(message, default);
                Assert.True(await Queue.CompleteAsync(message, default));
                count++;
            }
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        Plan.Dispose();
        Numbers.Dispose();
        Delivery.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    public const string QuickPlan = """
        system: { name: Office, organisation: Registry, owner: ann, timeZone: UTC }
        people:
          - { id: ann, name: Ann, email: ann@registry.example, roles: [administrator, approver] }
          - { id: ben, name: Ben, email: ben@registry.example, roles: [support, approver] }
          - { id: cat, name: Cat, email: cat@registry.example, roles: [approver] }
        calendars:
          - { id: always, hours: [{ days: [mon, tue, wed, thu, fri, sat, sun], spans: ["00:00-24:00"] }] }
        services:
          - { id: register, name: Register, criticality: high, owner: ann, rto: 4h, rpo: 1h, mtd: 1d }
        backups:
          - { id: nightly, service: register, source: { folder: source }, schedule: "0 0 3 * * *", notify: [administrator] }
        priorities:
          levels: [{ id: p1, name: P1 }, { id: p2, name: P2 }]
          impact: [{ id: all, name: All }]
          urgency: [{ id: now, name: Now }, { id: later, name: Later }]
          matrix: { all: { now: p1, later: p2 } }
        serviceLevels:
          targets:
            - { priority: p1, calendar: always, response: 15m, resolution: 4h, escalation: chain }
            - { priority: p2, calendar: always, response: 8h, resolution: 40h, escalation: chain }
          escalations:
            - id: chain
              levels:
                - { after: 0m, notify: [support] }
                - { after: 30m, notify: [administrator], channels: [room] }
                - { after: 2h, notify: [cat] }
        patching:
          calendar: always
          rules: [{ approvers: [approver], quorum: 2, expiresAfter: 8h }]
        support:
          channels: [{ id: form, kind: form, name: Form, address: /feedback, hours: always }]
          feedback:
            introduction: Tell us.
            kinds:
              - { id: stopped, label: Stopped, type: incident, impact: all, urgency: now }
              - { id: idea, label: Idea, type: featureRequest, impact: all, urgency: later }
        notifications:
          mail: { host: localhost, port: 25, from: office@registry.example, tls: false }
          channels: [{ id: room, kind: generic, url: "http://localhost/room" }]
        """;

    /// <summary>Folders alone, as a host without databases.</summary>
    internal sealed class Folders : ISnapshotPlaces
    {
        public Task<ISnapshotSource> OpenSourceAsync(BackupPolicy policy, CancellationToken cancellation) =>
            Task.FromResult<ISnapshotSource>(new FolderSource(policy.Source.Location, policy.Exclude, policy.Source.IsOneFileSystem));

        public Task<ISnapshotTarget?> OpenTargetAsync(string target, CancellationToken cancellation) => Task.FromResult<ISnapshotTarget?>(null);
    }

    private sealed class TextSource(Office office) : IPlanSource
    {
        public Task<PlanText> ReadAsync(CancellationToken cancellation) => Task.FromResult(new PlanText("plan.yaml", office.Folder, office.PlanText));
    }
}

/// <summary>The process ended here.</summary>
internal sealed class CutOffException() : Exception("cut off");

/// <summary>A record store that stops taking writes after a number of them, once: the write that would be the next one does not happen.</summary>
internal sealed class CutRecordStore(IRecordStore inner) : IRecordStore
{
    private int _left = int.MaxValue;

    /// <summary>What happens right before a write of somebody: its table and partition.</summary>
    public Func<string, string, Task>? Before { get; set; }

    /// <summary>What happens right after one: its partition.</summary>
    public Func<string, Task>? After { get; set; }

    /// <summary>Cuts off after this many more writes.</summary>
    public void CutAfter(int writes) => _left = writes;

    /// <summary>The process is started again.</summary>
    public void Mend() => _left = int.MaxValue;

    public Task<StoredRecord?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellation) =>
        inner.GetAsync(table, partitionKey, rowKey, cancellation);

    public IAsyncEnumerable<StoredRecord> QueryAsync(string table, string partitionKey, RowRange range, CancellationToken cancellation) =>
        inner.QueryAsync(table, partitionKey, range, cancellation);

    public async Task<IReadOnlyList<string>> WriteAsync(string table, string partitionKey, IReadOnlyList<RecordWrite> writes, CancellationToken cancellation)
    {
        if (Before is { } before)
        {
            await before(table, partitionKey);
        }

        var eTags = Interlocked.Decrement(ref _left) < 0 ? throw new CutOffException() : await inner.WriteAsync(table, partitionKey, writes, cancellation);
        await (After?.Invoke(partitionKey) ?? Task.CompletedTask);
        return eTags;
    }
}

/// <summary>Notes what is started and raised; a test says how an instance stands.</summary>
internal sealed class NotedWorkflows : IWorkflows
{
    public List<string> Started { get; } = [];

    /// <summary>What each was started with.</summary>
    public Dictionary<string, object> Inputs { get; } = [];

    public List<string> Raised { get; } = [];

    public Dictionary<string, WorkflowStatus> Known { get; } = [];

    /// <summary>The next starts fail, as if the process ended before them.</summary>
    public bool IsCut { get; set; }

    /// <summary>Does what is noted, too.</summary>
    public IWorkflows? Real { get; set; }

    public Task<bool> StartAsync<TInput, TOutput>(Workflow<TInput, TOutput> workflow, string instanceId, TInput input, CancellationToken cancellation)
    {
        if (IsCut)
        {
            throw new CutOffException();
        }

        WorkflowIds.Check(instanceId);
        if (Real is { } real)
        {
            return real.StartAsync(workflow, instanceId, input, cancellation);
        }

        if (!Known.TryAdd(instanceId, new WorkflowStatus(instanceId, workflow.Name, WorkflowState.Running, default, default, null, null, null)))
        {
            return Task.FromResult(false);
        }

        Started.Add(instanceId);
        Inputs[instanceId] = input!;
        return Task.FromResult(true);
    }

    public Task RaiseAsync(string instanceId, string eventName, CancellationToken cancellation)
    {
        if (IsCut)
        {
            throw new CutOffException();
        }

        Raised.Add($"{instanceId}/{eventName}");
        return Real?.RaiseAsync(instanceId, eventName, cancellation) ?? Task.CompletedTask;
    }

    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellation) =>
        Real?.GetAsync(instanceId, cancellation) ?? Task.FromResult(Known.GetValueOrDefault(instanceId));

    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(DateTimeOffset failedSince, int take, CancellationToken cancellation) =>
        Real?.ListAsync(failedSince, take, cancellation)
        ?? Task.FromResult<IReadOnlyList<WorkflowStatus>>(
            [.. Known.Values.Where(known => known.State == WorkflowState.Running || (known.State == WorkflowState.Failed && known.UpdatedAt >= failedSince)).Take(take)]);

    public Task<TerminationOutcome> TerminateAsync(string instanceId, string error, CancellationToken cancellation) =>
        Real?.TerminateAsync(instanceId, error, cancellation) ?? throw new NotSupportedException();
}

/// <summary>What is outside answers as a test says.</summary>
internal sealed class OutsideAsTold : IOutside
{
    /// <summary>What probes see, one after the other; the last again and again.</summary>
    public Queue<Observation> Probes { get; } = new([new Observation(true) { Status = 200 }]);

    /// <summary>The keys and attempts that were posted.</summary>
    public List<string> Posted { get; } = [];

    public Task<ActionReport> PostAsync(PlanAction action, ActionOrder order, CancellationToken cancellation)
    {
        Posted.Add($"{order.Key} {order.Attempt}");
        return Task.FromResult(new ActionReport(true, "done."));
    }

    public Task<Observation> ProbeAsync(Check check, CancellationToken cancellation) => Task.FromResult(Probes.Count > 1 ? Probes.Dequeue() : Probes.Peek());

    public Task<Observation> QueryAsync(Check check, CancellationToken cancellation) => Task.FromResult(new Observation(false, "there is no database."));
}

/// <summary>Hands the messages of one queue to their handler in the moment in which they are sent; all others go into the queue.</summary>
internal sealed class PromptSender(IMessageSender queue, IMessageHandler handler) : IMessageSender
{
    public Task SendAsync(OutgoingMessage message, CancellationToken cancellation) =>
        message.Queue == handler.Queue ? handler.HandleAsync(new ReceivedMessage(message.Queue, message.Id, message.Body, 1), cancellation) : queue.SendAsync(message, cancellation);
}

/// <summary>Notes who was told what; some recipients may be out of reach.</summary>
internal sealed class NotedNotifier : INotifier
{
    public List<string> Sent { get; } = [];

    public HashSet<string> OutOfReach { get; } = [];

    public Task SendAsync(Notification notification, Recipient recipient, CancellationToken cancellation)
    {
        if (OutOfReach.Contains(recipient.Key))
        {
            throw new HttpRequestException("no route");
        }

        // Several are told at the same time; in the order of their text, so that a test need not know who came first.
        var line = $"{notification.Id} → {recipient.Key}";
        lock (Sent)
        {
            var at = Sent.BinarySearch(line, StringComparer.Ordinal);
            Sent.Insert(at < 0 ? ~at : at, line);
        }

        return Task.CompletedTask;
    }
}
