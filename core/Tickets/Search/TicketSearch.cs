using System.Globalization;
using System.Runtime.CompilerServices;
using Maintenance.Storage;

namespace Maintenance.Tickets.Search;

/// <summary>Some of the tickets that were asked for, the newest in front.</summary>
/// <param name="Tickets">The tickets, without their histories.</param>
/// <param name="After">Where to go on, as what <c>after</c> is next; null where there are no more. There may be no tickets and still more to look through.</param>
public sealed record TicketFinds(IReadOnlyList<Ticket> Tickets, int? After);

/// <summary>
/// Finds tickets: goes through the lists of all terms at once, each from where the one that is farthest has come. Each find is looked at as it is now, so that one that has
/// changed since it was indexed is left out; one that fits only since then is found a moment later.
/// </summary>
public sealed class TicketSearch(IRecordStore records, TicketService tickets, TicketIndexer index, NumberSeries numbers)
{
    /// <summary>So many rows a search reads at most, before it says where to go on.</summary>
    internal int MostRows { get; init; } = 10_000;

    /// <summary>Tickets that fit, the newest in front.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="isStaff">True where internal notes are looked through too.</param>
    /// <param name="after">Only numbers below this one; null from the newest on.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TicketActException">The text has no word that could be looked for.</exception>
    public async Task<TicketFinds> FindAsync(TicketQuery query, bool isStaff, int? after, int take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (words, budget, finds) = (query.Words(), new SearchBudget(MostRows), new List<Ticket>());
        if (take <= 0)
        {
            return new TicketFinds(finds, after ?? int.MaxValue);
        }

        var start = after is null ? int.MaxValue : after.Value - 1;
        await foreach (var number in AgreedAsync(await ListsAsync(query, words, isStaff, budget, cancellation), start, budget, cancellation))
        {
            if (number.IsBreak)
            {
                return new TicketFinds(finds, number.At + 1);
            }

            if (await LookAsync(number.At, query, words, isStaff, cancellation) is { } ticket)
            {
                finds.Add(ticket);
                if (finds.Count == take)
                {
                    return new TicketFinds(finds, number.At);
                }
            }
        }

        return new TicketFinds(finds, null);
    }

    /// <summary>So many fit, as they were indexed: one that has changed in the last moments may count as it was. No ticket is read.</summary>
    /// <param name="query">What is asked; words are looked for as staff does.</param>
    /// <param name="most">More are not counted.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TicketActException">The text has no word that could be looked for.</exception>
    public async Task<int> CountAsync(TicketQuery query, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (budget, count) = (new SearchBudget(MostRows), 0);
        await foreach (var number in AgreedAsync(await ListsAsync(query, query.Words(), isStaff: true, budget, cancellation), int.MaxValue, budget, cancellation))
        {
            if (number.IsBreak || ++count == most)
            {
                break;
            }
        }

        return count;
    }

    /// <summary>All tickets that fit, the newest in front, read as the caller goes on.</summary>
    /// <inheritdoc cref="FindAsync" path="/exception"/>
    public async IAsyncEnumerable<Ticket> ListAsync(TicketQuery query, bool isStaff, [EnumeratorCancellation] CancellationToken cancellation)
    {
        int? after = null;
        do
        {
            var finds = await FindAsync(query, isStaff, after, 100, cancellation);
            foreach (var ticket in finds.Tickets)
            {
                yield return ticket;
            }

            after = finds.After;
        }
        while (after is not null);
    }

    private async Task<List<ITermList>> ListsAsync(TicketQuery query, IReadOnlyList<string> words, bool isStaff, SearchBudget budget, CancellationToken cancellation)
    {
        var lists = new List<ITermList>();
        lists.AddRange(words.Select(ITermList (word) => isStaff
            ? new EitherList(new TermList(records, TicketTerms.Word(word), budget), new TermList(records, TicketTerms.InternalWord(word), budget))
            : new TermList(records, TicketTerms.Word(word), budget)));
        lists.AddRange(query.Terms().Select(term => new TermList(records, term, budget)));
        if (lists.Count == 0)
        {
            lists.Add(await EveryAsync(budget, cancellation));
        }

        return lists;
    }

    /// <summary>The numbers that are in every list, from the highest on; last of all, where the budget was spent first, the number at which to go on.</summary>
    private static async IAsyncEnumerable<(int At, bool IsBreak)> AgreedAsync(List<ITermList> lists, int start, SearchBudget budget, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (target, agreed) = (start, 0);
        for (var at = 0; ; at = (at + 1) % lists.Count)
        {
            // However little it may cost, it gets on.
            if (budget.IsSpent && target < start)
            {
                yield return (target, true);
                yield break;
            }

            if (target < 0 || await lists[at].SeekAsync(target, cancellation) is not { } number)
            {
                yield break;
            }

            (target, agreed) = (number, number == target ? agreed + 1 : 1);
            if (agreed == lists.Count)
            {
                budget.Spend(0);
                yield return (number, false);
                (target, agreed) = (number - 1, 0);
            }
        }
    }

    private async Task<Ticket?> LookAsync(int number, TicketQuery query, IReadOnlyList<string> words, bool isStaff, CancellationToken cancellation)
    {
        var id = "T-" + number.ToString(CultureInfo.InvariantCulture);
        if (await tickets.FindAsync(id, cancellation) is not { Value: var ticket } || !query.Fits(ticket))
        {
            return null;
        }

        if (words.Count > 0)
        {
            // An entry may have been left behind in a list; what is indexed of the ticket knows.
            var terms = await index.TermsAsync(id, cancellation);
            if (terms is null || !words.All(word => terms.Contains(TicketTerms.Word(word)) || (isStaff && terms.Contains(TicketTerms.InternalWord(word)))))
            {
                return null;
            }
        }

        return ticket;
    }

    private async Task<EveryNumber> EveryAsync(SearchBudget budget, CancellationToken cancellation)
    {
        var first = await tickets.ListAsync(0, cancellation).Select(static ticket => (int?)TicketTerms.NumberOf(ticket)).FirstOrDefaultAsync(cancellation);
        var newest = await numbers.NewestAsync(TicketIndex.Partition, cancellation);
        return new EveryNumber(first ?? int.MaxValue, newest ?? 0, budget);
    }
}
