using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Maintenance.Web.Http;

/// <summary>A page: a Razor component rendered on the server, whole, before any script runs.</summary>
public sealed class PageResult<TComponent>(Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK) : IStatusCodeHttpResult, IResult
    where TComponent : IComponent
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    int? IStatusCodeHttpResult.StatusCode => Status;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) =>
        new RazorComponentResult<TComponent>(parameters) { StatusCode = Status, PreventStreamingRendering = true }.ExecuteAsync(httpContext);
}
