using Maintenance.Time;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Plan;

/// <summary>A plan's calendars, with the zone in which they are read.</summary>
internal sealed record PlanCalendars(DateTimeZone Zone, IReadOnlyList<CalendarDefinition> Definitions);

/// <summary>
/// What must be remembered when a plan takes the place of another: a change of a calendar is prospective, so where the new one would open or close time that has
/// passed, the old one goes on counting for it. Most changes (a holiday next month, a revision from next year, a name) touch nothing that has passed, and leave
/// nothing behind.
/// </summary>
internal static class CalendarChanges
{
    /// <summary>Of a calendar that changes for the first time: so far back nobody asks.</summary>
    private const int Years = 10;

    /// <summary>The calendars as they were, where that matters.</summary>
    /// <param name="before">Those of the plan that ran.</param>
    /// <param name="after">Those of the one that runs from now on.</param>
    /// <param name="history">What is remembered already, in order of time.</param>
    /// <param name="until">When the new plan takes over (UTC); later than everything in <paramref name="history"/>.</param>
    public static IReadOnlyList<CalendarVersion> Find(PlanCalendars before, PlanCalendars after, IReadOnlyList<CalendarVersion> history, DateTimeOffset until)
    {
        var last = history.GroupBy(static version => version.Definition.Id).ToDictionary(static group => group.Key, static group => group.Max(static version => version.Until));
        var changed = new List<CalendarVersion>();
        foreach (var definition in before.Definitions)
        {
            var from = last.TryGetValue(definition.Id, out var since) ? since : until.AddYears(-Years);
            var next = after.Definitions.FirstOrDefault(calendar => calendar.Id == definition.Id);
            if (next is null || !AreSame(definition.Build(before.Zone), next.Build(after.Zone), from.ToInstant(), until.ToInstant()))
            {
                changed.Add(new CalendarVersion(Within(definition, before.Zone, from.ToInstant(), until.ToInstant()), until, before.Zone));
            }
        }

        return changed;
    }

    /// <summary>True when both are open at the same times in <c>[from, until)</c>.</summary>
    private static bool AreSame(ServiceCalendar one, ServiceCalendar other, Instant from, Instant until) =>
        Open(one, from, until).SequenceEqual(Open(other, from, until));

    /// <summary>The open spans of a range, those that touch joined: where one ends and the next begins depends on how the hours are written.</summary>
    private static IEnumerable<OpenSpan> Open(ServiceCalendar calendar, Instant from, Instant until)
    {
        OpenSpan? open = null;
        foreach (var span in calendar.Spans(from).TakeWhile(span => span.Start < until))
        {
            var cut = span with { End = Instant.Min(span.End, until) };
            if (open is { } before && before.End == cut.Start)
            {
                open = before with { End = cut.End };
                continue;
            }

            if (open is { } ended)
            {
                yield return ended;
            }

            open = cut;
        }

        if (open is { } last)
        {
            yield return last;
        }
    }

    /// <summary>What of a calendar counts in a range: years of holidays would be stored again with each change.</summary>
    private static CalendarDefinition Within(CalendarDefinition calendar, DateTimeZone zone, Instant from, Instant until)
    {
        var (first, last) = (from.InZone(zone).Date.PlusDays(-2), until.InZone(zone).Date.PlusDays(2));
        return calendar with
        {
            Holidays = [.. calendar.Holidays.Where(holiday => first <= holiday.Date && holiday.Date <= last)],
            Revisions = [.. calendar.Revisions.Where(revision => revision.From <= last)],
        };
    }
}
