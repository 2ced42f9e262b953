using Maintenance.Web.Pages;

namespace Maintenance.Tests.Web;

/// <summary>Addresses in what people wrote.</summary>
public sealed class TextLinksTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("No address.", "No address.")]
    [InlineData("See https://a.example/x.", "See |<https://a.example/x>|.")]
    [InlineData("(https://a.example/x)", "(|<https://a.example/x>|)")]
    [InlineData("https://a.example http://b.example/?q=1&r=2#top!", "<https://a.example>| |<http://b.example/?q=1&r=2#top>|!")]
    [InlineData("HTTPS://A.EXAMPLE/x", "<HTTPS://A.EXAMPLE/x>")]
    [InlineData("\"https://a.example\"", "\"|<https://a.example>|\"")]
    [InlineData("<https://a.example>", "<|<https://a.example>|>")]
    [InlineData("javascript:alert(1) data:text/html,x ftp://a.example", "javascript:alert(1) data:text/html,x ftp://a.example")]
    [InlineData("https://", "https://")]
    [InlineData("https://bank.example@evil.example/", "https://bank.example@evil.example/")]
    [InlineData("one\nhttps://a.example\ntwo", "one\n|<https://a.example>|\ntwo")]
    public void Only_addresses_of_web_pages_are_links_under_their_own_text(string text, string pieces)
    {
        var split = TextLinks.Split(text);
        Assert.Equal(pieces, string.Join('|', split.Select(static piece => piece.IsLink ? $"<{piece.Text}>" : piece.Text)));
        Assert.Equal(text, string.Concat(split.Select(static piece => piece.Text)));
    }
}
