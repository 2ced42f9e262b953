using Maintenance.Monitoring;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Reports;

namespace Maintenance.Tests.Monitoring;

/// <summary>A clock that leapt ahead and was set right again leaves records of a time that has not come: they blind nobody.</summary>
public sealed class ClockLeapTests
{
    private const string Batch = """

        monitoring:
          tickets: { impact: all, urgency: now }
          probes:
            - { id: batch, service: register, name: The batch, every: 1m, heartbeat: { within: 1h }, failAfter: 1, recoverAfter: 1 }
        """;

    private static readonly DateTimeOffset Now = ProbeCase.Start.AddMinutes(10);
    private static readonly DateTimeOffset Ahead = Now.AddDays(30);

    [Theory]
    [InlineData(30, false)] // A little ahead, as between two machines: within one turn it has come.
    [InlineData(60, false)]
    [InlineData(61, true)]
    [InlineData(86_400, true)]
    public void A_sample_is_due_where_the_last_one_lies_more_than_a_turn_ahead(int seconds, bool isDue) =>
        Assert.Equal(isDue, ProbeRules.IsDue(ProbeCase.Probe(), Now.AddSeconds(seconds), Now));

    [Fact]
    public void Of_a_probe_whose_last_sample_lies_ahead_nobody_knows_anything_and_the_watchdog_says_so()
    {
        var state = Leapt();

        Assert.Equal(ProbePhase.Unknown, ProbeRules.PhaseAt(ProbeCase.Probe(), state, Now));
        Assert.Equal(ProbePhase.Up, ProbeRules.PhaseAt(ProbeCase.Probe(), state with { LastAt = Now.AddSeconds(60) }, Now));
        var finding = MonitoringService.Silent(ProbeCase.Probe(), state, Now.AddDays(-1), Now);
        Assert.Contains("clock", finding!.Text, StringComparison.Ordinal);
        Assert.NotNull(MonitoringService.Silent(ProbeCase.Probe(), state, Ahead, Now)); // The plan was taken over in that time as well.
        Assert.Null(MonitoringService.Silent(ProbeCase.Probe(), state with { LastAt = Now }, Ahead, Now));
        Assert.Null(MonitoringService.Silent(ProbeCase.Probe(), null, Now.AddMinutes(-1), Now));
        Assert.NotNull(MonitoringService.Silent(ProbeCase.Probe(), null, Ahead, Now));
    }

    [Fact]
    public void What_was_seen_in_a_time_that_has_not_come_counts_for_nothing_and_the_probe_goes_on()
    {
        var state = Leapt() with { Recent = [new SeenSample(Ahead, false), new SeenSample(Ahead, false)], Phase = ProbePhase.Failing };
        var step = ProbeRules.Take(ProbeCase.Probe(), state, ProbeCase.Sample(Now, false), Shade.None);

        Assert.Equal((ProbePhase.Failing, Now, Now, Now), (step.State.Phase, step.State.LastAt, step.State.FirstAt, step.State.Since));
        Assert.Equal([Now], step.State.Recent.Select(static one => one.At));
    }

    [Fact]
    public void An_outage_of_before_goes_on_and_one_that_began_ahead_never_was()
    {
        var real = new ProbeIncident("web", "records", Now.AddMinutes(-5), Now.AddMinutes(-3), "refused");
        var (goesOn, ends) = (Take(Down(real), isGood: false), Take(Down(real), isGood: true));
        Assert.Equal((ProbePhase.Down, real.From), (goesOn.Phase, goesOn.Open!.From));
        Assert.Equal(ProbePhase.Recovering, ends.Phase);

        var ahead = real with { From = Ahead, ConfirmedAt = Ahead };
        var after = Take(Down(ahead), isGood: false);
        Assert.Null(after.Open);
        var never = Assert.Single(after.Unsettled);
        Assert.Equal((Ahead, Ahead), (never.From, never.To));
        Assert.Equal(ProbePhase.Failing, after.Phase);

        static ProbeState Down(ProbeIncident open) => Leapt() with { Phase = ProbePhase.Down, Open = open, Unsettled = [open], FirstAt = Now.AddHours(-1) };
    }

    [Fact]
    public async Task After_the_clock_was_set_right_outages_are_found_and_time_is_measured_as_before()
    {
        await using var bench = await MonitoringBench.StartAsync();
        await bench.PassAsync(10, isGood: true);
        var right = bench.Now;
        bench.Rig.Clock.Advance(TimeSpan.FromDays(30));
        await bench.PassAsync(3, isGood: false); // An outage in a time that has not come.
        bench.Rig.Clock.SetBack(bench.Now - right);
        await bench.PassAsync(10, isGood: true);
        var began = bench.Now.AddMinutes(1);
        await bench.PassAsync(3, isGood: false);

        Assert.Equal(ProbePhase.Down, (await bench.StateAsync()).Phase);
        Assert.Contains(await bench.IncidentsAsync(), one => one.From == began && one.To is null && one.Ticket is not null);
        await bench.PassAsync(4, isGood: true);
        var measure = (await bench.Rig.Get<MonitoringService>().MeasuresAsync(bench.Now.AddDays(-1), default))["register"];
        var passed = new Stretch(began.AddMinutes(-9), bench.Now);
        Assert.Equal(3, Stretches.Length(Stretches.Both(measure.Down, [passed])).TotalMinutes);
        Assert.Equal(0, Stretches.Length(Stretches.Both(measure.Unmeasured, [passed])).TotalMinutes);
    }

    [Fact]
    public async Task A_call_of_a_job_in_a_time_that_has_not_come_keeps_no_missing_one_hidden()
    {
        await using var bench = await MonitoringBench.StartAsync(Batch);
        var book = bench.Rig.Get<ProbeBook>();
        await bench.TickAsync();
        bench.Rig.Clock.Advance(TimeSpan.FromDays(30));
        await bench.TickAsync();
        _ = await NoteAsync(bench);
        bench.Rig.Clock.SetBack(TimeSpan.FromDays(30));

        // When it came nobody knows; at the latest it was now.
        await bench.PassAsync(60, isGood: true);
        Assert.Equal(ProbePhase.Up, (await bench.StateAsync("batch")).Phase);
        await bench.PassAsync(2, isGood: true);
        Assert.Equal(ProbePhase.Down, (await bench.StateAsync("batch")).Phase);

        _ = await NoteAsync(bench);
        await bench.PassAsync(1, isGood: true);
        Assert.Equal(ProbePhase.Up, (await bench.StateAsync("batch")).Phase);
        Assert.True((await book.BeatAsync("batch", default))!.At <= bench.Now);
    }

    [Fact]
    public async Task A_call_after_the_clock_was_set_right_takes_the_place_of_one_ahead()
    {
        await using var bench = await MonitoringBench.StartAsync(Batch);
        bench.Rig.Clock.Advance(TimeSpan.FromDays(30));
        _ = await NoteAsync(bench);
        bench.Rig.Clock.SetBack(TimeSpan.FromDays(30));

        Assert.Equal(bench.Now, await NoteAsync(bench));
        Assert.Equal(bench.Now, (await bench.Rig.Get<ProbeBook>().BeatAsync("batch", default))!.At);
    }

    private static ProbeState Leapt() => new("web", Ahead, Ahead, ProbePhase.Up, Ahead, [], "fine");

    private static ProbeState Take(ProbeState state, bool isGood) => ProbeRules.Take(ProbeCase.Probe(), state, ProbeCase.Sample(Now, isGood), Shade.None).State;

    /// <summary>A call, as a person makes it over HTTP.</summary>
    private static async Task<DateTimeOffset> NoteAsync(MonitoringBench bench)
    {
        bench.Rig.Caller = bench.Rig.Person("ben");
        var answer = await bench.Rig.SendAsync(Maintenance.Web.Http.Routes.NoteHeartbeat, "batch");
        Assert.Equal(200, answer.Status);
        return answer.Json.GetProperty("at").GetDateTimeOffset();
    }
}
