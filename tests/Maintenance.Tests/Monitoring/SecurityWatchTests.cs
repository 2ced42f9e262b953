using Maintenance.Monitoring.Security;
using Maintenance.Notifications;
using Maintenance.Tests.Services;
using Maintenance.Web.Http;

namespace Maintenance.Tests.Monitoring;

/// <summary>Signals of security over a real store: each is kept and told once.</summary>
public sealed class SecurityWatchTests
{
    private const string Section = "\nmonitoring: { security: { notify: [cat], failedSignIns: 3, within: 10m } }\n";

    [Fact]
    public async Task Refused_sign_ins_and_exports_are_told_once_to_those_whom_the_plan_names()
    {
        await using var bench = await MonitoringBench.StartAsync(Section);
        await WatchAsync(bench);
        for (var attempt = 0; attempt < 4; attempt++)
        {
            Assert.NotEqual(200, (await bench.Rig.SendAsync(Routes.SignIn, body: "code=nonsense", from: "203.0.113.7")).Status);
            bench.Rig.Clock.Advance(TimeSpan.FromSeconds(20));
        }

        bench.Rig.Caller = bench.Rig.Person("ann");
        Assert.Equal(200, (await bench.Rig.SendAsync(Routes.ExportAudit, from: "203.0.113.9")).Status);
        for (var look = 0; look < 3; look++)
        {
            bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await WatchAsync(bench);
        }

        var signals = await bench.Rig.Get<SecurityWatch>().ListAsync(10, default);
        Assert.Equal([SecuritySignalKind.PersonalData, SecuritySignalKind.FailedSignIns], signals.Select(static signal => signal.Kind));
        Assert.Equal(("ann", "203.0.113.7"), (signals[0].Subject, signals[1].Subject));
        Assert.Equal(2, (await ToldAsync(bench)).Count);

        var page = await bench.Rig.SendAsync(Routes.SecurityPage);
        Assert.Contains("Ann took out the audit log", page.Body, StringComparison.Ordinal);
        bench.Rig.Caller = bench.Rig.Person("ben");
        Assert.Equal(403, (await bench.Rig.SendAsync(Routes.ListSecuritySignals)).Status);
    }

    [Fact]
    public async Task A_new_administrator_in_the_plan_is_told_and_the_first_look_tells_of_nobody()
    {
        await using var bench = await MonitoringBench.StartAsync(Section);
        await WatchAsync(bench);
        Assert.Empty(await bench.Rig.Get<SecurityWatch>().ListAsync(10, default));

        await bench.ChangePlanAsync(static text => text.Replace("roles: [support, approver]", "roles: [support, approver, administrator]", StringComparison.Ordinal));
        await WatchAsync(bench);
        await WatchAsync(bench);

        var signal = Assert.Single(await bench.Rig.Get<SecurityWatch>().ListAsync(10, default));
        Assert.Equal((SecuritySignalKind.NewAdministrator, "ben"), (signal.Kind, signal.Subject));
        Assert.True(Assert.Single(await ToldAsync(bench)).IsUrgent);
    }

    [Fact]
    public async Task Cut_off_after_any_write_a_change_of_roles_is_told_once()
    {
        for (var writes = 0; ; writes++)
        {
            await using var bench = await MonitoringBench.StartAsync(Section);
            await WatchAsync(bench);
            await bench.ChangePlanAsync(static text => text.Replace("roles: [support, approver]", "roles: [support, approver, dba]", StringComparison.Ordinal));
            bench.Store.CutAfter(writes);
            var isCut = false;
            try
            {
                await WatchAsync(bench);
            }
            catch (Exception error) when (error is AggregateException or CutOffException)
            {
                isCut = true;
            }

            bench.Store.Mend();
            bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await WatchAsync(bench);
            Assert.Single(await bench.Rig.Get<SecurityWatch>().ListAsync(10, default));
            Assert.Single(await ToldAsync(bench));
            if (!isCut)
            {
                Assert.True(writes > 3, "The store was hardly cut off anywhere.");
                return;
            }
        }
    }

    [Fact]
    public async Task Whoever_takes_tickets_out_is_told()
    {
        await using var bench = await MonitoringBench.StartAsync(Section);
        await WatchAsync(bench);
        bench.Rig.Caller = bench.Rig.Person("ben");
        Assert.Equal(200, (await bench.Rig.SendAsync(Routes.ExportTickets, from: "203.0.113.9")).Status);
        bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await WatchAsync(bench);

        var signal = Assert.Single(await bench.Rig.Get<SecurityWatch>().ListAsync(10, default));
        Assert.Equal((SecuritySignalKind.PersonalData, "ben"), (signal.Kind, signal.Subject));
        Assert.StartsWith("Ben took out tickets (", signal.Text, StringComparison.Ordinal);
        Assert.EndsWith(" from 203.0.113.9.", signal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_table_that_is_handed_out_either_leaves_a_trace_and_is_told_or_has_nothing_personal()
    {
        string[] plain = ["ExportOperationsReport", "ExportAvailabilityReport", "ExportBackupReport", "ExportDrillReport", "ExportServiceLevelReport", "ExportDutyReport"];
        var tables = Routes.All.Where(static route => route.Pattern.EndsWith(".csv", StringComparison.Ordinal)).Select(static route => route.Name);
        Assert.Equal(tables.Except(plain).Order(), tables.Where(SecurityRules.Exports.ContainsKey).Order());
        Assert.All(SecurityRules.Exports.Keys, static name => Assert.True(Routes.All.Single(route => route.Name == name).IsAudited, name));
    }

    private static Task WatchAsync(MonitoringBench bench) => bench.Rig.Get<SecurityWatch>().WatchAsync(default);

    private static async Task<IReadOnlyList<NotificationEntry>> ToldAsync(MonitoringBench bench) => await bench.Rig.Get<OutboxService>().ListAsync(null, "person:cat", default).ToListAsync();
}
