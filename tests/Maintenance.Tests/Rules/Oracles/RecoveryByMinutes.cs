using Maintenance.Recovery;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>
/// A recovery played minute by minute, from the words alone: at each minute, what has taken its time is done; then, while hands are free, the first step in the order
/// (longest way to the end first, of equal ones that which the plan names first) of those whose needs are done begins.
/// </summary>
internal static class RecoveryByMinutes
{
    /// <summary>The minute at which each step begins and the one at which it is done.</summary>
    public static Dictionary<string, (int Start, int End)> Play(IReadOnlyList<RecoveryStep> steps, int workers)
    {
        var runs = new Dictionary<string, (int Start, int End)>();
        for (var minute = 0; runs.Count < steps.Count; minute++)
        {
            bool IsDone(string id) => runs.TryGetValue(id, out var run) && run.End <= minute;
            while (runs.Values.Count(run => run.End > minute) < workers)
            {
                var ready = steps.Select(static (step, index) => (step, index)).Where(one => !runs.ContainsKey(one.step.Id) && one.step.After.All(IsDone)).ToList();
                if (ready.Count == 0)
                {
                    break;
                }

                var next = ready.OrderBy(one => -Way(steps, one.step)).ThenBy(static one => one.index).First().step;
                runs[next.Id] = (minute, minute + Minutes(next));
            }
        }

        return runs;
    }

    /// <summary>The longest way from the beginning of a step to the end of everything after it, of all ways there are.</summary>
    public static int Way(IReadOnlyList<RecoveryStep> steps, RecoveryStep step) =>
        Minutes(step) + steps.Where(later => later.After.Contains(step.Id)).Select(later => Way(steps, later)).DefaultIfEmpty(0).Max();

    public static int Minutes(RecoveryStep step) => (int)step.Duration.TotalMinutes;
}
