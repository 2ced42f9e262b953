using Maintenance.Backups;
using Maintenance.Local.Simulation;
using Maintenance.Messaging;
using Maintenance.Reports;
using Maintenance.ServiceLevels;
using Maintenance.Status;
using Maintenance.Storage;
using Maintenance.Tests.Storage;
using Maintenance.Tickets;
using Maintenance.Time;
using Maintenance.Workflows;
using NodaTime;
using Run = Maintenance.Local.Simulation.Simulation;

namespace Maintenance.Tests.Simulation;

/// <summary>What a simulation promises whatever happens in it.</summary>
public sealed class SimulationTests
{
    private static readonly DateTimeOffset March = new(2028, 3, 19, 23, 0, 0, TimeSpan.Zero);

    /// <summary>Much happens in few days, so that few days are enough to see it.</summary>
    private static readonly WorldHabits Busy = new() { ReportsPerDay = 5, OutagesPerYear = 60, BrokenSourcesPerYear = 60, ForgottenTickets = 0.1, SlowTickets = 0.2, PatchesPerWeek = 3 };

    [Fact]
    public async Task The_same_seed_is_the_same_year_to_the_letter_and_another_one_is_another()
    {
        var (first, again, other) = (await YearAsync(7), await YearAsync(7), await YearAsync(8));

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    // The days hold the night on which the clock goes on by an hour, outages, broken sources and missed targets.
    [Fact]
    public async Task Ticks_that_are_left_out_would_have_found_nothing()
    {
        var (few, all) = (new List<string>(), new List<string>());
        var (ticks, allTicks) = (await ToldAsync(everyTick: false, few), await ToldAsync(everyTick: true, all));

        Assert.Equal(all, few);
        Assert.True(ticks * 3 < allTicks, $"{ticks} of {allTicks} ticks were taken.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Whatever_happens_nothing_that_was_acknowledged_is_lost_and_no_timer_fails(int seed)
    {
        using var folder = new ScratchFolder();
        await using var system = await SimulatedSystem.StartAsync(folder.Root, TownPlan.Text, March, default);
        var run = new Run(system, new SimulationTerms(March, March.AddDays(14)));
        new SeededWorld(seed, Busy).Begin(run);

        await run.RunAsync(default);

        Assert.Empty(run.Failures);
        await EveryNumberGivenIsATicketAsync(system);
        await EachMarkHasFiredOnceAndNoneIsOwedAsync(system);
        await EverySnapshotThatIsListedRestoresAsync(system);
        await NothingIsStuckAsync(system);
    }

    [Fact]
    public void A_timer_ticks_where_its_schedule_says()
    {
        foreach (var rhythm in TimerRhythms.All)
        {
            var (ticks, schedule) = (new TimerTicks(rhythm), Schedule.Parse(rhythm.Schedule));
            var at = March.AddMinutes(37).AddSeconds(11);
            for (var count = 0; count < 50; count++)
            {
                var next = schedule.Next(at, DateTimeZone.Utc)!.Value;
                Assert.Equal((rhythm.Timer, next), (rhythm.Timer, ticks.From(at.AddTicks(1))));
                Assert.Equal(next, ticks.From(next));
                at = next;
            }
        }
    }

    [Fact]
    public void A_rhythm_that_is_not_the_same_each_day_is_refused() =>
        Assert.Throws<ArgumentException>(static () => new TimerTicks(new TimerRhythm("Weekly", "0 0 3 * * 1", TimeSpan.FromDays(7))));

    [Fact]
    public void The_clock_fires_each_timer_at_its_own_instant_and_none_that_was_set_anew()
    {
        var clock = new VirtualClock(March);
        var fired = new List<string>();
        using var late = clock.CreateTimer(_ => Note("late"), null, TimeSpan.FromHours(2), Timeout.InfiniteTimeSpan);
        using var often = clock.CreateTimer(_ => Note("often"), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        using var moved = clock.CreateTimer(_ => Note("moved"), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        using var gone = clock.CreateTimer(_ => Note("gone"), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        _ = moved.Change(TimeSpan.FromMinutes(150), Timeout.InfiniteTimeSpan);
        gone.Dispose();

        while (clock.FireNext(March.AddHours(3)))
        {
        }

        Assert.Equal(["often 01:00", "late 02:00", "often 02:00", "moved 02:30", "often 03:00"], fired);
        Assert.Equal(March.AddHours(3), clock.GetUtcNow());

        void Note(string what) => fired.Add($"{what} {clock.GetUtcNow() - March:hh\\:mm}");
    }

    // The first numbers of the seed 1 for "a": they must not change with a version of .NET, or yesterday's year cannot be run again.
    [Fact]
    public void Numbers_depend_on_the_seed_and_on_what_they_are_drawn_for_alone()
    {
        var (one, same, other) = (new SeededNumbers(1, "a"), new SeededNumbers(1, "a"), new SeededNumbers(1, "b"));
        var drawn = Enumerable.Range(0, 10_000).Select(_ => one.Share()).ToList();

        Assert.Equal(drawn.Take(3), [same.Share(), same.Share(), same.Share()]);
        Assert.NotEqual(drawn[0], other.Share());
        Assert.All(drawn, static share => Assert.InRange(share, 0, 0.9999999999999999));
        Assert.InRange(drawn.Average(), 0.49, 0.51);
        var times = Enumerable.Range(0, 5000).Select(day => new SeededNumbers(day, "times").Times(3)).ToList();
        Assert.InRange(times.Average(), 2.9, 3.1);
        var drawnLate = Enumerable.Range(0, 9000).Select(_ => one.RatherLate([0, 1, 2])).CountBy(static index => index).ToDictionary();
        Assert.InRange(drawnLate[0], 900, 1100);
        Assert.InRange(drawnLate[2], 4850, 5150);
    }

    private static async Task<string> YearAsync(int seed)
    {
        using var folder = new ScratchFolder();
        await using var system = await SimulatedSystem.StartAsync(folder.Root, TownPlan.Text, March, default);
        var run = new Run(system, new SimulationTerms(March, March.AddDays(21)));
        new SeededWorld(seed, Busy).Begin(run);
        await run.RunAsync(default);
        return YearReportText.Write(await YearReports.ReadAsync(run, default));
    }

    /// <summary>Everything that happened to tickets and backups, with its instant, and the report.</summary>
    private static async Task<int> ToldAsync(bool everyTick, List<string> told)
    {
        using var folder = new ScratchFolder();
        await using var system = await SimulatedSystem.StartAsync(folder.Root, TownPlan.Text, March, default);
        var run = new Run(system, new SimulationTerms(March, March.AddDays(9)) { EveryTick = everyTick });
        new SeededWorld(3, Busy).Begin(run);
        await run.RunAsync(default);
        await foreach (var ticket in system.Get<TicketService>().ListAsync(0, default))
        {
            var whole = (await system.Get<TicketService>().ReadAsync(ticket.Id, default))!.Value;
            told.AddRange(whole.History!.Select(entry => $"{ticket.Id} {entry.At:s} {entry.By} {entry.Kind} {entry.What}"));
        }

        told.AddRange(await system.Get<BackupService>().RunsAsync("nightly", default).Select(static one => $"{one.Id} {one.ClaimedAt:s} {one.State} {one.EndedAt:s}").ToListAsync());
        told.Add(YearReportText.Write(await YearReports.ReadAsync(run, default)));
        return run.Ticks;
    }

    private static async Task EveryNumberGivenIsATicketAsync(SimulatedSystem system)
    {
        var tickets = await system.Get<TicketService>().ListAsync(0, default).Select(static ticket => ticket.Id).ToListAsync();
        Assert.NotEmpty(tickets);
        Assert.Equal(Enumerable.Range(1001, tickets.Count).Select(static number => $"T-{number}"), tickets);
    }

    /// <summary>Read from the clocks, not from the index that the sweep goes by: what is past has fired, once.</summary>
    private static async Task EachMarkHasFiredOnceAndNoneIsOwedAsync(SimulatedSystem system)
    {
        await foreach (var ticket in system.Get<TicketService>().ListAsync(0, default))
        {
            Assert.Equal(ticket.Fired.Distinct(), ticket.Fired);
            foreach (var target in Enum.GetValues<ServiceTarget>())
            {
                // The last tick was less than a minute ago.
                var owed = Breaches.Unfired(system.Plan, ticket, target).Where(mark => mark.At < system.Now.AddMinutes(-1));
                Assert.True(!owed.Any(), $"{ticket.Id} {target}: {string.Join(", ", owed.Select(static mark => mark.Key))}");
            }
        }
    }

    private static async Task EverySnapshotThatIsListedRestoresAsync(SimulatedSystem system)
    {
        var kept = await system.Get<BackupService>().RunsAsync("nightly", default).Where(static run => run is { State: BackupRunState.Proven, DroppedAt: null }).ToListAsync();
        Assert.NotEmpty(kept);
        foreach (var run in kept)
        {
            var operation = await system.Get<BackupService>().ProveAsync(run.Id, "at the end", default);
            await system.SettleAsync(default);
            Assert.Equal(WorkflowState.Completed, (await system.Get<IWorkflows>().GetAsync(operation, default))?.State);
            Assert.Equal(BackupRunState.Proven, (await system.Get<BackupService>().FindRunAsync(run.Id, default))?.State);
        }
    }

    private static async Task NothingIsStuckAsync(SimulatedSystem system)
    {
        Assert.All(await system.Get<TimerService>().HeartbeatsAsync(default), static beat => Assert.Null(beat.Error));
        foreach (var queue in Queues.All)
        {
            Assert.Empty(await system.Get<IDeadLetters>().ListAsync(queue, 10, default));
        }

        Assert.All(await system.Get<IWorkflows>().ListAsync(March, 100, default), static workflow => Assert.NotEqual(WorkflowState.Failed, workflow.State));
        Assert.Empty(await system.Get<IRecordStore>().QueryAsync(Tables.TicketIndex, "tickets", RowRange.Prefix("told_"), default).ToListAsync());
    }
}
