using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Maintenance.Web.Http;

/// <summary>What handlers read from requests and write into answers.</summary>
internal static class Requests
{
    /// <summary>A value from the path.</summary>
    public static string PathValue(this HttpContext http, string name) => http.GetRouteValue(name) as string ?? "";

    /// <summary>The version that the caller saw: the If-Match header, or null where it is left out or <c>*</c>.</summary>
    public static string? ExpectedVersion(this HttpContext http) =>
        http.Request.Headers.IfMatch.ToString().Trim() is { Length: > 0 } match && match != "*"
            ? Uri.UnescapeDataString((match.StartsWith("W/", StringComparison.Ordinal) ? match[2..] : match).Trim('"'))
            : null;

    /// <summary>The Idempotency-Key header, or null; at most 200 characters.</summary>
    /// <exception cref="HttpProblemException">It is longer.</exception>
    public static string? IdempotencyKey(this HttpContext http) =>
        http.Request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 } key ? null
            : key.Length <= 200 ? key
            : throw HttpProblemException.BadRequest("The Idempotency-Key header has more than 200 characters.");

    /// <summary>A whole number of the query, held between bounds.</summary>
    /// <exception cref="HttpProblemException">It is no number.</exception>
    public static int QueryNumber(this HttpContext http, string name, int absent, int most) =>
        http.Request.Query[name].ToString() is not { Length: > 0 } text ? absent
            : int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) ? Math.Min(number, most)
            : throw HttpProblemException.BadRequest($"The query's {name} is not a whole number.");

    /// <summary>A wait as Retry-After says it: whole seconds, one at least.</summary>
    public static string Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>200 with a JSON body.</summary>
    public static IResult Ok<T>(T value) => TypedResults.Json(value, MaintenanceJson.Options);

    /// <summary>200 with a JSON body and its ETag.</summary>
    public static IResult Ok<T>(HttpContext http, T value, string eTag)
    {
        http.Response.Headers.ETag = Tag(eTag);
        return Ok(value);
    }

    /// <summary>An ETag as a header says it: the stores' tags may hold quotes themselves (Azure's do).</summary>
    public static string Tag(string eTag) => $"\"{Uri.EscapeDataString(eTag)}\"";

    /// <summary>201 with a JSON body and its address.</summary>
    public static IResult Created<T>(HttpContext http, string location, T value)
    {
        http.Response.Headers.Location = location;
        return TypedResults.Json(value, MaintenanceJson.Options, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>202: the work goes on, and its status is at <paramref name="location"/>.</summary>
    public static IResult Accepted<T>(HttpContext http, string location, T value)
    {
        http.Response.Headers.Location = location;
        return TypedResults.Json(value, MaintenanceJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
