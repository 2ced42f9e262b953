using Maintenance.Local.Storage;
using Maintenance.Monitoring;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tests.Services;
using Maintenance.Tests.Web;
using Maintenance.Tickets;
using Maintenance.Web.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Monitoring;

/// <summary>The rig with probes whose answers a test says, a clock that it moves, and a store that it can cut off.</summary>
internal sealed class MonitoringBench : IAsyncDisposable
{
    public const string Usual = """

        monitoring:
          tickets: { impact: all, urgency: now }
          probes:
            - { id: web, service: register, name: The page, every: 1m, tcp: { host: 127.0.0.1, port: 80 }, failAfter: 2, recoverAfter: 2 }
        """;

    private readonly ChangingPlan _plan;

    private MonitoringBench(WebRig rig, CutRecordStore store, Scripted script, ChangingPlan plan)
    {
        Rig = rig;
        Store = store;
        Script = script;
        _plan = plan;
    }

    public WebRig Rig { get; }

    public CutRecordStore Store { get; }

    public Scripted Script { get; }

    public DateTimeOffset Now => Rig.Clock.Now;

    public static async Task<MonitoringBench> StartAsync(string monitoring = Usual, Func<string, string>? change = null, IProbing? real = null)
    {
        var (script, store) = (new Scripted(), (CutRecordStore?)null);
        var plan = new ChangingPlan { Text = (change ?? (static text => text))(Office.QuickPlan) + monitoring };
        var rig = await WebRig.StartAsync((rig, services) =>
        {
            script.Clock = rig.Clock;
            plan.Folder = rig.PathOf("");
            services.AddSingleton<IPlanSource>(plan);
            services.AddSingleton<SqliteRecordStore>();
            services.AddSingleton<IRecordStore>(provider => store ??= new CutRecordStore(provider.GetRequiredService<SqliteRecordStore>()));
            services.AddSingleton<INotifier>(new NotedNotifier());
            services.AddSingleton(real ?? script);
            services.AddSingleton(new HostSettings(static name => name == "BATCH_KEY" ? "correct horse" : null));
        });
        return new MonitoringBench(rig, (CutRecordStore)rig.Get<IRecordStore>(), script, plan);
    }

    /// <summary>Another plan takes over.</summary>
    public async Task ChangePlanAsync(Func<string, string> change)
    {
        _plan.Text = change(_plan.Text);
        _ = await Rig.Get<ActivePlan>().RefreshAsync(default);
        Assert.False(Rig.Get<ActivePlan>().State.IsStale, string.Join('\n', Rig.Get<ActivePlan>().State.Problems));
    }

    public Task TickAsync() => Rig.Get<ProbeRunner>().RunDueAsync(default);

    /// <summary>So many minutes pass, with a tick in each.</summary>
    public async Task PassAsync(int minutes, bool isGood, string probe = "web")
    {
        Script.Answers[probe] = isGood;
        for (var minute = 0; minute < minutes; minute++)
        {
            Rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await TickAsync();
        }
    }

    public async Task<List<Ticket>> TicketsAsync() => await Rig.Get<TicketService>().ListAsync(0, default).ToListAsync();

    public async Task<List<string>> CommentsAsync(string ticket) =>
        [.. (await Rig.Get<TicketService>().ReadAsync(ticket, default))!.Value.History!.Where(static entry => entry.Kind == TicketEventKind.Commented).Select(static entry => entry.Note ?? entry.Said ?? "")];

    public Task<IReadOnlyList<ProbeIncident>> IncidentsAsync() => Rig.Get<MonitoringService>().IncidentsAsync(Now.AddDays(-300), 100, default);

    public async Task<ProbeState> StateAsync(string probe = "web") => (await Rig.Get<ProbeBook>().StateAsync(probe, default))!;

    public ValueTask DisposeAsync() => Rig.DisposeAsync();

    private sealed class ChangingPlan : IPlanSource
    {
        public string Folder { get; set; } = "";

        public string Text { get; set; } = "";

        public Task<PlanText> ReadAsync(CancellationToken cancellation) => Task.FromResult(new PlanText("plan.yaml", Folder, Text));
    }

    /// <summary>Answers as a test says; good where it says nothing.</summary>
    internal sealed class Scripted : IProbing
    {
        public TimeProvider Clock { get; set; } = TimeProvider.System;

        public Dictionary<string, bool> Answers { get; } = [];

        /// <summary>Looks under way wait for these.</summary>
        public Dictionary<string, Task> Slow { get; } = [];

        public int Looks { get; private set; }

        public async Task<ProbeSample> LookAsync(Probe probe, CancellationToken cancellation)
        {
            Looks++;
            if (Slow.GetValueOrDefault(probe.Id) is { } wait)
            {
                await wait;
            }

            var isGood = Answers.GetValueOrDefault(probe.Id, true);
            return new ProbeSample(Clock.GetUtcNow(), isGood, isGood ? TimeSpan.FromMilliseconds(12) : null, isGood ? "fine" : "refused");
        }
    }
}
