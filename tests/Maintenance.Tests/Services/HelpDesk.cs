using Maintenance.Messaging;
using Maintenance.Reports;
using Maintenance.ServiceLevels;
using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Tests.Services;

/// <summary>
/// The office's tickets with all who follow them. The process can be ended before any of its writes, whether to the records or to a queue, and started again; what is told
/// to people is not cut, since whom mail reaches twice is another matter.
/// </summary>
internal sealed class HelpDesk : IAsyncDisposable
{
    private HelpDesk(Office office)
    {
        Office = office;
        Records = new CuttableRecords(office.Records, Cut);
        Sender = new CuttableSender(office.Queue, Cut);
        Restart();
    }

    /// <summary>
    /// Urgent tickets are answered in 15 minutes and solved in 4 hours around the clock, ordinary ones in 8 and 40. The chain warns at half, tells support at once and again
    /// every ten minutes, the administrator after half an hour, Cat after two hours, and raises its alarm an hour later. Ben and Dora share the desk.
    /// </summary>
    public static string Plan { get; } = Change(
        Office.QuickPlan,
        ("  - { id: cat,", "  - { id: dora, name: Dora, email: dora@registry.example, roles: [support] }\n  - { id: cat,"),
        ("services:\n", "  - { id: office, hours: [{ days: [mon, tue, wed, thu, fri], spans: [\"08:00-17:00\"] }] }\nteams:\n  - { id: desk, name: Desk, lead: ann, members: [ben, dora], services: [register] }\nservices:\n"),
        ("resolution: 4h, escalation: chain", "resolution: 4h, escalation: chain, warnings: [50%]"),
        ("- { after: 0m, notify: [support] }", "- { after: 0m, notify: [support], repeat: 10m }"));

    public Office Office { get; }

    public CutPoint Cut { get; } = new();

    public CuttableRecords Records { get; }

    public CuttableSender Sender { get; }

    public TicketService Tickets { get; private set; } = null!;

    public AgentBook Agents { get; private set; } = null!;

    public BreachHandler Marks { get; private set; } = null!;

    public TicketEventDelivery Events { get; private set; } = null!;

    /// <summary>The events that followers have heard of.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>True where new tickets are given to somebody by the rules.</summary>
    public bool Assigns { get; init; }

    /// <summary>So many tickets are timed anew in one sweep.</summary>
    public int MostRetimed { get; set; } = 20_000;

    public static async Task<HelpDesk> OpenAsync(string? plan = null, bool assigns = false)
    {
        var desk = new HelpDesk(await Office.OpenAsync(plan ?? Plan)) { Assigns = assigns };
        desk.Restart();

        // The first sweep of an installation notes by which plan its clocks are timed.
        _ = await desk.Tickets.SweepAsync(default);
        return desk;
    }

    public static string Change(string plan, params (string From, string To)[] changes)
    {
        foreach (var (from, to) in changes)
        {
            Assert.Contains(from, plan, StringComparison.Ordinal);
            plan = plan.Replace(from, to, StringComparison.Ordinal);
        }

        return plan;
    }

    /// <summary>The process is started anew: nothing is left of it but what it has written.</summary>
    public void Restart()
    {
        Cut.Mend();
        Agents = new AgentBook(Records, Office.Clock);
        Tickets = new TicketService(Records, Sender, Office.Plan, new NumberSeries(Records), Agents, Office.Clock) { MostRetimed = MostRetimed };
        Marks = new BreachHandler(Tickets, Office.Plan, Office.Notifications, Office.Clock);
        ITicketFollower[] all = [new TicketTeller(Office.Plan, Office.Notifications), new TicketFactKeeper(Records, Office.Plan, Office.Clock), new Listener(Heard)];
        Events = new TicketEventDelivery(Tickets, Assigns ? [new AutoAssigner(Tickets, Office.Plan), .. all] : all);
    }

    public Task<Ticket> OpenTicketAsync(string key = "F-1", string urgency = "now", string? service = "register") => Tickets.OpenAsync(
        key, new NewTicket(TicketType.Incident, $"Ticket of {key}", "It smokes", service, "all", urgency, "cat", null, Office.Clock.Now), default);

    /// <summary>Ben does something.</summary>
    public async Task<Ticket> ActAsync(string id, TicketAct act, string? key = null) => (await Tickets.ActAsync(id, act, new TicketActor("ben", true), null, key, default))!.Value;

    public async Task<Ticket> FindAsync(string id) => (await Tickets.FindAsync(id, default))!.Value;

    /// <summary>Time passes, the sweep runs, and whatever waits in the queues is handled.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Office.Clock.Advance(time);
        _ = await Tickets.SweepAsync(default);
        await DeliverAsync();
    }

    public async Task DeliverAsync()
    {
        while (await Office.DeliverAsync(Marks) + await Office.DeliverAsync(Events) > 0)
        {
        }
    }

    /// <summary>All rows of the index.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync() =>
        await Office.Records.QueryAsync(Tables.TicketIndex, "tickets", RowRange.All, default).Select(static row => row.RowKey).ToListAsync();

    /// <summary>Nothing open goes unwatched: each ticket's next mark is in the index, or its message has been sent; and each is listed.</summary>
    public async Task AssertWatchedAsync()
    {
        var rows = await RowsAsync();
        var listed = await Tickets.ListOpenAsync(default).Select(static ticket => ticket.Id).ToListAsync();
        await foreach (var ticket in Tickets.ListAsync(0, default))
        {
            Assert.Equal(ticket.IsOpen, listed.Contains(ticket.Id));
            foreach (var entry in Breaches.Next(Office.Plan.Current, ticket))
            {
                Assert.True(rows.Contains(TicketIndex.DueKey(entry)) || Sender.Sent.Contains(entry.MessageId), $"nobody watches {entry}");
            }

            if (ticket.State == TicketState.Resolved)
            {
                Assert.Contains(rows, row => row.StartsWith("close_", StringComparison.Ordinal) && row.EndsWith(ticket.Id, StringComparison.Ordinal));
            }
        }
    }

    public ValueTask DisposeAsync() => Office.DisposeAsync();

    private sealed class Listener(List<string> heard) : ITicketFollower
    {
        public Task HearAsync(Ticket ticket, TicketEvent entry, CancellationToken cancellation)
        {
            heard.Add($"{ticket.Id} {entry.Number}");
            return Task.CompletedTask;
        }
    }
}

/// <summary>Ends a process before one of its writes.</summary>
internal sealed class CutPoint
{
    private int _left = int.MaxValue;

    /// <summary>True once the process has ended.</summary>
    public bool IsCut { get; private set; }

    public void After(int writes) => (_left, IsCut) = (writes, false);

    public void Mend() => _left = int.MaxValue;

    public void Step()
    {
        if (Interlocked.Decrement(ref _left) < 0)
        {
            IsCut = true;
            throw new CutOffException();
        }
    }
}

/// <summary>Records that a <see cref="CutPoint"/> ends; something may happen before a write.</summary>
internal sealed class CuttableRecords(IRecordStore inner, CutPoint cut) : IRecordStore
{
    /// <summary>What happens before a write to a table.</summary>
    public Func<string, Task>? Before { get; set; }

    public Task<StoredRecord?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellation) => inner.GetAsync(table, partitionKey, rowKey, cancellation);

    public IAsyncEnumerable<StoredRecord> QueryAsync(string table, string partitionKey, RowRange range, CancellationToken cancellation) =>
        inner.QueryAsync(table, partitionKey, range, cancellation);

    public async Task<IReadOnlyList<string>> WriteAsync(string table, string partitionKey, IReadOnlyList<RecordWrite> writes, CancellationToken cancellation)
    {
        await (Before?.Invoke(table) ?? Task.CompletedTask);
        cut.Step();
        return await inner.WriteAsync(table, partitionKey, writes, cancellation);
    }
}

/// <summary>A queue that a <see cref="CutPoint"/> ends, and that notes what was sent.</summary>
internal sealed class CuttableSender(IMessageSender inner, CutPoint cut) : IMessageSender
{
    /// <summary>The ids of what was sent, in order.</summary>
    public List<string> Sent { get; } = [];

    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        cut.Step();
        await inner.SendAsync(message, cancellation);
        Sent.Add(message.Id);
    }
}
