using System.Globalization;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Supplies;

/// <summary>What people are told of supplies. Pure.</summary>
public static class SupplyText
{
    /// <summary>A purchase in a line.</summary>
    public static string Title(SupplyItem item, PurchaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(request);
        return request.Reason == OrderReason.BelowMinimum ? $"{item.Name}: less than the minimum is there" : $"{item.Name}: order now, or it runs out";
    }

    /// <summary>The same in French.</summary>
    public static string FrenchTitle(SupplyItem item, PurchaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(request);
        return request.Reason == OrderReason.BelowMinimum ? $"{item.Name} : il y en a moins que le minimum" : $"{item.Name} : à commander maintenant, sinon le stock s'épuise";
    }

    /// <summary>A purchase in full: what there is, what is foreseen, how much to order of whom.</summary>
    public static string Request(SupplyItem item, Stock stock, SupplyForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(stock);
        ArgumentNullException.ThrowIfNull(forecast);
        List<string> parts = [$"{StockRules.Text(stock.OnHand)} {item.Unit} are there ({item.Place}); the minimum is {StockRules.Text(item.Minimum)}."];
        if (forecast.PerDay is { } rate and > 0)
        {
            parts.Add($"In {forecast.Days} days {StockRules.Text(forecast.Consumed)} were consumed, {StockRules.Text(decimal.Round(rate, StockRules.Digits))} a day.");
        }

        if (forecast is { StockOut: { } end, OrderBy: { } order })
        {
            parts.Add($"At that rate it runs out on {Text(end)}; an order takes {Durations.Format(item.LeadTime)}, so place it by {Text(order)}.");
        }

        if (item.Target is { } target && target > stock.OnHand)
        {
            parts.Add($"Order {StockRules.Text(target - stock.OnHand)} {item.Unit}{(item.Supplier is null ? "" : $" of {item.Supplier}")}.");
        }
        else if (item.Supplier is not null)
        {
            parts.Add($"Supplier: {item.Supplier}.");
        }

        return string.Join(' ', parts);
    }

    /// <summary>The same in French.</summary>
    public static string FrenchRequest(SupplyItem item, Stock stock, SupplyForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(stock);
        ArgumentNullException.ThrowIfNull(forecast);
        List<string> parts = [$"Il y a {StockRules.Text(stock.OnHand)} {item.Unit} ({item.Place}) ; le minimum est {StockRules.Text(item.Minimum)}."];
        if (forecast.PerDay is { } rate and > 0)
        {
            parts.Add($"En {forecast.Days} jours, la consommation était de {StockRules.Text(forecast.Consumed)}, soit {StockRules.Text(decimal.Round(rate, StockRules.Digits))} par jour.");
        }

        if (forecast is { StockOut: { } end, OrderBy: { } order })
        {
            parts.Add($"À ce rythme, le stock s'épuise le {Text(end)} ; la livraison prend {Durations.Format(item.LeadTime)} : commandez avant le {Text(order)}.");
        }

        if (item.Target is { } target && target > stock.OnHand)
        {
            parts.Add($"À commander : {StockRules.Text(target - stock.OnHand)} {item.Unit}{(item.Supplier is null ? "" : $" ({item.Supplier})")}.");
        }
        else if (item.Supplier is not null)
        {
            parts.Add($"Fournisseur : {item.Supplier}.");
        }

        return string.Join(' ', parts);
    }

    /// <summary>A local date: 2026-11-22.</summary>
    public static string Text(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
