using Maintenance.Plan;
using Maintenance.Time;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Maintenance.Windows;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>When changes may be made between two instants.</summary>
/// <param name="From">The first instant (UTC).</param>
/// <param name="To">The first instant after the range (UTC).</param>
/// <param name="TimeZone">The IANA id of the zone of the plan's wall-clock times.</param>
/// <param name="Windows">The windows that were asked for, in the plan's order.</param>
/// <param name="Spans">What freezes leave of them, in order of their start.</param>
/// <param name="Cut">The occurrences of which freezes take something, or all.</param>
/// <param name="Freezes">The freezes in the range, in the plan's order.</param>
public sealed record WindowListing(
    DateTimeOffset From, DateTimeOffset To, string TimeZone, IReadOnlyList<WindowLine> Windows, IReadOnlyList<WindowSpan> Spans, IReadOnlyList<WindowOccurrence> Cut, IReadOnlyList<FreezeSpan> Freezes);

/// <summary>A window of the plan.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="When">When it is, in words.</param>
/// <param name="WhyNone">Why it is not open in the range at all; null where it is.</param>
public sealed record WindowLine(string Id, string Name, string When, string? WhyNone);

/// <summary>Where a change fits.</summary>
/// <param name="Ready">The earliest start (UTC).</param>
/// <param name="Duration">How long it takes.</param>
/// <param name="Before">The horizon: it must start before this (UTC).</param>
/// <param name="TimeZone">The IANA id of the zone of the plan's wall-clock times.</param>
/// <param name="Fit">The first place; null where there is none.</param>
/// <param name="Reason">Why there is none; null where there is one.</param>
/// <param name="Freezes">The ids of the freezes that are in the way; none where it fits.</param>
public sealed record WindowFitAnswer(
    DateTimeOffset Ready, TimeSpan Duration, DateTimeOffset Before, string TimeZone, WindowFit? Fit, string? Reason, IReadOnlyList<string> Freezes);

/// <summary>Maintenance windows.</summary>
public sealed class WindowEndpoints(ActivePlan plan, TimeProvider time)
{
    /// <summary>The windows of <c>?from=&amp;to=&amp;window=</c>; from now to the horizon, and all of them, where left out.</summary>
    public Task<IResult> ListAsync(HttpContext http)
    {
        var policy = plan.Current.Windows;
        var from = http.QueryInstant("from") ?? time.GetUtcNow();
        var to = http.QueryInstant("to") ?? from + policy.Horizon;
        var windows = WindowIds(http);
        return to <= from ? throw WindowQuery.Wrong("to", "It is not later than from.")
            : to - from > WindowPolicy.MostHorizon ? throw WindowQuery.Wrong("to", $"It is more than {Durations.Format(WindowPolicy.MostHorizon)} after from.")
            : Task.FromResult(Requests.Ok(List(windows, from, to)));
    }

    /// <summary>The first place for a change of <c>?duration=</c>, from <c>ready=</c> (now where left out) on, in <c>window=</c> (any where left out).</summary>
    public Task<IResult> FitAsync(HttpContext http) =>
        Task.FromResult(Requests.Ok(Fit(WindowIds(http), http.QueryInstant("ready") ?? time.GetUtcNow(), http.QueryDuration("duration"))));

    /// <summary>The page of windows, with an answer to <c>?duration=&amp;window=</c> where that was asked.</summary>
    public Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var now = time.GetUtcNow();
        WindowFitAnswer? answer = null;
        string? problem = null;
        try
        {
            answer = http.Request.Query["duration"].ToString().Length == 0 ? null : Fit(http.Request.Query["window"].ToString().Length == 0 ? null : WindowIds(http), now, http.QueryDuration("duration"));
        }
        catch (HttpProblemException wrong)
        {
            // What is wrong with the question stands beside the question; the windows are shown all the same.
            problem = wrong.Message;
        }

        return Task.FromResult<IResult>(new PageResult<WindowsPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Now"] = now,
            ["Listing"] = List(null, now, now + plan.Current.Windows.Horizon),
            ["Duration"] = http.Request.Query["duration"].ToString(),
            ["Window"] = http.Request.Query["window"].ToString(),
            ["Answer"] = answer,
            ["Problem"] = problem,
        }));
    }

    private WindowListing List(IReadOnlyList<string>? windows, DateTimeOffset from, DateTimeOffset to)
    {
        var (policy, zone) = (plan.Current.Windows, plan.Current.System.TimeZone);
        return new WindowListing(
            from,
            to,
            zone.Id,
            [
                .. policy.Maintenance.Where(window => windows?.Contains(window.Id) != false)
                    .Select(window => new WindowLine(window.Id, window.Name, window.When, WindowReasons.WhyNone(policy, zone, window.Id, from, to))),
            ],
            WindowCalendar.Between(policy, zone, windows, from, to),
            [.. WindowCalendar.Occurrences(policy, zone, windows, from, to).Where(static one => one.Freezes.Count > 0)],
            [.. policy.Freezes.Select(freeze => freeze.In(zone)).Where(freeze => freeze.From < to && freeze.To > from)]);
    }

    private WindowFitAnswer Fit(IReadOnlyList<string>? windows, DateTimeOffset ready, TimeSpan duration)
    {
        var (policy, zone) = (plan.Current.Windows, plan.Current.System.TimeZone);
        var fit = WindowCalendar.Fit(policy, zone, windows, ready, duration);
        var obstacle = fit is null ? WindowReasons.WhyNoFit(policy, zone, windows, ready, duration) : null;
        return new WindowFitAnswer(ready, duration, ready + policy.Horizon, zone.Id, fit, obstacle?.Text, obstacle?.Freezes ?? []);
    }

    private IReadOnlyList<string>? WindowIds(HttpContext http)
    {
        var ids = http.QueryIds("window");
        var known = plan.Current.Windows.Maintenance.Select(static window => window.Id).ToList();
        return ids?.FirstOrDefault(id => !known.Contains(id)) is { } stranger
            ? throw WindowQuery.Wrong("window", $"The plan has no maintenance window '{WindowQuery.Short(stranger)}'. {Nearest.Hint(stranger, known) ?? (known.Count == 0 ? "" : $"There are: {string.Join(", ", known)}.")}".TrimEnd())
            : ids;
    }
}
