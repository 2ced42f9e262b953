using Maintenance.Duties;
using NodaTime;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section <c>duties</c> looks like; a part of <see cref="PlanShape"/>.</summary>
internal static class DutyShape
{
    private const int Evening = 17 * 60;

    public static Duty Duty(PlanMap m)
    {
        var id = m.Value("id", "Short and stable: a new id is a new duty.", Id(PlanEntity.Duty), "");
        var kind = m.Value("kind", "What it is.", Choice<DutyKind>(), DutyKind.Other);
        var name = m.Value("name", "What people read.", Text, "");
        var owner = m.Value("owner", "The person or role that owes it.", Reference(PlanEntity.Recipient), "");
        var deputy = m.Optional("deputy", "The person or role that does it while the owner is away.", OptionalReference(PlanEntity.Recipient), null);
        var schedule = m.Optional("schedule", "When it is due: six NCRONTAB fields in the system's time zone.", OptionalSchedule, null);
        var every = m.OptionalMap("every", "Or: due again after so many months, weeks, days or years, counted from a date.", Interval);
        m.ExactlyOne("schedule", "every");
        var calendar = m.Optional("calendar", "The id of the calendar on whose open days it is due; left out, it may be due on any day.", OptionalReference(PlanEntity.Calendar), null);
        var adjust = m.Optional("adjust", "Where a due date goes that is closed: none (it stays), following, preceding, or modifiedFollowing (the next open day, unless that is in another month), which is the usual with a calendar.", Choice<BusinessDayRule>(), calendar is null ? BusinessDayRule.None : BusinessDayRule.ModifiedFollowing);
        m.OnlyWith("adjust", "calendar");
        return new Duty(id, kind, name, owner, new DutyRhythm(schedule?.Text, every))
        {
            Deputy = deputy,
            Calendar = calendar,
            Adjust = adjust,
            Lead = m.Optional("lead", "So long before it is due it can be done, and its owner is told; 7d where left out.", Scalars.Duration, Duties.Duty.UsualLead),
            Grace = m.Optional("grace", "So long after it was due it is overdue; done until then it is in time. At once where left out.", Scalars.Duration, TimeSpan.Zero),
            Procedure = m.Optional("procedure", "The procedure that says how: a Markdown file below the plan's folder.", PlaceScalars.PathBelow("the plan's folder", "sops/access-review.md"), null),
            Evidence = m.Values("evidence", "What must be shown before it counts as done: text, file, drill (one that passed in the period), ticket, report.", Choice<EvidenceKind>(), least: 0),
            Overdue = m.OptionalMap("overdue", "What follows where it is not done in time. Left out: it is only shown.", Overdue),
        };
    }

    private static DutyInterval Interval(PlanMap m)
    {
        var months = m.Optional("months", "So many months.", Number(0, 600), 0);
        var weeks = m.Optional("weeks", "So many weeks.", Number(0, 520), 0);
        var days = m.Optional("days", "So many days.", Number(0, 3660), 0);
        var years = m.Optional("years", "So many years.", Number(0, 50), 0);
        m.ExactlyOne("months", "weeks", "days", "years");
        var (count, unit) = months > 0 ? (months, DutyUnit.Months) : weeks > 0 ? (weeks, DutyUnit.Weeks) : years > 0 ? (years, DutyUnit.Years) : (days, DutyUnit.Days);
        var from = m.Value("from", "The first local date; each later one is counted from it, so that day 31 is the last day of shorter months and day 31 again after them.", Date, new LocalDate(2026, 1, 1));
        var at = m.Optional("at", "By when on the day; \"17:00\" where left out.", WindowShape.StartTime, Evening);
        return new DutyInterval(count, unit, from.ToDateOnly(), new TimeOnly(at / 60, at % 60));
    }

    private static DutyConsequence Overdue(PlanMap m) => new(
        m.OptionalMap("ticket", "A ticket is opened, one for each occurrence.", static inside => new DutyTicket(
            inside.Optional("service", "The id of the service.", OptionalReference(PlanEntity.Service), null),
            inside.Value("impact", "The id of the impact.", Reference(PlanEntity.Impact), ""),
            inside.Value("urgency", "The id of the urgency.", Reference(PlanEntity.Urgency), ""))),
        m.Values("notify", "People or roles that hear of it besides the owner.", Reference(PlanEntity.Recipient), least: 0),
        m.OptionalMap("escalate", "Who hears of it where it stays overdue.", static inside => new DutyEscalation(
            inside.Value("after", "So long after it became overdue.", Scalars.Duration, TimeSpan.FromDays(7)),
            inside.Values("notify", "People or roles.", Reference(PlanEntity.Recipient), least: 1))));
}
