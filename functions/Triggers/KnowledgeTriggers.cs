using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// Documents, knowledge and the public's help: pages and what programs call. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class KnowledgeTriggers(WebEntrance web)
{
    [Function("DocumentsPage")]
    public Task<IResult> DocumentsPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "documents")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DocumentsPage, request, client);

    [Function("DocumentPage")]
    public Task<IResult> DocumentPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "documents/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DocumentPage, request, client);

    [Function("AcknowledgeDocumentForm")]
    public Task<IResult> AcknowledgeDocumentForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "documents/{id}/acknowledgements")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AcknowledgeDocumentForm, request, client);

    [Function("ReviewDocumentForm")]
    public Task<IResult> ReviewDocumentForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "documents/{id}/reviews")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReviewDocumentForm, request, client);

    [Function("VoteDocumentForm")]
    public Task<IResult> VoteDocumentForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "documents/{id}/votes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VoteDocumentForm, request, client);

    [Function("KnowledgePage")]
    public Task<IResult> KnowledgePage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "knowledge")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.KnowledgePage, request, client);

    [Function("HelpPage")]
    public Task<IResult> HelpPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "help")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.HelpPage, request, client);

    [Function("HelpArticlePage")]
    public Task<IResult> HelpArticlePage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "help/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.HelpArticlePage, request, client);

    [Function("VoteHelpForm")]
    public Task<IResult> VoteHelpForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "help/{id}/votes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VoteHelpForm, request, client);

    [Function("ListDocuments")]
    public Task<IResult> ListDocuments(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/documents")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListDocuments, request, client);

    [Function("GetDocument")]
    public Task<IResult> GetDocument(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/documents/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetDocument, request, client);

    [Function("ListDocumentDifferences")]
    public Task<IResult> ListDocumentDifferences(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/documents/{id}/differences")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListDocumentDifferences, request, client);

    [Function("AcknowledgeDocument")]
    public Task<IResult> AcknowledgeDocument(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/documents/{id}/acknowledgements")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AcknowledgeDocument, request, client);

    [Function("ReviewDocument")]
    public Task<IResult> ReviewDocument(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/documents/{id}/reviews")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReviewDocument, request, client);

    [Function("VoteDocument")]
    public Task<IResult> VoteDocument(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/documents/{id}/votes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VoteDocument, request, client);

    [Function("SearchKnowledge")]
    public Task<IResult> SearchKnowledge(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/knowledge")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SearchKnowledge, request, client);

    [Function("GetKnowledgeGaps")]
    public Task<IResult> GetKnowledgeGaps(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/knowledge/gaps")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetKnowledgeGaps, request, client);

    [Function("SuggestHelp")]
    public Task<IResult> SuggestHelp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/help")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SuggestHelp, request, client);

    [Function("VoteHelp")]
    public Task<IResult> VoteHelp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/help/{id}/votes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VoteHelp, request, client);
}
