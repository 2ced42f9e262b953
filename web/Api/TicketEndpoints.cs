using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>An answer to the requester, or the solution.</summary>
/// <param name="Text">What the requester is told: 1 to 4,000 characters.</param>
public sealed record TicketText(string Text);

/// <summary>Tickets.</summary>
public sealed class TicketEndpoints(TicketService tickets, ActivePlan plan, TimeProvider time)
{
    private const int MostText = 4000;

    /// <summary>The open tickets, due first in front; or all from a number on (<c>?state=all&amp;after=1040</c>).</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var take = http.QueryNumber("take", 100, 1000);
        var list = http.Request.Query["state"].ToString() switch
        {
            "" or "open" => tickets.ListOpenAsync(http.RequestAborted),
            "all" => tickets.ListAsync(http.QueryNumber("after", 0, int.MaxValue - 1), http.RequestAborted),
            var other => throw HttpProblemException.BadRequest($"The query's state is '{(other.Length > 40 ? other[..40] : other)}'; it may be open or all."),
        };
        return Requests.Ok(await list.Take(take).ToListAsync(http.RequestAborted));
    }

    /// <summary>The page of open tickets.</summary>
    public async Task<IResult> ListPageAsync(HttpContext http, Caller caller) =>
        new PageResult<TicketsPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Now"] = time.GetUtcNow(),
            ["Tickets"] = await tickets.ListOpenAsync(http.RequestAborted).Take(201).ToListAsync(http.RequestAborted),
        });

    /// <summary>A ticket with its ETag.</summary>
    public async Task<IResult> GetAsync(HttpContext http)
    {
        var ticket = await FindAsync(http);
        return Requests.Ok(http, ticket.Value, ticket.ETag);
    }

    /// <summary>The page of a ticket.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller) => Page((await FindAsync(http)).Value, caller, null);

    /// <summary>Answers the requester; honours If-Match and Idempotency-Key.</summary>
    public async Task<IResult> RespondAsync(HttpContext http, Caller caller)
    {
        var text = Check((await RequestBody.ReadJsonAsync<TicketText>(http)).Text);
        return Changed(http, !IsId(http.PathValue("id")) ? null : await tickets.RespondAsync(http.PathValue("id"), caller.Id, text, http.ExpectedVersion(), http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>Resolves it; honours If-Match and Idempotency-Key.</summary>
    public async Task<IResult> ResolveAsync(HttpContext http, Caller caller)
    {
        var text = Check((await RequestBody.ReadJsonAsync<TicketText>(http)).Text);
        return Changed(http, !IsId(http.PathValue("id")) ? null : await tickets.ResolveAsync(http.PathValue("id"), caller.Id, text, http.ExpectedVersion(), http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>Answers by the page's form.</summary>
    public Task<IResult> RespondFormAsync(HttpContext http, Caller caller) =>
        FormAsync(http, caller, text => tickets.RespondAsync(http.PathValue("id"), caller.Id, text, null, null, http.RequestAborted));

    /// <summary>Resolves by the page's form.</summary>
    public Task<IResult> ResolveFormAsync(HttpContext http, Caller caller) =>
        FormAsync(http, caller, text => tickets.ResolveAsync(http.PathValue("id"), caller.Id, text, null, null, http.RequestAborted));

    private async Task<IResult> FormAsync(HttpContext http, Caller caller, Func<string, Task<Versioned<Ticket>?>> act)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var ticket = await FindAsync(http);
        try
        {
            _ = await act(Check(form.GetValueOrDefault("text", "")));
            return TypedResults.Redirect("/tickets/" + ticket.Value.Id);
        }
        catch (HttpProblemException problem)
        {
            return Page(ticket.Value, caller, problem.Errors?["text"][0] ?? problem.Message);
        }
    }

    private PageResult<TicketPage> Page(Ticket ticket, Caller caller, string? error) => new(
        new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Now"] = time.GetUtcNow(), ["Ticket"] = ticket, ["Error"] = error },
        error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private async Task<Versioned<Ticket>> FindAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        return (IsId(id) ? await tickets.ReadAsync(id, http.RequestAborted) : null) ?? throw Missing(id);
    }

    private static IResult Changed(HttpContext http, Versioned<Ticket>? ticket) =>
        ticket is null ? throw Missing(http.PathValue("id")) : Requests.Ok(http, ticket.Value, ticket.ETag);

    private static bool IsId(string id) => id.Length <= 20 && id.StartsWith("T-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;

    private static HttpProblemException Missing(string id) => HttpProblemException.NotFound($"There is no ticket '{id}'.");

    private static string Check(string text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > MostText
            ? throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["text"] = [$"Write 1 to {MostText} characters."] })
            : text.Trim();
}
