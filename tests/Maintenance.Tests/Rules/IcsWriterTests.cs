using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Maintenance.Time;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

public sealed class IcsWriterTests
{
    private static readonly Gen<string> Texts = Gen.Elements('a', 'Z', '0', ' ', ',', ';', '\\', ':', '"', '\n', '\r', '\t', '\u0001', '\u007f', 'é', 'ß', '漢', '\uD83D', '\uDE00', '\u2028')
        .ListOf().Select(static letters => new string([.. letters]));

    private static readonly Gen<string> Long = Gen.Elements("a", "é", "漢", "😀", ",", "\\").ListOf().Resize(300).Select(static parts => string.Concat(parts));

    [Fact]
    public void Whatever_is_written_is_read_back_but_for_control_characters() => Law.Holds(Texts, 500, static text =>
    {
        var entry = Entry(text) with { Description = text };
        var one = Assert.Single(IcsReader.Read(IcsWriter.Write(text, TimeSpan.FromHours(1), Utc("2026-11-22T08:00Z"), [entry])).Events);
        Assert.Equal(Kept(text), IcsReader.Text(one["SUMMARY"]));
        Assert.Equal(text.Length > 0 ? Kept(text) : null, one.TryGetValue("DESCRIPTION", out var description) ? IcsReader.Text(description) : null);
    });

    [Fact]
    public void Lines_of_any_length_are_folded_at_75_octets_without_cutting_a_character() => Law.Holds(Long, 200, static line =>
    {
        var text = new StringBuilder();
        IcsWriter.Fold(text, "X:" + line);
        Assert.Equal(["X:" + line], IcsReader.Unfold(text.ToString()));

        // No line is folded before it must be: every line but the last is full, or has no room for the next character.
        var lines = text.ToString()[..^2].Split("\r\n");
        Assert.All(lines.SkipLast(1), static part => Assert.InRange(Encoding.UTF8.GetByteCount(part), 72, 75));
    });

    [Fact]
    public void Times_are_written_in_UTC_whole_days_as_dates_with_the_day_after_as_end_and_points_without_an_end()
    {
        var feed = IcsWriter.Write(
            "Calendar", TimeSpan.FromHours(4), Utc("2026-11-22T08:00Z"),
            [
                Entry("days"),
                Entry("time") with { Uid = "b", Start = Utc("2026-11-22T22:00+03:00"), End = Utc("2026-11-23T05:00+03:00") },
                Entry("point") with { Uid = "c", Start = Utc("2026-11-22T10:00Z"), End = Utc("2026-11-22T10:00Z"), IsBusy = true },
            ]);
        var (calendar, events) = IcsReader.Read(feed);
        Assert.Equal(("20261224", "20261227"), (events[0]["DTSTART;VALUE=DATE"], events[0]["DTEND;VALUE=DATE"]));
        Assert.Equal(("20261122T190000Z", "20261123T020000Z", "TRANSPARENT"), (events[1]["DTSTART"], events[1]["DTEND"], events[1]["TRANSP"]));
        Assert.Equal(("20261122T100000Z", false, "OPAQUE"), (events[2]["DTSTART"], events[2].ContainsKey("DTEND"), events[2]["TRANSP"]));
        Assert.Equal(("Calendar", "Calendar", "PT240M"), (calendar["X-WR-CALNAME"], calendar["NAME"], calendar["REFRESH-INTERVAL;VALUE=DURATION"]));
        Assert.All(events, static one => Assert.Equal("20261122T080000Z", one["DTSTAMP"]));
    }

    private static IcsEntry Entry(string title) => new("a", title) { From = new DateOnly(2026, 12, 24), To = new DateOnly(2026, 12, 26) };

    /// <summary>Line ends become line feeds, other control characters go, and half a character becomes the sign for one that is none.</summary>
    private static string Kept(string text)
    {
        var kept = string.Concat(text.ReplaceLineEndings("\n").Replace("\r", "\n", StringComparison.Ordinal).Where(static letter => letter is '\n' or '\t' or >= ' ' and not '\u007f'));

        // The framework counts more line ends than there are in iCalendar.
        kept = text.Contains('\u2028', StringComparison.Ordinal) || text.Contains('\u0085', StringComparison.Ordinal)
            ? string.Concat(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Where(static letter => letter is '\n' or '\t' or >= ' ' and not '\u007f'))
            : kept;
        return string.Concat(kept.EnumerateRunes().Select(static rune => rune.ToString()));
    }
}
