using System.Text.Json;
using System.Text.Json.Serialization;

namespace MaintenanceFunctions.Identity;

/// <summary>
/// Reads the header <c>X-MS-CLIENT-PRINCIPAL</c> of App Service's authentication: base 64 of JSON with the provider (<c>auth_typ</c>) and the claims (<c>typ</c>,
/// <c>val</c>); see "Work with user identities in Azure App Service authentication" in Microsoft's documentation.
/// </summary>
public static class ClientPrincipal
{
    /// <summary>The name of the header.</summary>
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>Far above what a directory puts into a token, and no work for whoever sends more.</summary>
    private const int MaxLength = 64 * 1024;

    /// <summary>
    /// The sign-in name that the directory itself gives its people. Not <c>email</c> and its like: those hold what anybody wrote into a profile, unverified.
    /// </summary>
    private const string AddressClaim = "preferred_username";

    /// <summary>The directory that signed the person in: the platform writes the long name for the token's <c>tid</c>, newer versions may leave it.</summary>
    private static readonly string[] TenantClaims = ["http://schemas.microsoft.com/identity/claims/tenantid", "tid"];

    /// <summary>
    /// The e-mail address that a person signed in with; null where there is no header, it is malformed, another provider or another directory wrote it (each
    /// chooses the names of its own people, and so could choose those of ours), or it states no one address.
    /// </summary>
    /// <param name="header">The header's value, or null.</param>
    /// <param name="tenant">The one directory whose sign-ins count.</param>
    public static string? Address(string? header, Guid tenant)
    {
        if (header is not { Length: > 0 and <= MaxLength })
        {
            return null;
        }

        var json = new byte[header.Length];
        if (!Convert.TryFromBase64String(header, json, out var length))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Principal>(json.AsSpan(0, length)) is { Provider: "aad", Claims: { } claims } && IsOf(tenant, claims)
                && Values(claims, static type => type == AddressClaim) is [{ } address] && !string.IsNullOrWhiteSpace(address)
                ? address.Trim()
                : null;
        }
        catch (JsonException)
        {
            // Nothing that the platform wrote: it proves nobody's identity.
            return null;
        }
    }

    private static bool IsOf(Guid tenant, IReadOnlyList<Claim?> claims) =>
        Values(claims, static type => TenantClaims.Contains(type)) is { Count: > 0 } tenants
        && tenants.TrueForAll(value => Guid.TryParseExact(value, "D", out var stated) && stated == tenant);

    private static List<string?> Values(IReadOnlyList<Claim?> claims, Func<string, bool> isWanted) =>
        [.. claims.Where(claim => claim is { Type: { } type } && isWanted(type)).Select(static claim => claim!.Value)];

    private sealed record Principal(
        [property: JsonPropertyName("auth_typ")] string? Provider, [property: JsonPropertyName("claims")] IReadOnlyList<Claim?>? Claims);

    private sealed record Claim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] string? Value);
}
