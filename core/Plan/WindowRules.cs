using Maintenance.Time;
using Maintenance.Windows;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>windows</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class WindowRules
{
    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        var policy = plan.Windows;
        if (policy.Horizon > WindowPolicy.MostHorizon)
        {
            reading.Report(
                PlanProblemSeverity.Error, "windows.horizon", $"{Durations.Format(policy.Horizon)} is too far ahead.", $"Write at most {Durations.Format(WindowPolicy.MostHorizon)}.");
        }

        for (var i = 0; i < policy.Maintenance.Count; i++)
        {
            if (policy.Maintenance[i].Start == policy.Maintenance[i].End)
            {
                reading.Report(PlanProblemSeverity.Error, $"windows.maintenance[{i}].end", "it ends when it starts.", "Write \"00:00\" to \"24:00\" for a whole day.");
            }
        }

        for (var i = 0; i < policy.Freezes.Count; i++)
        {
            CheckFreeze(policy.Freezes[i], i, plan, reading);
        }
    }

    private static void CheckFreeze(Freeze freeze, int index, OperationsPlan plan, PlanReading reading)
    {
        var policy = plan.Windows;
        if (freeze.To <= freeze.From)
        {
            reading.Report(PlanProblemSeverity.Error, $"windows.freezes[{index}].to", "it is not later than from.", "A freeze lasts from its first minute to the first minute after it.");
            return;
        }

        if (policy.Freezes.Take(index).FirstOrDefault(other => other.From < freeze.To && freeze.From < other.To) is { } other)
        {
            reading.Report(PlanProblemSeverity.Warning, $"windows.freezes[{index}]", $"it overlaps the freeze '{other.Id}'.", "Nothing is changed in either; let one end where the other begins, so that it is plain whose reason holds.");
        }

        // Whoever is ready when the freeze begins waits for its end: beyond the horizon that would be an alarm each time, though all goes by the plan.
        var start = freeze.In(plan.System.TimeZone).From;
        var end = start + (policy.Horizon < WindowPolicy.MostHorizon ? policy.Horizon : WindowPolicy.MostHorizon);
        if (WindowCalendar.Between(policy with { Freezes = [] }, plan.System.TimeZone, null, start, end).Count > 0
            && !WindowCalendar.Between(policy, plan.System.TimeZone, null, start, end).Any(piece => piece.Start >= start))
        {
            reading.Report(
                PlanProblemSeverity.Warning, $"windows.freezes[{index}]", $"it leaves no window within the horizon of {Durations.Format(policy.Horizon)}: nothing that is ready when it begins finds a place.", "Shorten it, or look further ahead with a longer horizon.");
        }
    }
}
