using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>What the public does with what they sent, and what is held on them: a function for each route.</summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class FeedbackTriggers(WebEntrance web)
{
    [Function("CommentFeedbackForm")]
    public Task<IResult> CommentFeedbackForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "feedback/comments")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CommentFeedbackForm, request, client);

    [Function("ReopenFeedbackForm")]
    public Task<IResult> ReopenFeedbackForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "feedback/reopening")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReopenFeedbackForm, request, client);

    [Function("RatingForm")]
    public Task<IResult> RatingForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "feedback/rating")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RatingForm, request, client);

    [Function("RateFeedbackForm")]
    public Task<IResult> RateFeedbackForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "feedback/rating")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RateFeedbackForm, request, client);

    [Function("SurveyForm")]
    public Task<IResult> SurveyForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "feedback/survey")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SurveyForm, request, client);

    [Function("AnswerSurveyForm")]
    public Task<IResult> AnswerSurveyForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "feedback/survey")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AnswerSurveyForm, request, client);

    [Function("SatisfactionPage")]
    public Task<IResult> SatisfactionPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "feedback/satisfaction")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SatisfactionPage, request, client);

    [Function("CommentFeedback")]
    public Task<IResult> CommentFeedback(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/feedback/{reference}/comments")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CommentFeedback, request, client);

    [Function("ReopenFeedback")]
    public Task<IResult> ReopenFeedback(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/feedback/{reference}/reopening")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReopenFeedback, request, client);

    [Function("RateFeedback")]
    public Task<IResult> RateFeedback(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/feedback/{reference}/rating")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RateFeedback, request, client);

    [Function("AnswerSurvey")]
    public Task<IResult> AnswerSurvey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/feedback/{reference}/survey")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AnswerSurvey, request, client);

    [Function("EraseFeedback")]
    public Task<IResult> EraseFeedback(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/contacts/erasures")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.EraseFeedback, request, client);

    [Function("ExportFeedback")]
    public Task<IResult> ExportFeedback(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/contacts/exports")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportFeedback, request, client);

    [Function("GetSatisfaction")]
    public Task<IResult> GetSatisfaction(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/satisfaction")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetSatisfaction, request, client);
}
