using System.Globalization;
using System.Text.Json.Nodes;
using Maintenance.Resources;
using NodaTime;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section <c>resources</c> looks like; a part of <see cref="PlanShape"/>.</summary>
internal static class ResourceShape
{
    /// <summary>A month has no more hours than this.</summary>
    private const int MostHours = 744;

    private static readonly ScalarKind<decimal> Hours = new(
        static text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= MostHours && decimal.Round(number, 2) == number
            ? Parsed<decimal>.Ok(number)
            : Parsed<decimal>.Wrong($"'{text}' is not a number of hours.", "Write a number above 0 such as 8 or 7.5, without a unit."),
        static () => new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0, ["maximum"] = MostHours });

    private static readonly ScalarKind<WorkKind?> Kind = new(
        static text => Choice<WorkKind>().Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<WorkKind?>.Wrong(problem, hint) : Parsed<WorkKind?>.Ok(Choice<WorkKind>().Parse(text).Value),
        static () => Choice<WorkKind>().Schema());

    private static readonly ScalarKind<LocalDate?> OptionalDate = new(
        static text => Date.Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<LocalDate?>.Wrong(problem, hint) : Parsed<LocalDate?>.Ok(Date.Parse(text).Value),
        static () => Date.Schema());

    public static ResourcePolicy Policy(PlanMap m) => new(m.List("allocations", "Whose hours belong to what.", Allocation, least: 0))
    {
        ClosesAfter = m.Optional("closesAfter", "So long after its end hours of a month can still be booked and reversed, and absences recorded; always where left out.", OptionalDuration, null),
        Retention = m.Optional("retention", "Why somebody was away, and why an absence was corrected, is erased so long after it was to end; 730d where left out. Its days stay.", Scalars.Duration, ResourcePolicy.UsualRetention),
        Weeks = m.List("weeks", "Who works fewer hours in a week than their calendar has.", Week, least: 0),
        NeverAlone = m.OptionalMap("neverAlone", "What at least two people must be able to do: the check warns where it is fewer.", NeverAlone) ?? Resources.NeverAlone.Nothing,
    };

    private static Allocation Allocation(PlanMap m)
    {
        m.ExactlyOne("person", "team");
        return new Allocation(
            m.Value("hours", "How many: of each member, where it is a team's.", Hours, 1m),
            m.Optional("per", "Of a week or of a month; a week where left out.", Choice<AllocationPeriod>(), AllocationPeriod.Week))
        {
            Person = m.Optional("person", "The id of the person whose hours they are.", OptionalReference(PlanEntity.Person), null),
            Team = m.Optional("team", "The id of the team each member of which has them.", OptionalReference(PlanEntity.Team), null),
            Service = m.Optional("service", "The id of the service that they belong to; any where left out.", OptionalReference(PlanEntity.Service), null),
            Kind = m.Optional("kind", "The kind of work that they belong to; any where left out.", Kind, null),
            From = m.Optional("from", "The first local date; always so where left out.", OptionalDate, null),
            To = m.Optional("to", "The last one, included; it stays so where left out.", OptionalDate, null),
        };
    }

    private static WorkingWeek Week(PlanMap m) => new(
        m.Value("person", "The id of the person.", Reference(PlanEntity.Person), ""),
        m.Value("hours", "The hours of their week: each open hour of their calendar counts for that share of one.", Hours, 1m));

    private static NeverAlone NeverAlone(PlanMap m) => new(
        m.Values("skills", "Skills.", Text, least: 0),
        m.Values("roles", "Roles.", Reference(PlanEntity.Role), least: 0));
}
