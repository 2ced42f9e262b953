using Maintenance.Status;

namespace Maintenance.Local.Hosting;

/// <summary>How often timers run; one minute unless set.</summary>
public sealed record TickInterval(TimeSpan Value);

/// <summary>Runs every timer at the start and then in its own rhythm; one that fails or takes long never holds up another.</summary>
public sealed class TimerLoops(TimerService timers, TickInterval tick, TimeProvider time, ILogger<TimerLoops> log) : BackgroundService
{
    private static readonly TimeSpan OfProbes = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(TimerService.All.Select(timer => LoopAsync(timer, stoppingToken)));

    private async Task LoopAsync(string timer, CancellationToken stopping)
    {
        // Probes may be taken each half minute, on a grid of their own: a tick that only looks whether one is due costs next to nothing.
        using var ticks = new PeriodicTimer(timer == TimerService.RunProbes && tick.Value > OfProbes ? OfProbes : tick.Value, time);
        try
        {
            do
            {
                try
                {
                    await timers.RunAsync(timer, stopping);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // It is in the heartbeat too; the next tick tries again.
                    log.LogError(error, "The timer {Timer} failed", timer);
                }
            }
            while (await ticks.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
