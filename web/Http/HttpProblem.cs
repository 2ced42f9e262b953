using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Http;

/// <summary>A request that cannot be answered as asked, in the words of RFC 9457.</summary>
public sealed class HttpProblemException(int status, string title, string detail, IReadOnlyDictionary<string, string[]>? errors = null) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The kind of problem.</summary>
    public string Title { get; } = title;

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; } = errors;

    /// <summary>The body does not say what it must.</summary>
    public static HttpProblemException BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "The request cannot be read", detail);

    /// <summary>Fields are wrong.</summary>
    public static HttpProblemException Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(StatusCodes.Status422UnprocessableEntity, "Some fields are not right", string.Join(' ', errors.Select(static e => $"{e.Key}: {string.Join(' ', e.Value)}")), errors);

    /// <summary>There is no such thing.</summary>
    public static HttpProblemException NotFound(string detail) => new(StatusCodes.Status404NotFound, "Not found", detail);

    /// <summary>Too many came at once.</summary>
    public static HttpProblemException TooMany(string detail) => new(StatusCodes.Status429TooManyRequests, "Too many at once", detail);

    /// <summary>The caller may not do it.</summary>
    public static HttpProblemException Forbidden(string detail) => new(StatusCodes.Status403Forbidden, "Not allowed", detail);
}
