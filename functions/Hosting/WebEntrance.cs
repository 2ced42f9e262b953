using Maintenance.Web.Http;
using MaintenanceFunctions.Adapters;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace MaintenanceFunctions.Hosting;

/// <summary>The way of every HTTP function into the handlers that both hosts share.</summary>
public sealed class WebEntrance(MaintenanceHttp http, FreshPlan plan, DurableClientScope scope, ILogger<WebEntrance> log)
{
    /// <summary>
    /// Answers a request to a route. Route values need no binding: the worker matches the function's template with ASP.NET Core's own routing before the
    /// function runs (FunctionsEndpointDataSource of the worker's HTTP extension), and the request's services are those of the invocation
    /// (WorkerRequestServicesMiddleware).
    /// </summary>
    /// <param name="route">The function's route.</param>
    /// <param name="request">The request.</param>
    /// <param name="client">The invocation's.</param>
    public async Task<IResult> RunAsync(Route route, HttpRequest request, DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var _ = scope.Enter(client);
        try
        {
            await plan.EnsureAsync(request.HttpContext.RequestAborted);
        }
        catch (Exception error)
        {
            // Some routes do without a plan (health, the style sheet); the others answer 503 themselves.
            log.LogError(error, "There is no plan.");
        }

        request.HttpContext.Features.Set(route);
        return await http.RunAsync(route, request.HttpContext);
    }
}
