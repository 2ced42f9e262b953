using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Http;

/// <summary>Who may use a route.</summary>
public enum RouteAccess
{
    /// <summary>Everybody.</summary>
    Public,

    /// <summary>Everybody in the plan.</summary>
    Person,

    /// <summary>Support and administrators.</summary>
    Support,

    /// <summary>Administrators.</summary>
    Administrator,
}

/// <summary>One operation over HTTP. Both hosts serve every route of <see cref="Routes.All"/>.</summary>
/// <param name="Name">Unique: the name of its function on Azure.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path without its leading slash.</param>
/// <param name="Access">Who may use it.</param>
/// <param name="Handler">What it does.</param>
public sealed record Route(string Name, string Method, string Pattern, RouteAccess Access, Func<Endpoints, HttpContext, Caller?, Task<IResult>> Handler)
{
    /// <summary>The methods that it takes: what can be read can be asked for without its body too, as monitors of availability and caches do.</summary>
    public IReadOnlyList<string> Methods => HttpMethods.IsGet(Method) ? [HttpMethods.Get, HttpMethods.Head] : [Method];

    /// <summary>True for what programs call; false for what people look at.</summary>
    public bool IsApi => Pattern.StartsWith("api/", StringComparison.Ordinal);

    /// <summary>True for reading what leaves a trace all the same: the content of a backup, say. And for the acts of nobody yet, which signing in is.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>True where each use is written into the audit log. What the public sends is none of staff's acts, and is kept with the feedback itself.</summary>
    public bool IsAudited => IsSensitive || (Access != RouteAccess.Public && !HttpMethods.IsGet(Method));

    /// <summary>True for what the public sees, and other sites may show inside their own pages where the plan says so.</summary>
    public bool IsEmbeddable => !IsApi && Access == RouteAccess.Public && Pattern.StartsWith("feedback", StringComparison.Ordinal);

    /// <summary>True for a form of the pages that only these pages have; the public's forms may stand on other sites, too.</summary>
    public bool IsOwnForm => !IsApi && !HttpMethods.IsGet(Method) && !IsEmbeddable;
}
