using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// What people look at and programs call of components, vulnerabilities and debt. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class AssetTriggers(WebEntrance web)
{
    [Function("AssetsPage")]
    public Task<IResult> AssetsPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "assets")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AssetsPage, request, client);

    [Function("ComponentPage")]
    public Task<IResult> ComponentPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "components/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ComponentPage, request, client);

    [Function("VulnerabilitiesPage")]
    public Task<IResult> VulnerabilitiesPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "vulnerabilities")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VulnerabilitiesPage, request, client);

    [Function("VulnerabilityPage")]
    public Task<IResult> VulnerabilityPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "vulnerabilities/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VulnerabilityPage, request, client);

    [Function("AskWaiverForm")]
    public Task<IResult> AskWaiverForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "vulnerabilities/{id}/waiver")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AskWaiverForm, request, client);

    [Function("VoteWaiverForm")]
    public Task<IResult> VoteWaiverForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "vulnerabilities/{id}/votes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VoteWaiverForm, request, client);

    [Function("ConfirmAssetSourceForm")]
    public Task<IResult> ConfirmAssetSourceForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "asset-sources/confirmations")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ConfirmAssetSourceForm, request, client);

    [Function("DebtPage")]
    public Task<IResult> DebtPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "debt")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DebtPage, request, client);

    [Function("AddDebtForm")]
    public Task<IResult> AddDebtForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "debt")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AddDebtForm, request, client);

    [Function("DebtItemPage")]
    public Task<IResult> DebtItemPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "debt/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DebtItemPage, request, client);

    [Function("ActOnDebtForm")]
    public Task<IResult> ActOnDebtForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "debt/{id}/acts")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ActOnDebtForm, request, client);

    [Function("ListComponents")]
    public Task<IResult> ListComponents(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/components")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListComponents, request, client);

    [Function("GetComponent")]
    public Task<IResult> GetComponent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/components/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetComponent, request, client);

    [Function("ListAssetSources")]
    public Task<IResult> ListAssetSources(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/asset-sources")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListAssetSources, request, client);

    [Function("ReadAssetSources")]
    public Task<IResult> ReadAssetSources(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/asset-sources/runs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReadAssetSources, request, client);

    [Function("ConfirmAssetSource")]
    public Task<IResult> ConfirmAssetSource(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/asset-sources/confirmations")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ConfirmAssetSource, request, client);

    [Function("ListVulnerabilities")]
    public Task<IResult> ListVulnerabilities(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/vulnerabilities")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListVulnerabilities, request, client);

    [Function("GetVulnerability")]
    public Task<IResult> GetVulnerability(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/vulnerabilities/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetVulnerability, request, client);

    [Function("AskWaiver")]
    public Task<IResult> AskWaiver(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/vulnerabilities/{id}/waiver")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AskWaiver, request, client);

    [Function("VoteWaiver")]
    public Task<IResult> VoteWaiver(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/vulnerabilities/{id}/votes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VoteWaiver, request, client);

    [Function("GetDebtRegister")]
    public Task<IResult> GetDebtRegister(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/debt")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetDebtRegister, request, client);

    [Function("AddDebt")]
    public Task<IResult> AddDebt(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/debt")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AddDebt, request, client);

    [Function("GetDebtItem")]
    public Task<IResult> GetDebtItem(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/debt/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetDebtItem, request, client);

    [Function("ActOnDebt")]
    public Task<IResult> ActOnDebt(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/debt/{id}/acts")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ActOnDebt, request, client);
}
