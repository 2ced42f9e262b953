namespace Maintenance.Monitoring;

/// <summary>
/// Where the watchdog writes what somebody outside looks for: alert rules over the log, which still work when no notification can be sent. Each line begins with
/// words that those rules search for, so that they are part of this port's contract.
/// </summary>
public interface IWatchLog
{
    /// <summary>The watchdog has looked at everything: the line <c>Heartbeat</c>. Where it is missing, the watchdog itself has stopped.</summary>
    void Heartbeat();

    /// <summary>A finding lasts: a line that begins with its <see cref="WatchRules.Prefix"/>. Written at each look, not only at the first.</summary>
    void Alarm(WatchFinding finding);
}
