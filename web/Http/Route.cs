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
    /// <summary>True for what programs call; false for what people look at.</summary>
    public bool IsApi => Pattern.StartsWith("api/", StringComparison.Ordinal);
}
