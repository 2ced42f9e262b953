using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Maintenance.Storage;

namespace Maintenance.Tickets.Search;

/// <summary>What tickets are found by: words, and what their filters ask. Each term has a list of the numbers of its tickets, the newest in front.</summary>
internal static class TicketTerms
{
    public const string Open = "open";
    public const string Unassigned = "unassigned";
    public const string Breached = "breached";

    /// <summary>So many words of a ticket are indexed: its title and description first, then what was said last.</summary>
    public const int MostWords = 2000;

    /// <summary>A word that whoever may see the ticket may know.</summary>
    public static string Word(string word) => "w:" + word;

    /// <summary>A word that only staff may know to be in it.</summary>
    public static string InternalWord(string word) => "i:" + word;

    public static string State(TicketState state) => "state:" + Name(state);

    public static string Type(TicketType type) => "type:" + Name(type);

    public static string Priority(string priority) => "priority:" + Id(priority);

    public static string Service(string service) => "service:" + Id(service);

    public static string Team(string team) => "team:" + Id(team);

    public static string Assignee(string person) => "assignee:" + Id(person);

    public static string Tag(string tag) => "tag:" + (tag.Trim().ToLowerInvariant() is { Length: <= 40 } kept ? kept : Id(tag));

    public static string Requester(string requester) => "requester:" + Id(requester);

    public static string Watcher(string person) => "watcher:" + Id(person);

    /// <summary>The terms of a ticket.</summary>
    /// <param name="ticket">With its history.</param>
    public static IReadOnlySet<string> Of(Ticket ticket)
    {
        var terms = new SortedSet<string>(StringComparer.Ordinal) { State(ticket.State), Type(ticket.Type), Priority(ticket.Priority) };
        AddIf(ticket.IsOpen, static () => Open);
        AddIf(ticket.Breaches.Count > 0, static () => Breached);
        AddIf(ticket.Assignee is null, static () => Unassigned);
        AddIf(ticket.Assignee is not null, () => Assignee(ticket.Assignee!));
        AddIf(ticket.Service is not null, () => Service(ticket.Service!));
        AddIf(ticket.Team is not null, () => Team(ticket.Team!));
        AddIf(ticket.Requester is not null, () => Requester(ticket.Requester!));
        terms.UnionWith(ticket.Tags.Select(Tag));
        terms.UnionWith(ticket.Watchers.Select(Watcher));
        var history = (ticket.History ?? []).Reverse().ToList();
        var words = new HashSet<string>(StringComparer.Ordinal);
        AddWords(
            [
                ticket.Title, ticket.Id, ticket.FeedbackReference, .. ticket.Tags, ticket.Description, .. ticket.Attachments.Where(static file => file.IsPublic).Select(static file => file.Name),
                .. history.Select(static entry => entry.Said),
            ],
            Word);
        AddWords([.. ticket.Attachments.Where(static file => !file.IsPublic).Select(static file => file.Name), .. history.Select(static entry => entry.Note)], InternalWord);
        return terms;

        void AddIf(bool holds, Func<string> term)
        {
            if (holds)
            {
                _ = terms.Add(term());
            }
        }

        // What is public is known; that it is internal too says nothing more.
        void AddWords(IEnumerable<string?> texts, Func<string, string> term)
        {
            foreach (var word in texts.SelectMany(TicketWords.In))
            {
                if (words.Count < MostWords && words.Add(word))
                {
                    _ = terms.Add(term(word));
                }
            }
        }
    }

    /// <summary>The partition of a term's list.</summary>
    public static string ListOf(string term) => RecordKeys.Encode(term);

    /// <summary>The partition of what is indexed of a ticket; no term begins so.</summary>
    public static string IndexedOf(string ticket) => "of:" + ticket;

    /// <summary>The row of a ticket in a term's list: the newest comes first.</summary>
    public static string RowOf(int number) => NumberSeries.Key(int.MaxValue - number);

    /// <summary>The number of the ticket of a row.</summary>
    public static int NumberOf(string row) => int.MaxValue - int.Parse(row, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The number of a ticket.</summary>
    public static int NumberOf(Ticket ticket) => int.Parse(ticket.Id.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>An id as it is; what somebody outside is called, as a hash: it is personal, and may be long.</summary>
    private static string Id(string text) =>
        text.Length <= 60 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? text
            : "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
