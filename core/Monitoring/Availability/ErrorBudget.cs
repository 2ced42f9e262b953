using Maintenance.Monitoring.Probes;
using Maintenance.Plan;
using Maintenance.Reports;

namespace Maintenance.Monitoring.Availability;

/// <summary>How much a service may be down in a month, and how much of that is left.</summary>
/// <param name="Allowed">The agreed time of the whole month times what its objective leaves.</param>
/// <param name="Spent">How long it was down in agreed time of that month.</param>
public sealed record ErrorBudget(TimeSpan Allowed, TimeSpan Spent)
{
    /// <summary>What is left; negative where more was spent than allowed.</summary>
    public TimeSpan Left => Allowed - Spent;

    /// <summary>The share that is left, at most 1; negative where more was spent than allowed; null where nothing is allowed.</summary>
    public double? Share => Allowed > TimeSpan.Zero ? Left / Allowed : null;
}

/// <summary>How fast a budget is spent.</summary>
/// <param name="Whole">The long window.</param>
/// <param name="Recent">The short one: an alarm ends soon after its cause.</param>
/// <param name="Most">So many times the pace that would spend it in just a month.</param>
public sealed record BurnWindow(TimeSpan Whole, TimeSpan Recent, double Most);

/// <summary>A budget that is spent too fast.</summary>
/// <param name="Service">The id of the service.</param>
/// <param name="Window">By which pair of windows.</param>
/// <param name="OverLong">The pace over the long window.</param>
/// <param name="OverShort">The pace over the short one.</param>
public sealed record BurnAlarm(string Service, BurnWindow Window, double OverLong, double OverShort);

/// <summary>Error budgets and how fast they are spent. Pure.</summary>
public static class ErrorBudgets
{
    /// <summary>
    /// The pairs of windows of the multiwindow, multi-burn-rate alerts of the Site Reliability Workbook (Google, 2018), chapter 5, for a month of 30 days: the first spends
    /// 2 % of the budget in an hour, the second 5 % in six hours, the third 10 % in three days.
    /// </summary>
    public static IReadOnlyList<BurnWindow> Windows { get; } =
    [
        new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4),
        new(TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), 6),
        new(TimeSpan.FromDays(3), TimeSpan.FromHours(6), 1),
    ];

    /// <summary>The budget of a month; null without an objective.</summary>
    public static ErrorBudget? Of(OperationsPlan plan, ServiceObjective? objective, ServiceMeasure measure, ReportMonth month, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(month);
        if (objective?.Percent is not { } percent)
        {
            return null;
        }

        var whole = Measuring.Agreed(plan, objective.Calendar, month.From, month.To);
        var passed = Stretches.Both(whole, [new Stretch(month.From, now < month.To ? now : month.To)]);
        return new ErrorBudget(Stretches.Length(whole) * (1 - (percent / 100)), Measuring.In(measure, passed, now).Down);
    }

    /// <summary>
    /// How many times faster than its objective allows a service was down in the time before an instant; zero where nothing was agreed or measured in it.
    /// </summary>
    public static double Pace(OperationsPlan plan, ServiceObjective objective, ServiceMeasure measure, TimeSpan window, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(objective);
        var time = Measuring.In(measure, Measuring.Agreed(plan, objective.Calendar, now - window, now), now);
        return objective.Percent is { } percent && time.Agreed > TimeSpan.Zero ? time.Down / time.Agreed / (1 - (percent / 100)) : 0;
    }

    /// <summary>The most pressing pair of windows of which both are passed; null where none is.</summary>
    public static BurnAlarm? Alarm(OperationsPlan plan, ServiceObjective objective, ServiceMeasure measure, DateTimeOffset now)
    {
        foreach (var window in Windows)
        {
            var (over, lately) = (Pace(plan, objective, measure, window.Whole, now), Pace(plan, objective, measure, window.Recent, now));
            if (over >= window.Most && lately >= window.Most)
            {
                return new BurnAlarm(objective.Service, window, over, lately);
            }
        }

        return null;
    }
}
