using Maintenance.Actions;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Monitoring;

/// <summary>Calls the watcher outside that the plan names, as the watchdog's last act: where the host, its timers or the watchdog stop, the call is missing, and the watcher alarms.</summary>
public sealed class DeadManCall(ActivePlan plan, IOutside outside, IRecordStore records, TimeProvider time)
{
    private const string Partition = "watch";
    private const string Row = "deadMan";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Calls where a call is due.</summary>
    /// <exception cref="InvalidOperationException">The watcher did not take it; the next look calls again.</exception>
    public async Task CallAsync(CancellationToken cancellation)
    {
        if (plan.Current.Monitoring.DeadMan is not { } deadMan)
        {
            return;
        }

        // Ticks come a little early or late: one that comes a little early calls too. A call that lies ahead was made by a clock that has been set right since.
        var now = time.GetUtcNow();
        var last = (await records.FindAsync<LastCall>(Tables.Security, Partition, Row, cancellation))?.Value.At;
        if (last <= now && now - last < deadMan.Every - TimeSpan.FromSeconds(30))
        {
            return;
        }

        var report = await outside.PostAsync(
            new PlanAction([], deadMan.Url, deadMan.UrlSetting, Patience), new ActionOrder("dead-man/" + RecordKeys.Instant(now), 1, new Dictionary<string, string>(StringComparer.Ordinal)), cancellation);
        if (!report.IsGood)
        {
            throw new InvalidOperationException($"The watcher outside (monitoring.deadMan) was not reached: {report.Said}");
        }

        _ = await records.WriteAsync(Tables.Security, Partition, RecordWrite.Put(Row, MaintenanceJson.Write(new LastCall(now))), cancellation);
    }

    private sealed record LastCall(DateTimeOffset At);
}
