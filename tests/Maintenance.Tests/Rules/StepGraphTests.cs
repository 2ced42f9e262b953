using FsCheck;
using FsCheck.Fluent;
using Maintenance.Recovery;

namespace Maintenance.Tests.Rules;

/// <summary>What comes after what.</summary>
public sealed class StepGraphTests
{
    [Theory]
    [InlineData("a b c", "")]
    [InlineData("a>b b>c c", "")]
    [InlineData("a>b,c b>d c>d d", "")]
    [InlineData("a>a", "a a")]
    [InlineData("a>b b>a", "a b a")]
    [InlineData("a b>c c>d d>b", "b c d b")]
    [InlineData("a>b b>c c>d d>c", "c d c")]
    [InlineData("a>b,c b c>d d>a", "a c d a")]
    [InlineData("a>gone b>b", "b b")]
    public void A_cycle_is_named_as_that_cycle(string graph, string cycle)
    {
        var needs = graph.Split(' ').Select(static one => one.Split('>')).ToDictionary(static one => one[0], static one => one.Length > 1 ? one[1].Split(',') : []);
        Assert.Equal(cycle, string.Join(' ', StepGraph.FindCycle(needs.Keys, id => needs.GetValueOrDefault(id) ?? []) ?? []));
    }

    [Fact]
    public void A_long_chain_is_walked_and_has_no_cycle()
    {
        var ids = Enumerable.Range(0, 2000).Select(static i => $"s{i}").ToList();
        Assert.Null(StepGraph.FindCycle(ids, id => id == "s1999" ? [] : [$"s{int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) + 1}"]));
    }

    [Fact]
    public void What_comes_only_after_what_was_named_has_no_cycle_and_one_way_back_makes_one_that_is_there() => Law.Holds(RandomSteps.Graphs, 500, static steps =>
    {
        var ids = steps.Select(static step => step.Id).ToList();
        var needs = steps.ToDictionary(static step => step.Id, static step => step.After.ToList());
        Assert.Null(StepGraph.FindCycle(ids, id => needs[id]));
        foreach (var step in steps)
        {
            foreach (var before in StepGraph.Before(steps, step.Id))
            {
                var broken = needs.ToDictionary(static one => one.Key, one => one.Key == before ? [.. one.Value, step.Id] : one.Value);
                var cycle = StepGraph.FindCycle(ids, id => broken[id]);
                Assert.NotNull(cycle);
                Assert.Equal(cycle[0], cycle[^1]);
                Assert.True(cycle.Count > 1);
                Assert.Equal(cycle.Count - 1, cycle.Distinct().Count());
                Assert.All(cycle.Zip(cycle.Skip(1)), pair => Assert.Contains(pair.Second, broken[pair.First]));
            }
        }
    });

    [Fact]
    public void What_comes_before_is_what_a_way_leads_to() => Law.Holds(RandomSteps.Graphs, 300, static steps =>
    {
        var ids = steps.Select(static step => step.Id).ToList();
        var leads = steps.ToDictionary(static step => step.Id, static step => step.After.ToHashSet());
        foreach (var over in ids)
        {
            foreach (var from in ids.Where(from => leads[from].Contains(over)))
            {
                leads[from].UnionWith(leads[over]);
            }
        }

        Assert.All(ids, id => Assert.Equal(leads[id].Order(), StepGraph.Before(steps, id).Order()));
    });

    [Fact]
    public void The_order_begins_with_the_longest_way_to_the_end_and_of_equal_ones_with_the_plans_first()
    {
        RecoveryStep[] steps = [RandomSteps.Step("short", 1), RandomSteps.Step("first", 2), RandomSteps.Step("second", 2), RandomSteps.Step("begin", 1), RandomSteps.Step("end", 5, "begin")];
        Assert.Equal(["begin", "end", "first", "second", "short"], StepGraph.Order(steps, static step => step.Duration));
        Assert.Equal(["short", "first", "second", "begin", "end"], StepGraph.Order(steps, static _ => TimeSpan.Zero));
    }
}

/// <summary>Steps of which none comes after itself, in any order of the plan.</summary>
internal static class RandomSteps
{
    /// <summary>Graphs of up to twelve steps of a few minutes each, from none of which comes after another to all in one chain.</summary>
    public static Gen<IReadOnlyList<RecoveryStep>> Graphs { get; } =
        from size in Gen.Choose(1, 12)
        from longest in Gen.Elements(1, 3, 12)
        from density in Gen.Elements(0, 10, 25, 40, 100)
        from luck in Gen.Choose(0, int.MaxValue)
        select Make(size, longest, density, luck);

    public static RecoveryStep Step(string id, int minutes, params string[] after) => new(id, id, RecoveryStepKind.Manual, "ann", TimeSpan.FromMinutes(minutes), after);

    private static IReadOnlyList<RecoveryStep> Make(int size, int longest, int density, int luck)
    {
        var random = new Random(luck);
        var steps = Enumerable.Range(0, size)
            .Select(i => Step($"s{i}", random.Next(1, longest + 1), [.. Enumerable.Range(0, i).Where(_ => random.Next(100) < density).Select(static j => $"s{j}")]))
            .ToArray();
        random.Shuffle(steps);
        return steps;
    }
}
