using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Http;

/// <summary>Where somebody wanted to go who had to sign in first. Only ever a page of this site.</summary>
internal static class ReturnPath
{
    private const int Most = 500;

    /// <summary>The page that was asked for, as the query of a sign-in page says it: empty for the overview.</summary>
    public static string QueryOf(HttpRequest request)
    {
        var path = request.Path + request.QueryString;
        return path == "/" || !HttpMethods.IsGet(request.Method) || path.Length > Most ? "" : "?to=" + Uri.EscapeDataString(path);
    }

    /// <summary>The path where it is one of this site; else the overview. A second slash or a backslash would name another host.</summary>
    public static string Checked(string? path) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && path.Length <= Most && !path.Any(static c => char.IsControl(c) || c == '\\') && Uri.IsWellFormedUriString(path, UriKind.Relative) ? path : "/";
}
