using FsCheck;
using FsCheck.Fluent;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Who gets a ticket, and whom a level of a chain reaches.</summary>
public sealed class AssignmentTests
{
    // A Tuesday; the office is open from 08:00 to 17:00.
    private static readonly DateTimeOffset Morning = Utc("2026-11-24T10:00+03:00");
    private static readonly DateTimeOffset Evening = Utc("2026-11-24T20:00+03:00");

    private static readonly Gen<Person> AnyPerson =
        from id in Gen.Choose(0, 9999)
        from role in Gen.Frequency((6, Gen.Constant("support")), (1, Gen.Constant("administrator")), (1, Gen.Constant("clerk")))
        from skills in Gen.SubListOf("printers", "network", "tablets")
        from hours in Gen.Elements<string?>("office", "always", null)
        from capacity in Gen.Elements(0, 1, 2, 3, 5, 6)
        from away in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(-2, 2)))
        from away2 in Gen.Choose(0, 2)
        select HelpDeskPlan.Person($"p{id}", [role], [.. skills], hours) with
        {
            Capacity = capacity,
            Absences = away == 0 ? [] : [new Absence(new LocalDate(2026, 11, 24).PlusDays(away), new LocalDate(2026, 11, 24).PlusDays(away + away2), "Leave")],
        };

    [Fact]
    public void It_goes_to_whoever_fits_and_has_the_least_of_their_capacity_then_to_who_was_given_one_longest_ago_then_by_the_plan() => Law.Holds(
        from people in Gen.ListOf(AnyPerson, 7)
        from skills in Gen.SubListOf("printers", "Network", "tablets")
        from isTeam in Gen.Elements(true, false)
        from members in Gen.ListOf(Gen.Elements(true, true, false), 7)
        from loads in Gen.ListOf(Gen.Choose(0, 6), 7)
        from given in Gen.ListOf(Gen.Elements<int?>(null, 0, 1, 2, 5), 7)
        from hour in Gen.Elements(-30, 0, 2, 10, 30)
        select (People: people.DistinctBy(static person => person.Id).ToList(), skills, isTeam, members, loads, given, Now: Morning.AddHours(hour)),
        600,
        static one =>
        {
            var members = one.People.Where((_, i) => one.members[i]).Select(static person => person.Id).ToList();
            var plan = HelpDeskPlan.Plan with { People = one.People, Teams = one.isTeam ? [new Team("team", "Team", one.People[0].Id, members, [])] : [] };
            var ticket = Ticket([.. one.skills]) with { Team = one.isTeam ? "team" : null };
            var loads = one.People.Select((person, i) => (person.Id, new AgentLoad(one.loads[i], one.given[i] is { } days ? Morning.AddDays(-days) : null))).ToDictionary(static pair => pair.Id, static pair => pair.Item2);
            var date = Instant.FromDateTimeOffset(one.Now).InZone(plan.System.TimeZone);
            (Person Person, int Place)? best = null;
            for (var i = 0; i < one.People.Count; i++)
            {
                var person = one.People[i];
                var isOpen = person.Hours is null or "always" || (date.Date != new LocalDate(2026, 11, 23) && date.Hour is >= 8 and < 17);
                var fits = (one.isTeam ? members.Contains(person.Id) && !person.Roles.Contains("clerk") : person.Roles.Contains("support"))
                    && one.skills.All(skill => person.Skills.Contains(skill.ToLowerInvariant()))
                    && isOpen
                    && !person.Absences.Any(absence => absence.From <= date.Date && date.Date <= absence.To)
                    && one.loads[i] < person.Capacity;
                if (fits && (best is null || Compare(i, best.Value.Place) < 0))
                {
                    best = (person, i);
                }
            }

            var choice = Assignment.Choose(plan, ticket, loads, one.Now);
            Assert.Equal(best?.Person.Id, choice.Person);
            Assert.Equal(one.People.Where(person => one.isTeam ? members.Contains(person.Id) : person.Roles.Contains("support")).Select(static person => person.Id), choice.Considered.Select(static candidate => candidate.Person));
            Assert.All(choice.Considered, candidate => Assert.True(candidate.Refusal is null || candidate.Person != choice.Person));
            Assert.Equal(choice.Person is null, choice.Considered.All(static candidate => candidate.Refusal is not null));

            int Compare(int a, int b)
            {
                var byLoad = (one.loads[a] * one.People[b].Capacity).CompareTo(one.loads[b] * one.People[a].Capacity);
                return byLoad != 0 ? byLoad : (one.given[b] ?? int.MaxValue).CompareTo(one.given[a] ?? int.MaxValue);
            }
        });

    [Theory]
    [InlineData("clerk", "has not the role support")]
    [InlineData("none", "takes none (capacity 0)")]
    [InlineData("unskilled", "does not know network")]
    [InlineData("away", "is away")]
    [InlineData("home", "is off duty")]
    [InlineData("busy", "has 2 of 2 already")]
    public void Whoever_does_not_fit_is_told_why(string who, string why)
    {
        var person = HelpDeskPlan.Person("pat", [who == "clerk" ? "clerk" : "support"], who == "unskilled" ? ["printers"] : ["Network"], who == "home" ? "office" : null) with
        {
            Capacity = who == "none" ? 0 : 2,
            Absences = who == "away" ? [new Absence(new LocalDate(2026, 11, 24), new LocalDate(2026, 11, 24), "Leave")] : [],
        };
        var plan = HelpDeskPlan.Plan with { People = [person], Teams = [new Team("desk", "Desk", "pat", ["pat"], [])] };
        var loads = new Dictionary<string, AgentLoad> { ["pat"] = new(who == "busy" ? 2 : 1, null) };
        var choice = Assignment.Choose(plan, Ticket(["network"]) with { Team = "desk" }, loads, Evening);
        Assert.Equal((null, why), (choice.Person, Assert.Single(choice.Considered).Refusal));
    }

    [Fact]
    public void An_absence_counts_on_the_dates_of_the_systems_zone_from_the_first_to_the_last()
    {
        var plan = HelpDeskPlan.Plan;
        var person = HelpDeskPlan.Person("pat", ["support"], [], null) with { Absences = [new Absence(new LocalDate(2026, 11, 24), new LocalDate(2026, 11, 25), "Leave")] };
        Assert.True(Assignment.IsOnDuty(plan, person, Utc("2026-11-23T23:59:59+03:00")));
        Assert.False(Assignment.IsOnDuty(plan, person, Utc("2026-11-24T00:00+03:00")));
        Assert.False(Assignment.IsOnDuty(plan, person, Utc("2026-11-25T23:59:59+03:00")));
        Assert.True(Assignment.IsOnDuty(plan, person, Utc("2026-11-26T00:00+03:00")));
    }

    [Theory]
    // Who is on duty, the level, who is told, and why others than the level names.
    [InlineData("ben cat eve", 1, "ben", null)]
    [InlineData("cat eve", 1, "cat", "Nobody of ben is on duty; told instead: cat.")]
    [InlineData("eve", 1, "eve", "Nobody of ben is on duty; told instead: level 2.")]
    [InlineData("ann", 1, "ann", "Nobody of ben is on duty; told instead: level 3.")]
    [InlineData("ann eve", 1, "eve", "Nobody of ben is on duty; told instead: level 2.")]
    [InlineData("", 1, "ben cat", "Nobody of ben is on duty, nor anybody else whom the chain names; all of them were told.")]
    [InlineData("dan", 1, "ben cat", "Nobody of ben is on duty, nor anybody else whom the chain names; all of them were told.")]
    [InlineData("ben ann", 2, "ann", "Nobody of owner is on duty; told instead: level 3.")]
    [InlineData("ben", 2, "eve fay", "Nobody of owner is on duty, nor anybody else whom the chain names; all of them were told.")]
    [InlineData("fay", 2, "fay", null)]
    [InlineData("ben cat", 3, "ann", "Nobody of ann is on duty, nor anybody else whom the chain names; all of them were told.")]
    public void A_level_reaches_those_on_duty_else_its_fallback_else_the_levels_above_else_everybody_of_it(string present, int level, string told, string? note)
    {
        var there = present.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var today = new Absence(new LocalDate(2026, 11, 24), new LocalDate(2026, 11, 24), "Leave");
        string[] ids = ["ann", "ben", "cat", "dan", "eve", "fay"];
        var plan = HelpDeskPlan.Plan with { People = [.. ids.Select(id => HelpDeskPlan.Person(id, [id is "eve" or "fay" ? "owner" : "support"], [], null) with { Absences = there.Contains(id) ? [] : [today] })] };
        var chain = new EscalationChain("chain",
        [
            new EscalationLevel(TimeSpan.Zero, ["ben"], [], "") { Fallback = ["cat"] },
            new EscalationLevel(TimeSpan.FromHours(1), ["owner"], [], ""),
            new EscalationLevel(TimeSpan.FromHours(2), ["ann"], [], ""),
        ]);
        var audience = EscalationRules.Whom(plan, chain, level, Morning);
        Assert.Equal(told.Split(' '), audience.People);
        Assert.Equal(note, audience.Note);
    }

    [Fact]
    public void A_warning_reaches_whoever_has_the_ticket_else_those_on_duty_who_could_else_the_lead()
    {
        var ticket = Ticket([]) with { Team = "desk" };
        Assert.Equal(["cat"], EscalationRules.Warned(HelpDeskPlan.Plan, ticket with { Assignee = "cat" }, Evening));
        Assert.Equal(["ben", "cat"], EscalationRules.Warned(HelpDeskPlan.Plan, ticket, Morning));
        Assert.Equal(["cat"], EscalationRules.Warned(HelpDeskPlan.Plan, ticket, Evening));
        var empty = HelpDeskPlan.Plan with { People = [.. HelpDeskPlan.Plan.People.Select(static person => person with { Hours = "office" })] };
        Assert.Equal(["ann"], EscalationRules.Warned(empty, ticket, Evening));
        Assert.Equal(["ben", "cat", "dan"], EscalationRules.Warned(empty, ticket with { Team = null }, Evening));
        Assert.Equal(["ben", "cat"], EscalationRules.Warned(HelpDeskPlan.Plan, ticket with { Assignee = "gone" }, Morning));
    }

    private static Ticket Ticket(IReadOnlyList<string> skills) =>
        TicketRules.Open(HelpDeskPlan.Plan, "T-1", new NewTicket(TicketType.Incident, "Printer", "", "records", "one", "now", null, null, Morning) { Skills = skills }).Ticket;
}
