using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Maintenance.Knowledge;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Tickets.Search;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Tickets: for programs here, for browsers in the other part.</summary>
public sealed partial class TicketEndpoints(TicketService tickets, TicketSearch search, TicketIndexer indexer, SavedViews views, KnowledgeService knowledge, ActivePlan plan, TimeProvider time)
{
    /// <summary>So many tickets an act may be for.</summary>
    public const int MostBulk = 200;

    private const int MostText = 4000;
    private const int MostTaken = 1000;

    /// <summary>So many tickets are indexed anew by a request.</summary>
    private const int MostReindexed = 500;

    /// <summary>
    /// Without filters the open tickets, due first in front, or all from a number on (<c>?state=all&amp;after=1040</c>). With filters those that fit, the newest in front;
    /// where there may be more, the header <c>Link</c> says where the next ones are, even where there are none on this page.
    /// </summary>
    public async Task<IResult> ListAsync(HttpContext http, Caller caller)
    {
        var query = TicketFilters.Read(http, plan.Current, caller);
        var take = http.QueryNumber("take", 100, MostTaken);
        if (query.IsPlain)
        {
            var list = query.IsOpen ? tickets.ListOpenAsync(http.RequestAborted) : tickets.ListAsync(http.QueryNumber("after", 0, int.MaxValue - 1), http.RequestAborted);
            return Requests.Ok(await list.Take(take).Select(ticket => Seen(ticket, caller)).ToListAsync(http.RequestAborted));
        }

        var finds = await search.FindAsync(query, caller.Is(Roles.Support), After(http), take, http.RequestAborted);
        if (finds.After is { } after)
        {
            http.Response.Headers.Link = $"<{Address("/api/tickets", http, after)}>; rel=\"next\"";
        }

        return Requests.Ok(finds.Tickets.Select(ticket => Seen(ticket, caller)));
    }

    /// <summary>The same tickets, all of them, as CSV.</summary>
    public Task<IResult> ExportAsync(HttpContext http, Caller caller)
    {
        var query = TicketFilters.Read(http, plan.Current, caller);
        _ = query.Words();
        var list = !query.IsPlain ? search.ListAsync(query, caller.Is(Roles.Support), http.RequestAborted)
            : query.IsOpen ? tickets.ListOpenAsync(http.RequestAborted)
            : tickets.ListAsync(0, http.RequestAborted);
        return Task.FromResult<IResult>(new CsvResult("tickets.csv", list.Select(ticket => TicketCsv.Of(Seen(ticket, caller))).Prepend(TicketCsv.Head)));
    }

    /// <summary>A ticket with its ETag; its public part for whoever is not staff.</summary>
    public async Task<IResult> GetAsync(HttpContext http, Caller caller)
    {
        var ticket = await FindAsync(http);
        return Requests.Ok(http, Seen(ticket.Value, caller), ticket.ETag);
    }

    /// <summary>Opens one: 201. The same Idempotency-Key gives the same ticket.</summary>
    public async Task<IResult> OpenAsync(HttpContext http, Caller caller)
    {
        var ticket = await OpenAsync(await RequestBody.ReadJsonAsync<NewTicketText>(http), http.IdempotencyKey(), caller, http.RequestAborted);
        http.Response.Headers.ETag = Requests.Tag(ticket.ETag);
        return Requests.Created(http, "/api/tickets/" + ticket.Value.Id, Seen(ticket.Value, caller));
    }

    /// <summary>Does something to it; honours If-Match and Idempotency-Key.</summary>
    public async Task<IResult> ActAsync(HttpContext http, Caller caller)
    {
        var act = TicketActBody.Read(await RequestBody.ReadJsonAsync<JsonElement>(http));
        return Changed(http, caller, !IsId(http.PathValue("id")) ? null : await tickets.ActAsync(http.PathValue("id"), act, Actor(caller), http.ExpectedVersion(), http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>Does the same to several, each by itself; honours Idempotency-Key, by which a repeat does to each what is not done yet.</summary>
    public async Task<IResult> BulkAsync(HttpContext http, Caller caller)
    {
        var (ids, body) = await RequestBody.ReadJsonAsync<BulkText>(http);
        return Requests.Ok(await BulkAsync(ids, TicketActBody.Read(body), http.IdempotencyKey(), caller, http.RequestAborted));
    }

    /// <summary>Whom the rules would choose for it, and why nobody else.</summary>
    public async Task<IResult> AssignmentAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        return Requests.Ok((IsId(id) ? await tickets.ChooseAsync(id, http.RequestAborted) : null) ?? throw Missing(id));
    }

    /// <summary>Indexes some hundred tickets anew, and says where to go on.</summary>
    public async Task<IResult> ReindexAsync(HttpContext http)
    {
        var after = (await RequestBody.ReadJsonAsync<ReindexText>(http)).After ?? 0;
        return after is >= 0 and < int.MaxValue
            ? Requests.Ok(await indexer.ReindexAsync(after, MostReindexed, http.RequestAborted))
            : throw TicketActBody.Invalid("after", "It is the number of a ticket: 1042, say.");
    }

    /// <summary>Answers the requester; honours If-Match and Idempotency-Key.</summary>
    public async Task<IResult> RespondAsync(HttpContext http, Caller caller)
    {
        var text = Check((await RequestBody.ReadJsonAsync<TicketText>(http)).Text);
        return Changed(http, caller, !IsId(http.PathValue("id")) ? null : await tickets.RespondAsync(http.PathValue("id"), caller.Id, text, http.ExpectedVersion(), http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>Resolves it; honours If-Match and Idempotency-Key.</summary>
    public async Task<IResult> ResolveAsync(HttpContext http, Caller caller)
    {
        var text = Check((await RequestBody.ReadJsonAsync<TicketText>(http)).Text);
        return Changed(http, caller, !IsId(http.PathValue("id")) ? null : await tickets.ResolveAsync(http.PathValue("id"), caller.Id, text, http.ExpectedVersion(), http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>True for what can be the id of a ticket.</summary>
    internal static bool IsId(string id) => id.Length is > 2 and <= 20 && id.StartsWith("T-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>As whom a caller acts.</summary>
    internal static TicketActor Actor(Caller caller) => new(caller.Id, caller.Is(Roles.Support));

    /// <summary>There is no such ticket.</summary>
    internal static HttpProblemException Missing(string id) => HttpProblemException.NotFound($"There is no ticket '{(id.Length > 40 ? id[..40] : id)}'.");

    private async Task<Versioned<Ticket>> OpenAsync(NewTicketText text, string? key, Caller caller, CancellationToken cancellation)
    {
        var current = plan.Current;
        await CheckAsync(current, text, caller, cancellation);
        var name = key is null ? Guid.NewGuid().ToString("N") : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Id}\n{key}")));
        var opened = await tickets.OpenAsync(
            "opened_" + name,
            new NewTicket(
                text.Type, text.Title.Trim(), text.Description.Trim(), string.IsNullOrEmpty(text.Service) ? null : text.Service, text.Impact ?? current.Priorities.Impacts[^1].Id,
                text.Urgency ?? current.Priorities.Urgencies[^1].Id, string.IsNullOrWhiteSpace(text.Requester) ? caller.Id : text.Requester.Trim(), null, time.GetUtcNow())
            {
                Maintenance = text.Maintenance,
                Skills = text.Skills ?? [],
                Tags = text.Tags ?? [],
                Links = [.. (text.Links ?? []).Distinct()],
                OpenedBy = caller.Id,
            },
            cancellation);
        return (await tickets.ReadAsync(opened.Id, cancellation))!;
    }

    private async Task CheckAsync(OperationsPlan current, NewTicketText text, Caller caller, CancellationToken cancellation)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Need("title", text.Title, TicketRules.MaxTitle, "Write one line.");
        Wrong("title", text.Title.AsSpan().ContainsAny('\n', '\r'), "Write one line.");
        Need("description", text.Description, TicketRules.MaxText, "Say what is the matter.");
        Wrong("service", text.Service is { Length: > 0 } service && current.FindService(service) is null, $"Choose one of: {string.Join(", ", current.Services.Select(static one => one.Id))}, or leave it out.");
        Wrong("impact", text.Impact is not null && current.Priorities.Impacts.All(level => level.Id != text.Impact), $"Choose one of: {string.Join(", ", current.Priorities.Impacts.Select(static one => one.Id))}.");
        Wrong("urgency", text.Urgency is not null && current.Priorities.Urgencies.All(level => level.Id != text.Urgency), $"Choose one of: {string.Join(", ", current.Priorities.Urgencies.Select(static one => one.Id))}.");
        Wrong("requester", text.Requester?.Trim().Length > 200, "At most 200 characters, please.");
        Wrong("requester", text.Requester?.Trim() is { Length: > 0 } who && who != caller.Id && !caller.Is(Roles.Support), $"Without the role {Roles.Support} you ask in your own name.");
        Wrong("skills", text.Skills?.Count > TicketRules.MaxListed || text.Skills?.Any(static one => string.IsNullOrWhiteSpace(one) || one.Length > 60) == true, $"At most {TicketRules.MaxListed} of 1 to 60 characters, please.");
        Wrong("tags", text.Tags?.Contains(null!) == true, "There is an empty entry in the list.");
        Wrong("links", text.Links?.Count > TicketRules.MaxListed || text.Links?.Any(static link => link is null || !IsId(link.Ticket)) == true, "Name other tickets, such as T-1042.");
        if (errors.Count == 0)
        {
            foreach (var link in text.Links ?? [])
            {
                Wrong("links", await tickets.FindAsync(link.Ticket, cancellation) is null, $"There is no ticket '{link.Ticket}'.");
            }
        }

        if (errors.Count > 0)
        {
            throw HttpProblemException.Invalid(errors);
        }

        void Need(string field, string value, int most, string hint)
        {
            Wrong(field, string.IsNullOrWhiteSpace(value), hint);
            Wrong(field, value.Trim().Length > most, $"At most {most} characters, please; this has {value.Trim().Length}.");
        }

        void Wrong(string field, bool isWrong, string message)
        {
            if (isWrong)
            {
                _ = errors.TryAdd(field, [message]);
            }
        }
    }

    private async Task<BulkReport> BulkAsync(IReadOnlyList<string> ids, TicketAct act, string? key, Caller caller, CancellationToken cancellation)
    {
        if (ids.Count is 0 or > MostBulk || ids.Contains(null!))
        {
            throw TicketActBody.Invalid("tickets", $"Name 1 to {MostBulk} tickets.");
        }

        var outcomes = new List<BulkOutcome>();
        foreach (var id in ids.Distinct())
        {
            outcomes.Add(await OneAsync(id));
        }

        return new BulkReport(outcomes.Count(static one => one.IsDone), outcomes.Count(static one => !one.IsDone), outcomes);

        async Task<BulkOutcome> OneAsync(string id)
        {
            try
            {
                return (IsId(id) ? await tickets.ActAsync(id, act, Actor(caller), null, key is null ? null : "bulk\n" + key, cancellation) : null) is { } ticket
                    ? new BulkOutcome(id, true, ticket.Value.State, null, StatusCodes.Status200OK)
                    : new BulkOutcome(id.Length > 40 ? id[..40] : id, false, null, "There is no such ticket.", StatusCodes.Status404NotFound);
            }
            catch (Exception error) when (error is TicketStateException or TicketActException or TicketRefusedException or RecordConflictException)
            {
                var (status, problem) = error switch
                {
                    TicketRefusedException => (StatusCodes.Status403Forbidden, error.Message),
                    TicketActException wrong => (StatusCodes.Status422UnprocessableEntity, $"{wrong.Field}: {wrong.Message}"),
                    TicketStateException => (StatusCodes.Status409Conflict, error.Message),
                    _ => (StatusCodes.Status409Conflict, "Others changed it again and again in the same moment. Try again."),
                };
                return new BulkOutcome(id, false, null, problem, status);
            }
        }
    }

    private async Task<Versioned<Ticket>> FindAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        return (IsId(id) ? await tickets.ReadAsync(id, http.RequestAborted) : null) ?? throw Missing(id);
    }

    private Ticket Seen(Ticket ticket, Caller caller) => TicketSight.For(plan.Current, ticket, caller.Is(Roles.Support));

    private IResult Changed(HttpContext http, Caller caller, Versioned<Ticket>? ticket) =>
        ticket is null ? throw Missing(http.PathValue("id")) : Requests.Ok(http, Seen(ticket.Value, caller), ticket.ETag);

    private static int? After(HttpContext http) => http.QueryNumber("after", 0, int.MaxValue - 1) is > 0 and var after ? after : null;

    /// <summary>The address of what comes after a number, with the same filters.</summary>
    private static string Address(string path, HttpContext http, int after) =>
        $"{path}?{string.Concat(TicketFilters.Names.Append("take").Where(name => http.Request.Query[name].ToString().Length > 0).Select(name => $"{name}={Uri.EscapeDataString(http.Request.Query[name].ToString())}&"))}after={after}";

    private static string Check(string text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > MostText ? throw TicketActBody.Invalid("text", $"Write 1 to {MostText} characters.") : text.Trim();
}
