using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Maintenance.Storage;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Keys, ranges and names that every store takes.</summary>
public sealed class StorageRulesTests
{
    private static readonly Gen<string> Texts = Gen.ArrayOf(Gen.Frequency(
        (6, Gen.Elements("a", "b", "z", "0", "9", "-", ".", "_", ":", "~", "A", "F", "2")),
        (2, Gen.Elements("/", "\\", "#", "?", "\u0000", "\u001f", "\u007f", "\u0085", " ", "%", "+", "'", "\"")),
        (2, Gen.Elements("é", "ß", "e\u0301", "中", "😀", "\uffff", "\ufffd", "\u200d", "２", "ａ", "\ud7ff", "\ue000")))).Select(static parts => string.Concat(parts));

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("T-1042")]
    [InlineData("due_20261122T020000.000Z_T-1")]
    [InlineData("Ünïcödé 中 😀")]
    [InlineData("a:b|c%d'e\"f")]
    public void A_key_may_hold_nearly_anything(string key) => RecordKeys.Check(key);

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("#")]
    [InlineData("what?")]
    [InlineData("a\u0000")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\u001f")]
    [InlineData("a\u007f")]
    [InlineData("a\u0080")]
    [InlineData("a\u009f")]
    public void A_key_may_not_be_empty_nor_hold_what_a_store_refuses(string key) => Assert.ThrowsAny<ArgumentException>(() => RecordKeys.Check(key));

    [Fact]
    public void A_key_may_not_hold_half_of_a_surrogate_pair()
    {
        Assert.All(["a\ud83d", "\ude00a", "\ude00\ud83d", "\ud83d\ud83d\ude00", "\ud83d\ude00\ude00"], static key => Assert.ThrowsAny<ArgumentException>(() => RecordKeys.Check(key)));
        RecordKeys.Check("\ud83d\ude00\ud83d\ude00");
    }

    [Fact]
    public void A_key_has_512_characters_at_most()
    {
        RecordKeys.Check(new string('k', 512));
        _ = Assert.ThrowsAny<ArgumentException>(() => RecordKeys.Check(new string('k', 513)));
        _ = Assert.ThrowsAny<ArgumentException>(() => RecordKeys.Check(null!));
    }

    [Theory]
    [InlineData("abc", true)]
    [InlineData("Patches2", true)]
    [InlineData("ab", false)]
    [InlineData("", false)]
    [InlineData("1abc", false)]
    [InlineData("a_b", false)]
    [InlineData("a-bc", false)]
    [InlineData("täbelle", false)]
    public void A_table_is_letters_and_digits(string table, bool allowed)
    {
        if (allowed)
        {
            RecordKeys.CheckTable(table);
        }
        else
        {
            _ = Assert.ThrowsAny<ArgumentException>(() => RecordKeys.CheckTable(table));
        }
    }

    [Fact]
    public void A_table_has_63_characters_at_most()
    {
        RecordKeys.CheckTable(new string('t', 63));
        _ = Assert.ThrowsAny<ArgumentException>(() => RecordKeys.CheckTable(new string('t', 64)));
    }

    [Theory]
    [InlineData("abcXYZ019-._:", "abcXYZ019-._:")]
    [InlineData("a b", "a~20b")]
    [InlineData("a/b", "a~2Fb")]
    [InlineData("~", "~7E")]
    [InlineData("~20", "~7E20")]
    [InlineData("é", "~C3~A9")]
    [InlineData("😀", "~F0~9F~98~80")]
    [InlineData("\n", "~0A")]
    public void Text_becomes_a_key_byte_by_byte(string text, string key) => Assert.Equal(key, RecordKeys.Encode(text));

    [Fact]
    public void Every_text_can_be_read_back_from_its_key_and_every_key_is_allowed() => Law.Holds(Texts.Where(static text => text.Length > 0), 1000, static text =>
    {
        var key = RecordKeys.Encode(text);
        Assert.Equal(text, Decode(key));
        if (key.Length <= 512)
        {
            RecordKeys.Check(key);
        }
    });

    [Fact]
    public void No_text_is_no_key() => Assert.ThrowsAny<ArgumentException>(() => RecordKeys.Encode(""));

    [Theory]
    [InlineData("2026-11-22T02:00:00Z", "20261122T020000.000Z")]
    [InlineData("2026-11-22T05:00:00+03:00", "20261122T020000.000Z")]
    [InlineData("2026-11-22T02:00:00.9999999Z", "20261122T020000.999Z")]
    [InlineData("2026-12-31T23:59:59.9999999Z", "20261231T235959.999Z")]
    [InlineData("0987-01-02T03:04:05.006Z", "09870102T030405.006Z")]
    public void An_instant_is_cut_to_milliseconds_of_utc(string instant, string text) => Assert.Equal(text, RecordKeys.Instant(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));

    [Fact]
    public void Instants_sort_as_text_as_they_do_in_time() => Law.Holds(
        from days in Gen.Two(Gen.Choose(0, 2_900_000))
        from millis in Gen.Two(Gen.Choose(0, 86_399_999))
        from near in Gen.Elements(false, true)
        from hours in Gen.Choose(-12, 14)
        select (One: Utc("2000-01-01T00:00Z").AddDays(days.Item1).AddMilliseconds(millis.Item1).ToOffset(TimeSpan.FromHours(hours)),
            Other: Utc("2000-01-01T00:00Z").AddDays(near ? days.Item1 : days.Item2).AddMilliseconds(millis.Item2)),
        500,
        static pair => Assert.Equal(
            Math.Sign(pair.One.CompareTo(pair.Other)),
            Math.Sign(string.CompareOrdinal(RecordKeys.Instant(pair.One), RecordKeys.Instant(pair.Other)))));

    [Fact]
    public void A_prefix_takes_exactly_the_keys_that_start_with_it() => Law.Holds(
        from prefix in Texts
        from rest in Texts
        from other in Texts
        where prefix.Length > 0
        select (prefix, rest, other),
        1000,
        static one =>
        {
            var range = RowRange.Prefix(one.prefix);
            foreach (var key in new[] { one.prefix, one.prefix + one.rest, one.other, one.prefix[..^1] + one.rest, one.prefix + "\uffff\uffff" })
            {
                var inside = string.CompareOrdinal(key, range.From) >= 0 && (range.To is null || string.CompareOrdinal(key, range.To) < 0);
                Assert.Equal(key.StartsWith(one.prefix, StringComparison.Ordinal), inside);
            }
        });

    [Fact]
    public void A_prefix_of_the_last_character_of_all_is_open_at_its_end()
    {
        Assert.Equal(new RowRange("due_", "due`"), RowRange.Prefix("due_"));
        Assert.Equal("b", RowRange.Prefix("a\uffff").To);
        Assert.Null(RowRange.Prefix("\uffff\uffff").To);
        Assert.Equal("\uffff\uffff", RowRange.Prefix("\uffff\uffff").From);
        Assert.Equal((null, null, null), (RowRange.All.From, RowRange.All.To, RowRange.All.Take));
        _ = Assert.ThrowsAny<ArgumentException>(() => RowRange.Prefix(""));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("packs/ab/AB12-._=.pack")]
    [InlineData("a.b")]
    [InlineData(".hidden")]
    [InlineData("...a")]
    public void An_object_name_is_plain(string name) => ObjectNames.Check(name);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a/..")]
    [InlineData("../a")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData("a~b")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("２")]
    public void Any_other_object_name_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => ObjectNames.Check(name));

    [Fact]
    public void An_object_name_has_512_characters_at_most()
    {
        ObjectNames.Check(new string('n', 512));
        _ = Assert.ThrowsAny<ArgumentException>(() => ObjectNames.Check(new string('n', 513)));
        _ = Assert.ThrowsAny<ArgumentException>(() => ObjectNames.Check(null!));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a", true)]
    [InlineData("a/", true)]
    [InlineData("a/b", true)]
    [InlineData("a/.", true)]
    [InlineData("..", true)]
    [InlineData("a b", false)]
    [InlineData("a\\", false)]
    [InlineData("é", false)]
    [InlineData("*", false)]
    public void A_prefix_is_of_the_characters_of_names(string prefix, bool allowed)
    {
        if (allowed)
        {
            ObjectNames.CheckPrefix(prefix);
        }
        else
        {
            _ = Assert.ThrowsAny<ArgumentException>(() => ObjectNames.CheckPrefix(prefix));
        }
    }

    [Fact]
    public void Every_beginning_of_a_name_is_a_prefix() => Law.Holds(
        Gen.NonEmptyListOf(Gen.Elements("a", "Z", "0", "..a", ".b", "c.c", "=", "_-")).Select(static parts => string.Join('/', parts)),
        100,
        static name =>
        {
            ObjectNames.Check(name);
            for (var length = 0; length <= name.Length; length++)
            {
                ObjectNames.CheckPrefix(name[..length]);
            }
        });

    private static string Decode(string key)
    {
        var bytes = new List<byte>();
        for (var place = 0; place < key.Length; place++)
        {
            if (key[place] == '~')
            {
                bytes.Add(byte.Parse(key.AsSpan(place + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                place += 2;
            }
            else
            {
                Assert.True(char.IsAsciiLetterOrDigit(key[place]) || "-._:".Contains(key[place], StringComparison.Ordinal), key);
                bytes.Add((byte)key[place]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
