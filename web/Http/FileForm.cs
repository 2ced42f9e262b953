using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Maintenance.Web.Http;

/// <summary>A form with a file, read as it comes: the fields first, the file last, so that what is said of it is known when it begins and nothing of it waits in memory.</summary>
internal static class FileForm
{
    /// <summary>A form may have so much around its file.</summary>
    private const int AroundBytes = 64 * 1024;

    private const int MostFieldCharacters = 300;
    private const int MostFields = 10;

    /// <summary>Lets the request have a file's bytes: the server has a limit of its own, for the largest body of most routes.</summary>
    /// <returns>The same number.</returns>
    public static long Allow(HttpContext http, long most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = most + AroundBytes;
        }

        return most;
    }

    /// <summary>What stands between the form's parts.</summary>
    /// <exception cref="HttpProblemException">415: it is no form with a file.</exception>
    public static string BoundaryOf(HttpContext http) =>
        MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 100 } boundary
            ? boundary
            : throw new HttpProblemException(StatusCodes.Status415UnsupportedMediaType, "The body has the wrong type", "Send the form as multipart/form-data.");

    /// <summary>Reads the form.</summary>
    /// <param name="http">The request.</param>
    /// <param name="boundary">What stands between its parts.</param>
    /// <param name="most">The most bytes of the file.</param>
    /// <param name="fields">Gets the fields that come before the file.</param>
    /// <param name="take">Takes the file: its name, and its content.</param>
    /// <returns>False where there is no file.</returns>
    /// <exception cref="HttpProblemException">400: it cannot be read.</exception>
    public static async Task<bool> ReadAsync(HttpContext http, string boundary, long most, Dictionary<string, string> fields, Func<string, Stream, Task> take)
    {
        var reader = new MultipartReader(boundary, http.Request.Body) { HeadersCountLimit = 10, HeadersLengthLimit = 4096 };
        for (var read = 0; await SentStream.GuardAsync(() => reader.ReadNextSectionAsync(http.RequestAborted), most) is { } section; read++)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || read > MostFields)
            {
                throw HttpProblemException.BadRequest("The form cannot be read.");
            }

            if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
            {
                var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
                if (string.IsNullOrEmpty(name))
                {
                    return false;
                }

                await take(name, new SentStream(section.Body, most));
                return true;
            }

            using var text = new StreamReader(new SentStream(section.Body, most), Encoding.UTF8);
            var value = new char[MostFieldCharacters];
            var length = await text.ReadBlockAsync(value, http.RequestAborted);
            fields[HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? ""] = new string(value, 0, length);
        }

        return false;
    }
}
