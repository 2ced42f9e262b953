using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Files of tickets.</summary>
public sealed class AttachmentEndpoints(AttachmentService attachments, TicketService tickets, TicketEndpoints pages, ActivePlan plan)
{
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

    /// <summary>A file, for saving only: nothing of it is shown or run by a browser.</summary>
    public async Task<IResult> GetAsync(HttpContext http, Caller caller)
    {
        var (id, file) = (http.PathValue("id"), http.PathValue("file"));
        var found = TicketEndpoints.IsId(id) && file.Length <= 64 ? await attachments.FindAsync(id, file, caller.Is(Roles.Support), http.RequestAborted) : null;
        return found is null ? throw HttpProblemException.NotFound("There is no such file.") : new SavedFile(found.Name, found.MediaType, found.Bytes, cancellation => attachments.ReadAsync(found, cancellation));
    }

    /// <summary>Adds a file by the page's form. The file comes last in it, so that what is said of it is known when it begins.</summary>
    public async Task<IResult> AddFormAsync(HttpContext http, Caller caller)
    {
        var id = http.PathValue("id");
        if (!TicketEndpoints.IsId(id) || await tickets.FindAsync(id, http.RequestAborted) is not { } ticket)
        {
            throw TicketEndpoints.Missing(id);
        }

        var boundary = FileForm.BoundaryOf(http);
        var most = Allow(http);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["act"] = "attach" };
        try
        {
            var isThere = await FileForm.ReadAsync(http, boundary, most, fields, AddSentAsync);
            return isThere ? TypedResults.Redirect($"/tickets/{id}#files") : throw TicketActBody.Invalid("file", "Choose a file.");
        }
        catch (Exception error) when (TicketEndpoints.IsShown(error))
        {
            return await pages.PageAsync(http, caller, error, fields);
        }

        Task AddSentAsync(string name, Stream content)
        {
            var key = fields.GetValueOrDefault("key") is { Length: > 0 } nonce ? nonce : null;
            var upload = new AttachmentUpload(name, fields.ContainsKey("public") || !caller.Is(Roles.Support));
            return attachments.AddAsync(ticket.Value.Id, upload, content, TicketEndpoints.Actor(caller), null, key, http.RequestAborted);
        }
    }

    private long Allow(HttpContext http) => FileForm.Allow(http, plan.Current.Tickets.AttachmentBytes);

    private static string AddressOf(Ticket ticket, TicketAttachment attachment) => $"/api/tickets/{ticket.Id}/attachments/{AttachmentService.FileOf(attachment)}";
}
