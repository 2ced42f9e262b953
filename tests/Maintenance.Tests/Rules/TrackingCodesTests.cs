using FsCheck.Fluent;
using Maintenance.Feedback;

namespace Maintenance.Tests.Rules;

/// <summary>References, and the codes that open them.</summary>
public sealed class TrackingCodesTests
{
    private const string Reference = "F-7K3M-9QXD-2BTV";
    private static readonly TrackingCodes Codes = new([.. Enumerable.Range(1, 32).Select(static value => (byte)value)]);
    private static readonly TrackingCodes Others = new([.. Enumerable.Range(2, 32).Select(static value => (byte)value)]);

    [Fact]
    public void A_new_reference_has_sixty_random_bits()
    {
        string[] references = [.. Enumerable.Range(0, 20_000).Select(static _ => TrackingCodes.NewReference())];
        Assert.Equal(references.Length, references.Distinct().Count());
        Assert.All(references, static reference => Assert.Matches("^F(-[0-9A-HJKMNP-TV-Z]{4}){3}$", reference));

        // Each of the 32 letters in each of the twelve places: 625 times on average, so 400 to 850 is nine deviations.
        foreach (var place in Enumerable.Range(0, Reference.Length).Where(static place => Reference[place] != '-').Skip(1))
        {
            var counts = references.CountBy(reference => reference[place]).ToDictionary();
            Assert.Equal(32, counts.Count);
            Assert.All(counts.Values, static count => Assert.InRange(count, 400, 850));
        }
    }

    [Fact]
    public void The_same_idempotency_key_gives_the_same_reference()
    {
        Assert.Equal(Codes.ReferenceOf("one"), Codes.ReferenceOf("one"));
        Assert.NotEqual(Codes.ReferenceOf("one"), Codes.ReferenceOf("two"));
        Assert.NotEqual(Codes.ReferenceOf("one"), Others.ReferenceOf("one"));
        Assert.Matches("^F(-[0-9A-HJKMNP-TV-Z]{4}){3}$", Codes.ReferenceOf("one"));
        Assert.Matches("^F(-[0-9A-HJKMNP-TV-Z]{4}){3}$", Codes.ReferenceOf(""));
    }

    [Fact]
    public void A_code_opens_its_reference_only_and_only_under_its_key()
    {
        var code = Codes.CodeOf(Reference);
        Assert.Equal(code, Codes.CodeOf(Reference));
        Assert.True(Codes.IsValid(Reference, code));
        Assert.False(Codes.IsValid("F-7K3M-9QXD-2BTW", code));
        Assert.False(Others.IsValid(Reference, code));
        Assert.NotEqual(Codes.CodeOf("F-7K3M-9QXD-2BTW"), code);
    }

    [Fact]
    public void A_code_is_no_reference_of_the_same_text() => Assert.DoesNotContain(Codes.CodeOf(Reference), Codes.ReferenceOf(Reference), StringComparison.Ordinal);

    [Fact]
    public void A_code_has_enough_letters_that_nobody_guesses_it() =>
        Assert.True(Codes.CodeOf(Reference).Count(static letter => char.IsAsciiLetterOrDigit(letter)) >= 10, Codes.CodeOf(Reference));

    [Fact]
    public void A_code_is_forgiven_its_case_its_spaces_and_the_letters_that_look_like_digits() => Law.Holds(Gen.Fresh(TrackingCodes.NewReference), 200, static reference =>
    {
        var code = Codes.CodeOf(reference);
        Assert.True(Codes.IsValid(reference, code.ToLowerInvariant()));
        Assert.True(Codes.IsValid(reference, $"  {string.Join(' ', code.ToCharArray())} "));
        Assert.True(Codes.IsValid(reference, code.Replace('0', 'O').Replace('1', 'I')));
        Assert.True(Codes.IsValid(reference, code.Replace('0', 'o').Replace('1', 'l')));
    });

    [Fact]
    public void Any_other_letter_in_a_code_is_not_forgiven()
    {
        var code = Codes.CodeOf(Reference);
        for (var place = 0; place < code.Length; place++)
        {
            if (char.IsAsciiLetterOrDigit(code[place]))
            {
                var other = code[place] == '7' ? '8' : '7';
                Assert.False(Codes.IsValid(Reference, $"{code[..place]}{other}{code[(place + 1)..]}"));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("0")]
    [InlineData("not a code at all, and far too long to be one, whoever typed it")]
    [InlineData("ÄÖÜ-😀-\u0000")]
    public void Nonsense_is_no_code_and_no_error(string code)
    {
        Assert.False(Codes.IsValid(Reference, code));
        Assert.False(Codes.IsValid(code, code));
        Assert.NotNull(TrackingCodes.CleanReference(code));
    }

    [Fact]
    public void A_part_of_a_code_or_more_than_it_is_no_code()
    {
        var code = Codes.CodeOf(Reference);
        Assert.False(Codes.IsValid(Reference, code[..^1]));
        Assert.False(Codes.IsValid(Reference, code[1..]));
        Assert.False(Codes.IsValid(Reference, code + "0"));
    }

    [Theory]
    [InlineData("F-7K3M-9QXD-2BTV")]
    [InlineData("f-7k3m-9qxd-2btv")]
    [InlineData("  F-7K3M-9QXD-2BTV ")]
    [InlineData("F 7K3M 9QXD 2BTV")]
    [InlineData("F7K3M9QXD2BTV")]
    [InlineData("f7k3m 9qxd-2btv")]
    [InlineData("7K3M-9QXD-2BTV")]
    public void A_reference_is_read_as_people_type_it(string typed) => Assert.Equal(Reference, TrackingCodes.CleanReference(typed));

    [Theory]
    [InlineData("F-F7K3-M9QX-D2BT")]
    [InlineData("FF7K3M9QXD2BT")]
    [InlineData("F7K3-M9QX-D2BT")]
    public void A_reference_that_begins_with_another_f_keeps_it(string typed) => Assert.Equal("F-F7K3-M9QX-D2BT", TrackingCodes.CleanReference(typed));

    [Fact]
    public void The_letters_that_look_like_digits_are_read_as_digits_in_a_reference() =>
        Assert.Equal("F-1101-0000-2BTV", TrackingCodes.CleanReference("F-IL0l-oOo0-2BTV"));

    [Fact]
    public void A_key_of_less_than_32_bytes_is_refused() => Assert.ThrowsAny<ArgumentException>(() => new TrackingCodes(new byte[31]));
}
