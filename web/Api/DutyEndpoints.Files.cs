using Maintenance.Duties;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <content>Files that show that a duty was done.</content>
public sealed partial class DutyEndpoints
{
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
        return found is null ? throw HttpProblemException.NotFound("There is no such file.") : new SavedFile(found.Value, found.File!.MediaType, found.File.Bytes, cancellation => files.ReadAsync(found.File, cancellation));
    }

    /// <summary>Adds a file by the page's form. The file comes last in it.</summary>
    public async Task<IResult> AttachFormAsync(HttpContext http, Caller caller)
    {
        var found = await FindAsync(http);
        var boundary = FileForm.BoundaryOf(http);
        var most = Allow(http);
        return await FormAsync(http, caller, found, new Dictionary<string, string>(StringComparer.Ordinal), async () =>
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            if (!await FileForm.ReadAsync(http, boundary, most, fields, (name, content) => files.AddAsync(
                http.PathValue("duty"), http.PathValue("occurrence"), name, content, Actor(caller), fields.GetValueOrDefault("key") is { Length: > 0 } nonce ? nonce : null, http.RequestAborted)))
            {
                throw new DutyActException("file", "Choose a file.");
            }
        });
    }

    private long Allow(HttpContext http) => FileForm.Allow(http, plan.Current.Tickets.AttachmentBytes);
}
