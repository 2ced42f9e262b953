using Maintenance.Local.Storage;
using Maintenance.Messaging;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Services;

/// <summary>The outbox over a real SQLite file and queue, a clock that tests move and a post office that tests open and close. Every write can be the last one.</summary>
internal sealed class OutboxBench : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly SqliteDatabase _database;

    private OutboxBench(string plan)
    {
        _database = SqliteDatabase.Open(_folder.PathOf("outbox.db"));
        Records = new CutRecordStore(new SqliteRecordStore(_database));
        Queue = new SqliteMessageQueue(_database, Clock);
        PlanText = plan;
        Plan = new ActivePlan(new TextSource(this), Records, Clock);
        Start();
    }

    public const string People = """
        people:
          - { id: ann, name: Ann, email: ann@registry.example, roles: [administrator, approver] }
          - { id: ben, name: Ben, email: ben@registry.example, roles: [support, approver], timeZone: Africa/Nairobi, quietHours: ["21:00-06:30"] }
          - { id: cat, name: Catherine, email: cat@registry.example, roles: [approver], language: fr, timeZone: Europe/Paris }
        """;

    /// <summary>Ben sleeps: it is five in the morning where he is.</summary>
    public FakeClock Clock { get; } = new();

    public CutRecordStore Records { get; }

    public SqliteMessageQueue Queue { get; }

    public PostOffice Post { get; } = new();

    public ActivePlan Plan { get; }

    public string PlanText { get; set; }

    public NotificationService Notifications { get; private set; } = null!;

    public NotificationDelivery Delivery { get; private set; } = null!;

    public NotificationHandler Handler { get; private set; } = null!;

    public OutboxService Outbox { get; private set; } = null!;

    public static async Task<OutboxBench> OpenAsync(Func<string, string>? change = null)
    {
        var from = Office.QuickPlan.IndexOf("people:", StringComparison.Ordinal);
        var to = Office.QuickPlan.IndexOf("calendars:", StringComparison.Ordinal);
        var plan = string.Concat(Office.QuickPlan.AsSpan(0, from), People, "\n", Office.QuickPlan.AsSpan(to)).Replace("timeZone: UTC", "timeZone: UTC, languages: [en, fr]", StringComparison.Ordinal);
        var bench = new OutboxBench(change?.Invoke(plan) ?? plan);
        var state = await bench.Plan.RefreshAsync(default);
        Assert.False(state.IsStale, string.Join('\n', state.Problems));
        return bench;
    }

    /// <summary>The process ends, and another is started: what it had in memory is gone, its writes go through again.</summary>
    public void Start()
    {
        Records.Mend();
        Delivery?.Dispose();
        Notifications = new NotificationService(Records, Queue, Post, Clock);
        Delivery = new NotificationDelivery(Records, Post, Plan, Clock);
        Handler = new NotificationHandler(Delivery);
        Outbox = new OutboxService(Records, Queue, Post, Plan, Clock);
    }

    public Task TellAsync(string id, params string[] recipients) => TellAsync(News(id), recipients);

    public Task TellAsync(Notification notification, params string[] recipients) =>
        Notifications.NotifyAsync(Plan.Current, notification, recipients.Where(static one => one != "room"), recipients.Where(static one => one == "room"), default);

    public static Notification News(string id) => new(id, "About " + id, "This is " + id + ".", "/tickets/" + id);

    /// <summary>Handles every message that waits.</summary>
    public async Task<int> DeliverAsync()
    {
        var count = 0;
        while (await Queue.ReceiveAsync(Queues.Notifications, 10, TimeSpan.FromMinutes(5), default) is { Count: > 0 } messages)
        {
            foreach (var message in messages)
            {
                await Handler.HandleAsync(message, default);
                Assert.True(await Queue.CompleteAsync(message, default));
                count++;
            }
        }

        return count;
    }

    /// <summary>Lets time pass, with the timer ticking every minute.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromMinutes(1))
        {
            Clock.Advance(left < TimeSpan.FromMinutes(1) ? left : TimeSpan.FromMinutes(1));
            _ = await Delivery.SweepAsync(default);
        }
    }

    public ValueTask<List<NotificationEntry>> ListAsync(DeliveryState? state = null, string? recipient = null) => Outbox.ListAsync(state, recipient, default).ToListAsync();

    /// <summary>The rows of the index, by what they are for.</summary>
    public async Task<string[]> IndexAsync(string prefix) =>
        [.. await Records.QueryAsync(Tables.NotificationIndex, "notifications", RowRange.Prefix(prefix), default).Select(static row => row.RowKey).ToListAsync()];

    public async ValueTask DisposeAsync()
    {
        Plan.Dispose();
        Delivery.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class TextSource(OutboxBench bench) : IPlanSource
    {
        public Task<PlanText> ReadAsync(CancellationToken cancellation) => Task.FromResult(new PlanText("plan.yaml", bench._folder.Root, bench.PlanText));
    }
}

/// <summary>Keeps what was sent; who is closed takes nothing.</summary>
internal sealed class PostOffice : INotifier
{
    private readonly Lock _lock = new();

    /// <summary>What arrived, in order.</summary>
    public List<(string To, Notification Mail)> Sent { get; } = [];

    /// <summary>How often somebody was tried in vain.</summary>
    public int Refused { get; private set; }

    /// <summary>Who cannot be reached, and what is said then.</summary>
    public Func<string, Exception?> Closed { get; set; } = static _ => null;

    /// <summary>What happens while somebody is being told.</summary>
    public Func<string, Task>? During { get; set; }

    public IEnumerable<Notification> To(string key) => Sent.Where(sent => sent.To == key).Select(static sent => sent.Mail);

    public async Task SendAsync(Notification notification, Recipient recipient, CancellationToken cancellation)
    {
        if (During is { } during)
        {
            await during(recipient.Key);
        }

        lock (_lock)
        {
            if (Closed(recipient.Key) is { } problem)
            {
                Refused++;
                throw problem;
            }

            Sent.Add((recipient.Key, notification));
        }
    }
}
