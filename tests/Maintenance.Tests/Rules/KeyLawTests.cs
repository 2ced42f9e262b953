using System.Text;
using Maintenance.Feedback;
using Maintenance.ServiceLevels;
using Maintenance.Storage;
using Maintenance.Tickets.Search;

namespace Maintenance.Tests.Rules;

/// <summary>
/// What is made a key of: what differs stays different, what has an order keeps it, and what was made can be read back. (That no service refuses what
/// <see cref="RecordKeys.Check"/> lets through is another test's: LimitTests of the Functions app.)
/// </summary>
public sealed class KeyLawTests
{
    private static readonly string[] Long = [new('x', 10_000), new('ж', 10_000), new('語', 10_000), string.Concat(Enumerable.Repeat("😀", 5_000)), string.Concat(Enumerable.Repeat("a\"b\\", 2_500))];

    private static readonly string[] Odd =
        ["%", "%2F", "~", "~~", "..", ".", "a.", "/", "$batch", "@entity", "*", "queue", "NAÏVE", "naïve", "𝔘𝔫𝔦", "日本語のテキスト", "ไทย", "العربية", "Ｆｕｌｌ", "İstanbul", new('x', 41), new('x', 40), new('x', 61), new('x', 60)];

    private readonly Random _random = new(20261122);

    [Fact]
    public void Texts_that_differ_have_keys_that_differ_and_each_key_reads_back()
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in Texts(20_000))
        {
            var key = RecordKeys.Encode(text);
            Assert.Equal(text, Decode(key));
            Assert.True(keys.TryAdd(key, text) || keys[key] == text, $"{text} and {keys[key]}");
            if (key.Length <= 512)
            {
                RecordKeys.Check(key);
            }
        }
    }

    /// <summary>A term's list is a partition: two words whose lists are one would find each other's tickets.</summary>
    [Fact]
    public void Words_that_differ_have_lists_that_differ_and_that_fit()
    {
        var lists = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var term in Texts(3000).Concat(Long).SelectMany(static text => TicketWords.In(text).SelectMany(static word => new[] { TicketTerms.Word(word), TicketTerms.InternalWord(word) })
            .Concat([TicketTerms.Tag(text), TicketTerms.Requester(text), TicketTerms.Assignee(text), TicketTerms.Watcher(text), TicketTerms.Service(text), TicketTerms.Team(text), TicketTerms.Priority(text)])).Distinct())
        {
            var list = TicketTerms.ListOf(term);
            RecordKeys.Check(list);
            Assert.True(lists.TryAdd(list, term), $"{term} and {lists.GetValueOrDefault(list)}");
            Assert.False(list.StartsWith("of:", StringComparison.Ordinal), list);
        }
    }

    [Fact]
    public void Instants_sort_as_text_as_they_do_in_time_to_the_millisecond()
    {
        for (var run = 0; run < 20_000; run++)
        {
            var one = new DateTimeOffset(_random.NextInt64(DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
            var two = run % 2 == 0 ? one.AddTicks(_random.Next(-30_000_000, 30_000_000) is var by && (one.Ticks + by) is > 0 and var sum && sum < DateTimeOffset.MaxValue.Ticks ? by : 0)
                : new DateTimeOffset(_random.NextInt64(0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
            var order = (one.Ticks / TimeSpan.TicksPerMillisecond).CompareTo(two.Ticks / TimeSpan.TicksPerMillisecond);
            Assert.Equal(order, Math.Sign(string.CompareOrdinal(RecordKeys.Instant(one), RecordKeys.Instant(two.ToOffset(TimeSpan.FromHours(3))))));
        }
    }

    [Fact]
    public void Numbers_sort_as_text_as_they_are_and_those_of_terms_the_other_way_round()
    {
        for (var run = 0; run < 20_000; run++)
        {
            var (one, two) = (_random.Next(0, run % 2 == 0 ? int.MaxValue : 20_000), _random.Next(0, 20_000));
            Assert.Equal(one.CompareTo(two), Math.Sign(string.CompareOrdinal(NumberSeries.Key(one), NumberSeries.Key(two))));
            Assert.Equal(two.CompareTo(one), Math.Sign(string.CompareOrdinal(TicketTerms.RowOf(one), TicketTerms.RowOf(two))));
            Assert.Equal(one, TicketTerms.NumberOf(TicketTerms.RowOf(one)));
        }
    }

    /// <summary>Duplicate detection compares ids; of marks of one ticket that differ, both must come through. Without case, as a broker might.</summary>
    [Fact]
    public void Marks_that_differ_have_message_ids_that_differ_and_that_fit()
    {
        var at = new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var count = 0;
        foreach (var ticket in new[] { "T-1", "T-1001", "T-10010", "T-2147483647" })
        {
            foreach (var target in Enum.GetValues<ServiceTarget>())
            {
                foreach (var mark in new[] { "breach", "warn50", "warn5", "level0", "level1", "level10", "level0-1", "level0-10", new string('m', 60) })
                {
                    foreach (var milliseconds in new[] { 0, 1, 1000, 86_400_000 })
                    {
                        var id = new DueEntry(ticket, target, mark, at.AddMilliseconds(milliseconds)).MessageId;
                        Assert.True(ids.Add(id), id);
                        Assert.InRange(id.Length, 1, 128);
                        count++;
                    }
                }
            }
        }

        Assert.Equal(count, ids.Count);
    }

    [Fact]
    public void Contacts_however_they_are_written_have_keys_that_fit_and_different_people_have_different_ones()
    {
        var contacts = new ContactKeys(new TrackingCodes(new byte[32]));
        Assert.All(Texts(3000).Concat(Long), text => Assert.All(contacts.Of(text), static key => RecordKeys.Check("contact_" + key)));
        var people = Enumerable.Range(0, 5000).Select(static i => $"p{i}@registry.example").ToList();
        Assert.Equal(people.Count, people.Select(person => contacts.Of(person)[0]).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static string Decode(string key)
    {
        using var bytes = new MemoryStream();
        for (var i = 0; i < key.Length; i++)
        {
            bytes.WriteByte(key[i] == '~' ? Convert.ToByte(key.Substring((i += 2) - 1, 2), 16) : (byte)key[i]);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private IEnumerable<string> Texts(int count)
    {
        string[] pieces =
        [
            "a", "A", "b", "20", "2F", "~", "~2", "~20", " ", "%", "%20", "/", "\\", "#", "?", "-", "_", ".", ":", "'", "\"", "\0", "\t", "\u0085", "é", "É", "e\u0301", "ß", "ss", "İ", "i", "ж", "Ж", "語", "日本", "ไทย", "😀", "𝔘", "\u200d", "\uE000", "\uFFFD", new('x', 50),
        ];
        return Odd.Concat(Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, _random.Next(1, 8)).Select(_ => pieces[_random.Next(pieces.Length)])))).Distinct(StringComparer.Ordinal);
    }
}
