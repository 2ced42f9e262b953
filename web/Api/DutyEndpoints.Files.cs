using System.Text;
using Maintenance.Duties;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Maintenance.Web.Api;

/// <content>Files that show that a duty was done.</content>
public sealed partial class DutyEndpoints
{
    /// <summary>A form may have so much around its file.</summary>
    private const int AroundBytes = 64 * 1024;

    private const int MostFieldCharacters = 300;
    private const int MostFields = 10;

    /// <summary>Adds the body as a file (<c>?name=count.csv</c>): 201. Honours Idempotency-Key.</summary>
    public async Task<IResult> AttachAsync(HttpContext http, Caller caller)
    {
        var body = new SentStream(http.Request.Body, Allow(http));
        var done = await AskAsync(() => files.AddAsync(http.PathValue("duty"), http.PathValue("occurrence"), http.Request.Query["name"], body, Actor(caller), http.IdempotencyKey(), http.RequestAborted)) ?? throw Missing(http);
        http.Response.Headers.ETag = Requests.Tag(done.ETag);
        return Requests.Created(http, $"/api{done.Value.Path}/attachments/{done.Value.Evidence.Last(static one => one.File is not null).File!.Id}", View(done.Value, caller));
    }

    /// <summary>A file, for saving only: nothing of it is shown or run by a browser.</summary>
    public async Task<IResult> GetFileAsync(HttpContext http)
    {
        var file = http.PathValue("file");
        var found = file.Length <= 64 ? await files.FindAsync(http.PathValue("duty"), http.PathValue("occurrence"), file, http.RequestAborted) : null;
        return found is null ? throw HttpProblemException.NotFound("There is no such file.") : new FileResult(files, found);
    }

    /// <summary>Adds a file by the page's form. The file comes last in it.</summary>
    public async Task<IResult> AttachFormAsync(HttpContext http, Caller caller)
    {
        var found = await FindAsync(http);
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
        {
            throw new HttpProblemException(StatusCodes.Status415UnsupportedMediaType, "The body has the wrong type", "Send the form as multipart/form-data.");
        }

        var most = Allow(http);
        return await FormAsync(http, caller, found, new Dictionary<string, string>(StringComparer.Ordinal), async () =>
        {
            if (!await ReadFormAsync(http, boundary, caller, most))
            {
                throw new DutyActException("file", "Choose a file.");
            }
        });
    }

    private async Task<bool> ReadFormAsync(HttpContext http, string boundary, Caller caller, long most)
    {
        var reader = new MultipartReader(boundary, http.Request.Body) { HeadersCountLimit = 10, HeadersLengthLimit = 4096 };
        string? key = null;
        for (var fields = 0; await SentStream.GuardAsync(() => reader.ReadNextSectionAsync(http.RequestAborted), most) is { } section; fields++)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || fields > MostFields)
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

                _ = await files.AddAsync(http.PathValue("duty"), http.PathValue("occurrence"), name, new SentStream(section.Body, most), Actor(caller), key, http.RequestAborted);
                return true;
            }

            using var text = new StreamReader(new SentStream(section.Body, most), Encoding.UTF8);
            var value = new char[MostFieldCharacters];
            var length = await text.ReadBlockAsync(value, http.RequestAborted);
            key = HeaderUtilities.RemoveQuotes(disposition.Name).Value == "key" && length > 0 ? new string(value, 0, length) : key;
        }

        return false;
    }

    /// <summary>The server has a limit of its own, for the largest body of most routes.</summary>
    private long Allow(HttpContext http)
    {
        var most = plan.Current.Tickets.AttachmentBytes;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = most + AroundBytes;
        }

        return most;
    }

    /// <summary>Sends a file piece by piece.</summary>
    private sealed class FileResult(DutyFiles files, DutyEvidence evidence) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (answer, file) = (httpContext.Response, evidence.File!);
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(evidence.Value);
            answer.ContentType = file.MediaType;
            answer.ContentLength = file.Bytes;
            answer.Headers.ContentDisposition = disposition.ToString();
            answer.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            await foreach (var piece in files.ReadAsync(file, httpContext.RequestAborted))
            {
                await answer.Body.WriteAsync(piece, httpContext.RequestAborted);
            }
        }
    }
}
