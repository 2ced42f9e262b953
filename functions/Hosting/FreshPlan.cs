using Maintenance.Plan;
using Microsoft.Extensions.Logging;

namespace MaintenanceFunctions.Hosting;

/// <summary>
/// Has the plan read before it is used. The platform scales each kind of trigger by itself, so any function may be the first on an instance, and instances that
/// serve pages never run a timer: the plan is read when an invocation needs it, and again once that is a minute ago. Nothing is read at the start, which
/// therefore never waits for a network.
/// </summary>
public sealed class FreshPlan(ActivePlan plan, TimeProvider time, ILogger<FreshPlan> log)
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    private long _readAt = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>Returns once there is a plan, as new as can be had.</summary>
    /// <exception cref="PlanUnavailableException">The text is not usable, and no good one is stored.</exception>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (plan.StateOrNull is not null && now.UtcTicks - Interlocked.Read(ref _readAt) < Validity.Ticks)
        {
            return;
        }

        try
        {
            _ = await plan.RefreshAsync(cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException && plan.StateOrNull is not null)
        {
            // The one that runs goes on; the next try is in a minute.
            log.LogWarning(error, "The plan could not be read again; the one that runs goes on.");
        }

        Interlocked.Exchange(ref _readAt, now.UtcTicks);
    }
}
