using System.Text;
using Maintenance.Tickets.Search;

namespace Maintenance.Knowledge;

/// <summary>A document that was found.</summary>
/// <param name="Document">The document.</param>
/// <param name="Score">How well it fits; the better, the greater. Of one search only.</param>
/// <param name="Matched">So many different words of the question it has.</param>
/// <param name="Snippet">The part of its text that has most of them.</param>
public sealed record KnowledgeHit(KnowledgeDocument Document, double Score, int Matched, IReadOnlyList<SnippetPart> Snippet);

/// <summary>A part of a snippet.</summary>
/// <param name="Text">The words.</param>
/// <param name="IsMatch">True for a word that was asked for.</param>
public sealed record SnippetPart(string Text, bool IsMatch);

/// <summary>
/// Finds documents by words, ranked: BM25F (Robertson and Zaragoza, <i>The Probabilistic Relevance Framework: BM25 and Beyond</i>, 2009), a word in the title counting as
/// four in the text and a keyword as three. Words are folded as ticket search folds them, without case and accents, less a plural's ending. In memory, for hundreds of
/// documents; made anew for each version of the plan.
/// </summary>
public sealed class KnowledgeIndex
{
    /// <summary>Of a longer question so many different words are looked for.</summary>
    public const int MostWords = 40;

    private const double TitleWeight = 4;
    private const double KeywordWeight = 3;
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;
    private const int SnippetWords = 28;

    /// <summary>Words that say nothing of what is looked for, in the languages of the system; folded.</summary>
    private static readonly HashSet<string> Empty = new(
        ("the and for are was but not you all can had her his one our out has have him how its may now this that with from they will would there their what when where which who why does did done been be is it in on at to of or an as by do if me my no so up us we your than then them too very just about into over some "
        + "le la les un une des du de et est en que qui dans pour pas sur au aux ce ces se sa son ses il elle ils elles nous vous je tu on ou par plus ne avec mais sont ont ai avons avez mon ma mes votre vos notre nos leur leurs cette cet quel quelle comment quand").Split(' '),
        StringComparer.Ordinal);

    private readonly Entry[] _entries;
    private readonly Dictionary<string, int> _holders = new(StringComparer.Ordinal);
    private readonly double _usualLength;

    /// <summary>Reads the documents.</summary>
    public KnowledgeIndex(IEnumerable<KnowledgeDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        _entries = [.. documents.Select(static document => new Entry(document))];
        _usualLength = _entries.Length == 0 ? 1 : Math.Max(1, _entries.Average(static entry => entry.Length));
        foreach (var word in _entries.SelectMany(static entry => entry.Weights.Keys))
        {
            _holders[word] = _holders.GetValueOrDefault(word) + 1;
        }
    }

    /// <summary>The words of a question or a text as they are looked for, each once, in order.</summary>
    public static IReadOnlyList<string> WordsOf(string text) => [.. TicketWords.In(text).Select(Stem).Where(static word => !Empty.Contains(word)).Distinct(StringComparer.Ordinal).Take(MostWords)];

    /// <summary>The documents that have a word of the question, the best first; among equals by id.</summary>
    /// <param name="question">What somebody typed.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="filter">Which documents may be found; null for all.</param>
    public IReadOnlyList<KnowledgeHit> Find(string question, int most, Func<KnowledgeDocument, bool>? filter = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        return Find(WordsOf(question), most, entry => filter?.Invoke(entry.Document) != false, static (_, _) => true);
    }

    /// <summary>
    /// What may help with a text that somebody writes: documents that have at least two of its words, or one of them in their title or keywords. A single common word says nothing.
    /// </summary>
    /// <param name="text">What they wrote so far.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="filter">Which documents may be suggested.</param>
    public IReadOnlyList<KnowledgeHit> Suggest(string text, int most, Func<KnowledgeDocument, bool> filter)
    {
        var words = WordsOf(text);
        return Find(words, most, entry => filter(entry.Document), (entry, matched) => matched > 1 || words.Any(word => IsNamed(entry.Document, word)));
    }

    /// <summary>Snippets are made last, of what is returned alone: each reads a whole text.</summary>
    private IReadOnlyList<KnowledgeHit> Find(IReadOnlyList<string> words, int most, Func<Entry, bool> filter, Func<Entry, int, bool> isGood) =>
    [
        .. _entries.Where(filter)
            .Select(entry => (Entry: entry, Matched: words.Count(entry.Weights.ContainsKey)))
            .Where(one => one.Matched > 0 && isGood(one.Entry, one.Matched))
            .Select(one => (one.Entry, one.Matched, Score: Score(one.Entry, words)))
            .OrderByDescending(static one => one.Score).ThenBy(static one => one.Entry.Document.Id, StringComparer.Ordinal)
            .Take(most)
            .Select(one => new KnowledgeHit(one.Entry.Document, one.Score, one.Matched, Snippet(one.Entry.Plain, words))),
    ];

    private static bool IsNamed(KnowledgeDocument document, string word) => WordsOf(document.Title).Contains(word) || document.Keywords.SelectMany(WordsOf).Contains(word);

    private double Score(Entry entry, IReadOnlyList<string> words)
    {
        var score = 0.0;
        foreach (var word in words)
        {
            if (entry.Weights.TryGetValue(word, out var weight))
            {
                var rarity = Math.Log(1 + ((_entries.Length - _holders[word] + 0.5) / (_holders[word] + 0.5)));
                var evened = weight / (1 - LengthWeight + (LengthWeight * entry.Length / _usualLength));
                score += rarity * evened / (Saturation + evened);
            }
        }

        return score;
    }

    /// <summary>Plurals and singulars are one word, near enough, and so are <c>certificate</c> and <c>certificat</c>: endings of s, es and e are dropped.</summary>
    private static string Stem(string word) => word.Length switch
    {
        > 4 when word.EndsWith("es", StringComparison.Ordinal) => word[..^2],
        > 4 when word[^1] is 's' or 'e' => word[..^1],
        4 when word[^1] == 's' => word[..^1],
        _ => word,
    };

    private static List<SnippetPart> Snippet(string plain, IReadOnlyList<string> words)
    {
        var tokens = plain.Split(' ');
        var matches = tokens.Select(token => TicketWords.In(token).Select(Stem).Any(words.Contains)).ToArray();
        var (best, most) = (0, -1);
        for (var start = 0; start < tokens.Length; start++)
        {
            if (start > 0 && !matches[start])
            {
                continue;
            }

            var end = Math.Min(tokens.Length, start + SnippetWords);
            var count = tokens[start..end].Where((_, index) => matches[start + index]).Distinct(StringComparer.OrdinalIgnoreCase).Count();
            (best, most) = count > most ? (start, count) : (best, most);
        }

        // A few words before the first match say what it is about.
        var from = Math.Max(0, best - 4);
        var to = Math.Min(tokens.Length, from + SnippetWords);
        var parts = new List<SnippetPart>();
        var text = new StringBuilder(from > 0 ? "… " : "");
        for (var i = from; i < to; i++)
        {
            if (matches[i])
            {
                Add(text, parts);
                parts.Add(new SnippetPart(tokens[i], true));
                _ = text.Append(' ');
            }
            else
            {
                _ = text.Append(tokens[i]).Append(' ');
            }
        }

        if (to < tokens.Length)
        {
            _ = text.Append('…');
        }
        else if (text.Length > 0)
        {
            // The blank behind the last word.
            text.Length--;
        }

        Add(text, parts);
        return parts;
    }

    private static void Add(StringBuilder text, List<SnippetPart> parts)
    {
        if (text.Length > 0)
        {
            parts.Add(new SnippetPart(text.ToString(), false));
            _ = text.Clear();
        }
    }

    private sealed class Entry
    {
        public Entry(KnowledgeDocument document)
        {
            Document = document;
            Plain = DocumentMarkdown.Plain(document.Body);
            Count(document.Title, TitleWeight);
            Count(string.Join('\n', document.Keywords), KeywordWeight);
            Count(Plain, 1);
            Length = Weights.Values.Sum();
        }

        public KnowledgeDocument Document { get; }

        public string Plain { get; }

        /// <summary>How often each word occurs, each place counted with its weight.</summary>
        public Dictionary<string, double> Weights { get; } = new(StringComparer.Ordinal);

        public double Length { get; }

        private void Count(string text, double weight)
        {
            foreach (var word in TicketWords.In(text).Select(Stem).Where(static word => !Empty.Contains(word)))
            {
                Weights[word] = Weights.GetValueOrDefault(word) + weight;
            }
        }
    }
}
