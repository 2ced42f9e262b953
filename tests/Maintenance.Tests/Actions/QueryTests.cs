using Maintenance.Actions;
using Maintenance.Tests.Sources;
using Maintenance.Tests.Web;
using Maintenance.Web.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Actions;

/// <summary>Queries of checks, against a real database.</summary>
[Collection(nameof(PostgresServer))]
public sealed class QueryTests(PostgresServer server)
{
    [PostgresFact]
    public async Task The_first_value_of_the_first_row_is_seen_in_words_that_no_place_changes()
    {
        await using var rig = await RigAsync();
        Assert.Equal("12", (await AskAsync(rig, "select count(*) from births;")).Value);
        Assert.Equal("Ann", (await AskAsync(rig, "select name, id from births order by id")).Value);
        Assert.Equal("1234.50", (await AskAsync(rig, "select 1234.50::numeric(10,2)")).Value);
        Assert.Equal("True", (await AskAsync(rig, "select true")).Value);
    }

    [PostgresFact]
    public async Task Null_is_a_value_and_no_row_is_none()
    {
        await using var rig = await RigAsync();
        Assert.Equal(new Observation(true), await AskAsync(rig, "select null"));
        Assert.Equal(new Observation(false, "it gave no row."), await AskAsync(rig, "select name from births where id < 0"));
        Assert.Equal(new Observation(false, "it gave no row."), await AskAsync(rig, "do $$ begin end $$"));
    }

    [PostgresFact]
    public async Task What_the_database_says_against_it_is_told_in_words()
    {
        await using var rig = await RigAsync();
        await SaysAsync(rig, "select * from deaths", "deaths");
        await SaysAsync(rig, "selekt", "syntax");
        await SaysAsync(rig, "select 1/0", "division by zero");
        await SaysAsync(rig, "select b from births b", "Reading as");
        await SaysAsync(rig, "select pg_sleep(60)", "no answer within 1s", TimeSpan.FromSeconds(1));
    }

    [PostgresFact]
    public async Task It_cannot_write()
    {
        await using var rig = await RigAsync();
        foreach (var writing in new[] { "insert into births values (99, 'Eve') returning id", "delete from births returning id", "create table more (id int)", "truncate births", "commit; insert into births values (99, 'Eve') returning id" })
        {
            Assert.False((await AskAsync(rig, writing)).IsThere, writing);
        }

        Assert.Equal("12", (await AskAsync(rig, "select count(*) from births")).Value);
        Assert.Null((await AskAsync(rig, "select to_regclass('more')::text")).Value);
    }

    [PostgresFact]
    public async Task The_connections_own_patience_does_not_end_before_the_plans()
    {
        await using var rig = await RigAsync("Command Timeout=1");
        Assert.True((await AskAsync(rig, "select 1 from pg_sleep(2)")).IsThere);
    }

    [PostgresFact]
    public async Task A_database_that_is_not_there_or_not_named_is_told_in_words()
    {
        await using var rig = await RigAsync();
        var absent = await rig.Get<IOutside>().QueryAsync(new Check(CheckKind.Query, "select 1") { Database = "ABSENT" }, default);
        Assert.False(absent.IsThere);
        Assert.Contains("'ABSENT' is not set", absent.Problem, StringComparison.Ordinal);
        foreach (var name in new[] { "CLOSED", "NONSENSE" })
        {
            var seen = await rig.Get<IOutside>().QueryAsync(new Check(CheckKind.Query, "select 1") { Database = name }, default);
            Assert.False(seen.IsThere, name);
            Assert.NotEmpty(seen.Problem!);
            Assert.DoesNotContain("hidden", seen.Problem, StringComparison.Ordinal);
        }
    }

    private async Task<WebRig> RigAsync(string options = "")
    {
        var database = await server.CreateDatabaseAsync();
        await using (var connection = await server.ConnectAsync(database))
        {
            await PostgresServer.RunAsync(connection, "create table births (id int primary key, name text); insert into births select n, case n when 1 then 'Ann' else 'Ben' end from generate_series(1, 12) n");
        }

        var settings = new Dictionary<string, string>
        {
            ["SCRATCH"] = $"{server.ConnectionString(database)};{options}",
            ["CLOSED"] = "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=hidden;Timeout=5",
            ["NONSENSE"] = "hidden nonsense",
        };
        return await WebRig.StartAsync((_, services) => services.AddSingleton(new HostSettings(settings.GetValueOrDefault)));
    }

    private static Task<Observation> AskAsync(WebRig rig, string query, TimeSpan? timeout = null) =>
        rig.Get<IOutside>().QueryAsync(new Check(CheckKind.Query, query) { Database = "SCRATCH", Timeout = timeout ?? TimeSpan.FromSeconds(30) }, default);

    private static async Task SaysAsync(WebRig rig, string query, string words, TimeSpan? timeout = null)
    {
        var seen = await AskAsync(rig, query, timeout);
        Assert.False(seen.IsThere, query);
        Assert.Contains(words, seen.Problem, StringComparison.Ordinal);
    }
}
