using System.Security.Cryptography;
using System.Text;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;
using NodaTime;

namespace Maintenance.Supplies;

/// <summary>An item with what there is of it.</summary>
/// <param name="Item">The item, as the plan has it.</param>
/// <param name="Stock">What there is; null where nothing was ever entered.</param>
/// <param name="Forecast">What is foreseen.</param>
public sealed record SupplyStanding(SupplyItem Item, Stock? Stock, SupplyForecast Forecast)
{
    /// <summary>True where somebody must see to it.</summary>
    public bool NeedsOrder => Stock?.Request is not null;
}

/// <summary>
/// The book of supplies. An entry, its key and the new stock are one batch: what is acknowledged is in the book once. Purchases are asked for afterwards, and by the
/// timer where that was cut off.
/// </summary>
public sealed class SupplyService(IRecordStore records, TicketService tickets, NotificationService notifications, ActivePlan plan, TimeProvider time)
{
    private const string Head = "stock";

    /// <summary>More entries of thirty days than this are counted as if the rest were not: nobody types so many.</summary>
    private const int MostMovements = 5000;

    /// <summary>The items of the plan, in its order.</summary>
    public async Task<IReadOnlyList<SupplyStanding>> ListAsync(CancellationToken cancellation)
    {
        var standings = new List<SupplyStanding>();
        foreach (var item in plan.Current.Supplies.Items)
        {
            standings.Add(await StandingAsync(item, await StockAsync(item.Id, cancellation), cancellation));
        }

        return standings;
    }

    /// <summary>An item, or null where the plan has none of this id.</summary>
    public async Task<SupplyStanding?> FindAsync(string id, CancellationToken cancellation) =>
        plan.Current.Supplies.Find(id) is { } item ? await StandingAsync(item, await StockAsync(id, cancellation), cancellation) : null;

    /// <summary>The entries of an item, the newest first.</summary>
    /// <param name="id">The item.</param>
    /// <param name="before">Only those of a lower number.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<StockMovement>> MovementsAsync(string id, int before, int most, CancellationToken cancellation) =>
        await records.ListAsync<StockMovement>(Tables.Supplies, Partition(id), new RowRange(NumberKey(before - 1), "number`", most), cancellation).Select(static row => row.Value).ToListAsync(cancellation);

    /// <summary>Makes an entry; the same key makes the same one once.</summary>
    /// <returns>The entry; null where the plan has no such item.</returns>
    /// <exception cref="StockException">It cannot be made.</exception>
    public async Task<StockMovement?> EnterAsync(string id, StockMovementKind kind, decimal quantity, string? note, string by, string? key, CancellationToken cancellation)
    {
        if (plan.Current.Supplies.Find(id) is not { } item)
        {
            return null;
        }

        for (var attempt = 1; ; attempt++)
        {
            if (key is not null && await records.FindAsync<StockMovement>(Tables.Supplies, Partition(id), KeyRow(by, key), cancellation) is { } earlier)
            {
                return earlier.Value;
            }

            var stock = await StockAsync(id, cancellation);
            var now = time.GetUtcNow();
            var (next, movement) = StockRules.Enter(item, stock?.Value, kind, quantity, now, by, note);
            var reviewed = StockRules.Review(item, next, await ForecastAsync(item, next, movement, now, cancellation), Today(now), now);
            var json = MaintenanceJson.Write(movement);
            List<RecordWrite> writes =
            [
                stock is null ? RecordWrite.Insert(Head, MaintenanceJson.Write(reviewed)) : RecordWrite.Replace(Head, MaintenanceJson.Write(reviewed), stock.ETag),
                RecordWrite.Insert(NumberKey(movement.Number), json),
                RecordWrite.Insert(TimeKey(movement), json),
            ];
            if (key is not null)
            {
                writes.Add(RecordWrite.Insert(KeyRow(by, key), json));
            }

            try
            {
                await records.WriteAsync(Tables.Supplies, Partition(id), writes, cancellation);
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                continue;
            }

            try
            {
                await TellAsync(item, cancellation);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The entry is in the book, and the timer tells people: whoever made it must not make it again.
            }

            return movement;
        }
    }

    /// <summary>Looks at every item: asks for what is to be ordered by now, and tells of what was not told.</summary>
    /// <exception cref="AggregateException">Some items could not be looked after; the others were.</exception>
    public Task SweepAsync(CancellationToken cancellation) => EachAsync.RunAsync(plan.Current.Supplies.Items, async item =>
    {
        if (await StockAsync(item.Id, cancellation) is not { } stock)
        {
            return;
        }

        var now = time.GetUtcNow();
        var reviewed = StockRules.Review(item, stock.Value, await ForecastAsync(item, stock.Value, null, now, cancellation), Today(now), now);
        if (reviewed != stock.Value)
        {
            try
            {
                _ = await records.WriteAsync(Tables.Supplies, Partition(item.Id), RecordWrite.Replace(Head, MaintenanceJson.Write(reviewed), stock.ETag), cancellation);
            }
            catch (RecordConflictException)
            {
                // Somebody made an entry in this moment, which reviews the stock as well.
            }
        }

        await TellAsync(item, cancellation);
    });

    /// <summary>True where somebody may make entries: whoever answers for the item or keeps it, and administrators.</summary>
    public static bool MayEnter(OperationsPlan plan, SupplyItem item, Person person)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(person);
        return person.Roles.Contains(Roles.Administrator) || plan.Resolve([item.Owner, .. item.Keepers]).Any(one => one.Id == person.Id);
    }

    /// <summary>Opens the ticket of a purchase and tells the owner: at least once, the ticket exactly once.</summary>
    private async Task TellAsync(SupplyItem item, CancellationToken cancellation)
    {
        if ((await StockAsync(item.Id, cancellation))?.Value is not { Request: { IsTold: false } request } stock)
        {
            return;
        }

        var current = plan.Current;
        var forecast = await ForecastAsync(item, stock, null, time.GetUtcNow(), cancellation);
        var (title, text) = (SupplyText.Title(item, request), SupplyText.Request(item, stock, forecast));
        var ticket = request.Ticket;
        if (current.Supplies.Ticket is { } kind)
        {
            var asked = new NewTicket(TicketType.ServiceRequest, title, text, item.Service, kind.Impact, kind.Urgency, null, null, request.At) { Maintenance = MaintenanceType.Preventive };
            var opened = await tickets.OpenAsync($"supply/{item.Id}/{request.Number}", asked, cancellation);
            if (request is { Reason: OrderReason.BelowMinimum, Ticket: not null })
            {
                // It was to be ordered before it fell below the minimum. Who has solved that ticket may have ordered too late: then there is another one.
                opened = opened.IsOpen
                    ? (await tickets.ActAsync(opened.Id, new TicketAct.Comment($"{title}. {text}"), TicketActor.System, null, $"supply/{item.Id}/{request.Number}/low", cancellation))!.Value
                    : await tickets.OpenAsync($"supply/{item.Id}/{request.Number}/low", asked, cancellation);
            }

            ticket = opened.Id;
        }

        var values = new TemplateValues { ["title"] = TemplateValue.In(title, SupplyText.FrenchTitle(item, request)), ["text"] = TemplateValue.In(text, SupplyText.FrenchRequest(item, stock, forecast)) };
        await notifications.NotifyAsync(
            current, Notification.From($"supply/{item.Id}/{request.Number}/{request.Reason}", NotificationTemplates.OperationsAlarm, values, "/supplies/" + item.Id), [item.Owner], [], cancellation);
        _ = await records.ChangeAsync<Stock>(
            Tables.Supplies, Partition(item.Id), Head,
            known => known?.Request is { } open && open.Number == request.Number && open.Reason == request.Reason ? known with { Request = open with { IsTold = true, Ticket = ticket } } : null, cancellation);
    }

    private Task<Versioned<Stock>?> StockAsync(string id, CancellationToken cancellation) => records.FindAsync<Stock>(Tables.Supplies, Partition(id), Head, cancellation);

    private async Task<SupplyStanding> StandingAsync(SupplyItem item, Versioned<Stock>? stock, CancellationToken cancellation) =>
        new(item, stock?.Value, await ForecastAsync(item, stock?.Value, null, time.GetUtcNow(), cancellation));

    private async Task<SupplyForecast> ForecastAsync(SupplyItem item, Stock? stock, StockMovement? last, DateTimeOffset now, CancellationToken cancellation)
    {
        var since = now - TimeSpan.FromDays(SupplyForecast.TrailingDays);
        var movements = stock is null ? [] : await records.ListAsync<StockMovement>(Tables.Supplies, Partition(item.Id), new RowRange("time_" + RecordKeys.Instant(since), "time`", MostMovements), cancellation)
            .Select(static row => row.Value).ToListAsync(cancellation);
        var calendar = plan.Current.Supplies.Calendar is { } id ? plan.Current.Calendar(id) : null;
        return SupplyForecast.Of(item, stock, last is null ? movements : movements.Append(last), calendar, plan.Current.System.TimeZone, now);
    }

    private LocalDate Today(DateTimeOffset now) => Instant.FromDateTimeOffset(now).InZone(plan.Current.System.TimeZone).Date;

    private static string Partition(string item) => RecordKeys.Encode(item);

    /// <summary>The newest first.</summary>
    private static string NumberKey(int number) => "number_" + NumberSeries.Key(int.MaxValue - number);

    private static string TimeKey(StockMovement movement) => $"time_{RecordKeys.Instant(movement.At)}_{NumberSeries.Key(movement.Number)}";

    private static string KeyRow(string by, string key) => "key_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{by}\n{key}")));
}
