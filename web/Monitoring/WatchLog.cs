using Maintenance.Monitoring;
using Microsoft.Extensions.Logging;

namespace Maintenance.Web.Monitoring;

/// <summary>The watchdog's lines in the host's log: on Azure, alert rules over Application Insights search for how they begin.</summary>
public sealed class WatchLog(ILogger<WatchLog> log) : IWatchLog
{
    /// <inheritdoc/>
    public void Heartbeat() => log.LogInformation("Heartbeat");

    /// <inheritdoc/>
    public void Alarm(WatchFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);

        // One line each, whatever an error or a message says.
        log.LogError("{Alarm}: {Text}", WatchRules.Prefix(finding.Kind), finding.Text.ReplaceLineEndings(" "));
    }
}
