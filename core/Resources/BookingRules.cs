using System.Globalization;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Tickets;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Resources;

/// <summary>What may be booked, recorded and corrected, by whom, until when. Pure.</summary>
public static class BookingRules
{
    /// <summary>So many hours has a day, of a person, over everything that they book.</summary>
    public const decimal MostOfDay = 24;

    /// <summary>So many hours are the least, and every booking is a multiple of it.</summary>
    public const decimal Quarter = 0.25m;

    /// <summary>The longest note, and the longest reason of a correction.</summary>
    public const int MostNote = 500;

    /// <summary>The longest absence that is recorded at once, in days.</summary>
    public const int MostDays = 366;

    /// <summary>So far ahead an absence may be recorded, in days.</summary>
    public const int MostAhead = 731;

    /// <summary>So far back hours and absences may be written down, in days, where no month is closed before.</summary>
    public const int MostBack = 366;

    /// <summary>Which kind of work a ticket is: its kind of maintenance, and support where nobody has said one.</summary>
    public static WorkKind KindOf(MaintenanceType? maintenance) => maintenance switch
    {
        MaintenanceType.Corrective => WorkKind.Corrective,
        MaintenanceType.Adaptive => WorkKind.Adaptive,
        MaintenanceType.Perfective => WorkKind.Perfective,
        MaintenanceType.Preventive => WorkKind.Preventive,
        _ => WorkKind.Support,
    };

    /// <summary>When a month can no longer be written to (UTC); null where it always can. At that instant it is closed.</summary>
    public static DateTimeOffset? ClosesAt(OperationsPlan plan, string month)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Resources.ClosesAfter is { } after ? ReportMonths.Of(plan.System.TimeZone, month).To + after : null;
    }

    /// <summary>True where a month can no longer be written to.</summary>
    public static bool IsClosed(OperationsPlan plan, string month, DateTimeOffset now) => ClosesAt(plan, month) <= now;

    /// <summary>The first local date that can be written to: of the first month that is not closed, and at most a year back.</summary>
    public static LocalDate FirstOpen(OperationsPlan plan, DateTimeOffset now)
    {
        var earliest = Today(plan, now).PlusDays(-MostBack);
        var month = Today(plan, now).With(DateAdjusters.StartOfMonth);
        while (month > earliest && !IsClosed(plan, HourBooking.MonthOf(month.PlusMonths(-1).ToDateOnly()), now))
        {
            month = month.PlusMonths(-1);
        }

        return month > earliest ? month : earliest;
    }

    /// <summary>The month that was closed last; null where the plan closes none.</summary>
    public static string? LastClosed(OperationsPlan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);

        // A month is closed where the instant that lies so far back is past its end.
        return plan.Resources.ClosesAfter is { } after ? HourBooking.MonthOf(Today(plan, now - after).With(DateAdjusters.StartOfMonth).PlusMonths(-1).ToDateOnly()) : null;
    }

    /// <summary>The first local date on which an absence may end whose reasons are kept: those of earlier ones are erased.</summary>
    public static LocalDate ReasonsSince(OperationsPlan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Today(plan, now - plan.Resources.Retention);
    }

    /// <summary>True where somebody may write for a person: that person, the leads of their teams, and administrators.</summary>
    public static bool MayWriteFor(OperationsPlan plan, Person writer, string person)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(writer);
        return writer.Roles.Contains(Roles.Administrator) || TicketReportService.MaySee(plan, writer.Id, person);
    }

    /// <summary>Refuses a booking that cannot be.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="booking">The booking.</param>
    /// <param name="kind">What it is for, by its ticket or duty where it has one.</param>
    /// <param name="booked">The hours that the person has on that date already, on pieces of technical debt too.</param>
    /// <param name="now">When (UTC).</param>
    /// <exception cref="ResourceException">It cannot be.</exception>
    public static void Check(OperationsPlan plan, NewBooking booking, WorkKind? kind, decimal booked, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(booking);
        Need(plan.FindPerson(booking.Person) is not null, "person", "Name a person of the plan.");
        Need(booking.Hours is > 0 and <= MostOfDay && booking.Hours % Quarter == 0, "hours", "Write the hours of one day in quarters, above 0 and at most 24: 1.5, say.");
        Need(booking.Ticket is null || booking.Duty is null, "duty", "Book on a ticket or on a duty, not on both.");
        Need(kind is not null, "kind", "Say what the hours were for: a kind of work, a ticket or a duty.");
        Need(kind != WorkKind.Debt, "kind", "Hours on technical debt are booked on the piece of the register: there they count once.");
        Need(booking.Service is null || plan.FindService(booking.Service) is not null, "service", "Choose a service of the plan, or none.");
        Need(booking.Note.Length <= MostNote, "note", $"Write at most {MostNote} characters.");
        var today = Today(plan, now);
        Need(booking.On.ToLocalDate() <= today, "on", "Work that is to come cannot be booked: write a date that is not later than today.");
        Need(booking.On.ToLocalDate() >= today.PlusDays(-MostBack), "on", "That is more than a year ago.");
        NeedOpen(plan, HourBooking.MonthOf(booking.On), "on", now);
        CheckDay(booked, booking.Hours);
    }

    /// <summary>Refuses hours that with those that are booked on the day already come to more than it has.</summary>
    /// <exception cref="ResourceException">They do.</exception>
    public static void CheckDay(decimal booked, decimal hours) =>
        Need(booked + hours <= MostOfDay, "hours", $"{Text(booked)} hours are booked on that day already, and a day has 24. Reverse what is wrong first.");

    /// <summary>Refuses an absence that cannot be.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="absence">The absence.</param>
    /// <param name="known">What is recorded of absences, of anybody.</param>
    /// <param name="now">When (UTC).</param>
    /// <exception cref="ResourceException">It cannot be.</exception>
    public static void Check(OperationsPlan plan, NewAbsence absence, IEnumerable<RecordedAbsence> known, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(absence);
        ArgumentNullException.ThrowIfNull(known);
        Need(plan.FindPerson(absence.Person) is not null, "person", "Name a person of the plan.");
        Need(absence.To >= absence.From, "to", "It is before the first day. Both days are included: for a single day they are the same.");
        var today = Today(plan, now);
        Need(absence.From >= today.PlusDays(-MostBack) && absence.To <= today.PlusDays(MostAhead), "from", "An absence lies within a year before and two years after today.");
        Need(Period.DaysBetween(absence.From, absence.To) < MostDays, "to", "An absence has at most 366 days. Record a second one for the rest.");
        Need(absence.Part == DayPart.Whole || absence.From == absence.To, "part", "Only an absence of one day takes half of it.");
        Need(absence.Deputy is null || plan.FindPerson(absence.Deputy) is not null, "deputy", "Name a person of the plan, or nobody.");
        Need(absence.Deputy != absence.Person, "deputy", "Nobody stands in for themselves.");
        NeedOpen(plan, HourBooking.MonthOf(absence.From.ToDateOnly()), "from", now);
        var overlap = known.FirstOrDefault(one => one.Counts && one.Person == absence.Person && Overlaps(one, absence));
        Need(overlap is null, "from", overlap is null ? "" : $"It overlaps the absence from {Text(overlap.From)} to {Text(overlap.Last)} that is recorded already. Withdraw that one first, or end it earlier.");
    }

    /// <summary>Refuses a correction without a reason, or of what counts in a closed month.</summary>
    /// <exception cref="ResourceException">It cannot be.</exception>
    public static void CheckCorrection(OperationsPlan plan, DateOnly on, string reason, DateTimeOffset now)
    {
        CheckReason(reason);
        NeedOpen(plan, HourBooking.MonthOf(on), "reason", now);
    }

    /// <summary>Refuses to withdraw the whole of an absence without a reason, or where some of its days count in a closed month.</summary>
    /// <exception cref="ResourceException">It cannot be.</exception>
    public static void CheckWithdrawal(OperationsPlan plan, RecordedAbsence absence, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(absence);
        CheckReason(reason);
        var month = HourBooking.MonthOf(absence.From);
        Need(
            !IsClosed(plan, month, now), "reason",
            $"{month} is closed, and its days of this absence stay. Name the last day that it took instead: the days after it are taken back.");
    }

    /// <summary>Refuses to end an absence without a reason, on a day that it cannot end on, or where days that it gives back count in a closed month.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="absence">The absence.</param>
    /// <param name="last">The last local date that it took.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">When (UTC).</param>
    /// <exception cref="ResourceException">It cannot be.</exception>
    public static void CheckEnd(OperationsPlan plan, RecordedAbsence absence, LocalDate last, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(absence);
        CheckReason(reason);
        Need(last >= absence.From.ToLocalDate(), "lastDay", $"It began on {Text(absence.From)}: write that day or a later one, or withdraw the whole of it.");
        Need(last < absence.Last.ToLocalDate(), "lastDay", $"It ends on {Text(absence.Last)} as it is: write a day before. For more days away, record another absence.");

        // Months close one after the other: where the first day that is given back can be written to, the others can.
        NeedOpen(plan, HourBooking.MonthOf(last.PlusDays(1).ToDateOnly()), "lastDay", now);
    }

    /// <summary>The local date of an instant.</summary>
    public static LocalDate Today(OperationsPlan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Instant.FromDateTimeOffset(now).InZone(plan.System.TimeZone).Date;
    }

    /// <summary>Hours as people write them: 1.5.</summary>
    public static string Text(decimal hours) => hours.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A local date: 2026-11-22.</summary>
    public static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void CheckReason(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        Need(reason.Trim().Length is > 0 and <= MostNote, "reason", $"Say why, in 1 to {MostNote} characters.");
    }

    private static bool Overlaps(RecordedAbsence one, NewAbsence other)
    {
        var (from, to) = (one.From.ToLocalDate(), one.Last.ToLocalDate());

        // Both halves of a day do not meet.
        return from <= other.To && other.From <= to && !(one.Part != DayPart.Whole && other.Part != DayPart.Whole && one.Part != other.Part);
    }

    private static void NeedOpen(OperationsPlan plan, string month, string field, DateTimeOffset now) =>
        Need(!IsClosed(plan, month, now), field, $"{month} is closed: its report is what it is. Book in the month that goes on, and say in the note what it is for.");

    private static void Need(bool holds, string field, string message)
    {
        if (!holds)
        {
            throw new ResourceException(field, message);
        }
    }
}
