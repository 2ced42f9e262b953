using System.Collections.Concurrent;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Plan;

/// <summary>
/// The calendars of a plan, each built when it is first asked for: every ticket of a sweep asks. A copy of the plan has the same shelf, so that it notices by what it
/// was filled from when that has become another. It is no part of what a plan says: all shelves are equal.
/// </summary>
internal sealed class CalendarShelf
{
    private volatile Filling? _filling;

    /// <summary>The calendar of an id, from what the plan says now and said before.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ServiceCalendar Find(OperationsPlan plan, string id)
    {
        var filling = _filling;
        if (filling is null || !filling.IsOf(plan))
        {
            // Two at once may each fill it: both are right, and the last one stays.
            _filling = filling = new Filling(plan.Calendars, plan.CalendarHistory, plan.System.TimeZone);
        }

        return filling.Built.GetOrAdd(id, filling.Build);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CalendarShelf;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    private sealed class Filling(IReadOnlyList<CalendarDefinition> definitions, IReadOnlyList<CalendarVersion> history, DateTimeZone zone)
    {
        public ConcurrentDictionary<string, ServiceCalendar> Built { get; } = new(StringComparer.Ordinal);

        public bool IsOf(OperationsPlan plan) =>
            ReferenceEquals(plan.Calendars, definitions) && ReferenceEquals(plan.CalendarHistory, history) && plan.System.TimeZone.Equals(zone);

        public ServiceCalendar Build(string id)
        {
            var current = definitions.FirstOrDefault(calendar => calendar.Id == id) ?? throw new KeyNotFoundException($"The plan has no calendar '{id}'.");
            var before = history.Where(version => version.Definition.Id == id).ToList();
            var starts = before.Select(static version => Instant.FromDateTimeOffset(version.Until));
            var calendars = before.Select(static version => version.Definition.Build(version.Zone)).Append(current.Build(zone)).ToList();
            return calendars[0].Then(starts.Zip(calendars.Skip(1)));
        }
    }
}
