using Maintenance.Tickets;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>A view to keep, or to forget.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Query">Which tickets, as the address of their list says it: <c>state=waiting&amp;team=field</c>; left out to forget the view.</param>
public sealed record ViewRequest(string Name, string? Query = null);

/// <summary>The lists of tickets that somebody comes back to.</summary>
public sealed partial class TicketEndpoints
{
    /// <summary>The caller's own, by name.</summary>
    public async Task<IResult> ViewsAsync(HttpContext http, Caller caller) => Requests.Ok(await views.ListAsync(caller.Id, http.RequestAborted));

    /// <summary>Keeps one of the caller's, in place of the one that was called the same; or forgets it.</summary>
    public async Task<IResult> KeepViewAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<ViewRequest>(http);
        await KeepAsync(caller, request.Name, request.Query, http.RequestAborted);
        return Requests.Ok(await views.ListAsync(caller.Id, http.RequestAborted));
    }

    /// <summary>The same by the form below the list.</summary>
    public async Task<IResult> KeepViewFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var query = form.ContainsKey("forget") ? null : form.GetValueOrDefault("query", "");
        await KeepAsync(caller, form.GetValueOrDefault("name", ""), query, http.RequestAborted);
        return TypedResults.Redirect("/tickets" + (query is null ? "" : "?" + query));
    }

    private async Task KeepAsync(Caller caller, string name, string? query, CancellationToken cancellation)
    {
        if (query is null)
        {
            await views.ForgetAsync(caller.Id, name, cancellation);
            return;
        }

        // Only what the list itself understands is kept, so that no address of anything else comes back as a view.
        var said = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query);
        if (said.Keys.FirstOrDefault(static key => !TicketFilters.Names.Contains(key)) is { } unknown)
        {
            throw TicketActBody.Invalid("query", $"A view says {string.Join(", ", TicketFilters.Names)}, not '{(unknown.Length > 40 ? unknown[..40] : unknown)}'.");
        }

        var plain = string.Join('&', said.Where(static one => one.Value.ToString().Length > 0).Select(static one => $"{one.Key}={Uri.EscapeDataString(one.Value.ToString())}"));
        try
        {
            _ = await views.KeepAsync(caller.Id, new SavedView(name, plain), cancellation);
        }
        catch (SavedViewException wrong)
        {
            throw TicketActBody.Invalid(wrong.Field, wrong.Message);
        }
    }
}
