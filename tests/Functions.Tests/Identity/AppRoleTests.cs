using System.Net;
using System.Text;
using System.Text.Json;
using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Identity;
using MaintenanceFunctions.Tests.App;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests.Identity;

/// <summary>App roles of the directory, of people of the plan and of others.</summary>
public sealed class AppRoleTests : IAsyncLifetime
{
    private const string LongRole = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
    private const string LongObject = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    private const string Stranger = "zoe@registry.example";
    private static readonly Guid Account = new("0b5e8f7a-3c1d-4e2f-9a6b-7c8d9e0f1a2b");

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("roles")]
    [InlineData(LongRole)]
    public async Task A_person_of_the_plan_has_the_plans_roles_and_those_of_the_directory(string claim)
    {
        var caller = (await CallerAsync("ben@registry.example", (claim, "administrator"), (claim, "dba")))!;

        Assert.Equal(("ben", false), (caller.Id, caller.IsGuest));
        Assert.Equal(["administrator", "dba", "support"], caller.Person!.Roles.Order());
        Assert.True(caller.Is("administrator"));
    }

    [Theory]
    [InlineData("roles", "oid")]
    [InlineData(LongRole, LongObject)]
    public async Task Somebody_whom_the_plan_does_not_know_acts_by_the_directorys_roles_under_an_id_of_their_own(string roles, string oid)
    {
        var caller = (await CallerAsync(Stranger, (oid, Account.ToString()), ("name", " Zoë Zulu "), (roles, "Support")))!;

        Assert.Equal(("directory:0b5e8f7a-3c1d-4e2f-9a6b-7c8d9e0f1a2b", "Zoë Zulu", true, true), (caller.Id, caller.Name, caller.IsGuest, caller.IsAmbient));
        Assert.Equal((true, false, false), (caller.Is("support"), caller.Is("administrator"), caller.Is("Support")));
        Assert.DoesNotMatch("^[a-z0-9][a-z0-9-]{0,39}$", caller.Id);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("administrators")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("*")]
    public async Task A_role_that_means_nothing_here_gives_nothing(string? role)
    {
        var problem = await Assert.ThrowsAsync<HttpProblemException>(() => CallerAsync(Stranger, ("oid", Account.ToString()), ("roles", role)));
        Assert.Equal(403, problem.Status);

        Assert.Equal(["dba", "support"], (await CallerAsync("ben@registry.example", ("roles", role)))!.Person!.Roles.Order());
    }

    [Theory]
    [InlineData("ROLES")]
    [InlineData("role")]
    [InlineData("groups")]
    [InlineData("name")]
    public async Task A_claim_of_another_type_is_no_role(string claim) =>
        await Assert.ThrowsAsync<HttpProblemException>(() => CallerAsync(Stranger, ("oid", Account.ToString()), (claim, "administrator")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("zoe")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task Roles_without_an_account_that_the_directory_names_are_nobodys(string? account) =>
        await Assert.ThrowsAsync<HttpProblemException>(() => CallerAsync(Stranger, ("oid", account), ("roles", "administrator")));

    [Fact]
    public async Task Two_accounts_in_one_header_are_nobodys()
    {
        await Assert.ThrowsAsync<HttpProblemException>(() => CallerAsync(Stranger, ("oid", Account.ToString()), ("oid", Guid.NewGuid().ToString()), ("roles", "administrator")));
        Assert.NotNull(await CallerAsync(Stranger, ("oid", Account.ToString()), (LongObject, Account.ToString()), ("roles", "administrator")));
    }

    [Fact]
    public async Task The_roles_of_another_directory_give_nothing() => await Assert.ThrowsAsync<HttpProblemException>(
        () => AuthenticateAsync(_app, Header(Guid.NewGuid(), Stranger, ("oid", Account.ToString()), ("roles", "administrator")), Routes.Home));

    [Fact]
    public async Task An_address_that_two_people_of_the_plan_have_gets_no_guest_in_either()
    {
        await using var app = await TestApp.StartAsync(TestPlan.Yaml.Replace(
            "calendars:", "  - { id: eve, name: Eve Ekal, email: BEN@registry.example, roles: [auditor] }\ncalendars:", StringComparison.Ordinal));

        var header = Header(TestApp.Tenant, "ben@registry.example", ("oid", Account.ToString()), ("roles", "administrator"));
        await Assert.ThrowsAsync<HttpProblemException>(() => AuthenticateAsync(app, header, Routes.Home));
    }

    [Fact]
    public async Task While_the_platform_does_not_stand_in_front_a_role_is_no_more_than_a_header()
    {
        await using var app = await TestApp.StartAsync(auth: "False");

        Assert.Null(await AuthenticateAsync(app, Header(TestApp.Tenant, Stranger, ("oid", Account.ToString()), ("roles", "administrator")), Routes.Home));
    }

    [Fact]
    public async Task A_guest_may_do_what_the_role_may_and_no_more()
    {
        var support = Header(TestApp.Tenant, Stranger, ("oid", Account.ToString()), ("name", "Zoë Zulu"), ("roles", "support"));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "/api/notifications", support)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "/", support)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync("POST", "/api/backups/nightly/runs", support)).Status);
        var me = JsonSerializer.Deserialize<JsonElement>((await SendAsync("GET", "/api/me", support)).Body);
        Assert.Equal(("directory:" + Account, "support"), (me.GetProperty("id").GetString(), me.GetProperty("roles")[0].GetString()));

        var administrator = Header(TestApp.Tenant, Stranger, ("oid", Account.ToString()), ("roles", "administrator"));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync("POST", "/api/backups/nightly/runs", administrator)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync("POST", "/api/people/ann/credentials", administrator, new { kind = "token" })).Status);
    }

    [Fact]
    public async Task A_guest_is_refused_what_takes_a_person_of_the_plan_and_told_so()
    {
        var guest = Header(TestApp.Tenant, Stranger, ("oid", Account.ToString()), ("name", "Zoë Zulu"), ("roles", "administrator"), ("roles", "dba"));
        var patch = new { title = "OpenSSL 3.5.9", description = "Mends a hole.", type = "normal", severity = "high", service = "register" };
        using var requested = await _app.SendAsync("POST", "/api/patches", "ann@registry.example", patch);
        Assert.Equal(HttpStatusCode.Created, requested.StatusCode);

        (string Path, object Body)[] acts =
        [
            ("/api/patches", patch),
            ("/api/patches/P-1001/votes", new { choice = "approve" }),
        ];
        foreach (var (path, body) in acts)
        {
            var answer = await SendAsync("POST", path, guest, body);
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.Contains("takes a person of the plan", answer.Body, StringComparison.Ordinal);
        }

        var page = await SendAsync("GET", "/patches/P-1001", guest);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("takes a person of the plan", page.Body, StringComparison.Ordinal);
        Assert.Empty((await _app.GetAsync("/api/patches/P-1001")).GetProperty("votes").EnumerateArray());
    }

    [Fact]
    public async Task A_guest_may_not_vote_at_the_gate_of_a_recovery()
    {
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new Microsoft.Azure.Functions.Worker.TimerInfo());
        _ = await _app.Orchestrate<Maintenance.Backups.BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!).Run;
        using var started = await _app.SendAsync("POST", "/api/recoveries", "ann@registry.example", new { strategy = "register", reason = "Lost" });
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);

        var guest = Header(TestApp.Tenant, Stranger, ("oid", Account.ToString()), ("roles", "dba"));
        var answer = await SendAsync("POST", "/api/recoveries/R-1001/steps/gate/decisions", guest, new { decision = "approve" });

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("takes a person of the plan", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_of_support_works_tickets_and_is_given_none()
    {
        var guest = Header(TestApp.Tenant, Stranger, ("oid", Account.ToString()), ("name", "Zoë Zulu"), ("roles", "support"));
        var opened = await SendAsync("POST", "/api/tickets", guest, new { type = "incident", title = "The printer is jammed", description = "It blinks." });
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        var id = JsonSerializer.Deserialize<JsonElement>(opened.Body).GetProperty("id").GetString()!;

        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", $"/api/tickets/{id}/responses", guest, new { text = "We look at it." })).Status);
        var taken = await SendAsync("POST", $"/api/tickets/{id}/acts", guest, new { act = "assign", to = "directory:" + Account });
        Assert.True((int)taken.Status is >= 400 and < 500, $"{taken.Status}: {taken.Body}");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", $"/tickets/{id}", guest)).Status);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string path, string header, object? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add(ClientPrincipal.Header, header);
        request.Content = json is null ? null : System.Net.Http.Json.JsonContent.Create(json);
        using var answer = await _app.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<Caller?> CallerAsync(string email, params (string Type, string? Value)[] claims) => AuthenticateAsync(_app, Header(TestApp.Tenant, email, claims), Routes.Home);

    private static string Header(Guid tenant, string email, params (string Type, string? Value)[] claims) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        auth_typ = "aad",
        claims = new[] { (Type: "tid", Value: (string?)tenant.ToString()), (Type: "preferred_username", Value: email) }.Concat(claims).Select(static claim => new { typ = claim.Type, val = claim.Value }),
    })));

    private static async Task<Caller?> AuthenticateAsync(TestApp app, string header, Route route)
    {
        await app.Services.GetRequiredService<FreshPlan>().EnsureAsync(CancellationToken.None);
        var http = new DefaultHttpContext();
        http.Features.Set(route);
        http.Request.Headers[ClientPrincipal.Header] = header;
        return await app.Services.GetRequiredService<IAuthentication>().AuthenticateAsync(http);
    }
}
