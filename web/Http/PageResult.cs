using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Maintenance.Web.Http;

/// <summary>A page: a Razor component rendered on the server, whole, without scripts.</summary>
public sealed class PageResult<TComponent>(Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK) : IResult
    where TComponent : IComponent
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) =>
        new RazorComponentResult<TComponent>(parameters) { StatusCode = Status, PreventStreamingRendering = true }.ExecuteAsync(httpContext);
}
