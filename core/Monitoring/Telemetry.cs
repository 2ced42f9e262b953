using System.Diagnostics;
using System.Diagnostics.Metrics;
using Maintenance.Monitoring.Probes;

namespace Maintenance.Monitoring;

/// <summary>
/// What the system measures of itself, under the name <see cref="Name"/>: whoever listens gets it, and where nobody does it costs nothing. The local host sends it to an
/// OpenTelemetry collector; on Azure the platform's exporter does. No name of a person and no text of a ticket is ever in it.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "Maintenance";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> TimerRuns = Meter.CreateCounter<long>("maintenance.timer.runs", "{run}", "Ticks of timers, by what they came to.");
    private static readonly Histogram<double> TimerDuration = Meter.CreateHistogram<double>("maintenance.timer.duration", "s", "How long ticks took.");
    private static readonly Counter<long> ProbeSamples = Meter.CreateCounter<long>("maintenance.probe.samples", "{sample}", "Samples of probes, by what they came to.");
    private static readonly Histogram<double> ProbeDuration = Meter.CreateHistogram<double>("maintenance.probe.duration", "s", "How long answers to probes took.");
    private static readonly Counter<long> TicketsOpened = Meter.CreateCounter<long>("maintenance.tickets.opened", "{ticket}", "Tickets that were opened, by type and priority.");
    private static readonly Counter<long> NotificationsSent = Meter.CreateCounter<long>("maintenance.notifications.sent", "{notification}", "Notifications that were recorded for sending, by category.");
    private static readonly Counter<long> BackupsEnded = Meter.CreateCounter<long>("maintenance.backups.ended", "{run}", "Backup runs that ended, by policy and state.");
    private static readonly Counter<long> MessagesHandled = Meter.CreateCounter<long>("maintenance.messages.handled", "{message}", "Messages of queues, by what they came to.");

    /// <summary>Where activities begin.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>A tick of a timer has ended.</summary>
    public static void Ticked(string timer, bool isGood, TimeSpan took)
    {
        TimerRuns.Add(1, new("timer", timer), new("outcome", isGood ? "done" : "failed"));
        TimerDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("timer", timer));
    }

    /// <summary>A sample was taken.</summary>
    public static void Probed(Probe probe, ProbeSample sample, ProbePhase phase)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(sample);
        ProbeSamples.Add(1, new("probe", probe.Id), new("service", probe.Service), new("outcome", sample.IsGood ? "good" : "failed"), new("phase", phase.ToString()));
        if (sample.Latency is { } latency)
        {
            ProbeDuration.Record(latency.TotalSeconds, new KeyValuePair<string, object?>("probe", probe.Id));
        }
    }

    /// <summary>A ticket was opened.</summary>
    public static void Opened(string type, string priority) => TicketsOpened.Add(1, new("type", type), new("priority", priority));

    /// <summary>Notifications were recorded for sending.</summary>
    public static void Notified(string category, int count) => NotificationsSent.Add(count, new KeyValuePair<string, object?>("category", category));

    /// <summary>A backup run has ended.</summary>
    public static void BackedUp(string policy, string state) => BackupsEnded.Add(1, new("policy", policy), new("state", state));

    /// <summary>A message was handled, or was not.</summary>
    public static void Handled(string queue, bool isGood) => MessagesHandled.Add(1, new("queue", queue), new("outcome", isGood ? "done" : "failed"));
}
