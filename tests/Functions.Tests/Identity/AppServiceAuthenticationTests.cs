using Maintenance.Plan;
using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Identity;
using MaintenanceFunctions.Tests.App;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests.Identity;

public sealed class AppServiceAuthenticationTests : IAsyncLifetime
{
    private const string Namesakes = "  - { id: eve, name: Eve Ekal, email: BEN@registry.example, roles: [administrator] }\ncalendars:";

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_signed_in_person_is_a_caller_whose_proof_the_browser_sends_by_itself()
    {
        var caller = await AuthenticateAsync(_app, TestApp.Principal("Ann@Registry.example"), Routes.Home);

        Assert.Equal(("ann", true), (caller?.Id, caller?.IsAmbient));
    }

    [Fact]
    public async Task No_header_proves_nothing() => Assert.Null(await AuthenticateAsync(_app, null, Routes.Home));

    public static TheoryData<string> Foreign =>
        ["nonsense", TestApp.Principal("ann@registry.example", "github"), TestApp.Principal("ann@registry.example", tenant: Guid.NewGuid())];

    // To be sent to sign in would bring the same account back at once, for ever.
    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Somebody_whom_our_directory_did_not_sign_in_is_refused_and_not_sent_to_sign_in_again(string header)
    {
        var problem = await Assert.ThrowsAsync<HttpProblemException>(() => AuthenticateAsync(_app, header, Routes.Home));

        Assert.Equal(403, problem.Status);
        Assert.DoesNotContain("ann@", problem.Message, StringComparison.Ordinal);
        Assert.Null(await AuthenticateAsync(_app, header, Routes.FeedbackForm));
    }

    [Fact]
    public async Task While_the_platform_does_not_stand_in_front_nobody_is_recognised()
    {
        await _app.Services.GetRequiredService<FreshPlan>().EnsureAsync(CancellationToken.None);
        var http = new DefaultHttpContext();
        http.Request.Headers[ClientPrincipal.Header] = TestApp.Principal("ann@registry.example");

        Assert.Null(await new AppServiceAuthentication(_app.Services.GetRequiredService<ActivePlan>(), TestApp.Tenant, isOn: false).AuthenticateAsync(http));
    }

    [Fact]
    public async Task A_person_of_the_plan_without_an_address_is_nobody_here() =>
        await Assert.ThrowsAsync<HttpProblemException>(() => AuthenticateAsync(_app, TestApp.Principal("dan@registry.example"), Routes.Home));

    [Fact]
    public async Task An_address_that_two_people_have_is_nobodys()
    {
        await using var app = await TestApp.StartAsync(TestPlan.Yaml.Replace("calendars:", Namesakes, StringComparison.Ordinal));

        var problem = await Assert.ThrowsAsync<HttpProblemException>(() => AuthenticateAsync(app, TestApp.Principal("ben@registry.example"), Routes.Home));

        Assert.Equal(403, problem.Status);
        Assert.Equal("ann", (await AuthenticateAsync(app, TestApp.Principal("ann@registry.example"), Routes.Home))?.Id);
    }

    [Fact]
    public async Task A_stranger_is_nobody_on_a_public_route() =>
        Assert.Null(await AuthenticateAsync(_app, TestApp.Principal("stranger@elsewhere.example"), Routes.FeedbackForm));

    private static async Task<Caller?> AuthenticateAsync(TestApp app, string? header, Route route)
    {
        await app.Services.GetRequiredService<FreshPlan>().EnsureAsync(CancellationToken.None);
        var http = new DefaultHttpContext();
        http.Features.Set(route);
        if (header is not null)
        {
            http.Request.Headers[ClientPrincipal.Header] = header;
        }

        return await app.Services.GetRequiredService<IAuthentication>().AuthenticateAsync(http);
    }
}
