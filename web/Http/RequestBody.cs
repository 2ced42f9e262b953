using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Maintenance.Web.Http;

/// <summary>Reads bodies: small ones, of the type they say, with every member known.</summary>
public static class RequestBody
{
    /// <summary>The most bytes that a body may have.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The body as JSON.</summary>
    /// <param name="http">The request.</param>
    /// <param name="most">The most bytes that it may have; more than <see cref="MaxBytes"/> only where what is sent is made by programs.</param>
    /// <exception cref="HttpProblemException">It is too large (413), not JSON by its type (415), or does not say what it must (400).</exception>
    public static async Task<T> ReadJsonAsync<T>(HttpContext http, int most = MaxBytes)
    {
        ArgumentNullException.ThrowIfNull(http);
        CheckType(http, static type => type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase), "application/json");
        var body = await ReadAsync(http, most);
        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, MaintenanceJson.Strict)
                ?? throw HttpProblemException.BadRequest("The body is null; a JSON object is expected.");
        }
        catch (JsonException error)
        {
            throw HttpProblemException.BadRequest(MaintenanceJson.Describe(error));
        }
    }

    /// <summary>The body as JSON, or what stands for one that was left out.</summary>
    /// <exception cref="HttpProblemException">It is too large (413), not JSON by its type (415), or does not say what it must (400).</exception>
    public static async Task<T> ReadJsonAsync<T>(HttpContext http, T absent)
    {
        ArgumentNullException.ThrowIfNull(http);
        var request = http.Request;
        var isAbsent = request.ContentLength is 0 || (request.ContentLength is null && request.ContentType is null && request.Headers.TransferEncoding.Count == 0);
        return isAbsent ? absent : await ReadJsonAsync<T>(http);
    }

    /// <summary>The fields of a posted HTML form; the values of one that comes several times have commas between them.</summary>
    /// <param name="http">The request.</param>
    /// <param name="mostValues">So many values it may have.</param>
    /// <exception cref="HttpProblemException">It is too large (413) or no form by its type (415).</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadFormAsync(HttpContext http, int mostValues = 50)
    {
        ArgumentNullException.ThrowIfNull(http);
        CheckType(http, static type => type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase), "application/x-www-form-urlencoded");
        var body = await ReadAsync(http, MaxBytes);
        using var reader = new FormReader(Encoding.UTF8.GetString(body.Span)) { ValueCountLimit = mostValues, KeyLengthLimit = 100, ValueLengthLimit = MaxBytes };
        try
        {
            return (await reader.ReadFormAsync(http.RequestAborted)).ToDictionary(static field => field.Key, static field => field.Value.ToString().Replace("\r\n", "\n", StringComparison.Ordinal), StringComparer.Ordinal);
        }
        catch (InvalidDataException error)
        {
            throw HttpProblemException.BadRequest("The form cannot be read: " + error.Message);
        }
    }

    private static void CheckType(HttpContext http, Func<string, bool> accepts, string expected)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !accepts(type.MediaType.ToString())
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw new HttpProblemException(
                StatusCodes.Status415UnsupportedMediaType, "The body has the wrong type", $"Send the body as {expected} in UTF-8{(http.Request.ContentType is { Length: > 0 } sent ? $", not as '{(sent.Length > 60 ? sent[..60] : sent)}'" : "; the Content-Type header is missing")}.");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, int most)
    {
        if (http.Request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        // The server has a limit of its own, for the largest body of most routes.
        if (most > MaxBytes && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = 2L * most;
        }

        var body = new ArrayBufferWriter<byte>((int)(http.Request.ContentLength ?? 1024) + 1);
        try
        {
            int count;
            while ((count = await http.Request.Body.ReadAsync(body.GetMemory(1024), http.RequestAborted)) > 0)
            {
                body.Advance(count);
                if (body.WrittenCount > most)
                {
                    throw TooLarge(most);
                }
            }
        }
        catch (BadHttpRequestException error)
        {
            throw error.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge(most) : HttpProblemException.BadRequest("The body did not arrive whole.");
        }

        return body.WrittenMemory;
    }

    private static HttpProblemException TooLarge(int most) =>
        new(StatusCodes.Status413PayloadTooLarge, "The body is too large", $"The body may have at most {most / 1024} KiB.");
}
