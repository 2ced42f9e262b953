using Maintenance.Time;
using NodaTime;

namespace Maintenance.Duties;

/// <summary>How far a duty's dates have been seen to, at rest.</summary>
/// <param name="Duty">The terms that run.</param>
/// <param name="Since">Since when they do (UTC): what was due before is not theirs.</param>
public sealed record DutyProgress(Duty Duty, DateTimeOffset Since)
{
    /// <summary>SHA-256 of the plan by which <see cref="NextAt"/> was found: with other holidays it may be earlier.</summary>
    public string Plan { get; init; } = "";

    /// <summary>When the next occurrence opens (UTC); null where none is in sight.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Up to this wall-clock time every date of these terms was seen to; null where none was.</summary>
    public string? Upto { get; init; }

    /// <summary>Dates after it that were, since they are due earlier.</summary>
    public IReadOnlyList<string> Ahead { get; init; } = [];

    /// <summary>The dates that were opened last under these terms.</summary>
    public IReadOnlyList<DutyMark> Marks { get; init; } = [];

    /// <summary>Dates that were opened last under the terms before: each stands for one date of these terms in the same period.</summary>
    public IReadOnlyList<DutyMark> Standing { get; init; } = [];

    /// <summary>When the duty was taken out of the plan (UTC); null while it is in it.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>A date that was opened, with its neighbours in its rhythm: the period that it is for. Wall-clock times.</summary>
/// <param name="Nominal">The date.</param>
/// <param name="Previous">The one before it.</param>
/// <param name="Next">The one after it.</param>
public sealed record DutyMark(string Nominal, string Previous, string Next);

/// <summary>An occurrence that is to be opened.</summary>
/// <param name="Terms">The duty as it was then.</param>
/// <param name="Key">Its name among those of the duty.</param>
/// <param name="DueAt">When it is due (UTC).</param>
/// <param name="PeriodFrom">When the period began that it is for (UTC): the date before it.</param>
public sealed record DutyOpening(Duty Terms, string Key, DateTimeOffset DueAt, DateTimeOffset PeriodFrom);

/// <summary>What a look at a duty comes to.</summary>
/// <param name="State">How far it is then.</param>
/// <param name="Openings">What is opened, in order of its dates.</param>
/// <param name="IsMore">True where there was more than was asked for.</param>
public sealed record DutyStep(DutyProgress? State, IReadOnlyList<DutyOpening> Openings, bool IsMore);

/// <summary>What dates are reckoned with.</summary>
/// <param name="Zone">The system's zone.</param>
/// <param name="Calendar">The calendar of an id; null where there is none any more.</param>
public sealed record DutyReckoning(DateTimeZone Zone, Func<string, ServiceCalendar?> Calendar)
{
    /// <summary>When a date of a duty is due (UTC).</summary>
    public DateTimeOffset Due(Duty duty, LocalDateTime nominal)
    {
        ArgumentNullException.ThrowIfNull(duty);
        return DutyDates.Due(duty.Adjust, nominal, Zone, duty.Calendar is { } calendar ? Calendar(calendar) : null);
    }
}

/// <summary>
/// Which occurrences of a duty are opened, through every change of the plan. Each date of a rhythm is owed, however long nobody looked. Where the rhythm is changed or
/// the duty removed, the old terms run up to that instant, so that nothing is lost whose due date has passed; the new ones count from it, and what those
/// have in the past already stays with the old. A date of the new rhythm does
/// not come where one of the old already stands for it: it would be the same duty again. One that stands as near to the date before has been that date, and what is owed
/// twice is better than what is lost. Pure.
/// </summary>
public static class DutyCourse
{
    private const int Kept = 3;

    /// <summary>Looks at a duty.</summary>
    /// <param name="state">How far it was; null at the first look.</param>
    /// <param name="duty">As the plan has it; null where it has it no more.</param>
    /// <param name="reckoning">The plan's zone and calendars.</param>
    /// <param name="plan">SHA-256 of the plan.</param>
    /// <param name="since">Since when that plan runs (UTC).</param>
    /// <param name="now">The instant (UTC).</param>
    /// <param name="most">So many are opened at most; the next look goes on.</param>
    public static DutyStep Look(DutyProgress? state, Duty? duty, DutyReckoning reckoning, string plan, DateTimeOffset since, DateTimeOffset now, int most)
    {
        ArgumentNullException.ThrowIfNull(reckoning);
        if (state is null)
        {
            return duty is null ? new DutyStep(null, [], false) : Run(new DutyProgress(duty, since) { Plan = plan }, [], reckoning, plan, now, most);
        }

        List<DutyOpening> openings = [];
        if (state.EndedAt is null && duty?.Rhythm != state.Duty.Rhythm)
        {
            var change = since > state.Since ? since : state.Since;
            var last = Run(state, openings, reckoning, plan, change < now ? change : now, most);
            if (last.IsMore || openings.Count == most)
            {
                return last with { IsMore = true };
            }

            state = duty is null ? last.State! with { EndedAt = change, NextAt = null } : Begin(Carry(last.State!, duty, openings, reckoning, change), duty, change);
        }
        else if (state.EndedAt is { } ended && duty is not null)
        {
            state = Begin(state, duty, since > ended ? since : ended);
        }

        if (duty is null)
        {
            return new DutyStep(state with { Plan = plan }, openings, false);
        }

        return state.Plan == plan && state.Duty.Rhythm == duty.Rhythm && state.NextAt > now
            ? new DutyStep(state, openings, false)
            : Run(state with { Duty = duty }, openings, reckoning, plan, now, most);
    }

    /// <summary>True where a look at this state would change nothing.</summary>
    public static bool IsQuiet(DutyProgress state, bool isInPlan, string plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Plan == plan && (isInPlan ? state.EndedAt is null && (state.NextAt is null || state.NextAt > now) : state.EndedAt is not null);
    }

    /// <summary>
    /// True where a date of terms before is the same duty once as a date of these: each falls into the period of the other, and it is nearer to this one than to its
    /// neighbours. So a rhythm that moves a little earlier does not take the date that was done for the one that is still to come.
    /// </summary>
    public static bool StandsFor(DutyMark earlier, DutyMark date)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(date);
        var (first, second) = string.CompareOrdinal(earlier.Nominal, date.Nominal) <= 0 ? (earlier, date) : (date, earlier);
        return string.CompareOrdinal(first.Nominal, second.Previous) > 0 && string.CompareOrdinal(second.Nominal, first.Next) < 0
            && Distance(date.Nominal) < Distance(date.Previous) && Distance(date.Nominal) < Distance(date.Next);

        Duration Distance(string to)
        {
            var between = DutyDates.Read(to).InUtc().ToInstant() - DutyDates.Read(earlier.Nominal).InUtc().ToInstant();
            return between < Duration.Zero ? -between : between;
        }
    }

    /// <summary>
    /// Opens the next date of the old terms where the new rhythm has it in the past: of the 20th that becomes the 18th on the 19th nobody would be asked under either.
    /// </summary>
    private static DutyProgress Carry(DutyProgress state, Duty duty, List<DutyOpening> openings, DutyReckoning reckoning, DateTimeOffset change)
    {
        // Before its first date a rhythm has none: who moves that on means to wait.
        if (Next(state.Duty) is not { } pending || Next(duty) is not { } coming || DutyDates.Before(duty.Rhythm, reckoning.Zone, coming) is not { } passed
            || (duty.Rhythm.Every is { From: var from } && passed.Date < LocalDate.FromDateOnly(from)))
        {
            return state;
        }

        var (mark, gone) = (Mark(state.Duty.Rhythm, pending, reckoning.Zone), Mark(duty.Rhythm, passed, reckoning.Zone));
        if (!StandsFor(mark, gone) || state.Marks.Concat(state.Standing).Any(earlier => StandsFor(earlier, gone)))
        {
            return state;
        }

        openings.Add(Opening(state.Duty, pending, mark, reckoning));
        return state with { Marks = [.. state.Marks.Append(mark).TakeLast(Kept)] };

        LocalDateTime? Next(Duty terms) => DutyDates.After(terms.Rhythm, reckoning.Zone, DutyDates.Local(change - TimeSpan.FromDays(DutyDates.MostShift + 1), reckoning.Zone))
            .Select(static nominal => (LocalDateTime?)nominal).FirstOrDefault(nominal => reckoning.Due(terms, nominal!.Value) > change);
    }

    private static DutyOpening Opening(Duty terms, LocalDateTime nominal, DutyMark mark, DutyReckoning reckoning) => new(
        terms, DutyDates.Key(terms.Rhythm, nominal), reckoning.Due(terms, nominal), WallClock.ToInstant(DutyDates.Read(mark.Previous), reckoning.Zone).ToDateTimeOffset());

    private static DutyProgress Begin(DutyProgress state, Duty duty, DateTimeOffset since) => new(duty, since)
    {
        Standing = [.. state.Standing.Concat(state.Marks).TakeLast(Kept)],
    };

    /// <summary>Opens what is to be opened until an instant under the terms that run.</summary>
    private static DutyStep Run(DutyProgress state, List<DutyOpening> openings, DutyReckoning reckoning, string plan, DateTimeOffset now, int most)
    {
        var (duty, shift) = (state.Duty, TimeSpan.FromDays(state.Duty.Adjust == BusinessDayRule.None || state.Duty.Calendar is null ? 0 : DutyDates.MostShift));
        var ahead = state.Ahead.ToHashSet(StringComparer.Ordinal);
        var (marks, standing) = (state.Marks.ToList(), state.Standing.ToList());
        var upto = state.Upto;
        var isUnbroken = true;
        DateTimeOffset? next = null;
        foreach (var nominal in DutyDates.After(duty.Rhythm, reckoning.Zone, upto is null ? First(state, reckoning, shift) : DutyDates.Read(upto)))
        {
            var at = WallClock.ToInstant(nominal, reckoning.Zone).ToDateTimeOffset();
            if (next is not null && at - duty.Lead - shift > next)
            {
                break;
            }

            var (text, due) = (DutyDates.Write(nominal), reckoning.Due(duty, nominal));
            if (!ahead.Contains(text) && due > state.Since)
            {
                if (due - duty.Lead > now)
                {
                    next = next is null || due - duty.Lead < next ? due - duty.Lead : next;
                    isUnbroken = false;
                    continue;
                }

                var mark = Mark(duty.Rhythm, nominal, reckoning.Zone);
                if (standing.Find(earlier => StandsFor(earlier, mark)) is { } same)
                {
                    standing.Remove(same);
                }
                else if (openings.Count == most)
                {
                    return Step(now, isMore: true);
                }
                else
                {
                    openings.Add(Opening(duty, nominal, mark, reckoning));
                    marks.Add(mark);
                }
            }

            if (isUnbroken)
            {
                upto = text;
                ahead.Remove(text);
            }
            else
            {
                ahead.Add(text);
            }
        }

        return Step(next, isMore: false);

        DutyStep Step(DateTimeOffset? nextAt, bool isMore) => new(
            state with { Plan = plan, NextAt = nextAt, Upto = upto, Ahead = [.. ahead.Order(StringComparer.Ordinal)], Marks = [.. marks.TakeLast(Kept)], Standing = standing }, openings, isMore);
    }

    /// <summary>A wall-clock time before every date that can be due after the terms began to run.</summary>
    private static LocalDateTime First(DutyProgress state, DutyReckoning reckoning, TimeSpan shift) =>
        DutyDates.Local(state.Since - shift - TimeSpan.FromDays(1), reckoning.Zone);

    private static DutyMark Mark(DutyRhythm rhythm, LocalDateTime nominal, DateTimeZone zone)
    {
        var next = DutyDates.After(rhythm, zone, nominal).Select(static time => (LocalDateTime?)time).FirstOrDefault();
        return new DutyMark(DutyDates.Write(nominal), DutyDates.Write(DutyDates.Before(rhythm, zone, nominal) ?? nominal.PlusYears(-1)), DutyDates.Write(next ?? nominal.PlusYears(11)));
    }
}
