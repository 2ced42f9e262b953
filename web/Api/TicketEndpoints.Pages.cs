using System.Globalization;
using Maintenance.Knowledge;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;
using Maintenance.Tickets.Search;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>The pages of tickets, and their forms.</summary>
public sealed partial class TicketEndpoints
{
    /// <summary>So many tickets a page lists.</summary>
    private const int MostListed = 50;

    /// <summary>The page where tickets are filtered and looked for. Where all that fit are on it, those that are due first are in front; else the newest.</summary>
    public async Task<IResult> ListPageAsync(HttpContext http, Caller caller)
    {
        var (current, problem) = (plan.Current, (string?)null);
        var query = new TicketQuery();
        var finds = new TicketFinds([], null);
        try
        {
            query = TicketFilters.Read(http, current, caller);
            var isNewest = http.Request.Query["order"] == "newest" || After(http) is not null;
            finds = query is { IsPlain: true, IsOpen: true } && !isNewest
                ? new TicketFinds(await tickets.ListOpenAsync(http.RequestAborted).Take(MostListed + 1).ToListAsync(http.RequestAborted), null)
                : await search.FindAsync(query, caller.Is(Roles.Support), After(http), MostListed, http.RequestAborted);
        }
        catch (Exception error) when (IsShown(error))
        {
            problem = Problem(error).Message;
        }

        var isWhole = finds.After is null && After(http) is null && finds.Tickets.Count <= MostListed;
        var isDueFirst = finds.After is null && After(http) is null && http.Request.Query["order"] != "newest";
        var list = isWhole && isDueFirst && !query.IsPlain ? finds.Tickets.OrderBy(static ticket => ticket.IsOpen ? ticket.ResolutionDue ?? DateTimeOffset.MaxValue : DateTimeOffset.MaxValue) : finds.Tickets.AsEnumerable();
        return new PageResult<TicketsPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = current,
                ["Now"] = time.GetUtcNow(),
                ["Query"] = query,
                ["Asked"] = TicketFilters.Names.ToDictionary(static name => name, name => http.Request.Query[name].ToString(), StringComparer.Ordinal),
                ["Tickets"] = list.Take(MostListed).Select(ticket => Seen(ticket, caller)).ToList(),
                ["IsCut"] = finds.Tickets.Count > MostListed,
                ["IsDueFirst"] = isDueFirst,
                ["Next"] = finds.After is { } after ? Address("/tickets", http, after) : null,
                ["Problem"] = problem,
                ["Views"] = await views.ListAsync(caller.Id, http.RequestAborted),
            },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    /// <summary>
    /// The page of a ticket; with <c>new</c> for its id, the form for a new one. The hosts choose among routes by rules of their own, so no two may fit one path: the form has
    /// none for itself.
    /// </summary>
    public Task<IResult> PageAsync(HttpContext http, Caller caller) =>
        http.PathValue("id") == "new" ? Task.FromResult<IResult>(NewPage(caller, null, null)) : PageAsync(http, caller, null, null);

    /// <summary>Opens one by the page's form.</summary>
    public async Task<IResult> OpenFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            var text = new NewTicketText(
                Enum.GetNames<TicketType>().Contains(form.GetValueOrDefault("type")) ? Enum.Parse<TicketType>(form["type"]) : throw TicketActBody.Invalid("type", "Choose one of the list."),
                form.GetValueOrDefault("title", ""),
                form.GetValueOrDefault("description", ""))
            {
                Service = form.GetValueOrDefault("service"),
                Impact = form.GetValueOrDefault("impact") is { Length: > 0 } impact ? impact : null,
                Urgency = form.GetValueOrDefault("urgency") is { Length: > 0 } urgency ? urgency : null,
                Requester = form.GetValueOrDefault("requester"),
                Tags = form.GetValueOrDefault("tags", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            };
            var ticket = await OpenAsync(text, form.GetValueOrDefault("key") is { Length: > 0 and <= 200 } key ? key : null, caller, http.RequestAborted);
            return TypedResults.Redirect("/tickets/" + ticket.Value.Id);
        }
        catch (Exception error) when (IsShown(error))
        {
            return NewPage(caller, form, Problem(error));
        }
    }

    /// <summary>Does something to a ticket by one of its page's forms. What was typed is kept where it cannot be done.</summary>
    public async Task<IResult> ActFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var ticket = await FindAsync(http);
        try
        {
            var act = TicketActForm.Read(form, ticket.Value);
            var version = form.GetValueOrDefault("version") is { Length: > 0 } seen ? seen : null;
            var key = form.GetValueOrDefault("key") is { Length: > 0 and <= 200 } nonce ? nonce : null;
            _ = version is not null && int.TryParse(form.GetValueOrDefault("events"), NumberStyles.None, CultureInfo.InvariantCulture, out var events)
                ? await tickets.ActAsSeenAsync(ticket.Value.Id, act, Actor(caller), version, events, key, http.RequestAborted)
                : await tickets.ActAsync(ticket.Value.Id, act, Actor(caller), version, key, http.RequestAborted);
            return TypedResults.Redirect("/tickets/" + ticket.Value.Id);
        }
        catch (Exception error) when (IsShown(error))
        {
            return await PageAsync(http, caller, error, form);
        }
    }

    /// <summary>Does the same to the tickets that were ticked on their list.</summary>
    public async Task<IResult> BulkFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http, MostBulk + 50);
        var ids = form.GetValueOrDefault("ticket", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var key = form.GetValueOrDefault("key") is { Length: > 0 and <= 200 } nonce ? nonce : null;
        var report = await BulkAsync(ids, TicketActForm.Read(form, null), key, caller, http.RequestAborted);
        return new PageResult<TicketBulkPage>(new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Report"] = report });
    }

    /// <summary>Answers by the page's form.</summary>
    public Task<IResult> RespondFormAsync(HttpContext http, Caller caller) =>
        TextFormAsync(http, caller, "respond", text => tickets.RespondAsync(http.PathValue("id"), caller.Id, text, null, null, http.RequestAborted));

    /// <summary>Resolves by the page's form.</summary>
    public Task<IResult> ResolveFormAsync(HttpContext http, Caller caller) =>
        TextFormAsync(http, caller, "resolve", text => tickets.ResolveAsync(http.PathValue("id"), caller.Id, text, null, null, http.RequestAborted));

    /// <summary>True for what is wrong with what somebody typed, or with when they did: the page says so, and keeps it.</summary>
    internal static bool IsShown(Exception error) =>
        error is HttpProblemException or TicketActException or TicketStateException or TicketRefusedException or RecordConflictException or AttachmentTooLargeException;

    /// <summary>The page of a ticket after something could not be done to it.</summary>
    internal async Task<IResult> PageAsync(HttpContext http, Caller caller, Exception? error, IReadOnlyDictionary<string, string>? typed)
    {
        var (ticket, current) = (await FindAsync(http), plan.Current);
        var problem = error is null ? null : error is RecordConflictException ? Conflict(current, ticket.Value) : Problem(error);
        var isStaff = caller.Is(Roles.Support);
        return new PageResult<TicketPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = current,
                ["Now"] = time.GetUtcNow(),
                ["Ticket"] = Seen(ticket.Value, caller),
                ["Version"] = ticket.ETag,
                ["Choices"] = new TicketChoices(current, ticket.Value, Actor(caller)),
                ["Assignment"] = isStaff && ticket.Value.IsOpen ? await tickets.ChooseAsync(ticket.Value.Id, http.RequestAborted) : null,
                ["Problem"] = problem,
                ["Typed"] = typed ?? (isStaff ? Templated(http, ticket.Value, caller) : null),
                ["Suggested"] = isStaff && ticket.Value.IsOpen
                    ? knowledge.Suggest($"{ticket.Value.Title}\n{ticket.Value.Description}", isPublic: false).Where(hit => !ticket.Value.Articles.Contains(hit.Document.Id)).ToList()
                    : new List<KnowledgeHit>(),
                ["Clocks"] = TicketClocks.Of(current, ticket.Value.Id, ticket.Value.Clock, time.GetUtcNow()).Clocks,
            },
            problem?.Status ?? StatusCodes.Status200OK);
    }

    /// <summary>The answer that was chosen (<c>?template=</c>), filled in for this ticket, as if somebody had typed it; null where none was.</summary>
    private Dictionary<string, string>? Templated(HttpContext http, Ticket ticket, Caller caller) =>
        http.Request.Query["template"].ToString() is { Length: > 0 } id && plan.Current.Support.Templates.FirstOrDefault(template => template.Id == id) is { } chosen
            ? new(StringComparer.Ordinal) { ["act"] = "respond", ["text"] = TicketLabels.Fill(plan.Current, chosen, ticket, caller) }
            : null;

    private async Task<IResult> TextFormAsync(HttpContext http, Caller caller, string act, Func<string, Task<Versioned<Ticket>?>> change)
    {
        var text = (await RequestBody.ReadFormAsync(http)).GetValueOrDefault("text", "");
        var ticket = await FindAsync(http);
        try
        {
            _ = await change(Check(text));
            return TypedResults.Redirect("/tickets/" + ticket.Value.Id);
        }
        catch (Exception error) when (IsShown(error))
        {
            return await PageAsync(http, caller, error, new Dictionary<string, string>(StringComparer.Ordinal) { ["act"] = act, ["text"] = text });
        }
    }

    private PageResult<TicketNewPage> NewPage(Caller caller, IReadOnlyDictionary<string, string>? typed, HttpProblemException? problem) => new(
        new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Typed"] = typed, ["Errors"] = problem?.Errors, ["Problem"] = problem?.Errors is null ? problem?.Message : null },
        problem?.Status ?? StatusCodes.Status200OK);

    private static HttpProblemException Conflict(OperationsPlan plan, Ticket ticket)
    {
        var last = ticket.History is { Count: > 0 } history ? history[^1] : null;
        var who = last is null ? "Somebody" : plan.FindPerson(last.By)?.Name ?? (last.By == TicketActor.System.Id ? "The system" : last.By);
        return new(
            StatusCodes.Status412PreconditionFailed, "Changed meanwhile",
            $"{who} has changed {ticket.Id} since you opened this page. Nothing of yours was done. Below is how it is now, and what you typed is still in its form: look again, then send it if it still fits.");
    }

    private static HttpProblemException Problem(Exception error) => error switch
    {
        HttpProblemException problem => problem,
        TicketActException wrong => TicketActBody.Invalid(wrong.Field, wrong.Message),
        TicketRefusedException => HttpProblemException.Forbidden(error.Message),
        AttachmentTooLargeException => new(StatusCodes.Status413PayloadTooLarge, "The file is too large", error.Message),
        RecordConflictException => new(StatusCodes.Status409Conflict, "Changed meanwhile", "Somebody changed it in the same moment. Try again."),
        _ => new(StatusCodes.Status409Conflict, "The ticket's state does not allow it", error.Message),
    };
}
