using System.Globalization;
using Maintenance.Backups;
using Maintenance.Duties;
using Maintenance.Local.Simulation;
using Maintenance.Patches;
using Maintenance.Reports;
using Maintenance.Supplies;
using Maintenance.Tests.Storage;
using Maintenance.Tickets;
using Maintenance.Time;
using NodaTime;
using NodaTime.Text;
using Xunit.Abstractions;
using Run = Maintenance.Local.Simulation.Simulation;

namespace Maintenance.Tests.Simulation;

/// <summary>
/// The leap year 2028 of a small town, from a script that a person can follow with a calendar and a pencil. What has to come out was worked out by hand from the plan's
/// rules: the reckoning stands beside each event, and the report that a person would have written lies in <c>year-of-operation.txt</c>. Times are those of the wall in
/// Berlin: UTC+1, from 26 March 02:00 to 29 October 03:00 UTC+2.
/// </summary>
public sealed class YearOfOperationTests(ITestOutputHelper output)
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private static readonly TicketActor Ben = new("ben", true);

    [Fact]
    public async Task A_year_of_operation_ends_with_the_report_that_a_person_would_have_written()
    {
        using var folder = new ScratchFolder();
        var terms = new SimulationTerms(Wall("2028-01-01T00:00"), Wall("2029-01-01T00:00"));
        await using var system = await SimulatedSystem.StartAsync(folder.Root, TownPlan.Text, terms.From, default);
        var year = new Run(system, terms);
        Script(year);
        var began = TimeProvider.System.GetTimestamp();

        await year.RunAsync(default);

        output.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s, {year.Ticks} ticks, {year.Events} events");
        foreach (var (timer, spent) in year.Spent.OrderByDescending(static one => one.Value))
        {
            output.WriteLine($"  {timer} {spent.TotalSeconds:0.0} s");
        }

        var text = YearReportText.Write(await YearReports.ReadAsync(year, default));
        output.WriteLine(text);

        // How many notices that makes is nothing that a person would reckon; what is said in them has tests of its own.
        var said = text.IndexOf("\nSaid and done outside", StringComparison.Ordinal);
        var failed = text.IndexOf("\nWhat failed or was refused", StringComparison.Ordinal);
        using var written = new StreamReader(typeof(YearOfOperationTests).Assembly.GetManifestResourceStream("year-of-operation.txt")!);
        Assert.Equal((await written.ReadToEndAsync()).ReplaceLineEndings("\n"), text[..said] + text[failed..]);

        await EachTicketIsDueWhenThePencilSaysAsync(system);
        await EachBackupIsTakenWhenThePencilSaysAsync(system);
    }

    /// <summary>The events of the year, each with what follows from it.</summary>
    private static void Script(Run year)
    {
        // 368 snapshots: one at the start, since nothing was proven yet, and 366 by the schedule, less that of 10 June, whose hour passed without one, and for it one at
        // 12:58; and one on 30 October. 26 March has no 02:30, so the backup is taken at 03:00; 29 October has two, and the first one counts. From that one to the next
        // are 25 hours, and the RPO is 24: at 01:31, a minute after it is passed, one is taken between them.
        //
        // On 10 June the source cannot be reached from 02:00 to 12:00. The backup of 02:30 fails, with three tries (at once, after 15 s, after 30 s more), at 02:30:45. The
        // RPO has passed meanwhile, so it is tried again at the first tick after 5, 10, 20, 40 and then 60 minutes from each failure: 02:36, 02:47, 03:08, 03:49, 04:50,
        // 05:51, 06:52, 07:53, 08:54, 09:55, 10:56, 11:57, all in vain: 13 failures. At 12:58 it is proven.
        // Out of the RPO: 02:30 to 12:58, 10 h 28 min, and the minute of 30 October: 629 of 527,040 minutes; within it 99.88 %.
        // Kept at the end: of 14 days (18 to 31 December), and the newest of each of the 5 months before December of 6: 30 November, 31 October, 30 September, 31 August,
        // 31 July. That makes 19.
        year.At(Wall("2028-06-10T02:00"), "the source is gone", static (now, _) => Done(() => now.System.BreakSource("nightly", Wall("2028-06-10T12:00"))));

        // T-1001, low, Monday 10 January 09:00. Response 4 h: 09–12 and 13–14, due 14:00; answered at 14:00 sharp: met.
        // Resolution 16 h: 7 h on Monday, 8 h on Tuesday, 1 h on Wednesday: due 12 January 09:00; solved 08:59: met.
        Open(year, "2028-01-10T09:00", "A form is missing", TicketType.ServiceRequest, "one", "register");
        Act(year, "2028-01-10T09:30", "T-1001", new TicketAct.Start());
        Act(year, "2028-01-10T14:00", "T-1001", new TicketAct.Respond("We look for it."));
        Act(year, "2028-01-12T08:59", "T-1001", new TicketAct.Resolve("It is there."));

        // T-1002, high, around the clock, Sunday 26 March 01:30, half an hour before the clock goes on by one. Response 30 min: due 03:00 summer time; answered 01:50: met.
        // Resolution 4 h: due 06:30 summer time; solved at that instant: met. The counter is down for 240 min.
        Open(year, "2028-03-26T01:30", "The counter's system is down", TicketType.Incident, "all", "counter", "now");
        Act(year, "2028-03-26T01:50", "T-1002", new TicketAct.Respond("We are on it."));
        Act(year, "2028-03-26T06:30", "T-1002", new TicketAct.Resolve("It is up."));

        // T-1003, low, Thursday 13 April 16:00, before Easter. Response 4 h: one on Thursday; Friday to Monday are closed; three on Tuesday: due 18 April 11:00. Answered 11:30:
        // missed, and level 1 told at 11:00; level 2 would have been at 14:00.
        // Resolution 16 h: 1 + 8 on Tuesday + 7 on Wednesday: due 19 April 16:00; solved 15:00: met.
        Open(year, "2028-04-13T16:00", "A stamp is worn", TicketType.ServiceRequest, "one", "register");
        Act(year, "2028-04-13T16:10", "T-1003", new TicketAct.Start());
        Act(year, "2028-04-18T11:30", "T-1003", new TicketAct.Respond("We order one."));
        Act(year, "2028-04-19T15:00", "T-1003", new TicketAct.Resolve("It is new."));

        // T-1004, low: the purchase that falls due on Friday 5 May 10:00, when 310 of 400 sheets are taken and 90 are left, less than the minimum of 100.
        // Response 4 h: 10–12 and 13–15, due 15:00; answered 14:00: met. Resolution 16 h: 6 h on Friday, 8 h on Monday, 2 h on Tuesday: due 9 May 10:00; solved 8 May 12:00: met.
        // 410 sheets come on 16 May: 500. No other purchase: at 310 in 30 days, 500 last well beyond the 7 days of an order, and after 4 June nothing is used.
        Supply(year, "2028-01-03T09:00", StockMovementKind.Count, 400);
        Supply(year, "2028-05-05T10:00", StockMovementKind.Issue, 310);
        Act(year, "2028-05-05T14:00", "T-1004", new TicketAct.Respond("It is ordered."));
        Act(year, "2028-05-08T12:00", "T-1004", new TicketAct.Resolve("It comes next week."));
        Supply(year, "2028-05-16T09:00", StockMovementKind.Receipt, 410);

        // T-1005, high: the register is down on Tuesday 20 June from 10:00 to 11:00. Samples are taken at the 48th second of each fifth minute: 10:00:48, 10:05:48 and 10:10:48
        // fail, and with the third it is down, since the first. 11:00:48 and 11:05:48 are good: it was down until the first of them, 60 min. The ticket is opened at
        // 10:10:48 and solved by the system at 11:05:48. Nobody answers: due 10:40:48, missed, level 1 told; level 2 would have been two hours later. Resolution met.
        year.At(Wall("2028-06-20T10:00"), "the register is down", static (now, stop) => now.TakeDownAsync("register", Wall("2028-06-20T11:00"), stop));

        // T-1006, low, Monday 3 July 08:00. Response 4 h: due 12:00; answered 09:00: met. It waits for who asked from 10:00 to Thursday 10:00: 2 h are used, 14 h are left:
        // 6 h on Thursday, 8 h on Friday: due 7 July 17:00, at closing time; solved at that instant: met. But on Monday 10 July 09:00 it is opened again, and has no time left:
        // missed, since Friday 17:00, and level 1 told. Solved for good at 10:00, one hour over; level 2 would have been two.
        Open(year, "2028-07-03T08:00", "A certificate is wrong", TicketType.ServiceRequest, "one", "counter");
        Act(year, "2028-07-03T09:00", "T-1006", new TicketAct.Respond("Which one?"));
        Act(year, "2028-07-03T10:00", "T-1006", new TicketAct.Wait(WaitingFor.Requester, "The number of the certificate."));
        Act(year, "2028-07-06T10:00", "T-1006", new TicketAct.Resume("It has come."));
        Act(year, "2028-07-07T17:00", "T-1006", new TicketAct.Resolve("A new one is on its way."));
        Act(year, "2028-07-10T09:00", "T-1006", new TicketAct.Reopen("The new one is wrong as well."));
        Act(year, "2028-07-10T10:00", "T-1006", new TicketAct.Resolve("Now it is right."));

        // T-1007, high, Wednesday 13 September 10:00: answered 10:10, solved 12:30: both met. The counter is down for 150 min.
        Open(year, "2028-09-13T10:00", "The counter's system is slow to death", TicketType.Incident, "all", "counter", "now");
        Act(year, "2028-09-13T10:10", "T-1007", new TicketAct.Respond("We are on it."));
        Act(year, "2028-09-13T12:30", "T-1007", new TicketAct.Resolve("It is up."));

        // T-1008, high: on Sunday 29 October, when the clock goes back, the register is down from 02:00 winter time (01:00Z) to 07:00: 300 min. October has 745 hours, of which 0.5 %
        // are 223.5 min: its budget is overspent. The ticket is opened at 02:10:48; answered 02:30 winter time: met. Resolution due 06:10:48; solved by the system at
        // 07:05:48: missed, level 1 told; level 2 would have been at 08:10:48.
        year.At(Utc("2028-10-29T01:00"), "the register is down", static (now, stop) => now.TakeDownAsync("register", Utc("2028-10-29T06:00"), stop));
        year.At(Utc("2028-10-29T01:30"), "ben answers", static (now, stop) => DoAsync(now, "T-1008", new TicketAct.Respond("We are on it."), stop));

        // T-1009, high, Sunday 19 November 21:00 to 23:00, answered 21:20: both met. From 22:00 on is a maintenance window: the counter is down for 60 min that count.
        // Counter: 240 + 150 + 60 = 450 min. Its agreed time begins with the first ticket ever, 10 January 09:00: 8,559 h to the end of the year, less 49 Sundays of 2 h
        // (16 January to 17 December; those of the freeze are no windows): 8,461 h. 99.911 %.
        // Register, which is measured, and whose plan is quiet in no window: 60 + 300 = 360 min of 8,784 h, less the 48 s before the first sample: 99.932 %.
        Open(year, "2028-11-19T21:00", "The counter's system is down again", TicketType.Incident, "all", "counter", "now");
        Act(year, "2028-11-19T21:20", "T-1009", new TicketAct.Respond("We are on it."));
        Act(year, "2028-11-19T23:00", "T-1009", new TicketAct.Resolve("It is up."));

        // T-1010, low, Wednesday 20 December 16:00, and nobody looks. Response 4 h: due Thursday 11:00: missed; level 1 at 11:00, level 2 after two hours of service at 14:00, the
        // end of the chain an hour later. Resolution 16 h: 1 + 8 + 7 on Friday: due 22 December 16:00: missed; level 1 at 16:00; level 2: 1 h on Friday, Christmas, 1 h on
        // Wednesday: 27 December 09:00; the end of the chain at 10:00.
        Open(year, "2028-12-20T16:00", "A chair is broken", TicketType.ServiceRequest, "one", null);

        // The review of access is due at 17:00 on the last day of January, April, July and October, on an open day of the same month: 30 April is a Sunday and 1 May a holiday,
        // so it is due on Friday 28 April; two days of grace. January: done before. April: done on 2 May, late. July: skipped. October: never done, missed.
        year.At(Wall("2028-01-28T10:00"), "access is reviewed", static (now, stop) => DoDutyAsync(now, "access-review", "2028-01-31", stop));
        year.At(Wall("2028-05-02T09:00"), "access is reviewed", static (now, stop) => DoDutyAsync(now, "access-review", "2028-04-30", stop));
        year.At(Wall("2028-07-28T10:00"), "no review this time", static (now, stop) =>
            now.System.Get<DutyService>().SkipAsync("access-review", "2028-07-31", "Nobody came or left.", new DutyActor("ann", now.Plan.FindPerson("ann"), true), null, null, stop));

        // The count is due at 17:00 on the last day of each month, 29 February among them, open or not; it is done at noon: 12 in time.
        for (var month = 1; month <= 12; month++)
        {
            var last = new DateOnly(2028, month, DateTime.DaysInMonth(2028, month)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            year.At(Wall(last + "T12:00"), "everything is counted", (now, stop) => DoDutyAsync(now, "inventory", last, stop));
        }

        // P-1001: asked for on 28 February, approved on the 29th. P-1002: asked for on Thursday 13 April 10:00, nobody votes; 16 h of service: 6 + 8 on Tuesday + 2: expired on
        // 19 April 10:00. P-1003: rejected.
        Patch(year, "2028-02-28T10:00", "one");
        Vote(year, "2028-02-29T09:00", "P-1001", VoteChoice.Approve);
        Patch(year, "2028-04-13T10:00", "two");
        Patch(year, "2028-12-04T10:00", "three");
        Vote(year, "2028-12-05T10:00", "P-1003", VoteChoice.Reject);
    }

    private static async Task EachTicketIsDueWhenThePencilSaysAsync(SimulatedSystem system)
    {
        (string Ticket, string? Response, string? Resolution)[] expected =
        [
            ("T-1001", "2028-01-10T14:00:00", "2028-01-12T09:00:00"),
            ("T-1002", "2028-03-26T03:00:00", "2028-03-26T06:30:00"),
            ("T-1003", "2028-04-18T11:00:00", "2028-04-19T16:00:00"),
            ("T-1004", "2028-05-05T15:00:00", "2028-05-09T10:00:00"),
            ("T-1005", "2028-06-20T10:40:48", "2028-06-20T14:10:48"),
            ("T-1006", "2028-07-03T12:00:00", "2028-07-07T17:00:00"),
            ("T-1007", "2028-09-13T10:30:00", "2028-09-13T14:00:00"),
            ("T-1009", "2028-11-19T21:30:00", "2028-11-20T01:00:00"),
            ("T-1010", "2028-12-21T11:00:00", "2028-12-22T16:00:00"),
        ];
        foreach (var (id, response, resolution) in expected)
        {
            var ticket = (await system.Get<TicketService>().FindAsync(id, default))!.Value;
            Assert.Equal((id, Wall(response!), Wall(resolution!)), (id, ticket.ResponseDue, ticket.ResolutionDue));
        }

        // Each mark once: what fired is a list, and a list has room for a second one.
        await foreach (var ticket in system.Get<TicketService>().ListAsync(0, default))
        {
            Assert.Equal(ticket.Fired.Distinct(), ticket.Fired);
        }
    }

    private static async Task EachBackupIsTakenWhenThePencilSaysAsync(SimulatedSystem system)
    {
        var runs = await system.Get<BackupService>().RunsAsync("nightly", default).ToListAsync();
        Assert.Equal(
            ["02:30", "02:36", "02:47", "03:08", "03:49", "04:50", "05:51", "06:52", "07:53", "08:54", "09:55", "10:56", "11:57", "12:58"],
            On(10, 6).Select(static run => Clock(run.ClaimedAt)));
        Assert.Equal(["03:00"], On(26, 3).Select(static run => Clock(run.ClaimedAt)));
        Assert.Equal([Utc("2028-10-29T00:30"), Utc("2028-10-30T00:31"), Utc("2028-10-30T01:30")], On(29, 10).Concat(On(30, 10)).Select(static run => run.ClaimedAt));

        List<BackupRun> On(int day, int month) => runs.FindAll(run => Local(run.ClaimedAt).Date == new LocalDate(2028, month, day));
    }

    private static void Open(Run year, string at, string title, TicketType type, string impact, string? service, string urgency = "later") =>
        year.At(Wall(at), title, (now, stop) => now.System.Get<TicketService>().OpenAsync(at, new NewTicket(type, title, title, service, impact, urgency, null, null, now.Now), stop));

    private static void Act(Run year, string at, string ticket, TicketAct act) => year.At(Wall(at), $"{ticket}: {act}", (now, stop) => DoAsync(now, ticket, act, stop));

    private static async Task DoAsync(Run now, string ticket, TicketAct act, CancellationToken cancellation) =>
        Assert.NotNull(await now.System.Get<TicketService>().ActAsync(ticket, act, Ben, null, null, cancellation));

    private static async Task DoDutyAsync(Run now, string duty, string key, CancellationToken cancellation) =>
        Assert.NotNull(await now.System.Get<DutyService>().DoAsync(duty, key, new DutyCompletion("Done."), new DutyActor("ann", now.Plan.FindPerson("ann"), true), null, null, cancellation));

    private static void Supply(Run year, string at, StockMovementKind kind, decimal quantity) =>
        year.At(Wall(at), $"{kind} of paper", (now, stop) => now.System.Get<SupplyService>().EnterAsync("paper", kind, quantity, null, "ben", at, stop));

    private static void Patch(Run year, string at, string title) => year.At(Wall(at), "patch " + title, (now, stop) =>
        now.System.Get<PatchService>().RequestAsync(new NewPatch(title, "Rollback: the one before.", PatchType.Normal, PatchSeverity.Medium, "register"), "ann", at, stop));

    private static void Vote(Run year, string at, string patch, VoteChoice choice) => year.At(Wall(at), $"{choice} {patch}", (now, stop) =>
        now.System.Get<PatchService>().VoteAsync(patch, now.Plan.FindPerson("ben")!, choice, "Seen.", null, at, stop));

    private static DateTimeOffset Wall(string time) => WallClock.ToInstant(LocalDateTimePattern.GeneralIso.Parse(time.Length == 16 ? time + ":00" : time).Value, Berlin).ToDateTimeOffset();

    private static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time + "Z", CultureInfo.InvariantCulture);

    private static LocalDateTime Local(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(Berlin).LocalDateTime;

    private static string Clock(DateTimeOffset at) => Local(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
