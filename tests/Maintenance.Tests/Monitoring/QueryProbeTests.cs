using Maintenance.Monitoring.Probes;
using Maintenance.Tests.Sources;
using Maintenance.Tests.Web;
using Maintenance.Web.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Monitoring;

/// <summary>A probe that asks a database for a number, against a real one.</summary>
[Collection(nameof(PostgresServer))]
public sealed class QueryProbeTests(PostgresServer server)
{
    [PostgresTheory]
    [InlineData("select count(*) from births", 10.0, 12.0, true, "it gave 12")]
    [InlineData("select count(*) from births", 12.5, null, false, "it gave 12, less than 12.5")]
    [InlineData("select count(*) from births", null, 11.0, false, "it gave 12, more than 11")]
    [InlineData("select 0.5::numeric", 0.5, 0.5, true, "it gave 0.5")]
    [InlineData("select 'Ann'", 0.0, null, false, "it gave 'Ann', which is no number")]
    [InlineData("select null", 0.0, null, false, "which is no number")]
    [InlineData("select id from births where id < 0", 0.0, null, false, "it gave no row.")]
    [InlineData("select 1/0", 0.0, null, false, "division by zero")]
    [InlineData("select 1 from pg_sleep(30)", 0.0, null, false, "no answer within 1s")]
    [InlineData("delete from births returning id", 0.0, null, false, "read-only")]
    public async Task It_passes_where_the_number_lies_within_its_bounds(string sql, double? min, double? max, bool isGood, string said)
    {
        await using var rig = await RigAsync();
        var sample = await LookAsync(rig, "REGISTER", sql, min, max);

        Assert.Equal(isGood, sample.IsGood);
        Assert.Contains(said, sample.Said, StringComparison.Ordinal);
        Assert.Equal(isGood, sample.Latency is not null && sample.IsGood);
        Assert.Equal("it gave 12", (await LookAsync(rig, "REGISTER", "select count(*) from births", null, 12)).Said); // Nothing was changed by it.
    }

    [PostgresFact]
    public async Task A_database_that_nobody_answers_for_is_a_failure_without_its_secret()
    {
        await using var rig = await RigAsync();
        foreach (var setting in new[] { "CLOSED", "ABSENT" })
        {
            var sample = await LookAsync(rig, setting, "select 1", 0, null);
            Assert.False(sample.IsGood);
            Assert.NotEmpty(sample.Said);
            Assert.DoesNotContain("hidden", sample.Said, StringComparison.Ordinal);
        }
    }

    private static Task<ProbeSample> LookAsync(WebRig rig, string setting, string sql, double? min, double? max) => rig.Get<IProbing>().LookAsync(
        new Probe("rows", "register", "Rows", TimeSpan.FromMinutes(1), new ProbeTarget.Query(setting, sql, min, max)) { Timeout = sql.Contains("sleep", StringComparison.Ordinal) ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(30) }, default);

    private async Task<WebRig> RigAsync()
    {
        var database = await server.CreateDatabaseAsync();
        await using (var connection = await server.ConnectAsync(database))
        {
            await PostgresServer.RunAsync(connection, "create table births (id int primary key); insert into births select generate_series(1, 12)");
        }

        var settings = new Dictionary<string, string> { ["REGISTER"] = server.ConnectionString(database), ["CLOSED"] = "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=hidden;Timeout=5" };
        return await WebRig.StartAsync((_, services) => services.AddSingleton(new HostSettings(settings.GetValueOrDefault)));
    }

    /// <summary>Cases that need PostgreSQL's server programs; skipped, visibly, where there are none.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PostgresTheoryAttribute : TheoryAttribute
    {
        public PostgresTheoryAttribute() => Skip = new PostgresFactAttribute().Skip;
    }
}
