using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Maintenance.Backups;
using MaintenanceFunctions.Identity;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Triggers;

public sealed class HttpFunctionTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task The_root_is_the_dashboard_and_nothing_else_is()
    {
        using var home = await _app.SendAsync("GET", "/", "ann@registry.example");
        using var elsewhere = await _app.SendAsync("GET", "/x", "ann@registry.example");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (home.StatusCode, home.Content.Headers.ContentType?.MediaType));
        Assert.Contains("CivReg", await home.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Nobody_is_sent_to_sign_in_by_a_page_and_refused_by_the_API()
    {
        using var page = await _app.SendAsync("GET", "/");
        using var api = await _app.SendAsync("GET", "/api/status");

        Assert.Equal((HttpStatusCode.Redirect, "/.auth/login/aad?post_login_redirect_uri=/"), (page.StatusCode, page.Headers.Location?.OriginalString));
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/status")]
    public async Task Somebody_whom_the_plan_does_not_know_is_refused_and_not_sent_to_sign_in_again(string path)
    {
        using var answer = await _app.SendAsync("GET", path, "stranger@elsewhere.example");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("stranger@elsewhere.example", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_whom_the_plan_does_not_know_may_use_what_is_public()
    {
        using var answer = await _app.SendAsync("GET", "/feedback", "stranger@elsewhere.example");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Without_the_platforms_authentication_its_header_proves_nothing()
    {
        await using var open = await TestApp.StartAsync(auth: "False");
        using var answer = await open.SendAsync("GET", "/api/status", "ann@registry.example");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_person_is_who_the_plan_says()
    {
        var me = await _app.GetAsync("/api/me", "BEN@registry.example");

        Assert.Equal(("ben", "Ben Barasu"), (me.GetProperty("id").GetString(), me.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_person_without_the_role_may_not()
    {
        using var answer = await _app.SendAsync("POST", "/api/backups/nightly/runs", "ben@registry.example");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(_app.Durable.Scheduled);
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/backups/nightly/runs");
        request.Headers.Add(ClientPrincipal.Header, TestApp.Principal("ann@registry.example"));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await _app.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(_app.Durable.Scheduled);
    }

    [Fact]
    public async Task Values_of_the_path_reach_the_handler()
    {
        using var answer = await _app.SendAsync("POST", "/api/backups/nightly/runs", "ann@registry.example");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var (name, input, options) = Assert.Single(_app.Durable.Scheduled);
        var run = Assert.IsType<BackupRunRef>(input);
        Assert.Equal(("BackupWorkflow", "nightly", "backup_" + run.Run), (name, run.Policy, options.InstanceId));
        var operation = await _app.GetAsync("/api/operations/" + options.InstanceId);
        Assert.Equal("running", operation.GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_is_not_there_is_404()
    {
        using var policy = await _app.SendAsync("POST", "/api/backups/nihgtly/runs", "ann@registry.example");
        using var asset = await _app.SendAsync("GET", "/assets/none.css");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (policy.StatusCode, asset.StatusCode));
        Assert.Equal("application/problem+json", policy.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        using var answer = await _app.SendAsync("POST", "/api/feedback", json: new { kind = "broken", message = new string('x', 100_000) });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Fields_that_are_wrong_are_422_with_each_of_them_named()
    {
        using var answer = await _app.SendAsync("POST", "/api/feedback", json: new { kind = "unheard-of", message = "" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(["kind", "message"], errors.EnumerateObject().Select(static error => error.Name).Order());
    }

    [Fact]
    public async Task Without_a_usable_plan_pages_say_so_and_health_answers()
    {
        await using var broken = await TestApp.StartAsync(plan: "system: {}");
        using var form = await broken.SendAsync("GET", "/feedback");
        using var home = await broken.SendAsync("GET", "/", "ann@registry.example");
        using var health = await broken.SendAsync("GET", "/api/health");

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (form.StatusCode, home.StatusCode, health.StatusCode));
    }

    [Fact]
    public async Task The_style_sheet_is_served()
    {
        using var answer = await _app.SendAsync("GET", "/assets/site.css");

        Assert.Equal((HttpStatusCode.OK, "text/css"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }
}
