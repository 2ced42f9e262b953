using Maintenance.Time;
using NodaTime;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>How many days after it is first known a vulnerability is to be gone, by severity; null where the policy sets no limit.</summary>
/// <param name="Critical">Days, at least 0.</param>
/// <param name="High">Days, at least 0.</param>
/// <param name="Medium">Days, at least 0.</param>
/// <param name="Low">Days, at least 0.</param>
/// <param name="Unrated">Days for one whose severity nobody says.</param>
public sealed record RemediationPolicy(int? Critical, int? High, int? Medium, int? Low, int? Unrated = null)
{
    /// <summary>The days for a severity; null where there is no limit. <see cref="Severity.None"/> has none.</summary>
    public int? DaysFor(Severity? severity) => severity switch
    {
        Severity.Critical => Critical,
        Severity.High => High,
        Severity.Medium => Medium,
        Severity.Low => Low,
        Severity.None => null,
        null => Unrated,
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
    };
}

/// <summary>What set a due date.</summary>
public enum RemediationBasis
{
    /// <summary>The organisation's policy for its severity.</summary>
    Policy,

    /// <summary>The due date in the catalogue of known exploited vulnerabilities.</summary>
    KnownExploited,
}

/// <summary>Until when a vulnerability is to be gone.</summary>
/// <param name="Date">The last day for it, a local date of the calendar's zone.</param>
/// <param name="At">The end of that day (the midnight after it), UTC: gone before this instant is in time.</param>
/// <param name="Basis">What set it.</param>
/// <param name="Nominal">The day that the basis named, before it was rolled back to an open day.</param>
public sealed record RemediationDue(DateOnly Date, DateTimeOffset At, RemediationBasis Basis, DateOnly Nominal)
{
    /// <summary>No due date is further away than this many days, whatever a policy or a catalogue says.</summary>
    public const int MostDays = 36525;

    /// <summary>
    /// The earlier of the policy's day and the catalogue's, rolled back to the last open day; null where neither sets one.
    /// It is never before the day on which the vulnerability was first known, since nobody can be late with what they did not know: a catalogue's date that had passed by then is that
    /// day itself. Where no day from then on is open, the day stays as it was named: an earlier one would be before anybody knew, and a later one later than was allowed.
    /// </summary>
    /// <param name="firstKnown">When the system first had the finding.</param>
    /// <param name="severity">How bad it is; null where unknown.</param>
    /// <param name="policy">The days by severity.</param>
    /// <param name="exploitedDue">The catalogue's due date; null where it is not in the catalogue.</param>
    /// <param name="calendar">Its open days and its zone.</param>
    public static RemediationDue? Of(DateTimeOffset firstKnown, Severity? severity, RemediationPolicy policy, DateOnly? exploitedDue, ServiceCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(calendar);
        var known = Instant.FromDateTimeOffset(firstKnown).InZone(calendar.Zone).Date;
        var last = known.PlusDays(MostDays);
        var byPolicy = policy.DaysFor(severity) is { } days ? known.PlusDays(Math.Clamp(days, 0, MostDays)) : (LocalDate?)null;
        var byCatalogue = exploitedDue is { } date ? LocalDate.Min(LocalDate.FromDateOnly(date), last) : (LocalDate?)null;
        if ((byPolicy ?? byCatalogue) is null)
        {
            return null;
        }

        var isCatalogue = byCatalogue is not null && (byPolicy is null || byCatalogue < byPolicy);
        var nominal = isCatalogue ? byCatalogue!.Value : byPolicy!.Value;
        var due = RolledBack(LocalDate.Max(nominal, known), known, calendar);
        var end = WallClock.ToInstant(due.PlusDays(1).AtMidnight(), calendar.Zone).ToDateTimeOffset();
        return new RemediationDue(due.ToDateOnly(), end, isCatalogue ? RemediationBasis.KnownExploited : RemediationBasis.Policy, nominal.ToDateOnly());
    }

    private static LocalDate RolledBack(LocalDate day, LocalDate earliest, ServiceCalendar calendar)
    {
        for (var open = day; open >= earliest; open = open.PlusDays(-1))
        {
            if (calendar.On(open).Count > 0)
            {
                return open;
            }
        }

        return day;
    }
}
