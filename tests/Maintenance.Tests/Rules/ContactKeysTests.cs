using Maintenance.Feedback;

namespace Maintenance.Tests.Rules;

/// <summary>What a contact is found by.</summary>
public sealed class ContactKeysTests
{
    private static readonly ContactKeys Keys = new(new TrackingCodes(new byte[32]));

    [Theory]
    [InlineData("kim@example.org", "KIM@Example.ORG")]
    [InlineData("kim@example.org", "  kim@example.org ")]
    [InlineData("kim@example.org", "Kim Kamau <kim@example.org>")]
    [InlineData("kim@example.org", "kim@example.org or +999 20 555 0110")]
    [InlineData("+999 20 555 0110", "+999-20-555-0110")]
    [InlineData("+999 20 555 0110", "kim@example.org, (+999) 205550110")]
    [InlineData("straße@example.org", "STRASSE@example.org")]
    [InlineData("mailto:kim@example.org", "kim@example.org")]
    [InlineData("@kim on the chat", "@KIM on the chat")]
    public void These_are_found_by_one_another(string one, string other) => Assert.NotEmpty(Keys.Of(one).Intersect(Keys.Of(other)));

    [Theory]
    [InlineData("kim@example.org", "jim@example.org")]
    [InlineData("kim@example.org", "kim@example.com")]
    [InlineData("+999 20 555 0110", "+999 20 555 0111")]
    [InlineData("room 12", "room 13")]
    public void These_are_not(string one, string other) => Assert.Empty(Keys.Of(one).Intersect(Keys.Of(other)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" – ")]
    public void What_says_nothing_has_no_keys(string? contact) => Assert.Empty(Keys.Of(contact));

    [Fact]
    public void A_key_tells_nothing_without_the_secret()
    {
        var other = new ContactKeys(new TrackingCodes([.. Enumerable.Repeat((byte)1, 32)]));
        Assert.Empty(Keys.Of("kim@example.org").Intersect(other.Of("kim@example.org")));
        Assert.All(Keys.Of("kim@example.org"), static key => Assert.Matches("^[0-9a-f]{32}$", key));
        Assert.InRange(Keys.Of(string.Join(',', Enumerable.Range(0, 30).Select(static i => $"a{i}@b.c"))).Count, 1, 8);
    }

    [Theory]
    [InlineData("kim@example.org", "kim@example.org")]
    [InlineData(" kim@example.org\n", "kim@example.org")]
    [InlineData("kim@example.org, jim@example.org", null)]
    [InlineData("Kim <kim@example.org>", null)]
    [InlineData("kim@example.org\r\nBcc: all@example.org", null)]
    [InlineData("kim", null)]
    [InlineData("@example.org", null)]
    [InlineData("kim@", null)]
    [InlineData("a@b@c", null)]
    [InlineData(null, null)]
    public void Mail_goes_to_what_is_an_address_and_nothing_else(string? contact, string? address) => Assert.Equal(address, ContactKeys.MailAddress(contact));
}
