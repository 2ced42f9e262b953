using System.Text;
using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Maintenance.Web.Api;

/// <summary>Files of tickets.</summary>
public sealed class AttachmentEndpoints(AttachmentService attachments, TicketService tickets, TicketEndpoints pages, ActivePlan plan)
{
    /// <summary>A form may have so much around its file.</summary>
    private const int AroundBytes = 64 * 1024;

    private const int MostFieldCharacters = 300;

    /// <summary>Adds the body as a file (<c>?name=screen.png&amp;public=true</c>): 201. Honours If-Match and Idempotency-Key.</summary>
    public async Task<IResult> AddAsync(HttpContext http, Caller caller)
    {
        var id = http.PathValue("id");
        var isPublic = http.Request.Query["public"].ToString() switch
        {
            "true" => true,
            "" or "false" => false,
            _ => throw HttpProblemException.BadRequest("The query's public may be true or false."),
        };
        var upload = new AttachmentUpload(http.Request.Query["name"], isPublic, http.Request.ContentLength);
        var body = new SentStream(http.Request.Body, Allow(http));
        if (!TicketEndpoints.IsId(id)
            || await attachments.AddAsync(id, upload, body, TicketEndpoints.Actor(caller), http.ExpectedVersion(), http.IdempotencyKey(), http.RequestAborted) is not { } ticket)
        {
            throw TicketEndpoints.Missing(id);
        }

        http.Response.Headers.ETag = Requests.Tag(ticket.ETag);
        var added = ticket.Value.Attachments[^1];
        return Requests.Created(http, AddressOf(ticket.Value, added), TicketSight.For(plan.Current, ticket.Value, caller.Is(Roles.Support)));
    }

    /// <summary>
    /// A file, for saving only. Whatever is in it, a browser neither shows it as a page of this site nor runs anything of it: it is an attachment, of the type that was
    /// checked, in a sandbox.
    /// </summary>
    public async Task<IResult> GetAsync(HttpContext http, Caller caller)
    {
        var (id, file) = (http.PathValue("id"), http.PathValue("file"));
        var found = TicketEndpoints.IsId(id) && file.Length <= 64 ? await attachments.FindAsync(id, file, caller.Is(Roles.Support), http.RequestAborted) : null;
        return found is null ? throw HttpProblemException.NotFound("There is no such file.") : new FileResult(attachments, found);
    }

    /// <summary>Adds a file by the page's form. The file comes last in it, so that what is said of it is known when it begins.</summary>
    public async Task<IResult> AddFormAsync(HttpContext http, Caller caller)
    {
        var id = http.PathValue("id");
        if (!TicketEndpoints.IsId(id) || await tickets.FindAsync(id, http.RequestAborted) is not { } ticket)
        {
            throw TicketEndpoints.Missing(id);
        }

        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
        {
            throw new HttpProblemException(StatusCodes.Status415UnsupportedMediaType, "The body has the wrong type", "Send the form as multipart/form-data.");
        }

        var most = Allow(http);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["act"] = "attach" };
        try
        {
            var isThere = await ReadFormAsync(http, ticket.Value, boundary, fields, caller, most);
            return isThere ? TypedResults.Redirect($"/tickets/{id}#files") : throw TicketActBody.Invalid("file", "Choose a file.");
        }
        catch (Exception error) when (TicketEndpoints.IsShown(error))
        {
            return await pages.PageAsync(http, caller, error, fields);
        }
    }

    private async Task<bool> ReadFormAsync(HttpContext http, Ticket ticket, string boundary, Dictionary<string, string> fields, Caller caller, long most)
    {
        var reader = new MultipartReader(boundary, http.Request.Body) { HeadersCountLimit = 10, HeadersLengthLimit = 4096 };
        while (await SentStream.GuardAsync(() => reader.ReadNextSectionAsync(http.RequestAborted), most) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || fields.Count > 10)
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

                var key = fields.GetValueOrDefault("key") is { Length: > 0 } nonce ? nonce : null;
                var upload = new AttachmentUpload(name, fields.ContainsKey("public") || !caller.Is(Roles.Support));
                _ = await attachments.AddAsync(ticket.Id, upload, new SentStream(section.Body, most), TicketEndpoints.Actor(caller), null, key, http.RequestAborted);
                return true;
            }

            using var text = new StreamReader(new SentStream(section.Body, most), Encoding.UTF8);
            var value = new char[MostFieldCharacters];
            var length = await text.ReadBlockAsync(value, http.RequestAborted);
            fields[HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? ""] = new string(value, 0, length);
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

    private static string AddressOf(Ticket ticket, TicketAttachment attachment) => $"/api/tickets/{ticket.Id}/attachments/{AttachmentService.FileOf(attachment)}";

    /// <summary>Sends a file piece by piece.</summary>
    private sealed class FileResult(AttachmentService attachments, TicketAttachment file) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var answer = httpContext.Response;
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(file.Name);
            answer.ContentType = file.MediaType;
            answer.ContentLength = file.Bytes;
            answer.Headers.ContentDisposition = disposition.ToString();
            answer.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            await foreach (var piece in attachments.ReadAsync(file, httpContext.RequestAborted))
            {
                await answer.Body.WriteAsync(piece, httpContext.RequestAborted);
            }
        }
    }
}
