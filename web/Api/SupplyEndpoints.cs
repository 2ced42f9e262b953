using System.Globalization;
using System.Security.Cryptography;
using Maintenance.Plan;
using Maintenance.Supplies;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Maintenance.Web.Api;

/// <summary>An item of stock at a glance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Place">Where it is stored.</param>
/// <param name="Owner">The person or role that answers for it.</param>
/// <param name="OnHand">How much there is; null where nothing was ever entered.</param>
/// <param name="Minimum">With less than this people are alarmed.</param>
/// <param name="Consumed">How much was consumed in the trailing days.</param>
/// <param name="Days">Over how many days that was observed; fewer than seven say nothing.</param>
/// <param name="StockOut">The first local date for which it will not suffice, or null.</param>
/// <param name="OrderBy">The last local date on which an order still arrives before that, or null.</param>
/// <param name="CountedAt">When it was last counted (UTC), or null.</param>
/// <param name="Request">The purchase that is asked for, or null.</param>
public sealed record SupplyLine(
    string Id, string Name, string Unit, string Place, string Owner, decimal? OnHand, decimal Minimum, decimal Consumed, int Days, string? StockOut, string? OrderBy, DateTimeOffset? CountedAt, PurchaseRequest? Request);

/// <summary>An item with its book.</summary>
/// <param name="Item">At a glance.</param>
/// <param name="Movements">Its entries, the newest first.</param>
/// <param name="HasOlder">True where there are older ones: ask with <c>before</c>, the lowest number of these.</param>
public sealed record SupplyBook(SupplyLine Item, IReadOnlyList<StockMovement> Movements, bool HasOlder);

/// <summary>An entry, as it is sent.</summary>
/// <param name="Kind">receipt, issue or count.</param>
/// <param name="Quantity">How much was received or taken out, or how much was counted.</param>
/// <param name="Note">What is to be known of it; at most 500 characters.</param>
public sealed record MovementRequest(StockMovementKind Kind, decimal Quantity, string? Note = null);

/// <summary>Supplies: what there is, what moves, what is to be ordered.</summary>
public sealed class SupplyEndpoints(SupplyService supplies, ActivePlan plan, TimeProvider time)
{
    private const int UsualEntries = 50;
    private const int MostEntries = 500;

    /// <summary>Every item of the plan.</summary>
    public async Task<IResult> ListAsync(HttpContext http) => Requests.Ok((await supplies.ListAsync(http.RequestAborted)).Select(Line).ToList());

    /// <summary>An item with its book (<c>?take=50&amp;before=NUMBER</c>).</summary>
    public async Task<IResult> GetAsync(HttpContext http)
    {
        var standing = await FindAsync(http);
        var (entries, hasOlder) = await EntriesAsync(http, standing.Item.Id);
        return Requests.Ok(new SupplyBook(Line(standing), entries, hasOlder));
    }

    /// <summary>Makes an entry: 201. The same Idempotency-Key makes it once.</summary>
    public async Task<IResult> EnterAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<MovementRequest>(http);
        var item = (await FindAsync(http)).Item;
        try
        {
            var movement = await EnterAsync(http, caller, item, request, http.IdempotencyKey());
            return Requests.Created(http, $"/api/supplies/{item.Id}", movement);
        }
        catch (StockException wrong)
        {
            throw HttpProblemException.Invalid(new Dictionary<string, string[]> { [wrong.Field] = [wrong.Message] });
        }
    }

    /// <summary>The page of all items.</summary>
    public async Task<IResult> ListPageAsync(HttpContext http, Caller caller) => new PageResult<SuppliesPage>(new(StringComparer.Ordinal)
    {
        ["Caller"] = caller,
        ["Plan"] = plan.Current,
        ["Today"] = Today,
        ["Standings"] = await supplies.ListAsync(http.RequestAborted),
    });

    /// <summary>The page of an item with its book.</summary>
    public Task<IResult> PageAsync(HttpContext http, Caller caller) => PageAsync(http, caller, new Dictionary<string, string>(StringComparer.Ordinal), null);

    /// <summary>Makes an entry by the page's form.</summary>
    public async Task<IResult> EnterFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var item = (await FindAsync(http)).Item;
        CheckMayEnter(caller, item);
        try
        {
            if (!Enum.TryParse<StockMovementKind>(form.GetValueOrDefault("kind"), ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
            {
                throw new StockException("kind", "Choose what happened: receipt, issue or count.");
            }

            if (!decimal.TryParse(form.GetValueOrDefault("quantity"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quantity))
            {
                throw new StockException("quantity", $"Say how many {item.Unit}, as digits such as 250 or 12.5.");
            }

            // A form that is sent twice has the same key twice.
            var key = form.GetValueOrDefault("key") is { Length: > 0 and <= 100 } said ? said : null;
            _ = await EnterAsync(http, caller, item, new MovementRequest(kind, quantity, form.GetValueOrDefault("note")), key);
            return TypedResults.Redirect("/supplies/" + item.Id);
        }
        catch (StockException wrong)
        {
            return await PageAsync(http, caller, form, wrong.Message);
        }
    }

    private LocalDate Today => Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(plan.Current.System.TimeZone).Date;

    private async Task<IResult> PageAsync(HttpContext http, Caller caller, IReadOnlyDictionary<string, string> fields, string? error)
    {
        var standing = await FindAsync(http);
        var (entries, hasOlder) = await EntriesAsync(http, standing.Item.Id);
        return new PageResult<SupplyPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Today"] = Today,
                ["Standing"] = standing,
                ["Entries"] = entries,
                ["Older"] = hasOlder ? entries[^1].Number : null,
                ["MayEnter"] = MayEnter(caller, standing.Item),
                ["Key"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
                ["Fields"] = fields,
                ["Error"] = error,
            },
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<StockMovement> EnterAsync(HttpContext http, Caller caller, SupplyItem item, MovementRequest request, string? key)
    {
        CheckMayEnter(caller, item);
        return await supplies.EnterAsync(item.Id, request.Kind, request.Quantity, request.Note, caller.Id, key, http.RequestAborted)
            ?? throw HttpProblemException.NotFound($"The plan has no supply item '{item.Id}' any more.");
    }

    private void CheckMayEnter(Caller caller, SupplyItem item)
    {
        if (!MayEnter(caller, item))
        {
            throw HttpProblemException.Forbidden($"Entries for {item.Name} are made by {string.Join(", ", plan.Current.Resolve([item.Owner, .. item.Keepers]).Select(static person => person.Name))} and administrators.");
        }
    }

    private bool MayEnter(Caller caller, SupplyItem item) => caller.Person is not { } person || SupplyService.MayEnter(plan.Current, item, person);

    private async Task<SupplyStanding> FindAsync(HttpContext http)
    {
        var id = http.PathValue("item");
        return await supplies.FindAsync(id, http.RequestAborted)
            ?? throw HttpProblemException.NotFound($"The plan has no supply item '{WindowQuery.Short(id)}'. {Nearest.Hint(id, plan.Current.Supplies.Items.Select(static item => item.Id))}".TrimEnd());
    }

    private async Task<(IReadOnlyList<StockMovement> Entries, bool HasOlder)> EntriesAsync(HttpContext http, string item)
    {
        var take = Math.Max(1, http.QueryNumber("take", UsualEntries, MostEntries));
        var entries = await supplies.MovementsAsync(item, http.QueryNumber("before", int.MaxValue, int.MaxValue), take + 1, http.RequestAborted);
        return (entries.Take(take).ToList(), entries.Count > take);
    }

    private static SupplyLine Line(SupplyStanding standing)
    {
        var (item, stock, forecast) = standing;
        return new SupplyLine(
            item.Id, item.Name, item.Unit, item.Place, item.Owner, stock?.OnHand, item.Minimum, forecast.Consumed, forecast.Days, forecast.StockOut is { } end ? SupplyText.Text(end) : null,
            forecast.OrderBy is { } order ? SupplyText.Text(order) : null, stock?.CountedAt, stock?.Request);
    }
}
