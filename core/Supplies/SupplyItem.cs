namespace Maintenance.Supplies;

/// <summary>The plan's section <c>supplies</c>: what is consumed, and must never run out.</summary>
/// <param name="Items">The items.</param>
/// <param name="Ticket">What the ticket of a purchase request is taken to be; null for none.</param>
public sealed record SupplyPolicy(IReadOnlyList<SupplyItem> Items, SupplyTicket? Ticket)
{
    /// <summary>A plan without supplies.</summary>
    public static SupplyPolicy None { get; } = new([], null);

    /// <summary>The id of the calendar on whose open days orders are placed; null for every day.</summary>
    public string? Calendar { get; init; }

    /// <summary>The item of an id, or null.</summary>
    public SupplyItem? Find(string id) => Items.FirstOrDefault(item => item.Id == id);
}

/// <summary>What a purchase request is as a ticket.</summary>
/// <param name="Impact">The id of the impact.</param>
/// <param name="Urgency">The id of the urgency.</param>
public sealed record SupplyTicket(string Impact, string Urgency);

/// <summary>Something that is kept in stock.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Unit">What is counted: sheets, say.</param>
/// <param name="Minimum">With less than this people are alarmed.</param>
/// <param name="LeadTime">How long it takes from the order until it is there.</param>
/// <param name="Place">Where it is stored.</param>
/// <param name="Owner">The person or role that answers for it, orders it and records what moves.</param>
public sealed record SupplyItem(string Id, string Name, string Unit, decimal Minimum, TimeSpan LeadTime, string Place, string Owner)
{
    /// <summary>How much there is after an order; null where whoever orders decides.</summary>
    public decimal? Target { get; init; }

    /// <summary>The id of the service that needs it; null for none.</summary>
    public string? Service { get; init; }

    /// <summary>Who sells it; null where nobody says.</summary>
    public string? Supplier { get; init; }

    /// <summary>Who records what moves, besides the owner: people or roles.</summary>
    public IReadOnlyList<string> Keepers { get; init; } = [];
}
