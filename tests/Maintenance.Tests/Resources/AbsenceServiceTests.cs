using Maintenance.Calendars;
using Maintenance.Plan;
using Maintenance.Resources;
using Maintenance.Tests.Plan;
using Maintenance.Tests.Services;
using Maintenance.Tickets;
using NodaTime;

namespace Maintenance.Tests.Resources;

/// <summary>Recorded absences over a real database: whoever asks whether somebody is there has them, beside those of the plan.</summary>
public sealed class AbsenceServiceTests
{
    private static readonly LocalDate Today = new(2026, 11, 22);

    private static readonly NewAbsence Sick = new("ben", Today, Today.PlusDays(2), DayPart.Whole, AbsenceKind.Sickness, "ann");

    [Fact]
    public async Task Who_is_away_is_given_no_ticket_and_who_stands_in_is_shown()
    {
        await using var office = await Office.OpenAsync();
        var ticket = await office.Tickets.OpenAsync("a", new NewTicket(TicketType.Incident, "Title", "Text", "register", "all", "now", null, null, office.Clock.Now), default);
        Assert.Null(Refusal());
        var recorded = await Absences(office).RecordAsync(Sick, "ben", "a", default);
        Assert.Equal("is away; Ann stands in", Refusal());
        Assert.Equal(("2026-11-24", "Ann"), DutyRoster.At(office.Plan.Current, office.Clock.Now).Person("ben") is var ben ? (ben.AwayUntil!, ben.Deputy!) : default);
        Assert.Equal("is away until 2026-11-24; Ann stands in", Voter.Absence(office.Plan.Current, office.Plan.Current.FindPerson("ben")!, office.Clock.Now));

        // Why is nobody's but theirs: what the running plan has of it has no reason.
        Assert.Equal([new Absence(Today, Today.PlusDays(2), "") { Deputy = "ann", IsRecorded = true }], office.Plan.Current.FindPerson("ben")!.Absences);
        _ = await Absences(office).WithdrawAsync(recorded.Id, "Well again", "ben", default);
        Assert.Null(Refusal());

        string? Refusal() => Assignment.Choose(office.Plan.Current, ticket, new Dictionary<string, AgentLoad>(), office.Clock.Now).Considered.Single(static one => one.Person == "ben").Refusal;
    }

    [Fact]
    public async Task Who_stands_in_and_is_away_as_well_is_not_shown()
    {
        await using var office = await Office.OpenAsync();
        var absences = Absences(office);
        _ = await absences.RecordAsync(Sick, "ben", null, default);
        Assert.Equal("ann", office.Plan.Current.DeputyOf(office.Plan.Current.FindPerson("ben")!, office.Clock.Now)?.Id);
        _ = await absences.RecordAsync(new NewAbsence("ann", Today, Today, DayPart.Morning, AbsenceKind.Leave, null), "ann", null, default);
        Assert.Null(office.Plan.Current.DeputyOf(office.Plan.Current.FindPerson("ben")!, office.Clock.Now));
        Assert.Equal("ann", office.Plan.Current.DeputyOf(office.Plan.Current.FindPerson("ben")!, office.Clock.Now.AddHours(10))?.Id);
    }

    [Fact]
    public async Task Why_somebody_was_away_is_erased_after_its_time_and_when_they_were_stays()
    {
        await using var office = await Office.OpenAsync();
        var absences = Absences(office);
        var sick = await absences.RecordAsync(Sick, "ben", "a", default);
        var later = await absences.RecordAsync(Sick with { From = Today.PlusDays(3), To = Today.PlusDays(3) }, "ben", "b", default);
        var ended = (await absences.EndAsync(sick.Id, Today.PlusDays(1), "Well again, says the doctor", "ben", default))!;

        // Its planned end decides: that day is the last on which the reason is kept.
        office.Clock.Advance(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero) + ResourcePolicy.UsualRetention - office.Clock.Now);
        await absences.EraseReasonsAsync(default);
        Assert.Equal(ended, (await absences.FindAsync(sick.Id, default))!.Value);

        office.Clock.Advance(TimeSpan.FromDays(1));
        await absences.EraseReasonsAsync(default);
        await absences.EraseReasonsAsync(default);
        var erased = (await absences.FindAsync(sick.Id, default))!.Value;
        Assert.Equal(ended with { Kind = AbsenceKind.Other, Ended = ended.Ended! with { Reason = "" }, ReasonsErasedAt = office.Clock.Now }, erased);
        Assert.Equal((ended.From, ended.Last, "ben", "ann"), (erased.From, erased.Last, erased.Ended!.By, erased.Deputy));
        Assert.Equal(later, (await absences.FindAsync(later.Id, default))!.Value);

        // What is said of it afterwards is not kept either, and the next one is erased in its turn.
        _ = await absences.WithdrawAsync(sick.Id, "It was the flu", "ben", default);
        Assert.Equal("", (await absences.FindAsync(sick.Id, default))!.Value.Withdrawn!.Reason);
        office.Clock.Advance(TimeSpan.FromDays(1));
        await absences.EraseReasonsAsync(default);
        Assert.NotNull((await absences.FindAsync(later.Id, default))!.Value.ReasonsErasedAt);
    }

    [Fact]
    public async Task What_is_recorded_behind_the_mark_is_erased_too_once_the_plan_keeps_reasons_for_longer()
    {
        await using var office = await Office.OpenAsync(SmallPlan.Yaml + "resources: { retention: 30d, allocations: [] }\n");
        var absences = Absences(office);
        await absences.EraseReasonsAsync(default);
        office.PlanText = office.PlanText.Replace("retention: 30d", "retention: 300d", StringComparison.Ordinal);
        Assert.False((await office.Plan.RefreshAsync(default)).IsStale);
        await absences.EraseReasonsAsync(default);
        var old = await absences.RecordAsync(Sick with { From = Today.PlusDays(-101), To = Today.PlusDays(-100) }, "ben", "b", default);
        Assert.Equal(AbsenceKind.Sickness, old.Kind);

        office.Clock.Advance(TimeSpan.FromDays(199));
        await absences.EraseReasonsAsync(default);
        Assert.Null((await absences.FindAsync(old.Id, default))!.Value.ReasonsErasedAt);
        office.Clock.Advance(TimeSpan.FromDays(3));
        await absences.EraseReasonsAsync(default);
        Assert.NotNull((await absences.FindAsync(old.Id, default))!.Value.ReasonsErasedAt);
    }

    [Fact]
    public async Task Where_the_plan_keeps_reasons_for_less_than_people_may_look_back_those_of_old_absences_are_never_written()
    {
        await using var office = await Office.OpenAsync(SmallPlan.Yaml + "resources: { retention: 30d, allocations: [] }\n");
        var absences = Absences(office);

        Assert.Null((await absences.RecordAsync(Sick with { From = Today.PlusDays(-32), To = Today.PlusDays(-30) }, "ben", "a", default)).ReasonsErasedAt);
        var old = await absences.RecordAsync(Sick with { From = Today.PlusDays(-40), To = Today.PlusDays(-33) }, "ben", "b", default);

        Assert.Equal((AbsenceKind.Other, office.Clock.Now), (old.Kind, old.ReasonsErasedAt));
    }

    [Fact]
    public async Task Half_a_day_ends_at_noon()
    {
        await using var office = await Office.OpenAsync();
        _ = await Absences(office).RecordAsync(Sick with { To = Today, Part = DayPart.Morning }, "ben", null, default);
        var ben = office.Plan.Current.FindPerson("ben")!;
        var noon = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        Assert.False(Assignment.IsOnDuty(office.Plan.Current, ben, noon.AddTicks(-1)));
        Assert.True(Assignment.IsOnDuty(office.Plan.Current, ben, noon));
        Assert.Equal(noon, DutyRoster.At(office.Plan.Current, office.Clock.Now).Person("ben").Until);
        Assert.Null(DutyRoster.At(office.Plan.Current, noon).Person("ben").AwayUntil);
    }

    [Fact]
    public async Task It_is_recorded_once_by_its_key_survives_a_restart_and_a_changed_plan_and_is_withdrawn_once()
    {
        await using var office = await Office.OpenAsync();
        var first = await Absences(office).RecordAsync(Sick, "ben", "a", default);
        Assert.Equal(first, await Absences(office).RecordAsync(Sick, "ben", "a", default));
        _ = await Assert.ThrowsAsync<ResourceException>(() => Absences(office).RecordAsync(Sick, "ben", "b", default));

        using var restarted = new ActivePlan(new Text(office), office.Records, office.Clock);
        _ = await restarted.RefreshAsync(default);
        Assert.True(restarted.Current.FindPerson("ben")!.IsAway(Today));
        var before = restarted.State;
        Assert.Same(before, await restarted.RefreshAsync(default));
        office.PlanText = office.PlanText.Replace("name: Ben,", "name: Benjamin,", StringComparison.Ordinal);
        Assert.True((await restarted.RefreshAsync(default)).Plan.FindPerson("ben") is { Name: "Benjamin" } ben && ben.IsAway(Today));
        office.PlanText = "people: none";
        Assert.True((await restarted.RefreshAsync(default)) is { IsStale: true } stale && stale.Plan.FindPerson("ben")!.IsAway(Today));

        var withdrawn = (await Absences(office).WithdrawAsync(first.Id, "Well", "ann", default))!;
        Assert.Equal(withdrawn, await Absences(office).WithdrawAsync(first.Id, "Again", "ben", default));
        Assert.False((await restarted.RefreshAsync(default)).Plan.FindPerson("ben")!.IsAway(Today));
        Assert.Equal([withdrawn], await Absences(office).ListAsync(Today, Today, default));
        Assert.Null(await Absences(office).WithdrawAsync("2026-11-24-000000000000", "Why", "ann", default));
        Assert.Null(await Absences(office).FindAsync("../x", default));
    }

    [Fact]
    public async Task A_month_that_lies_back_is_reported_with_what_the_running_plan_forgets()
    {
        await using var office = await Office.OpenAsync();
        _ = await Absences(office).RecordAsync(Sick, "ben", null, default);
        office.Clock.Advance(TimeSpan.FromDays(60));
        _ = await office.Plan.RefreshAsync(default);
        Assert.Empty(office.Plan.Current.FindPerson("ben")!.Absences);
        Assert.Single((await Absences(office).PlanSinceAsync(new LocalDate(2026, 11, 1), default)).FindPerson("ben")!.Absences);

        // Who was on duty then is told with it as well; of what the running plan has, that is what is asked.
        var then = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
        Assert.Null(DutyRoster.At(office.Plan.Current, then).Person("ben").AwayUntil);
        Assert.Equal("2026-11-24", DutyRoster.At(await Absences(office).PlanOnAsync(new LocalDate(2026, 11, 23), default), then).Person("ben").AwayUntil);
        Assert.Same(office.Plan.Current, await Absences(office).PlanOnAsync(new LocalDate(2027, 1, 1), default));
    }

    [Fact]
    public async Task Who_comes_back_early_is_given_tickets_again_and_a_closed_month_keeps_its_days()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + """

            resources: { closesAfter: 5d }
            """);
        var absences = Absences(office);
        var ticket = await office.Tickets.OpenAsync("a", new NewTicket(TicketType.Incident, "Title", "Text", "register", "all", "now", null, null, office.Clock.Now), default);
        var recorded = await absences.RecordAsync(Sick with { From = new LocalDate(2026, 11, 20), To = new LocalDate(2027, 1, 20) }, "ben", null, default);
        office.Clock.Advance(new DateTimeOffset(2026, 12, 10, 9, 0, 0, TimeSpan.Zero) - office.Clock.Now);
        _ = await office.Plan.RefreshAsync(default);
        Assert.StartsWith("is away", Refusal(), StringComparison.Ordinal);

        // November is closed: the whole cannot be withdrawn, nor can days of November be taken back.
        Assert.Contains("Name the last day", (await Assert.ThrowsAsync<ResourceException>(() => absences.WithdrawAsync(recorded.Id, "Well", "ben", default))).Message, StringComparison.Ordinal);
        foreach (var last in new[] { new LocalDate(2026, 11, 19), new LocalDate(2026, 11, 29), new LocalDate(2027, 1, 20), new LocalDate(2027, 2, 1) })
        {
            Assert.Equal("lastDay", (await Assert.ThrowsAsync<ResourceException>(() => absences.EndAsync(recorded.Id, last, "Well", "ben", default))).Field);
        }

        Assert.Equal("reason", (await Assert.ThrowsAsync<ResourceException>(() => absences.EndAsync(recorded.Id, new LocalDate(2026, 12, 9), " ", "ben", default))).Field);
        var ended = (await absences.EndAsync(recorded.Id, new LocalDate(2026, 12, 9), " Well ", "ann", default))!;
        Assert.Equal((new DateOnly(2026, 12, 9), "ann", "Well", true), (ended.Last, ended.Ended!.By, ended.Ended.Reason, ended.Counts));
        Assert.Null(Refusal());
        Assert.Equal(ended, await absences.EndAsync(recorded.Id, new LocalDate(2026, 12, 9), "Again", "ben", default));
        Assert.Null(await absences.EndAsync("2026-11-24-000000000000", new LocalDate(2026, 12, 9), "Why", "ann", default));

        // November still shows its days, and the days that were given back can be taken anew.
        var november = (await absences.PlanSinceAsync(new LocalDate(2026, 11, 1), default)).FindPerson("ben")!;
        Assert.Equal((new LocalDate(2026, 11, 20), new LocalDate(2026, 12, 9)), Assert.Single(november.Absences) is var one ? (one.From, one.To) : default);
        Assert.Empty(await absences.ListAsync(new LocalDate(2026, 12, 10), new LocalDate(2027, 1, 31), default));
        _ = await absences.RecordAsync(Sick with { From = new LocalDate(2026, 12, 10), To = new LocalDate(2027, 1, 20) }, "ben", null, default);

        // It may still turn out to have ended earlier; to the last day of the closed month, and no earlier.
        Assert.Equal(new DateOnly(2026, 11, 30), (await absences.EndAsync(recorded.Id, new LocalDate(2026, 11, 30), "Earlier", "ann", default))!.Last);

        string? Refusal() => Assignment.Choose(office.Plan.Current, ticket, new Dictionary<string, AgentLoad>(), office.Clock.Now).Considered.Single(static one => one.Person == "ben").Refusal;
    }

    private static AbsenceService Absences(Office office) => new(office.Records, office.Plan, office.Clock);

    private sealed class Text(Office office) : IPlanSource
    {
        public Task<PlanText> ReadAsync(CancellationToken cancellation) => Task.FromResult(new PlanText("plan.yaml", office.Folder, office.PlanText));
    }
}
