using FsCheck;
using FsCheck.Fluent;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Tests.Rules.Oracles;

namespace Maintenance.Tests.Rules;

/// <summary>How a recovery would go.</summary>
public sealed class RecoveryForecastTests
{
    private static readonly Dictionary<string, TimeSpan> Nothing = [];

    private static readonly Gen<(IReadOnlyList<RecoveryStep> Steps, int Workers)> Cases = from steps in RandomSteps.Graphs from workers in Gen.Frequency((5, Gen.Choose(1, 3)), (1, Gen.Choose(4, 12))) select (steps, workers);

    [Fact]
    public void An_example()
    {
        RecoveryStep[] steps =
        [
            RandomSteps.Step("call", 20), RandomSteps.Step("restore", 30), RandomSteps.Step("files", 1, "restore"), RandomSteps.Step("rows", 2, "restore"),
            RandomSteps.Step("look", 10, "files", "rows"), RandomSteps.Step("cut-over", 15, "call", "look"),
        ];
        var two = Of(steps, 2);
        Assert.Equal(
            ["call 0-20", "restore 0-30", "files 30-31", "rows 30-32", "look 32-42", "cut-over 42-57"], two.Steps.OrderBy(static one => one.End).Select(static one => $"{one.Step} {one.Start.TotalMinutes}-{one.End.TotalMinutes}"));
        Assert.Equal(["restore", "rows", "look", "cut-over"], two.CriticalPath);
        Assert.Equal(["call restore", "files rows", "look", "cut-over"], two.Waves.Select(static wave => string.Join(' ', wave)));
        Assert.Equal((57, 57), (two.Total.TotalMinutes, two.Shortest.TotalMinutes));

        // The restore leads to more than the call does: one pair of hands takes it first.
        var one = Of(steps, 1);
        Assert.Equal("restore", one.Steps[0].Step);
        Assert.Equal((78, 57), (one.Total.TotalMinutes, one.Shortest.TotalMinutes));
        Assert.Equal(6, one.CriticalPath.Count);
    }

    [Theory]
    [InlineData(60, 0, 120, true, true)]
    [InlineData(59, 0, 120, false, true)]
    [InlineData(60, 60, 120, true, true)]
    [InlineData(60, 61, 120, true, false)]
    [InlineData(120, 1, 120, true, false)]
    public void It_is_judged_by_the_objectives_each_kept_when_it_is_just_reached(int rto, int wrt, int mtd, bool isQuick, bool isTolerable)
    {
        var forecast = Of([RandomSteps.Step("a", 60)], 1, rto: rto, wrt: wrt, mtd: mtd);
        Assert.Equal((isQuick, isTolerable), (forecast.IsWithinRecoveryTime, forecast.IsWithinTolerableDowntime));
    }

    [Fact]
    public void What_was_measured_counts_in_place_of_what_was_expected()
    {
        RecoveryStep[] steps = [RandomSteps.Step("a", 10), RandomSteps.Step("b", 10, "a")];
        var forecast = Of(steps, 1, new Dictionary<string, TimeSpan> { ["b"] = TimeSpan.FromMinutes(90), ["unknown"] = TimeSpan.FromDays(9) });
        Assert.Equal(("a", false, 10.0), (forecast.Steps[0].Step, forecast.Steps[0].IsMeasured, forecast.Steps[0].End.TotalMinutes));
        Assert.Equal(("b", true, 100.0), (forecast.Steps[1].Step, forecast.Steps[1].IsMeasured, forecast.Steps[1].End.TotalMinutes));
        Assert.Equal(100, forecast.Shortest.TotalMinutes);
    }

    [Fact]
    public void Steps_that_take_no_time_at_all_are_all_there()
    {
        RecoveryStep[] steps = [RandomSteps.Step("a", 10), RandomSteps.Step("b", 10, "a"), RandomSteps.Step("c", 10, "b")];
        var forecast = Of(steps, 2, steps.ToDictionary(static step => step.Id, static _ => TimeSpan.Zero));
        Assert.Equal((TimeSpan.Zero, 3), (forecast.Total, forecast.Steps.Count));
    }

    [Fact]
    public void No_steps_take_no_time()
    {
        var forecast = Of([], 3);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, 0, 0), (forecast.Total, forecast.Shortest, forecast.Waves.Count, forecast.CriticalPath.Count));
        _ = Assert.Throws<ArgumentOutOfRangeException>(static () => Of([], 0));
    }

    [Fact]
    public void Hands_that_are_freed_at_the_same_time_all_look_for_work_before_any_begins()
    {
        // "long" and "second" both end at 10. What comes after "second" matters more than "spare", which is ready all the time.
        RecoveryStep[] steps =
        [
            RandomSteps.Step("long", 10), RandomSteps.Step("first", 5), RandomSteps.Step("second", 5, "first"), RandomSteps.Step("spare", 1), RandomSteps.Step("c", 3, "second"), RandomSteps.Step("d", 3, "second"),
        ];
        var runs = Of(steps, 2).Steps.ToDictionary(static step => step.Step, static step => step.Start.TotalMinutes);
        Assert.Equal((10, 10, 13), (runs["c"], runs["d"], runs["spare"]));
    }

    [Fact]
    public void It_is_what_playing_it_minute_by_minute_gives() => Law.Holds(Cases, 2000, static one =>
    {
        var played = RecoveryByMinutes.Play(one.Steps, one.Workers);
        var forecast = Of(one.Steps, one.Workers);
        Assert.Equal(
            played.OrderBy(static run => run.Key).Select(static run => $"{run.Key} {run.Value.Start}-{run.Value.End}"),
            forecast.Steps.OrderBy(static step => step.Step).Select(static step => $"{step.Step} {step.Start.TotalMinutes}-{step.End.TotalMinutes}"));
        Assert.Equal(one.Steps.Max(step => RecoveryByMinutes.Way(one.Steps, step)), forecast.Shortest.TotalMinutes);
        Assert.Equal(played.Values.Max(static run => run.End), forecast.Total.TotalMinutes);
    });

    [Fact]
    public void No_number_of_hands_does_the_impossible() => Law.Holds(Cases, 1000, static one =>
    {
        var work = one.Steps.Sum(RecoveryByMinutes.Minutes);
        var forecast = Of(one.Steps, one.Workers);
        Assert.True(forecast.Total >= forecast.Shortest);
        Assert.True(forecast.Total.TotalMinutes * one.Workers >= work);

        // Graham's bound of list scheduling: with m hands, at most work/m and the longest chain's rest.
        Assert.True(forecast.Total.TotalMinutes <= (work / (double)one.Workers) + (forecast.Shortest.TotalMinutes * (one.Workers - 1) / one.Workers) + 1e-9);
        Assert.Equal(work, Of(one.Steps, 1).Total.TotalMinutes);
        Assert.Equal(forecast.Shortest, Of(one.Steps, one.Steps.Count).Total);
    });

    [Fact]
    public void Never_do_more_run_than_there_are_hands_and_none_before_what_it_needs_is_done() => Law.Holds(Cases, 1000, static one =>
    {
        var forecast = Of(one.Steps, one.Workers);
        var runs = forecast.Steps.ToDictionary(static step => step.Step);
        Assert.Equal(one.Steps.Select(static step => step.Id).Order(), runs.Keys.Order());
        Assert.All(forecast.Steps, at => Assert.InRange(forecast.Steps.Count(other => other.Start <= at.Start && at.Start < other.End), 1, one.Workers));
        Assert.All(one.Steps, step => Assert.All(step.After, need => Assert.True(runs[need].End <= runs[step.Id].Start)));
        Assert.All(one.Steps, step => Assert.Equal(step.Duration, runs[step.Id].End - runs[step.Id].Start));
        Assert.Equal(forecast.Steps.Select(static step => step.Start).Order(), forecast.Steps.Select(static step => step.Start));
    });

    [Fact]
    public void The_critical_path_is_a_chain_without_a_gap_from_the_beginning_to_the_end() => Law.Holds(Cases, 1000, static one =>
    {
        var forecast = Of(one.Steps, one.Workers);
        var runs = forecast.Steps.ToDictionary(static step => step.Step);
        var path = forecast.CriticalPath.Select(id => runs[id]).ToList();
        Assert.Equal(TimeSpan.Zero, path[0].Start);
        Assert.Equal(forecast.Total, path[^1].End);
        Assert.All(path.Zip(path.Skip(1)), static pair => Assert.Equal(pair.First.End, pair.Second.Start));
    });

    [Fact]
    public void A_wave_holds_what_needs_the_one_before_it_and_nothing_later() => Law.Holds(Cases, 500, static one =>
    {
        var waves = Of(one.Steps, one.Workers).Waves;
        var wave = waves.SelectMany(static (ids, number) => ids.Select(id => (id, number))).ToDictionary(static pair => pair.id, static pair => pair.number);
        Assert.Equal(one.Steps.Count, wave.Count);
        Assert.All(waves, static ids => Assert.NotEmpty(ids));
        Assert.All(one.Steps, step => Assert.Equal(wave[step.Id] - 1, step.After.Select(need => wave[need]).DefaultIfEmpty(-1).Max()));
        Assert.All(waves, ids => Assert.Equal(one.Steps.Select(static step => step.Id).Where(ids.Contains), ids));
    });

    [Fact]
    public void The_same_strategy_gives_the_same_forecast_in_whatever_order_a_step_names_its_needs() => Law.Holds(Cases, 300, static one =>
        Assert.Equal(
            MaintenanceJson.Write(Of(one.Steps, one.Workers).Steps), MaintenanceJson.Write(Of([.. one.Steps.Select(static step => step with { After = [.. step.After.Reverse(), .. step.After] })], one.Workers).Steps)));

    private static RecoveryForecast Of(IReadOnlyList<RecoveryStep> steps, int workers, IReadOnlyDictionary<string, TimeSpan>? measured = null, int rto = 240, int wrt = 0, int mtd = 1440)
    {
        var service = new Service("register", "Register", "", Criticality.High, "ann", TimeSpan.FromMinutes(rto), TimeSpan.FromHours(1), TimeSpan.FromMinutes(mtd), []);
        return RecoveryForecast.Of(new RecoveryStrategy("rebuild", "register", "", steps, workers, TimeSpan.FromMinutes(wrt), ["ann"]), service, workers, measured ?? Nothing);
    }
}
