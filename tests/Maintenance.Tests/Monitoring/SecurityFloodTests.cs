using System.Globalization;
using Maintenance.Evidence;
using Maintenance.Monitoring.Security;
using Maintenance.Storage;
using Maintenance.Tests.Services;

namespace Maintenance.Tests.Monitoring;

/// <summary>However much stands in the audit log between two looks, none of it is passed over.</summary>
public sealed class SecurityFloodTests
{
    private const string Section = "\nmonitoring: { security: { notify: [cat], failedSignIns: 3, within: 10m } }\n";

    [Fact]
    public async Task A_flood_is_looked_through_from_its_oldest_on_over_as_many_looks_as_it_takes()
    {
        await using var bench = await MonitoringBench.StartAsync(Section);
        await WatchAsync(bench);
        var began = bench.Now;
        bench.Rig.Clock.Advance(TimeSpan.FromMinutes(30));
        await WriteAsync(bench, Entry(began.AddSeconds(1), "ExportAudit", AuditOutcome.Done, "198.51.100.1"));
        await WriteAsync(bench, [.. Enumerable.Range(0, 22_000).Select(number => Entry(began.AddSeconds(2).AddMilliseconds(number * 70), "VotePatch", AuditOutcome.Done, "198.51.100.2", number))]);
        await WriteAsync(bench, Entry(bench.Now.AddMinutes(-1), "ExportAudit", AuditOutcome.Done, "198.51.100.3"));

        // Bounded: the first look does not come to the end; and the oldest first: what it came to is told.
        await WatchAsync(bench);
        Assert.Equal(["198.51.100.1"], await AddressesAsync(bench));
        for (var look = 0; look < 3; look++)
        {
            await WatchAsync(bench);
        }

        Assert.Equal(["198.51.100.3", "198.51.100.1"], await AddressesAsync(bench));
    }

    [Fact]
    public async Task Sign_ins_that_are_refused_far_apart_in_a_flood_are_a_burst_all_the_same()
    {
        await using var bench = await MonitoringBench.StartAsync(Section);
        await WatchAsync(bench);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            bench.Rig.Clock.Advance(TimeSpan.FromMinutes(3));
            var at = bench.Now.AddMinutes(-2);
            await WriteAsync(bench, Entry(at, "SignIn", AuditOutcome.Refused, "203.0.113.7"));
            await WriteAsync(bench, [.. Enumerable.Range(0, 6000).Select(number => Entry(at.AddMilliseconds(1 + (number * 10)), "VotePatch", AuditOutcome.Done, "198.51.100.2", number))]);
            await WatchAsync(bench);
        }

        Assert.Equal(["203.0.113.7"], await AddressesAsync(bench));
    }

    [Fact]
    public async Task An_act_that_is_under_way_while_it_is_looked_at_is_told_when_it_has_ended()
    {
        await using var bench = await MonitoringBench.StartAsync(Section);
        await WatchAsync(bench);
        var audit = bench.Rig.Get<AuditLog>();
        var under = await audit.BeginAsync("ann", "Ann", "ExportAudit", "/api/audit.csv", "198.51.100.4", default);
        for (var look = 0; look < 8; look++)
        {
            bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await WatchAsync(bench);
        }

        Assert.Empty(await AddressesAsync(bench));
        await audit.EndAsync(under, 200);
        for (var look = 0; look < 2; look++)
        {
            bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await WatchAsync(bench);
        }

        Assert.Equal(["198.51.100.4"], await AddressesAsync(bench));
    }

    [Fact]
    public async Task After_the_clock_was_set_right_what_is_written_is_looked_at()
    {
        await using var bench = await MonitoringBench.StartAsync(Section);
        bench.Rig.Clock.Advance(TimeSpan.FromDays(30));
        await WatchAsync(bench);
        bench.Rig.Clock.SetBack(TimeSpan.FromDays(30));
        await WatchAsync(bench);
        await WriteAsync(bench, Entry(bench.Now, "ExportAudit", AuditOutcome.Done, "198.51.100.5"));
        bench.Rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await WatchAsync(bench);

        Assert.Equal(["198.51.100.5"], await AddressesAsync(bench));
    }

    [Fact]
    public async Task Cut_off_after_any_write_nothing_is_passed_over_and_nobody_is_told_twice()
    {
        for (var writes = 0; ; writes++)
        {
            await using var bench = await MonitoringBench.StartAsync(Section);
            await WatchAsync(bench);
            bench.Rig.Clock.Advance(TimeSpan.FromMinutes(5));
            for (var minute = 4; minute > 0; minute--)
            {
                await WriteAsync(bench, Entry(bench.Now.AddMinutes(-minute), "SignIn", AuditOutcome.Refused, "203.0.113.7"), Entry(bench.Now.AddMinutes(-minute).AddSeconds(1), "ExportAudit", AuditOutcome.Done, $"198.51.100.{minute}"));
            }

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
            await WatchAsync(bench);
            Assert.Equal(["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4", "203.0.113.7"], (await AddressesAsync(bench)).Order(StringComparer.Ordinal));
            Assert.Equal(5, await bench.Rig.Get<Maintenance.Notifications.OutboxService>().ListAsync(null, "person:cat", default).CountAsync());
            if (!isCut)
            {
                Assert.True(writes > 10, "The store was hardly cut off anywhere.");
                return;
            }
        }
    }

    private static Task WatchAsync(MonitoringBench bench) => bench.Rig.Get<SecurityWatch>().WatchAsync(default);

    /// <summary>From where what was told came, the newest first.</summary>
    private static async Task<List<string>> AddressesAsync(MonitoringBench bench) =>
        [.. (await bench.Rig.Get<SecurityWatch>().ListAsync(100, default)).Select(static signal => signal.Kind == SecuritySignalKind.FailedSignIns ? signal.Subject : signal.Text[(signal.Text.LastIndexOf(' ') + 1)..^1])];

    private static AuditEntry Entry(DateTimeOffset at, string act, AuditOutcome outcome, string from, int number = 0) => new(
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks:D19}-{number:x12}"), at, "ann", "Ann", act, "/there", from, outcome, outcome == AuditOutcome.Done ? 200 : 401);

    /// <summary>Writes entries as the audit log does, a hundred at a time.</summary>
    private static async Task WriteAsync(MonitoringBench bench, params AuditEntry[] entries)
    {
        foreach (var batch in entries.Chunk(IRecordStore.MaxBatch))
        {
            foreach (var month in batch.GroupBy(static entry => entry.At.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture)))
            {
                await bench.Store.WriteAsync(Tables.Audit, month.Key, [.. month.Select(static entry => RecordWrite.Insert(entry.Id, MaintenanceJson.Write(entry)))], default);
            }
        }
    }
}
