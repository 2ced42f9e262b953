namespace Maintenance.Knowledge;

/// <summary>What is solved again and again without an article.</summary>
/// <param name="Solved">So many tickets were solved.</param>
/// <param name="ByArticle">So many of them are linked to an article.</param>
/// <param name="Services">Each service with tickets that are not, those with most of them first.</param>
/// <param name="Words">Words that occur in the titles of several tickets without an article, the commonest first.</param>
public sealed record KnowledgeGaps(int Solved, int ByArticle, IReadOnlyList<ServiceGap> Services, IReadOnlyList<WordGap> Words)
{
    private const int MostWords = 12;

    /// <summary>Reckons them. Pure.</summary>
    /// <param name="tickets">Solved tickets.</param>
    public static KnowledgeGaps Of(IReadOnlyList<TicketArticles> tickets)
    {
        ArgumentNullException.ThrowIfNull(tickets);
        var without = tickets.Where(static ticket => ticket.Articles.Count == 0).ToList();
        return new KnowledgeGaps(
            tickets.Count,
            tickets.Count - without.Count,
            [
                .. tickets.GroupBy(static ticket => ticket.Service).Select(static group => new ServiceGap(group.Key, group.Count(), group.Count(static ticket => ticket.Articles.Count == 0)))
                    .Where(static gap => gap.Without > 0).OrderByDescending(static gap => gap.Without).ThenBy(static gap => gap.Service, StringComparer.Ordinal),
            ],
            [
                .. without.SelectMany(static ticket => KnowledgeIndex.WordsOf(ticket.Title).Select(word => (Word: word, ticket.Ticket))).GroupBy(static pair => pair.Word, StringComparer.Ordinal)
                    .Select(static group => new WordGap(group.Key, [.. group.Select(static pair => pair.Ticket).Order(StringComparer.Ordinal).Take(5)], group.Count()))
                    .Where(static gap => gap.Count > 1).OrderByDescending(static gap => gap.Count).ThenBy(static gap => gap.Word, StringComparer.Ordinal).Take(MostWords),
            ]);
    }
}

/// <summary>A service's solved tickets.</summary>
/// <param name="Service">The id of the service; null for tickets without one.</param>
/// <param name="Solved">So many were solved.</param>
/// <param name="Without">So many of them without an article.</param>
public sealed record ServiceGap(string? Service, int Solved, int Without);

/// <summary>A word of several tickets without an article.</summary>
/// <param name="Word">The word, folded.</param>
/// <param name="Tickets">Some of them.</param>
/// <param name="Count">How many there are.</param>
public sealed record WordGap(string Word, IReadOnlyList<string> Tickets, int Count);
