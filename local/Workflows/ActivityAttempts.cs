using Maintenance.Workflows;

namespace Maintenance.Local.Workflows;

/// <summary>
/// How often each activity of an instance was tried, read from its history, and what follows from a failed attempt. A crash of the process counts as a failed
/// attempt of all that ran, though most of them did not cause it: therefore a step survives <see cref="MaxCrashes"/> - 1 crashes whatever its retry rule says,
/// and yet one that brings the process down does not do so for ever.
/// </summary>
public sealed class ActivityAttempts
{
    /// <summary>The crash with which a step fails, unless its retry rule allows more attempts.</summary>
    public const int MaxCrashes = 3;

    private const string CrashError = "The process ended while it ran.";

    private readonly SortedDictionary<int, Progress> _steps = [];

    /// <summary>The steps with an attempt that began and did not end: after a start of the engine, those that a crash cut off.</summary>
    public IReadOnlyList<int> InFlight => [.. _steps.Where(s => s.Value.InFlight).Select(s => s.Key)];

    /// <summary>Takes the next event of the history into account.</summary>
    public void Apply(WorkflowEvent happened)
    {
        switch (happened)
        {
            case ActivityScheduled scheduled:
                _steps[scheduled.Step] = new Progress(scheduled.Retry, 0, 0, false, null);
                break;
            case AttemptStarted started:
                _steps[started.Step] = _steps[started.Step] with { Attempts = started.Attempt, InFlight = true, RetryAt = null };
                break;
            case AttemptReleased released:
                _steps[released.Step] = _steps[released.Step] with { Attempts = released.Attempt - 1, InFlight = false };
                break;
            case AttemptFailed failed:
                var step = _steps[failed.Step];
                _steps[failed.Step] = step with { InFlight = false, RetryAt = failed.RetryAt, Crashes = step.Crashes + (failed.Crashed ? 1 : 0) };
                break;
            case ActivityCompleted completed:
                _steps.Remove(completed.Step);
                break;
            case ActivityFailed failed:
                _steps.Remove(failed.Step);
                break;
            default:
                break;
        }
    }

    /// <summary>When the next attempt is due (UTC); null when it is due at once.</summary>
    public DateTimeOffset? RetryAt(int step) => _steps[step].RetryAt;

    /// <summary>The event with which the next attempt begins.</summary>
    public AttemptStarted Start(int step, DateTimeOffset now) => new(now, step, _steps[step].Attempts + 1);

    /// <summary>The event that gives the running attempt back uncounted.</summary>
    public AttemptReleased Release(int step, DateTimeOffset now) => new(now, step, _steps[step].Attempts);

    /// <summary>What follows when the running attempt fails: a further one, or the step's failure.</summary>
    public WorkflowEvent Fail(int step, DateTimeOffset now, string error)
    {
        var progress = _steps[step];
        return progress.Retry.WaitAfter(progress.Attempts) is { } wait
            ? new AttemptFailed(now, step, progress.Attempts, error, now + wait, Crashed: false)
            : new ActivityFailed(now, step, error);
    }

    /// <summary>What follows when the process ended during the running attempt.</summary>
    public WorkflowEvent Crash(int step, DateTimeOffset now)
    {
        var progress = _steps[step];
        var crashes = progress.Crashes + 1;
        var wait = progress.Retry.WaitAfter(progress.Attempts) ?? (crashes < MaxCrashes ? progress.Retry.FirstInterval : null);

        // Even without a retry rule there is a wait: the other instances get ahead before the culprit runs again.
        return wait is { } interval
            ? new AttemptFailed(now, step, progress.Attempts, CrashError, now + interval, Crashed: true)
            : new ActivityFailed(now, step, crashes == 1 ? CrashError : $"{CrashError} ({crashes} times)");
    }

    private sealed record Progress(RetryRule Retry, int Attempts, int Crashes, bool InFlight, DateTimeOffset? RetryAt);
}
