using System.Text;
using System.Text.Json;
using MaintenanceFunctions.Identity;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Identity;

public sealed class ClientPrincipalTests
{
    private const string LongTenantClaim = "http://schemas.microsoft.com/identity/claims/tenantid";
    private const string OtherTenant = "11111111-2222-3333-4444-555555555555";

    private static readonly string Ours = $$"""{"typ":"tid","val":"{{TestApp.Tenant}}"}""";

    [Theory]
    [InlineData("tid")]
    [InlineData(LongTenantClaim)]
    public void An_address_of_our_directory_is_read(string claim) => Assert.Equal(
        "ann@registry.example",
        Read($$"""{"auth_typ":"aad","claims":[{"typ":"{{claim}}","val":"{{TestApp.Tenant}}"},{"typ":"preferred_username","val":" ann@registry.example "}]}"""));

    [Fact]
    public void The_case_of_the_directorys_id_does_not_matter() => Assert.Equal(
        "ann@registry.example",
        Read($$"""{"auth_typ":"aad","claims":[{"typ":"tid","val":"{{TestApp.Tenant.ToString().ToUpperInvariant()}}"},{"typ":"preferred_username","val":"ann@registry.example"}]}"""));

    [Theory]
    [InlineData($$"""{"typ":"tid","val":"{{OtherTenant}}"},""")]
    [InlineData($$"""{"typ":"{{LongTenantClaim}}","val":"{{OtherTenant}}"},""")]
    [InlineData("""{"typ":"tid","val":""},""")]
    [InlineData("""{"typ":"tid","val":null},""")]
    [InlineData("""{"typ":"tid"},""")]
    [InlineData("""{"typ":"tid","val":"registry.example"},""")]
    [InlineData("""{"typ":"TID","val":"6d2c1f0e-8a43-4b57-9c1e-2f7a5d3b9e10"},""")]
    [InlineData($$"""{"typ":"tid","val":"6d2c1f0e-8a43-4b57-9c1e-2f7a5d3b9e10"},{"typ":"{{LongTenantClaim}}","val":"{{OtherTenant}}"},""")]
    [InlineData("")]
    public void Another_directory_or_none_vouches_for_no_address(string tenant) =>
        Assert.Null(Read($$"""{"auth_typ":"aad","claims":[{{tenant}}{"typ":"preferred_username","val":"ann@registry.example"}]}"""));

    [Theory]
    [InlineData("email")]
    [InlineData("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress")]
    [InlineData("PREFERRED_USERNAME")]
    [InlineData("name")]
    public void A_claim_that_the_directory_does_not_verify_is_no_address(string claim)
    {
        Assert.Null(Read($$"""{"auth_typ":"aad","claims":[{{Ours}},{"typ":"{{claim}}","val":"ann@registry.example"}]}"""));
        Assert.Equal(
            "ben@registry.example",
            Read($$"""{"auth_typ":"aad","claims":[{{Ours}},{"typ":"{{claim}}","val":"ann@registry.example"},{"typ":"preferred_username","val":"ben@registry.example"}]}"""));
    }

    [Fact]
    public void Two_addresses_are_none() => Assert.Null(Read(
        $$"""{"auth_typ":"aad","claims":[{{Ours}},{"typ":"preferred_username","val":"ann@registry.example"},{"typ":"preferred_username","val":"ben@registry.example"}]}"""));

    [Theory]
    [InlineData("github")]
    [InlineData("google")]
    [InlineData("AAD ")]
    [InlineData("")]
    public void Another_provider_vouches_for_no_address(string provider) =>
        Assert.Null(ClientPrincipal.Address(TestApp.Principal("ann@registry.example", provider), TestApp.Tenant));

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
    public void What_proves_no_address_gives_none(string json) =>
        Assert.Null(Read(json.Replace("\"claims\":[", $"\"claims\":[{Ours},", StringComparison.Ordinal).Replace(",]", "]", StringComparison.Ordinal)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("e30")]
    [InlineData("////")]
    public void What_is_not_even_base_64_of_JSON_gives_none(string? header) => Assert.Null(ClientPrincipal.Address(header, TestApp.Tenant));

    [Fact]
    public void Nested_beyond_reason_gives_none() => Assert.Null(Read(string.Concat(Enumerable.Repeat("[", 5000))));

    [Fact]
    public void Longer_than_any_token_gives_none() =>
        Assert.Null(Read($$"""{"auth_typ":"aad","claims":[{{Ours}},{"typ":"preferred_username","val":"ann@registry.example"}],"padding":"{{new string('x', 64 * 1024)}}"}"""));

    [Fact]
    public void Two_headers_that_were_joined_give_none()
    {
        var one = TestApp.Principal("ann@registry.example");

        Assert.Null(ClientPrincipal.Address($"{one},{one}", TestApp.Tenant));
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
                _ = ClientPrincipal.Address(Convert.ToBase64String(changed), TestApp.Tenant);
            }

            _ = ClientPrincipal.Address(Convert.ToBase64String(bytes, 0, at), TestApp.Tenant);
            _ = ClientPrincipal.Address(header[..at], TestApp.Tenant);
        }

        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(bytes).RootElement.ValueKind);
    }

    private static string? Read(string json) => ClientPrincipal.Address(Convert.ToBase64String(Encoding.UTF8.GetBytes(json)), TestApp.Tenant);
}
