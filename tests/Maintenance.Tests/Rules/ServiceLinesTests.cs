using Maintenance.Backups;
using Maintenance.Plan;
using Maintenance.Status;

namespace Maintenance.Tests.Rules;

/// <summary>Services at a glance.</summary>
public sealed class ServiceLinesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly OperationsPlan Sample = Maintenance.Tests.Plan.SamplePlan.Load(Maintenance.Tests.Plan.SamplePlan.Yaml).Plan!;

    [Fact]
    public void A_service_goes_back_to_the_oldest_of_the_newest_points_of_its_backups()
    {
        var plan = Sample with { Backups = [Policy("a"), Policy("b")] };
        var service = plan.Services[0];
        var line = ServiceLines.Of(plan, [Line("a", TimeSpan.FromMinutes(5)), Line("b", TimeSpan.FromMinutes(50))], Counts(), Shares(), Now)[0];
        Assert.Equal((service.Id, Now.AddMinutes(-50), TimeSpan.FromMinutes(50), true, true), (line.Service, line.ProvenPoint, line.Age, line.IsWithinObjective, line.IsQuiet));
        var stale = ServiceLines.Of(plan, [Line("a", TimeSpan.FromMinutes(5)), Line("b", TimeSpan.FromDays(50))], Counts(), Shares(), Now)[0];
        Assert.False(stale.IsWithinObjective);
        var never = ServiceLines.Of(plan, [Line("a", TimeSpan.FromMinutes(5)), Line("b", null)], Counts(), Shares(), Now)[0];
        Assert.Equal((null, null, false), (never.ProvenPoint, never.Age, never.IsWithinObjective));
        BackupPolicy Policy(string id) => Sample.Backups[0] with { Id = id, Service = Sample.Services[0].Id };
    }

    [Fact]
    public void What_is_counted_is_counted_for_its_service_and_what_is_unknown_stays_unknown()
    {
        var plan = Sample with { Backups = [] };
        var lines = ServiceLines.Of(plan, [], new Dictionary<string, int> { [plan.Services[1].Id] = 3 }, new Dictionary<string, double> { [plan.Services[2].Id] = 0.5 }, Now);
        Assert.Equal(plan.Services.Select(static service => service.Id), lines.Select(static line => line.Service));
        Assert.Equal([0, 3, 0], lines.Take(3).Select(static line => line.OpenIncidents));
        Assert.Equal([null, null, 0.5], lines.Take(3).Select(static line => line.Attainment));
        Assert.Equal([true, false, true], lines.Take(3).Select(static line => line.IsQuiet));
        Assert.All(lines, static line => Assert.Empty(line.Policies));
    }

    [Fact]
    public void The_next_window_is_the_one_that_is_open_or_comes_first()
    {
        var plan = Sample with { Backups = [] };
        var next = ServiceLines.Of(plan, [], Counts(), Shares(), Now)[0];
        Assert.False(next.IsInWindow);
        var open = ServiceLines.Of(plan, [], Counts(), Shares(), next.NextWindow!.Value)[0];
        Assert.True(open.IsInWindow);
        Assert.Equal(next.NextWindow, open.NextWindow);
        Assert.Null(ServiceLines.Of(plan with { Windows = Maintenance.Windows.WindowPolicy.None }, [], Counts(), Shares(), Now)[0].NextWindow);
    }

    private static BackupLine Line(string policy, TimeSpan? age) => new(policy, "", TimeSpan.FromHours(1), "run", Now - age, age, age <= TimeSpan.FromHours(1), null, null, null);

    private static Dictionary<string, int> Counts() => [];

    private static Dictionary<string, double> Shares() => [];
}
