using Maintenance.Plan;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Notifications;

/// <summary>When several messages become one.</summary>
/// <param name="After">So many messages within <paramref name="Window"/> go out one by one; what comes on top waits, and goes out in one.</param>
/// <param name="Window">Elapsed time.</param>
public sealed record DigestPolicy(int After, TimeSpan Window)
{
    /// <summary>What holds where the plan says nothing: five in a quarter of an hour.</summary>
    public static DigestPolicy Usual { get; } = new(5, TimeSpan.FromMinutes(15));
}

/// <summary>When a notification is delivered. Pure; instants are UTC.</summary>
public static class Delivery
{
    /// <summary>A notification that has been tried for this long is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>The longest pause of what is urgent.</summary>
    private static readonly TimeSpan UrgentPause = TimeSpan.FromMinutes(15);

    /// <summary>Quiet hours that never end are no quiet hours: what the plan's check refuses must not keep mail for ever.</summary>
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromHours(36);

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    /// <summary>The earliest instant at which somebody may be told: now where it is urgent, else the end of the quiet hours that they are in. An absence delays nothing.</summary>
    /// <param name="terms">For their quiet hours and zone.</param>
    /// <param name="isUrgent">True for what passes quiet hours.</param>
    /// <param name="now">The instant.</param>
    public static DateTimeOffset When(DeliveryTerms terms, bool isUrgent, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return isUrgent ? now : QuietUntil(terms.QuietHours, terms.Zone, now) ?? now;
    }

    /// <summary>The end of the quiet hours that an instant is in, those included that follow without a break; null where it is in none.</summary>
    /// <param name="spans">Every day; an end at or before its start is on the next day.</param>
    /// <param name="zone">Whose clock they are on. A wall-clock time that is skipped counts as the end of the gap, one that occurs twice as the first.</param>
    /// <param name="now">The instant.</param>
    public static DateTimeOffset? QuietUntil(IReadOnlyList<ClockSpan> spans, DateTimeZone zone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(spans);
        ArgumentNullException.ThrowIfNull(zone);
        if (spans.Count == 0)
        {
            return null;
        }

        var from = Instant.FromDateTimeOffset(now);
        var until = from;
        var today = from.InZone(zone).Date;
        var quiet = Enumerable.Range(-1, 4).SelectMany(day => spans.Select(span => Place(span, today.PlusDays(day), zone))).OrderBy(static span => span.Start).ToList();
        foreach (var (start, end) in quiet)
        {
            until = start <= until && until < end ? end : until;
        }

        return until == from || until - from > Duration.FromTimeSpan(LongestQuiet) ? null : until.ToDateTimeOffset();
    }

    /// <summary>Until when messages that are not urgent wait, since enough went out; null where they need not.</summary>
    /// <param name="recent">When the last ones went out, in order.</param>
    /// <param name="policy">The digest's.</param>
    /// <param name="now">The instant.</param>
    public static DateTimeOffset? HeldUntil(IReadOnlyList<DateTimeOffset> recent, DigestPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var counted = Recent(recent, policy, now);
        return counted.Count < policy.After ? null : counted[counted.Count - policy.After] + policy.Window;
    }

    /// <summary>Those that count, within the window.</summary>
    public static IReadOnlyList<DateTimeOffset> Recent(IReadOnlyList<DateTimeOffset> recent, DigestPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return [.. recent.Where(at => at + policy.Window > now)];
    }

    /// <summary>When a recipient whose last try failed is tried again; null where it did not fail.</summary>
    /// <param name="state">The recipient's.</param>
    /// <param name="entry">The entry in question: what is urgent waits less, and what was not tried yet the least. Null for all that is not urgent together.</param>
    public static DateTimeOffset? RetryAt(RecipientState state, NotificationEntry? entry)
    {
        ArgumentNullException.ThrowIfNull(state);
        var most = entry is { IsUrgent: true } ? entry.Attempts == 0 ? Pauses[0] : UrgentPause : TimeSpan.MaxValue;
        DateTimeOffset? route = state is { Failures: > 0, FailedAt: { } failed } ? failed + Least(Pause(state.Failures), most) : null;

        // An entry that fails while others arrive has its own pauses, or one that no relay takes would be tried with each of them.
        DateTimeOffset? own = entry is { Attempts: > 0, TriedAt: { } tried } ? tried + Least(Pause(entry.Attempts), most) : null;
        return new[] { route, own, state.BusyUntil }.Max();
    }

    /// <summary>True once an entry that failed now has been tried for long enough.</summary>
    public static bool IsGivenUp(NotificationEntry entry, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.FirstTriedAt is { } first && now - first >= Patience;
    }

    /// <summary>The pause after so many failures, from 1 on.</summary>
    public static TimeSpan Pause(int failures) => Pauses[Math.Clamp(failures, 1, Pauses.Length) - 1];

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static (Instant Start, Instant End) Place(ClockSpan span, LocalDate date, DateTimeZone zone)
    {
        var (start, end) = (date.AtMidnight().PlusMinutes(span.Start), date.AtMidnight().PlusMinutes(span.End <= span.Start ? span.End + 1440 : span.End));
        return (WallClock.ToInstant(start, zone), WallClock.ToInstant(end, zone));
    }
}
