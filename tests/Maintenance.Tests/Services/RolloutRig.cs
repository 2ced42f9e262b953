using System.Globalization;
using Maintenance.Actions;
using Maintenance.Local.Actions;
using Maintenance.Local.Hosting;
using Maintenance.Local.Storage;
using Maintenance.Local.Workflows;
using Maintenance.Messaging;
using Maintenance.Notifications;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Rollouts;
using Maintenance.Tests.Web;
using Maintenance.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Services;

/// <summary>
/// The whole program but for its outside: a real record file, repository and folder, the real engine on a clock that tests move, people whose mail is a list, probes
/// that answer as they are told, and programs that are noted before they run.
/// </summary>
internal sealed class RolloutRig : IAsyncDisposable
{
    private readonly WebRig _web;

    private RolloutRig(WebRig web) => _web = web;

    public WebRig Web => _web;

    public NotedNotifier Notifier { get; private set; } = null!;

    public NotedPrograms Programs { get; private set; } = null!;

    public ScriptedOutside Outside { get; private set; } = null!;

    public EditablePlan PlanFile { get; private set; } = null!;

    public WorkflowEngine Engine => _web.Get<WorkflowEngine>();

    public RolloutService Rollouts => _web.Get<RolloutService>();

    public string Source => _web.PathOf("source");

    /// <summary>Starts a rig on a plan with these rings.</summary>
    /// <param name="rings">YAML: the items of <c>patching.rings</c>, four spaces in.</param>
    /// <param name="windows">YAML: the section <c>windows</c>.</param>
    public static async Task<RolloutRig> StartAsync(string rings, string windows = "")
    {
        NotedNotifier notifier = new();
        NotedPrograms? programs = null;
        ScriptedOutside outside = new();
        EditablePlan? plan = null;
        var web = await WebRig.StartAsync((rig, services) =>
        {
            programs = new NotedPrograms(new ProgramRunner(rig.PathOf("")));
            plan = new EditablePlan(rig.PathOf(""), Yaml(rings, windows));
            services.AddSingleton<IPlanSource>(plan);
            services.AddSingleton<INotifier>(notifier);
            services.AddSingleton<IMessageSender>(static provider =>
                new PromptSender(provider.GetRequiredService<SqliteMessageQueue>(), new NotificationHandler(provider.GetRequiredService<NotificationDelivery>())));
            services.AddSingleton<IProgramRunner>(programs);
            services.AddSingleton<IOutside>(outside);
            services.AddSingleton<IWorkflowJournal, SqliteWorkflowJournal>();
            services.AddSingleton(new WorkflowEngineSettings());
            services.AddSingleton(static _ => LocalHost.Workflows());
            services.AddSingleton<ActivityRegistry>();
            services.AddSingleton<WorkflowEngine>();
            services.AddSingleton<IWorkflows>(static provider => provider.GetRequiredService<WorkflowEngine>());
        });
        LocalHost.AddActivities(web.Get<ActivityRegistry>(), web.Get<IServiceProvider>());
        var made = new RolloutRig(web) { Notifier = notifier, Programs = programs!, Outside = outside, PlanFile = plan! };
        await made.Engine.StartAsync(default);
        return made;
    }

    /// <summary>Has a request of Ann's, implemented by Ben, approved by Cat and Dan.</summary>
    public async Task<string> ApproveAsync(NewPatch? patch = null)
    {
        var patches = _web.Get<PatchService>();
        var request = await patches.RequestAsync(
            patch ?? new("PostgreSQL 16.5", "Security fix.", PatchType.Normal, PatchSeverity.High, "register") { Implementer = "ben" }, "ann", Guid.NewGuid().ToString(), default);
        foreach (var person in new[] { "cat", "dan" })
        {
            _ = await patches.VoteAsync(request.Id, Person(person), VoteChoice.Approve, null, null, null, default);
        }

        await Engine.WaitUntilIdleAsync();
        return request.Id;
    }

    public Person Person(string id) => _web.Get<ActivePlan>().Current.FindPerson(id)!;

    public async Task<RolloutRun> RunAsync(string patch) => (await Rollouts.FindAsync(patch, default))!;

    public async Task<RolloutRun> DecideAsync(string patch, RolloutDecision decision, string by = "ben", string reason = "Because.")
    {
        var run = await Rollouts.DecideAsync(patch, decision, Person(by), reason, default);
        await Engine.WaitUntilIdleAsync();
        return run!;
    }

    /// <summary>Lets time pass until the rollout is as it is wanted, for so many minutes at most.</summary>
    public async Task<RolloutRun> UntilAsync(string patch, Func<RolloutRun, bool> wanted, int minutes = 240)
    {
        for (var steps = 0; ; steps++)
        {
            await Engine.WaitUntilIdleAsync();
            var run = await Rollouts.FindAsync(patch, default);
            if (run is not null && wanted(run))
            {
                return run;
            }

            Assert.True(steps < minutes * 4, $"Not within {minutes} minutes: {(run is null ? "none" : MaintenanceJson.Write(run))}");
            _web.Clock.Advance(TimeSpan.FromSeconds(15));
        }
    }

    public Task<RolloutRun> EndAsync(string patch, int minutes = 240) => UntilAsync(patch, static run => !run.IsOpen, minutes);

    public async Task ChangePlanAsync(Func<string, string> change)
    {
        PlanFile.Text = change(PlanFile.Text);
        var state = await _web.Get<ActivePlan>().RefreshAsync(default);
        Assert.False(state.IsStale, string.Join('\n', state.Problems));
    }

    /// <summary>A script that appends its target to a file in the live folder, unless it is told to fail.</summary>
    public string Script(string name, string body)
    {
        var path = _web.PathOf(name);
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync(default);
        await _web.DisposeAsync();
    }

    private static string Yaml(string rings, string windows) =>
        Office.QuickPlan.Replace("calendars:", "  - { id: dan, name: Dan, email: dan@registry.example, roles: [approver] }\n  - { id: eve, name: Eve, email: eve@registry.example, roles: [guest] }\ncalendars:", StringComparison.Ordinal)
            .Replace("expiresAfter: 8h }]", "expiresAfter: 8h }]\n  rings:\n" + rings, StringComparison.Ordinal) + "\n" + windows;

    /// <summary>The plan's text, which a test may change.</summary>
    internal sealed class EditablePlan(string folder, string yaml) : IPlanSource
    {
        public string Text { get; set; } = yaml;

        public Task<PlanText> ReadAsync(CancellationToken cancellation) => Task.FromResult(new PlanText("plan.yaml", folder, Text));
    }
}

/// <summary>Programs that run, and what they were run with.</summary>
internal sealed class NotedPrograms(IProgramRunner inner) : IProgramRunner
{
    public List<ProgramOrder> Orders { get; } = [];

    /// <summary>What happens in the middle of a program.</summary>
    public Func<ProgramOrder, Task>? During { get; set; }

    /// <summary>What was done, in order: <c>apply a 1</c>.</summary>
    public IEnumerable<string> Acts => Orders.Select(static order => string.Create(
        CultureInfo.InvariantCulture, $"{order.Variables["MAINTENANCE_ACT"]} {order.Variables.GetValueOrDefault("MAINTENANCE_TARGET", "-")} {order.Variables["MAINTENANCE_ATTEMPT"]}"));

    public async Task<ActionReport> RunAsync(ProgramOrder order, CancellationToken cancellation)
    {
        Orders.Add(order);
        if (During is { } during)
        {
            await during(order);
        }

        return await inner.RunAsync(order, cancellation);
    }
}

/// <summary>Probes that answer as they are told.</summary>
internal sealed class ScriptedOutside : IOutside
{
    public int Status { get; set; } = 200;

    public int Probes { get; private set; }

    public Task<ActionReport> PostAsync(PlanAction action, ActionOrder order, CancellationToken cancellation) => Task.FromResult(new ActionReport(true, "posted"));

    public Task<Observation> ProbeAsync(Check check, CancellationToken cancellation)
    {
        Probes++;
        return Task.FromResult(new Observation(true) { Status = Status, HasText = true });
    }

    public Task<Observation> QueryAsync(Check check, CancellationToken cancellation) => throw new NotSupportedException();
}
