using System.Collections.Concurrent;
using Maintenance.Actions;
using Maintenance.Assets.Components;
using Maintenance.Monitoring;
using Maintenance.Monitoring.Probes;
using Maintenance.Notifications;
using Maintenance.Recovery;

namespace Maintenance.Local.Simulation;

/// <summary>
/// Everything that a simulated system would reach outside itself: nothing of it is reached. Mail and webhooks are counted, programs and webhooks of the plan do what they
/// are asked to, probes see what the simulated world is like.
/// </summary>
/// <param name="time">The simulation's clock.</param>
public sealed class SimulatedOutside(TimeProvider time) : INotifier, IOutside, IProgramRunner, IProbing, IAssetDownloads, IProgramBundle, IWatchLog
{
    /// <summary>So long after the last failed sample probes are still on their way back up.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(20);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _downUntil = new(StringComparer.Ordinal);
    private long _lastBad;
    private int _mails;
    private int _webhooks;
    private int _actions;
    private int _notices;

    /// <summary>So many mails would have been sent.</summary>
    public int Mails => _mails;

    /// <summary>So many messages would have been posted to channels.</summary>
    public int Webhooks => _webhooks;

    /// <summary>So many notices would have been written to the host's log, where the plan names no other way.</summary>
    public int Notices => _notices;

    /// <summary>So many programs and webhooks of the plan would have been run.</summary>
    public int Actions => _actions;

    /// <summary>True where no probe has failed for some hours: what they write changes nothing.</summary>
    public bool IsCalm => time.GetUtcNow().UtcTicks - Interlocked.Read(ref _lastBad) > Aftermath.Ticks;

    /// <summary>True while a service is down.</summary>
    public bool IsDown(string service) => _downUntil.TryGetValue(service, out var until) && time.GetUtcNow() < until;

    /// <summary>A service goes down; see <see cref="Simulation.TakeDownAsync"/>.</summary>
    /// <param name="service">Its id.</param>
    /// <param name="until">When it is there again (UTC).</param>
    internal void TakeDown(string service, DateTimeOffset until)
    {
        _downUntil[service] = until;
        _ = Interlocked.Exchange(ref _lastBad, time.GetUtcNow().UtcTicks);
    }

    /// <inheritdoc/>
    public Task SendAsync(Notification notification, Recipient recipient, CancellationToken cancellation)
    {
        if (recipient is Recipient.Mailbox)
        {
            _ = Interlocked.Increment(ref _mails);
        }
        else if (recipient is Recipient.Webhook)
        {
            _ = Interlocked.Increment(ref _webhooks);
        }
        else
        {
            _ = Interlocked.Increment(ref _notices);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ActionReport> PostAsync(PlanAction action, ActionOrder order, CancellationToken cancellation) => Done();

    /// <inheritdoc/>
    public Task<ActionReport> RunAsync(ProgramOrder order, CancellationToken cancellation) => Done();

    /// <inheritdoc/>
    public Task<Observation> ProbeAsync(Check check, CancellationToken cancellation) => Task.FromResult(Seen(check));

    /// <inheritdoc/>
    public Task<Observation> QueryAsync(Check check, CancellationToken cancellation) => Task.FromResult(Seen(check));

    /// <inheritdoc/>
    public Task<ProbeSample> LookAsync(Probe probe, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(probe);
        var now = time.GetUtcNow();
        var isDown = IsDown(probe.Service);
        if (isDown)
        {
            _ = Interlocked.Exchange(ref _lastBad, now.UtcTicks);
        }

        return Task.FromResult(isDown ? new ProbeSample(now, false, null, "no answer (simulated)") : Good(now));
    }

    /// <summary>What a probe sees of a service that is there.</summary>
    internal static ProbeSample Good(DateTimeOffset at) => new(at, true, TimeSpan.FromMilliseconds(20), "answered (simulated)");

    /// <inheritdoc/>
    public Task<AssetDownload> GetAsync(Uri url, string? eTag, int mostBytes, CancellationToken cancellation) =>
        Task.FromResult(new AssetDownload(null, null, "A simulation reads nothing from elsewhere."));

    /// <inheritdoc/>
    public Task<string?> HashAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public Task WriteAsync(Stream destination, CancellationToken cancellation) => throw new IOException("A simulation keeps no program.");

    /// <inheritdoc/>
    public void Heartbeat()
    {
        // Nobody watches over a simulation.
    }

    /// <inheritdoc/>
    public void Alarm(WatchFinding finding)
    {
        // What it found is in the records, and people are told of it.
    }

    private Task<ActionReport> Done()
    {
        _ = Interlocked.Increment(ref _actions);
        return Task.FromResult(new ActionReport(true, "simulated"));
    }

    /// <summary>What a check expects is what it sees: whether a real service would answer is nothing that a simulation can know.</summary>
    private static Observation Seen(Check check) => new(true)
    {
        Hash = check.Hash,
        Lines = check.AtLeastLines,
        Bytes = check.AtLeastBytes,
        Status = check.Status,
        HasText = true,
        Value = check.ExpectedValue ?? check.AtLeast?.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
    };
}
