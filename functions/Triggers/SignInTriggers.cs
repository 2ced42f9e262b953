using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>Where people are signed in. On Azure the platform signs them in; what is this system's own still ends here.</summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class SignInTriggers(WebEntrance web)
{
    [Function("AskSignInLink")]
    public Task<IResult> AskSignInLink(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sign-in/links")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AskSignInLink, request, client);

    [Function("MePage")]
    public Task<IResult> MePage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "me")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.MePage, request, client);

    [Function("SignOutElsewhereForm")]
    public Task<IResult> SignOutElsewhereForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "me/sign-outs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SignOutElsewhereForm, request, client);

    [Function("ListMyCredentials")]
    public Task<IResult> ListMyCredentials(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/me/credentials")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListMyCredentials, request, client);

    [Function("SignOutElsewhere")]
    public Task<IResult> SignOutElsewhere(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/me/sign-outs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SignOutElsewhere, request, client);
}
