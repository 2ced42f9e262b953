using System.Globalization;
using Maintenance.Storage;
using Maintenance.Tests.Services;
using Maintenance.Tickets;
using Maintenance.Tickets.Search;

namespace Maintenance.Tests.Tickets;

/// <summary>An office with tickets that can be found.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private int _opened;

    private Desk(Office office)
    {
        Office = office;
        Indexer = new TicketIndexer(office.Records, office.Tickets);
        Search = new TicketSearch(office.Records, office.Tickets, Indexer, office.Numbers);
    }

    public Office Office { get; }

    public TicketIndexer Indexer { get; }

    public TicketSearch Search { get; }

    public static async Task<Desk> OpenAsync() => new(await Office.OpenAsync());

    public Task<Ticket> OpenAsync(string title, string description = "Nothing more.", Func<NewTicket, NewTicket>? how = null)
    {
        var request = new NewTicket(TicketType.Incident, title, description, null, "all", "later", "cat", null, Office.Clock.GetUtcNow());
        return Office.Tickets.OpenAsync($"key-{_opened++}", how?.Invoke(request) ?? request, default);
    }

    public async Task<Ticket> ActAsync(string id, TicketAct act, string by = "ben") =>
        (await Office.Tickets.ActAsync(id, act, new TicketActor(by, by is "ann" or "ben"), null, null, default))!.Value;

    /// <summary>Lets the indexer hear of all that has happened.</summary>
    public Task<int> HearAsync() => Office.DeliverAsync(new TicketEventDelivery(Office.Tickets, [Indexer]));

    public async Task<IReadOnlyList<string>> FindAsync(TicketQuery query, bool isStaff = true) =>
        [.. (await Search.FindAsync(query, isStaff, null, 1000, default)).Tickets.Select(static ticket => ticket.Id)];

    /// <summary>The terms of those that are asked about in whose lists a ticket is.</summary>
    public async Task<IReadOnlyList<string>> ListedAsync(Ticket ticket, IEnumerable<string> terms)
    {
        var listed = new List<string>();
        var row = TicketTerms.RowOf(int.Parse(ticket.Id.AsSpan(2), CultureInfo.InvariantCulture));
        foreach (var term in terms.Distinct())
        {
            if (await Office.Records.GetAsync(Tables.TicketTerms, TicketTerms.ListOf(term), row, default) is not null)
            {
                listed.Add(term);
            }
        }

        return listed;
    }

    public ValueTask DisposeAsync()
    {
        Indexer.Dispose();
        return Office.DisposeAsync();
    }
}
