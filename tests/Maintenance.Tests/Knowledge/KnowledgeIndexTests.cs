using FsCheck;
using FsCheck.Fluent;
using Maintenance.Knowledge;

namespace Maintenance.Tests.Knowledge;

/// <summary>What is found, in which order, and what is shown of it.</summary>
public sealed class KnowledgeIndexTests
{
    private static readonly KnowledgeDocument[] Documents =
    [
        Article("printer", "A certificate prints blank", "Turn the paper. The ribbon of the seal printer is empty.", "printer", "ribbon"),
        Article("tablet", "A tablet does not send its entries", "Open the outbox. Is the time right? Then sign in again; a printer has nothing to do with it."),
        Article("copie", "Comment obtenir une copie d'un acte de naissance ?", "Apportez votre carte d'identité au bureau d'état civil. Les frais sont affichés.", "décès"),
        Article("long", "Supplies", string.Join(' ', Enumerable.Repeat("paper and forms and pens and paper", 60)) + " tablet"),
    ];

    private static readonly KnowledgeIndex Index = new(Documents);

    [Theory]
    [InlineData("printer", "printer tablet")]
    [InlineData("PRINTERS", "printer tablet")]
    [InlineData("tablet", "tablet long")]
    [InlineData("ribbon empty", "printer")]
    [InlineData("naissance", "copie")]
    [InlineData("deces", "copie")]
    [InlineData("DÉCÈS", "copie")]
    [InlineData("certificats", "printer")]
    [InlineData("etat", "copie")]
    [InlineData("the and is of", "")]
    [InlineData("", "")]
    [InlineData("zebra", "")]
    [InlineData("tablet does not send", "tablet long")]
    public void The_best_is_first(string question, string found) => Assert.Equal(found, string.Join(' ', Index.Find(question, 10).Select(static hit => hit.Document.Id)));

    [Fact]
    public void A_word_in_the_title_counts_more_than_in_the_text_and_a_rare_word_more_than_a_common_one()
    {
        var index = new KnowledgeIndex([Article("title", "Ribbon", "One two three."), Article("key", "One", "Two three four.", "ribbon"), Article("text", "One", "Two ribbon three."), Article("other", "One", "Two three.")]);
        Assert.Equal(["title", "key", "text"], index.Find("ribbon", 10).Select(static hit => hit.Document.Id));
        Assert.Equal("text", index.Find("one ribbon", 10, static document => document.Id is "text" or "other")[0].Document.Id);
    }

    [Fact]
    public void At_most_so_many_are_found_and_only_those_that_may_be()
    {
        Assert.Equal(["printer"], Index.Find("printer", 1).Select(static hit => hit.Document.Id));
        Assert.Equal(["tablet"], Index.Find("printer", 10, static document => document.Id != "printer").Select(static hit => hit.Document.Id));
    }

    [Fact]
    public void A_snippet_shows_the_words_where_most_of_them_are()
    {
        var hit = Index.Find("ribbon printer", 1)[0];
        Assert.Equal(["ribbon", "printer"], hit.Snippet.Where(static part => part.IsMatch).Select(static part => part.Text));
        Assert.Contains("The ribbon of the seal printer is empty.", string.Concat(hit.Snippet.Select(static part => part.Text)), StringComparison.Ordinal);
        var far = Index.Find("tablet", 10)[1];
        Assert.StartsWith("… ", far.Snippet[0].Text, StringComparison.Ordinal);
        Assert.Equal("tablet", far.Snippet[^1].Text);
        Assert.True(far.Snippet.Sum(static part => part.Text.Length) < 400);
    }

    [Theory]
    [InlineData("The printer makes a mess, the ribbon too", "printer")]
    [InlineData("My tablet is slow", "tablet")]
    [InlineData("The time is right", "tablet")]
    [InlineData("I bring the card", "")]
    public void A_single_common_word_suggests_nothing(string text, string first) => Assert.Equal(first, Index.Suggest(text, 3, static _ => true).FirstOrDefault()?.Document.Id ?? "");

    /// <summary>The scores once more, word by word, from the formula as it is written in the paper.</summary>
    [Fact]
    public void Scores_are_those_of_the_formula()
    {
        var words = Gen.Elements("alpha", "beta", "gamma", "delta").NonEmptyListOf().Select(static list => string.Join(' ', list));
        var documents = (from title in words from body in words select (title, body)).NonEmptyListOf().Where(static list => list.Count <= 6);
        Prop.ForAll(documents.ToArbitrary(), words.ToArbitrary(), static (texts, question) =>
        {
            var all = texts.Select(static (text, number) => Article($"d{number}", text.title, text.body)).ToList();
            var index = new KnowledgeIndex(all);
            var hits = index.Find(question, 100);
            double Frequency(KnowledgeDocument document, string word) => (4 * document.Title.Split(' ').Count(one => one == word)) + document.Body.Split(' ').Count(one => one == word);
            double Length(KnowledgeDocument document) => (4 * document.Title.Split(' ').Length) + document.Body.Split(' ').Length;
            var usual = all.Average(Length);
            foreach (var hit in hits)
            {
                var expected = 0.0;
                foreach (var word in question.Split(' ').Distinct())
                {
                    var holders = all.Count(document => Frequency(document, word) > 0);
                    var evened = Frequency(hit.Document, word) / (0.25 + (0.75 * Length(hit.Document) / usual));
                    expected += Math.Log(1 + ((all.Count - holders + 0.5) / (holders + 0.5))) * evened / (1.2 + evened);
                }

                Assert.Equal(expected, hit.Score, 9);
            }

            Assert.Equal(all.Where(document => question.Split(' ').Any(word => Frequency(document, word) > 0)).Select(static one => one.Id).Order(), hits.Select(static hit => hit.Document.Id).Order());
            Assert.Equal(hits.Select(static hit => hit.Score).OrderDescending(), hits.Select(static hit => hit.Score));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Hundreds_of_documents_are_found_at_once()
    {
        var many = new KnowledgeIndex(Enumerable.Range(0, 300).Select(static number => Article($"d{number}", $"Title {number}", string.Join(' ', Enumerable.Range(0, 800).Select(word => $"word{(number * word) % 5000}")))));
        Assert.Equal("d7", many.Find("title 77 word7", 5, static document => document.Id == "d7").Single().Document.Id);
    }

    [Fact]
    public void Gaps_are_what_is_solved_without_an_article()
    {
        var at = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        var gaps = KnowledgeGaps.Of(
        [
            new("T-1", "Printer jams", "register", [], at, at),
            new("T-2", "The printer is on fire", "register", [], at, at),
            new("T-3", "Printer smears", "register", ["printer"], at, at),
            new("T-4", "Something else", null, [], at, at),
        ]);
        Assert.Equal((4, 1), (gaps.Solved, gaps.ByArticle));
        Assert.Equal([new ServiceGap("register", 3, 2), new ServiceGap(null, 1, 1)], gaps.Services);
        var word = Assert.Single(gaps.Words);
        Assert.Equal(("printer", 2), (word.Word, word.Count));
        Assert.Equal(["T-1", "T-2"], word.Tickets);
    }

    private static KnowledgeDocument Article(string id, string title, string body, params string[] keywords) => new(id, $"articles/{id}.md", DocumentKind.Article, title, body) { Keywords = keywords };
}
