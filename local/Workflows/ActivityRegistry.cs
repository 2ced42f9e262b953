using Maintenance.Workflows;

namespace Maintenance.Local.Workflows;

/// <summary>The activities that this program can run, by name. Filled before the engine starts.</summary>
public sealed class ActivityRegistry
{
    private readonly Dictionary<string, Func<string, CancellationToken, Task<string>>> _activities = new(StringComparer.Ordinal);

    /// <summary>Adds an activity.</summary>
    /// <param name="activity">Its name and shape.</param>
    /// <param name="run">
    /// Its code. It may be run again after a crash and so has to be idempotent; its token is cancelled when the engine stops, and an exception after that does
    /// not count as a failure.
    /// </param>
    /// <exception cref="ArgumentException">Its name is taken.</exception>
    public ActivityRegistry Add<TInput, TOutput>(Activity<TInput, TOutput> activity, Func<TInput, CancellationToken, Task<TOutput>> run)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(run);
        return _activities.TryAdd(activity.Name, async (input, cancellation) => StepJson.Write(await run(StepJson.Read<TInput>(input), cancellation)))
            ? this
            : throw new ArgumentException($"There are two activities named {activity.Name}.", nameof(activity));
    }

    /// <summary>The code of an activity over JSON, or null when there is none of this name.</summary>
    internal Func<string, CancellationToken, Task<string>>? Find(string name) => _activities.GetValueOrDefault(name);
}
