using System.Text;
using System.Text.Json;
using MaintenanceFunctions.Identity;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Identity;

public sealed class ClientPrincipalTests
{
    private const string EmailClaim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";

    [Theory]
    [InlineData("preferred_username")]
    [InlineData("email")]
    [InlineData(EmailClaim)]
    [InlineData("PREFERRED_USERNAME")]
    public void Every_claim_that_holds_an_address_is_read(string claim) =>
        Assert.Equal(["ann@registry.example"], Read($$"""{"auth_typ":"aad","claims":[{"typ":"{{claim}}","val":" ann@registry.example "}]}"""));

    [Fact]
    public void An_address_counts_once_whatever_its_case() => Assert.Equal(
        ["Ann@registry.example"],
        Read($$"""{"auth_typ":"aad","claims":[{"typ":"preferred_username","val":"Ann@registry.example"},{"typ":"{{EmailClaim}}","val":"ann@REGISTRY.example"}]}"""));

    [Fact]
    public void Two_addresses_are_both_told() => Assert.Equal(
        ["ann@registry.example", "adhola@registry.example"],
        Read("""{"auth_typ":"aad","claims":[{"typ":"preferred_username","val":"ann@registry.example"},{"typ":"email","val":"adhola@registry.example"}]}"""));

    [Theory]
    [InlineData("github")]
    [InlineData("google")]
    [InlineData("AAD ")]
    [InlineData("")]
    public void Another_provider_vouches_for_no_address(string provider) =>
        Assert.Empty(ClientPrincipal.Addresses(TestApp.Principal("ann@registry.example", provider)));

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"aad\"")]
    [InlineData("7")]
    [InlineData("""{"auth_typ":"aad"}""")]
    [InlineData("""{"auth_typ":"aad","claims":null}""")]
    [InlineData("""{"auth_typ":"aad","claims":{}}""")]
    [InlineData("""{"auth_typ":"aad","claims":[]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[null]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[7]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"preferred_username"}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"preferred_username","val":null}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"preferred_username","val":7}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"preferred_username","val":"  "}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"preferred_username","val":"\ud800"}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"\udfff","val":"ann@registry.example"}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"name","val":"ann@registry.example"}]}""")]
    [InlineData("""{"auth_typ":7,"claims":[{"typ":"preferred_username","val":"ann@registry.example"}]}""")]
    [InlineData("""{"claims":[{"typ":"preferred_username","val":"ann@registry.example"}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"preferred_username","val":"ann@registry.example"}]""")]
    public void What_proves_no_address_gives_none(string json) => Assert.Empty(Read(json));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("e30")]
    [InlineData("////")]
    public void What_is_not_even_base_64_of_JSON_gives_none(string? header) => Assert.Empty(ClientPrincipal.Addresses(header));

    [Fact]
    public void Nested_beyond_reason_gives_none() => Assert.Empty(Read(string.Concat(Enumerable.Repeat("[", 5000))));

    [Fact]
    public void Longer_than_any_token_gives_none() =>
        Assert.Empty(Read($$"""{"auth_typ":"aad","claims":[{"typ":"preferred_username","val":"ann@registry.example"}],"padding":"{{new string('x', 64 * 1024)}}"}"""));

    [Fact]
    public void Two_headers_that_were_joined_give_none()
    {
        var one = TestApp.Principal("ann@registry.example");

        Assert.Empty(ClientPrincipal.Addresses($"{one},{one}"));
    }

    [Fact]
    public void No_mutilated_header_ever_throws()
    {
        var header = TestApp.Principal("ann@registry.example");
        var bytes = Convert.FromBase64String(header);
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var value in new byte[] { 0, (byte)'"', (byte)'{', (byte)'\\', 0x80, 0xFF })
            {
                var changed = (byte[])bytes.Clone();
                changed[at] = value;
                _ = ClientPrincipal.Addresses(Convert.ToBase64String(changed));
            }

            _ = ClientPrincipal.Addresses(Convert.ToBase64String(bytes, 0, at));
            _ = ClientPrincipal.Addresses(header[..at]);
        }

        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(bytes).RootElement.ValueKind);
    }

    private static IReadOnlyList<string> Read(string json) => ClientPrincipal.Addresses(Convert.ToBase64String(Encoding.UTF8.GetBytes(json)));
}
