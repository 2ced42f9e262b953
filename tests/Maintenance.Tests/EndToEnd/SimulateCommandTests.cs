using Maintenance.Tests.Simulation;

namespace Maintenance.Tests.EndToEnd;

/// <summary><c>simulate</c>, by a real process.</summary>
[Collection("End to end: surface")]
public sealed class SimulateCommandTests
{
    [Fact]
    public async Task A_plan_is_tried_out_twice_the_same_and_nothing_of_the_installation_is_touched()
    {
        await using var here = new Installation(TownPlan.Yaml);
        string[] command = ["simulate", "--from", "2028-03-20", "--days", "4", "--seed", "5"];

        var first = await here.RunAsync(0, command);

        Assert.StartsWith("Town register: 2028-03-20 to 2028-03-23 (Europe/Berlin)\n", first.Output, StringComparison.Ordinal);
        Assert.Equal(first.Output, (await here.RunAsync(0, [.. command, "--out", "kept"])).Output);
        Assert.True(File.Exists(here.PathOf("kept/simulation.db")));
        Assert.False(File.Exists(here.Database));
        Assert.Contains("not empty", (await here.RunAsync(2, [.. command, "--out", "kept"])).Errors, StringComparison.Ordinal);
        Assert.Contains("\"duties\"", (await here.RunAsync(0, [.. command, "--json"])).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--days", "0", "--days is a number from 1")]
    [InlineData("--from", "tomorrow", "'tomorrow' is none")]
    [InlineData("--reports", "-1", "--reports is a number from 0")]
    public async Task What_cannot_be_is_refused_in_words(string option, string value, string words)
    {
        await using var here = new Installation(TownPlan.Yaml);
        Assert.Contains(words, (await here.RunAsync(2, "simulate", option, value)).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_months_than_a_report_spans_are_refused_before_anything_is_run()
    {
        await using var here = new Installation(TownPlan.Yaml);
        Assert.Contains("more than 36 months", (await here.RunAsync(2, "simulate", "--from", "2027-01-15", "--days", "1096")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_plan_is_not_run()
    {
        await using var here = new Installation(TownPlan.Yaml.Replace("owner: ann, timeZone", "owner: nobody, timeZone", StringComparison.Ordinal));
        Assert.Contains("system.owner", (await here.RunAsync(2, "simulate", "--days", "1")).Errors, StringComparison.Ordinal);
    }
}
