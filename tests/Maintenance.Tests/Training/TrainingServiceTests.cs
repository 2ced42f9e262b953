using Maintenance.Tests.Services;
using Maintenance.Tickets;
using Maintenance.Training;

namespace Maintenance.Tests.Training;

/// <summary>Sessions and who was there, over a real database.</summary>
public sealed class TrainingServiceTests
{
    private const string Section = """

        training:
          warning: 20d
          programmes:
            - { id: restore, name: Restoring, audience: [approver], valid: 100d, within: 10d, owner: ann, trainer: cat, delivery: classroom, passMark: 50, gates: { services: [register] } }
            - { id: law, name: Law, audience: [ben], valid: 100d, within: 10d, owner: ann, trainer: ann, delivery: selfStudy }
        """;

    [Fact]
    public async Task A_session_is_planned_once_by_its_key_held_and_recorded_and_what_was_recorded_can_be_put_right()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var training = Training(office);
        var now = office.Clock.Now;
        Assert.Null(await training.PlanAsync("dancing", now, "Cat", "Room", "ann", "a", default));
        var session = (await training.PlanAsync("restore", now.AddDays(1), " Cat ", "Room", "ann", "a", default))!;
        Assert.Equal(session.Id, (await training.PlanAsync("restore", now.AddDays(1), "Cat", "Room", "ann", "a", default))!.Id);
        Assert.Single(await training.SessionsAsync("restore", default));
        Assert.Equal(("Cat", session.Id), (session.Trainer, (await training.FindAsync("restore", default))!.Next!.Id));
        foreach (var (at, trainer, place, field) in new[] { (now, " ", "Room", "trainer"), (now, "Cat", new string('x', 201), "place"), (now.AddYears(6), "Cat", "Room", "at"), (now.AddYears(-11), "Cat", "Room", "at") })
        {
            Assert.Equal(field, (await Assert.ThrowsAsync<TrainingException>(() => training.PlanAsync("restore", at, trainer, place, "ann", "b", default))).Field);
        }

        await Assert.ThrowsAsync<TrainingException>(() => training.RecordAsync("restore", session.Id, [new("ben", 90)], "cat", null, default));
        office.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(await training.RecordAsync("restore", "TS-9", [], "cat", null, default));
        await training.RecordAsync("restore", session.Id, [new("ben", 90), new("ann", 49)], "cat", null, default);
        Assert.Equal(["ann Due", "ben Valid", "cat Due"], await StandAsync(training));
        await training.RecordAsync("restore", session.Id, [new("cat", 50), new("ann", 51)], "cat", null, default);
        Assert.Equal(["ann Valid", "ben Due", "cat Valid"], await StandAsync(training));
        var held = Assert.Single(await training.SessionsAsync("restore", default));
        Assert.Equal((2, office.Clock.Now), (held.Attendance.Count, held.RecordedAt));
        Assert.Contains("Name who was there", (await Assert.ThrowsAsync<TrainingException>(() => training.RecordAsync("restore", session.Id, [], "cat", null, default))).Message, StringComparison.Ordinal);
        Assert.Empty((await training.CancelAsync("restore", session.Id, "It was another day", "ann", null, default))!.Attendance);
        Assert.Equal(["ann Due", "ben Due", "cat Due"], await StandAsync(training));
    }

    [Fact]
    public async Task One_id_is_one_session_and_who_left_the_plan_was_there_all_the_same()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var training = Training(office);
        var first = (await training.PlanAsync("restore", office.Clock.Now.AddDays(-1), "Cat", "Room", "ann", "a", default))!;
        Assert.Equal(first.At, (await training.PlanAsync("restore", office.Clock.Now.AddDays(-2), "Cat", "Room", "ann", "a", default))!.At);
        Assert.Single(await training.SessionsAsync("restore", default));
        await training.RecordAsync("restore", first.Id, [new("cat", 90), new("ann", 90)], "ann", null, default);
        office.PlanText = office.PlanText.Replace("  - { id: cat, name: Cat, email: cat@registry.example, roles: [approver] }\n", "", StringComparison.Ordinal)
            .Replace("notify: [cat]", "notify: [ann]", StringComparison.Ordinal).Replace("trainer: cat", "trainer: ann", StringComparison.Ordinal).Replace("quorum: 2", "quorum: 1", StringComparison.Ordinal);
        _ = await office.Plan.RefreshAsync(default);
        Assert.Null(office.Plan.Current.FindPerson("cat"));
        var again = (await training.RecordAsync("restore", first.Id, [new("cat", 90), new("ann", 40)], "ann", null, default))!;
        Assert.Equal([40, 90], again.Attendance.Select(static one => one.Score));
        await Assert.ThrowsAsync<TrainingException>(() => training.RecordAsync("restore", first.Id, [new("dan", 90)], "ann", null, default));
    }

    [Fact]
    public async Task Who_only_sat_in_has_their_whole_time_once_the_programme_is_asked_of_them()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var training = Training(office);
        var session = (await training.PlanAsync("law", office.Clock.Now.AddDays(-1), "Ann", "Room", "ann", "a", default))!;
        await training.RecordAsync("law", session.Id, [new("cat")], "ann", null, default);
        await training.CancelAsync("law", session.Id, "It was another day", "ann", null, default);
        office.Clock.Advance(TimeSpan.FromDays(200));
        office.PlanText = office.PlanText.Replace("audience: [ben]", "audience: [ben, cat]", StringComparison.Ordinal);
        _ = await office.Plan.RefreshAsync(default);
        await training.SweepAsync(default);
        Assert.Equal(TrainingState.Due, (await training.FindAsync("law", default))!.People.Single(static one => one.Person == "cat").State);
    }

    [Fact]
    public async Task A_cancelled_session_is_not_the_next_one()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var training = Training(office);
        var first = (await training.PlanAsync("law", office.Clock.Now.AddDays(1), "Ann", "Room", "ann", "a", default))!;
        var second = (await training.PlanAsync("law", office.Clock.Now.AddDays(2), "Ann", "Room", "ann", "b", default))!;
        Assert.Equal("reason", (await Assert.ThrowsAsync<TrainingException>(() => training.CancelAsync("law", first.Id, " ", "ann", null, default))).Field);
        Assert.Equal("Ill", (await training.CancelAsync("law", first.Id, " Ill ", "ann", null, default))!.Cancelled);
        Assert.Equal("Ill", (await training.CancelAsync("law", first.Id, "Again", "ann", null, default))!.Cancelled);
        Assert.Null(await training.CancelAsync("law", "TS-9", "Ill", "ann", null, default));
        Assert.Equal(second.Id, (await training.FindAsync("law", default))!.Next!.Id);
    }

    [Fact]
    public async Task Newcomers_have_their_time_from_when_they_came_and_everybody_is_told_once_of_each_date()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var training = Training(office);
        await training.SweepAsync(default);
        office.Clock.Advance(TimeSpan.FromDays(9));
        await training.SweepAsync(default);
        Assert.Empty(office.Notifier.Sent);
        office.Clock.Advance(TimeSpan.FromDays(1));
        await training.SweepAsync(default);
        await training.SweepAsync(default);

        // Restoring: each of three, and of two of them its owner, who is the third; law: Ben, and its owner. And the log, of each.
        var told = office.Notifier.Sent.ToList();
        Assert.Equal(
            [2, 4, 4, 4],
            new[] { "training/restore/ann/Overdue/2026-12-02", "training/restore/ben/Overdue/2026-12-02", "training/restore/cat/Overdue/2026-12-02", "training/law/ben/Overdue/2026-12-02" }
                .Select(id => told.Count(line => line.StartsWith(id, StringComparison.Ordinal))));
        Assert.Equal(14, told.Count);
        Assert.Equal(
            ["training/restore/ben/Overdue/2026-12-02 → mail:ben@registry.example", "training/restore/ben/Overdue/2026-12-02/owner → mail:ann@registry.example"],
            told.Where(static line => line.StartsWith("training/restore/ben/", StringComparison.Ordinal) && line.Contains('@', StringComparison.Ordinal)));
        Assert.DoesNotContain(told, static line => line.StartsWith("training/restore/ann/", StringComparison.Ordinal) && line.Contains("/owner", StringComparison.Ordinal));
        Assert.Equal(["ann Overdue", "ben Overdue", "cat Overdue"], await StandAsync(training));

        // Dan comes: his time begins now.
        office.PlanText = office.PlanText.Replace("  - { id: cat,", "  - { id: dan, name: Dan, email: dan@registry.example, roles: [approver] }\n  - { id: cat,", StringComparison.Ordinal);
        _ = await office.Plan.RefreshAsync(default);
        await training.SweepAsync(default);
        Assert.Equal(["ann Overdue", "ben Overdue", "cat Overdue", "dan Due"], (await StandAsync(training)).Order());
        Assert.Equal(told, office.Notifier.Sent);
    }

    [Fact]
    public async Task A_ticket_of_a_gated_service_is_offered_only_to_whoever_is_trained()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var training = Training(office);
        var tickets = new TicketService(office.Records, office.Queue, office.Plan, office.Numbers, new AgentBook(office.Records, office.Clock), office.Clock, training);
        var ticket = await tickets.OpenAsync("a", new NewTicket(TicketType.Incident, "A", "B", "register", "all", "now", null, null, office.Clock.Now), default);
        var other = await tickets.OpenAsync("b", new NewTicket(TicketType.Incident, "A", "B", null, "all", "now", null, null, office.Clock.Now), default);
        var choice = (await tickets.ChooseAsync(ticket.Id, default))!;
        Assert.Equal((null, "has no valid training 'Restoring'"), (choice.Person, Assert.Single(choice.Considered).Refusal));
        Assert.Equal("ben", (await tickets.ChooseAsync(other.Id, default))!.Person);
        var session = (await training.PlanAsync("restore", office.Clock.Now.AddHours(-1), "Cat", "Room", "ann", "a", default))!;
        await training.RecordAsync("restore", session.Id, [new("ben", 90)], "cat", null, default);
        Assert.Equal("ben", (await tickets.ChooseAsync(ticket.Id, default))!.Person);
        office.Clock.Advance(TimeSpan.FromDays(100));
        Assert.Null((await tickets.ChooseAsync(ticket.Id, default))!.Person);
    }

    [Fact]
    public async Task Whenever_the_process_ends_attendance_is_recorded_whole_or_not_at_all()
    {
        for (var writes = 0; writes < 3; writes++)
        {
            await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
            var session = (await Training(office).PlanAsync("restore", office.Clock.Now, "Cat", "Room", "ann", "a", default))!;
            office.Records.CutAfter(writes);
            try
            {
                await Training(office).RecordAsync("restore", session.Id, [new("ann", 90), new("ben", 90)], "cat", null, default);
            }
            catch (CutOffException)
            {
            }

            office.Records.Mend();
            string[] expected = writes == 0 ? ["ann Due", "ben Due", "cat Due"] : ["ann Valid", "ben Valid", "cat Due"];
            Assert.Equal(expected, await StandAsync(Training(office)));
            Assert.Equal(writes == 0 ? 0 : 2, Assert.Single(await Training(office).SessionsAsync("restore", default)).Attendance.Count);
        }
    }

    [Fact]
    public async Task Of_two_who_record_what_they_both_saw_unrecorded_the_later_one_is_refused_and_nothing_is_lost()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var session = (await Training(office).PlanAsync("restore", office.Clock.Now, "Cat", "Room", "ann", "a", default))!;
        var refused = 0;
        await Task.WhenAll(new[] { "ann", "ben", "cat" }.Select(async person =>
        {
            try
            {
                _ = await Training(office).RecordAsync("restore", session.Id, [new(person, 90)], person, session.Version, default);
            }
            catch (TrainingChangedException)
            {
                _ = Interlocked.Increment(ref refused);
            }
        }));
        var held = Assert.Single(await Training(office).SessionsAsync("restore", default));
        var there = Assert.Single(held.Attendance).Person;
        Assert.Equal((2, 1, there), (refused, held.Version, held.RecordedBy));
        var known = await Training(office).RecordsAsync("restore", default);
        Assert.Equal([there], known.Values.Where(static record => record.Results.Count > 0).Select(static record => record.Person));
        Assert.Contains($"by {there} since", (await Assert.ThrowsAsync<TrainingChangedException>(() => Training(office).CancelAsync("restore", session.Id, "Ill", "ann", 0, default))).Message, StringComparison.Ordinal);
        Assert.Equal(2, (await Training(office).RecordAsync("restore", session.Id, [new("ann", 90), new("ben", 90)], "ann", 1, default))!.Version);
    }

    [Fact]
    public async Task Who_said_what_of_a_session_stays_there_whatever_is_said_later()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var training = Training(office);
        var start = office.Clock.Now;
        var session = (await training.PlanAsync("restore", start, "Cat", "Room", "ann", "a", default))!;
        await training.RecordAsync("restore", session.Id, [new("ben", 40)], "cat", null, default);
        office.Clock.Advance(TimeSpan.FromHours(1));
        await training.RecordAsync("restore", session.Id, [new("ben", 90)], "ben", null, default);
        office.Clock.Advance(TimeSpan.FromHours(1));
        await training.CancelAsync("restore", session.Id, "It was another day", "ann", null, default);
        Assert.Equal(
            ["1 0 cat 40 ", "2 1 ben 90 ", "3 2 ann  It was another day"],
            (await training.RecordingsAsync("restore", default)).Select(one => $"{one.Version} {(one.At - start).TotalHours} {one.By} {string.Join(",", one.Attendance.Select(static there => there.Score))} {one.Cancelled}"));
        Assert.All(await training.RecordingsAsync("restore", default), one => Assert.Equal(session.Id, one.Session));
        Assert.Single(await training.SessionsAsync("restore", default));
    }

    [Fact]
    public async Task Putting_one_entry_right_judges_nobody_else_anew()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var training = Training(office);
        var session = (await training.PlanAsync("restore", office.Clock.Now, "Cat", "Room", "ann", "a", default))!;
        await training.RecordAsync("restore", session.Id, [new("ann", 60), new("cat", 60)], "cat", null, default);
        office.PlanText = office.PlanText.Replace("passMark: 50", "passMark: 80", StringComparison.Ordinal);
        Assert.False((await office.Plan.RefreshAsync(default)).IsStale);
        await training.RecordAsync("restore", session.Id, [new("ann", 60), new("ben", 90), new("cat", 70)], "ben", null, default);
        Assert.Equal(["ann Valid", "ben Valid", "cat Due"], await StandAsync(training));
        Assert.Equal("cat", Assert.Single((await training.RecordsAsync("restore", default))["ann"].Results).By);
    }

    private static TrainingService Training(Office office) => new(office.Records, office.Numbers, office.Notifications, office.Plan, office.Clock);

    private static async Task<List<string>> StandAsync(TrainingService training) =>
        [.. (await training.FindAsync("restore", default))!.People.Select(static one => $"{one.Person} {one.State}")];
}
