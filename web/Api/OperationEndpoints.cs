using Maintenance.Monitoring;
using Maintenance.Web.Http;
using Maintenance.Workflows;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Why an operation is ended.</summary>
public sealed record TerminationRequest(string Reason);

/// <summary>Workflow instances, for whoever keeps the system running. Nothing here hands out the platform's own management addresses, which carry its key.</summary>
public sealed class OperationEndpoints(IWorkflows workflows, TimeProvider time)
{
    private const int MostReason = 500;

    /// <summary>What has not ended, and what failed within a day; what moved longest ago in front. <c>?take=</c> limits it (100, at most 1000).</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var found = await workflows.ListAsync(time.GetUtcNow() - WatchRules.Recent, http.QueryNumber("take", 100, WatchService.MostWorkflows), http.RequestAborted);
        return Requests.Ok(found.OrderBy(static workflow => workflow.UpdatedAt).Select(Operation.Of).ToList());
    }

    /// <summary>Ends one that is stuck: 202; 404 where there is none, 409 where it has ended.</summary>
    public async Task<IResult> TerminateAsync(HttpContext http, Caller caller)
    {
        var (id, reason) = await EndAsync(http, caller, (await RequestBody.ReadJsonAsync<TerminationRequest>(http)).Reason);
        return Requests.Accepted(http, "/api/operations/" + Uri.EscapeDataString(id), new Terminated(id, reason));
    }

    /// <summary>The same by a button.</summary>
    public async Task<IResult> TerminateFormAsync(HttpContext http, Caller caller)
    {
        var (id, _) = await EndAsync(http, caller, (await RequestBody.ReadFormAsync(http)).GetValueOrDefault("reason"));
        return TypedResults.Redirect("/operations/" + Uri.EscapeDataString(id));
    }

    private async Task<(string Id, string Reason)> EndAsync(HttpContext http, Caller caller, string? why)
    {
        var id = http.PathValue("id");
        var missing = HttpProblemException.NotFound($"There is no operation '{id}'.");
        if (id.Length is 0 or > 100 || await workflows.GetAsync(id, http.RequestAborted) is null)
        {
            throw missing;
        }

        var reason = why?.Trim() ?? "";
        if (reason.Length is 0 or > MostReason)
        {
            throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["reason"] = [$"Say why in 1 to {MostReason} characters."] });
        }

        return await workflows.TerminateAsync(id, WorkflowTermination.Error(caller.Id, reason), http.RequestAborted) switch
        {
            TerminationOutcome.Missing => throw missing,
            TerminationOutcome.HadEnded => throw new HttpProblemException(StatusCodes.Status409Conflict, "It has ended already", $"The operation '{id}' has ended: there is nothing to end."),
            _ => (id, reason),
        };
    }

    private sealed record Terminated(string Id, string Reason);
}
