using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Http;

/// <summary>
/// The cookie of a browser's session: out of reach of scripts, sent to this site alone and by its own pages alone. Behind TLS it has the name that browsers take only from
/// a secure page of this very host (the prefix <c>__Host-</c>, RFC 6265bis), so that no neighbour under the same domain can plant one.
/// </summary>
public static class SessionCookie
{
    private const string Name = "maintenance-session";
    private const string SecureName = "__Host-" + Name;

    /// <summary>The secret that the browser sends, or null.</summary>
    public static string? Read(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Request.Cookies[NameOf(http)] is { Length: > 0 } secret ? secret : null;
    }

    /// <summary>Gives the browser the secret of its session.</summary>
    public static void Set(HttpContext http, string secret, TimeSpan validity)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Cookies.Append(NameOf(http), secret, Options(http, validity));
    }

    /// <summary>Lets the browser forget it.</summary>
    public static void Clear(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Cookies.Delete(NameOf(http), Options(http, null));
    }

    private static string NameOf(HttpContext http) => IsSecure(http) ? SecureName : Name;

    /// <summary>Behind TLS, be it that of a proxy on this machine.</summary>
    private static bool IsSecure(HttpContext http) => http.Request.IsHttps || ClientAddress.CameByTls(http);

    private static CookieOptions Options(HttpContext http, TimeSpan? validity) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsSecure(http), Path = "/", MaxAge = validity };
}
