using Maintenance.Monitoring;
using Maintenance.Monitoring.Probes;
using Maintenance.Reports;
using Maintenance.Status;
using Maintenance.Storage;
using Maintenance.Tests.Services;
using Maintenance.Tickets;
using Maintenance.Web.Http;

namespace Maintenance.Tests.Monitoring;

/// <summary>Probes over a real store: outages, their tickets, and what is left of samples.</summary>
public sealed class ProbeRunnerTests
{
    private const string Family = """

        monitoring:
          tickets: { impact: all, urgency: now }
          probes:
            - { id: line, service: link, name: The line, every: 1m, tcp: { host: 127.0.0.1, port: 22 }, failAfter: 2, recoverAfter: 1 }
            - { id: web, service: register, name: The page, every: 1m, tcp: { host: 127.0.0.1, port: 80 }, failAfter: 2, recoverAfter: 2, parentService: link }
            - { id: api, service: register, name: The interface, every: 1m, tcp: { host: 127.0.0.1, port: 81 }, failAfter: 2, recoverAfter: 2 }
        """;

    [Fact]
    public async Task An_outage_opens_one_ticket_and_ends_it_with_its_exact_span()
    {
        await using var bench = await MonitoringBench.StartAsync();
        await bench.PassAsync(2, isGood: true);
        await bench.PassAsync(5, isGood: false);
        var began = bench.Now.AddMinutes(-4);

        var ticket = Assert.Single(await bench.TicketsAsync());
        Assert.Equal(("Register is down: The page", "p1", "register", TicketState.New), (ticket.Title, ticket.Priority, ticket.Service, ticket.State));
        await bench.PassAsync(4, isGood: true);

        var ended = Assert.Single(await bench.TicketsAsync());
        Assert.Equal(TicketState.Resolved, ended.State);
        var incident = Assert.Single(await bench.IncidentsAsync());
        Assert.Equal((began, began.AddMinutes(5), ticket.Id), (incident.From, incident.To, incident.Ticket));
        Assert.Contains(await bench.CommentsAsync(ticket.Id), text => text.StartsWith($"The page was down from {began:yyyy-MM-dd HH:mm:ss} UTC to {began.AddMinutes(5):yyyy-MM-dd HH:mm:ss} UTC: 5m.", StringComparison.Ordinal));
        Assert.Empty((await bench.StateAsync()).Unsettled);
        Assert.Empty(await bench.Rig.Get<MonitoringService>().OpenAsync(default));
    }

    [Fact]
    public async Task Cut_off_after_any_write_one_outage_is_one_ticket_with_one_ending()
    {
        for (var writes = 0; ; writes++)
        {
            await using var bench = await MonitoringBench.StartAsync();
            await bench.PassAsync(1, isGood: true);
            bench.Store.CutAfter(writes);
            var cut = 0;
            foreach (var isGood in new[] { false, false, false, true, true, true })
            {
                try
                {
                    await bench.PassAsync(1, isGood);
                }
                catch (Exception error) when (error is AggregateException or CutOffException)
                {
                    cut++;
                    bench.Store.Mend();
                    await bench.TickAsync();
                }
            }

            await bench.TickAsync();
            var ticket = Assert.Single(await bench.TicketsAsync());
            Assert.Equal(TicketState.Resolved, ticket.State);
            Assert.Single(await bench.CommentsAsync(ticket.Id));
            var incident = Assert.Single(await bench.IncidentsAsync());
            Assert.Equal((ticket.Id, TimeSpan.FromMinutes(3)), (incident.Ticket, incident.To - incident.From));
            Assert.Empty((await bench.StateAsync()).Unsettled);
            if (cut == 0)
            {
                Assert.True(writes > 10, "The store was hardly cut off anywhere.");
                return;
            }
        }
    }

    [Fact]
    public async Task Ticked_twice_and_side_by_side_a_sample_counts_once()
    {
        await using var bench = await MonitoringBench.StartAsync();
        for (var minute = 0; minute < 5; minute++)
        {
            bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAll(bench.TickAsync(), bench.TickAsync(), bench.TickAsync());
            await bench.TickAsync();
        }

        var hour = Assert.Single(await bench.Rig.Get<ProbeBook>().HoursAsync("web", bench.Now.AddHours(-1), default));
        Assert.Equal((5, 0, 5L), (hour.Good, hour.Failed, hour.Latency.Total));
    }

    [Fact]
    public async Task A_slow_probe_holds_up_no_other()
    {
        await using var bench = await MonitoringBench.StartAsync(Family, Link);
        var slow = new TaskCompletionSource();
        bench.Script.Slow["line"] = slow.Task;
        bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
        var tick = bench.TickAsync();

        await EndToEnd.Eventually.HoldsAsync(async () => await bench.Rig.Get<ProbeBook>().StateAsync("api", default), static state => state is not null);
        Assert.Null(await bench.Rig.Get<ProbeBook>().StateAsync("line", default));
        slow.SetResult();
        await tick;
        Assert.NotNull(await bench.Rig.Get<ProbeBook>().StateAsync("line", default));
    }

    [Fact]
    public async Task Behind_its_parent_a_probe_has_no_outage_and_its_own_begins_when_the_parent_is_back()
    {
        await using var bench = await MonitoringBench.StartAsync(Family, Link);
        await bench.PassAsync(2, isGood: true);
        (bench.Script.Answers["line"], bench.Script.Answers["web"]) = (false, false);
        await bench.PassAsync(6, isGood: false);

        Assert.Equal("The link is down: The line", Assert.Single(await bench.TicketsAsync()).Title);
        Assert.Equal(ProbePhase.Suppressed, (await bench.StateAsync()).Phase);

        await bench.PassAsync(3, isGood: true, "line");
        Assert.Equal(["The link is down: The line", "Register is down: The page"], (await bench.TicketsAsync()).OrderBy(static one => one.Id).Select(static one => one.Title));
    }

    [Fact]
    public async Task Outages_of_one_service_that_overlap_are_one_ticket_and_one_downtime()
    {
        await using var bench = await MonitoringBench.StartAsync(Family, Link);
        await bench.PassAsync(2, isGood: true);
        await bench.PassAsync(3, isGood: false, "api");
        bench.Script.Answers["web"] = false;
        await bench.PassAsync(2, isGood: false, "api");
        await bench.PassAsync(4, isGood: true, "api");
        var ticket = Assert.Single(await bench.TicketsAsync());
        Assert.True(ticket.IsOpen); // The other probe still fails.
        await bench.PassAsync(3, isGood: true);

        Assert.Equal(TicketState.Resolved, Assert.Single(await bench.TicketsAsync()).State);
        var incidents = await bench.IncidentsAsync();
        Assert.Equal([ticket.Id, ticket.Id], incidents.Select(static one => one.Ticket));
        var measure = (await bench.Rig.Get<MonitoringService>().MeasuresAsync(bench.Now.AddDays(-1), default))["register"];
        Assert.Equal(incidents.Max(static one => one.To) - incidents.Min(static one => one.From), Stretches.Length(measure.Down));
    }

    [Fact]
    public async Task Two_probes_of_one_service_that_fail_in_the_same_tick_are_one_ticket()
    {
        await using var bench = await MonitoringBench.StartAsync(MonitoringBench.Usual + "\n    - { id: api, service: register, name: The API, every: 1m, tcp: { host: 127.0.0.1, port: 81 }, failAfter: 2, recoverAfter: 2 }");
        await bench.PassAsync(2, isGood: true);
        bench.Script.Answers["api"] = false;
        await bench.PassAsync(4, isGood: false);
        var ticket = Assert.Single(await bench.TicketsAsync());
        Assert.Equal([ticket.Id, ticket.Id], (await bench.IncidentsAsync()).Select(static one => one.Ticket));
    }

    [Fact]
    public async Task Two_probes_of_one_service_are_one_ticket_even_where_one_is_held_up_while_it_opens_its_own()
    {
        await using var bench = await MonitoringBench.StartAsync(MonitoringBench.Usual + "\n    - { id: api, service: register, name: The API, every: 1m, tcp: { host: 127.0.0.1, port: 81 }, failAfter: 2, recoverAfter: 2 }");
        await bench.PassAsync(2, isGood: true);
        bench.Script.Answers["api"] = false;

        // Whoever opens a ticket first waits for the other to come as far; seen to one after the other, it waits in vain.
        var (opening, both) = (0, new TaskCompletionSource());
        bench.Store.Before = async (table, partition) =>
        {
            if (table is Tables.Probes or Tables.Incidents)
            {
                return;
            }

            if (Interlocked.Increment(ref opening) == 1)
            {
                _ = await Task.WhenAny(both.Task, Task.Delay(TimeSpan.FromSeconds(2)));
            }
            else
            {
                _ = both.TrySetResult();
            }
        };
        await bench.PassAsync(2, isGood: false);
        bench.Store.Before = null;

        var ticket = Assert.Single(await bench.TicketsAsync());
        Assert.Equal([ticket.Id, ticket.Id], (await bench.IncidentsAsync()).Select(static one => one.Ticket));
    }

    [Fact]
    public async Task A_ticket_that_is_solved_while_the_probe_still_fails_is_opened_again()
    {
        await using var bench = await MonitoringBench.StartAsync();
        await bench.PassAsync(2, isGood: true);
        await bench.PassAsync(3, isGood: false);
        var ticket = Assert.Single(await bench.TicketsAsync());
        _ = await bench.Rig.Get<TicketService>().ResolveAsync(ticket.Id, "ben", "Started it again.", null, null, default);
        await bench.PassAsync(7, isGood: false);
        Assert.Equal(TicketState.Resolved, Assert.Single(await bench.TicketsAsync()).State); // It may show yet that it is over.
        await bench.PassAsync(2, isGood: false);
        Assert.True(Assert.Single(await bench.TicketsAsync()).IsOpen);
        await bench.PassAsync(3, isGood: true);
        Assert.Equal(TicketState.Resolved, Assert.Single(await bench.TicketsAsync()).State);
    }

    [Fact]
    public async Task A_service_that_depends_on_one_that_is_down_says_so()
    {
        await using var bench = await MonitoringBench.StartAsync(Family, Link);
        await bench.PassAsync(2, isGood: true);
        await bench.PassAsync(4, isGood: false, "line");
        await bench.PassAsync(4, isGood: false, "api");

        var ticket = (await bench.TicketsAsync()).Single(static one => one.Service == "register");
        Assert.Contains("It depends on what is down as well: The link.", (await bench.Rig.Get<TicketService>().ReadAsync(ticket.Id, default))!.Value.Description, StringComparison.Ordinal);
        var report = await bench.Rig.Get<MonitoringService>().ReadAsync(default);
        Assert.Equal(["link"], report.Services.Single(static line => line.Service == "register").Upstream);
        var attention = (await bench.Rig.Get<StatusService>().ReadAsync(default)).Attention.Select(static item => item.Text).ToList();
        Assert.Contains(attention, static text => text.StartsWith("Register has been down for", StringComparison.Ordinal) && text.EndsWith("It depends on The link, which is down too.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_lies_in_a_maintenance_window_opens_no_ticket_until_the_window_is_over()
    {
        // The clock starts at 02:00 UTC; the window ends at 02:10.
        await using var bench = await MonitoringBench.StartAsync(MonitoringBench.Usual + "\n  quietIn: [night]\nwindows: { maintenance: [{ id: night, name: Night, days: [sun], start: \"00:00\", end: \"02:10\" }] }");
        await bench.PassAsync(1, isGood: true);
        await bench.PassAsync(9, isGood: false);
        Assert.Empty(await bench.TicketsAsync());
        Assert.Single(await bench.IncidentsAsync());

        await bench.PassAsync(2, isGood: false);
        Assert.Single(await bench.TicketsAsync());
        await bench.PassAsync(3, isGood: true);
        var ticket = Assert.Single(await bench.TicketsAsync());
        Assert.Contains(await bench.CommentsAsync(ticket.Id), static text => text.EndsWith(": 11m; 3m of it outside maintenance windows.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_call_of_a_job_is_down_and_a_call_ends_it()
    {
        await using var bench = await MonitoringBench.StartAsync(Batch);
        await bench.TickAsync();
        await bench.PassAsync(60, isGood: true);
        Assert.Equal(ProbePhase.Up, (await bench.StateAsync("batch")).Phase); // Before the first call there is as much time as after any.
        bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.TickAsync();
        Assert.Equal(ProbePhase.Down, (await bench.StateAsync("batch")).Phase);

        Assert.Equal(401, (await bench.Rig.SendAsync(Routes.NoteHeartbeat, "batch")).Status);
        Assert.Equal(401, (await bench.Rig.SendAsync(Routes.NoteHeartbeat, "batch", headers: ("X-Heartbeat-Key", "wrong"))).Status);
        Assert.Equal(401, (await bench.Rig.SendAsync(Routes.NoteHeartbeat, "other", headers: ("X-Heartbeat-Key", ""))).Status); // Without a key that is set none fits.
        Assert.Equal(401, (await bench.Rig.SendAsync(Routes.NoteHeartbeat, "nothing", headers: ("X-Heartbeat-Key", "correct horse"))).Status);
        Assert.Equal(200, (await bench.Rig.SendAsync(Routes.NoteHeartbeat, "batch", headers: ("X-Heartbeat-Key", "correct horse"))).Status);
        bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.TickAsync();
        Assert.Equal(ProbePhase.Up, (await bench.StateAsync("batch")).Phase);

        bench.Rig.Caller = bench.Rig.Person("ben");
        Assert.Equal(200, (await bench.Rig.SendAsync(Routes.NoteHeartbeat, "other")).Status);
        Assert.Equal(404, (await bench.Rig.SendAsync(Routes.NoteHeartbeat, "nothing")).Status);
        Assert.Equal("ben", (await bench.Rig.Get<ProbeBook>().BeatAsync("other", default))!.By);
    }

    [Fact]
    public async Task A_runner_that_stops_is_an_alarm_by_the_watchdog_and_nobody_says_that_all_is_well()
    {
        await using var bench = await MonitoringBench.StartAsync();
        await bench.PassAsync(3, isGood: true);
        bench.Rig.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Empty(await FindingsAsync(bench));

        bench.Rig.Clock.Advance(TimeSpan.FromSeconds(1));
        var finding = Assert.Single(await FindingsAsync(bench));
        Assert.Equal((WatchKind.ProbeSilent, "web"), (finding.Kind, finding.Subject));
        Assert.Equal(ProbePhase.Unknown, (await bench.Rig.Get<MonitoringService>().ReadAsync(default)).Services.Single().Phase);

        await bench.PassAsync(1, isGood: true);
        Assert.Empty(await FindingsAsync(bench));
        Assert.Single((await bench.Rig.Get<MonitoringService>().ProbeAsync("web", default))!.Gaps);
    }

    [Fact]
    public async Task The_watchdog_tells_the_owner_of_a_silent_probe_once()
    {
        await using var bench = await MonitoringBench.StartAsync();
        await bench.PassAsync(1, isGood: true);
        bench.Rig.Clock.Advance(TimeSpan.FromMinutes(10));
        for (var look = 0; look < 3; look++)
        {
            await bench.Rig.Get<WatchService>().WatchAsync(default);
        }

        var told = await bench.Rig.Get<Maintenance.Notifications.OutboxService>().ListAsync(null, "person:ann", default).Where(static entry => entry.Subject.Contains("probe is silent", StringComparison.Ordinal)).ToListAsync();
        Assert.True(Assert.Single(told).IsUrgent);
    }

    [Fact]
    public async Task An_outage_of_a_probe_that_the_plan_no_longer_has_ends_with_its_last_sample()
    {
        await using var bench = await MonitoringBench.StartAsync();
        await bench.PassAsync(1, isGood: true);
        await bench.PassAsync(3, isGood: false);
        var last = bench.Now;
        await bench.ChangePlanAsync(static text => text.Replace("id: web,", "id: page,", StringComparison.Ordinal));
        await bench.PassAsync(2, isGood: true);

        var incident = Assert.Single(await bench.IncidentsAsync());
        Assert.Equal((last.AddMinutes(-2), last), (incident.From, incident.To));
        Assert.Equal(TicketState.Resolved, Assert.Single(await bench.TicketsAsync()).State);
        Assert.Empty(await bench.Rig.Get<ProbeBook>().OpenAsync(default));

        // What it found stays found.
        Assert.Equal(2, (await bench.Rig.Get<MonitoringService>().MeasuresAsync(bench.Now.AddDays(-1), default))["register"].Down.Sum(static one => (one.To - one.From).TotalMinutes));
    }

    [Fact]
    public async Task Hours_become_days_and_nothing_is_lost_whenever_it_is_cut_off()
    {
        await using var bench = await MonitoringBench.StartAsync();
        var probe = bench.Rig.Get<Maintenance.Plan.ActivePlan>().Current.Monitoring.Probes[0];
        var book = bench.Rig.Get<ProbeBook>();
        for (var hour = 0; hour < 12 * 24; hour++)
        {
            bench.Rig.Clock.Advance(TimeSpan.FromHours(1));
            bench.Script.Answers["web"] = hour % 7 != 0;
            await bench.TickAsync();
        }

        var before = await TotalsAsync(book, bench.Now);
        for (var writes = 0; writes < 8; writes++)
        {
            bench.Store.CutAfter(writes % 2);
            try
            {
                await book.CompactAsync([probe], default);
            }
            catch (AggregateException)
            {
                // Cut off: it goes on below.
            }

            bench.Store.Mend();
            Assert.Equal(before, await TotalsAsync(book, bench.Now));
        }

        Assert.True((await book.HoursAsync("web", bench.Now.AddDays(-30), default)).Count <= 9 * 24);
        Assert.InRange((await book.DaysAsync("web", bench.Now.AddDays(-30), default)).Count, 3, 5);
    }

    [Fact]
    public async Task A_budget_that_burns_is_told_once_and_the_report_says_what_was_measured()
    {
        await using var bench = await MonitoringBench.StartAsync(MonitoringBench.Usual + "\n  objectives: [{ service: register, availability: 99 }]");
        await bench.PassAsync(20, isGood: true);
        await bench.PassAsync(30, isGood: false);
        var finding = Assert.Single(await FindingsAsync(bench));
        Assert.Equal((WatchKind.BudgetBurning, "register"), (finding.Kind, finding.Subject));

        var report = await bench.Rig.Get<OperationsReportService>().AvailabilityAsync("2026-11", "2026-11", default);
        var line = Assert.Single(report.Lines);
        Assert.True(line.IsMeasured);
        Assert.Equal((99.0, 29.0), (line.Objective, line.Total.Down.TotalMinutes));
        Assert.Equal(49, line.Total.Agreed.TotalMinutes);
        Assert.Equal(432 - 29, Math.Round(line.Months[0].Budget!.Left.TotalMinutes, 6));
        Assert.Contains(report.Formulas, static formula => formula.Contains("Site Reliability Workbook", StringComparison.Ordinal));
    }

    private const string Batch = """

        monitoring:
          tickets: { impact: all, urgency: now }
          probes:
            - { id: batch, service: register, name: The batch, every: 1m, heartbeat: { within: 1h, keySetting: BATCH_KEY }, failAfter: 1, recoverAfter: 1 }
            - { id: other, service: register, name: Another, every: 1m, heartbeat: { within: 1d, keySetting: NOT_SET }, failAfter: 1, recoverAfter: 1 }
        """;

    private static string Link(string plan) =>
        plan.Replace("mtd: 1d }", "mtd: 1d, dependsOn: [link] }\n  - { id: link, name: The link, criticality: low, owner: ann, rto: 2h, rpo: 1h, mtd: 1d }", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<WatchFinding>> FindingsAsync(MonitoringBench bench) =>
        await bench.Rig.Get<MonitoringService>().FindingsAsync(bench.Rig.Get<Maintenance.Plan.ActivePlan>().State.Since, default);

    private static async Task<(int Good, int Failed, string Latency)> TotalsAsync(ProbeBook book, DateTimeOffset now)
    {
        var all = ProbeTally.Sum(now, (await book.HoursAsync("web", now.AddDays(-30), default)).Concat(await book.DaysAsync("web", now.AddDays(-30), default)));
        return (all.Good, all.Failed, string.Join(' ', all.Latency.Counts));
    }
}
