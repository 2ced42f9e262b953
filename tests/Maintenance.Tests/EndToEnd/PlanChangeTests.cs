using System.Net;
using System.Text.Json;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Plans that are edited while they run.</summary>
[Collection("End to end: surface")]
public sealed class PlanChangeTests
{
    [Fact]
    public async Task A_broken_plan_never_replaces_a_running_one_also_over_a_restart_and_a_mended_one_takes_over()
    {
        var good = new QuickPlan();
        var broken = good.Yaml.Replace("owner: ada,", "owner: nobody,", StringComparison.Ordinal);
        await using var here = new Installation(good.Yaml);
        var server = await here.ServeAsync();
        var first = await PlanAsync(server, static plan => !plan.GetProperty("isStale").GetBoolean());

        here.WritePlan(broken);
        var stale = await PlanAsync(server, static plan => plan.GetProperty("isStale").GetBoolean());
        Assert.Equal(first.GetProperty("hash").GetString(), stale.GetProperty("hash").GetString());
        Assert.Contains(stale.GetProperty("problems").EnumerateArray(), static problem => problem.GetProperty("path").GetString() == "system.owner" && problem.GetProperty("line").GetInt32() == 1);
        var page = (await server.Operator.GetAsync("/")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("the older plan goes on", page, StringComparison.Ordinal);
        Assert.Contains("plan.yaml:1:", page, StringComparison.Ordinal);
        Assert.Contains("The plan file has errors", (await here.RunAsync(1, "status")).Output, StringComparison.Ordinal);
        Assert.Contains("plan.yaml:1:", (await here.RunAsync(1, "plan", "check")).Output, StringComparison.Ordinal);

        // Restarted with the broken file, and without any, the stored plan runs.
        Assert.Equal(0, await server.StopAsync());
        server = await here.ServeAsync();
        Assert.Contains("plan.yaml:1:", server.Output, StringComparison.Ordinal);
        stale = await PlanAsync(server, static plan => plan.GetProperty("isStale").GetBoolean());
        Assert.Equal(first.GetProperty("hash").GetString(), stale.GetProperty("hash").GetString());
        Assert.Equal(first.GetProperty("since").GetString(), stale.GetProperty("since").GetString());
        Assert.Equal(0, await server.StopAsync());
        File.Delete(here.PathOf("plan.yaml"));
        server = await here.ServeAsync();
        Assert.Equal(first.GetProperty("hash").GetString(), (await PlanAsync(server, static _ => true)).GetProperty("hash").GetString());

        here.WritePlan((good with { Name = "The new register" }).Yaml);
        var mended = await PlanAsync(server, static plan => !plan.GetProperty("isStale").GetBoolean());
        Assert.Equal("The new register", mended.GetProperty("system").GetString());
        Assert.DoesNotContain("the older plan goes on", (await server.Operator.GetAsync("/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_start_with_a_broken_plan_or_none_ends_with_2_and_says_where_it_is_broken()
    {
        await using var here = new Installation(new QuickPlan().Yaml.Replace("owner: ada,", "owner: nobody,", StringComparison.Ordinal));
        var refused = await here.RunAsync(2, "serve", "--urls", "http://127.0.0.1:0");
        Assert.Matches(@"plan\.yaml:1:\d+: error: system\.owner: ", refused.Errors);
        File.Delete(here.PathOf("plan.yaml"));
        Assert.Contains("cannot be read", (await here.RunAsync(2, "serve", "--urls", "http://127.0.0.1:0")).Errors, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> PlanAsync(ServerProcess server, Func<JsonElement, bool> holds) =>
        await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/plan")).Json, holds);
}
