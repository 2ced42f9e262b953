using Maintenance.Handover;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Storage;
using Maintenance.Tests.Services;
using Maintenance.Training;

namespace Maintenance.Tests.Handover;

/// <summary>A handover over real backups, drills, recoveries and trainings: what counts, what is signed, and what remains.</summary>
public sealed class HandoverServiceTests
{
    [Fact]
    public async Task Only_what_the_team_itself_has_shown_since_the_beginning_counts()
    {
        await using var bench = await RecoveryBench.OpenAsync(static _ => Office.QuickPlan + HandoverRulesTests.Section);
        var (office, handovers, training) = (bench.Office, Handovers(bench.Office), Training(bench.Office));
        async Task<string> MetAsync() => string.Join(' ', (await handovers.FindAsync(default))!.Assessment.Checks.Where(static one => one.IsMet).Select(static one => one.Check.Id));
        async Task<RecoveryRun> RunAsync(RecoveryKind kind, string by, DrillFault? fault = null) =>
            (await office.Recoveries.StartAsync(new NewRecovery(kind, "register", "To try it.") { Fault = fault }, by, $"{kind} {by} {fault}", default)) is var run && kind == RecoveryKind.Drill ? await bench.UntilClosedAsync(run.Id) : run;

        // Before the beginning, by the team; then since, by somebody else, with a fault that was put in, and in earnest.
        Assert.True((await RunAsync(RecoveryKind.Drill, "ben")).Measures!.IsPassed);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False((await handovers.BeginAsync(bench.Ann, default))!.Assessment.IsReady);
        _ = await bench.BackUpAsync();
        Assert.Equal("backups", await MetAsync());
        Assert.True((await RunAsync(RecoveryKind.Drill, "cat")).Measures!.IsPassed);
        Assert.Equal(RecoveryState.Completed, (await RunAsync(RecoveryKind.Drill, "ben", DrillFault.MissingPack)).State);
        var recovery = await RunAsync(RecoveryKind.Recovery, "ben");
        _ = await bench.UntilAsync(recovery.Id, "gate", RecoveryStepState.Waiting);
        await bench.DecideAsync(recovery.Id, "gate", StepDecision.Approve, bench.Ann);
        _ = await bench.UntilAsync(recovery.Id, static run => run.State == RecoveryState.Recovered);
        await bench.DecideAsync(recovery.Id, RecoveryDecision.Confirm);
        Assert.Equal(RecoveryState.Completed, (await bench.UntilClosedAsync(recovery.Id)).State);

        // One that did not pass: something lies where it restores to.
        var next = $"R-{int.Parse(recovery.Id.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture) + 1}";
        Directory.CreateDirectory(Path.Join(office.Folder, "scratch"));
        await File.WriteAllTextAsync(Path.Join(office.Folder, "scratch", next), "in the way");
        var failed = await bench.UntilClosedAsync((await office.Recoveries.StartAsync(new NewRecovery(RecoveryKind.Drill, "register", "To try it."), "ben", "fails", default)).Id);
        Assert.Equal((next, RecoveryState.Failed), (failed.Id, failed.State));
        Assert.Equal("backups", await MetAsync());

        _ = await bench.BackUpAsync();
        var passed = await bench.UntilClosedAsync((await office.Recoveries.StartAsync(new NewRecovery(RecoveryKind.Drill, "register", "To try it."), "ben", "passes", default)).Id);
        Assert.True(passed.Measures!.IsPassed);
        Assert.Equal("backups drill", await MetAsync());
        Assert.StartsWith(passed.Id + " passed on ", (await handovers.FindAsync(default))!.Assessment.Checks[1].Evidence, StringComparison.Ordinal);

        // Whoever is trained of the others does not count for the team.
        var session = (await training.PlanAsync("restore", office.Clock.Now.AddMinutes(-5), "Cat", "Room", "ann", "a", default))!;
        _ = await training.RecordAsync("restore", session.Id, [new("cat"), new("ann")], "cat", null, default);
        Assert.Equal("backups drill", await MetAsync());
        _ = await training.RecordAsync("restore", session.Id, [new("cat"), new("ben")], "cat", null, default);
        Assert.Equal("backups drill trained", await MetAsync());

        // A drill that was noted shows it although hundreds come after it; a backup that grows old does not.
        await handovers.SweepAsync(default);
        for (var later = 0; later < 201; later++)
        {
            _ = await office.Numbers.ClaimAsync("recoveries", $"later {later}", default);
        }

        office.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("drill trained", await MetAsync());
    }

    [Fact]
    public async Task Whoever_takes_longer_to_read_than_the_next_backup_signs_what_they_have_read()
    {
        await using var bench = await RecoveryBench.OpenAsync(static _ => Office.QuickPlan + Without("drill", "trained"));
        var (office, handovers) = (bench.Office, Handovers(bench.Office));
        await SayAllAsync(office);
        var read = (await handovers.FindAsync(default))!;
        Assert.True(read.Assessment.IsReady);
        office.Clock.Advance(TimeSpan.FromHours(30));
        _ = await bench.BackUpAsync();
        Assert.NotEqual(read.Assessment.Checks[0].Evidence, (await handovers.FindAsync(default))!.Assessment.Checks[0].Evidence);
        var signed = (await handovers.SignAsync(bench.Ann, read.Hash, default))!;
        Assert.Equal((read.Hash, "ann"), (signed.State!.Paper!.Hash, Assert.Single(signed.State.Paper.Signatures).Person));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_said_in_the_moment_of_signing_is_not_signed_over(bool isPassed)
    {
        await using var office = await Office.OpenAsync(Lean);
        var handovers = await SayAllAsync(office);
        var hash = (await handovers.FindAsync(default))!.Hash;
        var isMet = false;
        office.Records.Before = async (table, partition) =>
        {
            if (table == Tables.Handover && !isMet)
            {
                isMet = true;
                _ = isPassed
                    ? await handovers.PassAsync("domain", Person(office, "cat"), false, "Another code", default)
                    : await handovers.ConfirmAsync("manuals", Person(office, "ben"), "All but one", default);
            }
        };
        await Assert.ThrowsAsync<HandoverStateException>(() => handovers.SignAsync(Person(office, "ann"), hash, default));
        Assert.True(isMet);
        var standing = (await handovers.FindAsync(default))!;
        Assert.Equal((null, null), (standing.State!.Paper, standing.State.AcceptedAt));
        Assert.NotEqual(hash, standing.Hash);
    }

    [Fact]
    public async Task A_plan_that_asks_for_more_between_the_signatures_is_not_accepted_by_the_second()
    {
        await using var office = await Office.OpenAsync(Lean);
        var handovers = await SayAllAsync(office);
        var hash = (await handovers.FindAsync(default))!.Hash;
        _ = await handovers.SignAsync(Person(office, "ann"), hash, default);
        var before = office.PlanText;
        await PlanAsync(office, before.Replace("due: 2027-06-30", "due: 2028-06-30", StringComparison.Ordinal));
        Assert.Contains("since the first signature", (await Assert.ThrowsAsync<HandoverStateException>(() => handovers.SignAsync(Person(office, "cat"), hash, default))).Message, StringComparison.Ordinal);
        await PlanAsync(office, before);
        Assert.NotNull((await handovers.SignAsync(Person(office, "cat"), hash, default))!.State!.AcceptedAt);
    }

    [Fact]
    public async Task What_was_accepted_stays_ready_and_as_it_was_shown_while_the_records_go_on()
    {
        await using var bench = await RecoveryBench.OpenAsync(static _ => Office.QuickPlan + Without("drill", "trained"));
        var (office, handovers) = (bench.Office, Handovers(bench.Office));
        await SayAllAsync(office);
        var shown = (await handovers.FindAsync(default))!;
        _ = await handovers.SignAsync(bench.Ann, shown.Hash, default);
        _ = await handovers.SignAsync(Person(office, "cat"), shown.Hash, default);

        // No backup for a month, another issue in the plan, and a line nobody has confirmed.
        office.Clock.Advance(TimeSpan.FromDays(30));
        await PlanAsync(office, office.PlanText.Replace("outstanding:\n", "outstanding:\n    - { id: more, title: More, criteria: More., owner: ben, due: 2028-06-30, impact: all, urgency: later }\n", StringComparison.Ordinal)
            .Replace("checklist:\n", "checklist:\n    - { id: extra, name: Extra, owner: ben, confirm: More }\n", StringComparison.Ordinal));
        Assert.Equal(2, office.Plan.Current.Handover!.Outstanding.Count);
        await handovers.SweepAsync(default);
        await Assert.ThrowsAsync<HandoverStateException>(() => handovers.BeginAsync(bench.Ann, default));
        var ticket = Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
        var standing = (await handovers.FindAsync(default))!;
        Assert.True(standing.Assessment.IsReady);
        Assert.Equal(shown.Assessment.Checks, standing.Assessment.Checks);
        Assert.Equal(shown.Assessment.Control, standing.Assessment.Control);
        Assert.Equal((shown.Document, shown.Hash), (standing.Document, standing.Hash));
        Assert.Equal(new MeasuredIssue(shown.Plan.Outstanding[0], ticket.Id, false), Assert.Single(standing.Assessment.Outstanding));
        _ = await office.Tickets.ResolveAsync(ticket.Id, "ben", "It is fast.", null, null, default);
        Assert.True(Assert.Single((await handovers.FindAsync(default))!.Assessment.Outstanding).IsDone);
    }

    [Fact]
    public async Task An_outstanding_issue_is_its_owners_breaches_nothing_before_its_date_and_is_told_once_after_it()
    {
        await using var office = await Office.OpenAsync(Lean.Replace("criteria: Ten searches in three seconds., owner: cat", "criteria: Ten searches in three seconds., owner: ben", StringComparison.Ordinal));
        var handovers = await SayAllAsync(office);
        async Task<int> TickAsync(TimeSpan by)
        {
            office.Clock.Advance(by);
            await handovers.SweepAsync(default);
            await handovers.SweepAsync(default);
            _ = await office.Tickets.SweepAsync(default);
            _ = await office.DeliverAsync(office.Breaches);
            return Told(office).Count;
        }

        Assert.Equal("ben", Assert.Single(await office.Tickets.ListOpenAsync(default).ToListAsync()).Assignee);
        Assert.Equal(0, await TickAsync(TimeSpan.FromDays(92)));
        var end = Rules.Instants.Utc("2027-07-01T00:00Z");
        Assert.Equal(0, await TickAsync(end.AddTicks(-1) - office.Clock.Now));
        var ticket = Assert.Single(await office.Tickets.ListOpenAsync(default).ToListAsync());
        Assert.Empty(ticket.Fired);
        Assert.Equal((end.AddHours(8), end.AddHours(40)), (ticket.ResponseDue, ticket.ResolutionDue));

        // The owner and whoever sees to the handover, once each; accepted or not. From then on the clocks run.
        var hash = (await handovers.FindAsync(default))!.Hash;
        _ = await handovers.SignAsync(Person(office, "ann"), hash, default);
        _ = await handovers.SignAsync(Person(office, "cat"), hash, default);
        Assert.Equal(2, await TickAsync(TimeSpan.FromTicks(1)));
        Assert.Collection(Told(office), static line => Assert.Contains("ann@", line, StringComparison.Ordinal), static line => Assert.Contains("ben@", line, StringComparison.Ordinal));
        Assert.All(Told(office), static line => Assert.StartsWith("handover/first/slow/2027-06-30 ", line, StringComparison.Ordinal));
        Assert.Equal(2, await TickAsync(TimeSpan.FromDays(1)));
        Assert.Contains("response/breach", Assert.Single(await office.Tickets.ListOpenAsync(default).ToListAsync()).Fired, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_issue_that_is_done_in_time_is_told_to_nobody()
    {
        await using var office = await Office.OpenAsync(Lean);
        var handovers = await SayAllAsync(office);
        var ticket = Assert.Single(await office.Tickets.ListOpenAsync(default).ToListAsync());
        Assert.Equal((null, "cat"), (ticket.Assignee, Assert.Single(ticket.Watchers))); // Who may not work on tickets hears of theirs.
        _ = await office.Tickets.ResolveAsync(ticket.Id, "ben", "It is fast.", null, null, default);
        office.Clock.Advance(TimeSpan.FromDays(400));
        await handovers.SweepAsync(default);
        Assert.Empty(Told(office));
    }

    [Fact]
    public async Task Wherever_the_process_ends_a_handover_that_begins_has_one_ticket_for_each_issue()
    {
        var hasEnded = false;
        for (var writes = 0; !hasEnded; writes++)
        {
            Assert.True(writes < 60, "It never comes to its end.");
            await using var office = await Office.OpenAsync(Lean.Replace("owner: cat, due", "owner: ben, due", StringComparison.Ordinal));
            office.Records.CutAfter(writes);
            try
            {
                _ = await Handovers(office).BeginAsync(Person(office, "ann"), default);
                hasEnded = writes > 3;
            }
            catch (CutOffException)
            {
            }

            office.Records.Mend();
            var handovers = Handovers(office);
            if ((await handovers.FindAsync(default))!.State is null)
            {
                _ = await handovers.BeginAsync(Person(office, "ann"), default);
            }

            await handovers.SweepAsync(default);
            await handovers.SweepAsync(default);
            var ticket = Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
            Assert.Equal(ticket.Id, (await handovers.FindAsync(default))!.State!.Tickets["slow"]);
            Assert.Equal("ben", ticket.Assignee);
        }
    }

    [Fact]
    public async Task Wherever_the_process_ends_a_signature_is_under_a_document_that_is_there_or_nowhere()
    {
        var hasEnded = false;
        for (var writes = 0; !hasEnded; writes++)
        {
            Assert.True(writes < 20, "It never comes to its end.");
            await using var office = await Office.OpenAsync(Lean);
            var hash = (await (await SayAllAsync(office)).FindAsync(default))!.Hash;
            office.Records.CutAfter(writes);
            try
            {
                _ = await Handovers(office).SignAsync(Person(office, "ann"), hash, default);
                hasEnded = true;
            }
            catch (CutOffException)
            {
            }

            office.Records.Mend();
            var handovers = Handovers(office);
            var between = (await handovers.FindAsync(default))!;
            Assert.Equal(hasEnded, between.State!.Paper is not null);
            if (between.State.Paper is null)
            {
                _ = await handovers.SignAsync(Person(office, "ann"), hash, default);
            }

            var accepted = (await handovers.SignAsync(Person(office, "cat"), hash, default))!;
            Assert.NotNull(accepted.State!.AcceptedAt);
            Assert.Equal((hash, hash), (accepted.State.Paper!.Hash, HandoverDocument.Hash(accepted.Document)));
            Assert.True(hasEnded || writes < 2);
        }
    }

    /// <summary>A handover that needs no backup, drill or training.</summary>
    private static string Lean { get; } = Office.QuickPlan + Without("backups", "drill", "trained");

    private static string Without(params string[] checks) => string.Join('\n', HandoverRulesTests.Section.Split('\n').Where(line => !checks.Any(check => line.Contains($"{{ id: {check},", StringComparison.Ordinal))));

    private static HandoverService Handovers(Office office) =>
        new(office.Records, office.Tickets, office.Backups, office.Recoveries, Training(office), office.Notifications, office.Plan, office.Clock);

    private static TrainingService Training(Office office) => new(office.Records, office.Numbers, office.Notifications, office.Plan, office.Clock);

    /// <summary>The mails of the handover.</summary>
    private static List<string> Told(Office office) => [.. office.Notifier.Sent.Where(static line => line.StartsWith("handover/", StringComparison.Ordinal) && line.Contains('@', StringComparison.Ordinal))];

    private static Person Person(Office office, string id) => office.Plan.Current.FindPerson(id)!;

    /// <summary>Begins it, and says all that people say.</summary>
    private static async Task<HandoverService> SayAllAsync(Office office)
    {
        var handovers = Handovers(office);
        _ = await handovers.BeginAsync(Person(office, "ann"), default);
        _ = await handovers.ConfirmAsync("manuals", Person(office, "ben"), "All 14", default);
        _ = await handovers.PassAsync("domain", Person(office, "cat"), false, "Code sent", default);
        _ = await handovers.PassAsync("domain", Person(office, "ben"), true, "It is ours", default);
        return handovers;
    }

    private static async Task PlanAsync(Office office, string text)
    {
        Assert.NotEqual(office.PlanText, text);
        office.PlanText = text;
        _ = await office.Plan.RefreshAsync(default);
        Assert.Equal(text, office.PlanText);
    }
}
