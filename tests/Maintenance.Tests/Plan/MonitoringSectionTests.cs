using Maintenance.Monitoring.Probes;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>What is watched, as the plan says it.</summary>
public sealed class MonitoringSectionTests
{
    private const string Tcp = "tcp: { host: db, port: 5432 }";

    private const string Section = """
        monitoring:
          tickets: { impact: all, urgency: now }
          probes:
            - { id: db, service: register, name: Database, every: 30s, tcp: { host: db, port: 5432 }, timeout: 5s, retries: 2, failAfter: 2, of: 4, recoverAfter: 3 }
            - { id: page, service: printing, name: Page, every: 1m, parent: db, parentService: register, http: { url: https://registry.example/health, status: 204, latency: 2s, method: head } }
            - { id: own, service: printing, name: Own, every: 1m, http: { url: /api/health, contains: ok } }
            - { id: tls, service: printing, name: Certificate, every: 1h, tls: { host: registry.example } }
            - { id: dns, service: printing, name: Name, every: 5m, dns: { name: registry.example, expects: [203.0.113.10] } }
            - { id: disk, service: register, name: Disk, every: 5m, disk: { path: data, freePercent: 10 } }
            - { id: batch, service: register, name: Batch, every: 15m, heartbeat: { within: 1d, keySetting: BATCH_KEY } }
            - { id: queue, service: register, name: Queue, every: 5m, query: { database: CIVREG, sql: select 1, min: 0, max: 10 } }
          objectives:
            - { service: register, availability: 99.5, calendar: office }
          security: { notify: [dba], failedSignIns: 4, within: 5m }
          deadMan: { urlSetting: WATCHER, every: 10m }

        """;

    [Fact]
    public void Every_field_is_read()
    {
        var load = SmallPlan.Load(SmallPlan.Yaml + Section);
        Assert.Empty(load.Problems);
        var policy = load.Plan!.Monitoring;

        Assert.Equal(["db", "page", "own", "tls", "dns", "disk", "batch", "queue"], policy.Probes.Select(static probe => probe.Id));
        var db = policy.Find("db")!;
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), 2, new Damping(2, 4, 3)), (db.Every, db.Timeout, db.Retries, db.Damping));
        Assert.Equal(new ProbeTarget.Tcp("db", 5432), db.Target);
        var page = policy.Find("page")!;
        Assert.Equal(("db", "register", Damping.Usual), (page.Parent, page.ParentService, page.Damping));
        Assert.Equal(new ProbeTarget.Http(new Uri("https://registry.example/health"), 204, null, TimeSpan.FromSeconds(2), true), page.Target);
        Assert.Equal(new ProbeTarget.Http(new Uri("/api/health", UriKind.Relative), 200, "ok", null, false), policy.Find("own")!.Target);
        Assert.Equal(new ProbeTarget.Tls("registry.example", 443, TimeSpan.FromDays(21)), policy.Find("tls")!.Target);
        Assert.Equal("registry.example", Assert.IsType<ProbeTarget.Dns>(policy.Find("dns")!.Target).Name);
        Assert.Equal(new ProbeTarget.Disk(Path.Combine(SmallPlan.Folder, "data"), 10, null), policy.Find("disk")!.Target);
        Assert.Equal(new ProbeTarget.Heartbeat(TimeSpan.FromDays(1), "BATCH_KEY"), policy.Find("batch")!.Target);
        Assert.Equal(new ProbeTarget.Query("CIVREG", "select 1", 0, 10), policy.Find("queue")!.Target);
        Assert.Equal(new ServiceObjective("register", 99.5, "office"), Assert.Single(policy.Objectives));
        Assert.Equal((4, TimeSpan.FromMinutes(5)), (policy.Security!.FailedSignIns, policy.Security.Within));
        Assert.Equal(new DeadMan(null, "WATCHER", TimeSpan.FromMinutes(10)), policy.DeadMan);
        Assert.Equal(new IncidentTicket("all", "now"), policy.Ticket);
    }

    [Fact]
    public void Without_the_section_nothing_is_watched() => Assert.Same(MonitoringPolicy.None, SmallPlan.Load(SmallPlan.Yaml).Plan!.Monitoring);

    [Theory]
    [InlineData("every: 30s, tcp", "every: 29s, tcp", "monitoring.probes[0].every", "29s is too often.")]
    [InlineData("timeout: 5s, retries: 2", "timeout: 11s, retries: 2", "monitoring.probes[0].timeout", "with its tries a look may take 33s.")]
    [InlineData("of: 4", "of: 1", "monitoring.probes[0].of", "2 of 1 samples can never fail.")]
    [InlineData("method: head", "method: head, contains: ok", "monitoring.probes[1].http.contains", "headers alone contain no text.")]
    [InlineData(Tcp, "tcp: { host: db, port: 5432 }, dns: { name: x }", "monitoring.probes[0].dns", "there is 'tcp' already.")]
    [InlineData(Tcp + ", ", "", "monitoring.probes[0]", "it has none of http, tcp, tls, dns, disk, heartbeat, query.")]
    [InlineData("freePercent: 10", "freeBytes: 0", "monitoring.probes[5].disk", "it does not say how much must be free.")]
    [InlineData(", min: 0, max: 10", "", "monitoring.probes[7].query", "it has no bounds, so no number would be wrong.")]
    [InlineData("min: 0, max: 10", "min: 11, max: 10", "monitoring.probes[7].query.max", "it is below min: no number would be right.")]
    [InlineData("expects: [203.0.113.10]", "expects: [nowhere]", "monitoring.probes[4].dns.expects", "'nowhere' is not an address.")]
    [InlineData("parent: db", "parent: nothing", "monitoring.probes[1].parent", "there is no probe 'nothing'.")]
    [InlineData("timeout: 5s, retries", "parent: page, timeout: 5s, retries", "monitoring.probes[0].parent", "the probes depend on one another in a circle: db → page → db.")]
    [InlineData("availability: 99.5", "availability: 100", "monitoring.objectives[0].availability", "it is not between 0 and 100.")]
    [InlineData("calendar: office }\n  security", "calendar: office }\n    - { service: register }\n  security", "monitoring.objectives[1].service", "'register' has an objective already.")]
    [InlineData("every: 10m }", "every: 1m }", "monitoring.deadMan.every", "1m is more often than the watchdog looks.")]
    [InlineData("  deadMan:", "  joinsWithin: 13h\n  deadMan:", "monitoring.joinsWithin", "within 13h outages of different days would be one ticket.")]
    [InlineData("  deadMan:", "  joinsWithin: 0m\n  deadMan:", "monitoring.joinsWithin", "'0m' is not a duration.")]
    [InlineData("  tickets: { impact: all, urgency: now }\n", "", "monitoring", "it does not say what the ticket of an outage is taken to be.")]
    [InlineData("url: /api/health", "url: //api/health", "monitoring.probes[2].http.url", "'//api/health' is not a web address.")]
    public void What_cannot_work_is_an_error(string passage, string replacement, string path, string message)
    {
        var load = SmallPlan.Load(SmallPlan.Yaml + SmallPlan.Replace(Section, passage, replacement));

        Assert.Null(load.Plan);
        Assert.Equal([(path, message)], load.Problems.Where(static problem => problem.Severity == PlanProblemSeverity.Error).Select(static problem => (problem.Path, problem.Message)));
    }

    [Fact]
    public void What_nobody_measures_and_what_is_looked_for_too_late_are_doubtful()
    {
        var text = SmallPlan.Replace(SmallPlan.Replace(Section, "within: 1d,", "within: 10m,"), "service: register, availability", "service: printing, availability").Replace("service: printing, name", "service: register, name", StringComparison.Ordinal);
        var load = SmallPlan.Load(SmallPlan.Yaml + text.Replace("parentService: register, ", "", StringComparison.Ordinal));

        Assert.Equal(["monitoring.probes[6].every", "monitoring.objectives[0]"], load.Problems.Select(static problem => problem.Path));
        Assert.NotNull(load.Plan);
    }
}
